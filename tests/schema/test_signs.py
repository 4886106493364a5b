"""Signs that no page can print, and signs that nobody can see, are refused where the export is read."""

from __future__ import annotations

import pandas as pd
import pytest

from npcstats.errors import SpecError
from npcstats.schema import Column, Schema, conform_frame
from npcstats.wording import text_faults

SCHEMA = Schema("adae", (
    Column("USUBJID", "identifier"), Column("AEDECOD", "text", coded=True), Column("AETERM", "text", missing=True),
))  # fmt: skip


def faults(*, who: str = "P-1", term: str = "Nausea", free: str = "") -> list[str]:
    """What is wrong with a frame whose second row has these texts."""
    rows = [("P-0", "Vomiting", ""), (who, term, free)]
    return conform_frame(pd.DataFrame(rows, columns=["USUBJID", "AEDECOD", "AETERM"]), SCHEMA)[1]


@pytest.mark.parametrize(
    "text",
    [
        "Nausée",
        "Übelkeit",
        "Ναυτία",
        "Тошнота",
        "Nausea ≥ grade 3 – α/β",
        "Nausea/vomiting",
        "Stage Ⅲ",
        "① Łódź",
        "10 µg/m² × 2 ± 0.5 °C",
        "patient’s “ő” ½ ≤ ™®",
        "CD4\u00a0count",
        "p.o. → i.v.",
        "ᾶ",
        "grade\u202f3",
    ],
)
def test_letters_of_the_face_are_read(text: str):
    assert faults(term=text) == []


@pytest.mark.parametrize(
    ("sign", "reason"),
    [
        ("\U0001f600", "U+1F600 GRINNING FACE, which no page can print"),
        ("悪", "U+60AA CJK UNIFIED IDEOGRAPH-60AA, which no page can print"),
        ("\u200b", "U+200B ZERO WIDTH SPACE, which cannot be seen"),
        ("\u202e", "U+202E RIGHT-TO-LEFT OVERRIDE, which cannot be seen"),
        ("\u00ad", "U+00AD SOFT HYPHEN, which cannot be seen"),
        ("\ufeff", "U+FEFF ZERO WIDTH NO-BREAK SPACE, which cannot be seen"),
        ("\ue000", "U+E000, which cannot be seen"),
        ("\ud800", "U+D800, which cannot be seen"),
        ("\u0378", "U+0378, which cannot be seen"),
        ("\u2028", "U+2028 LINE SEPARATOR, which cannot be seen"),
    ],
)
def test_a_term_with_another_sign_is_refused_with_its_row(sign: str, reason: str):
    told = faults(term=f"Nau{sign}sea")
    assert len(told) == 1
    assert told[0].startswith("adae.AEDECOD: 1 row that cannot be part of a key (row 2: ")
    assert reason in told[0]
    assert sign not in told[0]


@pytest.mark.parametrize("sign", ["\u200b", "\u202e", "\ue000", "\u00ad"])
def test_an_identifier_has_no_sign_that_cannot_be_seen(sign: str):
    told = faults(who=f"P-{sign}1")
    assert len(told) == 1
    assert "row 2" in told[0]
    assert "P-" not in told[0]
    assert faults(who="参加者-1") == []


def test_free_text_that_is_never_printed_blocks_nothing():
    assert faults(free="悪心 \U0001f600 \u200b{{< pagebreak >}}") == []


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", " =1", "\t=1", "a|b", 'a"b', "a\nb", "a\rb", "a\x00b"])
def test_a_term_that_breaks_a_key_or_makes_a_formula_is_refused(text: str):
    assert len(faults(term=text)) == 1


def test_terms_of_a_plan_can_be_printed():
    with pytest.raises(SpecError, match=r"column T: '\\U0001f600' cannot be part of a key"):
        Column("T", "text", terms=("\U0001f600",))


def test_texts_of_a_plan_are_found_by_their_path():
    told = list(text_faults({"labels": ("a", "b\u200b"), "x": SCHEMA}, "design"))
    assert told == ["design[labels][1] has U+200B ZERO WIDTH SPACE, which pages cannot print"]
    assert list(text_faults(Column("A", "text", levels=("男",)), "c", unread=("Column.levels",))) == []

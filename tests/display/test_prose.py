"""Numbers in sentences and marks."""

from __future__ import annotations

import math
import subprocess
import sys
from dataclasses import replace

import pytest

from npcstats.errors import ResultsError
from npcstats.results import SETTLED, Results
from npcstats.tables import (
    Inline,
    Piece,
    caution,
    inline,
    inline_arm,
    inline_count_of,
    inline_interval,
    inline_percent,
    inline_row,
    mark,
    printed_text,
    sentence,
    study_text,
    watch_sentence,
    watched,
)

RISK = {
    "analysis": "ae-acute",
    "arm": "A",
    "block": "Gastrointestinal disorders",
    "variable": "Dry mouth",
    "level": "grade>=3",
    "measure": "risk",
}
HEAVY = ("pandas", "matplotlib", "lifelines", "pingouin", "statsmodels", "seaborn", "great_tables", "scipy")


def test_inline_names_its_row(by_arm: Results) -> None:
    found = inline(by_arm, "count", **RISK, stat="count")
    assert str(found) == "3"
    key = "ae-acute|SAF|all|A||Gastrointestinal disorders|Dry mouth|grade>=3|acute||risk|count"
    assert found._repr_markdown_() == f'[3]{{data-key="{key.replace(">", "&gt;")}" data-style="count"}}'


@pytest.mark.parametrize(
    ("label", "printed", "markdown"),
    [
        ("Proton", "proton", "proton"),
        ("IMRT", "IMRT", "IMRT"),
        ("A*b*", "A*b*", r"A\*b\*"),
        ("{{< x >}}",) * 2 + (None,),
    ],
)
def test_an_arm_within_a_sentence_is_text(by_arm: Results, label: str, printed: str, markdown: str | None) -> None:
    told = inline_arm(replace(by_arm, catalogue=replace(by_arm.catalogue, arms={"A": label})), "A")
    assert str(told) == printed
    assert markdown is None or told._repr_markdown_() == markdown
    assert "{{<" not in told._repr_markdown_()


def test_inline_numbers_print_their_rows(by_arm: Results) -> None:
    told = [
        inline(by_arm, "percent1", **RISK, stat="estimate"),
        inline_percent(by_arm, **RISK, stat="estimate"),
        inline_count_of(by_arm, **RISK),
        inline_interval(by_arm, "percent1", **{**RISK, "measure": "risk_difference"}),
        sentence(by_arm, "os", "method"),
        study_text(by_arm, "cutoff_text"),
    ]
    for words in told:
        assert any(any(piece.data().values()) for piece in words.pieces)
        for piece in words.pieces:
            if any(piece.data().values()):
                assert printed_text(by_arm, piece.data()) == piece.text
            else:
                assert not any(letter.isdigit() for letter in piece.text)


def test_what_prose_prints(by_arm: Results) -> None:
    contrast = {**RISK, "measure": "risk_difference"}
    assert str(inline_percent(by_arm, **RISK, stat="estimate")) == "2.5%"
    assert str(inline_count_of(by_arm, **RISK)) == "3/120 (2.5%)"
    assert str(inline_interval(by_arm, "percent1", **contrast)) == "−0.6 (95% CI −11.8 to 10.6)"
    assert str(study_text(by_arm, "cutoff_text")) == "30 June 2027"


def test_inline_says_why_a_number_is_missing(by_arm: Results) -> None:
    found = inline(by_arm, "decimal2", analysis="baseline", measure="smd", variable="EBV")
    assert str(found) == "NE (No arm has a value.)"
    median = {"analysis": "os", "measure": "median_survival"}
    assert str(inline_interval(by_arm, "decimal1", **median, arm="A")) == (
        "34.2 (95% CI 30.5 to NE; The curve or its limit does not reach one half.)"
    )
    assert str(inline_interval(by_arm, "decimal1", **median, arm="B")).startswith("NE (The curve")


def test_a_time_is_known_where_the_number_at_it_is_not(by_arm: Results) -> None:
    row = next(row for row in by_arm.rows if not math.isnan(row.time) and row.stat == "estimate")
    blank = replace(row, value=math.nan, note="Too few.")
    gone = replace(by_arm, rows=tuple(blank if r is row else r for r in by_arm.rows))
    key = {name: getattr(row, name) for name in ("analysis", "arm", "reference", "block", "variable", "level", "window",
                                                 "time", "measure", "stat")}  # fmt: skip
    assert str(inline(gone, "time", **key)) == str(inline(by_arm, "time", **key))


def test_inline_refuses_an_ambiguous_question(by_arm: Results) -> None:
    with pytest.raises(ResultsError, match="exactly one is required"):
        inline(by_arm, "count", analysis="ae-acute", measure="participants")


def test_markdown_is_escaped() -> None:
    found = Inline((Piece("<0.001 *n* [x] $a_b$", key='a>=b|c"d\\e', style="p_value"),))
    assert found._repr_markdown_() == (
        r"[\<0.001 \*n\* \[x\] \$a\_b\$]" + '{data-key="a&gt;=b|c\\"d\\\\e" data-style="p_value"}'
    )


def test_inline_joins_words_before_and_after(by_arm: Results) -> None:
    count = inline(by_arm, "count", **RISK, stat="count")
    assert str("In A " + count + " of " + count) == "In A 3 of 3"


def test_marks_follow_the_thresholds(by_arm: Results) -> None:
    assert mark(by_arm, "lag")._repr_markdown_() == "[▲]{.mark-look}"
    assert mark(by_arm, "deaths")._repr_markdown_() == "[●]{.mark-ok}"
    assert str(mark(by_arm, "deaths")) == "●"
    with pytest.raises(ResultsError, match="exactly one is required"):
        mark(by_arm, "nothing")


def test_a_watch_leads_to_its_row(by_arm: Results) -> None:
    row = watched(by_arm, "lag")
    assert (row.variable, row.stat) == ("FORM", "estimate")
    assert str(inline_row(by_arm, row, "percent0")) == "94"
    with pytest.raises(ResultsError, match="no watch"):
        watched(by_arm, "nothing")


def test_sentences_name_their_place(by_arm: Results) -> None:
    found = sentence(by_arm, "os", "method")._repr_markdown_()
    assert found == ('[Kaplan–Meier estimates with pointwise limits.]{data-catalogue="analyses/os/sentences/method"}')
    with pytest.raises(ResultsError, match="no sentence on 'nothing'"):
        sentence(by_arm, "os", "nothing")


def test_a_caution_is_a_sentence_only_where_something_is_wrong(by_arm: Results) -> None:
    assert caution(by_arm, "os", "method")._repr_markdown_() == sentence(by_arm, "os", "method")._repr_markdown_()
    assert caution(by_arm, "os", "nothing")._repr_markdown_() == ""
    with pytest.raises(ResultsError, match="nowhere"):
        caution(by_arm, "nowhere", "method")


def test_a_watch_by_arm_counts_and_says_which_is_higher(by_arm: Results) -> None:
    told = str(watch_sentence(by_arm, "acute")).replace("\u00a0", " ")
    assert told == (
        "Mucositis oral, Grade ≥ 3: Arm A 31/120 (25.8%), Arm B 56/131 (42.7%); higher in Arm B; difference −16.9 (95% "
        "CI −28.1 to −5.7) points; a look is due above 10 points, as 3 of 14 are; the most extreme of many is so "
        "partly by chance"
    )


@pytest.mark.parametrize(("watch", "start"), [("lag", "NE ("), ("acute", "Mucositis oral, Grade ≥ 3: NE (")])
def test_a_watched_number_that_is_unknown_says_why(by_arm: Results, watch: str, start: str) -> None:
    key = watched(by_arm, watch).key
    rows = tuple(replace(r, value=math.nan, note="Too few.") if r.key == key else r for r in by_arm.rows)
    told = str(watch_sentence(Results(rows, by_arm.catalogue), watch))
    assert told.startswith(start + "Too few.); a look is due ")


def test_a_threshold_that_could_not_be_judged_prints_no_number_of_its_row(by_arm: Results) -> None:
    """Where too few were in the groups, the row may hold a number that the watch did not look at."""
    passed = by_arm.by_analysis[next(r.analysis for r in by_arm.rows if r.variable == "acute")]
    unknown = {r.key for r in passed if r.variable == "acute" and r.measure == "threshold_passed"}
    rows = tuple(replace(r, value=math.nan, note="Too few.") if r.key in unknown else r for r in by_arm.rows)
    told = str(watch_sentence(Results(rows, by_arm.catalogue), "acute"))
    assert told.startswith("NE (Too few.); a look is due ")


# What a report imports -----------------------------------------------------------------------------------------------


def test_importing_tables_is_light() -> None:
    code = "import sys, npcstats.tables; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not set(HEAVY) & set(done.stdout.split())


def test_rounding_must_be_known(by_arm: Results) -> None:
    study = {**by_arm.catalogue.study, "rounding": "up"}
    unknown = Results(by_arm.rows, replace(by_arm.catalogue, study=study))
    with pytest.raises(ResultsError, match="half-away, half-even is required"):
        inline(unknown, "count", **RISK, stat="count")


def test_a_long_word_may_break_and_has_no_sign_more() -> None:
    """What is copied from a page or searched for is what the data have; only style tells that a line may break."""
    word = "x" * 29
    piece = Piece(f"a<b {word} c", catalogue="study/title")
    assert piece.html() == (
        f'<span data-catalogue="study/title">a&lt;b <span style="overflow-wrap:anywhere">{word}</span> c</span>'
    )
    told = Inline((piece,))._repr_markdown_()
    assert told == f'[a\\<b [{word}]{{style="overflow-wrap:anywhere"}} c]{{data-catalogue="study/title"}}'
    assert Piece(word[1:]).html() == word[1:]


def test_where_there_is_no_number_to_find_the_reason_stands_alone(by_arm: Results) -> None:
    """A day that was to be projected and has come; of what could not be estimated NE is printed, and why."""
    row = replace(watched(by_arm, "lag"), value=math.nan, note="Enrolment is complete.")
    told = [str(inline_row(by_arm, one, "month_year")) for one in (row, replace(row, reason=SETTLED))]
    assert told == ["NE (Enrolment is complete.)", "Enrolment is complete."]

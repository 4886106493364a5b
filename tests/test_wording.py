"""What of a value, a name or a list may stand in a message, and which texts a page can print."""

from __future__ import annotations

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from npcstats.wording import (
    OFF_PAGE,
    cut,
    hidden_sign,
    is_file_name,
    is_variable,
    listed,
    printable,
    printable_name,
)

FONTS = Path(__file__).parents[1] / "reports" / "_theme" / "fonts"


class TestWords:
    @pytest.mark.parametrize(
        ("value", "shown"),
        [
            ("6", "6"), ("-1.5", "-1.5"), ("1e999", "1e999"), (24175.0, "24175.0"), ("123456", "999999"),
            ("Yes", "Yes"), ("P05", "A99"), ("Li Wei", "Aa Aaa"), ("A123456789", "A999999999"),
            ("0900-000-000", "9999-999-999"),
            ("sample.person@example.org", "text of 25 characters"), ("Sample", "Aaaaaa"), ("x\x1b", "x\\x1b"),
            ("Dr. Sample Person", "text of 17 characters"), ("李小明明", "aaaa"), ("", ""),
        ],
    )  # fmt: skip
    def test_value_is_shown_only_where_it_cannot_tell_a_person(self, value, shown):
        assert printable(value) == shown

    @pytest.mark.parametrize(
        "name",
        ["USUBJID", "TRT01P", "ae_grade___1", "X1", "STAGE9", "ae_arm_12", "original_firstorder_Mean", "DUE_DT", "kg"],
    )
    def test_names_of_variables(self, name):
        assert is_variable(name)
        assert printable_name(name, 2) == name

    @pytest.mark.parametrize(
        "name",
        ["Sample", "SamplePerson", "NPC-0001", "A123", "sample@example", "P01", "NPC_0001", "NPC-1", "0900", "李"],
    )
    def test_names_that_are_none(self, name):
        assert printable_name(name, 2) == f"column 2 (text of {len(name)} characters)"

    def test_blank_name(self):
        assert printable_name("", 4) == "column 4 (blank)"

    def test_long_list_and_long_message_are_cut(self):
        assert listed([str(i) for i in range(5000)]) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 4,990 more"
        assert len(cut("a" * 10_000_000)) < 700
        assert cut("a\nb") == "a b"


@pytest.mark.parametrize("path", sorted(FONTS.glob("*.otf")), ids=lambda path: path.stem)
def test_every_face_of_the_reports_has_every_sign_that_pages_print(path: Path):
    face = set(TTFont(path).getBestCmap())
    assert [hex(code) for code in range(0x110000) if not OFF_PAGE.match(chr(code)) and code not in face] == []


def test_no_sign_that_pages_print_is_hidden():
    assert [hex(c) for c in range(0x110000) if not OFF_PAGE.match(chr(c)) and hidden_sign(chr(c))] == []


@pytest.mark.parametrize("name", ["dsmb-open", "a", "fig_1.2", "A" * 64])
def test_names_of_files(name: str):
    assert is_file_name(name)


@pytest.mark.parametrize(
    "name", ["", "../x", "a/b", "a\\b", "CON", "nul.x", "com1", ".x", "x.", "a b", "é", "A" * 65, "-x"]
)
def test_names_that_are_none(name: str):
    assert not is_file_name(name)

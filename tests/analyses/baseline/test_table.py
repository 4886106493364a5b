"""The table of characteristics: declared levels, and missing values where there are any."""

from __future__ import annotations

from tabled import TABLES, lines_of

from npcstats.results import Results


def test_declared_levels_appear_even_when_empty(by_arm: Results) -> None:
    lines = {line[0]: line for line in lines_of(TABLES["baseline"](by_arm))}
    assert lines["Stage IA"][1:] == ["0 (0.0)", "0 (0.0)", ""]


def test_missing_values_have_a_line_only_where_there_are_any(by_arm: Results) -> None:
    lines = lines_of(TABLES["baseline"](by_arm))
    names = [line[0] for line in lines]
    assert names[names.index("Female") + 1] == "Missing, n"
    assert names[names.index("Age, years, median (quartiles)") + 1] == "Sex, n (%)"

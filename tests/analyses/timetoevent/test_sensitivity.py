"""A main analysis above its variants: each line is the row of its own analysis, and none is left out in silence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from npcstats.errors import ResultsError
from npcstats.results import Analysis, Results, Row
from npcstats.tables import sensitivity_table

FIGURE_SPACE = "\u2007"
BETWEEN = {"arm": "A", "reference": "B"}


def between_arms() -> list[Row]:
    """Difference at 12 months of both analyses, and the hazard ratio of the first before adjustment."""
    rows = []
    for name, code, value in (("os", "OS", 0.05), ("pfs", "PFS", -0.02)):
        start = Row(name, "SAF", "survival_difference", "estimate", value, variable=code, time=12.0, **BETWEEN)
        rows += [replace(start, stat=stat, value=value + shift, conf_level=0.95)
                 for stat, shift in (("estimate", 0.0), ("ci_low", -0.04), ("ci_high", 0.04))]  # fmt: skip
        rows += [replace(row, time=24.0, value=float("nan"), note="Too few at risk.") for row in rows[-3:]]
    ratio = Row("os-hr", "SAF", "hazard_ratio", "estimate", 0.8, variable="ARM", block="unadjusted", subgroup="all",
                conf_level=0.95, **BETWEEN)  # fmt: skip
    rows += [replace(ratio, stat=stat, value=v) for stat, v in (("estimate", 0.8), ("ci_low", 0.5), ("ci_high", 1.28))]
    return rows


@pytest.fixture
def compared(by_arm: Results) -> Results:
    labels = {"block": {"unadjusted": "Unadjusted", "adjusted": "Adjusted"}, "variable": {"ARM": "Arm"}}
    sentences = {"method": "Cox regression.", "subgroups": "Subgroups are not here."}
    regression = Analysis("Overall survival", "regression", "post hoc", "SAF", sentences, {}, labels, {})
    catalogue = replace(by_arm.catalogue, analyses={**by_arm.catalogue.analyses, "os-hr": regression})
    return Results((*by_arm.rows, *between_arms()), catalogue)


def lines(results: Results, **ratios: str) -> list[list[str]]:
    table = sensitivity_table(results, ["os", "pfs"], ratios)
    return [[cell.text.replace(FIGURE_SPACE, "") for cell in row.cells] for row in table.rows]


def test_each_measure_has_a_line_for_every_analysis(compared: Results) -> None:
    """By hand from the rows: 9 and 10 events, 90 and 70 % at 12 months, differences of 5 and -2 points."""
    found = lines(compared, os="os-hr")
    heads = [line[0] for line in found if len(line) == 1]
    assert [head.split(" (")[0] for head in heads] == [
        "Events / participants", "At 12 months, %", "At 24 months, %", "Hazard ratio, Unadjusted",
    ]  # fmt: skip
    first = found.index([heads[1]])
    assert [line[0] for line in found[first + 1 : first + 3]] == ["Overall survival", "Progression-free survival"]
    assert found[first + 1][1].startswith("90.0 (")
    assert found[first + 2][1].startswith("70.0 (")
    assert [line[3] for line in found[first + 1 : first + 3]] == ["5.0 (1.0 to 9.0)", "−2.0 (−6.0 to 2.0)"]
    assert found[-1] == ["Overall survival", "", "", "0.80 (0.50 to 1.28)"]


def test_a_model_that_was_not_fitted_has_no_lines(compared: Results) -> None:
    assert not [line for line in lines(compared, os="os-hr") if "Adjusted" in line[0]]


def test_without_regressions_there_are_no_ratios(compared: Results) -> None:
    assert not [line for line in lines(compared) if "Hazard" in line[0]]


def test_note_says_how_the_ratios_were_made_and_not_what_is_absent(compared: Results) -> None:
    note = sensitivity_table(compared, ["os", "pfs"], {"os": "os-hr"}).notes[0].text
    assert "Cox regression." in note
    assert "Subgroups" not in note
    assert note.count("Kaplan–Meier estimates") == 1


@pytest.mark.parametrize("names", [["os", "ae-acute"], ["baseline"]])
def test_other_kinds_are_refused(compared: Results, names: list[str]) -> None:
    with pytest.raises(ResultsError, match="analyses of one kind, survival or incidence, are required"):
        sensitivity_table(compared, names, {})


def test_an_unknown_analysis_is_refused(compared: Results) -> None:
    with pytest.raises(ResultsError, match="not in the catalogue"):
        sensitivity_table(compared, ["os", "nothing"], {})

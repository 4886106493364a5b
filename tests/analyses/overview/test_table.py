"""What the tables of the overview print: each number from its row, denominators, dashes, and the words below."""

from __future__ import annotations

from dataclasses import replace

import pytest
from glances import SPEC
from tabled import lines_of

from npcstats.analyses.overview.displays import OverviewDifferences, SafetyOverview
from npcstats.analyses.overview.summary import summarize_overview
from npcstats.analyses.overview.table import tabulate, tabulate_differences
from npcstats.derive import assign_arms
from npcstats.display.origins import printed_text
from npcstats.errors import ResultsError
from npcstats.results import one
from npcstats.study import Arm

SHOWN = SafetyOverview(name="glance", title="At a glance", sessions=("only",), analysis="glance", total=True)
BETWEEN = OverviewDifferences(name="between", title="Differences", sessions=("only",), analysis="glance")


@pytest.fixture(scope="module")
def results(eight):
    return summarize_overview(eight, SPEC)


def with_arms(study, count):
    """The same seven dealt to so many arms, or pooled."""
    if not count:
        return replace(study, arms=())
    arms = tuple(Arm(f"ARM{i}", f"Arm {i}") for i in range(count))
    allocation = "single-arm" if count == 1 else study.design.allocation
    design = replace(study.design, arms=arms, arm_rule={}, allocation=allocation)
    adsl = study["adsl"]
    dealt = [arms[i % count].code for i in range(len(adsl))]
    return assign_arms(replace(study, design=design).with_frames({"adsl": adsl.assign(TRT01P=dealt, TRT01A=dealt)}))


@pytest.mark.parametrize("total", [False, True])
@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_columns_and_numbers(eight, count, total):
    """Three columns for each arm, or for everyone pooled; one for everyone beside arms; each number from its row."""
    spec = SPEC if count == 2 else replace(SPEC, difference="", estimand="")
    found = summarize_overview(with_arms(eight, count), spec)
    table = tabulate(found, replace(SHOWN, total=total))
    columns = 1 + 3 * max(count, 1) + bool(total and count)
    assert len(table.align) == len(table.widths) == columns
    for row in table.rows:
        assert sum(cell.colspan for cell in row.cells) == columns
    for piece in table.pieces:
        if any(piece.data().values()):
            assert printed_text(found, piece.data(), code=piece.text) == piece.text


def block(results, window, table=SHOWN):
    """Lines of a period by their name."""
    lines = lines_of(tabulate(results, table))
    names = [line[0] for line in lines]
    start = names.index(window)
    rest = [name for name in names[start + 1 :] if name in ("Ever", "Early", "Late")]
    end = names.index(rest[0]) if rest else len(lines)
    return {line[0]: [cell.replace("\u00a0", " ") for cell in line[1:]] for line in lines[start:end]}


def test_a_block_by_hand(results):
    """X and Y, then everyone: 4 of 4 and 3 of 3; limits of 4 of 4 from 0.025^(1/4), of 3 of 3 from 0.025^(1/3)."""
    ever = block(results, "Ever")
    assert ever["Ever"] == ["N = 4", "", "", "N = 3", "", "", "N = 7"]
    assert ever["Any event"] == ["4 (100.0)", "39.8 to 100.0", "5", "3 (100.0)", "29.2 to 100.0", "3", "7 (100.0)"]
    assert ever["Grade 5"] == ["0 (0.0)", "0.0 to 60.2", "0", "0 (0.0)", "0.0 to 70.8", "0", "0 (0.0)"]
    assert ever["Died"][2::3] == ["–", "–"]


def test_a_denominator_that_is_not_the_headings_is_printed(results):
    """Two of X's four and all three of Y were followed for 200 days after radiotherapy, or died."""
    assert block(results, "Ever")["Within 200 days"][::3] == ["0/2 (0.0)", "1 (33.3)", "1/5 (20.0)"]
    late = block(results, "Late")
    assert (late["Late"][3], late["Any event"][3], late["Died"][3]) == ("N = 2", "1 (50.0)", "1/3 (33.3)")


def test_who_stands_in_several_lines_is_below_the_line(results):
    rows = tabulate(results, SHOWN).rows
    names = [row.cells[0].text for row in rows]
    assert names[names.index("Of treatment") : names.index("Of treatment") + 3] == [
        "Of treatment", "with a fatal event", "without one",
    ]  # fmt: skip
    indents = {row.cells[0].text: row.cells[0].indent for row in rows}
    assert (indents["Ever"], indents["Of treatment"], indents["with a fatal event"]) == (0, 1, 2)
    assert block(results, "Ever")["not of treatment"] == ["0", "", "", "1", "", "", "1"]


def test_the_note_says_who_is_outside_and_that_sets_differ(results):
    note = tabulate(results, SHOWN).notes[0].text
    assert "Not in the denominator (Early): Ex 1 (period not complete), 1 (period not known to have begun)." in note
    assert "Events counted in no period: Ex 2 (began in none of the periods" in note
    assert "these are not the same participants" in note
    assert "A dash: deaths are participants" in note
    assert "after the participant's death" not in note


def test_an_arm_of_nobody_has_no_estimate_and_a_reason(eight):
    only_y = eight.with_frames({"adsl": eight["adsl"].loc[eight["adsl"]["USUBJID"].isin(["P02", "P03"])]})
    table = tabulate(summarize_overview(only_y, SPEC), SHOWN)
    line = next(row for row in table.rows if row.cells[0].text == "Any event")
    assert [cell.text for cell in line.cells[1:3]] == ["0 (NE)", "NE"]
    assert line.cells[2].mark
    assert table.notes[-1].text.startswith(f"{line.cells[2].mark}. ")
    assert "nan" not in "".join(cell.text for row in table.rows for cell in row.cells)


def test_periods_are_those_asked_for_and_made(results):
    table = tabulate(results, replace(SHOWN, windows=("late", "early")))
    assert [row.cells[0].text for row in table.rows if row.kind == "total"] == ["Late", "Early"]
    with pytest.raises(ResultsError, match="window 'soon' was not made; one of ever, early, late is required"):
        tabulate(results, replace(SHOWN, windows=("soon",)))


def test_differences_have_a_column_for_each_period(results):
    table = tabulate_differences(results, BETWEEN)
    lines = {line[0]: line[1:] for line in lines_of(table)}
    assert [cell.text for cell in table.header] == ["Ever", "Early", "Late"]
    assert table.spanners[1].text.replace("\u00a0", " ") == "Ex − Wye, points (95% CI)"
    # early, from grade 3: 0 of 2 less 1 of 3
    assert lines["Grade ≥ 3"][1].startswith("−33.3")
    row = one(results, variable="from-3", window="early", measure="risk_difference", stat="estimate")
    assert row.value == pytest.approx(-1 / 3)
    assert [cell.strip() for cell in lines["Within 200 days"][1:]] == ["–", "–"]
    assert "with a fatal event" not in lines
    assert "Not adjusted for baseline differences or for multiplicity." in table.notes[0].text


def test_differences_need_two_arms(eight):
    for count in (0, 1, 3):
        found = summarize_overview(with_arms(eight, count), replace(SPEC, difference="", estimand=""))
        with pytest.raises(ResultsError, match="no two arms are compared"):
            tabulate_differences(found, BETWEEN)

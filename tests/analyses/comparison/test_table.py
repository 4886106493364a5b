"""Tables of comparisons: each cell is the row that it prints, unadjusted and adjusted side by side."""

from __future__ import annotations

from dataclasses import replace

import pytest
from entries import COMPARED, EARLY, OVERLAP

from npcstats.analyses.adjustment.outcomes import GradeOutcome
from npcstats.analyses.comparison.displays import EffectsTable, EstimandSheet
from npcstats.analyses.comparison.spec import Intercurrent, Measure
from npcstats.analyses.comparison.summary import summarize_comparison
from npcstats.errors import ResultsError
from npcstats.formatting import format_number
from npcstats.results import Results, concat, one

NAUSEA = GradeOutcome("NAUSEA2", "Nausea", ("Nausea",), 2, EARLY, baseline_adjusted=True, scale="CTCAE")
HARMED = replace(
    COMPARED, id="harmed", label="Harmed", population="DOSED", outcome=NAUSEA, ties="", curves=None, p_values=True,
    measures=(Measure("risk_difference"), Measure("risk_ratio")),
    intercurrent=(Intercurrent("Death", "while alive", "until then"),),
)  # fmt: skip
ASKED = {"name": "t", "title": "T", "sessions": ("only",)}
EFFECTS = EffectsTable(**ASKED, members=("harmed",), blocks=("unadjusted", "overlap"), arms=True, p_values=True)


@pytest.fixture(scope="module")
def harmed(crowd):
    return summarize_comparison(crowd, HARMED)


@pytest.fixture(scope="module")
def table(harmed):
    return EFFECTS.make(harmed, EFFECTS)


def line(table, name):
    return next(row for row in table.rows if row.cells[0].text == name).cells


def test_columns(table):
    assert [cell.text for cell in table.spanners] == ["Measure", "Unadjusted", "Overlap weights, ATO"]
    assert [cell.text for cell in table.header] == ["Ex", "Wye", "Effect", "95%\u00a0CI", "p"] * 2


def test_estimate_and_limits_have_cells_of_their_own(harmed, table):
    cells = line(table, "Risk difference, points")
    at = {"block": "overlap", "measure": "risk_difference"}
    wanted = {stat: one(harmed, **at, stat=stat) for stat in ("estimate", "ci_low", "ci_high", "p_value")}
    effect, limits, test = cells[8:11]
    assert [piece.key for piece in effect.pieces if piece.key] == [wanted["estimate"].key]
    assert [piece.key for piece in limits.pieces if piece.key] == [wanted["ci_low"].key, wanted["ci_high"].key]
    assert effect.text.strip() == format_number(wanted["estimate"].value, "percent1", rounding="half-away")
    assert [piece.key for piece in test.pieces if piece.key] == [wanted["p_value"].key]


def test_each_arm_has_its_own_risk_once(harmed, table):
    difference, ratio = line(table, "Risk difference, points"), line(table, "Risk ratio")
    for place, (block, arm) in ((1, ("unadjusted", "X")), (2, ("unadjusted", "Y")), (6, ("overlap", "X"))):
        row = one(harmed, block=block, arm=arm, measure="risk", stat="estimate")
        assert [piece.key for piece in difference[place].pieces if piece.key] == [row.key]
        assert not ratio[place].pieces


def test_sizes(harmed, table):
    events, worth = line(table, "Events / participants"), line(table, "Effective size")
    for block, place in (("unadjusted", 1), ("overlap", 6)):
        rows = [one(harmed, block=block, arm="X", measure="events", stat=stat) for stat in ("count", "total")]
        assert [piece.key for piece in events[place].pieces if piece.key] == [row.key for row in rows]
    assert not worth[1].pieces
    assert worth[6].pieces[-1].key == one(harmed, block="overlap", arm="X", measure="effective_size").key


def test_the_note_says_of_whom_and_how(table):
    told = " ".join(cell.text for cell in table.notes)
    assert "participants who could have had either treatment (ATO" in told
    assert "Not compared: " in told
    assert "until then" not in told  # the sheet of estimands has it


def test_without_arms_the_effects_alone(harmed):
    spec = replace(EFFECTS, arms=False, p_values=False, blocks=("overlap",))
    table = spec.make(harmed, spec)
    assert [cell.text for cell in table.header] == ["Effect", "95%\u00a0CI"]
    row = one(harmed, block="overlap", arm="all", measure="events", stat="count")
    assert row.key in [piece.key for piece in line(table, "Events / participants")[2].pieces]


def test_what_cannot_be_estimated_has_a_letter(crowd):
    results = summarize_comparison(crowd, replace(HARMED, minimum_events=1000))
    table = EFFECTS.make(results, EFFECTS)
    cell = line(table, "Risk ratio")[3]
    assert (cell.text.strip(), cell.mark) == ("NE", "a")
    assert "nan" not in table.html()


def test_nothing_to_show_without_a_pair(crowd):
    results = summarize_comparison(replace(crowd, arms=()), HARMED)
    with pytest.raises(ResultsError, match="0 pairs of arms"):
        EFFECTS.make(results, EFFECTS)


def test_the_sheet_of_estimands(crowd, harmed):
    both: Results = concat([summarize_comparison(crowd, replace(COMPARED, adjustments=(OVERLAP,))), harmed])
    sheet = EstimandSheet(**ASKED, members=("compared", "harmed"))
    table = sheet.make(both, sheet)
    lines = [[cell.text for cell in row.cells] for row in table.rows]
    assert [line for line in lines if len(line) == 1] == [["All comparisons"], ["Compared"], ["Harmed"]]
    assert lines.index(["Treatments", "One treatment or the other: Ex compared with Wye."]) < lines.index(["Compared"])
    assert lines.index(["Intercurrent events", "None is foreseen."]) > lines.index(["Compared"])
    assert ["Intercurrent events", "Death: while alive (until then)."] in lines
    assert ["Summary measures", "Risk difference; risk ratio."] in lines
    assert all(piece.catalogue for row in table.rows if row.kind == "row" for piece in row.cells[1].pieces)

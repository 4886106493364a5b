"""The tables of samples print the counts of their rows, each once, and leave out reasons that nobody stands under."""

from __future__ import annotations

from dataclasses import replace

import pytest
from entries import TAKEN
from tabled import lines_of

from npcstats.analyses.samples.displays import SampleReasons, SampleSteps
from npcstats.analyses.samples.spec import SampledMarker
from npcstats.analyses.samples.summary import summarize_samples
from npcstats.analyses.samples.table import tabulate_reasons, tabulate_steps
from npcstats.derive import pool_arms
from npcstats.errors import ResultsError

ASKED = {"name": "taken", "title": "Taken", "sessions": ("only",), "analysis": "taken"}
SPEC = replace(TAKEN, visits=("V0", "V1", "V2"), sampled_by=("LOGM", "LEVEL", "VIRUS"))


@pytest.fixture(scope="module")
def results(known):
    return summarize_samples(known, SPEC)


def test_steps_side_by_side(results):
    """As counted by hand in the tests of the summary."""
    table = tabulate_steps(results, SampleSteps(**ASKED, total=False))
    assert lines_of(table) == [
        ["Log marker"],
        ["Before", "3", "3", "3", "3", "3 (100.0)", "3", "3", "3", "2", "2 (66.7)"],
        ["During", "3", "3", "3", "3", "3 (100.0)", "3", "3", "3", "2", "1 (33.3)"],
        ["Long after", "2", "2", "0", "0", "0 (0.0)", "0", "0", "0", "0", "0 (NE)"],
    ]
    assert [cell.text.replace("\u00a0", " ") for cell in table.spanners] == ["Visit", "Ex (N = 3)", "Wye (N = 3)"]
    assert "a. Nobody is in the denominator." in table.notes[-1].text


def test_reasons_that_somebody_stands_under(results):
    table = tabulate_reasons(results, SampleReasons(**ASKED, total=False))
    assert [cell.text for cell in table.header[:5]] == ["Died", "Not due", "No sample", "No result", "No baseline"]
    assert lines_of(table) == [
        ["Log marker"],
        ["Before", "0", "0", "0", "0", "0", "0", "0", "0", "1", "0"],
        ["During", "0", "0", "0", "0", "0", "0", "0", "0", "1", "1"],
        ["Long after", "0", "1", "2", "0", "0", "1", "2", "0", "0", "0"],
    ]
    assert "Reasons under which nobody stands are not shown." in table.notes[0].text


@pytest.mark.parametrize("shown", [SampleSteps, SampleReasons])
def test_every_number_has_its_key(results, shown):
    make = tabulate_steps if shown is SampleSteps else tabulate_reasons
    table = make(results, shown(**ASKED, total=True))
    keys = [piece.key for row in table.rows for cell in row.cells for piece in cell.pieces if piece.key]
    assert len(keys) == len(set(keys)) > 30
    assert all(key in results.by_key for key in keys)


def test_more_groups_than_fit_side_by_side_have_a_line_each(results):
    table = tabulate_steps(results, SampleSteps(**ASKED, total=True))
    assert [cell.text for cell in table.header[:3]] == ["Visit", "Group", "Expected"]
    assert lines_of(table)[1:4] == [
        ["Before", "Ex", "3", "3", "3", "3", "3 (100.0)"],
        ["", "Wye", "3", "3", "3", "2", "2 (66.7)"],
        ["", "All", "6", "6", "6", "5", "5 (83.3)"],
    ]


def test_pooled_names_no_arm(known):
    pooled = summarize_samples(pool_arms(known), SPEC)
    for table in (
        tabulate_steps(pooled, SampleSteps(**ASKED, total=False)),
        tabulate_reasons(pooled, SampleReasons(**ASKED, total=False)),
    ):
        text = " ".join(piece.text for piece in table.pieces)
        assert "Ex" not in text.split()
        assert "arm" not in text.lower().split()


def test_a_marker_that_is_not_there_is_refused(results):
    asked = SampleSteps(**ASKED, total=False, variables=("NONE",))
    assert asked.faults(SPEC) == ["it shows NONE, which is no marker of taken"]
    with pytest.raises(ResultsError, match="'NONE' was not made"):
        tabulate_steps(results, asked)


def test_markers_that_are_asked_for(known):
    more = replace(SPEC, markers=(*SPEC.markers, SampledMarker("LEVEL", "Level")))
    table = tabulate_steps(summarize_samples(known, more), SampleSteps(**ASKED, total=False, variables=("LEVEL",)))
    assert [row[0] for row in lines_of(table)] == ["Level", "Before", "During", "Long after"]

"""Faults of what a plan says of care and weight."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cares import CARED, EARLY, TUBE, WEIGHED, of_item

from npcstats.analyses.care.displays import CareCourse, CareTable
from npcstats.analyses.care.spec import care_faults, care_idle, weight_faults


def test_what_has_no_fault():
    assert care_faults(CARED) == []
    assert weight_faults(WEIGHED) == []
    assert care_idle(CARED) == {}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"items": ()}, "it has no item"),
        ({"followed": ()}, "nothing says until when somebody is followed"),
        ({"items": (TUBE, TUBE)}, "item 'tube' stands twice"),
        ({"weeks": (4.0, 0.0)}, "weeks do not rise"),
        ({"weeks": (-1.0, 0.0)}, "week -1 is below 0"),
        ({"weeks": ()}, "an item is weekly without a week"),
        ({"windows": (replace(EARLY, where={"AESER": ("Y",)}),)}, "chooses by columns of adae"),
        ({"at_death": "ignores"}, "at_death"),
        ({"conf_type": "logit"}, "conf_type"),
        ({"interval": "exact"}, "interval"),
        ({"difference": "fisher"}, "difference"),
        ({"quantile_type": 10}, "quantile_type"),
    ],
)
def test_of_care(changed, message):
    found = care_faults(replace(CARED, **changed))
    assert any(message in fault for fault in found), found


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"last_day": "half"}, "tube: last_day"),
        ({"windows": ("late",)}, "tube: window 'late' is not there; one of early is required"),
        ({"months": (6.0, 3.0)}, "tube: months do not rise"),
        ({"least_days": -1}, "tube: least_days is -1"),
        ({"windows": (), "months": (), "lasting": False, "weekly": False}, "tube: nothing is told of it"),
        ({"windows": ()}, "tube: before has no effect"),
    ],
)
def test_of_an_item(changed, message):
    found = care_faults(of_item(TUBE, **changed))
    assert any(message in fault for fault in found), found


def test_what_is_idle():
    bare = of_item(TUBE, lasting=False, weekly=False, months=())
    assert set(care_idle(bare)) == {"at_death", "conf_type", "weeks", "origin", "minimum_followed", "since"}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"windows": (), "visits": ()}, "neither window nor visit"),
        ({"windows": (replace(EARLY, period=""),)}, "window early has no period"),
        ({"visits": ("V1", "V1")}, "visit 'V1' stands twice"),
        ({"version": "6.0"}, "version"),
        ({"mean_difference": "paired"}, "mean_difference"),
    ],
)
def test_of_weight(changed, message):
    found = weight_faults(replace(WEIGHED, **changed))
    assert any(message in fault for fault in found), found


def test_displays_beside_their_analysis():
    table = CareTable(name="t", title="T", sessions=("only",), analysis="care", items=("tube", "peg"), limits=True,
                      total=False)  # fmt: skip
    assert table.faults(CARED) == ["item 'peg' is not in care; one of tube, stay, pause is required"]
    figure = CareCourse(name="f", title="F", sessions=("only",), analysis="care", width="full", item="stay",
                        ticks=(0.0, 5.0))  # fmt: skip
    assert figure.faults(CARED) == ["item 'stay' is not told weekly in care", "tick 5 is no week of care"]

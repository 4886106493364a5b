"""What of an overview a plan may not say."""

from __future__ import annotations

from dataclasses import replace

import pytest
from glances import EARLY, SPEC

from npcstats.analyses.overview.displays import OverviewDifferences, SafetyOverview
from npcstats.analyses.overview.spec import Category, Deaths, Shared, overview_faults

ANY, DIED = SPEC.categories[0], SPEC.deaths[0]


def test_an_entry_without_faults():
    assert overview_faults(SPEC) == []


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"windows": (), "deaths": (), "shared": ()}, "it has no window, so nothing is counted; one is required"),
        ({"categories": (), "shared": ()}, "it has no category, so no event is counted; one is required"),
        ({"windows": (*SPEC.windows, EARLY)}, "window 'early' stands twice"),
        ({"categories": (*SPEC.categories, ANY)}, "line 'any' stands twice"),
        ({"deaths": (*SPEC.deaths, Deaths("any", "Any"))}, "line 'any' stands twice"),
        (
            {"categories": (*SPEC.categories, Category("odd", "Odd", lowest=4, highest=3))},
            "odd: grades are 4 to 3; from 1 to 5, the lowest first, is required",
        ),
        (
            {"categories": (*SPEC.categories, Category("odd", "Odd", lowest=0))},
            "odd: grades are 0 to 5; from 1 to 5, the lowest first, is required",
        ),
        (
            {"categories": (*SPEC.categories, Category("odd", "Odd", where={"AESER": ()}))},
            "odd: AESER has no value, so no event has it",
        ),
        (
            {"deaths": (*SPEC.deaths, Deaths("odd", "Odd", anchor="RTENDT"))},
            "odd: anchor is 'RTENDT' and within is 0; a date and days after it, or neither, is required",
        ),
        (
            {"deaths": (*SPEC.deaths, Deaths("odd", "Odd", within=30))},
            "odd: anchor is '' and within is 30; a date and days after it, or neither, is required",
        ),
        (
            {"deaths": (*SPEC.deaths, Deaths("odd", "Odd", windows=("never",)))},
            "odd: window 'never' is not there; one of ever, early, late is required",
        ),
        (
            {"shared": (Shared("odd", "Odd", ("any", "nothing")),)},
            "odd: line 'nothing' is not there; one of any, from-3, two, fatal, serious, related, died, treated,",
        ),
        (
            {"shared": (Shared("odd", "Odd", ("any", "soon")),)},
            "odd: line 'soon' is not made in 'early'; a period that both have is required",
        ),
        ({"interval": "exactly"}, "interval is 'exactly'; one of "),
        ({"difference": "exactly"}, "difference is 'exactly'; one of "),
        (
            {"windows": (replace(EARLY, events="serious events"),), "deaths": (DIED,), "shared": ()},
            "early: events is 'serious events', but has no effect: no event is left out by where",
        ),
    ],
)
def test_faults(changed, fault):
    found = overview_faults(replace(SPEC, **changed))
    assert any(one.startswith(fault) for one in found), found


@pytest.mark.parametrize("named", [{"all_of": ("any",)}, {"all_of": (), "none_of": ("any", "died")}])
def test_one_line_is_not_shared(named):
    found = overview_faults(replace(SPEC, shared=(Shared("odd", "Odd", **named),)))
    assert found == [
        "odd: it names fewer than two lines, or none that participants stand in; two, one of them so, are required"
    ]


def test_faults_of_displays():
    asked = {"name": "glance", "title": "Glance", "sessions": ("only",), "analysis": "glance"}
    assert SafetyOverview(**asked, total=True).faults(SPEC) == []
    assert SafetyOverview(**asked, total=True, windows=("soon", "early", "early")).faults(SPEC) == [
        "window 'soon' was not made; one of ever, early, late is required",
        "window 'early' stands twice",
    ]
    assert OverviewDifferences(**asked).faults(replace(SPEC, difference="")) == [
        "no arms are compared, so there is no difference to show"
    ]

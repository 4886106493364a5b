"""What a plan of rates is refused: choices outside their sets, codes that are not there, fields without effect."""

from __future__ import annotations

from dataclasses import replace

import pytest
from entries import ANY, RATED, refused

from npcstats.analyses.rates.displays import MeanCumulative, MeanNumbers, RateContrasts, RatesTable
from npcstats.errors import SpecError
from npcstats.run.displays import display_faults

EARLY = RATED.periods[0]
COURSE = RATED.courses[0]
NO_COURSE = {"courses": (), "terminal": "", "conf_type": "", "minimum_at_risk": 0}
PLACE = {"name": "rates", "title": "Rates", "sessions": ("only",), "analysis": "rated"}
TABLE = RatesTable(**PLACE, window="early", levels=("first", "all"), total=True)
CONTRASTS = RateContrasts(**PLACE, windows=("early",), levels=("first",))
MEANS = MeanNumbers(**PLACE, total=False)
CURVE = MeanCumulative(**PLACE, width="full", course="course")


def test_the_entry_has_no_fault(design):
    assert not refused(design, RATED)
    assert not refused(design, replace(RATED, **NO_COURSE))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"periods": ()}, "no period"),
        ({"periods": (EARLY, EARLY)}, "period 'early' stands twice"),
        ({"periods": (replace(EARLY, events=()),)}, "early has no events"),
        ({"periods": (replace(EARLY, events=(ANY, ANY)),)}, "early: events 'ANY' stands twice"),
        ({"periods": (replace(EARLY, events=(replace(ANY, lowest=6),)),)}, "lowest is 6; a grade from 1 to 5"),
        ({"periods": (EARLY, replace(EARLY, code="b", events=(replace(ANY, label="Else"),)))}, "two labels"),
        ({"followed_until": "death"}, "followed_until is 'death'"),
        ({"followed_until": "cut-off"}, "assessments is ('VITAL',), but has no effect: follow-up ends at the cut-off"),
        ({"assessments": ()}, "assessments is empty"),
        ({"per": 0.0}, "per is 0.0; a finite number above 0"),
        ({"rate": "wald"}, "rate is 'wald'; one of garwood"),
        ({"difference": "score"}, "difference is 'score'"),
        ({"ratio": "log"}, "ratio is 'log'"),
        ({"ratio": ""}, "ratio is empty, but arms are compared"),
        ({"recurrent": ""}, "recurrent is ''"),
        ({"terminal": ""}, "terminal is ''; one of censor, ghosh-lin"),
        ({"conf_type": "log-log"}, "conf_type is 'log-log'; one of plain, log"),
        ({"courses": ()}, "terminal is 'ghosh-lin', but has no effect: there is no course"),
        ({"courses": (replace(COURSE, events="NONE"),)}, "course course is of NONE in early"),
        ({"courses": (COURSE, COURSE)}, "course 'course' stands twice"),
        ({"courses": (replace(COURSE, landmarks=(2.0, 2.0)),)}, "landmarks '2' stands twice"),
        ({"courses": (replace(COURSE, ticks=()),)}, "ticks are (); months from 0 on are required"),
        ({"courses": (replace(COURSE, ticks=(-1.0, 2.0)),)}, "months from 0 on are required"),
        ({"estimand": ""}, "estimand is ''"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_faults(design, change, told):
    faults = refused(design, replace(RATED, **change))
    assert any(told in fault for fault in faults), faults


def display_told(display, spec=RATED):
    what = "figure" if isinstance(display, MeanCumulative) else "table"
    return display_faults({what: (display,)}, (spec,), ())


@pytest.mark.parametrize("display", [TABLE, CONTRASTS, MEANS, CURVE], ids=lambda display: type(display).__name__)
def test_displays_have_no_fault(display):
    assert not display_told(display)


@pytest.mark.parametrize(
    ("display", "spec", "told"),
    [
        (replace(TABLE, window="late"), RATED, "window is 'late'; one of early is required"),
        (replace(TABLE, levels=("first", "first")), RATED, "level 'first' stands twice"),
        (replace(CONTRASTS, windows=("late",)), RATED, "window 'late' was not made"),
        (CONTRASTS, replace(RATED, difference=""), "rated compares no arms"),
        (MEANS, replace(RATED, **NO_COURSE), "rated has no course"),
        (replace(CURVE, course="other"), RATED, "course is 'other'; one of course is required"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_displays_are_refused(display, spec, told):
    faults = display_told(display, spec)
    assert any(told in fault for fault in faults), faults


def test_levels_are_closed():
    for display in (TABLE, CONTRASTS):
        for levels in ((), ("second",)):
            with pytest.raises(SpecError, match="first, all or both are required"):
                replace(display, levels=levels)
    with pytest.raises(SpecError, match="a period is required"):
        replace(CONTRASTS, windows=())

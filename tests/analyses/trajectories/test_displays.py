"""A figure of courses fits the analysis whose means it draws."""

from __future__ import annotations

from dataclasses import replace

import pytest
from entries import BLOOD, LINES

from npcstats.analyses.trajectories.displays import Spaghetti
from npcstats.run.displays import display_faults

SPEC = Spaghetti(name="lines", title="Lines.", sessions=("only",), analysis="lines", width="full", means="blood")


def faults(shown=SPEC, courses=LINES, means=BLOOD):
    return display_faults({"figure": [shown]}, [courses, means], ())


def test_what_fits_has_no_fault():
    assert faults() == []
    assert SPEC.analyses == ("lines", "blood")


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"means": replace(BLOOD, population="DOSED")}, "blood is of another analysis set than lines"),
        ({"means": replace(BLOOD, below_limit="missing")}, "below_limit of blood is another than that of lines"),
        ({"shown": replace(SPEC, variables=("NONE",))}, "it shows NONE, which is no marker of lines"),
        ({"shown": replace(SPEC, means="lines")}, "means is lines, its own listing"),
        ({"shown": replace(SPEC, means="absent")}, "it shows 'absent', which session 'only' has not"),
    ],
)
def test_what_does_not_fit_is_told(changed, fault):
    assert any(fault in told for told in faults(**changed))

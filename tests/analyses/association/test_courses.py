"""Courses by what happened later, by hand on the trial of eight: deaths within six months of the start of radiotherapy.

P02 died on day 212, in month 6.97. Seen alive: P05 10.3 months, P01 8.8, P03 6.0 (183 days), P06 1.6, P04 3.5.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from entries import FORETELLING

from npcstats.analyses.association.courses import NO_ONE, outcome_groups
from npcstats.analyses.association.summary import summarize_association
from npcstats.derive import EventTimes
from npcstats.results import one

SPEC = replace(FORETELLING, covariates=(), minimum_events=9, courses=replace(FORETELLING.courses, month=7.0))


@pytest.fixture(scope="module")
def results(known):
    return summarize_association(known, SPEC)


def test_who_is_in_which_group(results):
    """By month 7 P02 died, P05 and P01 were seen alive after it, and of P03, P04 and P06 it is not known."""
    counts = {code: one(results, block="outcome", measure="participants", variable="", subgroup=f"outcome={code}").value
              for code in ("event", "free", "competed", "unknown")}  # fmt: skip
    assert counts == {"event": 1, "free": 2, "competed": 0, "unknown": 3}


def test_groups_at_their_boundaries():
    """At the month itself an event has happened, and who was seen until then is followed without one."""
    time, cause = np.array([7.0, 7.0, 7.0, 7.1, 6.9, 6.9]), np.array([1, 0, 2, 1, 0, 2])
    times = EventTimes(time, cause, np.array([""] * 6), {}, cause)
    found = {code: np.flatnonzero(mask).tolist() for code, mask in outcome_groups(times, 7.0).items()}
    assert found == {"event": [0], "free": [1, 3], "competed": [2, 5], "unknown": [4]}


def at(results, variable, group, window, measure, stat="estimate"):
    return one(results, block="outcome", variable=variable, subgroup=f"outcome={group}", window=window, measure=measure,
               stat=stat)  # fmt: skip


def test_geometric_means(results):
    """Free: P05 2.0 and P01 8.0, geometric mean 4; t limits of two logarithms, half width 12.706 ln 2."""
    low, mean, high = (at(results, "LOGM", "free", "V0", "geometric_mean", stat).value
                       for stat in ("ci_low", "estimate", "ci_high"))  # fmt: skip
    assert mean == pytest.approx(4.0)
    assert math.log(high / mean) == pytest.approx(math.log(mean / low)) == pytest.approx(12.7062047 * math.log(2))


def test_one_value_has_no_limits(results):
    assert at(results, "LEVEL", "event", "V1", "mean").value == 30.0
    assert math.isnan(at(results, "LEVEL", "event", "V1", "mean", "ci_low").value)
    assert at(results, "LEVEL", "event", "V1", "observed", "count").value == 1


def test_shares_detected(results):
    """P05 not detected, P01 detected: 1 of 2; Clopper and Pearson's limits are 0.0126 and 0.9874."""
    assert at(results, "VIRUS", "free", "V0", "proportion", "count").value == 1
    limits = [at(results, "VIRUS", "free", "V0", "proportion", stat).value for stat in ("ci_low", "ci_high")]
    assert limits == pytest.approx([1 - 0.975**0.5, 0.975**0.5], rel=1e-9)


def test_nobody_has_a_value(results):
    row = at(results, "LOGM", "event", "V2", "geometric_mean")
    assert math.isnan(row.value)
    assert row.note == NO_ONE


def test_values_from_the_day_of_the_event_on_are_left_out(known):
    """Two readings of P02 in a visit's window, on the day of death and the day before: the latter counts."""
    labs = known["adlb"]
    row = labs.loc[(labs["USUBJID"] == "P02") & (labs["PARAMCD"] == "LEVEL")].iloc[-1:]
    died = known["adsl"].set_index("USUBJID").loc["P02", "DTHDT"]
    visit = replace(known.design.visits[2], anchor="RTSTDT", day=212, first=205, last=220)
    design = replace(known.design, visits=(*known.design.visits[:2], visit))
    for days, value in ((0, None), (1, 7.0)):
        more = row.assign(ADT=died - np.timedelta64(days, "D"), AVAL=7.0)
        study = replace(known.with_frames({"adlb": labs._append(more, ignore_index=True)}), design=design)
        found = at(summarize_association(study, SPEC), "LEVEL", "event", "V2", "mean").value
        assert found == value if value else math.isnan(found)


def test_no_courses_no_rows(known):
    found = summarize_association(known, replace(SPEC, courses=None))
    assert not [row for row in found.rows if row.block == "outcome"]
    assert "outcome" not in found.catalogue.analyses["foretelling"].sentences

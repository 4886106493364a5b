"""From when to when a value of a marker counts, by hand on the trial of eight.

LOGM in the radiotherapy set, days from the start of radiotherapy. X: P05 2.0 on day 0, 1.0 on day 20, 4.0 on day 22;
P01 8.0 on day -2, 2.0 on day 21; P06 below 1 on day -2, 0.25 on day 21. Y: P02 1.0 on day -2, 0.5 on day 21, died on
day 212; P03 4.0 on day 0; P04 1.0 on day 21. Last seen alive: P05 on day 315, P01 268, P03 183, P06 49, P04 108.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from entries import FORETELLING

from npcstats.analyses.association.models import models_of, spells_of
from npcstats.analyses.association.spec import MarkerLandmark
from npcstats.analyses.timetoevent.groups import Landmark
from npcstats.errors import SpecError
from npcstats.study import DAYS_PER_MONTH

LOG = FORETELLING.markers[0]
SPEC = replace(
    FORETELLING,
    markers=(LOG,),
    landmarks=(MarkerLandmark("V1", Landmark("RTSTDT", 30, "From day 30.")),),
    courses=None,
    covariates=(),
)


def spells(study, code, **change):
    """Member, first and last day, event and value of each stretch, in the order of members and days."""
    spec = replace(SPEC, **change)
    endpoint = study.design.endpoint(spec.endpoint)
    (model,) = (item for item in models_of(study, spec, endpoint) if item.code == code)
    found = spells_of(study, spec, spec.markers[0], model)
    who = model.sample.members["USUBJID"].to_numpy()[found.member]
    days = [np.round(times * DAYS_PER_MONTH).astype(int) for times in (found.entry, found.time)]
    values = np.round(np.exp(found.value), 6)
    return sorted(zip(who, *days, found.event.tolist(), values.tolist(), strict=True))


def test_a_value_before_treatment_counts_from_its_start(known):
    assert spells(known, "baseline") == [
        ("P01", 0, 268, False, 8.0),
        ("P02", 0, 212, True, 1.0),
        ("P03", 0, 183, False, 4.0),
        ("P05", 0, 315, False, 2.0),
        ("P06", 0, 49, False, 0.5),
    ]


def test_from_a_landmark_time_is_counted_anew(known):
    """Of two readings in the window the earlier, as near to day 21 as the later; P03 has none in it."""
    assert spells(known, "landmark-V1") == [
        ("P01", 0, 238, False, 2.0),
        ("P02", 0, 182, True, 0.5),
        ("P04", 0, 78, False, 1.0),
        ("P05", 0, 285, False, 1.0),
        ("P06", 0, 19, False, 0.25),
    ]


def test_a_reading_counts_until_the_next_or_until_it_is_too_old(known):
    """For 15 days: P05 is not at risk from day 15 to 20; P04, without a value before, from day 21 on."""
    assert spells(known, "readings", carried_days=15) == [
        ("P01", 0, 13, False, 8.0),
        ("P01", 21, 36, False, 2.0),
        ("P02", 0, 13, False, 1.0),
        ("P02", 21, 36, False, 0.5),
        ("P03", 0, 15, False, 4.0),
        ("P04", 21, 36, False, 1.0),
        ("P05", 0, 15, False, 2.0),
        ("P05", 20, 22, False, 1.0),
        ("P05", 22, 37, False, 4.0),
        ("P06", 0, 13, False, 0.5),
        ("P06", 21, 36, False, 0.25),
    ]


@pytest.mark.parametrize(("carried", "counted"), [(190, False), (191, True), (400, True)])
def test_an_event_counts_while_a_reading_does(known, carried, counted):
    """P02 dies on day 212, 191 days after the last reading."""
    last = [row for row in spells(known, "readings", carried_days=carried) if row[0] == "P02"][-1]
    assert last == ("P02", 21, min(21 + carried, 212), counted, 0.5)


def test_a_value_below_the_limit_can_be_missing(known):
    found = spells(known, "baseline", below_limit="missing")
    assert [row[0] for row in found] == ["P01", "P02", "P03", "P05"]


def test_a_reading_on_the_day_of_an_event_tells_nothing_of_it(known):
    """A further reading of P02 on the day of death begins nothing."""
    labs = known["adlb"]
    row = labs.loc[(labs["USUBJID"] == "P02") & (labs["PARAMCD"] == "LOGM")].iloc[-1:]
    died = known["adsl"].set_index("USUBJID").loc["P02", "DTHDT"]
    more = known.with_frames({"adlb": labs._append(row.assign(ADT=died, AVAL=9.0), ignore_index=True)})
    assert spells(more, "readings") == spells(known, "readings")


def test_what_would_be_known_only_later_is_refused(known):
    with pytest.raises(SpecError, match="a visit that ends by time zero of DEAD is required"):
        spells(known, "baseline", baseline="V1")
    early = MarkerLandmark("V1", Landmark("RTSTDT", 29, "From day 29."))
    with pytest.raises(SpecError, match="counted from RTSTDT, on day 30 or later"):
        spells(known, "landmark-V1", landmarks=(early,))
    other = MarkerLandmark("V1", Landmark("RTENDT", 40, "From day 40."))
    with pytest.raises(SpecError, match="counted from RTSTDT"):
        spells(known, "landmark-V1", landmarks=(other,))


def test_models_are_those_that_a_marker_asks_for(known):
    asked = replace(SPEC, markers=(replace(LOG, models=("landmark",)),), carried_days=0)
    found = models_of(known, asked, known.design.endpoint("DEAD"))
    assert [model.code for model in found] == ["landmark-V1"]


def test_nobody_has_a_reading(known):
    labs = known["adlb"]
    without = known.with_frames({"adlb": labs.loc[labs["PARAMCD"] != "LOGM"]})
    for code in ("baseline", "landmark-V1", "readings"):
        assert spells(without, code) == []

"""Readings of a marker, at a visit or not, on the trial of eight."""

from __future__ import annotations

import numpy as np
import pytest

from npcstats.derive import marker_readings, marker_values, population_members
from npcstats.errors import DataError


def readings(study, code="LOGM", unit="u", scale="log", below_limit="half-limit"):
    return marker_readings(study, code=code, unit=unit, scale=scale, below_limit=below_limit, reason="a test")


def test_every_reading_that_has_a_value(known):
    """Eleven of twelve LOGM in the file by the cut-off: P04's of 10 April has none; P06's below 1 counts as 0.5."""
    found = readings(known)
    assert len(found) == 11
    assert np.exp(found.loc[found["USUBJID"] == "P06", "AVAL"]).tolist() == pytest.approx([0.5, 0.25])
    assert len(readings(known, below_limit="missing")) == 10


def test_a_visit_takes_its_values_from_them(known):
    members = population_members(known, "BEAM")
    visits = known.design.visits[:2]
    asked = {"code": "LOGM", "unit": "u", "scale": "identity", "below_limit": "half-limit", "reason": "a test"}
    values = marker_values(known, members, visits, **asked)
    every = marker_readings(known, **asked)["AVAL"].to_numpy()
    assert np.isin(values[~np.isnan(values)], every).all()
    assert (~np.isnan(values)).sum() == 10  # of eleven, P05 has two in one window


def test_detected_or_not(known):
    found = readings(known, code="VIRUS", unit="c", scale="detectable")
    assert dict(zip(found["USUBJID"], found["AVAL"], strict=True)) == {"P05": 0.0, "P01": 1.0, "P02": 1.0}


def test_another_unit_is_refused(known):
    with pytest.raises(DataError, match=r"^adlb.AVALU: \d+ records of LOGM in another unit; g is required"):
        readings(known, unit="g")

"""Cycles numbered by schedule, and working days missed, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from npcstats.clinical.courses import missed_days
from npcstats.clinical.regimens import number_cycles
from npcstats.errors import DataError


@pytest.mark.parametrize(
    ("regimen", "days", "expected"),
    [
        ("C_QW", ("01", "08", "15"), (1, 2, 3)),
        ("C_QW", ("01", "04", "08"), (1, 1, 2)),  # nearer to the first than to the next: a split dose
        ("C_QW", ("01", "05", "12"), (1, 2, 3)),  # given three days early
        ("C_Q3W", ("01", "22"), (1, 2)),
        ("I_GP", ("01", "01", "08", "22", "22", "29"), (1, 1, 1, 2, 2, 2)),
        ("I_GP", ("01", "14", "23"), (1, 1, 2)),  # day 8 given on day 14
        ("I_GP", ("01", "15"), (1, 2)),
        ("I_TPF", ("22", "01", "01"), (2, 1, 1)),  # out of order
    ],
)
def test_cycles_of_one_participant(regimen, days, expected):
    found = number_cycles([0] * len(days), [regimen], [f"2026-01-{day}" for day in days], participants=1)
    assert tuple(found) == expected


def test_participants_are_told_apart_and_no_plan_has_no_cycles():
    days = ["2026-01-01", "2026-01-01", "2026-01-08", "2026-01-01"]
    found = number_cycles([0, 1, 0, 2], ["C_QW", "C_Q3W", ""], days, participants=3)
    assert found[:3].tolist() == [1, 1, 2]
    assert np.isnan(found[3])


@pytest.mark.parametrize(
    ("regimen", "day", "message"), [("C_Q4W", "2026-01-01", "regimen"), ("C_QW", None, "day of each administration")]
)
def test_what_has_no_schedule_is_refused(regimen, day, message):
    with pytest.raises(DataError, match=message):
        number_cycles([0], [regimen], [day], participants=1)


@pytest.mark.parametrize(
    ("start", "end", "given", "missed"),
    [
        ("2026-01-05", "2026-01-09", 5, 0),  # Monday to Friday
        ("2026-01-05", "2026-01-12", 5, 1),
        ("2026-01-09", "2026-01-12", 1, 1),  # Friday and Monday
        ("2026-01-05", "2026-01-09", 6, 0),  # twice on one day
        ("2026-01-10", "2026-01-11", 2, 0),  # a weekend
    ],
)
def test_missed_days_by_hand(start, end, given, missed):
    assert missed_days([start], [end], [given]).tolist() == [missed]


def test_missed_days_are_unknown_without_a_date_or_a_number():
    assert np.isnan(missed_days([None, "2026-01-05"], ["2026-01-09"] * 2, [5, np.nan])).all()
    with pytest.raises(DataError, match="before the first day"):
        missed_days(["2026-01-05"], ["2026-01-01"], [1])

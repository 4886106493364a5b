"""Courses against a set of days: whatever the records, a day is one with care or it is not."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import pytest
from cares import EARLY, TUBE
from hypothesis import given
from hypothesis import strategies as st

from npcstats.analyses.care.courses import Seen, courses_in, days_in, find_courses, in_place
from npcstats.analyses.care.landmarks import months_days
from npcstats.derive import Span
from npcstats.study import DAYS_PER_MONTH

ZERO = datetime.date(2025, 1, 1)
RECORD = st.tuples(st.integers(0, 40), st.none() | st.integers(0, 15))
LAST, END = 60, 45


def date(day):
    return np.datetime64(ZERO, "D") + day


def days_with(records, last_day, death):
    """Every day with care, one by one: until the end, death, or the last day known."""
    found = set()
    for start, length in records:
        end = LAST if length is None else start + length
        if death is not None:
            end = min(end, death)
        counted = last_day == "counted" or (length is None and death is None)
        found |= set(range(start, end + counted))
    return found


@pytest.mark.parametrize("last_day", ["counted", "not counted"])
@given(records=st.lists(RECORD, max_size=6), death=st.none() | st.integers(41, 59))
def test_days_are_those_counted_one_by_one(last_day, records, death):
    members = pd.DataFrame({"USUBJID": ["P"]})
    ends = [None if length is None else ZERO + datetime.timedelta(days=start + length) for start, length in records]
    adcare = pd.DataFrame({
        "USUBJID": "P", "KIND": "FEEDING-TUBE",
        "CASTDT": pd.to_datetime([ZERO + datetime.timedelta(days=start) for start, _ in records]),
        "CAENDT": pd.to_datetime(pd.Series(ends, dtype=object)),
    })  # fmt: skip
    never = np.datetime64("NaT", "D")
    seen = Seen(np.array([date(LAST if death is None else death)]), np.array([never if death is None else date(death)]))
    item = type(TUBE)("tube", "Tube", "FEEDING-TUBE", ("early",), last_day)
    courses = find_courses(adcare, members, item, seen)
    expected = days_with(records, last_day, death)
    on = {day for day in range(LAST + 3) if in_place(courses, np.array([date(day)]))[0]}
    assert on == expected
    whole = Span(pd.Series([pd.Timestamp(ZERO)]), pd.Series([pd.NaT]))
    assert days_in(courses, whole).sum() == len(expected)
    part = Span(pd.Series([pd.Timestamp(date(10))]), pd.Series([pd.Timestamp(date(END))]))
    counted = courses_in(courses, EARLY, part)
    assert days_in(courses.kept(counted), part).sum() == len(expected & set(range(10, END + 1)))


@given(months=st.integers(0, 120))
def test_months_are_whole_days(months):
    """The nearest number of days to months of mean length: never half a day away."""
    assert abs(months_days(float(months)) - months * DAYS_PER_MONTH) <= 0.5

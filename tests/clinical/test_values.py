"""Codes, numbers and days brought to arrays; ages on birthdays; 15 significant digits."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import pytest

from npcstats.clinical.values import as_days, as_floats, as_texts, completed_years, is_recorded, significant
from npcstats.errors import DataError


@pytest.mark.parametrize(
    ("birth", "day", "years"),
    [
        ("2008-05-05", "2026-05-04", 17), ("2008-05-05", "2026-05-05", 18), ("2008-05-05", "2026-05-06", 18),
        ("2008-02-29", "2026-02-28", 17), ("2008-02-29", "2026-03-01", 18), ("2008-02-29", "2028-02-29", 20),
        ("2008-12-31", "2009-01-01", 0), ("2026-05-06", "2026-05-05", -1), ("1950-01-31", "2026-01-31", 76),
    ],
)  # fmt: skip
def test_completed_years(birth: str, day: str, years: int) -> None:
    assert completed_years([birth], [day])[0] == years


def test_years_agree_with_the_calendar_on_every_day_of_a_leap_cycle() -> None:
    birth = datetime.date(2000, 2, 29)
    days = [birth + datetime.timedelta(days=step) for step in range(0, 366 * 5)]
    expected = [day.year - 2000 - ((day.month, day.day) < (2, 29)) for day in days]
    assert completed_years([birth] * len(days), days).tolist() == expected


def test_significant_digits() -> None:
    np.testing.assert_array_equal(
        significant(np.array([0.1 + 0.2, 1.1 - 0.6, 5e-324, np.nan])), [0.3, 0.5, 5e-324, np.nan]
    )


def test_days_from_everything_a_frame_may_hold() -> None:
    series = pd.Series(pd.to_datetime(["2026-01-02", None]))
    expected = np.array(["2026-01-02", "NaT"], dtype="datetime64[D]")
    for values in (series, series.to_numpy(), ["2026-01-02", ""], [datetime.date(2026, 1, 2), None],
                   [pd.Timestamp("2026-01-02"), pd.NaT]):  # fmt: skip
        np.testing.assert_array_equal(as_days(values, "day"), expected)


@pytest.mark.parametrize("text", ["2026-01", "2026", "2026-02-30", "02/01/2026", "20260102", 20260102])
def test_what_is_no_whole_date_is_refused(text: object) -> None:
    with pytest.raises(DataError, match="not a date"):
        as_days([text], "day")


def test_missing_values_of_every_kind() -> None:
    assert is_recorded([None, "", np.nan, pd.NaT, 0, "N"]).tolist() == [False, False, False, False, True, True]
    assert as_texts([None, np.nan, "", 1.0, 1, "a"], "code", levels=None).tolist() == ["", "", "", "1", "1", "a"]
    np.testing.assert_array_equal(as_floats([None, "", 2, np.nan], "number"), [np.nan, np.nan, 2, np.nan])


@pytest.mark.parametrize("value", ["5", True, float("inf")])
def test_what_is_no_number_is_refused(value: object) -> None:
    with pytest.raises(DataError, match="not a finite number"):
        as_floats([1.0, value], "number")


def test_a_list_keeps_its_items_as_they_are() -> None:
    """NumPy makes text of 2.5 beside a blank, and 1.0 of True."""
    np.testing.assert_array_equal(as_floats([2.5, ""], "number"), [2.5, np.nan])

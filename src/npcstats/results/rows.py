"""One row, one scalar: its columns, its key, the vocabulary that several kinds of analysis share, and rows in sets.

Everything left of the results knows participants, everything right of them nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from operator import attrgetter
from typing import Any

from npcstats.estimators.types import Interval

KEY_COLUMNS = (
    "analysis",
    "population",
    "subgroup",
    "arm",
    "reference",
    "block",
    "variable",
    "level",
    "window",
    "time",
    "measure",
    "stat",
)
PAYLOAD_COLUMNS = ("value", "unit", "method", "conf_level", "note", "reason")
COLUMNS = KEY_COLUMNS + PAYLOAD_COLUMNS
NUMBERS = ("time", "value", "conf_level")
SEPARATOR = "|"
EVERYONE = "all"
WITHHELD, SETTLED = "withheld", "settled"
REASONS: dict[str, str] = {
    WITHHELD: "the number is known but not published, and is printed as ``s``",
    SETTLED: "there is no number for everyone to see, whatever the data, so there is nothing to withhold",
}
"""Why a row has no value, where something is decided by it; the note tells it to the reader, and decides nothing."""

_BREAKS_KEY, _BREAKS_LINE = re.compile(r'["\n\r]'), re.compile(r"[\n\r]")
_before_time, _after_time = attrgetter(*KEY_COLUMNS[: KEY_COLUMNS.index("time")]), attrgetter("measure", "stat")
columns_of = attrgetter(*COLUMNS)
"""All columns of a row, in their order."""
NAN = math.nan
"""What every NaN of a row is, so that it can be told by `is`."""

STATS = ("estimate", "ci_low", "ci_high", "std_error", "df", "statistic", "p_value", "count", "total")

MEASURES: dict[str, str] = {
    "participants": "participants in the group",
    "not_evaluable": "participants of the group who are outside the denominator",
    "observed": "participants with a value",
    "missing": "participants without a value",
    "records": "records, several per participant possible",
    "proportion": "share of a group",
    "mean": "arithmetic mean",
    "std_deviation": "standard deviation",
    "minimum": "smallest value",
    "first_quartile": "25th percentile",
    "median": "50th percentile",
    "third_quartile": "75th percentile",
    "maximum": "largest value",
    "smd": "standardized mean difference",
    "risk": "participants with an event over those evaluable",
    "risk_difference": "difference of two risks",
    "geometric_mean": "geometric mean",
    "change": "mean of the change from baseline",
    "mean_difference": "difference of two mean changes from baseline",
    "change_ratio": "geometric mean of the ratio to baseline",
    "geometric_mean_ratio": "ratio of two geometric means of ratios to baseline",
    "survival": "probability of no event by a landmark time",
    "survival_curve": "probability of no event, at each step of the curve",
    "censored_curve": "participants censored at a time",
    "at_risk": "participants under observation just before a time",
    "events": "participants with the event",
    "median_survival": "time by which half have had the event",
    "follow_up": "quantile of follow-up, by reverse Kaplan-Meier",
    "logrank": "log-rank test of equal curves",
    "trend": "test for a trend of survival over ordered groups",
    "restricted_mean": "mean time without the event up to a horizon",
    "survival_difference": "difference of two survival probabilities at a landmark time",
    "restricted_mean_difference": "difference of two restricted means",
    "incidence": "probability of an event by a landmark time, others competing",
    "incidence_curve": "probability of an event, at each step of the curve",
    "incidence_difference": "difference of two incidences at a landmark time",
    "gray": "Gray's test of equal incidence",
    "hazard_ratio": "ratio of two hazards, or for one unit of a covariate",
    "log_hazard_ratio": "natural logarithm of a hazard ratio",
    "proportional_hazards": "test that a hazard ratio does not change with time",
    "scaled_residual": "scaled Schoenfeld residual plus the log hazard ratio, at an event",
    "coefficient_course": "smooth log hazard ratio over time",
    "interaction": "test that a hazard ratio is the same in all levels of a subgroup",
    "enrolled": "participants enrolled by a time",
    "expected_enrolled": "participants planned to be enrolled by a time",
    "projected_date": "day on which enrolment is projected to be complete, as days since 0000-12-31",
    "threshold": "the plan's threshold for a look",
    "threshold_passed": "1 where the watched number is beyond its threshold, else 0",
}


@dataclass(frozen=True, eq=False)
class Row:
    """One scalar of one analysis; see the columns of the results table."""

    analysis: str
    population: str
    measure: str
    stat: str
    value: float
    subgroup: str = EVERYONE
    arm: str = EVERYONE
    reference: str = ""
    block: str = ""
    variable: str = ""
    level: str = ""
    window: str = ""
    time: float = math.nan
    unit: str = ""
    method: str = ""
    conf_level: float = math.nan
    note: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        """Make numbers plain, and every NaN the same object, so that equal rows compare equal."""
        for name in NUMBERS:
            number = getattr(self, name)
            if number is not NAN and (type(number) is not float or math.isnan(number)):
                number = float(number)
                object.__setattr__(self, name, NAN if math.isnan(number) else number)

    def __eq__(self, other: object) -> bool:
        """Tell whether every column is the same, NaN with NaN."""
        return isinstance(other, Row) and self._columns() == other._columns()

    def __hash__(self) -> int:
        """Hash by key."""
        return hash(self.key)

    def _columns(self) -> tuple[str | float, ...]:
        # As tuples, because they compare identical objects as equal, NaN included.
        columns: tuple[str | float, ...] = columns_of(self)
        return columns

    @cached_property
    def key(self) -> str:
        """The row's key as one text.

        Returns
        -------
        str
            Parts in the order of `KEY_COLUMNS`, separated by ``|``.
        """
        return SEPARATOR.join((*_before_time(self), cell_text(self.time), *_after_time(self)))

    @cached_property
    def faults(self) -> tuple[str, ...]:
        """What breaks the contract of a row.

        Returns
        -------
        tuple of str
            One text each; empty where nothing does.
        """
        found = []
        if self.measure not in MEASURES:
            found.append(f"{self.analysis}: measure {self.measure!r} is not in the vocabulary")
        if self.stat not in STATS:
            found.append(f"{self.analysis}: stat {self.stat!r} is not in the vocabulary")
        if math.isnan(self.value) and not self.note:
            found.append(f"{self.key}: no value and no note")
        if self.reason and (self.reason not in REASONS or not math.isnan(self.value)):
            found.append(f"{self.key}: reason {self.reason!r} is not in the vocabulary, or stands beside a value")
        if self.key.count(SEPARATOR) != len(KEY_COLUMNS) - 1 or _BREAKS_KEY.search(self.key):
            found.append(f"{self.analysis}: a key part holds a quote, a line break or {SEPARATOR!r}")
        if _BREAKS_LINE.search(f"{self.unit}{self.method}{self.note}"):
            found.append(f"{self.key}: a unit, method or note holds a line break")
        return tuple(found)


def is_withheld(row: Row) -> bool:
    """Tell whether a number is known but not published.

    Parameters
    ----------
    row : Row
        Of public results.

    Returns
    -------
    bool
        True where its reason says so.
    """
    return row.reason == WITHHELD


def cell_text(value: str | float) -> str:
    """Print what stands in a column, a number in its shortest exact form.

    Parameters
    ----------
    value : str or float
        Text or number.

    Returns
    -------
    str
        The text itself; empty for NaN.
    """
    if isinstance(value, str):
        return value
    return "" if math.isnan(value) else repr(float(value)).removesuffix(".0")


def interval_rows(template: Row, interval: Interval) -> list[Row]:
    """Rows of an estimate and its limits.

    Parameters
    ----------
    template : Row
        Carries key parts and measure; its ``stat`` and payload are replaced.
    interval : Interval
        From an estimator.

    Returns
    -------
    list of Row
        ``estimate``, ``ci_low``, ``ci_high``.
    """
    numbers = {"estimate": interval.estimate, "ci_low": interval.lower, "ci_high": interval.upper}
    payload: dict[str, Any] = {"method": interval.method, "conf_level": interval.conf_level, "note": interval.note}
    return [replace(template, stat=stat, value=float(value), **payload) for stat, value in numbers.items()]


def count_rows(template: Row, count: int, total: int) -> list[Row]:
    """Rows of a count and of its denominator.

    Parameters
    ----------
    template : Row
        Carries key parts and measure; its ``stat`` and ``value`` are replaced.
    count, total : int
        Numerator and denominator.

    Returns
    -------
    list of Row
        ``count``, ``total``.
    """
    return [replace(template, stat="count", value=float(count)), replace(template, stat="total", value=float(total))]


def share_rows(template: Row, count: int, total: int) -> list[Row]:
    """Rows of a count, its denominator and their ratio, without limits.

    Parameters
    ----------
    template : Row
        Carries key parts and measure; its ``stat`` and ``value`` are replaced.
    count, total : int
        Numerator and denominator.

    Returns
    -------
    list of Row
        ``count``, ``total``, ``estimate``; the last is NaN with a note for an empty denominator.
    """
    share = count / total if total else math.nan
    note = "" if total else "Nobody is in the denominator."
    return [*count_rows(template, count, total), replace(template, stat="estimate", value=share, note=note)]


def are_sound(rows: Sequence[Row], keys: Sequence[str]) -> bool:
    """Tell whether no row has a fault: all at once, since most results have none and there are many.

    Parameters
    ----------
    rows : sequence of Row
        The rows.
    keys : sequence of str
        Their keys.

    Returns
    -------
    bool
        False where one of them has.
    """
    separators = len(KEY_COLUMNS) - 1
    return (
        {row.measure for row in rows} <= MEASURES.keys()
        and {row.stat for row in rows} <= set(STATS)
        and all(row.note for row in rows if row.value is NAN)
        and {row.reason for row in rows if row.value is not NAN} <= {""}
        and {row.reason for row in rows} <= {"", *REASONS}
        and all(key.count(SEPARATOR) == separators for key in keys)
        and not _BREAKS_KEY.search("".join(keys))
        and not _BREAKS_LINE.search("".join({part for row in rows for part in (row.unit, row.method, row.note)}))
    )

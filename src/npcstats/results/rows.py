"""One row, one scalar: its columns, its key, the vocabulary that several kinds of analysis share, and rows in sets.

Everything left of the results knows participants, everything right of them nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # who reads results needs no array
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

_MEASURE = re.compile(r"[a-z]+(_[a-z]+)*")
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
    "geometric_mean": "geometric mean",
    "mean_difference": "difference of two means",
    "minimum": "smallest value",
    "first_quartile": "25th percentile",
    "median": "50th percentile",
    "third_quartile": "75th percentile",
    "maximum": "largest value",
    "risk": "participants with an event over those evaluable",
    "risk_difference": "difference of two risks",
    "effective_size": "participants of equal weight that are worth as much as those weighted",
    "risk_ratio": "ratio of two risks",
    "odds_ratio": "ratio of two odds",
    "mean_ratio": "ratio of two geometric means",
    "std_deviation": "standard deviation",
    "smd": "standardized mean difference",
    "geometric_deviation": "geometric standard deviation, a factor",
}
"""Measures that several kinds of analysis share; what only one kind has is in the ``rows.py`` of its folder."""


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

    @classmethod
    def read(cls, columns: Iterable[str | float]) -> Row:
        """Make a row of columns as they were written, many times faster than from arguments.

        Parameters
        ----------
        columns : iterable of str or float
            In the order of `COLUMNS`; a number is a float, and a NaN is `NAN` itself.

        Returns
        -------
        Row
            Equal to the row that was written.
        """
        row = cls.__new__(cls)
        row.__dict__.update(zip(COLUMNS, columns, strict=True))
        return row

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
        if not _MEASURE.fullmatch(self.measure):
            found.append(f"{self.analysis}: measure {self.measure!r} is not of small letters joined by _")
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


def vocabulary_faults(rows: Iterable[Row], measures: Collection[str]) -> list[str]:
    """Find measures that no kind of analysis has declared.

    Parameters
    ----------
    rows : iterable of Row
        All rows of a session.
    measures : collection of str
        The vocabulary: the measures that kinds share, and each kind's own.

    Returns
    -------
    list of str
        A clause for each measure of each analysis, in order.
    """
    found = dict.fromkeys((row.analysis, row.measure) for row in rows)
    return [f"{name}: measure {word!r} is not in the vocabulary" for name, word in found if word not in measures]


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


def rows_of_places(
    templates: Sequence[Row],
    places: Sequence[tuple[str, str]],
    values: Sequence[Sequence[float]],
    notes: Sequence[Sequence[str]],
) -> list[Row]:
    """Rows of many blocks and variables that have the same columns, many times faster than one by one.

    Parameters
    ----------
    templates : sequence of Row, length r
        The columns of each place: all but block, variable, value and note.
    places : sequence of (str, str), length k
        Block and variable.
    values : sequence of sequence of float, shape (k, r)
        Plain floats; NaN where there is none.
    notes : sequence of sequence of str, shape (k, r)
        Why a value is NaN or a limit is cut; empty otherwise.

    Returns
    -------
    list of Row
        Place by place, in the order of the templates.
    """
    block, value = COLUMNS.index("block"), COLUMNS.index("value")
    parts = [
        (whole[:block], whole[block + 2 : value], whole[value + 1 : -2], whole[-1:])
        for whole in map(columns_of, templates)
    ]
    return [
        Row.read((*before, *place, *between, NAN if math.isnan(number) else number, *after, note, *last))
        for place, numbers, told in zip(places, values, notes, strict=True)
        for (before, between, after, last), number, note in zip(parts, numbers, told, strict=True)
    ]


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
        all(map(_MEASURE.fullmatch, {row.measure for row in rows}))
        and {row.stat for row in rows} <= set(STATS)
        and all(row.note for row in rows if row.value is NAN)
        and {row.reason for row in rows if row.value is not NAN} <= {""}
        and {row.reason for row in rows} <= {"", *REASONS}
        and all(key.count(SEPARATOR) == separators for key in keys)
        and not _BREAKS_KEY.search("".join(keys))
        and not _BREAKS_LINE.search("".join({part for row in rows for part in (row.unit, row.method, row.note)}))
    )

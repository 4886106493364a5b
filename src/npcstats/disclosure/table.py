"""The rows of one analysis while it is decided which of them may be published."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from npcstats.disclosure.rule import SmallCounts
from npcstats.formatting import round_number
from npcstats.results import EVERYONE, SETTLED, WITHHELD, Row

STEPS = "_curve"
"""How measures end whose rows stand at the times of events, one for each."""


@dataclass
class PublicTable:
    """Rows of one analysis, what is small, the arms whose set's size is withheld, and what is withheld so far.

    `refused` is what rows of other analyses do not tell, by variable, arm and time: a share at that time, or, with a
    time of -1, how many had the event.
    """

    rows: Sequence[Row]
    rule: SmallCounts
    hidden: frozenset[str]
    refused: frozenset[tuple[str, str, float]] = frozenset()
    gone: set[str] = field(default_factory=set)

    @property
    def why(self) -> str:
        """Why a row is withheld.

        Returns
        -------
        str
            A clause without a full stop.
        """
        return f"a count of {self.rule.words} is meant or could be worked out"

    @cached_property
    def arms(self) -> tuple[str, ...]:
        """Arms, or everyone where there are none.

        Returns
        -------
        tuple of str
            Codes, in the order of the rows.
        """
        found = tuple(dict.fromkeys(row.arm for row in self.rows if not row.reference))
        return tuple(arm for arm in found if arm != EVERYONE) or (EVERYONE,)

    @cached_property
    def indexed(self) -> Mapping[tuple[str, str], list[Row]]:
        """Rows by the value of a column that tells many apart.

        Returns
        -------
        mapping of (str, str) to list of Row
            By column and value.
        """
        found: dict[tuple[str, str], list[Row]] = {}
        for row in self.rows:
            for name in ("variable", "measure"):
                found.setdefault((name, getattr(row, name)), []).append(row)
        return found

    def find(self, **wanted: str) -> list[Row]:
        """Rows whose columns are these.

        Parameters
        ----------
        **wanted : str
            Key columns and their values.

        Returns
        -------
        list of Row
            In order.
        """
        parts = [self.indexed.get((name, wanted[name]), []) for name in ("variable", "measure") if name in wanted]
        rows = min(parts, key=len, default=self.rows)
        return [row for row in rows if all(getattr(row, name) == value for name, value in wanted.items())]

    def count(self, **wanted: str) -> float:
        """The one count with these columns.

        Parameters
        ----------
        **wanted : str
            Key columns and their values.

        Returns
        -------
        float
            Its value; 0 where there is none.
        """
        return next((row.value for row in self.find(**{"stat": "count", **wanted})), 0.0)

    def withhold(self, rows: Iterable[Row]) -> None:
        """Mark rows as withheld.

        Parameters
        ----------
        rows : iterable of Row
            Rows of the table.
        """
        self.gone |= {row.key for row in rows}

    def too_few(self) -> bool:
        """Whether an arm is itself a small count.

        Returns
        -------
        bool
            True also where no row tells the size of an arm.
        """
        sizes = self.find(measure="participants", stat="count")
        return not sizes or any(self.rule.covers(row.value) for row in sizes)

    def done(self) -> list[Row]:
        """The rows, those withheld without their value; subgroups are withheld whole.

        Returns
        -------
        list of Row
            In order, all but the withheld steps of curves: each stands at the day of somebody's event, so that rows
            without a value would tell the days, and their number how many there were.
        """
        gone = [row.key in self.gone or row.subgroup != EVERYONE for row in self.rows]
        return [
            withheld(row, self.why) if hidden and row.reason != SETTLED else row
            for row, hidden in zip(self.rows, gone, strict=True)
            if not (hidden and row.measure.endswith(STEPS))
        ]


def withheld(row: Row, why: str) -> Row:
    """A row without its value, which is known but not published.

    Parameters
    ----------
    row : Row
        Any.
    why : str
        A clause without a full stop.

    Returns
    -------
    Row
        The same, with a note and the reason.
    """
    return replace(row, value=math.nan, note=f"Withheld: {why}.", reason=WITHHELD)


def withhold_all(table: PublicTable) -> list[Row]:
    """Withhold all: what is not known cannot be judged.

    Parameters
    ----------
    table : PublicTable
        Rows of one analysis.

    Returns
    -------
    list of Row
        The rows to publish, in order.
    """
    table.withhold(table.rows)
    return table.done()


def rounded(row: Row, decimals: int) -> Row:
    """A number without the digits that would tell of how many participants it is made.

    Parameters
    ----------
    row : Row
        Any.
    decimals : int
        Digits kept after the decimal point.

    Returns
    -------
    Row
        The same, its value rounded.
    """
    return (
        replace(row, value=float(round_number(row.value, decimals, "half-away"))) if math.isfinite(row.value) else row
    )

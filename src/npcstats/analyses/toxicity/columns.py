"""Columns of a table of many terms, made as arrays and turned into rows at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from npcstats.estimators.types import Intervals
from npcstats.results import Row, rows_of_places

NOBODY = "Nobody is in the denominator."


@dataclass(eq=False)
class Columns:
    """Columns that are added one by one, each with a value for every unit.

    Parameters
    ----------
    templates : list of Row
        A row of each column, without block, variable, value and note.
    values : list of float array
        Of each column, by unit.
    notes : list of object array
        Of each column, by unit.
    """

    templates: list[Row] = field(default_factory=list)
    values: list[np.ndarray] = field(default_factory=list)
    notes: list[np.ndarray] = field(default_factory=list)

    def add(self, template: Row, values: np.ndarray, notes: np.ndarray | None = None) -> None:
        """Add a column.

        Parameters
        ----------
        template : Row
            As in `templates`.
        values : array, shape (k,)
            Numbers.
        notes : object array, shape (k,), optional
            Sentences; none if not given.
        """
        self.templates.append(template)
        self.values.append(np.asarray(values, dtype=float))
        self.notes.append(np.full(len(values), "", dtype=object) if notes is None else notes)

    def add_counts(self, template: Row, counts: np.ndarray, totals: np.ndarray) -> None:
        """Add counts and their denominators.

        Parameters
        ----------
        template : Row
            Its ``stat`` is replaced.
        counts, totals : int array, shape (k,)
            Numerators and denominators.
        """
        self.add(replace(template, stat="count"), counts)
        self.add(replace(template, stat="total"), totals)

    def add_shares(self, template: Row, counts: np.ndarray, totals: np.ndarray) -> None:
        """Add counts, denominators and their ratios, without limits.

        Parameters
        ----------
        template : Row
            Its ``stat`` is replaced.
        counts, totals : int array, shape (k,)
            Numerators and denominators.
        """
        self.add_counts(template, counts, totals)
        shares = np.divide(counts, totals, out=np.full(len(totals), math.nan), where=totals > 0)
        notes = np.where(totals > 0, "", NOBODY).astype(object)
        self.add(replace(template, stat="estimate"), shares, notes)

    def add_intervals(self, template: Row, intervals: Intervals) -> None:
        """Add estimates and their limits.

        Parameters
        ----------
        template : Row
            Its ``stat``, ``method`` and ``conf_level`` are replaced.
        intervals : Intervals
            Of every unit.
        """
        named = replace(template, method=intervals.method, conf_level=intervals.conf_level)
        notes = np.array(intervals.notes, dtype=object)
        for stat, values in (
            ("estimate", intervals.estimate),
            ("ci_low", intervals.lower),
            ("ci_high", intervals.upper),
        ):
            self.add(replace(named, stat=stat), values, notes)

    def rows(self, places: Sequence[tuple[str, str]], order: Sequence[int]) -> list[Row]:
        """Turn all columns into rows.

        Parameters
        ----------
        places : sequence of (str, str)
            Block and variable, in page order.
        order : sequence of int
            Which unit each is.

        Returns
        -------
        list of Row
            Place by place.
        """
        values = np.column_stack(self.values)[list(order)].tolist()
        notes = np.column_stack(self.notes)[list(order)].tolist()
        return rows_of_places(self.templates, places, values, notes)

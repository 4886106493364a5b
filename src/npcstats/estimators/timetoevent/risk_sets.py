"""The risk sets of a partial likelihood, made once, and the sums over them.

Risk sets are never listed: a row is at risk from one event time to another, so every sum over a risk set is a
difference of running sums, and every sum over risk sets that a row is in is one too.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from npcstats.estimators.timetoevent.samples import sum_by
from npcstats.estimators.types import BoolArray, FloatArray, IntArray

# more strata than this are summed side by side
_FEW_SEGMENTS = 100


@dataclass(frozen=True, eq=False)
class Lasting:
    """Rows that stay at risk after their exit, with the probability that they would not have been censored yet."""

    row: IntArray  # (l,) in order of exit
    group: IntArray  # (l,)
    inverse: FloatArray  # (l,) 1 over the probability just before their exit
    probability: FloatArray  # (g, m) of each group, just before each cell


@dataclass(frozen=True, eq=False)
class RiskSets:
    """Rows, the event times at which they are at risk, and the terms of the likelihood; rows in order of exit.

    A cell is a distinct event time of a stratum; cells are in order of stratum, then time. A term is one factor of
    the denominator: one for each cell by Breslow, one for each event by Efron. A row is at risk in the cells
    ``first`` to ``exit``, both included; a lasting one, of the only stratum, in later cells too.
    """

    source: IntArray  # (n,) position of each row among those given
    weight: FloatArray  # (n,)
    event: BoolArray  # (n,)
    stratum: IntArray  # (n,)
    first: IntArray  # (n,)
    exit: IntArray  # (n,)
    exit_start: IntArray  # (m,) first row that leaves at each cell
    late: IntArray  # (e,) rows that enter after the first cell of their stratum, in order of entry
    late_cell: IntArray  # (e',) distinct cells before which they enter
    late_start: IntArray  # (e',) first of `late` at each of those
    dead: IntArray  # (d,) rows with the event, in order of cell
    dead_start: IntArray  # (m,) first of `dead` at each cell
    dead_weight: FloatArray  # (m,) sum of their weights
    forward: IntArray  # (s + 1,) first cell of each stratum that has any, and m
    backward: IntArray  # (s + 1,) the same, cells counted from the last
    cell_time: FloatArray  # (m,)
    cell_stratum: IntArray  # (m,)
    term_cell: IntArray  # (q,)
    term_share: FloatArray  # (q,) share of the events of the cell that the term leaves out
    term_weight: FloatArray  # (q,)
    tied: bool  # whether any share is above 0
    lasting: Lasting | None = None

    def sum_at_risk(self, amounts: FloatArray) -> FloatArray:
        """Sum amounts over the rows at risk in each cell.

        Parameters
        ----------
        amounts : ndarray of float, shape (n,)
            One for each row.

        Returns
        -------
        ndarray of float, shape (m,)
            Sums.
        """
        change = np.add.reduceat(amounts, self.exit_start)
        if len(self.late):
            change[self.late_cell] -= np.add.reduceat(amounts[self.late], self.late_start)
        total = _running_sums(change[::-1], self.backward)[::-1]
        if self.lasting is not None:
            scaled, begin = amounts[self.lasting.row] * self.lasting.inverse, self.exit[self.lasting.row] + 1
            for group, probability in enumerate(self.lasting.probability):
                own = self.lasting.group == group
                joined = sum_by(begin[own], scaled[own], len(total) + 1)[:-1]
                total = total + probability * np.cumsum(joined)
        return total

    def sum_dead(self, amounts: FloatArray) -> FloatArray:
        """Sum amounts over the rows with the event in each cell.

        Parameters
        ----------
        amounts : ndarray of float, shape (n,)
            One for each row.

        Returns
        -------
        ndarray of float, shape (m,)
            Sums.
        """
        return np.asarray(np.add.reduceat(amounts[self.dead], self.dead_start))

    def sum_over_risk(self, amounts: FloatArray) -> FloatArray:
        """Sum amounts over the cells in which each row is at risk.

        Parameters
        ----------
        amounts : ndarray of float, shape (m,)
            One for each cell.

        Returns
        -------
        ndarray of float, shape (n,)
            Sums.
        """
        running = np.concatenate([[0.0], _running_sums(amounts, self.forward)])
        result = running[self.exit + 1]
        if len(self.late):
            result[self.late] -= running[self.first[self.late]]
        if self.lasting is not None:
            begin = self.exit[self.lasting.row] + 1
            for group, probability in enumerate(self.lasting.probability):
                own = self.lasting.group == group
                to_come = np.append(np.cumsum((probability * amounts)[::-1])[::-1], 0.0)
                result[self.lasting.row[own]] += self.lasting.inverse[own] * to_come[begin[own]]
        return np.asarray(result)

    def sum_terms(self, amounts: FloatArray) -> FloatArray:
        """Sum amounts over the terms of each cell.

        Parameters
        ----------
        amounts : ndarray of float, shape (q,)
            One for each term.

        Returns
        -------
        ndarray of float, shape (m,)
            Sums.
        """
        return amounts if not self.tied else sum_by(self.term_cell, amounts, len(self.cell_time))

    def average_terms(self, amounts: FloatArray) -> FloatArray:
        """Average amounts over the terms of each cell.

        Parameters
        ----------
        amounts : ndarray of float, shape (q,)
            One for each term.

        Returns
        -------
        ndarray of float, shape (m,)
            Averages.
        """
        return self.sum_terms(amounts) / np.bincount(self.term_cell, minlength=len(self.cell_time))


def _running_sums(amounts: FloatArray, segment: IntArray) -> FloatArray:
    """Sum from the start of each segment on; never as a difference of sums across segments, which would lose digits."""
    result = np.array(amounts)
    if len(segment) <= _FEW_SEGMENTS:
        for begin, end in itertools.pairwise(segment):
            np.cumsum(amounts[begin:end], out=result[begin:end])
        return result
    length = np.diff(segment)
    place = np.arange(len(amounts)) - np.repeat(segment[:-1], length)
    step = 1
    while step < length.max():
        reached = np.flatnonzero(place >= step)
        result[reached] += result[reached - step]
        step *= 2
    return result


def make_risk_sets(
    times: FloatArray,
    events: BoolArray,
    entries: FloatArray | None,
    stratum: IntArray,
    weights: FloatArray,
    ties: str,
    *,
    staying: BoolArray | None = None,
) -> RiskSets:
    """Find the risk sets.

    Parameters
    ----------
    times : ndarray of float, shape (n,)
        Times of the event or of censoring, near ties made equal.
    events : ndarray of bool, shape (n,)
        True for an event; at least one.
    entries : ndarray of float, shape (n,), or None
        Times at which observation began; a row is at risk after its entry. None for at risk from the start.
    stratum : ndarray of int, shape (n,)
        Stratum of each row.
    weights : ndarray of float > 0, shape (n,)
        Case weights.
    ties : {"efron", "breslow"}
        How tied events share a denominator.
    staying : ndarray of bool, shape (n,), or None
        Rows to keep even if no event comes before their exit.

    Returns
    -------
    RiskSets
        Of the rows that are at risk at some event, and of those that stay.
    """
    distinct, ranks = np.unique(times, return_inverse=True)
    width = len(distinct)
    key = stratum * width + ranks.reshape(-1)
    cells = np.unique(key[events])
    last = np.searchsorted(cells, key, side="right") - 1
    stratum_first = first = np.searchsorted(cells, stratum * width)
    if entries is not None:
        # an entry that is an event time is before the next one: at risk after it only
        first = np.searchsorted(cells, stratum * width + np.searchsorted(distinct, entries, side="right"))
    used = last >= first if staying is None else (last >= first) | staying
    source = np.flatnonzero(used)
    source = source[np.argsort(last[source], kind="stable")]
    last, first, event = last[source], first[source], events[source]

    late, late_cell, late_start = _find_late(first, stratum_first[source])
    dead = np.flatnonzero(event)
    dead_start = np.searchsorted(last[dead], np.arange(len(cells)))
    dead_weight = np.add.reduceat(weights[source][dead], dead_start)
    term_cell, term_share, term_weight = _share_denominators(dead_start, len(dead), dead_weight, ties)
    forward = np.append(np.unique(cells // width, return_index=True)[1], len(cells))
    return RiskSets(
        source=source,
        weight=weights[source],
        event=event,
        stratum=stratum[source],
        first=first,
        exit=last,
        exit_start=np.searchsorted(last, np.arange(len(cells))),
        late=late,
        late_cell=late_cell,
        late_start=late_start,
        dead=dead,
        dead_start=dead_start,
        dead_weight=dead_weight,
        forward=forward,
        backward=(len(cells) - forward)[::-1],
        cell_time=distinct[cells % width],
        cell_stratum=cells // width,
        term_cell=term_cell,
        term_share=term_share,
        term_weight=term_weight,
        tied=bool((term_share > 0).any()),
    )


def _find_late(first: IntArray, stratum_first: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Find the rows that enter after the first cell of their stratum, before which cells, and where those begin."""
    late = np.flatnonzero(first > stratum_first)
    late = late[np.argsort(first[late], kind="stable")]
    return late, *np.unique(first[late] - 1, return_index=True)


def _share_denominators(
    dead_start: IntArray, n_dead: int, dead_weight: FloatArray, ties: str
) -> tuple[IntArray, FloatArray, FloatArray]:
    """Return cell, share left out and weight of each term."""
    cells = np.arange(len(dead_start))
    if ties != "efron":
        return cells, np.zeros(len(cells)), dead_weight
    count = np.diff(np.append(dead_start, n_dead))
    term_cell = np.repeat(cells, count)
    term_share = (np.arange(n_dead) - dead_start[term_cell]) / count[term_cell]
    return term_cell, term_share, (dead_weight / count)[term_cell]

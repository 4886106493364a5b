"""The partial likelihood of Cox's model: risk sets made once, then likelihood, derivatives and residuals from sums.

Risk sets are never listed: a row is at risk from one event time to another, so every sum over a risk set is a
difference of running sums, and every sum over risk sets that a row is in is one too. An evaluation costs
O(n k^2), whatever the number of events.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from npcstats.estimators.timetoevent.samples import BoolArray, FloatArray, IntArray, sum_by

# rows multiplied at once: bounds the memory of a weighted cross product
_BLOCK = 1 << 14
# a denominator smaller than this, relative to the largest risk of the stratum, is lost to rounding
_LOST = 1e-250
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
    ranks = np.unique(times, return_inverse=True)[1].reshape(-1)
    width = int(ranks.max()) + 1
    key = stratum * width + ranks
    cells = np.unique(key[events])
    exit_ = np.searchsorted(cells, key, side="right") - 1
    stratum_first = np.searchsorted(cells, stratum * width)
    first = stratum_first
    distinct = np.unique(times)
    if entries is not None:
        # an entry that is an event time is before the next one: at risk after it only
        first = np.searchsorted(cells, stratum * width + np.searchsorted(distinct, entries, side="right"))
    used = exit_ >= first if staying is None else (exit_ >= first) | staying
    source = np.flatnonzero(used)
    source = source[np.argsort(exit_[source], kind="stable")]
    exit_, first, event = exit_[source], first[source], events[source]

    late = np.flatnonzero(first > stratum_first[source])
    late = late[np.argsort(first[late], kind="stable")]
    late_cell, late_start = np.unique(first[late] - 1, return_index=True)
    dead = np.flatnonzero(event)
    dead_start = np.searchsorted(exit_[dead], np.arange(len(cells)))
    count = np.diff(np.append(dead_start, len(dead)))
    dead_weight = np.add.reduceat(weights[source][dead], dead_start)
    if ties == "efron":
        term_cell = np.repeat(np.arange(len(cells)), count)
        term_share = (np.arange(len(dead)) - dead_start[term_cell]) / count[term_cell]
        term_weight = (dead_weight / count)[term_cell]
    else:
        term_cell, term_share, term_weight = np.arange(len(cells)), np.zeros(len(cells)), dead_weight
    forward = np.append(np.unique(cells // width, return_index=True)[1], len(cells))
    return RiskSets(
        source=source,
        weight=weights[source],
        event=event,
        stratum=stratum[source],
        first=first,
        exit=exit_,
        exit_start=np.searchsorted(exit_, np.arange(len(cells))),
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


@dataclass(frozen=True, eq=False)
class Moments:
    """What the derivatives of the partial likelihood are made from, at one value of the coefficients.

    The means are those of the covariates over the risk set of each term, weighted by risk.
    """

    loglik: float
    risk: FloatArray  # (n,) weight times relative hazard, up to a factor for each stratum
    denominator: FloatArray  # (q,)
    hazard: FloatArray  # (q,) weight of the term over its denominator
    mean: FloatArray  # (q, k)

    @property
    def is_finite(self) -> bool:
        """Say whether no denominator was lost to rounding.

        Returns
        -------
        bool
            True where the means are defined.
        """
        return bool(np.isfinite(self.loglik))


def _relative_risk(sets: RiskSets, predictor: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the predictor less its largest value in the stratum, which cancels, and the weighted risk."""
    top = np.full(int(sets.stratum.max()) + 1, -np.inf)
    np.maximum.at(top, sets.stratum, predictor)
    relative = predictor - top[sets.stratum]
    return relative, sets.weight * np.exp(relative)


def _denominator(sets: RiskSets, risk: FloatArray) -> FloatArray:
    total = sets.sum_at_risk(risk)
    if not sets.tied:
        return total
    return np.asarray(total[sets.term_cell] - sets.term_share * sets.sum_dead(risk)[sets.term_cell])


def _log_likelihood(sets: RiskSets, relative: FloatArray, denominator: FloatArray) -> float:
    if not (denominator > _LOST).all():
        return -np.inf
    own = sets.weight[sets.dead] @ relative[sets.dead]
    return float(own - sets.term_weight @ np.log(denominator))


def take_moments(sets: RiskSets, values: FloatArray, predictor: FloatArray) -> Moments:
    """Compute likelihood and means over the risk sets.

    Parameters
    ----------
    sets : RiskSets
        The risk sets.
    values : ndarray of float, shape (n, k)
        Covariates of their rows; fastest with columns contiguous.
    predictor : ndarray of float, shape (n,)
        Linear predictor of each row.

    Returns
    -------
    Moments
        Their means are NaN where the likelihood is not finite.
    """
    relative, risk = _relative_risk(sets, predictor)
    denominator = _denominator(sets, risk)
    loglik = _log_likelihood(sets, relative, denominator)
    mean = np.full((len(denominator), values.shape[1]), np.nan, order="F")
    if not np.isfinite(loglik):
        return Moments(loglik, risk, denominator, mean[:, 0] if values.shape[1] else denominator, mean)
    for j in range(values.shape[1]):
        amounts = risk * values[:, j]
        total = sets.sum_at_risk(amounts)
        if sets.tied:
            total = total[sets.term_cell] - sets.term_share * sets.sum_dead(amounts)[sets.term_cell]
        mean[:, j] = total / denominator
    return Moments(loglik, risk, denominator, sets.term_weight / denominator, mean)


def score_vector(
    sets: RiskSets, values: FloatArray, moments: Moments, time_weight: FloatArray | None = None
) -> FloatArray:
    """Return the first derivative of the log likelihood.

    Parameters
    ----------
    sets : RiskSets
        The risk sets.
    values : ndarray of float, shape (n, k)
        Covariates of their rows.
    moments : Moments
        At the coefficients wanted.
    time_weight : ndarray of float, shape (m,), or None
        Factor of each cell; None for 1.

    Returns
    -------
    ndarray of float, shape (k,)
        Covariates of those with the event, less their means.
    """
    own, term = sets.weight[sets.dead], sets.term_weight
    if time_weight is not None:
        own, term = own * time_weight[sets.exit[sets.dead]], term * time_weight[sets.term_cell]
    return np.asarray(own @ values[sets.dead] - term @ moments.mean)


def exposure(sets: RiskSets, moments: Moments, time_weight: FloatArray | None = None) -> FloatArray:
    """Return the expected number of events of each row.

    Parameters
    ----------
    sets : RiskSets
        The risk sets.
    moments : Moments
        At the coefficients wanted.
    time_weight : ndarray of float, shape (m,), or None
        Factor of each cell; None for 1.

    Returns
    -------
    ndarray of float, shape (n,)
        Risk times the hazard summed over the cells in which the row is at risk; of its own cell a row with the
        event has, by Efron, only the share that its term leaves in.
    """
    hazard = moments.hazard if time_weight is None else moments.hazard * time_weight[sets.term_cell]
    total = sets.sum_over_risk(sets.sum_terms(hazard))
    if sets.tied:
        left_out = sets.sum_terms(hazard * sets.term_share)
        total[sets.dead] -= left_out[sets.exit[sets.dead]]
    return np.asarray(moments.risk * total)


def information_matrix(
    sets: RiskSets, values: FloatArray, moments: Moments, time_weight: FloatArray | None = None
) -> FloatArray:
    """Return minus the second derivative of the log likelihood.

    Parameters
    ----------
    sets : RiskSets
        The risk sets.
    values : ndarray of float, shape (n, k)
        Covariates of their rows.
    moments : Moments
        At the coefficients wanted.
    time_weight : ndarray of float, shape (m,), or None
        Factor of each cell; None for 1.

    Returns
    -------
    ndarray of float, shape (k, k)
        Sum over terms of the covariance of the covariates in the risk set.
    """
    term = sets.term_weight if time_weight is None else sets.term_weight * time_weight[sets.term_cell]
    return cross_product(values, exposure(sets, moments, time_weight)) - cross_product(moments.mean, term)


def cross_product(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Return X' diag(w) X, made block by block.

    Parameters
    ----------
    values : ndarray of float, shape (n, k)
        X.
    weights : ndarray of float, shape (n,)
        The diagonal.

    Returns
    -------
    ndarray of float, shape (k, k)
        Symmetric.
    """
    total = np.zeros((values.shape[1], values.shape[1]))
    for begin in range(0, len(values), _BLOCK):
        block = values[begin : begin + _BLOCK]
        total += (block * weights[begin : begin + _BLOCK, np.newaxis]).T @ block
    return (total + total.T) / 2


def score_residuals(sets: RiskSets, values: FloatArray, moments: Moments) -> FloatArray:
    """Return each row's part of the score, case weight included.

    Parameters
    ----------
    sets : RiskSets
        The risk sets.
    values : ndarray of float, shape (n, k)
        Covariates of their rows.
    moments : Moments
        At the coefficients wanted.

    Returns
    -------
    ndarray of float, shape (n, k)
        Their sum is the score. By Efron an event at a tie has the average over the terms.

    References
    ----------
    Therneau TM, Grambsch PM. Modeling Survival Data. Springer 2000. doi:10.1007/978-1-4757-3294-8
    """
    expected, cell = exposure(sets, moments), sets.exit[sets.dead]
    result = np.empty(values.shape)
    for j in range(values.shape[1]):
        mean = moments.mean[:, j]
        paid = sets.sum_over_risk(sets.sum_terms(moments.hazard * mean))
        if sets.tied:
            paid[sets.dead] -= sets.sum_terms(moments.hazard * mean * sets.term_share)[cell]
        column = moments.risk * paid - expected * values[:, j]
        column[sets.dead] += sets.weight[sets.dead] * (values[sets.dead, j] - sets.average_terms(mean)[cell])
        result[:, j] = column
    return result


def schoenfeld_residuals(sets: RiskSets, values: FloatArray, moments: Moments) -> FloatArray:
    """Return the covariates of each event less their mean over the risk set.

    Parameters
    ----------
    sets : RiskSets
        The risk sets.
    values : ndarray of float, shape (n, k)
        Covariates of their rows.
    moments : Moments
        At the coefficients wanted.

    Returns
    -------
    ndarray of float, shape (d, k)
        In the order of ``sets.dead``: by stratum, then time, then row; by Efron less the average of the means.
    """
    cell = sets.exit[sets.dead]
    average = np.column_stack([sets.average_terms(column) for column in moments.mean.T])
    return np.asarray(values[sets.dead] - average[cell])

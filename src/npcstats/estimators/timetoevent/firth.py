"""Firth's penalized partial likelihood: a finite estimate where the likelihood has no maximum.

Half the logarithm of the determinant of the information is added to the log likelihood. Limits and tests come from
the profile of the sum, since it is far from symmetric where it is needed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from npcstats.estimators.distributions import chi_square_upper, normal_quantile
from npcstats.estimators.timetoevent.maximum import solve_positive
from npcstats.estimators.timetoevent.partial_likelihood import (
    Moments,
    exposure,
    information_matrix,
    score_vector,
    take_moments,
)
from npcstats.estimators.timetoevent.risk_sets import RiskSets
from npcstats.estimators.types import FloatArray, IntArray

# rows times terms up to which central moments are summed one by one: their differences lose digits near separation
_DIRECT = 500_000
_BLOCK = 200_000  # rows times terms times columns that are held at once
_ITERATIONS = 200
_STEPS = 50  # of one climb
_HALVINGS = 20
_DECREMENT = 1e-17  # in squared standard errors
_DIFFERENCE = 1e-4  # step of the numerical second derivative, in standard deviations
_POINTS = 60  # of a profile, for one limit
_LOST_POINTS = 4  # of which the maximum was not found, before a limit is given up
_STALLED = 1e-10  # decrement at which a climb that rounding has stopped is at its end
_REACHED = 1e-10  # of the signed root of the deviance


@dataclass(frozen=True, eq=False)
class PenalizedPoint:
    """The penalized log likelihood at one value of the coefficients; minus infinity where it is undefined."""

    coef: FloatArray  # (k,)
    value: float
    score: FloatArray  # (k,)
    moments: Moments
    information: FloatArray  # (k, k) without the penalty's part


@dataclass(frozen=True, eq=False)
class PenalizedMaximum:
    """The largest point, with the curvature there."""

    point: PenalizedPoint
    curvature: FloatArray  # (k, k) minus the second derivative, penalty included
    iterations: int
    converged: bool


def penalize(sets: RiskSets, values: FloatArray, coef: FloatArray) -> PenalizedPoint:
    """Compute the penalized log likelihood and its derivative.

    Parameters
    ----------
    sets : RiskSets
        The risk sets.
    values : ndarray of float, shape (n, k)
        Standardized columns, none a combination of the others.
    coef : ndarray of float, shape (k,)
        Coefficients.

    Returns
    -------
    PenalizedPoint
        There.

    Notes
    -----
    The penalty's derivative is half the trace of the inverse information times its derivative, which is a sum of
    third central moments over risk sets. With A the inverse information, a row's x'Ax and x in place of the three
    factors, it needs sums over rows and terms only.

    References
    ----------
    Firth D. Biometrika 1993;80:27. doi:10.1093/biomet/80.1.27
    Heinze G, Schemper M. Biometrics 2001;57:114. doi:10.1111/j.0006-341X.2001.00114.x
    """
    moments = take_moments(sets, values, values @ coef)
    nothing = np.full(len(coef), np.nan)
    if not moments.is_finite:
        return PenalizedPoint(coef, -math.inf, nothing, moments, np.full((len(coef), len(coef)), np.nan))
    direct = len(values) * len(sets.term_cell) <= _DIRECT
    centered = _center(sets, values, moments) if direct else []
    information = (
        sum((block.information() for block in centered), np.zeros((len(coef), len(coef))))
        if direct
        else information_matrix(sets, values, moments)
    )
    inverse = solve_positive(information, np.eye(len(coef)))
    with np.errstate(divide="ignore"):  # a singular matrix has the sign 0
        sign, logdet = np.linalg.slogdet(information)
    if inverse is None or sign <= 0 or not np.isfinite(inverse).all():
        return PenalizedPoint(coef, -math.inf, nothing, moments, information)
    slope = (
        sum((block.slope(inverse) for block in centered), np.zeros(len(coef)))
        if direct
        else _trace_of_third_moments(sets, values, moments, inverse)
    )
    score = score_vector(sets, values, moments) + slope / 2
    return PenalizedPoint(coef, moments.loglik + float(logdet) / 2, score, moments, information)


@dataclass(frozen=True, eq=False)
class _Centered:
    """Rows at risk in some terms of the likelihood: how far each is from the mean there, and its weight there."""

    values: FloatArray  # (pairs, k)
    weight: FloatArray  # (pairs,)

    def information(self) -> FloatArray:
        """Sum the second central moments, shape (k, k)."""
        return (self.values * self.weight[:, np.newaxis]).T @ self.values

    def slope(self, inverse: FloatArray) -> FloatArray:
        """Return tr(A dI/db_r) for each coefficient, with A the inverse information, shape (k,)."""
        squared = np.einsum("ij,ij->i", self.values @ inverse, self.values)
        total: FloatArray = (self.weight * squared) @ self.values
        return total


def _center(sets: RiskSets, values: FloatArray, moments: Moments) -> list[_Centered]:
    """Center the rows in the risk set of each term, some terms at a time."""
    size = max(1, _BLOCK // max(1, values.size))
    return [
        _Centered(
            values.take(row, axis=0) - moments.mean.take(term, axis=0),
            share * moments.risk[row] * moments.hazard[term],
        )
        for term, row, share in _pairs_at_risk(sets, size)
    ]


@lru_cache(maxsize=4)
def _pairs_at_risk(sets: RiskSets, size: int) -> tuple[tuple[IntArray, IntArray, FloatArray], ...]:
    """Terms, rows at risk in them and the share of their weight that counts, `size` terms at a time."""
    made = []
    for begin in range(0, len(sets.term_cell), size):
        cell = sets.term_cell[begin : begin + size, np.newaxis]
        term, row = np.nonzero((sets.first <= cell) & (sets.exit >= cell))
        own = (sets.exit[row] == cell[term, 0]) & sets.event[row]
        made.append((term + begin, row, 1 - sets.term_share[term + begin] * own))
    return tuple(made)


def _trace_of_third_moments(sets: RiskSets, values: FloatArray, moments: Moments, inverse: FloatArray) -> FloatArray:
    """Return tr(A dI/db_r) for each coefficient, shape (k,)."""
    mean, weight = moments.mean, sets.term_weight
    squared = np.einsum("ij,ij->i", values @ inverse, values)
    amounts = moments.risk * squared
    total = sets.sum_at_risk(amounts)
    if sets.tied:
        total = total[sets.term_cell] - sets.term_share * sets.sum_dead(amounts)[sets.term_cell]
    mean_squared = total / moments.denominator
    projected = mean @ inverse
    along = np.zeros(len(values))
    for j in range(values.shape[1]):
        paid = sets.sum_over_risk(sets.sum_terms(moments.hazard * projected[:, j]))
        if sets.tied:
            left_out = sets.sum_terms(moments.hazard * projected[:, j] * sets.term_share)
            paid[sets.dead] -= left_out[sets.exit[sets.dead]]
        along += values[:, j] * paid
    of_rows = (exposure(sets, moments) * squared - 2 * moments.risk * along) @ values
    of_terms = (weight * (2 * np.einsum("ij,ij->i", projected, mean) - mean_squared)) @ mean
    return np.asarray(of_rows + of_terms)


def maximize_penalized(sets: RiskSets, values: FloatArray) -> PenalizedMaximum:
    """Maximize the penalized log likelihood.

    Parameters
    ----------
    sets : RiskSets
        The risk sets.
    values : ndarray of float, shape (n, k)
        Standardized columns, none a combination of the others.

    Returns
    -------
    PenalizedMaximum
        With curvature by central differences of the derivative.
    """
    point, iterations, converged = penalize(sets, values, np.zeros(values.shape[1])), 0, False
    while iterations < _ITERATIONS and not converged:
        curvature = _curvature(sets, values, point)
        point, done, count = _climb(sets, values, point, np.arange(len(point.coef)), curvature, 3)
        iterations += count
        converged = done
    return PenalizedMaximum(point, _curvature(sets, values, point), iterations, converged)


def _curvature(sets: RiskSets, values: FloatArray, point: PenalizedPoint) -> FloatArray:
    """Return minus the second derivative; the information where that is not positive definite."""
    k = len(point.coef)
    result = np.empty((k, k))
    for j in range(k):
        step = np.zeros(k)
        step[j] = _DIFFERENCE
        ahead = penalize(sets, values, point.coef + step).score
        result[j] = (penalize(sets, values, point.coef - step).score - ahead) / (2 * _DIFFERENCE)
    result = (result + result.T) / 2
    if not np.isfinite(result).all() or solve_positive(result, np.zeros(k)) is None:
        return point.information
    return result


def _climb(
    sets: RiskSets,
    values: FloatArray,
    point: PenalizedPoint,
    free: IntArray,
    curvature: FloatArray,
    limit: int = _STEPS,
) -> tuple[PenalizedPoint, bool, int]:
    """Maximize over free coefficients by a quasi-Newton method; return the point, whether done, and the steps."""
    curvature, renewed = curvature.copy(), False
    for iteration in range(limit):
        step = np.zeros(len(point.coef))
        part = solve_positive(curvature[np.ix_(free, free)], point.score[free])
        if part is None:
            curvature = point.information.copy()
            part = solve_positive(curvature[np.ix_(free, free)], point.score[free])
            if part is None:
                return point, False, iteration
        step[free] = part
        decrement = float(point.score[free] @ part)
        if decrement <= _DECREMENT:
            return point, True, iteration
        for _ in range(_HALVINGS):
            candidate = penalize(sets, values, point.coef + step)
            if candidate.value >= point.value - 1e-12 * (1 + abs(point.value)):
                break
            step = step / 2
        else:
            # no step is uphill: what is left is rounding, or the curvature was wrong
            if decrement <= _STALLED or renewed:
                return point, decrement <= _STALLED, iteration
            curvature, renewed = point.information.copy(), True
            continue
        renewed = False
        change = point.score - candidate.score
        curved, pushed = float(step @ change), curvature @ step
        if curved > 1e-10 * float(np.linalg.norm(step) * np.linalg.norm(change)):
            curvature += np.outer(change, change) / curved - np.outer(pushed, pushed) / float(step @ pushed)
        point = candidate
    return point, False, limit


@dataclass(frozen=True)
class Profile:
    """Limits and test of one coefficient from the profile; NaN where the profile was not followed to its level."""

    lower: float
    upper: float
    statistic: float
    p_value: float


def profile_coefficient(
    sets: RiskSets, values: FloatArray, best: PenalizedMaximum, place: int, conf_level: float
) -> Profile:
    """Take limits and test of one coefficient from the profile of the penalized log likelihood.

    Parameters
    ----------
    sets : RiskSets
        The risk sets.
    values : ndarray of float, shape (n, k)
        Standardized columns.
    best : PenalizedMaximum
        The maximum, converged.
    place : int
        Which coefficient.
    conf_level : float in (0, 1)
        Confidence level.

    Returns
    -------
    Profile
        On the scale of the columns.
    """
    lower, upper = (_limit(sets, values, best, place, sign, conf_level) for sign in (-1.0, 1.0))
    at_zero = _fix(sets, values, best, best.point, place, 0.0)
    if at_zero is None:
        return Profile(lower, upper, math.nan, math.nan)
    statistic = max(2 * (best.point.value - at_zero.value), 0.0)
    return Profile(lower, upper, statistic, chi_square_upper(statistic, 1))


def _fix(
    sets: RiskSets, values: FloatArray, best: PenalizedMaximum, start: PenalizedPoint, place: int, value: float
) -> PenalizedPoint | None:
    """Maximize with one coefficient held.

    Far out the others can have two maxima, one on each side of the estimate: both are climbed.
    """
    free = np.delete(np.arange(len(start.coef)), place)
    follow = solve_positive(best.curvature[np.ix_(free, free)], best.curvature[free, place])
    coef = start.coef.copy()
    coef[place] = value
    if follow is not None:
        coef[free] -= follow * (value - start.coef[place])
    found = _climb_from(sets, values, best, coef, start.coef, free)
    if not len(free):
        return found
    mirrored = 2 * best.point.coef - (coef if found is None else found.coef)
    mirrored[place] = value
    other = _climb_from(sets, values, best, mirrored, start.coef, free)
    reached = [point for point in (found, other) if point is not None]
    return max(reached, key=lambda point: point.value, default=None)


def _climb_from(
    sets: RiskSets, values: FloatArray, best: PenalizedMaximum, coef: FloatArray, known: FloatArray, free: IntArray
) -> PenalizedPoint | None:
    """Maximize over free coefficients; where the likelihood is lost at the start, from nearer to known ones."""
    for _ in range(_HALVINGS):
        point = penalize(sets, values, coef)
        if math.isfinite(point.value):
            point, done, _ = _climb(sets, values, point, free, best.curvature)
            return point if done else None
        coef = coef.copy()
        coef[free] = (coef[free] + known[free]) / 2
    return None


def _limit(
    sets: RiskSets, values: FloatArray, best: PenalizedMaximum, place: int, sign: float, conf_level: float
) -> float:
    """Return where the signed root of the deviance is the normal quantile."""
    target = normal_quantile((1 - conf_level) / 2)
    variance = solve_positive(best.curvature, np.eye(len(best.curvature)))
    if variance is None:
        return math.nan
    inner, outer, inside = best.point.coef[place], math.inf, best.point
    value, lost = inner + sign * target * math.sqrt(variance[place, place]), 0
    for _ in range(_POINTS):
        point = _fix(sets, values, best, inside, place, value)
        if point is None:
            outer, lost = value, lost + 1
            if lost > _LOST_POINTS:
                return math.nan
            value = (inner + value) / 2
            continue
        root = math.sqrt(max(2 * (best.point.value - point.value), 0.0))
        if abs(root - target) <= _REACHED:
            return float(value)
        if root < target:
            inner, inside = value, point
        else:
            outer = value
        slope = -point.score[place] / root if root > 0 else math.nan
        proposal = value + (target - root) / slope if slope * sign > 0 else math.nan
        low, high = min(inner, outer), max(inner, outer)
        if math.isinf(outer):
            reach = 4 * abs(value - best.point.coef[place])
            value = proposal if math.isfinite(proposal) and abs(proposal - value) <= reach else value + sign * reach
        else:
            value = proposal if low < proposal < high else (inner + outer) / 2
    return math.nan


def profile_direction(
    sets: RiskSets, values: FloatArray, best: PenalizedMaximum, direction: FloatArray, conf_level: float
) -> Profile:
    """Take limits and test of a linear combination of the coefficients from the profile.

    Parameters
    ----------
    sets : RiskSets
        The risk sets.
    values : ndarray of float, shape (n, k)
        Standardized columns.
    best : PenalizedMaximum
        The maximum, converged.
    direction : ndarray of float, shape (k,)
        Weights of the combination, not all 0.
    conf_level : float in (0, 1)
        Confidence level.

    Returns
    -------
    Profile
        Of the combination. The penalty only gains a constant when the columns are combined.
    """
    place = int(np.abs(direction).argmax())
    turn = np.eye(len(direction))
    turn[place] = direction
    back = np.linalg.inv(turn)
    point = penalize(sets, np.asfortranarray(values @ back), turn @ best.point.coef)
    turned = PenalizedMaximum(point, back.T @ best.curvature @ back, best.iterations, best.converged)
    return profile_coefficient(sets, np.asfortranarray(values @ back), turned, place, conf_level)

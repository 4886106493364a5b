"""Weighted estimates with their exact derivative by each participant's weight: what every variance here is made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from npcstats.estimators.effects.outcomes import Timed
from npcstats.estimators.types import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Functional:
    """Estimates as functions of the weights.

    Attributes
    ----------
    value : ndarray of float, shape (m,)
        The estimates.
    slope : ndarray of float, shape (n, m)
        Derivative of each by each weight; 0 for who is not in the arm.
    """

    value: FloatArray
    slope: FloatArray


def weighted_mean(values: FloatArray, weight: FloatArray, arm: BoolArray) -> Functional:
    """Mean of an arm, weights divided by their sum.

    Parameters
    ----------
    values, weight : ndarray of float, shape (n,)
        Values and weights.
    arm : ndarray of bool, shape (n,)
        Who is in it; weights of some sum.

    Returns
    -------
    Functional
        One estimate; where all values are the same exactly that one, and slopes of exactly 0.
    """
    inside = np.where(arm, weight, 0.0)
    used = values[inside > 0]
    if (used == used[0]).all():
        return Functional(used[:1].astype(np.float64), np.zeros((len(arm), 1)))
    total = float(inside.sum())
    mean = float(inside @ np.where(arm, values, 0.0)) / total
    return Functional(np.array([mean]), (np.where(arm, values - mean, 0.0) / total)[:, np.newaxis])


@dataclass(frozen=True, eq=False)
class ArmCurve:
    """An arm on the grid of its distinct times, by weights: the product-limit estimate and what its derivatives need.

    Attributes
    ----------
    time : ndarray of float, shape (k,)
        Distinct times of those with a positive weight, increasing.
    at_risk, died : ndarray of float, shape (k,)
        Sums of weights at risk just before each time, and with an event of any cause at it.
    survival : ndarray of float, shape (k,)
        Just after each time.
    rows : ndarray of int, shape (a,)
        Places of the arm's participants with a positive weight.
    place : ndarray of int, shape (a,)
        Where each one's time is on the grid.
    weight : ndarray of float, shape (a,)
        Their weights.
    cause : ndarray of int, shape (a,)
        Their causes.
    size : int
        Participants of all arms, n.
    """

    time: FloatArray
    at_risk: FloatArray
    died: FloatArray
    survival: FloatArray
    rows: IntArray
    place: IntArray
    weight: FloatArray
    cause: IntArray
    size: int

    @property
    def before(self) -> FloatArray:
        """Survival just before each time.

        Returns
        -------
        ndarray of float, shape (k,)
            1 before the first.
        """
        return np.concatenate([[1.0], self.survival[:-1]])

    def share(self, cause: int) -> FloatArray:
        """Sum of weights with an event of one cause at each time.

        Parameters
        ----------
        cause : int
            1 or more.

        Returns
        -------
        ndarray of float, shape (k,)
            In the order of the times.
        """
        return np.bincount(self.place, self.weight * (self.cause == cause), minlength=len(self.time)).astype(np.float64)

    def places_at(self, times: FloatArray) -> IntArray:
        """Count the grid times at or before given ones.

        Parameters
        ----------
        times : ndarray of float, shape (m,)
            Asked for.

        Returns
        -------
        ndarray of int, shape (m,)
            0 before the first.
        """
        return np.searchsorted(self.time, times * (1 + 1e-12), side="right")

    def spread(self, slope: FloatArray) -> FloatArray:
        """Put derivatives of the arm's participants in their places among all.

        Parameters
        ----------
        slope : ndarray of float, shape (a, m)
            By participant of the arm.

        Returns
        -------
        ndarray of float, shape (n, m)
            0 elsewhere.
        """
        whole = np.zeros((self.size, slope.shape[1]))
        whole[self.rows] = slope
        return whole


def arm_curve(outcome: Timed, weight: FloatArray, arm: BoolArray) -> ArmCurve:
    """Tabulate an arm.

    Parameters
    ----------
    outcome : Timed
        Of all participants, n.
    weight : ndarray of float, shape (n,)
        Their weights.
    arm : ndarray of bool, shape (n,)
        Who is in it; some with a positive weight.

    Returns
    -------
    ArmCurve
        Those of weight 0 left out.
    """
    rows = np.flatnonzero(arm & (weight > 0))
    inside, cause = weight[rows], outcome.cause[rows]
    time, place = np.unique(outcome.time[rows], return_inverse=True)
    leaving = np.bincount(place, inside, minlength=len(time)).astype(np.float64)
    at_risk = np.asarray(np.cumsum(leaving[::-1])[::-1], dtype=np.float64)
    died = np.bincount(place, inside * (cause > 0), minlength=len(time)).astype(np.float64)
    # where everybody at risk has the event, whatever rounding the two sums have
    staying = np.bincount(place, cause == 0, minlength=len(time))[::-1].cumsum()[::-1] > 0
    staying |= np.arange(len(time)) < len(time) - 1
    survival = np.asarray(np.cumprod(np.where(staying, 1.0 - died / at_risk, 0.0)), dtype=np.float64)
    return ArmCurve(time, at_risk, died, survival, rows, place, inside, cause, len(weight))


def falls(curve: ArmCurve) -> tuple[FloatArray, FloatArray]:
    """Derive the log of each factor of a curve by the weights.

    Parameters
    ----------
    curve : ArmCurve
        Of an arm.

    Returns
    -------
    tuple of ndarray of float, shape (k,)
        By a weight that dies at each time, and by one that is at risk; 0 where the curve is.
    """
    left = curve.at_risk - curve.died
    some = curve.survival > 0
    dying = np.where(some, -1.0 / np.where(some, left, 1.0), 0.0)
    at_risk = np.where(some, curve.died / (curve.at_risk * np.where(some, left, 1.0)), 0.0)
    return dying, at_risk


def _through_curve(curve: ArmCurve, after: FloatArray) -> FloatArray:
    """Derivative of a sum over the curve by the arm's weights, (a, m).

    `after`, (k, m), is what of each sum changes in proportion with the factor of each time.
    """
    dying, at_risk = falls(curve)
    risk = np.cumsum(at_risk[:, np.newaxis] * after, axis=0)
    death = (curve.cause > 0)[:, np.newaxis] * (dying[:, np.newaxis] * after)[curve.place]
    return risk[curve.place] + death


def survival_at(curve: ArmCurve, times: FloatArray) -> Functional:
    """Survival at given times.

    Parameters
    ----------
    curve : ArmCurve
        Of an arm.
    times : ndarray of float, shape (m,)
        Asked for.

    Returns
    -------
    Functional
        Its derivative is that of the product-limit estimate.
    """
    reached = curve.places_at(times)
    value = np.concatenate([[1.0], curve.survival])[reached]
    after = (np.arange(len(curve.time))[:, np.newaxis] < reached) * value
    return Functional(value, curve.spread(_through_curve(curve, after)))


def restricted_mean(curve: ArmCurve, horizon: float) -> Functional:
    """Area under the curve up to a horizon.

    Parameters
    ----------
    curve : ArmCurve
        Of an arm.
    horizon : float > 0
        In the unit of time.

    Returns
    -------
    Functional
        One estimate.
    """
    edges = np.concatenate([[0.0], np.minimum(curve.time, horizon), [horizon]])
    areas = np.concatenate([[1.0], curve.survival]) * np.maximum(np.diff(edges), 0.0)
    after = np.cumsum(areas[::-1])[::-1][1:]
    value = np.array([areas.sum()])
    return Functional(value, curve.spread(_through_curve(curve, after[:, np.newaxis])))


def incidence_at(curve: ArmCurve, times: FloatArray, cause: int) -> Functional:
    """Cumulative incidence of one cause at given times.

    Parameters
    ----------
    curve : ArmCurve
        Of an arm.
    times : ndarray of float, shape (m,)
        Asked for.
    cause : int
        1 or more.

    Returns
    -------
    Functional
        Its derivative is that of the Aalen-Johansen estimate; exactly 1, with slopes of exactly 0, where nobody is left
        and no other cause has ended anything.
    """
    share, before = curve.share(cause), curve.before
    steps = before * share / curve.at_risk
    cumulative = np.cumsum(steps)
    reached = curve.places_at(times)
    value = np.concatenate([[0.0], cumulative])[reached]
    until = np.arange(len(curve.time))[:, np.newaxis] < reached
    through = _through_curve(curve, until * (value - cumulative[:, np.newaxis]))
    at_risk = np.cumsum(until * (steps / curve.at_risk)[:, np.newaxis], axis=0)
    event = (curve.cause == cause)[:, np.newaxis] * (until * (before / curve.at_risk)[:, np.newaxis])[curve.place]
    slope = through - at_risk[curve.place] + event
    alone = bool(np.isin(curve.cause, (0, cause)).all())
    whole = np.concatenate([[False], alone & (curve.survival == 0)])[reached]
    return Functional(np.where(whole, 1.0, value), curve.spread(np.where(whole, 0.0, slope)))

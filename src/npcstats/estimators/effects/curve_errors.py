"""Standard errors of a weighted curve at all of its times at once: time and memory grow with participants, not squared.

At any time a participant adds what they would have added when they left, or, while at risk, what everyone at risk adds.
Sums over participants are therefore running sums over the grid of times.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from npcstats.estimators.effects.functionals import ArmCurve, falls
from npcstats.estimators.types import BoolArray, FloatArray
from npcstats.estimators.weighting import Weights

_ROUNDING = 1e-13  # of a variance, relative to the terms that cancel in it


@dataclass(frozen=True, eq=False)
class CurveErrors:
    """A curve with its standard errors.

    Attributes
    ----------
    estimate : ndarray of float, shape (k,)
        At each time of the curve.
    std_error : ndarray of float, shape (k,)
        NaN where the arm does not vary.
    """

    estimate: FloatArray
    std_error: FloatArray


@dataclass(frozen=True, eq=False)
class _Stopped:
    """What derivatives are made of: the same for all at risk, and fixed for each one who has left.

    Attributes
    ----------
    running : ndarray of float, shape (k,)
        Of those at risk after each time.
    left : ndarray of float, shape (a,)
        Of each participant from their own time on.
    """

    running: FloatArray
    left: FloatArray


_Terms = tuple[tuple[FloatArray, _Stopped], ...]


def curve_errors(curve: ArmCurve, weights: Weights | None, *, kind: str, cause: int) -> CurveErrors:
    """Estimate a curve with the standard error at each of its times.

    Parameters
    ----------
    curve : ArmCurve
        Of an arm.
    weights : Weights or None
        Of all participants, whose estimation adds to the error; None where nothing was estimated.
    kind : {"survival", "incidence"}
        What it is.
    cause : int
        Of incidence.

    Returns
    -------
    CurveErrors
        The errors are those of `survival_at` and `incidence_at` by their derivatives.
    """
    chain = _chain(curve)
    if kind == "survival":
        estimate = curve.survival
        terms: _Terms = ((estimate, chain),)
        constant = np.zeros(len(estimate), dtype=bool)
    else:
        steps = curve.before * curve.share(cause) / curve.at_risk
        cumulative = np.cumsum(steps)
        constant = (curve.survival == 0) & bool(np.isin(curve.cause, (0, cause)).all())
        estimate = np.where(constant, 1.0, cumulative)
        terms = ((estimate, chain), (np.ones(len(estimate)), _own_steps(curve, cause, steps, cumulative)))
    return CurveErrors(estimate, _errors(curve, weights, terms, constant))


def _chain(curve: ArmCurve) -> _Stopped:
    """Derivative of the log of survival."""
    dying, at_risk = falls(curve)
    running = np.cumsum(at_risk)
    return _Stopped(running, running[curve.place] + (curve.cause > 0) * dying[curve.place])


def _own_steps(curve: ArmCurve, cause: int, steps: FloatArray, cumulative: FloatArray) -> _Stopped:
    """Derivative of incidence beside what it has in proportion to its own height."""
    dying, at_risk = falls(curve)
    running = -np.cumsum(at_risk * cumulative + steps / curve.at_risk)
    place = curve.place
    jump = (curve.cause == cause) * (curve.before / curve.at_risk)[place]
    jump = jump - (curve.cause > 0) * (dying * cumulative)[place]
    return _Stopped(running, running[place] + jump)


def _errors(curve: ArmCurve, weights: Weights | None, terms: _Terms, constant: BoolArray) -> FloatArray:
    """Root of the sum over participants of (own part + part in the weights)², each a sum of heights times terms."""
    squared = curve.weight[:, np.newaxis] ** 2
    own, size = np.zeros(len(curve.time)), np.zeros(len(curve.time))
    for height, one in terms:
        for other_height, other in terms:
            summed = height * other_height * _sums(curve, squared, (one, other))[:, 0]
            own += summed
            size += summed if one is other else 0.0
    varies = ~constant & (own > _ROUNDING * size)
    total = own
    if weights is not None:
        rows = curve.rows
        pull = _weighted(curve, weights.slope[rows], terms)
        shared = _weighted(curve, curve.weight[:, np.newaxis] * weights.influence[rows], terms)
        gram = weights.influence.T @ weights.influence
        total = own + 2.0 * (pull * shared).sum(axis=1) + ((pull @ gram) * pull).sum(axis=1)
    return np.sqrt(np.where(varies & (total > _ROUNDING * own), total, np.nan))


def _weighted(curve: ArmCurve, columns: FloatArray, terms: _Terms) -> FloatArray:
    """Sum over participants of their columns, (a, r), times their derivatives: (k, r)."""
    parts = [height[:, np.newaxis] * _sums(curve, columns, (one,)) for height, one in terms]
    return np.asarray(np.sum(parts, axis=0), dtype=np.float64)


def _sums(curve: ArmCurve, columns: FloatArray, parts: tuple[_Stopped, ...]) -> FloatArray:
    """Sum over participants of their columns, (a, r), times the parts, at each time: (k, r)."""
    size = len(curve.time)
    left, running = np.ones(len(curve.rows)), np.ones(size)
    for part in parts:
        left, running = left * part.left, running * part.running
    found = np.empty((size, columns.shape[1]))
    for place, column in enumerate(columns.T):
        leaving = np.bincount(curve.place, column, minlength=size)
        staying = np.append(np.cumsum(leaving[:0:-1])[::-1], 0.0)
        found[:, place] = np.cumsum(np.bincount(curve.place, column * left, minlength=size)) + running * staying
    return found

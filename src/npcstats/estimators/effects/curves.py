"""Weighted curves of two arms over time: estimates, robust limits, and who is still at risk, counted and weighted."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from npcstats.choices import check_choice
from npcstats.errors import DataError
from npcstats.estimators.checks import check_array, check_binary, check_probability
from npcstats.estimators.effects.curve_errors import curve_errors
from npcstats.estimators.effects.effect import ARM_TOO_LITTLE, tells_error
from npcstats.estimators.effects.functionals import ArmCurve, arm_curve
from npcstats.estimators.effects.outcomes import Timed
from npcstats.estimators.threads import one_thread
from npcstats.estimators.timetoevent.curve_limits import transformed_limits
from npcstats.estimators.timetoevent.samples import CONF_TYPES
from npcstats.estimators.types import BoolArray, FloatArray
from npcstats.estimators.weighting import Weights

CURVE_KINDS = ("survival", "incidence")
NO_CURVE = "An arm has nobody with a weight, so there is no curve."


@dataclass(frozen=True, eq=False)
class WeightedCurve:
    """The curve of one arm.

    Attributes
    ----------
    time : ndarray of float, shape (k,)
        Distinct times of the arm at which somebody had an event or was censored, increasing.
    estimate, std_error, lower, upper : ndarray of float, shape (k,)
        Survival or incidence just after each, its standard error and limits; NaN where undefined.
    at_risk : ndarray of float, shape (k,)
        Participants of positive weight at risk just before each time.
    effective_at_risk : ndarray of float, shape (k,)
        What these are worth, (sum w)^2 / sum w^2.
    events, censored : ndarray of float, shape (k,)
        Participants with the event of interest at each time, and censored at it.
    size : int
        Participants of positive weight.
    effective_size : float
        What these are worth.
    note : str
        Why there is no curve, or why it has no limits; empty otherwise.
    """

    time: FloatArray
    estimate: FloatArray
    std_error: FloatArray
    lower: FloatArray
    upper: FloatArray
    at_risk: FloatArray
    effective_at_risk: FloatArray
    events: FloatArray
    censored: FloatArray
    size: int
    effective_size: float
    note: str = ""

    def risk_at(self, times: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Count who is at risk just before given times.

        Parameters
        ----------
        times : array_like of float >= 0, shape (m,)
            In the unit of the outcome.

        Returns
        -------
        at_risk, effective_at_risk : ndarray of float, shape (m,)
            As on the curve; 0 after its last time.
        """
        place = np.searchsorted(self.time, check_array(times, "times", minimum=0.0) * (1 - 1e-12), side="left")
        padded = (np.append(self.at_risk, 0.0), np.append(self.effective_at_risk, 0.0))
        return padded[0][place], padded[1][place]


@one_thread
def weighted_curves(
    outcome: Timed,
    treated: npt.ArrayLike,
    *,
    weights: Weights | None,
    kind: str,
    conf_level: float,
    conf_type: str,
    cause: int = 1,
) -> tuple[WeightedCurve, WeightedCurve]:
    """Estimate the curves of the first arm and of the reference.

    Parameters
    ----------
    outcome : Timed
        Of n participants.
    treated : array_like of bool or of 0 and 1, shape (n,)
        1 in the first arm.
    weights : Weights or None
        From `npcstats.estimators.weighting.weigh`; None for every participant once.
    kind : {"survival", "incidence"}
        Without any event, or cumulative incidence of `cause`.
    conf_level : float in (0, 1)
        Confidence level.
    conf_type : {"plain", "log", "log-log"}
        Scale on which limits are symmetric; of incidence that of the incidence itself.
    cause : int
        Of incidence.

    Returns
    -------
    tuple of WeightedCurve
        The first arm, the reference; without rows and with a note where an arm has nobody.

    Raises
    ------
    DataError
        If lengths differ, or the weights are of other participants.
    SpecError
        If a choice is not allowed.

    Notes
    -----
    *Convention.* Product-limit and Aalen-Johansen estimates by weights. Limits are pointwise; the variance is that of
    `estimate_effect`: it knows that the weights are estimated, and is the robust one without weights, which for a
    curve of unweighted survival is close to Greenwood's.

    *Verified* at every step against weighted survfit of R ``survival`` with its influence; values at a time are those
    of `estimate_effect`.

    References
    ----------
    Xie J, Liu C. Stat Med 2005;24:3089. doi:10.1002/sim.2174
    """
    check_choice(kind, "kind", CURVE_KINDS)
    check_choice(conf_type, "conf_type", CONF_TYPES)
    conf_level = check_probability(conf_level, "conf_level")
    arm = check_binary(treated, "treated", length=len(outcome))
    if weights is not None and (len(weights.values) != len(arm) or (weights.treated != arm).any()):
        raise DataError("weights: are of other participants or arms; weights of these are required.")
    values = np.ones(len(arm)) if weights is None else weights.values
    note = weights.note if weights is not None else ""
    if note or not all((values[group] > 0).any() for group in (arm, ~arm)):
        return _no_curve(note or NO_CURVE), _no_curve(note or NO_CURVE)
    first, reference = (
        _curve(outcome, values, group, weights, kind, cause, (conf_level, conf_type)) for group in (arm, ~arm)
    )
    return first, reference


def _no_curve(note: str) -> WeightedCurve:
    none: FloatArray = np.empty(0)
    return WeightedCurve(none, none, none, none, none, none, none, none, none, 0, 0.0, note)


def _curve(
    outcome: Timed, values: FloatArray, group: BoolArray, weights: Weights | None, kind: str, cause: int,
    limits: tuple[float, str],
) -> WeightedCurve:  # fmt: skip
    curve = arm_curve(outcome, values, group)
    at_risk, effective = _at_risk(curve)
    found = curve_errors(curve, weights, kind=kind, cause=cause)
    estimate, note = found.estimate, "" if tells_error(float(effective[0])) else ARM_TOO_LITTLE
    error = np.full(len(estimate), math.nan) if note else found.std_error
    with np.errstate(divide="ignore", invalid="ignore"):
        lower, upper = transformed_limits(estimate, error / estimate, *limits)
    counts = [np.bincount(curve.place, curve.cause == code, minlength=len(curve.time)) for code in (cause, 0)]
    if kind == "survival":
        counts[0] = np.bincount(curve.place, curve.cause > 0, minlength=len(curve.time))
    return WeightedCurve(
        curve.time,
        estimate,
        error,
        lower,
        upper,
        at_risk,
        effective,
        counts[0].astype(np.float64),
        counts[1].astype(np.float64),
        len(curve.rows),
        float(effective[0]),
        note,
    )


def _at_risk(curve: ArmCurve) -> tuple[FloatArray, FloatArray]:
    size = len(curve.time)
    counts, squares = (np.bincount(curve.place, part, minlength=size) for part in (None, curve.weight**2))
    at_risk, squared = (np.cumsum(part[::-1])[::-1].astype(np.float64) for part in (counts, squares))
    return at_risk, curve.at_risk**2 / squared

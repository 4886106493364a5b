"""The effect of one arm against another, by weights or without, for every kind of outcome."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from npcstats.choices import check_choice
from npcstats.errors import DataError, SpecError
from npcstats.estimators.bounds import cut_limits
from npcstats.estimators.checks import check_binary, check_number, check_probability
from npcstats.estimators.distributions import normal_quantile, normal_upper
from npcstats.estimators.effects.functionals import (
    Functional,
    arm_curve,
    incidence_at,
    restricted_mean,
    survival_at,
    weighted_mean,
)
from npcstats.estimators.effects.hazard import log_hazard_ratio
from npcstats.estimators.effects.outcomes import Observed, Outcome, Timed
from npcstats.estimators.threads import one_thread
from npcstats.estimators.timetoevent.curve_limits import transformed_limits
from npcstats.estimators.types import BoolArray, FloatArray, Interval
from npcstats.estimators.weighting import Weights

MEAN_MEASURES = ("mean_difference", "mean_ratio")
RISK_MEASURES = ("risk_difference", "risk_ratio", "odds_ratio")
TIMED_MEASURES = ("survival_difference", "restricted_mean_difference", "incidence_difference")
HAZARD_RATIO = "hazard_ratio"
RATIO_MEASURES = ("mean_ratio", "risk_ratio", "odds_ratio", HAZARD_RATIO)
EFFECT_MEASURES = (*MEAN_MEASURES, *RISK_MEASURES, HAZARD_RATIO, *TIMED_MEASURES)
EFFECT_TIES = ("efron", "breslow")

M_ESTIMATION = "M-estimation"
ROBUST = "robust variance"

_NOBODY = "An arm has nobody."
_NO_WEIGHT = "The weights of an arm sum to 0."
_ONE = "An arm has one participant, so there is no standard error."
_CONSTANT = "All values of an arm are the same, so there is no standard error."
_ONE_KIND = "An arm has no event, or nothing but events, so there is no standard error."
_NO_RATIO = "An arm has no event, so there is no ratio."
_NO_ODDS = "An arm has no event, or nothing but events, so there is no odds ratio."
_NO_HAZARD = "An arm has no event, so there is no hazard ratio."
_NO_MAXIMUM = "The likelihood of the hazard ratio has no maximum: at each event only one arm is at risk."
_ARM_CONSTANT = "The arm does not vary, so it has no limits."
_BEYOND = "The time is beyond the last observed one of an arm."
_NO_EVENT_BY = "An arm has no event by then, so there is no standard error."


@dataclass(frozen=True, eq=False)
class Effect:
    """The effect of the first arm against the reference.

    Attributes
    ----------
    interval : Interval
        Estimate and limits; NaN with a note where undefined.
    std_error : float
        Standard error, of a ratio that of its logarithm.
    statistic, p_value : float
        Estimate (of a ratio its logarithm) over standard error, and the two-sided normal p-value.
    first, reference : Interval or None
        Each arm's own mean, risk, survival, restricted mean or incidence; None for a hazard ratio.
    influence : ndarray of float, shape (n,)
        What each participant adds to the estimate, of a ratio to its logarithm; NaN where undefined.
    sizes : tuple of int
        Participants of positive weight in the first arm and in the reference.
    effective_sizes : tuple of float
        What these are worth, (sum w)^2 / sum w^2.
    events : tuple of int
        Those of them with the event, of a mean with a value; in the first arm and in the reference.
    """

    interval: Interval
    std_error: float
    statistic: float
    p_value: float
    first: Interval | None
    reference: Interval | None
    influence: FloatArray
    sizes: tuple[int, int]
    effective_sizes: tuple[float, float]
    events: tuple[int, int]

    @property
    def note(self) -> str:
        """Why something is NaN, or which limit is cut.

        Returns
        -------
        str
            Empty otherwise.
        """
        return self.interval.note


@dataclass(frozen=True, eq=False)
class _Weighted:
    """Both arms with their weights, and what the estimation of the weights adds."""

    arm: BoolArray
    values: FloatArray
    weights: Weights | None

    @property
    def groups(self) -> tuple[BoolArray, BoolArray]:
        """The first arm and the reference."""
        return self.arm, ~self.arm

    def influence(self, slope: FloatArray) -> FloatArray:
        """What each participant adds to estimates, (n, m), from their derivatives by the weights, (n, m)."""
        own = self.values[:, np.newaxis] * slope
        if self.weights is None:
            return own
        return np.asarray(own + self.weights.influence @ (self.weights.slope.T @ slope))


@one_thread
def estimate_effect(
    outcome: Outcome,
    treated: npt.ArrayLike,
    *,
    measure: str,
    weights: Weights | None,
    conf_level: float,
    at: float | None = None,
    ties: str = "",
) -> Effect:
    """Estimate the effect of the first arm against the reference.

    Parameters
    ----------
    outcome : Observed or Timed
        Of n participants.
    treated : array_like of bool or of 0 and 1, shape (n,)
        1 in the first arm.
    measure : str
        Of values "mean_difference", or "mean_ratio" of values that are logarithms: the ratio of geometric means. Of
        zeros and ones "risk_difference", "risk_ratio", "odds_ratio". Of times "hazard_ratio", and at a time
        "survival_difference", "restricted_mean_difference", "incidence_difference".
    weights : Weights or None
        From `npcstats.estimators.weighting.weigh`; None for every participant once, unadjusted.
    conf_level : float in (0, 1)
        Confidence level.
    at : float > 0, optional
        The time, in the unit of the outcome; required by the last three measures and only by them.
    ties : {"efron", "breslow", ""}
        Of a hazard ratio only, how tied events share a denominator.

    Returns
    -------
    Effect
        With each arm's own estimate. NaN with a note where an arm has nobody, no event where one is needed, or is not
        observed until `at`; without limits where an arm does not vary.

    Raises
    ------
    DataError
        If lengths differ, or a risk is asked of other values than 0 and 1.
    SpecError
        If a choice is not allowed or does not fit the outcome.

    Notes
    -----
    *Convention.* Means are weighted sums over sums of weights (Hájek). Survival is the weighted product-limit estimate
    of any event, incidence the weighted Aalen-Johansen estimate of cause 1; a hazard is that of cause 1. The variance
    is the sum of squared influences: each participant's own part, its weight times the derivative of the estimate by
    it, and its part in the estimation of the weights, the derivative of the estimate by the parameters of the score
    times the influence on these. Without weights it is the robust variance of the unweighted estimate. No correction
    for small samples is made. Limits are normal: of a difference on its own scale, cut at what is possible, of a ratio
    on the logarithm; of an arm's risk on the logit, of its survival and incidence on log(-log), of a mean on its own.

    *Verified* by differentiation in the weights, and against an implementation written apart.

    References
    ----------
    Lunceford JK, Davidian M. Stat Med 2004;23:2937. doi:10.1002/sim.1903
    Shu D, Young JG, Toh S, Wang R. Biometrics 2021;77:846. doi:10.1111/biom.13332
    """
    conf_level = check_probability(conf_level, "conf_level")
    _check_measure(outcome, measure, at, ties)
    arm = check_binary(treated, "treated", length=len(outcome))
    values = np.ones(len(arm)) if weights is None else weights.values
    if weights is not None and (len(values) != len(arm) or (weights.treated != arm).any()):
        raise DataError("weights: are of other participants or arms; weights of these are required.")
    data = _Weighted(arm, values, weights)
    known = np.where(np.isfinite(values), values, 0.0)
    counted = (_counts(outcome, measure, arm, known), _counts(outcome, measure, ~arm, known))
    refusal = _refusal(data, counted)
    if refusal:
        return _blank(data, refusal, counted, conf_level)
    if measure == HAZARD_RATIO:
        return _hazard_ratio(outcome, data, counted, conf_level, ties)
    return _of_arms(outcome, data, counted, conf_level, measure, at)


def _check_measure(outcome: Outcome, measure: str, at: float | None, ties: str) -> None:
    check_choice(measure, "measure", EFFECT_MEASURES)
    timed = measure in (HAZARD_RATIO, *TIMED_MEASURES)
    if timed != isinstance(outcome, Timed):
        raise SpecError(f"measure: is {measure!r}; {'times and causes' if timed else 'values'} are required for it.")
    if (measure in TIMED_MEASURES) != (at is not None):
        raise SpecError(f"at: is {at!r} with measure {measure!r}; a time is required by measures at a time, only.")
    if at is not None:
        check_number(at, "at", positive=True)
    if measure == HAZARD_RATIO:
        check_choice(ties, "ties", EFFECT_TIES)
    elif ties:
        raise SpecError(f"ties: is {ties!r} with measure {measure!r}; only a hazard ratio has ties.")
    if isinstance(outcome, Observed) and measure in RISK_MEASURES and not np.isin(outcome.values, (0.0, 1.0)).all():
        raise DataError(f"values: are not all 0 or 1; these are required for measure {measure!r}.")


@dataclass(frozen=True)
class _Counts:
    """Participants of positive weight in an arm, what they are worth, and how many have the event."""

    size: int
    effective: float
    events: int
    weight: float


_Pair = tuple[_Counts, _Counts]


def _counts(outcome: Outcome, measure: str, group: BoolArray, weight: FloatArray) -> _Counts:
    inside = group & (weight > 0)
    total, squares = float(weight[inside].sum()), float((weight[inside] ** 2).sum())
    if isinstance(outcome, Timed):
        happened = outcome.cause > 0 if measure in TIMED_MEASURES[:2] else outcome.cause == 1
    else:
        happened = outcome.values == 1 if measure in RISK_MEASURES else np.ones(len(group), dtype=bool)
    effective = total**2 / squares if squares > 0 else 0.0
    return _Counts(int(inside.sum()), effective, int((inside & happened).sum()), total)


def _refusal(data: _Weighted, counted: _Pair) -> str:
    if not all(group.any() for group in data.groups):
        return _NOBODY
    if data.weights is not None and data.weights.note:
        return data.weights.note
    return "" if all(part.weight > 0 for part in counted) else _NO_WEIGHT


def _effect(
    data: _Weighted,
    counted: _Pair,
    interval: Interval,
    numbers: tuple[float, float, float],
    influence: FloatArray,
    arms: tuple[Interval, Interval] | None = None,
) -> Effect:
    first, reference = arms or (None, None)
    sizes, effective, events = (
        (a, b) for a, b in zip(*((c.size, c.effective, c.events) for c in counted), strict=True)
    )
    return Effect(interval, *numbers, first, reference, influence, sizes, effective, events)


def _blank(
    data: _Weighted, note: str, counted: _Pair, conf_level: float,
    arms: tuple[Interval, Interval] | None = None,
) -> Effect:  # fmt: skip
    nan = math.nan
    interval = Interval(nan, nan, nan, conf_level, _method(data), note)
    return _effect(data, counted, interval, (nan, nan, nan), np.full(len(data.arm), nan), arms)


def _method(data: _Weighted) -> str:
    return ROBUST if data.weights is None else M_ESTIMATION


def _hazard_ratio(outcome: Outcome, data: _Weighted, counted: _Pair, conf_level: float, ties: str) -> Effect:
    assert isinstance(outcome, Timed)
    if not all(part.events for part in counted):
        return _blank(data, _NO_HAZARD, counted, conf_level)
    found = log_hazard_ratio(outcome, data.values, data.arm, ties)
    if found is None:
        return _blank(data, _NO_MAXIMUM, counted, conf_level)
    return _contrast(data, counted, found, conf_level, ratio=True, bound=math.inf, certain="")


def _of_arms(
    outcome: Outcome,
    data: _Weighted,
    counted: _Pair,
    conf_level: float,
    measure: str,
    at: float | None,
) -> Effect:
    if at is not None and isinstance(outcome, Timed):
        last = [outcome.time[group & (data.values > 0)].max() for group in data.groups]
        if at > min(last) * (1 + 1e-12):
            return _blank(data, _BEYOND, counted, conf_level)
    found = [_arm_functional(outcome, data.values, group, measure, at) for group in data.groups]
    told = [_arm_interval(data, part, conf_level, measure, at) for part in found]
    arms = (told[0], told[1])
    values = [float(part.value[0]) for part in found]
    reason = _no_ratio(measure, values)
    if reason:
        return _blank(data, reason, counted, conf_level, arms)
    link, slope_of = _LINKS[measure]
    slope = found[0].slope * slope_of(values[0]) - found[1].slope * slope_of(values[1])
    joint = Functional(np.array([link(values[0]) - link(values[1])]), slope)
    bound = 1.0 if measure in ("risk_difference", TIMED_MEASURES[0], TIMED_MEASURES[2]) else math.inf
    bound = at if measure == TIMED_MEASURES[1] and at else bound
    certain = next((_why_certain(measure, part) for part, own in zip(counted, found, strict=True)
                    if not (np.abs(data.values[:, np.newaxis] * own.slope) > 0).any()), "")  # fmt: skip
    ratio = measure in RATIO_MEASURES
    return _contrast(data, counted, joint, conf_level, ratio=ratio, bound=bound, certain=certain, arms=arms)


_LINKS: dict[str, tuple[Callable[[float], float], Callable[[float], float]]] = {
    **dict.fromkeys(EFFECT_MEASURES, (float, lambda value: 1.0)),
    "risk_ratio": (math.log, lambda value: 1.0 / value),
    "odds_ratio": (lambda value: math.log(value / (1 - value)), lambda value: 1.0 / (value * (1 - value))),
}


def _no_ratio(measure: str, values: list[float]) -> str:
    if measure == "risk_ratio" and min(values) <= 0:
        return _NO_RATIO
    return _NO_ODDS if measure == "odds_ratio" and (min(values) <= 0 or max(values) >= 1) else ""


def _why_certain(measure: str, part: _Counts) -> str:
    if part.size == 1:
        return _ONE
    if measure in RISK_MEASURES:
        return _ONE_KIND
    return _NO_EVENT_BY if measure in TIMED_MEASURES else _CONSTANT


def _arm_functional(
    outcome: Outcome, weight: FloatArray, group: BoolArray, measure: str, at: float | None
) -> Functional:
    if isinstance(outcome, Observed) or at is None:
        assert isinstance(outcome, Observed)
        return weighted_mean(outcome.values, weight, group)
    curve = arm_curve(outcome, weight, group)
    if measure == "restricted_mean_difference":
        return restricted_mean(curve, at)
    times = np.array([at])
    return survival_at(curve, times) if measure == "survival_difference" else incidence_at(curve, times, 1)


def _arm_interval(data: _Weighted, part: Functional, conf_level: float, measure: str, at: float | None) -> Interval:
    value = float(part.value[0])
    error = math.sqrt(float((data.influence(part.slope) ** 2).sum()))
    method, z = _method(data), normal_quantile((1 - conf_level) / 2)
    if not error > 0 or not (np.abs(part.slope) > 0).any():
        limits = (math.nan, math.nan)
        return Interval(
            _back(value, measure), *limits, conf_level, method, "The arm does not vary, so it has no limits."
        )
    if measure in RISK_MEASURES:
        center, half = math.log(value / (1 - value)), z * error / (value * (1 - value))
        lower, upper = (1 / (1 + math.exp(-(center + sign * half))) for sign in (-1, 1))
        return Interval(value, lower, upper, conf_level, method)
    if measure in (TIMED_MEASURES[0], TIMED_MEASURES[2]):
        lower_array, upper_array = transformed_limits(part.value, np.array([error / value]), conf_level, "log-log")
        return Interval(value, float(lower_array[0]), float(upper_array[0]), conf_level, method)
    limit = cut_limits(value - z * error, value + z * error, 0.0 if at else -math.inf, at or math.inf)
    lower, upper = (_back(bound, measure) for bound in (limit.lower, limit.upper))
    return Interval(_back(value, measure), lower, upper, conf_level, method, limit.note)


def _back(value: float, measure: str) -> float:
    return math.exp(value) if measure == "mean_ratio" else value


def _contrast(
    data: _Weighted, counted: _Pair, found: Functional, conf_level: float, *, ratio: bool, bound: float,
    certain: str, arms: tuple[Interval, Interval] | None = None,
) -> Effect:  # fmt: skip
    influence = data.influence(found.slope)[:, 0]
    value, error = float(found.value[0]), math.sqrt(float(influence @ influence))
    method, nan = _method(data), math.nan
    if certain or not error > 0:
        shown = math.exp(value) if ratio else value
        interval = Interval(shown, nan, nan, conf_level, method, certain or _CONSTANT)
        return _effect(data, counted, interval, (nan, nan, nan), influence, arms)
    half = normal_quantile((1 - conf_level) / 2) * error
    if ratio:
        interval = Interval(math.exp(value), math.exp(value - half), math.exp(value + half), conf_level, method)
    else:
        limits = cut_limits(value - half, value + half, -bound, bound)
        interval = Interval(value, limits.lower, limits.upper, conf_level, method, limits.note)
    statistic = value / error
    return _effect(data, counted, interval, (error, statistic, 2 * normal_upper(abs(statistic))), influence, arms)

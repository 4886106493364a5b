"""From the estimates of two arms to what is said of their difference: limits, standard error, p-value."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special

from npcstats.estimators.bounds import cut_limits
from npcstats.estimators.distributions import normal_quantile, normal_upper
from npcstats.estimators.effects.outcomes import Outcome, Timed
from npcstats.estimators.timetoevent.curve_limits import transformed_limits
from npcstats.estimators.types import BoolArray, FloatArray, Interval

MEAN_MEASURES = ("mean_difference", "mean_ratio")
RISK_MEASURES = ("risk_difference", "risk_ratio", "odds_ratio")
SURVIVAL, RESTRICTED_MEAN, INCIDENCE = "survival_difference", "restricted_mean_difference", "incidence_difference"
TIMED_MEASURES = (SURVIVAL, RESTRICTED_MEAN, INCIDENCE)
HAZARD_RATIO = "hazard_ratio"
RATIO_MEASURES = ("mean_ratio", "risk_ratio", "odds_ratio", HAZARD_RATIO)
EFFECT_MEASURES = (*MEAN_MEASURES, *RISK_MEASURES, HAZARD_RATIO, *TIMED_MEASURES)

_ONE = "An arm has one participant, so there is no standard error."
_CONSTANT = "All values of an arm are the same, so there is no standard error."
_ONE_KIND = "An arm has no event, or nothing but events, so there is no standard error."
_NO_EVENT_BY = "An arm has no event by then, so there is no standard error."
_NO_EVENT_BEFORE = "An arm has no event before then, so there is no standard error."
_ENDED = "The curve of an arm has come to its end by then, so there is no standard error."
_AT_ONCE = "The curve of an arm falls from 1 to 0 at one time, so there is no standard error."
NO_ERROR = "The robust variance is 0, so there is no standard error."
TOO_LITTLE = "The weights of an arm are worth fewer than two participants, so there is no standard error."
_FAR = "The standard error is too large for limits of a ratio."
_NO_RATIO = "An arm has no event, so there is no ratio."
_NO_ODDS = "An arm has no event, or nothing but events, so there is no odds ratio."
_OUTSIDE = "The estimated risk of an arm is not between 0 and 1, so there is no ratio."
_ARM_OUTSIDE = "The estimated risk is not between 0 and 1, so it has no limits."
_ARM_CONSTANT = "The arm does not vary, so it has no limits."
ARM_TOO_LITTLE = "The weights of the arm are worth fewer than two participants, so it has no limits."
_ROUNDING = 1e-12  # of what is subtracted
_WIDEST = 700.0  # of the logarithm of a number
_LEAST_WORTH = 2.0 * (1.0 - 1e-9)  # participants of an arm whose spread tells an error


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


@dataclass(frozen=True)
class ArmCounts:
    """Who is in an arm.

    Attributes
    ----------
    size : int
        Participants of positive weight.
    effective : float
        What these are worth.
    events : int
        Those of them with the event, of a mean with a value.
    weight : float
        Sum of their weights.
    """

    size: int
    effective: float
    events: int
    weight: float


Counted = tuple[ArmCounts, ArmCounts]


@dataclass(frozen=True, eq=False)
class ArmEstimate:
    """The estimate of one arm.

    Attributes
    ----------
    value : float
        The estimate; of a ratio of geometric means a mean of logarithms.
    influence : ndarray of float, shape (n,)
        What each participant adds to it.
    varies : bool
        Whether the arm's own participants differ in it.
    scale : float
        Size of the parts that the influence is the sum of; beside it a smaller influence is rounding.
    """

    value: float
    influence: FloatArray
    varies: bool
    scale: float


def tells_error(effective: float) -> bool:
    """Tell whether an arm is worth two participants, without whom no spread tells an error.

    Parameters
    ----------
    effective : float
        Its effective size.

    Returns
    -------
    bool
        False of one participant, and of weights of which one outweighs all others.
    """
    return effective >= _LEAST_WORTH


def count_arm(outcome: Outcome, measure: str, group: BoolArray, weight: FloatArray) -> ArmCounts:
    """Count an arm.

    Parameters
    ----------
    outcome : Observed or Timed
        Of n participants.
    measure : str
        Tells what the event is: of survival any, else the one of interest.
    group : ndarray of bool, shape (n,)
        Who is in the arm.
    weight : ndarray of float >= 0, shape (n,)
        Their weights.

    Returns
    -------
    ArmCounts
        Of those of positive weight.
    """
    inside = group & (weight > 0)
    total, squares = float(weight[inside].sum()), float((weight[inside] ** 2).sum())
    if isinstance(outcome, Timed):
        happened = outcome.cause > 0 if measure in (SURVIVAL, RESTRICTED_MEAN) else outcome.cause == 1
    else:
        happened = outcome.values == 1 if measure in RISK_MEASURES else np.ones(len(group), dtype=bool)
    effective = total**2 / squares if squares > 0 else 0.0
    return ArmCounts(int(inside.sum()), effective, int((inside & happened).sum()), total)


def no_effect(
    note: str, counted: Counted, size: int, conf_level: float, method: str,
    arms: tuple[Interval, Interval] | None = None,
) -> Effect:  # fmt: skip
    """Say that there is no estimate.

    Parameters
    ----------
    note : str
        Why.
    counted : tuple of ArmCounts
        Both arms.
    size : int
        Participants.
    conf_level : float
        Confidence level.
    method : str
        Of the variance.
    arms : tuple of Interval, optional
        Each arm's own estimate, where there is one.

    Returns
    -------
    Effect
        NaN.
    """
    nan = math.nan
    interval = Interval(nan, nan, nan, conf_level, method, note)
    return _effect(interval, (nan, nan, nan), arms, np.full(size, nan), counted)


def combine_arms(
    estimates: tuple[ArmEstimate, ArmEstimate], counted: Counted, *, measure: str, at: float | None, conf_level: float,
    method: str,
) -> Effect:  # fmt: skip
    """Set one arm against the other.

    Parameters
    ----------
    estimates : tuple of ArmEstimate
        The first arm, the reference.
    counted : tuple of ArmCounts
        Both arms.
    measure : str
        Any but a hazard ratio.
    at : float, optional
        Time, of a measure at a time.
    conf_level : float
        Confidence level.
    method : str
        Of the variance.

    Returns
    -------
    Effect
        Without a ratio, or without limits, where an arm does not vary, and the reason.
    """
    told = [
        _arm_interval(one, part, conf_level, method, measure, at) for one, part in zip(estimates, counted, strict=True)
    ]
    arms = (told[0], told[1])
    first, reference = estimates
    reason = _no_ratio(measure, (first.value, reference.value))
    if reason:
        return no_effect(reason, counted, len(first.influence), conf_level, method, arms)
    link, slope = _LINKS[measure]
    influence = first.influence * slope(first.value) - reference.influence * slope(reference.value)
    constant = [_why(measure, one.value, n, at) for one, n in zip(estimates, counted, strict=True) if not one.varies]
    value = link(first.value) - link(reference.value)
    certain = next(iter(constant), "") or (NO_ERROR if _cancels(estimates, influence, slope) else "")
    return tell_effect(
        value, influence, counted, measure=measure, at=at, conf_level=conf_level, method=method, certain=certain,
        arms=arms,
    )  # fmt: skip


def tell_effect(
    value: float, influence: FloatArray, counted: Counted, *, measure: str, at: float | None, conf_level: float,
    method: str, certain: str = "", arms: tuple[Interval, Interval] | None = None,
) -> Effect:  # fmt: skip
    """Give an effect its limits.

    Parameters
    ----------
    value : float
        The effect, of a ratio its logarithm.
    influence : ndarray of float, shape (n,)
        What each participant adds to it.
    counted : tuple of ArmCounts
        Both arms.
    measure : str
        What it is.
    at : float, optional
        Time, of a measure at a time.
    conf_level : float
        Confidence level.
    method : str
        Of the variance.
    certain : str
        Why there is no standard error; empty where there is one.
    arms : tuple of Interval, optional
        Each arm's own estimate.

    Returns
    -------
    Effect
        Normal limits, of a ratio on the logarithm, of a difference cut at what is possible.
    """
    ratio, nan = measure in RATIO_MEASURES, math.nan
    error = math.sqrt(float(influence @ influence))
    half = normal_quantile((1 - conf_level) / 2) * error
    reason = certain or ("" if all(tells_error(part.effective) for part in counted) else _too_little(counted))
    reason = reason or (NO_ERROR if not error > _ROUNDING * max(abs(value), float(ratio)) else "")
    if reason:
        half = nan
    interval = limit_effect(value, value - half, value + half, measure=measure, at=at, conf_level=conf_level,
                            method=method, note=reason)  # fmt: skip
    if math.isnan(interval.lower):
        return _effect(interval, (nan, nan, nan), arms, influence, counted)
    statistic = value / error
    return _effect(interval, (error, statistic, 2 * normal_upper(abs(statistic))), arms, influence, counted)


def limit_effect(
    value: float, lower: float, upper: float, *, measure: str, at: float | None, conf_level: float, method: str,
    note: str = "",
) -> Interval:  # fmt: skip
    """Bring an effect with its limits from the scale of inference to its own.

    Parameters
    ----------
    value, lower, upper : float
        The effect and its limits, of a ratio their logarithms; limits NaN where there are none.
    measure : str
        What it is.
    at : float, optional
        Time, of a measure at a time.
    conf_level : float
        Confidence level.
    method : str
        Of the variance.
    note : str
        Why there are no limits.

    Returns
    -------
    Interval
        Of a difference cut at what is possible; without limits, and with a note, where those of a ratio are too far.
    """
    ratio = measure in RATIO_MEASURES
    if ratio and max(abs(lower), abs(upper)) > _WIDEST:
        lower, upper, note = math.nan, math.nan, _FAR
    if ratio:
        return Interval(math.exp(value), math.exp(lower), math.exp(upper), conf_level, method, note)
    bound = _bound(measure, at)
    limits = cut_limits(lower, upper, -bound, bound)
    return Interval(value, limits.lower, limits.upper, conf_level, method, note or limits.note)


def _too_little(counted: Counted) -> str:
    return _ONE if min(part.size for part in counted) == 1 else TOO_LITTLE


def _effect(
    interval: Interval, numbers: tuple[float, float, float], arms: tuple[Interval, Interval] | None,
    influence: FloatArray, counted: Counted,
) -> Effect:  # fmt: skip
    first, reference = arms or (None, None)
    one, other = counted
    return Effect(
        interval,
        *numbers,
        first,
        reference,
        influence,
        sizes=(one.size, other.size),
        effective_sizes=(one.effective, other.effective),
        events=(one.events, other.events),
    )


def _bound(measure: str, at: float | None) -> float:
    if measure == RESTRICTED_MEAN and at is not None:
        return at
    return 1.0 if measure in ("risk_difference", SURVIVAL, INCIDENCE) else math.inf


_LINKS: dict[str, tuple[Callable[[float], float], Callable[[float], float]]] = {
    **dict.fromkeys(EFFECT_MEASURES, (float, lambda value: 1.0)),
    "risk_ratio": (math.log, lambda value: 1.0 / value),
    "odds_ratio": (lambda value: math.log(value / (1 - value)), lambda value: 1.0 / (value * (1 - value))),
}


def _no_ratio(measure: str, values: tuple[float, float]) -> str:
    if measure not in ("risk_ratio", "odds_ratio"):
        return ""
    low, high = min(values), max(values)
    if low < 0 or high > 1:
        return _OUTSIDE
    if measure == "risk_ratio":
        return _NO_RATIO if low == 0 else ""
    return _NO_ODDS if low == 0 or high == 1 else ""


def _cancels(
    estimates: tuple[ArmEstimate, ArmEstimate], influence: FloatArray, slope: Callable[[float], float]
) -> bool:
    """Whether what each participant adds to one arm is, to within rounding, what is taken from the other."""
    return is_rounding(influence, sum(one.scale * abs(slope(one.value)) for one in estimates))


def is_rounding(influence: FloatArray, scale: float) -> bool:
    """Tell whether an influence is nothing but rounding.

    Parameters
    ----------
    influence : ndarray of float, shape (n,)
        The sum of parts that may cancel.
    scale : float
        Size of these parts.

    Returns
    -------
    bool
        True where no error can be read from it.
    """
    return not float(np.linalg.norm(influence)) > _ROUNDING * scale


def _why(measure: str, value: float, part: ArmCounts, at: float | None) -> str:
    if part.size == 1:
        return _ONE
    if measure == RESTRICTED_MEAN:
        return _NO_EVENT_BEFORE if at is None or math.isclose(value, at) else _AT_ONCE
    if measure in (SURVIVAL, INCIDENCE):
        return _NO_EVENT_BY if value == (measure == SURVIVAL) else _ENDED
    return _ONE_KIND if measure in RISK_MEASURES else _CONSTANT


def _arm_interval(
    one: ArmEstimate, part: ArmCounts, conf_level: float, method: str, measure: str, at: float | None
) -> Interval:
    value, error = one.value, math.sqrt(float(one.influence @ one.influence))
    z = normal_quantile((1 - conf_level) / 2)
    if not one.varies or is_rounding(one.influence, one.scale):
        return Interval(_back(value, measure), math.nan, math.nan, conf_level, method, _ARM_CONSTANT)
    if not tells_error(part.effective):
        return Interval(_back(value, measure), math.nan, math.nan, conf_level, method, ARM_TOO_LITTLE)
    if measure in RISK_MEASURES:
        if not 0 < value < 1:
            return Interval(value, math.nan, math.nan, conf_level, method, _ARM_OUTSIDE)
        center, half = math.log(value / (1 - value)), z * error / (value * (1 - value))
        lower, upper = special.expit([center - half, center + half]).tolist()
        return Interval(value, lower, upper, conf_level, method)
    if measure in (SURVIVAL, INCIDENCE):
        limits = transformed_limits(np.array([value]), np.array([error / value]), conf_level, "log-log")
        return Interval(value, float(limits[0][0]), float(limits[1][0]), conf_level, method)
    least, largest = (0.0, at) if measure == RESTRICTED_MEAN and at is not None else (-math.inf, math.inf)
    cut = cut_limits(value - z * error, value + z * error, least, largest)
    lower, upper = (_back(bound, measure) for bound in (cut.lower, cut.upper))
    return Interval(_back(value, measure), lower, upper, conf_level, method, cut.note)


def _back(value: float, measure: str) -> float:
    return math.exp(value) if measure == "mean_ratio" else value

"""Proportions, and how two of them differ: closed forms and score intervals.

It knows counts and totals; whom they count is the caller's business.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from scipy import optimize

from npcstats.choices import check_choice
from npcstats.errors import SpecError
from npcstats.estimators.bounds import OUTSIDE, cut_limits
from npcstats.estimators.checks import check_counts, check_probability
from npcstats.estimators.distributions import beta_quantile, beta_upper_quantile, normal_quantile
from npcstats.estimators.types import Interval

_Limits = tuple[float, float]

_NO_PARTICIPANTS = "There are no participants."
_ZERO_VARIANCE = "The estimated variance is 0, so this method has no limits."
# near the last bits of a double: the score limits are then good to about 1e-14
_ROOT_TOLERANCE = 1e-15
_HALVINGS = 60
# far less than the distance of a score limit from the estimate, which is of the order of 1 / total
_STEP_INSIDE = 1e-12


def estimate_proportion(count: int, total: int, *, method: str, conf_level: float) -> Interval:
    """Estimate a proportion with its two-sided confidence interval.

    Parameters
    ----------
    count : int, 0 <= count <= total
        Participants with the event.
    total : int
        Participants in the denominator.
    method : {"clopper-pearson", "wilson", "agresti-coull", "jeffreys", "wald"}
        How the limits are made.
    conf_level : float in (0, 1)
        Confidence level.

    Returns
    -------
    Interval
        Proportion in [0, 1], limits too; `note` says where one was cut. With `total` 0 all is NaN and `note` says so.

    Raises
    ------
    DataError
        If the counts are not whole numbers with ``0 <= count <= total``.
    SpecError
        If `method` or `conf_level` is not allowed.

    Notes
    -----
    *Convention.* Clopper-Pearson takes half the error in each tail at 0 and at `total` too, so the upper
    limit of 0/N is 1 - 0.025^(1/N). Wilson has no continuity correction. Agresti-Coull and Wald limits are
    cut at 0 and 1, with a note; Jeffreys' are 0 and 1 at the ends. Wald has no limits where the proportion is 0 or 1.
    At low confidence levels limits whose centre is not the estimate may leave it out, which a note says.

    *Verified* against R ``binom.test``, ``prop.test(correct = FALSE)`` and formulae written in R.

    References
    ----------
    Clopper CJ, Pearson ES. Biometrika 1934;26:404. doi:10.1093/biomet/26.4.404
    Wilson EB. J Am Stat Assoc 1927;22:209. doi:10.1080/01621459.1927.10502953
    Brown LD, Cai TT, DasGupta A. Stat Sci 2001;16:101. doi:10.1214/ss/1009213286
    """
    count, total = check_counts(count, total)
    check_choice(method, "method", _ONE_SAMPLE)
    conf_level = check_probability(conf_level, "conf_level")
    if total == 0:
        return Interval(math.nan, math.nan, math.nan, conf_level, method, _NO_PARTICIPANTS)
    return _interval(count / total, _ONE_SAMPLE[method](count, total, conf_level), 0.0, conf_level, method)


def compare_proportions(
    count1: int, total1: int, count0: int, total0: int, *, measure: str, method: str, conf_level: float
) -> Interval:
    """Compare two independent proportions, group 1 with group 0.

    Parameters
    ----------
    count1, total1 : int
        Participants with the event and in the denominator, in group 1.
    count0, total0 : int
        The same in group 0, the reference.
    measure : {"risk-difference", "risk-ratio", "odds-ratio"}
        What is estimated: ``p1 - p0``, ``p1 / p0`` or the ratio of odds.
    method : str
        For a risk difference "newcombe", "miettinen-nurminen", "agresti-caffo" or "wald"; for a risk
        ratio "katz-log"; for an odds ratio "woolf-log".
    conf_level : float in (0, 1)
        Confidence level.

    Returns
    -------
    Interval
        Risk difference in [-1, 1], limits too, or a ratio above 0. What is undefined (a group without participants, a
        ratio with an empty cell) is NaN; `note` says why, or which limit is cut.

    Raises
    ------
    DataError
        If the counts are not whole numbers with ``0 <= count <= total``.
    SpecError
        If `measure`, `method`, their pair or `conf_level` is not allowed.

    Notes
    -----
    *Convention.* Newcombe's interval is the hybrid score one without continuity correction (his method
    10). Miettinen-Nurminen has the variance factor N/(N-1). The estimate is always the plain difference or
    ratio of the observed proportions; no cell is increased by a half. Agresti-Caffo and Wald limits are cut
    at -1 and 1, with a note; Wald has none where both proportions are 0 or 1. Score limits and those of ratios, made on
    the logarithms, need no cutting.

    *Verified* against the formulae written in R, and for 36/154 and 12/77 against what SAS prints.

    References
    ----------
    Newcombe RG. Stat Med 1998;17:873. doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I
    Miettinen O, Nurminen M. Stat Med 1985;4:213. doi:10.1002/sim.4780040211
    Agresti A, Caffo B. Am Stat 2000;54:280. doi:10.1080/00031305.2000.10474560
    Katz D, Baptista J, Azen SP, Pike MC. Biometrics 1978;34:469. doi:10.2307/2530610
    Woolf B. Ann Hum Genet 1955;19:251. doi:10.1111/j.1469-1809.1955.tb01348.x
    """
    count1, total1 = check_counts(count1, total1, "1")
    count0, total0 = check_counts(count0, total0, "0")
    _check_pair(measure, method)
    conf_level = check_probability(conf_level, "conf_level")
    if total1 == 0 or total0 == 0:
        note = "A group has no participants."
        return Interval(math.nan, math.nan, math.nan, conf_level, method, note)
    if measure == "risk-ratio":
        return _risk_ratio(count1, total1, count0, total0, conf_level)
    if measure == "odds-ratio":
        return _odds_ratio(count1, total1, count0, total0, conf_level)
    made = _DIFFERENCE[method](count1, total1, count0, total0, conf_level)
    estimate = (count1 * total0 - count0 * total1) / (total1 * total0)
    return _interval(estimate, made, -1.0, conf_level, method)


def _interval(estimate: float, made: _Limits, least: float, conf_level: float, method: str) -> Interval:
    """Cut limits at `least` and 1, and say what is to be said of them."""
    lower, upper, note = cut_limits(*made, least, 1.0)
    if math.isnan(lower):
        note = _ZERO_VARIANCE
    elif not lower <= estimate <= upper:
        note = OUTSIDE
    return Interval(estimate, lower, upper, conf_level, method, note)


def _check_pair(measure: str, method: str) -> None:
    check_choice(measure, "measure", _METHODS)
    if method not in _METHODS[measure]:
        pairs = "; ".join(f"{known} with {', '.join(methods)}" for known, methods in _METHODS.items())
        raise SpecError(f"method: is {method!r} for measure {measure!r}; what is allowed is {pairs}.")


def _normal_quantile(conf_level: float) -> float:
    return normal_quantile((1 - conf_level) / 2)


def _clopper_pearson(count: int, total: int, conf_level: float) -> _Limits:
    tail = (1 - conf_level) / 2
    lower = 0.0 if count == 0 else beta_quantile(tail, count, total - count + 1)
    upper = 1.0 if count == total else beta_upper_quantile(tail, count + 1, total - count)
    return lower, upper


def _wilson(count: int, total: int, conf_level: float) -> _Limits:
    z = _normal_quantile(conf_level)
    p = count / total
    center = p + z**2 / (2 * total)
    half_width = z * math.sqrt(p * (1 - p) / total + z**2 / (4 * total**2))
    scale = 1 + z**2 / total
    lower = 0.0 if count == 0 else (center - half_width) / scale
    upper = 1.0 if count == total else (center + half_width) / scale
    return lower, upper


def _agresti_coull(count: int, total: int, conf_level: float) -> _Limits:
    z = _normal_quantile(conf_level)
    inflated = total + z**2
    p = (count + z**2 / 2) / inflated
    half_width = z * math.sqrt(p * (1 - p) / inflated)
    return p - half_width, p + half_width


def _jeffreys(count: int, total: int, conf_level: float) -> _Limits:
    tail = (1 - conf_level) / 2
    shape = (count + 0.5, total - count + 0.5)
    lower = 0.0 if count == 0 else beta_quantile(tail, *shape)
    upper = 1.0 if count == total else beta_upper_quantile(tail, *shape)
    return lower, upper


def _wald(count: int, total: int, conf_level: float) -> _Limits:
    if count in (0, total):
        return math.nan, math.nan
    p = count / total
    half_width = _normal_quantile(conf_level) * math.sqrt(p * (1 - p) / total)
    return p - half_width, p + half_width


def _newcombe(count1: int, total1: int, count0: int, total0: int, conf_level: float) -> _Limits:
    p1, p0 = count1 / total1, count0 / total0
    lower1, upper1 = _wilson(count1, total1, conf_level)
    lower0, upper0 = _wilson(count0, total0, conf_level)
    difference = p1 - p0
    return (
        difference - math.hypot(p1 - lower1, upper0 - p0),
        difference + math.hypot(upper1 - p1, p0 - lower0),
    )


def _restricted_proportion(count1: int, total1: int, count0: int, total0: int, difference: float) -> float:
    """Return the maximum-likelihood p0 given that p1 - p0 is `difference`.

    The log-likelihood is concave, so halving on the sign of its slope finds the maximum, at an end too; the
    closed form of the cubic loses half of the digits near a double root.
    """
    low, high = max(0.0, -difference), min(1.0, 1.0 - difference)
    for _ in range(_HALVINGS):
        p0 = (low + high) / 2
        p1 = p0 + difference
        slope = (count1 - total1 * p1) * p0 * (1 - p0) + (count0 - total0 * p0) * p1 * (1 - p1)
        low, high = (p0, high) if slope > 0 else (low, p0)
    return (low + high) / 2


def _miettinen_nurminen(count1: int, total1: int, count0: int, total0: int, conf_level: float) -> _Limits:
    observed = count1 / total1 - count0 / total0
    total = total1 + total0
    critical = _normal_quantile(conf_level) ** 2 * total / (total - 1)

    def excess(difference: float) -> float:
        p0 = _restricted_proportion(count1, total1, count0, total0, difference)
        p1 = min(max(p0 + difference, 0.0), 1.0)
        variance = p1 * (1 - p1) / total1 + p0 * (1 - p0) / total0
        return (observed - difference) ** 2 - critical * variance

    # with no variance at the observed difference, that point itself is a root but not a limit: step inside
    lower = -1.0 if observed == -1 else _root(excess, -1.0, max(observed - _STEP_INSIDE, -1.0))
    upper = 1.0 if observed == 1 else _root(excess, min(observed + _STEP_INSIDE, 1.0), 1.0)
    return lower, upper


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    return float(optimize.brentq(function, low, high, xtol=_ROOT_TOLERANCE, rtol=_ROOT_TOLERANCE))


def _agresti_caffo(count1: int, total1: int, count0: int, total0: int, conf_level: float) -> _Limits:
    return _difference_limits(
        (count1 + 1) / (total1 + 2), total1 + 2, (count0 + 1) / (total0 + 2), total0 + 2, conf_level
    )


def _wald_difference(count1: int, total1: int, count0: int, total0: int, conf_level: float) -> _Limits:
    if count1 in (0, total1) and count0 in (0, total0):
        return math.nan, math.nan
    return _difference_limits(count1 / total1, total1, count0 / total0, total0, conf_level)


def _difference_limits(p1: float, total1: int, p0: float, total0: int, conf_level: float) -> _Limits:
    std_error = math.sqrt(p1 * (1 - p1) / total1 + p0 * (1 - p0) / total0)
    half_width = _normal_quantile(conf_level) * std_error
    return p1 - p0 - half_width, p1 - p0 + half_width


def _risk_ratio(count1: int, total1: int, count0: int, total0: int, conf_level: float) -> Interval:
    method = "katz-log"
    if count0 == 0:
        note = "There are no events in group 0, so the risk ratio is not estimable."
        return Interval(math.nan, math.nan, math.nan, conf_level, method, note)
    estimate = (count1 * total0) / (count0 * total1)
    if count1 == 0:
        note = "There are no events in group 1, so the risk ratio is 0 and has no limits on the log scale."
        return Interval(estimate, math.nan, math.nan, conf_level, method, note)
    if count1 == total1 and count0 == total0:
        return Interval(estimate, math.nan, math.nan, conf_level, method, _ZERO_VARIANCE)
    log_variance = 1 / count1 - 1 / total1 + 1 / count0 - 1 / total0
    return _ratio_interval(estimate, log_variance, conf_level, method)


def _odds_ratio(count1: int, total1: int, count0: int, total0: int, conf_level: float) -> Interval:
    method = "woolf-log"
    cells = {
        "no events in group 1": count1,
        "only events in group 1": total1 - count1,
        "no events in group 0": count0,
        "only events in group 0": total0 - count0,
    }
    empty = [name for name, cell in cells.items() if cell == 0]
    if empty:
        note = f"There are {' and '.join(empty)}, so the odds ratio is not estimable on the log scale."
        return Interval(math.nan, math.nan, math.nan, conf_level, method, note)
    estimate = (count1 * (total0 - count0)) / ((total1 - count1) * count0)
    return _ratio_interval(estimate, sum(1 / cell for cell in cells.values()), conf_level, method)


def _ratio_interval(estimate: float, log_variance: float, conf_level: float, method: str) -> Interval:
    factor = math.exp(_normal_quantile(conf_level) * math.sqrt(log_variance))
    return Interval(estimate, estimate / factor, estimate * factor, conf_level, method)


_ONE_SAMPLE: dict[str, Callable[[int, int, float], _Limits]] = {
    "clopper-pearson": _clopper_pearson,
    "wilson": _wilson,
    "agresti-coull": _agresti_coull,
    "jeffreys": _jeffreys,
    "wald": _wald,
}
_DIFFERENCE: dict[str, Callable[[int, int, int, int, float], _Limits]] = {
    "newcombe": _newcombe,
    "miettinen-nurminen": _miettinen_nurminen,
    "agresti-caffo": _agresti_caffo,
    "wald": _wald_difference,
}
PROPORTIONS = tuple(_ONE_SAMPLE)
DIFFERENCES = tuple(_DIFFERENCE)
_METHODS: dict[str, tuple[str, ...]] = {
    "risk-difference": tuple(_DIFFERENCE),
    "risk-ratio": ("katz-log",),
    "odds-ratio": ("woolf-log",),
}

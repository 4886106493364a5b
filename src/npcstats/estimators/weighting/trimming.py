"""Trimming: who is left out because hardly anybody like them was in the other arm."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from npcstats.choices import check_choice
from npcstats.errors import DataError, SpecError
from npcstats.estimators.checks import check_binary
from npcstats.estimators.types import BoolArray, FloatArray

TRIM_RULES = ("none", "range", "crump", "common-support")
NO_SCORE = "There is no score, so nobody is kept."
NOTHING_COMMON = "No score lies between those of both arms, so nobody is kept."


@dataclass(frozen=True, eq=False)
class Trimming:
    """Who is kept.

    Attributes
    ----------
    kept : ndarray of bool, shape (n,)
        True for those kept.
    lower, upper : float in [0, 1]
        Least and largest score that are kept; NaN without a score.
    lost1, lost0 : int
        Participants of the first and the second arm who are not kept.
    note : str
        Why nobody is kept; empty otherwise.
    """

    kept: BoolArray
    lower: float
    upper: float
    lost1: int
    lost0: int
    note: str = ""


def trim_scores(
    score: npt.ArrayLike,
    treated: npt.ArrayLike,
    *,
    rule: str,
    lower: float | None = None,
    upper: float | None = None,
) -> Trimming:
    """Keep participants whose propensity score lies in a range.

    Parameters
    ----------
    score : array_like of float in [0, 1], shape (n,)
        Propensity scores; all NaN where there is none.
    treated : array_like of bool or of 0 and 1, shape (n,)
        1 in the first arm.
    rule : {"none", "range", "crump", "common-support"}
        "none" keeps everybody; "range" scores from `lower` to `upper`; "crump" scores from a to 1 - a, with the a for
        which the average effect is estimated with the least variance; "common-support" scores from the larger of the
        arms' minima to the smaller of their maxima.
    lower, upper : float in [0, 1] or None
        Limits of "range"; None with every other rule.

    Returns
    -------
    Trimming
        Who is kept; scores equal to a limit are.

    Raises
    ------
    DataError
        If a score is outside 0 to 1, some but not all are missing, or lengths differ.
    SpecError
        If `rule` is not allowed, or the limits do not belong to it.

    Notes
    -----
    *Crump.* With k = 1/(e(1 - e)), the variance bound of the average effect among those with k up to g is
    proportional to the sum of their k over the square of their number. The set with the least one is kept; its g is
    twice the mean of k in it, and a = 1/2 - sqrt(1/4 - 1/g). Where everybody is kept a is 0.

    *Verified* against the rule searched in R over all sets of scores.

    References
    ----------
    Crump RK, Hotz VJ, Imbens GW, Mitnik OA. Biometrika 2009;96:187. doi:10.1093/biomet/asn055
    """
    check_choice(rule, "rule", TRIM_RULES)
    limits = _check_limits(rule, lower, upper)
    arm = check_binary(treated, "treated")
    scores = _check_scores(score, len(arm))
    note = ""
    if np.isnan(scores).any():
        limits, note = (math.nan, math.nan), NO_SCORE
    elif rule == "crump":
        limits = _crump(scores)
    elif rule == "common-support":
        limits = _common(scores, arm)
        note = "" if limits[0] <= limits[1] else NOTHING_COMMON
    kept = (scores >= limits[0]) & (scores <= limits[1])
    lost = ~kept
    return Trimming(kept, *limits, int(np.count_nonzero(lost & arm)), int(np.count_nonzero(lost & ~arm)), note)


def _check_limits(rule: str, lower: float | None, upper: float | None) -> tuple[float, float]:
    if rule != "range":
        if lower is not None or upper is not None:
            raise SpecError(f"lower, upper: are given, but the rule {rule} has no limits of its own; None is required.")
        return 0.0, 1.0
    if lower is None or upper is None or not 0 <= lower < upper <= 1:
        raise SpecError(
            f"lower, upper: are {lower} and {upper}; two numbers from 0 to 1, the first less, are required."
        )
    return float(lower), float(upper)


def _check_scores(score: npt.ArrayLike, length: int) -> FloatArray:
    scores = np.asarray(score, dtype=np.float64)
    if scores.shape != (length,):
        raise DataError(f"score: has shape {scores.shape}; ({length},) required, one for each participant.")
    missing = np.isnan(scores)
    if missing.any() and not missing.all():
        raise DataError(f"score: {np.count_nonzero(missing)} of {length} are missing; a score for each is required.")
    if ((scores < 0) | (scores > 1)).any():
        raise DataError("score: has values outside 0 to 1; probabilities are required.")
    return scores


def _crump(scores: FloatArray) -> tuple[float, float]:
    spread = scores * (1.0 - scores)
    inverse = np.sort(1.0 / spread[spread > 0])
    if not len(inverse):
        return 0.5, 0.5
    number = np.arange(1.0, len(inverse) + 1.0)
    total = np.cumsum(inverse)
    best = int(np.argmin(total / number**2))
    if best == len(scores) - 1:
        return 0.0, 1.0
    bound = 2.0 * float(total[best] / number[best])
    least = 0.5 - math.sqrt(0.25 - 1.0 / bound)
    return least, 1.0 - least


def _common(scores: FloatArray, arm: BoolArray) -> tuple[float, float]:
    if not arm.any() or arm.all():
        return 1.0, 0.0
    ones, zeros = scores[arm], scores[~arm]
    return max(float(ones.min()), float(zeros.min())), min(float(ones.max()), float(zeros.max()))

"""Correlation of two quantities within participants who are measured several times, and an order of many of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import leaves_list, linkage, optimal_leaf_ordering
from scipy.spatial.distance import squareform

from npcstats.choices import check_choice
from npcstats.errors import DataError
from npcstats.estimators.checks import check_array, check_labels, check_probability
from npcstats.estimators.distributions import normal_quantile, t_quantile, t_upper
from npcstats.estimators.types import FloatArray, IntArray, Interval

FISHER, CLUSTERED = "fisher", "clustered"
CORRELATION_LIMITS = (FISHER, CLUSTERED)
SIGNED, ABSOLUTE = "signed", "absolute"
DISTANCES = (SIGNED, ABSOLUTE)
Linkage = Literal["average", "complete", "single"]
LINKAGES: tuple[Linkage, ...] = ("average", "complete", "single")

NO_PAIRS = "No participant has both values on two occasions."
NO_DEGREES = "Too few participants have both values on two occasions."
NO_SPREAD = "A value does not vary within participants."
NO_LIMITS = "Too few participants have both values on two occasions for limits."
PERFECT = "The values lie on a line, so the correlation has no limits."
_FEWEST_PARTICIPANTS, _FEWEST_DEGREES = 2, 2
_ROUNDING = 1e-12  # share of a sum of squares below which what is left of it is rounding


@dataclass(frozen=True)
class RepeatedCorrelation:
    """A correlation within participants.

    Attributes
    ----------
    interval : Interval
        The correlation with its limits.
    df : float
        Degrees of freedom of the test; NaN where there is none.
    p_value : float
        Of the test that it is zero, two-sided, made as the limits are.
    participants, pairs : int
        Who has both values on two occasions or more, and how many such pairs of values they have.
    """

    interval: Interval
    df: float
    p_value: float
    participants: int
    pairs: int


@dataclass(frozen=True, eq=False)
class Tree:
    """An order of quantities in which those alike stand together.

    Attributes
    ----------
    order : int array, shape (k,)
        Places of the quantities, in the order of the leaves.
    left, right : int array, shape (k - 1,)
        First leaf, as a place, of both parts that are joined, the part that stands first before the other.
    distance : float array, shape (k - 1,)
        At which they are joined, never falling.
    """

    order: IntArray
    left: IntArray
    right: IntArray
    distance: FloatArray


def estimate_repeated_correlation(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    subject: npt.ArrayLike,
    *,
    occasion: npt.ArrayLike | None,
    limits: str,
    conf_level: float,
) -> RepeatedCorrelation:
    """Estimate the correlation of two quantities within participants.

    Parameters
    ----------
    x, y : array_like of float, shape (n,)
        Both values of a participant on an occasion.
    subject : array_like of labels, shape (n,)
        Whose they are.
    occasion : array_like of labels or None, shape (n,)
        When; the mean of each occasion is removed beside that of each participant. None removes the latter only.
    limits : {"fisher", "clustered"}
        Fisher's transformation, a participant's occasions independent of one another once means are removed; or on the
        same scale with the variance of participants as wholes, and t limits of as many degrees of freedom as there are
        participants less one.
    conf_level : float in (0, 1)
        Confidence level of the limits.

    Returns
    -------
    RepeatedCorrelation
        NaN with a note where there is none.

    Raises
    ------
    DataError
        If a value is missing or infinite, or lengths differ.
    SpecError
        If `limits` or `conf_level` is not allowed.

    Notes
    -----
    *Convention.* The correlation of what is left of both values when the mean of each participant, and of each
    occasion, is removed by least squares: of parallel lines, one for each participant. Participants with one pair tell
    nothing and are not counted. Degrees of freedom are pairs, less participants, less free means of occasions, less 1;
    Fisher's standard error is 1 / sqrt(df - 1). "clustered": the variance of atanh r is the sum over participants of
    squared influences, times m / (m - 1) of m participants.

    *Verified* against ``pingouin.rm_corr`` (r, df, p; its limits, which it rounds to two decimals, also rounded), and
    against residuals of R ``lm`` on participants and occasions, their limits written out, "clustered" by the derivative
    of r by each participant's weight.

    References
    ----------
    Bland JM, Altman DG. BMJ 1995;310:446. doi:10.1136/bmj.310.6977.446
    Bakdash JZ, Marusich LR. Front Psychol 2017;8:456. doi:10.3389/fpsyg.2017.00456
    """
    check_choice(limits, "limits", CORRELATION_LIMITS)
    conf_level = check_probability(conf_level, "conf_level")
    first = check_array(x, "x")
    second = check_array(y, "y", length=len(first))
    codes = check_labels(subject, "subject", length=len(first))[1]
    when = None if occasion is None else check_labels(occasion, "occasion", length=len(first))[1]
    kept = np.bincount(codes, minlength=1)[codes] > 1 if len(codes) else np.zeros(0, dtype=bool)
    codes = np.unique(codes[kept], return_inverse=True)[1].reshape(-1)
    size, participants = int(kept.sum()), int(codes.max() + 1) if kept.any() else 0
    if not size:
        return _refused(NO_PAIRS, limits, conf_level, 0, 0)
    values = np.column_stack([first[kept], second[kept]])
    left, lost = _without_means(values, codes, None if when is None else when[kept])
    df = size - participants - lost - 1
    if df < 1:
        return _refused(NO_DEGREES, limits, conf_level, participants, size)
    sums = left.T @ left
    if (np.diag(sums) <= _ROUNDING * ((values - values.mean(axis=0)) ** 2).sum(axis=0)).any():
        return _refused(NO_SPREAD, limits, conf_level, participants, size)
    r = float(np.clip(sums[0, 1] / math.sqrt(sums[0, 0] * sums[1, 1]), -1.0, 1.0))
    if 1.0 - r * r <= _ROUNDING:
        interval = Interval(math.copysign(1.0, r), math.nan, math.nan, conf_level, limits, PERFECT)
        return RepeatedCorrelation(interval, float(df), 0.0, participants, size)
    if limits == CLUSTERED:
        return _clustered(r, left, sums, codes, float(df), conf_level)
    return _fisher(r, float(df), conf_level, participants, size)


def _without_means(values: FloatArray, codes: IntArray, when: IntArray | None) -> tuple[FloatArray, int]:
    """What is left of values when means are removed, and how many means of occasions were free."""
    left = _centered(values, codes)
    if when is None:
        return left, 0
    dummies = _centered((when[:, None] == np.unique(when)[None, :]).astype(float), codes)
    u, size, _ = np.linalg.svd(dummies, full_matrices=False)
    basis = u[:, size > max(dummies.shape) * np.finfo(float).eps * max(1.0, float(size.max(initial=0.0)))]
    return left - basis @ (basis.T @ left), basis.shape[1]


def _centered(values: FloatArray, codes: IntArray) -> FloatArray:
    counts = np.bincount(codes)
    means = np.column_stack([np.bincount(codes, weights=column) / counts for column in values.T])
    return values - means[codes]


def _fisher(r: float, df: float, conf_level: float, participants: int, pairs: int) -> RepeatedCorrelation:
    p_value = 2 * t_upper(abs(r) * math.sqrt(df / (1.0 - r * r)), df)
    if df < _FEWEST_DEGREES:
        interval = Interval(r, math.nan, math.nan, conf_level, FISHER, NO_LIMITS)
        return RepeatedCorrelation(interval, df, p_value, participants, pairs)
    half = normal_quantile((1.0 - conf_level) / 2.0) / math.sqrt(df - 1.0)
    return RepeatedCorrelation(_around(r, half, conf_level, FISHER), df, p_value, participants, pairs)


def _clustered(
    r: float, left: FloatArray, sums: FloatArray, codes: IntArray, df: float, conf_level: float
) -> RepeatedCorrelation:
    members = int(codes.max()) + 1
    if members < _FEWEST_PARTICIPANTS:
        interval = Interval(r, math.nan, math.nan, conf_level, CLUSTERED, NO_LIMITS)
        return RepeatedCorrelation(interval, df, math.nan, members, len(codes))
    parts = [np.bincount(codes, weights=left[:, i] * left[:, j]) for i, j in ((0, 1), (0, 0), (1, 1))]
    influence = parts[0] / math.sqrt(sums[0, 0] * sums[1, 1]) - r / 2 * (parts[1] / sums[0, 0] + parts[2] / sums[1, 1])
    error = math.sqrt(float(influence @ influence) * members / (members - 1)) / (1.0 - r * r)
    if not error > 0:
        interval = Interval(r, math.nan, math.nan, conf_level, CLUSTERED, NO_LIMITS)
        return RepeatedCorrelation(interval, df, math.nan, members, len(codes))
    half = t_quantile((1.0 - conf_level) / 2.0, members - 1) * error
    p_value = 2 * t_upper(abs(math.atanh(r)) / error, members - 1)
    return RepeatedCorrelation(
        _around(r, half, conf_level, CLUSTERED), float(members - 1), p_value, members, len(codes)
    )


def _around(r: float, half: float, conf_level: float, method: str) -> Interval:
    z = math.atanh(r)
    return Interval(r, math.tanh(z - half), math.tanh(z + half), conf_level, method)


def _refused(note: str, limits: str, conf_level: float, participants: int, pairs: int) -> RepeatedCorrelation:
    interval = Interval(math.nan, math.nan, math.nan, conf_level, limits, note)
    return RepeatedCorrelation(interval, math.nan, math.nan, participants, pairs)


def order_by_correlation(correlations: npt.ArrayLike, *, distance: str, joined: Linkage) -> Tree:
    """Order quantities by their correlations, so that those alike stand together.

    Parameters
    ----------
    correlations : array_like of float in [-1, 1], shape (k, k)
        Symmetric.
    distance : {"signed", "absolute"}
        1 - r, opposite quantities farthest; or 1 - |r|.
    joined : {"average", "complete", "single"}
        Distance of two groups: the mean, the largest or the smallest of their members'.

    Returns
    -------
    Tree
        Of the order in which neighbours are closest among those that the tree allows.

    Raises
    ------
    DataError
        If a correlation is missing or out of range, or they are not symmetric.
    SpecError
        If `distance` or `joined` is not allowed.

    Notes
    -----
    *Convention.* Agglomerative clustering by ``scipy.cluster.hierarchy.linkage``, its leaves turned by
    ``optimal_leaf_ordering``. It describes; nothing is tested.

    References
    ----------
    Bar-Joseph Z, et al. Bioinformatics 2001;17 Suppl 1:S22. doi:10.1093/bioinformatics/17.suppl_1.s22
    """
    check_choice(distance, "distance", DISTANCES)
    check_choice(joined, "joined", LINKAGES)
    r = check_array(correlations, "correlations", ndim=2)
    if r.shape[0] != r.shape[1] or (np.abs(r) > 1.0).any() or not np.allclose(r, r.T, rtol=0.0, atol=_ROUNDING):
        raise DataError("correlations: a symmetric matrix of values from -1 to 1 is required.")
    if len(r) < _FEWEST_PARTICIPANTS:
        nobody = np.zeros(0, dtype=np.intp)
        return Tree(np.arange(len(r)), nobody, nobody, np.zeros(0))
    apart = 1.0 - (np.abs(r) if distance == ABSOLUTE else r)
    np.fill_diagonal(apart, 0.0)
    condensed = squareform(np.maximum(apart, 0.0), checks=False)
    merges = optimal_leaf_ordering(linkage(condensed, method=joined), condensed)
    return _tree(merges, np.asarray(leaves_list(merges), dtype=np.intp))


def _tree(merges: FloatArray, order: IntArray) -> Tree:
    places = np.argsort(order)
    first = list(range(len(order)))  # of each group its leaf that stands first
    left, right = [], []
    for a, b, *_ in merges:
        one, other = sorted((first[int(a)], first[int(b)]), key=lambda leaf: int(places[leaf]))
        left.append(one)
        right.append(other)
        first.append(one)
    return Tree(order, np.array(left, dtype=np.intp), np.array(right, dtype=np.intp), merges[:, 2].copy())

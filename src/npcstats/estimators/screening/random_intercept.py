"""One linear model with a random intercept for each of many features."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from npcstats.errors import DataError
from npcstats.estimators.checks import check_labels, check_probability
from npcstats.estimators.continuous import adjust_p_values
from npcstats.estimators.orthonormal import orthonormal_columns
from npcstats.estimators.threads import one_thread
from npcstats.estimators.types import BoolArray, DesignMatrix, FloatArray, IntArray
from npcstats.formatting import counted

TOO_FEW = "There are no more values than coefficients."
CONSTANT = "The feature does not vary beyond what the design explains."
DEPENDENT = "Columns of the design depend on each other where the feature has values."
NO_PAIR = "No participant has two values, so that what they share cannot be told."
NOTHING_WITHIN = "The design explains all differences within participants, so that nothing is left to tell chance by."
NOTHING_BETWEEN = "The design explains all differences between participants, so that nothing is left to tell them by."
NO_SPREAD = "Values of a participant hardly differ: there is no variance within participants."
_RATIOS = np.logspace(-4, 4, 17)
"""Ratios of the variances that the search starts from; the best one's neighbours hold the maximum."""
_LEAST, _MOST = 1e-12, 1e12
_TOLD = 1e6
"""Above this ratio, what differs within participants drowns in the rounding of what differs between them."""
_STEPS = 80
_DONE = 1e-14
_DEPENDENT = 1e-10
"""Columns are orthonormal: in a direction with less than this, they depend on each other where values are."""
_CONSTANT = 1e-10


@dataclass(frozen=True, eq=False)
class RandomInterceptScreen:
    """Models of f features on k columns.

    Attributes
    ----------
    names : tuple of str, length k
        Columns of the design.
    coef, std_error, df, statistic, p_value, lower, upper : float array, shape (f, k)
        Coefficients in the feature's unit, standard errors, Satterthwaite degrees of freedom, t, two-sided p-values and
        limits; NaN where a feature has no model.
    q_value : float array, shape (f, k)
        Benjamini and Hochberg's adjusted p-values over the features, column by column.
    between, within : float array, shape (f,)
        Variance of the intercepts, 0 where participants do not differ more than chance has them differ, and within
        participants.
    criterion : float array, shape (f,)
        Minus twice the restricted log likelihood, as lme4 has it.
    count, participants : int array, shape (f,)
        Values, and participants with one.
    notes : tuple of str, length f
        Why a feature has no model; empty otherwise.
    """

    names: tuple[str, ...]
    coef: FloatArray
    std_error: FloatArray
    df: FloatArray
    statistic: FloatArray
    p_value: FloatArray
    lower: FloatArray
    upper: FloatArray
    q_value: FloatArray
    between: FloatArray
    within: FloatArray
    criterion: FloatArray
    count: IntArray
    participants: IntArray
    notes: tuple[str, ...]


class _Sums(NamedTuple):
    """Sums over values, and over participants of each size; the first axis is 1 where features share them."""

    sizes: FloatArray  # (m,) values of a participant
    members: FloatArray  # (f or 1, m) participants of each size
    known: FloatArray  # (f,) values
    xx: FloatArray  # (f or 1, k, k)
    xy: FloatArray  # (f, k)
    yy: FloatArray  # (f,)
    ss: FloatArray  # (f or 1, m, k, k) products of participants' sums
    st: FloatArray  # (f, m, k)
    tt: FloatArray  # (f, m)


class _Profile(NamedTuple):
    """The likelihood of each feature at its ratio, and what of it bends."""

    inverse: FloatArray  # (f, k, k)
    coef: FloatArray  # (f, k)
    rss: FloatArray  # (f,)
    fixed: FloatArray  # (f,) logarithms of determinants
    fixed_slope: FloatArray  # (f,)
    fixed_curve: FloatArray  # (f,)
    rss_slope: FloatArray  # (f,)
    rss_curve: FloatArray  # (f,)
    bend: FloatArray  # (f, k, k) derivative of the information


class _Fit(NamedTuple):
    """Models in the orthonormal basis, of standardized features."""

    profile: _Profile
    ratio: FloatArray  # (f,)
    offset: FloatArray  # (f, k) least-squares coefficients, taken off before
    scale: FloatArray  # (f,)
    known: FloatArray  # (f,)
    participants: FloatArray  # (f,)
    notes: tuple[str, ...]


@one_thread
def screen_random_intercept(
    Y: npt.ArrayLike,
    design: DesignMatrix,
    subject: npt.ArrayLike,
    *,
    conf_level: float = 0.95,
) -> RandomInterceptScreen:
    """Fit one linear model with a random intercept of each participant to each feature.

    Parameters
    ----------
    Y : array_like of float, shape (n, f)
        Features; NaN where a value is missing.
    design : DesignMatrix, shape (n, k)
        Design of all features, with an intercept where one is wanted.
    subject : array_like of labels, shape (n,)
        Participant of each row.
    conf_level : float in (0, 1)
        Of the limits.

    Returns
    -------
    RandomInterceptScreen
        A model of each feature.

    Raises
    ------
    DataError
        If shapes differ, a value is infinite, or columns of the design depend on each other.

    Notes
    -----
    *Method.* Restricted maximum likelihood, profiled to the ratio of the two variances: a grid finds the hill, Newton
    steps, held between its neighbours, the top. A ratio of 0 is a maximum where the likelihood falls from there.
    *Degrees of freedom.* Satterthwaite's from the observed second derivatives by both variances, as lmerTest; at a
    ratio of 0 those of the residuals.
    *Verified* against lme4 and lmerTest, against `fit_mmrm` with compound symmetry, and by hand.

    References
    ----------
    Bates D, et al. J Stat Softw 2015;67(1). doi:10.18637/jss.v067.i01
    Kuznetsova A, et al. J Stat Softw 2017;82(13). doi:10.18637/jss.v082.i13
    """
    level = check_probability(conf_level, "conf_level")
    values, who = _check(Y, design, subject)
    columns, own = orthonormal_columns(np.asarray(design.values))
    if len(own.aliased):
        names = ", ".join(design.names[j] for j in own.aliased)
        raise DataError(f"design: {names} depend on earlier columns; leave out those that others determine.")
    seen = ~np.isnan(values)
    whole = seen.all(axis=0)
    order = np.argsort(who, kind="stable")
    starts = np.flatnonzero(np.diff(who[order], prepend=-1))
    parts = []
    for chosen in (whole, ~whole):
        if chosen.any():
            there = np.ix_(order, np.flatnonzero(chosen))
            with np.errstate(divide="ignore", invalid="ignore"):  # of features without a model
                fit = _fit(values[there], None if chosen is whole else seen[there], columns[order], starts)
                parts.append((np.flatnonzero(chosen), _describe(fit, own.triangle, level)))
    return _gather(design.names, parts)


def _check(values: npt.ArrayLike, design: DesignMatrix, subject: npt.ArrayLike) -> tuple[FloatArray, IntArray]:
    features = np.array(values, dtype=np.float64)
    if features.ndim != 2 or not features.size or np.isinf(features).any():
        raise DataError(f"Y: has shape {features.shape}; rows of finite features, or NaN where missing, are required.")
    if not isinstance(design, DesignMatrix) or len(design.values) != len(features) or not design.names:
        raise DataError(f"design: a DesignMatrix of {counted(len(features), 'row')}, as Y has, is required.")
    return features, check_labels(subject, "subject", length=len(features))[1]


def _fit(values: FloatArray, seen: BoolArray | None, columns: FloatArray, starts: IntArray) -> _Fit:
    filled = values if seen is None else np.where(seen, values, 0.0)
    tall = np.abs(filled).max(axis=0)
    filled = filled / np.where(tall > 0, tall, 1.0)
    first = _sums(filled, seen, columns, starts)
    solvable = np.linalg.eigvalsh(first.xx)[:, 0] > _DEPENDENT
    safe = np.where(solvable[:, None, None], first.xx, np.eye(columns.shape[1]))
    offset = np.linalg.solve(safe, first.xy[:, :, None])[:, :, 0]
    rest = filled - columns @ offset.T
    rest = rest if seen is None else np.where(seen, rest, 0.0)
    left = first.known - columns.shape[1]
    spread = np.sqrt((rest**2).sum(axis=0) / np.maximum(left, 1))
    size = np.sqrt((filled**2).sum(axis=0) / np.maximum(first.known, 1))
    varies = spread > _CONSTANT * size
    sums = _sums(rest / np.where(varies, spread, 1.0), seen, columns, starts)
    sums = sums._replace(xx=safe)
    paired, within = ((sums.members > 0) & (sums.sizes > 1)).any(axis=1), _left_within(sums)
    reasons = np.select(
        [left <= 0, ~solvable, ~varies, ~paired, within <= 0, within >= left],
        [TOO_FEW, DEPENDENT, CONSTANT, NO_PAIR, NOTHING_WITHIN, NOTHING_BETWEEN],
        "",
    )
    usable = reasons == ""
    ratio = np.zeros(len(left))
    if usable.any():
        places = np.flatnonzero(usable)
        ratio[places] = _best_ratio(_only(sums, places), left[places])
        reasons = np.where(usable & (ratio > _TOLD), NO_SPREAD, reasons)
    members = np.broadcast_to(sums.members.sum(axis=1), left.shape)
    profile = _profile(sums, np.where(reasons == "", ratio, 0.0))
    scale = np.where(reasons == "", spread * tall, 1.0)
    return _Fit(profile, ratio, offset * tall[:, None], scale, first.known, members, tuple(reasons.tolist()))


def _left_within(sums: _Sums) -> FloatArray:
    """Differences within participants that the design leaves, of each feature."""
    centered = sums.xx - (sums.ss / sums.sizes[:, None, None]).sum(axis=1)
    explained = (np.linalg.eigvalsh(centered) > _DEPENDENT).sum(axis=1)
    return np.asarray(sums.members @ (sums.sizes - 1) - explained, dtype=float)


def _sums(values: FloatArray, seen: BoolArray | None, columns: FloatArray, starts: IntArray) -> _Sums:
    """Sums of rows sorted by participant; values are 0 where not seen."""
    k, f = columns.shape[1], values.shape[1]
    total = np.add.reduceat(values, starts)  # (N, f)
    if seen is None:
        size = np.diff(starts, append=len(values)).astype(float)[:, None]
        shared = np.add.reduceat(columns, starts)[:, None]  # (N, 1, k)
        xx, count = (columns.T @ columns)[None], np.full(f, float(len(values)))
    else:
        here = seen.astype(float)
        size, count = np.add.reduceat(here, starts), here.sum(axis=0)
        shared = np.stack([np.add.reduceat(here * column[:, None], starts) for column in columns.T], axis=-1)
        xx = np.einsum("nf,ni,nj->fij", here, columns, columns, optimize=True)
    sizes = np.unique(size[size > 0]) if size.any() else np.ones(1)
    members, ss, st, tt = [], [], [], []
    for m in sizes:
        inside = size == m
        part = np.where(inside[:, :, None], shared, 0.0)
        members.append(inside.sum(axis=0))
        ss.append(np.einsum("nfi,nfj->fij", part, part, optimize=True))
        st.append(part[:, 0].T @ total if seen is None else np.einsum("nfi,nf->if", part, total))
        tt.append((np.where(inside, total, 0.0) ** 2).sum(axis=0))
    return _Sums(
        sizes,
        np.stack(members, axis=1).astype(float),
        count,
        xx,
        values.T @ columns,
        (values**2).sum(axis=0),
        np.stack(ss, axis=1),
        np.moveaxis(np.stack(st), -1, 0).reshape(f, len(sizes), k),
        np.stack(tt, axis=1),
    )


def _profile(sums: _Sums, ratio: FloatArray) -> _Profile:
    """Profile at a ratio of each feature, or one of all, shape (f,) or (1,)."""
    grown = 1 + ratio[:, None] * sums.sizes
    weight, slope, curve = ratio[:, None] / grown, grown**-2, -2 * sums.sizes * grown**-3
    k = sums.xx.shape[-1]
    flat = sums.ss.reshape(*sums.ss.shape[:2], k * k)

    def of_pairs(w: FloatArray) -> FloatArray:
        return np.asarray((w[:, None] @ flat).reshape(-1, k, k))

    def of_scores(w: FloatArray) -> FloatArray:
        return np.asarray(np.einsum("fmk,fm->fk", sums.st, np.broadcast_to(w, sums.tt.shape)))

    inverse: FloatArray = np.asarray(np.linalg.inv(sums.xx - of_pairs(weight)), dtype=float)
    score = sums.xy - of_scores(weight)
    coef = (inverse @ score[:, :, None])[:, :, 0]
    rss = sums.yy - (weight * sums.tt).sum(axis=1) - (coef * score).sum(axis=1)
    bend, bent_twice = -of_pairs(slope), -of_pairs(curve)
    push, pushed_twice = -of_scores(slope), -of_scores(curve)
    turned = inverse @ bend
    pulled = push - (bend @ coef[:, :, None])[:, :, 0]
    quadratic = (coef[:, None] @ bend @ coef[:, :, None])[:, 0, 0]
    quadratic_twice = (coef[:, None] @ bent_twice @ coef[:, :, None])[:, 0, 0]
    moved = (pulled[:, None] @ inverse @ pulled[:, :, None])[:, 0, 0]
    trace = np.trace(inverse @ bent_twice, axis1=1, axis2=2) - np.einsum("fij,fji->f", turned, turned)
    return _Profile(
        inverse,
        coef,
        rss,
        (sums.members * np.log(grown)).sum(axis=1) - np.linalg.slogdet(inverse)[1],
        (sums.members * sums.sizes / grown).sum(axis=1) + np.trace(turned, axis1=1, axis2=2),
        -(sums.members * (sums.sizes / grown) ** 2).sum(axis=1) + trace,
        -(slope * sums.tt).sum(axis=1) - 2 * (coef * push).sum(axis=1) + quadratic,
        -(curve * sums.tt).sum(axis=1) - 2 * (coef * pushed_twice).sum(axis=1) + quadratic_twice - 2 * moved,
        bend,
    )


def _best_ratio(sums: _Sums, left: FloatArray) -> FloatArray:
    grid = np.concatenate([[0.0], _RATIOS])
    tried = np.stack([_deviance(_profile(sums, np.array([r])), left) for r in grid])
    none = _slopes(_profile(sums, np.zeros(1)), left)[0] >= 0
    best = 1 + np.argmin(tried[1:], axis=0)
    ends = np.log(np.concatenate([[_LEAST], _RATIOS, [_MOST]]))
    low, high, at = ends[best - 1], ends[best + 1], ends[best]
    zero = none & (tried[0] <= tried[1:].min(axis=0))
    going = np.flatnonzero(~zero)
    for _ in range(_STEPS):
        if not len(going):
            break
        ratio = np.exp(at[going])
        first, second = _slopes(_profile(_only(sums, going), ratio), left[going])
        slope, curve = ratio * first, ratio**2 * second + ratio * first
        low[going] = np.where(slope < 0, at[going], low[going])
        high[going] = np.where(slope < 0, high[going], at[going])
        step = at[going] - np.divide(slope, curve, out=np.full_like(slope, np.inf), where=curve > 0)
        inside = (step > low[going]) & (step < high[going])
        done = (inside & (slope**2 < _DONE * np.abs(curve))) | (high[going] - low[going] < _DONE)
        at[going] = np.where(inside, step, np.where(done, at[going], (low[going] + high[going]) / 2))
        going = going[~done]
    return np.where(zero, 0.0, np.exp(at))


def _only(sums: _Sums, places: IntArray) -> _Sums:
    """Sums of some features; those that all share stay as they are."""
    count = len(sums.known)
    return _Sums(sums.sizes, *(part if len(part) < count else part[places] for part in sums[1:]))


def _deviance(profile: _Profile, left: FloatArray) -> FloatArray:
    return np.asarray(profile.fixed + left * np.log(np.maximum(profile.rss, np.finfo(float).tiny)))


def _slopes(profile: _Profile, left: FloatArray) -> tuple[FloatArray, FloatArray]:
    relative = profile.rss_slope / profile.rss
    slope = profile.fixed_slope + left * relative
    curve = profile.fixed_curve + left * (profile.rss_curve / profile.rss - relative**2)
    return slope, curve


def _describe(fit: _Fit, triangle: FloatArray, level: float) -> dict[str, Any]:
    profile, k = fit.profile, len(triangle)
    usable = np.array([note == "" for note in fit.notes])
    left = np.where(usable, fit.known - k, np.nan)
    within = profile.rss / left
    back = np.linalg.inv(triangle)
    variance = np.einsum("ji,fik,jk->fj", back, profile.inverse, back, optimize=True)
    pulled = back @ profile.inverse
    ratio_slope = -within[:, None] * np.einsum("fji,fik,fjk->fj", pulled, profile.bend, pulled, optimize=True)
    df = _freedom(fit, within, variance, ratio_slope, left)
    coef = (profile.coef * fit.scale[:, None] + fit.offset) @ back.T
    error = np.sqrt(variance * within[:, None]) * fit.scale[:, None]
    coef = np.where(usable[:, None], coef, np.nan)
    half = -special.stdtrit(df, (1 - level) / 2) * error
    statistic = coef / error
    size = fit.scale**2
    criterion = profile.fixed + left * (1 + np.log(2 * np.pi * within)) + left * np.log(size)
    return {
        "coef": coef,
        "std_error": error,
        "df": df,
        "statistic": statistic,
        "p_value": 2 * special.stdtr(df, -np.abs(statistic)),
        "lower": coef - half,
        "upper": coef + half,
        "between": within * fit.ratio * size,
        "within": within * size,
        "criterion": criterion + 2 * float(np.log(np.abs(np.diag(triangle))).sum()),
        "count": fit.known,
        "participants": np.array(fit.participants),
        "notes": fit.notes,
    }


def _freedom(
    fit: _Fit, within: FloatArray, variance: FloatArray, ratio_slope: FloatArray, left: FloatArray
) -> FloatArray:
    """Twice the squared variance over the variance of its estimate, by the ratio and the variance within."""
    profile = fit.profile
    by_ratio = profile.fixed_curve + profile.rss_curve / within
    mixed = -profile.rss_slope / within**2
    by_within = left / within**2
    bulk = by_ratio * by_within - mixed**2
    inner = fit.ratio > 0
    bulk = np.where(inner, bulk, 1.0)[:, None]
    uncertain = 2 * (
        by_within[:, None] * ratio_slope**2
        - 2 * mixed[:, None] * ratio_slope * variance
        + by_ratio[:, None] * variance**2
    )
    df = 2 * (within[:, None] * variance) ** 2 / np.where(uncertain / bulk > 0, uncertain / bulk, np.nan)
    return np.where(inner[:, None], df, left[:, None] * np.ones_like(variance))


def _gather(names: tuple[str, ...], parts: list[tuple[IntArray, dict[str, Any]]]) -> RandomInterceptScreen:
    order = np.argsort(np.concatenate([places for places, _ in parts]), kind="stable")
    whole: dict[str, Any] = {
        field: np.concatenate([np.asarray(found[field]) for _, found in parts])[order] for field in parts[0][1]
    }
    for field in ("count", "participants"):
        whole[field] = whole[field].astype(np.intp)
    whole["notes"] = tuple(whole["notes"].tolist())
    q_value = np.column_stack([adjust_p_values(column, method="benjamini-hochberg") for column in whole["p_value"].T])
    return RandomInterceptScreen(names=names, q_value=q_value, **whole)

"""Rows of scores and weights: who is scored, how scores are spread in each arm, what the weights are worth."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from npcstats.analyses.adjustment.design import spline_knots
from npcstats.analyses.adjustment.weighing import TRIMMED
from npcstats.analyses.propensity.rows import LOWER, QUANTILES, UPPER
from npcstats.analyses.propensity.weighed import Weighed, averaged
from npcstats.estimators.imputation import pool_imputations
from npcstats.estimators.weighting import Propensity, effective_size
from npcstats.results import EVERYONE, Row, count_rows

NOBODY = "Nobody is left in the arm."


def flow_rows(template: Row, data: Weighed) -> list[Row]:
    """Count who is scored and who is weighed.

    Parameters
    ----------
    template : Row
        With the block.
    data : Weighed
        The first imputation, if there are several.

    Returns
    -------
    list of Row
        By arm and of everyone: who is left of the set, and who is not, by reason; limits of trimming.
    """
    rows: list[Row] = []
    everyone = np.ones(len(data.treated), dtype=bool)
    for arm, inside in (*data.arms, (EVERYONE, everyone)):
        named = replace(template, arm=arm)
        size = int(inside.sum())
        rows.append(replace(named, value=float((data.scored & inside).sum())))
        rows += [
            replace(named, measure="not_evaluable", level=reason, value=float((mask & inside).sum()))
            for reason, mask in data.adjusted.lost.items()
            if reason != TRIMMED or data.adjusted.trimming
        ]
        rows += count_rows(replace(named, measure="observed"), int((data.adjusted.kept & inside).sum()), size)
    if trimming := data.adjusted.trimming:
        limits = ((LOWER, trimming.lower), (UPPER, trimming.upper))
        start = replace(template, measure="trim_limit", stat="estimate")
        rows += [replace(start, level=level, value=value, note=trimming.note) for level, value in limits]
    return rows


def score_rows(template: Row, data: Weighed, bin_width: float) -> list[Row]:
    """Describe the scores and the weights of each arm.

    Parameters
    ----------
    template : Row
        With the block.
    data : Weighed
        One data set.
    bin_width : float
        Of the score.

    Returns
    -------
    list of Row
        Quantiles, shares by bin, sizes and weights by arm; what the arms have in common. NaN with a note where there is
        no score.
    """
    start = replace(template, stat="estimate", value=math.nan, note=data.note)
    bins = round(1 / bin_width)
    shares = [_shares(data, inside, bins) for _, inside in data.arms]
    rows: list[Row] = []
    for (arm, inside), (raw, weighted) in zip(data.arms, shares, strict=True):
        named = replace(start, arm=arm)
        rows += _quantile_rows(named, data.score[inside & data.adjusted.kept])
        for place in range(bins):
            at = replace(named, level=f"{place / bins:g}")
            rows.append(_filled(replace(at, measure="score_share"), raw[place]))
            rows.append(_filled(replace(at, measure="weighted_score_share"), weighted[place]))
        rows += _weight_rows(named, data.weight[inside & data.adjusted.kept])
    between = replace(start, arm=data.pair[0], reference=data.pair[1])
    for measure, (first, second) in zip(("overlap", "weighted_overlap"), zip(*shares, strict=True), strict=True):
        rows.append(_filled(replace(between, measure=measure), float(np.minimum(first, second).sum())))
    first, second = (data.score[inside & data.adjusted.kept] for _, inside in data.arms)
    rows.append(_filled(replace(between, measure="c_statistic"), _c_statistic(first, second)))
    return (
        rows + _outside_rows(start, (data.pair[0], first), second) + _outside_rows(start, (data.pair[1], second), first)
    )


def _filled(row: Row, value: float) -> Row:
    """The row with a value, or without one and the reason."""
    value = float(value)
    return replace(row, value=value, note="") if not math.isnan(value) else replace(row, note=row.note or NOBODY)


def _shares(data: Weighed, inside: np.ndarray, bins: int) -> tuple[np.ndarray, np.ndarray]:
    """Shares of an arm, and of its weight, by bin; NaN without a score."""
    kept = inside & data.adjusted.kept
    score, weight = data.score[kept], data.weight[kept]
    total = weight.sum()
    if not len(score) or np.isnan(score).any() or not total > 0:
        return np.full(bins, np.nan), np.full(bins, np.nan)
    raw = np.histogram(score, bins, (0.0, 1.0))[0] / len(score)
    return raw, np.histogram(score, bins, (0.0, 1.0), weights=weight)[0] / total


def _quantile_rows(template: Row, score: np.ndarray) -> list[Row]:
    known = len(score) > 0 and not np.isnan(score).any()
    found = np.quantile(score, [float(level) for level in QUANTILES], method="averaged_inverted_cdf") if known else None
    return [
        _filled(replace(template, measure="score_quantile", level=level), math.nan if found is None else found[place])
        for place, level in enumerate(QUANTILES)
    ]


def _weight_rows(template: Row, weight: np.ndarray) -> list[Row]:
    some = len(weight) > 0
    largest = float(weight.max()) if some else math.nan
    mean = float(weight.mean()) if some else math.nan
    size = effective_size(weight) if some else math.nan
    found = {"effective_size": size, "largest_weight": largest, "relative_weight": largest / mean if mean else math.nan}
    return [_filled(replace(template, measure=name), value) for name, value in found.items()]


def _c_statistic(first: np.ndarray, second: np.ndarray) -> float:
    if not len(first) or not len(second) or np.isnan(first).any() or np.isnan(second).any():
        return math.nan
    ordered = np.sort(second)
    below, upto = np.searchsorted(ordered, first), np.searchsorted(ordered, first, side="right")
    return float((below + upto).sum() / (2 * len(first) * len(second)))


def _outside_rows(template: Row, arm: tuple[str, np.ndarray], other: np.ndarray) -> list[Row]:
    code, score = arm
    named = replace(template, arm=code, measure="outside_range")
    if not len(score) or not len(other) or np.isnan(score).any() or np.isnan(other).any():
        return [_filled(replace(named, stat=stat), math.nan) for stat in ("count", "total")]
    outside = (score < other.min()) | (score > other.max())
    return [_filled(replace(named, stat=stat), value) for stat, value in
            (("count", outside.sum()), ("total", len(score)))]  # fmt: skip


def model_rows(template: Row, sets: Sequence[Weighed]) -> list[Row]:
    """Tell the model of the score.

    Parameters
    ----------
    template : Row
        With the block.
    sets : sequence of Weighed
        One data set, or one for each imputation.

    Returns
    -------
    list of Row
        Coefficients with their standard errors, pooled over imputations; knots of the splines.
    """
    fitted = [data.propensity for data in sets if data.propensity is not None]
    if len(fitted) < len(sets):
        return []
    start = replace(template, measure="score_coefficient", stat="estimate")
    rows: list[Row] = []
    for name in fitted[0].names:
        rows += _coefficient_rows(_placed(start, name), fitted, name)
    for name in fitted[0].left_out:
        rows.append(replace(_placed(start, name), value=math.nan, note=fitted[0].note))
    return rows + averaged([_knot_rows(template, data) for data in sets])


def _placed(template: Row, name: str) -> Row:
    """The row of a column of the design, by its variable and level."""
    variable, equals, level = name.partition("=")
    if equals:
        return replace(template, variable=variable, level=level)
    variable, tilde, number = name.partition("~")
    return replace(template, variable=variable, level=f"{tilde}{number}")


def _coefficient_rows(template: Row, fitted: Sequence[Propensity], name: str) -> list[Row]:
    places = [score.names.index(name) for score in fitted if name in score.names]
    if len(places) < len(fitted) or not all(score.converged for score in fitted):
        note = next((score.note for score in fitted if score.note), "")
        return [replace(template, stat=stat, value=math.nan, note=note) for stat in ("estimate", "std_error")]
    found = [(score.coefficients[i], score.covariance[i, i]) for score, i in zip(fitted, places, strict=True)]
    estimate, error = found[0][0], math.sqrt(found[0][1])
    if len(found) > 1:
        values, variances = zip(*found, strict=True)
        pooled = pool_imputations(values, variances, conf_level=0.95, complete_df=math.inf)
        estimate, error = pooled.estimate, pooled.std_error
    return [replace(template, stat=stat, value=float(value))
            for stat, value in (("estimate", estimate), ("std_error", error))]  # fmt: skip


def _knot_rows(template: Row, data: Weighed) -> list[Row]:
    rows = []
    for item in data.adjustment.confounders:
        values = data.values[item.column][data.adjusted.kept]
        if item.spline_df and len(values):
            start = replace(template, variable=item.column, measure="spline_knot", stat="estimate")
            knots = [_natural(knot, item.scale, item.per) for knot in spline_knots(values, item)]
            rows += [replace(start, level=str(place + 1), value=knot) for place, knot in enumerate(knots)]
    return rows


def _natural(value: float, scale: str, per: float) -> float:
    """A value in the unit of the data; of a date in years since the first."""
    return 2.0**value if scale == "log2" else value * per

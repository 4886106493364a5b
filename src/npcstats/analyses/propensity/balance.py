"""Rows of balance: what each arm is like before and after weighting, and how far the arms are apart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from npcstats.analyses.adjustment.spec import Covariate
from npcstats.analyses.propensity.rows import DATED, LOCATIONS, WEIGHTED
from npcstats.analyses.propensity.spec import Balanced, PropensitySpec
from npcstats.analyses.propensity.weighed import DAYS_PER_YEAR, Weighed, first_day
from npcstats.estimators.continuous import standardized_mean_difference, summarize_continuous
from npcstats.estimators.weighting import Balance, BalanceColumn, compare_balance
from npcstats.results import Row, count_rows

NO_WEIGHT = "Nobody with a value has any weight."
NO_VALUE = "Nobody of the arm has a value."
TOO_FEW = "Too few of the arm have a value."
NO_DIFFERENCE = "No standardized difference could be estimated."
QUANTILE_TYPE = 2
_PAIR = 2


def balance_rows(template: Row, data: Weighed, members: pd.DataFrame, spec: PropensitySpec) -> list[Row]:
    """Describe the arms by each characteristic, as observed and weighted, with standardized differences.

    Parameters
    ----------
    template : Row
        With the block.
    data : Weighed
        One data set.
    members : DataFrame
        Of the analysis set, n rows.
    spec : PropensitySpec
        Of the plan.

    Returns
    -------
    list of Row
        Of those who are scored; weighted of those who are kept.
    """
    rows: list[Row] = []
    for item in spec.characteristics:
        named = replace(template, variable=item.covariate.column, unit=item.unit)
        known = data.scored & ~np.isnan(data.values[item.covariate.column])
        for arm, inside in data.arms:
            rows += _arm_rows(replace(named, arm=arm), data, item, known & inside, members)
        rows += _difference_rows(replace(named, unit=""), data, item, known, spec)
    return rows + _beyond_rows(template, data, rows, spec)


def _arm_rows(template: Row, data: Weighed, item: Balanced, inside: np.ndarray, members: pd.DataFrame) -> list[Row]:
    values, weight = data.values[item.covariate.column][inside], data.weight[inside]
    rows = [replace(template, unit="", measure="observed", stat="count", value=float(len(values)))]
    start = replace(template, stat="estimate")
    if item.covariate.scale == "categorical":
        return rows + _share_rows(replace(start, unit=""), data, item, values, weight)
    before = _moments(values, None, item.covariate, members)
    after = _moments(values, weight, item.covariate, members) if weight.sum() > 0 else (math.nan, math.nan)
    units = (DATED, "days") if item.covariate.scale == "date" else (item.unit, item.unit)
    for place, measure in enumerate(LOCATIONS[item.covariate.scale]):
        at = replace(start, unit=units[place])
        rows.append(_known(replace(at, measure=measure), before[place], TOO_FEW))
        reason = data.note or (TOO_FEW if weight.sum() > 0 else NO_WEIGHT)
        rows.append(_known(replace(at, measure=f"{WEIGHTED}{measure}"), after[place], reason))
    return rows


def _share_rows(template: Row, data: Weighed, item: Balanced, values: np.ndarray, weight: np.ndarray) -> list[Row]:
    rows, total = [], weight.sum()
    for place, code in enumerate(item.covariate.levels):
        at, has = replace(template, level=code), values == place
        raw = float(has.mean()) if len(values) else math.nan
        rows.append(_known(replace(at, measure="proportion"), raw, NO_VALUE))
        after = float(weight[has].sum() / total) if total > 0 else math.nan
        rows.append(_known(replace(at, measure="weighted_proportion"), after, data.note or NO_WEIGHT))
    return rows


def _moments(
    values: np.ndarray, weight: np.ndarray | None, item: Covariate, members: pd.DataFrame
) -> tuple[float, float]:
    """Mean and standard deviation in the unit of the data, of a logarithm as geometric ones."""
    found = summarize_continuous(values, weights=weight, quantile_type=QUANTILE_TYPE)
    if item.scale == "log2":
        return 2.0**found.mean, 2.0**found.std_deviation
    if item.scale == "date":
        return first_day(members, item.column) + found.mean * DAYS_PER_YEAR, found.std_deviation * DAYS_PER_YEAR
    return found.mean * item.per, found.std_deviation * item.per


def _known(row: Row, value: float, note: str) -> Row:
    return replace(row, value=value, note=note if math.isnan(value) else "")


def _difference_rows(
    template: Row, data: Weighed, item: Balanced, known: np.ndarray, spec: PropensitySpec
) -> list[Row]:
    columns = _columns(item.covariate, data.values[item.covariate.column][known])
    treated = data.treated[known]
    found = compare_balance([column for _, column in columns], treated, data.weight[known],
                            denominator=spec.smd_denominator)  # fmt: skip
    start = replace(template, arm=data.pair[0], reference=data.pair[1], method=f"{spec.smd_denominator} variance")
    rows: list[Row] = []
    for (level, column), balance in zip(columns, found, strict=True):
        rows += _before_rows(replace(start, level=level, measure="smd"), data, column, treated, spec)
        rows.append(_after_row(replace(start, level=level, measure="weighted_smd", stat="estimate"), data, balance))
    return rows


def _columns(item: Covariate, values: np.ndarray) -> list[tuple[str, BalanceColumn]]:
    """What is compared, by level: a quantity, the second of two levels, or the distance of several and each of them."""
    if item.scale != "categorical":
        return [("", BalanceColumn(item.column, "continuous", values))]
    levels = [
        (code, BalanceColumn(item.column, "binary", (values == place).astype(float)))
        for place, code in enumerate(item.levels)
    ]
    if len(levels) == _PAIR:
        return levels[1:]
    return [("", BalanceColumn(item.column, "categorical", values)), *levels]


def _before_rows(
    template: Row, data: Weighed, column: BalanceColumn, treated: np.ndarray, spec: PropensitySpec
) -> list[Row]:
    """The difference of the arms as observed, with limits unless values were imputed."""
    values = np.asarray(column.values)
    level = None if data.adjusted.completed else spec.conf_level
    found = standardized_mean_difference(
        values[treated], values[~treated], kind=column.kind, denominator=spec.smd_denominator, conf_level=level
    )
    rows = [replace(template, stat="estimate", value=found.estimate, note=found.note)]
    limits = {} if level is None else {"ci_low": found.lower, "ci_high": found.upper}
    rows += [
        replace(template, stat=stat, value=value, conf_level=spec.conf_level, note=found.note or NO_DIFFERENCE)
        for stat, value in limits.items()
    ]
    return [row if math.isnan(row.value) else replace(row, note="") for row in rows]


def _after_row(template: Row, data: Weighed, balance: Balance) -> Row:
    return _known(template, balance.after.estimate, data.note or balance.after.note or NO_WEIGHT)


def _beyond_rows(template: Row, data: Weighed, rows: Sequence[Row], spec: PropensitySpec) -> list[Row]:
    """Count differences beyond the limit, of quantities and levels; a distance over levels is not one more."""
    several = {item.covariate.column for item in spec.characteristics if len(item.covariate.levels) > _PAIR}
    start = replace(template, arm=data.pair[0], reference=data.pair[1])
    found = []
    for measure, counted in (("smd", "unbalanced"), ("weighted_smd", "weighted_unbalanced")):
        values = np.array([
            row.value for row in rows
            if row.measure == measure and row.stat == "estimate" and (row.level or row.variable not in several)
        ])  # fmt: skip
        known = values[~np.isnan(values)]
        named = replace(start, measure=counted)
        if len(known):
            found += count_rows(named, int((np.abs(known) > spec.smd_limit).sum()), len(known))
        else:
            note = data.note or NO_DIFFERENCE
            found += [replace(named, stat=stat, value=math.nan, note=note) for stat in ("count", "total")]
    return found

"""Rows of one characteristic in one group: how many have a value, and what their values are like."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from npcstats.analyses.baseline.rows import DATED, DATES
from npcstats.analyses.baseline.spec import COUNTED, BaselineSpec, Characteristic
from npcstats.analyses.baseline.values import count_known
from npcstats.estimators.continuous import summarize_continuous, summarize_geometric
from npcstats.results import Row, share_rows

_MOMENTS = ("mean", "std_deviation", "minimum", "first_quartile", "median", "third_quartile", "maximum")
_OF_QUANTILES = ("first_quartile", "median", "third_quartile")
_FEW = "Too few participants have a value."
_EARLIER = 1
"""Hyndman and Fan's type of the median date: a date that somebody has, of two middle ones the earlier."""


def describe(template: Row, item: Characteristic, part: np.ndarray, size: int, spec: BaselineSpec) -> list[Row]:
    """Describe a characteristic in one group.

    Parameters
    ----------
    template : Row
        With the group's and the characteristic's key.
    item : Characteristic
        Of the plan.
    part : ndarray
        What the group has of it, from `values.known_part`.
    size : int
        Participants of the group.
    spec : BaselineSpec
        With the type of quantiles.

    Returns
    -------
    list of Row
        Counts of those with and without a value, then shares of levels or statistics of numbers.
    """
    counted, known = replace(template, unit=""), count_known(part, item)
    rows = [
        replace(counted, measure="observed", stat="count", value=float(known)),
        replace(counted, measure="missing", stat="count", value=float(size - known)),
    ]
    if item.scale in COUNTED:
        share = replace(counted, measure="proportion")
        for level, count in zip(item.levels, part.tolist(), strict=True):
            rows += share_rows(replace(share, level=level), count, known)
        return rows
    if item.scale == "date":
        return rows + _dates(replace(template, unit=DATED), part)
    return rows + _numbers(template, part, spec.quantile_type) + _logarithms(template, item, part)


def _dates(template: Row, part: np.ndarray) -> list[Row]:
    found = summarize_continuous(part, weights=None, quantile_type=_EARLIER)
    return [_estimate(template, name, getattr(found, name), _FEW) for name in DATES]


def _numbers(template: Row, part: np.ndarray, quantile_type: int) -> list[Row]:
    found = summarize_continuous(part, weights=None, quantile_type=quantile_type)
    typed = replace(template, method=f"quantile type {quantile_type}")
    return [
        _estimate(typed if name in _OF_QUANTILES else template, name, getattr(found, name), _FEW) for name in _MOMENTS
    ]


def _logarithms(template: Row, item: Characteristic, part: np.ndarray) -> list[Row]:
    wanted = [name for name in item.shown if name.startswith("geometric")]
    if not wanted:
        return []
    floor = item.log_floor
    found = summarize_geometric(part if floor is None else np.maximum(part, floor))
    rows = [_estimate(template, "geometric_mean", found.mean, found.note)]
    spreads = {"geometric-sd": ("geometric_deviation", found.std_deviation),
               "geometric-cv": ("geometric_variation", found.variation)}  # fmt: skip
    return rows + [_estimate(replace(template, unit=""), *spreads[name], found.note) for name in wanted]


def _estimate(template: Row, name: str, value: float, note: str) -> Row:
    value = float(value)
    return replace(template, measure=name, stat="estimate", value=value, note=note if np.isnan(value) else "")


def outside_rows(template: Row, numbers: Iterable[tuple[str, int]], measure: str, column: str) -> list[Row]:
    """Count who is in no subgroup, or has not been treated.

    Parameters
    ----------
    template : Row
        With the analysis' key.
    numbers : iterable of (str, int)
        By arm.
    measure : str
        Which of them.
    column : str
        Column of ADSL that they have no value of.

    Returns
    -------
    list of Row
        One for each.
    """
    start = replace(template, variable=column, measure=measure, stat="count")
    return [replace(start, arm=arm, value=float(number)) for arm, number in numbers]

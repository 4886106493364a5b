"""Rows that compare arms in one characteristic: standardized differences, and tests where they are asked for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from npcstats.analyses.baseline.rows import COMPARED, DATES
from npcstats.analyses.baseline.spec import COUNTED, VALUED, BaselineSpec, Characteristic
from npcstats.errors import SpecError
from npcstats.estimators.continuous import (
    TWO_GROUPS,
    StandardizedDifference,
    adjust_p_values,
    compare_counts,
    compare_values,
    standardized_count_difference,
    standardized_mean_difference,
)
from npcstats.results import EVERYONE, WITHHELD, Row

_UNKNOWN_PAIR = "The standardized difference of a pair of arms cannot be estimated."
_UNMASKING = "Withheld: a date by arm could tell which arm is which."
_NO_LIMITS = "There are no limits where there is no estimate."


def difference_rows(
    template: Row, item: Characteristic, parts: Sequence[tuple[str, np.ndarray]], spec: BaselineSpec
) -> list[Row]:
    """Standardized differences of each pair of arms.

    Parameters
    ----------
    template : Row
        With the characteristic's key.
    item : Characteristic
        Of the plan.
    parts : sequence of (str, ndarray)
        What each arm has of it, in page order.
    spec : BaselineSpec
        With the denominator and the confidence level.

    Returns
    -------
    list of Row
        The earlier arm minus the later one; of three arms or more also the pair that differs most.
    """
    rows, estimates = [], []
    start = replace(template, unit="", measure="smd", method=_method(item, spec))
    for (arm, first), (reference, second) in combinations(parts, 2):
        found = _difference(first, second, item, spec)
        pair = _difference_rows(replace(start, arm=arm, reference=reference), found, spec)
        rows += pair
        estimates.append(pair[0])
    if len(parts) > 2:
        rows.append(_largest(estimates))
    return rows


def _method(item: Characteristic, spec: BaselineSpec) -> str:
    scored = item.scale == "ordinal" and item.smd == "scores"
    of = ", scores" if scored else ", logarithm" if item.log_floor is not None else ""
    return f"{spec.smd_denominator} variance{of}"


def _difference_rows(template: Row, found: StandardizedDifference, spec: BaselineSpec) -> list[Row]:
    estimate = replace(template, stat="estimate", value=found.estimate)
    if math.isnan(found.estimate):
        estimate = replace(estimate, note=found.note)
    if spec.conf_level is None:
        return [estimate]
    note = found.note or _NO_LIMITS
    limits = (("ci_low", found.lower), ("ci_high", found.upper))
    return [replace(estimate, conf_level=spec.conf_level)] + [
        replace(template, stat=stat, value=value, conf_level=spec.conf_level, note=note if math.isnan(value) else "")
        for stat, value in limits
    ]


def _difference(
    first: np.ndarray, second: np.ndarray, item: Characteristic, spec: BaselineSpec
) -> StandardizedDifference:
    denominator, level = spec.smd_denominator, spec.conf_level
    if item.scale in VALUED:
        return standardized_mean_difference(
            *_logged((first, second), item), kind="continuous", denominator=denominator, conf_level=level
        )
    counts = (first, second)
    if len(item.levels) == 2 and (item.scale != "ordinal" or item.smd == "categories"):
        # Of two levels that named, or listed first, counts as 1, so that the sign is that of its share.
        one = [*item.levels].index(item.named) if item.named else 0
        counts, kind = (first[[1 - one, one]], second[[1 - one, one]]), "binary"
    else:
        kind = "ordinal" if item.smd == "scores" else "categorical"
    return standardized_count_difference(*counts, kind=kind, denominator=denominator, conf_level=level)


def _logged(parts: Sequence[np.ndarray], item: Characteristic) -> Sequence[np.ndarray]:
    floor = item.log_floor
    return parts if floor is None else [np.log(np.maximum(part, floor)) for part in parts]


def _largest(estimates: list[Row]) -> Row:
    """The pair that differs most, which is not known where a pair's difference is not."""
    failed = next((row for row in estimates if math.isnan(row.value)), None)
    chosen = failed or max(estimates, key=lambda row: abs(row.value))
    note = f"{_UNKNOWN_PAIR} {chosen.note}" if failed else ""
    return replace(chosen, measure="smd_largest", conf_level=math.nan, note=note)


def tested_rows(template: Row, item: Characteristic, parts: Sequence[np.ndarray], spec: BaselineSpec) -> list[Row]:
    """The test of a characteristic that the plan asks for.

    Parameters
    ----------
    template : Row
        With the characteristic's key.
    item : Characteristic
        Of the plan.
    parts : sequence of ndarray
        What each arm has of it.
    spec : BaselineSpec
        For the message.

    Returns
    -------
    list of Row
        Statistic, degrees of freedom where it has them, and p-value; none where no test is asked for.

    Raises
    ------
    SpecError
        If the test is of two groups, and there are more arms.
    """
    if not item.test:
        return []
    if item.test in TWO_GROUPS and len(parts) != 2:
        raise SpecError(f"plan: {spec.id}: {item.column}: test is {item.test!r}, which is of two arms, but there are "
                        f"{len(parts)}; one of several arms is required.")  # fmt: skip
    if item.scale in COUNTED:
        found = compare_counts(np.array(parts), method=item.test)
    else:
        found = compare_values(_logged(parts, item), method=item.test)
    start = replace(template, unit="", measure="test", method=item.test, note=found.note)
    numbers = {"statistic": found.statistic, "df": found.df, "p_value": found.p_value}
    return [
        replace(start, stat=stat, value=value)
        for stat, value in numbers.items()
        if stat == "p_value" or not math.isnan(value)
    ]


def adjusted_rows(rows: Sequence[Row], multiplicity: str) -> list[Row]:
    """P-values of all tests, adjusted for how many there are.

    Parameters
    ----------
    rows : sequence of Row
        All rows of the analysis.
    multiplicity : str
        How; ``none`` or empty makes none.

    Returns
    -------
    list of Row
        One for each test; a test without a p-value does not count.
    """
    tests = [row for row in rows if row.measure == "test" and row.stat == "p_value"]
    if multiplicity in ("", "none"):
        return []
    known = [row for row in tests if not math.isnan(row.value)]
    found = dict(zip((row.key for row in known), adjust_p_values([row.value for row in known], method=multiplicity),
                     strict=True))  # fmt: skip
    return [
        replace(row, measure="test_adjusted", method=multiplicity, value=float(found.get(row.key, math.nan)))
        for row in tests
    ]


def without_dates_by_arm(rows: Sequence[Row], spec: BaselineSpec) -> list[Row]:
    """Withhold what dates tell of arms that are masked: who was treated first is no secret to those who treat.

    Parameters
    ----------
    rows : sequence of Row
        All rows of the analysis.
    spec : BaselineSpec
        With its dates.

    Returns
    -------
    list of Row
        All of them, in order; the dates of everyone are told.
    """
    dates = {item.column for item in spec.characteristics if item.scale == "date"}
    return [
        replace(row, value=math.nan, note=_UNMASKING, reason=WITHHELD)
        if row.variable in dates and (row.measure in COMPARED or (row.measure in DATES and row.arm != EVERYONE))
        else row
        for row in rows
    ]

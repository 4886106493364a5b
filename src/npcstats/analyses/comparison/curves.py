"""Curves of both arms over time as rows: as observed and weighted, with raw and effective numbers at risk."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from npcstats.analyses.adjustment.effects import Compared
from npcstats.analyses.adjustment.outcomes import OutcomeData
from npcstats.analyses.comparison.spec import ComparisonSpec, Curves
from npcstats.analyses.timetoevent.making import last_time
from npcstats.analyses.timetoevent.rows import EVENT
from npcstats.estimators.effects import Timed, WeightedCurve, weighted_curves
from npcstats.estimators.types import Interval
from npcstats.results import Row, interval_rows

DEGENERATE = "The arm does not vary until then, so there are no limits."


def curve_rows(
    template: Row, data: OutcomeData, compared: Compared, spec: ComparisonSpec, arms: tuple[str, str]
) -> list[Row]:
    """Rows of the curves of one block.

    Parameters
    ----------
    template : Row
        Carries analysis, population and the outcome's key columns.
    data : OutcomeData
        Of all members: times.
    compared : Compared
        Who is compared, and how; one set of weights, or none.
    spec : ComparisonSpec
        With curves.
    arms : tuple of (str, str)
        The first arm and the reference.

    Returns
    -------
    list of Row
        None where there are no weights.
    """
    if spec.curves is None or compared.note or len(compared.weights) != 1:
        return []
    weights = compared.weights[0]
    kind = "incidence" if data.competing else "survival"
    found = weighted_curves(
        Timed(data.values[compared.kept], data.cause[compared.kept]),
        compared.treated,
        weights=weights,
        kind=kind,
        conf_level=spec.conf_level,
        conf_type=spec.curves.conf_type,
    )
    method = "robust" if weights is None else "m-estimation"
    named = replace(template, block=compared.block, method=method)
    rows: list[Row] = []
    for arm, curve in zip(arms, found, strict=True):
        own = replace(named, arm=arm)
        rows += _step_rows(replace(own, level=EVENT if data.competing else ""), curve, kind, spec, spec.curves)
        rows += _risk_rows(own, curve, spec.curves, weighted=weights is not None)
    return rows


def _step_rows(template: Row, curve: WeightedCurve, kind: str, spec: ComparisonSpec, asked: Curves) -> list[Row]:
    """Steps from time 0 to the last time with enough participants at risk."""
    last = last_time(curve.time, curve.at_risk, asked.minimum_at_risk)
    if math.isnan(last):
        return []
    shown = np.flatnonzero((curve.time <= last) & ((curve.events > 0) | (curve.time == last)) & (curve.time > 0))
    nan, level = math.nan, 0.0 if kind == "incidence" else 1.0
    start = Interval(level, nan, nan, spec.conf_level, template.method, DEGENERATE)
    named = replace(template, measure=f"{kind}_curve")
    rows = interval_rows(replace(named, time=0.0), start)
    for i in shown:
        estimate, lower, upper = (float(values[i]) for values in (curve.estimate, curve.lower, curve.upper))
        note = (curve.note or DEGENERATE) if math.isnan(lower) or math.isnan(upper) else ""
        interval = Interval(estimate, lower, upper, spec.conf_level, template.method, note)
        rows += interval_rows(replace(named, time=float(curve.time[i])), interval)
    return rows


def _risk_rows(template: Row, curve: WeightedCurve, asked: Curves, *, weighted: bool) -> list[Row]:
    counted, effective = curve.risk_at(np.array(asked.ticks)) if len(curve.time) else np.zeros((2, len(asked.ticks)))
    at_risk = replace(template, measure="at_risk", stat="count")
    rows = [replace(at_risk, time=tick, value=float(n)) for tick, n in zip(asked.ticks, counted, strict=True)]
    if not weighted:
        return rows
    worth = replace(template, measure="effective_at_risk", stat="estimate")
    return rows + [replace(worth, time=tick, value=float(n)) for tick, n in zip(asked.ticks, effective, strict=True)]

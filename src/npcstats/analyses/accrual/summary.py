"""Enrolment by month, against the plan, and when it would be complete."""

from __future__ import annotations

import datetime
from dataclasses import replace

import numpy as np
import pandas as pd

from npcstats.analyses.accrual.spec import AccrualSpec
from npcstats.derive import (
    cutoff_day,
    population_members,
    results_of,
)
from npcstats.results import SETTLED, Analysis, Results, Row, count_rows
from npcstats.study import DAYS_PER_MONTH, Study

MARGIN = 13
"""Months after the last that an axis may show."""


def summarize_accrual(study: Study, spec: AccrualSpec) -> Results:
    """Count enrolment by month against the plan and project its completion.

    Parameters
    ----------
    study : Study
        At its cut-off.
    spec : AccrualSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``accrual``; time in months since the first planned day.

    Notes
    -----
    Denominator: the planned size. Missing data: none, as every participant has a date of enrolment.
    Convention: the projection is a straight line at the rate of the last months, or of all months where accrual is
    younger than that; a month is 30.4375 days.
    """
    design = study.design
    start, end = pd.Timestamp(design.accrual_start), cutoff_day(study)
    enrolled = population_members(study, spec.population)["ENRLDT"]
    months = ((enrolled - start).dt.days / DAYS_PER_MONTH).to_numpy(dtype=float)
    now = (end - start).days / DAYS_PER_MONTH
    times = [*np.arange(0.0, np.floor(now) + 1.0), now]
    template = Row(spec.id, spec.population, "enrolled", "count", float(len(months)), variable="ENRL")
    rows = count_rows(template, len(months), design.planned_size)
    rows += [replace(template, time=float(t), value=float((months <= t).sum())) for t in dict.fromkeys(times)]
    planned_months, shares = (np.array(part) for part in zip(*design.accrual_plan, strict=True))
    plan = replace(template, measure="expected_enrolled")
    for t in sorted({*times, *planned_months.tolist()}):
        expected = float(np.interp(t, planned_months, shares)) * design.planned_size
        rows.append(replace(plan, time=float(t), value=expected))
    rows += _calendar(template, start, max(now, *planned_months.tolist()))
    rows.append(_projection(template, months, now, study, spec))
    return results_of(study, spec.id, rows, _analysis(spec))


def _calendar(template: Row, start: pd.Timestamp, last: float) -> list[Row]:
    """Days of the calendar of whole months, as far as an axis may go."""
    named = replace(template, measure="calendar_day", stat="estimate", unit="ordinal day")
    first = start.toordinal()
    months = range(int(np.ceil(last)) + MARGIN)
    return [replace(named, time=float(month), value=float(first + round(month * DAYS_PER_MONTH))) for month in months]


def _projection(template: Row, months: np.ndarray, now: float, study: Study, spec: AccrualSpec) -> Row:
    named = replace(template, measure="projected_date", stat="estimate", unit="ordinal day")
    missing = study.design.planned_size - len(months)
    if missing <= 0:
        return replace(named, value=float("nan"), note="Enrolment is complete.", reason=SETTLED)
    recent = int((months > now - spec.recent_months).sum())
    if recent == 0 or now <= 0:
        return replace(named, value=float("nan"), note="Nobody was enrolled recently, so no date can be projected.")
    rate = recent / min(spec.recent_months, now)
    day = study.design.accrual_start + datetime.timedelta(days=(now + missing / rate) * DAYS_PER_MONTH)
    return replace(named, value=float(day.toordinal()))


def _analysis(spec: AccrualSpec) -> Analysis:
    months = "month" if spec.recent_months == 1 else f"{spec.recent_months:g} months"
    sentences = {
        "method": "Planned: straight lines between the plan's milestones.",
        "projection": f"Projected completion: at the rate of the last {months}.",
    }
    labels = {"block": {}, "variable": {"ENRL": "Enrolled"}}
    return Analysis(spec.label, "accrual", spec.status, spec.population, sentences=sentences, labels=labels)

"""Cumulative incidence of an endpoint and of what competes with it, by arm."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from npcstats.analyses.incidence.spec import IncidenceSpec, incidence_faults
from npcstats.analyses.timetoevent.groups import TimedSample, timed_sample
from npcstats.analyses.timetoevent.making import (
    comparison_rows,
    contrast_rows,
    last_time,
    outside_labels,
    outside_rows,
    stratum_labels,
    too_few,
)
from npcstats.analyses.timetoevent.rows import COMPETING, EVENT
from npcstats.analyses.timetoevent.strata import CONF_WORDS, strata_words
from npcstats.choices import refuse_faults
from npcstats.derive import arm_pair, compared_words, results_of
from npcstats.errors import SpecError
from npcstats.estimators.timetoevent import (
    CumulativeIncidence,
    compare_gray,
    compare_incidence,
    estimate_cumulative_incidence,
)
from npcstats.estimators.types import Interval
from npcstats.formatting import counted
from npcstats.results import Analysis, Results, Row, count_rows, interval_rows
from npcstats.study import Endpoint, Study

CAUSES = {EVENT: 1, COMPETING: 2}


def summarize_incidence(study: Study, spec: IncidenceSpec) -> Results:
    """Estimate an endpoint's cumulative incidence by arm and for everyone.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    spec : IncidenceSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``incidence``, those of the event and of the competing events told apart by ``level``.

    Raises
    ------
    SpecError
        If a choice is not in its closed set, or the endpoint has no competing event.
    DataError
        If an event precedes time zero.

    Notes
    -----
    Denominator: members of the population, all at risk at time zero. Missing data: a participant without an
    assessment after time zero is censored there. Incidences are not adjusted for baseline differences.
    """
    refuse_faults(spec.id, incidence_faults(spec))
    endpoint = study.design.endpoint(spec.endpoint)
    if not endpoint.competing and not endpoint.param:
        raise SpecError(f"plan: endpoint {endpoint.code} of {spec.id} has no competing event; one is required.")
    sample = timed_sample(study, spec.population, endpoint)
    start = Row(spec.id, spec.population, "participants", "count", 0.0, variable=endpoint.code)
    rows = outside_rows(start, sample.outside)
    curves = {}
    for group in sample.groups:
        time, cause = sample.times.time[group.members], sample.times.cause[group.members]
        curve = estimate_cumulative_incidence(time, cause, conf_level=spec.conf_level, conf_type=spec.conf_type)
        rows += _group_rows(replace(start, arm=group.arm), time, cause, curve, spec)
        curves[group.arm] = curve
    pair = arm_pair(study)
    if pair:
        rows += _contrast_rows(replace(start, arm=pair[0], reference=pair[1]), curves[pair[0]], curves[pair[1]], spec)
    if spec.gray and len(sample.groups) > 1:
        rows += _gray_rows(replace(start, measure="gray"), sample, spec)
    return results_of(study, spec.id, rows, _analysis(study, spec, endpoint))


def _group_rows(
    template: Row, time: np.ndarray, cause: np.ndarray, curve: CumulativeIncidence, spec: IncidenceSpec
) -> list[Row]:
    rows = [replace(template, value=float(len(time)))]
    for level, code in CAUSES.items():
        named = replace(template, level=level)
        rows += count_rows(replace(named, measure="events"), int((cause == code).sum()), len(time))
        rows += _landmark_rows(replace(named, measure="incidence"), curve, code, spec)
        rows += _curve_rows(replace(named, measure="incidence_curve"), curve, code, spec)
    at_risk = replace(template, measure="at_risk")
    rows += [replace(at_risk, time=tick, value=float((time >= tick).sum())) for tick in spec.ticks]
    last = last_time(curve.time, curve.at_risk, _least(curve, spec))
    censored = replace(template, measure="censored_curve")
    shown = np.flatnonzero((curve.censored > 0) & (curve.time <= last))
    return rows + [replace(censored, time=float(curve.time[i]), value=float(curve.censored[i])) for i in shown]


def _least(curve: CumulativeIncidence, spec: IncidenceSpec) -> int:
    """How many of a group must be at risk for anything to be estimated."""
    return max(spec.minimum_at_risk, math.ceil(round(spec.minimum_share * curve.n, 9)))


def _landmark_rows(template: Row, curve: CumulativeIncidence, code: int, spec: IncidenceSpec) -> list[Row]:
    rows: list[Row] = []
    found = curve.at(np.array(spec.landmarks), cause=code)
    for i, landmark in enumerate(spec.landmarks):
        values = (float(found.incidence[i]), float(found.lower[i]), float(found.upper[i]))
        interval = Interval(*values, spec.conf_level, spec.conf_type, found.note[i])
        if found.at_risk[i] < _least(curve, spec):
            nan = math.nan
            interval = replace(interval, estimate=nan, lower=nan, upper=nan, note=too_few(_least(curve, spec)))
        rows += interval_rows(replace(template, time=landmark), interval)
    return rows


def _curve_rows(template: Row, curve: CumulativeIncidence, code: int, spec: IncidenceSpec) -> list[Row]:
    """Steps of one cause, from 0 at time 0 to the last time with enough participants at risk."""
    last = last_time(curve.time, curve.at_risk, _least(curve, spec))
    events = curve.events[:, curve.causes.index(code)] if code in curve.causes else np.zeros(len(curve.time))
    shown = curve.time[(curve.time <= last) & ((events > 0) | (curve.time == last)) & (curve.time > 0)]
    times = np.concatenate([[0.0], shown])
    if not curve.n:
        times = np.empty(0)
    found = curve.at(times, cause=code)
    rows: list[Row] = []
    for i, time in enumerate(times):
        values = (float(found.incidence[i]), float(found.lower[i]), float(found.upper[i]))
        interval = Interval(*values, spec.conf_level, spec.conf_type, found.note[i])
        rows += interval_rows(replace(template, time=float(time)), interval)
    return rows


def _contrast_rows(
    template: Row, curve1: CumulativeIncidence, curve0: CumulativeIncidence, spec: IncidenceSpec
) -> list[Row]:
    rows: list[Row] = []
    code = CAUSES[EVENT]
    for landmark in spec.landmarks:
        found = compare_incidence(curve1, curve0, landmark, cause=code, conf_level=spec.conf_level)
        few = [_least(curve, spec) for curve in (curve1, curve0)
               if curve.at(landmark, cause=code).at_risk[0] < _least(curve, spec)]  # fmt: skip
        withheld = too_few(max(few), of="an arm") if few else ""
        named = replace(template, measure="incidence_difference", level=EVENT, time=landmark)
        rows += contrast_rows(named, found, spec.conf_level, "normal", withheld)
    return rows


def _gray_rows(template: Row, sample: TimedSample, spec: IncidenceSpec) -> list[Row]:
    strata = stratum_labels(sample.members, tuple(spec.strata))
    rows: list[Row] = []
    for level, code in CAUSES.items():
        test = compare_gray(
            sample.times.time, sample.times.cause, sample.numbers, cause_of_interest=code, strata=strata
        )
        rows += comparison_rows(replace(template, level=level), test)
    return rows


def _least_words(spec: IncidenceSpec) -> str:
    least = counted(spec.minimum_at_risk, "participant")
    return f"{least}, and {100 * spec.minimum_share:g}% of the group," if spec.minimum_share else least


def _analysis(study: Study, spec: IncidenceSpec, endpoint: Endpoint) -> Analysis:
    sentences = {
        "definition": study.design.definition(endpoint),
        "population": study.design.population(spec.population).definition,
        "method": f"Aalen–Johansen estimates with pointwise confidence limits {CONF_WORDS[spec.conf_type]}.",
        "limit": f"No incidence is estimated beyond the last time with {_least_words(spec)} at risk.",
    }
    compared = spec.gray and bool(study.arms)
    if arm_pair(study):
        sentences["difference"] = "Differences, in percentage points, have normal limits."
    if study.arms:
        sentences["adjustment"] = compared_words(study, spec.population).unadjusted
    if compared and spec.strata:
        sentences["strata"] = f"The test is stratified by {strata_words(spec.strata)}."
    return Analysis(
        spec.label,
        "incidence",
        spec.status,
        spec.population,
        sentences=sentences,
        choices={
            "incidence": "aalen-johansen",
            "incidence_conf_type": spec.conf_type,
            "minimum_at_risk": spec.minimum_at_risk,
            **({"minimum_share": spec.minimum_share} if spec.minimum_share else {}),
            "origin": endpoint.origin,
            "origin_label": study.design.zero_words(endpoint),
            "gray": ("stratified" if spec.strata else "yes") if compared else "",
            "estimand": spec.estimand if study.arms else "",
        },
        labels={
            "variable": {endpoint.code: endpoint.label},
            "level": {EVENT: endpoint.label, COMPETING: spec.competing_label} | outside_labels(endpoint),
            "measure": {"gray": "Stratified Gray's test" if spec.strata else "Gray's test"} if compared else {},
        },
        units={endpoint.code: "months"},
    )

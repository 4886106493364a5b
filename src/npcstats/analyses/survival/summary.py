"""Kaplan-Meier curves, what is read from them, and their tests; and follow-up alone."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from npcstats.analyses.survival.spec import FollowUpSpec, SurvivalSpec, follow_up_faults, survival_faults
from npcstats.analyses.timetoevent.groups import (
    EXCLUSIONS,
    ByDetection,
    TimedSample,
    grouping_labels,
    timed_sample,
)
from npcstats.analyses.timetoevent.making import (
    comparison_rows,
    contrast_rows,
    last_time,
    outside_labels,
    outside_rows,
    stratum_labels,
    too_few,
)
from npcstats.analyses.timetoevent.strata import CONF_WORDS, strata_words
from npcstats.choices import refuse_faults
from npcstats.derive import (
    arm_groups,
    arm_pair,
    compared_words,
    derive_endpoint,
    population_members,
    results_of,
    with_time_zero,
)
from npcstats.estimators.timetoevent import (
    BETA_PRODUCT,
    KaplanMeier,
    compare_logrank,
    compare_restricted_means,
    compare_survival,
    compare_trend,
    estimate_follow_up,
    estimate_kaplan_meier,
)
from npcstats.estimators.types import Contrast, Interval, Test
from npcstats.formatting import counted, format_time
from npcstats.results import Analysis, Results, Row, count_rows, interval_rows
from npcstats.study import Endpoint, Study

_FOLLOW_UP = (0.25, 0.5, 0.75)


def summarize_survival(study: Study, spec: SurvivalSpec) -> Results:
    """Estimate one endpoint's curve by arm and for everyone.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    spec : SurvivalSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``survival``.

    Raises
    ------
    SpecError
        If a choice is not in its closed set, or the grouping looks ahead of time zero.
    DataError
        If an event precedes time zero.

    Notes
    -----
    Denominator: members of the population, all at risk at time zero; with a landmark those who reach it without an
    event, with a grouping those whose group is known, and the others are counted by reason. Missing data: a
    participant without an assessment after time zero is censored there. The curves are not adjusted for baseline
    differences.
    """
    refuse_faults(spec.id, survival_faults(spec))
    endpoint = study.design.endpoint(spec.endpoint)
    sample = timed_sample(study, spec.population, endpoint, grouping=spec.grouping, landmark=spec.landmark)
    start = Row(spec.id, spec.population, "participants", "count", 0.0, variable=endpoint.code)
    curves = {}
    rows = [replace(start, measure="not_evaluable", level=why, value=float(n)) for why, n in sample.excluded.items()]
    rows += outside_rows(start, sample.outside)
    for group in sample.groups:
        time, event = sample.times.time[group.members], sample.times.cause[group.members] == 1
        curve = estimate_kaplan_meier(time, event, conf_level=spec.conf_level, conf_type=spec.conf_type)
        rows += _group_rows(replace(start, arm=group.arm, subgroup=group.subgroup), time, event, curve, spec)
        curves[group.arm] = curve
    pair = arm_pair(study) if spec.grouping is None else None
    if pair:
        rows += _contrast_rows(replace(start, arm=pair[0], reference=pair[1]), curves[pair[0]], curves[pair[1]], spec)
    if spec.test != "none" and len(sample.groups) > 1:
        rows += comparison_rows(replace(start, measure=_TESTS[spec.test]), _compare(sample, spec))
    return results_of(study, spec.id, rows, _analysis(study, spec, endpoint))


def summarize_follow_up(study: Study, spec: FollowUpSpec) -> Results:
    """Describe how long participants have been followed.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    spec : FollowUpSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``follow-up``.

    Raises
    ------
    SpecError
        If a choice is not in its closed set.

    Notes
    -----
    Denominator: members of the population with a known origin. Missing data: as for the endpoint itself.
    """
    refuse_faults(spec.id, follow_up_faults(spec))
    members = population_members(study, spec.population)
    endpoint = study.design.endpoint(spec.endpoint)
    members = with_time_zero(study, members, endpoint)
    times = derive_endpoint(study, members, endpoint)
    start = Row(spec.id, spec.population, "participants", "count", 0.0, variable=endpoint.code)
    rows: list[Row] = []
    for group in arm_groups(study, members):
        time, event = times.time[group.members], times.cause[group.members] == 1
        named = replace(start, arm=group.arm, value=float(len(time)))
        rows += [named, *_follow_up_rows(named, time, event, spec)]
    sentences = {
        "population": study.design.population(spec.population).definition,
        "method": "Median and quartiles of follow-up by reverse Kaplan–Meier.",
    }
    labels = {"variable": {endpoint.code: "Follow-up"}}
    choices = {"conf_type": spec.conf_type, "follow_up": "reverse-kaplan-meier"}
    words = Analysis(spec.label, "follow-up", spec.status, spec.population, sentences, choices, labels)
    return results_of(study, spec.id, rows, words)


_TESTS = {"log-rank": "logrank", "trend": "trend"}


def _group_rows(
    template: Row, time: np.ndarray, event: np.ndarray, curve: KaplanMeier, spec: SurvivalSpec
) -> list[Row]:
    rows = [replace(template, value=float(len(time)))]
    rows += count_rows(replace(template, measure="events"), int(event.sum()), len(time))
    rows += _landmark_rows(template, curve, spec)
    rows += interval_rows(replace(template, measure="median_survival", unit="months"), _median(curve, spec))
    rows += _restricted_mean_rows(template, curve, spec)
    rows += _follow_up_rows(template, time, event, spec)
    at_risk = replace(template, measure="at_risk")
    rows += [replace(at_risk, time=tick, value=float((time >= tick).sum())) for tick in spec.ticks]
    return rows + _curve_rows(template, curve, spec)


def _landmark_rows(template: Row, curve: KaplanMeier, spec: SurvivalSpec) -> list[Row]:
    rows: list[Row] = []
    found = curve.at(np.array(spec.landmarks))
    for i, landmark in enumerate(spec.landmarks):
        values = (float(found.survival[i]), float(found.lower[i]), float(found.upper[i]))
        interval = Interval(*values, spec.conf_level, spec.conf_type, found.note[i])
        if found.at_risk[i] < spec.minimum_at_risk:
            interval = replace(
                interval, estimate=np.nan, lower=np.nan, upper=np.nan, note=too_few(spec.minimum_at_risk)
            )
        elif np.isnan(interval.lower + interval.upper) and not np.isnan(interval.estimate):
            interval = replace(interval, note=_no_limits(interval.estimate))
        rows += interval_rows(replace(template, measure="survival", time=landmark), interval)
    return rows


def _no_limits(survival: float) -> str:
    if survival > 0:
        return "There is no event before that time, so no limits can be given."
    return "Nobody is without the event at that time, so no limits can be given."


_MEDIAN_WORDS = {
    "estimate": "the curve reaches",
    "lower": "the lower limit reaches",
    "upper": "the upper limit reaches",
}


def _median(curve: KaplanMeier, spec: SurvivalSpec) -> Interval:
    """The median with its limits, as far as enough participants are at risk where a band reaches one half."""
    median = curve.quantile(0.5)
    last = last_time(curve.time, curve.at_risk, spec.minimum_at_risk)
    late = [name for name in _MEDIAN_WORDS if getattr(median, name) > (-math.inf if np.isnan(last) else last)]
    if not late:
        return median
    reason = f"Fewer than {spec.minimum_at_risk} participants are at risk when {_MEDIAN_WORDS[late[0]]} one half."
    limits = {name: math.nan if name in late else getattr(median, name) for name in _MEDIAN_WORDS}
    # what too few at risk withhold of the median, they withhold of what comes after it
    note = reason if "estimate" in late else " ".join(filter(None, (reason, median.note)))
    return Interval(**limits, conf_level=median.conf_level, method=median.method, note=note)


def _restricted_mean_rows(template: Row, curve: KaplanMeier, spec: SurvivalSpec) -> list[Row]:
    found = curve.rmst(spec.tau)
    named = replace(template, measure="restricted_mean", time=spec.tau, unit="months")
    interval = Interval(found.estimate, found.lower, found.upper, spec.conf_level, found.method, found.note)
    std_error = found.std_error if found.std_error > 0 else math.nan
    if not math.isnan(found.estimate) and curve.at([spec.tau]).at_risk[0] < spec.minimum_at_risk:
        nan = math.nan
        interval = replace(interval, estimate=nan, lower=nan, upper=nan, note=too_few(spec.minimum_at_risk))
        std_error = nan
    error = replace(named, stat="std_error", value=std_error, method=interval.method, note=interval.note)
    return [*interval_rows(named, interval), error]


def _contrast_rows(template: Row, curve1: KaplanMeier, curve0: KaplanMeier, spec: SurvivalSpec) -> list[Row]:
    rows: list[Row] = []
    for landmark in spec.landmarks:
        found = compare_survival(curve1, curve0, landmark, conf_level=spec.conf_level)
        few = min(curve.at(landmark).at_risk[0] for curve in (curve1, curve0)) < spec.minimum_at_risk
        named = replace(template, measure="survival_difference", time=landmark)
        rows += contrast_rows(named, found, spec.conf_level, "normal", _withheld(few, found, spec))
    found = compare_restricted_means(curve1, curve0, spec.tau, conf_level=spec.conf_level)
    few = min(curve.at(spec.tau).at_risk[0] for curve in (curve1, curve0)) < spec.minimum_at_risk
    named = replace(template, measure="restricted_mean_difference", time=spec.tau, unit="months")
    return rows + contrast_rows(named, found, spec.conf_level, "normal", _withheld(few, found, spec))


def _withheld(few: bool, found: Contrast, spec: SurvivalSpec) -> str:
    """Why a difference is not given where too few are at risk: for what it has not itself, else for that."""
    if not few:
        return ""
    return found.note if math.isnan(found.estimate) else too_few(spec.minimum_at_risk, of="an arm")


def _compare(sample: TimedSample, spec: SurvivalSpec) -> Test:
    strata = stratum_labels(sample.members, tuple(spec.strata))
    compare = compare_trend if spec.test == "trend" else compare_logrank
    event = sample.times.cause == 1
    return compare(sample.times.time, event, sample.numbers, strata=strata, rho=spec.rho, gamma=spec.gamma)


def _follow_up_rows(template: Row, time: np.ndarray, event: np.ndarray, spec: SurvivalSpec | FollowUpSpec) -> list[Row]:
    curve = estimate_follow_up(time, event, conf_level=spec.conf_level, conf_type=spec.conf_type)
    rows: list[Row] = []
    for share in _FOLLOW_UP:
        found = curve.quantile(share)
        if len(time) and not curve.n_events:
            found = replace(found, note="Nobody is censored, so follow-up has no quantiles.")
        rows += interval_rows(replace(template, measure="follow_up", level=repr(share), unit="months"), found)
    return rows


def _start(curve: KaplanMeier, spec: SurvivalSpec) -> Interval:
    """The curve at time 0: everyone, less those with the event on that very day where enough were at risk."""
    if last_time(curve.time, curve.at_risk, spec.minimum_at_risk) >= 0 and curve.time[0] == 0 and curve.events[0] > 0:
        limits = (float(curve.survival[0]), float(curve.lower[0]), float(curve.upper[0]))
        note = _no_limits(limits[0]) if np.isnan(sum(limits)) else ""
        return Interval(*limits, spec.conf_level, spec.conf_type, note)
    return Interval(1.0, 1.0, 1.0, spec.conf_level, spec.conf_type)


def _curve_rows(template: Row, curve: KaplanMeier, spec: SurvivalSpec) -> list[Row]:
    last = last_time(curve.time, curve.at_risk, spec.minimum_at_risk)
    step = replace(template, measure="survival_curve")
    rows = interval_rows(replace(step, time=0.0), _start(curve, spec))
    for i in np.flatnonzero((curve.time <= last) & ((curve.events > 0) | (curve.time == last)) & (curve.time > 0)):
        limits = (float(curve.survival[i]), float(curve.lower[i]), float(curve.upper[i]))
        note = _no_limits(limits[0]) if np.isnan(sum(limits)) else ""
        found = Interval(*limits, spec.conf_level, spec.conf_type, note)
        rows += interval_rows(replace(step, time=float(curve.time[i])), found)
    censored = replace(template, measure="censored_curve")
    shown = np.flatnonzero((curve.censored > 0) & (curve.time <= last))
    return rows + [replace(censored, time=float(curve.time[i]), value=float(curve.censored[i])) for i in shown]


def _analysis(study: Study, spec: SurvivalSpec, endpoint: Endpoint) -> Analysis:
    sentences = {
        "definition": study.design.definition(endpoint),
        "population": study.design.population(spec.population).definition,
        "method": f"Kaplan–Meier estimates with {_limit_words(spec)}.",
        "follow_up": "Follow-up is the median by reverse Kaplan–Meier.",
        "limit": "No survival is estimated beyond the last time with "
        f"{counted(spec.minimum_at_risk, 'participant')} at risk.",
    }
    if spec.landmark:
        sentences["landmark"] = spec.landmark.definition
    if arm_pair(study) and spec.grouping is None:
        sentences["difference"] = "Differences, in percentage points or months, have normal limits."
    if study.arms and spec.grouping is None:
        sentences["adjustment"] = compared_words(study, spec.population).unadjusted
    if isinstance(spec.grouping, ByDetection):
        sentences["grouping"] = spec.grouping.definition
    if spec.test == "trend":
        sentences["trend"] = "The test for trend scores the groups 0, 1, 2 and so on in their order."
    if spec.grouping is not None:
        sentences["adjustment"] = "Not adjusted for other differences between the groups."
    compared = spec.test if study.arms or spec.grouping is not None else "none"
    if spec.strata and compared != "none":
        sentences["strata"] = f"The test is stratified by {strata_words(spec.strata)}."
    return Analysis(
        spec.label,
        "survival",
        spec.status,
        spec.population,
        sentences=sentences,
        choices={
            "conf_type": spec.conf_type,
            "minimum_at_risk": spec.minimum_at_risk,
            "origin": endpoint.origin,
            "origin_label": "the landmark" if spec.landmark else study.design.zero_words(endpoint),
            "follow_up": "reverse-kaplan-meier",
            "test": _test_choice(spec) if compared != "none" else "",
            "estimand": spec.estimand if study.arms else "",
            "tau": spec.tau,
        },
        labels={
            "variable": {endpoint.code: endpoint.label},
            "level": EXCLUSIONS | outside_labels(endpoint),
            "measure": {_TESTS[spec.test]: _test_words(spec)} if compared != "none" else {},
            **grouping_labels(spec.grouping),
        },
        units={endpoint.code: "months"},
    )


def _limit_words(spec: SurvivalSpec) -> str:
    if spec.conf_type == BETA_PRODUCT:
        return "beta-product confidence limits"
    return f"pointwise confidence limits {CONF_WORDS[spec.conf_type]}"


def _test_choice(spec: SurvivalSpec) -> str:
    """The test's entry among the conventions."""
    name = "fleming-harrington" if spec.rho or spec.gamma else spec.test
    return f"stratified {name}" if spec.strata else name


def _test_words(spec: SurvivalSpec) -> str:
    words = "Log-rank test" if spec.test == "log-rank" else "Test for trend"
    if spec.rho or spec.gamma:
        words = f"{words}, Fleming–Harrington weights ({format_time(spec.rho)}, {format_time(spec.gamma)})"
    return f"Stratified {words[:1].lower()}{words[1:]}" if spec.strata else words

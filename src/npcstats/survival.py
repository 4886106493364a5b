"""Time-to-event endpoints by Kaplan-Meier: curves, landmarks, medians, numbers at risk, follow-up, log-rank."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from npcstats.derive import EventTimes, Group, arm_groups, derive_endpoint, population_members, results_of
from npcstats.estimators.timetoevent import (
    KaplanMeier,
    compare_logrank,
    estimate_follow_up,
    estimate_kaplan_meier,
)
from npcstats.estimators.types import Interval
from npcstats.results import Analysis, Results, Row, count_rows, interval_rows
from npcstats.study import Status, Study

_FOLLOW_UP = (0.25, 0.5, 0.75)
_CONF_WORDS = {"log-log": "log–log", "log": "logarithmic", "plain": "untransformed"}


@dataclass(frozen=True)
class SurvivalSpec:
    """One endpoint by Kaplan-Meier.

    Parameters
    ----------
    id, label : str
        Its id in results and its name on the page.
    population : str
        Code of the analysis set.
    sessions : tuple of str
        Sessions of the plan it is made for.
    endpoint : str
        Code of an endpoint of the design.
    conf_level : float
        Confidence level of every interval.
    conf_type : {"log-log", "log", "plain"}
        Transformation on which the limits are made.
    landmarks, ticks : tuple of float
        Months at which the probability, and the number at risk, are given.
    minimum_at_risk : int
        No estimate is given beyond the last time with this many at risk.
    logrank : bool
        Whether the arms are compared by the log-rank test.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    endpoint: str
    conf_level: float
    conf_type: str
    landmarks: tuple[float, ...]
    ticks: tuple[float, ...]
    minimum_at_risk: int
    logrank: bool
    status: Status


@dataclass(frozen=True)
class FollowUpSpec:
    """Follow-up only: reverse Kaplan-Meier of an endpoint, without its curve, for sessions that may not see that."""

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    endpoint: str
    conf_level: float
    conf_type: str
    status: Status


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
    DataError
        If an event precedes time zero.

    Notes
    -----
    Denominator: members of the population, all at risk at time zero. Missing data: a participant without an
    assessment after time zero is censored there. The curves are not adjusted for baseline differences.
    """
    members = population_members(study, spec.population)
    endpoint = study.design.endpoint(spec.endpoint)
    members = members.loc[members[endpoint.origin].notna()].reset_index(drop=True)
    times = derive_endpoint(study, members, endpoint)
    groups = arm_groups(study, members)
    start = Row(spec.id, spec.population, "participants", "count", 0.0, variable=endpoint.code)
    rows = [row for group in groups for row in _group_rows(replace(start, arm=group.arm), times, group, spec)]
    if spec.logrank and study.arms:
        rows += _logrank_rows(start, times, groups)
    return results_of(study, spec.id, rows, _analysis(study, spec))


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

    Notes
    -----
    Denominator: members of the population with a known origin. Missing data: as for the endpoint itself.
    """
    members = population_members(study, spec.population)
    endpoint = study.design.endpoint(spec.endpoint)
    members = members.loc[members[endpoint.origin].notna()].reset_index(drop=True)
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


def _group_rows(template: Row, times: EventTimes, group: Group, spec: SurvivalSpec) -> list[Row]:
    time, event = times.time[group.members], times.cause[group.members] == 1
    rows = [replace(template, value=float(len(time)))]
    rows += count_rows(replace(template, measure="events"), int(event.sum()), len(time))
    curve = estimate_kaplan_meier(time, event, conf_level=spec.conf_level, conf_type=spec.conf_type)
    rows += _landmark_rows(template, curve, spec)
    rows += interval_rows(replace(template, measure="median_survival", unit="months"), _median(curve, spec))
    rows += _follow_up_rows(template, time, event, spec)
    at_risk = replace(template, measure="at_risk")
    rows += [replace(at_risk, time=tick, value=float((time >= tick).sum())) for tick in spec.ticks]
    return rows + _curve_rows(template, curve, spec)


def _last_time(curve: KaplanMeier, spec: SurvivalSpec) -> float:
    """Last observed time with enough participants at risk; NaN where there never were."""
    enough = curve.time[curve.at_risk >= spec.minimum_at_risk]
    return float(enough[-1]) if len(enough) else float("nan")


def _landmark_rows(template: Row, curve: KaplanMeier, spec: SurvivalSpec) -> list[Row]:
    rows: list[Row] = []
    found = curve.at(np.array(spec.landmarks))
    for i, landmark in enumerate(spec.landmarks):
        interval = Interval(
            float(found.survival[i]), float(found.lower[i]), float(found.upper[i]), spec.conf_level, spec.conf_type
        )
        if found.at_risk[i] < spec.minimum_at_risk:
            reason = f"Fewer than {spec.minimum_at_risk} participants are at risk at that time."
            interval = replace(interval, estimate=np.nan, lower=np.nan, upper=np.nan, note=reason)
        elif np.isnan(interval.estimate + interval.lower + interval.upper):
            interval = replace(interval, note=_no_limits(interval.estimate))
        rows += interval_rows(replace(template, measure="survival", time=landmark), interval)
    return rows


def _no_limits(survival: float) -> str:
    if survival > 0:
        return "There is no event before that time, so no limits can be given."
    return "Nobody is without the event at that time, so no limits can be given."


def _median(curve: KaplanMeier, spec: SurvivalSpec) -> Interval:
    median = curve.quantile(0.5)
    last = _last_time(curve, spec)
    if not np.isnan(median.estimate) and not median.estimate <= last:
        reason = f"Fewer than {spec.minimum_at_risk} participants are at risk when the curve reaches one half."
        return replace(median, estimate=np.nan, lower=np.nan, upper=np.nan, note=reason)
    if median.upper > last:
        reason = f"Fewer than {spec.minimum_at_risk} participants are at risk when the upper limit reaches one half."
        return replace(median, upper=np.nan, note=reason)
    if np.isnan(median.estimate + median.lower + median.upper) and not median.note:
        return replace(median, note="The curve or its limit does not reach one half.")
    return median


def _follow_up_rows(template: Row, time: np.ndarray, event: np.ndarray, spec: SurvivalSpec | FollowUpSpec) -> list[Row]:
    curve = estimate_follow_up(time, event, conf_level=spec.conf_level, conf_type=spec.conf_type)
    rows: list[Row] = []
    for share in _FOLLOW_UP:
        found = curve.quantile(share)
        if np.isnan(found.estimate + found.lower + found.upper) and not found.note:
            found = replace(found, note="Follow-up does not reach that quantile.")
        rows += interval_rows(replace(template, measure="follow_up", level=repr(share), unit="months"), found)
    return rows


def _start(curve: KaplanMeier, spec: SurvivalSpec) -> Interval:
    """The curve at time 0: everyone, less those with the event on that very day where enough were at risk."""
    if _last_time(curve, spec) >= 0 and curve.time[0] == 0 and curve.events[0] > 0:
        limits = (float(curve.survival[0]), float(curve.lower[0]), float(curve.upper[0]))
        note = _no_limits(limits[0]) if np.isnan(sum(limits)) else ""
        return Interval(*limits, spec.conf_level, spec.conf_type, note)
    return Interval(1.0, 1.0, 1.0, spec.conf_level, spec.conf_type)


def _curve_rows(template: Row, curve: KaplanMeier, spec: SurvivalSpec) -> list[Row]:
    last = _last_time(curve, spec)
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


def _logrank_rows(template: Row, times: EventTimes, groups: tuple[Group, ...]) -> list[Row]:
    number = np.zeros(len(times.time), dtype=int)
    for i, group in enumerate(groups[:-1]):
        number[group.members] = i
    test = compare_logrank(times.time, times.cause == 1, number)
    values = {"statistic": test.statistic, "df": test.df, "p_value": test.p_value}
    named = replace(template, measure="logrank", method=test.method, note=test.note)
    return [replace(named, stat=stat, value=float(value)) for stat, value in values.items()]


def _analysis(study: Study, spec: SurvivalSpec) -> Analysis:
    endpoint = study.design.endpoint(spec.endpoint)
    transform = _CONF_WORDS.get(spec.conf_type, spec.conf_type)
    sentences = {
        "definition": endpoint.definition,
        "population": study.design.population(spec.population).definition,
        "method": f"Kaplan–Meier estimates with pointwise confidence limits on the {transform} scale.",
        "follow_up": "Follow-up is the median by reverse Kaplan–Meier.",
        "limit": f"Nothing is estimated beyond the last time with {spec.minimum_at_risk} participants at risk.",
    }
    if study.arms:
        sentences["adjustment"] = "Not adjusted for baseline differences: the arms were not randomised."
    return Analysis(
        spec.label,
        "survival",
        spec.status,
        spec.population,
        sentences=sentences,
        choices={
            "conf_type": spec.conf_type,
            "minimum_at_risk": str(spec.minimum_at_risk),
            "origin": endpoint.origin,
            "follow_up": "reverse-kaplan-meier",
            "logrank": "yes" if spec.logrank and study.arms else "",
        },
        labels={"variable": {endpoint.code: endpoint.label}},
        units={endpoint.code: "months"},
    )

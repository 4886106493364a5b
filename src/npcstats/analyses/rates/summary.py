"""Rates of adverse events over person-time, of first events and of all, and mean numbers of events over time."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from npcstats.analyses.rates.courses import course_rows
from npcstats.analyses.rates.following import DAYS_PER_YEAR, Followed, Happened, find_events, follow_members
from npcstats.analyses.rates.rows import ALL, FIRST
from npcstats.analyses.rates.spec import RatesSpec, rates_faults
from npcstats.analyses.rates.telling import describe_rates
from npcstats.choices import refuse_faults
from npcstats.derive import Group, arm_groups, arm_pair, population_members, results_of
from npcstats.estimators.clustered import ClusteredRate, compare_clustered_rates, estimate_clustered_rate
from npcstats.estimators.rates import compare_rates, estimate_rates
from npcstats.estimators.types import Interval
from npcstats.results import Results, Row, count_rows, interval_rows
from npcstats.study import Study

CONTRASTS = {"rate-difference": "rate_difference", "rate-ratio": "rate_ratio"}


def summarize_rates(study: Study, spec: RatesSpec) -> Results:
    """Estimate rates of adverse events by arm and for everyone.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    spec : RatesSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``rates``.

    Raises
    ------
    SpecError
        If a choice is not in its closed set, or the plan names a term outside its list.
    DataError
        If the study lacks a column that is needed.

    Notes
    -----
    Denominator: person-time of members at risk in the period; who is not at risk is counted, by reason. Missing data:
    an event without a date of onset, or after the end of follow-up, is in no rate, and is counted.
    """
    refuse_faults(spec.id, rates_faults(spec))
    members = population_members(study, spec.population)
    groups = arm_groups(study, members)
    start = Row(spec.id, spec.population, "participants", "count", 0.0)
    rows = [replace(start, arm=group.arm, value=float(group.members.sum())) for group in groups]
    found: dict[tuple[str, str], tuple[Followed, Happened]] = {}
    for period in spec.periods:
        followed = follow_members(study, members, period, spec)
        at = replace(start, window=period.code)
        rows += _denominator_rows(at, followed, groups)
        for events in period.events:
            happened = find_events(study, members, period, events, spec, followed)
            found[period.code, events.code] = (followed, happened)
            rows += _rate_rows(replace(at, variable=events.code), followed, happened, groups, spec, arm_pair(study))
    for course in spec.courses:
        rows += course_rows(start, course, *found[course.period, course.events], groups, spec, arm_pair(study))
    return results_of(study, spec.id, rows, describe_rates(study, spec))


def _denominator_rows(template: Row, followed: Followed, groups: tuple[Group, ...]) -> list[Row]:
    rows: list[Row] = []
    for group in groups:
        named = replace(template, arm=group.arm)
        rows += count_rows(
            replace(named, measure="observed"), int((group.members & followed.inside).sum()), int(group.members.sum())
        )
        rows += [
            replace(named, measure="not_evaluable", level=reason, value=float((group.members & mask).sum()))
            for reason, mask in followed.outside.items()
        ]
    return rows


@dataclass(frozen=True, eq=False)
class _Counted:
    """Of each of n members: events, and years at risk, until the first event and until the end."""

    events: np.ndarray
    years: np.ndarray
    first: np.ndarray


def _count(followed: Followed, happened: Happened) -> _Counted:
    size = len(followed.days)
    first = pd.Series(happened.day).groupby(happened.member).min()
    days = followed.days.copy()
    days[first.index] = first.to_numpy() + 1
    events = np.bincount(happened.member, minlength=size)
    return _Counted(events, followed.days / DAYS_PER_YEAR, days / DAYS_PER_YEAR)


@dataclass(frozen=True)
class _Rates:
    """Of a group: first events and years until them, and all events clustered by participant."""

    first: int
    first_years: float
    every: ClusteredRate


def _rate_rows(
    template: Row,
    followed: Followed,
    happened: Happened,
    groups: tuple[Group, ...],
    spec: RatesSpec,
    pair: tuple[str, str] | None,
) -> list[Row]:
    counted = _count(followed, happened)
    rows: list[Row] = []
    rates: dict[str, _Rates] = {}
    for group in groups:
        named, own = replace(template, arm=group.arm), group.members & followed.inside
        events, years = counted.events[own], counted.years[own]
        # time in units of `per` person-years makes rates of so many
        every = estimate_clustered_rate(events, years / spec.per, conf_level=spec.conf_level)
        rates[group.arm] = _Rates(int((events > 0).sum()), float(counted.first[own].sum()), every)
        rows += _first_rows(replace(named, level=FIRST), rates[group.arm], int(own.sum()), spec)
        rows += _all_rows(replace(named, level=ALL), every, float(years.sum()), spec)
        rows += [
            replace(named, measure="not_counted", level=reason, value=float(group.members[who].sum()))
            for reason, who in happened.lost.items()
        ]
    if pair:
        named = replace(template, arm=pair[0], reference=pair[1])
        rows += _contrast_rows(named, rates[pair[0]], rates[pair[1]], spec)
    return rows


def _unit(spec: RatesSpec) -> str:
    return f"per {spec.per:g} person-years"


def _first_rows(template: Row, rates: _Rates, size: int, spec: RatesSpec) -> list[Row]:
    found = estimate_rates([rates.first], [rates.first_years / spec.per], method=spec.rate, conf_level=spec.conf_level)
    rate = replace(template, measure="rate")
    return [
        *count_rows(rate, rates.first, size),
        _years_row(template, rates.first_years),
        *interval_rows(replace(rate, unit=_unit(spec)), found.at(0)),
    ]


def _all_rows(template: Row, every: ClusteredRate, years: float, spec: RatesSpec) -> list[Row]:
    rate = replace(template, measure="rate")
    interval = every.interval
    if spec.recurrent == "poisson":
        interval = estimate_rates([every.events], [every.time], method=spec.rate, conf_level=spec.conf_level).at(0)
    return [
        replace(rate, stat="count", value=float(every.events)),
        _years_row(template, years),
        *interval_rows(replace(rate, unit=_unit(spec)), interval),
    ]


def _years_row(template: Row, years: float) -> Row:
    return replace(template, measure="person_time", stat="estimate", value=years, unit="person-years")


def _contrast_rows(template: Row, rates1: _Rates, rates0: _Rates, spec: RatesSpec) -> list[Row]:
    first = [(rates.first, rates.first_years / spec.per) for rates in (rates1, rates0)]
    every = [(rates.every.events, rates.every.time) for rates in (rates1, rates0)]
    rows: list[Row] = []
    for measure, word in CONTRASTS.items():
        method = spec.difference if measure == "rate-difference" else spec.ratio
        found = {FIRST: _compared(first, measure, method, spec), ALL: _compared(every, measure, method, spec)}
        if spec.recurrent == "robust":
            found[ALL] = compare_clustered_rates(
                rates1.every, rates0.every, measure=measure, conf_level=spec.conf_level
            )
        unit = _unit(spec) if measure == "rate-difference" else ""
        for level, interval in found.items():
            rows += interval_rows(replace(template, level=level, measure=word, unit=unit), interval)
    return rows


def _compared(pairs: list[tuple[int, float]], measure: str, method: str, spec: RatesSpec) -> Interval:
    return compare_rates(*pairs[0], *pairs[1], measure=measure, method=method, conf_level=spec.conf_level)

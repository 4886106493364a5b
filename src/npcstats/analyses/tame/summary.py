"""TAME: severe short-term toxicity, adverse late effects and deaths after treatment, per participant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from npcstats.analyses.tame.rows import EVENTFUL, LATE, MORTALITY, SHORT_TERM, number_level
from npcstats.analyses.tame.spec import Category, TameSpec
from npcstats.derive import (
    BEYOND_BASELINE,
    OUTSIDE_WORDS,
    GradeWindow,
    Group,
    arm_groups,
    arm_pair,
    check_named,
    counted_words,
    cutoff_day,
    denominator_sentence,
    evaluable_members,
    first_event,
    grade_columns,
    population_members,
    require_columns,
    results_of,
    window_events,
    window_span,
)
from npcstats.estimators.clustered import compare_clustered_rates, estimate_clustered_rate
from npcstats.estimators.proportions import compare_proportions, estimate_proportion
from npcstats.results import Analysis, Results, Row, count_rows, interval_rows, share_rows
from npcstats.study import Study


@dataclass(frozen=True, eq=False)
class _Burden:
    """Severe categories of each of n members in a period, who had worse, and who is in its denominator."""

    window: GradeWindow
    events: np.ndarray
    worse: np.ndarray
    evaluable: np.ndarray
    outside: dict[str, np.ndarray]


def summarize_tame(study: Study, spec: TameSpec) -> Results:
    """Summarize severe toxicity per participant and mortality after treatment.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    spec : TameSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``tame``.

    Raises
    ------
    SpecError
        If a term or a kind of event is not of the design.
    DataError
        If the study lacks a column that is needed.

    Notes
    -----
    *Convention.* T and A are the severe categories of all participants over the participants, each category of a
    participant once; limits allow for participants who have many (`estimate_clustered_rate`). M is the share who died
    within so many days of the end of treatment without progression before, of those who ended it and were followed so
    long or died. T, A and M are not added up: nobody has agreed on their weights.

    References
    ----------
    Trotti A, Pajak TF, Gwede CK, et al. Lancet Oncol 2007;8:613. doi:10.1016/S1470-2045(07)70144-4
    """
    members = population_members(study, spec.population)
    groups, pair = arm_groups(study, members), arm_pair(study)
    start = Row(spec.id, spec.population, "participants", "count", 0.0)
    rows = [replace(start, arm=group.arm, value=float(group.members.sum())) for group in groups]
    for variable, window, categories in (
        (SHORT_TERM, spec.acute, spec.acute_categories),
        (LATE, spec.late, spec.late_categories),
    ):
        burden = _burden(study, spec, members, window, categories)
        rows += _burden_rows(replace(start, variable=variable, window=window.code), burden, groups, pair, spec)
    rows += _death_rows(study, spec, members, start, groups, pair)
    return results_of(study, spec.id, rows, _analysis(study, spec, compared=pair is not None))


def _burden(
    study: Study, spec: TameSpec, members: pd.DataFrame, window: GradeWindow, categories: Sequence[Category]
) -> _Burden:
    require_columns(
        study["adae"], "adae", grade_columns(window, baseline_adjusted=spec.baseline_adjusted), f"analysis {spec.id}"
    )
    check_named(
        study, "adae", {"AEDECOD": tuple(term for item in categories for term in item.terms)}, f"analysis {spec.id}"
    )
    span = window_span(study, members, window)
    events = window_events(study, members, window, span, baseline_adjusted=spec.baseline_adjusted)
    evaluable, outside = evaluable_members(study, members, window, span, events)
    severe = events.loc[events["AETOXGR"].between(spec.lowest, spec.highest)]
    counts = np.zeros(len(members), dtype=int)
    for item in categories:
        counts[severe.loc[severe["AEDECOD"].isin(item.terms), "member"].unique()] += 1
    terms = [term for item in categories for term in item.terms]
    worst = events.loc[(events["AETOXGR"] > spec.highest) & events["AEDECOD"].isin(terms), "member"]
    return _Burden(window, counts, members.index.isin(worst), evaluable, outside)


def _burden_rows(
    template: Row, burden: _Burden, groups: tuple[Group, ...], pair: tuple[str, str] | None, spec: TameSpec
) -> list[Row]:
    rows: list[Row] = []
    rates = {}
    for group in groups:
        named = replace(template, arm=group.arm)
        inside = group.members & burden.evaluable
        events = burden.events[inside]
        rates[group.arm] = estimate_clustered_rate(events, np.ones(len(events)), conf_level=spec.conf_level)
        rows += count_rows(replace(named, measure="observed"), len(events), int(group.members.sum()))
        rows += [
            replace(named, measure="not_evaluable", level=reason, value=float((group.members & mask).sum()))
            for reason, mask in burden.outside.items()
        ]
        rows.append(replace(named, measure="worse_than_severe", value=float(burden.worse[inside].sum())))
        rows += count_rows(replace(named, measure="burden"), int(events.sum()), len(events))
        rows += interval_rows(replace(named, measure="burden"), rates[group.arm].interval)
        for number in range(EVENTFUL + 1):
            who = (events >= number) if number == EVENTFUL else (events == number)
            rows += share_rows(replace(named, measure="risk", level=number_level(number)), int(who.sum()), len(events))
    if pair:
        named = replace(template, measure="burden_ratio", arm=pair[0], reference=pair[1])
        ratio = compare_clustered_rates(
            rates[pair[0]], rates[pair[1]], measure="rate-ratio", conf_level=spec.conf_level
        )
        rows += interval_rows(named, ratio)
    return rows


def _death_rows(
    study: Study,
    spec: TameSpec,
    members: pd.DataFrame,
    start: Row,
    groups: tuple[Group, ...],
    pair: tuple[str, str] | None,
) -> list[Row]:
    require_columns(members, "adsl", (spec.death_after, "DTHDT"), f"analysis {spec.id}")
    after, death, cutoff = members[spec.death_after], members["DTHDT"], cutoff_day(study)
    progressed = first_event(study, members, spec.progression)
    rows: list[Row] = []
    for days in spec.death_days:
        last = after + pd.Timedelta(days=days)
        known = (after.notna() & ((last <= cutoff) | (death <= last))).to_numpy()
        outside = _outside_days(after, death, known)
        died = ((death >= after) & (death <= last) & ~(progressed <= death)).to_numpy()
        named = replace(start, variable=f"{MORTALITY}{days}")
        counts = []
        for group in groups:
            inside = group.members & known
            count, total = int((inside & died).sum()), int(inside.sum())
            counts.append((count, total))
            of_arm = replace(named, arm=group.arm, measure="risk")
            rows += count_rows(of_arm, count, total)
            rows += [
                replace(of_arm, measure="not_evaluable", level=reason, value=float((group.members & mask).sum()))
                for reason, mask in outside.items()
            ]
            rows += interval_rows(
                of_arm, estimate_proportion(count, total, method=spec.interval, conf_level=spec.conf_level)
            )
        if pair:
            ratio = compare_proportions(
                *counts[0], *counts[-2], measure="risk-ratio", method="katz-log", conf_level=spec.conf_level
            )
            rows += interval_rows(replace(named, measure="risk_ratio", arm=pair[0], reference=pair[1]), ratio)
    return rows


def _outside_days(after: pd.Series, death: pd.Series, known: np.ndarray) -> dict[str, np.ndarray]:
    """Who is not in the denominator of deaths after a date, by reason: of who died without it, the death."""
    begun, died = after.notna().to_numpy(), death.notna().to_numpy()
    return {"died-before": ~begun & died, "not-started": ~begun & ~died, "window-open": begun & ~known}


def _analysis(study: Study, spec: TameSpec, *, compared: bool) -> Analysis:
    grades = f"{spec.lowest}" if spec.lowest == spec.highest else f"{spec.lowest} to {spec.highest}"
    after = study.design.words.dates.get(spec.death_after, spec.death_after)
    sentences = {"population": study.design.population(spec.population).definition}
    for variable, window, categories in (
        (SHORT_TERM, spec.acute, spec.acute_categories),
        (LATE, spec.late, spec.late_categories),
    ):
        period = f"{study.design.definition(study.design.period(window.period))} " if window.period else ""
        named = "; ".join(item.label for item in categories)
        sentences[f"burden.{variable}"] = (
            f"{variable}: severe categories ({spec.scale}, grade {grades}) per participant, each once: {named}. "
            f"{period}Counted: {counted_words(window)}. {denominator_sentence(window)}"
        )
    sentences["mortality"] = (
        f"M: deaths within the days after {after}, without progression before, of those whose days had ended by the "
        "cut-off or with their death; who left the trial before counts with what is known."
    )
    if spec.baseline_adjusted:
        sentences["baseline"] = BEYOND_BASELINE
    sentences["end_result"] = "T, A and M are not added up: nobody has agreed on their weights."
    sentences["interval"] = (
        "Limits of T and A allow for participants with several events; those of M: "
        f"{spec.interval.title().replace('-', '–')}."
    )
    if compared:
        sentences["ratio"] = "The reference arm is 1; limits of ratios are made on the logarithm."
        sentences["adjustment"] = "Not adjusted for baseline differences or for multiplicity."
    numbers = {number_level(n): f"{n} severe" for n in range(EVENTFUL)} | {
        number_level(EVENTFUL): f"≥ {EVENTFUL} severe"
    }
    deaths = {f"{MORTALITY}{days}": f"M: died within {days} days" for days in spec.death_days}
    return Analysis(
        spec.label,
        "tame",
        spec.status,
        spec.population,
        sentences=sentences,
        choices={
            "interval": spec.interval,
            "estimand": spec.estimand if compared else "",
            "conf_level": spec.conf_level,
        },
        labels={
            "variable": {SHORT_TERM: "T: short-term toxicity", LATE: "A: adverse late effects"} | deaths,
            "level": numbers | OUTSIDE_WORDS,
            "window": {window.code: window.label for window in (spec.acute, spec.late)},
        },
    )

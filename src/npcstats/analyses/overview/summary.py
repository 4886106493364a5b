"""Adverse events and deaths at a glance, by arm and period, with exact limits and differences between arms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from npcstats.analyses.overview.lines import Counted, Line, check_columns, count_window, find_uncounted
from npcstats.analyses.overview.rows import DEATHS, ELSEWHERE, EVENTS, OUTSIDE_LABELS, SEVERE, SHARED, UNDATED
from npcstats.analyses.overview.spec import Category, Deaths, OverviewSpec, Shared
from npcstats.derive import (
    BEYOND_BASELINE,
    OUTSIDE_WORDS,
    GradeWindow,
    Group,
    arm_groups,
    arm_pair,
    counted_words,
    denominator_sentence,
    population_members,
    results_of,
)
from npcstats.estimators.proportions import compare_all_proportions, estimate_proportions
from npcstats.results import Analysis, Results, Row, count_rows, interval_rows, share_rows
from npcstats.study import Study

DEATHS_SENTENCE = (
    "An event belongs to the period of its onset, a death to that of its day. The denominator of deaths is who was "
    "alive when the period began, where it had ended by the cut-off or with death, or has no end: no assessment is "
    "needed, and who left the trial before counts with what is known"
)
ANCHORED_SENTENCE = "; of {labels}, whose so many days after it had ended by the cut-off, or who died"
FEWER_SENTENCE = "; where this is not the number in the heading, it is printed with the count."
SHARED_SENTENCE = (
    "{labels}: each is counted by its own rule, so these are not the same participants, and the numbers do not add "
    "up; the lines set in tell how many of a line stand in another."
)
CRUDE = "denominator: everyone, however long they were followed; who is followed longer has more time for an event."


def summarize_overview(study: Study, spec: OverviewSpec) -> Results:
    """Count participants with events of each category, and deaths, by period.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    spec : OverviewSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``overview``.

    Raises
    ------
    SpecError
        If a window's counting or denominator is not in its closed set, or a text is outside a column's list.
    DataError
        If the study has no such column or frame as is needed.

    Notes
    -----
    Denominator: of events, evaluable participants of the population by the window's rule; of deaths, those who were
    alive when the window began and were seen through it, or died. Missing data: an event without a date of onset is in
    no window with dates; such events are counted beside the table.
    """
    members = population_members(study, spec.population)
    groups = arm_groups(study, members)
    check_columns(study, members, spec)
    found = [count_window(study, members, spec, window) for window in spec.windows]
    rows = _uncounted_rows(study, spec, members, groups, found)
    for period in found:
        rows += _period_rows(study, spec, period, groups)
    return results_of(study, spec.id, rows, _analysis(study, spec))


def _uncounted_rows(
    study: Study, spec: OverviewSpec, members: pd.DataFrame, groups: Sequence[Group], found: Sequence[Counted]
) -> list[Row]:
    start = Row(spec.id, spec.population, "records_outside", "count", 0.0)
    told = find_uncounted(study, members, found)
    reasons = {UNDATED: told.undated, ELSEWHERE: told.elsewhere, SEVERE: told.severe}
    rows = []
    for group in groups:
        named = replace(start, arm=group.arm)
        rows += [
            replace(named, level=reason, value=float(records[group.members].sum()))
            for reason, records in reasons.items()
        ]
        after = float(told.after_death[group.members].sum())
        rows.append(replace(named, measure="records_after_death", value=after))
    return rows


def _period_rows(study: Study, spec: OverviewSpec, period: Counted, groups: Sequence[Group]) -> list[Row]:
    start = Row(spec.id, spec.population, "participants", "count", 0.0, window=period.window.code)
    rows: list[Row] = []
    for group in groups:
        named = replace(start, arm=group.arm)
        size, inside = int(group.members.sum()), int((group.members & period.evaluable).sum())
        rows.append(replace(named, value=float(size)))
        rows += count_rows(replace(named, measure="observed"), inside, size)
        rows += [
            replace(named, measure="not_evaluable", level=reason, value=float((group.members & mask).sum()))
            for reason, mask in period.outside.items()
        ]
    rows += _risk_rows(spec, start, period.lines, groups)
    pair = arm_pair(study)
    if pair:
        rows += _difference_rows(spec, replace(start, arm=pair[0], reference=pair[1]), period.lines, groups)
    return rows


def _tally(lines: Sequence[Line], groups: Sequence[Group]) -> tuple[np.ndarray, np.ndarray]:
    """Numerators and denominators, by line and group."""
    counts = [[int((line.had & group.members).sum()) for group in groups] for line in lines]
    totals = [[int((line.inside & group.members).sum()) for group in groups] for line in lines]
    shape = (len(lines), len(groups))
    return np.array(counts, dtype=int).reshape(shape), np.array(totals, dtype=int).reshape(shape)


def _risk_rows(spec: OverviewSpec, start: Row, lines: Sequence[Line], groups: Sequence[Group]) -> list[Row]:
    counts, totals = _tally(lines, groups)
    limits = estimate_proportions(counts.ravel(), totals.ravel(), method=spec.interval, conf_level=spec.conf_level)
    rows: list[Row] = []
    for i, line in enumerate(lines):
        for j, group in enumerate(groups):
            named = replace(start, arm=group.arm, block=line.block, variable=line.code)
            count, total = int(counts[i, j]), int(totals[i, j])
            if line.block == SHARED:
                rows += share_rows(replace(named, measure="proportion"), count, total)
                continue
            at_risk = replace(named, measure="risk")
            rows += [*count_rows(at_risk, count, total), *interval_rows(at_risk, limits.at(i * len(groups) + j))]
            if line.records is not None:
                events = float(line.records[group.members].sum())
                rows.append(replace(named, measure="records", value=events))
    return rows


def _difference_rows(spec: OverviewSpec, start: Row, lines: Sequence[Line], groups: Sequence[Group]) -> list[Row]:
    """Of two arms, which stand before everyone."""
    lines = [line for line in lines if line.block != SHARED]
    counts, totals = _tally(lines, groups)
    differences = compare_all_proportions(
        counts[:, 0],
        totals[:, 0],
        counts[:, 1],
        totals[:, 1],
        measure="risk-difference",
        method=spec.difference,
        conf_level=spec.conf_level,
    )
    return [
        row
        for i, line in enumerate(lines)
        for row in interval_rows(
            replace(start, measure="risk_difference", block=line.block, variable=line.code), differences.at(i)
        )
    ]


def _analysis(study: Study, spec: OverviewSpec) -> Analysis:
    compared = arm_pair(study) is not None
    lines: tuple[Category | Deaths | Shared, ...] = (*spec.categories, *spec.deaths, *spec.shared)
    return Analysis(
        spec.label,
        "overview",
        spec.status,
        spec.population,
        sentences=_sentences(study, spec, compared=compared),
        choices={
            "interval": spec.interval,
            "difference": spec.difference if compared else "",
            "estimand": spec.estimand if compared else "",
            "conf_level": spec.conf_level,
        },
        labels={
            "block": {EVENTS: "Adverse events", DEATHS: "Deaths", SHARED: "In several lines"},
            "variable": {line.code: line.label for line in lines},
            "level": {**OUTSIDE_WORDS, **OUTSIDE_LABELS},
            "window": {window.code: window.label for window in spec.windows},
        },
    )


def _sentences(study: Study, spec: OverviewSpec, *, compared: bool) -> dict[str, str]:
    told = {
        "scale": f"Participants with an event ({spec.scale}), each counted once per line, and the number of events.",
        "population": study.design.population(spec.population).definition,
    }
    for window in spec.windows:
        if window.period:
            told[f"period.{window.code}"] = study.design.definition(study.design.period(window.period))
    told["counted"] = _of_windows(spec, lambda window: f"counted are {counted_words(window)}.")
    told["denominator"] = _of_windows(spec, _denominator_words)
    told |= _definitions(spec)
    told |= {"baseline": BEYOND_BASELINE} if spec.baseline_adjusted else {}
    told |= _death_sentences(spec)
    told["interval"] = f"Confidence limits: {spec.interval.title().replace('-', '–')}."
    if compared:
        told["difference"] = f"Limits of a difference: {spec.difference.title()}."
        told["adjustment"] = "Not adjusted for baseline differences or for multiplicity."
    return told


def _definitions(spec: OverviewSpec) -> dict[str, str]:
    """What labels leave open, once for those of which the same is said."""
    told: dict[str, list[str]] = {}
    lines: tuple[Category | Deaths, ...] = (*spec.categories, *spec.deaths)
    for line in lines:
        if line.definition:
            told.setdefault(line.definition, []).append(line.label)
    return {"definitions": " ".join(f"{_quoted(labels)}: {text}." for text, labels in told.items())} if told else {}


def _of_windows(spec: OverviewSpec, words: Callable[[GradeWindow], str]) -> str:
    """What holds for each window, once for those of which the same is said."""
    told: dict[str, list[str]] = {}
    for window in spec.windows:
        told.setdefault(words(window), []).append(window.label)
    return " ".join(f"{', '.join(labels)}: {text}" for text, labels in told.items())


def _denominator_words(window: GradeWindow) -> str:
    if window.evaluable == "everyone":
        return CRUDE
    sentence = denominator_sentence(window)
    return sentence[:1].lower() + sentence[1:]


def _death_sentences(spec: OverviewSpec) -> dict[str, str]:
    lines: tuple[Category | Deaths, ...] = (*spec.categories, *spec.deaths)
    labels = {line.code: line.label for line in lines}
    anchored = [death.label for death in spec.deaths if death.anchor]
    within = ANCHORED_SENTENCE.format(labels=_quoted(anchored)) if anchored else ""
    told = {"deaths": f"{DEATHS_SENTENCE}{within}{FEWER_SENTENCE}"} if spec.deaths else {}
    named = dict.fromkeys(code for one in spec.shared for code in (*one.all_of, *one.none_of))
    if named:
        told["shared"] = SHARED_SENTENCE.format(labels=_quoted([labels[code] for code in named]))
    return told


def _quoted(labels: Sequence[str]) -> str:
    quoted = [f"“{label}”" for label in labels]
    return " and ".join(filter(None, (", ".join(quoted[:-1]), quoted[-1])))

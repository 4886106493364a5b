"""Worst-grade toxicity by system organ class, term and grade band, with exact limits and differences between arms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from npcstats.analyses.toxicity.rows import BANDS, GRADES, band_level, grade_level
from npcstats.analyses.toxicity.spec import ToxicitySpec
from npcstats.derive import (
    BEYOND_BASELINE,
    OUTSIDE_WORDS,
    GradeWindow,
    Group,
    arm_groups,
    arm_pair,
    counted_words,
    denominator_sentence,
    evaluable_members,
    grade_columns,
    population_members,
    require_columns,
    results_of,
    window_events,
    window_span,
    worst_grades,
)
from npcstats.estimators.proportions import compare_proportions, estimate_proportion
from npcstats.results import EVERYONE, Analysis, Results, Row, count_rows, interval_rows, share_rows
from npcstats.study import Study


def summarize_toxicity(study: Study, spec: ToxicitySpec) -> Results:
    """Count participants by the worst grade they had, per term, class and overall.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    spec : ToxicitySpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``toxicity``.

    Raises
    ------
    SpecError
        If a window's counting or denominator is not in its closed set, or asks for a text outside a column's list.
    DataError
        If the study has no such column or frame as the windows need.

    Notes
    -----
    Denominator: evaluable participants of the population, by the window's rule; those outside it are counted.
    Missing data: a term without a record is grade 0 for an evaluable participant.
    """
    members = population_members(study, spec.population)
    groups = arm_groups(study, members)
    for window in spec.windows:
        needed = grade_columns(window, baseline_adjusted=spec.baseline_adjusted)
        require_columns(study["adae"], "adae", needed, f"analysis {spec.id}")
    terms = _ordered_terms(study["adae"])
    rows = [row for window in spec.windows for row in _window_rows(study, spec, window, members, groups, terms)]
    return results_of(study, spec.id, rows, _analysis(study, spec, terms))


def _ordered_terms(events: pd.DataFrame) -> tuple[tuple[str, str], ...]:
    """Class and term, the class with most participants first and within it the term with most."""
    by_class = events.groupby("AEBODSYS")["USUBJID"].nunique()
    by_term = events.groupby(["AEBODSYS", "AEDECOD"])["USUBJID"].nunique()
    return tuple(sorted(by_term.index, key=lambda item: (-by_class[item[0]], item[0], -by_term[item], item[1])))


def _window_rows(
    study: Study,
    spec: ToxicitySpec,
    window: GradeWindow,
    members: pd.DataFrame,
    groups: tuple[Group, ...],
    terms: tuple[tuple[str, str], ...],
) -> list[Row]:
    span = window_span(study, members, window)
    events = window_events(study, members, window, span, baseline_adjusted=spec.baseline_adjusted)
    evaluable, outside = evaluable_members(study, members, window, span, events)
    worst = _worst_by_term(events, members, terms)
    start = Row(spec.id, spec.population, "participants", "count", 0.0, window=window.code)
    rows: list[Row] = []
    for group in groups:
        named = replace(start, arm=group.arm)
        inside = group.members & evaluable
        rows.append(replace(named, value=float(group.members.sum())))
        rows += count_rows(replace(named, measure="observed"), int(inside.sum()), int(group.members.sum()))
        rows += [
            replace(named, measure="not_evaluable", level=reason, value=float((group.members & mask).sum()))
            for reason, mask in outside.items()
        ]
    counts = _record_counts(events, members) if spec.records else {}
    for (block, variable), grades in worst.items():
        named = replace(start, block=block, variable=variable)
        rows += _record_rows(named, counts, evaluable, groups) if spec.records else []
        rows += _term_rows(named, grades, evaluable, groups, spec)
        rows += _contrast_rows(named, grades, evaluable, groups, spec, arm_pair(study))
    return rows


def _record_counts(events: pd.DataFrame, members: pd.DataFrame) -> dict[tuple[str, str], np.ndarray]:
    def counted(part: pd.DataFrame) -> np.ndarray:
        return np.bincount(part["member"].to_numpy(), minlength=len(members))

    return {
        (EVERYONE, EVERYONE): counted(events),
        **{(str(block), EVERYONE): counted(part) for block, part in events.groupby("AEBODSYS")},
        **{(str(b), str(term)): counted(part) for (b, term), part in events.groupby(["AEBODSYS", "AEDECOD"])},
    }


def _record_rows(
    template: Row, counts: Mapping[tuple[str, str], np.ndarray], evaluable: np.ndarray, groups: tuple[Group, ...]
) -> list[Row]:
    of = counts.get((template.block, template.variable), np.zeros(len(evaluable), dtype=int))
    named = replace(template, measure="records")
    return [replace(named, arm=group.arm, value=float(of[group.members & evaluable].sum())) for group in groups]


def _worst_by_term(
    events: pd.DataFrame, members: pd.DataFrame, terms: tuple[tuple[str, str], ...]
) -> dict[tuple[str, str], np.ndarray]:
    worst = {(EVERYONE, EVERYONE): worst_grades(events, len(members))}
    by_class = dict(tuple(events.groupby("AEBODSYS")))
    by_term = dict(tuple(events.groupby(["AEBODSYS", "AEDECOD"])))
    for block, variable in terms:
        if (block, EVERYONE) not in worst:
            worst[block, EVERYONE] = worst_grades(by_class.get(block), len(members))
        worst[block, variable] = worst_grades(by_term.get((block, variable)), len(members))
    return worst


def _term_rows(
    template: Row, grades: np.ndarray, evaluable: np.ndarray, groups: tuple[Group, ...], spec: ToxicitySpec
) -> list[Row]:
    rows: list[Row] = []
    for group in groups:
        named = replace(template, arm=group.arm, measure="risk")
        inside = grades[group.members & evaluable]
        for band in BANDS:
            at_band = replace(named, level=band_level(band))
            count = int((inside >= band).sum())
            risk = estimate_proportion(count, len(inside), method=spec.interval, conf_level=spec.conf_level)
            rows += count_rows(at_band, count, len(inside)) + interval_rows(at_band, risk)
        for grade in GRADES:
            rows += share_rows(replace(named, level=grade_level(grade)), int((inside == grade).sum()), len(inside))
    return rows


def _contrast_rows(
    template: Row,
    grades: np.ndarray,
    evaluable: np.ndarray,
    groups: tuple[Group, ...],
    spec: ToxicitySpec,
    pair: tuple[str, str] | None,
) -> list[Row]:
    if pair is None:
        return []
    named = replace(template, measure="risk_difference", arm=pair[0], reference=pair[1])
    first, reference = (grades[group.members & evaluable] for group in (groups[0], groups[-2]))
    rows: list[Row] = []
    for band in BANDS:
        difference = compare_proportions(
            int((first >= band).sum()),
            len(first),
            int((reference >= band).sum()),
            len(reference),
            measure="risk-difference",
            method=spec.difference,
            conf_level=spec.conf_level,
        )
        rows += interval_rows(replace(named, level=band_level(band)), difference)
    return rows


def _analysis(study: Study, spec: ToxicitySpec, terms: tuple[tuple[str, str], ...]) -> Analysis:
    sentences = {
        "scale": f"Participants by worst grade ({spec.scale}), each counted once per row.",
        "population": study.design.population(spec.population).definition,
    }
    for window in spec.windows:
        period = f"{study.design.definition(study.design.period(window.period))} " if window.period else ""
        sentences[f"period.{window.code}"] = f"{period}Counted: {counted_words(window)}."
        sentences[f"denominator.{window.code}"] = denominator_sentence(window)
    if spec.baseline_adjusted:
        sentences["baseline"] = BEYOND_BASELINE
    sentences["interval"] = f"Confidence limits of a risk: {spec.interval.title().replace('-', '–')}."
    if arm_pair(study):
        sentences["difference"] = f"Limits of a risk difference: {spec.difference.title()}."
        sentences["adjustment"] = "Not adjusted for baseline differences or for multiplicity."
    blocks = {EVERYONE: "Any adverse event"} | {block: block for block, _ in terms}
    return Analysis(
        spec.label,
        "toxicity",
        spec.status,
        spec.population,
        sentences=sentences,
        choices={
            "interval": spec.interval,
            "difference": spec.difference if arm_pair(study) else "",
            "estimand": spec.estimand if arm_pair(study) else "",
            "conf_level": spec.conf_level,
            "shown_from": float(spec.shown_from),
        },
        labels={
            "block": blocks,
            "variable": {EVERYONE: "Any term"} | {term: term for _, term in terms},
            "level": {band_level(band): f"Grade ≥ {band}" for band in BANDS}
            | {grade_level(grade): f"Grade {grade}" for grade in GRADES}
            | OUTSIDE_WORDS,
            "window": {window.code: window.label for window in spec.windows},
        },
    )

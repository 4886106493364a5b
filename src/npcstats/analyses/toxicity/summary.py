"""Worst-grade toxicity by system organ class, term and grade band, with exact limits and differences between arms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from npcstats.analyses.toxicity.columns import Columns
from npcstats.analyses.toxicity.counting import Counts, count_units
from npcstats.analyses.toxicity.places import SERIOUS_COLUMN, Places, find_places, page_order
from npcstats.analyses.toxicity.rows import (
    BANDS,
    COMPOSITES,
    GRADES,
    HEADS,
    SERIOUS,
    SEVERE_EVENTS,
    band_level,
    grade_level,
)
from npcstats.analyses.toxicity.spec import ToxicitySpec
from npcstats.analyses.toxicity.uncounted import Uncounted, find_uncounted
from npcstats.derive import (
    BEYOND_BASELINE,
    OUTSIDE_WORDS,
    GradeWindow,
    Group,
    Span,
    arm_groups,
    arm_pair,
    check_named,
    counted_words,
    denominator_sentence,
    evaluable_members,
    grade_columns,
    measured_members,
    population_members,
    require_columns,
    results_of,
    window_events,
    window_span,
)
from npcstats.estimators.proportions import compare_all_proportions, estimate_proportions
from npcstats.results import EVERYONE, Analysis, Results, Row, count_rows
from npcstats.study import Study

ORDER_SENTENCE = (
    "Classes, and the terms of a class, are in the order of participants with an event ({window}){together}."
)
MEASURED_SENTENCE = (
    "Assessed for {terms} is who has a value in the period, or the event; where this leaves fewer, the denominator is "
    "printed with the count."
)


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
    named = (*spec.measured, *(term for item in spec.composites for term in item.terms))
    check_named(study, "adae", {"AEDECOD": named}, f"analysis {spec.id}")
    places = find_places(study["adae"], spec.composites)
    found = [_count_window(study, spec, window, members, groups, places) for window in spec.windows]
    frequency = found[0].counts.grades[:, -1, 1:].sum(axis=1)
    order = page_order(places, frequency)
    rows = [row for part in found for row in _window_rows(study, spec, part, groups, places, order)]
    return results_of(study, spec.id, rows, _analysis(study, spec, [places.names[unit] for unit in order]))


@dataclass(frozen=True, eq=False)
class _Counted:
    """A window: who is in it, of n members, and what is counted of k units in g groups."""

    window: GradeWindow
    evaluable: np.ndarray
    outside: Mapping[str, np.ndarray]
    counts: Counts
    totals: np.ndarray
    uncounted: Mapping[str, Uncounted]


def _count_window(
    study: Study,
    spec: ToxicitySpec,
    window: GradeWindow,
    members: pd.DataFrame,
    groups: tuple[Group, ...],
    places: Places,
) -> _Counted:
    span = window_span(study, members, window)
    events = window_events(study, members, window, span, baseline_adjusted=spec.baseline_adjusted)
    evaluable, outside = evaluable_members(study, members, window, span, events)
    records = study["adae"].index.get_indexer(events.index)
    counts = count_units(places.code(records, events), len(places.names), groups, evaluable)
    sizes = np.array([(group.members & evaluable).sum() for group in groups])
    totals = np.tile(sizes, (len(places.names), 1))
    for unit, assessed in _assessed_units(study, spec, members, span, events, places).items():
        totals[unit] = [(group.members & evaluable & assessed).sum() for group in groups]
    counts.grades[:, :, 0] = totals - counts.grades[:, :, 1:].sum(axis=2)
    uncounted = find_uncounted(study, members, window, events, evaluable)
    return _Counted(window, evaluable, outside, counts, totals, uncounted)


def _assessed_units(
    study: Study, spec: ToxicitySpec, members: pd.DataFrame, span: Span, events: pd.DataFrame, places: Places
) -> dict[int, np.ndarray]:
    """Who is assessed for a term, or composite, that is measured: has a value of it in the window, or an event."""
    found = {}
    for unit, (block, term) in enumerate(places.names):
        codes = _measured_by(spec, block, term)
        if codes:
            own = [item.terms for item in spec.composites if (block, term) == (COMPOSITES, item.code)]
            had = events["AEDECOD"].isin(own[0]) if own else (events["AEDECOD"] == term) & (events["AEBODSYS"] == block)
            seen = measured_members(study, members, span, codes, f"analysis {spec.id}")
            found[unit] = seen | members.index.isin(events.loc[had, "member"])
    return found


def _measured_by(spec: ToxicitySpec, block: str, term: str) -> tuple[str, ...]:
    """Parameters that a term is measured by, or a composite of nothing but such terms; none of what is not measured."""
    if block != COMPOSITES:
        return spec.measured.get(term, ())
    (terms,) = (item.terms for item in spec.composites if item.code == term)
    if not all(name in spec.measured for name in terms):
        return ()
    return tuple(dict.fromkeys(code for name in terms for code in spec.measured[name]))


def _window_rows(
    study: Study,
    spec: ToxicitySpec,
    found: _Counted,
    groups: tuple[Group, ...],
    places: Places,
    order: Sequence[int],
) -> list[Row]:
    start = Row(spec.id, spec.population, "participants", "count", 0.0, window=found.window.code)
    rows = _denominator_rows(start, found, groups)
    columns = Columns()
    serious = SERIOUS_COLUMN in study["adae"]
    for i, group in enumerate(groups):
        if spec.records:
            named = replace(start, arm=group.arm, measure="records")
            columns.add(replace(named, stat="count"), found.counts.records[:, i])
    for i, group in enumerate(groups):
        _add_risks(columns, replace(start, arm=group.arm, measure="risk"), found, i, spec, serious=serious)
    pair = arm_pair(study)
    if pair:
        named = replace(start, measure="risk_difference", arm=pair[0], reference=pair[1])
        _add_differences(columns, named, found, spec)
    rows += columns.rows([places.names[unit] for unit in order], order)
    for unit in order:
        block, term = places.names[unit]
        if _measured_by(spec, block, term):
            rest = found.totals[0] - found.totals[unit]
            named = replace(start, measure="not_assessed", block=block, variable=term)
            rows += [replace(named, arm=group.arm, value=float(rest[i])) for i, group in enumerate(groups)]
    return rows


def _denominator_rows(template: Row, found: _Counted, groups: tuple[Group, ...]) -> list[Row]:
    rows: list[Row] = []
    for group in groups:
        named = replace(template, arm=group.arm)
        size, inside = int(group.members.sum()), int((group.members & found.evaluable).sum())
        rows.append(replace(named, value=float(size)))
        rows += count_rows(replace(named, measure="observed"), inside, size)
        rows += [
            replace(named, measure="not_evaluable", level=reason, value=float((group.members & mask).sum()))
            for reason, mask in found.outside.items()
        ]
        for measure, uncounted in found.uncounted.items():
            for level, records in (("", uncounted.records), (SEVERE_EVENTS, uncounted.severe)):
                number = float(records[group.members].sum())
                rows.append(replace(named, measure=measure, level=level, value=number))
    return rows


def _add_risks(
    columns: Columns, template: Row, found: _Counted, group: int, spec: ToxicitySpec, *, serious: bool
) -> None:
    grades, totals = found.counts.grades[:, group], found.totals[:, group]
    for band in BANDS:
        at_band = replace(template, level=band_level(band))
        counts = grades[:, band:].sum(axis=1)
        columns.add_counts(at_band, counts, totals)
        columns.add_intervals(
            at_band, estimate_proportions(counts, totals, method=spec.interval, conf_level=spec.conf_level)
        )
    for grade in GRADES:
        columns.add_shares(replace(template, level=grade_level(grade)), grades[:, grade], totals)
    if serious:
        columns.add_shares(replace(template, level=SERIOUS), found.counts.serious[:, group], totals)


def _add_differences(columns: Columns, template: Row, found: _Counted, spec: ToxicitySpec) -> None:
    for band in BANDS:
        counts = found.counts.grades[:, :, band:].sum(axis=2)
        differences = compare_all_proportions(
            counts[:, 0],
            found.totals[:, 0],
            counts[:, -2],
            found.totals[:, -2],
            measure="risk-difference",
            method=spec.difference,
            conf_level=spec.conf_level,
        )
        columns.add_intervals(replace(template, level=band_level(band)), differences)


def _sentences(study: Study, spec: ToxicitySpec) -> dict[str, str]:
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
    for item in spec.composites:
        sentences[f"composite.{item.code}"] = f"{item.label}: the worst grade of {', '.join(item.terms)}."
    if spec.measured:
        composed = [item.label for item in spec.composites if _measured_by(spec, COMPOSITES, item.code)]
        sentences["measured"] = MEASURED_SENTENCE.format(terms=", ".join([*spec.measured, *composed]))
    first, together = spec.windows[0].label, ", arms together" if study.arms else ""
    sentences["order"] = ORDER_SENTENCE.format(window=first[:1].lower() + first[1:], together=together)
    sentences["interval"] = f"Confidence limits of a risk: {spec.interval.title().replace('-', '–')}."
    if arm_pair(study):
        sentences["difference"] = f"Limits of a risk difference: {spec.difference.title()}."
        sentences["adjustment"] = "Not adjusted for baseline differences or for multiplicity."
    return sentences


def _analysis(study: Study, spec: ToxicitySpec, names: Sequence[tuple[str, str]]) -> Analysis:
    composites = {item.code: item.label for item in spec.composites}
    blocks = {EVERYONE: "Any adverse event"} | {
        block: block for block, _ in names if block not in (EVERYONE, COMPOSITES)
    }
    return Analysis(
        spec.label,
        "toxicity",
        spec.status,
        spec.population,
        sentences=_sentences(study, spec),
        choices={
            "interval": spec.interval,
            "difference": spec.difference if arm_pair(study) else "",
            "estimand": spec.estimand if arm_pair(study) else "",
            "conf_level": spec.conf_level,
            "shown_from": float(spec.shown_from),
        },
        labels={
            "block": blocks | ({COMPOSITES: "Composite endpoints"} if composites else {}),
            "variable": {EVERYONE: "Any term"}
            | {term: composites.get(term, term) for _, term in names if term != EVERYONE},
            "level": {band_level(band): f"Grade ≥ {band}" for band in BANDS}
            | {grade_level(grade): f"Grade {grade}" for grade in GRADES}
            | {SERIOUS: "Serious"}
            | OUTSIDE_WORDS,
            HEADS: {band_level(band): f"≥\u00a0{band}" for band in BANDS}
            | {grade_level(grade): str(grade) for grade in GRADES}
            | {SERIOUS: "Serious"},
            "window": {window.code: window.label for window in spec.windows},
        },
    )

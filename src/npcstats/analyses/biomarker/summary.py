"""Longitudinal biomarkers: location by visit, change from baseline, and the unadjusted difference of changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from npcstats.analyses.biomarker.rows import (
    CHANGE,
    CHANGES,
    CONTRASTS,
    DETECTABLE,
    DUE,
    EARLY,
    IDENTITY,
    LOCATIONS,
    LOG,
    PAIRED,
    QUARTILES,
    VALUE,
)
from npcstats.analyses.biomarker.spec import BiomarkerSpec, Marker, biomarker_faults
from npcstats.analyses.biomarker.telling import biomarker_analysis
from npcstats.choices import refuse_faults
from npcstats.derive import (
    Group,
    arm_groups,
    arm_pair,
    marker_values,
    population_members,
    results_of,
    visit_due,
    with_ratios,
)
from npcstats.estimators.continuous import compare_means, estimate_mean, summarize_continuous
from npcstats.estimators.proportions import compare_paired_proportions, compare_proportions, estimate_proportion
from npcstats.estimators.types import Interval
from npcstats.results import Results, Row, count_rows, interval_rows
from npcstats.study import Study

_BELOW_ZERO = "The lower limit is below 0, but no value is: the method knows no bound."
_NO_VALUE = "There are no values."


@dataclass(frozen=True)
class _Panel:
    """Values of one marker on its analysis scale, members by visit, NaN where missing; and who was due when.

    Due is whose window was closed by the cut-off, with a value or not; a value may come before that.
    """

    values: np.ndarray
    due: np.ndarray


def summarize_biomarkers(study: Study, spec: BiomarkerSpec) -> Results:
    """Summarize markers by visit and arm, with the change from baseline.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    spec : BiomarkerSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``biomarker``.

    Raises
    ------
    SpecError
        If a choice is not in its closed set, or a visit is not in the design.
    DataError
        If a marker has a unit other than the declared one, or a value that its scale cannot take.

    Notes
    -----
    Denominator: members with a value at the visit. Those due, whose window is closed by the cut-off, are counted with
    a value and in all; those with a value before that are counted as early. Missing data: left out, and counted.
    """
    refuse_faults(spec.id, biomarker_faults(spec))
    members = population_members(study, spec.population)
    measured = with_ratios(study, spec.ratios, f"analysis {spec.id}")
    groups, pair = arm_groups(study, members), arm_pair(study)
    start = Row(spec.id, spec.population, "participants", "count", 0.0)
    rows = [replace(start, arm=group.arm, value=float(group.members.sum())) for group in groups]
    for marker in spec.markers:
        visits = [code for code in spec.visits if code in (marker.visits or spec.visits)]
        panel = _panel(measured, spec, marker, members, visits)
        template = replace(start, block=marker.block, variable=marker.code)
        for i, visit in enumerate(visits):
            at_visit = replace(template, window=visit)
            for group in groups:
                rows += _group_rows(replace(at_visit, arm=group.arm), marker, panel, i, group, spec)
            if pair and (i or marker.scale == DETECTABLE):
                named = replace(at_visit, arm=pair[0], reference=pair[1])
                rows += _contrast_rows(named, marker, panel, i, groups, spec)
    return results_of(study, spec.id, rows, biomarker_analysis(study, spec))


def _panel(study: Study, spec: BiomarkerSpec, marker: Marker, members: pd.DataFrame, codes: Sequence[str]) -> _Panel:
    visits = [study.design.visit(code) for code in codes]
    values = marker_values(
        study,
        members,
        visits,
        code=marker.code,
        unit=marker.unit,
        scale=marker.scale,
        below_limit=spec.below_limit,
        reason=f"analysis {spec.id}",
    )
    return _Panel(values, np.column_stack([visit_due(study, members, visit) for visit in visits]))


def _group_rows(template: Row, marker: Marker, panel: _Panel, i: int, group: Group, spec: BiomarkerSpec) -> list[Row]:
    values, is_due = panel.values[group.members, i], panel.due[group.members, i]
    has_value = ~np.isnan(values)
    known = values[has_value]
    early = int((has_value & ~is_due).sum())
    seen = int(is_due.sum()) + early
    observed = replace(template, measure="observed")
    rows = count_rows(replace(observed, level=VALUE), len(known), seen)
    rows += count_rows(replace(observed, level=DUE), len(known) - early, seen - early)
    rows.append(replace(observed, level=EARLY, value=float(early)))
    if marker.scale == DETECTABLE:
        rows += _share_rows(replace(template, measure="proportion", level=DETECTABLE), known, spec)
        return rows + (_share_change_rows(template, panel, i, group.members, seen, spec) if i else [])
    rows += _mean_rows(replace(template, measure=LOCATIONS[marker.scale], unit=marker.unit), known, marker, spec)
    rows += _quartile_rows(replace(template, unit=marker.unit), known, marker, spec)
    if i == 0:
        return rows
    change = _changes(panel, i, group.members)
    unit = "" if marker.scale == LOG else marker.unit
    rows += count_rows(replace(observed, level=CHANGE), len(change), seen)
    return rows + _mean_rows(replace(template, measure=CHANGES[marker.scale], unit=unit), change, marker, spec)


def _share_rows(template: Row, known: np.ndarray, spec: BiomarkerSpec) -> list[Row]:
    count = int(known.sum())
    found = estimate_proportion(count, len(known), method=spec.proportion, conf_level=spec.conf_level)
    return count_rows(template, count, len(known)) + interval_rows(template, found)


def _share_change_rows(
    template: Row, panel: _Panel, i: int, members: np.ndarray, seen: int, spec: BiomarkerSpec
) -> list[Row]:
    before, after = panel.values[members, 0], panel.values[members, i]
    paired = ~np.isnan(before) & ~np.isnan(after)
    first, second = before[paired] == 1, after[paired] == 1
    cells = (first & second, ~first & second, first & ~second, ~first & ~second)
    found = compare_paired_proportions(
        *(int(cell.sum()) for cell in cells), method=spec.share_change, conf_level=spec.conf_level
    )
    rows = count_rows(replace(template, measure="observed", level=PAIRED), int(paired.sum()), seen)
    return rows + interval_rows(replace(template, measure=CHANGES[DETECTABLE], level=DETECTABLE), found)


def _quartile_rows(template: Row, values: np.ndarray, marker: Marker, spec: BiomarkerSpec) -> list[Row]:
    """Median and quartiles of the values themselves."""
    recorded = np.exp(values) if marker.scale == LOG else values
    found = summarize_continuous(recorded, quantile_type=spec.quantile_type or 0)
    note = "" if len(values) else _NO_VALUE
    return [
        replace(template, measure=name, stat="estimate", value=float(getattr(found, name)), note=note)
        for name in QUARTILES
    ]


def _changes(panel: _Panel, i: int, members: np.ndarray) -> np.ndarray:
    change = panel.values[members, i] - panel.values[members, 0]
    known: np.ndarray = change[~np.isnan(change)]
    return known


def _mean_rows(template: Row, values: np.ndarray, marker: Marker, spec: BiomarkerSpec) -> list[Row]:
    found = estimate_mean(values, conf_level=spec.conf_level)
    if marker.scale == LOG:
        return interval_rows(template, _back(found))
    rows = interval_rows(template, found)
    if template.measure == LOCATIONS[IDENTITY] and found.lower < 0 <= values.min():
        return [replace(row, note=_BELOW_ZERO) if row.stat == "ci_low" else row for row in rows]
    return rows


def _back(interval: Interval) -> Interval:
    """Return to the original scale: a mean of logarithms becomes a geometric mean."""
    estimate, lower, upper = (float(np.exp(v)) for v in (interval.estimate, interval.lower, interval.upper))
    return replace(interval, estimate=estimate, lower=lower, upper=upper, method=f"{interval.method}, on logarithms")


def _contrast_rows(
    template: Row, marker: Marker, panel: _Panel, i: int, groups: tuple[Group, ...], spec: BiomarkerSpec
) -> list[Row]:
    if marker.scale == DETECTABLE:
        return _share_contrast_rows(template, panel, i, groups, spec)
    first, reference = (_changes(panel, i, group.members) for group in (groups[0], groups[-2]))
    found = compare_means(first, reference, method=spec.difference, conf_level=spec.conf_level)
    interval = Interval(found.estimate, found.lower, found.upper, spec.conf_level, spec.difference, found.note)
    if marker.scale == LOG:
        return interval_rows(replace(template, measure=CONTRASTS[LOG]), _back(interval))
    return interval_rows(replace(template, measure=CONTRASTS[IDENTITY], unit=marker.unit), interval)


def _share_contrast_rows(
    template: Row, panel: _Panel, i: int, groups: tuple[Group, ...], spec: BiomarkerSpec
) -> list[Row]:
    counts: list[int] = []
    for group in (groups[0], groups[-2]):
        values = panel.values[group.members, i]
        known = values[~np.isnan(values)]
        counts += [int(known.sum()), len(known)]
    found = compare_proportions(
        *counts, measure="risk-difference", method=spec.share_difference, conf_level=spec.conf_level
    )
    return interval_rows(replace(template, measure=CONTRASTS[DETECTABLE], level=DETECTABLE), found)

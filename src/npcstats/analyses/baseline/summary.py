"""Characteristics of participants by arm: distributions, missing values, standardized differences, tests by plan.

No test of baseline differences is made unless the plan names one: where arms were randomised a p-value answers no
question, and where they were not it measures the size of the trial as much as the difference.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from npcstats.analyses.baseline.contrasts import adjusted_rows, difference_rows, tested_rows, without_dates_by_arm
from npcstats.analyses.baseline.describing import describe, outside_rows
from npcstats.analyses.baseline.sentences import analysis_words
from npcstats.analyses.baseline.spec import BaselineSpec, Characteristic
from npcstats.analyses.baseline.values import Cell, count_unstarted, find_panels, find_values, known_part, treated_from
from npcstats.derive import population_members, results_of
from npcstats.results import EVERYONE, Results, Row
from npcstats.study import Study


def summarize_baseline(study: Study, spec: BaselineSpec) -> Results:
    """Summarize characteristics by arm and for everyone.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    spec : BaselineSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``baseline``.

    Raises
    ------
    SpecError
        If a characteristic is not a column, a value is outside its declared levels, or a test is of two arms and there
        are more.

    Notes
    -----
    Denominator: participants of the population with a value. Missing data: counted in a row of their own. Dates are not
    told by arm where arms are masked; pooled they are, since they tell nothing of arms.
    """
    members = population_members(study, spec.population)
    found = find_panels(study, members, spec)
    start = Row(spec.id, spec.population, "participants", "count", 0.0)
    rows = [
        replace(start, subgroup=cell.subgroup, arm=cell.arm, value=float(len(cell.places)))
        for panel in found.panels
        for cell in panel
    ]
    if spec.split:
        rows += outside_rows(start, found.unplaced, "unplaced", spec.split.column)
    rows += outside_rows(start, count_unstarted(study, members, found.panels[0]), "unstarted", treated_from(study))
    for item in spec.characteristics:
        values = find_values(study, members, item)
        template = replace(start, block=item.block, variable=item.column, unit=item.unit)
        for panel in found.panels:
            rows += _panel_rows(template, item, values, panel, spec)
    compared = len(study.arms) > 1
    if compared:
        rows += adjusted_rows(rows, spec.multiplicity)
    masked = compared and study.arms != study.design.arms
    if masked:
        rows = without_dates_by_arm(rows, spec)
    return results_of(study, spec.id, rows, analysis_words(study, spec, masked=masked))


def _panel_rows(
    template: Row, item: Characteristic, values: np.ndarray, panel: tuple[Cell, ...], spec: BaselineSpec
) -> list[Row]:
    """Rows of a characteristic in everyone, or in one subgroup."""
    placed = replace(template, subgroup=panel[0].subgroup)
    parts = [known_part(values[cell.places], item) for cell in panel]
    rows = [
        row
        for cell, part in zip(panel, parts, strict=True)
        for row in describe(replace(placed, arm=cell.arm), item, part, len(cell.places), spec)
    ]
    arms = [(cell.arm, part) for cell, part in zip(panel, parts, strict=True) if cell.arm != EVERYONE]
    if len(arms) < 2:
        return rows
    if spec.smd_denominator:
        rows += difference_rows(placed, item, arms, spec)
    if panel[0].subgroup == EVERYONE:
        rows += tested_rows(placed, item, [part for _, part in arms], spec)
    return rows

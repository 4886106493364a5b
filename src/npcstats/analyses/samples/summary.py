"""Samples by visit and arm: shares of those expected that took each step, and reasons of the others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from npcstats.analyses.samples.following import HAS_VALUE, find_contacts, find_states
from npcstats.analyses.samples.rows import (
    ASSAYED,
    ATTENDED,
    EVALUABLE,
    EXPECTED,
    NO_BASELINE,
    NO_RESULT,
    SAMPLED,
    STEPS,
    UNEVALUABLE,
    UNEXPECTED,
    UNSAMPLED,
    UNSEEN,
)
from npcstats.analyses.samples.spec import SamplesSpec, samples_faults
from npcstats.choices import refuse_faults
from npcstats.derive import Group, arm_groups, population_members, results_of
from npcstats.results import Analysis, Choice, Results, Row, share_rows
from npcstats.study import Study

LOST_BEFORE = {
    EXPECTED: (),
    ATTENDED: (UNSEEN,),
    SAMPLED: (UNSEEN, UNSAMPLED),
    ASSAYED: (UNSEEN, UNSAMPLED, NO_RESULT),
    EVALUABLE: (UNSEEN, UNSAMPLED, NO_RESULT, NO_BASELINE),
}
"""By step, reasons of those expected who did not take it."""


def summarize_samples(study: Study, spec: SamplesSpec) -> Results:
    """Count by visit who was expected, came, gave a sample, was assayed and can be evaluated.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    spec : SamplesSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``samples``.

    Raises
    ------
    SpecError
        If a marker or a visit is not as it must be.
    DataError
        If the study lacks a column that is needed.

    Notes
    -----
    Denominator: members for whom a visit is expected: who came, and who was alive and in the trial on the last day of
    its window, which is over by the cut-off. Missing data: everyone else is counted under one reason each.
    """
    refuse_faults(spec.id, samples_faults(spec))
    members = population_members(study, spec.population)
    groups = arm_groups(study, members)
    contacts = find_contacts(study, members, spec)
    start = Row(spec.id, spec.population, "participants", "count", 0.0)
    rows = [replace(start, arm=group.arm, value=float(group.members.sum())) for group in groups]
    for marker in spec.markers:
        states = find_states(study, members, contacts, spec, marker)
        for place, visit in enumerate(spec.visits):
            if not marker.visits or visit in marker.visits:
                named = replace(start, variable=marker.code, window=visit)
                for group in groups:
                    rows += _group_rows(named, states[:, place], group)
    return results_of(study, spec.id, rows, _analysis(study, spec))


def _group_rows(named: Row, states: np.ndarray, group: Group) -> list[Row]:
    at, own = replace(named, arm=group.arm), states[group.members]
    counts = {why: int((own == why).sum()) for why in (HAS_VALUE, *UNEXPECTED, *UNEVALUABLE)}
    expected = counts[HAS_VALUE] + sum(counts[why] for why in UNEVALUABLE)
    rows: list[Row] = []
    for step, lost in LOST_BEFORE.items():
        took = expected - sum(counts[why] for why in lost)
        rows += share_rows(replace(at, measure="proportion", level=step), took, expected)
    outside = replace(at, measure="not_evaluable")
    return rows + [replace(outside, level=why, value=float(counts[why])) for why in (*UNEXPECTED, *UNEVALUABLE)]


def _analysis(study: Study, spec: SamplesSpec) -> Analysis:
    baseline = study.design.visit(spec.visits[0]).label
    sentences = {
        "population": study.design.population(spec.population).definition,
        "expected": "Expected at a visit: who came, and who was alive and in the trial on the last day of its "
        "window, which is over by the cut-off.",
        "steps": "The share is of those expected. Attended: seen or sampled in the window. Sampled: any blood result "
        "in it. Assayed: a result of the marker, also one below its limits. Evaluable: a result at baseline too "
        f"({baseline}).",
        "reasons": "Each participant stands under one reason, the first that holds. Died, left: not seen, and died or "
        "left the trial by the last day of the window. Not due: the window was not over by the cut-off, or the date "
        "that it is counted from not reached. Of those expected: not seen; seen, but no sample; a sample, but no "
        f"result of the marker; a result, but none at baseline ({baseline}).",
    }
    labels = {
        "variable": {marker.code: marker.label for marker in spec.markers},
        "level": {**STEPS, **UNEXPECTED, **UNEVALUABLE},
        "window": {code: study.design.visit(code).label for code in spec.visits},
    }
    choices: dict[str, Choice] = {
        "baseline": spec.visits[0],
        "attended_by": ", ".join(spec.attended_by),
        "sampled_by": ", ".join(spec.sampled_by),
    }
    return Analysis(spec.label, "samples", spec.status, spec.population, sentences, choices, labels)

"""Items of reporting checklists, counted by how far the report fills them."""

from __future__ import annotations

from dataclasses import replace

from npcstats.analyses.checklist.rows import ASKS, REMARKS, STATES, evidence_choice, item_code
from npcstats.analyses.checklist.spec import ChecklistSpec, cited_analyses
from npcstats.derive import results_of
from npcstats.errors import SpecError
from npcstats.results import EVERYONE, Analysis, Results, Row, count_rows
from npcstats.study import Study


def assess_checklists(study: Study, results: Results, spec: ChecklistSpec) -> Results:
    """Count the items of each guideline, and check that what fills them is there.

    Parameters
    ----------
    study : Study
        At its cut-off; supplies the words only.
    results : Results
        Every other analysis of the session.
    spec : ChecklistSpec
        What is asked for.

    Returns
    -------
    Results
        Rows of kind ``checklist``: each item, and of each guideline how many are in each state.

    Raises
    ------
    SpecError
        If an analysis that fills an item is not in the session, or has no rows there.
    """
    absent = [name for name in cited_analyses(spec) if not results.by_analysis.get(name)]
    if absent:
        raise SpecError(f"plan: checklist {spec.id} names {', '.join(absent)}, of which session {study.session} has no "
                        "rows; analyses of the session are required.")  # fmt: skip
    start = Row(spec.id, spec.population, "checklist_item", "count", 1.0)
    rows: list[Row] = []
    for guideline in spec.guidelines:
        named = replace(start, block=guideline.code)
        rows += [
            replace(named, variable=item_code(guideline.code, item.number), level=item.state)
            for item in guideline.items
        ]
        states = [item.state for item in guideline.items]
        whole = replace(named, measure="checklist_items", variable=EVERYONE)
        rows += [row for state in STATES for row in
                 count_rows(replace(whole, level=state), states.count(state), len(states))]  # fmt: skip
    return results_of(study, spec.id, rows, _analysis(spec))


def _analysis(spec: ChecklistSpec) -> Analysis:
    items = {item_code(guideline.code, item.number): item for guideline in spec.guidelines for item in guideline.items}
    labels = {
        "block": {guideline.code: guideline.label for guideline in spec.guidelines},
        "variable": {code: f"{item.number} {item.topic}" for code, item in items.items()},
        "level": dict(STATES),
        ASKS: {code: item.asks for code, item in items.items()},
        REMARKS: {code: item.remark for code, item in items.items() if item.remark},
    }
    choices = {evidence_choice(code): item.evidence for code, item in items.items() if item.evidence}
    sentences = {
        "population": "Items are in the plan's own words; the guideline itself is binding.",
        **{f"source.{guideline.code}": f"{guideline.label}: {guideline.source}." for guideline in spec.guidelines},
    }
    return Analysis(spec.label, "checklist", spec.status, spec.population, sentences, choices, labels)

"""What a session may see: the study prepared for it, and its results."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from npcstats.analyses.kind import Spec
from npcstats.derive import (
    Past,
    assign_arms,
    at_cutoff,
    explain_unlisted,
    mask_arms,
    pool_arms,
    results_of,
    withhold_unlisted,
)
from npcstats.disclosure import withhold_small_counts
from npcstats.display.definitions import ONCE, SET
from npcstats.errors import AbsentError, ResultsError, SpecError
from npcstats.formatting import counted
from npcstats.results import ABSENT, EVERYONE, Analysis, Results, concat
from npcstats.results.conventions import conventions_in_force
from npcstats.results.rows import vocabulary_faults
from npcstats.run.mask import Mask
from npcstats.run.plan import Plan, Session
from npcstats.run.registry import kind_of, known_conventions, known_measures, withholdings
from npcstats.study import RECORDS, Design, Study
from npcstats.wording import listed


def prepare_study(
    study: Study, plan: Plan, session: str, *, cutoff: datetime.date | None = None, mask: Mask | None = None
) -> Study:
    """Bring the whole export to what a session may see.

    Parameters
    ----------
    study : Study
        As read.
    plan : Plan
        The plan.
    session : str
        Session code.
    cutoff : date, optional
        Instead of the plan's.
    mask : Mask, optional
        Needed for a masked session.

    Returns
    -------
    Study
        At its cut-off, arms named, masked or removed, and without texts that may not be printed.

    Raises
    ------
    SpecError
        If the session does not exist or its mask is missing.
    DataError
        If nobody was enrolled by the cut-off.
    """
    wanted = plan.session(session)
    return view_study(at_cutoff(study, cutoff or wanted.cutoff, snapshot=plan.snapshot), plan, session, mask=mask)


def view_study(known: Study, plan: Plan, session: str, *, mask: Mask | None) -> Study:
    """Show of a study at its cut-off what a session may see.

    Parameters
    ----------
    known : Study
        At its cut-off.
    plan : Plan
        The plan.
    session : str
        Session code.
    mask : Mask or None
        Needed for a masked session.

    Returns
    -------
    Study
        Arms named, masked or removed, and without texts that may not be printed.

    Raises
    ------
    SpecError
        If the session does not exist or its mask is missing.
    """
    wanted = plan.session(session)
    named = replace(withhold_unlisted(known), session=session, rounding=plan.rounding)
    if wanted.arms == "pooled":
        return pool_arms(named)
    if wanted.arms == "named":
        return assign_arms(named)
    if mask is None:
        raise SpecError(f"mask: none is given for session {session}, whose arms are masked; a map is required.")
    return mask_arms(assign_arms(named), mask.letters)


def build_results(study: Study, plan: Plan, past: Past | None = None) -> Results:
    """Summarize a prepared study by every spec of its session.

    Parameters
    ----------
    study : Study
        From `prepare_study`.
    plan : Plan
        The plan.
    past : Past, optional
        What the session had at the former meeting.

    Returns
    -------
    Results
        Rows in plan order; small counts withheld in a public session.

    Raises
    ------
    ResultsError
        If a pooled study gave a row by arm, or a row has a measure that no kind declares.
    """
    session = plan.session(study.session)
    kinds = [(kind_of(spec), spec) for spec in plan.specs if study.session in spec.sessions]
    plain = concat([_summarized(kind.summarize, study, spec, session) for kind, spec in kinds if kind.summarize])
    watched = [kind.assess(study, plain, spec) for kind, spec in kinds if kind.assess]
    known = concat([plain, *watched])
    compared = [kind.compare(study, known, past, spec) for kind, spec in kinds if kind.compare]
    results = explain_unlisted(concat([known, *compared]))
    if faults := vocabulary_faults(results.rows, known_measures()):
        raise ResultsError(f"results: {listed(faults)}; measures that a kind of analysis declares are required.")
    conventions = conventions_in_force(plan.rounding, results.catalogue.analyses.values(), known_conventions())
    told = {
        **results.catalogue.study,
        "numbered": "yes" if session.numbered else "no",
        "definitions": session.definitions,
        **(_set_names(plan, results) if session.definitions == ONCE else {}),
    }
    results = replace(results, catalogue=replace(results.catalogue, study=told, conventions=conventions))
    if not study.arms:
        check_open(results, study.design)
    return withhold_small_counts(results, session.public, withholdings()) if session.public else results


def _set_names(plan: Plan, results: Results) -> dict[str, str]:
    """What the analysis sets of a session are called."""
    used = {entry.population for entry in results.catalogue.analyses.values()}
    return {f"{SET}{item.code}": item.label for item in plan.design.populations if item.code in used}


def absent_entry(spec: Spec, frame: str) -> Analysis:
    """Say in the place of an analysis that the export lacks a frame that it needs.

    Parameters
    ----------
    spec : Spec
        The plan's entry.
    frame : str
        The frame.

    Returns
    -------
    Analysis
        Of kind ``absent``, with one sentence.
    """
    told = f"{spec.label}: not shown, because the export holds no records of {RECORDS[frame]}."
    return Analysis(spec.label, ABSENT, spec.status, spec.population, {ABSENT: told})


def _summarized(summarize: Callable[[Study, Any], Results], study: Study, spec: Spec, session: Session) -> Results:
    """Rows of an analysis; at an interim, one sentence in their place where the export lacks a frame."""
    try:
        return summarize(study, spec)
    except AbsentError as error:
        if not session.interim:
            raise
        return results_of(study, spec.id, (), absent_entry(spec, error.frame))


def check_open(results: Results, design: Design) -> None:
    """Refuse results that could unblind: a row by arm, a contrast, or a subgroup or variable of treatment.

    Parameters
    ----------
    results : Results
        Of an open session.
    design : Design
        Names the treatment columns.

    Raises
    ------
    ResultsError
        If there is such a row or an arm in the catalogue.
    """
    hidden = {column for columns in design.treatment_columns.values() for column in columns}
    leaks = [
        row.key
        for row in results.rows
        if row.arm != EVERYONE
        or row.reference
        or row.variable in hidden
        or any(part.split("=")[0] in hidden for part in row.subgroup.split(";"))
    ]
    if leaks or results.catalogue.arms:
        told = counted(len(leaks), "row")
        raise ResultsError(f"open session: {told} by treatment ({', '.join(leaks[:2])}); none are allowed.")

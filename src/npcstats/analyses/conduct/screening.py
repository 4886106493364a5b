"""Screened persons by the criterion that they failed."""

from __future__ import annotations

from dataclasses import replace

from npcstats.analyses.conduct.counting import counts_analysis
from npcstats.analyses.conduct.spec import ScreeningSpec
from npcstats.derive import (
    NOT_LISTED,
    population_members,
    require_columns,
    results_of,
)
from npcstats.results import Results, Row, share_rows
from npcstats.study import Study

SCREENED = "SCREENED"


def summarize_screening(study: Study, spec: ScreeningSpec) -> Results:
    """Count screened persons by the criterion that they failed.

    Parameters
    ----------
    study : Study
        At its cut-off.
    spec : ScreeningSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``counts``, for everyone only: a person who is not enrolled has no arm. A criterion without a label
        is counted, and not printed.

    Raises
    ------
    DataError
        If the export does not say which criterion failed.

    Notes
    -----
    Denominator: everyone screened by the cut-off. Missing data: a person without a failed criterion who is not
    enrolled is waiting.
    """
    require_columns(study["adscr"], "adscr", ("CRITERION",), f"analysis {spec.id}")
    criterion = study["adscr"]["CRITERION"]
    criterion = criterion.where(criterion.isin(["", *spec.criteria]), NOT_LISTED)
    found = (*spec.criteria, *([NOT_LISTED] if NOT_LISTED in set(criterion) else ()))
    total, failed = len(criterion), int((criterion != "").sum())
    enrolled = len(population_members(study, spec.population))
    start = Row(spec.id, SCREENED, "participants", "count", float(total))
    named = replace(start, measure="proportion", block="Screened")
    states = {"ENROLLED": enrolled, "FAILED": failed, "WAITING": max(total - failed - enrolled, 0)}
    rows = [start, *(row for code, n in states.items() for row in share_rows(replace(named, variable=code), n, total))]
    for code in found:
        at_code = replace(named, block="Criterion not met", variable=code)
        rows += share_rows(at_code, int((criterion == code).sum()), total)
    labels = {**_SCREENING_WORDS, **spec.criteria, **({NOT_LISTED: NOT_LISTED} if NOT_LISTED in found else {})}
    words = {
        "population": "All persons who signed consent for screening; those who did not are not counted.",
        "rule": "The first criterion not met counts; criteria are in the order in which they are assessed.",
    }
    blocks = {name: name for name in ("Screened", "Criterion not met")}
    return results_of(study, spec.id, rows, counts_analysis(spec, labels, words, blocks))


_SCREENING_WORDS = {
    "ENROLLED": "Enrolled",
    "FAILED": "A criterion not met",
    "WAITING": "Eligible so far, not yet enrolled",
}

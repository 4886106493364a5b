"""Participants with each kind of protocol deviation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from npcstats.analyses.conduct.counting import counts_analysis, group_shares, participant_rows
from npcstats.analyses.conduct.spec import DeviationSpec
from npcstats.derive import (
    arm_groups,
    population_members,
    require_columns,
    results_of,
)
from npcstats.results import EVERYONE, Results, Row
from npcstats.study import Study


def summarize_deviations(study: Study, spec: DeviationSpec) -> Results:
    """Count participants with each kind of protocol deviation.

    Parameters
    ----------
    study : Study
        At its cut-off.
    spec : DeviationSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``counts``.

    Raises
    ------
    DataError
        If the study has no category or term of deviations.

    Notes
    -----
    Denominator: everyone in the population. Missing data: a participant without a record has no deviation.
    """
    members = population_members(study, spec.population)
    groups = arm_groups(study, members)
    records = study["addv"]
    require_columns(records, "addv", ("DVCAT", "DVTERM"), f"analysis {spec.id}")
    rows = participant_rows(study, spec, members)
    terms: dict[str, str] = {}
    for category in spec.categories:
        inside = records.loc[records["DVCAT"] == category]
        named = Row(spec.id, spec.population, "proportion", "count", 0.0, block=category)
        rows += group_shares(replace(named, variable=EVERYONE), _anyone(members, inside), groups)
        terms[EVERYONE] = "Any"
        for term in (
            inside.groupby("DVTERM")["USUBJID"].nunique().sort_index().sort_values(ascending=False, kind="stable").index
        ):
            terms[str(term)] = str(term)
            of_term = _anyone(members, inside.loc[inside["DVTERM"] == term])
            rows += group_shares(replace(named, variable=str(term)), of_term, groups)
    words = {
        "population": study.design.population(spec.population).definition,
        "rule": "Participants with at least one.",
    }
    return results_of(study, spec.id, rows, counts_analysis(spec, terms, words, dict(spec.categories)))


def _anyone(members: pd.DataFrame, records: pd.DataFrame) -> np.ndarray:
    result: np.ndarray = members["USUBJID"].isin(set(records["USUBJID"])).to_numpy()
    return result

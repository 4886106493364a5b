"""Participants by state."""

from __future__ import annotations

import numpy as np
import pandas as pd

from npcstats.analyses.conduct.counting import counts_analysis, group_shares, participant_rows
from npcstats.analyses.conduct.spec import StatusItem, StatusSpec
from npcstats.derive import (
    arm_groups,
    check_named,
    population_members,
    results_of,
)
from npcstats.errors import SpecError
from npcstats.results import Results, Row
from npcstats.study import Study


def summarize_status(study: Study, spec: StatusSpec) -> Results:
    """Count participants by state.

    Parameters
    ----------
    study : Study
        At its cut-off.
    spec : StatusSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``counts``.

    Raises
    ------
    SpecError
        If an item's column is not in ADSL, has no text to compare its value with, or has a list without it.

    Notes
    -----
    Denominator: everyone in the population. Missing data: a state without a date has not been reached.
    """
    members = population_members(study, spec.population)
    rows = participant_rows(study, spec, members)
    for item in spec.items:
        inside = _in_state(study, members, item)
        named = Row(spec.id, spec.population, "proportion", "count", 0.0, block=item.block, variable=item.code)
        rows += group_shares(named, inside, arm_groups(study, members))
    labels = {item.code: item.label for item in spec.items}
    blocks = {item.block: item.block for item in spec.items}
    words = {"population": study.design.population(spec.population).definition}
    return results_of(study, spec.id, rows, counts_analysis(spec, labels, words, blocks))


def _in_state(study: Study, members: pd.DataFrame, item: StatusItem) -> np.ndarray:
    for column in filter(None, (item.column, item.anchor, item.blank_from)):
        if column not in members:
            raise SpecError(f"plan: {item.code} uses {column}, which is not in adsl; a column of adsl is required.")
    values = members[item.column]
    check_named(study, "adsl", {item.column: (item.value,)} if item.value else {}, item.code)
    if item.value and values.dtype.kind != "O":
        raise SpecError(f"plan: {item.code} compares {item.column} with {item.value!r}; a column of text is required.")
    inside = (values == item.value) if item.value else values.notna() & (values != "")
    if item.blank_from:
        inside |= (values == "") & members[item.blank_from].notna()
    if item.anchor:
        days = (values - members[item.anchor]).dt.days
        inside &= days.between(0, item.within)
    result: np.ndarray = inside.to_numpy(dtype=bool)
    return result

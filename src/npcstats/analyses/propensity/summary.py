"""Scores, weights and balance of two arms that nobody randomised."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from npcstats.analyses.adjustment.design import covariate_columns, is_missing
from npcstats.analyses.adjustment.spec import Adjustment
from npcstats.analyses.adjustment.weighing import adjust
from npcstats.analyses.propensity.balance import balance_rows
from npcstats.analyses.propensity.scores import flow_rows, model_rows, score_rows
from npcstats.analyses.propensity.spec import PropensitySpec, propensity_faults
from npcstats.analyses.propensity.telling import propensity_analysis
from npcstats.analyses.propensity.weighed import averaged, weighed_sets
from npcstats.choices import refuse_faults
from npcstats.derive import arm_groups, arm_pair, population_members, results_of
from npcstats.errors import SpecError
from npcstats.results import Results, Row, count_rows
from npcstats.study import ARM, Study


def summarize_propensity(study: Study, spec: PropensitySpec) -> Results:
    """Score and weigh the participants of two arms, and tell how alike that makes them.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named or removed.
    spec : PropensitySpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``propensity``; of a study without two arms only its size.

    Raises
    ------
    SpecError
        If a choice is not in its closed set, a confounder is treatment or comes after it, or arms are masked, whom the
        scores would tell.
    DataError
        If a characteristic is not a column of ADSL.

    Notes
    -----
    Denominator: before weighting, members of the population with every confounder, or with an imputed one; after it
    those of them who are not trimmed. A characteristic that is not in the score is of those who have it. Of imputed
    data sets each number is the average.
    """
    refuse_faults(spec.id, propensity_faults(spec))
    members, pair = population_members(study, spec.population), arm_pair(study)
    if pair and study.arms != study.design.arms:
        raise SpecError(f"plan: {spec.id}: arms are masked, and scores could tell which is which; sessions with named "
                        "arms are required.")  # fmt: skip
    start = Row(spec.id, spec.population, "participants", "count", 0.0)
    rows = [replace(start, arm=group.arm, value=float(group.members.sum())) for group in arm_groups(study, members)]
    if pair is None:
        return results_of(study, spec.id, rows, propensity_analysis(study, spec, rows))
    covariate_columns(study, members, [item.covariate for item in spec.characteristics], spec.id)
    rows += _missing_rows(study, start, members, spec)
    treated = (members[ARM] == pair[0]).to_numpy()
    for item in spec.adjustments:
        rows += _block_rows(study, replace(start, block=item.name), members, treated, pair, item, spec)
    return results_of(study, spec.id, rows, propensity_analysis(study, spec, rows))


def _missing_rows(study: Study, template: Row, members: pd.DataFrame, spec: PropensitySpec) -> list[Row]:
    rows: list[Row] = []
    for item in spec.characteristics:
        lacking = is_missing(members, item.covariate)
        for group in arm_groups(study, members):
            named = replace(template, arm=group.arm, variable=item.covariate.column, measure="missing")
            rows += count_rows(named, int((lacking & group.members).sum()), int(group.members.sum()))
    return rows


def _block_rows(
    study: Study,
    template: Row,
    members: pd.DataFrame,
    treated: np.ndarray,
    pair: tuple[str, str],
    item: Adjustment,
    spec: PropensitySpec,
) -> list[Row]:
    adjusted = adjust(study, members, treated, item, spec.id)
    sets = weighed_sets(members, treated, item, adjusted, pair, spec.characteristics)
    rows = flow_rows(template, sets[0])
    rows += averaged([score_rows(template, data, spec.bin_width) for data in sets])
    rows += averaged([balance_rows(template, data, members, spec) for data in sets])
    return rows + model_rows(template, sets)

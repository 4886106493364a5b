"""Two arms compared by an outcome: as observed and weighted, on the same participants, with the estimand in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from npcstats.analyses.adjustment.effects import Compared
from npcstats.analyses.adjustment.outcomes import GradeOutcome, MarkerOutcome, OutcomeData, derive_outcome
from npcstats.analyses.adjustment.rows import UNADJUSTED
from npcstats.analyses.adjustment.spec import Adjustment
from npcstats.analyses.adjustment.weighing import Adjusted, adjust
from npcstats.analyses.comparison.curves import curve_rows
from npcstats.analyses.comparison.effects import block_rows
from npcstats.analyses.comparison.rows import BESIDE
from npcstats.analyses.comparison.spec import ComparisonSpec, comparison_faults
from npcstats.analyses.comparison.telling import comparison_analysis
from npcstats.choices import refuse_faults
from npcstats.derive import arm_groups, arm_pair, population_members, results_of
from npcstats.errors import SpecError
from npcstats.results import EVERYONE, Results, Row, count_rows
from npcstats.study import ARM, Study


def summarize_comparison(study: Study, spec: ComparisonSpec) -> Results:
    """Compare two arms by an outcome.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    spec : ComparisonSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``comparison``; of a study without two arms only who had the outcome.

    Raises
    ------
    SpecError
        If a choice is not in its closed set, or a measure does not fit the endpoint.
    DataError
        If an event precedes time zero, or a column is not in the data.

    Notes
    -----
    Denominator: members of the population whose outcome is known and who have every covariate, or an imputed one, and
    are not trimmed; the unadjusted comparison beside an adjusted one is of the same. All others are counted by reason.
    The score is fitted among those whose outcome is known.
    """
    refuse_faults(spec.id, comparison_faults(spec))
    members, pair = population_members(study, spec.population), arm_pair(study)
    data = derive_outcome(study, members, spec.outcome, spec.id)
    _check_competing(spec, data)
    template = _template(spec)
    rows = _flow_rows(study, template, members, data)
    if pair:
        treated = (members[ARM] == pair[0]).to_numpy()
        found = [_adjusted(study, members, treated, data, item, spec) for item in spec.adjustments]
        for item, adjusted in zip(spec.adjustments, found, strict=True):
            rows += _lost_rows(replace(template, block=item.name), treated[data.known], adjusted, pair)
        for compared in _blocks(spec, treated, data, found):
            rows += block_rows(template, data, compared, spec, pair)
            if compared.block in (UNADJUSTED, *(item.name for item in spec.adjustments[:1])):
                rows += curve_rows(template, data, compared, spec, pair)
        rows += _model_rows(template, treated, data, found, spec, pair)
    return results_of(study, spec.id, rows, comparison_analysis(study, spec, data.competing))


def _check_competing(spec: ComparisonSpec, data: OutcomeData) -> None:
    wrong = "incidence_difference" if not data.competing else "survival_difference"
    also = () if not data.competing else ("restricted_mean_difference",)
    found = [item.name for item in spec.measures if item.name in (wrong, *also)]
    if found and data.timed:
        has, right = ("no", "survival") if not data.competing else ("a", "incidence")
        raise SpecError(
            f"plan: {spec.id} asks for {found[0]} of an endpoint that has {has} competing event; measures of {right} "
            "are required."
        )


def _template(spec: ComparisonSpec) -> Row:
    start = Row(spec.id, spec.population, "participants", "count", 0.0, variable=spec.outcome.code)
    if isinstance(spec.outcome, GradeOutcome):
        return replace(start, window=spec.outcome.window.code)
    return replace(start, window=spec.outcome.visit) if isinstance(spec.outcome, MarkerOutcome) else start


def _flow_rows(study: Study, template: Row, members: pd.DataFrame, data: OutcomeData) -> list[Row]:
    rows: list[Row] = []
    for group in arm_groups(study, members):
        named = replace(template, arm=group.arm)
        rows.append(replace(named, value=float(group.members.sum())))
        inside = group.members & data.known
        rows += count_rows(replace(named, measure="observed"), int(inside.sum()), int(group.members.sum()))
        rows += [
            replace(named, measure="not_evaluable", level=reason, value=float((group.members & mask).sum()))
            for reason, mask in data.absent.items()
        ]
        if data.events is not None:
            rows += count_rows(replace(named, measure="events"), int(data.events[inside].sum()), int(inside.sum()))
    return rows


def _adjusted(
    study: Study, members: pd.DataFrame, treated: np.ndarray, data: OutcomeData, item: Adjustment, spec: ComparisonSpec
) -> Adjusted:
    """Weigh those whose outcome is known."""
    known = data.known
    compared = members.loc[known].reset_index(drop=True)
    return adjust(study, compared, treated[known], item, spec.id, outcome=data.of(known))


def _lost_rows(template: Row, treated: np.ndarray, adjusted: Adjusted, pair: tuple[str, str]) -> list[Row]:
    """Who has the outcome and is not compared, by arm and reason."""
    return [
        replace(template, arm=arm, measure="not_evaluable", level=reason, value=float((mask & inside).sum()))
        for arm, inside in zip((*pair, EVERYONE), (treated, ~treated, treated | ~treated), strict=True)
        for reason, mask in adjusted.lost.items()
    ]


def _model_rows(
    template: Row,
    treated: np.ndarray,
    data: OutcomeData,
    found: list[Adjusted],
    spec: ComparisonSpec,
    pair: tuple[str, str],
) -> list[Row]:
    """The comparison by a regression of the outcome, of the participants and the covariates of the first adjustment."""
    if spec.outcome_model is None or not found:
        return []
    first, kept = found[0], np.zeros(len(treated), dtype=bool)
    kept[np.flatnonzero(data.known)[found[0].kept]] = True
    compared = Compared(spec.outcome_model.method, kept, treated[kept], (None,), None, first.designs, first.note)
    return block_rows(template, data, compared, spec, pair, spec.outcome_model)


def _blocks(spec: ComparisonSpec, treated: np.ndarray, data: OutcomeData, found: list[Adjusted]) -> list[Compared]:
    """The comparisons: as observed on the participants of the first adjustment, then each adjustment.

    An adjustment of other participants stands behind the comparison as observed of these.
    """
    places = np.flatnonzero(data.known)
    masks = [np.isin(np.arange(len(treated)), places[adjusted.kept]) for adjusted in found]
    main = masks[0] if masks else data.known
    blocks = [Compared(UNADJUSTED, main, treated[main], (None,))]
    for item, adjusted, kept in zip(spec.adjustments, found, masks, strict=True):
        if not np.array_equal(kept, main):
            blocks.append(Compared(f"{BESIDE}{item.name}", kept, treated[kept], (None,)))
        blocks.append(Compared(item.name, kept, treated[kept], adjusted.weights, item, adjusted.designs, adjusted.note))
    return blocks

"""Values below the limit: how many, which model they call for, and how arms compare by it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from npcstats.analyses.adjustment.design import covariate_columns
from npcstats.analyses.detection.models import Compared, compare_visits, modelled_members
from npcstats.analyses.detection.rows import CONTRASTS, DETECTED, MODELLED, OUTSIDE
from npcstats.analyses.detection.spec import DetectionSpec, LimitedMarker, detection_faults, route_of
from npcstats.analyses.detection.telling import describe
from npcstats.analyses.detection.values import Readings, read_marker
from npcstats.choices import refuse_faults
from npcstats.derive import Group, arm_groups, arm_pair, population_members, results_of
from npcstats.estimators.continuous import adjust_p_values
from npcstats.estimators.types import Contrast, Interval
from npcstats.results import EVERYONE, Results, Row, count_rows, interval_rows, share_rows
from npcstats.study import Study

OTHER_ROUTE = "By this share another model would be called for; that of the plan was kept."
NO_P_VALUE = "There is no test to adjust."


def summarize_detection(study: Study, spec: DetectionSpec) -> Results:
    """Count values below the limit by visit and arm, and compare arms by the model that the plan's share calls for.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    spec : DetectionSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``detection``.

    Raises
    ------
    SpecError
        If a choice is not in its closed set, or a visit is not in the design.
    DataError
        If a column is not in the data, or a marker has another unit or a value that has no logarithm.

    Notes
    -----
    Denominator of a share: values at the visit. Models: participants with a value at baseline, one after it and every
    covariate; they bring the visits that they have.
    """
    refuse_faults(spec.id, detection_faults(spec))
    members = population_members(study, spec.population)
    groups, pair = arm_groups(study, members), arm_pair(study)
    start = Row(spec.id, spec.population, "participants", "count", 0.0)
    rows = [replace(start, arm=group.arm, value=float(group.members.sum())) for group in groups]
    contrasts: list[tuple[Row, Contrast]] = []
    for marker in spec.markers:
        readings = read_marker(study, members, marker, f"analysis {spec.id}")
        named = replace(start, variable=marker.code)
        rows += _share_rows(named, spec, marker, readings, groups)
        if pair:
            found, more = _compare(study, members, spec, marker, readings, groups, named)
            rows += found
            contrasts += more
    rows += _contrast_rows(contrasts, spec)
    return results_of(study, spec.id, rows, describe(study, spec, len(_family(contrasts, spec)), pair is not None))


def _share_rows(
    template: Row, spec: DetectionSpec, marker: LimitedMarker, readings: Readings, groups: Sequence[Group]
) -> list[Row]:
    rows = [replace(template, measure="frozen_share", stat="estimate", value=marker.share, method="plan")]
    for group in groups:
        named = replace(template, arm=group.arm, measure="below_limit")
        own = {name: getattr(readings, name)[group.members] for name in ("known", "below", "detected")}
        rows += _with_note(share_rows(named, int(own["below"].sum()), int(own["known"].sum())), group, marker, spec)
        for i, code in enumerate(marker.visits):
            known = int(own["known"][:, i].sum())
            rows += share_rows(replace(named, window=code), int(own["below"][:, i].sum()), known)
            if marker.yes == DETECTED:
                at_visit = replace(named, window=code, measure="proportion", level=DETECTED)
                rows += share_rows(at_visit, int(own["detected"][:, i].sum()), known)
    return rows


def _with_note(rows: list[Row], group: Group, marker: LimitedMarker, spec: DetectionSpec) -> list[Row]:
    """Say of everyone's share that it calls for another model than the plan's does."""
    share = rows[-1].value
    if group.arm != EVERYONE or math.isnan(share) or route_of(spec, share) == route_of(spec, marker.share):
        return rows
    return [*rows[:-1], replace(rows[-1], note=OTHER_ROUTE)]


def _compare(
    study: Study,
    members: pd.DataFrame,
    spec: DetectionSpec,
    marker: LimitedMarker,
    readings: Readings,
    groups: Sequence[Group],
    template: Row,
) -> tuple[list[Row], list[tuple[Row, Contrast]]]:
    """Rows of who is in the models of a marker, and the contrasts by visit of each model with their row."""
    columns, has_all = covariate_columns(study, members, spec.covariates, spec.id)
    inside, outside = modelled_members(readings, has_all, tuple(OUTSIDE))
    rows = []
    for group in groups:
        named = replace(template, arm=group.arm)
        observed = replace(named, measure="observed", level=MODELLED)
        rows += count_rows(observed, int((group.members & inside).sum()), int(group.members.sum()))
        rows += [
            replace(named, measure="not_evaluable", level=reason, value=float((group.members & mask).sum()))
            for reason, mask in outside.items()
        ]
    compared = Compared(
        Readings(*(getattr(readings, name)[inside] for name in ("value", "below", "detected"))),
        groups[0].members[inside],
        {name: np.nan_to_num(column[inside]) for name, column in columns.items()},
    )
    versus = replace(template, arm=groups[0].arm, reference=groups[-2].arm)
    found = []
    for block in route_of(spec, marker.share):
        of_block = replace(versus, block=block, measure=CONTRASTS[block])
        for code, contrast in zip(marker.visits[1:], compare_visits(compared, block, marker, spec), strict=True):
            found.append((replace(of_block, window=code), contrast))
    return rows, found


def _family(contrasts: Sequence[tuple[Row, Contrast]], spec: DetectionSpec) -> list[tuple[Row, Contrast]]:
    """Contrasts of the main models."""
    main = {marker.code: route_of(spec, marker.share)[0] for marker in spec.markers}
    return [(row, contrast) for row, contrast in contrasts if row.block == main[row.variable]]


def _contrast_rows(contrasts: Sequence[tuple[Row, Contrast]], spec: DetectionSpec) -> list[Row]:
    family = _family(contrasts, spec)
    rows: list[Row] = []
    for template, found in contrasts:
        method = "normal" if math.isinf(found.df) else "t"
        estimate, lower, upper = (math.exp(value) for value in (found.estimate, found.lower, found.upper))
        told = Interval(estimate, lower, upper, spec.conf_level, f"{method}, on logarithms", found.note)
        rows += interval_rows(template, told)
        for stat in ("std_error", "df", "p_value"):
            rows.append(replace(template, stat=stat, value=getattr(found, stat), method=method, note=found.note))
    if not spec.multiplicity:
        return rows
    adjusted = adjust_p_values([found.p_value for _, found in family], method=spec.multiplicity)
    for (template, found), value in zip(family, adjusted, strict=True):
        note = "" if not math.isnan(value) else found.note or NO_P_VALUE
        named = replace(template, measure="limit_contrast_adjusted", stat="p_value", method=spec.multiplicity)
        rows.append(replace(named, value=float(value), note=note))
    return rows

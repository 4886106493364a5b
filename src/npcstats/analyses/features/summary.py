"""Many features: their change since a first visit by arm, and their association with an outcome, one model each."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from npcstats.analyses.adjustment.design import covariate_columns
from npcstats.analyses.features.rows import CHANGE, DIFFERENCE, FAMILY, HAZARD, NO_COVARIATE
from npcstats.analyses.features.spec import FeaturesSpec, features_faults
from npcstats.analyses.features.telling import features_analysis
from npcstats.choices import refuse_faults
from npcstats.derive import (
    arm_groups,
    arm_pair,
    derive_endpoint,
    feature_values,
    outside_time_zero,
    population_members,
    results_of,
    with_time_zero,
)
from npcstats.estimators.continuous import adjust_p_values
from npcstats.estimators.screening import CoxScreen, RandomInterceptScreen, screen_cox, screen_random_intercept
from npcstats.estimators.types import DesignMatrix
from npcstats.results import Results, Row, count_rows
from npcstats.study import ARM, Study

NO_IMAGE = "Fewer than two participants have a value at the first visit."
NO_CONTRAST = "No image at the visit or at the first, or none of one group."
FEW_EVENTS = "Fewer events than the plan requires."
NO_SPREAD = "The feature is the same in all at the first visit."


@dataclass(frozen=True, eq=False)
class _Found:
    """An estimate of every feature, with limits and p-values; notes where there is none."""

    estimate: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    p_value: np.ndarray
    adjusted: np.ndarray
    notes: tuple[str, ...]
    method: str


def summarize_features(study: Study, spec: FeaturesSpec) -> Results:
    """Model each feature's change by arm, and its association with an outcome.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    spec : FeaturesSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``features``; of a study without two arms the change of all, not a difference.

    Raises
    ------
    SpecError
        If a choice is not in its closed set, or a visit or the endpoint is not of the design.
    DataError
        If the study lacks a column or an image that is needed.

    Notes
    -----
    Denominator: of change, members with the feature at one visit or more, and every covariate; of association, members
    with the feature at the first visit who are followed from the endpoint's time zero.
    """
    refuse_faults(spec.id, features_faults(spec))
    members, pair = population_members(study, spec.population), arm_pair(study)
    start = Row(spec.id, spec.population, "participants", "count", 0.0)
    groups = arm_groups(study, members)
    rows = [replace(start, arm=group.arm, value=float(group.members.sum())) for group in groups]
    columns, known = covariate_columns(study, members, spec.covariates, spec.id)
    rows += [
        replace(
            start,
            measure="not_evaluable",
            arm=group.arm,
            level=NO_COVARIATE,
            value=float((group.members & ~known).sum()),
        )
        for group in groups
        if spec.covariates
    ]
    names: tuple[str, ...] = ()
    for item in spec.sets:
        visits = [study.design.visit(code) for code in spec.visits]
        names, values = feature_values(
            study,
            members,
            visits,
            modality=item.modality,
            roi=item.roi,
            prefix=spec.prefix,
            reason=f"analysis {spec.id}",
        )
        template, imaged = replace(start, block=item.code), ~np.isnan(values).all(axis=2)
        for i, visit in enumerate(spec.visits):
            for group in groups:
                named = replace(template, measure="observed", window=visit, arm=group.arm)
                rows += count_rows(named, int(imaged[group.members, i].sum()), int(group.members.sum()))
        scaled, spread = _scaled(values, spec)
        rows += _course_rows(template, names, scaled, spread, members, columns, known, pair, spec)
        rows += _outcome_rows(template, names, scaled[:, 0], spread, study, members, spec)
    return results_of(study, spec.id, rows, features_analysis(study, spec, names))


def _scaled(values: np.ndarray, spec: FeaturesSpec) -> tuple[np.ndarray, np.ndarray]:
    """Features on the scale of the models, in standard deviations at the first visit; and these."""
    positive = ~(values <= 0).any(axis=(0, 1))
    if spec.transform == "log-where-positive":
        values = np.where(positive, np.log(np.where(positive, values, 1.0)), values)
    first = values[:, 0]
    count = (~np.isnan(first)).sum(axis=0)
    centre = np.nansum(first, axis=0) / np.maximum(count, 1)
    spread = np.sqrt(np.nansum((first - centre) ** 2, axis=0) / np.maximum(count - 1, 1))
    flat = spread <= 1e-12 * np.maximum(np.abs(centre), 1e-300)
    spread = np.where(count < 2, np.nan, np.where(flat, 0.0, spread))
    usable = spread > 0
    return np.where(usable, (values - centre) / np.where(usable, spread, 1.0), np.nan), spread


def _course_rows(
    template: Row,
    names: tuple[str, ...],
    values: np.ndarray,
    spread: np.ndarray,
    members: pd.DataFrame,
    columns: dict[str, np.ndarray],
    known: np.ndarray,
    pair: tuple[str, str] | None,
    spec: FeaturesSpec,
) -> list[Row]:
    n, v, f = values.shape
    long = values.reshape(n * v, f)
    who, at = np.repeat(np.arange(n), v), np.tile(np.arange(v), n)
    used = known[who] & ~np.isnan(long).all(axis=1)
    treated = (members[ARM] == pair[0]).to_numpy() if pair else None
    measure = DIFFERENCE if pair else CHANGE
    found = _blank(len(names), v - 1)
    if used.any():
        design, wanted = _design(who[used], at[used], treated, columns, v)
        told = {i: design.names.index(name) for i, name in enumerate(wanted) if name}
        if told:
            screen = screen_random_intercept(long[used], design, who[used], conf_level=spec.conf_level)
            found |= dict(zip(told, _of_columns(screen, [*told.values()], spread, spec), strict=True))
    rows = _counted(template, names, list(np.any([~np.isnan(one.estimate) for one in found.values()], axis=0)), measure)
    for i, visit in enumerate(spec.visits[1:]):
        named = replace(template, window=visit, measure=measure)
        if pair:
            named = replace(named, arm=pair[0], reference=pair[1])
        rows += _feature_rows(named, names, found[i], spec)
    return rows


def _blank(features: int, visits: int) -> dict[int, _Found]:
    nan = np.full(features, np.nan)
    blank = _Found(nan, nan, nan, nan, nan, (NO_CONTRAST,) * features, "random-intercept")
    return dict.fromkeys(range(visits), blank)


def _design(
    who: np.ndarray, at: np.ndarray, treated: np.ndarray | None, columns: dict[str, np.ndarray], v: int
) -> tuple[DesignMatrix, list[str]]:
    """Columns that no earlier ones determine; and for each later visit the one asked for, empty where others do.

    What all others do not determine has the same coefficient whichever of them are left out.
    """
    made = {"one": np.ones(len(who)), **{f"visit {i}": (at == i).astype(float) for i in range(1, v)}}
    wanted = [f"visit {i}" for i in range(1, v)]
    if treated is not None:
        arm = treated[who].astype(float)
        made |= {"arm": arm, **{f"arm at {i}": arm * (at == i) for i in range(1, v)}}
        wanted = [f"arm at {i}" for i in range(1, v)]
    made |= {f"covariate {name}": column[who] for name, column in columns.items()}
    kept: dict[str, np.ndarray] = {}
    for name, column in made.items():
        if _rank([*kept.values(), column]) > len(kept):
            kept[name] = column
    told = [_rank([column for other, column in made.items() if other != name]) < len(kept) for name in wanted]
    design = DesignMatrix(np.column_stack(list(kept.values())), tuple(kept))
    return design, [name if own else "" for name, own in zip(wanted, told, strict=True)]


def _rank(columns: list[np.ndarray]) -> int:
    stacked = np.column_stack(columns)
    return int(np.linalg.matrix_rank(stacked / np.maximum(np.abs(stacked).max(axis=0), 1e-300)))


def _of_columns(
    screen: RandomInterceptScreen, places: list[int], spread: np.ndarray, spec: FeaturesSpec
) -> list[_Found]:
    """Estimates of some columns, their p-values adjusted together."""
    p_values = screen.p_value[:, places]
    adjusted = adjust_p_values(p_values.ravel(), method=spec.multiplicity).reshape(p_values.shape)
    return [
        _Found(
            screen.coef[:, j],
            screen.lower[:, j],
            screen.upper[:, j],
            screen.p_value[:, j],
            adjusted[:, i],
            _why(spread, screen.notes),
            "random-intercept",
        )
        for i, j in enumerate(places)
    ]


def _why(spread: np.ndarray, notes: tuple[str, ...]) -> tuple[str, ...]:
    """Why a feature has no model: before all others that it has no scale."""
    return tuple(
        NO_IMAGE if math.isnan(size) else NO_SPREAD if size == 0 else note
        for size, note in zip(spread, notes, strict=True)
    )


def _outcome_rows(
    template: Row,
    names: tuple[str, ...],
    first: np.ndarray,
    spread: np.ndarray,
    study: Study,
    members: pd.DataFrame,
    spec: FeaturesSpec,
) -> list[Row]:
    endpoint = study.design.endpoint(spec.endpoint)
    lost = np.zeros(len(members), dtype=bool)
    for flags in outside_time_zero(study, members, endpoint).values():
        lost |= flags
    timed = with_time_zero(study, members, endpoint)
    times = derive_endpoint(study, timed, endpoint)
    place = pd.Index(members["USUBJID"]).get_indexer(pd.Index(timed["USUBJID"]))
    values = first[place]
    used = ~np.isnan(values).all(axis=1) & ~lost[place]
    event = times.cause == 1
    named = replace(template, window=spec.visits[0])
    rows = count_rows(replace(named, measure="feature_events"), int(event[used].sum()), int(used.sum()))
    nan = np.full(len(names), np.nan)
    if event[used].sum() < spec.minimum_events:
        found = _Found(nan, nan, nan, nan, nan, (FEW_EVENTS,) * len(names), spec.ties)
    else:
        screen = screen_cox(times.time[used], event[used], values[used], ties=spec.ties, conf_level=spec.conf_level)
        found = _ratios(screen, spread, spec)
    rows += _counted(named, names, list(~np.isnan(found.estimate)), HAZARD)
    return rows + _feature_rows(replace(named, measure=HAZARD), names, found, spec)


def _ratios(screen: CoxScreen, spread: np.ndarray, spec: FeaturesSpec) -> _Found:
    adjusted = adjust_p_values(screen.p_value, method=spec.multiplicity)
    estimate, lower, upper = (np.exp(part) for part in (screen.coef, screen.lower, screen.upper))
    return _Found(estimate, lower, upper, screen.p_value, adjusted, _why(spread, screen.notes), spec.ties)


def _counted(template: Row, names: tuple[str, ...], modelled: list[bool], measure: str) -> list[Row]:
    return count_rows(replace(template, measure="features", level=measure), int(sum(modelled)), len(names))


def _feature_rows(template: Row, names: tuple[str, ...], found: _Found, spec: FeaturesSpec) -> list[Row]:
    known = ~np.isnan(found.adjusted)
    discovered = int((found.adjusted[known] < spec.discovery).sum())
    counted = replace(template, arm=template.arm, measure="discoveries", level=template.measure)
    rows = count_rows(counted, discovered, int(known.sum()))
    stats = {"estimate": found.estimate, "ci_low": found.lower, "ci_high": found.upper, "p_value": found.p_value}
    for j, name in enumerate(names):
        named = replace(template, variable=name, method=found.method)
        for stat, values in stats.items():
            value = float(values[j])
            level = spec.conf_level if stat != "p_value" else math.nan
            rows.append(replace(named, stat=stat, value=value, conf_level=level, note=found.notes[j]))
        note = found.notes[j]
        family = replace(named, measure=FAMILY[template.measure], stat="p_value", method=spec.multiplicity)
        rows.append(replace(family, value=float(found.adjusted[j]), note=note if math.isnan(found.adjusted[j]) else ""))
    return rows

"""A contrast of marker courses by what is assumed of missing values: modelled, imputed, and shifted."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from npcstats.analyses.tipping.courses import ARM_COLUMN, Followed, courses_of, design_at, follow_marker
from npcstats.analyses.tipping.rows import AFTER, EFFECTS, FIRST, LOG, REFERENCE, SEEN
from npcstats.analyses.tipping.spec import CompletedMarker, TippingSpec, tipping_faults
from npcstats.analyses.tipping.telling import describe
from npcstats.choices import refuse_faults
from npcstats.derive import Group, arm_groups, arm_pair, population_members, results_of
from npcstats.estimators.completed import ShiftedEffect, compare_completed
from npcstats.estimators.imputation import Pooled
from npcstats.estimators.mmrm import Covariance, Mmrm, fit_mmrm
from npcstats.estimators.reference_based import AT_RANDOM, Completed, Courses, impute_courses
from npcstats.estimators.types import Contrast, DesignMatrix, Interval
from npcstats.results import Results, Row, interval_rows
from npcstats.study import Study

POOLED = "multiple imputation, Rubin's rules"
NOBODY_SEEN = "No value was seen."
ONE_VISIT = "Values were seen at one visit alone, which the structures of the plan say nothing of."
NOBODY = "No value of this group is imputed at the visit."
NO_LIMITS = "There are no limits that a shift could change."


@dataclass(frozen=True, eq=False)
class _Modelled:
    """A marker's model and its completed courses, of those kept, between two arms."""

    marker: CompletedMarker
    followed: Followed
    treated: np.ndarray
    fit: Mmrm | None
    completed: Completed

    @property
    def structure(self) -> str:
        """Covariance structure that was used; empty where none converged."""
        return self.fit.structure if self.fit else ""


def summarize_tipping(study: Study, spec: TippingSpec) -> Results:
    """Compare marker courses of two arms by what is assumed of missing values.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    spec : TippingSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``tipping``; where no two arms are compared, who was seen and who was not.

    Raises
    ------
    SpecError
        If a choice is not in its closed set, or a visit is not in the design.
    DataError
        If a marker has a unit other than the declared one, or a value that its scale cannot take.

    Notes
    -----
    Denominator: members with a baseline value and every covariate. At a visit, those seen, and those without a value
    who were due and alive, whose values are imputed. Who died before the visit's window opened is not imputed there,
    nor who was not yet due by the cut-off.
    """
    refuse_faults(spec.id, tipping_faults(spec))
    members = population_members(study, spec.population)
    groups, pair = arm_groups(study, members), arm_pair(study)
    start = Row(spec.id, spec.population, "participants", "count", 0.0)
    rows = [replace(start, arm=group.arm, value=float(group.members.sum())) for group in groups]
    structures: dict[str, str] = {}
    redrawn: dict[str, int] = {}
    for marker in spec.markers:
        followed = follow_marker(study, members, spec, marker)
        named = replace(start, variable=marker.code)
        for group in groups:
            rows += _counts(replace(named, arm=group.arm), followed, group, spec)
        if pair is None or not spec.strategies:
            continue
        treated = groups[0].members
        modelled = _model(spec, marker, followed, treated)
        structures[marker.code] = modelled.structure
        redrawn[marker.code] = modelled.completed.redrawn
        rows += _effects(replace(named, arm=pair[0], reference=pair[1]), modelled, spec)
    return results_of(study, spec.id, rows, describe(study, spec, structures, redrawn))


def _counts(template: Row, followed: Followed, group: Group, spec: TippingSpec) -> list[Row]:
    rows = [
        replace(template, measure="not_evaluable", level=reason, value=float((mask & group.members).sum()))
        for reason, mask in followed.absent.items()
    ]
    inside = group.members & followed.kept
    rows.append(replace(template, value=float(inside.sum())))
    for i, visit in enumerate(spec.visits):
        at = replace(template, window=visit)
        counted = {"observed": followed.seen[inside, i], "missing": followed.missing[inside, i]}
        rows += [replace(at, measure=name, value=float(mask.sum())) for name, mask in counted.items()]
        rows.append(replace(at, measure="missing", level=AFTER, value=float(followed.after[inside, i].sum())))
        rows += [
            replace(at, measure="not_evaluable", level=reason, value=float(mask[inside, i].sum()))
            for reason, mask in followed.lost.items()
        ]
    return rows


def _model(spec: TippingSpec, marker: CompletedMarker, followed: Followed, treated: np.ndarray) -> _Modelled:
    courses = courses_of(followed, treated, spec.visits)
    structure, fit, why = _fit(courses, spec)
    if fit is None:
        return _Modelled(marker, followed, treated, None, Completed({}, 0, why))
    completed = impute_courses(courses, covariance=structure, strategies=spec.strategies, imputations=spec.imputations,
                               seed=spec.seed, name=f"{spec.id} {marker.code}")  # fmt: skip
    return _Modelled(marker, followed, treated, fit, completed)


def _fit(courses: Courses, spec: TippingSpec) -> tuple[Covariance, Mmrm | None, str]:
    """The model of the values seen, by the first structure that converges; or why there is none."""
    why, rows, visits = NOBODY_SEEN, *np.nonzero(courses.seen)
    several = len(np.unique(visits)) > 1
    for structure in spec.structures if len(rows) else ():
        if not several and structure != "unstructured":
            why = ONE_VISIT
            continue
        design = DesignMatrix(courses.own[rows, visits], courses.names)
        fit = fit_mmrm(courses.outcome[rows, visits], design, rows, visits, covariance=structure,
                       df_method=spec.df_method, conf_level=spec.conf_level)  # fmt: skip
        if fit.converged:
            return structure, fit, ""
        why = fit.note
    return spec.structures[0], None, why


def _effects(template: Row, modelled: _Modelled, spec: TippingSpec) -> list[Row]:
    rows: list[Row] = []
    for i, visit in enumerate(spec.visits):
        at = replace(template, window=visit)
        rows += _effect_rows(replace(at, level=SEEN), _seen(modelled, visit, spec), modelled.marker)
        for strategy in spec.strategies:
            effect = _compare(modelled, strategy, i, spec)
            pooled = _pool(effect, modelled.marker, modelled.marker.none, modelled.marker.none, spec)
            named = replace(at, level=strategy)
            rows += _effect_rows(named, _interval(pooled), modelled.marker)
            rows.append(replace(named, measure="missing_information", stat="estimate",
                                value=pooled.missing_information, note=pooled.note))  # fmt: skip
        at_random = _compare(modelled, AT_RANDOM, i, spec)
        if visit in spec.shifted:
            rows += _shifted(at, modelled, at_random, spec)
        for level in (FIRST, REFERENCE):
            rows.append(_tipping(replace(at, level=level), modelled, at_random, i, spec))
    return rows


def _seen(modelled: _Modelled, visit: str, spec: TippingSpec) -> Interval:
    """The first arm's coefficient at a visit, in the model of the values seen."""
    nan = math.nan
    if modelled.fit is None:
        return Interval(nan, nan, nan, spec.conf_level, "mixed model", modelled.completed.note)
    row = np.array([float(name == f"{ARM_COLUMN} {visit}") for name in modelled.fit.names])
    found = modelled.fit.contrast(row)
    assert isinstance(found, Contrast)  # of one row
    method = f"mixed model, {modelled.fit.structure}, {spec.df_method}"
    return Interval(found.estimate, found.lower, found.upper, spec.conf_level, method, found.note)


def _compare(modelled: _Modelled, strategy: str, i: int, spec: TippingSpec) -> ShiftedEffect:
    followed, treated = modelled.followed, modelled.treated
    if modelled.completed.note:
        return ShiftedEffect.nothing(spec.imputations, modelled.completed.note)
    there = followed.seen[:, i] | followed.missing[:, i]
    imputed, first = followed.missing[there, i], treated[there]
    values = modelled.completed.values[strategy][:, there[followed.kept], i]
    return compare_completed(values, design_at(followed, treated, there), ARM_COLUMN, imputed & first, imputed & ~first)


def _pool(effect: ShiftedEffect, marker: CompletedMarker, first: float, reference: float, spec: TippingSpec) -> Pooled:
    turn = math.log if marker.scale == LOG else float
    return effect.pooled(turn(first), turn(reference), conf_level=spec.conf_level)


def _interval(pooled: Pooled) -> Interval:
    return Interval(pooled.estimate, pooled.lower, pooled.upper, pooled.conf_level, POOLED, pooled.note)


def _effect_rows(template: Row, found: Interval, marker: CompletedMarker) -> list[Row]:
    unit = "" if marker.scale == LOG else marker.unit
    return interval_rows(replace(template, measure=EFFECTS[marker.scale], unit=unit), _back(found, marker))


def _back(found: Interval, marker: CompletedMarker) -> Interval:
    """Return to the original scale: a difference of logarithms becomes a ratio."""
    if marker.scale != LOG:
        return found
    estimate, lower, upper = (math.exp(value) for value in (found.estimate, found.lower, found.upper))
    return replace(found, estimate=estimate, lower=lower, upper=upper)


def _shifted(template: Row, modelled: _Modelled, effect: ShiftedEffect, spec: TippingSpec) -> list[Row]:
    marker = modelled.marker
    rows: list[Row] = []
    for first in marker.shifts:
        for reference in marker.shifts:
            found = _interval(_pool(effect, marker, first, reference, spec))
            rows += _effect_rows(replace(template, block=f"{first:g}", level=f"{reference:g}"), found, marker)
    return rows


def _tipping(template: Row, modelled: _Modelled, effect: ShiftedEffect, i: int, spec: TippingSpec) -> Row:
    marker, of_first = modelled.marker, template.level == FIRST
    log = marker.scale == LOG
    farthest = math.log(marker.farthest) if log else marker.farthest
    shift = effect.turning(of_first=of_first, farthest=farthest, conf_level=spec.conf_level)
    group = modelled.treated if of_first else ~modelled.treated
    limits = effect.pooled(0.0, 0.0, conf_level=spec.conf_level)
    note = ""
    if math.isnan(limits.lower):
        note = effect.note or limits.note or NO_LIMITS
    elif math.isnan(shift):
        note = _not_reached(marker) if modelled.followed.missing[group, i].any() else NOBODY
    return replace(template, measure="tipping_shift", stat="estimate", value=math.exp(shift) if log else shift,
                   unit="" if log else marker.unit, note=note)  # fmt: skip


def _not_reached(marker: CompletedMarker) -> str:
    if marker.scale == LOG:
        return f"No factor up to {marker.farthest:g}, nor its inverse, changes what the interval says."
    return f"No shift up to {marker.farthest:g} in either direction changes what the interval says."

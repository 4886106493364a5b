"""Markers after a baseline by a mixed model: means and contrasts by visit, one family of tests, tests of terms."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from npcstats.analyses.mmrm.checking import check_rows
from npcstats.analyses.mmrm.model import Model, fit_block, rows_as_they_are, term_rows
from npcstats.analyses.mmrm.rows import (
    ADJUSTED,
    ARM_TERM,
    AVERAGE,
    CONTRASTS,
    DIED,
    INTERACTION,
    LOG,
    MARGINALS,
    MEANS,
    UNADJUSTED,
)
from npcstats.analyses.mmrm.sample import Sample, sample_marker
from npcstats.analyses.mmrm.spec import MmrmSpec, ModelledMarker, mmrm_faults
from npcstats.analyses.mmrm.telling import mmrm_analysis
from npcstats.choices import refuse_faults
from npcstats.derive import Group, arm_groups, arm_pair, population_members, results_of
from npcstats.estimators.continuous import adjust_p_values
from npcstats.estimators.mmrm import standardize_mmrm
from npcstats.estimators.types import Contrast, Interval
from npcstats.estimators.weighting import effective_size
from npcstats.results import EVERYONE, Results, Row, count_rows, interval_rows
from npcstats.study import Study

NAN = math.nan
LEAST_FREEDOM = 1.0
FEW = "Less than one degree of freedom is left, so there are no limits."
MOST_LOGARITHM = 50.0
BEYOND = "The limits are too far apart for a ratio: there are too few data."


@dataclass(frozen=True, eq=False)
class _Marker:
    """A marker, who is in its models, and the models in page order."""

    marker: ModelledMarker
    sample: Sample
    models: tuple[Model, ...]


def summarize_mmrm(study: Study, spec: MmrmSpec) -> Results:
    """Model the course of markers after a baseline.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    spec : MmrmSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``mmrm``; contrasts only of a study with two arms, terms of arms only of one with two or more.

    Raises
    ------
    SpecError
        If a choice is not in its closed set, or a visit is not in the design.
    DataError
        If a column is not in the data, or a marker has another unit or a value that its scale cannot take.

    Notes
    -----
    Denominator: members of the population with a baseline value, a value after it, every covariate, and a weight where
    the arms are weighted; all models of a marker are of the same. Others are counted by reason. A visit without a value
    is taken to be missing at random; those who died before it are counted, and are not imputed.
    """
    refuse_faults(spec.id, mmrm_faults(spec))
    members, pair = population_members(study, spec.population), arm_pair(study)
    groups = arm_groups(study, members)
    start = Row(spec.id, spec.population, "participants", "count", 0.0)
    rows = [replace(start, arm=group.arm, value=float(group.members.sum())) for group in groups]
    found = [_marker(study, members, spec, marker, pair) for marker in spec.markers]
    for one in found:
        template = replace(start, variable=one.marker.code)
        rows += _flow_rows(template, one, groups, spec)
        for model in one.models:
            rows += _model_rows(replace(template, block=model.block), one, model, spec, pair)
    family = _family_rows(rows, spec) if pair else []
    fitted = {one.marker.code: one.models for one in found}
    return results_of(study, spec.id, [*rows, *family], mmrm_analysis(study, spec, fitted))


def _marker(
    study: Study, members: pd.DataFrame, spec: MmrmSpec, marker: ModelledMarker, pair: tuple[str, str] | None
) -> _Marker:
    sample = sample_marker(study, members, spec, marker, pair)
    arms = tuple(arm.code for arm in study.arms)
    blocks = [UNADJUSTED, *([ADJUSTED] if spec.covariates else [])]
    blocks += [spec.adjustment.name] if spec.adjustment and pair else []
    labels = tuple(study.design.visit(code).label for code in spec.visits)
    return _Marker(marker, sample, tuple(fit_block(sample, spec, block, arms, labels) for block in blocks))


def _flow_rows(template: Row, one: _Marker, groups: tuple[Group, ...], spec: MmrmSpec) -> list[Row]:
    """Who is in the models, who is not, and at each visit who has a value and who had died before it."""
    sample, rows = one.sample, []
    places = np.flatnonzero(sample.kept)
    for group in groups:
        named, inside = replace(template, arm=group.arm), group.members[places]
        rows += count_rows(replace(named, measure="observed"), int(inside.sum()), int(group.members.sum()))
        lost = replace(named, measure="not_evaluable")
        rows += [
            replace(lost, level=reason, value=float((mask & group.members).sum()))
            for reason, mask in sample.absent.items()
        ]
        for j, visit in enumerate(spec.visits):
            seen, died = ~np.isnan(sample.change[inside, j]), sample.died[places, j][inside]
            rows += count_rows(replace(named, window=visit, measure="observed"), int(seen.sum()), int(inside.sum()))
            rows.append(replace(lost, window=visit, level=DIED, value=float((died & ~seen).sum())))
    return rows


def _model_rows(template: Row, one: _Marker, model: Model, spec: MmrmSpec, pair: tuple[str, str] | None) -> list[Row]:
    rows = _fit_rows(template, one, model)
    main = model.block == spec.main
    places = {code: [j] for j, code in enumerate(spec.visits)}
    for window, visits in {**places, AVERAGE: [*range(len(spec.visits))]}.items():
        at = replace(template, window=window)
        for arm in model.arms:
            rows += _mean_rows(replace(at, arm=arm or EVERYONE), one, model, visits, arm, spec)
        if pair:
            rows += _contrast_rows(replace(at, arm=pair[0], reference=pair[1]), one, model, visits, pair[0], spec)
    if main:
        rows += _term_rows(template, model, told=pair is not None)
        rows += check_rows(template, one.sample, model, pair)
    return rows


def _fit_rows(template: Row, one: _Marker, model: Model) -> list[Row]:
    """How many a model is of, how it was fitted, and what weighted arms are worth."""
    observations = replace(template, measure="records", value=float(len(model.who)))
    rows = [replace(template, value=float(len(one.sample.baseline))), observations]
    fit = model.fit
    numbers = {"criterion": (fit.criterion, len(fit.theta)) if fit else (NAN, NAN)}
    criterion, parameters = numbers["criterion"]
    rows += [
        replace(template, measure="criterion", stat="estimate", value=criterion, note=model.note),
        replace(template, measure="covariance_parameters", value=float(parameters), note=model.note),
    ]
    if model.weights is not None:
        for arm in model.arms:
            size = effective_size(model.weights[one.sample.arm == arm])
            rows.append(
                replace(template, arm=arm, measure="effective_size", stat="estimate", value=size,
                        note="" if size == size else "Nobody of the arm is in the model.")
            )  # fmt: skip
    return rows


def _asked(model: Model, arms: Sequence[str], visits: Sequence[int], row: np.ndarray | None) -> Contrast:
    """A combination of coefficients, or why there is none."""
    if row is not None and model.fit is not None:
        found = model.fit.contrast(row)
        if isinstance(found, Contrast):
            return _usable(found)
    when = "the visit" if len(visits) == 1 else "one of the visits"
    whose = "Nobody" if arms == ("",) else "Nobody of the group" if len(arms) == 1 else "Of one of the groups nobody"
    return Contrast(NAN, NAN, NAN, NAN, NAN, NAN, NAN, model.note or f"{whose} has a value at {when}.")


def _usable(found: Contrast) -> Contrast:
    """The same, without limits and test where less than one degree of freedom is left."""
    if not found.df < LEAST_FREEDOM:
        return found
    return replace(found, statistic=NAN, p_value=NAN, lower=NAN, upper=NAN, note=FEW)


def _mean_rows(template: Row, one: _Marker, model: Model, visits: list[int], arm: str, spec: MmrmSpec) -> list[Row]:
    """The least-squares mean, and of the main model that over all covariates as they are."""
    scale, usable = one.marker.scale, model.seen((arm,), visits) and model.fit is not None
    row = model.mean(arm, visits, model.margins) if usable else None
    found = _asked(model, (arm,), visits, row)
    rows = _interval_rows(replace(template, measure=MEANS[scale]), found, one, spec, _method(model, spec))
    if model.block != spec.main:
        return rows
    own = _asked(model, (arm,), visits, None)
    if row is not None and model.fit is not None:
        found = standardize_mmrm(model.fit, rows_as_they_are(model, one.sample, model.mean(arm, visits, {})))
        own = _usable(found)
    return rows + _interval_rows(replace(template, measure=MARGINALS[scale]), own, one, spec, "g-computation")


def _contrast_rows(template: Row, one: _Marker, model: Model, visits: list[int], arm: str, spec: MmrmSpec) -> list[Row]:
    pair = (arm, model.arms[-1])
    usable = model.seen(pair, visits) and model.fit is not None
    found = _asked(model, pair, visits, model.contrast(arm, visits) if usable else None)
    method = _method(model, spec)
    measure = CONTRASTS[one.marker.scale]
    rows = _interval_rows(replace(template, measure=measure), found, one, spec, method)
    note = found.note if math.isnan(found.p_value) else ""
    numbers = {"std_error": found.std_error, "df": found.df, "statistic": found.statistic, "p_value": found.p_value}
    made = replace(template, measure=measure, method=method)
    return rows + [
        replace(made, stat=stat, value=value, note=note if math.isnan(value) else "") for stat, value in numbers.items()
    ]


def _method(model: Model, spec: MmrmSpec) -> str:
    return spec.df_method if model.weights is None else f"{spec.robust}, {spec.robust_df}"


def _interval_rows(template: Row, found: Contrast, one: _Marker, spec: MmrmSpec, method: str) -> list[Row]:
    """Rows of an estimate and its limits, on the marker's own scale or as a ratio."""
    values = (found.estimate, found.lower, found.upper)
    log, note = one.marker.scale == LOG, found.note
    if log and any(abs(value) > MOST_LOGARITHM for value in values):
        values, note = (NAN, NAN, NAN), BEYOND
    estimate, lower, upper = (math.exp(value) if log else value for value in values)
    unit = "" if log else one.marker.unit
    interval = Interval(estimate, lower, upper, spec.conf_level, method, note)
    return interval_rows(replace(template, unit=unit), interval)


def _term_rows(template: Row, model: Model, *, told: bool) -> list[Row]:
    """F tests of terms; those of arms only where two are compared."""
    if not model.present:
        return []
    rows: list[Row] = []
    for term, combination in term_rows(model).items():
        if term in (ARM_TERM, INTERACTION) and not told:
            continue
        at = replace(template, measure="term_test", level=term)
        statistic, numerator, df, p_value, note = _joint(model, combination)
        rows.append(replace(at, stat="count", value=numerator, note=note))
        for stat, value in {"statistic": statistic, "df": df, "p_value": p_value}.items():
            rows.append(replace(at, stat=stat, value=value, note=note))
    return rows


def _joint(model: Model, combination: np.ndarray) -> tuple[float, float, float, float, str]:
    """F, its degrees of freedom and p-value; of one row the square of t."""
    if model.fit is None:
        return NAN, NAN, NAN, NAN, model.note
    found = model.fit.contrast(combination)
    if isinstance(found, Contrast):
        return found.statistic**2, 1.0, found.df, found.p_value, found.note
    return found.statistic, found.df_numerator, found.df, found.p_value, found.note


def _family_rows(rows: list[Row], spec: MmrmSpec) -> list[Row]:
    """P-values of the family: the contrasts of every marker at every visit in the main model."""
    if not spec.multiplicity:
        return []
    family = [
        row
        for row in rows
        if row.measure in CONTRASTS.values()
        and (row.stat, row.block) == ("p_value", spec.main)
        and row.window != AVERAGE
    ]
    adjusted = adjust_p_values(np.array([row.value for row in family]), method=spec.multiplicity)
    return [
        replace(row, measure="contrast_adjusted", value=float(value), method=spec.multiplicity)
        for row, value in zip(family, adjusted, strict=True)
    ]

"""Hazard ratios of markers: before treatment, at a landmark, by the latest reading; and courses by what happened."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from npcstats.analyses.adjustment.design import covariate_columns
from npcstats.analyses.association.courses import course_rows
from npcstats.analyses.association.models import Model, Spells, models_of, spells_of
from npcstats.analyses.association.rows import ADJUSTED, DEVIATION, DOUBLING, UNADJUSTED
from npcstats.analyses.association.spec import AssociatedMarker, AssociationSpec, association_faults
from npcstats.analyses.association.telling import describe
from npcstats.analyses.timetoevent.making import too_few_events
from npcstats.choices import refuse_faults
from npcstats.derive import arm_groups, marker_values, population_members, results_of
from npcstats.estimators.continuous import adjust_p_values
from npcstats.estimators.timetoevent import Cox, compare_nested, fit_cox
from npcstats.estimators.types import DesignMatrix
from npcstats.results import EVERYONE, Results, Row, count_rows, interval_rows
from npcstats.study import ARM, Study

NO_UNIT = "The marker does not vary at baseline, so there is no standard deviation to tell a ratio for."
_FEWEST_ARMS = 2


@dataclass(frozen=True, eq=False)
class _Data:
    """Spells with what the adjusted model needs: columns of covariates and arms, row by row."""

    spells: Spells
    columns: Mapping[str, np.ndarray]
    arm: np.ndarray | None

    @property
    def events(self) -> int:
        """Return the number of events."""
        return int(self.spells.event.sum())


def summarize_association(study: Study, spec: AssociationSpec) -> Results:
    """Estimate how the hazard of an endpoint goes with markers.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    spec : AssociationSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``association``.

    Raises
    ------
    SpecError
        If a choice is not in its closed set, a visit is not in the design, or a value would be known only after time
        starts.
    DataError
        If a marker has a unit other than the declared one, or a value that its scale cannot take.

    Notes
    -----
    Denominator: of each model, members with the marker and every covariate, in the unadjusted and in the adjusted model
    alike. Missing data: left out, and counted. A participant contributes one event at most, so the model's variance
    stands, also where a participant has several stretches of time.
    """
    refuse_faults(spec.id, association_faults(spec))
    endpoint = study.design.endpoint(spec.endpoint)
    start = Row(spec.id, spec.population, "participants", "count", 0.0)
    members = population_members(study, spec.population)
    rows = [replace(start, arm=group.arm, value=float(group.members.sum())) for group in arm_groups(study, members)]
    models = models_of(study, spec, endpoint)
    for model in models:
        rows += [replace(start, measure="not_evaluable", level=model.code, block=reason, value=float(count))
                 for reason, count in model.sample.excluded.items()]  # fmt: skip
    units: dict[str, float] = {}
    for marker in spec.markers:
        unit_rows, units[marker.name] = _unit(study, spec, marker, replace(start, variable=marker.name))
        rows += unit_rows
    tested: list[Row] = []
    for marker in spec.markers:
        for model in models:
            if model.way in marker.models:
                place = replace(start, variable=marker.name, level=model.code)
                made = _model_rows(study, spec, marker, model, units[marker.name], place)
                rows += made
                tested += [row for row in made if _is_tested(row, blocks_of(study, spec)[-1])]
    rows += _family_rows(tested, spec)
    if spec.courses:
        rows += course_rows(study, spec, endpoint, spec.courses, start)
    return results_of(study, spec.id, rows, describe(study, spec, endpoint, models, blocks_of(study, spec)))


def blocks_of(study: Study, spec: AssociationSpec) -> tuple[str, ...]:
    """Models by what they are adjusted for.

    Parameters
    ----------
    study : Study
        Its arms.
    spec : AssociationSpec
        Its covariates.

    Returns
    -------
    tuple of str
        Without arms and covariates the unadjusted one alone; the last is tested.
    """
    return (UNADJUSTED, ADJUSTED) if spec.covariates or len(study.arms) >= _FEWEST_ARMS else (UNADJUSTED,)


def _unit(study: Study, spec: AssociationSpec, marker: AssociatedMarker, place: Row) -> tuple[list[Row], float]:
    """What a ratio is for, on the marker's scale; of a standard deviation its rows, of everyone at baseline."""
    if marker.per != DEVIATION:
        return [], math.log(2.0) if marker.per == DOUBLING else 1.0
    members = population_members(study, spec.population)
    visit = study.design.visit(spec.baseline)
    values = marker_values(study, members, [visit], code=marker.code, unit=marker.unit, scale=marker.scale,
                           below_limit=spec.below_limit, reason=f"analysis {spec.id}")[:, 0]  # fmt: skip
    known = values[~np.isnan(values)]
    deviation = float(np.std(known, ddof=1)) if len(known) > 1 else math.nan
    if not deviation > 0:
        deviation = math.nan
    note = NO_UNIT if math.isnan(deviation) else ""
    observed = replace(place, measure="observed", value=float(len(known)))
    told = replace(place, stat="estimate", note=note)
    if marker.scale == "log":
        return [observed, replace(told, measure="geometric_deviation", value=math.exp(deviation))], deviation
    return [observed, replace(told, measure="std_deviation", value=deviation, unit=marker.unit)], deviation


def _model_rows(
    study: Study, spec: AssociationSpec, marker: AssociatedMarker, model: Model, unit: float, place: Row
) -> list[Row]:
    data, lacking = _data(study, spec, marker, model)
    rows = [replace(place, measure="missing", value=float(lacking))]
    rows += [*_count_rows(place, data, None)]
    for arm in study.arms if spec.by_arm and len(study.arms) >= _FEWEST_ARMS else ():
        rows += _count_rows(replace(place, arm=arm.code), data, arm.code)
    for block in blocks_of(study, spec):
        rows += _ratio_rows(replace(place, block=block, measure="hazard_ratio"), data, unit, spec)
    if spec.by_arm and len(study.arms) >= _FEWEST_ARMS:
        rows += _arm_rows(replace(place, block=ADJUSTED), data, unit, [arm.code for arm in study.arms], spec)
    return rows


def _data(study: Study, spec: AssociationSpec, marker: AssociatedMarker, model: Model) -> tuple[_Data, int]:
    """Spells of who has the marker and every covariate; and how many followed have not."""
    members = model.sample.members
    _, known = covariate_columns(study, members, spec.covariates, spec.id)
    kept = [item for item in spec.covariates if item.column not in marker.without]
    columns, _ = covariate_columns(study, members, kept, spec.id)
    spells = spells_of(study, spec, marker, model)
    spells = spells.of(known[spells.member])
    arm = members[ARM].to_numpy(dtype=str)[spells.member] if len(study.arms) >= _FEWEST_ARMS else None
    lacking = len(members) - len(np.unique(spells.member))
    return _Data(spells, {name: column[spells.member] for name, column in columns.items()}, arm), lacking


def _count_rows(place: Row, data: _Data, arm: str | None) -> list[Row]:
    inside = np.ones(len(data.spells.member), dtype=bool) if arm is None or data.arm is None else data.arm == arm
    events, size = int(data.spells.event[inside].sum()), len(np.unique(data.spells.member[inside]))
    return count_rows(replace(place, measure="events"), events, size)


def _fit(data: _Data, markers: Mapping[str, np.ndarray], spec: AssociationSpec, *, adjusted: bool) -> Cox:
    columns = {**markers, **(data.columns if adjusted else {})}
    spells = data.spells
    return fit_cox(
        spells.time,
        spells.event,
        DesignMatrix(np.column_stack(list(columns.values())), tuple(columns)),
        entry=spells.entry if spells.entry.any() else None,
        ties=spec.ties,
        strata=data.arm if adjusted else None,
        conf_level=spec.conf_level,
    )


def _ratio_rows(place: Row, data: _Data, unit: float, spec: AssociationSpec) -> list[Row]:
    if data.events < spec.minimum_events:
        return _blank(place, too_few_events(spec.minimum_events))
    if math.isnan(unit):
        return _blank(place, NO_UNIT)
    fit = _fit(data, {place.variable: data.spells.value / unit}, spec, adjusted=place.block == ADJUSTED)
    return _effect_rows(place, fit, place.variable)


def _effect_rows(place: Row, fit: Cox, name: str) -> list[Row]:
    ratio = fit.interval(name)
    p_value = float(fit.p_value[fit.names.index(name)])
    tested = replace(place, stat="p_value", value=p_value, method=ratio.method, note=ratio.note)
    return [*interval_rows(place, ratio), tested]


def _blank(place: Row, note: str) -> list[Row]:
    return [replace(place, stat=stat, value=math.nan, note=note) for stat in ("estimate", "ci_low", "ci_high",
                                                                             "p_value")]  # fmt: skip


def _arm_rows(place: Row, data: _Data, unit: float, arms: list[str], spec: AssociationSpec) -> list[Row]:
    """The ratio of each arm, covariates in common, and whether it is the same in all."""
    test = replace(place, measure="effect_modification")
    places = {arm: replace(place, arm=arm, measure="hazard_ratio") for arm in arms}
    counts = {arm: int(data.spells.event[data.arm == arm].sum()) for arm in arms}
    few = f"An arm has fewer than {spec.minimum_events} events, so ratios of arms are not estimated."
    note = NO_UNIT if math.isnan(unit) else few if min(counts.values()) < spec.minimum_events else ""
    if note:
        blank = [row for arm in arms for row in _blank(places[arm], note)]
        return [*blank, replace(test, stat="p_value", value=math.nan, note=note)]
    value = data.spells.value / unit
    parts = {f"{ARM}={arm}": np.where(data.arm == arm, value, 0.0) for arm in arms}
    apart = _fit(data, parts, spec, adjusted=True)
    # the same model as one ratio and what the others differ from it, in which the model of one ratio is nested
    further = {name: parts[name] for name in list(parts)[:-1]}
    larger, smaller = (_fit(data, {place.variable: value, **columns}, spec, adjusted=True) for columns in (further, {}))
    found = compare_nested(larger, smaller)
    made = replace(test, method=found.method, note=found.note)
    values = {"statistic": found.statistic, "df": found.df, "p_value": found.p_value}
    rows = [row for arm in arms for row in _effect_rows(places[arm], apart, f"{ARM}={arm}")]
    return rows + [replace(made, stat=stat, value=float(number)) for stat, number in values.items()]


def _is_tested(row: Row, block: str) -> bool:
    """Whether a row is a test of the family: of everyone, in the last block."""
    return row.measure == "hazard_ratio" and row.stat == "p_value" and row.block == block and row.arm == EVERYONE


def _family_rows(tested: list[Row], spec: AssociationSpec) -> list[Row]:
    if spec.multiplicity == "none":
        return []
    adjusted = adjust_p_values([row.value for row in tested], method=spec.multiplicity)
    return [
        replace(row, measure="marker_test_adjusted", value=float(value), method=spec.multiplicity)
        for row, value in zip(tested, adjusted, strict=True)
    ]

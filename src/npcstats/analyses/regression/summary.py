"""Hazard ratios of the arms: unadjusted, stratified, adjusted, in subgroups; and whether hazards are proportional."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from npcstats.analyses.adjustment.design import covariate_columns
from npcstats.analyses.adjustment.spec import Covariate
from npcstats.analyses.regression.rows import ADJUSTED, GLOBAL, STRATIFIED, UNADJUSTED
from npcstats.analyses.regression.spec import REFERENCES, RegressionSpec, Subgroup, regression_faults
from npcstats.analyses.timetoevent.groups import timed_sample
from npcstats.analyses.timetoevent.making import comparison_rows, stratum_labels, too_few_events
from npcstats.analyses.timetoevent.strata import strata_words
from npcstats.choices import refuse_faults
from npcstats.derive import compared_words, level_texts, require_columns, results_of
from npcstats.errors import SpecError
from npcstats.estimators.timetoevent import (
    Cox,
    FineGray,
    compare_nested,
    estimate_residual_course,
    fit_cox,
    fit_fine_gray,
)
from npcstats.estimators.types import DesignMatrix, Interval, Test
from npcstats.results import Analysis, Results, Row, count_rows, interval_rows
from npcstats.study import ARM, Endpoint, Study

_TRANSFORM_WORDS = {
    "km": "time on the Kaplan–Meier scale",
    "rank": "ranks of time",
    "identity": "time as it is",
    "log": "logarithms of time",
}
_PAIR = 2


@dataclass(frozen=True, eq=False)
class _Data:
    """Members with their times and causes, and the arms as columns: each arm but the reference."""

    members: pd.DataFrame
    time: np.ndarray
    cause: np.ndarray
    arms: Mapping[str, np.ndarray]
    reference: str

    def of(self, kept: np.ndarray) -> _Data:
        """Return some of the members."""
        arms = {code: column[kept] for code, column in self.arms.items()}
        members = self.members.loc[kept].reset_index(drop=True)
        return _Data(members, self.time[kept], self.cause[kept], arms, self.reference)

    @property
    def events(self) -> int:
        """Return the number of events."""
        return int((self.cause == 1).sum())


def summarize_regression(study: Study, spec: RegressionSpec) -> Results:
    """Compare the hazards of the arms by regression.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    spec : RegressionSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``regression``; without arms only the covariates' hazard ratios.

    Raises
    ------
    SpecError
        If a choice is not in its closed set, nothing is left to be fitted, or a covariate has
        values that its levels or its scale do not take.
    DataError
        If an event precedes time zero, or a column is not in the data.

    Notes
    -----
    Denominator: members of the population with every covariate, all at risk at time zero, in each model alike.
    Missing data: a participant without an assessment after time zero is censored there; one without a covariate is
    in no model, and counted; one without a value of a stratum's column is in a stratum of its own.
    """
    refuse_faults(spec.id, regression_faults(spec))
    endpoint = study.design.endpoint(spec.endpoint)
    data = _data(study, spec, endpoint)
    if not data.arms and not spec.covariates:
        raise SpecError(f"plan: {spec.id} has neither arms nor covariates in session {study.session}; one is required.")
    columns, known = _covariates(study, data.members, spec)
    missing, lacking = len(known) - int(known.sum()), _lacking_rows(study, data.members, spec)
    data, columns = data.of(known), {name: values[known] for name, values in columns.items()}
    start = Row(spec.id, spec.population, "participants", "count", 0.0)
    rows: list[Row] = []
    if data.arms:
        named = replace(start, block=UNADJUSTED)
        rows += [*_model_rows(named, data, {}, spec), *_arm_count_rows(named, data)]
        if spec.strata:
            rows += _model_rows(replace(start, block=STRATIFIED), data, {}, spec)
    if spec.covariates:
        named = replace(start, block=ADJUSTED)
        rows += [replace(named, measure="missing", value=float(missing)), *lacking]
        rows += _model_rows(named, data, columns, spec)
    for subgroup in spec.subgroups if data.arms else ():
        rows += _subgroup_rows(replace(start, block=UNADJUSTED), data, subgroup, spec)
    return results_of(study, spec.id, rows, _analysis(study, spec, endpoint))


def _data(study: Study, spec: RegressionSpec, endpoint: Endpoint) -> _Data:
    sample = timed_sample(study, spec.population, endpoint)
    codes = [arm.code for arm in study.arms]
    if len(codes) > 1 and not spec.reference:
        raise SpecError(f"plan: reference of {spec.id} is empty; one of {', '.join(REFERENCES)} is required.")
    reference = codes[0 if spec.reference == "first" else -1] if len(codes) > 1 else ""
    arms = {
        code: (sample.members[ARM] == code).to_numpy(dtype=float) for code in codes if reference and code != reference
    }
    return _Data(sample.members, sample.times.time, sample.times.cause, arms, reference)


def _covariates(study: Study, members: pd.DataFrame, spec: RegressionSpec) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Columns of the adjusted model, and who has them all: every model is fitted to these, so that they compare."""
    require_columns(members, "adsl", spec.strata, f"analysis {spec.id}")
    return covariate_columns(study, members, spec.covariates, spec.id)


def _lacking_rows(study: Study, members: pd.DataFrame, spec: RegressionSpec) -> list[Row]:
    """How many of the population have no value of each covariate."""
    named = Row(spec.id, spec.population, "missing", "count", 0.0, block=ADJUSTED)
    rows = []
    for item in spec.covariates:
        _, known = covariate_columns(study, members, (item,), spec.id)
        rows.append(replace(named, variable=item.column, value=float((~known).sum())))
    return rows


def _fit(
    data: _Data, columns: Mapping[str, np.ndarray], spec: RegressionSpec, strata: np.ndarray | None
) -> Cox | FineGray:
    if spec.model == "fine-gray":
        design = _design(data, columns)
        return fit_fine_gray(data.time, data.cause, design, cause_of_interest=1, conf_level=spec.conf_level)
    return _cox(data, columns, spec, strata)


def _cox(data: _Data, columns: Mapping[str, np.ndarray], spec: RegressionSpec, strata: np.ndarray | None) -> Cox:
    design, event = _design(data, columns), data.cause == 1
    return fit_cox(data.time, event, design, ties=spec.ties, strata=strata, conf_level=spec.conf_level)


def _design(data: _Data, columns: Mapping[str, np.ndarray]) -> DesignMatrix:
    everything = {f"{ARM}={code}": column for code, column in data.arms.items()} | dict(columns)
    return DesignMatrix(np.column_stack(list(everything.values())), tuple(everything))


def _model_rows(template: Row, data: _Data, columns: Mapping[str, np.ndarray], spec: RegressionSpec) -> list[Row]:
    """One model: who is in it, its hazard ratios, and whether hazards are proportional."""
    rows = [replace(template, value=float(len(data.time)))]
    rows += count_rows(replace(template, measure="events"), data.events, len(data.time))
    places = _places(template, data, columns)
    if data.events < spec.minimum_events:
        return rows + [row for place in places.values() for row in _blank_effect(place, spec)]
    strata = None if template.block == UNADJUSTED else stratum_labels(data.members, tuple(spec.strata))
    fit = _fit(data, columns, spec, strata)
    for name, place in places.items():
        rows += _effect_rows(place, fit, name)
    if isinstance(fit, Cox):
        rows += _proportional_rows(template, fit, places, spec)
    return rows


def _places(template: Row, data: _Data, columns: Mapping[str, np.ndarray]) -> dict[str, Row]:
    """Where each coefficient stands, by name of its column."""
    arms = {f"{ARM}={code}": replace(template, arm=code, reference=data.reference, variable=ARM) for code in data.arms}
    others = {}
    for name in columns:
        variable, _, level = name.partition("=")
        others[name] = replace(template, variable=variable, level=level)
    return {**arms, **others}


def _blank_effect(place: Row, spec: RegressionSpec) -> list[Row]:
    ratio = replace(place, measure="hazard_ratio", value=math.nan, note=too_few_events(spec.minimum_events))
    return [replace(ratio, stat=stat) for stat in ("estimate", "ci_low", "ci_high", "p_value")]


def _effect_rows(place: Row, fit: Cox | FineGray, name: str) -> list[Row]:
    ratio, column = fit.interval(name), fit.names.index(name)
    named = replace(place, measure="hazard_ratio")
    made = replace(place, measure="log_hazard_ratio", method=ratio.method, note=ratio.note)
    return [
        *interval_rows(named, ratio),
        replace(named, stat="p_value", value=float(fit.p_value[column]), method=ratio.method, note=ratio.note),
        replace(made, stat="estimate", value=float(fit.coef[column])),
        replace(made, stat="std_error", value=float(fit.std_error[column])),
    ]


def _proportional_rows(template: Row, fit: Cox, places: Mapping[str, Row], spec: RegressionSpec) -> list[Row]:
    found = fit.ph_test(spec.ph_transform)
    rows: list[Row] = []
    for name, place in places.items():
        test = found.by_column[found.names.index(name)]
        rows += comparison_rows(replace(place, measure="proportional_hazards"), test)
    together = Test(found.statistic, found.df, found.p_value, found.method, found.note)
    rows += comparison_rows(replace(template, measure="proportional_hazards", variable=GLOBAL), together)
    if template.block != UNADJUSTED or not spec.course_knots:
        return rows
    for name, place in places.items():
        column = found.names.index(name)
        order = np.argsort(found.time, kind="stable")
        drawn = replace(place, measure="scaled_residual", stat="estimate")
        rows += [
            replace(drawn, time=float(found.time[i]), level=str(number), value=float(found.residuals[i, column]))
            for number, i in enumerate(order, start=1)
            if not math.isnan(found.residuals[i, column])
        ]
        course = estimate_residual_course(
            found,
            name,
            variance=float(fit.model_vcov[column, column]),
            knots=spec.course_knots,
            conf_level=spec.conf_level,
        )
        smooth = replace(place, measure="coefficient_course")
        for values in zip(course.time, course.estimate, course.lower, course.upper, strict=True):
            time, *limits = map(float, values)
            interval = Interval(limits[0], limits[1], limits[2], spec.conf_level, "natural cubic spline")
            rows += interval_rows(replace(smooth, time=time), interval)
    return rows


def _arm_count_rows(template: Row, data: _Data) -> list[Row]:
    """Participants and events of each arm."""
    rows: list[Row] = []
    for arm in (*data.arms, data.reference):
        of_arm = (data.members[ARM] == arm).to_numpy()
        counted = replace(template, arm=arm)
        rows.append(replace(counted, value=float(of_arm.sum())))
        events = int((data.cause[of_arm] == 1).sum())
        rows += count_rows(replace(counted, measure="events"), events, int(of_arm.sum()))
    return rows


def _subgroup_rows(template: Row, data: _Data, subgroup: Subgroup, spec: RegressionSpec) -> list[Row]:
    require_columns(data.members, "adsl", (subgroup.column,), f"a subgroup of {spec.id}")
    text = level_texts(data.members[subgroup.column]).to_numpy(dtype=str)
    rows: list[Row] = []
    for code in subgroup.levels:
        part = data.of(text == code)
        named = replace(template, subgroup=f"{subgroup.column}={code}")
        rows += _arm_count_rows(named, part)
        places = _places(named, part, {})
        if part.events < spec.minimum_events:
            rows += [row for place in places.values() for row in _blank_effect(place, spec)]
            continue
        fit = _fit(part, {}, spec, None)
        rows += [row for name, place in places.items() for row in _effect_rows(place, fit, name)]
    known = np.isin(text, list(subgroup.levels))
    test = _interaction(data.of(known), text[known], subgroup, spec)
    return rows + comparison_rows(replace(template, measure="interaction", variable=subgroup.column), test)


def _interaction(data: _Data, text: np.ndarray, subgroup: Subgroup, spec: RegressionSpec) -> Test:
    """Compare the model in which the arms' effect differs between levels with the one in which it does not."""
    method = "likelihood ratio test of arm by subgroup"
    if data.events < spec.minimum_events:
        return Test(math.nan, math.nan, math.nan, method, too_few_events(spec.minimum_events))
    levels = {f"{subgroup.column}={code}": (text == code).astype(float) for code in list(subgroup.levels)[1:]}
    products = {f"{arm}*{name}": column * level for arm, column in data.arms.items() for name, level in levels.items()}
    larger, smaller = (_cox(data, columns, spec, None) for columns in ({**levels, **products}, levels))
    return replace(compare_nested(larger, smaller), method=method)


def _analysis(study: Study, spec: RegressionSpec, endpoint: Endpoint) -> Analysis:
    variables = {s.column: s.label for s in spec.subgroups} | {c.column: c.label for c in spec.covariates}
    return Analysis(
        spec.label,
        "regression",
        spec.status,
        spec.population,
        sentences=_sentences(study, spec, endpoint),
        choices={
            "model": spec.model,
            "ties": spec.ties if spec.model == "cox" else "",
            "ph_transform": spec.ph_transform if spec.model == "cox" else "",
            "origin": endpoint.origin,
            "origin_label": study.design.zero_words(endpoint),
            "estimand": spec.estimand if study.arms else "",
            **({"stratified": True} if spec.strata else {}),
            "minimum_events": spec.minimum_events,
            **{f"reference.{item.column}": next(iter(item.levels)) for item in spec.covariates if item.levels},
        },
        labels={
            "block": _block_labels(spec),
            "variable": {ARM: "Arm", GLOBAL: "All terms together", **variables},
            "level": _level_labels(spec.covariates),
            "subgroup": _level_labels(spec.subgroups),
        },
        units={},
    )


def _level_labels(items: Iterable[Covariate | Subgroup]) -> dict[str, str]:
    return {f"{item.column}={code}": words for item in items for code, words in item.levels.items()}


def _sentences(study: Study, spec: RegressionSpec, endpoint: Endpoint) -> dict[str, str]:
    sentences = {
        "definition": study.design.definition(endpoint),
        "population": study.design.population(spec.population).definition,
        "method": _method_sentence(spec, endpoint),
    }
    if spec.covariates:
        names = "; ".join(item.label for item in spec.covariates)
        models = "All models are" if study.arms else "The model is"
        sentences["adjustment"] = f"Adjusted for: {names}. {models} of participants with all of these."
        if spec.reason:
            sentences["reason"] = spec.reason
    if spec.strata:
        sentences["strata"] = _strata_sentence(study, spec)
    if study.arms:
        sentences["wording"] = compared_words(study, spec.population).hazards
    if spec.model == "cox":
        sentences["proportional_hazards"] = (
            f"Proportional hazards: score test on scaled Schoenfeld residuals, {_TRANSFORM_WORDS[spec.ph_transform]}."
        )
    if spec.subgroups and study.arms:
        models = "neither adjusted nor stratified" if spec.strata else "not adjusted"
        together = ", all arms together" if len(study.arms) > _PAIR else ""
        sentences["subgroups"] = (
            f"Subgroups are {models}; interaction: likelihood ratio test of arm by subgroup{together}."
        )
    least = f"With fewer than {spec.minimum_events} events" if spec.minimum_events > 1 else "Without an event"
    sentences["minimum"] = f"{least} no model is fitted."
    return sentences


def _strata_sentence(study: Study, spec: RegressionSpec) -> str:
    told = []
    if study.arms:
        each = f"{'combination' if len(spec.strata) > 1 else 'value'} of {strata_words(spec.strata)}"
        told.append(f"Stratified: Cox regression of the arms, with a baseline hazard for each {each}.")
    if spec.covariates:
        told.append(f"The adjusted model is stratified by {strata_words(spec.strata)}.")
    return " ".join(told)


def _block_labels(spec: RegressionSpec) -> dict[str, str]:
    stratified = {STRATIFIED: f"Stratified by {strata_words(spec.strata)}"} if spec.strata else {}
    return {UNADJUSTED: "Unadjusted", **stratified, ADJUSTED: "Adjusted"}


def _method_sentence(spec: RegressionSpec, endpoint: Endpoint) -> str:
    if spec.model == "fine-gray":
        return "Subdistribution hazard ratios by Fine and Gray's model, with its sandwich variance."
    ties = spec.ties.capitalize()
    if endpoint.competing:
        return f"Cause-specific hazard ratios by Cox regression, ties by {ties}; a competing event ends follow-up."
    return f"Hazard ratios by Cox regression, ties by {ties}."

"""Change of body weight from before treatment: the lowest weight of a period, and the weight at visits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from npcstats.analyses.care.rows import (
    BASELINE,
    NO_BASELINE,
    NOT_WEIGHED,
    UNWEIGHED,
    VISIT,
    loss_level,
)
from npcstats.analyses.care.shares import Compared, difference_rows, share_rows
from npcstats.analyses.care.spec import WeightSpec, weight_faults
from npcstats.choices import refuse_faults
from npcstats.clinical.laboratory import WEIGHT_KEPT, grade_weight_loss
from npcstats.derive import (
    NEAREST_RECORD,
    OUTSIDE_WORDS,
    GradeWindow,
    Group,
    arm_groups,
    arm_pair,
    denominator_sentence,
    evaluable_members,
    population_members,
    require_columns,
    results_of,
    visit_due,
    visit_records,
    window_span,
)
from npcstats.errors import DataError
from npcstats.estimators.continuous import compare_means, summarize_continuous
from npcstats.estimators.types import Interval
from npcstats.formatting import counted
from npcstats.results import Analysis, Choice, Results, Row, count_rows, interval_rows
from npcstats.study import Study, Visit

LOSSES: dict[int, int] = {grade: round(100 * (1 - kept)) for grade, kept in WEIGHT_KEPT}
"""Least loss in percent of each grade."""
DUE = "Due at a visit: who was alive at its window, which is over, and who was weighed."
NOBODY = "Nobody in this column has a value."
NUMBERS = {"mean": "mean", "std_deviation": "std_deviation", "median": "median", "lowest_value": "minimum"}
UNADJUSTED = "Not adjusted for baseline differences or for multiplicity."


@dataclass(frozen=True, eq=False)
class _Sample:
    """Who is summarized: weights with their member's place, and the weight before treatment, NaN where unknown."""

    study: Study
    spec: WeightSpec
    members: pd.DataFrame
    groups: tuple[Group, ...]
    weights: pd.DataFrame
    before: np.ndarray


def summarize_weight(study: Study, spec: WeightSpec) -> Results:
    """Summarize the change of body weight by arm and for everyone.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    spec : WeightSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``weight``; a change is the share of the weight before treatment that was gained.

    Raises
    ------
    SpecError
        If a choice is not in its closed set.
    DataError
        If the study has no such column, or a weight is recorded in another unit or is not above 0.

    Notes
    -----
    Denominator: of a period, its evaluable participants who were weighed before treatment and in the period; of a
    visit, those weighed before treatment and at it. Those outside are counted by reason. A loss is graded on the
    weights themselves, at 15 significant digits: exactly 5 % is one of 5 % or more. Nothing is adjusted.
    """
    refuse_faults(spec.id, weight_faults(spec))
    reason = f"analysis {spec.id}"
    require_columns(study["adlb"], "adlb", ("PARAMCD", "ADT", "AVAL", "AVALU"), reason)
    members = population_members(study, spec.population)
    require_columns(members, "adsl", ("DTHDT", spec.baseline), reason)
    weights = _weights(study, members, spec)
    before = _before(weights, members, spec)
    sample = _Sample(study, spec, members, arm_groups(study, members), weights, before)
    start = Row(spec.id, spec.population, "participants", "count", 0.0)
    rows = [replace(start, arm=group.arm, value=float(group.members.sum())) for group in sample.groups]
    rows += _number_rows(replace(start, block=BASELINE, unit=spec.unit), before, sample)
    for window in spec.windows:
        rows += _window_rows(replace(start, window=window.code), window, sample)
    for code in spec.visits:
        rows += _visit_rows(replace(start, block=VISIT, variable=code), study.design.visit(code), sample)
    return results_of(study, spec.id, rows, _analysis(study, spec))


def _weights(study: Study, members: pd.DataFrame, spec: WeightSpec) -> pd.DataFrame:
    records = study["adlb"].loc[study["adlb"]["PARAMCD"] == spec.param]
    others = int((records["AVALU"] != spec.unit).sum())
    if others:
        raise DataError(
            f"adlb.AVALU: {counted(others, 'record')} of {spec.param} in another unit; {spec.unit} is required."
        )
    low = int((records["AVAL"] <= 0).sum())
    if low:
        raise DataError(f"adlb.AVAL: {counted(low, 'value')} of {spec.param} not above 0; a weight is required.")
    member = pd.Index(members["USUBJID"]).get_indexer(pd.Index(records["USUBJID"]))
    placed = records.assign(member=member)
    return pd.DataFrame(placed.loc[(placed["member"] >= 0) & placed["AVAL"].notna() & placed["ADT"].notna()])


def _before(weights: pd.DataFrame, members: pd.DataFrame, spec: WeightSpec) -> np.ndarray:
    """The last weight on or before the date of each member; of two on a day the lower."""
    date = members[spec.baseline].to_numpy()[weights["member"]]
    early = weights.loc[weights["ADT"].to_numpy() <= date]
    last = early.sort_values(["ADT", "AVAL"], ascending=[False, True], kind="stable").drop_duplicates("member")
    found = np.full(len(members), np.nan)
    found[last["member"]] = last["AVAL"]
    return found


def _window_rows(named: Row, window: GradeWindow, sample: _Sample) -> list[Row]:
    lowest = _lowest(window, sample)
    span = window_span(sample.study, sample.members, window)
    evaluable, outside = evaluable_members(sample.study, sample.members, window, span, _weighings(window, sample))
    known = ~np.isnan(sample.before)
    inside = evaluable & known & ~np.isnan(lowest)
    outside = {**outside, NO_BASELINE: evaluable & ~known, NOT_WEIGHED: evaluable & known & np.isnan(lowest)}
    rows = _observed_rows(named, inside, np.ones(len(inside), dtype=bool), outside, sample)
    change = np.where(inside, lowest / sample.before - 1, np.nan)
    rows += _number_rows(named, change, sample)
    rows += _mean_rows(named, change, sample)
    graded = _graded(lowest, sample)
    for grade, percent in LOSSES.items():
        risk = replace(named, measure="risk", level=loss_level(percent))
        rows += share_rows(risk, graded >= grade, inside, sample.groups, _compared(sample))
        rows += difference_rows(risk, graded >= grade, inside, sample.groups, _compared(sample))
    return rows


def _compared(sample: _Sample) -> Compared:
    spec = sample.spec
    return Compared(spec.interval, spec.difference, spec.conf_level, arm_pair(sample.study))


def _in_window(window: GradeWindow, sample: _Sample) -> pd.DataFrame:
    """Weights of a period, after the day of the weight before treatment."""
    span, weights = window_span(sample.study, sample.members, window), sample.weights
    start, end = (dates.to_numpy()[weights["member"]] for dates in (span.start, span.end))
    day = weights["ADT"].to_numpy()
    after = ~(day <= sample.members[sample.spec.baseline].to_numpy()[weights["member"]])
    return pd.DataFrame(weights.loc[after & (day >= start) & ((day <= end) | np.isnat(end))])


def _lowest(window: GradeWindow, sample: _Sample) -> np.ndarray:
    inside = _in_window(window, sample)
    found = np.full(len(sample.members), np.inf)
    np.minimum.at(found, inside["member"].to_numpy(), inside["AVAL"].to_numpy(dtype=float))
    return np.where(np.isinf(found), np.nan, found)


def _weighings(window: GradeWindow, sample: _Sample) -> pd.DataFrame:
    """Weighings as evidence of who was seen in a period."""
    inside = _in_window(window, sample)
    return pd.DataFrame({"member": inside["member"], "ASTDT": inside["ADT"], "AENDT": inside["ADT"]})


def _graded(weight: np.ndarray, sample: _Sample) -> np.ndarray:
    known = ~np.isnan(weight) & ~np.isnan(sample.before)
    grade = np.zeros(len(weight))
    found = grade_weight_loss(weight[known], sample.before[known], version=sample.spec.version, unit=sample.spec.unit)
    grade[known] = found.lowest
    return grade


def _visit_rows(named: Row, visit: Visit, sample: _Sample) -> list[Row]:
    chosen = visit_records(sample.weights, sample.members, visit)
    weight = np.full(len(sample.members), np.nan)
    weight[chosen.index.to_numpy(dtype=int)] = chosen["AVAL"].to_numpy(dtype=float)
    due, known = visit_due(sample.study, sample.members, visit), ~np.isnan(sample.before)
    weighed = ~np.isnan(weight)
    inside = weighed & known
    outside = {NOT_WEIGHED: ~weighed & due, NO_BASELINE: weighed & ~known}
    change = np.where(inside, weight / sample.before - 1, np.nan)
    rows = _observed_rows(named, inside, weighed | due, outside, sample)
    rows += _number_rows(named, change, sample)
    return rows + _mean_rows(named, change, sample)


def _observed_rows(
    named: Row, inside: np.ndarray, among: np.ndarray, outside: Mapping[str, np.ndarray], sample: _Sample
) -> list[Row]:
    """How many have a change, of how many, and why the others have none."""
    rows: list[Row] = []
    for group in sample.groups:
        at, own = replace(named, arm=group.arm), group.members
        rows += count_rows(replace(at, measure="observed"), int((own & inside).sum()), int((own & among).sum()))
        rows += [
            replace(at, measure="not_evaluable", level=why, value=float((own & mask).sum()))
            for why, mask in outside.items()
        ]
    return rows


def _number_rows(named: Row, values: np.ndarray, sample: _Sample) -> list[Row]:
    rows: list[Row] = []
    for group in sample.groups:
        own = values[group.members & ~np.isnan(values)]
        found = summarize_continuous(own, weights=None, quantile_type=sample.spec.quantile_type)
        at = replace(named, arm=group.arm, stat="estimate")
        if named.block == BASELINE:
            rows.append(replace(at, measure="observed", stat="count", value=float(len(own)), unit=""))
        for name, of in NUMBERS.items():
            value = float(getattr(found, of))
            note = "" if not np.isnan(value) else found.note if len(own) else NOBODY
            rows.append(replace(at, measure=name, value=value, note=note))
    return rows


def _mean_rows(named: Row, change: np.ndarray, sample: _Sample) -> list[Row]:
    pair, spec = arm_pair(sample.study), sample.spec
    if pair is None or not spec.mean_difference:
        return []
    known = ~np.isnan(change)
    values = [change[group.members & known] for arm in pair for group in sample.groups if group.arm == arm]
    found = compare_means(*values, method=spec.mean_difference, conf_level=spec.conf_level)
    interval = Interval(found.estimate, found.lower, found.upper, spec.conf_level, spec.mean_difference, found.note)
    return interval_rows(replace(named, measure="mean_difference", arm=pair[0], reference=pair[1]), interval)


def _analysis(study: Study, spec: WeightSpec) -> Analysis:
    words, pair = study.design.words, arm_pair(study)
    date = words.dates.get(spec.baseline, spec.baseline)
    sentences = {
        "population": study.design.population(spec.population).definition,
        "change": f"Change in percent of the weight before treatment, the last on or before the day of {date}.",
        "lowest": "The lowest weight of a period decides, and is compared as recorded: a loss of exactly so many "
        f"percent is one of so many or more (cuts of CTCAE version {spec.version}).",
        **_window_sentences(study, spec.windows),
        "interval": f"Confidence limits of a share: {spec.interval.title().replace('-', '–')}.",
    }
    if spec.visits:
        sentences["visits"] = f"{NEAREST_RECORD} {DUE}"
    if pair:
        means = f"; of a difference of means: {spec.mean_difference.title()}" if spec.mean_difference else ""
        sentences["difference"] = f"Limits of a risk difference: {spec.difference.title()}{means}."
        sentences["adjustment"] = UNADJUSTED
    labels = {
        "block": {BASELINE: "Weight before treatment", VISIT: "Change at visits"},
        "variable": {code: study.design.visit(code).label for code in spec.visits},
        "level": {**OUTSIDE_WORDS, **UNWEIGHED, **{loss_level(p): f"{p}% or more" for p in LOSSES.values()}},
        "window": {window.code: window.label for window in spec.windows},
    }
    choices: dict[str, Choice] = {
        "interval": spec.interval,
        "difference": spec.difference if pair else "",
        "mean_difference": spec.mean_difference if pair else "",
        "estimand": spec.estimand if pair else "",
        "quantile_type": spec.quantile_type,
        "unit": spec.unit,
    }
    return Analysis(spec.label, "weight", spec.status, spec.population, sentences, choices, labels)


def _window_sentences(study: Study, windows: Sequence[GradeWindow]) -> dict[str, str]:
    told = {}
    for window in windows:
        told[f"period.{window.code}"] = study.design.definition(study.design.period(window.period))
        told[f"denominator.{window.code}"] = (
            denominator_sentence(window).removesuffix(".") + "; of these, who was weighed before treatment and in it."
        )
    return told

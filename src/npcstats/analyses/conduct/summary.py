"""What a monitoring board asks first: accrual, status, screening, deviations, completeness, and thresholds for a look.

A threshold is the plan's; whether it is passed is a rule, never an impression, and no p-value decides it.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import pandas as pd

from npcstats.derive import (
    NOT_LISTED,
    Group,
    arm_groups,
    check_named,
    cutoff_day,
    population_members,
    require_columns,
    results_of,
)
from npcstats.errors import SpecError
from npcstats.estimators.continuous import summarize_continuous
from npcstats.results import EVERYONE, Analysis, Results, Row, count_rows, select, share_rows
from npcstats.study import DAYS_PER_MONTH, Status, Study

Direction = Literal["above", "below"]
DIRECTIONS: tuple[Direction, ...] = ("above", "below")
SCREENED = "SCREENED"


@dataclass(frozen=True)
class AccrualSpec:
    """Enrolment against plan; ``recent_months`` is the stretch whose rate projects completion."""

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    recent_months: float
    status: Status


@dataclass(frozen=True)
class StatusItem:
    """A state of participants.

    Parameters
    ----------
    code, label, block : str
        Code in results, name on the page, group of rows.
    column : str
        ADSL column; a participant is in the state where it is filled.
    value : str
        Where given, the column must equal it.
    anchor : str
        Where given, the date in `column` must lie within `within` days after this date.
    within : int
        Days.
    blank_from : str
        ADSL date column; who has that date, and nothing in `column`, counts as having `value` there.
    """

    code: str
    label: str
    block: str
    column: str
    value: str = ""
    anchor: str = ""
    within: int = 0
    blank_from: str = ""


@dataclass(frozen=True)
class StatusSpec:
    """Participants by state."""

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    items: tuple[StatusItem, ...]
    status: Status


@dataclass(frozen=True)
class ScreeningSpec:
    """Screened persons by the criterion that they failed.

    ``criteria`` gives each its label, in the order in which they are assessed; consent is not one of them, as all who
    are counted gave it.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    criteria: Mapping[str, str]
    status: Status


@dataclass(frozen=True)
class DeviationSpec:
    """Protocol deviations by category and kind; ``categories`` gives each category its label."""

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    categories: Mapping[str, str]
    status: Status


@dataclass(frozen=True)
class CompletenessSpec:
    """What was due and what was received; ``kinds`` gives each kind its label."""

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    kinds: Mapping[str, str]
    quantile_type: int
    status: Status


@dataclass(frozen=True)
class Watch:
    """A number under watch.

    Parameters
    ----------
    id, label : str
        Its id in results and what is watched, in words.
    rows : mapping of str to str
        Columns and values that select the candidate rows; the most extreme one is watched.
    direction : {"above", "below"}
        On which side of the threshold a look is due.
    threshold : float
        In the unit of the rows.
    magnitude : bool
        Whether the size is watched, whatever the sign.
    without : mapping of str to str
        Columns and values of rows that are not candidates.
    minimum_total : int
        A row is a candidate only where every group in it has at least this denominator.
    """

    id: str
    label: str
    rows: Mapping[str, str]
    direction: Direction
    threshold: float
    magnitude: bool = False
    without: Mapping[str, str] = field(default_factory=dict)
    minimum_total: int = 0


@dataclass(frozen=True)
class ThresholdSpec:
    """The plan's thresholds for a look."""

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    watches: tuple[Watch, ...]
    status: Status


def summarize_accrual(study: Study, spec: AccrualSpec) -> Results:
    """Count enrolment by month against the plan and project its completion.

    Parameters
    ----------
    study : Study
        At its cut-off.
    spec : AccrualSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``accrual``; time in months since the first planned day.

    Notes
    -----
    Denominator: the planned size. Missing data: none, as every participant has a date of enrolment.
    Convention: the projection is a straight line at the rate of the last months, or of all months where accrual is
    younger than that; a month is 30.4375 days.
    """
    design = study.design
    start, end = pd.Timestamp(design.accrual_start), cutoff_day(study)
    enrolled = population_members(study, spec.population)["ENRLDT"]
    months = ((enrolled - start).dt.days / DAYS_PER_MONTH).to_numpy(dtype=float)
    now = (end - start).days / DAYS_PER_MONTH
    times = [*np.arange(0.0, np.floor(now) + 1.0), now]
    template = Row(spec.id, spec.population, "enrolled", "count", float(len(months)), variable="ENRL")
    rows = count_rows(template, len(months), design.planned_size)
    rows += [replace(template, time=float(t), value=float((months <= t).sum())) for t in dict.fromkeys(times)]
    planned_months, shares = (np.array(part) for part in zip(*design.accrual_plan, strict=True))
    plan = replace(template, measure="expected_enrolled")
    for t in sorted({*times, *planned_months.tolist()}):
        expected = float(np.interp(t, planned_months, shares)) * design.planned_size
        rows.append(replace(plan, time=float(t), value=expected))
    rows.append(_projection(template, months, now, study, spec))
    return results_of(study, spec.id, rows, _analysis(spec, "accrual", {"ENRL": "Enrolled"}, _accrual_words(spec)))


def _projection(template: Row, months: np.ndarray, now: float, study: Study, spec: AccrualSpec) -> Row:
    named = replace(template, measure="projected_date", stat="estimate", unit="ordinal day")
    missing = study.design.planned_size - len(months)
    if missing <= 0:
        return replace(named, value=float("nan"), note="Enrolment is complete.")
    recent = int((months > now - spec.recent_months).sum())
    if recent == 0 or now <= 0:
        return replace(named, value=float("nan"), note="Nobody was enrolled recently, so no date can be projected.")
    rate = recent / min(spec.recent_months, now)
    day = study.design.accrual_start + datetime.timedelta(days=(now + missing / rate) * DAYS_PER_MONTH)
    return replace(named, value=float(day.toordinal()))


def _accrual_words(spec: AccrualSpec) -> dict[str, str]:
    months = "month" if spec.recent_months == 1 else f"{spec.recent_months:g} months"
    return {
        "method": "Planned: straight lines between the plan's milestones.",
        "projection": f"Projected completion: at the rate of the last {months}.",
    }


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
    rows = _participant_rows(study, spec, members)
    for item in spec.items:
        inside = _in_state(study, members, item)
        named = Row(spec.id, spec.population, "proportion", "count", 0.0, block=item.block, variable=item.code)
        rows += _shares(named, inside, arm_groups(study, members))
    labels = {item.code: item.label for item in spec.items}
    blocks = {item.block: item.block for item in spec.items}
    words = {"population": study.design.population(spec.population).definition}
    return results_of(study, spec.id, rows, _analysis(spec, "counts", labels, words, blocks))


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


def summarize_screening(study: Study, spec: ScreeningSpec) -> Results:
    """Count screened persons by the criterion that they failed.

    Parameters
    ----------
    study : Study
        At its cut-off.
    spec : ScreeningSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``counts``, for everyone only: a person who is not enrolled has no arm. A criterion without a label
        is counted, and not printed.

    Raises
    ------
    DataError
        If the export does not say which criterion failed.

    Notes
    -----
    Denominator: everyone screened by the cut-off. Missing data: a person without a failed criterion who is not
    enrolled is waiting.
    """
    require_columns(study["adscr"], "adscr", ("CRITERION",), f"analysis {spec.id}")
    criterion = study["adscr"]["CRITERION"]
    criterion = criterion.where(criterion.isin(["", *spec.criteria]), NOT_LISTED)
    found = (*spec.criteria, *([NOT_LISTED] if NOT_LISTED in set(criterion) else ()))
    total, failed = len(criterion), int((criterion != "").sum())
    enrolled = len(population_members(study, spec.population))
    start = Row(spec.id, SCREENED, "participants", "count", float(total))
    named = replace(start, measure="proportion", block="Screened")
    states = {"ENROLLED": enrolled, "FAILED": failed, "WAITING": max(total - failed - enrolled, 0)}
    rows = [start, *(row for code, n in states.items() for row in share_rows(replace(named, variable=code), n, total))]
    for code in found:
        at_code = replace(named, block="Criterion not met", variable=code)
        rows += share_rows(at_code, int((criterion == code).sum()), total)
    labels = {**_SCREENING_WORDS, **spec.criteria, **({NOT_LISTED: NOT_LISTED} if NOT_LISTED in found else {})}
    words = {
        "population": "All persons who signed consent for screening; those who did not are not counted.",
        "rule": "The first criterion not met counts; criteria are in the order in which they are assessed.",
    }
    blocks = {name: name for name in ("Screened", "Criterion not met")}
    return results_of(study, spec.id, rows, _analysis(spec, "counts", labels, words, blocks))


_SCREENING_WORDS = {
    "ENROLLED": "Enrolled",
    "FAILED": "A criterion not met",
    "WAITING": "Eligible so far, not yet enrolled",
}


def summarize_deviations(study: Study, spec: DeviationSpec) -> Results:
    """Count participants with each kind of protocol deviation.

    Parameters
    ----------
    study : Study
        At its cut-off.
    spec : DeviationSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``counts``.

    Raises
    ------
    DataError
        If the study has no category or term of deviations.

    Notes
    -----
    Denominator: everyone in the population. Missing data: a participant without a record has no deviation.
    """
    members = population_members(study, spec.population)
    groups = arm_groups(study, members)
    records = study["addv"]
    require_columns(records, "addv", ("DVCAT", "DVTERM"), f"analysis {spec.id}")
    rows = _participant_rows(study, spec, members)
    terms: dict[str, str] = {}
    for category in spec.categories:
        inside = records.loc[records["DVCAT"] == category]
        named = Row(spec.id, spec.population, "proportion", "count", 0.0, block=category)
        rows += _shares(replace(named, variable=EVERYONE), _anyone(members, inside), groups)
        terms[EVERYONE] = "Any"
        for term in (
            inside.groupby("DVTERM")["USUBJID"].nunique().sort_index().sort_values(ascending=False, kind="stable").index
        ):
            terms[str(term)] = str(term)
            of_term = _anyone(members, inside.loc[inside["DVTERM"] == term])
            rows += _shares(replace(named, variable=str(term)), of_term, groups)
    words = {
        "population": study.design.population(spec.population).definition,
        "rule": "Participants with at least one.",
    }
    return results_of(study, spec.id, rows, _analysis(spec, "counts", terms, words, dict(spec.categories)))


def _anyone(members: pd.DataFrame, records: pd.DataFrame) -> np.ndarray:
    result: np.ndarray = members["USUBJID"].isin(set(records["USUBJID"])).to_numpy()
    return result


def summarize_completeness(study: Study, spec: CompletenessSpec) -> Results:
    """Count what was due by the cut-off and what had been received, with the lag in days.

    Parameters
    ----------
    study : Study
        At its cut-off.
    spec : CompletenessSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``counts``.

    Raises
    ------
    DataError
        If the study does not say what was due when, or received.

    Notes
    -----
    Denominator: forms, samples and images due by the cut-off. Missing data: without a date of receipt it is not
    received; the lag is of those received.
    """
    members = population_members(study, spec.population)
    require_columns(study["adform"], "adform", ("KIND", "DUEDT", "RECDT"), f"analysis {spec.id}")
    due = study["adform"].loc[study["adform"]["USUBJID"].isin(set(members["USUBJID"]))]
    arm_of = members.set_index("USUBJID")
    rows = _participant_rows(study, spec, members)
    for kind in spec.kinds:
        of_kind = due.loc[due["KIND"] == kind]
        owners = arm_of.loc[of_kind["USUBJID"]].reset_index()
        lag = (of_kind["RECDT"] - of_kind["DUEDT"]).dt.days.to_numpy(dtype=float)
        named = Row(spec.id, spec.population, "proportion", "count", 0.0, variable=kind)
        for group in arm_groups(study, owners):
            rows += _received_rows(replace(named, arm=group.arm), lag[group.members], spec)
    words = {
        "denominator": "Received, of those due by the cut-off.",
        "lag": "Lag: median days from due date to receipt, of those received.",
    }
    return results_of(study, spec.id, rows, _analysis(spec, "counts", dict(spec.kinds), words))


def _received_rows(template: Row, lag: np.ndarray, spec: CompletenessSpec) -> list[Row]:
    received = lag[~np.isnan(lag)]
    median = summarize_continuous(received, weights=None, quantile_type=spec.quantile_type).median
    note = "Nothing was received." if np.isnan(median) else ""
    waiting = replace(template, measure="median", stat="estimate", value=float(median), unit="days", note=note)
    return [*share_rows(template, len(received), len(lag)), waiting]


def _participant_rows(
    study: Study, spec: StatusSpec | DeviationSpec | CompletenessSpec, members: pd.DataFrame
) -> list[Row]:
    start = Row(spec.id, spec.population, "participants", "count", 0.0)
    groups = arm_groups(study, members)
    return [replace(start, arm=group.arm, value=float(group.members.sum())) for group in groups]


def _shares(template: Row, inside: np.ndarray, groups: tuple[Group, ...]) -> list[Row]:
    return [
        row
        for group in groups
        for row in share_rows(
            replace(template, arm=group.arm), int((inside & group.members).sum()), int(group.members.sum())
        )
    ]


def _analysis(
    spec: AccrualSpec | StatusSpec | ScreeningSpec | DeviationSpec | CompletenessSpec,
    kind: str,
    variables: Mapping[str, str],
    sentences: Mapping[str, str],
    blocks: Mapping[str, str] | None = None,
) -> Analysis:
    labels = {"block": dict(blocks or {}), "variable": dict(variables)}
    return Analysis(spec.label, kind, spec.status, spec.population, sentences=dict(sentences), labels=labels)


def assess_thresholds(study: Study, results: Results, spec: ThresholdSpec) -> Results:
    """Compare watched numbers with the plan's thresholds for a look.

    Parameters
    ----------
    study : Study
        At its cut-off; supplies the words only.
    results : Results
        Every other analysis of the session.
    spec : ThresholdSpec
        What is watched.

    Returns
    -------
    Results
        Rows of kind ``thresholds``; the watched row's key is in the analysis' choices.

    Raises
    ------
    SpecError
        If a watch selects no row, or its direction is not in the closed set.

    Notes
    -----
    Missing data: where none of the selected rows could be estimated, whether the threshold is passed is not either;
    the row of all watches counts those known to be passed.
    """
    rows, keys = [], {}
    for watch in spec.watches:
        watched = _watched(results, watch)
        size = abs(watched.value) if watch.magnitude else watched.value
        passed = float(size > watch.threshold if watch.direction == "above" else size < watch.threshold)
        note = "The watched number cannot be estimated." if np.isnan(size) else ""
        named = Row(spec.id, spec.population, "threshold", "estimate", watch.threshold, variable=watch.id)
        value = np.nan if note else passed
        rows += [named, replace(named, measure="threshold_passed", stat="count", value=value, note=note)]
        keys[f"watch.{watch.id}"] = watched.key
        keys[f"direction.{watch.id}"] = watch.direction
    passed_count = sum(row.measure == "threshold_passed" and row.value == 1 for row in rows)
    everyone = Row(spec.id, spec.population, "threshold_passed", "count", 0.0, variable=EVERYONE)
    rows += count_rows(everyone, passed_count, len(spec.watches))
    labels = {"variable": {watch.id: watch.label for watch in spec.watches}}
    words = {"rule": "A look is due where a watched number is beyond the plan's threshold; no p-value decides it."}
    analysis = Analysis(spec.label, "thresholds", spec.status, spec.population, words, keys, labels)
    return results_of(study, spec.id, rows, analysis)


def _smallest_total(results: Results, row: Row) -> float:
    """Smallest denominator of the groups in a row."""
    place = {name: getattr(row, name) for name in ("analysis", "subgroup", "block", "variable", "level", "window")}
    arms = (row.arm, row.reference) if row.reference else (row.arm,)
    totals = [found.value for found in select(results, **place, arm=arms, stat="total")]
    return min(totals, default=np.inf)


def _watched(results: Results, watch: Watch) -> Row:
    if watch.direction not in DIRECTIONS:
        raise SpecError(
            f"plan: direction of {watch.id} is {watch.direction!r}; one of {', '.join(DIRECTIONS)} is required."
        )
    selected = select(results, **watch.rows)
    if not selected:
        raise SpecError(f"plan: watch {watch.id} selects no row; rows of this session are required.")
    kept = [row for row in selected if not any(getattr(row, name) == value for name, value in watch.without.items())]
    large = [row for row in kept if not np.isnan(row.value) and _smallest_total(results, row) >= watch.minimum_total]
    rows = large or [replace(selected[0], value=np.nan, note="Too few participants to watch.")]
    sign = 1.0 if watch.direction == "above" else -1.0
    return max(rows, key=lambda row: sign * (abs(row.value) if watch.magnitude else row.value))

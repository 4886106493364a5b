"""Tumor response: at its visit, what became of indeterminate readings, best overall, and rates with exact limits."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from npcstats.analyses.response.rows import AGAIN, ALL, BEST, CLASS, DIED, DUE, EVALUABLE, MISSING, PENDING
from npcstats.analyses.response.spec import BestResponseSpec, Confirmation, ResponseSpec
from npcstats.derive import (
    Group,
    arm_groups,
    arm_pair,
    compared_words,
    cutoff_day,
    first_event,
    population_members,
    require_columns,
    response_readings,
    results_of,
    visit_records,
)
from npcstats.errors import DataError
from npcstats.estimators.proportions import compare_proportions, estimate_proportion
from npcstats.formatting import counted
from npcstats.results import Analysis, Results, Row, count_rows, interval_rows, share_rows
from npcstats.study import Study, Visit

_STATE_LABELS = {MISSING: "No reading", DIED: "Died without a reading", PENDING: "Not due yet"}
_DENOMINATOR_LABELS = {DUE: "of those due", EVALUABLE: "of evaluable"}
_BEST_LABELS = {MISSING: "No record", ALL: "of all", EVALUABLE: "of evaluable"}


@dataclass(frozen=True)
class Readings:
    """Response of each member, object (n,): a class of the spec, or ``MISSING``, ``DIED`` or ``PENDING``.

    Parameters
    ----------
    visit, again : object (n,)
        At the visit and at the second one.
    best : object (n,)
        Best overall, independent of the visits.
    onset : datetime (n,)
        Day of the first reading that counts and has the best class; missing where the best is no reading.
    """

    visit: np.ndarray
    again: np.ndarray
    best: np.ndarray
    onset: pd.Series


def derive_readings(study: Study, members: pd.DataFrame, spec: ResponseSpec) -> Readings:
    """Derive response from the readings on or before the cut-off.

    Parameters
    ----------
    study : Study
        At its cut-off.
    members : DataFrame
        Participants whose anchor date is known.
    spec : ResponseSpec
        What is wanted.

    Returns
    -------
    Readings
        Aligned with `members`.

    Notes
    -----
    Convention: of several readings in a window the one nearest to the target day counts, the earlier on a tie, the
    less favourable on one day; one that is not evaluable only where there is no other. The best overall response is
    the best of the readings from the anchor on, up to the first progression (a reading, or an event at any time; it
    counts) or the first event that stops it, that day included.
    """
    require_columns(members, "adsl", (spec.visit.anchor, "DTHDT"), f"response {spec.id}")
    require_columns(study["adrs"], "adrs", ("ADT", "AVALC"), f"response {spec.id}")
    place = {code: float(i) for i, code in enumerate(spec.order)}
    records = response_readings(study, spec.param, f"response {spec.id}")
    records = records.loc[records["USUBJID"].isin(set(members["USUBJID"]))]
    _check_classes(records, spec)
    records = records.assign(AVAL=-records["AVALC"].map(place))
    first, second = (_at_visit(study, members, records, visit, spec) for visit in (spec.visit, spec.again))
    best, onset = _best(study, members, records, spec)
    best = np.where(best == "", _states(study, members, spec.visit), best)
    return Readings(first, second, best, onset)


def _at_visit(
    study: Study, members: pd.DataFrame, records: pd.DataFrame, visit: Visit, spec: ResponseSpec
) -> np.ndarray:
    found = _states(study, members, visit)
    no_reading = records["AVALC"].isin(spec.unevaluable)
    for chosen in (visit_records(records.loc[part], members, visit) for part in (no_reading, ~no_reading)):
        found[chosen.index.to_numpy(dtype=int)] = chosen["AVALC"].to_numpy(dtype=object)
    return found


def _states(study: Study, members: pd.DataFrame, visit: Visit) -> np.ndarray:
    """Why a member has no reading at a visit."""
    over = members[visit.anchor] + pd.Timedelta(days=visit.last)
    states = np.select([members["DTHDT"] <= over, over <= cutoff_day(study)], [DIED, MISSING], PENDING)
    return states.astype(object)


def _best(
    study: Study, members: pd.DataFrame, records: pd.DataFrame, spec: ResponseSpec
) -> tuple[np.ndarray, pd.Series]:
    """Best class of each member, empty where nothing counts, and the day of its first reading."""
    by_id = members.set_index("USUBJID")
    progressed = first_event(study, members, spec.progression)
    events = pd.DataFrame({"USUBJID": members["USUBJID"], "ADT": progressed, "AVALC": spec.progressed}).dropna()
    every = pd.concat([records[["USUBJID", "ADT", "AVALC"]], events], ignore_index=True)
    shown = every.loc[every["AVALC"] == spec.progressed].groupby("USUBJID")["ADT"].min()
    stopped = pd.Series(first_event(study, members, spec.stopped_by).to_numpy(), index=members["USUBJID"])
    end = pd.concat([shown.reindex(stopped.index), stopped], axis=1).min(axis=1)
    after_end = every["ADT"] > every["USUBJID"].map(end)
    begun = (every["ADT"] >= every["USUBJID"].map(by_id[spec.visit.anchor])) | (every["AVALC"] == spec.progressed)
    counted = every.loc[begun & ~after_end]
    if spec.confirmation:
        counted = counted.assign(AVALC=_confirmed(counted, spec.confirmation))
    ranked = counted.assign(_place=counted["AVALC"].map({code: i for i, code in enumerate(spec.order)}))
    first = ranked.sort_values(["_place", "ADT"], kind="stable").drop_duplicates("USUBJID").set_index("USUBJID")
    chosen = first.reindex(members["USUBJID"])
    return chosen["AVALC"].fillna("").to_numpy(dtype=object), chosen["ADT"].reset_index(drop=True)


def _confirmed(readings: pd.DataFrame, rule: Confirmation) -> list[str]:
    """Classes, those that no later reading confirms replaced."""
    later = {who: list(zip(part["ADT"], part["AVALC"], strict=True)) for who, part in readings.groupby("USUBJID")}
    wait = pd.Timedelta(days=rule.days)
    return [
        code
        if code not in rule.by or any(day >= date + wait and other in rule.by[code] for day, other in later[who])
        else rule.otherwise
        for who, date, code in zip(readings["USUBJID"], readings["ADT"], readings["AVALC"], strict=True)
    ]


def summarize_response(study: Study, spec: ResponseSpec) -> Results:
    """Count classes of response and estimate rates by arm and for everyone.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    spec : ResponseSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``response``: one block for the visit, one for what became of the indeterminate, one for the best.

    Raises
    ------
    DataError
        If the study has no readings or no date that they are counted from.

    Notes
    -----
    Denominator: members of the population whose anchor is known and whose window is over, who were read, or who died
    before; in rates also those with an evaluable reading. Missing data: who has no reading stands in a row of its own
    and is no responder among those due. Rates are not adjusted for baseline differences.
    """
    members = population_members(study, spec.population)
    require_columns(members, "adsl", (spec.visit.anchor,), f"response {spec.id}")
    members = members.loc[members[spec.visit.anchor].notna()].reset_index(drop=True)
    readings = derive_readings(study, members, spec)
    groups, pair = arm_groups(study, members), arm_pair(study)
    start = Row(spec.id, spec.population, "participants", "count", 0.0)
    rows = [replace(start, arm=group.arm, value=float(group.members.sum())) for group in groups]
    indeterminate = readings.visit == spec.indeterminate
    for block, found in ((spec.visit.code, readings.visit), (BEST, readings.best)):
        named = replace(start, block=block)
        rows += [row for group in groups for row in _class_rows(named, found, group, spec)]
        for rate in spec.rates:
            for denominator in spec.denominators:
                rows += _rate_rows(replace(named, variable=rate.code, level=denominator), found, groups, pair, spec)
        if block == spec.visit.code:
            for group in groups:
                again = replace(start, block=AGAIN, variable=CLASS, arm=group.arm)
                rows += _shares(again, readings.again, group.members & indeterminate, (*spec.classes, *_STATE_LABELS))
    return results_of(study, spec.id, rows, _analysis(study, spec))


def summarize_best_response(study: Study, spec: BestResponseSpec) -> Results:
    """Count classes of best overall response, as the export has it, and estimate rates by arm and for everyone.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    spec : BestResponseSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``response``, of one block.

    Raises
    ------
    SpecError
        If the export has no record of the parameter.
    DataError
        If the cut-off left out a record of ADRS, a participant has two of the parameter, or a class is not declared.

    Notes
    -----
    Denominator: members of the population, and those with an evaluable record. Missing data: who has no record stands
    in a row of its own and is no responder among all. A best response that an export brings cannot be derived again at
    an earlier cut-off, which is refused.
    """
    members = population_members(study, spec.population)
    found = _exported_best(study, members, spec)
    groups, pair = arm_groups(study, members), arm_pair(study)
    start = Row(spec.id, spec.population, "participants", "count", 0.0)
    rows = [replace(start, arm=group.arm, value=float(group.members.sum())) for group in groups]
    named = replace(start, block=BEST)
    for group in groups:
        rows += _shares(replace(named, variable=CLASS, arm=group.arm), found, group.members, (*spec.classes, MISSING))
    for rate in spec.rates:
        for denominator in spec.denominators:
            rows += _rate_rows(replace(named, variable=rate.code, level=denominator), found, groups, pair, spec)
    return results_of(study, spec.id, rows, _best_analysis(study, spec))


def _exported_best(study: Study, members: pd.DataFrame, spec: BestResponseSpec) -> np.ndarray:
    where = f"response {spec.id}"
    records = response_readings(study, spec.param, where)
    if later := study.later.get("adrs", 0):
        raise DataError(
            f"{where}: {counted(later, 'record')} of adrs after {cutoff_day(study).date().isoformat()}; the best "
            "response of an export cannot be derived again: a cut-off not before the last record is required."
        )
    own = records.loc[records["USUBJID"].isin(set(members["USUBJID"]))]
    twice = int(own["USUBJID"].duplicated().sum())
    if twice:
        raise DataError(
            f"{where}: {counted(twice, 'record')} of {spec.param} too many in adrs; one for a participant is required."
        )
    _check_classes(own, spec)
    best = members["USUBJID"].map(own.set_index("USUBJID")["AVALC"])
    return best.fillna(MISSING).to_numpy(dtype=object)


def _check_classes(records: pd.DataFrame, spec: ResponseSpec | BestResponseSpec) -> None:
    stray = int((~records["AVALC"].isin(list(spec.classes))).sum())
    if stray:
        raise DataError(
            f"response {spec.id}: {counted(stray, 'record')} of adrs of a class that is not declared; one of "
            f"{', '.join(spec.classes)} is required."
        )


def _class_rows(template: Row, found: np.ndarray, group: Group, spec: ResponseSpec) -> list[Row]:
    named = replace(template, variable=CLASS, arm=group.arm)
    due = found != PENDING
    rows = _shares(named, found, group.members & due, (*spec.classes, MISSING, DIED))
    waiting = int((group.members & ~due).sum())
    return [*rows, replace(named, measure="not_evaluable", value=float(waiting))]


def _shares(template: Row, found: np.ndarray, inside: np.ndarray, levels: tuple[str, ...]) -> list[Row]:
    named = replace(template, measure="proportion")
    counts = {level: int((inside & (found == level)).sum()) for level in levels}
    return [row for level, n in counts.items() for row in share_rows(replace(named, level=level), n, int(inside.sum()))]


def _rate_rows(
    template: Row,
    found: np.ndarray,
    groups: tuple[Group, ...],
    pair: tuple[str, str] | None,
    spec: ResponseSpec | BestResponseSpec,
) -> list[Row]:
    rate = next(item for item in spec.rates if item.code == template.variable)
    outside = [PENDING] if template.level != EVALUABLE else [PENDING, MISSING, DIED, *spec.unevaluable]
    counted, responded = ~np.isin(found, outside), np.isin(found, rate.classes)
    counts = [(int((g.members & counted & responded).sum()), int((g.members & counted).sum())) for g in groups]
    rows: list[Row] = []
    for group, (count, total) in zip(groups, counts, strict=True):
        named = replace(template, arm=group.arm, measure="proportion")
        interval = estimate_proportion(count, total, method=spec.interval, conf_level=spec.conf_level)
        rows += [*count_rows(named, count, total), *interval_rows(named, interval)]
    if pair is None:
        return rows
    (count1, total1), (count0, total0) = counts[0], counts[-2]
    difference = compare_proportions(
        count1, total1, count0, total0, measure="risk-difference", method=spec.difference, conf_level=spec.conf_level
    )
    named = replace(template, measure="risk_difference", arm=pair[0], reference=pair[1])
    return rows + interval_rows(named, difference)


def _comparison_sentences(study: Study, spec: ResponseSpec | BestResponseSpec) -> dict[str, str]:
    told = {"interval": f"Limits of a rate: {spec.interval.title().replace('-', '–')}."}
    if arm_pair(study):
        limits = spec.difference.title().replace("-", "–")
        told["difference"] = f"Differences in percentage points; their limits: {limits}."
    if study.arms:
        told["adjustment"] = compared_words(study, spec.population).unadjusted
    return told


def _best_analysis(study: Study, spec: BestResponseSpec) -> Analysis:
    unread = " or ".join(spec.classes[code].lower() for code in spec.unevaluable)
    sentences = {
        "population": study.design.population(spec.population).definition,
        "best": spec.definition,
        "evaluable": f"Evaluable: a record of {f'another class than {unread}' if unread else 'any class'}.",
    }
    choices = {"interval": spec.interval}
    if arm_pair(study):
        choices |= {"difference": spec.difference, "estimand": spec.estimand}
    labels: dict[str, dict[str, str]] = {
        "block": {BEST: "Best overall response"},
        "variable": {rate.code: rate.label for rate in spec.rates},
        "level": {**spec.classes, **_BEST_LABELS},
    }
    told = {**sentences, **_comparison_sentences(study, spec)}
    return Analysis(spec.label, "response", spec.status, spec.population, told, choices, labels)


def _analysis(study: Study, spec: ResponseSpec) -> Analysis:
    visit, again = spec.visit, spec.again
    unread = " or ".join(spec.classes[code].lower() for code in spec.unevaluable)
    stops = f" or {study.design.event_words(spec.stopped_by)}" if spec.stopped_by else ""
    relapse = "; a relapse counts as progression" if spec.progression else ""
    first = study.design.date_words(visit.anchor)
    best = [f"The best response is the best reading from {first} on, up to progression{stops}{relapse}."]
    if spec.confirmation:
        asked = ", ".join(spec.confirmation.by)
        best.append(
            f"{asked} count only if a reading {counted(spec.confirmation.days, 'day')} or more later confirms them, "
            f"else as {spec.confirmation.otherwise}."
        )
    else:
        best.append("It needs no confirmation.")
    sentences = {
        "population": study.design.population(spec.population).definition,
        "window": f"{visit.label}: the reading nearest to day {visit.day}, of days {visit.first} to {visit.last}. "
        f"{again.label}: nearest to day {again.day}, of days {again.first} to {again.last}.",
        "best": " ".join(best),
        "denominator": "Due: the window is over, or a reading was made, or the participant died before.",
        "evaluable": f"Evaluable: a reading of another class than {unread}.",
    }
    sentences |= _comparison_sentences(study, spec)
    choices = {"interval": spec.interval, "anchor": visit.anchor}
    if arm_pair(study):
        choices |= {"difference": spec.difference, "estimand": spec.estimand}
    labels: dict[str, dict[str, str]] = {
        "block": {
            visit.code: visit.label,
            AGAIN: f"{spec.classes[spec.indeterminate]}, read again: {again.label}",
            BEST: "Best overall response",
        },
        "variable": {rate.code: rate.label for rate in spec.rates},
        "level": {**spec.classes, **_STATE_LABELS, **_DENOMINATOR_LABELS},
    }
    return Analysis(spec.label, "response", spec.status, spec.population, sentences, choices, labels)

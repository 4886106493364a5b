"""From a checked export to what an analysis needs: a study at its cut-off, its groups, periods, endpoints and visits.

Everything here is derived again at every cut-off; nothing is carried over from the export's own flags.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from npcstats.errors import DataError, SpecError
from npcstats.formatting import format_date
from npcstats.results import EVERYONE, Analysis, Catalogue, Results, Row
from npcstats.schema import TEXTS, Schema
from npcstats.study import (
    ARM,
    DAYS_PER_MONTH,
    DEATH,
    ENTERED,
    NEW_THERAPY,
    RELAPSES,
    UNKNOWN_CAUSE,
    Arm,
    Endpoint,
    EventRule,
    Gap,
    Period,
    Study,
    Visit,
    input_schemas,
)

Snapshot = Literal["event-date", "event-and-entry-date"]
SNAPSHOTS: tuple[Snapshot, ...] = ("event-date", "event-and-entry-date")


def at_cutoff(study: Study, cutoff: datetime.date, *, snapshot: Snapshot) -> Study:
    """Return the study as it stood on a day.

    Parameters
    ----------
    study : Study
        The whole export.
    cutoff : date
        Last day that counts.
    snapshot : {"event-date", "event-and-entry-date"}
        Whether a record must only have happened by then, or also have been entered by then.

    Returns
    -------
    Study
        Later records dropped, later dates and what follows from them blank; participants enrolled later are absent.

    Raises
    ------
    SpecError
        If `snapshot` is not in the closed set.
    DataError
        If nobody was enrolled by the cut-off.
    """
    if snapshot not in SNAPSHOTS:
        raise SpecError(f"snapshot is {snapshot!r}; one of {', '.join(SNAPSHOTS)} is required.")
    schemas = input_schemas(study.design)
    day = pd.Timestamp(cutoff)
    by_entry = snapshot == "event-and-entry-date"
    frames = {name: _frame_at(frame, schemas[name], day, by_entry) for name, frame in study.frames.items()}
    if frames["adsl"].empty:
        raise DataError(f"cut-off {cutoff.isoformat()}: nobody was enrolled by then; a later cut-off is required.")
    enrolled = set(frames["adsl"]["USUBJID"])
    kept = {name: _of_participants(frame, enrolled) for name, frame in frames.items()}
    return replace(study, frames=kept, cutoff=cutoff)


def cutoff_day(study: Study) -> pd.Timestamp:
    """Return the cut-off of a study as a timestamp.

    Parameters
    ----------
    study : Study
        At its cut-off.

    Returns
    -------
    Timestamp
        The last day that counts.

    Raises
    ------
    SpecError
        If the study is still the whole export.
    """
    if study.cutoff is None:
        raise SpecError("study: no cut-off is set; an analysis requires a study at its cut-off.")
    return pd.Timestamp(study.cutoff)


def results_of(study: Study, name: str, rows: Iterable[Row], analysis: Analysis) -> Results:
    """Bind the rows of one analysis to the study's words.

    Parameters
    ----------
    study : Study
        At its cut-off, prepared for a session.
    name : str
        Analysis id.
    rows : iterable of Row
        In page order.
    analysis : Analysis
        What a display needs to know.

    Returns
    -------
    Results
        The rows and a catalogue with this analysis.
    """
    design, cutoff = study.design, cutoff_day(study).date()
    words = {
        "registry": design.registry,
        "title": design.title,
        "short_title": design.short_title,
        "cutoff": cutoff.isoformat(),
        "cutoff_text": format_date(cutoff),
        "session": study.session,
        "arms": _arm_state(study),
        "arm_rule": _arm_rule(study),
        "rounding": study.rounding,
        "synthetic": "yes" if study.synthetic else "",
    }
    populations = {item.code: item.definition for item in design.populations}
    arms = {arm.code: arm.label for arm in study.arms}
    return Results(tuple(rows), Catalogue(words, arms, populations, {name: analysis}))


def _arm_state(study: Study) -> str:
    if not study.arms:
        return "pooled"
    return "named" if study.arms == study.design.arms else "masked"


def _arm_rule(study: Study) -> str:
    """Where an actual treatment that is no arm's own is counted, in words; nothing where that could unmask."""
    if _arm_state(study) != "named":
        return ""
    labels = {arm.code: arm.label for arm in study.arms}
    told = (f"{treatment} counts in arm {labels[arm]}" for treatment, arm in study.design.arm_rule.items())
    return "; ".join(told)


def _frame_at(frame: pd.DataFrame, schema: Schema, day: pd.Timestamp, by_entry: bool) -> pd.DataFrame:
    kept = pd.Series(True, index=frame.index)
    if schema.dated:
        kept &= frame[schema.dated] <= day
        if schema.undated == "keep":
            kept |= frame[schema.dated].isna()
    if by_entry and ENTERED in frame:
        kept &= ~(frame[ENTERED] > day)
    built = frame.loc[kept].reset_index(drop=True)
    whole = built.copy()
    for column in schema.columns:
        if column.kind == "date":
            built[column.name] = built[column.name].where(whole[column.name] <= day)
        if by_entry and column.entered_on:
            built[column.name] = built[column.name].where(~(whole[column.entered_on] > day))
    for column in schema.columns:
        if column.known_from:
            blank = "" if column.kind in TEXTS else np.nan
            built[column.name] = built[column.name].where(built[column.known_from].notna(), blank)
        if column.known_from and column.undated:
            lacking = whole[column.known_from].isna() & (whole[column.name] != "")
            open_ended = whole[column.name].isin(column.open_values)
            built[column.name] = built[column.name].mask(lacking & ~open_ended, column.undated)
            built[column.name] = built[column.name].mask(lacking & open_ended, whole[column.name])
    return built


def _of_participants(frame: pd.DataFrame, enrolled: set[str]) -> pd.DataFrame:
    if "USUBJID" not in frame:
        return frame
    return frame.loc[frame["USUBJID"].isin(enrolled)].reset_index(drop=True)


def assign_arms(study: Study) -> Study:
    """Give every participant an arm: the actual treatment, else the planned one, through the plan's rule.

    Parameters
    ----------
    study : Study
        At its cut-off.

    Returns
    -------
    Study
        With ``adsl.ARM`` and the design's arms.
    """
    adsl = study["adsl"]
    treatment = adsl["TRT01A"].where(adsl["TRT01A"] != "", adsl["TRT01P"])
    assigned = adsl.assign(**{ARM: treatment.replace(dict(study.design.arm_rule))})
    return replace(study.with_frames({"adsl": assigned}), arms=study.design.arms)


def mask_arms(study: Study, mask: Mapping[str, str]) -> Study:
    """Relabel the arms by letters and remove every column that reveals them, before anything is summarized.

    Parameters
    ----------
    study : Study
        With arms assigned.
    mask : mapping of str to str
        A letter for each arm code.

    Returns
    -------
    Study
        Arms in the order of their letters; the last letter is the reference.

    Raises
    ------
    SpecError
        If the mask does not give each arm a letter of its own.
    """
    codes = {arm.code for arm in study.arms}
    if set(mask) != codes or len(set(mask.values())) != len(codes):
        raise SpecError(
            f"mask: it names {', '.join(sorted(mask)) or 'no arm'}; a different letter for each of the study's "
            f"{len(codes)} arms is required."
        )
    masked = study["adsl"].assign(**{ARM: study["adsl"][ARM].map(dict(mask))})
    arms = tuple(Arm(letter, f"Arm {letter}") for letter in sorted(mask.values()))
    return _without_treatment(replace(study.with_frames({"adsl": masked}), arms=arms))


def pool_arms(study: Study) -> Study:
    """Remove every column that reveals a participant's treatment.

    Parameters
    ----------
    study : Study
        At its cut-off.

    Returns
    -------
    Study
        Without arms; analyses see everyone together.
    """
    pooled = study["adsl"].drop(columns=ARM, errors="ignore")
    return _without_treatment(replace(study.with_frames({"adsl": pooled}), arms=()))


def _without_treatment(study: Study) -> Study:
    hidden = {name: list(columns) for name, columns in study.design.treatment_columns.items() if name in study.frames}
    return study.with_frames({name: study[name].drop(columns=columns) for name, columns in hidden.items()})


def require_columns(frame: pd.DataFrame, name: str, columns: Iterable[str], reason: str) -> None:
    """Refuse an analysis whose columns the design does not declare.

    Parameters
    ----------
    frame : DataFrame
        Of the study.
    name : str
        The frame's name.
    columns : iterable of str
        What the analysis reads.
    reason : str
        What asks for them.

    Raises
    ------
    DataError
        If a column is not there.
    """
    lacking = [column for column in columns if column not in frame]
    if lacking:
        raise DataError(f"{name}: {', '.join(lacking)} not in the data of this study; {reason} requires it.")


def population_members(study: Study, code: str) -> pd.DataFrame:
    """Participants of an analysis set at the cut-off.

    Parameters
    ----------
    study : Study
        At its cut-off.
    code : str
        Population of the design.

    Returns
    -------
    DataFrame
        Their rows of ADSL, indexed from 0, in ADSL order.

    Raises
    ------
    SpecError
        If the design has no such population.
    DataError
        If it looks at a column that the study does not have, or no longer has.
    """
    adsl, wanted = study["adsl"], study.design.population(code)
    require_columns(adsl, "adsl", wanted.without, f"population {code}")
    inside = adsl[list(wanted.requires)].notna().all(axis=1)
    for column, values in wanted.without.items():
        inside &= ~adsl[column].isin(values)
    return adsl.loc[inside].reset_index(drop=True)


def level_texts(values: pd.Series) -> pd.Series:
    """Values of a categorical variable as the codes that a plan names.

    Parameters
    ----------
    values : Series
        Texts or numbers.

    Returns
    -------
    Series of str
        Whole numbers without a decimal point; empty where missing.
    """
    return values.map(_level_text)


def _level_text(value: object) -> str:
    if isinstance(value, float):
        return "" if np.isnan(value) else f"{value:g}"
    return str(value)


@dataclass(frozen=True)
class Group:
    """Participants who are summarized together: an arm's code or ``all``, and a mask over the members."""

    arm: str
    members: np.ndarray


def arm_groups(study: Study, members: pd.DataFrame) -> tuple[Group, ...]:
    """Split members by arm, and everyone last.

    Parameters
    ----------
    study : Study
        Its arms are the ones an analysis may see.
    members : DataFrame
        From `population_members`.

    Returns
    -------
    tuple of Group
        One per arm in page order, then everyone; only everyone in a study without arms.
    """
    everyone = Group(EVERYONE, np.ones(len(members), dtype=bool))
    if not study.arms:
        return (everyone,)
    return (*(Group(arm.code, (members[ARM] == arm.code).to_numpy()) for arm in study.arms), everyone)


def arm_pair(study: Study) -> tuple[str, str] | None:
    """Arm and reference of a contrast.

    Parameters
    ----------
    study : Study
        Its arms are the ones an analysis may see.

    Returns
    -------
    tuple of (str, str) or None
        First and last arm; None unless there are two arms.
    """
    return (study.arms[0].code, study.arms[-1].code) if len(study.arms) == 2 else None


@dataclass(frozen=True)
class Span:
    """Each member's own stretch of time: first and last day, NaT where it has not begun or has no end."""

    start: pd.Series
    end: pd.Series


def period_span(members: pd.DataFrame, period: Period) -> Span:
    """Dates of a period for each member.

    Parameters
    ----------
    members : DataFrame
        Rows of ADSL.
    period : Period
        Of the design.

    Returns
    -------
    Span
        Start and end, aligned with `members`.
    """
    start = members[period.start] + pd.Timedelta(days=period.start_day)
    if not period.end:
        return Span(start, pd.Series(pd.NaT, index=members.index, dtype=start.dtype))
    return Span(start, members[period.end] + pd.Timedelta(days=period.end_day))


# What ends follow-up without an event, and its code in ADaM; whatever else stops it by the plan's choice is the last.
ONGOING, LOST, WITHDREW, MISSED, DIED = "ONGOING", "LOST", "WITHDREW", "MISSED", "DIED"
CENSORINGS: Mapping[str, int] = {ONGOING: 1, LOST: 2, WITHDREW: 3, NEW_THERAPY: 4, MISSED: 5, DIED: 6}
STOPPED, COMPETED = 7, 8


@dataclass(frozen=True)
class EventTimes:
    """An endpoint at the cut-off, aligned with the members.

    Parameters
    ----------
    time : float (n,)
        Months from the endpoint's origin.
    cause : int (n,)
        0 for censored, 1 for the event, 2 for a competing event.
    reason : str (n,)
        What ended follow-up: the kind of the event or of the competing one, the first of the endpoint's where two fell
        on one day; or why it was censored, a code of `CENSORINGS` or the kind that stopped it. In an endpoint that the
        export brought, its own description.
    failures : mapping of str to bool (n,)
        By kind of the event, who had it on the day of the event or, if it is a relapse, within the simultaneous days
        after it; one participant may have several. Empty for an endpoint that the export brought.
    cnsr : int (n,)
        Censoring codes as ADaM has them: 0 for the event; 1 ongoing at the cut-off, 2 lost, 3 withdrew, 4 new therapy,
        5 assessments missed before an event, 6 died, 7 stopped by another event of the plan; 8 for a competing event,
        never 0. In an endpoint that the export brought, its own.
    """

    time: np.ndarray
    cause: np.ndarray
    reason: np.ndarray
    failures: Mapping[str, np.ndarray]
    cnsr: np.ndarray


def derive_endpoint(study: Study, members: pd.DataFrame, endpoint: Endpoint) -> EventTimes:
    """Derive a time-to-event endpoint from events and assessments on or before the cut-off.

    Parameters
    ----------
    study : Study
        At its cut-off.
    members : DataFrame
        Participants whose origin date is known.
    endpoint : Endpoint
        Of the design.

    Returns
    -------
    EventTimes
        Months since the origin, cause, and what ended follow-up.

    Raises
    ------
    DataError
        If an event precedes the origin; for an endpoint that the export brought, if a member has no record of it by
        the cut-off, or the record contradicts itself or the origin.

    Notes
    -----
    Convention: months are days divided by 30.4375; a participant without an assessment after the origin is censored
    at time zero; on one day the event precedes a competing event, and both precede a censoring. A relapse that follows
    another, which competes or stops follow-up, within the endpoint's simultaneous days is the event, on its own date,
    unless something else had ended follow-up before the first of the two. After a gap without assessments an event or
    a competing one is not counted; follow-up ends at the last assessment strictly before it.
    """
    if endpoint.param:
        return _exported_endpoint(study, members, endpoint)
    origin = members[endpoint.origin]
    dates = _kind_dates(study, members, endpoint)
    event, competing, stop = (
        _first(dates, kinds) for kinds in (endpoint.events, endpoint.competing, endpoint.censored_by)
    )
    end = pd.concat([event, competing, stop], axis=1).min(axis=1)
    together = _simultaneous(dates, event, endpoint)
    end = end.mask(together, event)
    cause = np.select([end.notna() & (event == end), end.notna() & (competing == end)], [1, 2], 0)
    reason = _ending_kinds(dates, end, cause, endpoint)
    failures = _failures(dates, end, cause, endpoint)
    seen = last_assessment(study, members, endpoint.censor_at).fillna(origin).clip(lower=origin)
    if endpoint.gap:
        before = last_assessment(study, members, endpoint.censor_at, before=end).fillna(origin).clip(lower=origin)
        unseen = (cause > 0) & _after_gap(members, endpoint.gap, before, end)
        end, cause = end.mask(unseen, before), np.where(unseen, 0, cause)
        reason = np.where(unseen, MISSED, reason)
        failures = {kind: had & ~unseen for kind, had in failures.items()}
    reason = np.where(end.isna(), _losses(members), reason)
    days = (end.fillna(seen) - origin).dt.days
    early = int((days < 0).sum())
    if early:
        raise DataError(
            f"endpoint {endpoint.code}: {early} participant{'s' if early > 1 else ''} with an event before "
            f"{endpoint.origin}; events on or after time zero are required."
        )
    cnsr = _censoring_codes(cause, reason)
    return EventTimes(days.to_numpy(dtype=float) / DAYS_PER_MONTH, cause.astype(int), reason, failures, cnsr)


def _kind_dates(study: Study, members: pd.DataFrame, endpoint: Endpoint) -> pd.DataFrame:
    """First date of each kind that ends the endpoint, one column per kind; missing where it has not happened."""
    kinds = (*endpoint.events, *endpoint.competing, *endpoint.censored_by)
    rules = {rule.kind: rule for rule in endpoint.rules}
    return pd.DataFrame(
        {kind: _kind_date(study, members, kind, rules.get(kind, EventRule(kind))) for kind in kinds},
        index=members.index,
    )


def _kind_date(study: Study, members: pd.DataFrame, kind: str, rule: EventRule) -> pd.Series:
    if kind == DEATH:
        return members["DTHDT"].astype("datetime64[s]")
    if kind.startswith(f"{DEATH}:"):
        cause = members["DTHCAUS"].where(members["DTHCAUS"] != "", UNKNOWN_CAUSE)
        return members["DTHDT"].where(cause == kind.partition(":")[2]).astype("datetime64[s]")
    records = study["adevent"].loc[lambda frame: frame["KIND"] == kind]
    if rule.confirmed_by:
        records = records.loc[records["CONFIRM"].isin(rule.confirmed_by)]
    if rule.anchor:
        anchor = records["USUBJID"].map(members.set_index("USUBJID")[rule.anchor])
        records = records.loc[(records["ADT"] - anchor).dt.days.between(rule.first, rule.last)]
    return members["USUBJID"].map(records.groupby("USUBJID")["ADT"].min()).astype("datetime64[s]")


def first_event(study: Study, members: pd.DataFrame, kinds: Iterable[str]) -> pd.Series:
    """First date of any of some kinds of event, by the cut-off.

    Parameters
    ----------
    study : Study
        At its cut-off.
    members : DataFrame
        Rows of ADSL.
    kinds : iterable of str
        As an endpoint names them.

    Returns
    -------
    Series of datetime
        Aligned with `members`; missing where none has happened.
    """
    dates = pd.DataFrame({kind: _kind_date(study, members, kind, EventRule(kind)) for kind in kinds})
    return _first(dates.reindex(members.index), dates.columns)


def _first(dates: pd.DataFrame, kinds: Iterable[str]) -> pd.Series:
    return dates[list(kinds)].min(axis=1).astype("datetime64[s]")


def _simultaneous(dates: pd.DataFrame, event: pd.Series, endpoint: Endpoint) -> pd.Series:
    """Who had the event soon enough after a relapse that would have ended follow-up before it."""
    ending = (*endpoint.competing, *endpoint.censored_by)
    rival = _first(dates, (kind for kind in ending if kind in RELAPSES))
    other = _first(dates, (kind for kind in ending if kind not in RELAPSES))
    window = pd.Timedelta(days=endpoint.simultaneous_days or 0)
    return (rival < event) & (event <= rival + window) & ~(other < rival)


def _ending_kinds(dates: pd.DataFrame, end: pd.Series, cause: np.ndarray, endpoint: Endpoint) -> np.ndarray:
    """Kind that ended follow-up, by the order in which the endpoint names them; empty where none did."""
    groups = {0: endpoint.censored_by, 1: endpoint.events, 2: endpoint.competing}
    reason = np.full(len(end), "", dtype=object)
    for number, kinds in groups.items():
        for kind in reversed(kinds):
            reason[((cause == number) & (dates[kind] == end)).to_numpy()] = kind
    return reason


def _failures(dates: pd.DataFrame, end: pd.Series, cause: np.ndarray, endpoint: Endpoint) -> dict[str, np.ndarray]:
    window = pd.Timedelta(days=endpoint.simultaneous_days or 0)
    latest = {kind: end + window if kind in RELAPSES else end for kind in endpoint.events}
    return {kind: ((cause == 1) & (dates[kind] <= latest[kind])).to_numpy() for kind in endpoint.events}


def _after_gap(members: pd.DataFrame, gap: Gap, seen: pd.Series, end: pd.Series) -> np.ndarray:
    """Who missed enough planned assessments between the last one and the end of follow-up."""
    anchor = members[gap.anchor]
    missed = np.zeros(len(members), dtype=int)
    for first, last in gap.windows:
        missed += ((anchor + pd.Timedelta(days=first) > seen) & (anchor + pd.Timedelta(days=last) < end)).to_numpy()
    return missed >= gap.missed


def _losses(members: pd.DataFrame) -> np.ndarray:
    """Why a participant without an event is not followed any longer."""
    state = members["EOSSTT"] if "EOSSTT" in members else pd.Series("", index=members.index)
    died = members["DTHDT"].notna() if "DTHDT" in members else pd.Series(False, index=members.index)
    return np.select([died, state == "LOST", state == "WITHDRAWN"], [DIED, LOST, WITHDREW], ONGOING).astype(object)


def _censoring_codes(cause: np.ndarray, reason: np.ndarray) -> np.ndarray:
    censored = pd.Series(reason).map(CENSORINGS).fillna(STOPPED).to_numpy(dtype=int)
    return np.select([cause == 1, cause == 2], [0, COMPETED], censored)


def last_assessment(
    study: Study, members: pd.DataFrame, kinds: tuple[str, ...], *, before: pd.Series | None = None
) -> pd.Series:
    """Date of the last assessment of some kinds, by the cut-off.

    Parameters
    ----------
    study : Study
        At its cut-off.
    members : DataFrame
        Rows of ADSL.
    kinds : tuple of str
        Kinds of ADASSESS records.
    before : Series of datetime, optional
        Aligned with `members`; only assessments strictly before it count.

    Returns
    -------
    Series of datetime
        Aligned with `members`; missing where there is none.
    """
    assessed = study["adassess"].loc[lambda frame: frame["KIND"].isin(kinds)]
    if before is not None:
        end = assessed["USUBJID"].map(pd.Series(before.to_numpy(), index=members["USUBJID"]))
        assessed = assessed.loc[assessed["ADT"] < end]
    return members["USUBJID"].map(assessed.groupby("USUBJID")["ADT"].max()).astype("datetime64[s]")


_CLOCK_MONTHS = {"days": 1.0 / DAYS_PER_MONTH, "months": 1.0, "years": 12.0}
_EVENT_TYPE = "EVTYPE"


def _exported_endpoint(study: Study, members: pd.DataFrame, endpoint: Endpoint) -> EventTimes:
    """Take an endpoint from ADTTE, where CNSR 0 is the event and EVTYPE, if there, tells competing events apart."""
    records = study["adtte"].loc[lambda frame: frame["PARAMCD"] == endpoint.param].set_index("USUBJID")
    found = records.reindex(members["USUBJID"])
    where, plural = f"endpoint {endpoint.code}", "participants"
    lacking = int(found["ADT"].isna().sum())
    if lacking:
        raise DataError(
            f"{where}: {lacking} of {len(members)} {plural} without a record of {endpoint.param} in adtte by "
            f"{cutoff_day(study).date().isoformat()}; what an export brings cannot be derived again: a record for each "
            "of the population, and a cut-off not before the last of them, are required."
        )
    moved = int((found["STARTDT"].to_numpy() != members[endpoint.origin].to_numpy()).sum())
    if moved:
        raise DataError(
            f"{where}: adtte.STARTDT is not {endpoint.origin} in {moved} of {len(members)} {plural}; the declared time "
            "zero is required."
        )
    types = found[_EVENT_TYPE] if _EVENT_TYPE in found else (found["CNSR"] == 0).astype(float)
    wrong = int(((types == 1) != (found["CNSR"] == 0)).sum())
    if wrong:
        raise DataError(
            f"{where}: CNSR and EVTYPE disagree in {wrong} of {len(members)} {plural}; EVTYPE 1 with CNSR 0, and 2, or "
            "none, with CNSR of 1 and more, are required."
        )
    if endpoint.clock == "dates":
        time = (found["ADT"] - found["STARTDT"]).dt.days.to_numpy(dtype=float) / DAYS_PER_MONTH
    else:
        time = found["AVAL"].to_numpy(dtype=float) * _CLOCK_MONTHS[endpoint.clock]
    cause = np.select([types == 1, types == 2], [1, 2], 0)
    return EventTimes(time, cause, found["EVNTDESC"].to_numpy(dtype=object), {}, found["CNSR"].to_numpy(dtype=int))


def visit_records(records: pd.DataFrame, members: pd.DataFrame, visit: Visit) -> pd.DataFrame:
    """Choose each member's record of a visit: inside the window, nearest to its target, the earlier on a tie.

    Parameters
    ----------
    records : DataFrame
        With USUBJID, ADT and AVAL; one marker.
    members : DataFrame
        Rows of ADSL.
    visit : Visit
        Of the design.

    Returns
    -------
    DataFrame
        At most one record per member, indexed like `members` by position; members without a record are absent.
    """
    anchor = members[visit.anchor]
    position = pd.Series(members.index, index=members["USUBJID"])
    placed = records.assign(_member=records["USUBJID"].map(position)).dropna(subset="_member")
    placed["_member"] = placed["_member"].astype(int)
    day = (placed["ADT"] - anchor.loc[placed["_member"]].to_numpy()).dt.days
    placed = placed.assign(_day=day, _distance=(day - visit.day).abs())
    inside = placed.loc[(day >= visit.first) & (day <= visit.last)]
    ordered: pd.DataFrame = inside.sort_values(["_member", "_distance", "_day", "AVAL"], kind="stable")
    return ordered.drop_duplicates("_member").set_index("_member").drop(columns=["_day", "_distance"])


NOT_DETECTED = "ND"
BELOW_LLOQ = "<LLOQ"


def detectable(records: pd.DataFrame) -> np.ndarray:
    """Tell in which records anything was detected, also below the limit of quantification.

    Parameters
    ----------
    records : DataFrame
        With AVAL and AVALC; one marker.

    Returns
    -------
    ndarray of float, shape (n,)
        1 where it was detected, 0 where it was not, NaN where there is no result.
    """
    text, value = records["AVALC"].to_numpy(dtype=str), records["AVAL"].to_numpy(dtype=float)
    known = np.isin(text, (BELOW_LLOQ, NOT_DETECTED)) | ~np.isnan(value)
    return np.where(known, (text != NOT_DETECTED).astype(float), np.nan)


def visit_due(study: Study, members: pd.DataFrame, visit: Visit) -> np.ndarray:
    """Tell who was due for a visit by the cut-off: window closed, and alive when it opened.

    Parameters
    ----------
    study : Study
        At its cut-off.
    members : DataFrame
        Rows of ADSL.
    visit : Visit
        Of the design.

    Returns
    -------
    ndarray of bool, shape (n,)
        Aligned with `members`.
    """
    require_columns(members, "adsl", ("DTHDT",), f"visit {visit.code}")
    anchor = members[visit.anchor]
    closed = anchor + pd.Timedelta(days=visit.last) <= cutoff_day(study)
    died = members["DTHDT"] < anchor + pd.Timedelta(days=visit.first)
    return (closed & ~died).to_numpy()


EXPOSURE = ("OTT", "RTPCT", "CCD_CONC", "CCD_IND", "CCD_TOTAL")


def treatment_exposure(study: Study, members: pd.DataFrame) -> pd.DataFrame:
    """Delivered treatment of each member.

    Parameters
    ----------
    study : Study
        At its cut-off.
    members : DataFrame
        Rows of ADSL.

    Returns
    -------
    DataFrame
        ``OTT`` overall treatment time of radiotherapy in days, both ends counted; ``RTPCT`` delivered over planned
        fractions; ``CCD_CONC``, ``CCD_IND`` and ``CCD_TOTAL`` cumulative cisplatin in mg/m²; NaN where not known yet.

    Notes
    -----
    Missing data: a cumulative dose with a cycle of unknown dose is not known; a participant without a cycle has 0.
    """
    require_columns(members, "adsl", ("RTSTDT", "RTENDT", "FXPLAN", "FXDELIV"), "treatment exposure")
    finished = members["RTENDT"].notna()
    doses = study["adex"].loc[lambda frame: frame["EXTRT"] == "CISPLATIN"].sort_values("EXSEQ")
    built = members.assign(
        OTT=(members["RTENDT"] - members["RTSTDT"]).dt.days + 1.0,
        RTPCT=members["FXDELIV"] / members["FXPLAN"],
    )
    for name, phase in (("CCD_CONC", "CONCURRENT"), ("CCD_IND", "INDUCTION")):
        given = doses.loc[doses["EXPHASE"] == phase]
        total = given.groupby("USUBJID")["EXDOSE"].sum()
        unknown = built["USUBJID"].isin(set(given.loc[given["EXDOSE"].isna(), "USUBJID"]))
        built[name] = built["USUBJID"].map(total).fillna(0.0).where(finished & ~unknown)
    return built.assign(CCD_TOTAL=built["CCD_CONC"] + built["CCD_IND"])

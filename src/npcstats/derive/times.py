"""Endpoints: when follow-up ended and why, from events and assessments or from an export that has it already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from npcstats.derive.grades import GradeWindow, window_events
from npcstats.derive.groups import Span, require_columns
from npcstats.derive.snapshot import cutoff_day
from npcstats.errors import DataError, SpecError
from npcstats.formatting import counted
from npcstats.study import (
    DAYS_PER_MONTH,
    DEATH,
    UNKNOWN_CAUSE,
    Design,
    Endpoint,
    EventRule,
    Gap,
    GradedEvent,
    Study,
)

ONGOING, LOST, WITHDREW, MISSED, DIED = "ONGOING", "LOST", "WITHDREW", "MISSED", "DIED"
CENSORINGS: Mapping[str, int] = {ONGOING: 1, LOST: 2, WITHDREW: 3, MISSED: 5, DIED: 6}
TREATED, STOPPED, COMPETED = 4, 7, 8
TIME_ZERO = "_TIME_ZERO"
NOT_REACHED, EVENT_BEFORE, COMPETED_BEFORE, ENDED_BEFORE = (
    "NOT-REACHED", "EVENT-BEFORE", "COMPETED-BEFORE", "ENDED-BEFORE",
)  # fmt: skip
OUTSIDE_ZERO_WORDS: Mapping[str, str] = {
    NOT_REACHED: "time zero not before the cut-off",
    EVENT_BEFORE: "had the event by time zero",
    COMPETED_BEFORE: "had a competing event by time zero",
    ENDED_BEFORE: "not followed beyond time zero",
}
"""Why a member is not followed from a landmark, by code."""


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
        export brought, its own description, or ``CNSR`` and its code where it has none.
    failures : mapping of str to bool (n,)
        By kind of the event, who had it on the day of the event or, if it is a relapse, within the days of
        `Endpoint.kinds_within_days` after it; one participant may have several. Empty for an endpoint that the export
        brought.
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
    another, which competes or stops follow-up, within the endpoint's `event_within_days` is the event, on its own date,
    unless something else had ended follow-up before the first of the two. After a gap without assessments an event or
    a competing one is not counted; follow-up ends at the last assessment strictly before it.
    """
    if endpoint.param:
        return _exported_endpoint(study, members, endpoint)
    origin = time_zero(members, endpoint)
    end, cause, reason, failures = _ending(study, members, endpoint, origin)
    seen = last_assessment(study, members, endpoint.censor_at).fillna(origin).clip(lower=origin)
    days = (end.fillna(seen) - origin).dt.days
    early = int((days < 0).sum())
    if early:
        raise DataError(
            f"endpoint {endpoint.code}: {counted(early, 'participant')} with an event before "
            f"{endpoint.origin}; events on or after time zero are required."
        )
    cnsr = _censoring_codes(cause, reason, study.design)
    return EventTimes(days.to_numpy(dtype=float) / DAYS_PER_MONTH, cause.astype(int), reason, failures, cnsr)


def time_zero(members: pd.DataFrame, endpoint: Endpoint) -> pd.Series:
    """Date at which the time of an endpoint is zero.

    Parameters
    ----------
    members : DataFrame
        Rows of ADSL.
    endpoint : Endpoint
        With an origin.

    Returns
    -------
    Series of datetime
        Missing where the origin has no date.
    """
    return members[endpoint.origin].astype("datetime64[s]") + pd.Timedelta(days=endpoint.origin_day)


def _ending(
    study: Study, members: pd.DataFrame, endpoint: Endpoint, origin: pd.Series
) -> tuple[pd.Series, np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """Date at which something ended follow-up, missing where nothing did; cause, reason and kinds of the event."""
    dates = _kind_dates(study, members, endpoint)
    event, competing, stop = (
        _first(dates, kinds) for kinds in (endpoint.events, endpoint.competing, endpoint.censored_by)
    )
    end = pd.concat([event, competing, stop], axis=1).min(axis=1)
    together = _simultaneous(dates, event, endpoint, study.design.relapses)
    end = end.mask(together, event)
    cause = np.select([end.notna() & (event == end), end.notna() & (competing == end)], [1, 2], 0)
    reason = _ending_kinds(dates, end, cause, endpoint)
    failures = _failures(dates, end, cause, endpoint, study.design.relapses)
    if endpoint.gap:
        before = last_assessment(study, members, endpoint.censor_at, before=end).fillna(origin).clip(lower=origin)
        unseen = (cause > 0) & _after_gap(members, endpoint.gap, before, end)
        end, cause = end.mask(unseen, before), np.where(unseen, 0, cause)
        reason = np.where(unseen, MISSED, reason)
        failures = {kind: had & ~unseen for kind, had in failures.items()}
    return end, cause, np.where(end.isna(), _losses(members), reason), failures


def outside_time_zero(study: Study, members: pd.DataFrame, endpoint: Endpoint) -> dict[str, np.ndarray]:
    """Tell who is not followed from a landmark, and why.

    Parameters
    ----------
    study : Study
        At its cut-off.
    members : DataFrame
        From `population_members`.
    endpoint : Endpoint
        Of the design.

    Returns
    -------
    dict of str to bool ndarray
        Aligned with `members`, by reason, which exclude each other; empty for an endpoint without a landmark. Who had
        the event, or a competing one, by the end of the landmark's day; whose landmark has no date or is not before the
        cut-off; whose follow-up had ended.
    """
    if not endpoint.origin_day:
        return {}
    zero = time_zero(members, endpoint)
    end, cause, _, _ = _ending(study, members, endpoint, zero)
    ended = (end.notna() & ~(end > zero)).to_numpy()
    ahead = ~(zero < cutoff_day(study)).to_numpy() & end.isna().to_numpy()
    unseen = end.isna().to_numpy() & ~(last_assessment(study, members, endpoint.censor_at) > zero).to_numpy()
    return {
        NOT_REACHED: ahead,
        EVENT_BEFORE: ended & (cause == 1),
        COMPETED_BEFORE: ended & (cause == 2),
        ENDED_BEFORE: (ended & (cause == 0)) | (unseen & ~ahead),
    }


def with_time_zero(study: Study, members: pd.DataFrame, endpoint: Endpoint) -> pd.DataFrame:
    """Members whose time zero of an endpoint is known; all of them where the endpoint brings its own.

    Of an endpoint with a landmark, those followed beyond it: as `outside_time_zero` tells.

    Parameters
    ----------
    study : Study
        At its cut-off.
    members : DataFrame
        From `population_members`.
    endpoint : Endpoint
        Of the design.

    Returns
    -------
    DataFrame
        Indexed from 0, with the date of time zero in column `TIME_ZERO`.
    """
    if endpoint.origin:
        dated = members.assign(**{TIME_ZERO: time_zero(members, endpoint)})
        kept = dated[TIME_ZERO].notna().to_numpy()
        for outside in outside_time_zero(study, members, endpoint).values():
            kept &= ~outside
        return dated.loc[kept].reset_index(drop=True)
    records = study["adtte"].loc[lambda frame: frame["PARAMCD"] == endpoint.param].set_index("USUBJID")
    start = records["STARTDT"] if "STARTDT" in records else pd.Series(dtype="datetime64[s]")
    return members.assign(**{TIME_ZERO: members["USUBJID"].map(start).astype("datetime64[s]")})


def _kind_dates(study: Study, members: pd.DataFrame, endpoint: Endpoint) -> pd.DataFrame:
    """First date of each kind that ends the endpoint, one column per kind; missing where it has not happened."""
    kinds = (*endpoint.events, *endpoint.competing, *endpoint.censored_by)
    rules = {rule.kind: rule for rule in endpoint.rules}
    return pd.DataFrame(
        {kind: _kind_date(study, members, kind, rules.get(kind, EventRule(kind))) for kind in kinds},
        index=members.index,
    )


def _kind_date(study: Study, members: pd.DataFrame, kind: str, rule: EventRule) -> pd.Series:
    if kind.partition(":")[0] == DEATH:
        named = ("DTHDT",) if kind == DEATH else ("DTHDT", "DTHCAUS")
        require_columns(members, "adsl", named, f"an event of kind {kind}")
    graded = next((item for item in study.design.graded if item.code == kind), None)
    if graded:
        return _graded_date(study, members, graded)
    if kind == DEATH:
        return members["DTHDT"].astype("datetime64[s]")
    if kind.startswith(f"{DEATH}:"):
        cause = members["DTHCAUS"].where(members["DTHCAUS"] != "", UNKNOWN_CAUSE)
        return members["DTHDT"].where(cause == kind.partition(":")[2]).astype("datetime64[s]")
    confirmed = ("CONFIRM",) if rule.confirmed_by else ()
    require_columns(study["adevent"], "adevent", ("KIND", "ADT", *confirmed), f"an event of kind {kind}")
    records = study["adevent"].loc[lambda frame: frame["KIND"] == kind]
    if rule.confirmed_by:
        records = records.loc[records["CONFIRM"].isin(rule.confirmed_by)]
    if rule.anchor:
        anchor = records["USUBJID"].map(members.set_index("USUBJID")[rule.anchor])
        records = records.loc[(records["ADT"] - anchor).dt.days.between(rule.first, rule.last)]
    return members["USUBJID"].map(records.groupby("USUBJID")["ADT"].min()).astype("datetime64[s]")


def _graded_date(study: Study, members: pd.DataFrame, graded: GradedEvent) -> pd.Series:
    """First onset of an adverse event of the grade, from its day on."""
    start = members[graded.anchor].astype("datetime64[s]") + pd.Timedelta(days=graded.first)
    end = pd.Series(pd.NaT, index=members.index, dtype=start.dtype)
    named = {**graded.where, "AEDECOD": graded.terms} if graded.terms else graded.where
    window = GradeWindow(graded.code, graded.label, period="", counting="onset", evaluable="everyone", where=named)
    require_columns(study["adae"], "adae", ("AEDECOD", "AETOXGR", "ASTDT", "AENDT"), f"an event of kind {graded.code}")
    events = window_events(study, members, window, Span(start, end), baseline_adjusted=graded.baseline_adjusted)
    first = events.loc[events["AETOXGR"] >= graded.lowest].groupby("member")["ASTDT"].min()
    return pd.Series(first.reindex(range(len(members))).to_numpy(dtype="datetime64[s]"), index=members.index)


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

    Raises
    ------
    SpecError
        If a kind is not of the design: nobody would have it.
    """
    kinds, known = tuple(kinds), [kind.code for kind in study.design.kinds]
    strange = [kind for kind in kinds if kind not in known and kind.partition(":")[0] != DEATH]
    if strange:
        raise SpecError(
            f"plan: {', '.join(strange)} of no kind of event; one of {', '.join([*known, DEATH])} is required."
        )
    dates = pd.DataFrame({kind: _kind_date(study, members, kind, EventRule(kind)) for kind in kinds})
    return _first(dates.reindex(members.index), dates.columns)


def _first(dates: pd.DataFrame, kinds: Iterable[str]) -> pd.Series:
    return dates[list(kinds)].min(axis=1).astype("datetime64[s]")


def _simultaneous(dates: pd.DataFrame, event: pd.Series, endpoint: Endpoint, relapses: tuple[str, ...]) -> pd.Series:
    """Who had the event soon enough after a relapse that would have ended follow-up before it."""
    ending = (*endpoint.competing, *endpoint.censored_by)
    rival = _first(dates, (kind for kind in ending if kind in relapses))
    other = _first(dates, (kind for kind in ending if kind not in relapses))
    window = pd.Timedelta(days=endpoint.event_within_days or 0)
    return (rival < event) & (event <= rival + window) & ~(other < rival)


def _ending_kinds(dates: pd.DataFrame, end: pd.Series, cause: np.ndarray, endpoint: Endpoint) -> np.ndarray:
    """Kind that ended follow-up, by the order in which the endpoint names them; empty where none did."""
    groups = {0: endpoint.censored_by, 1: endpoint.events, 2: endpoint.competing}
    reason = np.full(len(end), "", dtype=object)
    for number, kinds in groups.items():
        for kind in reversed(kinds):
            reason[((cause == number) & (dates[kind] == end)).to_numpy()] = kind
    return reason


def _failures(
    dates: pd.DataFrame, end: pd.Series, cause: np.ndarray, endpoint: Endpoint, relapses: tuple[str, ...]
) -> dict[str, np.ndarray]:
    window = pd.Timedelta(days=endpoint.kinds_within_days or 0)
    latest = {kind: end + window if kind in relapses else end for kind in endpoint.events}
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


def _censoring_codes(cause: np.ndarray, reason: np.ndarray, design: Design) -> np.ndarray:
    codes = {**CENSORINGS, **{kind.code: TREATED for kind in design.events if kind.new_therapy}}
    censored = pd.Series(reason).map(codes).fillna(STOPPED).to_numpy(dtype=int)
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
    require_columns(study["adassess"], "adassess", ("KIND", "ADT"), "the last assessment")
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
            f"{cutoff_day(study).date().isoformat()}; what an export brings cannot be derived again: a cut-off not "
            "before the last record, and a record for each of the population, or a population without those who have "
            "none, are required."
        )
    moved = int((found["STARTDT"].to_numpy() != members[endpoint.origin].to_numpy()).sum()) if endpoint.origin else 0
    if moved:
        raise DataError(
            f"{where}: adtte.STARTDT is not {endpoint.origin} in {moved} of {len(members)} {plural}; the declared time "
            "zero, or none for the export's own, is required."
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
    cnsr = found["CNSR"].to_numpy(dtype=int)
    own = found["EVNTDESC"].tolist() if "EVNTDESC" in found else [f"CNSR {code}" for code in cnsr]
    return EventTimes(time, cause, np.array(own, dtype=object), {}, cnsr)

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
from npcstats.study import ARM, DAYS_PER_MONTH, ENTERED, Arm, Endpoint, Period, Study, Visit, input_schemas

Snapshot = Literal["event-date", "event-and-entry-date"]
SNAPSHOTS: tuple[Snapshot, ...] = ("event-date", "event-and-entry-date")
DEATH = "DEATH"


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


@dataclass(frozen=True)
class EventTimes:
    """An endpoint at the cut-off, aligned with the members.

    ``time`` is in months from the endpoint's origin, float (n,); ``cause`` is 0 for censored, 1 for the event,
    2 for a competing event, integer (n,).
    """

    time: np.ndarray
    cause: np.ndarray


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
        Months since the origin and cause.

    Raises
    ------
    DataError
        If an event precedes the origin.

    Notes
    -----
    Convention: months are days divided by 30.4375; a participant without an assessment after the origin is censored
    at time zero; on one day the event precedes a competing event, and both precede a censoring.
    """
    origin = members[endpoint.origin]
    event = _first_of(study, members, endpoint.events)
    competing = _first_of(study, members, endpoint.competing)
    stop = _first_of(study, members, endpoint.censored_by)
    last = _last_assessment(study, members, endpoint.censor_at).fillna(origin).clip(lower=origin)
    end = pd.concat([event, competing, stop], axis=1).min(axis=1)
    cause = np.select([end.notna() & (event == end), end.notna() & (competing == end)], [1, 2], 0)
    days = (end.fillna(last) - origin).dt.days
    early = int((days < 0).sum())
    if early:
        raise DataError(
            f"endpoint {endpoint.code}: {early} participant{'s' if early > 1 else ''} with an event before "
            f"{endpoint.origin}; events on or after time zero are required."
        )
    return EventTimes(days.to_numpy(dtype=float) / DAYS_PER_MONTH, cause.astype(int))


def _first_of(study: Study, members: pd.DataFrame, kinds: Iterable[str]) -> pd.Series:
    wanted = tuple(kinds)
    if not set(wanted) - {DEATH}:
        known = members["DTHDT"] if wanted else pd.Series(pd.NaT, index=members.index)
        return known.astype("datetime64[s]")
    events = study["adevent"]
    first = events.loc[events["KIND"].isin(wanted)].groupby("USUBJID")["ADT"].min()
    dates = members["USUBJID"].map(first).astype("datetime64[s]")
    if DEATH not in wanted:
        return dates
    return pd.concat([dates, members["DTHDT"]], axis=1).min(axis=1)


def _last_assessment(study: Study, members: pd.DataFrame, kinds: tuple[str, ...]) -> pd.Series:
    assessed = study["adassess"]
    last = assessed.loc[assessed["KIND"].isin(kinds)].groupby("USUBJID")["ADT"].max()
    return members["USUBJID"].map(last).astype("datetime64[s]")


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

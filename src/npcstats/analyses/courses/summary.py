"""Courses of single participants for waterfall, spider and swimmer figures: re-keyed, in months from a time zero."""

from __future__ import annotations

import numpy as np
import pandas as pd

from npcstats.analyses.courses.spec import COLUMNS, CourseSpec
from npcstats.derive import (
    arms_sentences,
    first_event,
    last_assessment,
    population_members,
    require_columns,
    response_readings,
)
from npcstats.derive.numbers import number_participants
from npcstats.formatting import NOT_APPLICABLE, format_number
from npcstats.results import Analysis, Choice, Listing
from npcstats.study import ARM, DAYS_PER_MONTH, Study


def build_course(study: Study, spec: CourseSpec, secret: str) -> tuple[Listing, Analysis]:
    """List what a figure draws of single participants.

    Parameters
    ----------
    study : Study
        At its cut-off, prepared for a session.
    spec : CourseSpec
        What is wanted.
    secret : str
        Orders the participants' numbers; not in the repository of a real trial.

    Returns
    -------
    tuple of (Listing, Analysis)
        The records, and what a display needs to know, among it how many are drawn of how many.

    Raises
    ------
    DataError
        If the study has no sums of diameters or no date that is needed.

    Notes
    -----
    Denominator: members of the population whose time zero is known. Missing data: in figures of change, a participant
    without a sum before treatment or without one after it is not drawn, and is counted among those who are not.
    """
    numbered = study["adsl"].assign(PARTICIPANT=number_participants(study, secret))
    members = population_members(study.with_frames({"adsl": numbered}), spec.population)
    require_columns(members, "adsl", (spec.origin, "DTHDT"), f"course {spec.id}")
    members = members.loc[members[spec.origin].notna()].sort_values("PARTICIPANT", ignore_index=True)
    members = members.assign(
        ARM=members.get(ARM, ""),
        _progressed=first_event(study, members, spec.progression),
        _origin=members[spec.origin],
    )
    records = _courses(study, members, spec) if spec.kind == "courses" else _changes(study, members, spec)
    everyone = spec.shown == "everyone"
    wanted = members.loc[everyone | members["_progressed"].notna() | members["DTHDT"].notna(), "PARTICIPANT"]
    able = [number for number in wanted if number in set(records["PARTICIPANT"])]
    drawn = able[: spec.limit] if spec.limit else able
    columns = tuple(COLUMNS[spec.kind])
    chosen = records.loc[records["PARTICIPANT"].isin(drawn), list(columns)]
    rows = tuple(tuple(map(str, row)) for row in chosen.itertuples(index=False, name=None))
    return Listing(columns, rows), _analysis(study, spec, len(drawn), len(wanted), len(members))


def _changes(study: Study, members: pd.DataFrame, spec: CourseSpec) -> pd.DataFrame:
    """Percent change of each sum after the origin, or the smallest of each participant, by number and time."""
    require_columns(study["adtr"], "adtr", ("PARAMCD", "ADT", "AVAL"), f"course {spec.id}")
    sums = study["adtr"].loc[lambda frame: (frame["PARAMCD"] == spec.param) & frame["AVAL"].notna()]
    stopped = members.assign(_stop=first_event(study, members, spec.stopped_by))
    sums = sums.drop(columns=ARM, errors="ignore").merge(stopped, on="USUBJID").sort_values(["PARTICIPANT", "ADT"])
    before = sums.loc[sums["ADT"] <= sums["_origin"]].groupby("PARTICIPANT")["AVAL"].last()
    sums = sums.assign(_before=sums["PARTICIPANT"].map(before))
    later = sums.loc[(sums["ADT"] > sums["_origin"]) & (sums["_before"] > 0) & ~(sums["ADT"] > sums["_stop"])]
    later = later.assign(_change=100.0 * (later["AVAL"] / later["_before"] - 1.0))
    if spec.kind == "best-change":
        least = later.groupby("PARTICIPANT", as_index=False).agg({"ARM": "first", "_change": "min"})
        return least.assign(PCHG=_texts(least["_change"]))
    first = later.drop_duplicates("PARTICIPANT").assign(_change=0.0, ADT=lambda frame: frame["_origin"])
    every = pd.concat([first, later]).sort_values(["PARTICIPANT", "ADT"], kind="stable")
    months = (every["ADT"] - every["_origin"]).dt.days / DAYS_PER_MONTH
    progressed = np.where(every["_progressed"].notna(), "yes", "no")
    return every.assign(PROGRESSED=progressed, MONTH=_texts(months), PCHG=_texts(every["_change"]))


def _courses(study: Study, members: pd.DataFrame, spec: CourseSpec) -> pd.DataFrame:
    """Time under observation of each participant, to death or to the day last known alive."""
    origin = members["_origin"]
    seen = last_assessment(study, members, ("VITAL",)).fillna(origin).clip(lower=origin)
    readings = response_readings(study, spec.response_param, f"course {spec.id}")
    require_columns(readings, "adrs", ("ADT", "AVALC"), f"course {spec.id}")
    readings = readings.loc[readings["AVALC"].isin(spec.responses)]
    readings = readings.loc[readings["ADT"] > readings["USUBJID"].map(members.set_index("USUBJID")["_origin"])]
    responded = members["USUBJID"].map(readings.groupby("USUBJID")["ADT"].min())
    responded = responded.where(~(responded > members["_progressed"]))
    died = members["DTHDT"].notna()
    left = members["EOSSTT"] != "" if "EOSSTT" in members else pd.Series(False, index=members.index)
    dates = {"END": members["DTHDT"].fillna(seen), "RESPONSE": responded, "PROGRESSION": members["_progressed"]}
    months = {name: _texts((date - origin).dt.days / DAYS_PER_MONTH) for name, date in dates.items()}
    return members.assign(
        **months, DIED=np.where(died, "yes", "no"), ONGOING=np.where(died | left, "no", "yes")
    )  # fmt: skip


def _texts(values: pd.Series) -> list[str]:
    return [
        NOT_APPLICABLE if np.isnan(value) else format_number(value, "decimal1", rounding="half-away")
        for value in values.astype(float)
    ]


def _analysis(study: Study, spec: CourseSpec, drawn: int, wanted: int, total: int) -> Analysis:
    method = {
        "best-change": "Each bar is a participant: the smallest sum of diameters after {origin}, as a change from the "
        "last sum up to it.",
        "changes": "Each line is a participant: sums of diameters after {origin}, as a change from the last sum up to "
        "it, at month zero; lines of those who progressed by the cut-off are dark.",
        "courses": "Each line is a participant, from {origin} to death or to the day last known alive.",
    }[spec.kind].format(origin=study.design.date_words(spec.origin))
    stops = study.design.event_words(spec.stopped_by)
    if stops and spec.kind != "courses":
        method += f" Sums after {stops} are left out."
    if spec.kind != "courses":
        method += " Dotted lines stand at −30% and 20%."
    who = f"{total}" if spec.shown == "everyone" else f"{wanted} who progressed or died, among {total}"
    first = ", the first by number" if spec.limit and drawn == spec.limit and drawn < wanted else ""
    sentences = {
        "method": method,
        "population": study.design.population(spec.population).definition,
        "drawn": f"Drawn: {drawn} of {who}{first}.",
    }
    if spec.kind == "courses":
        sentences["key"] = "Participants are numbered anew in every report."
    sentences |= arms_sentences(study, spec.population)
    labels = {"column": dict(COLUMNS[spec.kind])}
    choices: dict[str, Choice] = {"origin": spec.origin, "shown": spec.shown, "limit": spec.limit}
    return Analysis(
        spec.label, spec.kind, spec.status, spec.population, sentences, choices, labels, {"MONTH": "months"}
    )

"""Line listings of records: re-keyed, in study days, with age bands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from npcstats.derive import population_members
from npcstats.errors import SpecError
from npcstats.formatting import NOT_APPLICABLE, format_number
from npcstats.listings.numbers import number_participants
from npcstats.results import Analysis, Listing
from npcstats.study import ARM, Status, Study

Kind = Literal["serious-events", "deaths"]
KINDS: tuple[Kind, ...] = ("serious-events", "deaths")
OLDEST = 90
BAND = 10

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "serious-events": {
        "PARTICIPANT": "No.",
        "ARM": "Arm",
        "AGE": "Age",
        "SEX": "Sex",
        "AEDECOD": "Event",
        "AETOXGR": "Grade",
        "ASTDY": "Onset day",
        "AENDY": "End day",
        "AEREL": "Related to",
        "AEACN": "Action",
        "AEOUT": "Outcome",
    },
    "deaths": {
        "PARTICIPANT": "No.",
        "ARM": "Arm",
        "AGE": "Age",
        "SEX": "Sex",
        "DTHDY": "Day of death",
        "DTHCAUS": "Cause",
        "AFTERRT": "Days after RT",
        "PROGRESSION": "Progression before",
    },
}


@dataclass(frozen=True)
class ListingSpec:
    """A listing; ``origin`` is the ADSL date whose day is study day 1."""

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    kind: Kind
    origin: str
    status: Status


def build_listing(study: Study, spec: ListingSpec, secret: str) -> tuple[Listing, Analysis]:
    """List records of a study without its identifiers and dates.

    Parameters
    ----------
    study : Study
        At its cut-off, prepared for a session.
    spec : ListingSpec
        What is wanted.
    secret : str
        Orders the participants' numbers; not in the repository of a real trial.

    Returns
    -------
    tuple of (Listing, Analysis)
        The records, and what a display needs to know.

    Raises
    ------
    SpecError
        If the kind is not in the closed set.
    """
    if spec.kind not in KINDS:
        raise SpecError(f"plan: kind of listing {spec.id} is {spec.kind!r}; one of {', '.join(KINDS)} is required.")
    members = _described(study, spec, secret)
    records = _serious_events(study, spec, members) if spec.kind == "serious-events" else _deaths(study, spec, members)
    columns = tuple(COLUMNS[spec.kind])
    ordered = records.sort_values(["PARTICIPANT", "_day"], kind="stable")
    rows = tuple(
        tuple(str(value) for value in row) for row in ordered[list(columns)].itertuples(index=False, name=None)
    )
    words = {
        "key": "Participants are numbered anew in every report.",
        "days": "Days are counted from the first study treatment, which is day one.",
    }
    labels = {"column": dict(COLUMNS[spec.kind])}
    return Listing(columns, rows), Analysis(spec.label, "listing", spec.status, spec.population, words, labels=labels)


def _described(study: Study, spec: ListingSpec, secret: str) -> pd.DataFrame:
    numbered = study["adsl"].assign(PARTICIPANT=number_participants(study, secret))
    members = population_members(study.with_frames({"adsl": numbered}), spec.population)
    return members.assign(ARM=members.get(ARM, ""), AGE=members["AGE"].map(_age_band), _origin=members[spec.origin])


def _age_band(age: float) -> str:
    if age >= OLDEST:
        return f"≥ {OLDEST}"
    low = int(age // BAND) * BAND
    return f"{low}–{low + BAND - 1}"


def _serious_events(study: Study, spec: ListingSpec, members: pd.DataFrame) -> pd.DataFrame:
    columns = ["USUBJID", "PARTICIPANT", "ARM", "AGE", "SEX", "_origin"]
    serious = study["adae"].loc[study["adae"]["AESER"] == "Y"].merge(members[columns], on="USUBJID")
    onset = _study_day(serious["ASTDT"], serious["_origin"])
    return serious.assign(
        AETOXGR=serious["AETOXGR"].astype(int),
        ASTDY=_day_text(onset),
        AENDY=_day_text(_study_day(serious["AENDT"], serious["_origin"])),
        AEREL=_in_words(serious["AEREL"]),
        AEACN=_in_words(serious["AEACN"]),
        AEOUT=_in_words(serious["AEOUT"].where(serious["AEOUT"] != "", "ONGOING")),
        _day=onset,
    )


def _deaths(study: Study, spec: ListingSpec, members: pd.DataFrame) -> pd.DataFrame:
    died = members.loc[members["DTHDT"].notna()]
    first = study["adevent"].loc[study["adevent"]["KIND"].isin(("LOCAL", "REGIONAL", "DISTANT"))]
    progressed = died["USUBJID"].isin(set(first["USUBJID"]))
    day = _study_day(died["DTHDT"], died["_origin"])
    return died.assign(
        DTHDY=_day_text(day),
        AFTERRT=_day_text((died["DTHDT"] - died["RTENDT"]).dt.days.astype(float)),
        DTHCAUS=_in_words(died["DTHCAUS"]),
        PROGRESSION=np.where(progressed, "yes", "no"),
        _day=day,
    )


_WORDS = {"RT": "radiotherapy", "CHEMO": "chemotherapy"}


def _in_words(codes: pd.Series) -> pd.Series:
    return codes.map(lambda code: _WORDS.get(code, code.lower()) or NOT_APPLICABLE)


def _study_day(dates: pd.Series, origin: pd.Series) -> pd.Series:
    """Days from the origin, which is day 1; the day before it is day −1, as in ADaM."""
    days = (dates - origin).dt.days.astype(float)
    return days.where(days < 0, days + 1)


def _day_text(days: pd.Series) -> pd.Series:
    return days.map(lambda day: NOT_APPLICABLE if np.isnan(day) else format_number(day, "count", rounding="half-away"))

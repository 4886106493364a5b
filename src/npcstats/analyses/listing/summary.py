"""Line listings of records: re-keyed, in study days, with age bands."""

from __future__ import annotations

import numpy as np
import pandas as pd

from npcstats.analyses.listing.spec import ListingSpec
from npcstats.derive import (
    NOT_LISTED,
    UNLISTED_SENTENCE,
    arms_sentences,
    first_event,
    population_members,
    printable,
    require_columns,
)
from npcstats.derive.numbers import number_participants
from npcstats.formatting import NOT_APPLICABLE, format_number
from npcstats.results import Analysis, Listing
from npcstats.study import ARM, Study

OLDEST = 90
BAND = 10


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
        If the design has no such population.
    DataError
        If the study has no frame or column that the listing shows.
    """
    members = _described(study, spec, secret)
    records = _serious_events(study, spec, members) if spec.kind == "serious-events" else _deaths(study, spec, members)
    columns = tuple(spec.columns)
    ordered = records.sort_values(["PARTICIPANT", "_day"], kind="stable")
    rows = tuple(
        tuple(str(value) for value in row) for row in ordered[list(columns)].itertuples(index=False, name=None)
    )
    words = {
        "key": "Participants are numbered anew in every report.",
        "days": f"Days are counted from {study.design.date_words(spec.origin)}, which is day one.",
    }
    words |= arms_sentences(study, spec.population)
    if records["_unlisted"].any():
        words["unlisted"] = UNLISTED_SENTENCE
    labels = {"column": spec.columns}
    return Listing(columns, rows), Analysis(spec.label, "listing", spec.status, spec.population, words, labels=labels)


def _described(study: Study, spec: ListingSpec, secret: str) -> pd.DataFrame:
    numbered = study["adsl"].assign(PARTICIPANT=number_participants(study, secret))
    members = population_members(study.with_frames({"adsl": numbered}), spec.population)
    require_columns(members, "adsl", ("AGE", "SEX", spec.origin), f"listing {spec.id}")
    sex = _shown(study, members, "SEX")
    return members.assign(
        ARM=members.get(ARM, ""),
        AGE=members["AGE"].map(_age_band),
        SEX=_in_print(sex),
        _origin=members[spec.origin],
        _unlisted=sex == NOT_LISTED,
    )


def _shown(study: Study, members: pd.DataFrame, column: str) -> pd.Series:
    """What may be printed of a column of ADSL, of each member."""
    texts: pd.Series = members["USUBJID"].map(printable(study, "adsl", column).set_axis(study["adsl"]["USUBJID"]))
    return texts


def _in_print(texts: pd.Series) -> pd.Series:
    """Texts as they stand; a withheld one in small letters, as in every other column."""
    return texts.replace(NOT_LISTED, NOT_LISTED.lower())


def _age_band(age: float) -> str:
    if age >= OLDEST:
        return f"≥ {OLDEST}"
    low = int(age // BAND) * BAND
    return f"{low}–{low + BAND - 1}"


def _serious_events(study: Study, spec: ListingSpec, members: pd.DataFrame) -> pd.DataFrame:
    events = study["adae"]
    require_columns(events, "adae", (*_EVENT_COLUMNS, "AESER"), f"listing {spec.id}")
    events = events.assign(**{name: printable(study, "adae", name) for name in _EVENT_TEXTS})
    columns = ["USUBJID", "PARTICIPANT", "ARM", "AGE", "SEX", "_origin", "_unlisted"]
    serious = events.loc[events["AESER"] == "Y"].merge(members[columns], on="USUBJID")
    onset = _study_day(serious["ASTDT"], serious["_origin"])
    return serious.assign(
        AEDECOD=_in_print(serious["AEDECOD"]),
        AETOXGR=serious["AETOXGR"].astype(int),
        ASTDY=_day_text(onset),
        AENDY=_day_text(_study_day(serious["AENDT"], serious["_origin"])),
        AEREL=_in_words(serious["AEREL"], spec),
        AEACN=_in_words(serious["AEACN"], spec),
        AEOUT=_in_words(serious["AEOUT"].where(serious["AEOUT"] != "", "ONGOING"), spec),
        _day=onset,
        _unlisted=serious["_unlisted"] | (serious[list(_EVENT_TEXTS)] == NOT_LISTED).any(axis=1),
    )


_EVENT_TEXTS = ("AEDECOD", "AEREL", "AEACN", "AEOUT")
_EVENT_COLUMNS = (*_EVENT_TEXTS, "AETOXGR", "ASTDT", "AENDT")


def _deaths(study: Study, spec: ListingSpec, members: pd.DataFrame) -> pd.DataFrame:
    named = filter(None, ("DTHDT", "DTHCAUS", spec.after))
    require_columns(members, "adsl", named, f"listing {spec.id}")
    members = members.assign(DTHCAUS=_shown(study, members, "DTHCAUS"))
    died = members.loc[members["DTHDT"].notna()]
    day = _study_day(died["DTHDT"], died["_origin"])
    told = died.assign(
        DTHDY=_day_text(day),
        DTHCAUS=_in_words(died["DTHCAUS"], spec),
        _day=day,
        _unlisted=died["_unlisted"] | (died["DTHCAUS"] == NOT_LISTED),
    )
    if spec.after:
        told = told.assign(AFTERDY=_day_text((died["DTHDT"] - died[spec.after]).dt.days.astype(float)))
    if spec.progression:
        progressed = first_event(study, died, spec.progression).notna()
        told = told.assign(PROGRESSION=np.where(progressed, "yes", "no"))
    return told


def _in_words(codes: pd.Series, spec: ListingSpec) -> pd.Series:
    words = spec.words.get(str(codes.name), {})
    return codes.map(lambda code: words.get(code, code.lower()) or NOT_APPLICABLE)


def _study_day(dates: pd.Series, origin: pd.Series) -> pd.Series:
    """Days from the origin, which is day 1; the day before it is day −1, as in ADaM."""
    days = (dates - origin).dt.days.astype(float)
    return days.where(days < 0, days + 1)


def _day_text(days: pd.Series) -> pd.Series:
    return days.map(lambda day: NOT_APPLICABLE if np.isnan(day) else format_number(day, "count", rounding="half-away"))

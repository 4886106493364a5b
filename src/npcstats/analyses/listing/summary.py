"""Line listings of records: re-keyed, in study days, with age bands."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from npcstats.analyses.listing.narrative import tell_deaths
from npcstats.analyses.listing.spec import WITHIN, ListingSpec
from npcstats.analyses.listing.texts import day_text, in_print, in_words, study_day
from npcstats.analyses.listing.treatment import last_given, place_in_treatment
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
from npcstats.formatting import NOT_APPLICABLE, counted
from npcstats.results import Analysis, Listing
from npcstats.study import ARM, ENTERED, Study

ORDERS = {
    "serious-events": "The highest grade comes first; within it, participants by number and events by day.",
    "deaths": "Those with a grade 5 event come first; then participants by number.",
    "narratives": "Participants by number.",
}
DURING_SENTENCE = "{column}: the last cycle begun by the day of onset"
COURSE_SENTENCE = (
    "; within {label}, the {unit} by a count of working days where each had one, else the week; later, the days since "
    "its end"
)
DASHES = {
    "ASTDY": "not recorded",
    "AENDY": "not ended by the cut-off",
    "ENTRYLAG": "not entered by the cut-off",
    "DURING": "before treatment",
    "AEREL": "not recorded",
    "AEACN": "not recorded",
    "DTHCAUS": "not recorded",
    "AFTERDY": "the date that days are counted from is not on record",
    "ONTREATMENT": "no dose on record",
    "FATAL": "no event of grade 5",
}
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
    records = RECORDS[spec.kind](study, spec, members)
    shown = {name: label for name, label in spec.columns.items() if name in records}
    ordered = records.sort_values(["_rank", "PARTICIPANT", "_day"], kind="stable")
    rows = tuple(tuple(str(value) for value in row) for row in ordered[list(shown)].itertuples(index=False, name=None))
    words = _sentences(study, spec, shown, records)
    if records["_unlisted"].any():
        words["unlisted"] = UNLISTED_SENTENCE
    labels = {"column": shown}
    analysis = Analysis(spec.label, "listing", spec.status, spec.population, words, labels=labels)
    return Listing(tuple(shown), rows), analysis


def _sentences(study: Study, spec: ListingSpec, shown: Mapping[str, str], records: pd.DataFrame) -> dict[str, str]:
    words = {
        "key": "Participants are numbered anew in every report.",
        "order": ORDERS[spec.kind],
        "days": f"Days are counted from {study.design.date_words(spec.origin)}, which is day one.",
    }
    if "DURING" in shown:
        course = COURSE_SENTENCE.format(label=spec.course.label, unit=spec.course.unit) if spec.course else ""
        words["during"] = f"{DURING_SENTENCE.format(column=shown['DURING'])}{course}."
    lacking = [label for name, label in spec.criteria.items() if name not in shown]
    if lacking:
        words["lacking"] = f"Not in the export: {', '.join(lacking)}."
    dashed = {name: records[name] == NOT_APPLICABLE for name in shown}
    if "DURING" in shown:  # an event without a day is not known to be before treatment
        dashed["DURING"] &= ~dashed["ASTDY"]
    dashes = [DASHES[name] for name in shown if name in DASHES and dashed[name].any()]
    words |= {"dash": f"A dash: {'; '.join(dict.fromkeys(dashes))}."} if dashes else {}
    if "ONTREATMENT" in shown:
        days = counted(spec.on_treatment, "day")
        words["treatment"] = f"{shown['ONTREATMENT']}: until {days} after the last dose of any treatment on record."
    if spec.lag:
        words["lag"] = f"{shown['ENTRYLAG']}: from onset to the entry of the record."
    if spec.kind == "narratives":
        words["draft"] = "Drafted from the records in the export, to be completed by the investigator."
    elif spec.after:
        words["after"] = f"{spec.after_label}: counted from {study.design.date_words(spec.after)}."
    return words | arms_sentences(study, spec.population)


def _described(study: Study, spec: ListingSpec, secret: str) -> pd.DataFrame:
    numbered = study["adsl"].assign(PARTICIPANT=number_participants(study, secret))
    members = population_members(study.with_frames({"adsl": numbered}), spec.population)
    require_columns(members, "adsl", ("AGE", "SEX", spec.origin), f"listing {spec.id}")
    sex = _shown(study, members, "SEX")
    arms = {arm.code: arm.code if arm.label.endswith(f" {arm.code}") else arm.label for arm in study.arms}
    return members.assign(
        ARM=members[ARM].map(arms) if ARM in members else "",
        AGE=members["AGE"].map(_age_band),
        SEX=in_print(sex),
        _origin=members[spec.origin],
        _unlisted=sex == NOT_LISTED,
    )


def _shown(study: Study, members: pd.DataFrame, column: str) -> pd.Series:
    """What may be printed of a column of ADSL, of each member."""
    texts: pd.Series = members["USUBJID"].map(printable(study, "adsl", column).set_axis(study["adsl"]["USUBJID"]))
    return texts


def _age_band(age: float) -> str:
    if age >= OLDEST:
        return f"≥ {OLDEST}"
    low = int(age // BAND) * BAND
    return f"{low}–{low + BAND - 1}"


def _serious_events(study: Study, spec: ListingSpec, members: pd.DataFrame) -> pd.DataFrame:
    events = study["adae"]
    require_columns(events, "adae", (*_EVENT_COLUMNS, "AESER"), f"listing {spec.id}")
    texts = [*_EVENT_TEXTS, *(name for name in spec.criteria if name in events)]
    events = events.assign(**{name: printable(study, "adae", name) for name in texts})
    columns = ["USUBJID", "PARTICIPANT", "ARM", "AGE", "SEX", "_origin", "_unlisted"]
    serious = events.loc[events["AESER"] == "Y"].merge(members[columns], on="USUBJID")
    onset = study_day(serious["ASTDT"], serious["_origin"])
    told = serious.assign(
        AEDECOD=in_print(serious["AEDECOD"]),
        AETOXGR=serious["AETOXGR"].astype(int),
        ASTDY=day_text(onset),
        AENDY=day_text(study_day(serious["AENDT"], serious["_origin"])),
        AEOUT=in_words(serious["AEOUT"].where(serious["AEOUT"] != "", "ONGOING"), spec),
        _day=onset,
        _rank=-serious["AETOXGR"],
        _unlisted=serious["_unlisted"] | (serious[texts] == NOT_LISTED).any(axis=1),
    )
    plain = [name for name in texts if name not in ("AEDECOD", "AEOUT")]
    told = told.assign(**{name: in_words(serious[name], spec) for name in plain})
    if spec.lag:
        require_columns(serious, "adae", (ENTERED,), f"listing {spec.id}")
        told = told.assign(ENTRYLAG=day_text((serious[ENTERED] - serious["ASTDT"]).dt.days.astype(float)))
    if spec.phases or spec.course:
        told = told.assign(DURING=place_in_treatment(study, serious, spec.phases, spec.course, spec.id))
    return told


_EVENT_TEXTS = ("AEDECOD", "AEREL", "AEACN", "AEOUT")
_EVENT_COLUMNS = (*_EVENT_TEXTS, "AETOXGR", "ASTDT", "AENDT")


def _deaths(study: Study, spec: ListingSpec, members: pd.DataFrame) -> pd.DataFrame:
    named = filter(None, ("DTHDT", "DTHCAUS", spec.after))
    require_columns(members, "adsl", named, f"listing {spec.id}")
    members = members.assign(DTHCAUS=_shown(study, members, "DTHCAUS"))
    died = members.loc[members["DTHDT"].notna()]
    day = study_day(died["DTHDT"], died["_origin"])
    told = died.assign(
        DTHDY=day_text(day),
        DTHCAUS=in_words(died["DTHCAUS"], spec),
        _day=day,
        _rank=0,
        _unlisted=died["_unlisted"] | (died["DTHCAUS"] == NOT_LISTED),
    )
    if spec.after:
        after = (died["DTHDT"] - died[spec.after]).dt.days.astype(float)
        flags = {WITHIN.format(days): _yes_no(after.between(0, days), after.notna()) for days in spec.within}
        told = told.assign(AFTERDY=day_text(after), _after=after, **flags)
    if spec.on_treatment:
        last = died["USUBJID"].map(last_given(study, spec.id))
        on = died["DTHDT"] <= last + pd.Timedelta(days=spec.on_treatment)
        told = told.assign(ONTREATMENT=_yes_no(on, last.notna()))
    if spec.progression:
        progressed = first_event(study, died, spec.progression).notna()
        told = told.assign(PROGRESSION=np.where(progressed, "yes", "no"))
    return _with_fatal(study, spec, told) if spec.fatal else told


def _narratives(study: Study, spec: ListingSpec, members: pd.DataFrame) -> pd.DataFrame:
    named = filter(None, ("DTHDT", "DTHCAUS", spec.after, spec.stage))
    require_columns(members, "adsl", named, f"listing {spec.id}")
    shown = {name: _shown(study, members, name) for name in ("DTHCAUS", *filter(None, (spec.stage,)))}
    died = members.assign(**shown).loc[members["DTHDT"].notna()]
    return tell_deaths(study, spec, died)


def _with_fatal(study: Study, spec: ListingSpec, told: pd.DataFrame) -> pd.DataFrame:
    """Deaths with the terms of the participant's events of grade 5; those that have one come first."""
    events = study["adae"]
    require_columns(events, "adae", ("AEDECOD", "AETOXGR"), f"listing {spec.id}")
    terms = printable(study, "adae", "AEDECOD").loc[events["AETOXGR"] == 5]
    named = terms.groupby(events.loc[terms.index, "USUBJID"]).agg(list)
    own = told["USUBJID"].map(named)
    texts = [", ".join(in_print(pd.Series(found))) if isinstance(found, list) else NOT_APPLICABLE for found in own]
    unlisted = np.array([isinstance(found, list) and NOT_LISTED in found for found in own], dtype=bool)
    return told.assign(FATAL=texts, _rank=own.isna().astype(int), _unlisted=told["_unlisted"] | unlisted)


def _yes_no(true: pd.Series, known: pd.Series) -> np.ndarray:
    return np.where(known, np.where(true, "yes", "no"), NOT_APPLICABLE)


RECORDS: Mapping[str, Callable[[Study, ListingSpec, pd.DataFrame], pd.DataFrame]] = {
    "serious-events": _serious_events,
    "deaths": _deaths,
    "narratives": _narratives,
}

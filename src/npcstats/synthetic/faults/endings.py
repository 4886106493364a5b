"""Faults around the end of a participant: deaths, their causes, and what is recorded after the end."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from npcstats.synthetic.faults.draft import Draft, Plant, days, first_row, recorded


def _contact_after_death(draft: Draft, who: str) -> bool:
    person, contact = draft.person(who), first_row(draft.rows("adassess", who))
    if pd.isna(person["DTHDT"]) or contact is None:
        return False
    day = person["DTHDT"] + days(20)
    if not day < pd.Timestamp(draft.truth.calendar.database_date):
        return False
    draft.expect("adsl", person.name, "DEATH-CONTACT")
    return draft.add("adassess", contact, rules=(), ADT=day, **recorded(day))


def _value_after_death(draft: Draft, who: str) -> bool:
    person, value = draft.person(who), first_row(draft.rows("adlb", who))
    if pd.isna(person["DTHDT"]) or value is None:
        return False
    day = person["DTHDT"] + days(7)
    return draft.add("adlb", value, rules=("AFTER-DEATH",), ADT=day, AVISIT="", **recorded(day))


def _contact_after_end(draft: Draft, who: str) -> bool:
    person, contact = draft.person(who), first_row(draft.rows("adassess", who))
    if pd.isna(person["EOSDT"]) or contact is None:
        return False
    day = person["EOSDT"] + days(40)
    if not day < pd.Timestamp(draft.truth.calendar.database_date):
        return False
    return draft.add("adassess", contact, rules=("AFTER-EOS",), ADT=day, **recorded(day))


def _death_without_cause(draft: Draft, who: str) -> bool:
    person = draft.person(who)
    if pd.isna(person["DTHDT"]) or not person["DTHCAUS"]:
        return False
    return draft.change("adsl", person.name, rules=("DATE-REASON",), DTHCAUS="")


def _death_without_event(draft: Draft, who: str) -> bool:
    person = draft.person(who)
    if person["DTHCAUS"] != "OTHER" or len(draft.rows("adevent", who)):
        return False
    return draft.change("adsl", person.name, rules=("DEATH-EVENT",), DTHCAUS="DISEASE")


def _toxic_death(draft: Draft, who: str) -> bool:
    person = draft.person(who)
    if person["DTHCAUS"] != "OTHER":
        return False
    return draft.change("adsl", person.name, rules=("DEATH-TOXIC",), DTHCAUS="TREATMENT")


ENDINGS: Mapping[str, Plant] = {
    "DEATH-EVENT": _death_without_event,
    "DEATH-TOXIC": _toxic_death,
    "DATE-REASON": _death_without_cause,
    "DEATH-CONTACT": _contact_after_death,
    "AFTER-DEATH": _value_after_death,
    "AFTER-EOS": _contact_after_end,
}

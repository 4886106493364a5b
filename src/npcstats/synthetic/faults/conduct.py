"""Faults in supportive care and in forms: stays that overlap, that end too late or lie ahead, and other names."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from npcstats.synthetic.faults.draft import Draft, Plant, days, first_row, is_alive, recorded


def _care_in_the_future(draft: Draft, who: str) -> bool:
    care = first_row(draft.rows("adcare", who).loc[lambda rows: ~rows["KIND"].isin(("HOSPITAL", "RT-INTERRUPTION"))])
    if care is None or not is_alive(draft.person(who)):
        return False
    day = pd.Timestamp(draft.truth.calendar.database_date) + days(400)
    return draft.add(
        "adcare", care, rules=("AFTER-CUTOFF",), CASTDT=day, CAENDT=pd.NaT, **recorded(day)
    )  # fmt: skip


def _other_letters(draft: Draft, who: str) -> bool:
    form = first_row(draft.rows("adform", who))
    return form is not None and draft.change("adform", form.name, rules=("IDENTIFIER",), USUBJID=f"{who.lower()} ")


def _stay_again(draft: Draft, who: str) -> bool:
    care = draft.rows("adcare", who)
    long = first_row(care.loc[(care["CAENDT"] > care["CASTDT"] + days(3)) & (care["KIND"] != "HOSPITAL")])
    if long is None or len(care) > 1:
        return False
    day = long["CASTDT"] + days(2)
    return draft.add(
        "adcare", long, rules=("CARE-OVERLAP",), CASTDT=day, **recorded(day)
    )  # fmt: skip


def _quiet_stay(draft: Draft, who: str) -> bool:
    care, serious = draft.rows("adcare", who), draft.rows("adae", who)["AESER"] == "Y"
    template = first_row(care.loc[care["CAENDT"].notna()])
    if template is None or serious.any():
        return False
    return draft.add("adcare", template, rules=("CARE-SERIOUS",), KIND="HOSPITAL")


def _long_interruption(draft: Draft, who: str) -> bool:
    care, person = draft.rows("adcare", who), draft.person(who)
    pause = first_row(care.loc[care["KIND"] == "RT-INTERRUPTION"])
    if pause is None or not is_alive(person):
        return False
    return draft.change("adcare", pause.name, rules=("CARE-WITHIN",), CAENDT=person["RTENDT"] + days(5))


def _received_early(draft: Draft, who: str) -> bool:
    form = first_row(draft.rows("adform", who).loc[lambda rows: rows["RECDT"].notna()])
    return form is not None and draft.change(
        "adform", form.name, rules=("FORM-EARLY",), RECDT=form["DUEDT"] - days(3)
    )  # fmt: skip


CONDUCT: Mapping[str, Plant] = {
    "CARE-WITHIN": _long_interruption,
    "AFTER-CUTOFF": _care_in_the_future,
    "IDENTIFIER": _other_letters,
    "CARE-OVERLAP": _stay_again,
    "CARE-SERIOUS": _quiet_stay,
    "FORM-EARLY": _received_early,
}

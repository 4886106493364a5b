"""Faults in the course of the disease: readings of response, sums of diameters, and events."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from npcstats.synthetic.faults.draft import Draft, Plant, days, first_row, is_alive, recorded


def _progressed(draft: Draft, who: str) -> pd.Series:
    """Return days of progression, sorted."""
    events = draft.rows("adevent", who)
    return events.loc[events["KIND"].isin(("LOCAL", "REGIONAL", "DISTANT")), "ADT"].sort_values()


def _response_after_progression(draft: Draft, who: str) -> bool:
    first, response, person = _progressed(draft, who), first_row(draft.rows("adrs", who)), draft.person(who)
    if first.empty or response is None or pd.notna(person["DTHDT"]):
        return False
    day = first.iloc[0] + days(61)
    if (draft.rows("adrs", who)["ADT"] == day).any():
        return False
    return draft.add(
        "adrs", response, rules=("RS-AFTER-PD",), ADT=day, AVISIT="", AVALC="CR", **recorded(day)
    )  # fmt: skip


def _progression_without_event(draft: Draft, who: str) -> bool:
    responses = draft.rows("adrs", who).sort_values("ADT")
    if responses.empty or len(draft.rows("adevent", who)):
        return False
    return draft.change("adrs", responses.index[-1], rules=("RS-PD-EVENT",), AVALC="PD")


def _response_too_early(draft: Draft, who: str) -> bool:
    response, person = first_row(draft.rows("adrs", who)), draft.person(who)
    day = person["TRTSDT"] - days(2)
    if response is None or not day >= person["ICFDT"]:
        return False
    return draft.add("adrs", response, rules=("RS-EARLY",), ADT=day, AVISIT="", AVALC="NE", **recorded(day))


def _stable_after_complete(draft: Draft, who: str) -> bool:
    responses = draft.rows("adrs", who).sort_values("ADT")
    if responses.empty or responses["AVALC"].iloc[-1] != "CR" or len(_progressed(draft, who)):
        return False
    day = responses["ADT"].iloc[-1] + days(20)
    if not is_alive(draft.person(who)) or (draft.rows("adtr", who)["ADT"] == day).any():
        return False
    return draft.add("adrs", responses.iloc[-1], rules=("RS-COURSE",), ADT=day, AVISIT="", AVALC="SD",
                     **recorded(day))  # fmt: skip


def _large_sum(draft: Draft, who: str) -> bool:
    responses, sums = draft.rows("adrs", who), draft.rows("adtr", who)
    complete = responses.loc[(responses["AVALC"] == "CR") & responses["ADT"].isin(sums["ADT"])].sort_values("ADT")
    if complete.empty or len(_progressed(draft, who)):
        return False
    row = sums.index[sums["ADT"] == complete["ADT"].iloc[-1]][0]
    draft.expect("adrs", complete.index[-1], "RS-SUM")
    return draft.change("adtr", row, rules=(), AVAL=25.0)


def _unseen_event(draft: Draft, who: str) -> bool:
    seen, template = draft.rows("adassess", who)["ADT"], draft.frames["adevent"].iloc[0]
    day = seen.max() + days(30)
    person, last = draft.person(who), pd.Timestamp(draft.truth.calendar.database_date)
    if not is_alive(person) or len(draft.rows("adevent", who)) or not day < last or pd.isna(person["RTENDT"]):
        return False
    return draft.add("adevent", template, rules=("EVENT-SEEN",), USUBJID=who, KIND="DISTANT", ADT=day,
                     CONFIRM="IMAGING", **recorded(day))  # fmt: skip


def _therapy_before_zero(draft: Draft, who: str) -> bool:
    person, template = draft.person(who), draft.frames["adevent"].iloc[0]
    day = person["RTSTDT"] - days(1)
    if not day >= person["ENRLDT"] or len(draft.rows("adevent", who)):
        return False
    return draft.add("adevent", template, rules=("TTE-ORIGIN",), USUBJID=who, KIND="NEW-THERAPY", ADT=day,
                     CONFIRM="", **recorded(day))  # fmt: skip


DISEASE: Mapping[str, Plant] = {
    "RS-AFTER-PD": _response_after_progression,
    "RS-PD-EVENT": _progression_without_event,
    "RS-EARLY": _response_too_early,
    "RS-COURSE": _stable_after_complete,
    "RS-SUM": _large_sum,
    "EVENT-SEEN": _unseen_event,
    "TTE-ORIGIN": _therapy_before_zero,
}

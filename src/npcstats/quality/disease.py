"""Rules about the disease: stage and categories, progression and response, and what a death of disease requires."""

from __future__ import annotations

import numpy as np
import pandas as pd

from npcstats.clinical.staging import M_CODES, N_CODES, STAGES, T_CODES, UNKNOWN, stage_disagreements, stage_group
from npcstats.quality.inspection import Inspection, Mark, Rule, day_count, days_between, mark

GROUP = "Disease"
VERSION = 9


def _stage_of_categories(inspected: Inspection) -> list[Mark]:
    adsl = inspected.study["adsl"]
    read = {
        name: adsl[name].where(adsl[name].isin(levels), UNKNOWN).to_numpy()
        for name, levels in (("T9", T_CODES), ("N9", N_CODES), ("M9", M_CODES[9]), ("STAGE9", STAGES[9]))
    }
    wrong = stage_disagreements(read["T9"], read["N9"], read["M9"], read["STAGE9"], version=9)
    right = stage_group(read["T9"], read["N9"], read["M9"], version=9)
    wrong &= (adsl["TNMVER"] == VERSION).to_numpy()
    return mark(
        "adsl",
        wrong,
        lambda i: f"stage {read['STAGE9'][i]}; {read['T9'][i]} {read['N9'][i]} {read['M9'][i]} is stage {right[i]}",
    )


def _first_progression(inspected: Inspection) -> pd.Series:
    """First progression among events, by participant."""
    events = inspected.study["adevent"]
    return events.loc[events["KIND"].isin(inspected.checks.progression)].groupby("USUBJID")["ADT"].min()


def _no_response_after(inspected: Inspection) -> list[Mark]:
    adrs = inspected.study["adrs"]
    shown = adrs.loc[adrs["AVALC"] == inspected.checks.progressed].groupby("USUBJID")["ADT"].min()
    first = pd.concat([_first_progression(inspected), shown]).groupby(level=0).min()
    late = days_between(first.reindex(adrs["USUBJID"]), adrs["ADT"])
    here = adrs["AVALC"].isin(inspected.checks.response).to_numpy() & (late > 0)
    return mark("adrs", here, lambda i: f"{adrs['AVALC'].iloc[i]} {day_count(late[i])} after progression")


def _progression_has_event(inspected: Inspection) -> list[Mark]:
    adrs = inspected.study["adrs"]
    behind = days_between(adrs["ADT"], _first_progression(inspected).reindex(adrs["USUBJID"]))
    known = behind <= inspected.checks.progression_days
    here = (adrs["AVALC"] == inspected.checks.progressed).to_numpy() & ~known
    return mark("adrs", here, lambda i: "progression, but no event of progression by then")


def _death_has_progression(inspected: Inspection) -> list[Mark]:
    adsl = inspected.study["adsl"]
    first = _first_progression(inspected).reindex(adsl["USUBJID"])
    known = days_between(first, adsl["DTHDT"]) >= 0
    here = np.asarray((adsl["DTHCAUS"] == inspected.checks.disease_death) & adsl["DTHDT"].notna(), dtype=bool)
    return mark("adsl", here & ~known, lambda i: "death of disease, but no event of progression by then")


_EVENTS = ("adevent.USUBJID", "adevent.KIND", "adevent.ADT")
_RESPONSES = ("adrs.USUBJID", "adrs.ADT", "adrs.AVALC")

RULES = (
    Rule(
        "STAGE-TNM",
        GROUP,
        "The stage is the one that T, N and M give.",
        "error",
        ("adsl.T9", "adsl.N9", "adsl.M9", "adsl.STAGE9", "adsl.TNMVER"),
        _stage_of_categories,
    ),
    Rule(
        "RS-AFTER-PD",
        GROUP,
        "No response is recorded after progression.",
        "query",
        (*_EVENTS, *_RESPONSES),
        _no_response_after,
    ),
    Rule(
        "RS-PD-EVENT",
        GROUP,
        "A response that is progression has its event.",
        "query",
        (*_EVENTS, *_RESPONSES),
        _progression_has_event,
    ),
    Rule(
        "DEATH-EVENT",
        GROUP,
        "A death of disease follows an event of progression.",
        "query",
        (*_EVENTS, "adsl.DTHDT", "adsl.DTHCAUS"),
        _death_has_progression,
    ),
)

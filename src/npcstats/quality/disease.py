"""Rules about the disease: stage and categories, progression and response, and what a death of disease requires."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from npcstats.clinical.staging import M_CODES, N_CODES, STAGES, T_CODES, UNKNOWN, stage_disagreements, stage_group
from npcstats.clinical.values import days_between
from npcstats.quality.inspection import Bools, Floats, Inspection, Mark, Rule, day_count, mark, number
from npcstats.quality.values import Checks, ResponseRange

GROUP = "Disease"


def _stage_of_categories(inspected: Inspection) -> list[Mark]:
    adsl = inspected.study["adsl"]
    read = {
        name: adsl[name].where(adsl[name].isin(levels), UNKNOWN).to_numpy()
        for name, levels in (("T9", T_CODES), ("N9", N_CODES), ("M9", M_CODES[9]), ("STAGE9", STAGES[9]))
    }
    wrong = stage_disagreements(read["T9"], read["N9"], read["M9"], read["STAGE9"], version=9)
    right = stage_group(read["T9"], read["N9"], read["M9"], version=9)
    wrong &= (adsl["TNMVER"] == inspected.checks.staging).to_numpy()
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


def _progression_not_too_early(inspected: Inspection) -> list[Mark]:
    events, column = inspected.study["adevent"], inspected.checks.progression_after
    early = days_between(inspected.of("adevent", column), events["ADT"])
    kinds = (*inspected.checks.progression, *inspected.checks.residual)
    here = events["KIND"].isin(kinds).to_numpy() & (early < 0)
    words = np.where(events["KIND"].isin(inspected.checks.residual), "residual disease", "progression")
    return mark("adevent", here, lambda i: f"{words[i]} {day_count(early[i])} before {column}")


def _progression_was_seen(inspected: Inspection) -> list[Mark]:
    events, seen = inspected.study["adevent"], inspected.study["adassess"]
    here = events.loc[events["KIND"].isin(inspected.checks.progression)].reset_index(names="place")
    both = here.merge(seen[["USUBJID", "ADT"]], on="USUBJID", suffixes=("", "_SEEN"))
    near = np.abs(days_between(both["ADT"], both["ADT_SEEN"])) <= (inspected.checks.seen_days or 0)
    unseen = events.index.isin(here["place"]) & ~events.index.isin(both.loc[near, "place"])
    return mark("adevent", unseen, lambda i: "progression, but no assessment at that time")


def _response_not_too_early(inspected: Inspection) -> list[Mark]:
    adrs = inspected.study["adrs"]
    early = days_between(inspected.of("adrs", "TRTSDT"), adrs["ADT"])
    return mark("adrs", early < 0, lambda i: f"a response {day_count(early[i])} before the first study treatment")


def _complete_stays(inspected: Inspection) -> list[Mark]:
    adrs, sums = inspected.study["adrs"], inspected.checks.sums
    if sums is None:
        return []
    complete = adrs.loc[adrs["AVALC"] == sums.complete].groupby("USUBJID")["ADT"].min().reindex(adrs["USUBJID"])
    since = days_between(complete, adrs["ADT"])
    broken = adrs["AVALC"].isin((sums.partial, sums.stable)).to_numpy() & (since > 0)
    return mark("adrs", broken, lambda i: f"{adrs['AVALC'].iloc[i]} {day_count(since[i])} after {sums.complete}")


def _sum_agrees(inspected: Inspection) -> Iterator[Mark]:
    """Response against the sum of diameters of its day: the sum at baseline, the smallest before it, and its own."""
    sums, adrs = inspected.checks.sums, inspected.study["adrs"]
    if sums is None:
        return
    own, first, least = _sums(inspected, sums)
    grown = (own >= least * (1.0 + sums.increase)) & (own - least >= sums.absolute)
    fallen = own <= first * (1.0 - sums.decrease)
    less, more = f"a decrease by {sums.decrease:.0%}", f"an increase by {sums.increase:.0%}"
    told = adrs["AVALC"].to_numpy()
    for code, broken, text in (
        (sums.complete, own > sums.residual, "nothing measurable may be left"),
        (sums.partial, (own > 0) & ~fallen & ~np.isnan(first), f"{less} is required"),
        (sums.stable, fallen, f"{less} is a partial response"),
        (sums.progressed, ~grown & _only_here(inspected, sums) & ~np.isnan(own + least), f"{more} is required"),
        *((code, grown, f"{more} is progression") for code in (sums.complete, sums.partial, sums.stable)),
    ):
        yield from mark("adrs", (told == code) & broken, _sum_words(code, own, first, least, text))


def _sum_words(code: str, own: Floats, first: Floats, least: Floats, text: str) -> Callable[[int], str]:
    return lambda i: (
        f"{code} with a sum of {number(float(own[i]))}, at baseline {number(float(first[i]))}, smallest before "
        f"{number(float(least[i]))}; {text}"
    )


def _sums(inspected: Inspection, sums: ResponseRange) -> tuple[Floats, Floats, Floats]:
    adtr, adrs = inspected.study["adtr"], inspected.study["adrs"].reset_index(names="place")
    measured = adtr.loc[(adtr["PARAMCD"] == sums.param) & adtr["AVAL"].notna(), ["USUBJID", "ADT", "AVAL"]]
    measured = measured.drop_duplicates(["USUBJID", "ADT"])
    start = pd.Series(inspected.of("adtr", sums.baseline), index=adtr.index).reindex(measured.index)
    first = measured.loc[(measured["ADT"] <= start)].sort_values("ADT").groupby("USUBJID")["AVAL"].last()
    both = adrs[["place", "USUBJID", "ADT"]].merge(measured, on="USUBJID", suffixes=("", "_SUM"))
    own = both.loc[both["ADT_SUM"] == both["ADT"]].set_index("place")["AVAL"]
    least = both.loc[both["ADT_SUM"] < both["ADT"]].groupby("place")["AVAL"].min()
    return (
        own.reindex(adrs["place"]).to_numpy(dtype=float),
        first.reindex(adrs["USUBJID"]).to_numpy(dtype=float),
        least.reindex(adrs["place"]).to_numpy(dtype=float),
    )


def _only_here(inspected: Inspection, sums: ResponseRange) -> Bools:
    """Where there is an event of progression by the day of a response, or soon after it, and none of another place."""
    adrs, events = inspected.study["adrs"], inspected.study["adevent"]
    known = []
    for kinds in (inspected.checks.progression, sums.elsewhere):
        first = events.loc[events["KIND"].isin(kinds)].groupby("USUBJID")["ADT"].min()
        behind = days_between(adrs["ADT"], first.reindex(adrs["USUBJID"]))
        known.append(behind <= inspected.checks.progression_days)
    return np.asarray(known[0] & ~known[1], dtype=np.bool_)


def _has_progression(checks: Checks) -> bool:
    return bool(checks.progression)


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
        lambda checks: checks.staging == 9,
    ),
    Rule(
        "RS-AFTER-PD",
        GROUP,
        "No response is recorded after progression.",
        "query",
        (*_EVENTS, *_RESPONSES),
        _no_response_after,
        _has_progression,
    ),
    Rule(
        "RS-PD-EVENT",
        GROUP,
        "A response that is progression has its event.",
        "query",
        (*_EVENTS, *_RESPONSES),
        _progression_has_event,
        _has_progression,
    ),
    Rule(
        "DEATH-EVENT",
        GROUP,
        "A death of disease follows an event of progression.",
        "query",
        (*_EVENTS, "adsl.DTHDT", "adsl.DTHCAUS"),
        _death_has_progression,
        lambda checks: checks.disease_death,
    ),
    Rule(
        "RS-EARLY",
        GROUP,
        "A response is assessed after treatment has begun.",
        "error",
        ("adrs.USUBJID", "adrs.ADT", "adsl.TRTSDT"),
        _response_not_too_early,
    ),
    Rule(
        "RS-COURSE",
        GROUP,
        "A complete response is followed by another, or by progression.",
        "query",
        _RESPONSES,
        _complete_stays,
        lambda checks: checks.sums,
    ),
    Rule(
        "RS-SUM",
        GROUP,
        "A response is the one that the sum of diameters gives.",
        "query",
        (*_RESPONSES, *_EVENTS, "adtr.USUBJID", "adtr.PARAMCD", "adtr.ADT", "adtr.AVAL"),
        _sum_agrees,
        lambda checks: checks.sums,
    ),
    Rule(
        "EVENT-EARLY",
        GROUP,
        "Progression, and what treatment has left, are found after it.",
        "query",
        _EVENTS,
        _progression_not_too_early,
        lambda checks: checks.progression_after,
    ),
    Rule(
        "EVENT-SEEN",
        GROUP,
        "Progression is seen at an assessment.",
        "query",
        (*_EVENTS, "adassess.USUBJID", "adassess.ADT"),
        _progression_was_seen,
        lambda checks: checks.seen_days is not None,
    ),
)

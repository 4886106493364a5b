"""Rules about care and forms: stays that overlap, care that belongs to a course of treatment, forms and their days."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from npcstats.clinical.values import days_between
from npcstats.quality.inspection import Bools, Floats, Inspection, Mark, Rule, day_count, mark
from npcstats.study import ADSL

GROUP = "Care and forms"
FATAL_GRADE = 5
NEVER = np.datetime64("2199-12-31", "s")


def overlapping(frame: pd.DataFrame, keys: list[str], start: str, end: str) -> pd.Series:
    """Find records that begin before an earlier one of the same kind has ended.

    Parameters
    ----------
    frame : DataFrame
        Records.
    keys : list of str
        Columns that say what is the same, the participant among them.
    start, end : str
        Their dates; a record without an end has none.

    Returns
    -------
    Series of float
        Position of the earlier record, aligned with `frame`; NaN where there is none. One that begins on the day on
        which another ends does not overlap with it.
    """
    ordered = frame.loc[frame[start].notna()].sort_values([*keys, start], kind="stable")
    owner = ordered.groupby(keys, sort=False).ngroup().to_numpy()
    starts, ends = ordered[start].to_numpy(), ordered[end].fillna(NEVER).to_numpy()
    places = ordered.index.to_numpy(dtype=float)
    found = pd.Series(np.nan, index=frame.index)
    latest = 0
    for i in range(1, len(ordered)):
        if owner[i] != owner[latest]:
            latest = i
            continue
        if starts[i] < ends[latest] or starts[i] == starts[latest]:
            found[int(places[i])] = places[latest]
        latest = i if ends[i] > ends[latest] else latest
    return found


def _no_two_at_once(inspected: Inspection) -> list[Mark]:
    care = inspected.study["adcare"]
    other = overlapping(care, ["USUBJID", "KIND"], "CASTDT", "CAENDT")
    again = care.duplicated(["USUBJID", "KIND", "CASTDT"])
    text = "begins before {} of the same kind ended"
    return mark("adcare", other.notna() & ~again, lambda i: text.format(inspected.row("adcare", int(other.iloc[i]))))


def _stay_has_event(inspected: Inspection) -> list[Mark]:
    care, adae, checks = inspected.study["adcare"], inspected.study["adae"], inspected.checks
    stays = care.loc[care["KIND"] == checks.hospital].reset_index(names="place")
    serious = adae.loc[(adae["AESER"] == "Y") | (adae["AETOXGR"] == FATAL_GRADE), ["USUBJID", "ASTDT", "AENDT"]]
    both = stays.merge(serious, on="USUBJID", how="left")
    spare = pd.Timedelta(days=checks.hospital_days)
    met = (both["ASTDT"] <= both["CAENDT"].fillna(both["CASTDT"]) + spare) & ~(both["AENDT"] < both["CASTDT"] - spare)
    lacking: Bools = care.index.isin(stays["place"]) & ~care.index.isin(both.loc[met, "place"])
    return mark("adcare", lacking, lambda i: "a stay in hospital, but no serious event at that time")


def _care_within(inspected: Inspection) -> Iterator[Mark]:
    care = inspected.study["adcare"]
    for kind, (first, last) in inspected.checks.care_within.items():
        if not inspected.has(ADSL, first, last):
            continue
        here = (care["KIND"] == kind).to_numpy()
        early = days_between(inspected.of("adcare", first), care["CASTDT"])
        late = days_between(inspected.of("adcare", last), care["CAENDT"].fillna(care["CASTDT"]))
        none = here & np.isnat(np.asarray(inspected.of("adcare", first), dtype="datetime64[D]"))
        yield from mark("adcare", here & (early < 0), _beyond_words("begins", early, "before", first))
        yield from mark("adcare", here & (late > 0), _beyond_words("ends", late, "after", last))
        yield from mark("adcare", none, lambda i, n=first: f"the participant has no {n}")  # type: ignore[misc]


def _beyond_words(what: str, days: Floats, word: str, date: str) -> Callable[[int], str]:
    return lambda i: f"{what} {day_count(days[i])} {word} {date}"


def _received_after_due(inspected: Inspection) -> Iterator[Mark]:
    forms, allowed = inspected.study["adform"], inspected.checks.form_early or 0
    early = days_between(forms["RECDT"], forms["DUEDT"])
    yield from mark("adform", early > allowed, lambda i: f"received {day_count(early[i])} before it was due")


RULES = (
    Rule(
        "CARE-OVERLAP",
        GROUP,
        "Care of one kind ends before it begins again.",
        "query",
        ("adcare.USUBJID", "adcare.KIND", "adcare.CASTDT", "adcare.CAENDT"),
        _no_two_at_once,
    ),
    Rule(
        "CARE-SERIOUS",
        GROUP,
        "A stay in hospital has its serious event.",
        "query",
        ("adcare.USUBJID", "adcare.KIND", "adcare.CASTDT", "adcare.CAENDT", "adae.USUBJID", "adae.AESER",
         "adae.AETOXGR", "adae.ASTDT", "adae.AENDT"),
        _stay_has_event,
        lambda checks: checks.hospital,
    ),
    Rule(
        "CARE-WITHIN",
        GROUP,
        "Care that belongs to a course of treatment lies within it.",
        "query",
        ("adcare.USUBJID", "adcare.KIND", "adcare.CASTDT", "adcare.CAENDT"),
        _care_within,
        lambda checks: checks.care_within,
    ),
    Rule(
        "FORM-EARLY",
        GROUP,
        "A form, sample or image is not received before it was due.",
        "query",
        ("adform.DUEDT", "adform.RECDT"),
        _received_after_due,
        lambda checks: checks.form_early is not None,
    ),
)  # fmt: skip

"""Rules about what analyses refuse: events before time zero, and endpoints of an export that contradict it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from npcstats.clinical.values import days_between
from npcstats.quality.inspection import Bools, Floats, Inspection, Mark, Rule, day_count, mark
from npcstats.study import ADSL, DEATH, Design, Endpoint

GROUP = "Analyses"
EVENT_TYPE = "EVTYPE"


def _no_event_before_zero(inspected: Inspection) -> Iterator[Mark]:
    """An event that an endpoint counts, or that ends it, before its time zero; each record once for all endpoints."""
    design = inspected.study.design
    told: dict[tuple[str, str], list[Endpoint]] = {}
    for endpoint in design.endpoints:
        if endpoint.origin_day:  # a landmark: who had ended by then is left out
            continue
        for kind in (*endpoint.events, *endpoint.competing, *endpoint.censored_by):
            told.setdefault((kind.partition(":")[0], endpoint.origin), []).append(endpoint)
    for (kind, origin), endpoints in told.items():
        if not inspected.has(ADSL, origin):
            continue
        codes = ", ".join(dict.fromkeys(item.code for item in endpoints))
        if kind == DEATH and inspected.has(ADSL, "DTHDT"):
            adsl = inspected.study[ADSL]
            early = days_between(adsl[origin], adsl["DTHDT"])
            yield from mark(ADSL, early < 0, _early_words(DEATH, origin, codes, early))
        elif kind != DEATH and inspected.has("adevent", "USUBJID", "KIND", "ADT"):
            events = inspected.study["adevent"]
            here = (events["KIND"] == kind).to_numpy() & _counts(inspected, events, kind, endpoints)
            early = days_between(inspected.of("adevent", origin), events["ADT"])
            yield from mark("adevent", here & (early < 0), _early_words(kind, origin, codes, early))


def _counts(inspected: Inspection, events: pd.DataFrame, kind: str, endpoints: list[Endpoint]) -> Bools:
    """Which records of a kind some endpoint counts, by its rules."""
    counted = np.zeros(len(events), dtype=bool)
    for endpoint in endpoints:
        rule = next((item for item in endpoint.rules if item.kind == kind), None)
        here = np.ones(len(events), dtype=bool)
        if rule and rule.confirmed_by and "CONFIRM" in events:
            here &= events["CONFIRM"].isin(rule.confirmed_by).to_numpy()
        if rule and rule.anchor and inspected.has(ADSL, rule.anchor):
            day = days_between(inspected.of("adevent", rule.anchor), events["ADT"])
            here &= (day >= rule.first) & (day <= rule.last)
        counted |= here
    return counted


def _early_words(kind: str, origin: str, codes: str, early: Floats) -> Callable[[int], str]:
    return lambda i: f"{kind} {day_count(early[i])} before {origin}, the time zero of {codes}"


def _exported(inspected: Inspection) -> Iterator[tuple[Endpoint, Bools]]:
    params = inspected.study["adtte"]["PARAMCD"].to_numpy()
    for endpoint in inspected.study.design.endpoints:
        if endpoint.param:
            yield endpoint, params == endpoint.param


def _exported_from_zero(inspected: Inspection) -> Iterator[Mark]:
    adtte = inspected.study["adtte"]
    for endpoint, here in _exported(inspected):
        if inspected.has(ADSL, endpoint.origin):
            apart = days_between(inspected.of("adtte", endpoint.origin), adtte["STARTDT"])
            yield from mark("adtte", here & (np.isnan(apart) | (apart != 0)),
                            lambda i, e=endpoint: f"STARTDT is not {e.origin} of the participant")  # type: ignore[misc]  # fmt: skip


def _exported_types(inspected: Inspection) -> Iterator[Mark]:
    adtte = inspected.study["adtte"]
    types, codes = adtte[EVENT_TYPE].to_numpy(dtype=float), adtte["CNSR"].to_numpy(dtype=float)
    for _, here in _exported(inspected):
        yield from mark("adtte", here & ((types == 1) != (codes == 0)), lambda i: "CNSR and EVTYPE disagree")


def _exported_for_all(inspected: Inspection) -> Iterator[Mark]:
    adsl, adtte = inspected.study[ADSL], inspected.study["adtte"]
    for endpoint, here in _exported(inspected):
        if inspected.has(ADSL, endpoint.origin):
            told = adsl["USUBJID"].isin(adtte.loc[here, "USUBJID"])
            broken = adsl[endpoint.origin].notna() & ~told
            yield from mark(ADSL, broken, lambda i, e=endpoint: f"no record of {e.param} in adtte")  # type: ignore[misc]


def _brings_endpoints(design: Design) -> bool:
    return any(endpoint.param for endpoint in design.endpoints)


_RECORDS = ("adtte.USUBJID", "adtte.PARAMCD", "adtte.STARTDT", "adtte.CNSR")

RULES = (
    Rule(
        "TTE-ORIGIN",
        GROUP,
        "No event that an endpoint counts is dated before its time zero.",
        "error",
        (),
        _no_event_before_zero,
    ),
    Rule(
        "TTE-START",
        GROUP,
        "An endpoint that the export brings starts at the declared time zero.",
        "error",
        _RECORDS,
        _exported_from_zero,
        suits=_brings_endpoints,
    ),
    Rule(
        "TTE-TYPE",
        GROUP,
        "Event and censoring of an endpoint that the export brings agree.",
        "error",
        (*_RECORDS, "adtte.EVTYPE"),
        _exported_types,
        suits=_brings_endpoints,
    ),
    Rule(
        "TTE-ALL",
        GROUP,
        "Whoever has reached time zero has a record of an endpoint that the export brings.",
        "query",
        _RECORDS,
        _exported_for_all,
        suits=_brings_endpoints,
    ),
)

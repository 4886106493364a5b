"""Rules about visits: known ones, inside their windows, each once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from npcstats.clinical.values import days_between
from npcstats.quality.inspection import Inspection, Mark, Rule, filled, mark

GROUP = "Visits and duplicates"
AT_VISITS = ("adlb", "adrad", "adrs", "adform")
# what may be recorded once on one day, and once at one visit
ONCE_A_DAY: dict[str, tuple[str, ...]] = {
    "adlb": ("USUBJID", "PARAMCD", "ADT"),
    "adevent": ("USUBJID", "KIND", "ADT"),
    "adassess": ("USUBJID", "KIND", "ADT"),
    "adrs": ("USUBJID", "ADT"),
    "adcare": ("USUBJID", "KIND", "CASTDT"),
    "addv": ("USUBJID", "DVTERM", "DVDT"),
    "adqs": ("USUBJID", "PARAMCD", "ADT"),
    "adrad": ("USUBJID", "ADT", "MODALITY", "ROI", "REPLICATE"),
    "adex": ("USUBJID", "EXTRT", "EXSTDT"),
}
ONCE_A_VISIT: dict[str, tuple[str, ...]] = {
    "adlb": ("USUBJID", "PARAMCD", "AVISIT"),
    "adrs": ("USUBJID", "AVISIT"),
    "adform": ("USUBJID", "KIND", "AVISIT"),
}


def _known_visit(inspected: Inspection) -> Iterator[Mark]:
    codes = [visit.code for visit in inspected.study.design.visits]
    for name in AT_VISITS:
        if inspected.has(name, "AVISIT"):
            visits = inspected.study[name]["AVISIT"]
            stray = filled(visits) & ~visits.isin(codes).to_numpy()
            yield from mark(name, stray, lambda i: f"the visit is none of {', '.join(codes)}")


def _inside_window(inspected: Inspection) -> Iterator[Mark]:
    for name in AT_VISITS:
        if not inspected.has(name, "USUBJID", "AVISIT", "ADT"):
            continue
        frame = inspected.study[name]
        for visit in inspected.study.design.visits:
            if not inspected.has("adsl", visit.anchor):
                continue
            day = days_between(inspected.of(name, visit.anchor), frame["ADT"])
            here = (frame["AVISIT"] == visit.code).to_numpy()
            yield from mark(
                name,
                here & ((day < visit.first) | (day > visit.last)),
                lambda i, v=visit, d=day: f"{v.code} on day {d[i]:.0f} from {v.anchor}, outside {v.first} to {v.last}",  # type: ignore[misc]
            )


def _once_a_day(inspected: Inspection) -> Iterator[Mark]:
    for name, key in ONCE_A_DAY.items():
        if inspected.has(name, *key):
            again = _again(inspected, name, key)
            if name == "adex" and inspected.has(name, "EXDOSE"):
                again &= (inspected.study[name]["EXDOSE"] > 0).to_numpy()  # what was not given has no day of its own
            yield from mark(name, again, lambda i: "repeats an earlier row of the same day")


def _once_a_visit(inspected: Inspection) -> Iterator[Mark]:
    for name, key in ONCE_A_VISIT.items():
        if inspected.has(name, *key):
            again = _again(inspected, name, key)
            if name in ONCE_A_DAY and inspected.has(name, *ONCE_A_DAY[name]):
                again &= ~_again(inspected, name, ONCE_A_DAY[name])
            yield from mark(name, again, lambda i: "repeats an earlier row of the same visit")


def _again(inspected: Inspection, name: str, key: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    frame = inspected.study[name]
    told_apart = [*key, *(column for column in ("PARAMCD",) if column in frame and column not in key)]
    whole = np.all([filled(frame[column]) for column in told_apart], axis=0)
    return np.asarray(frame.duplicated(told_apart).to_numpy() & whole, dtype=np.bool_)


def _one_visit_a_day(inspected: Inspection) -> list[Mark]:
    adlb = inspected.study["adlb"]
    codes = [visit.code for visit in inspected.study.design.visits]
    named = adlb.loc[adlb["AVISIT"].isin(codes) & adlb["ADT"].notna()]
    first = named.groupby(["USUBJID", "ADT"])["AVISIT"].transform("first")
    other = named.loc[named["AVISIT"] != first].drop_duplicates(["USUBJID", "ADT", "AVISIT"])
    return mark("adlb", adlb.index.isin(other.index), lambda i: "another visit has the same day")


RULES = (
    Rule("VS-KNOWN", GROUP, "A visit is one of the design's, or has no name.", "query", (), _known_visit),
    Rule("VS-WINDOW", GROUP, "A visit is inside its window.", "query", (), _inside_window),
    Rule("DUPLICATE", GROUP, "The same thing is recorded once on one day.", "error", (), _once_a_day),
    Rule("VS-REPEAT", GROUP, "The same thing is recorded once at one visit.", "query", (), _once_a_visit),
    Rule(
        "VS-DAY",
        GROUP,
        "A day is that of one visit.",
        "query",
        ("adlb.USUBJID", "adlb.ADT", "adlb.AVISIT"),
        _one_visit_a_day,
    ),
)

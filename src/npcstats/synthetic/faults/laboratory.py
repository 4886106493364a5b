"""Faults in laboratory values: their units, visits, limits, parts and copies."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from npcstats.synthetic.faults.draft import (
    Draft,
    Plant,
    changed_a_dose,
    days,
    first_row,
    is_alive,
    recorded,
    value_of,
)
from npcstats.synthetic.write import number_text

SEVERE = 3
CREATININE_FACTOR = 88.4
"""One mg/dL of creatinine in µmol/L."""


def _on_treatment(draft: Draft, who: str, code: str) -> pd.Series | None:
    """Return a laboratory value after the first treatment, at a visit or not."""
    person = draft.person(who)
    values = draft.rows("adlb", who)
    return first_row(
        values.loc[(values["PARAMCD"] == code) & values["AVAL"].notna() & (values["ADT"] > person["TRTSDT"])]
    )


def _at_visit(draft: Draft, who: str) -> pd.Series | None:
    """Return a laboratory value at the last planned visit at which there is one, for someone still followed."""
    person, values = draft.person(who), draft.rows("adlb", who)
    values = values.loc[(values["AVISIT"] != "") & values["AVAL"].notna()].sort_values("ADT", kind="stable")
    return None if values.empty or not is_alive(person) else values.iloc[-1]


def _free(draft: Draft, who: str, value: pd.Series, day: pd.Timestamp) -> bool:
    """Whether a parameter has no other value on a day."""
    values = draft.rows("adlb", who)
    return not ((values["PARAMCD"] == value["PARAMCD"]) & (values["ADT"] == day)).any()


def _unknown_visit(draft: Draft, who: str) -> bool:
    value = _at_visit(draft, who)
    return value is not None and draft.change("adlb", value.name, rules=("VS-KNOWN",), AVISIT="WEEK 999")


def _outside_window(draft: Draft, who: str) -> bool:
    value, person = _at_visit(draft, who), draft.person(who)
    if value is None:
        return False
    visit = draft.design.visit(value["AVISIT"])
    day = person[visit.anchor] + days(visit.last + 5)
    if not _free(draft, who, value, day):
        return False
    return draft.change("adlb", value.name, rules=("VS-WINDOW",), ADT=day, **recorded(day))


def _same_day_again(draft: Draft, who: str) -> bool:
    value = _at_visit(draft, who)
    return value is not None and draft.add("adlb", value, rules=("DUPLICATE",))


def _same_visit_again(draft: Draft, who: str) -> bool:
    value, person = _at_visit(draft, who), draft.person(who)
    if value is None:
        return False
    visit, day = draft.design.visit(value["AVISIT"]), value["ADT"] + days(1)
    if day > person[visit.anchor] + days(visit.last) or not _free(draft, who, value, day):
        return False
    return draft.add("adlb", value, rules=("VS-REPEAT",), ADT=day, **recorded(day))


def _in_other_unit(draft: Draft, who: str, rule: str, **told: str) -> bool:
    """Record a renal value in µmol/L."""
    value = _on_treatment(draft, who, draft.truth.chemotherapy.renal_marker)
    if value is None:
        return False
    amount = round(CREATININE_FACTOR * value["AVAL"])
    return draft.change("adlb", value.name, rules=(rule,), **told, **value_of(float(amount)))


def _other_unit(draft: Draft, who: str) -> bool:
    return _in_other_unit(draft, who, "LB-UNIT", AVALU="umol/L")


def _swapped_unit(draft: Draft, who: str) -> bool:
    return _in_other_unit(draft, who, "LB-SWAP")


def _slipped_point(draft: Draft, who: str) -> bool:
    value = _on_treatment(draft, who, draft.truth.biomarkers.violations[0])
    if value is None:
        return False
    return draft.change("adlb", value.name, rules=("LB-RANGE",), **value_of(round(value["AVAL"] / 10.0, 2)))


def _two_results(draft: Draft, who: str) -> bool:
    value = _on_treatment(draft, who, draft.truth.biomarkers.violations[0])
    if value is None:
        return False
    return draft.change("adlb", value.name, rules=("LB-TEXT",), AVALC=number_text(value["AVAL"] + 0.5))


def _visit_of(draft: Draft, who: str, visit: str) -> dict[str, pd.Series]:
    """Return the numbers of a visit by their codes."""
    values = draft.rows("adlb", who)
    here = values.loc[(values["AVISIT"] == visit) & values["AVAL"].notna()]
    return {str(here["PARAMCD"].iloc[i]): here.iloc[i] for i in range(len(here))}


def _copied_visit(draft: Draft, who: str) -> bool:
    source, target = (_visit_of(draft, who, visit.code) for visit in draft.design.visits[-2:])
    if len(target) < 6 or not set(target) <= set(source):
        return False
    for code, value in target.items():
        draft.change("adlb", value.name, rules=(), AVAL=source[code]["AVAL"], AVALC=source[code]["AVALC"])
    draft.expect("adlb", min(int(str(value.name)) for value in target.values()), "VISIT-COPY")
    return True


def _part_above_whole(draft: Draft, who: str) -> bool:
    values = _visit_of(draft, who, draft.design.visits[-3].code)
    if not {"CD3", "CD4", "CD8"} <= set(values):
        return False
    draft.expect("adlb", values["CD3"].name, "LB-PARTS")
    amount = round(1.1 * values["CD3"]["AVAL"] - values["CD8"]["AVAL"])
    return draft.change("adlb", values["CD4"].name, rules=(), **value_of(float(amount)))


def _wrong_ratio(draft: Draft, who: str) -> bool:
    value = _on_treatment(draft, who, "NLR")
    if value is None or not {"ANC", "ALC"} <= set(_visit_of(draft, who, value["AVISIT"])):
        return False
    return draft.change("adlb", value.name, rules=("LB-RATIO",), **value_of(round(value["AVAL"] * 1.5, 2)))


def _leaping(draft: Draft, who: str) -> bool:
    course = draft.rows("adlb", who).loc[lambda rows: (rows["PARAMCD"] == "HGB") & rows["AVAL"].notna()]
    course = course.sort_values("ADT", kind="stable")
    values = course["AVAL"].to_numpy(dtype=float)
    for i in range(1, len(course) - 1):
        low, high = sorted((values[i - 1], values[i + 1]))
        if course["AVISIT"].iloc[i] == draft.design.visits[-3].code and high <= 1.1 * low:
            return draft.change("adlb", course.index[i], rules=("LEAP",), **value_of(round(float(low) / 2.0, 1)))
    return False


def _no_logarithm(draft: Draft, who: str) -> bool:
    values = draft.rows("adlb", who)
    days = values.loc[values["PARAMCD"] == "CD3", "ADT"]
    bare = values.loc[(values["PARAMCD"] == "ALC") & ~values["ADT"].isin(days) & values["AVAL"].notna()]
    value = first_row(bare.loc[bare["ADT"] > draft.person(who)["TRTSDT"]])
    return value is not None and draft.change("adlb", value.name, rules=("LB-LOG",), **value_of(0.0))


def _other_limit(draft: Draft, who: str) -> bool:
    values = draft.rows("adlb", who)
    below = first_row(values.loc[values["AVALC"].isin(("ND", "<LLOQ"))])
    return below is not None and draft.change("adlb", below.name, rules=("LB-LIMIT",), LLOQ=2.0 * below["LLOQ"])


def _other_baseline(draft: Draft, who: str) -> bool:
    person = draft.person(who)
    values = draft.rows("adlb", who)
    before = values.loc[(values["PARAMCD"] == "EBV") & (values["ADT"] <= person["TRTSDT"])].sort_values("ADT")
    if before.empty or pd.isna(before["AVAL"].iloc[-1]) or pd.isna(person["EBVBL"]):
        return False
    return draft.change("adsl", person.name, rules=("LB-BASELINE",), EBVBL=10.0 * person["EBVBL"])


def _milder_report(draft: Draft, who: str) -> bool:
    """Report a severe event that values define, the only one of its term, as of grade 2."""
    events = draft.rows("adae", who)
    quiet = ~changed_a_dose(events) & (events["AESER"] == "N") & (events["AETOXGR"] == SEVERE)
    for term in draft.truth.toxicity.laboratory:
        own = events.loc[events["AEDECOD"] == term.name]
        event = first_row(own.loc[quiet]) if len(own) == 1 else None
        if event is None:
            continue
        values = draft.rows("adlb", who)
        last = event["AENDT"] if pd.notna(event["AENDT"]) else values["ADT"].max()
        here = (values["PARAMCD"] == term.marker) & (values["ADT"] >= event["ASTDT"]) & (values["ADT"] <= last)
        severe = values.loc[here & (term.direction * (values["AVAL"] - term.cuts[SEVERE - 1]) > 0)]
        value = first_row(severe.sort_values("ADT", kind="stable"))
        if value is not None:
            draft.expect("adlb", value.name, "LB-REPORTED")
            return draft.change("adae", event.name, rules=(), AETOXGR=SEVERE - 1)
    return False


LABORATORY: Mapping[str, Plant] = {
    "VS-KNOWN": _unknown_visit,
    "VS-WINDOW": _outside_window,
    "DUPLICATE": _same_day_again,
    "VS-REPEAT": _same_visit_again,
    "LB-UNIT": _other_unit,
    "LB-SWAP": _swapped_unit,
    "LB-RANGE": _slipped_point,
    "LB-TEXT": _two_results,
    "VISIT-COPY": _copied_visit,
    "LB-PARTS": _part_above_whole,
    "LB-RATIO": _wrong_ratio,
    "LEAP": _leaping,
    "LB-LOG": _no_logarithm,
    "LB-LIMIT": _other_limit,
    "LB-BASELINE": _other_baseline,
    "LB-REPORTED": _milder_report,
}

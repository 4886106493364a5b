"""Faults in what is known of a participant: consent, enrolment, criteria, stage, and the arm."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from npcstats.synthetic.faults.draft import Draft, Plant, days, first_row, recorded, value_of


def _at_screening(draft: Draft, who: str, code: str) -> pd.Series | None:
    """Return the last laboratory value on or before enrolment."""
    values = draft.rows("adlb", who)
    before = values.loc[(values["PARAMCD"] == code) & values["AVAL"].notna()]
    before = before.loc[before["ADT"] <= draft.person(who)["ENRLDT"]].sort_values("ADT", kind="stable")
    return None if before.empty else before.iloc[-1]


def _consent_late(draft: Draft, who: str) -> bool:
    person = draft.person(who)
    if not person["TRTSDT"] > person["ENRLDT"] + days(3) or _violates(draft, who):
        return False
    if (draft.rows("addv", who)["DVDT"] < person["ENRLDT"] + days(2)).any():
        return False
    return draft.change(
        "adsl",
        person.name,
        rules=("CONSENT-FIRST", "ELIG-MET", *(() if _major(draft, who) else ("ELIG-DEVIATION",))),
        ICFDT=person["ENRLDT"] + days(2),
    )


def _volume_in_other_unit(draft: Draft, who: str) -> bool:
    person = draft.person(who)
    if pd.isna(person["GTVPVOL"]):
        return False
    return draft.change("adsl", person.name, rules=("VALUE-RANGE",), GTVPVOL=1000.0 * person["GTVPVOL"])


def _other_stage(draft: Draft, who: str) -> bool:
    person = draft.person(who)
    other = next(stage for stage in draft.truth.covariates.stages if stage != person["STAGE9"])
    return draft.change("adsl", person.name, rules=("STAGE-TNM",), STAGE9=other)


def _major(draft: Draft, who: str) -> bool:
    return bool((draft.rows("addv", who)["DVCAT"] == "MAJOR").any())


def _violates(draft: Draft, who: str) -> bool:
    """Whether the participant was made to violate a criterion."""
    told = draft.rows("addv", who)["DVTERM"] == draft.truth.conduct.violation_term
    return bool(told.any())


def _violation(draft: Draft, who: str, *rules: str) -> bool:
    code, lowest = draft.truth.biomarkers.violations[:2]
    value = _at_screening(draft, who, code)
    if value is None or _violates(draft, who) or _major(draft, who):
        return False
    draft.expect("adsl", draft.person(who).name, *rules)
    return draft.change("adlb", value.name, rules=(), **value_of(lowest - 0.5))


def _recorded_violation(draft: Draft, who: str) -> bool:
    person, template = draft.person(who), draft.frames["addv"].iloc[0]
    if not _violation(draft, who, "ELIG-MET"):
        return False
    day = person["ENRLDT"]
    return draft.add("addv", template, rules=(), USUBJID=who, DVDT=day, DVCAT="MAJOR",
                     DVTERM=draft.truth.conduct.violation_term, **recorded(day))  # fmt: skip


def _silent_violation(draft: Draft, who: str) -> bool:
    return _violation(draft, who, "ELIG-MET", "ELIG-DEVIATION")


def _no_screening_value(draft: Draft, who: str) -> bool:
    code = draft.truth.biomarkers.violations[0]
    values, person = draft.rows("adlb", who), draft.person(who)
    before = values.loc[(values["ADT"] <= person["ENRLDT"])]
    whole = before.loc[before["AVISIT"] != "", "PARAMCD"].nunique() == draft.frames["adlb"]["PARAMCD"].nunique()
    value = _at_screening(draft, who, code)
    if value is None or not whole or _violates(draft, who):
        return False
    draft.expect("adsl", person.name, "ELIG-KNOWN")
    return draft.change("adlb", value.name, rules=(), AVAL=np.nan, AVALC="")


def _enrolled_late(draft: Draft, who: str) -> bool:
    person = draft.person(who)
    day = person["TRTSDT"] + days(1)
    if not day <= person["ICFDT"] + days(26) or _violates(draft, who):
        return False
    return draft.change("adsl", person.name, rules=("ENROLLED-FIRST",), ENRLDT=day, **recorded(day))


def _consent_years_before(draft: Draft, who: str) -> bool:
    person = draft.person(who)
    return draft.change("adsl", person.name, rules=("CONSENT-LONG",), ICFDT=person["ICFDT"] - days(730))


def _deviation_before_consent(draft: Draft, who: str) -> bool:
    told = first_row(draft.rows("addv", who))
    return told is not None and draft.change(
        "addv", told.name, rules=("BEFORE-CONSENT",), DVDT=draft.person(who)["ICFDT"] - days(5)
    )


def _silent_change(draft: Draft, who: str) -> bool:
    person, codes = draft.person(who), [arm.code for arm in draft.design.arms]
    if person["TRT01A"] not in codes or person["TRT01A"] != person["TRT01P"] or _major(draft, who):
        return False
    other = next(code for code in codes if code != person["TRT01A"])
    return draft.change("adsl", person.name, rules=("ARM-DEVIATION",), TRT01P=other)


PARTICIPANTS: Mapping[str, Plant] = {
    "ELIG-MET": _recorded_violation,
    "ELIG-DEVIATION": _silent_violation,
    "ELIG-KNOWN": _no_screening_value,
    "CONSENT-FIRST": _consent_late,
    "VALUE-RANGE": _volume_in_other_unit,
    "STAGE-TNM": _other_stage,
    "ENROLLED-FIRST": _enrolled_late,
    "CONSENT-LONG": _consent_years_before,
    "BEFORE-CONSENT": _deviation_before_consent,
    "ARM-DEVIATION": _silent_change,
}

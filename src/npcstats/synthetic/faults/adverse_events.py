"""Faults in adverse events: their terms, grades, days, causes and outcomes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from npcstats.clinical.ctcae import ctcae_terms
from npcstats.study import ENTERED
from npcstats.synthetic.faults.draft import Draft, Plant, changed_a_dose, days, first_row, is_alive, recorded

SEVERE, FATAL_GRADE = 3, 5
OF_LABORATORY = ("Investigations", "Metabolism and nutrition disorders")


def _measured(draft: Draft, events: pd.DataFrame) -> pd.Series:
    """Which events a laboratory value defines: what is changed of a severe one no longer agrees with its values."""
    return events["AEDECOD"].isin([term.name for term in draft.truth.toxicity.laboratory])


def _mild(draft: Draft, who: str) -> pd.Series | None:
    """Return an adverse event of grade 1 to 3 that has ended, is not serious and changed no dose."""
    events = draft.rows("adae", who)
    quiet = ~changed_a_dose(events) & (events["AESER"] == "N")
    quiet &= ~(_measured(draft, events) & (events["AETOXGR"] >= SEVERE))
    return first_row(events.loc[(events["AETOXGR"] <= 3) & events["AENDT"].notna() & quiet])


def _event_before_consent(draft: Draft, who: str) -> bool:
    event = _mild(draft, who)
    if event is None:
        return False
    day = draft.person(who)["ICFDT"] - days(10)
    return draft.change("adae", event.name, rules=("AE-CONSENT",), ASTDT=day, AEREL="NONE")


def _end_before_start(draft: Draft, who: str) -> bool:
    event = _mild(draft, who)
    return event is not None and draft.change("adae", event.name, rules=("END-START",), AENDT=event["ASTDT"] - days(4))


def _entered_too_early(draft: Draft, who: str) -> bool:
    event = _mild(draft, who)
    return event is not None and draft.change(
        "adae", event.name, rules=("ENTRY-DATE",), **{ENTERED: event["ASTDT"] - days(5)}
    )


def _free_text_term(draft: Draft, who: str) -> bool:
    event = _mild(draft, who)
    return event is not None and draft.change("adae", event.name, rules=("AE-TERM",), AEDECOD="Sore mouth since Monday")


def _other_blank(draft: Draft, who: str) -> bool:
    event = _mild(draft, who)
    if event is None or " " not in event["AEDECOD"]:
        return False
    text = event["AEDECOD"].replace(" ", "\u00a0")
    return draft.change("adae", event.name, rules=("TERM-ALIKE", "AE-TERM"), AEDECOD=text)


def _free_text_action(draft: Draft, who: str) -> bool:
    event = _mild(draft, who)
    text = "Held till Monday, see letter"
    return event is not None and draft.change("adae", event.name, rules=("TERM-LISTED",), AEACN=text)


def _other_organ_class(draft: Draft, who: str) -> bool:
    event = _mild(draft, who)
    if event is None:
        return False
    classes = sorted({term.organ_class for term in ctcae_terms(version="5.0").values()})
    other = next(name for name in classes if name != event["AEBODSYS"])
    return draft.change("adae", event.name, rules=("AE-SOC",), AEBODSYS=other)


def _missing_grade(draft: Draft, who: str) -> bool:
    terms, events = ctcae_terms(version="5.0"), draft.rows("adae", who)
    without = events.loc[[4 not in terms[name].grades for name in events["AEDECOD"]]]
    event = first_row(without)
    return event is not None and draft.change(
        "adae", event.name, rules=("AE-GRADE",), AETOXGR=4, AESER="Y", AESERCRIT="HOSPITALIZATION", AEEXP="Y"
    )


def _fatal_but_alive(draft: Draft, who: str) -> bool:
    event = _mild(draft, who)
    if event is None or not is_alive(draft.person(who)):
        return False
    return draft.change("adae", event.name, rules=("AE-FATAL",), AEOUT="FATAL")


def _fatal_not_serious(draft: Draft, who: str) -> bool:
    events = draft.rows("adae", who)
    event = first_row(events.loc[events["AETOXGR"] == FATAL_GRADE])
    return event is not None and draft.change(
        "adae", event.name, rules=("AE-SERIOUS",), AESER="N", AESERCRIT="", AEEXP=""
    )


def _reason_of_mild(draft: Draft, who: str) -> bool:
    event = _mild(draft, who)
    return event is not None and draft.change("adae", event.name, rules=("AE-REASON",), AESERCRIT="HOSPITALIZATION")


def _expectedness_left_out(draft: Draft, who: str) -> bool:
    events = draft.rows("adae", who)
    event = first_row(events.loc[(events["AESER"] == "Y") & (events["AETOXGR"] < FATAL_GRADE)])
    return event is not None and draft.change("adae", event.name, rules=("AE-EXPECTED",), AEEXP="")


def _event_again(draft: Draft, who: str) -> bool:
    event = _mild(draft, who)
    if event is None:
        return False
    return draft.add("adae", event, rules=("AE-TWICE",), AESEQ=draft.rows("adae", who)["AESEQ"].max() + 1)


def _event_overlaps(draft: Draft, who: str) -> bool:
    event = _mild(draft, who)
    if event is None or not event["AENDT"] > event["ASTDT"] + days(3):
        return False
    number = draft.rows("adae", who)["AESEQ"].max() + 1
    day = event["ASTDT"] + days(2)
    return draft.add(
        "adae", event, rules=("AE-OVERLAP",), AESEQ=number, ASTDT=day, **recorded(day)
    )  # fmt: skip


def _recovered_without_end(draft: Draft, who: str) -> bool:
    event = _mild(draft, who)
    if event is None or (draft.rows("adae", who)["AEDECOD"] == event["AEDECOD"]).sum() > 1:
        return False
    return draft.change("adae", event.name, rules=("AE-OUTCOME",), AENDT=pd.NaT)


def _grade_four(draft: Draft, who: str) -> bool:
    terms, events = ctcae_terms(version="5.0"), draft.rows("adae", who)
    fits = [4 in terms[name].grades and terms[name].organ_class not in OF_LABORATORY for name in events["AEDECOD"]]
    quiet = (events["AESER"] == "N") & ~changed_a_dose(events) & ~_measured(draft, events)
    event = first_row(events.loc[np.array(fits, dtype=bool) & quiet])
    return event is not None and draft.change("adae", event.name, rules=("AE-LIFE",), AETOXGR=4)


def _other_sex(draft: Draft, who: str) -> bool:
    event, term = _mild(draft, who), "Vaginal pain" if draft.person(who)["SEX"] == "M" else "Testicular pain"
    if event is None:
        return False
    organ = ctcae_terms(version="5.0")[term].organ_class
    return draft.change("adae", event.name, rules=("AE-SEX",), AEDECOD=term, AEBODSYS=organ, AETOXGR=1)


def _other_cause(draft: Draft, who: str) -> bool:
    events, person = draft.rows("adae", who), draft.person(who)
    early = first_row(events.loc[(events["AEREL"] == "CHEMO") & (events["ASTDT"] < person["RTSTDT"] - days(10))])
    return early is not None and draft.change("adae", early.name, rules=("AE-RELATED",), AEREL="RT")


def _late_action(draft: Draft, who: str) -> bool:
    events, person = draft.rows("adae", who), draft.person(who)
    late = first_row(events.loc[events["ASTDT"] > person["RTENDT"] + days(200)])
    return late is not None and draft.change("adae", late.name, rules=("AE-ACTION",), AEACN="DRUG INTERRUPTED")


def _worse_report(draft: Draft, who: str) -> bool:
    """Report a mild event that values define, the only one of its term, as severe."""
    events = draft.rows("adae", who)
    alone = ~events["AEDECOD"].duplicated(keep=False) & _measured(draft, events)
    quiet = ~changed_a_dose(events) & (events["AESER"] == "N") & (events["AETOXGR"] == SEVERE - 1)
    event = first_row(events.loc[alone & quiet])
    return event is not None and draft.change("adae", event.name, rules=("AE-VALUE",), AETOXGR=SEVERE)


ADVERSE_EVENTS: Mapping[str, Plant] = {
    "AE-SERIOUS": _fatal_not_serious,
    "AE-CONSENT": _event_before_consent,
    "END-START": _end_before_start,
    "ENTRY-DATE": _entered_too_early,
    "AE-TERM": _free_text_term,
    "AE-SOC": _other_organ_class,
    "AE-GRADE": _missing_grade,
    "AE-FATAL": _fatal_but_alive,
    "AE-TWICE": _event_again,
    "AE-OVERLAP": _event_overlaps,
    "AE-OUTCOME": _recovered_without_end,
    "AE-LIFE": _grade_four,
    "AE-REASON": _reason_of_mild,
    "AE-EXPECTED": _expectedness_left_out,
    "AE-SEX": _other_sex,
    "AE-RELATED": _other_cause,
    "AE-ACTION": _late_action,
    "TERM-LISTED": _free_text_action,
    "TERM-ALIKE": _other_blank,
    "AE-VALUE": _worse_report,
}

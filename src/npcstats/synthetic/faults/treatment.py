"""Faults in treatment: cycles of chemotherapy, fractions and blocks of radiotherapy, doses and their units."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from npcstats.clinical.regimens import REGIMENS
from npcstats.study import ENTERED
from npcstats.synthetic.faults.draft import Draft, Plant, changed_a_dose, days, first_row, is_alive, recorded


def _given(draft: Draft, who: str) -> pd.Series | None:
    """Return a cycle of concurrent chemotherapy that was given."""
    doses = draft.rows("adex", who)
    return first_row(doses.loc[(doses["EXPHASE"] == "CONCURRENT") & (doses["EXDOSE"] > 0)])


def _block(draft: Draft, who: str) -> pd.Series | None:
    """Return the last block of fractions that was given."""
    blocks = draft.rows("adex", who)
    blocks = blocks.loc[~blocks["EXPHASE"].isin(("INDUCTION", "CONCURRENT")) & (blocks["EXDOSE"] > 0)]
    return None if blocks.empty else blocks.sort_values("EXSTDT").iloc[-1]


def _foreign_drug(draft: Draft, who: str) -> bool:
    dose = _given(draft, who)
    if dose is None:
        return False
    drugs = {item.drug for item in REGIMENS[draft.person(who)["CONREG"]].drugs}
    other = next(item for item in ("GEMCITABINE", "DOCETAXEL") if item not in drugs)
    return draft.change("adex", dose.name, rules=("EX-DRUG",), EXTRT=other)


def _foreign_unit(draft: Draft, who: str) -> bool:
    dose = _given(draft, who)
    return dose is not None and draft.change("adex", dose.name, rules=("EX-UNIT",), EXDOSU="mg")


def _triple_dose(draft: Draft, who: str) -> bool:
    dose = _given(draft, who)
    return dose is not None and draft.change("adex", dose.name, rules=("EX-DOSE",), EXDOSE=3.0 * dose["EXPLANNED"])


def _other_plan(draft: Draft, who: str) -> bool:
    dose = _given(draft, who)
    return dose is not None and draft.change(
        "adex", dose.name, rules=("EX-PLANNED",), EXPLANNED=1.5 * dose["EXPLANNED"]
    )


def _one_cycle_more(draft: Draft, who: str) -> bool:
    dose, person = _given(draft, who), draft.person(who)
    if dose is None or not is_alive(person):
        return False
    most = REGIMENS[person["CONREG"]].cycles
    if most is None:
        return False
    cycles = draft.rows("adex", who)
    cycles = cycles.loc[(cycles["EXPHASE"] == "CONCURRENT") & (cycles["EXTRT"] == dose["EXTRT"])].sort_values("EXSTDT")
    last, spare = cycles.iloc[-1], 5 * (most[1] + 1 - len(cycles))
    if not last["EXSTDT"] + days(spare) <= person["RTENDT"] + days(21) or changed_a_dose(draft.rows("adae", who)).any():
        return False
    for number in range(len(cycles), most[1] + 1):
        day = last["EXSTDT"] + days(5 * (number + 1 - len(cycles)))
        draft.add("adex", last, rules=("EX-CYCLES",) if number == most[1] else (), EXSEQ=number + 1, EXSTDT=day,
                  EXENDT=day, **recorded(day))  # fmt: skip
    return True


def _treated_too_early(draft: Draft, who: str) -> bool:
    dose, person = _given(draft, who), draft.person(who)
    if dose is None or person["TRTSDT"] != person["RTSTDT"]:
        return False
    return draft.change("adex", dose.name, rules=("EX-START",), EXSTDT=person["TRTSDT"] - days(6))


def _dose_too_high(draft: Draft, who: str) -> bool:
    person = draft.person(who)
    if pd.isna(person["RTENDT"]):
        return False
    return draft.change("adsl", person.name, rules=("RT-DOSE", "RT-SUM"), RXDOSE=person["RXDOSE"] + 6.0)


def _too_many_fractions(draft: Draft, who: str) -> bool:
    person = draft.person(who)
    if person["FXDELIV"] != person["FXPLAN"]:
        return False
    return draft.change("adsl", person.name, rules=("RT-FRACTIONS",), FXDELIV=55.0, FXPLAN=55.0)


def _too_few_fractions(draft: Draft, who: str) -> bool:
    person = draft.person(who)
    if person["FXDELIV"] != person["FXPLAN"]:
        return False
    return draft.change("adsl", person.name, rules=("RT-TIME",), FXDELIV=10.0, FXPLAN=10.0)


def _block_too_late(draft: Draft, who: str) -> bool:
    block, person = _block(draft, who), draft.person(who)
    return block is not None and draft.change(
        "adex", block.name, rules=("RT-BLOCKS",), EXENDT=person["RTENDT"] + days(10)
    )


def _half_a_block(draft: Draft, who: str) -> bool:
    block = _block(draft, who)
    if block is None:
        return False
    draft.expect("adsl", draft.person(who).name, "RT-SUM")
    return draft.change("adex", block.name, rules=(), EXDOSE=0.5 * block["EXDOSE"])


def _other_dose_unit(draft: Draft, who: str) -> bool:
    person = draft.person(who)
    if not person["RXDOSU"]:
        return False
    units = sorted({unit for _, unit in draft.truth.assignment.dose_units})
    other = next(unit for unit in units if unit != person["RXDOSU"])
    return draft.change("adsl", person.name, rules=("RT-UNIT",), RXDOSU=other)


def _no_end(draft: Draft, who: str) -> bool:
    person = draft.person(who)
    if pd.isna(person["RTENDT"]) or not is_alive(person):
        return False
    return draft.change(
        "adsl", person.name, rules=("PERIOD-OPEN", "VISIT-ANCHOR"), RTENDT=pd.NaT, FXDELIV=np.nan
    )  # fmt: skip


def _dose_without_end(draft: Draft, who: str) -> bool:
    dose = _given(draft, who)
    return dose is not None and draft.change("adex", dose.name, rules=("KNOWN-FROM",), EXENDT=pd.NaT)


def _first_too_early(draft: Draft, who: str) -> bool:
    person = draft.person(who)
    if person["TRTSDT"] != person["RTSTDT"] or not person["TRTSDT"] > person["ENRLDT"]:
        return False
    return draft.change("adsl", person.name, rules=("EX-FIRST",), TRTSDT=person["TRTSDT"] - days(1))


def _cycles(draft: Draft, who: str) -> pd.DataFrame:
    """Cycles that were given of someone alive, in whom no event changed a dose."""
    doses = draft.rows("adex", who)
    given = doses.loc[(doses["EXPHASE"] == "CONCURRENT") & (doses["EXDOSE"] > 0)].sort_values("EXSTDT")
    quiet = is_alive(draft.person(who)) and not changed_a_dose(draft.rows("adae", who)).any()
    return given if quiet and given["EXTRT"].nunique() == 1 else given.head(0)


def _cycle_out_of_phase(draft: Draft, who: str) -> bool:
    given, person = _cycles(draft, who), draft.person(who)
    if given.empty:
        return False
    day = person["RTENDT"] + days(40)
    return draft.change("adex", given.index[-1], rules=("EX-PHASE",), EXSTDT=day, EXENDT=day, **{ENTERED: day})


def _cycle_too_soon(draft: Draft, who: str) -> bool:
    given = _cycles(draft, who)
    if len(given) < 3:
        return False
    day = given["EXSTDT"].iloc[-2] + days(2)
    return draft.change("adex", given.index[-1], rules=("EX-GAP",), EXSTDT=day, EXENDT=day)


def _block_too_short(draft: Draft, who: str) -> bool:
    block = _block(draft, who)
    if block is None or not block["EXENDT"] > block["EXSTDT"] or block["EXENDT"] != draft.person(who)["RTENDT"]:
        return False
    draft.expect("adsl", draft.person(who).name, "RT-SPAN")
    return draft.change("adex", block.name, rules=(), EXENDT=block["EXENDT"] - days(1))


def _other_technique(draft: Draft, who: str) -> bool:
    person = draft.person(who)
    if person["TRT01A"] not in [arm.code for arm in draft.design.arms]:
        return False
    adsl = draft.frames["adsl"]
    other = adsl.loc[~adsl["TRT01A"].isin((person["TRT01A"], "", *draft.design.arm_rule)), "TECHNIQUE"].iloc[0]
    return draft.change("adsl", person.name, rules=("RT-MODALITY", "RT-UNIT"), TECHNIQUE=other)


def _block_in_other_unit(draft: Draft, who: str) -> bool:
    block, person = _block(draft, who), draft.person(who)
    if block is None or person["TRT01A"] in draft.design.arm_rule:
        return False
    units = sorted({unit for _, unit in draft.truth.assignment.dose_units})
    other = next(unit for unit in units if unit != block["EXDOSU"])
    return draft.change("adex", block.name, rules=("EX-MODALITY",), EXDOSU=other)


TREATMENT: Mapping[str, Plant] = {
    "EX-DRUG": _foreign_drug,
    "EX-UNIT": _foreign_unit,
    "EX-DOSE": _triple_dose,
    "EX-PLANNED": _other_plan,
    "EX-CYCLES": _one_cycle_more,
    "EX-START": _treated_too_early,
    "RT-DOSE": _dose_too_high,
    "RT-FRACTIONS": _too_many_fractions,
    "RT-TIME": _too_few_fractions,
    "RT-BLOCKS": _block_too_late,
    "RT-SUM": _half_a_block,
    "RT-UNIT": _other_dose_unit,
    "PERIOD-OPEN": _no_end,
    "KNOWN-FROM": _dose_without_end,
    "EX-FIRST": _first_too_early,
    "EX-PHASE": _cycle_out_of_phase,
    "EX-GAP": _cycle_too_soon,
    "RT-SPAN": _block_too_short,
    "RT-MODALITY": _other_technique,
    "EX-MODALITY": _block_in_other_unit,
}

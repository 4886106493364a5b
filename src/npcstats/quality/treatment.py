"""Rules about treatment: drugs and doses of the regimen, cycles, fractions, and dates that hold them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from npcstats.clinical.regimens import REGIMENS, TECHNIQUES, DrugDose, Regimen
from npcstats.clinical.values import days_between
from npcstats.errors import SpecError
from npcstats.quality.care import overlapping
from npcstats.quality.inspection import Inspection, Mark, Rule, day_count, filled, mark, number
from npcstats.quality.values import Checks, RadiotherapyRange

GROUP = "Treatment"
RADIOTHERAPY = "RT"
REGIMEN_OF = {"INDUCTION": "INDREG", "CONCURRENT": "CONREG"}
DAYS_PER_WEEK = 7


@dataclass(frozen=True)
class _Expected:
    """What a record of chemotherapy should be: its regimen, and its drug in it; None where there is none."""

    regimen: Regimen | None
    drug: DrugDose | None
    stands_in: bool


def _expected(inspected: Inspection) -> list[_Expected | None]:
    """Expectation of every record of ADEX; None for radiotherapy."""
    adex = inspected.study["adex"]
    codes = {phase: inspected.of("adex", column) for phase, column in REGIMEN_OF.items()}
    found: list[_Expected | None] = []
    for i, (phase, drug) in enumerate(zip(adex["EXPHASE"], adex["EXTRT"], strict=True)):
        if phase not in codes:
            found.append(None)
            continue
        regimen = REGIMENS.get(codes[phase][i])
        drugs = {item.drug: item for item in regimen.drugs} if regimen and regimen.setting == phase else {}
        other = [wanted for wanted, taken in inspected.checks.switches.items() if taken == drug and wanted in drugs]
        found.append(_Expected(regimen, drugs.get(drug, _anywhere(drug) if other else None), bool(other)))
    return found


def _anywhere(drug: str) -> DrugDose | None:
    return next((item for regimen in REGIMENS.values() for item in regimen.drugs if item.drug == drug), None)


def _drug_of_regimen(inspected: Inspection) -> Iterator[Mark]:
    for i, expected in enumerate(_expected(inspected)):
        if expected and expected.regimen is None:
            yield Mark("adex", i + 1, "chemotherapy, but no regimen of this phase is recorded for the participant")
        elif expected and expected.regimen and expected.drug is None:
            drugs = ", ".join(item.drug for item in expected.regimen.drugs)
            yield Mark("adex", i + 1, f"the drug is not in regimen {expected.regimen.code}, which holds {drugs}")


def _unit_of_drug(inspected: Inspection) -> Iterator[Mark]:
    units = inspected.study["adex"]["EXDOSU"].to_numpy()
    for i, expected in enumerate(_expected(inspected)):
        if expected and expected.drug and units[i] != expected.drug.unit:
            yield Mark("adex", i + 1, f"{expected.drug.drug} in another unit; {expected.drug.unit} is required")


def _dose_within(inspected: Inspection) -> Iterator[Mark]:
    adex, spare = inspected.study["adex"], 1.0 + (inspected.checks.dose_tolerance or 0.0)
    doses, planned = (adex[name].to_numpy(dtype=float) for name in ("EXDOSE", "EXPLANNED"))
    lasted = days_between(adex["EXSTDT"], adex["EXENDT"])
    for i, expected in enumerate(_expected(inspected)):
        most = np.nan
        if expected and expected.drug:
            most = expected.drug.high * _days_held(expected.drug, lasted[i])
        if doses[i] > most * spare:
            yield Mark("adex", i + 1, f"dose of {number(doses[i])}; the protocol's largest is {number(most)}")
        elif doses[i] > planned[i] * spare:
            yield Mark("adex", i + 1, f"dose of {number(doses[i])}; {number(planned[i])} was planned")


def _planned_as_protocol(inspected: Inspection) -> Iterator[Mark]:
    adex, spare = inspected.study["adex"], inspected.checks.dose_tolerance or 0.0
    planned, lasted = adex["EXPLANNED"].to_numpy(dtype=float), days_between(adex["EXSTDT"], adex["EXENDT"])
    for i, expected in enumerate(_expected(inspected)):
        if expected and expected.drug:
            days = _days_held(expected.drug, lasted[i])
            low, high = expected.drug.low * days, expected.drug.high * days
            if planned[i] < low * (1.0 - spare) or planned[i] > high * (1.0 + spare):
                span = number(low) if low == high else f"{number(low)} to {number(high)}"
                yield Mark("adex", i + 1, f"planned dose of {number(planned[i])}; the protocol's is {span}")


def _days_held(drug: DrugDose, lasted: float) -> int:
    """Days of the cycle that one record holds: an infusion over days may stand in one record."""
    return len(drug.days) if drug.continuous and lasted > 0 else 1


def _cycles_within(inspected: Inspection) -> Iterator[Mark]:
    adex = inspected.study["adex"]
    order = adex.sort_values(["EXSTDT", "EXSEQ"], kind="stable")
    rank = order.groupby(["USUBJID", "EXPHASE", "EXTRT"]).cumcount().reindex(adex.index).to_numpy()
    for i, expected in enumerate(_expected(inspected)):
        if expected and expected.regimen and expected.drug and expected.regimen.cycles and not expected.stands_in:
            most = expected.regimen.cycles[1] * len(expected.drug.days)
            if rank[i] >= most:
                text = (
                    f"administration {rank[i] + 1} of {expected.drug.drug}; {expected.regimen.code} has at most {most}"
                )
                yield Mark("adex", i + 1, text)


def _after_first_treatment(inspected: Inspection) -> Iterator[Mark]:
    adex, first = inspected.study["adex"], np.asarray(inspected.of("adex", "TRTSDT"), dtype="datetime64[D]")
    early = days_between(first, adex["EXSTDT"])
    yield from mark("adex", early < 0, lambda i: f"{day_count(early[i])} before the first study treatment of ADSL")
    yield from mark("adex", np.isnat(first), lambda i: "treated, but ADSL has no first study treatment")


def _first_treatment_recorded(inspected: Inspection) -> Iterator[Mark]:
    adsl, adex = inspected.study["adsl"], inspected.study["adex"]
    first = adex.groupby("USUBJID")["EXSTDT"].min().reindex(adsl["USUBJID"])
    late = days_between(adsl["TRTSDT"], first)
    none = adsl["TRTSDT"].notna().to_numpy() & first.isna().to_numpy()
    yield from mark("adsl", late > 0, lambda i: f"the first record of treatment is {day_count(late[i])} after TRTSDT")
    yield from mark("adsl", none, lambda i: "first treated by TRTSDT, but no treatment is recorded")


def _dose_prescribed(inspected: Inspection) -> list[Mark]:
    doses = inspected.study["adsl"]["RXDOSE"].to_numpy(dtype=float)
    most = _radiotherapy(inspected)
    return mark(
        "adsl",
        doses > most.dose + most.tolerance,
        lambda i: f"prescribed dose of {number(doses[i])}; the protocol's largest is {number(most.dose)}",
    )


def _overall_days(adsl: pd.DataFrame) -> np.ndarray:
    """Overall treatment time as recorded, in days; an end before its start, which another rule tells, is below 1."""
    return days_between(adsl["RTSTDT"], adsl["RTENDT"]) + 1.0


def _fractions_fit(inspected: Inspection) -> Iterator[Mark]:
    adsl, allowed = inspected.study["adsl"], _radiotherapy(inspected)
    given, planned = (adsl[name].to_numpy(dtype=float) for name in ("FXDELIV", "FXPLAN"))
    overall = _overall_days(adsl)
    possible = np.ceil(overall / DAYS_PER_WEEK * allowed.per_week)
    ended = adsl["RTENDT"].notna().to_numpy()
    yield from mark("adsl", given > planned, lambda i: f"{number(given[i])} fractions of {number(planned[i])} planned")
    yield from mark("adsl", given > possible, lambda i: f"{number(given[i])} fractions in {day_count(overall[i])}")
    yield from mark("adsl", ended & ~(given > 0), lambda i: "radiotherapy has ended, but no fraction is recorded")
    started = adsl["RTSTDT"].notna().to_numpy()
    yield from mark("adsl", ~started & (given > 0), lambda i: "fractions are recorded, but radiotherapy has no start")


def _overall_time(inspected: Inspection) -> list[Mark]:
    adsl, allowed = inspected.study["adsl"], _radiotherapy(inspected)
    given = adsl["FXDELIV"].to_numpy(dtype=float)
    overall = _overall_days(adsl)
    usual = np.ceil(given / allowed.usual_per_week * DAYS_PER_WEEK)
    return mark(
        "adsl",
        overall > usual + allowed.longest_break,
        lambda i: f"{number(given[i])} fractions took {day_count(overall[i])}; {usual[i]:.0f} are usual",
    )


def _blocks_within(inspected: Inspection) -> Iterator[Mark]:
    adex = inspected.study["adex"]
    here = (adex["EXPHASE"] == RADIOTHERAPY).to_numpy()
    early = days_between(inspected.of("adex", "RTSTDT"), adex["EXSTDT"])
    late = days_between(inspected.of("adex", "RTENDT"), adex["EXENDT"])
    yield from mark("adex", here & (early < 0), lambda i: f"begins {day_count(early[i])} before RTSTDT of ADSL")
    none = here & np.isnat(np.asarray(inspected.of("adex", "RTSTDT"), dtype="datetime64[D]"))
    yield from mark("adex", here & (late > 0), lambda i: f"ends {day_count(late[i])} after RTENDT of ADSL")
    yield from mark("adex", none, lambda i: "a block of fractions, but ADSL has no RTSTDT")


def _blocks_reach(inspected: Inspection) -> Iterator[Mark]:
    adsl, adex = inspected.study["adsl"], inspected.study["adex"]
    blocks = adex.loc[adex["EXPHASE"] == RADIOTHERAPY].groupby("USUBJID")
    late = days_between(adsl["RTSTDT"], blocks["EXSTDT"].min().reindex(adsl["USUBJID"]))
    short = days_between(blocks["EXENDT"].max().reindex(adsl["USUBJID"]), adsl["RTENDT"])
    none = adsl["RTSTDT"].notna().to_numpy() & ~adsl["USUBJID"].isin(blocks.groups).to_numpy()
    yield from mark("adsl", late > 0, lambda i: f"the first block begins {day_count(late[i])} after RTSTDT")
    yield from mark("adsl", short > 0, lambda i: f"the last block ends {day_count(short[i])} before RTENDT")
    yield from mark("adsl", none, lambda i: "radiotherapy has begun, but no block of fractions is recorded")


def _doses_add_up(inspected: Inspection) -> list[Mark]:
    adsl, adex = inspected.study["adsl"], inspected.study["adex"]
    blocks = adex.loc[adex["EXPHASE"] == RADIOTHERAPY].groupby("USUBJID")["EXDOSE"]
    total = blocks.sum(min_count=1).where(blocks.count() == blocks.size())
    summed = total.reindex(adsl["USUBJID"]).to_numpy(dtype=float)
    dose, given, planned = (adsl[name].to_numpy(dtype=float) for name in ("RXDOSE", "FXDELIV", "FXPLAN"))
    due = dose * given / planned
    return mark("adsl", np.abs(summed - due) > _radiotherapy(inspected).tolerance,
                lambda i: f"blocks of fractions add up to {number(summed[i])}; {number(due[i])} follows from RXDOSE, "
                "FXDELIV and FXPLAN")  # fmt: skip


def _unit_of_technique(inspected: Inspection) -> list[Mark]:
    adsl = inspected.study["adsl"]
    right = adsl["TECHNIQUE"].map({code: item.dose_unit for code, item in TECHNIQUES.items()})
    return mark("adsl", right.notna() & (adsl["RXDOSU"] != right) & pd.Series(adsl["RXDOSU"] != ""),
                lambda i: "the unit of the dose is not that of the technique")  # fmt: skip


def _technique_of_treatment(inspected: Inspection) -> list[Mark]:
    adsl, modalities = inspected.study["adsl"], inspected.checks.modalities
    pairs = zip(adsl["TRT01A"], adsl["TECHNIQUE"], strict=True)
    wrong = [given in modalities and used != "" and used not in modalities[given].techniques for given, used in pairs]
    return mark("adsl", np.array(wrong, dtype=bool),
                lambda i: f"{adsl['TECHNIQUE'].iloc[i]} is no technique of the treatment that was given")  # fmt: skip


def _unit_of_treatment(inspected: Inspection) -> list[Mark]:
    adex, modalities = inspected.study["adex"], inspected.checks.modalities
    given = inspected.of("adex", "TRT01A")
    rows = zip(adex["EXPHASE"], given, adex["EXDOSU"], strict=True)
    wrong = [phase == RADIOTHERAPY and arm in modalities and unit not in modalities[arm].units
             for phase, arm, unit in rows]  # fmt: skip
    return mark("adex", np.array(wrong, dtype=bool), lambda i: "the unit is not that of the treatment that was given")


def _change_has_deviation(inspected: Inspection) -> list[Mark]:
    adsl, addv = inspected.study["adsl"], inspected.study["addv"]
    rule = dict(inspected.study.design.arm_rule)
    given = adsl["TRT01A"].replace(rule)
    told = adsl["USUBJID"].isin(addv.loc[addv["DVCAT"] == inspected.checks.deviation, "USUBJID"])
    broken = filled(given) & filled(adsl["TRT01P"]) & (given != adsl["TRT01P"]).to_numpy() & ~told.to_numpy()
    text = f"treated otherwise than planned, but no deviation of category {inspected.checks.deviation} is recorded"
    return mark("adsl", broken, lambda i: text)


def _in_its_phase(inspected: Inspection) -> Iterator[Mark]:
    adex = inspected.study["adex"]
    for phase in inspected.checks.phases:
        here = (adex["EXPHASE"] == phase.code).to_numpy()
        for column, sign, word in ((phase.after, -1.0, "before"), (phase.before, 1.0, "after")):
            if column and inspected.has("adsl", column):
                beyond = sign * days_between(inspected.of("adex", column), adex["EXSTDT"])
                yield from mark(
                    "adex", here & (beyond > phase.spare),
                    lambda i, d=beyond, c=column, w=word, p=phase: f"{p.code} {day_count(d[i])} {w} {c}",  # type: ignore[misc]
                )  # fmt: skip


def _spaced(inspected: Inspection) -> list[Mark]:
    adex, fewest = inspected.study["adex"], inspected.checks.shortest_gap or 0
    ordered = adex.loc[adex["EXSTDT"].notna()].sort_values(["EXSTDT", "EXSEQ"], kind="stable")
    before = ordered.groupby(["USUBJID", "EXPHASE", "EXTRT"])["EXSTDT"].shift().reindex(adex.index)
    gap = days_between(before, adex["EXSTDT"])
    daily = [bool(e and e.drug and e.drug.continuous) for e in _expected(inspected)]
    chemotherapy = (adex["EXPHASE"] != RADIOTHERAPY).to_numpy() & ~np.array(daily, dtype=bool)
    broken = (gap < fewest) & chemotherapy & (adex["EXDOSE"] > 0).to_numpy()
    return mark("adex", broken, lambda i: f"{day_count(gap[i])} after the one before of the same drug")


def _radiotherapy(inspected: Inspection) -> RadiotherapyRange:
    allowed = inspected.checks.radiotherapy
    if allowed is None:
        raise SpecError("checks: a rule about radiotherapy is asked for; what the protocol allows of it is required.")
    return allowed


def _has_regimens(checks: Checks) -> bool:
    return checks.dose_tolerance is not None


def _has_radiotherapy(checks: Checks) -> bool:
    return checks.radiotherapy is not None


def _no_two_at_once(inspected: Inspection) -> list[Mark]:
    adex = inspected.study["adex"]
    kind = [name for name in ("USUBJID", "EXPHASE", "EXTRT") if name in adex]
    other = overlapping(adex.assign(EXENDT=adex["EXENDT"].fillna(adex["EXSTDT"])), kind, "EXSTDT", "EXENDT")
    again = adex.duplicated([*kind, "EXSTDT"])
    text = "begins before {} of the same treatment ended"
    return mark("adex", other.notna() & ~again, lambda i: text.format(inspected.row("adex", int(other.iloc[i]))))


_CHEMOTHERAPY = (
    "adex.USUBJID", "adex.EXPHASE", "adex.EXTRT", "adsl.INDREG", "adsl.CONREG",
)  # fmt: skip
_FRACTIONS = ("adsl.RTSTDT", "adsl.RTENDT", "adsl.FXDELIV", "adsl.FXPLAN")

RULES = (
    Rule(
        "EX-DRUG",
        GROUP,
        "A drug of chemotherapy is in the participant's regimen, or may take the place of one that is.",
        "error",
        _CHEMOTHERAPY,
        _drug_of_regimen,
        _has_regimens,
    ),
    Rule(
        "EX-UNIT",
        GROUP,
        "A drug has its unit.",
        "error",
        (*_CHEMOTHERAPY, "adex.EXDOSU"),
        _unit_of_drug,
        _has_regimens,
    ),
    Rule(
        "EX-DOSE",
        GROUP,
        "A dose is at most the protocol's and the planned one.",
        "error",
        (*_CHEMOTHERAPY, "adex.EXDOSE", "adex.EXPLANNED", "adex.EXSTDT", "adex.EXENDT"),
        _dose_within,
        _has_regimens,
    ),
    Rule(
        "EX-PLANNED",
        GROUP,
        "A planned dose of chemotherapy is the regimen's.",
        "query",
        (*_CHEMOTHERAPY, "adex.EXPLANNED", "adex.EXSTDT", "adex.EXENDT"),
        _planned_as_protocol,
        _has_regimens,
    ),
    Rule(
        "EX-CYCLES",
        GROUP,
        "A drug is given at most as often as its regimen has cycles.",
        "query",
        (*_CHEMOTHERAPY, "adex.EXSTDT", "adex.EXSEQ"),
        _cycles_within,
        _has_regimens,
    ),
    Rule(
        "EX-START",
        GROUP,
        "No treatment is given before the first study treatment.",
        "error",
        ("adex.USUBJID", "adex.EXSTDT", "adsl.TRTSDT"),
        _after_first_treatment,
    ),
    Rule(
        "RT-DOSE",
        GROUP,
        "The prescribed dose is at most the protocol's.",
        "error",
        ("adsl.RXDOSE",),
        _dose_prescribed,
        _has_radiotherapy,
    ),
    Rule(
        "RT-FRACTIONS",
        GROUP,
        "Fractions are at most the planned ones, and fit between the first and the last day of radiotherapy.",
        "error",
        _FRACTIONS,
        _fractions_fit,
        _has_radiotherapy,
    ),
    Rule(
        "RT-TIME",
        GROUP,
        "Radiotherapy takes no longer than its fractions and a break.",
        "query",
        _FRACTIONS,
        _overall_time,
        _has_radiotherapy,
    ),
    Rule(
        "RT-BLOCKS",
        GROUP,
        "Blocks of fractions lie between the first and the last day of radiotherapy.",
        "error",
        ("adex.USUBJID", "adex.EXPHASE", "adex.EXSTDT", "adex.EXENDT", "adsl.RTSTDT", "adsl.RTENDT"),
        _blocks_within,
        _has_radiotherapy,
    ),
    Rule(
        "RT-SUM",
        GROUP,
        "Doses of the blocks add up to the prescribed dose for the fractions delivered.",
        "query",
        ("adex.USUBJID", "adex.EXPHASE", "adex.EXDOSE", "adsl.RXDOSE", "adsl.FXDELIV", "adsl.FXPLAN"),
        _doses_add_up,
        _has_radiotherapy,
    ),
    Rule(
        "RT-UNIT",
        GROUP,
        "The unit of the dose is that of the technique.",
        "error",
        ("adsl.TECHNIQUE", "adsl.RXDOSU"),
        _unit_of_technique,
        _has_radiotherapy,
    ),
    Rule(
        "EX-FIRST",
        GROUP,
        "The first record of treatment is of the day of the first study treatment.",
        "query",
        ("adsl.TRTSDT", "adex.USUBJID", "adex.EXSTDT"),
        _first_treatment_recorded,
    ),
    Rule(
        "EX-PHASE",
        GROUP,
        "Treatment of a phase is given in it.",
        "query",
        ("adex.USUBJID", "adex.EXPHASE", "adex.EXSTDT"),
        _in_its_phase,
        lambda checks: checks.phases,
    ),
    Rule(
        "EX-OVERLAP",
        GROUP,
        "A course of treatment ends before the next of the same kind begins.",
        "error",
        ("adex.USUBJID", "adex.EXTRT", "adex.EXSTDT", "adex.EXENDT"),
        _no_two_at_once,
    ),
    Rule(
        "EX-GAP",
        GROUP,
        "A drug is not given again too soon.",
        "query",
        (*_CHEMOTHERAPY, "adex.EXSTDT", "adex.EXSEQ", "adex.EXDOSE"),
        _spaced,
        lambda checks: checks.shortest_gap,
    ),
    Rule(
        "RT-SPAN",
        GROUP,
        "Blocks of fractions reach from the first to the last day of radiotherapy.",
        "query",
        ("adex.USUBJID", "adex.EXPHASE", "adex.EXSTDT", "adex.EXENDT", "adsl.RTSTDT", "adsl.RTENDT"),
        _blocks_reach,
        _has_radiotherapy,
    ),
    Rule(
        "RT-MODALITY",
        GROUP,
        "The technique is one of the treatment that was given.",
        "error",
        ("adsl.TRT01A", "adsl.TECHNIQUE"),
        _technique_of_treatment,
        lambda checks: checks.modalities,
    ),
    Rule(
        "EX-MODALITY",
        GROUP,
        "Doses have the unit of the treatment that was given.",
        "error",
        ("adex.USUBJID", "adex.EXPHASE", "adex.EXDOSU", "adsl.TRT01A"),
        _unit_of_treatment,
        lambda checks: checks.modalities,
    ),
    Rule(
        "ARM-DEVIATION",
        GROUP,
        "Treatment otherwise than planned is recorded as a deviation.",
        "query",
        ("adsl.TRT01P", "adsl.TRT01A", "addv.USUBJID", "addv.DVCAT"),
        _change_has_deviation,
        lambda checks: checks.deviation,
    ),
)

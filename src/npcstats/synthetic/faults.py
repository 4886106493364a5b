"""Plant faults in a made trial, so that the data checks can be tested: what a tired person or a bad export does.

Every fault stands in a participant of its own, so that it is found by its rule and by no other. It knows the frames of
the data contract; of the trial it knows what the truth says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from npcstats.clinical.ctcae import ctcae_terms
from npcstats.clinical.regimens import REGIMENS
from npcstats.study import ENTERED, Design
from npcstats.synthetic.draws import named_stream
from npcstats.synthetic.truth import Truth
from npcstats.synthetic.write import number_text

SHARE = 0.01
LABORATORY = ("Investigations", "Metabolism and nutrition disorders")
CREATININE_FACTOR = 88.4
"""One mg/dL of creatinine in µmol/L."""


@dataclass(frozen=True, order=True)
class Planted:
    """What a planted fault leads a rule to find: the rule's id, the frame, and the row after planting, from 1."""

    rule: str
    frame: str
    row: int


def plant_faults(
    frames: Mapping[str, pd.DataFrame], design: Design, truth: Truth, seed: int
) -> tuple[dict[str, pd.DataFrame], tuple[Planted, ...]]:
    """Plant faults over every rule of the data checks, each in about one of a hundred participants.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        Of a made trial, as `simulate_trial` returns them or as they are read back; they stay as they are.
    design : Design
        The trial's design.
    truth : Truth
        What the trial was made from.
    seed : int
        Decides who gets which fault.

    Returns
    -------
    dict of str to DataFrame
        Changed copies; records that are added stand last, so that no row moves.
    tuple of Planted
        Everything that the checks should find beyond what they find without faults, sorted.

    Notes
    -----
    *Convention.* A fault that necessarily breaks a second rule (a higher prescribed dose is no longer the sum of its
    blocks) is listed under both. Where fewer participants fit a fault than are wanted, all of them get it. The one
    about the cut-off lies after the truth's database date.
    """
    draft = _Draft({name: frame.copy() for name, frame in frames.items()}, design, truth)
    people = draft.frames["adsl"]["USUBJID"].to_numpy()
    count = max(1, round(SHARE * len(people)))
    free = dict.fromkeys(people)
    for rule, plant in _FAULTS.items():
        left = count
        for who in named_stream(seed, f"faults/{rule}").permutation(np.array(list(free), dtype=object)):
            if left and plant(draft, who):
                del free[who]
                left -= 1
    for row in _some_screened(draft, count, seed):
        draft.change("adscr", row, rules=("SCREEN-CODE",), CRITERION="INC99")
    return draft.finished(), tuple(sorted(draft.planted))


@dataclass
class _Draft:
    """Frames on their way: changed in place, with records to be added and what was planted."""

    frames: dict[str, pd.DataFrame]
    design: Design
    truth: Truth
    added: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    planted: list[Planted] = field(default_factory=list)
    places: dict[str, dict[str, np.ndarray]] = field(init=False)

    def __post_init__(self) -> None:
        """Find every participant's rows once."""
        self.places = {
            name: {str(who): np.asarray(rows) for who, rows in frame.groupby("USUBJID").indices.items()}
            for name, frame in self.frames.items()
            if "USUBJID" in frame
        }

    def rows(self, name: str, who: str) -> pd.DataFrame:
        """Return a participant's rows, with their positions as the index."""
        return self.frames[name].iloc[self.places[name].get(who, np.array([], dtype=int))]

    def person(self, who: str) -> pd.Series:
        """Return a participant's row of ADSL; its name is its position."""
        return self.rows("adsl", who).iloc[0]

    def change(self, name: str, row: object, *, rules: Iterable[str], **values: Any) -> bool:
        """Change values of a row, and list the rules that find it."""
        place = int(str(row))
        for column, value in values.items():
            self.frames[name].loc[place, column] = value
        self.planted += [Planted(rule, name, place + 1) for rule in rules]
        return True

    def add(self, name: str, template: pd.Series, *, rules: Iterable[str], **values: Any) -> bool:
        """Add a record like another one, and list the rules that find it."""
        records = self.added.setdefault(name, [])
        records.append({**{str(name): value for name, value in template.items()}, **values})
        self.planted += [Planted(rule, name, len(self.frames[name]) + len(records)) for rule in rules]
        return True

    def expect(self, name: str, row: object, *rules: str) -> None:
        """List rules that find a row because of a fault elsewhere."""
        self.planted += [Planted(rule, name, int(str(row)) + 1) for rule in rules]

    def finished(self) -> dict[str, pd.DataFrame]:
        """Return the frames with the added records last."""
        whole = dict(self.frames)
        for name, records in self.added.items():
            frame = self.frames[name]
            whole[name] = pd.concat([frame, pd.DataFrame(records).astype(frame.dtypes)], ignore_index=True)
        return whole


def _days(count: int) -> pd.Timedelta:
    return pd.Timedelta(days=count)


def _alive(person: pd.Series) -> bool:
    return bool(pd.isna(person["DTHDT"]) and pd.isna(person["EOSDT"]))


def _first(rows: pd.DataFrame) -> pd.Series | None:
    return None if rows.empty else rows.iloc[0]


def _mild(draft: _Draft, who: str) -> pd.Series | None:
    """Return an adverse event of grade 1 to 3 that has ended, is not serious and changed no dose."""
    events = draft.rows("adae", who)
    quiet = ~_acted(events) & (events["AESER"] == "N")
    return _first(events.loc[(events["AETOXGR"] <= 3) & events["AENDT"].notna() & quiet])


def _acted(events: pd.DataFrame) -> pd.Series:
    return events["AEACN"].isin(("DOSE REDUCED", "DRUG INTERRUPTED", "DRUG WITHDRAWN"))


def _progressed(draft: _Draft, who: str) -> pd.Series:
    """Return days of progression, sorted."""
    events = draft.rows("adevent", who)
    return events.loc[events["KIND"].isin(("LOCAL", "REGIONAL", "DISTANT")), "ADT"].sort_values()


def _on_treatment(draft: _Draft, who: str, code: str) -> pd.Series | None:
    """Return a laboratory value after the first treatment, at a visit or not."""
    person = draft.person(who)
    values = draft.rows("adlb", who)
    return _first(values.loc[(values["PARAMCD"] == code) & values["AVAL"].notna() & (values["ADT"] > person["TRTSDT"])])


def _at_screening(draft: _Draft, who: str, code: str) -> pd.Series | None:
    """Return the last laboratory value on or before enrolment."""
    values = draft.rows("adlb", who)
    before = values.loc[(values["PARAMCD"] == code) & values["AVAL"].notna()]
    before = before.loc[before["ADT"] <= draft.person(who)["ENRLDT"]].sort_values("ADT", kind="stable")
    return None if before.empty else before.iloc[-1]


def _given(draft: _Draft, who: str) -> pd.Series | None:
    """Return a cycle of concurrent chemotherapy that was given."""
    doses = draft.rows("adex", who)
    return _first(doses.loc[(doses["EXPHASE"] == "CONCURRENT") & (doses["EXDOSE"] > 0)])


def _block(draft: _Draft, who: str) -> pd.Series | None:
    """Return the last block of fractions that was given."""
    blocks = draft.rows("adex", who)
    blocks = blocks.loc[~blocks["EXPHASE"].isin(("INDUCTION", "CONCURRENT")) & (blocks["EXDOSE"] > 0)]
    return None if blocks.empty else blocks.sort_values("EXSTDT").iloc[-1]


def _value(amount: float) -> dict[str, Any]:
    return {"AVAL": amount, "AVALC": number_text(amount)}


def _consent_late(draft: _Draft, who: str) -> bool:
    person = draft.person(who)
    if not person["TRTSDT"] > person["ENRLDT"] + _days(3) or _violates(draft, who):
        return False
    if (draft.rows("addv", who)["DVDT"] < person["ENRLDT"] + _days(2)).any():
        return False
    return draft.change(
        "adsl",
        person.name,
        rules=("CONSENT-FIRST", "ELIG-MET", *(() if _major(draft, who) else ("ELIG-DEVIATION",))),
        ICFDT=person["ENRLDT"] + _days(2),
    )


def _event_before_consent(draft: _Draft, who: str) -> bool:
    event = _mild(draft, who)
    if event is None:
        return False
    day = draft.person(who)["ICFDT"] - _days(10)
    return draft.change("adae", event.name, rules=("AE-CONSENT",), ASTDT=day, AEREL="NONE")


def _end_before_start(draft: _Draft, who: str) -> bool:
    event = _mild(draft, who)
    return event is not None and draft.change("adae", event.name, rules=("END-START",), AENDT=event["ASTDT"] - _days(4))


def _contact_after_death(draft: _Draft, who: str) -> bool:
    person, contact = draft.person(who), _first(draft.rows("adassess", who))
    if pd.isna(person["DTHDT"]) or contact is None:
        return False
    day = person["DTHDT"] + _days(20)
    if not day < pd.Timestamp(draft.truth.calendar.database_date):
        return False
    draft.expect("adsl", person.name, "DEATH-CONTACT")
    return draft.add("adassess", contact, rules=(), ADT=day, **{ENTERED: day + _days(9)})


def _value_after_death(draft: _Draft, who: str) -> bool:
    person, value = draft.person(who), _first(draft.rows("adlb", who))
    if pd.isna(person["DTHDT"]) or value is None:
        return False
    day = person["DTHDT"] + _days(7)
    return draft.add("adlb", value, rules=("AFTER-DEATH",), ADT=day, AVISIT="", **{ENTERED: day + _days(9)})


def _contact_after_end(draft: _Draft, who: str) -> bool:
    person, contact = draft.person(who), _first(draft.rows("adassess", who))
    if pd.isna(person["EOSDT"]) or contact is None:
        return False
    day = person["EOSDT"] + _days(40)
    if not day < pd.Timestamp(draft.truth.calendar.database_date):
        return False
    return draft.add("adassess", contact, rules=("AFTER-EOS",), ADT=day, **{ENTERED: day + _days(9)})


def _death_without_cause(draft: _Draft, who: str) -> bool:
    person = draft.person(who)
    if pd.isna(person["DTHDT"]) or not person["DTHCAUS"]:
        return False
    return draft.change("adsl", person.name, rules=("DATE-REASON",), DTHCAUS="")


def _care_in_the_future(draft: _Draft, who: str) -> bool:
    care = _first(draft.rows("adcare", who).loc[lambda rows: ~rows["KIND"].isin(("HOSPITAL", "RT-INTERRUPTION"))])
    if care is None or not _alive(draft.person(who)):
        return False
    day = pd.Timestamp(draft.truth.calendar.database_date) + _days(400)
    return draft.add(
        "adcare", care, rules=("AFTER-CUTOFF",), CASTDT=day, CAENDT=pd.NaT, **{ENTERED: day + _days(9)}
    )  # fmt: skip


def _entered_too_early(draft: _Draft, who: str) -> bool:
    event = _mild(draft, who)
    return event is not None and draft.change(
        "adae", event.name, rules=("ENTRY-DATE",), **{ENTERED: event["ASTDT"] - _days(5)}
    )


def _foreign_drug(draft: _Draft, who: str) -> bool:
    dose = _given(draft, who)
    if dose is None:
        return False
    drugs = {item.drug for item in REGIMENS[draft.person(who)["CONREG"]].drugs}
    other = next(item for item in ("GEMCITABINE", "DOCETAXEL") if item not in drugs)
    return draft.change("adex", dose.name, rules=("EX-DRUG",), EXTRT=other)


def _foreign_unit(draft: _Draft, who: str) -> bool:
    dose = _given(draft, who)
    return dose is not None and draft.change("adex", dose.name, rules=("EX-UNIT",), EXDOSU="mg")


def _triple_dose(draft: _Draft, who: str) -> bool:
    dose = _given(draft, who)
    return dose is not None and draft.change("adex", dose.name, rules=("EX-DOSE",), EXDOSE=3.0 * dose["EXPLANNED"])


def _other_plan(draft: _Draft, who: str) -> bool:
    dose = _given(draft, who)
    return dose is not None and draft.change(
        "adex", dose.name, rules=("EX-PLANNED",), EXPLANNED=1.5 * dose["EXPLANNED"]
    )


def _one_cycle_more(draft: _Draft, who: str) -> bool:
    dose, person = _given(draft, who), draft.person(who)
    if dose is None or not _alive(person):
        return False
    most = REGIMENS[person["CONREG"]].cycles
    if most is None:
        return False
    cycles = draft.rows("adex", who)
    cycles = cycles.loc[(cycles["EXPHASE"] == "CONCURRENT") & (cycles["EXTRT"] == dose["EXTRT"])].sort_values("EXSTDT")
    last, spare = cycles.iloc[-1], 5 * (most[1] + 1 - len(cycles))
    if not last["EXSTDT"] + _days(spare) <= person["RTENDT"] + _days(21) or _acted(draft.rows("adae", who)).any():
        return False
    for number in range(len(cycles), most[1] + 1):
        day = last["EXSTDT"] + _days(5 * (number + 1 - len(cycles)))
        draft.add("adex", last, rules=("EX-CYCLES",) if number == most[1] else (), EXSEQ=number + 1, EXSTDT=day,
                  EXENDT=day, **{ENTERED: day + _days(9)})  # fmt: skip
    return True


def _treated_too_early(draft: _Draft, who: str) -> bool:
    dose, person = _given(draft, who), draft.person(who)
    if dose is None or person["TRTSDT"] != person["RTSTDT"]:
        return False
    return draft.change("adex", dose.name, rules=("EX-START",), EXSTDT=person["TRTSDT"] - _days(6))


def _dose_too_high(draft: _Draft, who: str) -> bool:
    person = draft.person(who)
    if pd.isna(person["RTENDT"]):
        return False
    return draft.change("adsl", person.name, rules=("RT-DOSE", "RT-SUM"), RXDOSE=person["RXDOSE"] + 6.0)


def _too_many_fractions(draft: _Draft, who: str) -> bool:
    person = draft.person(who)
    if person["FXDELIV"] != person["FXPLAN"]:
        return False
    return draft.change("adsl", person.name, rules=("RT-FRACTIONS",), FXDELIV=55.0, FXPLAN=55.0)


def _too_few_fractions(draft: _Draft, who: str) -> bool:
    person = draft.person(who)
    if person["FXDELIV"] != person["FXPLAN"]:
        return False
    return draft.change("adsl", person.name, rules=("RT-TIME",), FXDELIV=10.0, FXPLAN=10.0)


def _block_too_late(draft: _Draft, who: str) -> bool:
    block, person = _block(draft, who), draft.person(who)
    return block is not None and draft.change(
        "adex", block.name, rules=("RT-BLOCKS",), EXENDT=person["RTENDT"] + _days(10)
    )


def _half_a_block(draft: _Draft, who: str) -> bool:
    block = _block(draft, who)
    if block is None:
        return False
    draft.expect("adsl", draft.person(who).name, "RT-SUM")
    return draft.change("adex", block.name, rules=(), EXDOSE=0.5 * block["EXDOSE"])


def _other_dose_unit(draft: _Draft, who: str) -> bool:
    person = draft.person(who)
    if not person["RXDOSU"]:
        return False
    units = sorted({unit for _, unit in draft.truth.assignment.dose_units})
    other = next(unit for unit in units if unit != person["RXDOSU"])
    return draft.change("adsl", person.name, rules=("RT-UNIT",), RXDOSU=other)


def _at_visit(draft: _Draft, who: str) -> pd.Series | None:
    """Return a laboratory value at the last planned visit at which there is one, for someone still followed."""
    person, values = draft.person(who), draft.rows("adlb", who)
    values = values.loc[(values["AVISIT"] != "") & values["AVAL"].notna()].sort_values("ADT", kind="stable")
    return None if values.empty or not _alive(person) else values.iloc[-1]


def _free(draft: _Draft, who: str, value: pd.Series, day: pd.Timestamp) -> bool:
    """Whether a parameter has no other value on a day."""
    values = draft.rows("adlb", who)
    return not ((values["PARAMCD"] == value["PARAMCD"]) & (values["ADT"] == day)).any()


def _unknown_visit(draft: _Draft, who: str) -> bool:
    value = _at_visit(draft, who)
    return value is not None and draft.change("adlb", value.name, rules=("VS-KNOWN",), AVISIT="WEEK 999")


def _outside_window(draft: _Draft, who: str) -> bool:
    value, person = _at_visit(draft, who), draft.person(who)
    if value is None:
        return False
    visit = draft.design.visit(value["AVISIT"])
    day = person[visit.anchor] + _days(visit.last + 5)
    if not _free(draft, who, value, day):
        return False
    return draft.change("adlb", value.name, rules=("VS-WINDOW",), ADT=day, **{ENTERED: day + _days(9)})


def _same_day_again(draft: _Draft, who: str) -> bool:
    value = _at_visit(draft, who)
    return value is not None and draft.add("adlb", value, rules=("DUPLICATE",))


def _same_visit_again(draft: _Draft, who: str) -> bool:
    value, person = _at_visit(draft, who), draft.person(who)
    if value is None:
        return False
    visit, day = draft.design.visit(value["AVISIT"]), value["ADT"] + _days(1)
    if day > person[visit.anchor] + _days(visit.last) or not _free(draft, who, value, day):
        return False
    return draft.add("adlb", value, rules=("VS-REPEAT",), ADT=day, **{ENTERED: day + _days(9)})


def _other_unit(draft: _Draft, who: str) -> bool:
    value = _on_treatment(draft, who, draft.truth.chemotherapy.renal_marker)
    if value is None:
        return False
    amount = round(CREATININE_FACTOR * value["AVAL"])
    return draft.change("adlb", value.name, rules=("LB-UNIT",), AVALU="umol/L", **_value(float(amount)))


def _swapped_unit(draft: _Draft, who: str) -> bool:
    value = _on_treatment(draft, who, draft.truth.chemotherapy.renal_marker)
    if value is None:
        return False
    amount = round(CREATININE_FACTOR * value["AVAL"])
    return draft.change("adlb", value.name, rules=("LB-SWAP",), **_value(float(amount)))


def _slipped_point(draft: _Draft, who: str) -> bool:
    value = _on_treatment(draft, who, draft.truth.biomarkers.violations[0])
    if value is None:
        return False
    return draft.change("adlb", value.name, rules=("LB-RANGE",), **_value(round(value["AVAL"] / 10.0, 2)))


def _two_results(draft: _Draft, who: str) -> bool:
    value = _on_treatment(draft, who, draft.truth.biomarkers.violations[0])
    if value is None:
        return False
    return draft.change("adlb", value.name, rules=("LB-TEXT",), AVALC=number_text(value["AVAL"] + 0.5))


def _volume_in_other_unit(draft: _Draft, who: str) -> bool:
    person = draft.person(who)
    if pd.isna(person["GTVPVOL"]):
        return False
    return draft.change("adsl", person.name, rules=("VALUE-RANGE",), GTVPVOL=1000.0 * person["GTVPVOL"])


def _free_text_term(draft: _Draft, who: str) -> bool:
    event = _mild(draft, who)
    return event is not None and draft.change("adae", event.name, rules=("AE-TERM",), AEDECOD="Sore mouth since Monday")


def _other_blank(draft: _Draft, who: str) -> bool:
    event = _mild(draft, who)
    if event is None or " " not in event["AEDECOD"]:
        return False
    text = event["AEDECOD"].replace(" ", "\u00a0")
    return draft.change("adae", event.name, rules=("TERM-ALIKE", "AE-TERM"), AEDECOD=text)


def _free_text_action(draft: _Draft, who: str) -> bool:
    event = _mild(draft, who)
    text = "Held till Monday, see letter"
    return event is not None and draft.change("adae", event.name, rules=("TERM-LISTED",), AEACN=text)


def _other_organ_class(draft: _Draft, who: str) -> bool:
    event = _mild(draft, who)
    if event is None:
        return False
    classes = sorted({term.organ_class for term in ctcae_terms(version="5.0").values()})
    other = next(name for name in classes if name != event["AEBODSYS"])
    return draft.change("adae", event.name, rules=("AE-SOC",), AEBODSYS=other)


def _missing_grade(draft: _Draft, who: str) -> bool:
    terms, events = ctcae_terms(version="5.0"), draft.rows("adae", who)
    without = events.loc[[4 not in terms[name].grades for name in events["AEDECOD"]]]
    event = _first(without)
    return event is not None and draft.change("adae", event.name, rules=("AE-GRADE",), AETOXGR=4, AESER="Y")


def _fatal_but_alive(draft: _Draft, who: str) -> bool:
    event = _mild(draft, who)
    if event is None or not _alive(draft.person(who)):
        return False
    return draft.change("adae", event.name, rules=("AE-FATAL",), AEOUT="FATAL")


def _fatal_not_serious(draft: _Draft, who: str) -> bool:
    events = draft.rows("adae", who)
    event = _first(events.loc[events["AETOXGR"] == 5])
    return event is not None and draft.change("adae", event.name, rules=("AE-SERIOUS",), AESER="N")


def _event_again(draft: _Draft, who: str) -> bool:
    event = _mild(draft, who)
    if event is None:
        return False
    return draft.add("adae", event, rules=("AE-TWICE",), AESEQ=draft.rows("adae", who)["AESEQ"].max() + 1)


def _other_stage(draft: _Draft, who: str) -> bool:
    person = draft.person(who)
    other = next(stage for stage in draft.truth.covariates.stages if stage != person["STAGE9"])
    return draft.change("adsl", person.name, rules=("STAGE-TNM",), STAGE9=other)


def _response_after_progression(draft: _Draft, who: str) -> bool:
    first, response, person = _progressed(draft, who), _first(draft.rows("adrs", who)), draft.person(who)
    if first.empty or response is None or pd.notna(person["DTHDT"]):
        return False
    day = first.iloc[0] + _days(61)
    if (draft.rows("adrs", who)["ADT"] == day).any():
        return False
    return draft.add(
        "adrs", response, rules=("RS-AFTER-PD",), ADT=day, AVISIT="", AVALC="CR", **{ENTERED: day + _days(9)}
    )  # fmt: skip


def _progression_without_event(draft: _Draft, who: str) -> bool:
    responses = draft.rows("adrs", who).sort_values("ADT")
    if responses.empty or len(draft.rows("adevent", who)):
        return False
    return draft.change("adrs", responses.index[-1], rules=("RS-PD-EVENT",), AVALC="PD")


def _death_without_event(draft: _Draft, who: str) -> bool:
    person = draft.person(who)
    if person["DTHCAUS"] != "OTHER" or len(draft.rows("adevent", who)):
        return False
    return draft.change("adsl", person.name, rules=("DEATH-EVENT",), DTHCAUS="DISEASE")


def _major(draft: _Draft, who: str) -> bool:
    return bool((draft.rows("addv", who)["DVCAT"] == "MAJOR").any())


def _violates(draft: _Draft, who: str) -> bool:
    """Whether the participant was made to violate a criterion."""
    told = draft.rows("addv", who)["DVTERM"] == draft.truth.conduct.violation_term
    return bool(told.any())


def _violation(draft: _Draft, who: str, *rules: str) -> bool:
    code, lowest = draft.truth.biomarkers.violations[:2]
    value = _at_screening(draft, who, code)
    if value is None or _violates(draft, who) or _major(draft, who):
        return False
    draft.expect("adsl", draft.person(who).name, *rules)
    return draft.change("adlb", value.name, rules=(), **_value(lowest - 0.5))


def _recorded_violation(draft: _Draft, who: str) -> bool:
    person, template = draft.person(who), draft.frames["addv"].iloc[0]
    if not _violation(draft, who, "ELIG-MET"):
        return False
    day = person["ENRLDT"]
    return draft.add("addv", template, rules=(), USUBJID=who, DVDT=day, DVCAT="MAJOR",
                     DVTERM=draft.truth.conduct.violation_term, **{ENTERED: day + _days(9)})  # fmt: skip


def _silent_violation(draft: _Draft, who: str) -> bool:
    return _violation(draft, who, "ELIG-MET", "ELIG-DEVIATION")


def _no_screening_value(draft: _Draft, who: str) -> bool:
    code = draft.truth.biomarkers.violations[0]
    values, person = draft.rows("adlb", who), draft.person(who)
    before = values.loc[(values["ADT"] <= person["ENRLDT"])]
    whole = before.loc[before["AVISIT"] != "", "PARAMCD"].nunique() == draft.frames["adlb"]["PARAMCD"].nunique()
    value = _at_screening(draft, who, code)
    if value is None or not whole or _violates(draft, who):
        return False
    draft.expect("adsl", person.name, "ELIG-KNOWN")
    return draft.change("adlb", value.name, rules=(), AVAL=np.nan, AVALC="")


def _some_screened(draft: _Draft, count: int, seed: int) -> list[int]:
    failed = np.flatnonzero((draft.frames["adscr"]["CRITERION"] != "").to_numpy())
    chosen = named_stream(seed, "faults/SCREEN-CODE").permutation(failed)[:count]
    return sorted(int(row) for row in chosen)


def _other_letters(draft: _Draft, who: str) -> bool:
    form = _first(draft.rows("adform", who))
    return form is not None and draft.change("adform", form.name, rules=("IDENTIFIER",), USUBJID=f"{who.lower()} ")


def _enrolled_late(draft: _Draft, who: str) -> bool:
    person = draft.person(who)
    day = person["TRTSDT"] + _days(1)
    if not day <= person["ICFDT"] + _days(26) or _violates(draft, who):
        return False
    return draft.change("adsl", person.name, rules=("ENROLLED-FIRST",), ENRLDT=day, **{ENTERED: day + _days(9)})


def _consent_years_before(draft: _Draft, who: str) -> bool:
    person = draft.person(who)
    return draft.change("adsl", person.name, rules=("CONSENT-LONG",), ICFDT=person["ICFDT"] - _days(730))


def _deviation_before_consent(draft: _Draft, who: str) -> bool:
    told = _first(draft.rows("addv", who))
    return told is not None and draft.change(
        "addv", told.name, rules=("BEFORE-CONSENT",), DVDT=draft.person(who)["ICFDT"] - _days(5)
    )


def _no_end(draft: _Draft, who: str) -> bool:
    person = draft.person(who)
    if pd.isna(person["RTENDT"]) or not _alive(person):
        return False
    return draft.change(
        "adsl", person.name, rules=("PERIOD-OPEN", "VISIT-ANCHOR"), RTENDT=pd.NaT, FXDELIV=np.nan
    )  # fmt: skip


def _dose_without_end(draft: _Draft, who: str) -> bool:
    dose = _given(draft, who)
    return dose is not None and draft.change("adex", dose.name, rules=("KNOWN-FROM",), EXENDT=pd.NaT)


def _stay_again(draft: _Draft, who: str) -> bool:
    care = draft.rows("adcare", who)
    long = _first(care.loc[(care["CAENDT"] > care["CASTDT"] + _days(3)) & (care["KIND"] != "HOSPITAL")])
    if long is None or len(care) > 1:
        return False
    return draft.add("adcare", long, rules=("CARE-OVERLAP",), CASTDT=long["CASTDT"] + _days(2))


def _quiet_stay(draft: _Draft, who: str) -> bool:
    care, serious = draft.rows("adcare", who), draft.rows("adae", who)["AESER"] == "Y"
    template = _first(care.loc[care["CAENDT"].notna()])
    if template is None or serious.any():
        return False
    return draft.add("adcare", template, rules=("CARE-SERIOUS",), KIND="HOSPITAL")


def _long_interruption(draft: _Draft, who: str) -> bool:
    care, person = draft.rows("adcare", who), draft.person(who)
    pause = _first(care.loc[care["KIND"] == "RT-INTERRUPTION"])
    if pause is None or not _alive(person):
        return False
    return draft.change("adcare", pause.name, rules=("CARE-WITHIN",), CAENDT=person["RTENDT"] + _days(5))


def _received_early(draft: _Draft, who: str) -> bool:
    form = _first(draft.rows("adform", who).loc[lambda rows: rows["RECDT"].notna()])
    return form is not None and draft.change(
        "adform", form.name, rules=("FORM-EARLY",), RECDT=form["DUEDT"] - _days(3)
    )  # fmt: skip


def _visit_of(draft: _Draft, who: str, visit: str) -> dict[str, pd.Series]:
    """Return the numbers of a visit by their codes."""
    values = draft.rows("adlb", who)
    here = values.loc[(values["AVISIT"] == visit) & values["AVAL"].notna()]
    return {str(here["PARAMCD"].iloc[i]): here.iloc[i] for i in range(len(here))}


def _copied_visit(draft: _Draft, who: str) -> bool:
    source, target = (_visit_of(draft, who, visit.code) for visit in draft.design.visits[-2:])
    if len(target) < 6 or not set(target) <= set(source):
        return False
    for code, value in target.items():
        draft.change("adlb", value.name, rules=(), AVAL=source[code]["AVAL"], AVALC=source[code]["AVALC"])
    draft.expect("adlb", min(int(str(value.name)) for value in target.values()), "VISIT-COPY")
    return True


def _part_above_whole(draft: _Draft, who: str) -> bool:
    values = _visit_of(draft, who, draft.design.visits[-3].code)
    if not {"CD3", "CD4", "CD8"} <= set(values):
        return False
    draft.expect("adlb", values["CD3"].name, "LB-PARTS")
    amount = round(1.1 * values["CD3"]["AVAL"] - values["CD8"]["AVAL"])
    return draft.change("adlb", values["CD4"].name, rules=(), **_value(float(amount)))


def _wrong_ratio(draft: _Draft, who: str) -> bool:
    value = _on_treatment(draft, who, "NLR")
    if value is None or not {"ANC", "ALC"} <= set(_visit_of(draft, who, value["AVISIT"])):
        return False
    return draft.change("adlb", value.name, rules=("LB-RATIO",), **_value(round(value["AVAL"] * 1.5, 2)))


def _leaping(draft: _Draft, who: str) -> bool:
    course = draft.rows("adlb", who).loc[lambda rows: (rows["PARAMCD"] == "HGB") & rows["AVAL"].notna()]
    course = course.sort_values("ADT", kind="stable")
    values = course["AVAL"].to_numpy(dtype=float)
    for i in range(1, len(course) - 1):
        low, high = sorted((values[i - 1], values[i + 1]))
        if course["AVISIT"].iloc[i] == draft.design.visits[-3].code and high <= 1.1 * low:
            return draft.change("adlb", course.index[i], rules=("LEAP",), **_value(round(float(low) / 2.0, 1)))
    return False


def _no_logarithm(draft: _Draft, who: str) -> bool:
    values = draft.rows("adlb", who)
    days = values.loc[values["PARAMCD"] == "CD3", "ADT"]
    bare = values.loc[(values["PARAMCD"] == "ALC") & ~values["ADT"].isin(days) & values["AVAL"].notna()]
    value = _first(bare.loc[bare["ADT"] > draft.person(who)["TRTSDT"]])
    return value is not None and draft.change("adlb", value.name, rules=("LB-LOG",), **_value(0.0))


def _other_limit(draft: _Draft, who: str) -> bool:
    values = draft.rows("adlb", who)
    below = _first(values.loc[values["AVALC"].isin(("ND", "<LLOQ"))])
    return below is not None and draft.change("adlb", below.name, rules=("LB-LIMIT",), LLOQ=2.0 * below["LLOQ"])


def _other_baseline(draft: _Draft, who: str) -> bool:
    person = draft.person(who)
    values = draft.rows("adlb", who)
    before = values.loc[(values["PARAMCD"] == "EBV") & (values["ADT"] <= person["TRTSDT"])].sort_values("ADT")
    if before.empty or pd.isna(before["AVAL"].iloc[-1]) or pd.isna(person["EBVBL"]):
        return False
    return draft.change("adsl", person.name, rules=("LB-BASELINE",), EBVBL=10.0 * person["EBVBL"])


def _images(draft: _Draft, who: str, *, repeated: bool) -> pd.DataFrame:
    """Images of the first visit with or without a repeated reading."""
    images = draft.rows("adrad", who)
    twice = (images["REPLICATE"] > 1).groupby(images["AVISIT"]).transform("any")
    kept = images.loc[twice == repeated]
    return kept.loc[kept["AVISIT"] == kept["AVISIT"].iloc[0]] if len(kept) else kept


def _other_modality(draft: _Draft, who: str) -> bool:
    images = _images(draft, who, repeated=False)
    if len(images) != 2:
        return False
    draft.expect("adrad", images.index[0], "RAD-SET")
    return draft.change("adrad", images.index[1], rules=("RAD-SET",), MODALITY="CT")


def _no_first_reading(draft: _Draft, who: str) -> bool:
    images = _images(draft, who, repeated=False)
    if len(images) != 2:
        return False
    draft.expect("adrad", images.index[0], "RAD-SET")
    return draft.change("adrad", images.index[1], rules=("RAD-REPLICATE",), REPLICATE=2)


def _other_scanner(draft: _Draft, who: str) -> bool:
    images = _images(draft, who, repeated=True)
    again = _first(images.loc[images["REPLICATE"] > 1])
    return again is not None and draft.change("adrad", again.name, rules=("RAD-SCANNER",), SCANNER="S9")


def _copied_reading(draft: _Draft, who: str) -> bool:
    images = draft.rows("adrad", who)
    if len(images) < 3:
        return False
    features = {str(name): images[name].iloc[0] for name in images if str(name).startswith("original_")}
    return draft.change("adrad", images.index[-1], rules=("RAD-COPY",), **features)


def _event_overlaps(draft: _Draft, who: str) -> bool:
    event = _mild(draft, who)
    if event is None or not event["AENDT"] > event["ASTDT"] + _days(3):
        return False
    number = draft.rows("adae", who)["AESEQ"].max() + 1
    day = event["ASTDT"] + _days(2)
    return draft.add(
        "adae", event, rules=("AE-OVERLAP",), AESEQ=number, ASTDT=day, **{ENTERED: day + _days(9)}
    )  # fmt: skip


def _recovered_without_end(draft: _Draft, who: str) -> bool:
    event = _mild(draft, who)
    if event is None or (draft.rows("adae", who)["AEDECOD"] == event["AEDECOD"]).sum() > 1:
        return False
    return draft.change("adae", event.name, rules=("AE-OUTCOME",), AENDT=pd.NaT)


def _grade_four(draft: _Draft, who: str) -> bool:
    terms, events = ctcae_terms(version="5.0"), draft.rows("adae", who)
    fits = [4 in terms[name].grades and terms[name].organ_class not in LABORATORY for name in events["AEDECOD"]]
    event = _first(events.loc[np.array(fits, dtype=bool) & (events["AESER"] == "N") & ~_acted(events)])
    return event is not None and draft.change("adae", event.name, rules=("AE-LIFE",), AETOXGR=4)


def _other_sex(draft: _Draft, who: str) -> bool:
    event, term = _mild(draft, who), "Vaginal pain" if draft.person(who)["SEX"] == "M" else "Testicular pain"
    if event is None:
        return False
    organ = ctcae_terms(version="5.0")[term].organ_class
    return draft.change("adae", event.name, rules=("AE-SEX",), AEDECOD=term, AEBODSYS=organ, AETOXGR=1)


def _other_cause(draft: _Draft, who: str) -> bool:
    events, person = draft.rows("adae", who), draft.person(who)
    early = _first(events.loc[(events["AEREL"] == "CHEMO") & (events["ASTDT"] < person["RTSTDT"] - _days(10))])
    return early is not None and draft.change("adae", early.name, rules=("AE-RELATED",), AEREL="RT")


def _late_action(draft: _Draft, who: str) -> bool:
    events, person = draft.rows("adae", who), draft.person(who)
    late = _first(events.loc[events["ASTDT"] > person["RTENDT"] + _days(200)])
    return late is not None and draft.change("adae", late.name, rules=("AE-ACTION",), AEACN="DRUG INTERRUPTED")


def _toxic_death(draft: _Draft, who: str) -> bool:
    person = draft.person(who)
    if person["DTHCAUS"] != "OTHER":
        return False
    return draft.change("adsl", person.name, rules=("DEATH-TOXIC",), DTHCAUS="TREATMENT")


def _first_too_early(draft: _Draft, who: str) -> bool:
    person = draft.person(who)
    if person["TRTSDT"] != person["RTSTDT"] or not person["TRTSDT"] > person["ENRLDT"]:
        return False
    return draft.change("adsl", person.name, rules=("EX-FIRST",), TRTSDT=person["TRTSDT"] - _days(1))


def _cycles(draft: _Draft, who: str) -> pd.DataFrame:
    """Cycles that were given of someone alive, in whom no event changed a dose."""
    doses = draft.rows("adex", who)
    given = doses.loc[(doses["EXPHASE"] == "CONCURRENT") & (doses["EXDOSE"] > 0)].sort_values("EXSTDT")
    quiet = _alive(draft.person(who)) and not _acted(draft.rows("adae", who)).any()
    return given if quiet and given["EXTRT"].nunique() == 1 else given.head(0)


def _cycle_out_of_phase(draft: _Draft, who: str) -> bool:
    given, person = _cycles(draft, who), draft.person(who)
    if given.empty:
        return False
    day = person["RTENDT"] + _days(40)
    return draft.change("adex", given.index[-1], rules=("EX-PHASE",), EXSTDT=day, EXENDT=day, **{ENTERED: day})


def _cycle_too_soon(draft: _Draft, who: str) -> bool:
    given = _cycles(draft, who)
    if len(given) < 3:
        return False
    day = given["EXSTDT"].iloc[-2] + _days(2)
    return draft.change("adex", given.index[-1], rules=("EX-GAP",), EXSTDT=day, EXENDT=day)


def _block_too_short(draft: _Draft, who: str) -> bool:
    block = _block(draft, who)
    if block is None or not block["EXENDT"] > block["EXSTDT"] or block["EXENDT"] != draft.person(who)["RTENDT"]:
        return False
    draft.expect("adsl", draft.person(who).name, "RT-SPAN")
    return draft.change("adex", block.name, rules=(), EXENDT=block["EXENDT"] - _days(1))


def _other_technique(draft: _Draft, who: str) -> bool:
    person = draft.person(who)
    if person["TRT01A"] not in [arm.code for arm in draft.design.arms]:
        return False
    adsl = draft.frames["adsl"]
    other = adsl.loc[~adsl["TRT01A"].isin((person["TRT01A"], "", *draft.design.arm_rule)), "TECHNIQUE"].iloc[0]
    return draft.change("adsl", person.name, rules=("RT-MODALITY", "RT-UNIT"), TECHNIQUE=other)


def _block_in_other_unit(draft: _Draft, who: str) -> bool:
    block, person = _block(draft, who), draft.person(who)
    if block is None or person["TRT01A"] in draft.design.arm_rule:
        return False
    units = sorted({unit for _, unit in draft.truth.assignment.dose_units})
    other = next(unit for unit in units if unit != block["EXDOSU"])
    return draft.change("adex", block.name, rules=("EX-MODALITY",), EXDOSU=other)


def _silent_change(draft: _Draft, who: str) -> bool:
    person, codes = draft.person(who), [arm.code for arm in draft.design.arms]
    if person["TRT01A"] not in codes or person["TRT01A"] != person["TRT01P"] or _major(draft, who):
        return False
    other = next(code for code in codes if code != person["TRT01A"])
    return draft.change("adsl", person.name, rules=("ARM-DEVIATION",), TRT01P=other)


def _response_too_early(draft: _Draft, who: str) -> bool:
    response, person = _first(draft.rows("adrs", who)), draft.person(who)
    day = person["TRTSDT"] - _days(2)
    if response is None or not day >= person["ICFDT"]:
        return False
    return draft.add("adrs", response, rules=("RS-EARLY",), ADT=day, AVISIT="", AVALC="NE", **{ENTERED: day + _days(9)})


def _stable_after_complete(draft: _Draft, who: str) -> bool:
    responses = draft.rows("adrs", who).sort_values("ADT")
    if responses.empty or responses["AVALC"].iloc[-1] != "CR" or len(_progressed(draft, who)):
        return False
    day = responses["ADT"].iloc[-1] + _days(20)
    if not _alive(draft.person(who)) or (draft.rows("adtr", who)["ADT"] == day).any():
        return False
    return draft.add("adrs", responses.iloc[-1], rules=("RS-COURSE",), ADT=day, AVISIT="", AVALC="SD",
                     **{ENTERED: day + _days(9)})  # fmt: skip


def _large_sum(draft: _Draft, who: str) -> bool:
    responses, sums = draft.rows("adrs", who), draft.rows("adtr", who)
    complete = responses.loc[(responses["AVALC"] == "CR") & responses["ADT"].isin(sums["ADT"])].sort_values("ADT")
    if complete.empty or len(_progressed(draft, who)):
        return False
    row = sums.index[sums["ADT"] == complete["ADT"].iloc[-1]][0]
    draft.expect("adrs", complete.index[-1], "RS-SUM")
    return draft.change("adtr", row, rules=(), AVAL=25.0)


def _unseen_event(draft: _Draft, who: str) -> bool:
    seen, template = draft.rows("adassess", who)["ADT"], draft.frames["adevent"].iloc[0]
    day = seen.max() + _days(30)
    person, last = draft.person(who), pd.Timestamp(draft.truth.calendar.database_date)
    if not _alive(person) or len(draft.rows("adevent", who)) or not day < last or pd.isna(person["RTENDT"]):
        return False
    return draft.add("adevent", template, rules=("EVENT-SEEN",), USUBJID=who, KIND="DISTANT", ADT=day,
                     CONFIRM="IMAGING", **{ENTERED: day + _days(9)})  # fmt: skip


def _therapy_before_zero(draft: _Draft, who: str) -> bool:
    person, template = draft.person(who), draft.frames["adevent"].iloc[0]
    day = person["RTSTDT"] - _days(1)
    if not day >= person["ENRLDT"] or len(draft.rows("adevent", who)):
        return False
    return draft.add("adevent", template, rules=("TTE-ORIGIN",), USUBJID=who, KIND="NEW-THERAPY", ADT=day,
                     CONFIRM="", **{ENTERED: day + _days(9)})  # fmt: skip


# rare ones first: whoever has one fault gets no other
_FAULTS: dict[str, Callable[[_Draft, str], bool]] = {
    "AE-SERIOUS": _fatal_not_serious,
    "DEATH-EVENT": _death_without_event,
    "DEATH-TOXIC": _toxic_death,
    "DATE-REASON": _death_without_cause,
    "CARE-WITHIN": _long_interruption,
    "RAD-SCANNER": _other_scanner,
    "DEATH-CONTACT": _contact_after_death,
    "AFTER-DEATH": _value_after_death,
    "RS-AFTER-PD": _response_after_progression,
    "AFTER-EOS": _contact_after_end,
    "ELIG-MET": _recorded_violation,
    "ELIG-DEVIATION": _silent_violation,
    "ELIG-KNOWN": _no_screening_value,
    "CONSENT-FIRST": _consent_late,
    "AE-CONSENT": _event_before_consent,
    "END-START": _end_before_start,
    "AFTER-CUTOFF": _care_in_the_future,
    "ENTRY-DATE": _entered_too_early,
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
    "VS-KNOWN": _unknown_visit,
    "VS-WINDOW": _outside_window,
    "DUPLICATE": _same_day_again,
    "VS-REPEAT": _same_visit_again,
    "LB-UNIT": _other_unit,
    "LB-SWAP": _swapped_unit,
    "LB-RANGE": _slipped_point,
    "LB-TEXT": _two_results,
    "VALUE-RANGE": _volume_in_other_unit,
    "AE-TERM": _free_text_term,
    "AE-SOC": _other_organ_class,
    "AE-GRADE": _missing_grade,
    "AE-FATAL": _fatal_but_alive,
    "AE-TWICE": _event_again,
    "STAGE-TNM": _other_stage,
    "RS-PD-EVENT": _progression_without_event,
    "IDENTIFIER": _other_letters,
    "ENROLLED-FIRST": _enrolled_late,
    "CONSENT-LONG": _consent_years_before,
    "BEFORE-CONSENT": _deviation_before_consent,
    "PERIOD-OPEN": _no_end,
    "KNOWN-FROM": _dose_without_end,
    "CARE-OVERLAP": _stay_again,
    "CARE-SERIOUS": _quiet_stay,
    "FORM-EARLY": _received_early,
    "VISIT-COPY": _copied_visit,
    "LB-PARTS": _part_above_whole,
    "LB-RATIO": _wrong_ratio,
    "LEAP": _leaping,
    "LB-LOG": _no_logarithm,
    "LB-LIMIT": _other_limit,
    "LB-BASELINE": _other_baseline,
    "RAD-SET": _other_modality,
    "RAD-REPLICATE": _no_first_reading,
    "RAD-COPY": _copied_reading,
    "AE-OVERLAP": _event_overlaps,
    "AE-OUTCOME": _recovered_without_end,
    "AE-LIFE": _grade_four,
    "AE-SEX": _other_sex,
    "AE-RELATED": _other_cause,
    "AE-ACTION": _late_action,
    "EX-FIRST": _first_too_early,
    "EX-PHASE": _cycle_out_of_phase,
    "EX-GAP": _cycle_too_soon,
    "RT-SPAN": _block_too_short,
    "RT-MODALITY": _other_technique,
    "EX-MODALITY": _block_in_other_unit,
    "ARM-DEVIATION": _silent_change,
    "RS-EARLY": _response_too_early,
    "RS-COURSE": _stable_after_complete,
    "RS-SUM": _large_sum,
    "EVENT-SEEN": _unseen_event,
    "TTE-ORIGIN": _therapy_before_zero,
    "TERM-LISTED": _free_text_action,
    "TERM-ALIKE": _other_blank,
}

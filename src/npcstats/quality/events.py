"""Rules about adverse events: terms, grades and organ classes of the dictionary, and fatal ones that agree."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches

import numpy as np
import pandas as pd

from npcstats.clinical.ctcae import CLOSED_OUTCOMES, OPEN_OUTCOMES, Term, ctcae_terms
from npcstats.clinical.sexes import FEMALE, MALE, SEX_OF_TERM
from npcstats.clinical.terminology import SERIOUSNESS
from npcstats.clinical.values import days_between
from npcstats.quality.care import overlapping
from npcstats.quality.inspection import Bools, Inspection, Mark, Rule, filled, mark
from npcstats.study import Design, input_schemas

GROUP = "Adverse events"
FATAL_GRADE = 5


def _dictionary(inspected: Inspection) -> Mapping[str, Term]:
    return ctcae_terms(version=inspected.checks.ctcae) if inspected.checks.ctcae else {}


def _known_term(inspected: Inspection) -> list[Mark]:
    known = _dictionary(inspected)
    terms = inspected.study["adae"]["AEDECOD"]
    near = {term: get_close_matches(term, known, n=1, cutoff=0.8) for term in terms.unique() if term not in known}
    # the recorded text is not repeated: it may hold anything, a name included
    words = {term: f"; perhaps {found[0]}" if found else "" for term, found in near.items()}
    return mark(
        "adae",
        terms.isin(near),
        lambda i: f"the term is not in CTCAE {inspected.checks.ctcae}{words[terms.iloc[i]]}",
    )


def _right_organ_class(inspected: Inspection) -> list[Mark]:
    known = _dictionary(inspected)
    adae = inspected.study["adae"]
    right = adae["AEDECOD"].map({name: term.organ_class for name, term in known.items()})
    return mark(
        "adae",
        right.notna() & (adae["AEBODSYS"] != right),
        lambda i: f"{adae['AEDECOD'].iloc[i]} stands in another organ class; {right.iloc[i]} is required",
    )


def _existing_grade(inspected: Inspection) -> list[Mark]:
    known = _dictionary(inspected)
    adae = inspected.study["adae"]
    terms, grades = adae["AEDECOD"].to_numpy(), adae["AETOXGR"].to_numpy(dtype=float)
    wrong = [
        term in known and not np.isnan(grade) and grade not in known[term].grades
        for term, grade in zip(terms, grades, strict=True)
    ]
    return mark(
        "adae",
        np.array(wrong, dtype=bool),
        lambda i: (
            f"{terms[i]} has no grade {grades[i]:g}; one of {', '.join(map(str, known[terms[i]].grades))} is required"
        ),
    )


def _fatal_agrees(inspected: Inspection) -> Iterator[Mark]:
    adae, died = inspected.study["adae"], inspected.of("adae", "DTHDT")
    worst = (adae["AETOXGR"] == FATAL_GRADE).to_numpy()
    outcome = (adae["AEOUT"] == inspected.checks.fatal).to_numpy()
    fatal = worst | outcome
    alive, apart = np.isnat(died), days_between(died, adae["AENDT"])
    yield from mark("adae", worst & ~outcome, lambda i: f"grade 5 with an outcome other than {inspected.checks.fatal}")
    yield from mark("adae", outcome & ~worst, lambda i: f"outcome {inspected.checks.fatal} with a grade other than 5")
    yield from mark("adae", fatal & alive, lambda i: "fatal, but the participant has no date of death")
    yield from mark(
        "adae", fatal & (np.abs(apart) > 0), lambda i: "fatal, but it ends on another day than that of death"
    )


def _fatal_is_serious(inspected: Inspection) -> list[Mark]:
    adae = inspected.study["adae"]
    return mark("adae", (adae["AETOXGR"] == FATAL_GRADE) & (adae["AESER"] == "N"), lambda i: "grade 5, but not serious")


def _once(inspected: Inspection) -> list[Mark]:
    adae = inspected.study["adae"]
    again = adae.duplicated(["USUBJID", "AEDECOD", "ASTDT"]) & (adae["AEDECOD"] != "") & adae["ASTDT"].notna()
    return mark("adae", again, lambda i: "the same term begins on the same day in an earlier row")


def _outcome_agrees(inspected: Inspection) -> Iterator[Mark]:
    adae = inspected.study["adae"]
    outcome, ended = adae["AEOUT"], adae["AENDT"].notna().to_numpy()
    schema = input_schemas(inspected.study.design)["adae"].by_name["AEOUT"]
    going_on = outcome.isin((*OPEN_OUTCOMES, *schema.open_values)).to_numpy()
    over = outcome.isin((*CLOSED_OUTCOMES, inspected.checks.fatal)).to_numpy() & filled(outcome)
    yield from mark("adae", over & ~ended, lambda i: "the outcome says that it is over, but there is no end")
    yield from mark("adae", going_on & ended, lambda i: "it has an end, but the outcome says that it goes on")
    yield from mark("adae", ended & ~filled(outcome), lambda i: "it has an end, but no outcome")


def _severe_is_serious(inspected: Inspection) -> list[Mark]:
    adae, checks = inspected.study["adae"], inspected.checks
    grades = adae["AETOXGR"].to_numpy(dtype=float)
    measured = adae["AEBODSYS"].isin(checks.laboratory_classes).to_numpy()
    broken = (grades >= (checks.serious_grade or FATAL_GRADE)) & (grades < FATAL_GRADE) & ~measured
    return mark("adae", broken & (adae["AESER"] == "N").to_numpy(), lambda i: f"grade {grades[i]:g}, but not serious")


def _declares(column: str) -> Callable[[Design], bool]:
    return lambda design: any(frame.name == "adae" and column in frame.by_name for frame in design.frames)


def _reason_agrees(inspected: Inspection) -> Iterator[Mark]:
    adae = inspected.study["adae"]
    serious, told = (adae["AESER"] == "Y").to_numpy(), filled(adae["AESERCRIT"])
    fatal, death = (adae["AETOXGR"] == FATAL_GRADE).to_numpy(), (adae["AESERCRIT"] == SERIOUSNESS[0]).to_numpy()
    yield from mark("adae", serious & ~told, lambda i: "serious, but not recorded by what")
    yield from mark("adae", ~serious & told, lambda i: "not serious, but what makes it serious is recorded")
    yield from mark("adae", serious & told & fatal & ~death, lambda i: "grade 5, but not serious by death")
    yield from mark("adae", serious & ~fatal & death, lambda i: "serious by death, but the grade is not 5")


def _expectedness_known(inspected: Inspection) -> list[Mark]:
    adae = inspected.study["adae"]
    here = (adae["AESER"] == "Y").to_numpy() & ~filled(adae["AEEXP"])
    return mark("adae", here, lambda i: "serious, but it is not recorded whether it was expected")


def _possible_sex(inspected: Inspection) -> list[Mark]:
    terms = inspected.study["adae"]["AEDECOD"]
    wanted, sex = terms.map(SEX_OF_TERM), inspected.of("adae", "SEX")
    broken = wanted.notna().to_numpy() & np.isin(sex.astype(str), (FEMALE, MALE)) & (wanted.to_numpy() != sex)
    return mark("adae", broken, lambda i: f"{terms.iloc[i]} in a participant of sex {sex[i]}")


def _one_at_a_time(inspected: Inspection) -> list[Mark]:
    adae = inspected.study["adae"]
    other = overlapping(adae, ["USUBJID", "AEDECOD"], "ASTDT", "AENDT")
    again = adae.duplicated(["USUBJID", "AEDECOD", "ASTDT"])
    here = other.notna() & ~again & filled(adae["AEDECOD"])
    text = "begins before {} of the same term ended"
    return mark("adae", here, lambda i: text.format(inspected.row("adae", int(other.iloc[i]))))


def _cause_was_given(inspected: Inspection) -> Iterator[Mark]:
    adae, adex = inspected.study["adae"], inspected.study["adex"]
    for value, groups in inspected.checks.relations.items():
        related = (adae["AEREL"] == value).to_numpy()
        late = np.zeros(len(adae), dtype=bool)
        for phases in groups:
            first = adex.loc[adex["EXPHASE"].isin(phases)].groupby("USUBJID")["EXSTDT"].min()
            began = adae["USUBJID"].map(first)
            late |= related & ~(days_between(adae["ASTDT"], began) <= inspected.checks.relation_days)
        yield from mark("adae", late, lambda i, v=value: f"related to {v}, which had not been given by then")  # type: ignore[misc]


def _action_was_possible(inspected: Inspection) -> Iterator[Mark]:
    adae, adex, checks = inspected.study["adae"], inspected.study["adex"], inspected.checks
    acted = filled(adae["AEACN"]) & ~adae["AEACN"].isin(checks.no_action).to_numpy()
    given = adex.loc[adex["EXDOSE"] > 0]
    last = given["EXENDT"].fillna(given["EXSTDT"]).groupby(given["USUBJID"]).max()
    after = days_between(adae["USUBJID"].map(last), adae["ASTDT"])
    idle = acted & ~(after <= (checks.action_days or 0))
    yield from mark("adae", idle, lambda i: "an action with treatment, but none was being given")
    for value, changed, text in (
        (checks.withdrawn, _withdrawn, "but all drugs are given to the end"),
        (checks.reduced, _reduced, "but no dose is below the planned one from then on"),
    ):
        if value:
            here = (adae["AEACN"] == value).to_numpy() & ~idle & ~changed(inspected)
            yield from mark("adae", here, lambda i, v=value, t=text: f"{v}, {t}")  # type: ignore[misc]


def _drug_records(inspected: Inspection) -> pd.DataFrame:
    """Records of drugs, with the events during or after which each was due; one row for each pair."""
    adae, adex = inspected.study["adae"], inspected.study["adex"]
    kept = adae.loc[adae["AEACN"].isin((inspected.checks.withdrawn, inspected.checks.reduced)), ["USUBJID", "ASTDT"]]
    drugs = adex[["USUBJID", "EXPHASE", "EXTRT", "EXSTDT", "EXDOSE", "EXPLANNED"]]
    return kept.reset_index(names="event").merge(drugs, on="USUBJID")


def _withdrawn(inspected: Inspection) -> Bools:
    """Where some drug's last record on or after the event is without a dose, or the event follows all of them."""
    pairs = _drug_records(inspected).sort_values("EXSTDT", kind="stable")
    last = pairs.groupby(["event", "EXPHASE", "EXTRT"]).tail(1)
    ended = ~(last["EXDOSE"] > 0) | (last["EXSTDT"] <= last["ASTDT"])
    stopped = ended.groupby(last["event"]).any()
    return np.asarray(inspected.study["adae"].index.isin(stopped.index[stopped]), dtype=np.bool_)


def _reduced(inspected: Inspection) -> Bools:
    pairs = _drug_records(inspected)
    less = pairs.loc[(pairs["EXSTDT"] >= pairs["ASTDT"]) & (pairs["EXDOSE"] < pairs["EXPLANNED"]), "event"]
    return np.asarray(inspected.study["adae"].index.isin(less), dtype=np.bool_)


def _death_has_event(inspected: Inspection) -> list[Mark]:
    adsl, adae = inspected.study["adsl"], inspected.study["adae"]
    fatal = set(adae.loc[(adae["AETOXGR"] == FATAL_GRADE).to_numpy(), "USUBJID"])
    here = (adsl["DTHCAUS"] == inspected.checks.treatment_death) & adsl["DTHDT"].notna()
    return mark("adsl", here & ~adsl["USUBJID"].isin(fatal), lambda i: "death of treatment, but no event of grade 5")


RULES = (
    Rule(
        "AE-TERM",
        GROUP,
        "Terms are those of the dictionary.",
        "error",
        ("adae.AEDECOD",),
        _known_term,
        lambda checks: checks.ctcae,
    ),
    Rule(
        "AE-SOC",
        GROUP,
        "The organ class is the one in which the term stands.",
        "error",
        ("adae.AEDECOD", "adae.AEBODSYS"),
        _right_organ_class,
        lambda checks: checks.ctcae,
    ),
    Rule(
        "AE-GRADE",
        GROUP,
        "The grade exists for the term.",
        "error",
        ("adae.AEDECOD", "adae.AETOXGR"),
        _existing_grade,
        lambda checks: checks.ctcae,
    ),
    Rule(
        "AE-FATAL",
        GROUP,
        "Grade 5, a fatal outcome and the day of death go together.",
        "error",
        ("adae.USUBJID", "adae.AETOXGR", "adae.AEOUT", "adae.AENDT", "adsl.DTHDT"),
        _fatal_agrees,
        lambda checks: checks.fatal,
    ),
    Rule("AE-SERIOUS", GROUP, "Grade 5 is serious.", "error", ("adae.AETOXGR", "adae.AESER"), _fatal_is_serious),
    Rule(
        "AE-TWICE",
        GROUP,
        "One term begins once on one day.",
        "query",
        ("adae.USUBJID", "adae.AEDECOD", "adae.ASTDT"),
        _once,
    ),
    Rule(
        "AE-OVERLAP",
        GROUP,
        "An event ends before it is recorded anew.",
        "query",
        ("adae.USUBJID", "adae.AEDECOD", "adae.ASTDT", "adae.AENDT"),
        _one_at_a_time,
    ),
    Rule(
        "AE-OUTCOME",
        GROUP,
        "What has ended has an outcome that says so, and the other way round.",
        "query",
        ("adae.AEOUT", "adae.AENDT"),
        _outcome_agrees,
    ),
    Rule(
        "AE-LIFE",
        GROUP,
        "A life-threatening event, other than a laboratory value, is serious.",
        "query",
        ("adae.AETOXGR", "adae.AESER", "adae.AEBODSYS"),
        _severe_is_serious,
        lambda checks: checks.serious_grade,
    ),
    Rule(
        "AE-REASON",
        GROUP,
        "What makes an event serious is recorded of serious events alone; of one of grade 5 it is death.",
        "query",
        ("adae.AESER", "adae.AESERCRIT", "adae.AETOXGR"),
        _reason_agrees,
        suits=_declares("AESERCRIT"),
    ),
    Rule(
        "AE-EXPECTED",
        GROUP,
        "Of a serious event it is recorded whether it was expected.",
        "query",
        ("adae.AESER", "adae.AEEXP"),
        _expectedness_known,
        suits=_declares("AEEXP"),
    ),
    Rule(
        "AE-SEX",
        GROUP,
        "A term is possible for the participant's sex.",
        "error",
        ("adae.USUBJID", "adae.AEDECOD", "adsl.SEX"),
        _possible_sex,
        lambda checks: checks.ctcae,
    ),
    Rule(
        "AE-RELATED",
        GROUP,
        "An event is related to treatment that had been given by then.",
        "query",
        ("adae.USUBJID", "adae.AEREL", "adae.ASTDT", "adex.USUBJID", "adex.EXPHASE", "adex.EXSTDT"),
        _cause_was_given,
        lambda checks: checks.relations,
    ),
    Rule(
        "AE-ACTION",
        GROUP,
        "An action is taken with treatment that is being given, and shows in the doses.",
        "query",
        (
            "adae.USUBJID", "adae.AEACN", "adae.ASTDT", "adex.USUBJID", "adex.EXPHASE", "adex.EXTRT", "adex.EXDOSE",
            "adex.EXPLANNED", "adex.EXSTDT", "adex.EXENDT",
        ),
        _action_was_possible,
        lambda checks: checks.action_days is not None,
    ),
    Rule(
        "DEATH-TOXIC",
        GROUP,
        "A death of treatment has its fatal event.",
        "query",
        ("adsl.DTHDT", "adsl.DTHCAUS", "adae.USUBJID", "adae.AETOXGR"),
        _death_has_event,
        lambda checks: checks.treatment_death,
    ),
)  # fmt: skip

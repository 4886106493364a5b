"""Rules about adverse events: terms, grades and organ classes of the dictionary, and fatal ones that agree."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

import numpy as np

from npcstats.clinical.ctcae import ctcae_terms
from npcstats.quality.inspection import Inspection, Mark, Rule, days_between, mark

GROUP = "Adverse events"
FATAL_GRADE = 5


def _known_term(inspected: Inspection) -> list[Mark]:
    known = ctcae_terms(version=inspected.checks.ctcae)
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
    known = ctcae_terms(version=inspected.checks.ctcae)
    adae = inspected.study["adae"]
    right = adae["AEDECOD"].map({name: term.organ_class for name, term in known.items()})
    return mark(
        "adae",
        right.notna() & (adae["AEBODSYS"] != right),
        lambda i: f"{adae['AEDECOD'].iloc[i]} stands in another organ class; {right.iloc[i]} is required",
    )


def _existing_grade(inspected: Inspection) -> list[Mark]:
    known = ctcae_terms(version=inspected.checks.ctcae)
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


RULES = (
    Rule("AE-TERM", GROUP, "Terms are those of the dictionary.", "error", ("adae.AEDECOD",), _known_term),
    Rule(
        "AE-SOC",
        GROUP,
        "The organ class is the one in which the term stands.",
        "error",
        ("adae.AEDECOD", "adae.AEBODSYS"),
        _right_organ_class,
    ),
    Rule(
        "AE-GRADE",
        GROUP,
        "The grade exists for the term.",
        "error",
        ("adae.AEDECOD", "adae.AETOXGR"),
        _existing_grade,
    ),
    Rule(
        "AE-FATAL",
        GROUP,
        "Grade 5, a fatal outcome and the day of death go together.",
        "error",
        ("adae.USUBJID", "adae.AETOXGR", "adae.AEOUT", "adae.AENDT", "adsl.DTHDT"),
        _fatal_agrees,
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
)

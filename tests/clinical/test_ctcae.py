"""The dictionary of CTCAE 5.0, and the committed trial's events in it."""

from __future__ import annotations

import pytest

from npcstats.clinical.ctcae import ctcae_classes, ctcae_terms
from npcstats.errors import SpecError


def test_dictionary_has_the_published_size() -> None:
    """837 terms in 26 organ classes; 551 define grade 4, 494 define grade 5."""
    terms = ctcae_terms(version="5.0")
    assert len(terms) == 837
    assert len({term.organ_class for term in terms.values()}) == 26
    assert sum(4 in term.grades for term in terms.values()) == 551
    assert sum(5 in term.grades for term in terms.values()) == 494


@pytest.mark.parametrize(
    ("term", "grades"),
    [
        ("Dry mouth", (1, 2, 3)), ("Dysgeusia", (1, 2)), ("Tinnitus", (1, 2, 3)), ("Weight loss", (1, 2, 3)),
        ("Nausea", (1, 2, 3)), ("Febrile neutropenia", (3, 4, 5)), ("White blood cell decreased", (1, 2, 3, 4)),
        ("Neutrophil count decreased", (1, 2, 3, 4)), ("Lymphocyte count decreased", (1, 2, 3, 4)),
        ("Platelet count decreased", (1, 2, 3, 4)), ("Anemia", (1, 2, 3, 4, 5)),
    ],
)  # fmt: skip
def test_grades_that_exist(term: str, grades: tuple[int, ...]) -> None:
    assert ctcae_terms(version="5.0")[term].grades == grades


@pytest.mark.parametrize(
    ("term", "organ_class"),
    [
        ("Dermatitis radiation", "Injury, poisoning and procedural complications"),
        ("Myelitis", "Infections and infestations"),
        ("Central nervous system necrosis", "Nervous system disorders"),
    ],
)
def test_organ_classes_that_surprise(term: str, organ_class: str) -> None:
    assert ctcae_terms(version="5.0")[term].organ_class == organ_class
    assert organ_class in ctcae_classes(version="5.0")


@pytest.mark.parametrize(("version", "message"), [("6.0", "only the laboratory grades"), ("4.03", "one of 5.0, 6.0")])
def test_other_versions_are_refused(version: str, message: str) -> None:
    with pytest.raises(SpecError, match=message):
        ctcae_terms(version=version)


def test_dictionary_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        ctcae_terms(version="5.0")["Nausea"] = None


def test_events_of_the_committed_trial_are_defined_in_their_organ_class(adae) -> None:
    terms = ctcae_terms(version="5.0")
    assert len(adae) > 9000
    for term, grade, organ_class in zip(adae["AEDECOD"], adae["AETOXGR"].astype(int), adae["AEBODSYS"], strict=True):
        assert (terms[term].organ_class, grade in terms[term].grades) == (organ_class, True)

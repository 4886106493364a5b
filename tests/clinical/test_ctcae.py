"""The dictionary of CTCAE 5.0, and the committed trial's events in it."""

from __future__ import annotations

import numpy as np
import pytest

from npcstats.clinical.ctcae import check_term_grade, ctcae_terms, organ_classes
from npcstats.errors import DataError, SpecError


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


def test_organ_class_of_radiation_dermatitis_is_injury() -> None:
    found = organ_classes(["Dermatitis radiation", "Myelitis", "Central nervous system necrosis"], version="5.0")
    assert found.tolist() == ["Injury, poisoning and procedural complications", "Infections and infestations",
                              "Nervous system disorders"]  # fmt: skip
    with pytest.raises(DataError, match=r"1 not in CTCAE 5.0 \(Xerostomia\)"):
        organ_classes(["Xerostomia"], version="5.0")


def test_what_is_undefined_is_returned_with_its_row() -> None:
    terms = ["Dry mouth", "Dry mouth", "Xerostomia", "Nausea", "Nausea", "Anemia"]
    found = check_term_grade(terms, [3, 4, 1, 0, np.nan, 2.5], version="5.0")
    assert [(one.row, one.term) for one in found] == [(2, "Dry mouth"), (3, "Xerostomia"), (4, "Nausea"), (6, "Anemia")]
    assert found[0].reason == "grade 4 does not exist; one of 1, 2, 3 is required"
    assert "not in CTCAE 5.0" in found[1].reason
    assert "absent" in found[2].reason


def test_organ_class_is_checked_where_it_is_given() -> None:
    wrong = check_term_grade("Dermatitis radiation", 2, version="5.0",
                             organ_class="Skin and subcutaneous tissue disorders")  # fmt: skip
    assert "Injury, poisoning and procedural complications is required" in wrong[0].reason
    assert check_term_grade("Dermatitis radiation", 2, version="5.0") == ()


@pytest.mark.parametrize(("version", "message"), [("6.0", "only the laboratory grades"), ("4.03", "one of 5.0, 6.0")])
def test_other_versions_are_refused(version: str, message: str) -> None:
    with pytest.raises(SpecError, match=message):
        check_term_grade("Nausea", 1, version=version)


def test_dictionary_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        ctcae_terms(version="5.0")["Nausea"] = None


def test_events_of_the_committed_trial_are_defined_in_their_organ_class(adae) -> None:
    found = check_term_grade(
        adae["AEDECOD"], adae["AETOXGR"].astype(float), version="5.0", organ_class=adae["AEBODSYS"]
    )
    assert len(adae) > 9000
    assert found == ()

"""The catalogue beside the rows: choices come back as the values that they are, and are read as what they must be."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from npcstats.errors import ResultsError
from npcstats.results import Analysis, Catalogue, catalogue_text
from npcstats.results.catalogue import read_catalogue

CHOICES = {"type": 2, "level": 0.95, "tau": 36.0, "tiny": 5e-324, "on": True, "off": False, "word": "2",
           "bands": (1, 2.5, "x", False), "none": ()}  # fmt: skip
ENTRY = Analysis("A label", "counts", "planned", "ENRL", choices=CHOICES)
CATALOGUE = Catalogue({"cutoff": "2025-12-31"}, {"X": "Ex"}, {"ENRL": "All."}, {"a": ENTRY})


def test_choices_come_back_with_their_types():
    found = read_catalogue(catalogue_text(CATALOGUE))
    assert found == CATALOGUE
    choices = found.analyses["a"].choices
    assert {name: type(value) for name, value in choices.items()} == {k: type(v) for k, v in CHOICES.items()}
    assert [type(value) for value in choices["bands"]] == [int, float, str, bool]


def test_displays_come_back_as_they_were():
    asked = {"display": "biomarker.MarkersByVisit", "variables": ["X"], "total": False, "minimum": None, "ratios": {}}
    whole = replace(CATALOGUE, tables={"t": asked}, figures={"f": {"display": "x.Y", "minimum": 0.02}})
    assert read_catalogue(catalogue_text(whole)) == whole


def test_choices_are_numbers_and_truth_values_in_the_file():
    told = json.loads(catalogue_text(CATALOGUE))["analyses"]["a"]["choices"]
    assert told == {**CHOICES, "bands": [1, 2.5, "x", False], "none": []}
    assert '"level": 0.95' in catalogue_text(CATALOGUE)
    assert '"on": true' in catalogue_text(CATALOGUE)


def test_what_an_entry_had_in_other_times_is_left_out():
    told = json.loads(catalogue_text(CATALOGUE))
    told["analyses"]["a"]["former"] = "x"
    assert read_catalogue(json.dumps(told)) == CATALOGUE


@pytest.mark.parametrize(
    ("name", "kind", "value"),
    [("type", int, 2), ("type", float, 2.0), ("tau", float, 36.0), ("on", bool, True), ("word", str, "2")],
)
def test_chosen_gives_the_type_that_is_asked_for(name, kind, value):
    found = ENTRY.chosen(name, kind)
    assert (found, type(found)) == (value, kind)


@pytest.mark.parametrize(("name", "kind"), [("word", float), ("on", int), ("on", float), ("tau", int), ("type", str)])
def test_chosen_refuses_another_type(name, kind):
    with pytest.raises(ResultsError, match=rf"^catalogue: choice '{name}' of 'A label' is .*; a value of type "):
        ENTRY.chosen(name, kind)


def test_chosen_of_nothing():
    assert ENTRY.chosen("absent", float, 0.0) == 0.0
    with pytest.raises(ResultsError, match=r"choice 'absent' of 'A label' is None; a value of type str is required\.$"):
        ENTRY.chosen("absent", str)
    assert replace(ENTRY, choices={}).chosen("level", str, "decimal1") == "decimal1"

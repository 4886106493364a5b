"""The table of markers: pairs beside participants."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tabled import TABLES, lines_of

from npcstats.results import Results
from npcstats.tables import biomarker_table


def test_pairs_stand_beside_the_participants(by_arm: Results) -> None:
    lines = [line for line in lines_of(TABLES["biomarkers"](by_arm)) if len(line) > 1]
    assert lines[0][1] == "120"
    assert lines[1][1] == "109/106"
    assert (
        "Pairs: participants with a value at baseline and at the visit." in TABLES["biomarkers"](by_arm).notes[0].text
    )


@pytest.mark.parametrize("name", ["EBV DNA", "Virus, undetected in health"])
def test_what_a_share_is_of_follows_from_the_scale(by_arm: Results, name: str) -> None:
    entry = by_arm.catalogue.analyses["biomarkers"]
    labels = {**entry.labels, "variable": {**entry.labels["variable"], "EBVDNA": name}}
    named = {**by_arm.catalogue.analyses, "biomarkers": replace(entry, labels=labels)}
    results = Results(by_arm.rows, replace(by_arm.catalogue, analyses=named))
    table = biomarker_table(results, "biomarkers", variables=("EBVDNA",))
    assert table.rows[0].cells[0].text == f"{name}: detectable, %, change in points; difference at the visit"

"""The sentence of the front page, and the table, on what tells the arms of the eight apart."""

from __future__ import annotations

from dataclasses import replace

import pytest
from analyses.masking.conftest import SPEC

from npcstats.analyses.masking.displays import TellingApart
from npcstats.analyses.masking.table import tabulate
from npcstats.analyses.masking.words import masking_sentence
from npcstats.derive import pool_arms
from npcstats.errors import ResultsError

TABLE = TellingApart(name="t", title="T", sessions=("only",), analysis="hide")


def lines(table):
    return [" | ".join(cell.text.strip() for cell in row.cells) for row in table.rows]


def test_sentence_tells_what_is_beyond_its_limit(looked, masked):
    """Numbers of ``test_summary.py``: 1/7, 2.285 and 1/3."""
    assert str(masking_sentence(looked(masked))) == (
        "Letters do not hide the arms from those who know how the treatments differ: beyond the plan's limits are the "
        "size of the arms (1 of 1 analysis set, most “Enrolled”, 14.3%; limit 10%), 1 of 2 characteristics (most "
        "“Age”, SMD 2.29; limit 0.73) and 1 of 1 thing known to differ between the treatments (most “Death”, 33.3 "
        "points; limit 12.5 points)."
    )


def test_every_number_of_the_sentence_has_its_row(looked, masked):
    results = looked(masked)
    told = masking_sentence(results)
    numbers = [piece for piece in told.pieces if piece.key]
    assert len(numbers) == 12
    assert {piece.key for piece in numbers} <= set(results.by_key)


def test_one_thing_alone(looked, masked):
    near = replace(SPEC, size_limit=0.5, characteristics_limit=9.0, known_limit=0.5, calendar_limit=0.25)
    assert str(masking_sentence(looked(masked, near))).endswith(
        "beyond the plan's limits are enrolment over time (41.7 points; limit 25 points)."
    )


def test_nothing_beyond_a_limit(looked, masked):
    far = replace(SPEC, size_limit=0.5, characteristics_limit=9.0, known_limit=0.5)
    assert str(masking_sentence(looked(masked, far))) == (
        "Nothing that was looked at tells the arms apart: none of 5 differences is beyond the plan's limit."
    )


@pytest.mark.parametrize("state", ["named", "pooled", "not looked at"])
def test_nothing_to_say_where_arms_are_not_masked(looked, known, masked, others, state):
    study = {"named": known, "pooled": pool_arms(known), "not looked at": masked}[state]
    results = others(study) if state == "not looked at" else looked(study)
    assert str(masking_sentence(results)) == ""


def test_table_of_differences_and_limits(looked, masked):
    found = tabulate(looked(masked), TABLE)
    assert lines(found) == [
        "Size of the arms",
        "Enrolled | ▲ 14.3% | 10%",
        "Enrolment over time",
        "Share of an arm entered by any one day | 41.7 points | 50 points",
        "Characteristics at enrolment",
        "Age | ▲ 2.29 | 0.73",
        "Known to differ between the treatments",
        "Death | ▲ 33.3 points | 12.5 points",
    ]
    assert "Characteristics beyond the limit: 1 of 2. ▲ beyond the limit." in found.notes[0].text


def test_largest_characteristic_where_none_is_beyond(looked, masked):
    found = tabulate(looked(masked, replace(SPEC, characteristics_limit=9.0)), TABLE)
    assert "Age | 2.29 | 9.00" in lines(found)
    assert "Characteristics beyond the limit: 0 of 2." in found.notes[0].text


def test_gaps_have_their_reason_below(looked, known):
    found = tabulate(looked(known.with_frames({"adsl": known["adsl"].assign(_ARM_ACTUAL="Y")})), TABLE)
    assert not any("nan" in line for line in lines(found))
    assert "NE" in " ".join(lines(found))
    assert "An arm has nobody yet." in found.notes[1].text


def test_no_table_without_two_arms(looked, known):
    with pytest.raises(ResultsError, match="a table of what tells arms apart requires two arms"):
        tabulate(looked(pool_arms(known)), TABLE)

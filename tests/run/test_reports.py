"""What a run and a page say of their cut-off."""

from __future__ import annotations

import pytest

from npcstats.run.reports import cutoff_words, notes


def test_notes_of_a_run():
    told = {"a": {"masking": "", "early": "Early.", "empty": ["adtr"]}, "b": {"masking": "Told.", "early": ""}}
    assert notes(told) == ("Note: Told.", "Note, a: Early.", "Note: there is no record in adtr.")
    assert notes({}) == ()


@pytest.mark.parametrize(
    ("early", "ahead", "words"),
    [
        ("", "", "Cut-off 30 June 2031"),
        ("The export ends.", "", "Cut-off 30 June 2031, later than the export"),
        ("", "Before the plan's.", "Cut-off 30 June 2031, earlier than planned"),
        ("The export ends.", "Before.", "Cut-off 30 June 2031, later than the export, earlier than planned"),
    ],
)
def test_every_page_says_where_its_cutoff_stands(early, ahead, words):
    assert cutoff_words({"cutoff": "2031-06-30", "early": early, "ahead": ahead}) == words

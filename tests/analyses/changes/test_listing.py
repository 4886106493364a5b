"""The listing of changed events, of the trial of eight: each by hand; see `test_summary` for the former export."""

from __future__ import annotations

import pytest
from eight import CUTOFF, PLAN
from pasts import LISTED, THEN, make_past, read_former

from npcstats.analyses.changes.listing import follow_events
from npcstats.run.sessions import prepare_study

SECRET = "secret"


@pytest.fixture(scope="module")
def listed(tmp_path_factory, texts, design, whole, mask):
    """A function that lists what changed in a session."""
    former = read_former(tmp_path_factory.mktemp("former"), texts, design)

    def make(session):
        past, now = make_past(former, whole, PLAN, session, then=THEN, cutoff=CUTOFF, mask=mask)
        return follow_events(now, past, LISTED, SECRET)

    return make


def test_records(listed):
    """By day of onset, from the first dose: P02-1 (2025-02-01) day 29; P05 (2025-01-20): P05-2 day 27, P05-1 five days
    before; P01-1 (2025-02-20) day 11; P07-9 (2025-03-05) day 17; P03-1, 2025-06-16 then (2025-04-01) day 77. P05-3, of
    which only the end came later, is not listed."""
    listing, _ = listed("shut")
    found = [row[1:] for row in listing.rows]
    assert listing.columns == ("PARTICIPANT", "ARM", "AEDECOD", "THEN", "NOW", "ASTDY", "AESER", "WHAT")
    assert found == [
        ("B", "Mucositis oral", "2", "3", "29", "yes", "higher grade"),
        ("A", "Nausea", "–", "2", "11", "no", "entered later"),
        ("A", "Nausea", "3", "–", "17", "no", "withdrawn"),
        ("A", "Mucositis oral", "3", "2", "27", "no", "lower grade"),
        ("B", "Dry mouth", "1", "–", "77", "no", "dated after the former cut-off now"),
        ("A", "Nausea", "1", "1", "−5", "no", "relation"),
    ]


def test_no_identifier_and_no_treatment(listed):
    listing, analysis = listed("shut")
    text = f"{listing.rows}{analysis}"
    assert not [name for name in ("P01", "P02", "P05", "P07", "IMPT", "VMAT", "'X'", "'Y'") if name in text]


def test_participants_have_the_numbers_of_the_session(listed):
    """P05 twice: both lines have the same number."""
    listing, _ = listed("shut")
    numbers = [row[0] for row in listing.rows]
    assert numbers[3] == numbers[5]
    assert len(set(numbers)) == 5


def test_named_arms(listed):
    listing, _ = listed("end")
    assert {row[1] for row in listing.rows} == {"Ex", "Wye"}


def test_without_a_former_meeting(whole, mask):
    study = prepare_study(whole, PLAN, "shut", mask=mask)
    listing, analysis = follow_events(study, None, LISTED, SECRET)
    assert listing.rows == ()
    assert analysis.sentences == {"none": "There is no former meeting to compare with."}

"""Three exports of the synthetic trial: what changed from one meeting to the next is what was planted, and no more."""

from __future__ import annotations

import runpy
from collections import Counter

import numpy as np
import pytest
from committed import ROOT

from npcstats.analyses.changes.listing import follow_events
from npcstats.analyses.changes.records import follow_frame
from npcstats.derive import Past, follow_export, population_members
from npcstats.derive.numbers import number_participants
from npcstats.run.mask import read_mask
from npcstats.run.plan import load_plan
from npcstats.run.sessions import prepare_study, view_study
from npcstats.study import read_study
from npcstats.synthetic import make_history, simulate_trial, write_history

PAIRS = (0, 1)
"""First of two meetings that follow each other."""
KINDS = {
    "upgraded": "higher grade",
    "downgraded": "lower grade",
    "late-event": "entered later",
    "late-serious": "entered later",
    "withdrawn": "withdrawn",
    "duplicated": "withdrawn",
}


@pytest.fixture(scope="module")
def planned():
    return load_plan(ROOT / "analysis" / "plan")


@pytest.fixture(scope="module")
def history(planned):
    planted = runpy.run_path(str(ROOT / "analysis" / "synthetic_truth.py"))
    whole = simulate_trial(planned.design, planted["TRUTH"], planted["SEED"])
    return make_history(whole, planned.design, planted["HISTORY"], planted["SEED"])


@pytest.fixture(scope="module", params=PAIRS, ids=["second", "third"])
def meeting(request, tmp_path_factory, planned, history):
    """The closed session of a meeting: its study, its past, its map's secret, and what was planted before it."""
    folder = tmp_path_factory.mktemp("history")
    write_history(history, folder)
    former, present = history.extracts[request.param : request.param + 2]
    studies = [read_study(folder / one.cutoff.isoformat(), planned.design) for one in (former, present)]
    mask = read_mask(ROOT / "data" / "synthetic" / "mask.json", studies[0])
    taken = follow_export(*studies, former_cutoff=former.cutoff, cutoff=present.cutoff, snapshot=planned.snapshot)
    then = prepare_study(studies[0], planned, "closed", cutoff=former.cutoff, mask=mask)
    again, now = (view_study(taken[cause], planned, "closed", mask=mask) for cause in ("late-entry", "new"))
    return now, Past(former.cutoff, None, (), then, again), mask.salt, history.shown(present.cutoff)


def test_listing_has_the_planted_events_and_no_other(planned, meeting):
    study, past, salt, changes = meeting
    spec = next(spec for spec in planned.listings if spec.id == "changed-events")
    listing, _ = follow_events(study, past, spec, salt)
    number = dict(zip(study["adsl"]["USUBJID"], number_participants(study, salt), strict=True))
    planted = Counter((number[one.participant], KINDS[one.kind]) for one in changes if one.kind in KINDS)
    rows = [dict(zip(listing.columns, row, strict=True)) for row in listing.rows]
    assert Counter((row["PARTICIPANT"], row["WHAT"]) for row in rows) == planted
    graded = {number[one.participant]: (str(one.before), str(one.after)) for one in changes if "graded" in one.kind}
    assert {row["PARTICIPANT"]: (row["THEN"], row["NOW"]) for row in rows if "grade" in row["WHAT"]} == graded


def test_values_that_were_corrected_or_came_late_are_those_planted(meeting):
    study, past, _, changes = meeting
    values = follow_frame(study, past, "adlb")
    many = Counter(one.kind for one in changes)
    assert (int(values.changed.sum()), len(values.late)) == (many["corrected"], many["late-value"])
    assert (len(values.withdrawn), len(values.moved), int(values.completed.sum())) == (0, 0, 0)
    planted = {one.participant for one in changes if one.kind == "late-value"}
    assert set(values.restated["USUBJID"].iloc[values.late]) == planted


def test_what_was_told_late_of_participants_completes_them(meeting):
    """A death, or the end of radiotherapy, of which the former export had no date."""
    study, past, _, changes = meeting
    participants = follow_frame(study, past, "adsl")
    planted = {one.participant for one in changes if one.column in ("DTHDT", "RTENDT")}
    completed = participants.restated["USUBJID"].iloc[participants.again[participants.completed]]
    assert set(completed) == planted


def test_who_joins_a_set_by_a_late_date_is_who_was_planted(meeting):
    _, past, _, changes = meeting
    then, again = (set(population_members(one, "RTEND")["USUBJID"]) for one in (past.former, past.restated))
    planted = {one.participant for one in changes if one.column == "RTENDT"}
    assert (again - then, then - again) == (planted, set())


def test_of_other_frames_nothing_of_before_changed(meeting):
    study, past, _, changes = meeting
    stays = sum(one.kind == "late-stay" for one in changes)
    for name in sorted(study.frames.keys() - {"adsl", "adae", "adlb"}):
        frame = follow_frame(study, past, name)
        assert [len(frame.withdrawn), len(frame.moved), len(frame.late)] == [0, 0, stays * (name == "adcare")], name
        assert not np.any(frame.changed | frame.completed), name

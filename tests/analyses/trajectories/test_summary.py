"""Courses of markers, by hand: the values of the trial of eight, under numbers that hide the participants."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import pytest

from npcstats.analyses.trajectories.spec import CourseMarker, TrajectoriesSpec
from npcstats.analyses.trajectories.summary import build_trajectories
from npcstats.derive import pool_arms
from npcstats.errors import DataError, SpecError
from npcstats.run.registry import kind_of

SPEC = TrajectoriesSpec(
    id="lines",
    label="Lines",
    population="BEAM",
    sessions=("only",),
    markers=(
        CourseMarker("LOGM", "Log marker", "u", "log"),
        CourseMarker("LEVEL", "Level", "g", "identity"),
        CourseMarker("VIRUS", "Virus", "c", "log", ("V0",)),
    ),
    visits=("V0", "V1", "V2"),
    below_limit="half-limit",
    status="planned",
)


def courses(study, spec=SPEC, secret="secret"):
    """By marker, the courses of each arm as visits and values, and the words."""
    listing, words = build_trajectories(study, spec, secret)
    found = defaultdict(list)
    for record in (dict(zip(listing.columns, row, strict=True)) for row in listing.rows):
        found[record["MARKER"], record["ARM"], record["PARTICIPANT"]].append((record["VISIT"], record["VALUE"]))
    by_arm = defaultdict(list)
    for (marker, arm, _), points in found.items():
        by_arm[marker, arm].append(points)
    return {key: sorted(value) for key, value in by_arm.items()}, words


def test_values_at_visits(known):
    """P05 2 then 1 (of two at equal distance the earlier), P01 8 then 2, P06 half of 1 then 0.25; P04 only during."""
    found, _ = courses(known)
    assert found["LOGM", "X"] == [
        [("V0", "0.5"), ("V1", "0.25")],
        [("V0", "2"), ("V1", "1")],
        [("V0", "8"), ("V1", "2")],
    ]
    assert found["LOGM", "Y"] == [[("V0", "1"), ("V1", "0.5")], [("V0", "4")], [("V1", "1")]]
    assert found["LEVEL", "Y"] == [[("V0", "30"), ("V1", "30")], [("V0", "34"), ("V1", "36")]]
    assert found["VIRUS", "X"] == [[("V0", "120")], [("V0", "50")]]
    assert found["VIRUS", "Y"] == [[("V0", "50")]]


def test_how_many_are_drawn_of_how_many(known):
    _, words = courses(known)
    assert words.sentences["drawn.LOGM"] == "Log marker: 6 of 6 drawn."
    assert words.sentences["drawn.VIRUS"] == "Virus: 3 of 6 drawn."
    assert words.kind == "trajectories"


def test_values_below_the_limit_can_be_left_out(known):
    found, words = courses(known, replace(SPEC, below_limit="missing"))
    assert found["VIRUS", "X"] == [[("V0", "120")]]
    assert found["LOGM", "X"][-1] == [("V1", "0.25")]
    assert words.sentences["drawn.VIRUS"] == "Virus: 1 of 6 drawn."
    assert "not drawn" in words.sentences["limit"]


def test_numbers_hide_the_participants(known):
    first, _ = build_trajectories(known, SPEC, "secret")
    other, _ = build_trajectories(known, SPEC, "another")
    assert first != other
    assert not any(text.startswith("P0") for row in first.rows for text in row)


def test_without_arms_there_is_one_group(known):
    found, words = courses(pool_arms(known))
    assert {arm for _, arm in found} == {""}
    assert "arms" not in words.sentences


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"markers": ()}, "markers is empty"),
        ({"visits": ()}, "visits is empty"),
        ({"below_limit": "zero"}, "below_limit is 'zero'"),
        ({"markers": (replace(SPEC.markers[0], scale="cubic"),)}, "scale is 'cubic'"),
        ({"markers": (SPEC.markers[0], SPEC.markers[0])}, "marker 'LOGM' stands twice"),
        ({"markers": (replace(SPEC.markers[0], visits=("V9",)),)}, "visits of LOGM has V9"),
    ],
)
def test_what_is_refused(known, changed, fault):
    with pytest.raises(SpecError, match=fault):
        build_trajectories(known, replace(SPEC, **changed), "secret")


def test_another_unit_is_refused(known):
    with pytest.raises(DataError, match="in another unit; mu is required"):
        build_trajectories(known, replace(SPEC, markers=(replace(SPEC.markers[0], unit="mu"),)), "secret")


def test_no_pooled_and_no_public_session_has_them():
    """Courses of single participants are withheld whole: a session without arms, or for publication, has none."""
    kind = kind_of(SPEC)
    assert kind.record_arms == ("masked", "named")
    assert kind.withhold is None
    assert kind.summarize is None
    assert kind.efficacy

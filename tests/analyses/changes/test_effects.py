"""Every choice of an entry of changes has an effect: each of the lists changes one field, and the results change."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from eight import CUTOFF, PLAN
from pasts import DEATHS, LISTED, SEVERE, SHARE, SHARES, SINCE, THEN, make_past, read_former

from npcstats.analyses.changes.kind import CHANGED_EVENTS, CHANGES
from npcstats.analyses.changes.listing import follow_events
from npcstats.analyses.changes.spec import ChangedEventsSpec, ChangesSpec, EventCount, WatchedNumber
from npcstats.analyses.changes.summary import compare_changes
from npcstats.derive import GradeWindow
from npcstats.errors import ResultsError
from npcstats.provenance import canonical_text
from npcstats.results import results_text
from npcstats.run.sessions import build_results

NAMES = {"id": "other", "label": "Other", "population": "BEAM", "status": "post hoc"}
WHOLE = [
    (SINCE, {**NAMES, "frames": {"adae": "Events"}, "populations": ("EVERY",), "numbers": (DEATHS,)}),
    (LISTED, {**NAMES, "origin": "RTSTDT", "columns": {"AEREL": "cause"}}),
]
PARTS = {
    "id": "worse", "label": "Worse", "rows": {**SHARES, "arm": "A"}, "amount": 0.9, "style": "percent0",
    "without": {"variable": "Mucositis oral"}, "counted": None,
}  # fmt: skip
COUNTED = {
    "window": GradeWindow("early", "Early", "early", "onset", "everyone"), "lowest": 2, "baseline_adjusted": False,
    "by_term": False, "where": {"AESER": ("Y",)},
}  # fmt: skip


@pytest.fixture(scope="module")
def shut(tmp_path_factory, texts, design, whole, mask):
    """Study, past and other results of the masked session."""
    former = read_former(tmp_path_factory.mktemp("former"), texts, design)
    past, now = make_past(former, whole, PLAN, "shut", then=THEN, cutoff=CUTOFF, mask=mask)
    return now, past, build_results(now, PLAN)


@pytest.fixture(scope="module")
def outcome(shut):
    """What an entry comes to: rows or records, and the catalogue's words."""
    study, past, results = shut

    def found(spec):
        if isinstance(spec, ChangedEventsSpec):
            listing, words = follow_events(study, past, spec, "secret")
            return spec.id, canonical_text([list(listing.columns), [list(row) for row in listing.rows]]), words
        made = compare_changes(study, results, past, spec)
        return spec.id, results_text(made), made.catalogue.analyses[spec.id]

    return found


def number_faults(**change):
    return CHANGES.choices.faults(replace(SINCE, numbers=(replace(SHARE, **change),)))


@pytest.mark.parametrize(
    ("spec", "field", "value"),
    [(spec, field, value) for spec, own in WHOLE for field, value in own.items()],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_a_choice_has_an_effect(outcome, spec, field, value):
    assert outcome(replace(spec, **{field: value})) != outcome(spec)


@pytest.mark.parametrize("field", PARTS)
def test_a_choice_of_a_number_has_an_effect(outcome, field):
    other = replace(SINCE, numbers=(replace(SHARE, **{field: PARTS[field]}), DEATHS))
    assert outcome(other) != outcome(SINCE)


@pytest.mark.parametrize("field", COUNTED)
def test_a_choice_of_what_counts_has_an_effect(outcome, field):
    """Other people are counted than the rows count, which is refused."""
    counted = replace(SEVERE, lowest=1)
    mild = replace(SHARE, rows={**SHARES, "level": "grade>=1"}, counted=counted)
    outcome(replace(SINCE, numbers=(mild,)))
    other = replace(mild, counted=replace(counted, **{field: COUNTED[field]}))
    with pytest.raises(ResultsError, match="watched number severe counts"):
        outcome(replace(SINCE, numbers=(other,)))


def test_no_field_is_left_out():
    for spec, own in WHOLE:
        assert {field.name for field in fields(spec)} == {*own, "sessions"}
    assert {field.name for field in fields(WatchedNumber)} == set(PARTS)
    assert {field.name for field in fields(EventCount)} == set(COUNTED)
    assert CHANGES.spec is ChangesSpec
    assert CHANGED_EVENTS.spec is ChangedEventsSpec


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"style": "bold"}, "style is 'bold'"),
        ({"rows": {"analysis": "tox", "measure": "risk"}}, "rows do not say stat"),
        ({"rows": {**SHARES, "arms": "A"}}, "arms is no column of a key"),
        ({"amount": -0.1}, "amount is -0.1; 0 or more is required"),
        ({"id": "events"}, "id 'events' is the name of a part of its own"),
        ({"without": {"level": "grade>=3"}}, "without is {'level': 'grade>=3'}, but has no effect: rows settle level"),
        ({"counted": replace(SEVERE, lowest=6)}, "lowest is 6; a grade is required"),
        ({"counted": replace(SEVERE, window=replace(SEVERE.window, evaluable="some"))}, "evaluable is 'some'"),
    ],
)
def test_faults_of_a_number(change, told):
    assert not number_faults()
    (fault,) = number_faults(**change)
    assert told in fault


def test_numbers_and_sets_stand_once():
    twice = replace(SINCE, numbers=(SHARE, SHARE), populations=("EVERY", "EVERY"))
    assert CHANGES.choices.faults(twice) == [
        "watched number 'severe' stands twice",
        "population 'EVERY' stands twice",
    ]

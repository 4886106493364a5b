"""What a run releases is searched before it is put in place; a session that names its arms is let through."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from eight import CUTOFF

from npcstats.errors import ReleaseError
from npcstats.release import Sizes
from npcstats.run.gate import forbidden_of, known_mask
from npcstats.run.make import Run, make_results
from npcstats.run.reports import refuse_documents

LEAK = "Participants of Wye and others."


@pytest.fixture
def leaking(plan):
    """A plan that says an arm's label where a set is defined."""
    populations = tuple(replace(one, definition=LEAK) for one in plan.design.populations)
    return replace(plan, design=replace(plan.design, populations=populations))


@pytest.fixture
def secret(tmp_path, salt):
    path = tmp_path / "secret.json"
    path.write_text(json.dumps({"X": "B", "Y": "A", "salt": salt}))
    return path


@pytest.mark.parametrize("session", ["front", "shut"])
def test_refused_results_leave_the_former_ones_alone(session, plan, leaking, write_export, secret, tmp_path):
    data, folder = write_export(), tmp_path / "results"
    make_results(Run(data, plan, (session,), mask=secret), folder, fonts=tmp_path)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(
        ReleaseError, match=rf"session {session}, results: .*catalogue.json, .*the label .*\(Wye\)"
    ) as told:
        make_results(Run(data, leaking, (session,), mask=secret), folder, fonts=tmp_path)
    assert "nothing was released" in str(told.value)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_session_that_names_its_arms_is_let_through(leaking, write_export, tmp_path):
    assert set(make_results(Run(write_export(), leaking, ("end",)), tmp_path / "results", fonts=tmp_path)) == {"end"}


def test_documents_are_searched_by_their_session(plan, write_export, secret, tmp_path):
    page = tmp_path / "report.html"
    page.write_text("<p>P05 is of the arm Y.</p>")
    run = Run(write_export(), plan, ("front", "end"), mask=secret)
    refuse_documents(run, {"report": (page,)}, {"report": "end"})
    with pytest.raises(ReleaseError, match=r"document report: 3 places .*report.html, its text: .*\(Y\)") as told:
        refuse_documents(run, {"report": (page,)}, {"report": "front"})
    assert "P05" not in str(told.value)
    assert "an identifier of the export" in str(told.value)
    assert "an arm by its letter where no arm is shown" in str(told.value)


def test_what_is_forbidden_comes_from_plan_export_and_map(plan, whole, secret, salt):
    """Enrolled by the cut-off: P05, P01, P07, P06 in X, of whom P01 was planned for Y; P02, P03, P04 in Y."""
    mask = known_mask(secret, whole)
    found = forbidden_of(whole, plan, "front", cutoff=CUTOFF, mask=mask)
    assert found.identifiers >= {f"P{number:02}" for number in range(1, 9)}
    everyone = plan.design.populations[0].code
    assert {Sizes(everyone, (4, 3)), Sizes(everyone, (3, 4))} <= {*found.sizes}
    assert salt in found.secrets
    assert found.files == ("secret.json",)
    assert found.letters == ()
    masked = forbidden_of(whole, plan, "shut", mask=mask)
    assert (masked.letters, masked.sizes) == (("A", "B"), ())
    assert forbidden_of(whole, plan, "end", mask=mask) is None


def test_common_word_that_the_plan_has_for_something_else_tells_nothing_alone(plan, whole):
    arms = tuple(replace(arm, label=label) for arm, label in zip(plan.design.arms, ("Usual", "Delayed"), strict=True))
    other = replace(plan, design=replace(plan.design, arms=arms))
    known = forbidden_of(whole, other, "front", cutoff=CUTOFF)
    strengths = {word.text: word.strength for word in known.words}
    labelled = replace(plan.design.populations[0], label="Usual")
    also = replace(other, design=replace(other.design, populations=(labelled, *plan.design.populations[1:])))
    again = {word.text: word.strength for word in forbidden_of(whole, also, "front", cutoff=CUTOFF).words}
    assert (strengths["Usual"], strengths["Delayed"]) == ("alone", "alone")
    assert (again["Usual"], again["Delayed"]) == ("phrase", "alone")

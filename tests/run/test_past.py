"""What a session had at the former meeting, and what its numbers become on the way; of the trial of eight, by hand.

At 2025-06-30 six are enrolled: P05, P07 and P01 in X, P02, P03 and P04 in Y. At 2025-12-31 P06 has come, in X, and P02
has died. The participants' arms have the letters A for X and B for Y.
"""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from eight import CUTOFF

from npcstats.derive import CAUSES
from npcstats.errors import ResultsError
from npcstats.results import diff, one
from npcstats.run.meetings.manifest import Manifest
from npcstats.run.meetings.stored import Meeting
from npcstats.run.past import check_former, find_way, read_past
from npcstats.run.sessions import build_results, prepare_study
from npcstats.schema import Column
from npcstats.study import read_study

THEN = datetime.date(2025, 6, 30)


@pytest.fixture
def meet(write_export, plan, mask, tmp_path):
    """A function that holds a meeting on an export of other texts, by another plan, at another day."""

    def hold(changed=None, *, plan=plan, day=THEN, name="former", stored=("front", "shut")):
        study = read_study(write_export(changed, name=name), plan.design)
        manifest = Manifest(1, plan.design.registry, day.isoformat(), False, dict.fromkeys(stored, ""), {}, "", "",
                            "", {}, "", None, {})  # fmt: skip
        return Meeting(tmp_path / "meeting", manifest, plan, study)

    return hold


@pytest.fixture
def past_of(whole, plan, mask, monkeypatch):
    """The past of a session, from a meeting."""

    def find(former, session, *, plan=plan, study=whole):
        def released(meeting, code):
            prepared = prepare_study(meeting.study, meeting.plan, code, cutoff=meeting.manifest.day, mask=mask)
            return build_results(prepared, meeting.plan) if code in meeting.manifest.sessions else None

        monkeypatch.setattr("npcstats.run.past.results_of_meeting", released)
        return read_past(find_way(former, study, plan, CUTOFF), plan, session, mask)

    return find


def counts(past, present, **key):
    """A count at the former meeting, after each cause, and now."""
    tables = (past.stored, *(step.results for step in past.steps), present)
    return [one(results, stat="count", **key).value for results in tables]


class TestSteps:
    def test_are_all_causes_but_the_last_which_is_the_present(self, meet, past_of):
        past = past_of(meet(), "shut")
        assert (*(step.cause for step in past.steps), "new") == CAUSES
        assert past.cutoff == THEN

    def test_same_export_changes_by_follow_up_and_by_new_participants(self, meet, past_of, whole, plan, mask):
        """Y, which is B, keeps its three, one of whom dies; X, which is A, gains P06."""
        present = build_results(prepare_study(whole, plan, "shut", cutoff=CUTOFF, mask=mask), plan)
        past = past_of(meet(), "shut")
        of_status = {"analysis": "status", "arm": "A"}
        assert counts(past, present, **of_status, measure="participants") == [3, 3, 3, 3, 3, 3, 4]
        of_deaths = {"analysis": "status", "arm": "B", "variable": "DIED", "measure": "proportion"}
        assert counts(past, present, **of_deaths) == [0, 0, 0, 0, 0, 1, 1]

    def test_pooled_session_has_no_arm_on_the_way(self, meet, past_of):
        past = past_of(meet(), "front")
        assert {row.arm for step in past.steps for row in step.results.rows} == {"all"}
        assert not past.former.arms
        assert not past.restated.arms
        assert "TRT01P" not in past.former["adsl"]

    def test_masked_session_has_letters_only(self, meet, past_of):
        past = past_of(meet(), "shut")
        assert {arm.code for study in (past.former, past.restated) for arm in study.arms} == {"A", "B"}
        assert {row.arm for step in past.steps for row in step.results.rows} == {"A", "B", "all"}

    def test_corrections_and_late_records_are_told_apart(self, meet, past_of, whole, plan, mask, texts):
        """P02's mucositis was of grade 1 and is of grade 3 now; P05's, of grade 2, came late.

        Of grade 2 or worse in the early period there was nobody, then P02, and then P05 too.
        """
        former = texts["adae"].replace(
            "P05,2,Gut,Mucositis oral,2,N,RT,2025-02-15,2025-04-20,,RECOVERED,2026-01-10\n", ""
        ).replace("P02,1,Gut,Mucositis oral,3", "P02,1,Gut,Mucositis oral,1")  # fmt: skip
        assert former.count("\n") == texts["adae"].count("\n") - 1
        present = build_results(prepare_study(whole, plan, "front", cutoff=CUTOFF), plan)
        past = past_of(meet({"adae": former}), "front")
        of_term = {"analysis": "tox", "variable": "Mucositis oral", "window": "early", "measure": "risk"}
        assert counts(past, present, **of_term, level="grade>=2")[:5] == [0, 0, 0, 1, 2]

    def test_present_plan_is_a_cause_of_its_own(self, meet, past_of, plan):
        """A meeting whose plan asked for limits of 90 %."""
        specs = tuple(replace(spec, conf_level=0.9) if spec.id == "tox" else spec for spec in plan.specs)
        past = past_of(meet(plan=replace(plan, specs=specs)), "front")
        levels = [
            {row.conf_level for row in step.results.rows if row.analysis == "tox" and row.stat == "ci_low"}
            for step in past.steps
        ]
        assert levels == [{0.9}, {0.95}, {0.95}, {0.95}, {0.95}]
        assert diff(past.stored, past.steps[0].results, 0.0) == ()

    def test_former_plan_that_is_not_read_or_refused_now_is_no_cause_of_its_own(self, meet, past_of, plan, monkeypatch):
        """What code and plan changed stands under the code: both first steps are of the present plan."""
        unread = past_of(replace(meet(), own_plan=False), "front")
        other = replace(plan, seed=plan.seed + 1)

        def refuse(study, planned):
            if planned == other:
                raise ResultsError("no reason")
            return build_results(study, planned)

        released = meet(plan=other, name="refused")
        monkeypatch.setattr("npcstats.run.past.build_results", refuse)
        refused = past_of(released, "front")
        assert past_of(meet(name="apart"), "front").plan_apart
        for past in (unread, refused):
            assert not past.plan_apart
            assert [step.cause for step in past.steps[:2]] == ["code", "plan"]
            assert past.steps[0].results == past.steps[1].results

    def test_session_that_the_former_meeting_had_not(self, meet, past_of):
        assert past_of(meet(stored=("front",)), "shut") is None


class TestRefusals:
    def test_export_that_the_present_design_does_not_read(self, meet, past_of, plan, whole):
        design = plan.design
        adsl = next(frame for frame in design.frames if frame.name == "adsl")
        more = replace(adsl, columns=(*adsl.columns, Column("HEIGHT", "number")))
        frames = tuple(more if frame is adsl else frame for frame in design.frames)
        with pytest.raises(ResultsError, match=r"cannot be brought to the present one by the present plan .*HEIGHT"):
            past_of(meet(), "shut", plan=replace(plan, design=replace(design, frames=frames)))

    def test_step_that_is_refused_is_named(self, meet, past_of, monkeypatch):
        def refuse(study, plan):
            raise ResultsError("no reason")

        former = meet()
        monkeypatch.setattr("npcstats.run.past.build_results", refuse)
        with pytest.raises(ResultsError, match=r"step 'plan' is refused \(no reason\)"):
            past_of(former, "front")

    @pytest.mark.parametrize("day", [THEN, THEN - datetime.timedelta(days=1)])
    def test_meeting_that_is_not_earlier(self, meet, plan, mask, day):
        with pytest.raises(ResultsError, match="its cut-off, 30 June 2025, is not before"):
            check_former(meet(), plan, day, mask)

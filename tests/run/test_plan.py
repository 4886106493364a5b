"""What a plan may say: parts that fit together, efficacy where it may be seen, names and texts that pages can print."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from eight import built

from npcstats.analyses.courses.spec import CourseSpec
from npcstats.analyses.endpoints.spec import EndpointsSpec
from npcstats.analyses.listing.spec import ListingSpec
from npcstats.errors import NpcstatsError, SpecError
from npcstats.results import select
from npcstats.run.make import needs_mask
from npcstats.run.plan import Plan, Report, load_plan

COURSE = CourseSpec(
    id="bars",
    label="Bars",
    population="BEAM",
    sessions=("end",),
    kind="courses",
    origin="RTSTDT",
    param="",
    progression=("LOCAL", "REGIONAL", "DISTANT"),
    stopped_by=(),
    responses=("CR", "PR"),
    shown="everyone",
    limit=0,
    status="planned",
)


class TestPlan:
    @pytest.mark.parametrize(
        ("changed", "message"),
        [
            ({"rounding": "up"}, "rounding 'up' is not one of half-away, half-even"),
            ({"reports": (Report("a", "none", ("pdf",)),)}, "report a is of session 'none', which does not exist"),
            ({"reports": (Report("a", "front", ("rtf",)),)}, "format 'rtf' of report a"),
            ({"reports": (Report("a", "front", ("pdf",)), Report("a", "shut", ("pdf",)))}, "report 'a' stands twice"),
            ({"reports": (Report("a", "front", ()),)}, "report a has no format, so nothing is made of it"),
            ({"reports": (Report("a", "front", ("pdf", "pdf")),)}, "report a: format 'pdf' stands twice"),
        ],
    )  # fmt: skip
    def test_parts_that_do_not_fit(self, plan, changed, message):
        with pytest.raises(SpecError) as caught:
            replace(plan, **changed)
        assert str(caught.value) == f"plan: {message}; parts that fit together are required."

    def test_all_faults_come_at_once(self, plan):
        specs = (*plan.specs, plan.specs[0], replace(plan.specs[1], id="new", sessions=("none",)))
        with pytest.raises(SpecError) as caught:
            replace(plan, specs=specs, rounding="up")
        told = str(caught.value)
        assert "analysis 'accrual' stands twice" in told
        assert "analysis new is for session 'none'" in told
        assert "rounding 'up'" in told

    def test_arm_state_is_a_closed_set(self, plan):
        session = replace(plan.sessions[0], arms="blind")
        with pytest.raises(SpecError, match="arms 'blind' of session front is not one of pooled, masked, named"):
            replace(plan, sessions=(session, *plan.sessions[1:]))

    def survival_for(self, plan, *sessions):
        return tuple(replace(s, sessions=sessions) if s.id == "dead" else s for s in plan.specs)

    def test_a_set_that_looks_at_treatment_is_refused_where_arms_are_hidden(self, plan):
        telling = replace(plan.design.populations[0], without={"TRT01A": ("MIXED",)})
        populations = (telling, *plan.design.populations[1:])
        with pytest.raises(SpecError, match=f"of population {telling.code}, which looks at treatment, in session"):
            replace(plan, design=replace(plan.design, populations=populations))

    def test_efficacy_by_arm_in_an_interim_session_is_refused(self, plan):
        with pytest.raises(SpecError, match="analysis dead shows efficacy by arm in interim session shut, which is"):
            replace(plan, specs=self.survival_for(plan, "shut"))

    def test_efficacy_by_arm_in_an_interim_session_when_the_plan_turns_it_on(self, plan, whole, mask):
        turned_on = replace(plan, specs=self.survival_for(plan, "shut"), interim_efficacy_by_arm=True)
        rows = select(built(whole, turned_on, "shut", mask), analysis="dead", measure="survival_curve")
        assert {row.arm for row in rows} == {"A", "B", "all"}

    def test_events_by_arm_are_efficacy_too(self, plan):
        ends = EndpointsSpec("ends", "Ends", "BEAM", ("shut",), ("DEAD",), "planned")
        with pytest.raises(SpecError, match="analysis ends shows efficacy by arm in interim session shut, which is"):
            replace(plan, specs=(*plan.specs, ends))

    @pytest.mark.parametrize(
        ("session", "message"),
        [("front", "listing bars is for session 'front', whose arms are not masked or named"),
         ("shut", "listing bars shows efficacy by arm in interim session shut, which is off"),
         ("none", "listing bars is for session 'none', whose arms are not masked or named")],
    )  # fmt: skip
    def test_participants_one_by_one_have_their_sessions(self, plan, session, message):
        with pytest.raises(SpecError, match=message):
            replace(plan, listings=(replace(COURSE, sessions=(session,)),))

    def test_record_listings_are_for_sessions_that_tell_arms_apart(self, plan):
        listing = ListingSpec("deaths", "Deaths", "EVERY", ("shut", "end"), "deaths", "TRTSDT", "planned")
        assert replace(plan, listings=(listing,)).listings == (listing,)
        with pytest.raises(
            SpecError, match="listing deaths is for session 'front', whose arms are not masked or named"
        ):
            replace(plan, listings=(replace(listing, sessions=("front",)),))

    def test_listing_and_analysis_have_names_of_their_own(self, plan):
        with pytest.raises(SpecError, match="analysis 'dead' stands twice"):
            replace(plan, listings=(replace(COURSE, id="dead"),))

    def test_participants_one_by_one_need_the_secret(self, plan):
        """A named session needs it only where the plan shows participants in it; a pooled one never."""
        shown = replace(plan, listings=(COURSE,))
        assert [needs_mask(shown, (code,)) for code in ("front", "shut", "end")] == [False, True, True]
        assert [needs_mask(plan, (code,)) for code in ("front", "shut", "end")] == [False, True, False]

    def test_pooled_efficacy_is_not_by_arm(self, plan):
        assert replace(plan, specs=self.survival_for(plan, "front", "end"))

    def test_unknown_names(self, plan):
        with pytest.raises(SpecError, match=r"^plan: session 'none' does not exist; one of front, shut, end is"):
            plan.session("none")
        with pytest.raises(SpecError, match=r"^report 'none' is not in the plan; one of public, private is required"):
            plan.report("none")

    @pytest.mark.parametrize(
        ("text", "message"),
        [(None, "there is no such file"), ("X = 1\n", "defines no PLAN"), ("PLAN = (\n", "cannot be run"),
         ("import nowhere_at_all\n", "cannot be run"), ("PLAN = 1\n", "defines no PLAN"),
         ("PLAN = {}['a']\n", "cannot be run"), ("import os\nPLAN = os.nothing\n", "cannot be run")],
    )  # fmt: skip
    def test_file_that_is_no_plan(self, tmp_path, text, message):
        path = tmp_path / "plan.py"
        if text is not None:
            path.write_text(text)
        with pytest.raises(SpecError, match=rf"plan\.py: .*{message}"):
            load_plan(path)

    def test_file_that_is_a_plan(self, tmp_path):
        path = tmp_path / "plan-2"
        shutil.copytree(Path(__file__).parents[2] / "analysis" / "plan", path)
        assert isinstance(load_plan(path), Plan)


class TestTextsAndNames:
    @pytest.mark.parametrize("name", ["../x", "a/b", "CON", "", "a b"])
    def test_a_name_that_is_no_file_is_refused(self, plan, name):
        with pytest.raises(SpecError, match="is not of letters, digits, hyphens"):
            replace(plan, reports=(replace(plan.reports[0], name=name),))

    @pytest.mark.parametrize(
        ("sign", "named"), [("\U0001f600", "GRINNING FACE"), ("\u200b", "ZERO WIDTH"), ("\n", "U[+]000A")]
    )
    def test_a_text_that_no_page_prints_is_refused_by_its_path(self, plan, sign, named):
        with pytest.raises(SpecError, match=rf"plan: design\.short_title has .*{named}.*which pages cannot print"):
            replace(plan, design=replace(plan.design, short_title=f"A{sign}B"))

    def test_a_code_that_breaks_a_key_is_refused(self, plan):
        arms = (replace(plan.design.arms[0], code="A|B"), *plan.design.arms[1:])
        with pytest.raises(SpecError):
            replace(plan, design=replace(plan.design, arms=arms))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("raise SystemExit(0)", "SystemExit: 0"),
        ("import sys; sys.exit()", "SystemExit"),
        ("{}['a']", "KeyError: 'a'"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("raise RuntimeError('no')", "RuntimeError: no"),
        ("def f(): f()\nf()", "RecursionError: maximum recursion"),
        ("raise StopIteration", "StopIteration"),
    ],
)
def test_whatever_a_plan_raises_is_one_message(tmp_path, text, told):
    path = tmp_path / "plan.py"
    path.write_text(f"{text}\n")
    with pytest.raises(SpecError) as caught:
        load_plan(path)
    assert str(caught.value).startswith(f"{path}: cannot be run ({told}")
    assert str(caught.value).endswith("; a Python file that defines PLAN is required.")


def test_a_refusal_of_the_package_keeps_its_words(tmp_path):
    path = tmp_path / "plan.py"
    path.write_text("from npcstats.schema import Column\nColumn('A', 'word')\n")
    with pytest.raises(NpcstatsError, match=r"^column A: kind is 'word'; one of"):
        load_plan(path)

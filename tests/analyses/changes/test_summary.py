"""What changed since the former meeting, of the trial of eight, by hand.

The former cut-off is 2025-06-30, the present one 2025-12-31. The former export (`pasts.former_events`) had P02-1 graded
2 (now 3), P05-2 graded 3 (now 2), P05-1 related otherwise, no end of P05-3, no P01-1, a P07-9 that is withdrawn, and
P03-1 on 2025-06-16 (now 2025-08-16).

Early events count of those whose 90 days after radiotherapy were over: P05 and P02 then; P05, P02, P01, P03 and P04
now. P05 and P01 are in X, which is A; the others are in Y, which is B.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from eight import CUTOFF, PLAN
from pasts import DEATHS, SEVERE, SHARE, SHARES, SINCE, THEN, make_past, read_former

from npcstats.analyses.changes.summary import HIDDEN_SENTENCE, NONE_SENTENCE, compare_changes
from npcstats.errors import ResultsError, SpecError
from npcstats.results import Results, one, select
from npcstats.run.sessions import build_results, prepare_study
from npcstats.study import read_study

MUCOSITIS = "severe/Gut/Mucositis oral/grade>=3/early"
NAUSEA = "severe/Gut/Nausea/grade>=3/early"


@pytest.fixture(scope="module")
def meetings(tmp_path_factory, texts, design, whole, mask):
    """A function that gives a session's study and past."""
    former = read_former(tmp_path_factory.mktemp("former"), texts, design)

    @cache
    def hold(session):
        past, now = make_past(former, whole, PLAN, session, then=THEN, cutoff=CUTOFF, mask=mask)
        return now, past

    return hold


def compared(study, past, spec=SINCE):
    return compare_changes(study, build_results(study, PLAN), past, spec)


def counts(results, **place):
    return {row.level: row.value for row in select(results, analysis="since", stat="count", **place)}


def sentence_of(results, topic):
    return results.catalogue.analyses["since"].sentences[topic]


def change(results, variable, arm="all"):
    return {row.level: row.value for row in select(results, variable=variable, arm=arm, measure="change_since")}


@pytest.fixture(scope="module")
def shut(meetings):
    return compared(*meetings("shut"))


class TestRecords:
    def test_of_adverse_events(self, shut):
        """Then 8: P02-1, P05-1 to P05-3, P01-2, P03-1, P07-1, P07-9. New: P03-1, P04-2, P06-1."""
        assert counts(shut, block="records", variable="adae", arm="all") == {
            "then": 8, "withdrawn": 1, "moved": 1, "changed": 3, "completed": 1, "late-entry": 1, "new": 3, "now": 10,
        }  # fmt: skip

    def test_by_arm(self, shut):
        """Of B: P02-1 and P03-1, which moved; now P03-1 and P04-2 are new."""
        assert counts(shut, block="records", variable="adae", arm="B") == {
            "then": 2, "withdrawn": 0, "moved": 1, "changed": 1, "completed": 0, "late-entry": 0, "new": 2, "now": 3,
        }  # fmt: skip

    def test_what_happened_to_events(self, shut):
        assert counts(shut, block="events", arm="all") == {
            "new": 3, "late-entry": 1, "upgraded": 1, "downgraded": 1, "changed": 1, "completed": 1, "moved": 1,
            "withdrawn": 1,
        }  # fmt: skip

    def test_sizes_follow_from_what_happened(self, shut):
        for frame in ("adsl", "adae", "adlb", "adform"):
            for arm in ("A", "B", "all"):
                found = counts(shut, block="records", variable=frame, arm=arm)
                gone = found["withdrawn"] + found["moved"]
                assert found["then"] - gone + found["late-entry"] + found["new"] == found["now"]

    def test_end_known_later_completes_nothing_and_changes_nothing_of_then(self, meetings):
        """P01-2 ended on 2026-01-20: on 2025-06-30 both exports say that it had not."""
        study, past = meetings("shut")
        adae = past.restated["adae"]
        assert adae.loc[(adae["USUBJID"] == "P01") & (adae["AESEQ"] == 2), "AENDT"].isna().all()
        assert counts(compared(study, past), block="events", arm="A")["completed"] == 1  # P05-3

    def test_frame_that_is_not_there_is_left_out(self, shut):
        assert not select(shut, variable="adqs")
        assert "adqs" not in shut.catalogue.analyses["since"].labels["variable"]

    @pytest.mark.parametrize("which", ["former", "present"])
    def test_frame_that_one_export_alone_holds_is_named(self, meetings, which):
        """No line tells of it, so that a sentence does: records that vanished whole are not passed over."""
        study, past = meetings("front")
        left = {name: frame for name, frame in study.frames.items() if name != "adlb"}
        before = {name: frame for name, frame in past.former.frames.items() if name != "adlb"}
        if which == "former":
            told = compared(replace(study, frames=left), past, replace(SINCE, numbers=()))
        else:
            told = compared(
                study, replace(past, former=replace(past.former, frames=before)), replace(SINCE, numbers=())
            )
        said = told.catalogue.analyses["since"].sentences["records"]
        assert f" Not compared, since the {which} export alone holds them: {SINCE.frames['adlb']}." in said
        assert not select(told, variable="adlb")


class TestSets:
    def test_enrolled(self, shut):
        """P06 has come, in A."""
        assert counts(shut, block="sets", variable="EVERY", arm="A") == {
            "then": 3, "left-corrected": 0, "joined-corrected": 0, "left-later": 0, "joined-later": 0,
            "joined-new": 1, "now": 4,
        }  # fmt: skip

    def test_late_participant_and_corrected_start_join_by_correction(self, write_export, texts, design, whole):
        """The former export had nobody P03, and P04 starting radiotherapy on 2025-07-15."""
        changed = {name: "\n".join(line for line in text.splitlines() if not line.startswith("P03")) + "\n"
                   for name, text in texts.items()}  # fmt: skip
        lines = texts["adsl"].splitlines()
        changed["adsl"] = (
            "\n".join(line for line in lines if not line.startswith(("P03", "2025-04-01,2025-04-01"))) + "\n"
        )
        changed["adsl"] = changed["adsl"].replace(
            "2025-04-15,2025-04-15,2025-05-31", "2025-04-15,2025-07-15,2025-08-31"
        )
        former = read_study(write_export(changed, name="former"), design)
        past, now = make_past(former, whole, PLAN, "front", then=THEN, cutoff=CUTOFF)
        found = counts(compared(now, past), block="sets", variable="BEAM", arm="all")
        assert found == {
            "then": 3, "left-corrected": 0, "joined-corrected": 2, "left-later": 0, "joined-later": 0,
            "joined-new": 1, "now": 6,
        }  # fmt: skip

    def test_sizes_follow(self, shut):
        for code in ("EVERY", "BEAM"):
            for arm in ("A", "B", "all"):
                found = counts(shut, block="sets", variable=code, arm=arm)
                joined = sum(found[f"joined-{how}"] for how in ("corrected", "later", "new"))
                left = found["left-corrected"] + found["left-later"]
                assert found["then"] + joined - left == found["now"]


class TestNumbers:
    def test_share_of_everyone(self, shut):
        """Mucositis of grade 3: P05 of P05 and P02; corrected P02 of them; at the present cut-off of five."""
        assert one(shut, variable=MUCOSITIS, arm="all", measure="watched_then").value == 0.5
        assert one(shut, variable=MUCOSITIS, arm="all", measure="watched_now").value == 0.2
        assert change(shut, MUCOSITIS) == pytest.approx(
            {"all": -0.3, "code": 0, "plan": 0, "corrected": 0, "late-entry": 0, "follow-up": -0.3, "new": 0}
        )

    def test_share_of_an_arm(self, shut):
        """Of A: P05 of P05; corrected nobody. Of B: nobody of P02; corrected P02; now of P02, P03 and P04."""
        assert change(shut, MUCOSITIS, "A") == {
            "all": -1, "code": 0, "plan": 0, "corrected": -1, "late-entry": 0, "follow-up": 0, "new": 0,
        }  # fmt: skip
        assert change(shut, MUCOSITIS, "B") == pytest.approx(
            {"all": 1 / 3, "code": 0, "plan": 0, "corrected": 1, "late-entry": 0, "follow-up": -2 / 3, "new": 0}
        )

    def test_who_joined_and_left(self, shut):
        assert counts(shut, variable=MUCOSITIS, arm="all", measure="joined") == {"graded-up": 1}
        assert counts(shut, variable=MUCOSITIS, arm="all", measure="left") == {"graded-down": 1}
        assert counts(shut, variable=MUCOSITIS, arm="A", measure="left") == {"graded-down": 1}
        assert not counts(shut, variable=MUCOSITIS, arm="A", measure="joined")
        told = {stat: one(shut, variable=MUCOSITIS, arm="B", measure="counted_now", stat=stat).value for stat in
                ("count", "total")}  # fmt: skip
        assert told == {"count": 1, "total": 3}

    def test_count_of_deaths(self, shut):
        """P02 died on 2025-09-01."""
        assert change(shut, "deaths/Deaths/DIED", "B") == {
            "all": 1, "code": 0, "plan": 0, "corrected": 0, "late-entry": 0, "follow-up": 1, "new": 0,
        }  # fmt: skip

    def test_what_did_not_move_is_counted_only(self, shut):
        """Of deaths those of A did not move, of A, B and everyone."""
        place = {"block": "deaths", "measure": "moved"}
        assert [one(shut, **place, stat=stat).value for stat in ("count", "total")] == [2, 3]
        assert not select(shut, variable="deaths/Deaths/DIED", arm="A")

    def test_amount_is_what_a_number_must_exceed(self, meetings):
        exact = replace(SINCE, numbers=(replace(DEATHS, amount=1.0),))
        assert one(compared(*meetings("shut"), exact), block="deaths", measure="moved", stat="count").value == 0

    def test_parts_of_every_number_add_up(self, shut):
        changes = select(shut, measure="change_since", level="all")
        assert changes
        for row in changes:
            parts = [value for level, value in change(shut, row.variable, row.arm).items() if level != "all"]
            assert sum(parts) == pytest.approx(row.value, abs=1e-12)

    def test_rows_lead_to_the_number_itself(self, meetings):
        study, past = meetings("shut")
        results = build_results(study, PLAN)
        source = compare_changes(study, results, past, SINCE).catalogue.analyses["since"].choices
        assert results.by_key[source[f"source.{MUCOSITIS}"]].variable == "Mucositis oral"


class TestNumbersOfOneMeetingOnly:
    def test_term_that_nobody_had_then_was_none_of_those_at_risk(self, meetings):
        """Headache of P04, grade 1, of 2025-08-29: no event of the term was in the former export by its cut-off."""
        mild = replace(SHARE, rows={**SHARES, "level": "grade>=1"}, counted=replace(SEVERE, lowest=1))
        found = compared(*meetings("shut"), replace(SINCE, numbers=(mild,)))
        place = "severe/Nerves/Headache/grade>=1/early"
        assert one(found, variable=place, arm="B", measure="watched_then").value == 0
        assert counts(found, variable=place, arm="B", measure="joined") == {"new-event": 1}
        assert change(found, place, "B")["follow-up"] == pytest.approx(1 / 3)

    def test_without_a_count_it_is_not_known(self, meetings):
        mild = replace(SHARE, rows={**SHARES, "level": "grade>=1"}, counted=None)
        found = compared(*meetings("shut"), replace(SINCE, numbers=(mild,)))
        (row,) = select(found, variable="severe/Nerves/Headache/grade>=1/early", arm="B", measure="watched_then")
        assert row.note.startswith("The former meeting had no such number")
        assert change(found, "severe/Nerves/Headache/grade>=1/early", "B")["new"] != 0

    def test_step_that_cannot_be_estimated_leaves_no_parts(self, meetings):
        study, past = meetings("shut")
        step = past.steps[2]
        key = one(step.results, **SHARES, variable="Mucositis oral", arm="A").key
        rows = tuple(
            replace(row, value=float("nan"), note="Lost.") if row.key == key else row for row in step.results.rows
        )
        broken = replace(step, results=Results(rows, step.results.catalogue))
        past = replace(past, steps=(*past.steps[:2], broken, *past.steps[3:]))
        found = compared(study, past)
        assert change(found, MUCOSITIS, "A")["all"] == -1
        told = {
            row.note for row in select(found, variable=MUCOSITIS, arm="A", measure="change_since") if row.level != "all"
        }
        assert told == {"It cannot be estimated after one of the causes, so their parts cannot be told apart."}


class TestReleasedNumbersByOtherCodeOrPlan:
    def test_are_told_apart_from_the_data(self, meetings):
        """The released share of A was 0.25; the present code finds 0.5, by the plan of then 0.75, by the present 1."""
        study, past = meetings("shut")
        key = one(past.stored, **SHARES, variable="Mucositis oral", arm="A").key

        def told(results, value):
            rows = tuple(replace(row, value=value) if row.key == key else row for row in results.rows)
            return Results(rows, results.catalogue)

        steps = (replace(past.steps[0], results=told(past.steps[0].results, 0.75)), *past.steps[1:])
        past = replace(past, stored=told(past.stored, 0.25), steps=steps)
        assert change(compared(study, past), MUCOSITIS, "A") == {
            "all": -0.25, "code": 0.5, "plan": 0.25, "corrected": -1, "late-entry": 0, "follow-up": 0, "new": 0,
        }  # fmt: skip


class TestSessions:
    def test_pooled(self, meetings):
        found = compared(*meetings("front"))
        assert {row.arm for row in found.rows} == {"all"}
        assert counts(found, block="events")["upgraded"] == 1
        assert change(found, MUCOSITIS)["follow-up"] == pytest.approx(-0.3)

    def test_named(self, meetings):
        found = compared(*meetings("end"))
        assert {row.arm for row in found.rows} == {"X", "Y", "all"}

    def test_what_is_hidden_is_not_compared_and_that_is_said(self, meetings):
        """An actual treatment that was corrected is no changed record of a session that does not see it."""
        told = {session: sentence_of(compared(*meetings(session)), "records") for session in ("front", "shut", "end")}
        assert [HIDDEN_SENTENCE in text for text in told.values()] == [True, True, False]

    def test_built_with_all_others(self, meetings):
        study, past = meetings("shut")
        plan = replace(PLAN, specs=(*PLAN.specs, SINCE))
        results = build_results(study, plan, past)
        assert one(results, analysis="since", block="events", level="late-entry", arm="all").value == 1

    def test_without_a_former_meeting_one_sentence(self, whole, mask):
        study = prepare_study(whole, PLAN, "shut", mask=mask)
        found = compare_changes(study, build_results(study, PLAN), None, SINCE)
        assert [(row.measure, row.value) for row in found.rows] == [("former_meeting", 0)]
        assert found.catalogue.analyses["since"].sentences == {"none": NONE_SENTENCE}


class TestRefusals:
    def test_watch_without_a_row(self, meetings):
        nowhere = replace(DEATHS, rows={**DEATHS.rows, "analysis": "nowhere"})
        with pytest.raises(SpecError, match="watched number deaths selects no row"):
            compared(*meetings("shut"), replace(SINCE, numbers=(nowhere,)))

    def test_reasons_of_others_than_the_share_counts(self, meetings):
        """Events of grade 2 and worse are not what the share of grade 3 counts."""
        other = replace(SHARE, counted=replace(SEVERE, lowest=2))
        with pytest.raises(ResultsError, match="an event count as that analysis has it is required"):
            compared(*meetings("shut"), replace(SINCE, numbers=(other,)))

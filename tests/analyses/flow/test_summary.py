"""Boxes of the flow by hand, recomputed from the raw files of the synthetic trial, and what is not told or refused."""

from __future__ import annotations

import csv
import math
from dataclasses import replace

import pandas as pd
import pytest
from committed import ROOT
from flows import WAY

from npcstats.analyses.flow.rows import BOXES, flow_faults
from npcstats.analyses.flow.spec import flow_faults as spec_faults
from npcstats.analyses.flow.summary import SHORT_LOG, summarize_flow
from npcstats.derive import mask_arms, pool_arms
from npcstats.errors import DataError, SpecError
from npcstats.results import Row, one, results_text, select
from npcstats.run.plan import load_plan
from npcstats.run.sessions import prepare_study
from npcstats.study import read_study

CUTOFF = "2031-06-30"


def count(results, block, part="all", level="", arm="all"):
    return one(results, measure="flow", block=block, variable=part, level=level, arm=arm).value


def counts(results, block, part="all", level=""):
    return [count(results, block, part, level, arm) for arm in ("X", "Y", "all")]


@pytest.fixture
def logged(known):
    """The eight with a log of ten: seven enrolled, two turned away, one waiting."""
    codes = ["", "INC04", "", "", "EXC01", "", "", "", "", ""]
    log = pd.DataFrame(
        {"SCRNID": [f"S{i}" for i in range(10)], "ICFDT": pd.Timestamp("2025-01-02"), "CRITERION": codes}
    )
    return known.with_frames({"adscr": log})


class TestByHand:
    """P07 withdrew after chemotherapy; P01 was MIXED and missed a fraction, P06 missed two; P02 died."""

    def test_above_the_allocation(self, logged):
        results = summarize_flow(logged, WAY)
        assert [count(results, box) for box in ("SCREENED", "NOT-ENROLLED", "ENROLLED")] == [10, 3, 7]
        parts = [count(results, "NOT-ENROLLED", part) for part in ("INC04", "EXC01", "WAITING")]
        assert parts == [1, 1, 1]

    @pytest.mark.parametrize(
        ("block", "part", "level", "expected"),
        [
            ("ALLOCATED", "all", "", [4, 3, 7]),
            ("NOT-STARTED", "all", "", [1, 0, 1]),
            ("NOT-STARTED", "WITHDRAWN", "TREATED", [1, 0, 1]),
            ("NOT-STARTED", "WITHDRAWN", "UNTREATED", [0, 0, 0]),
            ("STARTED", "all", "", [3, 3, 6]),
            ("STARTED", "AS-PLANNED", "", [2, 3, 5]),
            ("STARTED", "OTHERWISE", "", [0, 0, 0]),
            ("STARTED", "MIXED", "", [1, 0, 1]),
            ("COURSE", "COMPLETED", "", [1, 3, 4]),
            ("COURSE", "FEWER", "", [2, 0, 2]),
            ("FOLLOW-UP", "FOLLOWED", "", [3, 2, 5]),
            ("FOLLOW-UP", "DIED", "", [0, 1, 1]),
            ("ANALYSED", "DOSED", "", [4, 3, 7]),
            ("ANALYSED", "BEAM", "", [3, 3, 6]),
        ],
    )
    def test_below_it(self, logged, block, part, level, expected):
        assert counts(summarize_flow(logged, WAY), block, part, level) == expected

    def test_states_that_change(self, logged):
        """P07 dead as well as withdrawn, P05 without an end, P06 without an end and lost, P03 without its fractions."""
        adsl = logged["adsl"].set_index("USUBJID")
        adsl.loc["P07", "DTHDT"] = pd.Timestamp("2025-05-01")
        adsl.loc[["P05", "P06"], "RTENDT"] = pd.NaT
        adsl.loc["P06", "EOSSTT"] = "LOST"
        adsl.loc["P03", "FXDELIV"] = math.nan
        results = summarize_flow(logged.with_frames({"adsl": adsl.reset_index()}), WAY)
        assert counts(results, "NOT-STARTED", "DIED", "TREATED") == [1, 0, 1]
        assert counts(results, "NOT-STARTED", "WITHDRAWN", "TREATED") == [0, 0, 0]
        told = [counts(results, "COURSE", part) for part in ("COMPLETED", "FEWER", "UNENDED", "ONGOING", "UNRECORDED")]
        assert told == [[0, 2, 2], [1, 0, 1], [1, 0, 1], [1, 0, 1], [0, 1, 1]]
        assert counts(results, "FOLLOW-UP", "LOST") == [1, 0, 1]

    def test_nobody_started_and_an_arm_is_empty(self, logged):
        adsl = logged["adsl"].assign(RTSTDT=pd.NaT, _ARM_ACTUAL="Y", _ARM_PLANNED="Y", _ARM_SOURCE="planned")
        results = summarize_flow(logged.with_frames({"adsl": adsl}), replace(WAY, sets=()))
        assert counts(results, "ALLOCATED") == [0, 7, 7]
        assert counts(results, "NOT-STARTED", "PENDING", "TREATED") == [0, 5, 5]
        assert counts(results, "NOT-STARTED", "DIED", "TREATED") == [0, 1, 1]
        assert counts(results, "STARTED") == [0, 0, 0]

    def test_order_of_rows_does_not_matter(self, logged):
        turned = logged.with_frames({"adsl": logged["adsl"].iloc[::-1].reset_index(drop=True)})
        assert results_text(summarize_flow(turned, WAY)) == results_text(summarize_flow(logged, WAY))


class TestWhatIsNotTold:
    def test_a_log_that_is_too_short_tells_nothing(self, known):
        results = summarize_flow(known, WAY)
        found = [one(results, measure="flow", block=b, variable=v) for b, v in
                 (("SCREENED", "all"), ("NOT-ENROLLED", "all"), ("NOT-ENROLLED", "WAITING"))]  # fmt: skip
        assert all(math.isnan(row.value) and row.note == SHORT_LOG for row in found)
        assert count(results, "NOT-ENROLLED", "INC04") == 2
        assert count(results, "ENROLLED") == 7

    def test_without_a_log_it_begins_with_the_enrolled(self, known):
        results = summarize_flow(known, replace(WAY, criteria={}))
        assert {row.block for row in select(results, measure="flow")} == {*BOXES} - {"SCREENED", "NOT-ENROLLED"}

    def test_a_criterion_without_words_is_counted_and_not_printed(self, logged):
        results = summarize_flow(logged, replace(WAY, criteria={"INC04": "ECOG"}))
        assert count(results, "NOT-ENROLLED", "NOT LISTED") == 1
        assert "EXC01" not in results_text(results)

    @pytest.mark.parametrize("treatment", ["MIXED", "AS-PLANNED", "OTHERWISE"])
    def test_masked_arms_are_not_told_by_treatment(self, logged, treatment):
        """Only one arm takes up a treatment that is no arm's own: by arm the count would unmask it."""
        results = summarize_flow(mask_arms(logged, {"X": "B", "Y": "A"}), WAY)
        assert not select(results, block="STARTED", variable=treatment)
        assert [count(results, "STARTED", arm=arm) for arm in ("A", "B", "all")] == [3, 3, 6]
        entry = results.catalogue.analyses["way"]
        assert "MIXED" not in " ".join(entry.sentences.values())
        assert entry.sentences["arms_counts"].startswith("Of 7 participants, 1 had a treatment that is no arm's own")

    def test_pooled_has_no_arms(self, logged):
        results = summarize_flow(pool_arms(logged), WAY)
        assert {row.arm for row in results.rows} == {"all"}
        entry = results.catalogue.analyses["way"]
        assert "allocation" not in entry.sentences
        assert not {"MIXED", "OTHERWISE", "AS-PLANNED"} & set(entry.labels["variable"])

    def test_the_words_of_allocation_are_the_design_s(self, logged):
        def told(allocation):
            design = replace(logged.design, allocation=allocation)
            return summarize_flow(replace(logged, design=design), WAY).catalogue.analyses["way"].sentences["allocation"]

        assert told("randomized") == "Randomised"
        assert told("non-randomized") == "Treatment chosen by participants and physicians, not randomised"


class TestRefused:
    def test_a_column_that_is_not_there(self, logged):
        with pytest.raises(DataError, match=r"^adsl: GIVEN not in the data of this study; analysis way requires it"):
            summarize_flow(logged, replace(WAY, given="GIVEN"))

    def test_treatments_without_words(self, logged):
        with pytest.raises(SpecError, match=r"ruled and the design's arm_rule differ in MIXED"):
            summarize_flow(logged, replace(WAY, ruled={}))

    def test_a_set_with_arms_of_its_own(self, logged):
        sets = tuple(
            replace(item, arms="planned") if item.code == "BEAM" else item for item in logged.design.populations
        )
        study = replace(logged, design=replace(logged.design, populations=sets))
        with pytest.raises(SpecError, match="set BEAM assigns arms otherwise than EVERY"):
            summarize_flow(study, WAY)

    def test_a_set_that_is_larger(self, logged):
        with pytest.raises(SpecError, match="set EVERY is not within BEAM"):
            summarize_flow(logged, replace(WAY, population="BEAM", criteria={}, sets=("EVERY",)))

    def test_words(self):
        assert spec_faults(WAY) == []
        boxes = {code: words for code, words in WAY.boxes.items() if code != "COURSE"}
        found = spec_faults(
            replace(WAY, boxes={**boxes, "BOX": "Box"}, reasons={"DIED": "Dead"}, sets=("BEAM", "BEAM"))
        )
        assert any(fault.startswith("boxes has no words for COURSE") for fault in found)
        assert any(fault.startswith("boxes: BOX is not one of") for fault in found)
        assert any(fault.startswith("DIED names a part of its own") for fault in found)
        assert any("BEAM" in fault for fault in found)


class TestCheck:
    def test_every_sum_is_checked(self, logged):
        """One more anywhere but in an analysis set or the size of an arm is found."""
        rows = list(summarize_flow(logged, WAY).rows)
        assert flow_faults(rows) == []
        for i, row in enumerate(rows):
            if row.measure == "flow" and row.block != "ANALYSED":
                changed = [*rows[:i], replace(row, value=row.value + 1), *rows[i + 1 :]]
                assert flow_faults(changed), row.key

    def test_what_is_not_known_is_not_judged(self):
        whole = Row("a", "P", "flow", "count", math.nan, block="NOT-STARTED", variable="all", note="Why.")
        assert flow_faults([whole, replace(whole, variable="DIED", value=3.0, note="")]) == []


@pytest.fixture(scope="module")
def final():
    plan = load_plan(ROOT / "analysis" / "plan")
    spec = next(spec for spec in plan.specs if spec.id == "flow")
    study = read_study(ROOT / "data" / "synthetic", plan.design)
    return summarize_flow(prepare_study(study, plan, "final"), spec)


def raw(name):
    with (ROOT / "data" / "synthetic" / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


class TestSyntheticTrial:
    """Counted from the raw text by other code: no frame, no cut-off and no arms of ours."""

    def test_screening(self, final):
        log = [row["CRITERION"] for row in raw("adscr")]
        assert count(final, "SCREENED") == len(log)
        assert count(final, "ENROLLED") == len(raw("adsl"))
        assert count(final, "NOT-ENROLLED") == sum(code != "" for code in log)
        for code in {*log} - {""}:
            assert count(final, "NOT-ENROLLED", code) == log.count(code)

    @pytest.mark.parametrize("arm", ["PROTON", "PHOTON"])
    def test_arms(self, final, arm):
        def own(row):
            treatment = row["TRT01A"] or row["TRT01P"]
            return arm == ("PROTON" if treatment == "MIXED" else treatment)

        people = [row for row in raw("adsl") if own(row) and row["ENRLDT"] <= CUTOFF]
        began = [row for row in people if row["RTSTDT"]]
        expected = {
            ("ALLOCATED", "all", ""): len(people),
            ("NOT-STARTED", "WITHDRAWN", "UNTREATED"): sum(not r["RTSTDT"] and not r["TRTSDT"] for r in people),
            ("STARTED", "all", ""): len(began),
            ("STARTED", "MIXED", ""): sum(r["TRT01A"] == "MIXED" for r in began),
            ("STARTED", "OTHERWISE", ""): sum(r["TRT01A"] not in ("MIXED", r["TRT01P"]) for r in began),
            ("COURSE", "COMPLETED", ""): sum(r["FXDELIV"] == r["FXPLAN"] for r in began),
            ("COURSE", "FEWER", ""): sum(int(r["FXDELIV"]) < int(r["FXPLAN"]) for r in began),
            ("FOLLOW-UP", "LOST", ""): sum(r["EOSSTT"] == "LOST" and r["EOSDT"] <= CUTOFF for r in began),
            ("FOLLOW-UP", "WITHDRAWN", ""): sum(r["EOSSTT"] == "WITHDRAWN" and r["EOSDT"] <= CUTOFF for r in began),
            ("FOLLOW-UP", "DIED", ""): sum("" < r["DTHDT"] <= CUTOFF for r in began),
            ("FOLLOW-UP", "FOLLOWED", ""): sum(
                not any("" < r[day] <= CUTOFF for day in ("DTHDT", "EOSDT")) for r in began
            ),
            ("ANALYSED", "SAF", ""): sum(r["TRTSDT"] != "" for r in people),
            ("ANALYSED", "RTONE", ""): sum(r["TRT01A"] != "MIXED" for r in began),
        }
        assert {place: count(final, *place, arm=arm) for place in expected} == expected

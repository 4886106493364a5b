"""Care of the eight by hand: denominators, overlapping records, the day of removal, death, the cut-off."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from cares import CARED, EARLY, PAUSE, RECORDS, STAY, TUBE, of_item, with_care

from npcstats.analyses.care.summary import summarize_care
from npcstats.derive import mask_arms, pool_arms
from npcstats.derive.groups import ARM_COLUMNS
from npcstats.errors import DataError, SpecError
from npcstats.estimators.proportions import compare_proportions
from npcstats.results import one, results_text, select
from npcstats.study import Arm

GROUPS = ("X", "Y", "all")


@pytest.fixture(scope="module")
def cared(known):
    return with_care(known)


@pytest.fixture(scope="module")
def made(cared):
    return summarize_care(cared, CARED)


def shares(results, measure, **at):
    """Count and total of each group."""
    return [
        tuple(one(results, **at, measure=measure, stat=stat, arm=arm).value for stat in ("count", "total"))
        for arm in GROUPS
    ]


def counts(results, measure, **at):
    return [one(results, **at, measure=measure, stat="count", arm=arm).value for arm in GROUPS]


def estimates(results, measure, **at):
    return [one(results, **at, measure=measure, stat="estimate", arm=arm).value for arm in GROUPS]


class TestPeriod:
    """Complete: of X P05 and P01 of four, of Y all three. P06 is still in it, P07 had no radiotherapy."""

    def test_who_is_evaluable(self, made):
        at = {"block": "tube", "window": "early"}
        assert shares(made, "observed", **at) == [(2, 4), (3, 3), (5, 7)]
        assert counts(made, "not_evaluable", **at, level="window-open") == [1, 0, 1]
        assert counts(made, "not_evaluable", **at, level="not-started") == [1, 0, 1]

    def test_any_and_when_it_was_placed(self, made):
        """P05 had it before radiotherapy; P01, P02 and P03 were given one during it. Two overlapping are one person."""
        at = {"block": "tube", "window": "early"}
        assert shares(made, "risk", **at, level="any") == [(2, 2), (2, 3), (4, 5)]
        assert shares(made, "risk", **at, level="before") == [(1, 2), (0, 3), (1, 5)]
        assert shares(made, "risk", **at, level="since") == [(1, 2), (2, 3), (3, 5)]

    def test_placed_before_does_not_begin_in_the_period(self, cared):
        spec = replace(of_item(TUBE), windows=(replace(EARLY, counting="onset"),))
        assert shares(summarize_care(cared, spec), "risk", level="any") == [(1, 2), (2, 3), (3, 5)]

    def test_placed_on_the_first_day_of_radiotherapy_is_not_before_it(self, known):
        moved = with_care(known, RECORDS.replace("2025-01-10", "2025-01-20"))
        found = summarize_care(moved, of_item(TUBE))
        assert shares(found, "risk", level="before") == [(0, 2), (0, 3), (0, 5)]

    def test_removed_on_the_first_day_is_in_the_period_only_if_that_day_counts(self, known):
        """P05 alone: tube from 10 January to the 20th, on which radiotherapy began."""
        alone = "USUBJID,KIND,CASTDT,CAENDT\nP05,FEEDING-TUBE,2025-01-10,2025-01-20\n"
        had = {
            last: shares(summarize_care(with_care(known, alone), of_item(TUBE, last_day=last)), "risk", level="any")[0]
            for last in ("counted", "not counted")
        }
        assert had == {"counted": (1, 2), "not counted": (0, 2)}

    def test_limits_and_difference(self, made):
        """2 of 2: the lower exact limit is 0.025 ** (1/2); the difference is as the estimator's."""
        at = {"block": "tube", "window": "early", "level": "any"}
        assert one(made, **at, measure="risk", arm="X", stat="ci_low").value == pytest.approx(0.025**0.5, rel=1e-12)
        found = compare_proportions(2, 2, 2, 3, measure="risk-difference", method="newcombe", conf_level=0.95)
        rows = {row.stat: row.value for row in select(made, **at, measure="risk_difference")}
        assert rows == {"estimate": found.estimate, "ci_low": found.lower, "ci_high": found.upper}

    def test_nobody_had_any(self, known):
        """0 of 2 has the exact upper limit 1 - 0.025 ** (1/2); days have no quartiles, and a reason."""
        results = summarize_care(with_care(known, RECORDS.split("P03")[0]), of_item(STAY))
        assert shares(results, "risk", level="any") == [(0, 2), (0, 3), (0, 5)]
        upper = one(results, measure="risk", level="any", arm="X", stat="ci_high").value
        assert upper == pytest.approx(1 - 0.025**0.5, rel=1e-12)
        assert counts(results, "care_days") == [0, 0, 0]
        row = one(results, measure="median", arm="X")
        assert math.isnan(row.value)
        assert row.note == "Nobody in this column had any in the period."


class TestAmounts:
    def test_admissions_and_their_nights(self, made):
        """P02: 4 nights, and 0 of a stay of one day. P03 was in hospital for 2 of its nights within the period."""
        at = {"block": "stay", "window": "early"}
        assert shares(made, "risk", **at, level="any") == [(0, 2), (2, 3), (2, 5)]
        assert counts(made, "records", **at) == [0, 3, 3]
        assert counts(made, "care_days", **at) == [0, 6, 6]
        found = [estimates(made, name, **at)[1] for name in ("first_quartile", "median", "third_quartile")]
        assert found == [2, 3, 4]

    def test_a_pause_of_fewer_days_does_not_count(self, made, cared):
        """P01: 10 to 12 March are three days. P05: two, which count only where two are enough."""
        assert shares(made, "risk", block="pause", level="any") == [(1, 2), (0, 3), (1, 5)]
        assert counts(made, "care_days", block="pause") == [3, 0, 3]
        shorter = summarize_care(cared, of_item(PAUSE, least_days=2))
        assert counts(shorter, "care_days") == [5, 0, 5]


class TestDuration:
    """Days of X: 74 and 113, and at least 19 of P06; of Y: 60, and 180 until the death of P02."""

    def test_states(self, made):
        states = {
            level: shares(made, "first_courses", block="tube", level=level) for level in ("ended", "died", "open")
        }
        assert states == {
            "ended": [(2, 3), (1, 2), (3, 5)],
            "died": [(0, 3), (1, 2), (1, 5)],
            "open": [(1, 3), (0, 2), (1, 5)],
        }

    def test_median(self, made):
        """Half have ended from 74 to 113 days (X and everyone), from 60 to 180 (Y): the middle of the plateau."""
        assert estimates(made, "care_duration", block="tube") == [93.5, 120.0, 93.5]

    def test_the_day_of_removal_is_one_more(self, cared):
        counted = summarize_care(cared, of_item(TUBE, last_day="counted"))
        assert estimates(counted, "care_duration") == [94.5, 121.0, 94.5]

    def test_death_ends_or_censors(self, known):
        """Without P03 the only tube of Y is in place at death after 180 days."""
        alone = with_care(known, "\n".join(line for line in RECORDS.splitlines() if not line.startswith("P03")))
        ends = summarize_care(alone, of_item(TUBE))
        censors = summarize_care(alone, replace(of_item(TUBE), at_death="censors"))
        assert one(ends, measure="care_duration", arm="Y", stat="estimate").value == 180.0
        row = one(censors, measure="care_duration", arm="Y", stat="estimate")
        assert math.isnan(row.value)
        assert row.note == "There are no events."

    def test_what_lasts_longer_than_life_ends_with_it(self, known):
        longer = with_care(
            known, RECORDS.replace("P02,FEEDING-TUBE,2025-03-05,", "P02,FEEDING-TUBE,2025-03-05,2025-12-01")
        )
        found = summarize_care(longer, of_item(TUBE))
        assert shares(found, "first_courses", level="died") == [(0, 3), (1, 2), (1, 5)]
        assert estimates(found, "care_duration")[1] == 120.0

    def test_a_record_from_the_last_day_of_another_goes_on(self, known):
        """P03: to 5 July instead of 30 June, 65 days; from 1 July a second course begins, the first keeps 60."""
        medians = []
        for start in ("2025-06-30", "2025-07-01"):
            more = with_care(known, f"{RECORDS}P03,FEEDING-TUBE,{start},2025-07-05\n")
            medians.append(estimates(summarize_care(more, of_item(TUBE)), "care_duration")[1])
        assert medians == [(65 + 180) / 2, (60 + 180) / 2]


class TestMonths:
    """Day 91: 6 June, 6 July, 19 June and 16 August of P05, P01, P02 and P03, who are alive and followed then."""

    def test_three_months(self, made):
        """P01's is removed on that very day; P02 has it, and dies later."""
        at = {"block": "tube", "time": 3.0}
        assert shares(made, "in_use", **at) == [(0, 2), (1, 2), (1, 4)]
        reasons = {why: counts(made, "not_evaluable", **at, level=why) for why in ("dead", "not-reached", "unseen")}
        assert reasons == {"dead": [0, 0, 0], "not-reached": [2, 0, 2], "unseen": [0, 1, 1]}

    def test_the_day_of_removal_counts_where_the_plan_says_so(self, cared):
        found = summarize_care(cared, of_item(TUBE, last_day="counted"))
        assert shares(found, "in_use", time=3.0) == [(1, 2), (1, 2), (2, 4)]

    def test_six_months(self, made):
        """Day 183: P02 is dead, P03 and P04 are not known to be alive; of Y nobody is left."""
        at = {"block": "tube", "time": 6.0}
        assert shares(made, "in_use", **at) == [(0, 2), (0, 0), (0, 2)]
        assert counts(made, "not_evaluable", **at, level="dead") == [0, 1, 1]
        assert counts(made, "not_evaluable", **at, level="unseen") == [0, 2, 2]
        rows = select(made, **at, measure="risk_difference")
        assert len(rows) == 3
        assert all(math.isnan(row.value) and row.note for row in rows)

    def test_death_on_the_day_is_dead_and_seen_on_the_day_is_followed(self, cared):
        """165 days (5.42 months) after P02's radiotherapy is 1 September; 137 (4.5) after P03's is 1 October."""
        found = summarize_care(cared, of_item(TUBE, months=(4.5, 5.42)))
        assert counts(found, "not_evaluable", time=5.42, level="dead")[1] == 1
        assert shares(found, "in_use", time=4.5)[1] == (1, 2)
        assert counts(found, "not_evaluable", time=4.5, level="unseen")[1] == 1

    def test_who_died_during_radiotherapy_is_dead(self, cared):
        adsl = cared["adsl"].copy()
        adsl.loc[adsl["USUBJID"] == "P02", "RTENDT"] = None
        found = summarize_care(cared.with_frames({"adsl": adsl}), of_item(TUBE))
        assert counts(found, "not_evaluable", time=3.0, level="dead") == [0, 1, 1]


class TestWeeks:
    def test_shares_and_who_is_followed(self, made):
        """Day 0: P05 of six. Day 28: P05 and P01. Day 84: P06 is not yet so far, nobody else is lost by then."""
        at = {"block": "tube", "measure": "in_use_course"}
        assert shares(made, time=0.0, **at) == [(1, 3), (0, 3), (1, 6)]
        assert shares(made, time=4.0, **at) == [(2, 3), (0, 3), (2, 6)]
        assert counts(made, "followed_then", block="tube", time=12.0) == [2, 3, 5]

    def test_few_followed_have_no_share(self, cared):
        results = summarize_care(cared, replace(of_item(TUBE), minimum_followed=3))
        row = one(results, measure="in_use_course", time=12.0, arm="X", stat="estimate")
        assert math.isnan(row.value)
        assert row.note == "Fewer than 3 participants are followed at that week."
        assert one(results, measure="in_use_course", time=12.0, arm="X", stat="total").value == 2


class TestArms:
    def test_masked_and_pooled_are_the_same_numbers(self, cared, made):
        masked = summarize_care(mask_arms(cared, {"X": "B", "Y": "A"}), CARED)
        letters = {"B": "X", "A": "Y", "all": "all"}
        own = [row for row in masked.rows if row.measure != "risk_difference"]
        assert {replace(row, arm=letters[row.arm]) for row in own} == {
            row for row in made.rows if row.measure != "risk_difference"
        }
        pooled = summarize_care(pool_arms(cared), CARED)
        assert set(pooled.rows) == {row for row in made.rows if row.arm == "all"}
        words = pooled.catalogue.analyses["care"]
        assert not {"difference", "adjustment"} & set(words.sentences)

    def test_three_arms_are_counted_and_not_compared(self, cared):
        adsl = cared["adsl"].copy()
        adsl.loc[adsl["USUBJID"] == "P04", ARM_COLUMNS["actual"]] = "Z"
        three = replace(cared.with_frames({"adsl": adsl}), arms=(*cared.arms, Arm("Z", "Zed")))
        results = summarize_care(three, CARED)
        totals = [one(results, block="tube", measure="risk", level="any", arm=arm, stat="total").value for arm in "XYZ"]
        assert totals == [2, 2, 1]
        assert not select(results, measure="risk_difference")

    def test_an_arm_without_anybody(self, cared):
        empty = replace(cared, arms=(*cared.arms[:1], Arm("Z", "Zed")))
        adsl = cared["adsl"].copy()
        adsl[ARM_COLUMNS["actual"]] = "X"
        results = summarize_care(empty.with_frames({"adsl": adsl}), CARED)
        row = one(results, block="tube", measure="risk", level="any", arm="Z", stat="estimate")
        assert math.isnan(row.value)
        assert row.note
        assert all(math.isnan(r.value) and r.note for r in select(results, measure="risk_difference"))

    def test_order_of_records_does_not_matter(self, cared, made):
        turned = {name: cared[name].iloc[::-1].reset_index(drop=True) for name in ("adsl", "adcare", "adassess")}
        assert results_text(summarize_care(cared.with_frames(turned), CARED)) == results_text(made)


class TestRefused:
    def test_a_kind_that_the_list_has_not(self, cared):
        with pytest.raises(SpecError, match="which its list does not have"):
            summarize_care(cared, of_item(TUBE, kind="TRACHEOSTOMY"))

    def test_an_assessment_that_the_list_has_not(self, cared):
        with pytest.raises(SpecError, match="which its list does not have"):
            summarize_care(cared, replace(CARED, followed=("VISIT",)))

    def test_a_date_that_is_not_there(self, cared):
        with pytest.raises(DataError, match="adsl: NOWHERE not in the data"):
            summarize_care(cared, of_item(TUBE, before="NOWHERE"))

    def test_a_frame_without_kinds(self, cared):
        with pytest.raises(DataError, match="adcare: KIND not in the data"):
            summarize_care(cared.with_frames({"adcare": cared["adcare"].drop(columns="KIND")}), CARED)

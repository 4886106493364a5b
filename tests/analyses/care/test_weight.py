"""Weight of the eight by hand: baseline, lowest of a period, losses on their cuts, visits, who was not weighed."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from cares import EARLY, WEIGHED, WEIGHTS, with_weights

from npcstats.analyses.care.weight import summarize_weight
from npcstats.derive import mask_arms, pool_arms
from npcstats.errors import DataError
from npcstats.results import one, select

EXACT = 1e-12


@pytest.fixture(scope="module")
def made(known):
    return summarize_weight(with_weights(known), WEIGHED)


def value(results, measure, arm, stat="estimate", **at):
    place = {"block": "", "variable": "", "level": "", **at}
    return one(results, **place, measure=measure, arm=arm, stat=stat).value


def early(results, measure, arm, stat="estimate", **at):
    return value(results, measure, arm, stat, window="early", **at)


class TestPeriod:
    """Before treatment P05 80 kg (weighed on the day itself), P01 70, P03 50, P04 90; P02 was weighed only later."""

    def test_before_treatment(self, made):
        assert value(made, "observed", "all", "count", block="baseline", window="") == 4
        assert value(made, "mean", "X", block="baseline", window="") == 75.0
        assert value(made, "lowest_value", "Y", block="baseline", window="") == 50.0

    def test_who_is_in_the_denominator(self, made):
        """Of Y P02 has no weight before treatment, P04 was not weighed in the period."""
        assert [early(made, "observed", arm, "count") for arm in ("X", "Y", "all")] == [2, 1, 3]
        assert early(made, "observed", "all", "total") == 7
        why = {
            level: early(made, "not_evaluable", "Y", "count", level=level) for level in ("no-baseline", "not-weighed")
        }
        assert why == {"no-baseline": 1, "not-weighed": 1}
        assert early(made, "not_evaluable", "X", "count", level="window-open") == 1

    def test_the_lowest_weight_decides(self, made):
        """P05 76 of 80, P01 63 of 70 (66 later): 5 and 10 % lost; mean 7.5, SD 5 / sqrt(2). P03 gained 2 %."""
        assert early(made, "mean", "X") == pytest.approx(-0.075, abs=EXACT)
        assert early(made, "std_deviation", "X") == pytest.approx(0.05 / math.sqrt(2), abs=EXACT)
        assert early(made, "lowest_value", "X") == pytest.approx(-0.1, abs=EXACT)
        assert early(made, "median", "all") == pytest.approx(-0.05, abs=EXACT)
        assert early(made, "mean", "Y") == pytest.approx(0.02, abs=EXACT)

    def test_exactly_five_and_ten_percent_are_reached(self, made):
        lost = {
            level: [early(made, "risk", arm, "count", level=level) for arm in ("X", "Y", "all")]
            for level in ("loss>=5", "loss>=10", "loss>=20")
        }
        assert lost == {"loss>=5": [2, 0, 2], "loss>=10": [1, 0, 1], "loss>=20": [0, 0, 0]}
        assert early(made, "risk", "Y", "total", level="loss>=5") == 1

    def test_a_single_value_has_no_deviation_and_no_limits(self, made):
        row = one(made, measure="std_deviation", arm="Y", window="early", block="")
        assert math.isnan(row.value)
        assert row.note == "There is one value only, so there is no standard deviation."
        rows = {row.stat: row for row in select(made, measure="mean_difference", window="early")}
        assert rows["estimate"].value == pytest.approx(-0.095, abs=EXACT)
        assert math.isnan(rows["ci_low"].value)
        assert rows["ci_low"].note

    def test_the_day_of_first_treatment_is_before_and_not_in_the_period(self, known):
        """P05's 80 kg stand on the first day of the period; without the later weight nothing is known of it."""
        fewer = with_weights(known, WEIGHTS.replace("P05,WEIGHT,2025-02-10,76.0,kg\n", ""))
        found = summarize_weight(fewer, WEIGHED)
        assert early(found, "observed", "X", "count") == 1
        assert early(found, "not_evaluable", "X", "count", level="not-weighed") == 1

    def test_assessed_in_a_period_is_who_was_weighed_in_it(self, known):
        """Nobody was assessed in a period that lies before every other record, but P01 was weighed in it."""
        window = replace(EARLY, evaluable="assessed-in-window")
        study = with_weights(known)
        none = study.with_frames({"adassess": study["adassess"].iloc[:0]})
        found = summarize_weight(none, replace(WEIGHED, windows=(window,)))
        assert [early(found, "observed", arm, "count") for arm in ("X", "Y")] == [2, 1]
        assert early(found, "not_evaluable", "Y", "count", level="not-assessed") == 1


class TestVisits:
    """V1: day 14 to 30 of radiotherapy. All weights but P04's and those before treatment lie in it."""

    def test_change_and_who_was_due(self, made):
        """Due: P05, P01, P06, P02, P03 and P04, but P06 and P04 were not weighed, P02 has no weight before."""
        at = {"block": "visit", "variable": "V1", "window": ""}
        assert [value(made, "observed", arm, "count", **at) for arm in ("X", "Y")] == [2, 1]
        assert [value(made, "observed", arm, "total", **at) for arm in ("X", "Y")] == [3, 3]
        assert value(made, "not_evaluable", "X", "count", **{**at, "level": "not-weighed"}) == 1
        assert value(made, "not_evaluable", "Y", "count", **{**at, "level": "no-baseline"}) == 1
        assert value(made, "mean", "X", **at) == pytest.approx(-0.075, abs=EXACT)

    def test_nobody_was_weighed(self, made):
        row = one(made, block="visit", variable="V2", measure="mean", arm="X")
        assert math.isnan(row.value)
        assert row.note == "Nobody in this column has a value."


class TestOptional:
    def test_a_study_without_weights_says_so(self, known):
        """The eight have none of their own."""
        found = summarize_weight(known, WEIGHED)
        assert early(found, "observed", "all", "count") == 0
        assert early(found, "not_evaluable", "Y", "count", level="no-baseline") == 3
        assert all(row.note for row in found.rows if math.isnan(row.value))

    def test_masked_and_pooled(self, known, made):
        study = with_weights(known)
        pooled = summarize_weight(pool_arms(study), WEIGHED)
        assert set(pooled.rows) == {row for row in made.rows if row.arm == "all"}
        masked = summarize_weight(mask_arms(study, {"X": "B", "Y": "A"}), WEIGHED)
        assert early(masked, "mean", "B") == early(made, "mean", "X")

    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            ("80.0,kg", "176.0,lb", "adlb.AVALU: 1 record of WEIGHT in another unit; kg is required."),
            ("80.0,kg", "0,kg", "adlb.AVAL: 1 value of WEIGHT not above 0; a weight is required."),
        ],
    )
    def test_refused(self, known, old, new, message):
        with pytest.raises(DataError, match=message):
            summarize_weight(with_weights(known, WEIGHTS.replace(old, new)), WEIGHED)

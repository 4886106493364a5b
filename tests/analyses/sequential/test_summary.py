"""Monitoring of the made crowd: information counted by hand, boundaries at it, the statistic, and what is not shown.

The crowd's comparison and its boundaries are tested elsewhere: here is tested that monitoring takes them as they are.
"""

from __future__ import annotations

import datetime
import math
from dataclasses import replace

import numpy as np
import pytest
from entries import COMPARED, CUTOFF, INFORMED, LOOKS, WATCHED
from gaps import every_gap_has_its_reason

from npcstats.analyses.adjustment.measures import Measure
from npcstats.analyses.adjustment.outcomes import MarkerOutcome, TimeOutcome
from npcstats.analyses.comparison.summary import summarize_comparison
from npcstats.analyses.sequential.monitoring import Look, monitor
from npcstats.analyses.sequential.spec import (
    FutilityRule,
    HeldLook,
    PlannedLook,
    information_faults,
    information_idle,
    sequential_faults,
)
from npcstats.analyses.sequential.summary import ONE_SIDED, compare_sequential, summarize_information
from npcstats.derive import Past, assign_arms, mask_arms, pool_arms
from npcstats.errors import DataError, SpecError
from npcstats.estimators.sequential import (
    conditional_power,
    cross,
    find_boundaries,
    find_drift,
    predictive_power,
    trend_drift,
)
from npcstats.results import one, select
from npcstats.study import Arm

EXACT = {"rel": 1e-9}
BEFORE = datetime.date(2024, 12, 31)
RULE = FutilityRule("hwang-shih-decani", -2.0)


def whole(crowd):
    """With every column that tells a treatment, so that it can be taken away."""
    told = crowd["adsl"].assign(TECHNIQUE="", RXDOSU="")
    return crowd.with_frames({"adsl": told, "adex": crowd["adex"].assign(EXDOSU="")})


def one_arm(crowd):
    """The same participants in a trial of one arm."""
    told = crowd["adsl"].assign(TRT01P="X", TRT01A="X")
    design = replace(crowd.design, arms=crowd.design.arms[:1], arm_rule={}, allocation="single-arm")
    return assign_arms(replace(crowd.with_frames({"adsl": told}), design=design))


def value(results, measure, stat="estimate", **at):
    return one(results, measure=measure, stat=stat, **at).value


def died(study):
    """Of those who started radiotherapy, deaths known by the cut-off: the followed time ends in each."""
    adsl = study["adsl"]
    return int((adsl["RTSTDT"].notna() & adsl["DTHDT"].notna()).sum())


@pytest.fixture(scope="module")
def informed(crowd):
    return summarize_information(crowd, INFORMED)


@pytest.fixture(scope="module")
def compared(crowd):
    return summarize_comparison(crowd, COMPARED)


@pytest.fixture(scope="module")
def watched(crowd, compared):
    return compare_sequential(crowd, compared, None, WATCHED)


def z_of(compared):
    at = {"block": "overlap", "measure": "hazard_ratio"}
    return -math.log(value(compared, **at)) / value(compared, **at, stat="std_error")


class TestInformation:
    def test_events_so_far_over_those_planned(self, crowd, informed):
        events = died(crowd)
        assert 10 < events < 24
        assert value(informed, "information", "count", level="now") == events
        assert value(informed, "information", "total", level="now") == 40
        assert value(informed, "information_fraction", level="now") == events / 40

    def test_the_boundary_at_the_information_that_there_is(self, crowd, informed):
        t = np.array([died(crowd) / 40])
        by_itself = find_boundaries(t, alpha=0.025, sides=2, function="obrien-fleming", final=False)
        assert value(informed, "boundary_upper", level="now") == pytest.approx(by_itself.upper[0], **EXACT)
        assert value(informed, "alpha_spent", level="now") == pytest.approx(by_itself.alpha_spent[0], **EXACT)

    def test_looks_to_come_as_if_none_were_held_now(self, informed):
        """The first planned look's 10 events are passed; without a look nothing is spent."""
        t = np.array([24, 40]) / 40
        later = find_boundaries(t, alpha=0.025, sides=2, function="obrien-fleming", final=True)
        told = [row.value for row in select(informed, block="observed", measure="boundary_upper")]
        assert told[1:] == pytest.approx(later.upper.tolist(), **EXACT)
        levels = [row.level for row in select(informed, block="observed", measure="boundary_upper")]
        assert levels == ["now", "to-come-2", "to-come-3"]

    def test_the_plan(self, informed):
        planned = find_boundaries(np.array([10, 24, 40]) / 40, alpha=0.025, sides=2, function="obrien-fleming",
                                  final=True)  # fmt: skip
        drift = find_drift(planned, 0.8)
        told = [row.value for row in select(informed, block="planned", measure="boundary_upper")]
        assert told == pytest.approx(planned.upper.tolist(), **EXACT)
        assert value(informed, "monitoring_power") == pytest.approx(0.8, **EXACT)
        for window, effect in (("none", 0.0), ("planned", drift)):
            mean = value(informed, "expected_information", window=window)
            assert mean == pytest.approx(40 * cross(planned, effect).expected_information, **EXACT)

    def test_nothing_of_efficacy_and_nobody_by_arm(self, informed):
        assert {row.arm for row in informed.rows} == {"all"}
        assert not select(informed, measure=("monitored_statistic", "boundary_crossed", "conditional_power"))
        words = informed.catalogue.analyses["informed"].sentences
        assert words["statistic"] == "No statistic is shown: efficacy is not compared here."

    def test_arms_change_nothing(self, crowd, informed):
        """Pooled, masked, one arm and three: the same rows, for nobody is told apart."""
        third = replace(crowd, arms=(*crowd.arms, Arm("Z", "Zed")))
        masked = mask_arms(whole(crowd), {"X": "B", "Y": "A"})
        for study in (pool_arms(whole(crowd)), masked, one_arm(crowd), third):
            assert summarize_information(study, INFORMED).rows == informed.rows

    def test_participants_are_the_information_of_a_quantity(self, crowd):
        outcome = MarkerOutcome("LOGM", "Log marker", "u", "V1", "", "log", "half-limit")
        spec = replace(INFORMED, outcome=outcome, looks=(PlannedLook("Last", 60),))
        told = summarize_information(crowd, spec)
        labs = crowd["adlb"]
        assert 30 < value(told, "information", "count", level="now") <= labs["USUBJID"].nunique()
        assert told.catalogue.analyses["informed"].choices["information"] == "participants"

    def test_no_event_is_no_look(self, crowd):
        nobody = crowd.with_frames(
            {"adsl": crowd["adsl"].assign(DTHDT=crowd["adsl"]["DTHDT"].where(lambda d: d.isna()))}
        )
        told = summarize_information(nobody, INFORMED)
        row = one(told, block="observed", level="now", measure="boundary_upper", stat="estimate")
        assert math.isnan(row.value)
        assert row.note == "There is no information yet."
        assert value(told, "information", "count", level="now") == 0
        assert every_gap_has_its_reason(told)


class TestHeld:
    def held(self, information, **more):
        return replace(INFORMED, held=(HeldLook(BEFORE, information),), **more)

    def test_a_look_that_was_held_spends(self, crowd):
        told = summarize_information(crowd, self.held(9))
        t = np.array([9, died(crowd)]) / 40
        both = find_boundaries(t, alpha=0.025, sides=2, function="obrien-fleming", final=False)
        found = {row.level: row.value for row in select(told, block="observed", measure="boundary_upper")}
        assert found["2024-12-31"] == pytest.approx(both.upper[0], **EXACT)
        assert found["now"] == pytest.approx(both.upper[1], **EXACT)
        labels = told.catalogue.analyses["informed"].labels["level"]
        assert labels["2024-12-31"] == "Look of 31 December 2024"

    def test_a_look_of_the_cutoff_or_later_is_none_before_it(self, crowd, informed):
        for day in (CUTOFF, datetime.date(2030, 1, 1)):
            spec = replace(INFORMED, held=(HeldLook(day, 9),))
            assert summarize_information(crowd, spec).rows == informed.rows

    def test_no_more_information_than_at_the_last_look(self, crowd):
        told = summarize_information(crowd, self.held(died(crowd)))
        row = one(told, block="observed", level="now", measure="boundary_upper", stat="estimate")
        assert row.note == "There is no more information than at the look before."

    @pytest.mark.parametrize(
        ("held", "now", "coming"),
        [
            ([], 3, ["1", "2", "3"]),  # nearer to the start than to the first look: one more
            ([], 8, ["2", "3"]),  # in the place of the first
            ([8], 20, ["3"]),
            ([], 12, ["2", "3"]),
            ([], 39, ["3"]),
            ([10, 24], 40, []),
            ([10, 24], 47, []),  # an overrun is the last
        ],
    )
    def test_which_looks_are_to_come(self, held, now, coming):
        before = [Look(str(i), n, cutoff=BEFORE) for i, n in enumerate(held)]
        told = monitor(INFORMED, before, Look("now", now), looks=True)
        assert [item.look.code for item in told.looks if item.look.code.startswith("to-come")] == [
            f"to-come-{place}" for place in coming
        ]
        assert told.looks[-1].bounds.alpha_spent[-1] == 0.025


class TestStatistic:
    def test_the_estimate_over_its_error(self, compared, watched):
        assert value(watched, "monitored_statistic", "statistic", level="now") == pytest.approx(z_of(compared), **EXACT)
        other = replace(WATCHED, monitored=replace(WATCHED.monitored, favours="above"))
        assert sequential_faults(other) == []

    def test_information_is_of_those_compared(self, compared, watched):
        events = value(compared, "events", "count", block="overlap", arm="all")
        assert value(watched, "information", "count", level="now") == events

    def test_power_from_here_on(self, compared, watched):
        z = abs(z_of(compared))
        t = value(watched, "information_fraction", level="now")
        final = [row.value for row in select(watched, block="observed", measure="boundary_upper")][-1]
        planned = find_boundaries(np.array([10, 24, 40]) / 40, alpha=0.025, sides=2, function="obrien-fleming",
                                  final=True)  # fmt: skip
        drifts = {"trend": trend_drift(z, t), "planned": find_drift(planned, 0.8), "none": 0.0}
        for window, drift in drifts.items():
            told = value(watched, "conditional_power", window=window)
            assert told == pytest.approx(conditional_power(z, t, final=final, drift=drift), **EXACT)
        told = value(watched, "predictive_power")
        assert told == pytest.approx(predictive_power(z, t, final=final), **EXACT)

    def test_a_boundary_is_crossed_from_either_side(self, crowd, compared):
        """With an error of .4999 spent at once the boundary is near 0, and any statistic beyond it."""
        wide = {"alpha": 0.4999, "spending": "power", "parameter": 0.01, "power": 0.9}
        for favours in ("below", "above"):
            spec = replace(WATCHED, **wide, monitored=replace(WATCHED.monitored, favours=favours))
            told = compare_sequential(crowd, compared, None, spec)
            assert value(told, "boundary_crossed", "count", level="now", window="upper") == 1
        told = compare_sequential(crowd, compared, None, WATCHED)
        assert value(told, "boundary_crossed", "count", level="now", window="upper") == 0

    def test_futility_is_told_apart_and_does_not_change_the_boundary(self, crowd, compared):
        spec = replace(WATCHED, sides=1, futility=RULE)
        told = compare_sequential(crowd, compared, None, spec)
        plain = compare_sequential(crowd, compared, None, replace(spec, futility=None))
        at = {"level": "now"}
        assert value(told, "boundary_upper", **at) == pytest.approx(value(plain, "boundary_upper", **at), **EXACT)
        low, z = value(told, "boundary_futility", **at), value(told, "monitored_statistic", "statistic", **at)
        assert value(told, "boundary_crossed", "count", **at, window="futility") == float(z <= low)
        words = told.catalogue.analyses["watched"].sentences
        assert "is not binding" in words["futility"]

    def test_a_measure_at_a_time(self, crowd, compared):
        monitored = replace(WATCHED.monitored, measure=Measure("survival_difference", 6.0), favours="above")
        told = compare_sequential(crowd, compared, None, replace(WATCHED, monitored=monitored))
        at = {"block": "overlap", "measure": "survival_difference", "time": 6.0}
        by_hand = value(compared, **at) / value(compared, **at, stat="std_error")
        assert value(told, "monitored_statistic", "statistic", level="now") == pytest.approx(by_hand, **EXACT)

    def test_all_the_information_leaves_no_power_to_tell(self, crowd, compared):
        told = compare_sequential(crowd, compared, None, replace(WATCHED, looks=(PlannedLook("Only", 5),)))
        assert value(told, "alpha_spent", block="observed", level="now") == 0.025
        assert {row.note for row in select(told, block="onward")} == {"All of the planned information is there."}

    def test_an_effect_that_is_not_estimated_has_its_reason(self, crowd):
        few = summarize_comparison(crowd, replace(COMPARED, minimum_events=99))
        told = compare_sequential(crowd, few, None, WATCHED)
        assert "fewer than 99 events" in one(told, measure="monitored_statistic", stat="statistic").note
        assert every_gap_has_its_reason(told)


class TestWhoMaySee:
    def masked(self, crowd):
        study = mask_arms(whole(crowd), {"X": "B", "Y": "A"})
        return study, summarize_comparison(study, COMPARED)

    def test_two_sides_by_the_letters(self, crowd, watched):
        """X is B: A against B is the reverse of X against Y, and nothing else differs."""
        study, compared = self.masked(crowd)
        told = compare_sequential(study, compared, None, WATCHED)
        at = {"measure": "monitored_statistic", "stat": "statistic", "level": "now"}
        assert one(told, **at).value == pytest.approx(-one(watched, **at).value, rel=1e-6)
        assert "in favour of Arm A" in told.catalogue.analyses["watched"].sentences["statistic"]
        assert value(told, "predictive_power") == pytest.approx(value(watched, "predictive_power"), rel=1e-6)

    def test_one_side_would_tell_which_arm_is_which(self, crowd):
        study, compared = self.masked(crowd)
        told = compare_sequential(study, compared, None, replace(WATCHED, sides=1))
        shown = select(told, measure=("monitored_statistic", "boundary_crossed", "conditional_power"))
        assert {row.note for row in shown} == {ONE_SIDED}
        assert all(math.isnan(row.value) for row in shown)

    def test_statistics_of_the_plan_are_by_name(self, crowd):
        """Beside the present one their sign would tell which letter is the first arm."""
        study, compared = self.masked(crowd)
        spec = replace(WATCHED, held=(HeldLook(BEFORE, 9, statistic=1.25),))
        told = compare_sequential(study, compared, None, spec)
        row = one(told, measure="monitored_statistic", stat="statistic", level="2024-12-31")
        assert math.isnan(row.value)
        named = compare_sequential(crowd, summarize_comparison(crowd, COMPARED), None, spec)
        assert value(named, "monitored_statistic", "statistic", level="2024-12-31") == 1.25

    @pytest.mark.parametrize("arms", [0, 1, 3])
    def test_without_two_arms_only_the_information(self, crowd, compared, informed, arms):
        third = replace(crowd, arms=(*crowd.arms, Arm("Z", "Zed")))
        study = {0: pool_arms(whole(crowd)), 1: one_arm(crowd), 3: third}[arms]
        told = compare_sequential(study, compared, None, replace(WATCHED, held=()))
        names = [(row.block, row.level, row.window, row.measure, row.stat, row.value) for row in told.rows]
        assert names == [(row.block, row.level, row.window, row.measure, row.stat, row.value) for row in informed.rows]


class TestPast:
    def past(self, crowd, stored, cutoff=BEFORE):
        return Past(cutoff, stored, (), crowd, crowd)

    def stored(self, crowd, information=9):
        """What the former meeting had: the present rows, with another information at its look."""
        told = compare_sequential(crowd, summarize_comparison(crowd, COMPARED), None, WATCHED)
        rows = [
            replace(row, value=float(information)) if row.level == "now" and row.measure == "information" and
            row.stat == "count" else row
            for row in told.rows
        ]  # fmt: skip
        return replace(told, rows=tuple(rows))

    def test_the_look_of_the_former_meeting_is_held(self, crowd, compared):
        told = compare_sequential(crowd, compared, self.past(crowd, self.stored(crowd)), WATCHED)
        by_plan = compare_sequential(
            crowd, compared, None, replace(WATCHED, held=(HeldLook(BEFORE, 9, statistic=z_of(compared)),))
        )
        assert [row.key for row in told.rows] == [row.key for row in by_plan.rows]
        assert [row.value for row in told.rows] == pytest.approx([row.value for row in by_plan.rows], nan_ok=True)

    def test_looks_go_on_from_meeting_to_meeting(self, crowd, compared):
        first = self.past(crowd, self.stored(crowd, 6), datetime.date(2024, 6, 30))
        second = compare_sequential(crowd, compared, first, replace(WATCHED, looks=LOOKS))
        later = [replace(row, value=9.0) if row.level == "now" and row.measure == "information" and row.stat == "count"
                 else row for row in second.rows]  # fmt: skip
        third = compare_sequential(crowd, compared, self.past(crowd, replace(second, rows=tuple(later))), WATCHED)
        held = [row.level for row in select(third, block="observed", measure="information", stat="count")][:3]
        assert held == ["2024-06-30", "2024-12-31", "now"]

    def test_a_plan_that_says_otherwise_is_refused(self, crowd, compared):
        spec = replace(WATCHED, held=(HeldLook(BEFORE, 8),))
        with pytest.raises(SpecError, match="had 8 as its information, the former meeting 9"):
            compare_sequential(crowd, compared, self.past(crowd, self.stored(crowd)), spec)

    def test_looks_whose_information_shrank_are_refused(self, crowd, compared):
        spec = replace(WATCHED, held=(HeldLook(datetime.date(2024, 6, 30), 12),))
        with pytest.raises(DataError, match="looks were held with 12, 9"):
            compare_sequential(crowd, compared, self.past(crowd, self.stored(crowd)), spec)

    def test_a_meeting_that_saw_no_statistic_held_no_look(self, crowd, compared, informed, watched):
        told = compare_sequential(crowd, compared, self.past(crowd, informed), WATCHED)
        assert told.rows == watched.rows


class TestRefused:
    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"sides": 3}, "sides is 3"),
            ({"alpha": 0.5}, "alpha is 0.5"),
            ({"spending": "even"}, "spending is 'even'"),
            ({"parameter": 1.0}, "has no one"),
            ({"spending": "power"}, "requires one"),
            ({"power": 0.01}, "power is 0.01"),
            ({"looks": ()}, "it has no look"),
            ({"looks": (LOOKS[1], LOOKS[0])}, "First has no more information"),
            ({"looks": (LOOKS[0], replace(LOOKS[1], label="First"))}, "look 'First' stands twice"),
            ({"looks": (replace(LOOKS[0], information=0),)}, "First: information is 0"),
            ({"held": (HeldLook(BEFORE, 9), HeldLook(BEFORE, 10))}, "does not follow"),
            ({"held": (HeldLook(BEFORE, 9, 1.0),)}, "no statistic is monitored"),
            ({"futility": RULE}, "of a test with one side"),
            ({"sides": 1, "futility": FutilityRule("power", None)}, "futility: "),
        ],
    )
    def test_choices(self, change, words):
        faults = information_faults(replace(INFORMED, **change))
        assert any(words in fault for fault in faults), faults

    def test_futility_of_two_sides_is_idle(self):
        assert information_idle(INFORMED) == {"futility": "the test has two sides"}
        assert information_idle(replace(INFORMED, sides=1)) == {}

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"favours": "left"}, "favours is 'left'"),
            ({"measure": Measure("mean_ratio")}, "name is 'mean_ratio'"),
            ({"measure": Measure("survival_difference")}, "needs a time"),
            ({"measure": Measure("hazard_ratio", 6.0)}, "has no time"),
        ],
    )
    def test_statistics(self, change, words):
        spec = replace(WATCHED, monitored=replace(WATCHED.monitored, **change))
        assert any(words in fault for fault in sequential_faults(spec))

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"comparison": "other"}, "monitors 'other', which this session has not"),
            ({"block": "inverse"}, "monitors block 'inverse' of compared"),
            (
                {"measure": Measure("restricted_mean_difference", 6.0)},
                "monitors restricted_mean_difference of compared",
            ),
        ],
    )
    def test_what_the_comparison_has_not(self, crowd, compared, change, words):
        spec = replace(WATCHED, monitored=replace(WATCHED.monitored, **change))
        with pytest.raises(SpecError, match=words):
            compare_sequential(crowd, compared, None, spec)

    def test_another_outcome_or_population_than_the_comparison(self, crowd, compared):
        for change in ({"outcome": TimeOutcome("WORSE")}, {"population": "DOSED"}):
            with pytest.raises(SpecError, match="which that comparison has not"):
                compare_sequential(crowd, compared, None, replace(WATCHED, **change))

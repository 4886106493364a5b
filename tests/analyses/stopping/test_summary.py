"""Stopping rules by hand, on the trial of eight.

At the cut-off the early period is over for P05 and P01 of X, and for P02, P03 and P04 of Y, in this order of the start
of radiotherapy; P06 of X is still in it, with mucositis of grade 3, and P07 had no radiotherapy. In it grade 2 or worse
had P05 and P01 (2 of 2) and P02 (1 of 3).

With a flat prior the posterior of x of n is Beta(1 + x, 1 + n - x), whose tail above 0.3 is, for 2 of 2, 1 - 0.3^3 =
0.973; for 1 of 2, 1 - 3(0.3)^2 + 2(0.3)^3 = 0.784; for 1 of 3, 0.7^4 + 4(0.3)(0.7)^3 = 0.6517; for 2 of 3, 0.9163; for
3 of 3, 1 - 0.3^4 = 0.9919; for 3 of 4, 1 - 5(0.3)^4(0.7) - 0.3^5 = 0.9692. At 0.95 the rule is met by 2 of 2, 3 of 3
and 3 of 4, and by nothing of 1, where it is 0.91 at most.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from glances import EARLY

from npcstats.analyses.stopping.criteria import BEFORE_FIRST, NEVER, NOBODY, ONLY_LOOKS
from npcstats.analyses.stopping.spec import (
    Alert,
    BetaBinomial,
    Died,
    Every,
    Graded,
    Reached,
    RepeatedTests,
    StoppingRule,
    StoppingSpec,
    stopping_faults,
    stopping_idle,
)
from npcstats.analyses.stopping.summary import summarize_stopping
from npcstats.derive import mask_arms, pool_arms
from npcstats.errors import DataError, SpecError
from npcstats.results import one, results_text, select
from npcstats.study import Arm

LEVEL = 1e-12
RULE = StoppingRule(
    code="BAD", label="Bad", definition="grade 2 or worse", parts=(Graded(2),), window=EARLY,
    criterion=BetaBinomial(0.3, (1.0, 1.0), 0.95), looks=Every(1, 4), alert=Alert(0.3, 0.18, 0.42), rates=(0.5,),
    highest_rate=0.6,
)  # fmt: skip
SPEC = StoppingSpec(
    id="stopping", label="Stopping", population="DOSED", sessions=("only",), rules=(RULE,), baseline_adjusted=True,
    conf_level=0.95, interval="clopper-pearson", trials=0, seed=0, status="planned",
)  # fmt: skip


def made(study, **changed):
    return summarize_stopping(study, replace(SPEC, rules=(replace(RULE, **changed),)))


@pytest.fixture(scope="module")
def results(known):
    return summarize_stopping(known, SPEC)


def value(results, measure, arm="all", stat="count", **at):
    return one(results, measure=measure, arm=arm, stat=stat, **at).value


def counted(results, arm):
    return value(results, "risk", arm, block="now"), value(results, "risk", arm, "total", block="now")


def course(results, arm):
    rows = select(results, measure="ordered_events", arm=arm)
    return [(row.time, row.value) for row in sorted(rows, key=lambda row: row.time)]


class TestNow:
    def test_who_is_counted(self, results):
        assert (counted(results, "X"), counted(results, "Y")) == ((2, 2), (1, 3))
        assert [value(results, "participants", arm) for arm in "XY"] == [4, 3]
        assert [value(results, "not_evaluable", "X", level=code) for code in ("window-open", "not-started")] == [1, 1]

    def test_an_event_in_a_period_that_is_not_over_is_told_and_not_counted(self, results):
        assert [value(results, "pending", arm) for arm in "XY"] == [1, 0]

    def test_posterior_and_limit(self, results):
        found = [value(results, "posterior_exceeds", arm, "estimate") for arm in "XY"]
        np.testing.assert_allclose(found, [0.973, 0.6517], rtol=0, atol=LEVEL)
        assert [value(results, "stopping_limit", arm, block="now") for arm in "XY"] == [2, 3]
        assert [value(results, "stopping_met", arm, block="now") for arm in "XY"] == [1, 0]

    def test_of_all_rules_and_groups_how_many_are_met(self, results, known):
        """X meets the one rule, Y does not; a rule that is judged at looks alone, which Y has passed, counts so too."""
        told = [one(results, block="now", measure="stopping_met", variable="all", stat=stat).value
                for stat in ("count", "total")]  # fmt: skip
        assert told == [1, 2]
        never = made(known, criterion=RepeatedTests(0.3, 0.001, 0.5), looks=(2, 4))
        assert one(never, block="now", measure="stopping_met", variable="all", stat="count").value == 0

    def test_alert(self, results):
        """From 0.3585: 2 of 2 raises it, 1 of 3 does not."""
        assert value(results, "alert_limit", stat="estimate") == pytest.approx(0.3585, abs=5e-5)
        assert [value(results, "alert_raised", arm) for arm in "XY"] == [1, 0]

    def test_exact_limits_of_a_share(self, results):
        """Of 2 of 2: from the square root of 0.025 to 1."""
        low = one(results, measure="risk", arm="X", stat="ci_low", block="now")
        assert low.value == pytest.approx(0.025**0.5, rel=1e-12)
        assert low.conf_level == 0.95


class TestLooks:
    def test_limits(self, results):
        rows = select(results, block="looks", measure="stopping_limit")
        assert [(row.time, row.value) for row in rows[1:]] == [(2, 2), (3, 3), (4, 3)]
        assert math.isnan(rows[0].value)
        assert rows[0].note == NEVER

    def test_events_in_order_of_exposure(self, results):
        assert course(results, "X") == [(1, 1), (2, 2)]
        assert course(results, "Y") == [(1, 1), (2, 1), (3, 1)]

    def test_which_look_met_it(self, results):
        met = {arm: {row.time: row.value for row in select(results, block="looks", measure="stopping_met", arm=arm)}
               for arm in "XY"}  # fmt: skip
        assert met == {"X": {1: 0, 2: 1}, "Y": {1: 0, 2: 0, 3: 0}}

    def test_looks_of_ones_own(self, known):
        rows = select(made(known, looks=(2, 4)), block="looks", measure="stopping_limit")
        assert [(row.time, row.value) for row in rows] == [(2, 2), (4, 3)]


class TestCharacteristics:
    def test_of_a_half(self, known):
        """Looks after 2 and 4: stops with 2 of 2 (1/4), or with 1 of 2 and then 2 of 2 (1/2 x 1/4): 3/8 in all."""
        found = made(known, looks=(2, 4))
        at = {"block": "exact", "level": "0.5", "stat": "estimate"}
        stops = [one(found, **at, measure="stop_probability", time=look).value for look in (2.0, 4.0)]
        assert stops == pytest.approx([0.25, 0.375], abs=LEVEL)
        assert value(found, "expected_size", block="exact", stat="estimate") == pytest.approx(3.5, abs=LEVEL)
        assert value(found, "expected_events", block="exact", stat="estimate") == pytest.approx(1.75, abs=LEVEL)

    def test_simulated_beside_it(self, known):
        found = summarize_stopping(known, replace(SPEC, trials=4000, seed=3))
        at = {"variable": "BAD", "level": "0.5", "measure": "stop_probability"}
        exact = next(row.value for row in select(found, **at, block="exact") if math.isnan(row.time))
        share, error = (one(found, **at, block="simulated", stat=stat).value for stat in ("estimate", "std_error"))
        assert error == pytest.approx((share * (1 - share) / 4000) ** 0.5, rel=1e-12)
        assert abs(share - exact) < 3 * error

    def test_the_curve_goes_from_none_to_the_highest_rate(self, results):
        rows = select(results, block="curve", measure="true_rate")
        assert [rows[0].value, rows[-1].value] == [0.0, 0.6]
        assert value(results, "stop_probability", block="curve", stat="estimate", level="0") == 0.0


class TestParts:
    def test_grades_between(self, known):
        """Grade 2 alone: P05 and P01; grade 3 alone: P02."""
        assert counted(made(known, parts=(Graded(2, 2),)), "Y") == (0, 3)
        assert counted(made(known, parts=(Graded(3, 3),)), "X") == (0, 2)

    def test_with_and_without_terms(self, known):
        """Mucositis: P05 and P02. Without it: P01."""
        only, rest = {"where": {"AEDECOD": ("Mucositis oral",)}}, {"without": {"AEDECOD": ("Mucositis oral",)}}
        assert [counted(made(known, parts=(Graded(2, **only),)), arm)[0] for arm in "XY"] == [1, 1]
        assert [counted(made(known, parts=(Graded(2, **rest),)), arm)[0] for arm in "XY"] == [1, 0]

    def test_an_amount_that_is_not_known_does_not_count(self, known):
        """CCI: P05 0, P01 2, P02 1, P03 0, P04 3; ECOGBL of nobody is above 1."""
        assert [counted(made(known, parts=(Reached("CCI", 2.0),)), arm)[0] for arm in "XY"] == [1, 1]
        adsl = known["adsl"].copy()
        adsl["CCI"] = adsl["CCI"].where(adsl["USUBJID"] != "P01")
        unknown = known.with_frames({"adsl": adsl})
        assert counted(made(unknown, parts=(Reached("CCI", 2.0),)), "X") == (0, 2)

    def test_deaths_in_the_period(self, known):
        """P02, brought forward to 2025-06-18, the last day of the 90 after radiotherapy; of the disease."""
        assert counted(made(known, parts=(Died(),)), "Y") == (0, 3)
        adsl = known["adsl"].copy()
        dies = adsl["USUBJID"] == "P02"
        for day, found in (("2025-06-18", 1), ("2025-06-19", 0)):
            adsl.loc[dies, "DTHDT"] = pd.Timestamp(day)
            study = known.with_frames({"adsl": adsl})
            assert counted(made(study, parts=(Died(),)), "Y") == (found, 3)
            assert counted(made(study, parts=(Died(("DISEASE",)),)), "Y") == (found, 3)
            assert counted(made(study, parts=(Died(("TREATMENT",)),)), "Y") == (0, 3)

    def test_who_has_several_parts_counts_once(self, known):
        assert counted(made(known, parts=(Graded(2), Reached("CCI", 1.0))), "Y") == (2, 3)

    def test_a_grade_that_was_there_before_does_not_count(self, known):
        """P05's nausea of grade 1 began before treatment: from grade 1 on, P05 counts by mucositis alone."""
        nausea = Graded(1, where={"AEDECOD": ("Nausea",)})
        assert counted(made(known, parts=(nausea,)), "X") == (1, 2)
        spec = replace(SPEC, rules=(replace(RULE, parts=(nausea,)),), baseline_adjusted=False)
        assert counted(summarize_stopping(known, spec), "X") == (2, 2)


class TestRepeatedTests:
    def test_met_at_looks_alone(self, known):
        """A level of 0.2 of a rate of 0.3: 2 of 2 has probability 0.09, the only look of X; 1 of 3 is no rare event."""
        found = made(known, criterion=RepeatedTests(0.3, 0.2, 0.5), looks=(2,))
        assert [value(found, "stopping_met", arm, block="now") for arm in "XY"] == [1, 0]
        limits = select(found, block="now", measure="stopping_limit")
        assert all(math.isnan(row.value) and row.note == ONLY_LOOKS for row in limits)
        assert not select(found, measure="posterior_exceeds")
        assert value(found, "stopping_level", stat="estimate") == 0.2

    def test_before_its_first_look(self, known):
        row = one(made(known, criterion=RepeatedTests(0.3, 0.2, 0.5), looks=(3,)), block="now", measure="stopping_met",
                  arm="X")  # fmt: skip
        assert math.isnan(row.value)
        assert row.note == BEFORE_FIRST


class TestGroups:
    def test_nobody_is_through_the_period(self, known):
        adsl = known["adsl"].copy()
        adsl["RTSTDT"] = pd.NaT
        adsl["RTSTDT"] = adsl["RTSTDT"].astype("datetime64[s]")
        found = made(known.with_frames({"adsl": adsl}))
        for measure in ("posterior_exceeds", "stopping_met", "alert_raised"):
            rows = [row for row in select(found, block="now", measure=measure) if row.variable != "all"]
            assert len(rows) == 2
            assert all(math.isnan(row.value) and row.note == NOBODY for row in rows)
        assert not select(found, measure="ordered_events")
        assert [row.value for row in select(found, measure="stopping_met", variable="all")] == [0, 0]

    def test_everyone_together(self, known):
        """P05, P02, P01, P03, P04 by the start of radiotherapy: 3 of 5; no row names an arm."""
        found = summarize_stopping(pool_arms(known), SPEC)
        assert {row.arm for row in found.rows} == {"all"}
        assert counted(found, "all") == (3, 5)
        assert course(found, "all") == [(1, 1), (2, 2), (3, 3), (4, 3), (5, 3)]
        assert "arm" not in " ".join(found.catalogue.analyses["stopping"].sentences.values()).lower().split()

    def test_masked_letters_carry_the_same(self, known, results):
        masked = summarize_stopping(mask_arms(known, {"X": "B", "Y": "A"}), SPEC)
        assert [counted(masked, letter) for letter in "BA"] == [counted(results, arm) for arm in "XY"]

    def test_three_arms_and_one_without_anybody(self, known):
        three = replace(known, arms=(*known.arms, Arm("Z", "Zed")))
        found = summarize_stopping(three, SPEC)
        assert counted(found, "Z") == (0, 0)
        assert one(found, block="now", measure="stopping_met", arm="Z").note == NOBODY
        assert counted(found, "X") == (2, 2)

    def test_order_of_records_does_not_matter(self, known, results):
        turned = {name: known[name].iloc[::-1].reset_index(drop=True) for name in ("adsl", "adae")}
        assert results_text(summarize_stopping(known.with_frames(turned), SPEC)) == results_text(results)


class TestRefused:
    @pytest.mark.parametrize(
        ("changed", "words"),
        [
            ({"parts": ()}, "no part"),
            ({"parts": (Graded(4, 3),)}, "grades are 4 to 3"),
            ({"parts": (Graded(3, where={"AEDECOD": ()}),)}, "no value"),
            ({"window": replace(EARLY, evaluable="everyone")}, "window-complete"),
            ({"window": replace(EARLY, where={"AESER": ("Y",)})}, "where"),
            ({"criterion": BetaBinomial(1.2, (1.0, 1.0), 0.95)}, "limit"),
            ({"criterion": BetaBinomial(0.3, (0.0, 1.0), 0.95)}, "prior"),
            ({"criterion": BetaBinomial(0.3, (1.0, 1.0), 1.0)}, "threshold"),
            ({"criterion": RepeatedTests(0.3, 0.6, 0.5)}, "alpha"),
            ({"criterion": RepeatedTests(0.3, 0.05, 0.7)}, "shape"),
            ({"looks": Every(10, 25)}, "multiple"),
            ({"looks": (10, 10)}, "increasing"),
            ({"looks": ()}, "increasing"),
            ({"alert": Alert(0.3, 0.4, 0.5)}, "alert"),
            ({"rates": ()}, "rates are empty"),
            ({"rates": (0.2, 0.2)}, "rates"),
            ({"rates": (1.2,)}, "rates: 1.2"),
            ({"highest_rate": 0.0}, "highest_rate"),
        ],
    )
    def test_a_rule_with_a_fault(self, changed, words):
        spec = replace(SPEC, rules=(replace(RULE, **changed),))
        assert words in "; ".join(stopping_faults(spec))

    def test_an_entry_with_a_fault(self):
        assert any("no rule" in fault for fault in stopping_faults(replace(SPEC, rules=())))
        assert any("rules" in fault for fault in stopping_faults(replace(SPEC, rules=(RULE, RULE))))
        assert any("trials" in fault for fault in stopping_faults(replace(SPEC, trials=-1)))

    def test_what_has_no_effect(self):
        assert "seed" in stopping_idle(SPEC)
        deaths = replace(SPEC, rules=(replace(RULE, parts=(Died(),)),), trials=5)
        assert set(stopping_idle(deaths)) == {"baseline_adjusted"}

    def test_a_column_that_is_not_there(self, known):
        with pytest.raises(DataError, match="MISSED"):
            made(known, parts=(Reached("MISSED", 10.0),))

    def test_a_cause_that_the_list_has_not(self, known):
        with pytest.raises(SpecError, match="ACCIDENT"):
            made(known, parts=(Died(("ACCIDENT",)),))

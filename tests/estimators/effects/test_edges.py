"""What is undefined is told as such, with the reason that is true; worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from npcstats.estimators.effects import (
    Observed,
    Timed,
    Weighting,
    bootstrap_effect,
    estimate_effect,
    estimate_effect_by_model,
    weighted_curves,
)
from npcstats.estimators.types import DesignMatrix
from npcstats.estimators.weighting import Weights, fit_propensity, weigh

ARM = np.array([1, 1, 1, 1, 0, 0, 0])
# sums of these are not what a product of them gives: rounding must not look like an error
UNEVEN = np.array([0.1, 0.7, 0.3, 0.9, 0.6, 0.2, 1.1])


def fixed(values, arm=ARM):
    """Weights that are known: nothing was estimated to make them."""
    none = np.zeros((len(arm), 0))
    return Weights(np.asarray(values, float), arm == 1, "ate", False, "known", none, none)


def estimated(outcome, measure, weights=None, arm=ARM, **more):
    return estimate_effect(outcome, arm, measure=measure, weights=weights, conf_level=0.95, **more)


def told(found, why):
    """No limits, no standard error, no p-value, and the reason."""
    assert [math.isnan(value) for value in (found.interval.lower, found.interval.upper)] == [True, True]
    assert [math.isnan(value) for value in (found.std_error, found.statistic, found.p_value)] == [True] * 3
    assert why in found.note


class TestAnArmThatDoesNotVary:
    """Weighted sums of equal values differ from them by rounding, which is no standard error."""

    @pytest.mark.parametrize("seed", range(5))
    def test_nothing_but_events_by_uneven_weights(self, seed):
        weights = fixed(np.random.default_rng(seed).uniform(0.1, 3, 7))
        found = estimated(Observed([1, 1, 1, 1, 1, 0, 0]), "risk_difference", weights)
        assert found.first.estimate == 1.0
        told(found, "nothing but events")
        told(estimated(Observed([0.1, 0.1, 0.1, 0.1, 1, 2, 3]), "mean_difference", weights), "are the same")

    @pytest.mark.parametrize("seed", range(5))
    def test_everybody_of_an_arm_had_the_event(self, seed):
        """Incidence is 1 and survival 0 at 4, whoever counts how much; without censoring at the end, later too."""
        weights = fixed(np.random.default_rng(seed).uniform(0.1, 3, 7))
        outcome = Timed([1, 2, 3, 4, 1, 5, 6], [1, 1, 1, 1, 1, 0, 0])
        for measure, value in (("incidence_difference", 1.0), ("survival_difference", 0.0)):
            found = estimated(outcome, measure, weights, at=4.5)
            assert found.first.estimate == value
            told(found, "come to its end")
        curve, _ = weighted_curves(outcome, ARM, weights=weights, kind="incidence", conf_level=0.95, conf_type="plain")
        assert curve.estimate[-1] == 1.0
        assert math.isnan(curve.std_error[-1])

    def test_restricted_mean(self):
        at_once = estimated(Timed([2, 2, 2, 2, 1, 5, 6], [1, 1, 1, 1, 1, 0, 0]), "restricted_mean_difference", at=5)
        told(at_once, "falls from 1 to 0 at one time")
        assert at_once.first.estimate == 2.0
        # 1/3 ends at 1, the rest goes to 5: 1/3 + 5 * 2/3
        assert at_once.reference.estimate == pytest.approx(11 / 3)
        none = estimated(Timed([6, 5, 5, 7, 1, 5, 6], [1, 1, 0, 1, 1, 0, 0]), "restricted_mean_difference", at=5)
        assert none.first.estimate == pytest.approx(5.0)
        told(none, "no event before then")

    def test_a_hazard_ratio_of_one_time(self):
        """All events at one time, tied by Breslow's rule: the ratio is 1 whoever the participants are."""
        found = estimated(Timed(np.full(7, 3.0), np.ones(7)), "hazard_ratio", ties="breslow")
        assert found.interval.estimate == pytest.approx(1.0)
        told(found, "robust variance is 0")


class TestOfFew:
    def test_one_participant(self):
        arm = np.array([1, 0, 0, 0])
        for cause, at in ((1, 2.0), (0, 1.0)):
            outcome = Timed([2, 1, 2, 3], [cause, 1, 0, 1])
            for measure in ("survival_difference", "restricted_mean_difference", "incidence_difference"):
                told(estimated(outcome, measure, arm=arm, at=at), "one participant")

    def test_weights_that_leave_one(self):
        """Three of the first arm have weight 0: they count nowhere."""
        found = estimated(Observed([1, 0, 0, 0, 1, 0, 0]), "risk_difference", fixed([2, 0, 0, 0, 1, 1, 1]))
        told(found, "one participant")
        assert (found.sizes, found.events) == ((1, 3), (1, 1))
        assert found.interval.estimate == pytest.approx(1 - 1 / 3)

    @pytest.mark.parametrize("measure", ["risk_difference", "hazard_ratio", "survival_difference"])
    def test_weights_of_an_arm_that_sum_to_zero(self, measure):
        outcome = Observed([1, 0, 0, 1, 1, 0, 0]) if measure.startswith("risk") else Timed(np.arange(7.0), np.ones(7))
        more = {"hazard_ratio": {"ties": "efron"}, "survival_difference": {"at": 2.0}}.get(measure, {})
        found = estimated(outcome, measure, fixed([0, 0, 0, 0, 1, 1, 1]), **more)
        assert math.isnan(found.interval.estimate)
        told(found, "sum to 0")

    def test_curves_without_weight(self):
        curves = weighted_curves(
            Timed(np.arange(7.0), np.ones(7)), ARM, weights=fixed([0, 0, 0, 0, 1, 1, 1]), kind="survival",
            conf_level=0.95, conf_type="log-log",
        )  # fmt: skip
        assert [curve.size for curve in curves] == [0, 0]
        assert "nobody with a weight" in curves[0].note


class TestBeyondTheLastTime:
    """As of `estimate_kaplan_meier`: a curve that somebody left without an event is not known later."""

    def test_a_curve_at_its_end_stays_there(self):
        """First arm: all had the event by 4, 1 + 3/4 + 2/4 + 1/4 = 2.5; reference: one event of three at 2."""
        outcome = Timed([1, 2, 3, 4, 2, 9, 9], [1, 1, 1, 1, 1, 0, 0])
        found = estimated(outcome, "restricted_mean_difference", at=8)
        assert found.first.estimate == pytest.approx(2.5)
        assert found.reference.estimate == pytest.approx(2 + 6 * 2 / 3)
        # times of the first arm have variance 5/4; of the reference min(T, 8) is 2, 8, 8: variance 8
        assert found.std_error == pytest.approx(math.sqrt(5 / 4 / 4 + 8 / 3))

    def test_censored_at_the_last_time(self):
        outcome = Timed([1, 2, 4, 4, 2, 9, 9], [1, 1, 1, 0, 1, 0, 0])
        assert math.isfinite(estimated(outcome, "survival_difference", at=4).interval.estimate)
        found = estimated(outcome, "survival_difference", at=4.1)
        assert math.isnan(found.interval.estimate)
        told(found, "beyond the last")

    def test_who_has_no_weight_does_not_count(self):
        outcome = Timed([1, 2, 3, 9, 2, 9, 9], [1, 0, 0, 0, 1, 0, 0])
        assert math.isfinite(estimated(outcome, "survival_difference", at=5).interval.estimate)
        told(estimated(outcome, "survival_difference", fixed([1, 1, 1, 0, 1, 1, 1]), at=5), "beyond the last")


class TestHazardRatio:
    def test_only_the_first_arm_has_events_alone(self):
        """At the reference's event both are at risk, and still there is no maximum: the reason says what is lacking."""
        found = estimated(Timed([5, 6, 7, 8, 1, 2, 3], [1, 1, 1, 1, 1, 0, 0]), "hazard_ratio", ties="efron")
        assert math.isnan(found.interval.estimate)
        told(found, "In one arm no event happens while the other is at risk")

    @pytest.mark.parametrize("scale", [1e-8, 1.0, 1e8])
    def test_scale_of_weights_is_without_effect(self, scale):
        outcome = Timed([1, 3, 3, 5, 2, 3, 4], [1, 1, 0, 1, 1, 1, 0])
        one, other = (estimated(outcome, "hazard_ratio", fixed(UNEVEN * k), ties="efron") for k in (1.0, scale))
        assert one.interval.estimate == pytest.approx(other.interval.estimate, rel=1e-9)
        assert one.std_error == pytest.approx(other.std_error, rel=1e-9)

    def test_an_arm_of_nearly_no_weight(self):
        """One event of the first arm of weight 1e-4 beside 1 at risk with it: from 0 a step would go to 5,000.

        Score ``w - (w + 1) * share`` with share e^b w / (e^b w + 1): 0 where e^b = 1, at the only tied time.
        """
        outcome = Timed([1, 1, 2, 2], [1, 1, 0, 0])
        arm = np.array([1, 0, 1, 0])
        found = estimated(outcome, "hazard_ratio", fixed([1e-4, 1e-9, 1e-9, 1.0], arm), arm=arm, ties="breslow")
        first, other = 1e-4 + 1e-9, 1.0 + 1e-9
        # share = 1e-4 / (1e-4 + 1e-9) solves it
        share = 1e-4 / (1e-4 + 1e-9)
        assert found.interval.estimate == pytest.approx(share / (1 - share) * other / first, rel=1e-6)


class TestLimitsOfRatios:
    def test_a_standard_error_without_bounds(self):
        """A risk far below its own error: e to the power of such limits is no number."""
        score = np.array([0.5] * 7)
        # the estimation of the weights adds 1 to each slope: an error of about 1 beside a risk of 1e-12
        weights = Weights(
            np.array([1e-12, 1, 1, 1, 1, 1, 1.0]), ARM == 1, "ate", False, "known", (ARM == 1)[:, None] * 1.0,
            score[:, None] * 4,
        )  # fmt: skip
        found = estimated(Observed([1, 0, 0, 0, 1, 0, 0]), "risk_ratio", weights)
        assert found.interval.estimate == pytest.approx(1e-12 / (3 + 1e-12) * 3, rel=1e-6)
        told(found, "too large for limits")
        assert (found.first.lower, found.first.upper) == (0.0, 1.0)


def model(values, arm, columns, names, **more):
    asked = {"measure": "risk_difference", "method": "aipw", "estimand": "ate", "arms": "apart", "conf_level": 0.95}
    return estimate_effect_by_model(Observed(values), arm, DesignMatrix(columns, names), **(asked | more))


class TestModels:
    @pytest.fixture
    def made(self):
        stream = np.random.default_rng(2)
        column = stream.normal(size=(40, 1))
        arm = (stream.random(40) < 0.5).astype(int)
        return column, arm, (stream.random(40) < 0.4).astype(float)

    @pytest.mark.parametrize("arms", ["apart", "together"])
    def test_an_arm_without_an_event(self, made, arms):
        column, arm, risk = made
        found = model(np.where(arm, 0.0, risk), arm, column, ("x",), arms=arms)
        told(found, "no event, or nothing but events")

    @pytest.mark.parametrize("measure", ["risk_difference", "mean_difference"])
    def test_a_level_that_only_one_arm_has(self, made, measure):
        """Nobody of the reference has it, so nothing tells what would be expected of it there."""
        column, arm, risk = made
        rows = np.column_stack([column, arm * (column[:, 0] > 0)])
        found = model(risk, arm, rows, ("x", "level"), measure=measure, method="g-computation")
        assert math.isnan(found.interval.estimate)
        told(found, "cannot predict")

    @pytest.mark.parametrize("measure", ["risk_difference", "mean_difference"])
    @pytest.mark.parametrize("method", ["aipw", "g-computation"])
    def test_columns_that_say_nothing_change_nothing(self, made, measure, method):
        """One value in both arms, a sum of others, a date far from 0: the same predictions."""
        column, arm, risk = made
        more = np.column_stack([column, np.full(40, 3.0), 2 * column + 1])
        asked = {"measure": measure, "method": method}
        one = model(risk, arm, column, ("x",), **asked)
        for rows in (more, np.column_stack([738_000 + 1e-3 * column, more])):
            other = model(risk, arm, rows, tuple("abcd")[: rows.shape[1]], **asked)
            assert other.interval.estimate == pytest.approx(one.interval.estimate, rel=1e-6)
            assert other.std_error == pytest.approx(one.std_error, rel=1e-6)

    def test_as_many_coefficients_as_participants(self):
        arm = np.array([1, 1, 0, 0, 0, 0])
        found = model(
            np.arange(6.0), arm, np.array([[1.0], [2], [1], [2], [3], [5]]), ("x",), measure="mean_difference"
        )
        told(found, "as many coefficients")

    def test_a_perfect_fit_has_no_error(self):
        """Values are x + 2 arm: what each adds to one arm is taken from the other."""
        arm, x = np.array([1, 0] * 6), np.arange(12.0) ** 1.5
        found = model(x + 2 * arm, arm, x[:, None], ("x",), measure="mean_difference", method="g-computation")
        assert found.interval.estimate == pytest.approx(2.0)
        told(found, "variance is 0")

    def test_the_treated_are_averaged_over_themselves(self):
        """The outcome model is right and exact, the score is not: the effect 3 x^2, averaged over those treated."""
        stream = np.random.default_rng(8)
        x = stream.normal(size=400)
        arm = (stream.random(400) < np.where(np.abs(x) > 1, 0.8, 0.3)).astype(int)
        level = 1 + x - 2 * x**2 + 3 * arm * x**2
        found = model(
            level, arm, np.column_stack([x, x**2]), ("x", "square"), measure="mean_difference", estimand="att"
        )
        assert found.interval.estimate == pytest.approx(np.mean(3 * x[arm == 1] ** 2), rel=1e-9)
        assert found.first.estimate == pytest.approx(level[arm == 1].mean(), rel=1e-12)


BOOTSTRAP = {"measure": "risk_difference", "conf_level": 0.95, "replicates": 60, "name": "edge", "seed": 3}


class TestBootstrap:
    def test_an_arm_without_events_has_no_limits(self):
        """Every sample of it is without events too, which is no proof that its risk is 0."""
        arm, x = np.array([1, 0] * 10), np.array([0, 1, 2, 3] * 5)[:, None] * 1.0
        values = np.array([0, 1, 0, 0] * 5)
        found = bootstrap_effect(Observed(values), arm, DesignMatrix(x, ("x",)), weighting=Weighting("ato", False),
                                 **BOOTSTRAP)  # fmt: skip
        told(found.effect, "no event")
        assert found.effect.interval.estimate == pytest.approx(
            estimated(Observed(values), "risk_difference", weigh(
                fit_propensity(arm, DesignMatrix(x, ("x",))), arm, estimand="ato", stabilized=False), arm=arm
            ).interval.estimate
        )  # fmt: skip

    def test_trimming_is_done_anew(self, sample):
        """By hand once more, with the stream of the same name and seed."""
        trim = Weighting("ate", True, trim="range", lower=0.25, upper=0.75)
        found = bootstrap_effect(Observed(sample.level), sample.arm, sample.design, weighting=trim,
                                 **BOOTSTRAP | {"measure": "mean_difference"})  # fmt: skip
        score = fit_propensity(sample.arm, sample.design).score
        kept = (score >= 0.25) & (score <= 0.75)
        again = fit_propensity(sample.arm[kept], DesignMatrix(sample.columns[kept], sample.design.names))
        weights = weigh(again, sample.arm[kept], estimand="ate", stabilized=True)
        beside = estimated(Observed(sample.level[kept]), "mean_difference", weights, arm=sample.arm[kept])
        assert found.effect.interval.estimate == beside.interval.estimate
        assert sum(found.effect.sizes) == kept.sum() < len(kept)
        # the scatter of who is trimmed is in it, and 60 replicates know an error to a tenth
        assert 0.7 * beside.std_error < found.effect.std_error < 2 * beside.std_error

    def test_arms_have_limits_of_the_same_method(self, sample):
        found = bootstrap_effect(Observed(sample.risk), sample.arm, sample.design,
                                 weighting=Weighting("ato", False), **BOOTSTRAP).effect  # fmt: skip
        for arm in (found.first, found.reference):
            assert arm.method == found.interval.method == "bootstrap percentiles"
            assert arm.lower < arm.estimate < arm.upper

    def test_a_confounder_that_tells_the_arm(self):
        arm = np.array([1, 0] * 10)
        found = bootstrap_effect(Observed(arm), arm, DesignMatrix(arm[:, None] * 1.0, ("site",)),
                                 weighting=Weighting("ato", False, trim="crump"), **BOOTSTRAP)  # fmt: skip
        assert math.isnan(found.effect.interval.estimate)
        told(found.effect, "no score")

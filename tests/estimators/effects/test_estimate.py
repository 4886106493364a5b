"""Effects against an implementation written apart, delicatessen, and by hand where something is undefined."""

from __future__ import annotations

import math

import numpy as np
import plain_effects
import pytest
from delicatessen import MEstimator

from npcstats.errors import DataError, SpecError
from npcstats.estimators.effects import Observed, Timed, estimate_effect
from npcstats.estimators.effects.functionals import arm_curve, incidence_at, restricted_mean, survival_at
from npcstats.estimators.effects.hazard import log_hazard_ratio
from npcstats.estimators.types import DesignMatrix
from npcstats.estimators.weighting import fit_propensity, weigh

CLOSED = 1e-9  # of estimates
NUMERICAL = 2e-6  # of standard errors beside numerical derivatives
TIMES = ("survival_difference", "restricted_mean_difference", "incidence_difference")


def cases():
    yield from ((measure, None, "") for measure in ("risk_difference", "risk_ratio", "odds_ratio", "mean_difference"))
    yield from ((measure, 9.0, "") for measure in TIMES)
    yield from (("hazard_ratio", None, ties) for ties in ("efron", "breslow"))


def outcome_of(sample, measure):
    if measure.startswith(("risk", "odds")):
        return Observed(sample.risk), sample.risk
    if measure.startswith("mean"):
        return Observed(sample.level), sample.level
    return Timed(sample.time, sample.cause), (sample.time, sample.cause)


def weights_of(sample, estimand, stabilized=False):
    return weigh(fit_propensity(sample.arm, sample.design), sample.arm, estimand=estimand, stabilized=stabilized)


@pytest.mark.parametrize("estimand", ["ate", "att", "ato"])
@pytest.mark.parametrize(("measure", "at", "ties"), [*cases()])
def test_estimate_and_standard_error(sample, estimand, measure, at, ties):
    ours, theirs = outcome_of(sample, measure)
    weights = weights_of(sample, estimand)
    found = estimate_effect(ours, sample.arm, measure=measure, weights=weights, conf_level=0.95, at=at, ties=ties)
    ratio = measure.endswith("ratio")
    value = math.log(found.interval.estimate) if ratio else found.interval.estimate
    assert value == pytest.approx(
        plain_effects.estimate(theirs, sample.arm, weights.values, measure, at, ties), abs=CLOSED
    )
    error = plain_effects.standard_error(theirs, sample.arm, sample.columns, estimand, measure, at, ties)
    assert found.std_error == pytest.approx(error, rel=NUMERICAL)
    # the normal quantile of 0.975, from a table
    limits = (value - 1.959963984540054 * error, value + 1.959963984540054 * error)
    shown = (found.interval.lower, found.interval.upper)
    assert [math.log(limit) if ratio else limit for limit in shown] == pytest.approx(limits, abs=1e-5)


@pytest.mark.parametrize("measure", ["risk_difference", "risk_ratio"])
def test_weighted_risk_beside_delicatessen(sample, measure):
    rows = np.column_stack([np.ones(len(sample.arm)), sample.columns])
    a, y = sample.arm, sample.risk

    def equations(theta):
        score = 1 / (1 + np.exp(-rows @ theta[2:]))
        return np.vstack([
            a * (1 - score) * (y - theta[0]), (1 - a) * score * (y - theta[1]), (a - score) * rows.T
        ])  # fmt: skip

    reference = MEstimator(equations, init=[0.4, 0.5, 0, 0, 0, 0])
    reference.estimate(solver="lm", maxiter=5000)
    first, second = reference.theta[:2]
    slope = np.array([1.0, -1.0]) if measure == "risk_difference" else np.array([1 / first, -1 / second])
    error = math.sqrt(slope @ reference.variance[:2, :2] @ slope)
    found = estimate_effect(Observed(y), a, measure=measure, weights=weights_of(sample, "ato"), conf_level=0.9)
    expected = first - second if measure == "risk_difference" else first / second
    assert found.interval.estimate == pytest.approx(expected, rel=1e-7)
    assert found.std_error == pytest.approx(error, rel=1e-6)  # its derivatives are numerical


def test_stabilized_weights_change_only_the_hazard_ratio(sample):
    plainly, stable = weights_of(sample, "ate"), weights_of(sample, "ate", stabilized=True)
    for measure, at, ties in cases():
        ours, _ = outcome_of(sample, measure)
        asked = {"measure": measure, "conf_level": 0.95, "at": at, "ties": ties}
        one, other = (estimate_effect(ours, sample.arm, weights=w, **asked) for w in (plainly, stable))
        same = one.interval.estimate == pytest.approx(other.interval.estimate, abs=CLOSED)
        assert same == (measure != "hazard_ratio")
        if same:
            assert one.std_error == pytest.approx(other.std_error, abs=CLOSED)


def test_derivatives_by_each_weight(sample):
    """Curves, and the coefficient under either rule for ties, differentiated numerically in every weight."""
    stream = np.random.default_rng(3)
    weight, arm = stream.uniform(0.2, 2.0, len(sample.arm)), sample.arm == 1
    outcome, times = Timed(sample.time, sample.cause), np.array([0.5, 4.0, 9.0, sample.time[arm].max()])
    functionals = [
        lambda w: survival_at(arm_curve(outcome, w, arm), times),
        lambda w: restricted_mean(arm_curve(outcome, w, arm), 9.0),
        lambda w: incidence_at(arm_curve(outcome, w, arm), times, 2),
        lambda w: log_hazard_ratio(outcome, w, arm, "efron"),
        lambda w: log_hazard_ratio(outcome, w, arm, "breslow"),
    ]
    for functional in functionals:
        slope = functional(weight).slope
        for i in range(0, len(weight), 7):
            up, down = weight.copy(), weight.copy()
            up[i] += 1e-5
            down[i] -= 1e-5
            expected = (functional(up).value - functional(down).value) / 2e-5
            assert slope[i] == pytest.approx(expected, abs=1e-8)


def test_labels_swapped_turn_the_effect_round(sample):
    swapped = 1 - sample.arm
    mirrored = weigh(fit_propensity(swapped, sample.design), swapped, estimand="ato", stabilized=False)
    for measure, at, ties in cases():
        ours, _ = outcome_of(sample, measure)
        asked = {"measure": measure, "conf_level": 0.95, "at": at, "ties": ties}
        one = estimate_effect(ours, sample.arm, weights=weights_of(sample, "ato"), **asked)
        other = estimate_effect(ours, swapped, weights=mirrored, **asked)
        sign = (lambda x: 1 / x) if measure.endswith("ratio") else (lambda x: -x)
        assert one.interval.estimate == pytest.approx(sign(other.interval.estimate), rel=1e-8)
        assert one.std_error == pytest.approx(other.std_error, rel=1e-8)


class TestByHand:
    """Four in the first arm, three in the reference."""

    arm = np.array([1, 1, 1, 1, 0, 0, 0])

    def test_unweighted_risk_difference(self):
        """2/4 - 1/3; variance 0.5 * 0.5 / 4 + (1/3)(2/3) / 3 = 0.0625 + 0.0740741."""
        found = estimate_effect(
            Observed([1, 1, 0, 0, 1, 0, 0]), self.arm, measure="risk_difference", weights=None, conf_level=0.95
        )
        assert found.interval.estimate == pytest.approx(1 / 6)
        assert found.std_error == pytest.approx(math.sqrt(1 / 16 + 2 / 27))
        assert (found.sizes, found.effective_sizes, found.events) == ((4, 3), (4.0, 3.0), (2, 1))
        assert (found.first.estimate, found.reference.estimate) == (pytest.approx(0.5), pytest.approx(1 / 3))

    def test_hazard_ratio_of_few(self):
        """Times 1 to 7, arm of each 1 0 1 0 1 0 1, all events: the score by hand is 0 where beta solves it."""
        arm = np.array([1, 0, 1, 0, 1, 0, 1])
        found = estimate_effect(
            Timed(np.arange(1.0, 8.0), np.ones(7)), arm, measure="hazard_ratio", weights=None, conf_level=0.95,
            ties="breslow",
        )  # fmt: skip
        ratio = found.interval.estimate
        at_risk = [(4, 3), (3, 3), (3, 2), (2, 2), (2, 1), (1, 1), (1, 0)]
        assert sum(first * ratio / (first * ratio + other) for first, other in at_risk) == pytest.approx(4.0)

    @pytest.mark.parametrize(
        ("values", "measure", "estimate", "why"),
        [
            ([1, 1, 0, 0, 0, 0, 0], "risk_difference", 0.5, "nothing but events"),
            ([1, 1, 0, 0, 0, 0, 0], "risk_ratio", math.nan, "no event"),
            ([1, 1, 1, 1, 1, 0, 0], "odds_ratio", math.nan, "no odds ratio"),
            ([2, 2, 2, 2, 1, 2, 3], "mean_difference", 0.0, "the same"),
        ],
    )
    def test_an_arm_that_does_not_vary(self, values, measure, estimate, why):
        found = estimate_effect(Observed(values), self.arm, measure=measure, weights=None, conf_level=0.95)
        assert found.interval.estimate == pytest.approx(estimate, nan_ok=True)
        assert math.isnan(found.interval.lower)
        assert math.isnan(found.std_error)
        assert why in found.note

    def test_nobody_in_an_arm(self):
        found = estimate_effect(
            Observed([1, 0]), np.array([1, 1]), measure="risk_difference", weights=None, conf_level=0.95
        )
        assert found.note == "An arm has nobody."
        assert math.isnan(found.interval.estimate)

    def test_one_in_an_arm(self):
        found = estimate_effect(
            Observed([3.0, 1.0, 2.0]), np.array([1, 0, 0]), measure="mean_difference", weights=None, conf_level=0.95
        )
        assert found.interval.estimate == pytest.approx(1.5)
        assert "one participant" in found.note
        assert math.isnan(found.interval.upper)

    def test_a_column_that_tells_the_arm(self):
        score = fit_propensity(self.arm, DesignMatrix(self.arm[:, np.newaxis] * 1.0, ("site",)))
        weights = weigh(score, self.arm, estimand="ato", stabilized=False)
        found = estimate_effect(
            Observed(np.ones(7)), self.arm, measure="risk_difference", weights=weights, conf_level=0.95
        )
        assert "site separates the arms" in found.note
        assert math.isnan(found.interval.estimate)

    def test_beyond_the_last_time_of_an_arm(self):
        outcome = Timed([1, 2, 3, 9, 1, 2, 4], [1, 0, 1, 0, 1, 1, 0])
        for measure in TIMES:
            at_end = estimate_effect(outcome, self.arm, measure=measure, weights=None, conf_level=0.95, at=4.0)
            beyond = estimate_effect(outcome, self.arm, measure=measure, weights=None, conf_level=0.95, at=4.5)
            assert math.isfinite(at_end.interval.estimate)
            assert math.isnan(beyond.interval.estimate)
            assert "beyond the last" in beyond.note

    def test_hazard_ratio_without_an_event_in_one_arm(self):
        outcome = Timed([1, 2, 3, 4, 1, 2, 3], [1, 0, 1, 0, 0, 0, 0])
        found = estimate_effect(outcome, self.arm, measure="hazard_ratio", weights=None, conf_level=0.95, ties="efron")
        assert "no event" in found.note
        assert math.isnan(found.interval.estimate)

    def test_hazard_ratio_without_a_maximum(self):
        """Nobody of the reference is left at the events of the first arm; an event of both at 2 changes that."""
        asked = {"measure": "hazard_ratio", "weights": None, "conf_level": 0.95, "ties": "efron"}
        found = estimate_effect(Timed([5, 6, 7, 8, 1, 2, 3], [1] * 7), self.arm, **asked)
        assert "no event happens while the other is at risk" in found.note
        assert math.isnan(found.interval.estimate)
        assert math.isfinite(estimate_effect(Timed([2, 6, 7, 8, 1, 2, 3], [1] * 7), self.arm, **asked).std_error)


@pytest.mark.parametrize(
    ("asked", "error", "what"),
    [
        ({"measure": "risk"}, SpecError, "measure"),
        ({"measure": "hazard_ratio", "ties": "efron"}, SpecError, "times and causes"),
        ({"measure": "risk_difference", "at": 3.0}, SpecError, "at"),
        ({"measure": "risk_difference", "ties": "efron"}, SpecError, "ties"),
        ({"measure": "risk_difference", "conf_level": 95}, SpecError, "conf_level"),
    ],
)
def test_what_is_refused(asked, error, what):
    chosen = {"weights": None, "conf_level": 0.95} | asked
    with pytest.raises(error, match=what):
        estimate_effect(Observed([0, 1, 1]), [1, 0, 1], **chosen)


def test_values_that_do_not_fit():
    with pytest.raises(DataError, match="not all 0 or 1"):
        estimate_effect(Observed([0, 2, 1]), [1, 0, 1], measure="risk_difference", weights=None, conf_level=0.95)
    with pytest.raises(DataError, match="fractions"):
        Timed([1.0, 2.0], [0, 0.5])

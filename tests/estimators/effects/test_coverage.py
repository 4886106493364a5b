"""How often 95 % intervals hold what is true of a million made participants, each seen in both arms."""

from __future__ import annotations

import math

import numpy as np
import pytest

from npcstats.estimators.effects import Observed, Timed, bootstrap_effect, estimate_effect, estimate_effect_by_model
from npcstats.estimators.effects.resampling import Weighting
from npcstats.estimators.types import DesignMatrix
from npcstats.estimators.weighting import Weights, fit_propensity, weigh

pytestmark = pytest.mark.slow

SIZE, REPLICATES, EVERYBODY = 500, 4000, 1_000_000
AT = 24.0
ASKED = {
    "mean_difference": {},
    "risk_difference": {},
    "hazard_ratio": {"ties": "efron"},
    "survival_difference": {"at": AT},
    "restricted_mean_difference": {"at": AT},
    "incidence_difference": {"at": AT},
}
RATIOS = ("hazard_ratio",)


def people(n, stream):
    """Covariates: two continuous ones, one binary that goes with the first."""
    x = stream.normal(size=(n, 2))
    return np.column_stack([x, stream.random(n) < 1 / (1 + np.exp(-x[:, 0]))])


def score(x):
    return 1 / (1 + np.exp(-(-0.2 + x @ [0.7, -0.5, 0.6])))


def outcomes(x, arm, stream):
    """Level, event, time and cause in an arm; what makes the first arm likely makes events likely too."""
    n, harm = len(x), x @ [0.5, -0.3, 0.4]
    level = harm + 0.4 * arm + 0.3 * arm * x[:, 0] + stream.normal(size=n)
    risk = stream.random(n) < 1 / (1 + np.exp(-(-0.8 + harm - 0.7 * arm)))
    interest = stream.exponential(1 / (0.022 * np.exp(harm - 0.5 * arm)))
    other = stream.exponential(1 / (0.008 * np.exp(0.5 * harm)))
    censored = stream.uniform(12, 60, n)
    time = np.minimum(np.minimum(interest, other), censored)
    cause = np.where(time == censored, 0, np.where(time == interest, 1, 2))
    return level, risk.astype(float), np.ceil(time * 10) / 10, cause


def outcome_of(measure, seen):
    if measure == "mean_difference":
        return Observed(seen[0])
    return Observed(seen[1]) if measure == "risk_difference" else Timed(seen[2], seen[3])


def estimated(measure, seen, arm, weights):
    found = estimate_effect(
        outcome_of(measure, seen), arm, measure=measure, weights=weights, conf_level=0.95, **ASKED[measure]
    )
    turn = math.log if measure in RATIOS else float
    return np.array([
        turn(found.interval.estimate), turn(found.interval.lower), turn(found.interval.upper), found.std_error
    ])  # fmt: skip


@pytest.fixture(scope="module")
def truth():
    """Everybody in both arms, weighted by whom the estimand averages over; known weights, no confounding."""
    stream = np.random.default_rng(20_240_601)
    x = people(EVERYBODY, stream)
    parts = [outcomes(x, np.full(EVERYBODY, a), stream) for a in (1, 0)]
    seen = [np.concatenate(pair) for pair in zip(*parts, strict=True)]
    arm, e = np.repeat([1, 0], EVERYBODY), np.tile(score(x), 2)
    none = np.zeros((len(arm), 0))
    found = {}
    for estimand, tilt in (("ate", np.ones(len(arm))), ("att", e), ("ato", e * (1 - e))):
        weights = Weights(tilt, arm == 1, estimand, False, "known", none, none)
        found[estimand] = {measure: estimated(measure, seen, arm, weights)[0] for measure in ASKED}
    return found


def made(seed):
    stream = np.random.default_rng([20_240_601, seed])
    x = people(SIZE, stream)
    arm = (stream.random(SIZE) < score(x)).astype(int)
    return x, arm, outcomes(x, arm, stream)


def told(name, values, true):
    """Print and return coverage, bias in standard deviations, and mean standard error over the standard deviation."""
    covered = np.mean((values[:, 1] <= true) & (true <= values[:, 2]))
    deviation = values[:, 0].std(ddof=1)
    bias, errors = (values[:, 0].mean() - true) / deviation, values[:, 3].mean() / deviation
    print(f"{name}: truth {true:.4f} covered {100 * covered:.1f} % bias {bias:+.3f} SD, mean SE / SD {errors:.3f}")
    return covered, bias, errors


@pytest.mark.parametrize("estimand", ["ate", "att", "ato"])
def test_intervals_by_weights(truth, estimand):
    """Of 4,000 samples of 500 between 93 and 97 of 100 hold the truth; without weights far fewer."""
    found = {measure: [] for measure in ASKED}
    naive = []
    for seed in range(REPLICATES):
        x, arm, seen = made(seed)
        weights = weigh(
            fit_propensity(arm, DesignMatrix(x, ("x1", "x2", "x3"))), arm, estimand=estimand, stabilized=False
        )
        for measure, values in found.items():
            values.append(estimated(measure, seen, arm, weights))
        naive.append(estimated("risk_difference", seen, arm, None))
    for measure, values in found.items():
        covered, bias, errors = told(f"{estimand} {measure}", np.array(values), truth[estimand][measure])
        assert 0.93 <= covered <= 0.97
        assert abs(bias) < 0.1
        assert errors == pytest.approx(1, abs=0.07)
    assert told("unadjusted", np.array(naive), truth[estimand]["risk_difference"])[0] < 0.85


@pytest.mark.parametrize("method", ["g-computation", "aipw"])
def test_intervals_by_models(truth, method):
    for measure in ("mean_difference", "risk_difference"):
        values = []
        for seed in range(REPLICATES):
            x, arm, seen = made(seed)
            found = estimate_effect_by_model(
                outcome_of(measure, seen), arm, DesignMatrix(x, ("x1", "x2", "x3")), measure=measure, method=method,
                estimand="ate", arms="apart", conf_level=0.95,
            )  # fmt: skip
            values.append([found.interval.estimate, found.interval.lower, found.interval.upper, found.std_error])
        covered, _, _ = told(f"{method} {measure}", np.array(values), truth["ate"][measure])
        assert 0.93 <= covered <= 0.97


def test_intervals_of_the_bootstrap(truth):
    """1,000 samples with 200 replicates each, which is what the coverage of percentiles needs to be near."""
    values = []
    for seed in range(1000):
        x, arm, seen = made(seed)
        found = bootstrap_effect(
            Observed(seen[1]), arm, DesignMatrix(x, ("x1", "x2", "x3")), weighting=Weighting("ato", False),
            measure="risk_difference", conf_level=0.95, replicates=200, name="coverage", seed=seed,
        ).effect  # fmt: skip
        values.append([found.interval.estimate, found.interval.lower, found.interval.upper, found.std_error])
    covered, _, _ = told("bootstrap risk_difference", np.array(values), truth["ato"]["risk_difference"])
    assert 0.925 <= covered <= 0.97  # 200 replicates leave percentiles about half a point short

"""Cox regression: likelihoods worked by hand, invariants, and known truth."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest
from cox_models import EVERYTHING, MAXIMUM, fit, of, same, trial
from scipy import optimize, stats

# derivatives by central differences of a maximum
DERIVATIVE = 1e-5
Z = 1.959963984540054


def test_four_participants_by_hand() -> None:
    """Events at 1 2 3 4 of x = 1 0 1 0. With r = exp(b) the likelihood is r^2 / ((2r+2) (r+2) (r+1) 1).

    Its derivative is 2 - 2r/(r+1) - r/(r+2), 0 where r^2 - r - 4 = 0. Information 2r/(r+1)^2 + 2r/(r+2)^2.
    Where b is 0: likelihood 1/24, derivative 2/3, information 1/4 + 2/9 + 1/4 = 13/18.
    """
    r = (1 + math.sqrt(17)) / 2
    model = fit([1, 2, 3, 4], [1, 1, 1, 1], [1, 0, 1, 0])
    information = 2 * r / (r + 1) ** 2 + 2 * r / (r + 2) ** 2
    loglik = 2 * math.log(r) - math.log((2 * r + 2) * (r + 2) * (r + 1))
    se = 1 / math.sqrt(information)
    assert model.coef[0] == pytest.approx(math.log(r), rel=MAXIMUM)
    assert model.std_error[0] == pytest.approx(se, rel=MAXIMUM)
    assert model.loglik == pytest.approx(loglik, rel=MAXIMUM)
    assert model.loglik_null == pytest.approx(-math.log(24), rel=MAXIMUM)
    assert model.score_test.statistic == pytest.approx((2 / 3) ** 2 / (13 / 18), rel=MAXIMUM)
    assert model.wald_test.statistic == pytest.approx((math.log(r) / se) ** 2, rel=MAXIMUM)
    assert model.likelihood_ratio_test.statistic == pytest.approx(2 * (loglik + math.log(24)), rel=MAXIMUM)
    ratio = model.interval("x0")
    assert ratio.estimate == pytest.approx(r, rel=MAXIMUM)
    assert ratio.lower == pytest.approx(r * math.exp(-Z * se), rel=MAXIMUM)
    assert ratio.upper == pytest.approx(r * math.exp(Z * se), rel=MAXIMUM)
    assert (model.n, model.n_events, model.converged, model.penalized, model.note) == (4, 4, True, False, "")


def test_a_tie_by_hand() -> None:
    """Two events at 1, of x = 1 and 0, and one of x = 0 censored at 2.

    Breslow: r / (r+2)^2 is largest at r = 2, information 2 * 2r/(r+2)^2 = 1/2. Efron: the second denominator
    leaves out half of r + 1, so r / ((r+2) (r+3)/2), largest at r^2 = 6, information 2r/(r+2)^2 + 3r/(r+3)^2.
    """
    breslow = fit([1, 1, 2], [1, 1, 0], [1, 0, 0], ties="breslow")
    assert breslow.coef[0] == pytest.approx(math.log(2), rel=MAXIMUM)
    assert breslow.std_error[0] == pytest.approx(math.sqrt(2), rel=MAXIMUM)
    efron, r = fit([1, 1, 2], [1, 1, 0], [1, 0, 0]), math.sqrt(6)
    assert efron.coef[0] == pytest.approx(math.log(r), rel=MAXIMUM)
    assert efron.std_error[0] ** -2 == pytest.approx(2 * r / (r + 2) ** 2 + 3 * r / (r + 3) ** 2, rel=MAXIMUM)


def test_delayed_entry_by_hand() -> None:
    """Events at 1 of x = 1 and at 2 of x = 0, censored at 3 one of x = 1.

    All from the start: r/(2r+1) * 1/(r+1), derivative 1 - 2r/(2r+1) - r/(r+1), 0 at r^2 = 1/2. If the second entered
    at 1 the first event has no choice but r/2r, and a fourth, x = 0, censored at 3, gives r/(2r+1) * 1/(r+2): r = 1.
    """
    assert fit([1, 2, 3], [1, 1, 0], [1, 0, 1]).coef[0] == pytest.approx(math.log(0.5) / 2, rel=MAXIMUM)
    late = fit([1, 2, 3, 3], [1, 1, 0, 0], [1, 0, 1, 0], entry=[0, 1, 0, 0])
    assert late.coef[0] == pytest.approx(0, abs=MAXIMUM)
    assert late.std_error[0] ** -2 == pytest.approx(2 / 9 + 2 / 9, rel=MAXIMUM)


def test_baseline_hazard_by_hand() -> None:
    """With r = sqrt(6) the hazard at 1 of x = 0 is 1/(r+2) + 2/(r+3) by Efron; by Breslow, r = 2, it is 2/4."""
    r = math.sqrt(6)
    curve = fit([1, 1, 2], [1, 1, 0], [1, 0, 0]).cumulative_hazard([0.0])
    assert curve.time.tolist() == [1]
    assert curve.cumulative_hazard[0] == pytest.approx(1 / (r + 2) + 2 / (r + 3), rel=MAXIMUM)
    breslow = fit([1, 1, 2], [1, 1, 0], [1, 0, 0], ties="breslow").cumulative_hazard([1.0])
    assert breslow.cumulative_hazard[0] == pytest.approx(2 * 2 / 4, rel=MAXIMUM)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_likelihood_is_that_of_its_definition(ties: str) -> None:
    """Risk sets listed one by one, at the estimate and at 0."""
    data = trial(60)
    model = of(data, "entry", "strata", "weights", ties=ties)

    def loglik(coef: npt.NDArray[np.float64]) -> float:
        eta, total = data["x"] @ coef, 0.0
        for s in np.unique(data["strata"]):
            for t in np.unique(data["time"][(data["strata"] == s) & data["event"]]):
                risk = (data["strata"] == s) & (data["time"] >= t) & (data["entry"] < t)
                dead = risk & (data["time"] == t) & data["event"]
                w, d = data["weights"], dead.sum()
                total += w[dead] @ eta[dead]
                for k in range(d):
                    share = k / d if ties == "efron" else 0.0
                    left = (w * np.exp(eta))[risk].sum() - share * (w * np.exp(eta))[dead].sum()
                    total -= w[dead].mean() * math.log(left)
        return total

    assert model.loglik == pytest.approx(loglik(model.coef), rel=MAXIMUM)
    assert model.loglik_null == pytest.approx(loglik(np.zeros(3)), rel=MAXIMUM)
    step = 1e-4
    for j in range(3):
        e = np.eye(3)[j] * step
        slope = (loglik(model.coef + e) - loglik(model.coef - e)) / (2 * step)
        assert slope == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_robust_variance_is_that_of_the_derivatives_by_weight(ties: str) -> None:
    """The infinitesimal jackknife: what a small change of each participant's weight does to the coefficients."""
    data, step = trial(60), 1e-4
    model = of(data, "entry", "strata", "weights", ties=ties)
    assert "robust variance" in model.method
    influence = []
    for i in range(60):
        up, down = data["weights"].copy(), data["weights"].copy()
        up[i] += step
        down[i] -= step
        change = of(data, "entry", "strata", "weights", ties=ties, weights=up).coef
        change = change - of(data, "entry", "strata", "weights", ties=ties, weights=down).coef
        influence.append(data["weights"][i] * change / (2 * step))
    np.testing.assert_allclose(model.vcov, np.transpose(influence) @ influence, rtol=DERIVATIVE)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_row_order_and_names_of_strata_do_not_matter(ties: str) -> None:
    data = trial()
    order = np.random.default_rng(2).permutation(len(data["time"]))
    shuffled = {name: values[order] for name, values in data.items()}
    shuffled["strata"] = np.array(["z", "m", "a"])[shuffled["strata"]]
    same(of(data, *EVERYTHING, ties=ties), of(shuffled, *EVERYTHING, ties=ties))


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_splitting_rows_changes_nothing(ties: str) -> None:
    """A participant followed in pieces is one participant, in the robust variance too where the cluster says so."""
    data = trial()
    cut = (data["entry"] + data["time"]) / 2
    halves = {name: np.concatenate([values, values]) for name, values in data.items()}
    halves["entry"] = np.concatenate([data["entry"], cut])
    halves["time"] = np.concatenate([cut, data["time"]])
    halves["event"] = np.concatenate([np.zeros(len(cut), dtype=bool), data["event"]])
    same(of(data, *EVERYTHING, ties=ties), of(halves, *EVERYTHING, ties=ties))


def test_whole_weights_count_copies() -> None:
    """By Breslow: to Efron the copies of an event are ties."""
    data = trial()
    counts = np.random.default_rng(3).integers(1, 4, len(data["time"]))
    copies = {name: np.repeat(values, counts, axis=0) for name, values in data.items()}
    same(
        of(data, "entry", "strata", "weights", weights=counts, ties="breslow"),
        of(copies, "entry", "strata", ties="breslow"),
    )


def test_a_row_of_weight_zero_is_not_there() -> None:
    data = trial()
    weights = data["weights"] * (np.arange(len(data["time"])) % 3 > 0)
    kept = {name: values[weights > 0] for name, values in data.items()}
    model = of(data, *EVERYTHING, weights=weights)
    same(model, of(kept, *EVERYTHING))
    assert model.n == np.count_nonzero(weights)


def test_scale_of_weights_cancels_in_coefficients_and_robust_variance() -> None:
    data = trial()
    small = of(data, "entry", "weights", weights=data["weights"] * 1e-6)
    large = of(data, "entry", "weights")
    np.testing.assert_allclose(small.coef, large.coef, rtol=MAXIMUM)
    np.testing.assert_allclose(small.vcov, large.vcov, rtol=1e-8)


def test_units_of_covariates_and_time() -> None:
    data = trial()
    model = of(data, *EVERYTHING)
    scale = np.array([1e6, 1e-6, 10.0])
    other = of(data, *EVERYTHING, x=data["x"] * scale + [1e7, 0, 5])
    np.testing.assert_allclose(other.coef * scale, model.coef, rtol=1e-8)
    np.testing.assert_allclose(other.vcov * np.outer(scale, scale), model.vcov, rtol=1e-8)
    same(of(data, *EVERYTHING, time=data["time"] * 30.4375, entry=data["entry"] * 30.4375), model)


def test_times_count_by_their_order_only() -> None:
    data = trial()
    stretched = of(data, time=data["time"] ** 3)
    same(stretched, of(data))
    for transform in ("km", "rank"):
        assert stretched.ph_test(transform).statistic == pytest.approx(of(data).ph_test(transform).statistic, rel=1e-9)


def test_times_that_differ_by_rounding_are_ties() -> None:
    data = trial()
    noise = 1e-12 * np.random.default_rng(4).random(len(data["time"]))
    same(of(data), of(data, time=data["time"] + noise))


def test_ties_do_not_matter_where_there_are_none() -> None:
    data = trial(tied=False)
    same(of(data, *EVERYTHING), of(data, *EVERYTHING, ties="breslow"))


def test_many_strata_are_as_few() -> None:
    """More strata than are summed one by one: pairs, against the conditional logistic likelihood of the first event."""
    draw = np.random.default_rng(5)
    pairs, x = np.repeat(np.arange(300), 2), draw.normal(size=600)
    time = np.tile([1.0, 2.0], 300)
    model = fit(time, time == 1, x, strata=pairs)
    difference = x[0::2] - x[1::2]

    def loglik(b: float) -> float:
        return float(-np.log1p(np.exp(-b * difference)).sum())

    best = optimize.minimize_scalar(lambda b: -loglik(b), bracket=(-1, 1), tol=1e-12)
    assert model.coef[0] == pytest.approx(best.x, abs=1e-6)
    assert model.loglik == pytest.approx(loglik(model.coef[0]), rel=MAXIMUM)


def test_contrast_by_hand() -> None:
    model = of(trial(), *EVERYTHING)
    weights = np.array([1.0, -2.0, 0.5])
    contrast = model.contrast(weights)
    se = math.sqrt(weights @ model.vcov @ weights)
    assert contrast.estimate == pytest.approx(weights @ model.coef, rel=MAXIMUM)
    assert contrast.std_error == pytest.approx(se, rel=MAXIMUM)
    assert contrast.lower == pytest.approx(contrast.estimate - Z * se, rel=MAXIMUM)
    assert contrast.p_value == pytest.approx(2 * stats.norm.sf(abs(contrast.estimate / se)), rel=1e-9)
    one = model.contrast([0, 1, 0])
    assert (one.lower, one.upper) == pytest.approx((model.lower[1], model.upper[1]), rel=MAXIMUM)


def test_residuals_average_to_the_coefficient() -> None:
    model = of(trial(), "entry", "strata")
    residuals = model.ph_test().residuals
    np.testing.assert_allclose(residuals.mean(axis=0), model.coef, rtol=1e-9)
    assert residuals.shape == (model.n_events, 3)


def test_the_test_of_proportional_hazards_by_splitting_time() -> None:
    """The score of an added product of x and time, at its coefficient 0: rows split at every event time say the same.

    The statistic is the score's square over the information left when that about the coefficients is taken out; both
    come from the definition here.
    """
    data = trial(60)
    model = of(data)
    x, b = data["x"], model.coef
    at = data["time"] - data["time"][data["event"]].mean()
    score, information = np.zeros(6), np.zeros((6, 6))
    for t in np.unique(data["time"][data["event"]]):
        risk, dead = data["time"] >= t, (data["time"] == t) & data["event"]
        g = at[np.flatnonzero(dead)[0]]
        both = np.concatenate([x, g * x], axis=1)
        for k in range(dead.sum()):
            r = np.exp(x @ b) * (risk - k / dead.sum() * dead)
            mean = r @ both / r.sum()
            score += both[dead].mean(axis=0) - mean
            information += (both - mean).T @ ((both - mean) * r[:, np.newaxis]) / r.sum()
    expected = score @ np.linalg.solve(information, score)
    assert model.ph_test("identity").statistic == pytest.approx(expected, rel=1e-8)


REPLICATES = 2000
# Monte-Carlo error of a coverage of 95 % is 0.49 %; four of them, and half a percent for the size of the samples
COVERAGE = (0.95 - 0.025, 0.95 + 0.025)


@pytest.mark.slow
def test_limits_cover_the_truth() -> None:
    """Exponential hazards with log ratios 0.7 and -0.5; with weights that depend on a covariate, robust limits."""
    draw, truth = np.random.default_rng(10), np.array([0.7, -0.5])
    covered, covered_robust, rejected = np.zeros(2), np.zeros(2), 0
    for _ in range(REPLICATES):
        x = np.column_stack([draw.integers(0, 2, 200), draw.normal(size=200)])
        time, censored = draw.exponential(np.exp(-x @ truth)), draw.exponential(2, 200)
        observed, event = np.minimum(time, censored), time <= censored
        model = fit(observed, event, *x.T)
        weighted = fit(observed, event, *x.T, weights=np.exp(0.5 * x[:, 1]))
        covered += (model.lower < truth) & (truth < model.upper)
        covered_robust += (weighted.lower < truth) & (truth < weighted.upper)
        rejected += model.ph_test().p_value < 0.05
    for share in (*(covered / REPLICATES), *(covered_robust / REPLICATES), 1 - rejected / REPLICATES):
        assert COVERAGE[0] < share < COVERAGE[1]


@pytest.mark.slow
def test_penalized_limits_cover_the_truth_where_half_the_samples_separate() -> None:
    """A log ratio of -2.5 with few events: limits of either kind cover, and no ratio is beyond reason."""
    draw, truth, covered, penalized = np.random.default_rng(11), -2.5, 0, 0
    for _ in range(REPLICATES):
        arm = np.repeat([0, 1], 25)
        time = draw.exponential(np.exp(-truth * arm))
        model = fit(np.minimum(time, 0.6), time < 0.6, arm)
        penalized += model.penalized
        covered += model.lower[0] < truth < model.upper[0]
        assert model.hazard_ratio[0] < 1e3
    assert 0.2 < penalized / REPLICATES < 0.6
    assert covered / REPLICATES > COVERAGE[0]

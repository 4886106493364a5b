"""Cox regression: likelihoods worked by hand, invariants, separation, what cannot be estimated, and known truth."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy import optimize, stats

from npcstats.errors import DataError, SpecError
from npcstats.estimators.timetoevent import Cox, firth, fit_cox
from npcstats.estimators.types import DesignMatrix

# a maximum reached to rounding, and functions of it
MAXIMUM = 1e-10
# limits from a profile, each point of it a maximum
PROFILE = 1e-7
# derivatives by central differences of a maximum
DERIVATIVE = 1e-5

Z = 1.959963984540054


def design(*columns: Any, names: tuple[str, ...] = ()) -> DesignMatrix:
    return DesignMatrix(np.column_stack(columns), names or tuple(f"x{j}" for j in range(len(columns))))


def fit(time: Any, event: Any, *columns: Any, ties: str = "efron", **options: Any) -> Cox:
    return fit_cox(time, event, design(*columns), ties=ties, conf_level=0.95, **options)


def trial(n: int = 120, seed: int = 1, tied: bool = True) -> dict[str, Any]:
    """Three covariates, strata, delayed entry and weights; effects 0.6, -0.4 and 0."""
    draw = np.random.default_rng(seed)
    x = np.column_stack([draw.normal(size=n), draw.integers(0, 2, n), draw.uniform(0, 10, n)])
    entry = draw.integers(0, 3, n).astype(float)
    time = entry + np.minimum(draw.exponential(np.exp(-x @ [0.6, -0.4, 0.0])), 4.0 if tied else np.inf) + 0.01
    return {
        "time": np.ceil(4 * time) / 4 if tied else time,
        "event": draw.random(n) < 0.8,
        "x": x,
        "entry": entry,
        "strata": draw.integers(0, 3, n),
        "weights": draw.uniform(0.2, 3, n),
        "cluster": draw.integers(0, n // 4, n),
    }


def of(data: dict[str, Any], *with_: str, ties: str = "efron", **changed: Any) -> Cox:
    data = data | changed
    options = {name: data[name] for name in with_}
    return fit_cox(data["time"], data["event"], design(*np.transpose(data["x"])), ties=ties, conf_level=0.95, **options)


EVERYTHING = ("entry", "strata", "weights", "cluster")


def same(a: Cox, b: Cox, rtol: float = MAXIMUM) -> None:
    for name in ("coef", "vcov", "model_vcov", "lower", "upper", "loglik", "loglik_null"):
        np.testing.assert_allclose(getattr(a, name), getattr(b, name), rtol=rtol, atol=1e-12)


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


# separation


@pytest.mark.parametrize(("with_event", "others"), [(1, 1), (6, 6), (3, 10), (40, 2)])
@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_one_event_by_hand(with_event: int, others: int, ties: str) -> None:
    """One event, in a group of n1 with n0 others: log p + log(p (1-p)) / 2, p = n1 r / (n1 r + n0).

    It is largest at p = 3/4, so r = 3 n0 / n1, where the information is 3/16; the limits are where it is lower by
    half the chi-squared quantile, and the test compares with p = n1 / (n1 + n0).
    """
    n = with_event + others
    group = np.arange(n) < with_event
    model = fit(np.arange(n) + 1.0, np.arange(n) == 0, group, ties=ties)

    def value(p: float) -> float:
        return 1.5 * math.log(p) + 0.5 * math.log1p(-p)

    def effect(p: float) -> float:
        return math.log(p * others / ((1 - p) * with_event))

    level = value(0.75) - stats.chi2.isf(0.05, 1) / 2
    low = optimize.brentq(lambda p: value(p) - level, 1e-9, 0.75, xtol=1e-15)
    high = optimize.brentq(lambda u: value(1 - u) - level, 1e-14, 0.25, xtol=1e-18)
    assert model.penalized
    assert model.hazard_ratio[0] == pytest.approx(3 * others / with_event, rel=PROFILE)
    assert model.std_error[0] == pytest.approx(4 / math.sqrt(3), rel=PROFILE)
    assert model.lower[0] == pytest.approx(effect(low), rel=PROFILE)
    assert model.upper[0] == pytest.approx(math.log((1 - high) * others / (high * with_event)), rel=PROFILE)
    statistic = 2 * (value(0.75) - value(with_event / n))
    assert model.p_value[0] == pytest.approx(stats.chi2.sf(statistic, 1), rel=1e-6)
    assert model.likelihood_ratio_test.statistic == pytest.approx(statistic, rel=1e-6, abs=1e-9)


def test_an_arm_without_events_has_a_finite_ratio_and_a_reason() -> None:
    draw = np.random.default_rng(6)
    arm, x = np.repeat([0, 1], 40), draw.normal(size=80)
    model = fit_cox(
        draw.exponential(size=80), (arm == 0) & (draw.random(80) < 0.7), design(arm, x, names=("arm", "age")),
        ties="efron", conf_level=0.95,
    )  # fmt: skip
    assert model.penalized
    assert "firth penalization, profile limits" in model.method
    assert model.note == (
        "The likelihood has no maximum: it increases without end along arm. Firth's penalization was used; limits and "
        "p-values are from the penalized likelihood's profile."
    )
    assert 0.0001 < model.hazard_ratio[0] < 0.3
    assert model.upper[0] < 0 < model.upper[1]
    contrast = model.contrast([1, 0])
    assert (contrast.lower, contrast.upper) == pytest.approx((model.lower[0], model.upper[0]), rel=PROFILE)
    assert "profile" in contrast.note
    assert "not tested with Firth" in model.ph_test().note


def test_a_combination_that_separates_is_found() -> None:
    """Neither column separates alone: their sum does, and only just."""
    draw = np.random.default_rng(7)
    n = 60
    time = np.arange(1.0, n + 1)
    total = -time + draw.uniform(0, 0.4, n)
    first = draw.normal(size=n) * 10
    alone = fit(time, np.ones(n), first)
    assert not alone.penalized
    both = fit(time, np.ones(n), first, total - first, draw.normal(size=n))
    assert "increases without end along x0, x1" in both.note
    assert "credible" in both.note  # every event in its order: the penalty's maximum is far beyond any hazard ratio
    assert np.isnan(both.coef).all()


@pytest.mark.parametrize("ties", ["efron", "breslow"])
@pytest.mark.parametrize("entered", [False, True])
def test_one_contrary_event_is_enough_for_a_maximum(ties: str, entered: bool) -> None:
    """Separation is not a matter of size: a very strong effect with one exception is estimated as it is."""
    n = 400
    group = np.repeat([0, 1], n // 2)
    event = (group == 0).astype(float)
    options = {"entry": np.zeros(n)} if entered else {}
    time = np.concatenate([np.linspace(1, 2, n // 2), np.linspace(1.5, 3, n // 2)])
    assert fit(time, event, group, ties=ties, **options).penalized
    event[n // 2] = 1
    model = fit(time, event, group, ties=ties, **options)
    assert not model.penalized
    assert model.converged
    assert model.coef[0] < -4


def test_separation_within_delayed_entry() -> None:
    """At each event the one with the event has the largest value of those that have entered, not of all."""
    time = np.arange(3.0, 15)
    model = fit(time, np.ones(12), np.sin(time) - 5 * time, entry=time - 2.5)
    assert model.penalized
    reversed_ = fit(time, np.ones(12), np.where(time % 2 == 0, time, -time), entry=time - 2.5)
    assert not reversed_.penalized


def test_separation_with_a_robust_variance_is_not_estimated() -> None:
    arm = np.repeat([0, 1], 10)
    time = np.arange(1.0, 21)
    for options in ({"cluster": np.arange(20)}, {"weights": np.linspace(0.5, 1, 20)}):
        model = fit(time, arm == 0, arm, **options)
        assert np.isnan([model.coef[0], model.hazard_ratio[0], model.lower[0]]).all()
        assert "no robust variance" in model.note
        assert "no robust variance" in model.interval("x0").note
        assert math.isfinite(model.score_test.statistic)


def test_penalized_fit_does_not_depend_on_rows_or_units() -> None:
    draw = np.random.default_rng(8)
    arm, x = np.repeat([0, 1], 30), draw.normal(size=60)
    time, event = np.ceil(10 * draw.exponential(size=60)), (arm == 0) & (draw.random(60) < 0.8)
    model = fit(time, event, arm, x)
    order = draw.permutation(60)
    np.testing.assert_allclose(fit(time[order], event[order], arm[order], x[order]).coef, model.coef, rtol=PROFILE)
    other = fit(time * 12, event, 1 - arm, 1000 * x)
    np.testing.assert_allclose(other.coef * [-1, 1000], model.coef, rtol=PROFILE)
    np.testing.assert_allclose([-other.upper[0], other.lower[1] * 1000], model.lower, rtol=PROFILE)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_large_samples_are_penalized_as_small_ones(ties: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Running sums, which large samples need, against the sums over each risk set that R's numbers were met by."""
    data = trial(90)
    data["event"] &= data["x"][:, 1] == 0
    small = of(data, "entry", "strata", ties=ties)
    monkeypatch.setattr(firth, "_DIRECT", 0)
    large = of(data, "entry", "strata", ties=ties)
    assert small.penalized
    for name in ("coef", "std_error", "lower", "upper", "p_value"):
        np.testing.assert_allclose(getattr(large, name), getattr(small, name), rtol=1e-6)


# what cannot be estimated

TIME = np.arange(1.0, 13)
EVENT = np.tile([1, 1, 0], 4)
X = np.sin(np.arange(12.0))


def test_no_events() -> None:
    model = fit(TIME, 0 * EVENT, X)
    assert np.isnan(model.coef).all()
    assert model.note == model.notes[0] == "There are no events, so there are no coefficients."
    assert model.wald_test.note == model.ph_test().note == model.contrast([1.0]).note == model.note
    assert len(model.cumulative_hazard([0.0]).time) == 0


def test_no_participants_and_one() -> None:
    empty = fit_cox([], [], DesignMatrix(np.empty((0, 1)), ("x",)), ties="efron", conf_level=0.95)
    assert empty.note == "There are no participants."
    one = fit([3.0], [1], [1.0])
    assert math.isnan(one.hazard_ratio[0])
    assert "constant" in one.notes[0]


def test_no_covariates() -> None:
    model = fit_cox(TIME, EVENT, DesignMatrix(np.empty((12, 0)), ()), ties="efron", conf_level=0.95)
    assert model.note == "There are no covariates."
    assert model.loglik == model.loglik_null == fit(TIME, EVENT, X).loglik_null
    assert model.coef.shape == (0,)
    # no covariates: Breslow's hazard is Nelson and Aalen's
    hazard = model.cumulative_hazard([]).cumulative_hazard
    np.testing.assert_allclose(hazard, np.cumsum(1 / (13 - TIME[EVENT == 1])), rtol=MAXIMUM)


def test_columns_that_say_nothing_have_no_coefficient() -> None:
    group = np.tile([0.0, 1.0], 6)
    model = fit(TIME, EVENT, np.ones(12), X, np.full(12, 0.1), 2 * X, group, X + group)
    assert np.isfinite(model.coef).tolist() == [False, True, False, False, True, False]
    assert ["constant" in note for note in model.notes] == [True, False, True, False, False, False]
    assert ["combination" in note for note in model.notes] == [False, False, False, True, False, True]
    np.testing.assert_allclose(model.coef[[1, 4]], fit(TIME, EVENT, X, group).coef, rtol=MAXIMUM)
    assert model.wald_test.df == 2
    assert math.isnan(model.contrast([0, 1, 0, 1, 0, 0]).estimate)
    assert model.contrast([0, 1, 0, 0, 0, 0]).estimate == model.coef[1]
    tests = model.ph_test()
    assert [math.isnan(t.statistic) for t in tests.by_column] == [True, False, True, True, False, True]
    assert tests.df == 2


def test_a_column_that_varies_between_strata_only_has_no_coefficient() -> None:
    model = fit(TIME, EVENT, X > 0, X, strata=X > 0)
    assert np.isfinite(model.coef).tolist() == [False, True]
    assert "does not differ among those at risk together" in model.notes[0]


def test_all_events_at_one_time() -> None:
    """All have the event together: nobody is before another, the coefficient is 0; and there is no trend to test."""
    model = fit(np.full(12, 5.0), np.ones(12), X)
    assert model.coef[0] == pytest.approx(0, abs=1e-12)
    assert model.std_error[0] > 0
    assert "no trend over time" in model.ph_test().note
    some = fit(np.full(12, 5.0), EVENT, X)
    assert np.isfinite(some.coef[0])


def test_an_event_at_time_0_counts() -> None:
    model = fit(TIME - 1, EVENT, X)
    same(model, fit(TIME, EVENT, X))
    assert "no logarithm" in model.ph_test("log").note
    assert math.isfinite(model.ph_test("km").statistic)


def test_one_cluster_has_no_variance() -> None:
    model = fit(TIME, EVENT, X, cluster=np.zeros(12))
    assert math.isfinite(model.coef[0])
    assert model.std_error[0] == 0
    assert np.isnan([model.lower[0], model.hazard_ratio_upper[0], model.p_value[0]]).all()
    assert "variance is 0" in model.notes[0]


def test_a_ratio_beyond_numbers_is_not_printed() -> None:
    model = fit(TIME, EVENT, X * 1e-6)
    assert math.isfinite(model.coef[0])
    assert math.isnan(model.hazard_ratio[0])
    assert "another unit" in model.notes[0]
    flat = fit(TIME, EVENT, X * 1e200)  # limits of 1 and 1
    assert math.isnan(flat.hazard_ratio_lower[0])
    assert "another unit" in flat.notes[0]


def test_a_value_too_far_from_all_others_is_not_estimated() -> None:
    model = fit(TIME, EVENT, np.concatenate([[1e6], X[1:]]))
    assert np.isnan(model.coef).all()
    assert "not maximized" in model.note


def test_more_columns_than_participants() -> None:
    draw = np.random.default_rng(9)
    model = fit([1, 2, 3, 4], [1, 1, 0, 1], *draw.normal(size=(5, 4)))
    assert np.isnan(model.coef[3:]).all()
    finite = model.hazard_ratio[np.isfinite(model.hazard_ratio)]
    assert (finite < 1e4).all()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"time": -TIME}, "time: values below 0"),
        ({"time": np.append(TIME[1:], np.inf)}, "time: values missing or infinite"),
        ({"event": EVENT + 1}, "event: values other than 0 and 1"),
        ({"entry": TIME}, "entry: values not before time"),
        ({"weights": -np.ones(12)}, "weights: values below 0"),
        ({"weights": np.zeros(12)}, "weights: all 12 weights are 0"),
        ({"strata": [None] * 12}, "strata: labels missing"),
        ({"cluster": [1, 2]}, "cluster: has 2 rows"),
        ({"design": np.ones((12, 1))}, "design: is a ndarray"),
        ({"design": design(np.ones(3))}, "design: has 3 rows"),
    ],
)
def test_bad_data_is_refused(changed: dict[str, Any], message: str) -> None:
    arguments = {"time": TIME, "event": EVENT, "design": design(X), "ties": "efron", "conf_level": 0.95} | changed
    with pytest.raises(DataError, match=message):
        fit_cox(**arguments)


def test_unknown_options_are_refused() -> None:
    with pytest.raises(SpecError, match="ties: is 'exact'; one of efron, breslow"):
        fit(TIME, EVENT, X, ties="exact")
    with pytest.raises(SpecError, match="conf_level"):
        fit_cox(TIME, EVENT, design(X), ties="efron", conf_level=95)
    model = fit(TIME, EVENT, X)
    with pytest.raises(SpecError, match="transform: is 'sqrt'; one of km, rank, identity, log"):
        model.ph_test("sqrt")
    with pytest.raises(SpecError, match="name: is 'age'"):
        model.interval("age")
    with pytest.raises(DataError, match="L: has 2 numbers; 1 required"):
        model.contrast([1, 2])
    with pytest.raises(DataError, match="at: has 2 numbers; 1 required"):
        model.cumulative_hazard([1, 2])


# known truth

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

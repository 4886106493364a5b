"""Fine-Gray regression: by hand, as Cox where nothing competes or nothing is censored, invariants, known truth."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from npcstats.errors import DataError, SpecError
from npcstats.estimators.timetoevent import FineGray, fit_cox, fit_fine_gray
from npcstats.estimators.types import DesignMatrix

# a maximum reached to rounding, and functions of it
MAXIMUM = 1e-10
# the sandwich takes 1/Y for 1/(Y - 1) in the censoring curve's derivative: one in the number at risk
SANDWICH = 0.02


def design(*columns: Any) -> DesignMatrix:
    return DesignMatrix(np.column_stack(columns), tuple(f"x{j}" for j in range(len(columns))))


def fit(time: Any, cause: Any, *columns: Any, of: int = 1, **options: Any) -> FineGray:
    return fit_fine_gray(time, cause, design(*columns), cause_of_interest=of, conf_level=0.95, **options)


def trial(n: int = 200, seed: int = 1, tied: bool = True) -> dict[str, Any]:
    draw = np.random.default_rng(seed)
    x = np.column_stack([draw.normal(size=n), draw.integers(0, 2, n)])
    time = draw.exponential(np.exp(-0.5 * x[:, 0]))
    return {
        "time": np.ceil(5 * time) / 5 if tied else time,
        "cause": draw.choice(3, n, p=[0.3, 0.4, 0.3]),
        "x": x,
        "group": draw.integers(0, 2, n),
        "weights": draw.uniform(0.2, 3, n),
    }


def of(data: dict[str, Any], **options: Any) -> FineGray:
    return fit(data["time"], data["cause"], *data["x"].T, **options)


def same(a: FineGray, b: FineGray) -> None:
    for name in ("coef", "vcov", "lower", "upper", "loglik", "loglik_null"):
        np.testing.assert_allclose(getattr(a, name), getattr(b, name), rtol=MAXIMUM, atol=1e-12)


def test_five_participants_by_hand() -> None:
    """Competing at 1 (x = 1), censored at 2, events at 3 (x = 1) and 4 (x = 0), censored at 5 (x = 1).

    One of the four at risk at 2 is censored, so the first stays at risk with weight 3/4. With r = exp(b), at 3 the
    sum over those at risk is r + 1 + r + 3r/4 = 11r/4 + 1, at 4 it is 1 + r + 3r/4 = 7r/4 + 1. The derivative
    1 - (11r/4) / (11r/4 + 1) - (7r/4) / (7r/4 + 1) is 0 where (11r/4) (7r/4) = 1, so r = 4 / sqrt(77). The
    information is the sum of u / (u + 1)^2 over u = 11r/4 and 7r/4.
    """
    model = fit([1, 2, 3, 4, 5], [2, 0, 1, 1, 0], [1, 0, 1, 0, 1])
    r = 4 / math.sqrt(77)
    information = sum(u / (u + 1) ** 2 for u in (11 * r / 4, 7 * r / 4))
    assert model.coef[0] == pytest.approx(math.log(r), rel=MAXIMUM)
    assert 1 / model.model_vcov[0, 0] == pytest.approx(information, rel=MAXIMUM)
    assert model.loglik == pytest.approx(math.log(r / (11 * r / 4 + 1)) - math.log(1 + 7 * r / 4), rel=MAXIMUM)
    assert model.loglik_null == pytest.approx(-math.log(15 / 4) - math.log(11 / 4), rel=MAXIMUM)
    assert (model.n, model.n_events, model.n_competing) == (5, 2, 1)
    hazard = np.cumsum([1 / (11 * r / 4 + 1), 1 / (7 * r / 4 + 1)])
    predicted = model.cumulative_incidence([1.0])
    assert predicted.time.tolist() == [3, 4]
    np.testing.assert_allclose(predicted.incidence, 1 - np.exp(-hazard * r), rtol=MAXIMUM)


def test_nothing_competes() -> None:
    """Then it is Cox's model by Breslow, with the robust variance."""
    data = trial()
    data["cause"] = np.minimum(data["cause"], 1)
    cox = fit_cox(
        data["time"], data["cause"], design(*data["x"].T), ties="breslow", cluster=np.arange(200), conf_level=0.95
    )
    model = of(data)
    np.testing.assert_allclose(model.coef, cox.coef, rtol=MAXIMUM)
    np.testing.assert_allclose(model.vcov, cox.vcov, rtol=1e-9)
    assert model.wald_test.statistic == pytest.approx(cox.wald_test.statistic, rel=1e-9)
    assert model.interval("x0").upper == pytest.approx(cox.interval("x0").upper, rel=1e-9)


def test_nothing_is_censored() -> None:
    """Then those with a competing event stay at risk to the end, as if followed beyond every event."""
    data = trial()
    data["cause"] = np.maximum(data["cause"], 1)
    event = data["cause"] == 1
    cox = fit_cox(
        np.where(event, data["time"], 1e3), event, design(*data["x"].T),
        ties="breslow", cluster=np.arange(200), conf_level=0.95,
    )  # fmt: skip
    model = of(data)
    np.testing.assert_allclose(model.coef, cox.coef, rtol=MAXIMUM)
    np.testing.assert_allclose(model.vcov, cox.vcov, rtol=1e-9)


@pytest.mark.parametrize("grouped", [False, True])
def test_sandwich_is_that_of_the_derivatives_by_weight(grouped: bool) -> None:
    """A small change of each participant's weight, in the censoring distribution too."""
    data, step, n = trial(250, tied=False), 1e-4, 250
    options = {"censoring_group": data["group"]} if grouped else {}
    model = of(data, weights=data["weights"], **options)
    influence = []
    for i in range(n):
        change = np.zeros(n)
        change[i] = step
        up, down = (of(data, weights=data["weights"] + sign * change, **options).coef for sign in (1, -1))
        influence.append(data["weights"][i] * (up - down) / (2 * step))
    np.testing.assert_allclose(np.diag(model.vcov), np.sum(np.square(influence), axis=0), rtol=SANDWICH)


def test_order_and_names_do_not_matter() -> None:
    data = trial()
    order = np.random.default_rng(2).permutation(200)
    model = of(data, censoring_group=data["group"], weights=data["weights"])
    other = fit(
        data["time"][order], np.array([0, 7, 3])[data["cause"]][order], *data["x"][order].T, of=7,
        censoring_group=np.array(["z", "a"])[data["group"]][order], weights=data["weights"][order],
    )  # fmt: skip
    same(model, other)


def test_units_of_covariates_and_time() -> None:
    data = trial()
    model = of(data)
    other = fit(data["time"] * 365.25, data["cause"], data["x"][:, 0] * 1e5 + 1e6, data["x"][:, 1])
    np.testing.assert_allclose(other.coef * [1e5, 1], model.coef, rtol=1e-8)
    np.testing.assert_allclose(other.std_error * [1e5, 1], model.std_error, rtol=1e-8)
    noise = 1e-12 * np.random.default_rng(3).random(200)
    same(of(data | {"time": data["time"] + noise}), model)


def test_whole_weights_give_the_coefficients_of_copies() -> None:
    data = trial()
    counts = np.random.default_rng(4).integers(0, 4, 200)
    copies = {name: np.repeat(values, counts, axis=0) for name, values in data.items()}
    model = of(data, weights=counts, censoring_group=data["group"])
    np.testing.assert_allclose(model.coef, of(copies, censoring_group=copies["group"]).coef, rtol=MAXIMUM)
    assert model.n == np.count_nonzero(counts)


def test_constant_weights_cancel() -> None:
    data = trial()
    same_coef, plain = of(data, weights=np.full(200, 1e-3)), of(data)
    np.testing.assert_allclose(same_coef.coef, plain.coef, rtol=MAXIMUM)
    np.testing.assert_allclose(same_coef.vcov, plain.vcov, rtol=1e-9)


def test_contrast_by_hand() -> None:
    model = of(trial())
    weights = np.array([1.0, -1.0])
    contrast = model.contrast(weights)
    assert contrast.estimate == pytest.approx(model.coef[0] - model.coef[1], rel=MAXIMUM)
    assert contrast.std_error**2 == pytest.approx(weights @ model.vcov @ weights, rel=MAXIMUM)


TIME, X = np.arange(1.0, 13), np.sin(np.arange(12.0))
CAUSE = np.tile([1, 2, 0], 4)


def test_what_cannot_be_estimated_says_why() -> None:
    none = fit(TIME, CAUSE, X, of=3)
    assert (
        none.note == none.notes[0] == none.contrast([1.0]).note == "There are no events, so there are no coefficients."
    )
    assert len(none.cumulative_incidence([0.0]).time) == 0
    empty = fit_fine_gray([], [], DesignMatrix(np.empty((0, 1)), ("x",)), cause_of_interest=1, conf_level=0.95)
    assert empty.note == "There are no participants."
    columns = fit(TIME, CAUSE, np.ones(12), X, 2 * X)
    assert np.isfinite(columns.coef).tolist() == [False, True, False]
    assert "combination" in columns.notes[2]
    one = fit([3.0], [1], [1.0])
    assert math.isnan(one.coef[0])


@pytest.mark.parametrize("group", [None, np.arange(12) % 2])
def test_a_group_without_events_has_no_ratio(group: Any) -> None:
    arm = np.repeat([0, 1], 6)
    model = fit(TIME, np.where(arm == 1, CAUSE % 2 * 2, CAUSE), arm, censoring_group=group)
    assert math.isnan(model.hazard_ratio[0])
    assert "increases without end along x0" in model.note
    assert "no established penalization" in model.interval("x0").note


def test_all_events_at_one_time() -> None:
    """Without competing events all have the event at once and there is no variation; with them there is."""
    model = fit(np.full(12, 5.0), np.ones(12), X)
    assert math.isnan(model.hazard_ratio_lower[0])
    assert "variance is 0" in model.notes[0]
    assert np.isfinite(fit(np.full(12, 5.0), CAUSE, X).coef[0])
    assert np.isfinite(fit(TIME - 1, CAUSE, X).coef[0])


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"time": -TIME}, "time: values below 0"),
        ({"cause": CAUSE - 1}, "cause: values below 0"),
        ({"cause": CAUSE + 0.5}, "cause: values that are not whole 12"),
        ({"cause": CAUSE[1:]}, "cause: has 11 rows"),
        ({"weights": np.zeros(12)}, "weights: all 12 weights are 0"),
        ({"censoring_group": [None] * 12}, "censoring_group: labels missing"),
        ({"design": design(np.ones(3))}, "design: has 3 rows"),
    ],
)
def test_bad_data_is_refused(changed: dict[str, Any], message: str) -> None:
    arguments = {"time": TIME, "cause": CAUSE, "design": design(X), "cause_of_interest": 1, "conf_level": 0.95}
    with pytest.raises(DataError, match=message):
        fit_fine_gray(**(arguments | changed))


@pytest.mark.parametrize("cause", [0, 1.5, "1", True, -1])
def test_the_cause_of_interest_is_a_cause(cause: Any) -> None:
    with pytest.raises(SpecError, match="cause_of_interest: is"):
        fit(TIME, CAUSE, X, of=cause)


REPLICATES = 1500
# Monte-Carlo error of a coverage of 95 % is 0.56 %; four of them
COVERAGE = (0.95 - 0.0225, 0.95 + 0.0225)


@pytest.mark.slow
def test_limits_cover_the_truth() -> None:
    """Incidence 1 - (1 - 0.6 (1 - exp(-t)))^exp(bx) of cause 1, as in Fine and Gray's simulations."""
    draw, truth, covered = np.random.default_rng(5), np.array([0.5, -0.5]), np.zeros(2)
    for _ in range(REPLICATES):
        x = np.column_stack([draw.normal(size=300), draw.integers(0, 2, 300)])
        ratio = np.exp(x @ truth)
        u = draw.random(300)
        first = u < 1 - 0.4**ratio
        inner = np.where(first, 1 - (1 - np.where(first, u, 0)) ** (1 / ratio), 0.0)
        time = np.where(first, -np.log1p(-inner / 0.6), draw.exponential(size=300))
        censored = draw.uniform(0.2, 4, 300)
        cause = np.where(time <= censored, np.where(first, 1, 2), 0)
        model = fit(np.minimum(time, censored), cause, *x.T)
        covered += (model.lower < truth) & (truth < model.upper)
    for share in covered / REPLICATES:
        assert COVERAGE[0] < share < COVERAGE[1]

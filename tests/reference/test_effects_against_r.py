"""Effects by weights and by models, and the bootstrap, against what R printed (`effects.R`)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from recorded import floats, load

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

# closed forms in double precision on both sides; glm and coxph stop when little changes
CLOSED = {"rel": 1e-8, "abs": 1e-10}
# errors that R has from derivatives by numDeriv (Richardson), good to about 1e-8
NUMERICAL = {"rel": 1e-6}

R = load("effects")
DATA, N = {name: floats(values) for name, values in R["data"].items()}, len(R["data"]["arm"])
ARM = DATA["arm"].astype(int)
DESIGN = DesignMatrix(np.column_stack([DATA[name] for name in ("x1", "x2", "x3")]), ("x1", "x2", "x3"))
TIMED = ("survival_difference", "restricted_mean_difference", "incidence_difference")
MEASURES = list(R["unweighted"])


def outcome_of(measure):
    if measure.startswith(("hazard", *TIMED)):
        return Timed(DATA["time"], DATA["cause"])
    return Observed(DATA["level" if measure.startswith("mean") else "risk"])


def estimated(name, weights):
    """An effect, on the scale of its standard error."""
    measure, _, ties = name.partition(".")
    found = estimate_effect(
        outcome_of(measure), ARM, measure=measure, weights=weights, conf_level=0.95,
        at=R["at"] if measure in TIMED else None, ties=ties,
    )  # fmt: skip
    value = found.interval.estimate
    return (math.log(value) if measure.endswith("ratio") else value), found.std_error


def weights_of(estimand):
    stabilized = estimand == "stabilized"
    return weigh(fit_propensity(ARM, DESIGN), ARM, estimand="ate" if stabilized else estimand, stabilized=stabilized)


def known(values):
    """The same weights, as if nothing had been estimated to make them."""
    none = np.zeros((N, 0))
    return Weights(floats(values), ARM == 1, "ate", False, "known", none, none)


@pytest.mark.parametrize("measure", MEASURES)
def test_unadjusted(measure):
    value, error = estimated(measure, None)
    assert value == pytest.approx(R["unweighted"][measure]["estimate"], **CLOSED)
    assert error == pytest.approx(R["unweighted"][measure]["std_error"], **CLOSED)


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("estimand", list(R["effects"]))
def test_with_the_estimation_of_the_score(estimand, measure):
    theirs, weights = R["effects"][estimand][measure], weights_of(estimand)
    value, error = estimated(measure, weights)
    assert value == pytest.approx(theirs["estimate"], **CLOSED)
    assert error == pytest.approx(theirs["std_error"], **NUMERICAL)
    assert estimated(measure, known(weights.values))[1] == pytest.approx(theirs["fixed"], **CLOSED)


@pytest.mark.parametrize("estimand", list(R["surveyed"]))
def test_packages_at_known_weights(estimand):
    """svyglm, svymean, svycoxph, whose variance has the factor n / (n - 1); coxph with robust = TRUE, which has not."""
    theirs = R["surveyed"][estimand]
    weights = known(theirs["weights"])
    for measure, name in (("mean_difference",) * 2, ("risk_difference",) * 2, ("hazard_ratio.efron", "hazard_ratio")):
        value, error = estimated(measure, weights)
        assert value == pytest.approx(theirs[name]["estimate"], **CLOSED)
        assert error * math.sqrt(N / (N - 1)) == pytest.approx(theirs[name]["std_error"], **CLOSED)
    for ties, error in theirs["coxph"].items():
        assert estimated(f"hazard_ratio.{ties}", weights)[1] == pytest.approx(error, **CLOSED)


@pytest.mark.parametrize("kind", ["survival", "incidence"])
def test_curves(kind):
    """Every step of weighted survfit with its infinitesimal jackknife; R says 0 where ours has no error to tell."""
    curves = weighted_curves(
        Timed(DATA["time"], DATA["cause"]), ARM, weights=known(weights_of("ato").values), kind=kind, conf_level=0.95,
        conf_type="log-log",
    )  # fmt: skip
    for curve, arm in zip(curves, ("first", "reference"), strict=True):
        theirs = R["curves"][arm][kind]
        assert curve.time.tolist() == theirs["time"]
        assert curve.estimate == pytest.approx(floats(theirs["estimate"]), **CLOSED)
        assert np.nan_to_num(curve.std_error) == pytest.approx(floats(theirs["std_error"]), **CLOSED)


@pytest.mark.parametrize("case", R["models"], ids=lambda case: "-".join(map(str, list(case.values())[:4])))
def test_models(case):
    found = estimate_effect_by_model(
        Observed(DATA[case["outcome"]]), ARM, DESIGN, method=case["method"], estimand=case["estimand"],
        arms=case["arms"], measure="risk_difference" if case["outcome"] == "risk" else "mean_difference",
        conf_level=0.95,
    )  # fmt: skip
    assert found.interval.estimate == pytest.approx(case["estimate"], **CLOSED)
    assert found.std_error == pytest.approx(case["std_error"], **NUMERICAL)


def test_bootstrap():
    """4,000 replicates here and 20,000 in R: the errors of both standard errors are 1 / sqrt(2 R), of a limit about

    sqrt(0.025 * 0.975 / R) / density = 2.7 / sqrt(R) standard errors; four of them are allowed.
    """
    theirs = R["boot_ato"]
    found = bootstrap_effect(
        Observed(DATA["risk"]), ARM, DESIGN, weighting=Weighting("ato", False), measure="risk_difference",
        conf_level=0.95, replicates=4000, name="beside R", seed=11,
    ).effect  # fmt: skip
    scatter = math.sqrt(1 / 4000 + 1 / theirs["replicates"])
    assert found.interval.estimate == pytest.approx(theirs["estimate"], rel=1e-6)
    assert found.std_error == pytest.approx(theirs["std_error"], rel=4 * scatter / math.sqrt(2))
    limits = (found.interval.lower, found.interval.upper)
    assert limits == pytest.approx(theirs["limits"], abs=4 * 2.7 * scatter * theirs["std_error"])


class TestPackages:
    """WeightIt and PSweight, which estimate the score in the variance too."""

    other = load("effects_packages")

    @pytest.mark.parametrize("measure", ["mean_difference", "odds_ratio", "risk_ratio", "hazard_ratio.breslow"])
    @pytest.mark.parametrize("estimand", list(other["made"]))
    def test_weightit(self, estimand, measure):
        """Of the hazard ratio by numerical derivatives of its weighted score: see `effects_packages.R`."""
        theirs = self.other["made"][estimand][measure]
        value, error = estimated(measure, weights_of(estimand))
        assert value == pytest.approx(theirs["estimate"], **CLOSED)
        assert error == pytest.approx(theirs["std_error"], **NUMERICAL)

    def test_weightit_of_lalonde(self):
        study = load("weighting")["lalonde"]
        columns = study["columns"]
        design = DesignMatrix(np.column_stack([floats(values) for values in columns.values()]), tuple(columns))
        score = fit_propensity(study["treated"], design)
        for estimand, theirs in self.other["lalonde"].items():
            weights = weigh(score, study["treated"], estimand=estimand, stabilized=False)
            found = estimate_effect(
                Observed(study["outcome"]), study["treated"], measure="mean_difference", weights=weights,
                conf_level=0.95,
            )  # fmt: skip
            assert found.interval.estimate == pytest.approx(theirs["estimate"], rel=1e-6)
            assert found.std_error == pytest.approx(theirs["std_error"], **NUMERICAL)

    @pytest.mark.parametrize("measure", ["mean_difference", "risk_difference"])
    @pytest.mark.parametrize("estimand", ["ate", "att", "ato"])
    def test_psweight(self, estimand, measure):
        """Its glm stops at R's usual tolerance, which leaves about 1e-8."""
        theirs = self.other["psweight"]["weighted"][estimand][measure]
        value, error = estimated(measure, weights_of(estimand))
        assert value == pytest.approx(theirs["estimate"], abs=1e-8)
        assert error == pytest.approx(theirs["std_error"], **NUMERICAL)

    @pytest.mark.parametrize("measure", ["mean_difference", "risk_difference"])
    @pytest.mark.parametrize("estimand", ["ate", "ato"])
    def test_psweight_augmented(self, estimand, measure):
        theirs = self.other["psweight"]["augmented"][estimand][measure]
        found = estimate_effect_by_model(
            outcome_of(measure), ARM, DESIGN, method="aipw", estimand=estimand, arms="apart", measure=measure,
            conf_level=0.95,
        )  # fmt: skip
        assert found.interval.estimate == pytest.approx(theirs["estimate"], abs=1e-8)
        assert found.std_error == pytest.approx(theirs["std_error"], **NUMERICAL)

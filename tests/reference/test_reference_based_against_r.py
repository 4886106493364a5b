"""Courses completed by reference, against means, draws and pooling written out in R (`reference_based.R`)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from recorded import load

from npcstats.estimators.completed import compare_completed
from npcstats.estimators.mmrm import fit_mmrm
from npcstats.estimators.reference_based import (
    STRATEGIES,
    Courses,
    complete_courses,
    impute_courses,
    last_seen,
    strategy_means,
)
from npcstats.estimators.types import DesignMatrix

# linear algebra in double precision on both sides, from the coefficients and the covariance that R printed
CLOSED_FORM = {"rel": 1e-9, "abs": 1e-11}
# nlme stops where its criterion changes little; the likelihood is flat there
OPTIMUM = {"rel": 2e-4, "abs": 2e-5}
# both programs draw: an estimate is compared in standard errors of the difference of two means, a variance of 400 draws
# has a relative error of sqrt(2 / 399); there are 16 of each
ERRORS = 3.5

R = load("reference_based")
OUTCOME = np.array([[math.nan if value is None else value for value in row] for row in R["data"]["outcome"]])
WANTED = np.array(R["data"]["wanted"], dtype=bool)
FIRST, BASE, AGE = (np.array(R["data"][name], dtype=float) for name in ("first", "base", "age"))
SIZE, VISITS = OUTCOME.shape
NAMES = (*(f"at{j + 1}{tail}" for tail in ("", ":first", ":base") for j in range(VISITS)), "age")
SIGMA = np.array(R["covariance"])
COEF = np.array([R["coef"][name] for name in NAMES])


def courses() -> Courses:
    def cells(first: np.ndarray) -> np.ndarray:
        parts = [part[:, None, None] * np.eye(VISITS) for part in (np.ones(SIZE), first, BASE)]
        return np.concatenate([*parts, np.repeat(AGE[:, None, None], VISITS, axis=1)], axis=2)

    return Courses(OUTCOME, cells(FIRST), cells(0 * FIRST), NAMES, WANTED, FIRST.astype(np.intp))


GIVEN = courses()
OWN, REFERENCE = GIVEN.own @ COEF, GIVEN.reference @ COEF


def completed(noise: np.ndarray) -> np.ndarray:
    last = last_seen(GIVEN.seen)
    means = np.stack([strategy_means(OWN, REFERENCE, last, one) for one in STRATEGIES])
    return complete_courses(OUTCOME, OWN, means, SIGMA, noise)


def compared(values: np.ndarray, visit: int):
    there = WANTED[:, visit] | GIVEN.seen[:, visit]
    design = DesignMatrix(np.column_stack([np.ones(SIZE), FIRST, BASE, AGE])[there], ("one", "first", "base", "age"))
    gap, first = GIVEN.imputed[there, visit], FIRST[there] == 1
    return compare_completed(values[:, there, visit], design, "first", gap & first, gap & ~first)


def test_the_model_is_theirs():
    rows, visits = np.nonzero(GIVEN.seen)
    fit = fit_mmrm(OUTCOME[rows, visits], DesignMatrix(GIVEN.own[rows, visits], NAMES), rows, visits,
                   covariance="unstructured", df_method="residual", conf_level=0.95)  # fmt: skip
    assert fit.coef == pytest.approx(COEF, **OPTIMUM)
    assert fit.covariance[0].ravel() == pytest.approx(SIGMA.ravel(), **OPTIMUM)


@pytest.mark.parametrize("place", range(4), ids=STRATEGIES)
def test_what_is_expected_of_each_missing_value(place: int) -> None:
    found = np.where(WANTED | GIVEN.seen, completed(np.zeros(OUTCOME.shape))[place], math.nan)
    expected = np.array(R["expected"][STRATEGIES[place]], dtype=float)
    assert found.ravel() == pytest.approx(expected.ravel(), nan_ok=True, **CLOSED_FORM)


def test_how_missing_values_scatter_together() -> None:
    """Draws are linear in the noise: its columns, one visit after the other, are a root of the covariance."""
    middle = completed(np.zeros(OUTCOME.shape))[0]
    roots = np.stack([completed(np.tile(unit, (SIZE, 1)))[0] - middle for unit in np.eye(VISITS)], axis=2)
    several = 0
    for i, told in enumerate(R["spread"]):
        if not told:
            continue
        missing = np.atleast_1d(told["missing"])
        root = roots[i][missing]
        expected = np.array(told["covariance"], dtype=float).reshape(len(missing), -1)
        assert (root @ root.T).ravel() == pytest.approx(expected.ravel(), **CLOSED_FORM)
        several += len(missing) > 1
    assert several > 10


@pytest.mark.parametrize(
    "told", R["regressions"], ids=lambda told: f"{told['strategy']}-{told['visit']}-{told['shift']}"
)
def test_the_groups_are_compared_as_they_do(told) -> None:
    """The same completed data twice: nothing lies between them, and the variance is the regression's."""
    values = completed(np.zeros(OUTCOME.shape))[STRATEGIES.index(told["strategy"])]
    effect = compared(np.stack([values, values]), told["visit"])
    pooled = effect.pooled(*told["shift"], conf_level=0.95)
    assert pooled.estimate == pytest.approx(told["estimate"], **CLOSED_FORM)
    assert pooled.std_error**2 == pytest.approx(told["variance"], **CLOSED_FORM)
    assert effect.df == told["df"]


@pytest.fixture(scope="module")
def drawn():
    return impute_courses(GIVEN, covariance="unstructured", strategies=STRATEGIES, imputations=R["imputations"], seed=7,
                          name="reference")  # fmt: skip


@pytest.mark.parametrize("told", R["pools"], ids=lambda told: f"{told['strategy']}-{told['visit']}")
def test_draws_pool_to_what_theirs_pool_to(drawn, told) -> None:
    m = R["imputations"]
    pooled = compared(drawn.values[told["strategy"]], told["visit"]).pooled(0.0, 0.0, conf_level=0.95)
    error = math.sqrt((pooled.between + told["between"]) / m)
    assert abs(pooled.estimate - told["estimate"]) < ERRORS * error
    assert abs(math.log(pooled.between / told["between"])) < ERRORS * math.sqrt(2 * 2 / (m - 1))
    # the variance within scatters little from draw to draw
    assert pooled.within == pytest.approx(told["within"], rel=0.02)
    assert pooled.df == pytest.approx(told["df"], rel=0.1)

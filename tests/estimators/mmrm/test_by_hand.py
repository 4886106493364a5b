"""The mixed model where its answer is known: complete data by hand, identities, invariances, numerical derivatives."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from npcstats.errors import DataError, SpecError
from npcstats.estimators.mmrm import COVARIANCES, FREEDOMS, diagnose_mmrm, fit_mmrm, standardize_mmrm
from npcstats.estimators.mmrm import sample as gathering
from npcstats.estimators.mmrm.likelihood import Model, differentiate, evaluate
from npcstats.estimators.mmrm.structures import SPATIAL, STRUCTURES, TIMED
from npcstats.estimators.types import DesignMatrix

CLOSE = 1e-7  # the maximum is reached to about 1e-10 of its criterion, a standard error to the root of that or better
EXACT = 1e-10  # two ways to one maximum
NUMERICAL = 1e-6  # central differences of step 1e-5

VISITS = 3


def trial(n=60, v=VISITS, *, missing=0.2, seed=1):
    """A trial of n participants: outcome, design (arm by visit, baseline), participant, visit, arm of each row."""
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(v, v))
    error = rng.normal(size=(n, v)) @ root.T + rng.normal(size=(n, v))
    baseline, arm = rng.normal(size=n), np.arange(n) % 2
    who, at = np.nonzero(rng.random((n, v)) >= missing)
    visits = np.eye(v)[at]
    values = np.column_stack([visits, visits * arm[who][:, None], baseline[who]])
    names = (*(f"visit {i}" for i in range(v)), *(f"arm {i}" for i in range(v)), "baseline")
    outcome = error[who, at] + at + 0.5 * arm[who] + baseline[who]
    return outcome, DesignMatrix(values, names), who, at, arm[who]


def fit(data, covariance="unstructured", **choices):
    outcome, design, who, at, _ = data
    wanted = {"df_method": "satterthwaite", "conf_level": 0.95, **choices}
    if covariance in TIMED and "times" not in wanted:
        wanted["times"] = at.astype(float)
    return fit_mmrm(outcome, design, who, at, covariance=covariance, **wanted)


def unit(names, name):
    return np.array([float(other == name) for other in names])


@pytest.mark.parametrize("df_method", ["kenward-roger", "kenward-roger-linear", "satterthwaite", "residual"])
def test_complete_unstructured_data_by_hand(df_method):
    """Arm 0: (1, 2), (3, 6), (5, 4); arm 1: (2, 5), (4, 7), (9, 12); a mean of each arm and visit.

    Means of arm 0: 3 and 4, of arm 1: 5 and 8. Squares about them at the first visit: 4 + 0 + 4 and 9 + 1 + 16, in all
    34, over 6 - 2 = 4: 8.5; at the second: 4 + 4 + 0 and 9 + 1 + 16, 34, so 8.5; products: 4 + 0 + 0 and 9 + 1 + 16,
    30, so 7.5. Difference of arms at the second visit: 4, its variance 8.5 (1/3 + 1/3) = 17/3, with 4 degrees of
    freedom of either approximation; the residual ones are 12 - 4 = 8.
    """
    y = np.array([1, 2, 3, 6, 5, 4, 2, 5, 4, 7, 9, 12], dtype=float)
    at, who = np.tile([0, 1], 6), np.repeat(np.arange(6), 2)
    arm = (who >= 3).astype(float)
    design = DesignMatrix(
        np.column_stack([at == 0, at == 1, arm * (at == 0), arm * (at == 1)]).astype(float), tuple("abcd")
    )
    found = fit_mmrm(y, design, who, at, covariance="unstructured", df_method=df_method, conf_level=0.95)
    assert found.converged
    np.testing.assert_allclose(found.covariance[0], [[8.5, 7.5], [7.5, 8.5]], rtol=CLOSE)
    np.testing.assert_allclose(found.coef, [3, 4, 2, 4], rtol=CLOSE)
    contrast = found.contrast([0, 0, 0, 1])
    assert contrast.std_error == pytest.approx(np.sqrt(17 / 3), rel=CLOSE)
    assert contrast.df == pytest.approx(8 if df_method == "residual" else 4, rel=CLOSE)
    # The 97.5 % point of t with 4 degrees of freedom is 2.776445.
    if df_method != "residual":
        assert contrast.upper == pytest.approx(4 + 2.7764451052 * np.sqrt(17 / 3), rel=CLOSE)


def test_maximum_likelihood_divides_by_participants():
    """The same sums of squares over 6 participants in place of 4 degrees of freedom."""
    y = np.array([1, 2, 3, 6, 5, 4, 2, 5, 4, 7, 9, 12], dtype=float)
    at, who = np.tile([0, 1], 6), np.repeat(np.arange(6), 2)
    arm = (who >= 3).astype(float)
    design = DesignMatrix(
        np.column_stack([at == 0, at == 1, arm * (at == 0), arm * (at == 1)]).astype(float), tuple("abcd")
    )
    found = fit_mmrm(y, design, who, at, covariance="unstructured", df_method="residual", conf_level=0.95, reml=False)
    np.testing.assert_allclose(found.covariance[0], [[34 / 6, 5], [5, 34 / 6]], rtol=CLOSE)


def test_the_criterion_by_its_formula():
    """(n - k) log 2 pi + sum log|V| + log|X'V^-1 X| + r'V^-1 r, at the estimates, participant by participant."""
    data = trial()
    outcome, design, who, at, _ = data
    found = fit(data)
    information, total = np.zeros((7, 7)), 0.0
    for member in np.unique(who):
        rows = np.flatnonzero(who == member)
        covariance = found.covariance[0][np.ix_(at[rows], at[rows])]
        precision = np.linalg.inv(covariance)
        information += design.values[rows].T @ precision @ design.values[rows]
        residual = outcome[rows] - design.values[rows] @ found.coef
        total += np.linalg.slogdet(covariance)[1] + residual @ precision @ residual
    total += np.linalg.slogdet(information)[1] + (len(outcome) - 7) * np.log(2 * np.pi)
    assert found.criterion == pytest.approx(total, rel=EXACT)
    np.testing.assert_allclose(found.model_vcov, np.linalg.inv(information), rtol=EXACT)


@pytest.mark.parametrize("covariance", COVARIANCES)
@pytest.mark.parametrize("restricted", [True, False])
@pytest.mark.parametrize("grouped", [False, True])
def test_derivatives_are_those_of_differences(covariance, restricted, grouped):
    outcome, design, who, at, arm = trial(n=24)
    observed = gathering.check_observed(
        outcome,
        design,
        who,
        at,
        groups=arm if grouped else None,
        weights=None,
        times=at + 0.1 * who if covariance in TIMED else None,
    )
    sample = gathering.gather_sample(observed)
    structure = STRUCTURES[covariance]
    model = Model(sample, structure, len(structure.parameters(VISITS)), restricted)
    near = np.array([[1.2, 0.3, 0.2], [0.3, 0.9, 0.25], [0.2, 0.25, 1.4]])
    theta = np.tile(structure.start(near), 2 if grouped else 1)
    step = 1e-5
    slope = differentiate(model, evaluate(model, theta))
    moved = [(evaluate(model, theta + step * e), evaluate(model, theta - step * e)) for e in np.eye(len(theta))]
    gradient = [(up.criterion - down.criterion) / (2 * step) for up, down in moved]
    np.testing.assert_allclose(slope.gradient, gradient, rtol=NUMERICAL, atol=NUMERICAL * np.abs(gradient).max())
    curve = [
        (differentiate(model, up).gradient - differentiate(model, down).gradient) / (2 * step) for up, down in moved
    ]
    np.testing.assert_allclose(slope.observed, curve, rtol=NUMERICAL, atol=NUMERICAL * np.abs(curve).max())


@pytest.mark.parametrize("covariance", COVARIANCES)
def test_second_derivatives_of_each_structure(covariance):
    structure = STRUCTURES[covariance]
    near = np.array([[1.2, 0.3, 0.2, 0.1], [0.3, 0.9, 0.25, 0.2], [0.2, 0.25, 1.4, 0.3], [0.1, 0.2, 0.3, 1.1]])
    theta = structure.start(near)
    places = np.array([0.0, 1.0, 2.5, 4.0])[None, :, None]
    found = structure.derive(theta, 4, places)
    step = 1e-6
    for r, e in enumerate(np.eye(len(theta))):
        up, down = (structure.derive(theta + s * step * e, 4, places) for s in (1, -1))
        np.testing.assert_allclose(found.first[r], (up.value - down.value) / (2 * step), atol=1e-8)
        curve = 0.0 if found.second is None else found.second[r]
        np.testing.assert_allclose((up.first - down.first) / (2 * step) - curve, 0, atol=1e-8)


@pytest.mark.parametrize(("covariance", "df_method"), list(itertools.product(COVARIANCES, FREEDOMS)))
def test_neither_order_nor_units_nor_labels_matter(covariance, df_method):
    data = trial()
    outcome, design, who, at, arm = data
    first = fit(data, covariance, df_method=df_method)
    order = np.random.default_rng(2).permutation(len(outcome))
    scale = np.array([1, 1, 1, 1, 1, 1, 1e6])
    moved = (
        (1e-3 * outcome + 5e-3 * design.values[:, :3].sum(axis=1))[order],
        DesignMatrix((design.values * scale)[order], design.names),
        np.array([f"P{i:03d}" for i in who])[order],
        at[order],
        arm[order],
    )
    again = fit(moved, covariance, df_method=df_method)
    row = unit(design.names, "arm 2")
    one, two = first.contrast(row), again.contrast(row)
    assert two.estimate == pytest.approx(1e-3 * one.estimate, rel=CLOSE)
    assert two.std_error == pytest.approx(1e-3 * one.std_error, rel=CLOSE)
    assert two.df == pytest.approx(one.df, rel=1e-6)
    assert again.coef[6] * 1e6 == pytest.approx(1e-3 * first.coef[6], rel=CLOSE)


def test_participants_of_a_pattern_are_replaced_by_fewer_rows_without_a_difference(monkeypatch):
    data = trial(n=400, missing=0.1)
    fewer = fit(data, df_method="kenward-roger")
    monkeypatch.setattr(gathering, "_MANY", 10**9)
    whole = fit(data, df_method="kenward-roger")
    np.testing.assert_allclose(fewer.vcov, whole.vcov, rtol=1e-9)
    assert fewer.criterion == pytest.approx(whole.criterion, rel=1e-12)
    row = unit(data[1].names, "arm 1")
    assert fewer.contrast(row).df == pytest.approx(whole.contrast(row).df, rel=1e-8)


def test_a_covariance_for_each_arm_is_that_of_the_arm_alone():
    """With means of each arm and visit, and no other column, the likelihood is the sum of those of the arms."""
    outcome, design, who, at, arm = trial()
    design = DesignMatrix(design.values[:, :6], design.names[:6])
    both = fit_mmrm(
        outcome, design, who, at, covariance="toeplitz", df_method="satterthwaite", conf_level=0.9, groups=arm
    )
    for g, label in enumerate(both.groups):
        own = arm == label
        alone = DesignMatrix(np.eye(VISITS)[at[own]], design.names[:3])
        part = fit_mmrm(
            outcome[own], alone, who[own], at[own], covariance="toeplitz", df_method="residual", conf_level=0.9
        )
        np.testing.assert_allclose(both.covariance[g], part.covariance[0], rtol=CLOSE, atol=CLOSE)


def test_a_constant_weight_only_rescales_the_covariance():
    data = trial()
    plain, weighed = fit(data), fit(data, weights=np.full(len(data[0]), 4.0))
    np.testing.assert_allclose(weighed.vcov, plain.vcov, rtol=CLOSE)
    np.testing.assert_allclose(weighed.covariance, 4 * plain.covariance, rtol=CLOSE)
    assert weighed.criterion == pytest.approx(plain.criterion, rel=EXACT)


def test_observations_of_weight_zero_are_left_out():
    data = trial()
    outcome, design, who, at, arm = data
    kept = who > 4
    weighed = fit(data, weights=kept.astype(float), df_method="kenward-roger")
    part = fit((outcome[kept], DesignMatrix(design.values[kept], design.names), who[kept], at[kept], arm[kept]),
               df_method="kenward-roger")  # fmt: skip
    np.testing.assert_allclose(weighed.vcov, part.vcov, rtol=EXACT)
    assert weighed.n_obs == kept.sum()
    assert len(weighed.fitted) == len(outcome)


def test_times_one_apart_are_autoregressive():
    """exp(-d / range) is a correlation to the power of d."""
    data = trial()
    spatial, ordered = fit(data, SPATIAL, df_method="residual"), fit(data, "ar1", df_method="residual")
    assert np.exp(-1 / spatial.theta[1]) == pytest.approx(ordered.theta[1], rel=CLOSE)
    np.testing.assert_allclose(spatial.vcov, ordered.vcov, rtol=CLOSE)


@pytest.mark.parametrize("df_method", FREEDOMS)
def test_an_f_test_of_one_combination_is_the_square_of_its_t_test(df_method):
    data = trial()
    found = fit(data, df_method=df_method)
    row = unit(data[1].names, "arm 1")
    one, joint = found.contrast(row), found.contrast([row, 3 * row])
    assert joint.df_numerator == 1
    assert joint.statistic == pytest.approx(one.statistic**2, rel=CLOSE)
    assert joint.df == pytest.approx(one.df, rel=1e-6)
    assert joint.p_value == pytest.approx(one.p_value, rel=1e-5)


def test_degrees_of_freedom_between_and_within_are_counted():
    """Of 6 participants with 11 observations: an intercept and arm between, visit within.

    Between: 6 - 2 = 4; within: 11 - 6 - 1 = 4 + 0; with the sixth participant's second visit back, 12 - 6 - 1 = 5.
    """
    rng = np.random.default_rng(5)
    at, who = np.tile([0, 1], 6), np.repeat(np.arange(6), 2)
    design = np.column_stack([np.ones(12), who >= 3, at]).astype(float)
    y = rng.normal(size=6)[who] + rng.normal(size=12)
    for rows, within in ((slice(0, 11), 4), (slice(0, 12), 5)):
        found = fit_mmrm(y[rows], DesignMatrix(design[rows], ("one", "arm", "visit")), who[rows], at[rows],
                         covariance="compound-symmetry", df_method="between-within", conf_level=0.95)  # fmt: skip
        assert found.contrast([0, 1, 0]).df == 4
        assert found.contrast([0, 0, 1]).df == within
        assert found.contrast([1, 0, 0]).df == within
        assert found.contrast([0, 1, 1]).df == 4


def test_an_aliased_column_changes_nothing_that_is_estimable():
    data = trial()
    outcome, design, who, at, arm = data
    more = DesignMatrix(np.column_stack([design.values, design.values[:, :3].sum(axis=1)]), (*design.names, "one"))
    found, plain = fit((outcome, more, who, at, arm)), fit(data)
    assert found.aliased == ("one",)
    assert np.isnan(found.coef[-1])
    np.testing.assert_allclose(found.coef[:-1], plain.coef, rtol=CLOSE)
    shared = np.array([0, 0, 0, 1, 0, 0, 0, 0.0])
    assert found.contrast(shared).estimate == pytest.approx(plain.contrast(shared[:-1]).estimate, rel=CLOSE)
    # "one" is the sum of the visits: a combination that shifts both is estimable, one that shifts it alone is not.
    assert found.contrast([1, 1, 1, 0, 0, 0, 0, 3]).note == ""
    assert "Not estimable" in found.contrast([0, 0, 0, 0, 0, 0, 0, 1]).note
    assert np.isnan(found.contrast([0, 0, 0, 0, 0, 0, 0, 1]).estimate)


def test_influence_is_that_of_leaving_each_participant_out():
    data = trial(n=20)
    outcome, design, who, at, _ = data
    found = fit(data)
    told = diagnose_mmrm(found)
    sums = {}
    for member in np.unique(who):
        rows = np.flatnonzero(who == member)
        precision = np.linalg.inv(found.covariance[0][np.ix_(at[rows], at[rows])])
        sums[member] = (design.values[rows].T @ precision @ design.values[rows],
                        design.values[rows].T @ precision @ outcome[rows])  # fmt: skip
    whole, score = (sum(part[i] for part in sums.values()) for i in range(2))
    for place, (own, pull) in enumerate(sums.values()):
        moved = found.coef - np.linalg.solve(whole - own, score - pull)
        assert told.distance[place] == pytest.approx(moved @ whole @ moved / 7, rel=CLOSE)
    deviation = np.sqrt(np.diag(found.covariance[0]))[at]
    np.testing.assert_allclose(told.pearson, found.residuals / deviation, rtol=EXACT)
    assert (told.scaled**2).sum() == pytest.approx(
        len(outcome) - 7, rel=CLOSE
    )  # of restricted likelihood, unstructured


def test_a_standardized_mean_adds_the_spread_of_predictions():
    """Three predictions of 1, 2 and 6 have variance 7, over 3: 7/3 more than the model's variance."""
    data = trial()
    found = fit(data)
    rows = np.zeros((3, 7))
    rows[:, 0] = 1.0
    rows[:, 6] = [0.0, 1.0, 5.0]
    shown = replace(found, coef=np.array([1.0, 0, 0, 0, 0, 0, 1.0]))
    mean = standardize_mmrm(shown, rows)
    plain = found.contrast(rows.mean(axis=0))
    assert mean.std_error == pytest.approx(np.sqrt(plain.std_error**2 + 7 / 3), rel=EXACT)
    assert mean.df == plain.df


def test_what_does_not_go_together_is_refused():
    data = trial()
    with pytest.raises(SpecError, match="requires the restricted likelihood"):
        fit(data, df_method="kenward-roger", reml=False)
    with pytest.raises(SpecError, match="takes the place of the variance"):
        fit(data, df_method="kenward-roger", variance="cr2")
    with pytest.raises(SpecError, match="times: of no effect"):
        fit(data, "ar1", times=data[3].astype(float))
    with pytest.raises(SpecError, match="one of unstructured"):
        fit(data, "banded")
    outcome, design, who, at, _ = data
    twice = np.r_[np.arange(len(outcome)), 0]
    with pytest.raises(DataError, match="1 participant seen more than once"):
        fit((outcome[twice], DesignMatrix(design.values[twice], design.names), who[twice], at[twice], None))
    with pytest.raises(DataError, match="a participant is in two"):
        fit(data, groups=at)
    with pytest.raises(DataError, match="values missing"):
        fit((np.where(who == 0, np.nan, outcome), design, who, at, None))


@pytest.mark.parametrize("df_method", FREEDOMS)
def test_a_joint_test_does_not_depend_on_units(df_method):
    """A coefficient of a column in another unit is a million times smaller, and no less in the test."""
    outcome, design, who, at, arm = trial()
    told = []
    for unit_of in (1.0, 1e3, 1e7):
        values = design.values * np.where(np.arange(7) == 6, unit_of, 1.0)
        found = fit((outcome, DesignMatrix(values, design.names), who, at, arm), df_method=df_method)
        told.append(found.contrast(np.eye(7)[[3, 6]]))
    assert [test.df_numerator for test in told] == [2, 2, 2]
    np.testing.assert_allclose([test.statistic for test in told], told[0].statistic, rtol=1e-6)
    np.testing.assert_allclose([test.df for test in told], told[0].df, rtol=0.02)  # Satterthwaite's depend on the turn


def test_a_participant_with_a_column_for_each_visit_leaves_the_robust_variance_as_it_is_without_them():
    outcome, design, who, at, arm = trial(missing=0.0)
    own = np.column_stack([(who == 0) & (at == visit) for visit in range(VISITS)]).astype(float)
    more = DesignMatrix(np.column_stack([design.values, own]), (*design.names, "p", "q", "r"))
    choices = {"covariance": "compound-symmetry", "variance": "cr2"}
    found = fit((outcome, more, who, at, arm), **choices)
    rest = who > 0
    part = fit(
        (outcome[rest], DesignMatrix(design.values[rest], design.names), who[rest], at[rest], arm[rest]), **choices
    )
    for name in design.names:
        one, two = found.contrast(unit(more.names, name)), part.contrast(unit(design.names, name))
        assert one.std_error == pytest.approx(two.std_error, rel=CLOSE)
        assert one.df == pytest.approx(two.df, rel=1e-6)


@pytest.mark.parametrize("variance", ["cr0", "cr2"])
def test_one_participant_has_no_variance_between_participants(variance):
    rng = np.random.default_rng(3)
    design = DesignMatrix(np.column_stack([np.ones(20), np.arange(20.0)]), ("one", "time"))
    found = fit_mmrm(rng.normal(size=20), design, np.zeros(20), np.arange(20), covariance="ar1",
                     df_method="satterthwaite", conf_level=0.95, variance=variance)  # fmt: skip
    assert np.isnan(found.contrast([0, 1]).p_value)
    assert "one participant" in found.contrast([0, 1]).note
    assert "one participant" in found.contrast(np.eye(2)).note


@pytest.mark.parametrize("origin", [10.0, 2020.0, 737_805.0])
def test_the_origin_of_time_does_not_matter_to_a_random_slope(origin):
    data = trial(n=40)
    first, moved = fit(data, "random-slope"), fit(data, "random-slope", times=data[3] + origin)
    assert moved.criterion == pytest.approx(first.criterion, rel=EXACT)
    np.testing.assert_allclose(moved.vcov, first.vcov, rtol=1e-6)
    # the variance of the intercept at another origin: that of the line at time minus the origin
    expected = first.theta[0] - 2 * origin * first.theta[1] + origin**2 * first.theta[2]
    assert moved.theta[0] == pytest.approx(expected, rel=1e-6)

"""Values below a limit: what both models say of degenerate data, units and order, and cases worked by hand.

By hand: a mixed model of n participants with two values each and nothing below the limit has, by maximum likelihood,
the total mean for its mean; with s_i the mean of a participant and d_i half the difference of the two, the variance
within is 2 mean(d^2), and that between is the variance of s less half the variance within.

Estimating equations of one group of participants with one outcome each are the share itself: its log odds have the
variance 1 / (n p (1 - p)), and corrected, with leverage 1 / n, that times (n / (n - 1))^2.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from npcstats.errors import DataError, SpecError
from npcstats.estimators.censored import fit_gee_logistic, fit_tobit
from npcstats.estimators.censored.generalized import ONE_OUTCOME, SEPARATED
from npcstats.estimators.censored.large import NOT_ESTIMABLE
from npcstats.estimators.censored.tobit import ALL_CENSORED, CONSTANT, NO_MAXIMUM, TOO_FEW
from npcstats.estimators.mmrm import fit_mmrm
from npcstats.estimators.types import DesignMatrix

CLOSE = 1e-7  # steps end where the likelihood would rise by less than 1e-10
Z = 1.959963984540054


def drawn(n=40, visits=3, *, limit=0.3, seed=5):
    """Participants of two groups with values at visits, some below the limit."""
    draw = np.random.default_rng(seed)
    subject, visit = np.repeat(np.arange(n), visits), np.tile(np.arange(visits), n)
    group = (subject % 2).astype(float)
    y = 1 + 0.4 * group - 0.2 * visit + np.repeat(draw.normal(0, 0.7, n), visits) + draw.normal(0, 0.6, n * visits)
    design = DesignMatrix(np.column_stack([np.ones(len(y)), visit, group]), ("one", "visit", "group"))
    return np.maximum(y, limit), y < limit, design, subject, visit


def ones(n):
    return DesignMatrix(np.ones((n, 1)), ("one",))


def tobit(y, below, design, subject):
    return fit_tobit(y, below, design, subject, conf_level=0.95)


def gee(y, design, subject, variance="robust"):
    return fit_gee_logistic(y, design, subject, variance=variance, conf_level=0.95)


def test_two_values_each_by_hand():
    first, second = np.array([1.0, 2.0, 4.0, 5.0, 9.0]), np.array([1.5, 1.0, 5.0, 7.0, 8.0])
    middle, half = (first + second) / 2, (first - second) / 2
    within = 2 * np.mean(half**2)
    found = tobit([*first, *second], np.zeros(10), ones(10), [*range(5), *range(5)])
    assert found.converged
    assert found.coef[0] == pytest.approx(middle.mean(), rel=CLOSE)
    assert found.within**2 == pytest.approx(within, rel=CLOSE)
    assert found.between**2 == pytest.approx(middle.var() - within / 2, rel=CLOSE)
    # both spreads are as if known for the mean: their second derivatives with it are 0
    assert found.std_error[0] == pytest.approx(math.sqrt(middle.var() / 5), rel=CLOSE)


def test_without_values_below_it_is_the_mixed_model():
    y, _, design, subject, visit = drawn(limit=-99.0)
    mixed = fit_mmrm(y, design, subject, visit, covariance="compound-symmetry", df_method="residual", conf_level=0.95,
                     reml=False)  # fmt: skip
    found = tobit(y, np.zeros(len(y)), design, subject)
    np.testing.assert_allclose(found.coef, mixed.coef, rtol=CLOSE)
    assert found.loglik == pytest.approx(mixed.loglik, rel=1e-10)
    covariance = mixed.covariance[0]
    assert found.between**2 == pytest.approx(covariance[0, 1], rel=CLOSE)
    assert found.within**2 == pytest.approx(covariance[0, 0] - covariance[0, 1], rel=CLOSE)


@pytest.mark.parametrize("unit", [1e-6, 1e6])
def test_units_and_order_do_not_matter(unit):
    y, below, design, subject, _ = drawn()
    found, order = tobit(y, below, design, subject), np.random.default_rng(0).permutation(len(y))
    moved = DesignMatrix(design.values[order] * [1, 1 / unit, 1], design.names)
    other = tobit(y[order] * unit + 3 * unit, below[order], moved, subject[order])
    expected = found.coef * unit * [1, unit, 1] + [3 * unit, 0, 0]
    np.testing.assert_allclose(other.coef, expected, rtol=CLOSE)
    np.testing.assert_allclose(other.std_error, found.std_error * unit * [1, unit, 1], rtol=CLOSE)
    assert other.between == pytest.approx(found.between * unit, rel=CLOSE)


def test_the_likelihood_is_at_its_top():
    """The gradient by coefficients, from contrasts of the log likelihood of moved outcomes, is 0."""
    y, below, design, subject, _ = drawn()
    found = tobit(y, below, design, subject)
    again = tobit(y - design.values @ found.coef, below, design, subject)
    np.testing.assert_allclose(again.coef, 0, atol=CLOSE)
    assert again.loglik == pytest.approx(found.loglik, rel=1e-12)


def test_a_contrast_is_a_combination_with_normal_limits():
    y, below, design, subject, _ = drawn()
    found = tobit(y, below, design, subject)
    contrast = found.contrast([0, 0, 2])
    assert contrast.estimate == pytest.approx(2 * found.coef[2])
    assert contrast.std_error == pytest.approx(2 * found.std_error[2])
    assert (contrast.lower, contrast.upper) == pytest.approx(
        (contrast.estimate - Z * contrast.std_error, contrast.estimate + Z * contrast.std_error)
    )
    assert contrast.p_value == pytest.approx(math.erfc(abs(contrast.statistic) / math.sqrt(2)))
    assert math.isinf(contrast.df)


def test_a_column_that_depends_on_others_has_no_coefficient():
    y, below, design, subject, _ = drawn()
    wide = DesignMatrix(np.column_stack([design.values, 1 - design.values[:, 2]]), (*design.names, "other"))
    found, plain = tobit(y, below, wide, subject), tobit(y, below, design, subject)
    assert found.aliased == ("other",)
    np.testing.assert_allclose(found.coef[:3], plain.coef, rtol=CLOSE)
    assert found.contrast([0, 0, 0, 1]).note == NOT_ESTIMABLE
    assert found.contrast([1, 0, 0, 1]).estimate == pytest.approx(plain.coef[0])
    assert found.contrast([1, 0, 1, 0]).estimate == pytest.approx(plain.coef[0] + plain.coef[2])


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda y, below, group: (np.zeros(len(y)), np.ones(len(y)), group), ALL_CENSORED),
        (lambda y, below, group: (y, np.arange(len(y)) > 1, group), TOO_FEW),
        (lambda y, below, group: (np.full(len(y), 2.0), np.zeros(len(y)), group), CONSTANT),
        (lambda y, below, group: (np.where(group == 1, 0.3, y), below | (group == 1), group), NO_MAXIMUM),
    ],
)
def test_what_has_no_maximum_says_so(change, why):
    y, below, design, subject, _ = drawn()
    y, below, _ = change(y, below, design.values[:, 2])
    found = tobit(y, below, design, subject)
    assert (found.converged, found.note) == (False, why)
    assert np.isnan([*found.coef, *found.std_error, found.between, found.loglik]).all()
    assert found.contrast([0, 0, 1]).note == why
    assert math.isnan(found.contrast([0, 0, 1]).estimate)


def test_one_value_each_tells_nothing_of_what_is_shared():
    """Without values below the limit the mean and its error by maximum likelihood are those of one normal sample."""
    y = np.array([1.0, 2.0, 3.0, 5.5])
    found = tobit(y, np.zeros(4), ones(4), range(4))
    assert found.converged
    assert math.isnan(found.between)
    assert (found.coef[0], found.within) == pytest.approx((y.mean(), y.std()), rel=CLOSE)
    assert found.std_error[0] == pytest.approx(y.std() / 2, rel=CLOSE)


def test_participants_who_share_nothing():
    """Differences within participants are larger than between: the spread between is 0, and errors are those of it."""
    y = np.array([1.0, 5.0, 2.0, 4.2, 5.1, 1.1])
    found = tobit(y, np.zeros(6), ones(6), [0, 0, 1, 1, 2, 2])
    assert found.converged
    assert found.between == pytest.approx(0.0, abs=1e-6)
    assert found.within == pytest.approx(y.std(), rel=CLOSE)
    assert found.std_error[0] == pytest.approx(y.std() / math.sqrt(6), rel=CLOSE)


def test_one_outcome_each_by_hand():
    y = np.array([1, 1, 1, 0, 0, 0, 0, 0, 0, 0])
    plain, fuller = gee(y, ones(10), range(10)), gee(y, ones(10), range(10), "mancl-derouen")
    assert plain.coef[0] == pytest.approx(math.log(3 / 7), rel=CLOSE)
    assert plain.correlation == 0
    assert plain.std_error[0] == pytest.approx(1 / math.sqrt(10 * 0.3 * 0.7), rel=CLOSE)
    assert fuller.std_error[0] == pytest.approx(10 / 9 / math.sqrt(10 * 0.3 * 0.7), rel=CLOSE)


def test_outcomes_of_participants_who_never_change():
    """Each participant twice, with the same outcome: the share and its error are those of the participants."""
    y = np.repeat([1, 1, 0, 0, 0, 1, 0, 1, 1, 0, 0, 0], 2)
    found = gee(y, ones(24), np.repeat(np.arange(12), 2))
    assert found.coef[0] == pytest.approx(math.log(5 / 7), rel=CLOSE)
    assert found.std_error[0] == pytest.approx(1 / math.sqrt(12 * 5 / 12 * 7 / 12), rel=CLOSE)


def test_order_of_outcomes_does_not_matter():
    y, below, design, subject, _ = drawn()
    order = np.random.default_rng(1).permutation(len(y))
    plain = gee(below, design, subject, "mancl-derouen")
    other = gee(below[order], DesignMatrix(design.values[order], design.names), subject[order], "mancl-derouen")
    np.testing.assert_allclose(other.coef, plain.coef, rtol=CLOSE)
    np.testing.assert_allclose(other.std_error, plain.std_error, rtol=CLOSE)


def test_no_finite_odds_ratio():
    _, below, design, subject, _ = drawn()
    same, told = gee(np.ones(len(below)), design, subject), gee(design.values[:, 2], design, subject)
    assert (same.converged, same.note) == (False, ONE_OUTCOME)
    assert (told.converged, told.note) == (False, SEPARATED)
    assert np.isnan([*told.coef, *told.std_error, told.correlation]).all()
    assert told.contrast([0, 0, 1]).note == SEPARATED


def test_what_is_refused():
    y, below, design, subject, _ = drawn()
    with pytest.raises(DataError, match="y: values missing"):
        tobit([math.nan, *y[1:]], below, design, subject)
    with pytest.raises(DataError, match="below"):
        tobit(y, np.full(len(y), 0.5), design, subject)
    with pytest.raises(DataError, match="design"):
        tobit(y[1:], below[1:], design, subject[1:])
    with pytest.raises(DataError, match="subject"):
        tobit(y, below, design, subject[1:])
    with pytest.raises(DataError, match="combination"):
        tobit(y, below, design, subject).contrast([1, 0])
    with pytest.raises(SpecError, match="conf_level"):
        fit_tobit(y, below, design, subject, conf_level=95)
    with pytest.raises(SpecError, match="variance"):
        gee(below, design, subject, "naive")


def test_a_robust_variance_that_is_rounding_is_no_standard_error():
    """Nobody changes between visits: the visit's log odds ratio is 0 in everyone, and no sample could have it vary."""
    who, at = np.repeat(np.arange(40), 2), np.tile([0.0, 1.0], 40)
    outcome = (np.arange(40) % 3 == 0)[who]
    design = DesignMatrix(np.column_stack([np.ones(80), at]), ("one", "visit"))
    found = fit_gee_logistic(outcome, design, who, variance="robust", conf_level=0.95).contrast([0, 1])
    assert found.std_error == 0.0
    assert np.isnan(found.p_value)
    assert found.note == "The standard error is 0."


def test_who_determines_a_coefficient_alone_has_no_variance_of_mancl_and_derouen():
    who, at = np.repeat(np.arange(20), 3), np.tile(np.arange(3.0), 20)
    rng = np.random.default_rng(4)
    outcome = rng.random(60) < 0.5
    outcome[:3] = [True, False, True]
    design = DesignMatrix(np.column_stack([np.ones(60), at, who == 0]).astype(float), ("one", "visit", "first"))
    found = fit_gee_logistic(outcome, design, who, variance="mancl-derouen", conf_level=0.95)
    assert not found.converged
    assert "alone determines" in found.note
    assert fit_gee_logistic(outcome, design, who, variance="robust", conf_level=0.95).converged

"""A random intercept for each of many features: by hand, against the general mixed model, invariants, reasons."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from npcstats.errors import DataError, SpecError
from npcstats.estimators.mmrm import fit_mmrm
from npcstats.estimators.screening import screen_random_intercept
from npcstats.estimators.types import DesignMatrix

NUMBERS = ("coef", "std_error", "df", "statistic", "p_value", "lower", "upper", "q_value")
# the two algorithms stop where a step changes nothing more; the likelihood is flat there to half its digits
SAME_TOP = 1e-6


def design_of(**columns):
    return DesignMatrix(np.column_stack([*columns.values()]).astype(float), tuple(columns))


def one(size):
    return design_of(one=np.ones(size))


def drawn(seed, *, people=24, visits=4, features=6, missing=0.0):
    """Visits, arm and their product, an age; features with intercepts of their own."""
    draw = np.random.default_rng(seed)
    who, at = np.repeat(np.arange(people), visits), np.tile(np.arange(visits), people)
    arm = (who % 2).astype(float)
    design = design_of(one=np.ones(len(who)), visit=at, arm=arm, both=arm * at, age=draw.normal(size=people)[who])
    values = draw.normal(size=(people, features))[who] + draw.normal(size=(len(who), features))
    return np.where(draw.random(values.shape) < missing, np.nan, values), design, who


def test_one_way_by_hand():
    """Three participants with two values: 1 3, 4 6, 10 12; their means 2, 5, 11, and of all 6.

    Between: 2 ((2-6)^2 + (5-6)^2 + (11-6)^2) / 2 = 42; within: 6 squares of 1, over 3: 2. So the variance within is 2,
    between (42 - 2) / 2 = 20, that of the mean 42 / 6 = 7 with the 2 degrees of freedom between.
    """
    fit = screen_random_intercept(np.array([[1.0, 3, 4, 6, 10, 12]]).T, one(6), [0, 0, 1, 1, 2, 2], conf_level=0.9)
    assert (fit.within[0], fit.between[0]) == pytest.approx((2, 20), rel=1e-9)
    assert fit.coef[0, 0] == pytest.approx(6, rel=1e-12)
    assert (fit.std_error[0, 0], fit.df[0, 0]) == pytest.approx((np.sqrt(7), 2), rel=1e-8)
    assert fit.statistic[0, 0] == pytest.approx(6 / np.sqrt(7), rel=1e-8)
    # of t with 2 degrees of freedom: P(|T| > t) = 1 - t / sqrt(2 + t^2), and its quantile of 0.95 is 2.919986
    t = 6 / np.sqrt(7)
    assert fit.p_value[0, 0] == pytest.approx(1 - t / np.sqrt(2 + t * t), rel=1e-7)
    assert fit.upper[0, 0] == pytest.approx(6 + 2.919986 * np.sqrt(7), rel=1e-6)
    assert fit.lower[0, 0] == pytest.approx(6 - 2.919986 * np.sqrt(7), rel=1e-6)
    assert (fit.count[0], fit.participants[0], fit.notes[0], fit.q_value[0, 0]) == (6, 3, "", fit.p_value[0, 0])
    # log |V| has 2 three times and 42 three times; X' V^-1 X is 6 / 42; the squares over their variances come to 5
    assert fit.criterion[0] == pytest.approx(5 * np.log(2 * np.pi) + np.log(2**3 * 42**2 * 6) + 5, rel=1e-9)


def test_two_visits_are_paired_and_two_sample_t_tests():
    """With both visits of everyone, visit is the paired t test, and arm by visit that of two samples of differences."""
    values, _, who = drawn(1, people=20, visits=2)
    at, arm = np.tile([0.0, 1.0], 20), (who % 2).astype(float)
    change = values[1::2] - values[::2]
    inner = screen_random_intercept(values, design_of(one=np.ones(40), at=at), who)
    both = screen_random_intercept(values, design_of(one=np.ones(40), at=at, arm=arm, both=at * arm), who)
    held = inner.between > 0
    assert held.sum() >= 3
    paired = stats.ttest_1samp(change, 0)
    np.testing.assert_allclose(inner.statistic[held, 1], paired.statistic[held], rtol=1e-9)
    np.testing.assert_allclose(inner.df[held, 1], 19, rtol=1e-7)
    np.testing.assert_allclose(inner.p_value[held, 1], paired.pvalue[held], rtol=1e-7)
    held = both.between > 0
    pooled = stats.ttest_ind(change[1::2], change[::2])
    np.testing.assert_allclose(both.statistic[held, 3], pooled.statistic[held], rtol=1e-9)
    np.testing.assert_allclose(both.df[held, 3], 18, rtol=1e-7)


def test_no_variance_between_is_least_squares():
    """Values 1 and 5 of everyone, in turns: participants do not differ, so that least squares of 8 values is left."""
    fit = screen_random_intercept(np.array([[1.0, 5, 5, 1, 1, 5, 5, 1]]).T, one(8), np.repeat([0, 1, 2, 3], 2))
    assert fit.between[0] == 0
    assert fit.within[0] == pytest.approx(32 / 7)
    assert (fit.coef[0, 0], fit.std_error[0, 0], fit.df[0, 0]) == pytest.approx((3, np.sqrt(32 / 7 / 8), 7))


@pytest.mark.parametrize("missing", [0.0, 0.3])
def test_the_general_mixed_model_of_compound_symmetry(missing):
    values, design, who = drawn(2, missing=missing)
    fit = screen_random_intercept(values, design, who)
    visit = np.tile(np.arange(4), 24)
    inner = np.flatnonzero(fit.between > 0)
    assert len(inner) >= 4
    for j in inner:
        known = ~np.isnan(values[:, j])
        alone = DesignMatrix(design.values[known], design.names)
        other = fit_mmrm(values[known, j], alone, who[known], visit[known], covariance="compound-symmetry",
                         df_method="satterthwaite", conf_level=0.95)  # fmt: skip
        assert fit.criterion[j] == pytest.approx(other.criterion, rel=1e-9)
        np.testing.assert_allclose(fit.coef[j], other.coef, rtol=SAME_TOP, atol=SAME_TOP)
        np.testing.assert_allclose(fit.std_error[j], other.std_error, rtol=SAME_TOP)
        own = [other.contrast(row) for row in np.eye(5)]
        np.testing.assert_allclose(fit.df[j], [one.df for one in own], rtol=10 * SAME_TOP)
        np.testing.assert_allclose(fit.p_value[j], [one.p_value for one in own], rtol=10 * SAME_TOP)
        assert fit.count[j] == known.sum()


def test_a_feature_is_what_it_is_alone():
    values, design, who = drawn(3, missing=0.2)
    values[:, 2] = np.where(np.isnan(values[:, 2]), 0.0, values[:, 2])
    together = screen_random_intercept(values, design, who)
    for j in range(values.shape[1]):
        alone = screen_random_intercept(values[:, j : j + 1], design, who)
        for name in NUMBERS[:-1]:
            np.testing.assert_allclose(getattr(alone, name)[0], getattr(together, name)[j], rtol=1e-7, err_msg=name)


@pytest.mark.parametrize("unit", [1e-150, 1e-9, 1e9, 1e150])
def test_a_unit_changes_nothing_but_the_unit(unit):
    values, design, who = drawn(4, missing=0.1)
    plain, scaled = (screen_random_intercept(part, design, who) for part in (values, unit * values))
    np.testing.assert_allclose(scaled.coef, unit * plain.coef, rtol=1e-8)
    np.testing.assert_allclose(scaled.std_error, unit * plain.std_error, rtol=1e-8)
    np.testing.assert_allclose(scaled.df, plain.df, rtol=1e-6)
    np.testing.assert_allclose(scaled.p_value, plain.p_value, rtol=1e-6)


def test_order_of_rows_and_names_of_participants_change_nothing():
    values, design, who = drawn(5, missing=0.1)
    order = np.random.default_rng(5).permutation(len(who))
    mixed = DesignMatrix(design.values[order], design.names)
    plain = screen_random_intercept(values, design, who)
    other = screen_random_intercept(values[order], mixed, np.array([f"P{40 - i:02d}" for i in who])[order])
    np.testing.assert_allclose(other.coef, plain.coef, rtol=1e-9)
    np.testing.assert_allclose(other.p_value, plain.p_value, rtol=1e-7)


def test_a_column_in_another_unit_and_place():
    values, design, who = drawn(6)
    plain = screen_random_intercept(values, design, who)
    wild = DesignMatrix(design.values[:, ::-1] * [1e8, 1, 1, 1e-8, 1], design.names[::-1])
    other = screen_random_intercept(values, wild, who)
    np.testing.assert_allclose(other.coef[:, 0] * 1e8, plain.coef[:, 4], rtol=1e-8)
    np.testing.assert_allclose(other.p_value[:, ::-1], plain.p_value, rtol=1e-7)


def test_q_values_column_by_column():
    """Benjamini and Hochberg's from their definition: the least, over larger p-values, of p times m over its rank."""
    values, design, who = drawn(7, features=8)
    fit = screen_random_intercept(values, design, who)
    for p, q in zip(fit.p_value.T, fit.q_value.T, strict=True):
        ranks = stats.rankdata(p, method="max")
        expected = [min(1.0, *(p[j] * len(p) / ranks[j] for j in range(len(p)) if p[j] >= p[i])) for i in range(len(p))]
        np.testing.assert_allclose(q, expected, rtol=1e-12)


def deviance(values, columns, who, ratio):
    """Minus twice the restricted log likelihood at a ratio of the variances, from whole matrices."""
    n, k = columns.shape
    covariance = np.eye(n) + ratio * (who[:, None] == who)
    inner = columns.T @ np.linalg.solve(covariance, columns)
    rest = values - columns @ np.linalg.solve(inner, columns.T @ np.linalg.solve(covariance, values))
    within = rest @ np.linalg.solve(covariance, rest) / (n - k)
    spread = np.linalg.slogdet(covariance)[1] + np.linalg.slogdet(inner)[1]
    return spread + (n - k) * (1 + np.log(2 * np.pi * within))


@pytest.mark.parametrize("between", [0.0, 0.1, 1.0, 30.0])
@pytest.mark.parametrize("missing", [0.0, 0.5])
def test_no_ratio_of_a_fine_grid_is_better(between, missing):
    """Few participants, so that the likelihood may be flat, or have its maximum at no variance between."""
    draw = np.random.default_rng(10)
    who = np.repeat(np.arange(6), 3)
    design = design_of(one=np.ones(18), at=np.tile(np.arange(3), 6), arm=who % 2)
    values = between * draw.normal(size=(6, 40))[who] + draw.normal(size=(18, 40))
    values = np.where(draw.random(values.shape) < missing, np.nan, values)
    fit = screen_random_intercept(values, design, who)
    told = [j for j, note in enumerate(fit.notes) if not note]
    assert len(told) > 20
    for j in told:
        known = ~np.isnan(values[:, j])
        given = values[known, j], design.values[known], who[known]
        assert fit.criterion[j] == pytest.approx(deviance(*given, fit.between[j] / fit.within[j]), rel=1e-8)
        best = min(deviance(*given, ratio) for ratio in [0.0, *np.logspace(-4, 5, 60)])
        assert fit.criterion[j] < best + 1e-9
        assert np.isfinite([fit.df[j], fit.p_value[j], fit.upper[j]]).all()


WHO = np.repeat(np.arange(4), 2)
BY_VISIT = design_of(one=np.ones(8), at=np.tile([0.0, 1.0], 4), arm=np.repeat([0.0, 1.0], 4))
GOOD = np.array([1.0, 2.5, 3.0, 3.7, 5.0, 7.1, 2.0, 2.2])


def seen(*places):
    """The good feature, of some places only."""
    kept = np.full(8, np.nan)
    kept[list(places)] = GOOD[list(places)]
    return kept


@pytest.mark.parametrize(
    ("feature", "reason"),
    [
        (seen(), "no more values than coefficients"),
        (seen(0, 1, 4), "no more values than coefficients"),
        (np.full(8, 0.3), "does not vary"),
        (np.zeros(8), "does not vary"),
        (7 + 3 * np.tile([0.0, 1.0], 4), "does not vary"),
        (seen(0, 2, 4, 6), "depend on each other"),
        (seen(0, 1, 2, 3), "depend on each other"),
        (seen(0, 3, 4, 7), "No participant has two values"),
        (seen(0, 1, 2, 4, 7), "all differences within participants"),
        (seen(0, 1, 4, 5), "all differences between participants"),
        (np.repeat([1.0, 4.0, 2.0, 7.0], 2), "hardly differ"),
        (np.repeat([1.0, 4.0, 2.0, 7.0], 2) + 1e-4 * GOOD, "hardly differ"),
    ],
)
def test_no_model_tells_its_reason(feature, reason):
    """Beside it a good feature has its model as ever."""
    fit = screen_random_intercept(np.column_stack([feature, GOOD]), BY_VISIT, WHO)
    alone = screen_random_intercept(GOOD[:, None], BY_VISIT, WHO)
    assert reason in fit.notes[0]
    for name in NUMBERS:
        assert np.isnan(getattr(fit, name)[0]).all(), name
        np.testing.assert_allclose(getattr(fit, name)[1], getattr(alone, name)[0], rtol=1e-9)
    assert np.isnan([fit.between[0], fit.within[0], fit.criterion[0]]).all()
    assert fit.count.tolist() == [(~np.isnan(feature)).sum(), 8]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"Y": np.full((8, 1), np.inf)}, "finite"),
        ({"Y": GOOD}, "shape"),
        ({"Y": np.empty((8, 0))}, "shape"),
        ({"Y": GOOD[:5, None]}, "5 rows"),
        ({"subject": WHO[:3]}, "subject"),
        ({"design": np.ones((8, 1))}, "DesignMatrix"),
        ({"design": design_of(one=np.ones(8), again=2 * np.ones(8))}, "again"),
    ],
)
def test_refused(change, fault):
    given = {"Y": GOOD[:, None], "design": BY_VISIT, "subject": WHO} | change
    with pytest.raises(DataError, match=fault):
        screen_random_intercept(given["Y"], given["design"], given["subject"])


def test_a_confidence_level_beyond_one_is_refused():
    with pytest.raises(SpecError, match="conf_level"):
        screen_random_intercept(GOOD[:, None], BY_VISIT, WHO, conf_level=1.5)


def test_level_and_coverage_where_a_participant_misses_a_third():
    """4,000 features of 24 participants with an arm difference of 0.8 in each: 95 % limits cover it."""
    values, design, who = drawn(8, features=4000, missing=1 / 3)
    values += 0.8 * design.values[:, [3]]
    fit = screen_random_intercept(values, design, who)
    # three standard errors of a share of 0.95 of 4,000; Satterthwaite's approximation moves it by less
    allowed = 3 * np.sqrt(0.95 * 0.05 / 4000)
    for column, truth in enumerate((0.0, 0.0, 0.0, 0.8, 0.0)):
        covered = (fit.lower[:, column] <= truth) & (truth <= fit.upper[:, column])
        assert abs(covered.mean() - 0.95) < allowed, fit.names[column]
    assert abs(fit.coef[:, 3].mean() - 0.8) < 3 * fit.coef[:, 3].std() / np.sqrt(4000)


def test_false_discoveries_are_as_rare_as_promised():
    """Of 2,000 features 200 differ; of those with q below 0.05 not much more than 0.05 x 0.9 do not."""
    values, design, who = drawn(9, features=2000, people=60)
    values[:, :200] += 0.7 * design.values[:, [3]]
    told = screen_random_intercept(values, design, who).q_value[:, 3] < 0.05
    assert told[:200].sum() > 100
    assert told[200:].sum() / told.sum() < 0.09

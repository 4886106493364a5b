"""The mixed model of data that hardly have one: an answer that is right, or NaN with its reason."""

from __future__ import annotations

import math

import numpy as np
import pytest

from npcstats.errors import DataError, SpecError
from npcstats.estimators.mmrm import COVARIANCES, diagnose_mmrm, fit_mmrm
from npcstats.estimators.mmrm.structures import SPATIAL
from npcstats.estimators.types import DesignMatrix

PARTICIPANTS, VISITS = 30, 4
ROUNDING = 1e-9
OWN_VARIANCES = ("unstructured", "compound-symmetry-heterogeneous", "ar1-heterogeneous", "toeplitz-heterogeneous",
                 "ante-dependence")  # fmt: skip
POOLED = ("compound-symmetry", "ar1", SPATIAL)
CONSTANT = "The outcome does not vary beyond what the design explains: there is no variance to estimate."
LOST = "The observations do not determine every parameter of the covariance."
WANDERS = (
    "The likelihood still changes after 200 steps: the observations hardly determine some parameter of the covariance."
)
SINGULAR = "The covariance of the visits became singular: some are determined by others."


class Data:
    """Complete data of 30 participants at four visits in two arms, with the design arm by visit."""

    def __init__(self):
        rng = np.random.default_rng(20261128)
        self.who, self.at = (a.ravel() for a in np.mgrid[:PARTICIPANTS, :VISITS])
        self.arm = self.who % 2
        visits = np.eye(VISITS)[self.at]
        self.x = np.column_stack([visits, visits * self.arm[:, None]])
        self.y = rng.normal(size=PARTICIPANTS)[self.who] + rng.normal(size=PARTICIPANTS * VISITS)
        self.drawn = rng.normal(size=PARTICIPANTS)[self.who]  # a covariate

    def fit(self, kept=None, covariance="unstructured", *, y=None, x=None, **options):
        kept = np.ones(len(self.y), dtype=bool) if kept is None else kept
        x = (self.x if x is None else x)[kept]
        asked = {"df_method": "kenward-roger", "conf_level": 0.95, **options}
        asked = {k: v[kept] if isinstance(v, np.ndarray) else v for k, v in asked.items()}
        design = DesignMatrix(x, tuple(f"c{j}" for j in range(x.shape[1])))
        return fit_mmrm((self.y if y is None else y)[kept], design, self.who[kept], self.at[kept],
                        covariance=covariance, **asked)  # fmt: skip


@pytest.fixture(scope="module")
def data():
    return Data()


def unit(j, k=2 * VISITS):
    return np.eye(k)[j]


def refused(fit, why):
    """Nothing is told as if it had converged."""
    assert not fit.converged
    assert fit.note == why
    for field in (fit.coef, fit.std_error, fit.vcov, fit.covariance, fit.fitted, fit.residuals):
        assert np.isnan(field).all()
    assert math.isnan(fit.loglik)
    assert math.isnan(fit.criterion)
    one, several = fit.contrast(unit(0, len(fit.names))), fit.contrast(np.eye(len(fit.names))[:2])
    assert np.isnan([one.estimate, one.std_error, one.df, one.statistic, one.p_value, one.lower, one.upper]).all()
    assert np.isnan([several.statistic, several.df, several.p_value]).all()
    assert one.note == several.note == why
    with pytest.raises(DataError, match="did not converge"):
        diagnose_mmrm(fit)


def same(one, other, rel=ROUNDING):
    for field in ("estimate", "std_error", "df", "p_value", "lower", "upper"):
        assert getattr(one, field) == pytest.approx(getattr(other, field), rel=rel)


@pytest.mark.parametrize("covariance", COVARIANCES)
def test_an_outcome_that_does_not_vary(data, covariance):
    refused(data.fit(covariance=covariance, y=np.full(len(data.y), 3.0)), CONSTANT)
    refused(data.fit(covariance=covariance, y=data.x @ np.arange(1.0, 9.0)), CONSTANT)
    refused(data.fit(covariance=covariance, y=3 + 1e-13 * data.y), CONSTANT)


@pytest.mark.parametrize("covariance", OWN_VARIANCES)
def test_a_visit_at_which_nothing_varies(data, covariance):
    """As where everyone is below the limit: its variance is 0, and the likelihood has no maximum."""
    why = "The outcome does not vary beyond what the design explains at visit 1."
    refused(data.fit(covariance=covariance, y=np.where(data.at == 1, 0.5, data.y)), why)


def test_groups_in_which_nothing_varies(data):
    fit = data.fit(y=np.where((data.at == 1) & (data.arm == 1), 0.5, data.y), groups=data.arm)
    refused(fit, "The outcome does not vary beyond what the design explains at visit 1 of group 1.")


@pytest.mark.parametrize("covariance", OWN_VARIANCES)
@pytest.mark.parametrize("left", [1, 2])
def test_a_visit_of_as_many_participants_as_it_has_coefficients(data, covariance, left):
    """Whoever was last seen has a mean of their own: nothing is left to tell the variance of that visit."""
    kept = (data.at < 3) | (data.who < left)
    refused(data.fit(kept, covariance), "The outcome does not vary beyond what the design explains at visit 3.")


@pytest.mark.parametrize("covariance", POOLED)
def test_one_participant_at_a_visit_takes_its_coefficient_only(data, covariance):
    """Structures whose visits share a variance have it from the others, and these without that participant's last."""
    kept, before = (data.at < 3) | (data.who < 1), data.at < 3
    found, without = data.fit(kept, covariance), data.fit(before, covariance)
    assert found.converged
    for j in (0, 1, 2, 4, 5, 6):
        same(found.contrast(unit(j)), without.contrast(unit(j)), rel=1e-6)
    assert np.isfinite(found.contrast(unit(3)).std_error)


@pytest.mark.parametrize("covariance", COVARIANCES)
def test_a_participant_with_one_visit(data, covariance):
    kept = (data.who != 3) | (data.at == 0)
    assert data.fit(kept, covariance).converged


@pytest.mark.parametrize("covariance", [c for c in COVARIANCES if c != "unstructured"])
def test_nobody_seen_twice_tells_no_correlation(data, covariance):
    """Where a variance between and one within are all there is, either may be the other."""
    flat = covariance in ("compound-symmetry", "random-slope")
    refused(data.fit(data.at == data.who % VISITS, covariance), WANDERS if flat else LOST)


def test_visits_at_which_nobody_was_seen_together(data):
    kept = (data.at < 2) == (data.who < 15)
    refused(data.fit(kept),
            "No participant was seen at both visits 0 and 2: their covariance cannot be estimated.")  # fmt: skip
    assert data.fit(kept, "compound-symmetry").converged


def test_a_visit_missing_in_an_arm(data):
    """What the other visits tell is not touched; what that visit would have told is not made up."""
    kept = (data.at < 3) | (data.arm == 0)
    fit = data.fit(kept)
    assert fit.converged
    assert fit.aliased == ("c7",)
    assert np.isnan(fit.coef[7])
    assert np.isfinite(np.delete(fit.coef, 7)).all()
    for j in range(7):
        assert fit.contrast(unit(j)).note == ""
        assert np.isfinite(fit.contrast(unit(j)).p_value)
    for rows in (unit(7), np.eye(8)[5:8], np.eye(8)[4:8].mean(axis=0)):
        found = fit.contrast(rows)
        assert math.isnan(found.statistic)
        assert math.isnan(found.p_value)
        assert found.note.startswith("Not estimable")


def test_singular_covariances(data):
    for offset in (0.0, 1e-9):
        y = np.where(data.at == 1, np.repeat(data.y[data.at == 0], VISITS), data.y) + offset * data.drawn * data.at
        refused(data.fit(y=y), SINGULAR)
    proportional = data.drawn * (1 + data.at)
    for covariance in OWN_VARIANCES:
        refused(data.fit(covariance=covariance, y=proportional), SINGULAR)


def test_more_visits_than_participants_can_tell(data):
    refused(data.fit(data.who < 2, x=data.x[:, :VISITS]), SINGULAR)


def test_a_coefficient_for_every_participant_leaves_no_covariance_between(data):
    x = np.eye(PARTICIPANTS)[data.who]
    for df_method in ("kenward-roger", "satterthwaite", "between-within", "residual"):
        refused(data.fit(covariance="compound-symmetry", x=x, df_method=df_method), LOST)


def test_as_many_coefficients_as_observations(data):
    kept = (data.who == 0) & (data.at < 2)
    refused(data.fit(kept, "compound-symmetry", x=data.x[:, :2]),
            "2 observations for 2 coefficients: more are required.")  # fmt: skip
    refused(data.fit(kept, x=data.x[:, :2] * 0), "Every column of the design is 0.")


def test_collinear_columns(data):
    """What a further column can take from others' coefficients is not estimable; what it cannot is as without it."""
    plain = data.fit()
    for taken in ((0, 5), (0, 1, 2, 3), ()):
        fit = data.fit(x=np.column_stack([data.x, data.x[:, taken].sum(axis=1)]))
        assert fit.aliased == ("c8",)
        assert fit.criterion == pytest.approx(plain.criterion, abs=1e-8)
        for j in range(9):
            found = fit.contrast(unit(j, 9))
            if j in taken or j == 8:
                assert math.isnan(found.estimate)
                assert found.note.startswith("Not estimable")
            else:
                same(found, plain.contrast(unit(j)))


@pytest.mark.parametrize("near", [1e-3, 1e-6, 1e-9])
def test_nearly_collinear_columns_cost_no_digits(data, near):
    """z and z + e u are as z and u: the coefficient of the difference is that of u over e, which e ends."""
    rng = np.random.default_rng(1)
    u = rng.normal(size=PARTICIPANTS)[data.who]
    second = data.drawn + near * u
    u = (second - data.drawn) / near  # as it is after rounding
    apart = data.fit(x=np.column_stack([data.x, data.drawn, u]))
    fit = data.fit(x=np.column_stack([data.x, data.drawn, second]))
    told, expected = fit.contrast(unit(9, 10)), apart.contrast(unit(9, 10))
    digits = 1e-14 / near * 100
    assert told.estimate * near == pytest.approx(expected.estimate, rel=max(digits, 1e-7))
    assert told.p_value == pytest.approx(expected.p_value, rel=max(digits, 1e-7))
    same(fit.contrast(unit(4, 10)), apart.contrast(unit(4, 10)), rel=max(digits, 1e-7))


@pytest.mark.parametrize("scale", [1e-30, 1e-12, 1e12, 1e30])
@pytest.mark.parametrize("covariance", COVARIANCES)
def test_units_of_outcome_and_weights(data, covariance, scale):
    plain, scaled = data.fit(covariance=covariance), data.fit(covariance=covariance, y=data.y * scale)
    weighted = data.fit(covariance=covariance, weights=np.full(len(data.y), scale))
    for j in range(8):
        one, other = plain.contrast(unit(j)), scaled.contrast(unit(j))
        assert other.estimate == pytest.approx(one.estimate * scale, rel=ROUNDING)
        assert other.std_error == pytest.approx(one.std_error * scale, rel=ROUNDING)
        assert (other.df, other.p_value) == pytest.approx((one.df, one.p_value), rel=1e-7)
        same(weighted.contrast(unit(j)), one, rel=1e-7)


@pytest.mark.parametrize("scale", [1e-12, 1e-3, 1e3, 1e12])
def test_units_of_times(data, scale):
    times = data.at**1.5 + 0.01 * data.who
    plain = data.fit(covariance=SPATIAL, times=times)
    scaled = data.fit(covariance=SPATIAL, times=times * scale)
    since = data.fit(covariance=SPATIAL, times=times + 1024)
    assert scaled.theta == pytest.approx(plain.theta * [1.0, scale], rel=1e-7)
    same(scaled.contrast(unit(7)), plain.contrast(unit(7)), rel=1e-7)
    same(since.contrast(unit(7)), plain.contrast(unit(7)), rel=1e-7)


def test_a_far_origin_costs_only_the_digits_of_the_outcome(data):
    plain, far = data.fit(), data.fit(y=data.y + 1e6)
    assert far.contrast(unit(7)).estimate == pytest.approx(plain.contrast(unit(7)).estimate, rel=1e-7)
    assert far.contrast(unit(7)).std_error == pytest.approx(plain.contrast(unit(7)).std_error, rel=1e-7)


def test_weights_of_a_million_to_one(data):
    """A participant whose weight is next to nothing is next to left out."""
    little = data.fit(weights=np.where(data.who < 4, 1e-6, 1.0), covariance="compound-symmetry")
    left = data.fit(data.who >= 4, covariance="compound-symmetry")
    one, other = little.contrast(unit(7)), left.contrast(unit(7))
    assert one.estimate == pytest.approx(other.estimate, rel=1e-4)


def test_a_participant_who_alone_determines_a_column(data):
    """Their residuals are 0 in the mean; robust variances and influence are finite, those of the others as without."""
    x = np.column_stack([data.x, data.who == 0])
    for variance in ("cr0", "cr2"):
        fit = data.fit(x=x, df_method="satterthwaite", variance=variance)
        assert fit.converged
        assert np.isfinite(fit.vcov).all()
        found = diagnose_mmrm(fit)
        assert np.isfinite(found.pearson).all()
        assert np.isfinite(found.scaled).all()
        assert np.isfinite(found.distance).all()
        assert np.isfinite(fit.contrast(unit(4, 9)).p_value)


def test_combinations_of_nothing(data):
    fit = data.fit()
    zero = fit.contrast(np.zeros(8))
    assert (zero.estimate, zero.std_error) == (0.0, 0.0)
    assert math.isnan(zero.p_value)
    assert zero.note == "The standard error is 0."
    assert fit.contrast(np.zeros((2, 8))).note == "No combination varies."
    # three rows that say one thing are one test
    several, one = fit.contrast(np.array([unit(4), 2 * unit(4), unit(4)])), fit.contrast(unit(4))
    assert (several.df_numerator, several.df) == pytest.approx((1, one.df), rel=1e-7)
    assert (several.statistic, several.p_value) == pytest.approx((one.statistic**2, one.p_value), rel=1e-7)


def test_refusals(data):
    holed, doubled = data.y.copy(), np.append(np.arange(len(data.y)), 0)
    holed[:4] = np.nan
    with pytest.raises(DataError, match="y: values missing or infinite 4"):
        data.fit(y=holed)
    with pytest.raises(DataError, match="1 participant seen more than once at a visit"):
        fit_mmrm(data.y[doubled], DesignMatrix(data.x[doubled], tuple("abcdefgh")), data.who[doubled],
                 data.at[doubled], covariance="ar1", df_method="residual", conf_level=0.95)  # fmt: skip
    with pytest.raises(DataError, match="30 participants seen more than once at a time"):
        data.fit(covariance=SPATIAL, times=np.zeros(len(data.y)))
    with pytest.raises(DataError, match="there is one; covariance"):
        data.fit(data.at == 0, "ar1")
    with pytest.raises(DataError, match="a participant is in two"):
        data.fit(groups=data.at)
    with pytest.raises(DataError, match="all 120 weights are 0"):
        data.fit(weights=np.zeros(len(data.y)))
    with pytest.raises(SpecError, match="covariance: is 'UN'"):
        data.fit(covariance="UN")
    with pytest.raises(SpecError, match="requires the restricted likelihood"):
        data.fit(reml=False)
    with pytest.raises(DataError, match="8 columns"):
        data.fit().contrast(np.ones(3))
    with pytest.raises(DataError, match="combination: values missing"):
        data.fit().contrast(np.full(8, np.nan))


def test_one_visit_is_a_t_test(data):
    """Of 15 and 15 participants: difference of means, pooled variance, 28 degrees of freedom."""
    here = data.at == 2
    found = data.fit(here, x=np.column_stack([np.ones(len(data.y)), data.arm])).contrast([0, 1])
    one, none = (data.y[here & (data.arm == a)] for a in (1, 0))
    pooled = (one.var(ddof=1) + none.var(ddof=1)) / 2
    assert found.estimate == pytest.approx(one.mean() - none.mean(), rel=ROUNDING)
    assert found.std_error == pytest.approx(math.sqrt(pooled * 2 / 15), rel=ROUNDING)
    assert found.df == pytest.approx(28, rel=ROUNDING)


def test_a_robust_variance_of_nothing_is_no_proof(data):
    """Three participants, a mean each: no residual is left of the third's first visit, and no number is made of it."""
    kept = (data.who < 3) & (data.at == 0)
    x = np.column_stack([data.who == 2, data.who < 2]).astype(float)
    for variance in ("cr0", "cr2"):
        fit = data.fit(kept, x=x, df_method="residual", variance=variance)
        assert fit.converged
        found = fit.contrast([1, 0])
        assert found.std_error == 0
        assert math.isnan(found.p_value)
        assert math.isnan(found.lower)
        assert found.note == "The standard error is 0."
        assert fit.contrast([0, 1]).std_error > 0


@pytest.mark.parametrize("participants", [3, 4, 5, 6, 7])
def test_joint_tests_of_few_participants(data, participants):
    """Of one visit F is exact, with n - 2 degrees of freedom; its mean, which is matched, exists from three on."""
    kept = (data.who < participants) & (data.at == 0)
    x = np.column_stack([np.ones(len(data.y)), data.arm]).astype(float)
    found = data.fit(kept, x=x).contrast(np.eye(2))
    if participants < 5:
        assert math.isnan(found.p_value)
        assert found.note == "No degrees of freedom are left for this combination."
        return
    y, x = data.y[kept], x[kept]
    fitted = x @ np.linalg.lstsq(x, y, rcond=None)[0]
    f = (fitted @ fitted / 2) / (((y - fitted) ** 2).sum() / (participants - 2))
    assert (found.statistic, found.df_numerator, found.df) == pytest.approx((f, 2, participants - 2), rel=1e-7)

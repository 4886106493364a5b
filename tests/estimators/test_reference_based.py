"""Courses completed under a mixed model: by hand, and at random against the model itself."""

from __future__ import annotations

import math

import numpy as np
import pytest

from npcstats.errors import DataError, SpecError
from npcstats.estimators.completed import compare_completed
from npcstats.estimators.mmrm import fit_mmrm
from npcstats.estimators.reference_based import (
    STRATEGIES,
    Courses,
    complete_courses,
    impute_courses,
    last_seen,
    sample_within,
    strategy_means,
)
from npcstats.estimators.types import DesignMatrix

NAN = math.nan
SIZE, VISITS = 120, 3
OWN, OTHER = np.array([[1.0, 2.0, 3.0, 4.0]]), np.array([[0.0, 1.0, 1.0, 0.0]])


class TestMeans:
    """Own means 1 2 3 4, those of the reference 0 1 1 0; the last visit seen is the second, or there is none."""

    @pytest.mark.parametrize(
        ("strategy", "last", "expected"),
        [
            ("missing-at-random", 1, [1, 2, 3, 4]),
            ("jump-to-reference", 1, [1, 2, 1, 0]),
            ("copy-reference", 1, [0, 1, 1, 0]),
            ("copy-increments-in-reference", 1, [1, 2, 2, 1]),  # ahead by 2 - 1
            ("jump-to-reference", -1, [0, 1, 1, 0]),
            ("copy-increments-in-reference", -1, [0, 1, 1, 0]),  # alike at baseline
            ("jump-to-reference", 3, [1, 2, 3, 4]),
        ],
    )
    def test_by_hand(self, strategy, last, expected):
        assert strategy_means(OWN, OTHER, np.array([last]), strategy).tolist() == [expected]

    def test_last_seen(self):
        seen = np.array([[1, 0, 1], [1, 1, 0], [0, 0, 0]], dtype=bool)
        assert last_seen(seen).tolist() == [2, 1, -1]


class TestDraws:
    def test_the_second_visit_given_the_first(self):
        """Variances 1 and 2, covariance 1/2: slope 1/2, variance left 2 - 1/4. Seen: 2, where own means are 0 and 0.

        At random 1/2 of 2. The reference has means 1 and 3: jumped 3 + 1/2 of 2, copied 3 + 1/2 of (2 - 1); its
        increments from a start 1 lower 2 + 1/2 of 2.
        """
        covariance = np.array([[1.0, 0.5], [0.5, 2.0]])
        outcome, own, reference = np.array([[2.0, NAN]]), np.zeros((1, 2)), np.array([[1.0, 3.0]])
        means = np.stack([strategy_means(own, reference, np.array([0]), one) for one in STRATEGIES])
        for noise in (0.0, 1.0):
            found = complete_courses(outcome, own, means, covariance, np.full((1, 2), noise))
            assert found[:, 0, 0].tolist() == [2.0] * 4
            expected = np.array([1.0, 4.0, 3.5, 3.0]) + noise * math.sqrt(1.75)
            assert found[:, 0, 1] == pytest.approx(expected, rel=1e-14)

    def test_a_gap_is_at_random_under_each(self):
        """Correlation rho^lag: between two of 1 mean 2 rho / (1 + rho^2), variance (1 - rho^2) / (1 + rho^2)."""
        rho = 0.5
        covariance = rho ** np.abs(np.subtract.outer(range(3), range(3)))
        outcome, own = np.array([[1.0, NAN, 1.0]]), np.zeros((1, 3))
        means = np.stack([strategy_means(own, own + 5, np.array([2]), one) for one in STRATEGIES])
        found = complete_courses(outcome, own, means, covariance, np.ones((1, 3)))[:, 0, 1]
        expected = 2 * rho / (1 + rho**2) + math.sqrt((1 - rho**2) / (1 + rho**2))
        assert found == pytest.approx([expected] * 4, rel=1e-14)

    def test_nothing_seen_is_the_means_with_the_whole_covariance(self):
        covariance = np.array([[4.0, 1.0], [1.0, 9.0]])
        outcome = np.full((1, 2), NAN)
        drawn = [complete_courses(outcome, OWN[:, :2], OWN[None, :, :2], covariance, noise[None])[0, 0]
                 for noise in (np.zeros(2), np.array([1.0, 0.0]), np.array([0.0, 1.0]))]  # fmt: skip
        root = np.column_stack([drawn[1] - drawn[0], drawn[2] - drawn[0]])
        assert drawn[0].tolist() == [1.0, 2.0]
        assert root @ root.T == pytest.approx(covariance, rel=1e-14)

    def test_participants_are_sampled_within_their_stratum(self):
        stratum = np.array([0, 1, 0, 1, 1])
        for seed in range(5):
            who = sample_within(stratum, np.random.default_rng(seed))
            assert sorted(stratum[who].tolist()) == [0, 0, 1, 1, 1]


def made(seed=3, *, loss=0.3):
    """Two groups of 60 at three visits, some lost for good and some with a gap; no covariate but the baseline."""
    stream = np.random.default_rng(seed)
    first = np.repeat([True, False], SIZE // 2)
    base = stream.normal(size=SIZE)
    covariance = 0.5 + 0.5 * np.eye(VISITS)
    outcome = 0.4 * base[:, None] + first[:, None] * [0.2, 0.8, 0.6]
    outcome = outcome + stream.multivariate_normal(np.zeros(VISITS), covariance, SIZE)
    for row in outcome:
        if stream.random() < loss:
            row[stream.integers(0, VISITS) :] = NAN
        elif stream.random() < 0.2:
            row[stream.integers(0, VISITS - 1)] = NAN
    return outcome, first, base


def courses(outcome, first, base, wanted=None):
    v = outcome.shape[1]
    parts = [np.ones(len(base)), first.astype(float), base]
    own = np.concatenate([part[:, None, None] * np.eye(v) for part in parts], axis=2)
    reference = own.copy()
    reference[:, :, v : 2 * v] = 0.0
    names = tuple(f"{what}{j}" for what in ("visit", "first", "base") for j in range(v))
    everywhere = np.ones(outcome.shape, dtype=bool)
    return Courses(outcome, own, reference, names, everywhere if wanted is None else wanted, first.astype(np.intp))


def impute(given, *, m=20, seed=1, name="work", strategies=STRATEGIES, covariance="unstructured"):
    return impute_courses(given, covariance=covariance, strategies=strategies, imputations=m, seed=seed, name=name)


def seen_contrast(given, visit):
    """The first group's contrast at a visit in the model of the values seen."""
    rows, visits = np.nonzero(given.seen)
    fit = fit_mmrm(given.outcome[rows, visits], DesignMatrix(given.own[rows, visits], given.names), rows, visits,
                   covariance="unstructured", df_method="kenward-roger", conf_level=0.95)  # fmt: skip
    return fit.contrast([float(name == f"first{visit}") for name in given.names])


class TestImputation:
    def test_what_was_seen_stays_and_what_was_not_wanted_is_missing(self):
        outcome, first, base = made()
        wanted = np.ones(outcome.shape, dtype=bool)
        wanted[:10, 2] = False
        found = impute(courses(outcome, first, base, wanted))
        seen = ~np.isnan(outcome)
        for values in found.values.values():
            assert (values[:, seen] == outcome[seen]).all()
            assert np.isnan(values[:, ~seen & ~wanted]).all()
            assert np.isfinite(values[:, ~seen & wanted]).all()

    def test_the_reference_group_and_gaps_are_alike_under_each(self):
        outcome, first, base = made()
        found = impute(courses(outcome, first, base)).values
        gap = np.isnan(outcome) & (np.arange(VISITS) < last_seen(~np.isnan(outcome))[:, None])
        assert gap[first].any()
        for strategy in STRATEGIES[1:]:
            np.testing.assert_array_equal(found[strategy][:, ~first], found[STRATEGIES[0]][:, ~first])
            np.testing.assert_array_equal(found[strategy][:, gap], found[STRATEGIES[0]][:, gap])

    def test_increments_are_the_jump_and_how_far_ahead_one_was(self):
        """Who was seen last at the second visit differs by the model's contrast there, the same for everyone."""
        outcome, first, base = made()
        found, m = impute(courses(outcome, first, base), m=200).values, 200
        after = first & (last_seen(~np.isnan(outcome)) == 1)
        ahead = found["copy-increments-in-reference"][:, after, 2] - found["jump-to-reference"][:, after, 2]
        assert after.sum() > 2
        np.testing.assert_allclose(ahead, ahead[:, :1] + 0 * ahead, rtol=0, atol=1e-12)
        expected = seen_contrast(courses(outcome, first, base), 1).estimate
        # contrasts of bootstrap samples scatter about that of everyone, but for a bias of the order of 1/n
        assert abs(ahead[:, 0].mean() - expected) < 5 * ahead[:, 0].std() / math.sqrt(m)

    def test_the_same_seed_gives_the_same_and_more_leave_the_first_ones(self):
        given = courses(*made())
        once, again, more = impute(given), impute(given), impute(given, m=25)
        other, seeded = impute(given, name="other"), impute(given, seed=2)
        first = STRATEGIES[0]
        np.testing.assert_array_equal(once.values[first], again.values[first])
        np.testing.assert_array_equal(once.values[first], more.values[first][:20])
        for different in (other, seeded):
            assert not np.array_equal(once.values[first], different.values[first], equal_nan=True)

    def test_one_strategy_is_what_it_is_among_all(self):
        given = courses(*made())
        alone = impute(given, strategies=("copy-reference",))
        # products of other shapes may round their last digit otherwise
        np.testing.assert_allclose(alone.values["copy-reference"], impute(given).values["copy-reference"], rtol=1e-12)

    def test_at_random_it_is_the_model_itself(self):
        """Nothing but group, visit and baseline by visit: both estimate the same, so they differ by chance only.

        The chance is that of the draws, sqrt(between / m); the factor 5 leaves room for the bootstrap's own bias of
        the order of 1/n. The variance has an error of its own, about 1/sqrt(2 m) of the part between.
        """
        outcome, first, base = made(8)
        given, m = courses(outcome, first, base), 400
        found = impute(given, m=m, strategies=("missing-at-random",)).values["missing-at-random"]
        design = DesignMatrix(np.column_stack([np.ones(SIZE), first, base]).astype(float), ("one", "first", "base"))
        for visit in range(VISITS):
            expected, gap = seen_contrast(given, visit), given.imputed[:, visit]
            effect = compare_completed(found[:, :, visit], design, "first", gap & first, gap & ~first)
            pooled = effect.pooled(0.0, 0.0, conf_level=0.95)
            assert pooled.missing_information > 0.02
            assert abs(pooled.estimate - expected.estimate) < 5 * math.sqrt(pooled.between / m)
            assert pooled.std_error == pytest.approx(expected.std_error, rel=0.06)


class TestNothing:
    def test_nobody_was_seen(self):
        _, first, base = made()
        found = impute(courses(np.full((SIZE, VISITS), NAN), first, base))
        assert (found.values, found.note) == ({}, "No value was seen.")

    def test_a_group_was_not_seen_at_a_visit(self):
        """Its mean there is known to nobody, so neither its own values nor those that jump to it are drawn."""
        outcome, first, base = made()
        outcome[~first, 2] = NAN
        found = impute(courses(outcome, first, base))
        assert found.values == {}
        assert "nobody of a group that is needed" in found.note

    def test_where_nothing_is_wanted_there_it_does_not_matter(self):
        outcome, first, base = made()
        outcome[~first, 2] = NAN
        wanted = np.ones(outcome.shape, dtype=bool)
        wanted[:, 2] = False
        found = impute(courses(outcome, first, base, wanted), strategies=("missing-at-random",))
        assert found.note == ""
        assert np.isnan(found.values["missing-at-random"][:, ~first, 2]).all()

    def test_two_visits_that_nobody_had_together(self):
        outcome, first, base = made(loss=0.0)
        outcome[::2, 0], outcome[1::2, 2] = NAN, NAN
        found = impute(courses(outcome, first, base))
        assert found.values == {}
        assert found.note

    def test_a_constant_outcome(self):
        outcome, first, base = made()
        found = impute(courses(np.where(np.isnan(outcome), NAN, 1.0), first, base))
        assert found.values == {}
        assert found.note

    def test_a_column_that_depends_on_others_changes_nothing(self):
        """A covariate twice: its coefficients are not determined, but every prediction is."""
        outcome, first, base = made()
        plain = courses(outcome, first, base)
        own, reference = (np.concatenate([part, part[:, :, -1:]], axis=2) for part in (plain.own, plain.reference))
        twice = Courses(outcome, own, reference, (*plain.names, "again"), plain.wanted, plain.stratum)
        for strategy, values in impute(plain).values.items():
            np.testing.assert_allclose(impute(twice).values[strategy], values, rtol=0, atol=1e-6)

    def test_samples_of_which_no_model_is_found_are_drawn_again(self):
        """One participant of the first group was seen last, and the samples that lack that one tell nothing."""
        outcome, first, base = made(loss=0.0)
        outcome[first, 2] = NAN
        outcome[0, 2] = 1.0
        found = impute(courses(outcome, first, base), m=40)
        assert found.note == ""
        assert found.redrawn >= 10  # each sample lacks the one with probability (59/60)^60, about 0.36


class TestRefusals:
    def test_shapes(self):
        outcome, first, base = made()
        good = courses(outcome, first, base)
        with pytest.raises(DataError, match="wanted: has shape"):
            Courses(outcome, good.own, good.reference, good.names, good.wanted[:, :2], good.stratum)
        broken = good.own.copy()
        broken[0, 0, 0] = NAN
        with pytest.raises(DataError, match="not finite"):
            Courses(outcome, broken, good.reference, good.names, good.wanted, good.stratum)

    def test_choices(self):
        given = courses(*made())
        with pytest.raises(SpecError, match="strategies: is 'last-value'"):
            impute(given, strategies=("last-value",))
        with pytest.raises(SpecError, match="covariance"):
            impute(given, covariance="none")
        with pytest.raises(SpecError, match="imputations: is 1"):
            impute(given, m=1)

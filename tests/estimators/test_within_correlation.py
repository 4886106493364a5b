"""Correlations within participants: by hand, against pingouin, against dummies; and the tree that orders many."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pingouin
import pytest
from scipy import stats

from npcstats.errors import DataError, SpecError
from npcstats.estimators.within_correlation import (
    NO_DEGREES,
    NO_LIMITS,
    NO_PAIRS,
    NO_SPREAD,
    PERFECT,
    estimate_repeated_correlation,
    order_by_correlation,
)

EXACT = 1e-12
ROUNDED = 0.5e-2 + EXACT  # pingouin prints limits with two decimals


def drawn(seed, *, participants=30):
    """Unequal numbers of occasions, each participant with a level of its own, and a common course."""
    draw = np.random.default_rng(seed)
    subject = np.repeat(np.arange(participants), draw.integers(1, 7, participants))
    occasion = np.concatenate([np.arange(count) for count in np.bincount(subject)])
    x = draw.normal(size=len(subject)) + 0.4 * subject + occasion
    y = 0.5 * x - subject + draw.normal(size=len(subject)) - 2.0 * occasion
    return x, y, subject, occasion


def estimate(x, y, subject, occasion=None, *, limits="fisher", conf_level=0.95):
    return estimate_repeated_correlation(x, y, subject, occasion=occasion, limits=limits, conf_level=conf_level)


def test_two_participants_by_hand():
    """A: x 1 2 3, y 2 4 3, around means x -1 0 1, y -1 1 0; B: x 10 12, y 5 5, around means x -1 1, y 0 0.

    Products 1, squares 2 + 2 and 2 + 0: r = 1 / sqrt(8); five pairs less two participants less one are 2 degrees of
    freedom, so Fisher's standard error is 1. C has one pair and tells nothing.
    """
    found = estimate([1, 2, 3, 10, 12, 99], [2, 4, 3, 5, 5, 0], list("AAABBC"))
    r = 1 / math.sqrt(8)
    assert (found.participants, found.pairs, found.df) == (2, 5, 2)
    limits = [math.tanh(math.atanh(r) + sign * stats.norm.ppf(0.975)) for sign in (-1, 1)]
    np.testing.assert_allclose(
        [found.interval.estimate, found.interval.lower, found.interval.upper], [r, *limits], rtol=EXACT
    )


@pytest.mark.parametrize("seed", range(5))
def test_pingouin(seed):
    x, y, subject, _ = drawn(seed)
    found = estimate(x, y, subject)
    printed = pingouin.rm_corr(pd.DataFrame({"x": x, "y": y, "s": subject}), "x", "y", "s").iloc[0]
    assert found.interval.estimate == pytest.approx(printed["r"], rel=1e-10)
    assert found.df == printed["dof"]
    assert found.p_value == pytest.approx(printed["pval"], rel=1e-8)
    np.testing.assert_allclose([found.interval.lower, found.interval.upper], printed["CI95"], atol=ROUNDED)


def test_limits_are_not_rounded():
    x, y, subject, _ = drawn(0)
    lower = estimate(x, y, subject).interval.lower
    assert lower != round(lower, 6)


@pytest.mark.parametrize("seed", range(3))
def test_means_of_occasions_are_removed_as_by_dummies(seed):
    """The partial correlation given columns of participants and of occasions, from residuals of least squares."""
    x, y, subject, occasion = drawn(seed)
    kept = np.bincount(subject)[subject] > 1
    given = np.column_stack([pd.get_dummies(subject[kept]), pd.get_dummies(occasion[kept])]).astype(float)
    left = [values[kept] - given @ np.linalg.lstsq(given, values[kept], rcond=None)[0] for values in (x, y)]
    found = estimate(x, y, subject, occasion)
    assert found.interval.estimate == pytest.approx(np.corrcoef(*left)[0, 1], rel=1e-9)
    assert found.df == kept.sum() - np.linalg.matrix_rank(given) - 1


def test_a_common_course_is_no_correlation_beyond_visits():
    draw = np.random.default_rng(3)
    subject, occasion = np.repeat(np.arange(200), 4), np.tile(np.arange(4), 200)
    x, y = (draw.normal(size=800) + 5.0 * occasion for _ in range(2))
    assert estimate(x, y, subject).interval.estimate > 0.9
    beyond = estimate(x, y, subject, occasion).interval
    assert beyond.lower < 0 < beyond.upper


@pytest.mark.parametrize("limits", ["fisher", "clustered"])
def test_nothing_depends_on_level_scale_or_order(limits):
    x, y, subject, occasion = drawn(1)
    order = np.random.default_rng(0).permutation(len(x))
    plain = estimate(x, y, subject, occasion, limits=limits)
    moved = estimate(
        (7 * x - 3 + 11 * subject)[order], (2 - 5 * y)[order], subject[order], occasion[order], limits=limits
    )
    np.testing.assert_allclose(
        [moved.interval.estimate, moved.interval.lower, moved.interval.upper],
        [-plain.interval.estimate, -plain.interval.upper, -plain.interval.lower],
        rtol=1e-9,
    )


def test_clustered_limits_cover_where_visits_depend_on_one_another():
    """Both values walk at random within a participant, apart from each other: neighbouring visits are alike.

    Of 1,000 samples of 60 participants with 8 visits 95% limits should miss zero in 50; with a standard error of 6.9
    between 29 and 71 are within three. Fisher's, which take visits for independent, miss it several times as often.
    """
    draw = np.random.default_rng(8)
    subject = np.repeat(np.arange(60), 8)
    missed = {"fisher": 0, "clustered": 0}
    for _ in range(1000):
        x, y = (np.cumsum(draw.normal(size=(60, 8)), axis=1).ravel() for _ in range(2))
        for limits in missed:
            found = estimate(x, y, subject, limits=limits).interval
            missed[limits] += not found.lower <= 0 <= found.upper
    assert 29 <= missed["clustered"] <= 71
    assert missed["fisher"] > 200


@pytest.mark.parametrize(
    ("x", "y", "subject", "note"),
    [
        ([], [], [], NO_PAIRS),
        ([1.0, 2.0], [1.0, 2.0], ["A", "B"], NO_PAIRS),
        ([1.0, 2.0], [1.0, 3.0], ["A", "A"], NO_DEGREES),
        ([1.0, 1.0, 1.0, 2.0, 2.0], [1.0, 3.0, 2.0, 4.0, 1.0], list("AAABB"), NO_SPREAD),
        ([0.1, 0.1, 0.1, 0.3, 0.3], [1.0, 3.0, 2.0, 4.0, 1.0], list("AAABB"), NO_SPREAD),
    ],
)
def test_what_cannot_be_estimated(x, y, subject, note):
    found = estimate(x, y, subject)
    assert math.isnan(found.interval.estimate)
    assert math.isnan(found.p_value)
    assert found.interval.note == note


def test_values_on_a_line_have_no_limits():
    found = estimate([1, 2, 3, 5, 9], [2, 4, 6, 0, 8], list("AAABB"))
    assert (found.interval.estimate, found.interval.note, found.p_value) == (1.0, PERFECT, 0.0)
    assert math.isnan(found.interval.lower)


@pytest.mark.parametrize(("limits", "size"), [("fisher", 3), ("clustered", 4)])
def test_too_few_for_limits(limits, size):
    found = estimate([1.0, 2.0, 4.0, 4.5][:size], [2.0, 1.0, 5.0, 4.0][:size], ["A"] * size, limits=limits)
    assert math.isfinite(found.interval.estimate)
    assert math.isnan(found.interval.lower)
    assert found.interval.note == NO_LIMITS


def test_what_is_refused():
    with pytest.raises(DataError, match="x: values missing"):
        estimate([1.0, math.nan], [1.0, 2.0], ["A", "A"])
    with pytest.raises(SpecError, match="limits"):
        estimate([1.0], [1.0], ["A"], limits="exact")


def test_a_tree_by_hand():
    """Markers 0 and 2 at 0.1; 3 with 1 at 0.4; both pairs at the mean of their four distances, 1.25."""
    r = np.eye(4)
    for i, j, value in ((0, 2, 0.9), (1, 3, 0.6), (0, 1, -0.2), (0, 3, -0.3), (1, 2, -0.2), (2, 3, -0.3)):
        r[i, j] = r[j, i] = value
    tree = order_by_correlation(r, distance="signed", joined="average")
    np.testing.assert_allclose(tree.distance, [0.1, 0.4, 1.25], rtol=EXACT)
    order = tree.order.tolist()
    assert sorted(order) == [0, 1, 2, 3]
    assert {tuple(sorted(order[:2])), tuple(sorted(order[2:]))} == {(0, 2), (1, 3)}
    joined = [set(pair) for pair in zip(tree.left.tolist(), tree.right.tolist(), strict=True)]
    assert joined[:2] == [{0, 2}, {1, 3}]
    assert joined[2] == {order[0], order[2]}


def test_opposite_markers_are_near_by_size():
    r = np.array([[1.0, -0.9, 0.1], [-0.9, 1.0, 0.1], [0.1, 0.1, 1.0]])
    by_size, signed = (order_by_correlation(r, distance=name, joined="single") for name in ("absolute", "signed"))
    assert by_size.distance[0] == pytest.approx(0.1)
    assert signed.distance[0] == pytest.approx(0.9)


def test_one_marker_is_its_own_order():
    tree = order_by_correlation([[1.0]], distance="signed", joined="average")
    assert tree.order.tolist() == [0]
    assert not len(tree.left)


@pytest.mark.parametrize("wrong", [[[1.0, 0.5], [0.4, 1.0]], [[1.0, 2.0], [2.0, 1.0]], [[1.0, 0.5]]])
def test_no_matrix_of_correlations_is_refused(wrong):
    with pytest.raises(DataError, match="symmetric"):
        order_by_correlation(wrong, distance="signed", joined="average")

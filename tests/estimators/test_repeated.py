"""What contrasts are without each participant: worked by hand, and by fitting again."""

from __future__ import annotations

import numpy as np
import pytest

from npcstats.errors import DataError
from npcstats.estimators.repeated import shift_contrasts

SAME = 1e-9


def test_a_mean_without_each_of_three():
    """The mean of 1, 2 and 6 is 3; without each it is 4, 3.5 and 1.5."""
    found = shift_contrasts(np.ones((3, 1)), np.array([-2.0, -1, 3]), [0, 1, 2], [0, 0, 0], [[7.0]], [[1.0]])
    assert found[:, 0] == pytest.approx([1, 0.5, -1.5], rel=SAME)


def test_a_weighted_mean_without_each_of_two():
    """With weights 3 and 1 the mean of 0 and 4 is 1; without each it is 4 and 0."""
    found = shift_contrasts(np.ones((2, 1)), np.array([-1.0, 3]), [0, 1], [0, 0], [[2.0]], [[1.0]], [3.0, 1.0])
    assert found[:, 0] == pytest.approx([3, -1], rel=SAME)


def test_it_is_that_of_fitting_again():
    draw = np.random.default_rng(5)
    who, at = np.repeat(np.arange(9), 3), np.tile(np.arange(3), 9)
    kept = draw.random(27) < 0.8
    who, at = who[kept], at[kept]
    covariance = np.array([[2.0, 1, 0.5], [1, 3, 1], [0.5, 1, 2]])
    weights = draw.uniform(0.5, 2, 9)[who]
    x = np.column_stack([np.ones(len(who)), at, draw.normal(size=len(who))])
    y, asked = draw.normal(size=len(who)), np.array([[0.0, 1, 0], [1, 1, -2]])
    between = np.where(who[:, None] == who, covariance[at[:, None], at], 0.0) / np.sqrt(np.outer(weights, weights))

    def fitted(rows):
        inverse = np.linalg.inv(between[np.ix_(rows, rows)])
        return np.linalg.solve(x[rows].T @ inverse @ x[rows], x[rows].T @ inverse @ y[rows])

    whole = fitted(np.arange(len(who)))
    shuffled = draw.permutation(len(who))
    found = shift_contrasts(x[shuffled], (y - x @ whole)[shuffled], who[shuffled], at[shuffled], covariance, asked,
                            weights[shuffled])  # fmt: skip
    expected = [asked @ (fitted(np.flatnonzero(who != i)) - whole) for i in range(9)]
    assert found == pytest.approx(np.array(expected), rel=1e-7)


def test_whoever_alone_determines_a_coefficient_has_no_shift():
    """Of the first column only the first participant tells anything."""
    x = np.array([[1.0, 0], [0, 1], [0, 1]])
    found = shift_contrasts(x, np.array([0.0, 1, -1]), [0, 1, 2], [0, 0, 0], [[1.0]], [[0.0, 1]])
    assert np.isnan(found[0, 0])
    assert found[1:, 0] == pytest.approx([-1, 1], rel=SAME)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"subject": [0]}, "as many subjects, visits and weights"),
        ({"visit": [0, 3]}, "rows from 0 to 0"),
        ({"weights": [1.0, 0.0]}, "1 value of 0 or less"),
        ({"design": np.ones((3, 1))}, "a row for each residual"),
        ({"contrasts": [[1.0, 2.0]]}, "a column for each coefficient"),
        ({"covariance": [[-1.0]]}, "not positive definite"),
    ],
)
def test_what_is_refused(change, words):
    given = {"design": np.ones((2, 1)), "residuals": [1.0, -1], "subject": [0, 1], "visit": [0, 0],
             "covariance": [[1.0]], "contrasts": [[1.0]]}  # fmt: skip
    with pytest.raises(DataError, match=words):
        shift_contrasts(**(given | change))


def test_nobody():
    found = shift_contrasts(np.empty((0, 1)), [], [], [], [[1.0]], [[1.0]])
    assert found.shape == (0, 1)

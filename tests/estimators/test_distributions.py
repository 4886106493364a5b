"""Tails and quantiles are, bit for bit, those of `scipy.stats`, at the ends of their ranges too."""

from __future__ import annotations

import math

import numpy as np
import pytest
from gaps import same
from scipy import stats

from npcstats.estimators.distributions import (
    average_ranks,
    beta_quantile,
    beta_upper_quantile,
    chi_square_upper,
    normal_quantile,
    normal_upper,
    t_quantile,
    t_upper,
)

TAILS = (0.25, 0.05, 0.025, 0.005, 1e-6)
VALUES = (0.0, 1e-8, 0.3, 1.0, 1.96, 7.5, 40.0, math.inf)
DEGREES = (0.0, 0.5, 1.0, 3.0, 17.3, 400.0, math.inf)


@pytest.mark.parametrize("tail", TAILS)
def test_quantiles(tail):
    assert normal_quantile(tail) == stats.norm.isf(tail)
    assert all(same(t_quantile(tail, df), stats.t.isf(tail, df)) for df in DEGREES)
    for a, b in ((1, 1), (1, 20), (20, 1), (7, 400), (250, 251), (3.5, 0.5)):
        assert beta_quantile(tail, a, b) == stats.beta.ppf(tail, a, b)
        assert beta_upper_quantile(tail, a, b) == stats.beta.isf(tail, a, b)


@pytest.mark.parametrize("value", [*VALUES, -1e-18, math.nan])
def test_tails(value):
    assert same(normal_upper(value), stats.norm.sf(value))
    assert all(same(t_upper(value, df), stats.t.sf(value, df)) for df in DEGREES)
    assert all(same(chi_square_upper(value, df), stats.chi2.sf(value, df)) for df in DEGREES[:-1])


def test_ranks():
    values = np.array([3.0, 1.0, 3.0, 2.0, 3.0, 1.0])
    assert average_ranks(values).tolist() == [5.0, 1.5, 5.0, 3.0, 5.0, 1.5]
    assert (average_ranks(values) == stats.rankdata(values)).all()

"""One made sample: two arms whose covariates differ, tied times, three causes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from npcstats.estimators.types import DesignMatrix


@dataclass(frozen=True)
class Sample:
    columns: np.ndarray
    arm: np.ndarray
    time: np.ndarray
    cause: np.ndarray
    risk: np.ndarray
    level: np.ndarray

    @property
    def design(self):
        return DesignMatrix(self.columns, ("x1", "x2", "x3"))


def make_sample(n, seed):
    stream = np.random.default_rng(seed)
    columns = stream.normal(size=(n, 3))
    arm = (stream.random(n) < 1 / (1 + np.exp(-columns @ [0.6, -0.5, 0.2]))).astype(int)
    event = np.ceil(stream.exponential(10 * np.exp(-0.4 * columns[:, 0] + 0.3 * arm)) * 2) / 2
    censored = np.ceil(stream.exponential(20, n) * 2) / 2
    cause = np.where(event <= censored, stream.integers(1, 3, n), 0)
    risk = (stream.random(n) < 1 / (1 + np.exp(-(columns[:, 0] - 0.5 * arm)))).astype(float)
    level = columns[:, 0] + 0.4 * arm + stream.normal(size=n)
    return Sample(columns, arm, np.minimum(event, censored), cause, risk, level)


@pytest.fixture(scope="module")
def sample():
    return make_sample(120, 11)

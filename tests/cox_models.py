"""Samples and models for the tests of Cox regression, and when two models are the same."""

from __future__ import annotations

from typing import Any

import numpy as np

from npcstats.estimators.timetoevent import Cox, fit_cox
from npcstats.estimators.types import DesignMatrix

# a maximum reached to rounding, and functions of it
MAXIMUM = 1e-10


def design(*columns: Any, names: tuple[str, ...] = ()) -> DesignMatrix:
    return DesignMatrix(np.column_stack(columns), names or tuple(f"x{j}" for j in range(len(columns))))


def fit(time: Any, event: Any, *columns: Any, ties: str = "efron", **options: Any) -> Cox:
    return fit_cox(time, event, design(*columns), ties=ties, conf_level=0.95, **options)


def trial(n: int = 120, seed: int = 1, tied: bool = True) -> dict[str, Any]:
    """Three covariates, strata, delayed entry and weights; effects 0.6, -0.4 and 0."""
    draw = np.random.default_rng(seed)
    x = np.column_stack([draw.normal(size=n), draw.integers(0, 2, n), draw.uniform(0, 10, n)])
    entry = draw.integers(0, 3, n).astype(float)
    time = entry + np.minimum(draw.exponential(np.exp(-x @ [0.6, -0.4, 0.0])), 4.0 if tied else np.inf) + 0.01
    return {
        "time": np.ceil(4 * time) / 4 if tied else time,
        "event": draw.random(n) < 0.8,
        "x": x,
        "entry": entry,
        "strata": draw.integers(0, 3, n),
        "weights": draw.uniform(0.2, 3, n),
        "cluster": draw.integers(0, n // 4, n),
    }


def of(data: dict[str, Any], *with_: str, ties: str = "efron", **changed: Any) -> Cox:
    data = data | changed
    options = {name: data[name] for name in with_}
    return fit_cox(data["time"], data["event"], design(*np.transpose(data["x"])), ties=ties, conf_level=0.95, **options)


EVERYTHING = ("entry", "strata", "weights", "cluster")


def same(a: Cox, b: Cox, rtol: float = MAXIMUM) -> None:
    for name in ("coef", "vcov", "model_vcov", "lower", "upper", "loglik", "loglik_null"):
        np.testing.assert_allclose(getattr(a, name), getattr(b, name), rtol=rtol, atol=1e-12)

"""Covariance of repeated measures as a function of few parameters, with its first and second derivatives.

Parameters are those that PROC MIXED lists: covariances, variances and correlations themselves. The Kenward–Roger
variance depends on this choice wherever the covariance is not linear in its parameters.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np

from npcstats.estimators.types import BoolArray, FloatArray

Covariance = Literal[
    "unstructured",
    "compound-symmetry",
    "compound-symmetry-heterogeneous",
    "ar1",
    "ar1-heterogeneous",
    "toeplitz",
    "toeplitz-heterogeneous",
    "ante-dependence",
    "spatial-exponential",
    "random-slope",
]

SPATIAL: Final = "spatial-exponential"
SLOPE: Final = "random-slope"
TIMED: Final = (SPATIAL, SLOPE)
"""Structures by the times of observations, which each participant may have of their own."""


class Derivatives(NamedTuple):
    """A covariance of c cells of v visits, by r parameters.

    Attributes
    ----------
    value : float array, shape (c, v, v)
        The covariance.
    first : float array, shape (r, c, v, v)
        Its derivatives.
    second : float array, shape (r, r, c, v, v), or None
        Its second derivatives; None where all are 0.
    """

    value: FloatArray
    first: FloatArray
    second: FloatArray | None


class Correlation(NamedTuple):
    """A correlation of c cells by q parameters, with its derivatives."""

    value: FloatArray  # (c, v, v)
    first: FloatArray  # (q, c, v, v)
    second: FloatArray  # (q, q, c, v, v)


@dataclass(frozen=True)
class Structure:
    """A covariance structure.

    Attributes
    ----------
    parameters : callable
        Names of the parameters of v visits.
    derive : callable
        Parameters, number of visits and, of a structure by times, places of each cell, shape (c, v, d), to the
        covariance and its derivatives.
    start : callable
        A covariance of v visits, shape (v, v), to parameters near it.
    variances : callable
        Which parameters scale with the square of the outcome's unit, bool of shape (r,), of v visits.
    pairs : bool
        Whether each pair of visits has a parameter of its own, so that it must have been seen together.
    tries : callable or None
        Of a structure by times: places, shape (n, d), to parameters of an outcome of variance 1 to start from.
    """

    parameters: Callable[[int], tuple[str, ...]]
    derive: Callable[[FloatArray, int, FloatArray | None], Derivatives]
    start: Callable[[FloatArray], FloatArray]
    variances: Callable[[int], BoolArray]
    pairs: bool = False
    tries: Callable[[FloatArray], list[FloatArray]] | None = None


def _linear(basis: Callable[[int], FloatArray]) -> Callable[[FloatArray, int, FloatArray | None], Derivatives]:
    def derive(theta: FloatArray, v: int, _: FloatArray | None) -> Derivatives:
        first = basis(v)
        return Derivatives(np.tensordot(theta, first, axes=1)[None], first[:, None], None)

    return derive


def _scaled(
    correlation: Callable[[FloatArray, int, FloatArray | None], Correlation], *, heterogeneous: bool
) -> Callable[[FloatArray, int, FloatArray | None], Derivatives]:
    def derive(theta: FloatArray, v: int, places: FloatArray | None) -> Derivatives:
        share, variance = _shares(v, heterogeneous), theta[: v if heterogeneous else 1]
        root = np.sqrt(variance) * np.ones(v)
        scale = np.outer(root, root)
        found = correlation(theta[len(variance) :], v, places)
        value = scale * found.value
        each = share / variance[:, None, None]
        by_variance = each[:, None] * value
        by_shape = scale * found.first
        second = np.empty((len(theta), len(theta), *value.shape))
        m = len(variance)
        twice = each[:, None] * each[None] - np.einsum("kl,kab->klab", np.diag(1 / variance), each)
        second[:m, :m] = twice[:, :, None] * value
        second[:m, m:] = each[:, None, None] * by_shape[None]
        second[m:, :m] = np.swapaxes(second[:m, m:], 0, 1)
        second[m:, m:] = scale * found.second
        return Derivatives(value, np.concatenate([by_variance, by_shape]), second)

    return derive


def _shares(v: int, heterogeneous: bool) -> FloatArray:
    """How often each variance's logarithm enters half of each covariance's."""
    if not heterogeneous:
        return np.ones((1, v, v))
    unit = np.eye(v)
    return (unit[:, :, None] + unit[:, None, :]) / 2


def _unstructured(v: int) -> FloatArray:
    rows, columns = np.tril_indices(v)
    basis = np.zeros((len(rows), v, v))
    place = np.arange(len(rows))
    basis[place, rows, columns] = 1.0
    basis[place, columns, rows] = 1.0
    return basis


def _exchangeable(v: int) -> FloatArray:
    return np.stack([np.ones((v, v)), np.eye(v)])


def _lags(v: int) -> FloatArray:
    lag = np.abs(np.subtract.outer(np.arange(v), np.arange(v)))
    return np.stack([(lag == k).astype(float) for k in range(v)])


def _one_correlation(theta: FloatArray, v: int, _: FloatArray | None) -> Correlation:
    apart = 1 - np.eye(v)
    return Correlation((np.eye(v) + theta[0] * apart)[None], apart[None, None], np.zeros((1, 1, 1, v, v)))


def _autoregressive(theta: FloatArray, v: int, _: FloatArray | None) -> Correlation:
    lag = np.abs(np.subtract.outer(np.arange(v), np.arange(v))).astype(float)
    rho = theta[0]
    first = np.where(lag >= 1, lag * rho ** np.maximum(lag - 1, 0), 0.0)
    second = np.where(lag >= 2, lag * (lag - 1) * rho ** np.maximum(lag - 2, 0), 0.0)
    return Correlation((rho**lag)[None], first[None, None], second[None, None, None])


def _banded(theta: FloatArray, v: int, _: FloatArray | None) -> Correlation:
    lags = _lags(v)
    value = lags[0] + np.tensordot(theta, lags[1:], axes=1)
    return Correlation(value[None], lags[1:, None], np.zeros((v - 1, v - 1, 1, v, v)))


def _ante(theta: FloatArray, v: int, _: FloatArray | None) -> Correlation:
    """Products of the neighbours' correlations that lie between two visits."""
    place, step = np.arange(v), np.arange(v - 1)
    low, high = np.minimum.outer(place, place), np.maximum.outer(place, place)
    between = (step >= low[..., None]) & (step < high[..., None])
    factor = np.where(between, theta, 1.0)
    first, second = np.zeros((v - 1, 1, v, v)), np.zeros((v - 1, v - 1, 1, v, v))
    for k in step:
        others = np.prod(np.delete(factor, k, axis=-1), axis=-1)
        first[k, 0] = np.where(between[..., k], others, 0.0)
        for m in step[step != k]:
            rest = np.prod(np.delete(factor, [k, m], axis=-1), axis=-1)
            second[k, m, 0] = np.where(between[..., k] & between[..., m], rest, 0.0)
    return Correlation(np.prod(factor, axis=-1)[None], first, second)


def _exponential(theta: FloatArray, _: int, places: FloatArray | None) -> Correlation:
    assert places is not None
    scope, distances = theta[0], np.linalg.norm(places[:, :, None] - places[:, None], axis=-1)
    value = np.exp(-distances / scope)
    first = distances / scope**2 * value
    second = (distances / scope - 2) * distances / scope**3 * value
    return Correlation(value, first[None], second[None, None])


def _slope(theta: FloatArray, v: int, places: FloatArray | None) -> Derivatives:
    """An intercept and a slope of each participant, which may covary, and residuals."""
    assert places is not None
    times = places[:, :, 0]
    one = np.ones((len(times), v, v))
    first = np.stack(
        [one, times[:, :, None] + times[:, None], times[:, :, None] * times[:, None], np.eye(v) * one], axis=0
    )
    return Derivatives(np.tensordot(theta, first, axes=1), first, None)


def _ranges(places: FloatArray) -> list[FloatArray]:
    apart = np.linalg.norm(places - places.mean(axis=0), axis=1)
    far = float(np.quantile(apart, 0.9)) or 1.0
    return [np.array([1.0, share * far]) for share in (0.02, 0.1, 0.3, 1.0, 3.0)]


def _slopes(places: FloatArray) -> list[FloatArray]:
    square = float((places[:, 0] ** 2).mean()) or 1.0
    return [np.array([0.4, 0.0, share / square, 0.5]) for share in (0.1, 0.01)]


def _lag_means(matrix: FloatArray) -> FloatArray:
    return np.array([np.diagonal(matrix, k).mean() for k in range(len(matrix))])


def _correlations(matrix: FloatArray) -> FloatArray:
    root = np.sqrt(np.diag(matrix))
    return np.asarray(matrix / np.outer(root, root), dtype=float)


def _apart(matrix: FloatArray) -> float:
    v = len(matrix)
    return float((matrix.sum() - np.trace(matrix)) / (v * (v - 1))) if v > 1 else 0.0


def _start_exchangeable(matrix: FloatArray) -> FloatArray:
    shared = _apart(matrix)
    return np.array([shared, float(np.diag(matrix).mean()) - shared])


def _neighbours(matrix: FloatArray) -> FloatArray:
    return np.asarray(np.diagonal(_correlations(matrix), 1), dtype=float)


def _with_variances(matrix: FloatArray, shape: FloatArray | list[float]) -> FloatArray:
    return np.concatenate([np.diag(matrix), np.asarray(shape, dtype=float)])


def _variance_names(v: int) -> tuple[str, ...]:
    return tuple(f"variance {i + 1}" for i in range(v))


def _lag_names(v: int) -> tuple[str, ...]:
    return tuple(f"correlation at lag {i}" for i in range(1, v))


def _variances_then(correlations: int, v: int) -> BoolArray:
    return np.array([True] * v + [False] * correlations)


STRUCTURES: Final[dict[str, Structure]] = {
    "unstructured": Structure(
        lambda v: tuple(f"covariance {i + 1},{j + 1}" for i, j in zip(*np.tril_indices(v), strict=True)),
        _linear(_unstructured),
        lambda matrix: np.asarray(matrix[np.tril_indices(len(matrix))], dtype=float),
        lambda v: np.ones(v * (v + 1) // 2, dtype=bool),
        pairs=True,
    ),
    "compound-symmetry": Structure(
        lambda _: ("covariance", "residual variance"),
        _linear(_exchangeable),
        _start_exchangeable,
        lambda _: np.ones(2, dtype=bool),
    ),
    "compound-symmetry-heterogeneous": Structure(
        lambda v: (*_variance_names(v), "correlation"),
        _scaled(_one_correlation, heterogeneous=True),
        lambda matrix: _with_variances(matrix, [_apart(_correlations(matrix))]),
        lambda v: _variances_then(1, v),
    ),
    "ar1": Structure(
        lambda _: ("variance", "correlation"),
        _scaled(_autoregressive, heterogeneous=False),
        lambda matrix: np.array([np.diag(matrix).mean(), _neighbours(matrix).mean()]),
        lambda _: np.array([True, False]),
    ),
    "ar1-heterogeneous": Structure(
        lambda v: (*_variance_names(v), "correlation"),
        _scaled(_autoregressive, heterogeneous=True),
        lambda matrix: _with_variances(matrix, [_neighbours(matrix).mean()]),
        lambda v: _variances_then(1, v),
    ),
    "toeplitz": Structure(
        lambda v: ("variance", *(f"covariance at lag {i}" for i in range(1, v))),
        _linear(_lags),
        _lag_means,
        lambda v: np.ones(v, dtype=bool),
    ),
    "toeplitz-heterogeneous": Structure(
        lambda v: (*_variance_names(v), *_lag_names(v)),
        _scaled(_banded, heterogeneous=True),
        lambda matrix: _with_variances(matrix, _lag_means(_correlations(matrix))[1:]),
        lambda v: _variances_then(v - 1, v),
    ),
    "ante-dependence": Structure(
        lambda v: (*_variance_names(v), *(f"correlation {i},{i + 1}" for i in range(1, v))),
        _scaled(_ante, heterogeneous=True),
        lambda matrix: _with_variances(matrix, _neighbours(matrix)),
        lambda v: _variances_then(v - 1, v),
    ),
    SPATIAL: Structure(
        lambda _: ("variance", "range"),
        _scaled(_exponential, heterogeneous=False),
        lambda matrix: np.array([np.diag(matrix).mean(), 1.0]),
        lambda _: np.array([True, False]),
        tries=_ranges,
    ),
    SLOPE: Structure(
        lambda _: ("intercept variance", "covariance of intercept and slope", "slope variance", "residual variance"),
        _slope,
        lambda matrix: np.array([_apart(matrix), 0.0, 0.1, np.diag(matrix).mean()]),
        lambda _: np.ones(4, dtype=bool),
        tries=_slopes,
    ),
}
COVARIANCES: Final = tuple(STRUCTURES)
VISIT_COVARIANCES: Final = tuple(name for name in STRUCTURES if name not in TIMED)
"""Structures that have a covariance of visits."""

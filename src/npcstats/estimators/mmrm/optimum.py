"""The maximum of the (restricted) likelihood: Fisher scoring from afar, Newton steps near it, and a proof at the end.

Converged means: the gradient, measured by the observed second derivatives, promises a change of the criterion below
`TOLERANCE`; these derivatives are positive definite; no covariance is singular to working precision; and the estimation
of the coefficients leaves information on every parameter. It is the maximum nearest to the moments of the residuals: of
structures far from the data, in samples of a dozen, there may be another one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from npcstats.estimators.mmrm.likelihood import Model, Point, Slope, differentiate, evaluate
from npcstats.estimators.mmrm.structures import Structure
from npcstats.estimators.types import FloatArray, IntArray

TOLERANCE: Final = 1e-10
"""Largest g' H^-1 g of a maximum: about twice the change of minus twice the log likelihood still to come."""
_NEAR: Final = 1.0
"""Below this promise Newton steps take the place of Fisher's."""
_STEPS: Final = 200
_HALVINGS: Final = 40
_SINGULAR: Final = 1e-9
"""Correlations with a smaller least eigenvalue are singular."""
_FLAT: Final = 1e-13
"""Second derivatives, scaled, whose least eigenvalue is a smaller share of the largest determine no direction."""
_LOST: Final = 1e-9
"""A parameter of whose information the estimation of the coefficients leaves a smaller share is not determined."""
_STILL: Final = 1e-20
"""An outcome whose variance at a visit is a smaller share of the whole's does not vary there."""
_CLIPPED: Final = 1e-2
"""Least eigenvalue of the correlations to start from, where those of pairs of visits are not positive definite."""
_EDGE = (
    "No step improves the likelihood though its gradient is not 0: "
    "its maximum lies at the edge of what the covariance can be."
)
_UNDETERMINED = "The observations do not determine every parameter of the covariance."
_WANDERS = (
    f"The likelihood still changes after {_STEPS} steps: "
    "the observations hardly determine some parameter of the covariance."
)


@dataclass(frozen=True, eq=False)
class Maximum:
    """Where the likelihood is largest.

    Attributes
    ----------
    point : Point
        There.
    slope : Slope
        Derivatives there.
    steps : int
        Steps taken.
    promise : float
        g' H^-1 g there.
    """

    point: Point
    slope: Slope
    steps: int
    promise: float


def maximize(model: Model) -> Maximum | str:
    """Find the maximum.

    Parameters
    ----------
    model : Model
        What is fitted.

    Returns
    -------
    Maximum or str
        The maximum, or why there is none.
    """
    start = _start(model)
    found = "No starting value of the covariance is positive definite." if start is None else _climb(model, start)
    return (_constant_visits(model) or found) if isinstance(found, str) else found


def _climb(model: Model, point: Point) -> Maximum | str:
    for step in range(_STEPS):
        slope = differentiate(model, point)
        if (np.diag(slope.expected) <= _LOST * slope.known).any():
            return _UNDETERMINED
        direction, promise, newton = _direction(slope)
        if newton and promise < TOLERANCE:
            return _singular(model, point, slope) or _polished(model, Maximum(point, slope, step, promise), direction)
        further = _search(model, point, slope, direction, promise)
        if further is None or _is_singular(model, further):
            return _singular(model, point if further is None else further, slope) or _EDGE
        point = further
    return _WANDERS


def _constant_visits(model: Model) -> str:
    """Say at which visits nothing varies, where that is why there is no maximum."""
    sample, found = model.sample, []
    if sample.places is not None:
        return ""
    for group, where in zip(sample.groups, model.members, strict=True):
        squares, seen = _moments(model, where)
        still = np.flatnonzero((np.diag(seen) > 0) & (np.diag(squares) <= _STILL * np.diag(seen)))
        of_group = f" of group {group}" if len(sample.groups) > 1 else ""
        found += [f"{sample.visits[i]}{of_group}" for i in still]
    if not found:
        return ""
    return f"The outcome does not vary beyond what the design explains at visit {', '.join(found)}."


def _polished(model: Model, found: Maximum, direction: FloatArray) -> Maximum:
    """Take the last step too: it is free, and leaves nothing to come but rounding."""
    point = evaluate(model, found.point.theta + direction)
    if point is None or point.criterion > found.point.criterion:
        return found
    slope = differentiate(model, point)
    _, promise, newton = _direction(slope)
    return Maximum(point, slope, found.steps + 1, promise) if newton and promise < found.promise else found


def _start(model: Model) -> Point | None:
    if model.sample.places is not None:
        return _start_timed(model)
    parts = [_near(model.structure, _definite(*_moments(model, where))) for where in model.members]
    return evaluate(model, np.concatenate(parts))


def _moments(model: Model, where: IntArray) -> tuple[FloatArray, FloatArray]:
    """Cross-products of the outcomes of two visits, and how many were seen at both, of the patterns of a group."""
    sample = model.sample
    outcome, seen = sample.blocks[np.isin(sample.of_block, where), :, -1], sample.masks[where].astype(float)
    return outcome.T @ outcome, (seen * sample.counts[where][:, None]).T @ seen


def _start_timed(model: Model) -> Point | None:
    assert model.sample.places is not None
    assert model.structure.tries is not None
    places = model.sample.places[model.sample.masks]
    tried = [evaluate(model, np.tile(theta, len(model.sample.groups))) for theta in model.structure.tries(places)]
    return min((point for point in tried if point is not None), key=lambda point: point.criterion, default=None)


def _definite(crossed: FloatArray, together: FloatArray) -> FloatArray:
    """A positive definite matrix near the mean cross-products of those seen at both of two visits."""
    mean = np.divide(crossed, together, out=np.zeros_like(crossed), where=together > 0)
    variance = np.diag(mean).copy()
    known = variance > 0
    variance[~known] = variance[known].mean() if known.any() else 1.0
    root = np.sqrt(variance)
    values, vectors = np.linalg.eigh(mean / np.outer(root, root))
    if values[0] > _SINGULAR * 10:
        return np.asarray(mean - np.diag(np.diag(mean)) + np.diag(variance))
    clipped = (vectors * np.maximum(values, _CLIPPED)) @ vectors.T
    rescale = root / np.sqrt(np.diag(clipped))
    return np.asarray(clipped * np.outer(rescale, rescale))


def _near(structure: Structure, matrix: FloatArray) -> FloatArray:
    """Parameters whose covariance is positive definite: correlations are halved until it is."""
    diagonal, share = np.diag(np.diag(matrix)), 1.0
    for _ in range(_HALVINGS):
        theta = structure.start(diagonal + share * (matrix - diagonal))
        values = np.linalg.eigvalsh(structure.derive(theta, len(matrix), None).value[0])
        if values[0] > 10 * _SINGULAR * values[-1]:
            break
        share /= 2
    return theta


def _direction(slope: Slope) -> tuple[FloatArray, float, bool]:
    """Step, what it promises, and whether it is Newton's."""
    fisher = _solve(slope.expected, slope.gradient)
    promise = float(slope.gradient @ fisher) if fisher is not None else np.inf
    if promise < _NEAR or fisher is None:
        newton = _solve(slope.observed, slope.gradient)
        if newton is not None:
            return -newton, float(slope.gradient @ newton), True
    if fisher is not None:
        return -fisher, promise, False
    diagonal = np.maximum(np.abs(np.diag(slope.expected)), 1e-8)
    return -slope.gradient / diagonal, float(slope.gradient @ (slope.gradient / diagonal)), False


def _solve(matrix: FloatArray, right: FloatArray) -> FloatArray | None:
    """Solution of a positive definite system; None where it is not."""
    diagonal = np.diag(matrix)
    if not (diagonal > 0).all():
        return None
    unit = 1 / np.sqrt(diagonal)
    values, vectors = np.linalg.eigh(matrix * np.outer(unit, unit))
    if values[0] <= _FLAT * values[-1]:
        return None
    return np.asarray(unit * (vectors @ ((vectors.T @ (unit * right)) / values)))


def _search(model: Model, point: Point, slope: Slope, direction: FloatArray, promise: float) -> Point | None:
    """Go along a direction, half as far until the criterion falls by a share of what was promised."""
    rounding = 1e-13 * max(1.0, abs(point.criterion)) if promise < 1e-6 else 0.0
    share = 1.0
    for _ in range(_HALVINGS):
        further = evaluate(model, point.theta + share * direction)
        if further is not None and further.criterion <= point.criterion - 1e-4 * share * promise + rounding:
            return further
        share /= 2
    return None


def _is_singular(model: Model, point: Point) -> bool:
    if model.sample.places is not None:
        return False
    return any(_least(found.value) < _SINGULAR for found in point.derivatives)


def _least(covariances: FloatArray) -> float:
    root = np.sqrt(np.diagonal(covariances, axis1=1, axis2=2))
    return float(np.linalg.eigvalsh(covariances / (root[:, :, None] * root[:, None]))[:, 0].min())


def _singular(model: Model, point: Point, slope: Slope) -> str:
    if _is_singular(model, point):
        return "The covariance of the visits became singular: some are determined by others."
    if _solve(slope.observed, slope.gradient) is None:
        return _UNDETERMINED
    return ""

"""The (restricted) likelihood of a mixed model for repeated measures, its gradient and its information.

An evaluation does not depend on the number of participants, only on that of patterns of visits: see `sample`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from npcstats.estimators.mmrm.sample import Sample
from npcstats.estimators.mmrm.structures import Derivatives, Structure
from npcstats.estimators.types import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Model:
    """A sample with the covariance structure of each group.

    Attributes
    ----------
    sample : Sample
        What is fitted.
    structure : Structure
        Of every group; each has parameters of its own.
    size : int
        Parameters of one group.
    restricted : bool
        Whether the likelihood is the restricted one.
    """

    sample: Sample
    structure: Structure
    size: int
    restricted: bool

    @property
    def slots(self) -> int:
        """Visits, or the most observations of a participant where times are their own.

        Returns
        -------
        int
            Rows and columns of each covariance.
        """
        return int(self.sample.masks.shape[1])

    @property
    def members(self) -> list[IntArray]:
        """Patterns of each group.

        Returns
        -------
        list of int array
            Their places.
        """
        return [np.flatnonzero(self.sample.group_of == g) for g in range(len(self.sample.groups))]


@dataclass(frozen=True, eq=False)
class Point:
    """The likelihood at one value of the parameters.

    Attributes
    ----------
    theta : float array, shape (groups * r,)
        Parameters.
    criterion : float
        Minus twice the logarithm of the likelihood, but for constants.
    derivatives : tuple of Derivatives
        Covariance of each group's patterns.
    precision : float array, shape (patterns, v, v)
        Inverse of each pattern's covariance, 0 where nobody was seen.
    whitened : float array, shape (b, v, p + 1)
        Blocks times the inverse of their covariance.
    phi : float array, shape (p, p)
        Covariance of the orthonormal design's coefficients.
    root : float array, shape (p, p)
        A root of it: `phi` is root @ root.T.
    gamma : float array, shape (p,)
        Those coefficients.
    """

    theta: FloatArray
    criterion: float
    derivatives: tuple[Derivatives, ...]
    precision: FloatArray
    whitened: FloatArray
    phi: FloatArray
    root: FloatArray
    gamma: FloatArray


class Slope(NamedTuple):
    """Gradient of the criterion, with its observed and its expected second derivatives.

    Attributes
    ----------
    gradient : float array, shape (r,)
        First derivatives.
    observed, expected : float array, shape (r, r)
        Second derivatives, and what is expected of them.
    by_parameter : float array, shape (r, p, p)
        Derivatives of the information on the coefficients, with their sign changed.
    known : float array, shape (r,)
        What would be expected of each second derivative were the coefficients known.
    """

    gradient: FloatArray
    observed: FloatArray
    expected: FloatArray
    by_parameter: FloatArray
    known: FloatArray


def split(model: Model, theta: FloatArray) -> list[FloatArray]:
    """Parameters of each group.

    Parameters
    ----------
    model : Model
        What is fitted.
    theta : float array, shape (groups * r,)
        All parameters.

    Returns
    -------
    list of float array, shape (r,)
        In the order of groups.
    """
    return list(theta.reshape(-1, model.size))


def evaluate(model: Model, theta: FloatArray) -> Point | None:
    """Evaluate the criterion.

    Parameters
    ----------
    model : Model
        What is fitted.
    theta : float array, shape (groups * r,)
        Parameters.

    Returns
    -------
    Point or None
        None where a covariance is not positive definite.
    """
    sample = model.sample
    with np.errstate(all="ignore"):
        derivatives = tuple(
            _derive(model, part, where) for part, where in zip(split(model, theta), model.members, strict=True)
        )
    covariance = np.empty((len(sample.counts), model.slots, model.slots))
    for found, where in zip(derivatives, model.members, strict=True):
        covariance[where] = found.value
    inverted = invert(covariance, sample.masks)
    if inverted is None:
        return None
    precision, log_det = inverted
    whitened = precision[sample.of_block] @ sample.blocks
    width = sample.blocks.shape[2]
    crossed = sample.blocks.reshape(-1, width).T @ whitened.reshape(-1, width)
    information, score, total = crossed[:-1, :-1], crossed[:-1, -1], float(crossed[-1, -1])
    try:
        lower = np.linalg.cholesky((information + information.T) / 2)
        root = np.linalg.inv(lower).T
    except np.linalg.LinAlgError:
        return None
    phi = root @ root.T
    gamma = phi @ score
    criterion = float(sample.counts @ log_det) + total - float(score @ gamma)
    if model.restricted:
        criterion += 2 * float(np.log(np.diag(lower)).sum())
    if not np.isfinite(criterion):
        return None
    return Point(theta, criterion, derivatives, precision, whitened, phi, root, gamma)


def _derive(model: Model, theta: FloatArray, where: IntArray) -> Derivatives:
    places = None if model.sample.places is None else model.sample.places[where]
    return model.structure.derive(theta, model.slots, places)


def invert(covariance: FloatArray, masks: BoolArray) -> tuple[FloatArray, FloatArray] | None:
    """Invert the part of each covariance that was seen.

    Parameters
    ----------
    covariance : float array, shape (patterns, v, v)
        Of all visits.
    masks : bool array, shape (patterns, v)
        Visits seen.

    Returns
    -------
    (float array, shape (patterns, v, v), float array, shape (patterns,)) or None
        Inverses, 0 elsewhere, and logarithms of determinants; None where one is not positive definite.
    """
    if not np.isfinite(covariance).all():
        return None
    both = masks[:, :, None] & masks[:, None]
    try:
        lower = np.linalg.cholesky(np.where(both, covariance, np.eye(masks.shape[1])))
        upper = np.linalg.inv(lower)
    except np.linalg.LinAlgError:
        return None
    inverse = np.where(both, np.swapaxes(upper, 1, 2) @ upper, 0.0)
    return inverse, 2 * np.log(np.diagonal(lower, axis1=1, axis2=2)).sum(axis=1)


def differentiate(model: Model, point: Point) -> Slope:
    """Differentiate the criterion.

    Parameters
    ----------
    model : Model
        What is fitted.
    point : Point
        Where.

    Returns
    -------
    Slope
        First and second derivatives.
    """
    sample, p = model.sample, len(point.gamma)
    residual = point.whitened @ np.append(-point.gamma, 1.0)
    leverage = point.whitened[:, :, :p] @ point.root
    starts = np.flatnonzero(np.diff(sample.of_block, prepend=-1))
    square = np.add.reduceat(residual[:, :, None] * residual[:, None], starts)
    spread = np.add.reduceat(leverage @ np.swapaxes(leverage, 1, 2), starts)
    own = sample.counts[:, None, None] * point.precision
    lost = own - square - (spread if model.restricted else 0.0)
    bent = 2 * square - own + (2 * spread if model.restricted else 0.0)
    flat = own - 2 * spread if model.restricted else own
    crossed = _crossed(model, point)
    by_parameter = crossed[:, :p, :p]
    error = np.append(-point.gamma, 1.0)
    pulled = (crossed @ error)[:, :p] @ point.root
    inner = np.swapaxes(point.root, 0, 1) @ by_parameter @ point.root
    shared = np.einsum("rij,sij->rs", inner, inner)
    gradient, observed, expected, known = [], [], [], []
    for found, where in zip(point.derivatives, model.members, strict=True):
        gradient.append(_trace(found.first, lost[where]))
        second = 0.0 if found.second is None else _trace(found.second, lost[where])
        observed.append(_pairs(found.first, point.precision[where], bent[where]) + second)
        expected.append(_pairs(found.first, point.precision[where], flat[where]))
        known.append(np.diag(_pairs(found.first, point.precision[where], own[where])))
    joint = _diagonal(observed) - 2 * pulled @ pulled.T - (shared if model.restricted else 0.0)
    mean = _diagonal(expected) + (shared if model.restricted else 0.0)
    return Slope(np.concatenate(gradient), joint, mean, by_parameter, np.concatenate(known))


def _crossed(model: Model, point: Point) -> FloatArray:
    """Cross-products of whitened rows with each derivative of the covariance between, shape (r, p + 1, p + 1)."""
    sample, parts = model.sample, []
    for found, where in zip(point.derivatives, model.members, strict=True):
        inside = np.isin(sample.of_block, where)
        rows = point.whitened[inside]
        if found.first.shape[1] == 1:
            wide = rows.reshape(len(rows), -1)
            v, width = rows.shape[1:]
            gram = (wide.T @ wide).reshape(v, width, v, width)
            parts.append(np.tensordot(found.first[:, 0], gram, axes=((1, 2), (0, 2))))
            continue
        cell = np.searchsorted(where, sample.of_block[inside])
        width = rows.shape[2]
        for first in found.first:
            parts.append((rows.reshape(-1, width).T @ (first[cell] @ rows).reshape(-1, width))[None])
    return np.concatenate(parts)


def _trace(derivative: FloatArray, matrices: FloatArray) -> FloatArray:
    """Sum over patterns of the trace of a derivative times a matrix, for each parameter or pair of them."""
    if derivative.shape[-3] == 1:
        return np.tensordot(derivative[..., 0, :, :], matrices.sum(axis=0), axes=2)
    return np.tensordot(derivative, matrices, axes=3)


def _pairs(first: FloatArray, precision: FloatArray, matrices: FloatArray) -> FloatArray:
    """Sum over patterns of tr(D_r A D_s Y), for each pair of parameters."""
    r, cells, v = first.shape[:3]
    if cells > 1:
        left = np.swapaxes(first @ precision, 2, 3)
        right = first @ matrices
        return np.asarray(np.einsum("rcba,scba->rs", left, right, optimize=True))
    p = len(precision)
    outer = precision.reshape(p, -1).T @ matrices.reshape(p, -1)  # (b, c), (d, a)
    core = outer.reshape(v, v, v, v).transpose(3, 0, 1, 2).reshape(v * v, v * v)  # (a, b), (c, d)
    flat = first[:, 0].reshape(r, -1)
    return flat @ core @ flat.T


def _diagonal(blocks: list[FloatArray]) -> FloatArray:
    size = len(blocks[0])
    whole = np.zeros((size * len(blocks), size * len(blocks)))
    for i, block in enumerate(blocks):
        whole[i * size : (i + 1) * size, i * size : (i + 1) * size] = block
    return whole

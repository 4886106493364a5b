"""Covariance of the coefficients from participants' own scores: right also where the covariance model is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from npcstats.estimators.mmrm.likelihood import Model
from npcstats.estimators.mmrm.optimum import Maximum
from npcstats.estimators.types import FloatArray

Variance = Literal["model", "cr0", "cr2"]
VARIANCES: Final[tuple[Variance, ...]] = ("model", "cr0", "cr2")


@dataclass(frozen=True, eq=False)
class Whitened:
    """Participants of one pattern, in units in which their model covariance is the identity.

    Attributes
    ----------
    design : float array, shape (n, m, p)
        Design.
    residual : float array, shape (n, m)
        Residuals.
    adjusted : float array, shape (n, m, p)
        Design times the inverse root of one minus its leverage, for CR2; the design itself for CR0.
    """

    design: FloatArray
    residual: FloatArray
    adjusted: FloatArray


@dataclass(frozen=True, eq=False)
class Sandwich:
    """Robust covariance of the coefficients, and what its degrees of freedom come from.

    Attributes
    ----------
    vcov : float array, shape (p, p)
        Covariance.
    parts : tuple of Whitened
        By pattern.
    root : float array, shape (p, p)
        A root of the model-based covariance.
    """

    vcov: FloatArray
    parts: tuple[Whitened, ...]
    root: FloatArray


def whiten(model: Model, found: Maximum) -> list[tuple[FloatArray, FloatArray]]:
    """Bring each participant's design and residuals to the unit of their covariance.

    Parameters
    ----------
    model : Model
        What is fitted.
    found : Maximum
        Of its likelihood.

    Returns
    -------
    list of (float array, shape (n, m, p), float array, shape (n, m))
        By pattern, in the orthonormal basis.
    """
    sample, parts = model.sample, []
    error = np.append(-found.point.gamma, 1.0)
    places = np.zeros(len(sample.counts), dtype=np.intp)
    for where in model.members:
        places[where] = np.arange(len(where))
    for i, pattern in enumerate(sample.patterns):
        values = found.point.derivatives[pattern.group].value
        covariance = values[places[i] if len(values) > 1 else 0][np.ix_(pattern.visits, pattern.visits)]
        rows = np.linalg.solve(np.linalg.cholesky(covariance), sample.rows[pattern.rows])
        parts.append((rows[:, :, :-1], rows @ error))
    return parts


def estimate_sandwich(model: Model, found: Maximum, variance: Variance) -> Sandwich:
    """Estimate the covariance of the coefficients from scores.

    Parameters
    ----------
    model : Model
        What is fitted.
    found : Maximum
        Of its likelihood.
    variance : {"cr0", "cr2"}
        Without, or with Bell and McCaffrey's adjustment under the fitted covariance.

    Returns
    -------
    Sandwich
        Covariance.
    """
    phi, root = found.point.phi, found.point.root
    parts, meat = [], np.zeros_like(phi)
    for design, residual in whiten(model, found):
        adjusted = _adjusted(design, root) if variance == "cr2" else design
        parts.append(Whitened(design, residual, adjusted))
        score = np.einsum("nmp,nm->np", adjusted, residual)
        meat += score.T @ score
    return Sandwich(phi @ meat @ phi, tuple(parts), root)


def _adjusted(design: FloatArray, root: FloatArray) -> FloatArray:
    spread = design @ root
    values, vectors = np.linalg.eigh(np.eye(design.shape[1]) - spread @ np.swapaxes(spread, 1, 2))
    known = values > 1e-10
    power = np.where(known, 1 / np.sqrt(np.where(known, values, 1.0)), 0.0)
    return np.asarray((vectors * power[:, None]) @ (np.swapaxes(vectors, 1, 2) @ design))


def robust_df(sandwich: Sandwich, row: FloatArray) -> float:
    """Satterthwaite degrees of freedom of one combination under the fitted covariance.

    Parameters
    ----------
    sandwich : Sandwich
        Of the coefficients.
    row : float array, shape (p,)
        The combination.

    Returns
    -------
    float
        Of Pustejovsky and Tipton.
    """
    weight = sandwich.root @ (sandwich.root.T @ row)
    own, shared = [], []
    for part in sandwich.parts:
        pulled = part.adjusted @ weight
        own.append((pulled**2).sum(axis=1))
        shared.append(np.einsum("nmp,nm->np", part.design, pulled) @ sandwich.root)
    alone, common = np.concatenate(own), np.concatenate(shared)
    length = (common**2).sum(axis=1)
    total = float((alone - length).sum())
    squared = float((alone**2 - 2 * alone * length).sum()) + float(((common.T @ common) ** 2).sum())
    return total**2 / squared if squared > 0 else np.nan

"""Covariance of the coefficients from participants' own scores: right also where the covariance model is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np

from npcstats.estimators.mmrm.likelihood import Model
from npcstats.estimators.mmrm.optimum import Maximum
from npcstats.estimators.types import FloatArray

Variance = Literal["model", "cr0", "cr2"]
VARIANCES: Final[tuple[Variance, ...]] = ("model", "cr0", "cr2")


class White(NamedTuple):
    """Participants of one pattern, in units in which their model covariance is the identity.

    Attributes
    ----------
    design : float array, shape (n, m, p)
        Design, in the orthonormal basis.
    residual : float array, shape (n, m)
        Residuals.
    lower : float array, shape (m, m)
        Cholesky factor of their covariance.
    """

    design: FloatArray
    residual: FloatArray
    lower: FloatArray


@dataclass(frozen=True, eq=False)
class Sandwich:
    """Robust covariance of the coefficients, and what its degrees of freedom come from.

    Attributes
    ----------
    vcov : float array, shape (p, p)
        Covariance.
    parts : tuple of (float array, float array), each of shape (n, m, p)
        By pattern the whitened design, and the same after the adjustment of CR2.
    root : float array, shape (p, p)
        A root of the model-based covariance.
    """

    vcov: FloatArray
    parts: tuple[tuple[FloatArray, FloatArray], ...]
    root: FloatArray


def whiten(model: Model, found: Maximum) -> list[White]:
    """Bring each participant's design and residuals to the unit of their covariance.

    Parameters
    ----------
    model : Model
        What is fitted.
    found : Maximum
        Of its likelihood.

    Returns
    -------
    list of White
        By pattern.
    """
    sample, parts = model.sample, []
    error = np.append(-found.point.gamma, 1.0)
    places = np.zeros(len(sample.counts), dtype=np.intp)
    for where in model.members:
        places[where] = np.arange(len(where))
    for i, pattern in enumerate(sample.patterns):
        values = found.point.derivatives[pattern.group].value
        covariance = values[places[i] if len(values) > 1 else 0][np.ix_(pattern.visits, pattern.visits)]
        lower: FloatArray = np.asarray(np.linalg.cholesky(covariance), dtype=float)
        rows = np.asarray(np.linalg.solve(lower, sample.rows[pattern.rows]), dtype=float)
        parts.append(White(rows[:, :, :-1], rows @ error, lower))
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
        Without, or with the adjustment that makes it unbiased under the fitted covariance.

    Returns
    -------
    Sandwich
        Covariance.
    """
    phi, root = found.point.phi, found.point.root
    parts, meat = [], np.zeros_like(phi)
    for white in whiten(model, found):
        adjusted = _adjusted(white, root) if variance == "cr2" else white.design
        parts.append((white.design, adjusted))
        score = np.einsum("nmp,nm->np", adjusted, white.residual)
        meat += score.T @ score
    return Sandwich(phi @ meat @ phi, tuple(parts), root)


def _adjusted(white: White, root: FloatArray) -> FloatArray:
    """Design times the adjustment, whose root is taken where clubSandwich takes it: it depends on the factor."""
    spread = white.design @ root
    turn = white.lower.T @ white.lower
    rest = turn @ (np.eye(len(turn)) - spread @ np.swapaxes(spread, 1, 2)) @ turn
    values, vectors = np.linalg.eigh(rest)
    known = values > 1e-10 * float(np.linalg.eigvalsh(turn @ turn)[-1])  # of a saturated participant all is rounding
    power = np.where(known, 1 / np.sqrt(np.where(known, values, 1.0)), 0.0)
    return np.asarray(turn @ ((vectors * power[:, None]) @ (np.swapaxes(vectors, 1, 2) @ white.design)))


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
    for design, adjusted in sandwich.parts:
        pulled = adjusted @ weight
        own.append((pulled**2).sum(axis=1))
        shared.append(np.einsum("nmp,nm->np", design, pulled) @ sandwich.root)
    alone, common = np.concatenate(own), np.concatenate(shared)
    length = (common**2).sum(axis=1)
    total = float((alone - length).sum())
    squared = float((alone**2 - 2 * alone * length).sum()) + float(((common.T @ common) ** 2).sum())
    return total**2 / squared if squared > 0 else np.nan

"""How well a mixed model fits: residuals on comparable scales, and how far each participant moves the coefficients."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from npcstats.errors import DataError
from npcstats.estimators.mmrm.fitted import Mmrm
from npcstats.estimators.mmrm.robust import whiten
from npcstats.estimators.types import FloatArray


@dataclass(frozen=True, eq=False)
class Diagnostics:
    """Residuals and influence; observations of weight 0 are left out.

    Attributes
    ----------
    pearson : float array, shape (n,)
        Residuals over their standard deviation, in the order of observations given.
    scaled : float array, shape (n,)
        Residuals made uncorrelated by the inverse Cholesky factor of their covariance, in the same order.
    distance : float array, shape (s,)
        Cook's distance of each participant, in the sorted order of labels: how far the coefficients move without them,
        the covariance of the outcome held, in units of their covariance, over the number of coefficients.
    """

    pearson: FloatArray
    scaled: FloatArray
    distance: FloatArray


def diagnose_mmrm(fit: Mmrm) -> Diagnostics:
    """Compute residuals and influence.

    Parameters
    ----------
    fit : Mmrm
        A fitted model that converged.

    Returns
    -------
    Diagnostics
        Of its observations and participants.

    Raises
    ------
    DataError
        If the model did not converge.

    Notes
    -----
    *Verified* by leaving each participant out of a generalized least-squares fit with the same covariance.

    References
    ----------
    Gregoire TG, et al. Can J For Res 1995;25:137. doi:10.1139/x95-017
    """
    if fit.precision is None:
        raise DataError(f"fit: did not converge ({fit.note}); a model that did is required.")
    model, found = fit.precision.model, fit.precision.found
    sample, root = model.sample, found.point.root
    pearson, scaled = np.empty(len(sample.rows)), np.empty(len(sample.rows))
    distance = np.empty(sample.n_subjects)
    for pattern, white in zip(sample.patterns, whiten(model, found), strict=True):
        scaled[pattern.rows] = white.residual
        pearson[pattern.rows] = white.residual @ white.lower.T / np.linalg.norm(white.lower, axis=1)
        spread = white.design @ root
        rest = np.eye(len(white.lower)) - spread @ np.swapaxes(spread, 1, 2)
        moved = np.linalg.pinv(rest, hermitian=True) @ white.residual[:, :, None]
        pulled = (np.swapaxes(spread, 1, 2) @ moved)[:, :, 0]
        distance[sample.subjects[pattern.rows[:, 0]]] = (pulled**2).sum(axis=1) / len(root)
    return Diagnostics(pearson, scaled, distance)

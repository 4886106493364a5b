"""Standard errors and degrees of freedom of a fitted mixed model, in the orthonormal basis of its design."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np

from npcstats.estimators.mmrm.likelihood import Model
from npcstats.estimators.mmrm.optimum import Maximum
from npcstats.estimators.types import FloatArray, IntArray

Freedom = Literal["kenward-roger", "kenward-roger-linear", "satterthwaite", "between-within", "residual"]
FREEDOMS: Final[tuple[Freedom, ...]] = (
    "kenward-roger",
    "kenward-roger-linear",
    "satterthwaite",
    "between-within",
    "residual",
)
KENWARD_ROGER: Final = FREEDOMS[:2]


@dataclass(frozen=True, eq=False)
class Spread:
    """What the precision of the coefficients is known from.

    Attributes
    ----------
    phi : float array, shape (p, p)
        Model-based covariance of the coefficients.
    by_parameter : float array, shape (r, p, p)
        Its derivatives by the parameters of the covariance.
    of_parameters : float array, shape (r, r)
        Covariance of those parameters, from the observed second derivatives.
    """

    phi: FloatArray
    by_parameter: FloatArray
    of_parameters: FloatArray


class Joint(NamedTuple):
    """Scale and denominator degrees of freedom of an F statistic."""

    scale: float
    df: float


def spread_of(found: Maximum) -> Spread:
    """Gather what degrees of freedom are computed from.

    Parameters
    ----------
    found : Maximum
        Of the likelihood.

    Returns
    -------
    Spread
        Of the coefficients.
    """
    phi = found.point.phi
    of_parameters: FloatArray = 2 * np.asarray(np.linalg.inv(found.slope.observed), dtype=float)
    return Spread(phi, phi @ found.slope.by_parameter @ phi, of_parameters)


def adjusted_covariance(model: Model, found: Maximum, spread: Spread, *, linear: bool) -> FloatArray:
    """Covariance of the coefficients that allows for the covariance being estimated.

    Parameters
    ----------
    model : Model
        What is fitted.
    found : Maximum
        Of its likelihood.
    spread : Spread
        Of the coefficients.
    linear : bool
        Whether second derivatives of the covariance are left out.

    Returns
    -------
    float array, shape (p, p)
        Of Kenward and Roger.
    """
    slope, weights = found.slope, spread.of_parameters
    middle = -np.einsum("rs,rij,jk,skl->il", weights, slope.by_parameter, spread.phi, slope.by_parameter, optimize=True)
    p = len(spread.phi)
    for g, (derivatives, where) in enumerate(zip(found.point.derivatives, model.members, strict=True)):
        own = slice(g * model.size, (g + 1) * model.size)
        between = _between(derivatives.first, weights[own, own], found.point.precision[where])
        if derivatives.second is not None and not linear:
            between = between - np.tensordot(weights[own, own], derivatives.second, axes=2) / 4
        inside = np.isin(model.sample.of_block, where)
        cell = np.searchsorted(where, model.sample.of_block[inside])
        rows = found.point.whitened[inside, :, :p]
        middle += rows.reshape(-1, p).T @ (between[cell] @ rows).reshape(-1, p)
    adjusted = spread.phi + 2 * spread.phi @ middle @ spread.phi
    return np.asarray((adjusted + adjusted.T) / 2)


def _between(first: FloatArray, weights: FloatArray, precision: FloatArray) -> FloatArray:
    """Weighted sum of D_r A D_s of each pattern."""
    r, cells, v = first.shape[:3]
    if cells > 1:
        weighted = np.tensordot(weights, first, axes=1)
        return np.asarray(np.einsum("rpab,pbc,rpcd->pad", first, precision, weighted, optimize=True))
    flat = first[:, 0].reshape(r, -1)
    core = (flat.T @ weights @ flat).reshape(v, v, v, v)
    return np.asarray(np.tensordot(precision, core, axes=((1, 2), (1, 2))))


def satterthwaite(spread: Spread, row: FloatArray) -> float:
    """Degrees of freedom of one combination of coefficients.

    Parameters
    ----------
    spread : Spread
        Of the coefficients.
    row : float array, shape (p,)
        The combination.

    Returns
    -------
    float
        Twice the squared variance over the variance of its estimate.
    """
    variance = float(row @ spread.phi @ row)
    slope = spread.by_parameter @ row @ row
    uncertain = float(slope @ spread.of_parameters @ slope)
    return 2 * variance**2 / uncertain if uncertain > 0 else np.inf


def joint_satterthwaite(dfs: FloatArray) -> float:
    """Denominator degrees of freedom of q independent combinations tested together.

    Parameters
    ----------
    dfs : float array, shape (q,)
        Degrees of freedom of each.

    Returns
    -------
    float
        Of Fai and Cornelius; NaN where they are two or less in all combinations.
    """
    q = len(dfs)
    if np.allclose(dfs, dfs[0], rtol=1e-10):
        return float(dfs[0])
    expected = float((dfs[dfs > 2] / (dfs[dfs > 2] - 2)).sum())
    return 2 * expected / (expected - q) if expected > q else np.nan


def kenward_roger(spread: Spread, rows: FloatArray) -> Joint:
    """Scale and degrees of freedom of q combinations tested together.

    Parameters
    ----------
    spread : Spread
        Of the coefficients.
    rows : float array, shape (q, p)
        Independent combinations.

    Returns
    -------
    Joint
        Both NaN where the approximation has none.
    """
    q = len(rows)
    theta = rows.T @ np.linalg.solve(rows @ spread.phi @ rows.T, rows)
    each = spread.by_parameter @ theta
    traces = np.trace(each, axis1=1, axis2=2)
    first = float(traces @ spread.of_parameters @ traces)
    second = float(np.einsum("rs,rij,sji->", spread.of_parameters, each, each, optimize=True))
    if not second > 0:
        return Joint(1.0, np.inf)
    bound = (first + 6 * second) / (2 * q)
    g = ((q + 1) * first - (q + 4) * second) / ((q + 2) * second)
    below = 3 * q + 2 * (1 - g)
    left = 1 - second / q
    if not below > 0 or not left > 0:
        return Joint(np.nan, np.nan)
    c1, c2, c3 = g / below, (q - g) / below, (q + 2 - g) / below
    # the ratio of the variance to twice the squared mean is above / (q * under): at four degrees of freedom under is 0
    above, under = (1 + c1 * bound) * left**2, (1 - c2 * bound) ** 2 * (1 - c3 * bound)
    df = 4 + (q + 2) * under / (above - under) if above != under else np.inf
    if not df > 2:
        return Joint(np.nan, np.nan)
    return Joint(left * (df / (df - 2) if np.isfinite(df) else 1.0), df)


def between_within(design: FloatArray, subjects: IntArray) -> FloatArray:
    """Degrees of freedom of each column, by whether it varies within a participant.

    Parameters
    ----------
    design : float array, shape (n, p)
        Columns that are estimated.
    subjects : int array, shape (n,)
        Code of each row's participant.

    Returns
    -------
    float array, shape (p,)
        Degrees of freedom; a constant column has those of columns that vary within a participant, as in nlme.
    """
    order = np.argsort(subjects, kind="stable")
    values, who = design[order], subjects[order]
    same = np.diff(who) == 0
    within = (np.diff(values, axis=0)[same] != 0).any(axis=0) if len(values) > 1 else np.zeros(design.shape[1], bool)
    constant = ~within & (values == values[0]).all(axis=0)
    n, members = len(values), len(np.unique(who))
    among = members - int((~within).sum())
    inside = n - members - int(within.sum())
    return np.where(within | constant, float(inside), float(among))

"""Error spending: how much of an error probability may have been used by a fraction of the information."""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy.special import ndtr, ndtri

from npcstats.choices import check_choice
from npcstats.errors import SpecError
from npcstats.estimators.checks import check_array, check_probability
from npcstats.estimators.types import FloatArray

Spending = Literal["obrien-fleming", "pocock", "hwang-shih-decani", "power"]
SPENDINGS: tuple[Spending, ...] = ("obrien-fleming", "pocock", "hwang-shih-decani", "power")
WITH_PARAMETER = ("hwang-shih-decani", "power")


def spend(fraction: FloatArray, alpha: float, *, function: Spending, parameter: float | None = None) -> FloatArray:
    """Tell how much of an error probability is spent by each fraction of the information.

    Parameters
    ----------
    fraction : float array, shape (k,)
        Information so far over the planned information, 0 or more; beyond 1 all is spent.
    alpha : float in (0, 1)
        What may be spent in all; of a two-sided test each side has its own.
    function : {"obrien-fleming", "pocock", "hwang-shih-decani", "power"}
        The spending function.
    parameter : float, optional
        Of ``hwang-shih-decani`` its gamma (0 spends evenly, below 0 late), of ``power`` its exponent, above 0.

    Returns
    -------
    float array, shape (k,)
        Spent by then, cumulative, in [0, alpha].

    Raises
    ------
    DataError
        If a fraction is missing or below 0.
    SpecError
        If the function is not in the closed set, its parameter is missing or has no effect, or alpha is out of range.

    Notes
    -----
    O'Brien–Fleming type ``2 - 2 Phi(z(1 - alpha/2) / sqrt(t))``; Pocock type ``alpha log(1 + (e - 1) t)`` (Lan and
    DeMets 1983, doi:10.1093/biomet/70.3.659). Hwang, Shih and DeCani 1990 (doi:10.1002/sim.4780091207):
    ``alpha (1 - exp(-gamma t)) / (1 - exp(-gamma))``. Power (Kim and DeMets 1987, doi:10.1093/biomet/74.1.149):
    ``alpha t ** rho``.
    """
    t = np.minimum(check_array(fraction, "fraction", minimum=0.0), 1.0)
    check_choice(function, "function", SPENDINGS)
    check_spending(function, parameter)
    check_probability(alpha, "alpha")
    if function == "obrien-fleming":
        with np.errstate(divide="ignore"):
            return np.asarray(2.0 * ndtr(ndtri(alpha / 2.0) / np.sqrt(t)))
    if function == "pocock":
        return np.asarray(alpha * np.log1p((np.e - 1.0) * t))
    if function == "power" and parameter is not None:
        return np.asarray(alpha * t**parameter)
    gamma = parameter or 0.0
    return np.asarray(alpha * (t if gamma == 0 else np.expm1(-gamma * t) / np.expm1(-gamma)))


def check_spending(function: Spending, parameter: float | None) -> None:
    """Refuse a spending function without its parameter, or with one that it has not.

    Parameters
    ----------
    function : str
        The spending function.
    parameter : float or None
        Its parameter.

    Raises
    ------
    SpecError
        If one is missing, has no effect or is out of range.
    """
    if (function in WITH_PARAMETER) != (parameter is not None):
        verb = "requires" if parameter is None else "has no"
        raise SpecError(f"parameter: spending function {function} {verb} one; {parameter} is given.")
    if function == "power" and parameter is not None and not 0 < parameter < np.inf:
        raise SpecError(f"parameter of spending function power is {parameter}; a number above 0 is required.")
    if parameter is not None and not np.isfinite(parameter):
        raise SpecError(f"parameter of spending function {function} is {parameter}; a finite number is required.")

"""What a trial may still show, given what it has shown: conditional and predictive power."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

from npcstats.errors import DataError, SpecError
from npcstats.estimators.sequential.boundaries import Boundaries
from npcstats.estimators.sequential.crossing import Crossing, follow


def conditional_power(z: float, fraction: float, *, final: float, drift: float) -> float:
    """Find the probability that the last statistic reaches its critical value, given the present one.

    Parameters
    ----------
    z : float
        Present statistic.
    fraction : float in (0, 1)
        Information so far over that at the end.
    final : float
        Critical value at the end.
    drift : float
        Mean of the statistic at the end that is assumed from here on: 0 without an effect, `trend_drift` as so far.

    Returns
    -------
    float
        Probability in [0, 1].

    Raises
    ------
    DataError
        If the fraction is not between 0 and 1, or a number is not finite.

    Notes
    -----
    ``Phi((z sqrt(t) + drift (1 - t) - final) / sqrt(1 - t))`` (Jennison and Turnbull 2000, section 10.2).
    """
    _check(z, fraction, final, drift)
    return float(ndtr((z * np.sqrt(fraction) + drift * (1.0 - fraction) - final) / np.sqrt(1.0 - fraction)))


def trend_drift(z: float, fraction: float) -> float:
    """Tell the drift that the present statistic estimates.

    Parameters
    ----------
    z : float
        Present statistic.
    fraction : float in (0, 1)
        Information so far over that at the end.

    Returns
    -------
    float
        Mean of the statistic at the end if the effect goes on as so far.

    Raises
    ------
    DataError
        If the fraction is not between 0 and 1, or a number is not finite.
    """
    _check(z, fraction)
    return float(z / np.sqrt(fraction))


def predictive_power(z: float, fraction: float, *, final: float, prior: tuple[float, float] | None = None) -> float:
    """Average the conditional power over what the drift may be, given the data so far.

    Parameters
    ----------
    z : float
        Present statistic.
    fraction : float in (0, 1)
        Information so far over that at the end.
    final : float
        Critical value at the end.
    prior : (float, float), optional
        Mean and standard deviation of a normal prior of the drift; flat where it is not given.

    Returns
    -------
    float
        Probability in [0, 1].

    Raises
    ------
    DataError
        If the fraction is not between 0 and 1, or a number is not finite.
    SpecError
        If the prior's standard deviation is not above 0.

    Notes
    -----
    With a flat prior ``Phi((z - final sqrt(t)) / sqrt(1 - t))`` (Spiegelhalter, Freedman and Blackburn 1986,
    doi:10.1016/0197-2456(86)90003-6).
    """
    _check(z, fraction, final, *(prior or ()))
    if prior is not None and prior[1] <= 0:
        raise SpecError(f"prior: its standard deviation is {prior[1]}; above 0 is required.")
    precision = 0.0 if prior is None else prior[1] ** -2
    known = fraction + precision
    mean = (z * np.sqrt(fraction) + (0.0 if prior is None else prior[0] * precision)) / known
    left = 1.0 - fraction
    spread = np.sqrt(left + left**2 / known)
    return float(ndtr((z * np.sqrt(fraction) + mean * left - final) / spread))


def conditional_crossing(boundaries: Boundaries, look: int, z: float, drift: float) -> Crossing:
    """Find the probabilities of crossing the boundaries that are left, given the present statistic.

    Parameters
    ----------
    boundaries : Boundaries
        With looks after the present one.
    look : int
        Place of the present look, from 0.
    z : float
        Present statistic, between its boundaries or not.
    drift : float
        Mean of Z at information 1 that is assumed from here on.

    Returns
    -------
    Crossing
        At each look that is left; information is counted from the present look on.

    Raises
    ------
    DataError
        If no look is left, or a number is not finite.
    """
    t = boundaries.information
    if not 0 <= look < t.size - 1:
        raise DataError(f"look: is {look} of {t.size}; one before the last, from 0, is required.")
    _check(z, 0.5, drift)
    left = t[look + 1 :] - t[look]
    root, now = np.sqrt(t[look + 1 :]), z * np.sqrt(t[look])
    lower = (boundaries.lower[look + 1 :] * root - now) / np.sqrt(left)
    upper = (boundaries.upper[look + 1 :] * root - now) / np.sqrt(left)
    return follow(left, lower, upper, drift)


def _check(z: float, fraction: float, *others: float) -> None:
    if not 0 < fraction < 1:
        raise DataError(f"fraction: is {fraction}; information so far over that at the end, between 0 and 1, is "
                        "required.")  # fmt: skip
    if not np.isfinite([z, *others]).all():
        raise DataError(f"z: {[z, *others]}; finite numbers are required.")

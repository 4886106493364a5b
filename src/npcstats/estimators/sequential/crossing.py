"""What boundaries do under an effect: probabilities of crossing, power, information that is expected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtri

from npcstats.errors import DataError
from npcstats.estimators.checks import check_probability
from npcstats.estimators.sequential.boundaries import Boundaries
from npcstats.estimators.sequential.paths import go_on, start
from npcstats.estimators.types import FloatArray

_EXACT = 1e-12
_LARGEST = 30.0


@dataclass(frozen=True, eq=False)
class Crossing:
    """Where a trial ends that stops at the first boundary it crosses.

    Attributes
    ----------
    upper, lower : float array, shape (k,)
        Probability of crossing first at each look.
    power : float
        Probability of ever crossing the upper boundary.
    expected_information : float
        Mean information at the end, over the planned one.
    """

    upper: FloatArray
    lower: FloatArray
    power: float
    expected_information: float


def cross(boundaries: Boundaries, drift: float) -> Crossing:
    """Find the probabilities of crossing boundaries under a drift.

    Parameters
    ----------
    boundaries : Boundaries
        A lower one, binding or not, stops the trial here.
    drift : float
        Mean of Z at information 1.

    Returns
    -------
    Crossing
        At each look.

    Raises
    ------
    DataError
        If the drift is not finite.
    """
    if not np.isfinite(drift):
        raise DataError(f"drift: is {drift}; a finite number is required.")
    return follow(boundaries.information, boundaries.lower, boundaries.upper, drift)


def follow(information: FloatArray, lower: FloatArray, upper: FloatArray, drift: float) -> Crossing:
    """Find the probabilities of crossing limits at looks.

    Parameters
    ----------
    information, lower, upper : float array, shape (k,)
        Looks and limits on the scale of Z.
    drift : float
        Mean of Z at information 1.

    Returns
    -------
    Crossing
        At each look.
    """
    path, above, below = start(drift), [], []
    for look, time in enumerate(information):
        above.append(path.above(time, upper[look]))
        below.append(path.below(time, lower[look]))
        path = go_on(path, time, lower[look], upper[look], float(information[min(look + 1, information.size - 1)]))
    up, down = np.array(above), np.array(below)
    stopped = up + down
    expected = float(information @ stopped + information[-1] * (1.0 - stopped.sum()))
    return Crossing(up, down, float(up.sum()), expected)


def find_drift(boundaries: Boundaries, power: float) -> float:
    """Find the drift at which boundaries have a power.

    Parameters
    ----------
    boundaries : Boundaries
        Of the trial.
    power : float in (0, 1)
        Probability of crossing the upper boundary; above that without an effect.

    Returns
    -------
    float
        Mean of Z at information 1.

    Raises
    ------
    DataError
        If the boundaries have that power without an effect.
    """
    check_probability(power, "power")
    least = cross(boundaries, 0.0).power
    if power <= least:
        raise DataError(f"power: is {power}; above {least:.6g}, which is reached without an effect, is required.")
    return float(brentq(lambda drift: cross(boundaries, drift).power - power, 0.0, _LARGEST, xtol=_EXACT))


def fixed_drift(alpha: float, power: float) -> float:
    """Tell the drift at which a test without looks has a power.

    Parameters
    ----------
    alpha : float in (0, 1)
        Error of the first kind of the side.
    power : float in (0, 1)
        Probability of a Z at or above its critical value.

    Returns
    -------
    float
        Sum of the two normal quantiles.
    """
    return float(ndtri(1.0 - check_probability(alpha, "alpha")) + ndtri(check_probability(power, "power")))


def inflation(boundaries: Boundaries, power: float) -> float:
    """Tell by how much looks increase the information that a power needs.

    Parameters
    ----------
    boundaries : Boundaries
        Whose last look is the last there is.
    power : float in (0, 1)
        Probability of crossing the upper boundary.

    Returns
    -------
    float
        Largest information over that of a test without looks; 1 or more.

    Raises
    ------
    DataError
        If the boundaries do not end.
    """
    if not boundaries.final:
        raise DataError("boundaries: their looks do not end; boundaries with a final look are required.")
    alone = fixed_drift(float(boundaries.alpha_spent[-1]), power)
    return float((find_drift(boundaries, power) / alone) ** 2 * boundaries.information[-1])

"""Probabilities at their largest over a proportion that is not known, as exact unconditional methods need them."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from scipy import special

from npcstats.estimators.types import FloatArray, IntArray

# points per square root of the participants: several in each standard deviation of the arcsine of a proportion
_POINTS_PER_ROOT = 8
_LEAST_POINTS = 32
# peaks of each function that are looked at closely, and into how many parts their surroundings are cut, twice
_PEAKS = 3
_PARTS = 8
# logarithms of no less than this; a probability to the power 0 is 1 even where it is 0
_LEAST = 1e-300


def largest_probabilities(probability: Callable[[FloatArray], FloatArray], functions: int, total: int) -> FloatArray:
    """Find the largest value of probabilities that depend on a share.

    Parameters
    ----------
    probability : callable
        Takes shares from 0 to 1, shape (functions, k), and returns the value of each function at its shares.
    functions : int
        How many functions there are.
    total : int
        Participants whose counts the probabilities are of, which says how fast they change.

    Returns
    -------
    float array, shape (functions,)
        The largest values.

    Notes
    -----
    Values at points that are equally far apart in the arcsine of the root; the three highest peaks are cut twice into
    eighths, then topped by a parabola. The result is never above the true maximum; how far it may lie below, against a
    grid a hundred times as fine, is held by the tests to 1e-6 of it.
    """
    angle = np.linspace(0.0, 1.0, angle_points(total))
    angles = np.tile(angle, (functions, 1))
    values = probability(_share(angles))
    best = values.max(axis=1)
    middle, height = _peaks(angles, values)
    step = angle[1]
    for _ in range(2):
        near = np.clip(middle[..., np.newaxis] + step * np.linspace(-1, 1, 2 * _PARTS + 1), 0.0, 1.0)
        values = probability(_share(near.reshape(functions, -1))).reshape(near.shape)
        place = values.argmax(axis=2)[..., np.newaxis]
        middle, height = (np.take_along_axis(found, place, axis=2)[..., 0] for found in (near, values))
        sides = [np.take_along_axis(values, np.clip(place + side, 0, 2 * _PARTS), axis=2)[..., 0] for side in (-1, 1)]
        step /= _PARTS
    bend = 2 * height - sides[0] - sides[1]
    shift = np.divide(sides[1] - sides[0], 2 * bend, out=np.zeros_like(bend), where=bend > 0)
    top = probability(_share(np.clip(middle + step * np.clip(shift, -1, 1), 0.0, 1.0)))
    largest: FloatArray = np.maximum(best, np.maximum(height, top).max(axis=1))
    return largest


def angle_points(total: int) -> int:
    """How many points are looked at first.

    Parameters
    ----------
    total : int
        Participants.

    Returns
    -------
    int
        Points.
    """
    return _LEAST_POINTS + int(_POINTS_PER_ROOT * math.sqrt(total))


def _share(angle: FloatArray) -> FloatArray:
    share: FloatArray = np.sin(angle * (math.pi / 2)) ** 2
    return share


def _peaks(angles: FloatArray, values: FloatArray) -> tuple[FloatArray, FloatArray]:
    padded = np.pad(values, ((0, 0), (1, 1)), constant_values=-1.0)
    peak = (values >= padded[:, :-2]) & (values >= padded[:, 2:])
    place = np.argsort(np.where(peak, -values, 1.0), axis=1, kind="stable")[:, :_PEAKS]
    return np.take_along_axis(angles, place, axis=1), np.take_along_axis(values, place, axis=1)


def binomial_masses(share: FloatArray, total: int) -> FloatArray:
    """Probabilities of each count.

    Parameters
    ----------
    share : float array, any shape
        Probabilities of the event.
    total : int
        Participants.

    Returns
    -------
    float array, shape (*shape, total + 1)
        Of 0 to `total` events.
    """
    count = np.arange(total + 1)
    logs = np.stack([np.log(np.maximum(share, _LEAST)), np.log(np.maximum(1 - share, _LEAST))], axis=-1)
    masses: FloatArray = np.exp(logs @ np.stack([count, total - count]).astype(float) + log_choices(total))
    return masses


def log_choices(total: int) -> FloatArray:
    """Logarithms of the numbers of ways to choose.

    Parameters
    ----------
    total : int
        Of how many.

    Returns
    -------
    float array, shape (total + 1,)
        To choose 0 to `total` of them.
    """
    count = np.arange(total + 1)
    logs: FloatArray = special.gammaln(total + 1) - special.gammaln(count + 1) - special.gammaln(total - count + 1)
    return logs


def tail_probabilities(least: IntArray, share1: FloatArray, total1: int, share0: FloatArray, total0: int) -> FloatArray:
    """Probabilities that group 1 has at least so many events as the events in group 0 require.

    Parameters
    ----------
    least : int array, shape (functions, total0 + 1)
        The least count of group 1, 0 to ``total1 + 1``, for each count of group 0.
    share1 : float array, shape (functions, k)
        Probabilities of the event in group 1.
    total1 : int
        Participants in group 1.
    share0 : float array, shape (functions, k)
        Probabilities of the event in group 0.
    total0 : int
        Participants in group 0.

    Returns
    -------
    float array, shape (functions, k)
        Probabilities from 0 to 1.
    """
    masses = binomial_masses(share1, total1)
    tails = np.zeros((*share1.shape, total1 + 2))
    tails[..., :-1] = np.cumsum(masses[..., ::-1], axis=-1)[..., ::-1]
    at_least = np.take_along_axis(tails, least[:, np.newaxis, :], axis=2)
    probability: FloatArray = np.einsum("fkc,fkc->fk", at_least, binomial_masses(share0, total0))
    return probability

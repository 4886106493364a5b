"""The distribution of a monitored statistic that has not crossed a boundary yet, by numerical integration.

The statistic is followed on the scale of a Brownian motion: B = Z sqrt(t), with mean drift * t and variance t.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from npcstats.estimators.types import FloatArray

# Gauss–Legendre on panels of at most four standard deviations of a step: an error of about 1e-13 of the mass.
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_PANEL = 4.0
_REACH = 10.0  # standard deviations around the mean; outside lies 1e-23
_MOST = 1_000_000  # elements of a matrix of densities at once
# Two looks nearer to each other than this share of the information would need more nodes than are worth it.
NEAREST = 1e-3


@dataclass(frozen=True, eq=False)
class Path:
    """Where the statistic can be after a look at which nothing was crossed.

    Attributes
    ----------
    time : float
        Information fraction of the look; 0 at the start.
    drift : float
        Mean of the statistic at fraction 1.
    place : float array, shape (m,)
        Nodes on the scale of B.
    mass : float array, shape (m,)
        Probability of being there, without having stopped; their sum is that of going on.
    """

    time: float
    drift: float
    place: FloatArray
    mass: FloatArray

    def above(self, time: float, z: float) -> float:
        """Probability of having gone on until now and being above a limit at the next look.

        Parameters
        ----------
        time : float
            Information fraction of that look.
        z : float
            Limit.

        Returns
        -------
        float
            Probability.
        """
        return float(self.mass @ ndtr(-self._standard(time, z)))

    def below(self, time: float, z: float) -> float:
        """Probability of having gone on until now and being below a limit at the next look.

        Parameters
        ----------
        time : float
            Information fraction of that look.
        z : float
            Limit.

        Returns
        -------
        float
            Probability.
        """
        return float(self.mass @ ndtr(self._standard(time, z)))

    def _standard(self, time: float, z: float) -> FloatArray:
        step = time - self.time
        return np.asarray((z * np.sqrt(time) - self.place - self.drift * step) / np.sqrt(step))


def start(drift: float) -> Path:
    """Begin at the start of the trial.

    Parameters
    ----------
    drift : float
        Mean of the statistic at fraction 1.

    Returns
    -------
    Path
        All of the mass at 0.
    """
    return Path(0.0, drift, np.zeros(1), np.ones(1))


def go_on(path: Path, time: float, lower: float, upper: float, following: float) -> Path:
    """Follow those who are between two boundaries at the next look.

    Parameters
    ----------
    path : Path
        Until the last look.
    time : float
        Information fraction of the next look.
    lower, upper : float
        Boundaries on the scale of Z; infinite where there is none.
    following : float
        Information fraction of the look after it, which says how fine the nodes must be; `time` where there is none.

    Returns
    -------
    Path
        After the look.
    """
    root, step = np.sqrt(time), time - path.time
    mean = path.drift * time
    low, high = max(lower * root, mean - _REACH * root), min(upper * root, mean + _REACH * root)
    if not low < high:
        return Path(time, path.drift, np.zeros(1), np.zeros(1))
    finest = np.sqrt(min(step, following - time) if following > time else step)
    panels = int(np.ceil((high - low) / (_PANEL * finest)))
    edges = np.linspace(low, high, panels + 1)
    half = np.diff(edges)[:, None] / 2.0
    place = (edges[:-1, None] + half * (_NODES + 1.0)).ravel()
    weight = (half * _WEIGHTS).ravel()
    return Path(time, path.drift, place, weight * _density(path, place, step))


def _density(path: Path, place: FloatArray, step: float) -> FloatArray:
    """Density at places one step later, a part of them at a time."""
    part = max(1, _MOST // path.place.size)
    scale = 1.0 / np.sqrt(2.0 * np.pi * step)
    made = [
        np.exp(-((place[i : i + part, None] - path.place - path.drift * step) ** 2) / (2.0 * step)) @ path.mass
        for i in range(0, place.size, part)
    ]
    return np.asarray(scale * np.concatenate(made))

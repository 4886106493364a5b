"""Roots of many functions at once, to the last bits of a double."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.optimize import elementwise

from npcstats.estimators.types import FloatArray

# near the last bits of a double: score limits are then good to about 1e-14
_NEAR = 1e-15


def find_roots(
    function: Callable[..., FloatArray], low: FloatArray, high: FloatArray, cells: tuple[FloatArray, ...]
) -> FloatArray:
    """Find where functions change their sign.

    Parameters
    ----------
    function : callable
        Takes points, shape (n,), and `cells` of the same shape, and returns the functions' values there.
    low, high : float array, shape (n,)
        Where the signs differ.
    cells : tuple of float array, shape (n,)
        What each function is made of.

    Returns
    -------
    float array, shape (n,)
        The roots.
    """
    if not len(low):
        return np.empty(0)
    found = elementwise.find_root(
        function,
        (low, high),
        args=cells,
        tolerances={"xatol": _NEAR, "xrtol": _NEAR, "fatol": 0.0, "frtol": 0.0},
    )
    return np.asarray(found.x, dtype=np.float64)

"""Tables of counts: the distinct ones, so that each is computed once; and what is said of their limits."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from npcstats.estimators.bounds import OUTSIDE, cut_note
from npcstats.estimators.types import FloatArray, IntArray

ZERO_VARIANCE = "The estimated variance is 0, so this method has no limits."


def distinct_tables(*counts: IntArray) -> tuple[tuple[FloatArray, ...], IntArray]:
    """Find the distinct tables of counts.

    Parameters
    ----------
    *counts : int array, shape (n,)
        The cells of each table.

    Returns
    -------
    tuple of float array, shape (k,)
        The cells of the distinct tables, in their order.
    int array, shape (n,)
        Which of them each table is.
    """
    codes = np.zeros(len(counts[0]), dtype=np.int64)
    for cell in counts:
        levels, code = np.unique(cell, return_inverse=True)
        codes = np.unique(codes * len(levels) + code, return_inverse=True)[1]
    _, first, place = np.unique(codes, return_index=True, return_inverse=True)
    return tuple(cell[first].astype(float) for cell in counts), place


def proportion_notes(
    estimate: FloatArray, lower: FloatArray, upper: FloatArray, least: float
) -> npt.NDArray[np.object_]:
    """Say of each estimate what is to be said: a limit that is cut at `least` or 1, or that is not there.

    Parameters
    ----------
    estimate, lower, upper : float array, shape (n,)
        Estimates and limits as a method makes them.
    least : float
        The least possible value; the largest is 1.

    Returns
    -------
    object array, shape (n,)
        Sentences, most of them empty.
    """
    notes = np.full(len(estimate), "", dtype=object)
    low_cut, high_cut = lower < least, upper > 1.0
    for place in np.flatnonzero(low_cut | high_cut):
        notes[place] = cut_note(bool(low_cut[place]), bool(high_cut[place]))
    inside = (np.maximum(lower, least) <= estimate) & (estimate <= np.minimum(upper, 1.0))
    notes[~inside] = OUTSIDE
    notes[np.isnan(lower)] = ZERO_VARIANCE
    return notes


def within(lower: FloatArray, upper: FloatArray, least: float) -> tuple[FloatArray, FloatArray]:
    """Cut limits at `least` and 1.

    Parameters
    ----------
    lower, upper : float array, shape (n,)
        As a method makes them; NaN stays NaN.
    least : float
        The least possible value; the largest is 1.

    Returns
    -------
    tuple of float array, shape (n,)
        Lower and upper limits.
    """
    return np.maximum(lower, least), np.minimum(upper, 1.0)

"""A rule for a count: how many events among so many participants stop a trial."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from npcstats.errors import DataError
from npcstats.estimators.types import IntArray


@dataclass(frozen=True, eq=False)
class ToxicityRule:
    """Looks, and the smallest count that stops at each.

    Attributes
    ----------
    looks : int array, shape (k,)
        Participants observed at each look; increasing, 1 or more.
    limits : int array, shape (k,)
        Smallest number of them with the event that stops; one more than the participants where none does.
    """

    looks: IntArray
    limits: IntArray

    def __post_init__(self) -> None:
        """Refuse a rule whose looks and limits do not fit together."""
        if self.looks.shape != self.limits.shape or (self.limits < 0).any() or (self.limits > self.looks + 1).any():
            raise DataError("limits: one for each look, from 0 to one more than its participants, is required.")


def check_looks(looks: npt.ArrayLike) -> IntArray:
    """Return looks as whole numbers, or refuse them.

    Parameters
    ----------
    looks : int array_like, shape (k,)
        Participants observed at each look.

    Returns
    -------
    int array, shape (k,)
        The same.

    Raises
    ------
    DataError
        If there is none, or they are not whole numbers of 1 or more that increase.
    """
    given = np.asarray(looks, dtype=np.float64)
    if (
        given.ndim != 1
        or not given.size
        or not np.isfinite(given).all()
        or (given != np.floor(given)).any()
        or (np.diff(given, prepend=0) <= 0).any()
    ):
        raise DataError(f"looks: {np.asarray(looks).tolist()}; increasing numbers of participants are required.")
    return given.astype(np.intp)

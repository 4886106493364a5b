"""What is compared: values, or times with causes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from npcstats.errors import DataError
from npcstats.estimators.checks import check_array
from npcstats.estimators.timetoevent.samples import join_ties
from npcstats.estimators.types import FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Observed:
    """One value for each participant.

    Attributes
    ----------
    values : array_like of float, shape (n,)
        Of a risk 0 and 1; of a ratio of geometric means the logarithms. None missing.

    Raises
    ------
    DataError
        If a value is not finite.
    """

    values: FloatArray

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", check_array(self.values, "values"))

    def __len__(self) -> int:
        """Return the number of participants."""
        return len(self.values)

    def take(self, rows: npt.NDArray[np.intp]) -> Observed:
        """Take some of the participants, perhaps several times.

        Parameters
        ----------
        rows : ndarray of int, shape (m,)
            Their places.

        Returns
        -------
        Observed
            In that order.
        """
        return Observed(self.values[rows])


@dataclass(frozen=True, eq=False)
class Timed:
    """A time and what it ended in for each participant.

    Attributes
    ----------
    time : array_like of float >= 0, shape (n,)
        Time of the event or of censoring; near ties are made equal.
    cause : array_like of int, shape (n,)
        0 for censored, 1 for the event of interest, 2 and more for competing events.

    Raises
    ------
    DataError
        If a time is missing, infinite or negative, or a cause is no whole number of 0 or more.
    """

    time: FloatArray
    cause: IntArray

    def __post_init__(self) -> None:
        time = join_ties(check_array(self.time, "time", minimum=0.0))
        cause = check_array(self.cause, "cause", length=len(time), minimum=0.0)
        if (cause != np.floor(cause)).any():
            raise DataError("cause: has fractions; 0 for censored, 1 for the event, 2 and more for others is required.")
        object.__setattr__(self, "time", time)
        object.__setattr__(self, "cause", cause.astype(np.intp))

    def __len__(self) -> int:
        """Return the number of participants."""
        return len(self.time)

    def take(self, rows: npt.NDArray[np.intp]) -> Timed:
        """Take some of the participants, perhaps several times.

        Parameters
        ----------
        rows : ndarray of int, shape (m,)
            Their places.

        Returns
        -------
        Timed
            In that order.
        """
        return Timed(self.time[rows], self.cause[rows])


Outcome = Observed | Timed

"""The shapes that estimators take and return, shared by all of them.

Each is a frozen record. What could not be estimated is NaN, and `note` says why.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from npcstats.errors import DataError
from npcstats.estimators.checks import check_array
from npcstats.formatting import counted

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Interval:
    """An estimate with its confidence limits.

    Attributes
    ----------
    estimate : float
        The estimate, in the unit of what is estimated; NaN where it is undefined.
    lower, upper : float
        Two-sided confidence limits, in the same unit; NaN where they are undefined.
    conf_level : float in (0, 1)
        Confidence level of the limits.
    method : str
        How the limits were made.
    note : str
        Why something is NaN or degenerate, or which limit is cut at the bound of what is possible; empty otherwise.
    """

    estimate: float
    lower: float
    upper: float
    conf_level: float
    method: str
    note: str = ""


@dataclass(frozen=True, eq=False)
class Intervals:
    """Many estimates of one kind, each with its confidence limits.

    Attributes
    ----------
    estimate, lower, upper : float array, shape (n,)
        As in `Interval`.
    conf_level : float in (0, 1)
        Confidence level of the limits.
    method : str
        How the limits were made.
    notes : tuple of str, length n
        As `Interval.note`.
    """

    estimate: FloatArray
    lower: FloatArray
    upper: FloatArray
    conf_level: float
    method: str
    notes: tuple[str, ...]

    def at(self, place: int) -> Interval:
        """One of them.

        Parameters
        ----------
        place : int
            Its place from 0.

        Returns
        -------
        Interval
            The estimate there.
        """
        estimate, lower, upper = (float(array[place]) for array in (self.estimate, self.lower, self.upper))
        return Interval(estimate, lower, upper, self.conf_level, self.method, self.notes[place])


@dataclass(frozen=True)
class Test:
    """A test statistic with its p-value.

    Attributes
    ----------
    statistic : float
        The statistic; NaN where it is undefined.
    df : float
        Degrees of freedom of its reference distribution; NaN where it has none.
    p_value : float in [0, 1]
        Two-sided p-value; NaN where it is undefined.
    method : str
        Name of the test.
    note : str
        Why something is NaN; empty otherwise.
    """

    __test__ = False  # not a pytest class

    statistic: float
    df: float
    p_value: float
    method: str
    note: str = ""


@dataclass(frozen=True)
class Contrast:
    """A difference, group 1 minus group 0, or a linear combination of coefficients.

    Attributes
    ----------
    estimate : float
        The difference, in the unit of the outcome.
    std_error : float
        Its standard error, same unit.
    df : float
        Degrees of freedom of the t distribution; infinite for a normal one.
    statistic : float
        Estimate over standard error.
    p_value : float in [0, 1]
        Two-sided p-value of the hypothesis that the difference is 0.
    lower, upper : float
        Confidence limits, same unit.
    note : str
        Why something is NaN, or which limit is cut at the bound of what is possible; empty otherwise.
    """

    estimate: float
    std_error: float
    df: float
    statistic: float
    p_value: float
    lower: float
    upper: float
    note: str = ""


@dataclass(frozen=True, eq=False)
class DesignMatrix:
    """A float matrix whose columns have names.

    Attributes
    ----------
    values : array_like of float, shape (n, k)
        One row for each observation, one column for each coefficient; copied and made read-only.
    names : tuple of str, length k
        Distinct names of the columns.

    Raises
    ------
    DataError
        If a value is not finite, or the names are not distinct or not one for each column.
    """

    values: FloatArray
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        values, names = check_array(self.values, "DesignMatrix.values", ndim=2), tuple(self.names)
        if len(names) != values.shape[1]:
            raise DataError(
                f"DesignMatrix.names: has {counted(len(names), 'name')} for {counted(values.shape[1], 'column')}; "
                "one for each column is required."
            )
        if len(set(names)) != len(names) or not all(isinstance(name, str) for name in names):
            raise DataError(f"DesignMatrix.names: are {names}; distinct texts are required.")
        values.setflags(write=False)
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "names", names)

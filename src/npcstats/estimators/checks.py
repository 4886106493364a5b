"""What an estimator accepts: the checks that turn arguments into clean arrays, or refuse them.

It knows arrays, counts and closed sets of options. It must not know what they are analyzed for.
"""

from __future__ import annotations

from numbers import Real
from typing import Any

import numpy as np
import numpy.typing as npt

from npcstats.errors import DataError, SpecError
from npcstats.formatting import counted

_SHOWN = 3
_Counts = npt.NDArray[np.intp]


def _first_few(array: npt.NDArray[Any], bad: npt.NDArray[np.bool_]) -> str:
    places = np.argwhere(bad)
    shown = ", ".join(f"position {'/'.join(str(i) for i in place)}: {array[tuple(place)]}" for place in places[:_SHOWN])
    return f"{len(places)} ({shown}{', ...' if len(places) > _SHOWN else ''})"


def _to_float(values: object, name: str) -> npt.NDArray[np.float64]:
    if np.ma.is_masked(values):
        raise DataError(f"{name}: has masked values; finite numbers are required.")
    raw = np.asarray(values)
    if raw.dtype.kind == "O":
        not_number = np.array([not isinstance(item, Real) for item in raw.ravel()]).reshape(raw.shape)
        if not_number.any():
            raise DataError(
                f"{name}: values that are missing or not numbers {not_number.sum()} "
                f"(first at position {np.argwhere(not_number)[0].tolist()}); finite numbers are required."
            )
    elif raw.size and raw.dtype.kind not in "biuf":
        raise DataError(f"{name}: has dtype {raw.dtype}; finite numbers are required.")
    return np.array(raw, dtype=np.float64)


def check_array(
    values: object,
    name: str,
    *,
    ndim: int = 1,
    length: int | None = None,
    minimum: float | None = None,
) -> npt.NDArray[np.float64]:
    """Return a new float array, or refuse it.

    Parameters
    ----------
    values : array_like of numbers, any shape with `ndim` axes
        What the caller was given.
    name : str
        The argument's name, for the message.
    ndim : int
        Number of axes required.
    length : int or None
        Length of the first axis required; None accepts any.
    minimum : float or None
        Smallest value allowed; None accepts any.

    Returns
    -------
    numpy.ndarray of float64
        A copy with `ndim` axes, all values finite.

    Raises
    ------
    DataError
        If a value is missing, infinite, not a number or below `minimum`, or the shape is another.
    """
    array = _to_float(values, name)
    if array.ndim != ndim:
        raise DataError(f"{name}: has {array.ndim} axes (shape {array.shape}); {ndim} required.")
    if length is not None and len(array) != length:
        raise DataError(f"{name}: has {counted(len(array), 'row')}; {length} required, one for each participant.")
    bad = ~np.isfinite(array)
    if bad.any():
        raise DataError(f"{name}: values missing or infinite {_first_few(array, bad)}; all must be finite.")
    if minimum is not None and (array < minimum).any():
        low = _first_few(array, array < minimum)
        raise DataError(f"{name}: values below {minimum:g} {low}; all must be at least {minimum:g}.")
    return array


def check_binary(values: object, name: str, *, length: int | None = None) -> npt.NDArray[np.bool_]:
    """Return a boolean array made from zeros and ones, or refuse it.

    Parameters
    ----------
    values : array_like of bool or of 0 and 1, shape (n,)
        What the caller was given.
    name : str
        The argument's name, for the message.
    length : int or None
        Length required; None accepts any.

    Returns
    -------
    numpy.ndarray of bool, shape (n,)
        True where the value is 1.

    Raises
    ------
    DataError
        If a value is anything but 0, 1, False or True.
    """
    array = check_array(values, name, length=length)
    bad = (array != 0) & (array != 1)
    if bad.any():
        raise DataError(f"{name}: values other than 0 and 1 {_first_few(array, bad)}; 0 or 1 is required.")
    return np.asarray(array == 1, dtype=np.bool_)


def check_labels(
    values: object, name: str, *, length: int | None = None
) -> tuple[npt.NDArray[Any], npt.NDArray[np.intp]]:
    """Return the sorted distinct labels and the code of each row, or refuse them.

    Parameters
    ----------
    values : array_like of labels of one type, shape (n,)
        What the caller was given.
    name : str
        The argument's name, for the message.
    length : int or None
        Length required; None accepts any.

    Returns
    -------
    labels : numpy.ndarray, shape (k,)
        Distinct labels in sorted order.
    codes : numpy.ndarray of int, shape (n,)
        Index of each row's label in `labels`.

    Raises
    ------
    DataError
        If a label is missing, the labels cannot be ordered, or the shape is another.
    """
    if np.ma.is_masked(values):
        raise DataError(f"{name}: has masked values; every row needs a label.")
    # a plain list is not left to NumPy, which would turn a missing label among texts into the text "nan"
    array = np.asarray(values, dtype=None if hasattr(values, "dtype") else object)
    if array.ndim != 1:
        raise DataError(f"{name}: has {array.ndim} axes (shape {array.shape}); 1 required.")
    if length is not None and len(array) != length:
        raise DataError(f"{name}: has {counted(len(array), 'row')}; {length} required, one for each participant.")
    missing = _are_missing(array)
    if missing.any():
        raise DataError(f"{name}: labels missing {_first_few(array, missing)}; every row needs a label.")
    try:
        labels, codes = np.unique(array, return_inverse=True)
    except TypeError as error:
        raise DataError(f"{name}: labels of several types; labels of one type are required.") from error
    return labels, codes.reshape(-1)


def _are_missing(array: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    if array.dtype.kind in "biuUS":
        return np.zeros(len(array), dtype=np.bool_)
    if array.dtype.kind in "fcmM":
        return np.asarray(array != array, dtype=np.bool_)
    return np.array([_is_missing(label) for label in array.tolist()], dtype=np.bool_)


def _is_missing(label: object) -> bool:
    return label is None or type(label).__name__ in {"NAType", "NaTType"} or bool(label != label)


def check_weights(values: object, name: str, *, length: int) -> npt.NDArray[np.float64]:
    """Return weights as a float array, or refuse them.

    Parameters
    ----------
    values : array_like of float >= 0, shape (length,)
        What the caller was given.
    name : str
        The argument's name, for the message.
    length : int
        Length required.

    Returns
    -------
    numpy.ndarray of float64, shape (length,)
        The weights, with a positive sum unless there are none.

    Raises
    ------
    DataError
        If a weight is negative or not finite, or all are zero.
    """
    weights = check_array(values, name, length=length, minimum=0.0)
    if length and not weights.sum() > 0:
        raise DataError(f"{name}: all {length} weights are 0; at least one must be positive.")
    return weights


def check_count(value: object, name: str) -> int:
    """Return a whole number that is not negative, or refuse it.

    Parameters
    ----------
    value : int, or float holding a whole number
        What the caller was given.
    name : str
        The argument's name, for the message.

    Returns
    -------
    int
        The count.

    Raises
    ------
    DataError
        If it is negative, fractional, missing or not a number.
    """
    number = _to_number(value)
    if not number.is_integer() or number < 0:
        raise DataError(f"{name}: is {value!r}; a whole number of at least 0 is required.")
    return int(number)


def _to_number(value: object) -> float:
    return float(value) if isinstance(value, Real) and not isinstance(value, bool | np.bool_) else np.nan


def check_counts(count: object, total: object, suffix: str = "") -> tuple[int, int]:
    """Return a count and its total, or refuse them.

    Parameters
    ----------
    count : int
        Number with the event.
    total : int
        Number of participants.
    suffix : str
        Added to both argument names in the message.

    Returns
    -------
    count : int
        The count, at most `total`.
    total : int
        The total.

    Raises
    ------
    DataError
        If one is not a count, or the count exceeds the total.
    """
    whole_count, whole_total = check_count(count, f"count{suffix}"), check_count(total, f"total{suffix}")
    if whole_count > whole_total:
        raise DataError(
            f"count{suffix}: is {whole_count} of total{suffix} {whole_total}; a count of at most its total is required."
        )
    return whole_count, whole_total


def check_all_counts(counts: npt.ArrayLike, totals: npt.ArrayLike, suffix: str = "") -> tuple[_Counts, _Counts]:
    """Return counts and their totals, or refuse them.

    Parameters
    ----------
    counts, totals : array_like of int, shape (n,)
        Numbers with the event, and of participants.
    suffix : str
        Added to both argument names in the message.

    Returns
    -------
    counts, totals : int array, shape (n,)
        Each count at most its total.

    Raises
    ------
    DataError
        If one is not a whole number from 0 on, a count exceeds its total, or they are not as many.
    """
    total = _whole(totals, f"total{suffix}")
    count = _whole(counts, f"count{suffix}", length=len(total))
    if (count > total).any():
        place = int(np.argmax(count > total))
        raise DataError(
            f"count{suffix}: is {count[place]} of total{suffix} {total[place]} at place {place}; a count of at most "
            "its total is required."
        )
    return count, total


def _whole(values: npt.ArrayLike, name: str, *, length: int | None = None) -> _Counts:
    numbers = check_array(values, name, length=length, minimum=0.0)
    if (numbers % 1 != 0).any():
        place = int(np.argmax(numbers % 1 != 0))
        raise DataError(f"{name}: is {numbers[place]!r} at place {place}; a whole number of at least 0 is required.")
    return numbers.astype(np.intp)


def check_probability(value: object, name: str) -> float:
    """Return a number strictly between 0 and 1, or refuse it.

    Parameters
    ----------
    value : float
        What the caller asked for, for example a confidence level.
    name : str
        The option's name, for the message.

    Returns
    -------
    float
        The probability.

    Raises
    ------
    SpecError
        If it is not a number strictly between 0 and 1.
    """
    number = _to_number(value)
    if not 0 < number < 1:
        raise SpecError(f"{name}: is {value!r}; a number strictly between 0 and 1 is required.")
    return number


def check_number(value: object, name: str, *, positive: bool = False) -> float:
    """Return a finite number that is not negative, or refuse it.

    Parameters
    ----------
    value : float
        What the caller asked for, for example an exponent or a horizon.
    name : str
        The option's name, for the message.
    positive : bool
        Refuse 0 too.

    Returns
    -------
    float
        The number.

    Raises
    ------
    SpecError
        If it is negative, infinite, missing, not a number, or 0 where that is refused.
    """
    number = _to_number(value)
    if not 0 <= number < np.inf or (positive and number == 0):
        required = "a finite number above 0" if positive else "a finite number of at least 0"
        raise SpecError(f"{name}: is {value!r}; {required} is required.")
    return number

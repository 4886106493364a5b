"""How a fault of some rows is said, and all faults are raised at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd

from npcstats.errors import DataError
from npcstats.formatting import counted
from npcstats.schema.origin import Origin
from npcstats.wording import SHOWN, cut, printable, screen

Why = Callable[[object], tuple[str, str]]


def raise_faults(faults: Iterable[str]) -> None:
    """Raise one `DataError` that carries every fault in `faults`, or nothing when there is none.

    Parameters
    ----------
    faults : iterable of str
        Messages from `conform_frame`.

    Raises
    ------
    DataError
        When there is at least one fault.
    """
    told = tuple(cut(fault) for fault in faults)
    if told:
        raise DataError(screen(told), told)


def value_fault(
    where: str,
    wrong: str,
    values: pd.Series,
    bad: np.ndarray,
    required: str,
    *,
    origin: Origin,
    hidden: bool = False,
    why: Why | None = None,
) -> str:
    """Write the fault of some values of a column.

    Parameters
    ----------
    where, wrong : str
        Column; what is wrong.
    values : Series, shape (n,)
        As read.
    bad : ndarray of bool, shape (n,)
        Which of them.
    required : str
        What is required, without the full stop.
    origin : Origin
        Where they stand.
    hidden : bool
        Whether not even the shape of a value is shown.
    why : callable, optional
        From a value to the reason, in words, and to what can be done; both may be empty.

    Returns
    -------
    str
        With the number of rows, and of the first of them row, value as far as it may be shown, and reason.
    """
    rows = np.flatnonzero(bad)[:SHOWN]
    found = [_as_written(values.iloc[i]) for i in rows]
    said = [why(value) if why else ("", "") for value in found]
    reasons = {reason for reason, _ in said}
    told = [origin.row(i) + ("" if hidden else f": {printable(value)}") for i, value in zip(rows, found, strict=True)]
    if len(reasons) > 1:
        told = [f"{text} [{reason}]" if reason else text for text, (reason, _) in zip(told, said, strict=True)]
    shown = ", ".join(told) + (f"; {reasons.pop()}" if len(reasons) == 1 and "" not in reasons else "")
    remedy = "; ".join(dict.fromkeys(remedy for _, remedy in said if remedy))
    return f"{where}: {rows_counted(bad)} {wrong} ({shown}); {required}{'; ' if remedy else ''}{remedy}."


def _as_written(value: object) -> object:
    return "" if value is None or value is pd.NA or value is pd.NaT or value != value else value


def rows_counted(mask: np.ndarray) -> str:
    """Write how many rows are meant.

    Parameters
    ----------
    mask : ndarray of bool, shape (n,)
        Which they are.

    Returns
    -------
    str
        Such as ``2 rows``.
    """
    return counted(int(mask.sum()), "row")

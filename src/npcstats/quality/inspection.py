"""What every rule works with: an export under inspection, a rule as a value, and a finding that names no one."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from npcstats.quality.values import Checks
from npcstats.schema import Origin
from npcstats.study import Design, Study

Severity = Literal["error", "query"]

Array = npt.NDArray[Any]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Mark:
    """A record that breaks a rule: its frame, its row (the first record is 1), and how, without an identifier."""

    frame: str
    row: int
    text: str


@dataclass(frozen=True)
class Inspection:
    """An export under inspection.

    Parameters
    ----------
    study : Study
        Frames of declared types; what could not be read as its type is missing.
    checks : Checks
        The trial's own values.
    cutoff : date or None
        Data cut-off, where one is given.
    origins : mapping of str to Origin
        By frame, where its rows stand in the export, if not as they are.
    """

    study: Study
    checks: Checks
    cutoff: datetime.date | None
    origins: Mapping[str, Origin] = field(default_factory=dict)

    def row(self, frame: str, place: int) -> str:
        """Name a row as a person counts it in the file.

        Parameters
        ----------
        frame : str
            Its frame.
        place : int
            Its position, from 0.

        Returns
        -------
        str
            ``row 12``.
        """
        return self.origins.get(frame, Origin()).row(place)

    def of(self, frame: str, column: str) -> Array:
        """Return each record's participant's value of an ADSL column.

        Parameters
        ----------
        frame : str
            Frame of the records.
        column : str
            Column of ADSL.

        Returns
        -------
        array, shape (records,)
            Missing where the participant is not in ADSL; the first row counts where one stands twice.
        """
        adsl = self.study["adsl"]
        if frame == "adsl":
            return adsl[column].to_numpy()
        people = adsl.drop_duplicates("USUBJID").set_index("USUBJID")[column]
        values = people.reindex(self.study[frame]["USUBJID"])
        return (values.fillna("") if values.dtype.kind == "O" else values).to_numpy()

    def has(self, frame: str, *columns: str) -> bool:
        """Tell whether a frame and its columns are in the export.

        Parameters
        ----------
        frame : str
            Frame.
        *columns : str
            Its columns.

        Returns
        -------
        bool
            True where all are there.
        """
        return frame in self.study.frames and set(columns) <= set(self.study[frame].columns)


def always(_: object) -> bool:
    """Let a rule apply to every trial.

    Parameters
    ----------
    _ : object
        Values or design of the trial; not asked.

    Returns
    -------
    bool
        True.
    """
    return True


@dataclass(frozen=True)
class Rule:
    """A rule of the data checks.

    Parameters
    ----------
    id : str
        Short name, once in the catalogue.
    group : str
        Heading it stands under.
    text : str
        What is required, as a sentence.
    severity : {"error", "query"}
        An error cannot be true; a query may be, and needs an answer.
    needs : tuple of str
        ``frame.COLUMN`` that the rule reads; without one of them it is not checked.
    check : callable
        Finds the records that break it.
    applies : callable
        Whether a trial's values ask for it; where they do not, it is neither checked nor listed.
    suits : callable
        The same of its design.
    """

    id: str
    group: str
    text: str
    severity: Severity
    needs: tuple[str, ...]
    check: Callable[[Inspection], Iterable[Mark]]
    applies: Callable[[Checks], object] = always
    suits: Callable[[Design], object] = always


def mark(frame: str, broken: Array | pd.Series, say: Callable[[int], str]) -> list[Mark]:
    """Mark the records where a rule is broken.

    Parameters
    ----------
    frame : str
        Frame of the records.
    broken : bool array, shape (records,)
        True where it is broken.
    say : callable
        Text for the position of a record, from 0.

    Returns
    -------
    list of Mark
        In the order of the records.
    """
    return [Mark(frame, int(place) + 1, say(int(place))) for place in np.flatnonzero(np.asarray(broken, dtype=bool))]


def day_count(days: float) -> str:
    """Write a number of days.

    Parameters
    ----------
    days : float
        Whole days; the sign is left out.

    Returns
    -------
    str
        ``1 day``, ``12 days``.
    """
    whole = int(abs(days))
    return f"{whole} day" if whole == 1 else f"{whole} days"


def number(value: float) -> str:
    """Write a recorded value as it was entered, up to six significant digits.

    Parameters
    ----------
    value : float
        Any.

    Returns
    -------
    str
        ``none`` where it is missing.
    """
    return "none" if np.isnan(value) else f"{value:.6g}"


def filled(values: pd.Series) -> Bools:
    """Tell where a column holds a value.

    Parameters
    ----------
    values : Series
        Text, numbers or dates of declared types.

    Returns
    -------
    bool array
        False where missing.
    """
    known = values.notna()
    return np.asarray(known & (values != "") if values.dtype.kind == "O" else known, dtype=np.bool_)

"""Where a frame's values stand in the export, for messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True, eq=False)
class Origin:
    """Where a frame's values stand in the export, for messages.

    Parameters
    ----------
    places : mapping of str to str
        Where a column comes from (``AESEV in ae.xpt``), for columns that another file or name supplies.
    rows : ndarray, shape (n,), optional
        Number, or words, of each row in its file; the rows as they stand when absent.
    made : mapping of str to mapping of int to str
        By column and position, what the plan made a value by (``the plan's rule mid``).
    """

    places: Mapping[str, str] = field(default_factory=dict)
    rows: np.ndarray | None = None
    made: Mapping[str, Mapping[int, str]] = field(default_factory=dict)

    def where(self, frame: str, column: str, shown: str = "") -> str:
        """Name a column.

        Parameters
        ----------
        frame, column : str
            Names of the contract.
        shown : str
            What to call the column, where its name may not be printed.

        Returns
        -------
        str
            Both, and where the values come from.
        """
        return f"{frame}.{shown or column}" + (f" ({self.places[column]})" if column in self.places else "")

    def row(self, position: int) -> str:
        """Name a row.

        Parameters
        ----------
        position : int
            From 0.

        Returns
        -------
        str
            As a person counts it, from 1.
        """
        return f"row {position + 1 if self.rows is None else self.rows[position]}"

"""A frame as its sources give it, and where each of its values stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from npcstats.errors import DataError
from npcstats.schema import Origin


@dataclass(frozen=True, eq=False)
class Taken:
    """A frame as its sources give it: names of the contract, where each value stands, and the files it came from.

    ``hashes`` are the SHA-256 of the very bytes that were read. ``notices`` are no faults: what a source declares and
    what never occurs, each *where: what; what to look at.*
    """

    frame: pd.DataFrame
    origin: Origin
    hashes: Mapping[str, str]
    notices: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """Names of the files, by their paths inside the export.

        Returns
        -------
        tuple of str
            In the order in which they were read.
        """
        return tuple(self.hashes)


def joined(name: str, parts: Sequence[Taken]) -> tuple[Taken, list[str]]:
    """Put the parts of a frame that come from several sources one below the other.

    Parameters
    ----------
    name : str
        Of the frame.
    parts : sequence of Taken
        In the order of its sources.

    Returns
    -------
    Taken
        The frame; the first part where they do not fit.
    list of str
        Faults; empty when there is none.
    """
    if len(parts) == 1:
        return parts[0], []
    columns = list(parts[0].frame.columns)
    other = [part for part in parts if sorted(part.frame.columns) != sorted(columns)]
    if other or len(set(columns)) < len(columns):
        differ = sorted({str(c) for part in other for c in set(columns) ^ set(part.frame.columns)})
        return parts[0], [f"{name}: its sources differ in columns ({', '.join(differ)}); the same columns from each "
                          "are required."]  # fmt: skip
    frame = pd.concat([part.frame[columns].astype(object) for part in parts], ignore_index=True)
    rows = [f"{part.origin.row(i)[4:]} of {part.files[0]}" for part in parts for i in range(len(part.frame))]
    hashes = joined_hashes(parts)
    notices = tuple(dict.fromkeys(notice for part in parts for notice in part.notices))
    return Taken(frame, Origin({}, np.array(rows, dtype=object)), hashes, notices), []


def joined_hashes(parts: Iterable[Taken]) -> dict[str, str]:
    """Collect the hashes of what was read.

    Parameters
    ----------
    parts : iterable of Taken
        In reading order.

    Returns
    -------
    dict of str to str
        Path inside the export to SHA-256, in reading order.

    Raises
    ------
    DataError
        If a file that several were taken from was another each time.
    """
    hashes: dict[str, str] = {}
    for part in parts:
        for file, digest in part.hashes.items():
            if hashes.setdefault(file, digest) != digest:
                raise DataError(f"{file}: it changed while it was read; a file that stays as it is is required.")
    return hashes

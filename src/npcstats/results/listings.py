"""Listings: what is not a number for a group, as rows of text."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from npcstats.errors import ResultsError


@dataclass(frozen=True)
class Listing:
    """Rows of text under named columns.

    Parameters
    ----------
    columns : tuple of str
        Codes of the columns.
    rows : tuple of tuple of str
        One per record, in the order of the participants' numbers and of time.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def write_listing(listing: Listing, path: Path) -> None:
    """Write a listing as CSV.

    Parameters
    ----------
    listing : Listing
        Its records.
    path : Path
        File; its folder exists.
    """
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(listing.columns)
    writer.writerows(listing.rows)
    path.write_bytes(sink.getvalue().encode())


def read_listing(path: Path) -> Listing:
    """Read what `write_listing` wrote.

    Parameters
    ----------
    path : Path
        File.

    Returns
    -------
    Listing
        The same records.

    Raises
    ------
    ResultsError
        If there is no such file.
    """
    try:
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    except OSError as error:
        raise ResultsError(f"{path}: {error.strerror}; a listing of the run is required.") from error
    return Listing(tuple(rows[0]), tuple(tuple(row) for row in rows[1:]))

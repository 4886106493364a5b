"""What an origin calls for: the text of a row, of words of the catalogue or of a listing; what a checker compares."""

from __future__ import annotations

from collections.abc import Mapping

from npcstats.display.lookup import rounding_of
from npcstats.errors import ResultsError
from npcstats.formatting import (
    NOT_PUBLISHED,
    Rounding,
    format_number,
    format_percent_level,
    format_time,
    format_unit,
)
from npcstats.results import Catalogue, Results, Row, is_withheld, read_listing

CONF_LEVEL = "conf_level"
TIME = "time"
NOTE = "note"
ROW_STYLES = (CONF_LEVEL, TIME, NOTE)
"""Styles that print another column of the row than its value."""


def format_row(row: Row, style: str, *, rounding: Rounding) -> str:
    """Print one number, or the note, of a row.

    Parameters
    ----------
    row : Row
        Where it stands.
    style : str
        One of `formatting.STYLES` prints the value; ``conf_level``, ``time`` and ``note`` print that column.
    rounding : {"half-away", "half-even"}
        From the catalogue.

    Returns
    -------
    str
        The text as every display prints it.

    Raises
    ------
    SpecError
        If the style does not exist.
    """
    if style == CONF_LEVEL:
        return format_percent_level(row.conf_level)
    if style == TIME:
        return format_time(row.time)
    if style == NOTE:
        return row.note
    if is_withheld(row):
        return NOT_PUBLISHED
    return format_number(row.value, style, rounding=rounding)


def catalogue_words(catalogue: Catalogue, path: str) -> str:
    """The text that stands at a path of the catalogue.

    Parameters
    ----------
    catalogue : Catalogue
        Where to look.
    path : str
        Names joined by ``/``, as `words` writes them.

    Returns
    -------
    str
        The text; a unit with raised exponents.

    Raises
    ------
    ResultsError
        If no text stands there.
    """
    found: object = catalogue
    for part in path.split("/"):
        name = part.replace("~1", "/").replace("~0", "~")
        found = found.get(name) if isinstance(found, Mapping) else getattr(found, name, None)
    if not isinstance(found, str):
        raise ResultsError(f"catalogue: nothing at {path}; a text of the catalogue is required.")
    return format_unit(found) if "/units/" in path else found


def printed_text(results: Results, data: Mapping[str, str], *, code: str = "") -> str:
    """The text that a piece's data attributes call for: what a checker compares with the page.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    data : mapping of str to str
        ``key`` and ``style``, or ``catalogue``, or ``column``, or ``value`` and ``style``, or ``listing``, as in
        `Piece.data`.
    code : str
        The printed text, for a ``column``: it must be a code of that column.

    Returns
    -------
    str
        What must be printed.

    Raises
    ------
    ResultsError
        If the data name no row, no words and no code.
    """
    if data.get("key"):
        row = results.by_key.get(data["key"])
        if row is None:
            raise ResultsError(f"results: no row has the key {data['key']}; a printed key must be in the results.")
        return format_row(row, data["style"], rounding=rounding_of(results))
    if data.get("catalogue"):
        return catalogue_words(results.catalogue, data["catalogue"])
    if data.get("value"):
        return format_number(float(data["value"]), data["style"], rounding=rounding_of(results))
    if data.get("listing"):
        return listed_text(results, data["listing"])
    if data.get("column") and any(getattr(row, data["column"]) == code for row in results.rows):
        return code
    raise ResultsError(f"results: {dict(data)} names no row, no words and no code of a column.")


def listed_text(results: Results, place: str) -> str:
    """The text at a place of a listing.

    Parameters
    ----------
    results : Results
        Read from a folder.
    place : str
        Listing id, number of the record from 0, and column, joined by ``/``.

    Returns
    -------
    str
        The text.

    Raises
    ------
    ResultsError
        If there is no such listing or place.
    """
    name, number, column = place.split("/")
    if results.folder is None:
        raise ResultsError(f"listing {name}: results that were read from a folder are required.")
    found = read_listing(results.folder / "listings" / f"{name}.csv")
    if column not in found.columns or not 0 <= int(number) < len(found.rows):
        raise ResultsError(f"listing {name}: nothing at {place}; a record and column of the listing are required.")
    return found.rows[int(number)][found.columns.index(column)]

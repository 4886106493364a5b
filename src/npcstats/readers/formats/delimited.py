"""Text with delimiters: what is checked before it is taken apart, and which parser may do it."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from npcstats.errors import DataError
from npcstats.formatting import counted
from npcstats.readers.formats.grid import longest_of_grid, read_grid
from npcstats.readers.formats.quoted import read_quoted
from npcstats.wording import escaped, is_variable

DELIMITERS = (",", ";", "\t", "|")
LONGEST_HEADER, MOST_COLUMNS = 10_000_000, 100_000
SEPARATOR = re.compile(r'"?sep=(.)"?[,;\t|]*\r?\n', re.IGNORECASE)
WIDE = (b"\xff\xfe", b"\xfe\xff")
QUOTED = re.compile(r'"[^"]*"')


def read_delimited(content: bytes, path: Path, delimiter: str, encoding: str) -> pd.DataFrame:
    """Read a CSV file.

    Parameters
    ----------
    content : bytes
        Of the file.
    path : Path
        The file, for messages.
    delimiter : str
        Between the fields.
    encoding : str
        That the plan names; CSV is UTF-8 whatever it says.

    Returns
    -------
    DataFrame
        Text, ``""`` for an empty field, as categories where it repeats.

    Raises
    ------
    DataError
        If the file is not UTF-8, or its header or a row is not as the delimiter asks.
    ValueError
        If it is no text with quotes as CSV has them.
    """
    content = content.removeprefix(b"\xef\xbb\xbf")
    _check_header(content, path, delimiter)
    text = _decoded(content, path, delimiter, encoding)
    separator = SEPARATOR.match(text)
    if separator:
        _check_separator(separator.group(1), path, delimiter)
        text = text[separator.end() :]
        content = text.encode()
    _check_delimiter(text, path, delimiter)
    longest = longest_of_grid(content, delimiter)
    if not longest:
        return read_quoted(text, path, delimiter)
    del text  # of the size of the file
    return read_grid(content, delimiter, longest)


def _check_header(content: bytes, path: Path, delimiter: str) -> None:
    """Refuse a first line that is too long for names, before it is taken apart."""
    end = content.find(b"\n")
    length = len(content) if end < 0 else end
    columns = content.count(delimiter.encode(), 0, length) + 1
    if length > LONGEST_HEADER or columns > MOST_COLUMNS:
        raise DataError(f"{path.name}: a first line of {length:,} bytes and {counted(columns, 'column')}; a header "
                        f"line with the names of at most {MOST_COLUMNS:,} columns is required.")  # fmt: skip


def _check_separator(found: str, path: Path, delimiter: str) -> None:
    if found == delimiter:
        return
    known = f"Source(delimiter={found!r})" if found in DELIMITERS else f"one of {', '.join(map(repr, DELIMITERS))}"
    raise DataError(f"{path.name}: the first line is a spreadsheet's sep={escaped(found)}, and the plan's delimiter is "
                    f"{delimiter!r}; {known} is required.")  # fmt: skip


def _check_delimiter(text: str, path: Path, delimiter: str) -> None:
    """Refuse a header that is one name by the plan's delimiter and several by another."""
    header = QUOTED.sub("", text[: text.find("\n") if "\n" in text else None])
    other = max(DELIMITERS, key=header.count)
    if delimiter not in header and other in header and '"' not in header:
        raise DataError(f"{path.name}: the header has no {delimiter!r}, which is the plan's delimiter, but "
                        f"{header.count(other)} of {other!r}; Source(delimiter={other!r}) is required.")  # fmt: skip


def _decoded(content: bytes, path: Path, delimiter: str, encoding: str) -> str:
    if content.startswith(WIDE):
        raise DataError(f"{path.name}: a file in UTF-16; a UTF-8 file is required.")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        place = _place(content.decode("latin-1"), error.start, delimiter)
        remedy = f", whatever encoding={encoding!r} in the plan says" if encoding else ""
        told = f"{path.name}: byte {error.start + 1}{place} is not UTF-8; a UTF-8 file is required{remedy}."
        raise DataError(told) from None
    if "\0" in text:
        start = text.index("\0")
        raise DataError(f"{path.name}: a NUL character{_place(text, start, delimiter)}; a text file is required.")
    return text


def _place(text: str, start: int, delimiter: str) -> str:
    """Row and column of a character, as far as the lines before it tell."""
    lines = text[:start].splitlines() or [""]
    if text[:start].endswith(("\n", "\r")):
        lines.append("")
    header = text.splitlines()[0].split(delimiter)
    row, column = len(lines) - 1, lines[-1].count(delimiter)
    name = header[column].strip('"') if column < len(header) else ""
    named = f", column {name if is_variable(name) else column + 1}"
    return f" (row {row}{named})" if row else " (header)"

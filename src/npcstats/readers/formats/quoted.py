"""Records of any shape, with delimiters and line breaks inside quotes: by the standard library's parser."""

from __future__ import annotations

import csv
import io
import itertools
import re
from pathlib import Path

import numpy as np
import pandas as pd

from npcstats.errors import DataError
from npcstats.formatting import counted
from npcstats.readers.formats.texts import text_column, text_frame
from npcstats.wording import SHOWN

CHUNK = 20_000
BACKSLASHED = re.compile(r'\\"')


def read_quoted(text: str, path: Path, delimiter: str) -> pd.DataFrame:
    """Read records of which a field may span lines.

    Parameters
    ----------
    text : str
        Of the file.
    path : Path
        The file, for messages.
    delimiter : str
        Between the fields.

    Returns
    -------
    DataFrame
        Text; lines without any character are no records.

    Raises
    ------
    DataError
        If a row has another number of fields than the header.
    ValueError
        If there is no header, or a quote does not close.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records = (record for record in reader if record)
    try:
        header = next(records, [])
    except csv.Error as error:
        raise ValueError(_torn_quote(error, text, reader.line_num)) from error
    if not header:
        raise ValueError("no header")
    # By chunks and distinct values: a list of a million rows costs the collector more than the reading.
    seen = [_Seen() for _ in header]
    parts: list[list[np.ndarray]] = [[] for _ in header]
    torn: list[tuple[int, int]] = []
    done = 0
    try:
        while chunk := list(itertools.islice(records, CHUNK)):
            torn += [(done + i + 1, len(record)) for i, record in enumerate(chunk) if len(record) != len(header)]
            done += len(chunk)
            if not torn:
                for part, known, values in zip(parts, seen, zip(*chunk, strict=True), strict=True):
                    part.append(np.fromiter(map(known.__getitem__, values), dtype=np.int64, count=len(values)))
    except csv.Error as error:
        raise ValueError(_torn_quote(error, text, reader.line_num)) from error
    if torn:
        shown = ", ".join(f"row {row}: {width}" for row, width in torn[:SHOWN])
        raise DataError(f"{path.name}: {counted(len(torn), 'row')} with another number of fields than the header's "
                        f"{len(header)} ({shown}); one field for each column is required.")  # fmt: skip
    columns = {
        place: text_column([*known], np.concatenate(part) if part else np.empty(0, dtype=np.int64))
        for place, (known, part) in enumerate(zip(seen, parts, strict=True))
    }
    return text_frame(header, columns)


def _torn_quote(error: csv.Error, text: str, line: int) -> str:
    """Name the line of a quote that does not close, and a backslash before it."""
    if "expected after" not in str(error):
        return f"{error}, line {line}" if line > 2 else str(error)
    lines = text.splitlines()
    slashed = line <= len(lines) and BACKSLASHED.search(lines[line - 1])
    told = "a quote after a backslash; inside a field a quote is doubled" if slashed else "text after a closing quote"
    return f"line {line}: {told}"


class _Seen(dict[str, int]):
    """Distinct texts of a column, each with its number."""

    def __missing__(self, text: str) -> int:
        self[text] = number = len(self)
        return number

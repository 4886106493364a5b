"""One file to one frame, value for value. Knows formats; knows no schema and repairs nothing."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pyarrow
import pyreadstat

from npcstats.errors import DataError
from npcstats.readers.formats.delimited import read_delimited
from npcstats.readers.formats.parquet import read_parquet
from npcstats.readers.formats.sas import read_sas
from npcstats.wording import cut


def read_frame(path: Path, *, delimiter: str = ",", encoding: str = "", content: bytes | None = None) -> pd.DataFrame:
    """Read one file.

    Parameters
    ----------
    path : Path
        ``.csv`` in UTF-8 with a header, ``.parquet``, ``.xpt`` or ``.sas7bdat``.
    delimiter : str
        Between the fields of a CSV file.
    encoding : str
        Of the text in a SAS file, where the file does not say.
    content : bytes, optional
        The file's bytes from `read_content`, where they were read before, to be hashed.

    Returns
    -------
    DataFrame
        CSV values as text with ``""`` for an empty field, as categories where they repeat; others as stored, SAS
        dates as ``datetime64[s]``.

    Raises
    ------
    DataError
        If the file is not UTF-8, has no header or a row of another width, or is not of its format.

    Notes
    -----
    Convention: pandas' own number parser changes the last bit of many doubles, so numbers stay text here and become
    numbers in one place, through ``float``. Arrow's CSV parser takes a quote inside a field as a sign of it; it reads
    only files in which quotes begin, end or double and no field spans lines, and the standard library's the others.
    Lines without any character are not records. SAS's special missing values (``.A``) are missing values.
    """
    kind = path.suffix[1:].lower()
    content = read_content(path) if content is None else content
    try:
        if kind == "csv":
            return read_delimited(content, path, delimiter, encoding)
        return read_parquet(content, path) if kind == "parquet" else read_sas(content, path, encoding)
    except (
        ValueError,
        OSError,
        TypeError,
        LookupError,
        ArithmeticError,
        MemoryError,
        RuntimeError,
        csv.Error,
    ) as error:
        raise DataError(f"{path.name}: cannot be read ({_reason(error)}); a {kind} file is required.") from error
    except (pyarrow.ArrowException, pyreadstat.ReadstatError, pyreadstat.PyreadstatError) as error:
        raise DataError(f"{path.name}: cannot be read ({_reason(error)}); a {kind} file is required.") from error


def read_content(path: Path) -> bytes:
    """Read a file's bytes, once: what is hashed is what is taken apart.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    bytes
        All of it.

    Raises
    ------
    DataError
        If it cannot be read.
    """
    try:
        return path.read_bytes()
    except (OSError, MemoryError) as error:
        kind = path.suffix[1:].lower()
        raise DataError(f"{path.name}: cannot be read ({_reason(error)}); a {kind} file is required.") from error


def _reason(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return cut((str(error).splitlines() or [type(error).__name__])[0].rstrip("."), 200)

"""Files to frames, value for value. Knows formats and column maps; knows no schema and repairs nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from npcstats.errors import DataError

SUFFIXES = (".csv", ".parquet")
SHOWN = 3


def read_frames(
    folder: Path, wanted: Mapping[str, bool], *, columns: Mapping[str, str]
) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """Read one file per frame from a folder, and list every file that is absent or cannot be read.

    Parameters
    ----------
    folder : Path
        Holds ``NAME.csv`` or ``NAME.parquet``.
    wanted : mapping of str to bool
        Frame names, and whether each may be absent.
    columns : mapping of str to str
        Names in the export and the contract's names for them.

    Returns
    -------
    dict of str to DataFrame
        Frames that could be read, in the order of `wanted`; every CSV value is text, untouched.
    list of str
        Faults, each *where: what is wrong; what is required.* Empty when every required frame was read.

    Raises
    ------
    DataError
        If the folder is missing.
    """
    if not folder.is_dir():
        raise DataError(
            f"{folder}: there is no such folder; a folder with one CSV or Parquet file per frame is required."
        )
    found = {
        name: [folder / f"{name}{suffix}" for suffix in SUFFIXES if (folder / f"{name}{suffix}").is_file()]
        for name in wanted
    }
    faults = []
    absent = [name for name, optional in wanted.items() if not found[name] and not optional]
    if absent:
        faults.append(f"{folder}: {len(absent)} of the required frames missing ({', '.join(absent)}); "
                      f"a file NAME.csv or NAME.parquet is required for each.")  # fmt: skip
    twice = [name for name, paths in found.items() if len(paths) > 1]
    if twice:
        faults.append(f"{folder}: both CSV and Parquet given for {', '.join(twice)}; one file per frame is required.")
    frames = {}
    for name, paths in found.items():
        if len(paths) == 1:
            try:
                frames[name] = read_frame(paths[0]).rename(columns=dict(columns))
            except DataError as error:
                faults.append(str(error))
    return frames, faults


def read_frame(path: Path) -> pd.DataFrame:
    """Read one CSV or Parquet file.

    Parameters
    ----------
    path : Path
        ``.csv`` in UTF-8 with a header, or ``.parquet``.

    Returns
    -------
    DataFrame
        CSV values as text with ``""`` for an empty field; Parquet values as stored.

    Raises
    ------
    DataError
        If the file is not UTF-8, has no header or a row of another width, or is not of its format.

    Notes
    -----
    Convention: pandas' own number parser changes the last bit of many doubles, so numbers stay text here and become
    numbers in one place, through ``float``. Its CSV parser fills short rows, cuts long ones and renames a column that
    is named twice, so rows are read by the standard library's. Lines without any character are not records.
    """
    try:
        return pd.read_parquet(path) if path.suffix == ".parquet" else _read_csv(path)
    except UnicodeDecodeError as error:
        raise DataError(f"{path.name}: byte {error.start + 1} is not UTF-8; a UTF-8 file is required.") from error
    except (ValueError, OSError, csv.Error) as error:
        reason = str(error).splitlines()[0].rstrip(".")
        raise DataError(f"{path.name}: cannot be read ({reason}); a {path.suffix[1:]} file is required.") from error


def _read_csv(path: Path) -> pd.DataFrame:
    text = path.read_bytes().decode("utf-8-sig")
    header, *records = [record for record in csv.reader(io.StringIO(text, newline=""), strict=True) if record] or [[]]
    if not header:
        raise ValueError("no header")
    torn = [i + 1 for i, record in enumerate(records) if len(record) != len(header)]
    if torn:
        rows = f"{len(torn)} row{'s' if len(torn) > 1 else ''}"
        shown = ", ".join(f"row {i}: {len(records[i - 1])}" for i in torn[:SHOWN])
        raise DataError(f"{path.name}: {rows} with another number of fields than the header's {len(header)} ({shown}); "
                        "one field for each column is required.")  # fmt: skip
    return pd.DataFrame(records, columns=header, dtype=object)

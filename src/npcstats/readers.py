"""Files to frames, value for value. Knows formats and column maps; knows no schema and repairs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from npcstats.errors import DataError

SUFFIXES = (".csv", ".parquet")


def read_frames(folder: Path, wanted: Mapping[str, bool], *, columns: Mapping[str, str]) -> dict[str, pd.DataFrame]:
    """Read one file per frame from a folder.

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
        Frames present, in the order of `wanted`; every CSV value is text, untouched.

    Raises
    ------
    DataError
        If the folder or a required file is missing, a frame exists in two formats, or a file cannot be read.
    """
    if not folder.is_dir():
        raise DataError(
            f"{folder}: there is no such folder; a folder with one CSV or Parquet file per frame is required."
        )
    found = {
        name: [folder / f"{name}{suffix}" for suffix in SUFFIXES if (folder / f"{name}{suffix}").is_file()]
        for name in wanted
    }
    absent = [name for name, optional in wanted.items() if not found[name] and not optional]
    if absent:
        raise DataError(f"{folder}: {len(absent)} of the required frames missing ({', '.join(absent)}); "
                        f"a file NAME.csv or NAME.parquet is required for each.")  # fmt: skip
    twice = [name for name, paths in found.items() if len(paths) > 1]
    if twice:
        raise DataError(f"{folder}: both CSV and Parquet given for {', '.join(twice)}; one file per frame is required.")
    return {name: read_frame(paths[0]).rename(columns=dict(columns)) for name, paths in found.items() if paths}


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
        If the file is not UTF-8, has no header, or is not of its format.

    Notes
    -----
    Convention: pandas' own number parser changes the last bit of many doubles, so numbers stay text here and become
    numbers in one place, through ``float``.
    """
    try:
        if path.suffix == ".parquet":
            return pd.read_parquet(path)
        return pd.read_csv(
            path, dtype=str, keep_default_na=False, na_filter=False, encoding="utf-8-sig", index_col=False
        )
    except UnicodeDecodeError as error:
        raise DataError(f"{path.name}: byte {error.start + 1} is not UTF-8; a UTF-8 file is required.") from error
    except (ValueError, OSError) as error:
        reason = str(error).splitlines()[0].rstrip(".")
        raise DataError(f"{path.name}: cannot be read ({reason}); a {path.suffix[1:]} file is required.") from error

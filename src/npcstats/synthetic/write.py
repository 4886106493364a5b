"""A made trial on disk: CSV files with one text for every value, a marker that says it is made, and hashes of both."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from npcstats.study import SYNTHETIC_MARKER

HASHES = "SHA256SUMS"
MARKER_TEXT = (
    "These data are synthetic: a program made every record, with known effects planted in them.\n"
    "They describe no person and prove nothing about any treatment.\n"
)


def write_trial(frames: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Write a made trial and the hashes of every file in its folder.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        By frame name, as `simulate_trial` returns them.
    folder : Path
        Made if it does not exist; other files in it stay and are hashed too.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in frames.items():
        _write(folder / f"{name}.csv", csv_text(frame))
    _write(folder / SYNTHETIC_MARKER, MARKER_TEXT)
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.name != HASHES)
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    _write(folder / HASHES, "".join(sums))


def csv_text(frame: pd.DataFrame) -> str:
    """Return a frame as CSV text with one fixed text for every value.

    Parameters
    ----------
    frame : DataFrame
        Dates as datetimes, numbers already rounded, text.

    Returns
    -------
    str
        Lines ending in a newline; ISO dates, shortest numbers, missing values empty.
    """
    texts = pd.DataFrame({name: _column_text(frame[name]) for name in frame.columns})
    return texts.to_csv(index=False, lineterminator="\n")


def number_text(value: float) -> str:
    """Return the shortest text of a number that reads back as the same double; integers have no point.

    Parameters
    ----------
    value : float
        Finite, or NaN for a missing value.

    Returns
    -------
    str
        Empty for a missing value.
    """
    if np.isnan(value):
        return ""
    return str(int(value)) if value == int(value) else repr(float(value))


def _column_text(values: pd.Series) -> list[str]:
    if values.dtype.kind == "M":
        return ["" if text == "NaT" else text for text in np.datetime_as_string(values.to_numpy(), unit="D")]
    if values.dtype.kind in "fiu":
        return [number_text(float(item)) for item in values]
    return [str(item) for item in values]


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8"))

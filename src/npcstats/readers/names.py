"""Columns of an export under the contract's names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from npcstats.formatting import counted
from npcstats.readers.source import Source, targets
from npcstats.schema import Schema
from npcstats.wording import listed, printable_name


def name_faults(raw: pd.DataFrame, source: Source, names: Mapping[str, str | tuple[str, ...]], path: Path) -> list[str]:
    """List names of the plan that a file lacks or has twice, and columns that both it and the plan give.

    Parameters
    ----------
    raw : DataFrame
        As read, under the names of the export.
    source : Source
        As planned.
    names : mapping of str to str or tuple of str
        Names in the export and the contract's names for them.
    path : Path
        The file.

    Returns
    -------
    list of str
        Faults; empty when there is none.
    """
    wanted = [*source.columns, *source.rows, *source.filled, *source.one_per]
    known = set(raw.columns)
    absent = sorted({name for name in wanted if name not in known})
    twice = sorted({name for name in wanted if list(raw.columns).count(name) > 1})
    faults = []
    if absent:
        hints = [f"{name}{_nearest(name, raw.columns)}" for name in absent]
        faults.append(f"{path.name}: {len(absent)} of the columns that the plan names missing ({listed(hints)}); "
                      "each of them is required.")  # fmt: skip
    if twice:
        faults.append(f"{path.name}: columns named more than once ({listed(twice)}); each name once is required.")
    covered = [column for name in raw.columns for column in targets(names, name) if column in source.constants]
    if covered:
        count = counted(len(covered), "column")
        faults.append(f"{path.name}: {count} for which the plan has a constant ({listed(covered)}); the values of the "
                      "export or the constant are required, not both.")  # fmt: skip
    return faults


def lost_faults(source: Source, schema: Schema, path: Path) -> list[str]:
    """List fields that the plan takes under a name by which they would be left out with the columns that are ignored.

    Parameters
    ----------
    source : Source
        As planned.
    schema : Schema
        Of the frame.
    path : Path
        The file.

    Returns
    -------
    list of str
        One fault at most.
    """
    lost = [f"{column} for {name}" for name in source.columns for column in targets(source.columns, name)
            if column not in schema.by_name]  # fmt: skip
    if source.extra == "refuse" or not lost:
        return []
    return [f"{path.name}: {counted(len(lost), 'name')} of the plan's columns not in the data contract of "
            f"{schema.name} ({listed(lost)}); columns of the contract are required."]  # fmt: skip


def _nearest(name: str, there: Iterable[str]) -> str:
    near = [other for other in there if other.strip().casefold() == name.casefold()]
    return f", perhaps {near[0].strip()}" if near else ""


def renamed(raw: pd.DataFrame, names: Mapping[str, str | tuple[str, ...]]) -> pd.DataFrame:
    """Put columns under the contract's names; one field may feed several.

    Parameters
    ----------
    raw : DataFrame
        As read, under the names of the export.
    names : mapping of str to str or tuple of str
        Names in the export and the contract's names for them.

    Returns
    -------
    DataFrame
        A column of its own name where none is declared.
    """
    places = [(i, column) for i, name in enumerate(raw.columns) for column in targets(names, name)]
    frame = raw.iloc[:, [i for i, _ in places]]
    frame.columns = pd.Index([column for _, column in places], dtype=object)
    return frame


def with_columns(frame: pd.DataFrame, added: Mapping[str, Any]) -> pd.DataFrame:
    """Add columns last, all at once: one by one they are slow beside many.

    Parameters
    ----------
    frame : DataFrame
        Any.
    added : mapping
        Values by column.

    Returns
    -------
    DataFrame
        With them.
    """
    return pd.concat([frame, pd.DataFrame(dict(added), index=frame.index)], axis=1) if added else frame


def without_extra(frame: pd.DataFrame, source: Source, schema: Schema) -> pd.DataFrame:
    """Leave out columns that the contract does not know, where the source ignores them.

    Parameters
    ----------
    frame : DataFrame
        Under the contract's names.
    source : Source
        As planned.
    schema : Schema
        Of the frame.

    Returns
    -------
    DataFrame
        The others.
    """
    if source.extra == "refuse":
        return frame
    kept: pd.DataFrame = frame.loc[:, [name in schema.by_name for name in frame.columns]]
    return kept


def named_once(frame: pd.DataFrame, names: Iterable[str]) -> list[str]:
    """Choose the names that a frame has exactly once.

    Parameters
    ----------
    frame : DataFrame
        Any.
    names : iterable of str
        Columns.

    Returns
    -------
    list of str
        In their order.
    """
    columns = list(frame.columns)
    return [name for name in names if columns.count(name) == 1]


def places_of(
    raw: pd.DataFrame,
    names: Mapping[str, str | tuple[str, ...]],
    schema: Schema,
    source: Source,
    path: Path,
) -> dict[str, str]:
    """Say where each column of the contract comes from, where its own name and file do not.

    Parameters
    ----------
    raw : DataFrame
        As read, under the names of the export.
    names : mapping of str to str or tuple of str
        Names in the export and the contract's names for them.
    schema : Schema
        Of the frame.
    source : Source
        As planned.
    path : Path
        The file.

    Returns
    -------
    dict of str to str
        By column, such as ``AESEV in ae.xpt``.
    """
    plain = path.name in (f"{schema.name}.csv", f"{schema.name}.parquet")
    places = {}
    for place, name in enumerate(raw.columns, start=1):
        for column in targets(names, name):
            if column != name:
                places[column] = f"{printable_name(name, place)} in {path.name}"
            elif not plain:
                places[column] = path.name
    return places | dict.fromkeys(source.constants, f"constant of {path.name}")

"""Rows of a file that a source takes, and those that are one record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from npcstats.formatting import counted
from npcstats.readers.cells import finder, is_blank, said_texts
from npcstats.readers.dictionary import INSTRUMENT, Field
from npcstats.readers.source import Source, targets
from npcstats.readers.telling import DECLARED, unmet
from npcstats.schema import Schema, distinct_values
from npcstats.wording import CODE, LISTED, SHOWN, cut, is_variable, listed, printable, printable_name


def chosen_rows(
    raw: pd.DataFrame,
    source: Source,
    names: Mapping[str, str | tuple[str, ...]],
    schema: Schema,
    fields: Mapping[str, Field],
    path: Path,
) -> tuple[pd.DataFrame, np.ndarray | None, list[str], list[str]]:
    """Choose the rows that a source takes.

    Parameters
    ----------
    raw : DataFrame
        As read, under the names of the export.
    source : Source
        As planned.
    names : mapping of str to str or tuple of str
        Names in the export and the contract's names for them.
    schema : Schema
        Of the frame.
    fields : mapping of str to Field
        Of the data dictionary; empty without one.
    path : Path
        The file.

    Returns
    -------
    DataFrame
        These rows, without columns that were needed for the choice alone.
    ndarray of int, or None
        Where they stand in the file, from 1; None where all are taken.
    list of str
        Notices.
    list of str
        Faults; empty when there is none.
    """
    if not source.rows and not source.filled:
        return raw, None, [], []
    kept = np.ones(len(raw), dtype=bool)
    notices: list[str] = []
    faults: list[str] = []
    for name, values in source.rows.items():
        said, others = said_texts(raw[name], finder(values))
        kept &= np.isin(said, list(values))
        never = [value for value in values if value not in set(said)] if len(raw) else []
        known = {field.form for field in fields.values()} if name == INSTRUMENT else set()
        notices += unmet(f"{path.name}.{name}", "values of rows", [v for v in never if v in known], ())
        astray = [value for value in never if value not in known]
        if astray:
            hidden = any(c in schema.by_name and schema.by_name[c].kind == "identifier" for c in targets(names, name))
            faults.append(_never_fault(f"{path.name}.{name}", astray, others, len(raw), hidden))
    if len(source.rows) > 1 and len(raw) and not kept.any() and not faults and not notices:
        faults.append(f"{path.name}: no row has a declared value of each of {', '.join(source.rows)}; rows that occur "
                      "together are required.")  # fmt: skip
    if source.filled:
        some = kept.any()
        kept &= np.logical_or.reduce([~is_blank(raw[name]) for name in source.filled])
        if some and not kept.any():
            notices.append(f"{path.name}: no row has a value in {listed(source.filled)}, so none is taken; look "
                           "whether the export has these values elsewhere.")  # fmt: skip
    if not len(raw):
        notices.append(f"{path.name}: no row to choose from; look whether the export is whole.")
    unused = [n for n in source.rows if n not in source.columns and not {*targets(names, n)} & set(schema.by_name)]
    chosen = raw.loc[kept].drop(columns=unused).reset_index(drop=True)
    return chosen, np.flatnonzero(kept) + 1, notices, faults


def _never_fault(where: str, never: Sequence[str], others: Sequence[object], rows: int, hidden: bool) -> str:
    shown_text = printable if hidden else partial(cut, limit=DECLARED)
    told = ", ".join(text if is_variable(text) else repr(shown_text(text)) for text in never[:LISTED])
    codes = [value for value in others if isinstance(value, str) and not hidden and _is_code(value)]
    shown = f": {listed(codes)}" if codes and len(codes) == len(others) <= LISTED else ""
    return (f"{where}: {len(never)} of the plan's values of rows never in {counted(rows, 'row')} ({told}; "
            f"{counted(len(others), 'other value')}{shown}); values that occur are required.")  # fmt: skip


def _is_code(text: str) -> bool:
    return len(text) <= CODE or ("_" in text and is_variable(text))


def one_per_record(
    raw: pd.DataFrame,
    rows: np.ndarray | None,
    source: Source,
    names: Mapping[str, str | tuple[str, ...]],
    schema: Schema,
    path: Path,
) -> tuple[pd.DataFrame, np.ndarray, list[str]]:
    """Make one row of those that agree in the key, each column with the one value that it has in any of them.

    Parameters
    ----------
    raw : DataFrame
        As read, under the names of the export.
    rows : ndarray of int, optional
        Where the rows stand in the file, from 1; as they are when absent.
    source : Source
        As planned.
    names : mapping of str to str or tuple of str
        Names in the export and the contract's names for them.
    schema : Schema
        Of the frame.
    path : Path
        The file.

    Returns
    -------
    DataFrame
        A row for each record.
    ndarray of int
        Where its first row stands in the file.
    list of str
        Faults; empty when there is none.
    """
    numbers = np.arange(1, len(raw) + 1) if rows is None else rows
    keys = [_record_codes(raw[name]) for name in source.one_per]
    group = pd.DataFrame(dict(enumerate(keys))).groupby([*range(len(keys))], sort=False).ngroup().to_numpy()
    first = np.unique(group, return_index=True)[1]
    built, faults = {}, []
    for i, name in enumerate(raw.columns):
        values, filled = raw.iloc[:, i].to_numpy(dtype=object), ~is_blank(raw.iloc[:, i])
        merged = np.full(len(first), "", dtype=object)
        merged[group[filled][::-1]] = values[filled][::-1]
        built[i] = merged
        taken = not {*targets(names, name)}.isdisjoint(schema.by_name)
        if taken or name in source.columns or (source.extra == "refuse" and name not in source.rows):
            differ = np.flatnonzero(filled)[values[filled] != merged[group[filled]]]
            if len(differ):
                shown = ", ".join(f"row {numbers[j]} and row {numbers[first[group[j]]]}" for j in differ[:SHOWN])
                count = f"{len(differ)} row{'s differ' if len(differ) > 1 else ' differs'}"
                faults.append(
                    f"{path.name}.{printable_name(name, i + 1)}: {count} from another row of the same record "
                    f"({shown}); one value for each {' and '.join(source.one_per)} is required."
                )
    frame = pd.DataFrame(built)
    frame.columns = raw.columns
    return frame, numbers[first], faults


def _record_codes(values: pd.Series) -> np.ndarray:
    """A number for each distinct value, the same for all blank ones."""
    codes: np.ndarray = np.where(is_blank(values), -1, distinct_values(values)[0])
    return codes

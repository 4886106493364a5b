"""Values as a source declares them: what is blank, decimal marks, code lists, changes of unit."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from npcstats.readers.cells import Find, changed_cells, finder, said_texts
from npcstats.readers.names import named_once
from npcstats.readers.source import Conversion, Source, targets
from npcstats.readers.telling import Step, column_fault, unmet
from npcstats.schema import REFUSED, Origin, Schema, distinct_values, near_level, parse_numbers
from npcstats.wording import listed

NUMBERS = ("number", "integer")


def blanked(
    raw: pd.DataFrame, source: Source, names: Mapping[str, str | tuple[str, ...]], schema: Schema, path: Path
) -> tuple[pd.DataFrame, list[str]]:
    """Empty the cells that say a declared blank, in text, numbers and dates alike.

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
    path : Path
        The file.

    Returns
    -------
    DataFrame
        With these cells empty.
    list of str
        Notices of blanks that never occur.
    """
    if not source.blank:
        return raw, []
    built, met = {}, set()
    for i, name in enumerate(raw.columns):
        kinds = {schema.by_name[column].kind for column in targets(names, name) if column in schema.by_name}
        numeric = bool(kinds & set(NUMBERS)) or (not kinds and schema.features)
        find = finder(source.blank, digits=False, numeric=numeric, decimal=source.decimal)
        codes, found = distinct_values(raw.iloc[:, i])
        said = [find(value) for value in found]
        met |= {text for text in said if text is not None}
        blank = np.array([*(text is not None for text in said), False], dtype=bool)[codes]
        built[i] = _emptied(raw.iloc[:, i], blank) if blank.any() else raw.iloc[:, i]
    frame = pd.DataFrame(built, index=raw.index)
    frame.columns = raw.columns
    return frame, unmet(path.name, "texts for missing values", source.blank, met) if len(raw) else []


def _emptied(values: pd.Series, blank: np.ndarray) -> pd.Series:
    if pd.api.types.is_float_dtype(values) or pd.api.types.is_datetime64_any_dtype(values):
        return values.mask(blank)
    return values.astype(object).mask(blank, "")


def with_decimals(frame: pd.DataFrame, source: Source, schema: Schema, origin: Origin) -> Step:
    """Read numbers whose text has another decimal mark than a point.

    Parameters
    ----------
    frame : DataFrame
        Under the contract's names.
    source : Source
        As planned.
    schema : Schema
        Of the frame.
    origin : Origin
        Where the values stand.

    Returns
    -------
    DataFrame
        Changed where the source says so.
    list of str
        Faults; empty when there is none.
    list of str
        Notices.
    """
    faults: list[str] = []
    if source.decimal == ".":
        return frame, faults, []
    changed = {}
    for name in named_once(frame, frame.columns):
        if name in source.codes:  # its values are texts of the list
            continue
        declared = schema.by_name.get(name)
        if not (declared.kind in NUMBERS if declared else schema.features):
            continue
        numbers, bad = parse_numbers(frame[name], source.decimal)
        changed[name] = _replaced(numbers, bad)
        if bad.any():
            faults.append(column_fault(origin, schema, name, frame[name], bad, "not a number",
                                       f"numbers with the decimal mark {source.decimal} are required"))  # fmt: skip
    return (frame.assign(**changed) if changed else frame), faults, []


def _replaced(values: np.ndarray, bad: np.ndarray) -> np.ndarray:
    """Values, with `REFUSED` where a fault has been told."""
    if not bad.any():
        return values
    cells = np.asarray(pd.Series(values).astype(object), dtype=object)
    cells[bad] = REFUSED
    return cells


def coded(frame: pd.DataFrame, source: Source, schema: Schema, origin: Origin) -> Step:
    """Put the contract's values in the place of the export's codes.

    Parameters
    ----------
    frame : DataFrame
        Under the contract's names.
    source : Source
        As planned.
    schema : Schema
        Of the frame.
    origin : Origin
        Where the values stand.

    Returns
    -------
    DataFrame
        Changed where the source says so.
    list of str
        Faults; empty when there is none.
    list of str
        Notices.
    """
    faults, notices, changed = [], [], {}
    for name in named_once(frame, source.codes):
        known = {"": "", **source.codes[name]}
        find = finder(known)
        changed[name], bad = changed_cells(frame[name], partial(_code, known, find))
        if bad.any():
            faults.append(column_fault(origin, schema, name, frame[name], bad, "not in the plan's code list",
                                       f"one of {listed([*source.codes[name]], 40)} is required",
                                       partial(_near_code, known)))  # fmt: skip
        if len(frame):
            met = {text for text in map(find, distinct_values(frame[name])[1]) if text is not None}
            notices += unmet(origin.where(schema.name, name), "codes", source.codes[name], met)
    return (frame.assign(**changed) if changed else frame), faults, notices


def _code(known: Mapping[str, str], find: Find, value: object) -> str | None:
    said = find(value)
    return None if said is None else known[said]


def _near_code(known: Mapping[str, str], value: object) -> tuple[str, str]:
    reason = near_level(value, filter(None, known))
    return ("a truth value" if isinstance(value, bool | np.bool_) else reason), ""


def converted(frame: pd.DataFrame, source: Source, schema: Schema, origin: Origin) -> Step:
    """Bring numbers to the units that a source declares.

    Parameters
    ----------
    frame : DataFrame
        Under the contract's names.
    source : Source
        As planned.
    schema : Schema
        Of the frame.
    origin : Origin
        Where the values stand.

    Returns
    -------
    DataFrame
        Changed where the source says so.
    list of str
        Faults; empty when there is none.
    list of str
        Notices.
    """
    faults: list[str] = []
    notices: list[str] = []
    changed: dict[str, pd.Series] = {}
    before, done = frame, dict.fromkeys(frame.columns, np.zeros(len(frame), dtype=bool))
    for item in source.conversions:
        if not {*item.columns, *item.of, *filter(None, (item.unit_column,))} <= set(named_once(before, before.columns)):
            continue
        chosen = np.logical_and.reduce(
            [np.ones(len(before), dtype=bool),
             *(said_texts(before[name], finder((text,)))[0] == text for name, text in item.of.items())]
        )  # fmt: skip
        if len(before) and not chosen.any():
            notices += unmet(f"{schema.name}.{item.columns[0]}", "conditions of a conversion",
                              [" and ".join(item.of.values())], ())  # fmt: skip
        for name in item.columns:
            again = chosen & done[name]
            if again.any():
                faults.append(column_fault(origin, schema, name, before[name], again, "converted twice",
                                           "conversions that exclude each other are required"))  # fmt: skip
            done[name] = chosen | done[name]
            changed[name] = _multiplied(changed.get(name, before[name]), chosen, item)
        if item.unit_column:
            units = changed.get(item.unit_column, before[item.unit_column]).astype(object)
            changed[item.unit_column] = units.where(~chosen, item.unit)
    return (frame.assign(**changed) if changed else frame), faults, notices


def _multiplied(values: pd.Series, chosen: np.ndarray, item: Conversion) -> pd.Series:
    numbers, _ = parse_numbers(values)
    ready = chosen & ~np.isnan(numbers)
    return pd.Series(np.where(ready, (numbers * item.factor).astype(object), values.to_numpy(dtype=object)),
                     index=values.index, dtype=object)  # fmt: skip

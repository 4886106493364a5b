"""Bring a frame to its declared types, and say everything that is wrong with it at once."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from npcstats.schema.columns import TEXTS, Column, Schema
from npcstats.schema.faults import rows_counted, value_fault
from npcstats.schema.headers import header_faults, shown_name
from npcstats.schema.origin import Origin
from npcstats.schema.reasons import what_is_wrong, why_refused
from npcstats.schema.records import key_faults, order_faults
from npcstats.schema.typed import to_dates, to_numbers, to_texts
from npcstats.schema.values import REFUSED
from npcstats.wording import SHOWN

MANY_COLUMNS = 60


def conform_frame(frame: pd.DataFrame, schema: Schema, origin: Origin | None = None) -> tuple[pd.DataFrame, list[str]]:
    """Bring a frame to its declared types and list every fault found on the way.

    Parameters
    ----------
    frame : DataFrame
        Columns as read: text from CSV, typed values from Parquet and SAS.
    schema : Schema
        The declaration.
    origin : Origin, optional
        Where the values stand in the export, if not in a file of the frame's name.

    Returns
    -------
    DataFrame
        Declared columns in declared order (text as str with ``""`` for missing, numbers as float64, dates as
        ``datetime64[s]``); features after them.
    list of str
        Faults, each *where: what is wrong; what is required.* Empty when the frame conforms.
    """
    told = origin or Origin()
    faults = header_faults(frame, schema)
    typed: dict[str, pd.Series] = {}
    for column in _present_columns(frame, schema):
        shown = shown_name(frame, column.name, schema)
        typed[column.name], found = _conform_column(frame[column.name], column, shown, schema.name, told)
        faults += found
    # a large frame is not copied into one block; one of many columns has to be
    built = pd.DataFrame(typed, index=pd.RangeIndex(len(frame)), copy=len(typed) > MANY_COLUMNS)
    return built, faults + order_faults(built, schema, told) + key_faults(built, frame, schema, told)


def _present_columns(frame: pd.DataFrame, schema: Schema) -> list[Column]:
    declared = [column for column in schema.columns if column.name in frame.columns]
    if not schema.features:
        return declared
    extra = sorted(str(name) for name in frame.columns if name not in schema.by_name)
    return declared + [Column(name, "number", missing=True) for name in extra]


def _conform_column(
    values: pd.Series | pd.DataFrame, column: Column, shown: str, frame_name: str, origin: Origin
) -> tuple[pd.Series, list[str]]:
    if isinstance(values, pd.DataFrame):
        values = values.iloc[:, 0]
    values = values.reset_index(drop=True)
    where = origin.where(frame_name, column.name, shown)
    if column.kind == "date":
        typed, bad, required = to_dates(values)
    elif column.kind in ("number", "integer"):
        typed, bad, required = to_numbers(values, column)
    else:
        typed, bad, required = to_texts(values, column)
    told = _refused(values) if bad.any() else np.zeros(len(values), dtype=bool)
    bad &= ~told
    faults = []
    if bad.any():
        faults.append(
            value_fault(
                where,
                what_is_wrong(column, typed[bad]),
                values,
                bad,
                column.requirement or required,
                origin=origin,
                hidden=column.kind == "identifier",
                why=partial(why_refused, column),
            )
        )
    if column.missing:
        return typed, faults
    lacking = _is_lacking(values, typed, column) & ~bad & ~told
    if lacking.any():
        faults.append(
            f"{where}: {rows_counted(lacking)} without a value{_first_rows(lacking, origin)}; a value is required in "
            "every row."
        )
    return typed, faults


def _is_lacking(values: pd.Series, typed: pd.Series, column: Column) -> np.ndarray:
    if column.kind not in TEXTS:
        return typed.isna().to_numpy()
    if isinstance(values.dtype, pd.CategoricalDtype) and not values.hasnans and "" not in values.cat.categories:
        return np.zeros(len(values), dtype=bool)
    return (typed == "").to_numpy()


def _refused(values: pd.Series) -> np.ndarray:
    return np.fromiter((value is REFUSED for value in values), dtype=bool, count=len(values))


def _first_rows(mask: np.ndarray, origin: Origin) -> str:
    return f" ({', '.join(origin.row(i) for i in np.flatnonzero(mask)[:SHOWN])})"

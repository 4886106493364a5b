"""Records of two exports of one trial, matched: which stayed, which were changed, withdrawn or added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from npcstats.schema import TEXTS, Schema
from npcstats.study import ENTERED

Places = npt.NDArray[np.intp]
# What names a record of a frame without a key, beside its person and its day.
_NAMED_BY: Mapping[str, tuple[str, ...]] = {
    "adlb": ("PARAMCD", "AVISIT"),
    "adevent": ("KIND",),
    "adassess": ("KIND",),
    "adrs": ("AVISIT",),
    "adcare": ("KIND",),
    "addv": ("DVCAT",),
    "adform": ("KIND", "AVISIT"),
    "adqs": ("PARAMCD",),
    "adtr": ("PARAMCD", "AVISIT"),
}
_VISIT = "AVISIT"


@dataclass(frozen=True, eq=False)
class Matched:
    """Rows of a former and a present frame that are the same record.

    Attributes
    ----------
    former, present : int array, shape (n,)
        Places of the matched rows.
    changed : bool array, shape (n,)
        Whether any value of them differs, but for the day of entry.
    withdrawn : int array
        Places of former rows that the present frame has not.
    added : int array
        Places of present rows that the former frame had not.
    """

    former: Places
    present: Places
    changed: npt.NDArray[np.bool_]
    withdrawn: Places
    added: Places


def match_records(former: pd.DataFrame, present: pd.DataFrame, schema: Schema) -> Matched:
    """Match the records of two versions of a frame.

    Parameters
    ----------
    former, present : DataFrame
        The frame as it was and as it is.
    schema : Schema
        Its declaration.

    Returns
    -------
    Matched
        By the frame's key where it has one. Else rows without any difference are one record; of the others those of
        one person, kind and day, then those of one person, kind and visit, in their order.
    """
    compared = compared_columns(former, present, schema)
    stages = [schema.key] if schema.key else [compared, *_stages(schema, compared)]
    left, right = np.arange(len(former)), np.arange(len(present))
    pairs: list[tuple[Places, Places]] = []
    for columns in stages:
        first, second = _same(former.iloc[left][list(columns)], present.iloc[right][list(columns)])
        pairs.append((left[first], right[second]))
        left, right = np.delete(left, first), np.delete(right, second)
    places = np.concatenate([pair[0] for pair in pairs]), np.concatenate([pair[1] for pair in pairs])
    order = np.argsort(places[1], kind="stable")
    then, now = places[0][order].astype(np.intp), places[1][order].astype(np.intp)
    changed = np.zeros(len(then), dtype=bool)
    for name in compared:
        changed |= differ(former[name].iloc[then], present[name].iloc[now])
    return Matched(then, now, changed, left.astype(np.intp), right.astype(np.intp))


def compared_columns(former: pd.DataFrame, present: pd.DataFrame, schema: Schema) -> list[str]:
    """Name the columns in which two versions of a frame can differ.

    Parameters
    ----------
    former, present : DataFrame
        The frame as it was and as it is.
    schema : Schema
        Its declaration.

    Returns
    -------
    list of str
        Those of both that the export has: declared, or numbers of a frame of features; not the day of entry, nor what
        was derived.
    """
    shared = [name for name in present.columns if name in former.columns and name != ENTERED]
    return [name for name in shared if name in schema.by_name or (schema.features and not name.startswith("_"))]


def differ(former: pd.Series, present: pd.Series) -> npt.NDArray[np.bool_]:
    """Tell where two columns differ; a value that both lack is no difference.

    Parameters
    ----------
    former, present : Series, length n
        Values, row by row.

    Returns
    -------
    bool array, shape (n,)
        Where they differ.
    """
    first, second = former.reset_index(drop=True), present.reset_index(drop=True)
    return np.asarray(~((first == second) | (is_blank(first) & is_blank(second))).fillna(False), dtype=bool)


def is_blank(values: pd.Series) -> pd.Series:
    """Tell where a column has no value.

    Parameters
    ----------
    values : Series
        Of a frame.

    Returns
    -------
    Series of bool
        Where a date or number is missing, or a text is empty.
    """
    return values.isna() | (values == "")


def _stages(schema: Schema, compared: Sequence[str]) -> list[list[str]]:
    """Columns by which rows that differ are still one record, from the surest on."""
    person = [column.name for column in schema.columns if column.kind == "identifier"]
    texts = [c.name for c in schema.columns if c.kind in TEXTS and c.kind != "identifier" and not c.missing]
    named = [name for name in _NAMED_BY.get(schema.name, texts) if name in compared]
    kind = [name for name in named if name != _VISIT]
    dated = [schema.dated] if schema.dated else []
    stages = [[*person, *named, *dated], [*person, *kind, *dated]]
    return stages if _VISIT not in named else [*stages, [*person, *named]]


def _same(former: pd.DataFrame, present: pd.DataFrame) -> tuple[Places, Places]:
    """Places of the rows with equal values, the nth of one version with the nth of the other."""
    columns = list(former.columns)
    sides = []
    for frame in (former, present):
        told = frame.reset_index(drop=True)
        for name in columns:
            told[name] = told[name].astype(object).where(~is_blank(told[name]), "")
        told["_nth"] = told.groupby(columns, sort=False).cumcount()
        told["_place"] = np.arange(len(told))
        sides.append(told)
    joined = sides[0].merge(sides[1], on=[*columns, "_nth"], suffixes=("_then", "_now"))
    return joined["_place_then"].to_numpy(dtype=np.intp), joined["_place_now"].to_numpy(dtype=np.intp)

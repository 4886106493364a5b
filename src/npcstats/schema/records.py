"""The records of a frame: dates in their order, and each key once."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from npcstats.schema.columns import Schema
from npcstats.schema.faults import rows_counted
from npcstats.schema.origin import Origin
from npcstats.wording import SHOWN


def order_faults(frame: pd.DataFrame, schema: Schema, origin: Origin) -> list[str]:
    """List the pairs of dates of which the second is before the first.

    Parameters
    ----------
    frame : DataFrame
        Typed.
    schema : Schema
        Its declaration.
    origin : Origin
        Where the values stand.

    Returns
    -------
    list of str
        A fault for each pair.
    """
    faults = []
    for first, second in schema.ordered:
        if not {first, second} <= set(frame.columns):
            continue
        early = (frame[second] < frame[first]).to_numpy()
        if early.any():
            shown = [f"{origin.row(i)}{_made(origin, (first, second), i)}" for i in np.flatnonzero(early)[:SHOWN]]
            remedy = "; not_before and not_after are the bounds of a rule" if ":" in "".join(shown) else ""
            faults.append(f"{origin.where(schema.name, second)}: {rows_counted(early)} before {first} "
                          f"({', '.join(shown)}); a date on or after {first} is required{remedy}.")  # fmt: skip
    return faults


def _made(origin: Origin, columns: Iterable[str], position: int) -> str:
    by = [f"{name} was imputed by {origin.made[name][position]}" for name in columns
          if position in origin.made.get(name, {})]  # fmt: skip
    return f": {' and '.join(by)}" if by else ""


def key_faults(frame: pd.DataFrame, raw: pd.DataFrame, schema: Schema, origin: Origin) -> list[str]:
    """List the records whose key stands in the frame before; one with a blank part is no key.

    Parameters
    ----------
    frame : DataFrame
        Typed.
    raw : DataFrame
        As read; its repeated texts have numbers already.
    schema : Schema
        Its declaration.
    origin : Origin
        Where the values stand.

    Returns
    -------
    list of str
        One fault at most.
    """
    if not schema.key or frame.empty or not set(schema.key) <= set(frame.columns):
        return []
    again = pd.DataFrame({name: _key_part(frame[name], raw[name]) for name in schema.key}).duplicated().to_numpy()
    if not again.any():
        return []
    keys = frame[list(schema.key)]
    for name in schema.key:
        again &= ((keys[name] != "") & keys[name].notna()).to_numpy()
    if not again.any():
        return []
    pairs = []
    for i in np.flatnonzero(again)[:SHOWN]:
        original = int((keys == keys.loc[i]).all(axis=1).to_numpy().argmax())
        pairs.append(f"{origin.row(i)} repeats {origin.row(original)}")
    what = "participant" if schema.key == ("USUBJID",) else "combination of " + " and ".join(schema.key)
    return [f"{origin.where(schema.name, schema.key[-1])}: {rows_counted(again)} repeated ({', '.join(pairs)}); one "
            f"row for each {what} is required."]  # fmt: skip


def _key_part(typed: pd.Series, values: pd.Series | pd.DataFrame) -> np.ndarray:
    """What tells the values of a key's column apart: of repeated texts their numbers, which are found at once."""
    if typed.dtype == object and isinstance(values, pd.Series) and isinstance(values.dtype, pd.CategoricalDtype):
        texts = values.cat.categories.inferred_type == "string"  # each of which is one text of the key
        return np.asarray(values.cat.codes if texts else typed)
    return typed.to_numpy()

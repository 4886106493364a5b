"""What a source declares and the values do not keep: faults of a column, notices of what never occurs."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from npcstats.schema import Origin, Schema, Why, value_fault
from npcstats.wording import cut, escaped, listed

DECLARED = 60
Step = tuple[pd.DataFrame, list[str], list[str]]


def unmet(where: str, what: str, declared: Iterable[str], met: Iterable[str]) -> list[str]:
    """Note what a plan declares and what never occurs.

    Parameters
    ----------
    where : str
        File or column.
    what : str
        What is declared, in words.
    declared : iterable of str
        Texts of the plan.
    met : iterable of str
        Those that occur.

    Returns
    -------
    list of str
        One notice at most.
    """
    never = [text for text in declared if text and text not in set(met)]
    if not never:
        return []
    told = listed([escaped(cut(text, DECLARED)) for text in never])
    return [f"{where}: {len(never)} of the plan's {what} never {'occur' if len(never) > 1 else 'occurs'} ({told}); "
            "look whether the export writes something else."]  # fmt: skip


def column_fault(
    origin: Origin,
    schema: Schema,
    name: str,
    values: pd.Series,
    bad: np.ndarray,
    wrong: str,
    required: str,
    why: Why | None = None,
) -> str:
    """Write the fault of some values of a column of the contract.

    Parameters
    ----------
    origin : Origin
        Where the values stand.
    schema : Schema
        Of the frame.
    name : str
        Of the column; of an identifier not even the shape of a value is shown.
    values : Series, shape (n,)
        As read.
    bad : ndarray of bool, shape (n,)
        Which of them.
    wrong, required : str
        What is wrong; what is required, without the full stop.
    why : callable, optional
        From a value to the reason and to what can be done.

    Returns
    -------
    str
        As `npcstats.schema.value_fault` writes it.
    """
    hidden = name in schema.by_name and schema.by_name[name].kind == "identifier"
    where = origin.where(schema.name, name)
    return value_fault(where, wrong, values, bad, required, origin=origin, hidden=hidden, why=why)

"""Columns of text, each distinct text once where they repeat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

OFTEN = 4  # rows for each distinct text, on average, from which the texts are kept apart from the rows


def text_column(texts: Sequence[str], codes: np.ndarray) -> Any:
    """Make a column of distinct texts; of plain ones where most of them are distinct.

    Parameters
    ----------
    texts : sequence of str
        Distinct.
    codes : ndarray of int, shape (n,)
        The place of each row's.

    Returns
    -------
    ndarray or Categorical, shape (n,)
        Text.
    """
    table = np.empty(len(texts), dtype=object)
    table[:] = texts
    if len(table) * OFTEN > len(codes):
        return table[codes]
    kind = pd.CategoricalDtype(pd.Index(table, dtype=object))
    return pd.Categorical.from_codes(codes, dtype=kind)  # type: ignore[arg-type]


def text_frame(names: Sequence[str], columns: dict[int, Any]) -> pd.DataFrame:
    """Make a frame of columns, whose names may repeat.

    Parameters
    ----------
    names : sequence of str
        In order.
    columns : dict of int to array
        By place.

    Returns
    -------
    DataFrame
        Without copying the columns.
    """
    built = pd.DataFrame(columns, copy=False)
    built.columns = pd.Index(names, dtype=object)
    return built

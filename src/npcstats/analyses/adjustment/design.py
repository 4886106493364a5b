"""Columns of a design from the covariates of a plan."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from npcstats.analyses.adjustment.spec import Covariate
from npcstats.derive import level_texts, require_columns, told_texts
from npcstats.errors import SpecError
from npcstats.study import Study


def covariate_columns(
    study: Study, members: pd.DataFrame, covariates: Sequence[Covariate], analysis: str
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Make the columns of a design, and find who has a value of every covariate.

    Parameters
    ----------
    study : Study
        At its cut-off.
    members : DataFrame
        Of a population, n rows.
    covariates : sequence of Covariate
        In the order of the columns.
    analysis : str
        Id of the entry that asks.

    Returns
    -------
    dict of str to float array, shape (n,)
        By name: a column of a continuous covariate has its name, that of a level ``COLUMN=LEVEL``; NaN or 0 where the
        covariate is missing.
    bool array, shape (n,)
        Who has them all.

    Raises
    ------
    DataError
        If a covariate is not a column of ADSL.
    SpecError
        If a covariate has values that its levels or its scale do not take.
    """
    require_columns(members, "adsl", (item.column for item in covariates), f"analysis {analysis}")
    columns: dict[str, np.ndarray] = {}
    known = np.ones(len(members), dtype=bool)
    for item in covariates:
        if item.scale == "categorical":
            text = level_texts(members[item.column]).to_numpy(dtype=str)
            stray = sorted(set(text) - {"", *item.levels})
            if stray:
                shown = told_texts(study, "adsl", item.column, stray)
                raise SpecError(f"plan: {item.column} has values outside its levels ({shown}); a label for each is "
                                "required.")  # fmt: skip
            known &= text != ""
            columns |= {f"{item.column}={code}": (text == code).astype(float) for code in list(item.levels)[1:]}
            continue
        value = members[item.column].to_numpy(dtype=float)
        known &= ~np.isnan(value)
        columns[item.column] = _on_scale(value, item)
    return columns, known


def _on_scale(value: np.ndarray, item: Covariate) -> np.ndarray:
    if item.scale == "continuous":
        return value / item.per
    if not item.floor > 0:
        raise SpecError(
            f"plan: floor of {item.column} is {item.floor!r}; a number above 0 is required for a logarithm."
        )
    return np.asarray(np.log2(np.maximum(value, item.floor)))

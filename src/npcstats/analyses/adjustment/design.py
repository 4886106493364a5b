"""Columns of a design from the covariates of a plan."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from formulaic import ModelMatrix, model_matrix

from npcstats.analyses.adjustment.spec import Covariate
from npcstats.derive import level_texts, require_columns, told_texts
from npcstats.errors import SpecError
from npcstats.formatting import counted
from npcstats.study import Study

DAYS_PER_YEAR = 365.25


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
        By name: a column of a covariate has its name, of a level ``COLUMN=LEVEL``, of a spline ``COLUMN~1`` and so on;
        NaN, of a level 0, where the covariate is missing, of a spline where any is.
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
            text = covariate_levels(members, item)
            stray = sorted(set(text) - {"", *item.levels})
            if stray:
                shown = told_texts(study, "adsl", item.column, stray)
                raise SpecError(f"plan: {item.column} has values outside its levels ({shown}); a label for each is "
                                "required.")  # fmt: skip
            known &= text != ""
            columns |= level_columns(item, text)
            continue
        value = covariate_values(members, item)
        known &= ~np.isnan(value)
        columns |= dict.fromkeys(_value_names(item), value)
    for item in covariates:
        if item.spline_df:  # knots are among those who have everything, as the model is
            columns |= value_columns(item, np.where(known, columns[_value_names(item)[0]], np.nan))
    return columns, known


def _value_names(item: Covariate) -> list[str]:
    return [f"{item.column}~{i + 1}" for i in range(item.spline_df)] or [item.column]


def covariate_levels(members: pd.DataFrame, item: Covariate) -> np.ndarray:
    """Read a categorical covariate.

    Parameters
    ----------
    members : DataFrame
        Of a population, n rows.
    item : Covariate
        Of the plan.

    Returns
    -------
    array of str, shape (n,)
        Levels, an empty value as the level that it stands for; empty where missing.
    """
    texts = level_texts(members[item.column]).to_numpy(dtype=str)
    return np.array([text or item.blank for text in texts]) if item.blank else texts


def is_missing(members: pd.DataFrame, item: Covariate) -> np.ndarray:
    """Tell who lacks a covariate.

    Parameters
    ----------
    members : DataFrame
        Of a population, n rows.
    item : Covariate
        Of the plan.

    Returns
    -------
    bool array, shape (n,)
        True for those.
    """
    if item.scale == "categorical":
        return np.asarray(covariate_levels(members, item) == "")
    return np.asarray(members[item.column].isna().to_numpy())


def level_columns(item: Covariate, texts: np.ndarray) -> dict[str, np.ndarray]:
    """Make one column of zeros and ones for each level but the first.

    Parameters
    ----------
    item : Covariate
        A categorical one.
    texts : array of str, shape (n,)
        Levels.

    Returns
    -------
    dict of str to float array, shape (n,)
        By name, ``COLUMN=LEVEL``.
    """
    return {f"{item.column}={code}": (texts == code).astype(float) for code in list(item.levels)[1:]}


def value_columns(item: Covariate, values: np.ndarray) -> dict[str, np.ndarray]:
    """Make the columns of a covariate that is no set of levels.

    Parameters
    ----------
    item : Covariate
        With a spline or without.
    values : float array, shape (n,)
        On its scale, NaN where missing.

    Returns
    -------
    dict of str to float array, shape (n,)
        By name, ``COLUMN``, or ``COLUMN~1`` and so on.
    """
    return _spline(values, item) if item.spline_df else {item.column: values}


def covariate_values(members: pd.DataFrame, item: Covariate) -> np.ndarray:
    """Read a covariate that is no set of levels, on its scale.

    Parameters
    ----------
    members : DataFrame
        Of a population, n rows.
    item : Covariate
        Of the plan.

    Returns
    -------
    float array, shape (n,)
        In units of the covariate; of a date years since the first of these members; NaN where missing.

    Raises
    ------
    SpecError
        If the scale does not take the values.
    """
    column = members[item.column]
    if (item.scale == "date") != pd.api.types.is_datetime64_any_dtype(column):
        raise SpecError(
            f"plan: scale of {item.column} is {item.scale!r}; 'date' is required of dates, and only of them."
        )
    if item.scale == "date":
        days: pd.Series = (column - column.min()).dt.days
        return days.to_numpy(dtype=float, na_value=np.nan) / DAYS_PER_YEAR
    if not (pd.api.types.is_numeric_dtype(column) or column.isna().all()):
        raise SpecError(
            f"plan: scale of {item.column} is {item.scale!r}; 'categorical', with levels, is required of texts."
        )
    return _on_scale(column.to_numpy(dtype=float, na_value=np.nan), item)


def spline_knots(values: np.ndarray, item: Covariate) -> tuple[float, ...]:
    """Tell where the knots of a covariate's spline are.

    Parameters
    ----------
    values : float array, shape (n,)
        On its scale, none missing.
    item : Covariate
        With a spline.

    Returns
    -------
    tuple of float
        Ascending, on the covariate's scale; beyond the first and the last the curve is a line.
    """
    (state,) = _basis(values, item.spline_df).model_spec.transform_state.values()
    return tuple(float(knot) for knot in state["knots"])


def column_words(covariates: Sequence[Covariate]) -> dict[str, str]:
    """Name the columns of a design in words.

    Parameters
    ----------
    covariates : sequence of Covariate
        In the order of the columns.

    Returns
    -------
    dict of str to str
        By the names of `covariate_columns`.
    """
    words: dict[str, str] = {}
    for item in covariates:
        words |= {f"{item.column}={code}": f"{item.label} {told}" for code, told in item.levels.items()}
        words |= {
            f"{item.column}~{i + 1}": f"{item.label} (column {i + 1} of its spline)" for i in range(item.spline_df)
        }
        words[item.column] = item.label
    return words


def _basis(values: np.ndarray, df: int) -> ModelMatrix:
    formula = f"0 + cr(value, df={df}, constraints='center')"
    return model_matrix(formula, pd.DataFrame({"value": values}))


def _spline(value: np.ndarray, item: Covariate) -> dict[str, np.ndarray]:
    """Columns of a natural cubic spline, its knots at quantiles of the distinct values; NaN where missing."""
    known = ~np.isnan(value)
    names = _value_names(item)
    columns = np.full((len(value), item.spline_df), np.nan)
    distinct = len(np.unique(value[known]))
    if 0 < distinct <= item.spline_df:
        raise SpecError(
            f"plan: spline_df of {item.column} is {item.spline_df}, but it has {counted(distinct, 'value')}; more "
            "values than that, or 0 for a line, are required."
        )
    if distinct:
        columns[known] = _basis(value[known], item.spline_df).to_numpy(dtype=float)
    return dict(zip(names, columns.T, strict=True))


def _on_scale(value: np.ndarray, item: Covariate) -> np.ndarray:
    if item.scale == "continuous":
        return value / item.per
    if not item.floor > 0:
        raise SpecError(
            f"plan: floor of {item.column} is {item.floor!r}; a number above 0 is required for a logarithm."
        )
    return np.asarray(np.log2(np.maximum(value, item.floor)))

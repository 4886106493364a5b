"""Rows that several summaries of times make alike."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from npcstats.derive import OUTSIDE_ZERO_WORDS, require_columns
from npcstats.estimators.types import Contrast, Test
from npcstats.results import Row
from npcstats.study import Endpoint

_CONTRAST = {
    "estimate": "estimate",
    "std_error": "std_error",
    "ci_low": "lower",
    "ci_high": "upper",
    "p_value": "p_value",
}


def contrast_rows(template: Row, contrast: Contrast, conf_level: float, method: str, withheld: str = "") -> list[Row]:
    """Rows of a contrast.

    Parameters
    ----------
    template : Row
        Carries key parts and measure; its ``stat`` and payload are replaced.
    contrast : Contrast
        From an estimator.
    conf_level : float
        Of its limits.
    method : str
        How the limits were made.
    withheld : str
        Why no number is given; empty if it is.

    Returns
    -------
    list of Row
        Estimate, standard error, limits and p-value.
    """
    note = withheld or contrast.note
    values = {stat: math.nan if withheld else float(getattr(contrast, name)) for stat, name in _CONTRAST.items()}
    made = replace(template, method=method, conf_level=conf_level, note=note)
    return [replace(made, stat=stat, value=value) for stat, value in values.items()]


def comparison_rows(template: Row, test: Test) -> list[Row]:
    """Rows of a test.

    Parameters
    ----------
    template : Row
        Carries key parts and measure; its ``stat`` and payload are replaced.
    test : Test
        From an estimator.

    Returns
    -------
    list of Row
        Statistic, degrees of freedom and p-value.
    """
    made = replace(template, method=test.method, note=test.note)
    values = {"statistic": test.statistic, "df": test.df, "p_value": test.p_value}
    return [replace(made, stat=stat, value=float(value)) for stat, value in values.items()]


def outside_rows(template: Row, outside: Mapping[str, Mapping[str, int]]) -> list[Row]:
    """Rows of who is not followed from an endpoint's own landmark.

    Parameters
    ----------
    template : Row
        Carries key parts; its arm, level, measure and value are replaced.
    outside : mapping of str to mapping of str to int
        How many, by reason and arm.

    Returns
    -------
    list of Row
        A count for each reason and arm.
    """
    named = replace(template, measure="not_evaluable")
    return [replace(named, arm=arm, level=reason, value=float(count))
            for reason, counts in outside.items() for arm, count in counts.items()]  # fmt: skip


def outside_labels(endpoint: Endpoint) -> dict[str, str]:
    """Words of the reasons for which somebody is not followed from an endpoint's own landmark.

    Parameters
    ----------
    endpoint : Endpoint
        Of the design.

    Returns
    -------
    dict of str to str
        By code; empty for an endpoint without a landmark.
    """
    words = OUTSIDE_ZERO_WORDS if endpoint.origin_day else {}
    return {code: f"{said[:1].upper()}{said[1:]}" for code, said in words.items()}


def last_time(time: np.ndarray, at_risk: np.ndarray, minimum: int) -> float:
    """Last observed time with enough participants at risk.

    Parameters
    ----------
    time, at_risk : ndarray of float, shape (k,)
        Of a curve.
    minimum : int
        How many are enough.

    Returns
    -------
    float
        NaN where there never were.
    """
    enough = time[at_risk >= minimum]
    return float(enough[-1]) if len(enough) else math.nan


def too_few(minimum: int, *, of: str = "") -> str:
    """Why nothing is estimated beyond the last time with enough participants at risk.

    Parameters
    ----------
    minimum : int
        How many are enough.
    of : str
        Of which group, where several are meant; empty for the one at hand.

    Returns
    -------
    str
        A sentence.
    """
    where = f" of {of}" if of else ""
    if minimum <= 1:
        return f"Nobody{where} is at risk at that time."
    return f"Fewer than {minimum} participants{where} are at risk at that time."


def too_few_events(minimum: int) -> str:
    """Why no model is fitted.

    Parameters
    ----------
    minimum : int
        How many events are enough.

    Returns
    -------
    str
        A sentence.
    """
    if minimum <= 1:
        return "There are no events, so no model is fitted."
    return f"There are fewer than {minimum} events, so no model is fitted."


def stratum_labels(members: pd.DataFrame, columns: tuple[str, ...]) -> np.ndarray | None:
    """Combine columns of ADSL into strata.

    Parameters
    ----------
    members : DataFrame
        Rows of ADSL.
    columns : tuple of str
        Columns; a missing value is a stratum of its own.

    Returns
    -------
    ndarray of str, shape (n,), or None
        One label for each member; None without columns.
    """
    if not columns:
        return None
    require_columns(members, "adsl", columns, "a stratified analysis")
    return members[list(columns)].astype(str).agg("|".join, axis=1).to_numpy(dtype=str)

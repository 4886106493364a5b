"""Who is scored and weighed in one block, and what is known of each: once, or once for each imputation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from npcstats.analyses.adjustment.design import covariate_levels, covariate_values
from npcstats.analyses.adjustment.spec import Adjustment, Covariate
from npcstats.analyses.adjustment.weighing import NO_COVARIATE, Adjusted
from npcstats.analyses.propensity.spec import Balanced
from npcstats.estimators.weighting import Propensity
from npcstats.results import Row

DAYS_PER_YEAR = 365.25


@dataclass(frozen=True, eq=False)
class Weighed:
    """One data set of one adjustment.

    Attributes
    ----------
    adjustment : Adjustment
        Of the plan.
    adjusted : Adjusted
        What came of it.
    pair : tuple of (str, str)
        The first arm and the reference.
    treated : ndarray of bool, shape (n,)
        The first arm, of all members.
    scored : ndarray of bool, shape (n,)
        Who has every confounder.
    score : ndarray of float, shape (n,)
        NaN of those who are not kept, or without a score.
    weight : ndarray of float, shape (n,)
        0 of those who are not kept, NaN of all where there are no weights.
    propensity : Propensity or None
        Of those kept; None where nothing could be imputed.
    values : mapping of str to ndarray of float, shape (n,)
        By column: characteristics on their scales, of a categorical one places of its levels; NaN where missing.
    """

    adjustment: Adjustment
    adjusted: Adjusted
    pair: tuple[str, str]
    treated: np.ndarray
    scored: np.ndarray
    score: np.ndarray
    weight: np.ndarray
    propensity: Propensity | None
    values: Mapping[str, np.ndarray]

    @property
    def note(self) -> str:
        """Tell why there are no weights.

        Returns
        -------
        str
            A sentence; empty where there are.
        """
        return self.adjusted.note

    @property
    def arms(self) -> tuple[tuple[str, np.ndarray], ...]:
        """Tell who of all members is in which arm.

        Returns
        -------
        tuple of (str, ndarray of bool)
            The first arm, then the reference.
        """
        return (self.pair[0], self.treated), (self.pair[1], ~self.treated)


def weighed_sets(
    members: pd.DataFrame,
    treated: np.ndarray,
    adjustment: Adjustment,
    adjusted: Adjusted,
    pair: tuple[str, str],
    characteristics: Sequence[Balanced],
) -> list[Weighed]:
    """Gather what is known of those who are scored.

    Parameters
    ----------
    members : DataFrame
        Of the analysis set, n rows.
    treated : ndarray of bool, shape (n,)
        The first arm.
    adjustment : Adjustment
        Of the plan.
    adjusted : Adjusted
        What came of it, of these members.
    pair : tuple of (str, str)
        The first arm and the reference.
    characteristics : sequence of Balanced
        What is looked at.

    Returns
    -------
    list of Weighed
        One, or one for each imputation.
    """
    seen = {item.covariate.column: _values(members, item.covariate) for item in characteristics}
    nothing = np.full(len(members), np.nan)
    scored = ~adjusted.lost[NO_COVARIATE]
    blank = Weighed(adjustment, adjusted, pair, treated, scored, nothing, nothing, None, seen)
    return [*_sets(blank)] or [blank]


def _sets(blank: Weighed) -> Iterator[Weighed]:
    adjusted = blank.adjusted
    for place, (score, weights) in enumerate(zip(adjusted.scores, adjusted.weights, strict=True)):
        scores, weight = np.full(len(blank.treated), np.nan), np.zeros(len(blank.treated))
        scores[adjusted.kept], weight[adjusted.kept] = score.score, weights.values
        if weights.note:
            weight[:] = np.nan
        values = {**blank.values, **adjusted.completed[place]} if adjusted.completed else blank.values
        yield replace(blank, score=scores, weight=weight, propensity=score, values=values)


def _values(members: pd.DataFrame, item: Covariate) -> np.ndarray:
    if item.scale != "categorical":
        return covariate_values(members, item)
    places = {code: float(place) for place, code in enumerate(item.levels)}
    return np.array([places.get(text, np.nan) for text in covariate_levels(members, item)])


def first_day(members: pd.DataFrame, column: str) -> float:
    """Tell from which day a date is counted.

    Parameters
    ----------
    members : DataFrame
        Of the analysis set.
    column : str
        Of dates.

    Returns
    -------
    float
        Python's ordinal of the first of them; NaN where nobody has one.
    """
    first = members[column].min()
    return float("nan") if pd.isna(first) else float(first.toordinal())


def averaged(sets: Sequence[Sequence[Row]]) -> list[Row]:
    """Average rows over imputations.

    Parameters
    ----------
    sets : sequence of sequence of Row
        Rows of each, of the same keys in the same order.

    Returns
    -------
    list of Row
        A number that one of them lacks is lacking, with its note.
    """
    if len(sets) == 1:
        return list(sets[0])
    found = []
    for rows in zip(*sets, strict=True):
        lacking = next((row for row in rows if np.isnan(row.value)), None)
        found.append(lacking or replace(rows[0], value=float(np.mean([row.value for row in rows]))))
    return found

"""Balance: standardized differences of covariates between two arms, before and after weighting."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from npcstats.choices import check_choice
from npcstats.errors import DataError
from npcstats.estimators.checks import check_binary
from npcstats.estimators.continuous import StandardizedDifference, standardized_mean_difference
from npcstats.estimators.types import BoolArray, DesignMatrix, FloatArray
from npcstats.estimators.weighting.weights import Weights

BALANCE_KINDS = ("continuous", "binary", "categorical")

NO_WEIGHTS = "There are no weights."
NO_WEIGHT_LEFT = "The weights of an arm sum to 0."


@dataclass(frozen=True, eq=False)
class BalanceColumn:
    """A covariate whose balance is looked at.

    Attributes
    ----------
    name : str
        Its name.
    kind : {"continuous", "binary", "categorical"}
        Numbers, zeros and ones, or labels of one type.
    values : array_like, shape (n,)
        A value for each participant, none missing.
    """

    name: str
    kind: str
    values: npt.ArrayLike


@dataclass(frozen=True)
class Balance:
    """How far the arms are apart in one covariate.

    Attributes
    ----------
    name, kind : str
        Of the covariate.
    before : StandardizedDifference
        Of the arms as they are.
    after : StandardizedDifference
        Of the weighted arms, over the same standard deviation as `before`.
    """

    name: str
    kind: str
    before: StandardizedDifference
    after: StandardizedDifference


def compare_balance(
    covariates: DesignMatrix | Sequence[BalanceColumn],
    treated: npt.ArrayLike,
    weights: Weights | npt.ArrayLike,
    *,
    denominator: str,
) -> tuple[Balance, ...]:
    """Compare covariates between two arms before and after weighting.

    Parameters
    ----------
    covariates : DesignMatrix, shape (n, k), or sequence of BalanceColumn
        The covariates; a column of a design is binary where it holds zeros and ones only, and continuous elsewhere. A
        variable of several levels has one distance, and also one for each level where the caller gives these as
        binary columns.
    treated : array_like of bool or of 0 and 1, shape (n,)
        1 in the first arm.
    weights : Weights, or array_like of float >= 0, shape (n,)
        What each participant counts after weighting; NaN where there are no weights.
    denominator : {"average", "treated"}
        Whose variance, before and after: the mean of the arms' unweighted variances, or that of the first arm.

    Returns
    -------
    tuple of Balance
        One for each covariate, first arm minus second; what is undefined is NaN with a note.

    Raises
    ------
    DataError
        If a covariate has a missing value or one not of its kind, a weight is negative, or lengths differ.
    SpecError
        If `denominator` or a kind is not allowed.

    Notes
    -----
    *Convention.* That of `standardized_mean_difference`: only the means are weighted, so that weighting cannot seem
    to work by changing the spread.

    *Verified* against the published values of the CAMIS propensity data, and R ``MatchIt`` on the Lalonde data.

    References
    ----------
    Austin PC, Stuart EA. Stat Med 2015;34:3661. doi:10.1002/sim.6607
    """
    arm = check_binary(treated, "treated")
    check_choice(denominator, "denominator", ("average", "treated"))
    weight = _check_weights(weights, len(arm))
    given = _columns(covariates) if isinstance(covariates, DesignMatrix) else tuple(covariates)
    for column in given:
        check_choice(column.kind, f"kind of {column.name}", BALANCE_KINDS)
    return tuple(_balance(column, _values(column, len(arm)), arm, weight, denominator) for column in given)


def _check_weights(weights: Weights | npt.ArrayLike, length: int) -> FloatArray:
    values = weights.values if isinstance(weights, Weights) else np.asarray(weights, dtype=np.float64)
    if values.shape != (length,):
        raise DataError(f"weights: has shape {values.shape}; ({length},) required, one for each participant.")
    missing = np.isnan(values)
    if (missing.any() and not missing.all()) or (values[~missing] < 0).any() or np.isinf(values).any():
        raise DataError("weights: has values missing, negative or infinite; finite weights of at least 0 are required.")
    return values


def _columns(design: DesignMatrix) -> tuple[BalanceColumn, ...]:
    binary = ((design.values == 0) | (design.values == 1)).all(axis=0)
    return tuple(
        BalanceColumn(name, "binary" if binary[place] else "continuous", design.values[:, place])
        for place, name in enumerate(design.names)
    )


def _values(column: BalanceColumn, length: int) -> npt.NDArray[Any]:
    # labels in a list stay what they are: NumPy would make texts of them all
    given = column.values
    values = given if isinstance(given, np.ndarray) else np.asarray(given, dtype=object)
    if values.shape != (length,):
        raise DataError(f"{column.name}: has shape {values.shape}; ({length},) required, one for each participant.")
    return values


def _balance(
    column: BalanceColumn, values: npt.NDArray[Any], arm: BoolArray, weight: FloatArray, denominator: str
) -> Balance:
    parts = values[arm], values[~arm]
    before = standardized_mean_difference(*parts, kind=column.kind, denominator=denominator)
    weight1, weight0 = weight[arm], weight[~arm]
    missing = bool(np.isnan(weight).any())
    if missing or not (weight1.sum() > 0 and weight0.sum() > 0):
        note = before.note or (NO_WEIGHTS if missing else NO_WEIGHT_LEFT)
        after = StandardizedDifference(math.nan, column.kind, denominator, note)
    else:
        after = standardized_mean_difference(
            *parts, kind=column.kind, denominator=denominator, weights1=weight1, weights0=weight0
        )
    return Balance(column.name, column.kind, before, after)

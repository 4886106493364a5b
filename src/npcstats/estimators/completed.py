"""Effects in courses that were completed several times: pooled, and shifted where values were imputed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Final

import numpy as np

from npcstats.errors import DataError
from npcstats.estimators.imputation import Pooled, pool_imputations
from npcstats.estimators.types import BoolArray, DesignMatrix, FloatArray

_SAME: Final = 1e-8
_STEPS: Final = 200
_HALVINGS: Final = 60


@dataclass(frozen=True, eq=False)
class ShiftedEffect:
    """A coefficient of a linear model in m completed data sets, for any shift of what was imputed.

    Attributes
    ----------
    estimates : float array, shape (m,)
        Coefficient where nothing is shifted; none where it is not estimable.
    pull : float array, shape (2,)
        What a shift of one adds to it: of the values imputed in the first group, and in the reference.
    squares : float array, shape (m,)
        Residual sums of squares where nothing is shifted.
    crossed : float array, shape (m, 2)
        Products of the residuals with those of the two indicators of imputed values.
    spread : float array, shape (2, 2)
        Products of the residuals of the two indicators.
    scale : float
        Variance of the coefficient over that of the residuals.
    df : float
        Residual degrees of freedom.
    note : str
        Why it is not estimable; empty otherwise.
    """

    estimates: FloatArray
    pull: FloatArray
    squares: FloatArray
    crossed: FloatArray
    spread: FloatArray
    scale: float
    df: float
    note: str = ""

    @classmethod
    def nothing(cls, m: int, note: str) -> ShiftedEffect:
        """Make one that is not estimable.

        Parameters
        ----------
        m : int
            Completed data sets.
        note : str
            Why.

        Returns
        -------
        ShiftedEffect
            All NaN.
        """
        nan, none = np.full(m, np.nan), np.zeros((2, 2))
        return cls(nan, np.zeros(2), nan, np.zeros((m, 2)), none, float("nan"), float("nan"), note)

    def pooled(self, first: float, reference: float, *, conf_level: float) -> Pooled:
        """Pool the coefficient where imputed values are shifted.

        Parameters
        ----------
        first, reference : float
            Added to each value imputed in the first group, and in the reference, in the outcome's unit.
        conf_level : float in (0, 1)
            Confidence level.

        Returns
        -------
        Pooled
            By Rubin's rules with Barnard and Rubin's degrees of freedom; NaN with a note where not estimable.
        """
        if self.note:
            return Pooled(*(float("nan"),) * 11, len(self.squares), conf_level, self.note)
        shift = np.array([first, reference])
        squares = self.squares + 2 * self.crossed @ shift + shift @ self.spread @ shift
        variances = np.maximum(squares, 0.0) / self.df * self.scale
        return pool_imputations(
            self.estimates + self.pull @ shift, variances, conf_level=conf_level, complete_df=self.df
        )

    def turning(self, *, of_first: bool, farthest: float, conf_level: float) -> float:
        """Find the smallest shift of one group's imputed values that changes what the limits say of no difference.

        Parameters
        ----------
        of_first : bool
            Whether the first group's are shifted, or the reference's.
        farthest : float
            Largest shift in either direction.
        conf_level : float in (0, 1)
            Confidence level of the limits.

        Returns
        -------
        float
            The shift at which limits that left out 0 first hold it, or the other way round; NaN where none up to the
            farthest does, and where there are no limits.
        """
        place = 0 if of_first else 1
        if self.note or self.pull[place] == 0:
            return float("nan")

        side = partial(self._side, of_first, conf_level)
        start = side(0.0)
        steps = np.linspace(0.0, farthest, _STEPS + 1)
        for near, far in pairwise(steps):
            turned = [_narrow(side, sign * near, sign * far, start) for sign in (1, -1) if side(sign * far) != start]
            if turned:
                return min(turned, key=abs)
        return float("nan")

    def _side(self, of_first: bool, conf_level: float, shift: float) -> float:
        """On which side of 0 the limits are; 0 where they hold it, or there are none."""
        found = self.pooled(shift if of_first else 0.0, 0.0 if of_first else shift, conf_level=conf_level)
        return float(found.lower > 0) - float(found.upper < 0)


def _narrow(side: Callable[[float], float], near: float, far: float, start: float) -> float:
    """The point between two where a step function leaves the value it has at the first."""
    for _ in range(_HALVINGS):
        middle = (near + far) / 2
        near, far = (middle, far) if side(middle) == start else (near, middle)
    return far


def compare_completed(
    values: FloatArray, design: DesignMatrix, column: str, first: BoolArray, reference: BoolArray
) -> ShiftedEffect:
    """Fit a linear model to each of several completed data sets.

    Parameters
    ----------
    values : float array, shape (m, n)
        Outcome of n participants in each data set.
    design : DesignMatrix, shape (n, k)
        The same in all of them, with an intercept where one is wanted.
    column : str
        Whose coefficient is wanted.
    first, reference : bool array, shape (n,)
        Whose value was imputed, of the first group and of the reference.

    Returns
    -------
    ShiftedEffect
        Not estimable, with a `note`, where the column depends on the others, or no degrees of freedom are left.

    Raises
    ------
    DataError
        If shapes do not fit, a value is missing, or the design has no such column.

    Notes
    -----
    *Formula.* Least squares. A shift of imputed values changes the coefficient by its coefficient on their indicator,
    and the residual sum of squares by a quadratic form, so that no data set is fitted again.
    """
    n = len(design.values)
    if values.ndim != 2 or values.shape[1] != n or first.shape != (n,) or reference.shape != (n,):
        raise DataError(f"values: has shape {values.shape}; one column for each of {n} rows of the design is required.")
    if column not in design.names or not np.isfinite(values).all():
        raise DataError(f"values, column: a value is missing, or the design has no column {column!r}; both required.")
    own, rows, _ = np.linalg.svd(design.values, full_matrices=False) if n else (np.zeros((0, 0)), np.zeros(0), None)
    own = own[:, rows > _SAME * rows.max(initial=0.0)]
    place = design.names.index(column)
    others = np.delete(design.values, place, axis=1)
    rest = _left(others, design.values[:, place])
    length, df = float(rest @ rest), float(n - own.shape[1])
    if not length > _SAME**2 * max(float(design.values[:, place] @ design.values[:, place]), 1e-300):
        return ShiftedEffect.nothing(
            len(values), "The groups are not both there, or nothing tells them from the other covariates."
        )
    if df < 1:
        return ShiftedEffect.nothing(len(values), "No degrees of freedom are left.")
    weights = rest / length
    marked = np.column_stack([first, reference]).astype(float)
    residual = values - (values @ own) @ own.T
    of_marks = marked - own @ (own.T @ marked)
    return ShiftedEffect(
        values @ weights,
        weights @ marked,
        (residual**2).sum(axis=1),
        residual @ of_marks,
        of_marks.T @ of_marks,
        1 / length,
        df,
    )


def _left(columns: FloatArray, of: FloatArray) -> FloatArray:
    """What columns do not explain of another."""
    if not columns.size:
        return of
    found = np.linalg.lstsq(columns, of, rcond=None)[0]
    return np.asarray(of - columns @ found)

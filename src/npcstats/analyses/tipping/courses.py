"""Courses of a marker: who was seen when, what is imputed, who is not, and the design of the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from npcstats.analyses.adjustment.design import covariate_columns
from npcstats.analyses.tipping.rows import DIED, NO_BASELINE, NO_COVARIATE, NOT_DUE
from npcstats.analyses.tipping.spec import CompletedMarker, TippingSpec
from npcstats.derive import marker_values, require_columns, visit_due
from npcstats.estimators.reference_based import Courses, last_seen
from npcstats.estimators.types import DesignMatrix
from npcstats.study import Study, Visit

ARM_COLUMN = "arm"


@dataclass(frozen=True, eq=False)
class Followed:
    """A marker's courses among n members.

    Attributes
    ----------
    change : float array, shape (n, v)
        From baseline, on the scale of the model; NaN without a value.
    baseline : float array, shape (n,)
        NaN without a value.
    kept : bool array, shape (n,)
        Who has a baseline value and every covariate.
    absent : mapping of str to bool array, shape (n,)
        Who is not kept, by reason.
    lost : mapping of str to bool array, shape (n, v)
        At each visit who was not seen and is not imputed, by reason.
    covariates : mapping of str to float array, shape (n,)
        Columns of the design.
    """

    change: np.ndarray
    baseline: np.ndarray
    kept: np.ndarray
    absent: Mapping[str, np.ndarray]
    lost: Mapping[str, np.ndarray]
    covariates: Mapping[str, np.ndarray]

    @property
    def seen(self) -> np.ndarray:
        """Of those kept, who has a value.

        Returns
        -------
        bool array, shape (n, v)
            By visit.
        """
        return np.asarray(~np.isnan(self.change) & self.kept[:, None])

    @property
    def missing(self) -> np.ndarray:
        """Of those kept, who was due and alive and has no value.

        Returns
        -------
        bool array, shape (n, v)
            By visit.
        """
        lost = np.logical_or.reduce(list(self.lost.values()))
        return np.asarray(np.isnan(self.change) & self.kept[:, None] & ~lost)

    @property
    def after(self) -> np.ndarray:
        """Of those missing, who was not seen later either.

        Returns
        -------
        bool array, shape (n, v)
            By visit.
        """
        later = np.arange(self.change.shape[1]) > last_seen(self.seen)[:, None]
        return np.asarray(self.missing & later)


def follow_marker(study: Study, members: pd.DataFrame, spec: TippingSpec, marker: CompletedMarker) -> Followed:
    """Find a marker's courses.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    members : DataFrame
        Of the population, n rows.
    spec : TippingSpec
        As in the plan.
    marker : CompletedMarker
        One of its markers.

    Returns
    -------
    Followed
        Of all members.

    Raises
    ------
    DataError
        If a column is not in the data, or a value is not of the marker's unit or scale.
    """
    reason = f"analysis {spec.id}"
    require_columns(members, "adsl", ("DTHDT",), reason)
    visits = [study.design.visit(code) for code in (spec.baseline, *spec.visits)]
    values = marker_values(study, members, visits, code=marker.code, unit=marker.unit, scale=marker.scale,
                           below_limit=spec.below_limit, reason=reason)  # fmt: skip
    columns, known = covariate_columns(study, members, spec.covariates, spec.id)
    measured = ~np.isnan(values[:, 0])
    unseen = np.isnan(values[:, 1:])
    died = np.column_stack([_died_before(members, visit) for visit in visits[1:]])
    due = np.column_stack([visit_due(study, members, visit) for visit in visits[1:]])
    return Followed(
        values[:, 1:] - values[:, :1],
        values[:, 0],
        measured & known,
        {NO_BASELINE: ~measured, NO_COVARIATE: measured & ~known},
        {DIED: unseen & died, NOT_DUE: unseen & ~died & ~due},
        columns,
    )


def _died_before(members: pd.DataFrame, visit: Visit) -> np.ndarray:
    """Tell who died before a visit's window opened, or before the date that it is counted from."""
    opens = members[visit.anchor] + pd.Timedelta(days=visit.first)
    died = members["DTHDT"]
    return np.asarray((died.notna() & (opens.isna() | (died < opens))).to_numpy())


def courses_of(followed: Followed, treated: np.ndarray, visits: tuple[str, ...]) -> Courses:
    """Make the courses of those kept as the estimator takes them.

    Parameters
    ----------
    followed : Followed
        Of n members.
    treated : bool array, shape (n,)
        Who is in the first arm.
    visits : tuple of str
        Codes, for the names of columns.

    Returns
    -------
    Courses
        Columns: of each visit an intercept, the first arm and the baseline value, then the covariates.
    """
    kept = followed.kept
    own = _cells(followed, treated, len(visits))[kept]
    reference = _cells(followed, np.zeros_like(treated), len(visits))[kept]
    names = tuple(f"{what} {code}" for what in ("visit", ARM_COLUMN, "baseline") for code in visits)
    return Courses(followed.change[kept], own, reference, (*names, *followed.covariates), followed.missing[kept],
                   treated[kept].astype(np.intp))  # fmt: skip


def _cells(followed: Followed, treated: np.ndarray, v: int) -> np.ndarray:
    own = np.eye(v)
    parts = [np.ones(len(treated)), treated.astype(float), np.nan_to_num(followed.baseline)]
    blocks = [part[:, None, None] * own for part in parts]
    shared = [np.repeat(column[:, None, None], v, axis=1) for column in followed.covariates.values()]
    return np.concatenate([*blocks, *shared], axis=2)


def design_at(followed: Followed, treated: np.ndarray, there: np.ndarray) -> DesignMatrix:
    """Make the design of the comparison at one visit.

    Parameters
    ----------
    followed : Followed
        Of n members.
    treated : bool array, shape (n,)
        Who is in the first arm.
    there : bool array, shape (n,)
        Who is compared.

    Returns
    -------
    DesignMatrix
        Intercept, first arm, baseline value, covariates.
    """
    columns = {"intercept": np.ones(len(treated)), ARM_COLUMN: treated.astype(float), "baseline": followed.baseline,
               **followed.covariates}  # fmt: skip
    return DesignMatrix(np.column_stack([column[there] for column in columns.values()]), tuple(columns))

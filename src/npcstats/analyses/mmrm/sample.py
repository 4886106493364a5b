"""Who is in the model of a marker, what they bring, and who is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from npcstats.analyses.adjustment.design import covariate_columns
from npcstats.analyses.adjustment.weighing import Adjusted, adjust
from npcstats.analyses.mmrm.rows import NO_BASELINE, NO_CHANGE, NO_COVARIATE
from npcstats.analyses.mmrm.spec import MmrmSpec, ModelledMarker
from npcstats.derive import marker_values, require_columns
from npcstats.study import ARM, Study


@dataclass(frozen=True, eq=False)
class Sample:
    """Those in the model of a marker.

    Attributes
    ----------
    kept : ndarray of bool, shape (n,)
        Who of the members.
    absent : mapping of str to ndarray of bool, shape (n,)
        Who is not, by reason.
    change : float array, shape (m, v)
        Of those kept, on the scale of the model; NaN without a value.
    baseline : float array, shape (m,)
        Their baseline values.
    arm : array of str, shape (m,)
        Codes of their arms; all empty where arms are not told apart.
    covariates : mapping of str to float array, shape (m,)
        Columns of the design.
    died : bool array, shape (n, v)
        Of the members, who had died before the visit's window opened.
    adjusted : Adjusted or None
        Their weights.
    """

    kept: np.ndarray
    absent: Mapping[str, np.ndarray]
    change: np.ndarray
    baseline: np.ndarray
    arm: np.ndarray
    covariates: Mapping[str, np.ndarray]
    died: np.ndarray
    adjusted: Adjusted | None

    @property
    def weights(self) -> np.ndarray | None:
        """Weights of those kept.

        Returns
        -------
        float array, shape (m,), or None
            None where there are none.
        """
        usable = self.adjusted and not self.adjusted.note and self.adjusted.weights
        return np.asarray(self.adjusted.weights[0].values) if self.adjusted and usable else None


def sample_marker(
    study: Study, members: pd.DataFrame, spec: MmrmSpec, marker: ModelledMarker, pair: tuple[str, str] | None
) -> Sample:
    """Find who is in the model of a marker.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    members : DataFrame
        Of the population, n rows.
    spec : MmrmSpec
        As in the plan.
    marker : ModelledMarker
        One of its markers.
    pair : tuple of (str, str) or None
        The arms that are compared; without them nothing is weighted.

    Returns
    -------
    Sample
        Of members with a baseline value, a value after it and every covariate.

    Raises
    ------
    DataError
        If a column is not in the data, or a value is not of the marker's unit or scale.
    """
    reason = f"analysis {spec.id}"
    visits = [study.design.visit(code) for code in (spec.baseline, *spec.visits)]
    values = marker_values(
        study,
        members,
        visits,
        code=marker.code,
        unit=marker.unit,
        scale=marker.scale,
        below_limit=spec.below_limit,
        reason=reason,
    )
    change = values[:, 1:] - values[:, :1]
    measured, seen = ~np.isnan(values[:, 0]), (~np.isnan(values[:, 1:])).any(axis=1)
    columns, known = covariate_columns(study, members, spec.covariates, spec.id)
    kept = measured & seen & known
    absent = {
        NO_BASELINE: ~measured,
        NO_CHANGE: measured & ~seen,
        NO_COVARIATE: measured & seen & ~known,
    }
    kept, absent, adjusted = _weighed(study, members, spec, pair, kept, absent)
    require_columns(members, "adsl", ("DTHDT",), reason)
    died = [members["DTHDT"] < members[visit.anchor] + pd.Timedelta(days=visit.first) for visit in visits[1:]]
    arm = members[ARM].to_numpy(dtype=str) if study.arms else np.full(len(members), "")
    return Sample(
        kept,
        absent,
        change[kept],
        values[kept, 0],
        arm[kept],
        {name: column[kept] for name, column in columns.items()},
        np.column_stack([column.to_numpy(dtype=bool) for column in died]),
        adjusted,
    )


def _weighed(
    study: Study,
    members: pd.DataFrame,
    spec: MmrmSpec,
    pair: tuple[str, str] | None,
    kept: np.ndarray,
    absent: Mapping[str, np.ndarray],
) -> tuple[np.ndarray, dict[str, np.ndarray], Adjusted | None]:
    """The same without those who have no weight, which are fitted among those who are in the model."""
    if spec.adjustment is None or pair is None:
        return kept, dict(absent), None
    places = np.flatnonzero(kept)
    inside = members.loc[kept].reset_index(drop=True)
    adjusted = adjust(study, inside, (inside[ARM] == pair[0]).to_numpy(), spec.adjustment, spec.id)
    everyone, lost = np.arange(len(members)), dict(absent)
    for reason, mask in adjusted.lost.items():
        lost[reason] = lost.get(reason, np.zeros(len(members), dtype=bool)) | np.isin(everyone, places[mask])
    return np.isin(everyone, places[adjusted.kept]), lost, adjusted

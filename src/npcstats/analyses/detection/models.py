"""How arms compare at each visit where some values are below their limit: three models of one design."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from npcstats.analyses.detection.rows import CUT_OFF, DETECTED, HALF_LIMIT
from npcstats.analyses.detection.spec import DetectionSpec, LimitedMarker
from npcstats.analyses.detection.values import Readings
from npcstats.estimators.censored import Gee, Tobit, fit_gee_logistic, fit_tobit
from npcstats.estimators.mmrm import Mmrm, fit_mmrm
from npcstats.estimators.types import Contrast, DesignMatrix

NOBODY = "Nobody has a value at baseline and after it, and every covariate."
NOT_SEEN = "The first group or the reference group has no value at this visit in the model."


@dataclass(frozen=True, eq=False)
class Compared:
    """Who is in the models of a marker, and what they bring.

    Attributes
    ----------
    readings : Readings
        Of the m who are, at the baseline and v visits after it.
    first : bool array, shape (m,)
        Who is of the first arm.
    covariates : mapping of str to float array, shape (m,)
        Columns of the design.
    """

    readings: Readings
    first: np.ndarray
    covariates: Mapping[str, np.ndarray]


def compare_visits(compared: Compared, block: str, marker: LimitedMarker, spec: DetectionSpec) -> list[Contrast]:
    """Compare the arms at each visit after the baseline by one model.

    Parameters
    ----------
    compared : Compared
        Who is in it.
    block : str
        What a value below its limit is taken for.
    marker : LimitedMarker
        Of the plan.
    spec : DetectionSpec
        Of the plan.

    Returns
    -------
    list of Contrast
        Differences of logarithms or of log odds, one for each visit; NaN with the reason where there is none.
    """
    known = compared.readings.known[:, 1:]
    visits = known.shape[1]
    who, at = np.nonzero(known)
    if not len(who):
        return [_nothing(NOBODY)] * visits
    design = _design(compared, block, marker, who, at)
    model = _fit(compared, block, marker, spec, design, who, at)
    return [_contrast(model, design, known, compared.first, i) for i in range(visits)]


def _contrast(
    model: Mmrm | Tobit | Gee, design: DesignMatrix, known: np.ndarray, first: np.ndarray, i: int
) -> Contrast:
    if not known[first, i].any() or not known[~first, i].any():
        return _nothing(NOT_SEEN)
    found = model.contrast([float(name == _arm_name(i)) for name in design.names])
    assert isinstance(found, Contrast)  # of one row
    return found


def _nothing(why: str) -> Contrast:
    nan = float("nan")
    return Contrast(nan, nan, nan, nan, nan, nan, nan, why)


def _arm_name(visit: int) -> str:
    return f"arm at {visit}"


def _design(compared: Compared, block: str, marker: LimitedMarker, who: np.ndarray, at: np.ndarray) -> DesignMatrix:
    """A column for each visit, for the first arm at it, for the baseline and for each covariate."""
    readings, visits = compared.readings, range(compared.readings.value.shape[1] - 1)
    columns = {f"visit {i}": at == i for i in visits} | {_arm_name(i): compared.first[who] & (at == i) for i in visits}
    if block in (HALF_LIMIT, CUT_OFF):
        baseline = readings.halved[:, 0] - readings.halved[:, 0].mean()
        columns |= {f"baseline at {i}": baseline[who] * (at == i) for i in visits}
        columns["baseline below its limit"] = readings.below[who, 0]
    else:
        columns["baseline"] = _yes(readings, marker)[who, 0]
    columns |= {f"covariate {name}": column[who] for name, column in compared.covariates.items()}
    return DesignMatrix(
        np.column_stack([np.asarray(column, dtype=float) for column in columns.values()]), tuple(columns)
    )


def _yes(readings: Readings, marker: LimitedMarker) -> np.ndarray:
    return readings.detected if marker.yes == DETECTED else readings.known & ~readings.below


def _fit(
    compared: Compared,
    block: str,
    marker: LimitedMarker,
    spec: DetectionSpec,
    design: DesignMatrix,
    who: np.ndarray,
    at: np.ndarray,
) -> Mmrm | Tobit | Gee:
    readings, level = compared.readings, spec.conf_level
    if block == HALF_LIMIT:
        assert spec.df_method  # the plan is refused otherwise
        several = len(np.unique(at)) > 1
        return fit_mmrm(
            readings.halved[who, at + 1],
            design,
            who,
            at,
            covariance="compound-symmetry" if several else "unstructured",
            df_method=spec.df_method,
            conf_level=level,
        )
    if block == CUT_OFF:
        return fit_tobit(readings.value[who, at + 1], readings.below[who, at + 1], design, who, conf_level=level)
    assert spec.variance  # the plan is refused otherwise
    return fit_gee_logistic(_yes(readings, marker)[who, at + 1], design, who, variance=spec.variance, conf_level=level)


def modelled_members(
    readings: Readings, has_covariates: np.ndarray, reasons: Sequence[str]
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Find who is in the models of a marker, and why others are not.

    Parameters
    ----------
    readings : Readings
        Of n members.
    has_covariates : bool array, shape (n,)
        Who has every covariate.
    reasons : sequence of str
        Names of the reasons: no baseline, no value after it, no covariate.

    Returns
    -------
    bool array, shape (n,)
        Who is.
    dict of str to bool array, shape (n,)
        Who is not, by the first reason that is true.
    """
    measured, seen = readings.known[:, 0], readings.known[:, 1:].any(axis=1)
    masks = (~measured, measured & ~seen, measured & seen & ~has_covariates)
    return measured & seen & has_covariates, dict(zip(reasons, masks, strict=True))

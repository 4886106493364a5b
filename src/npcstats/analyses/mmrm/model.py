"""The design of a mixed model, its fit by the first covariance that converges, and combinations of its coefficients."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from npcstats.analyses.adjustment.spec import Covariate
from npcstats.analyses.mmrm.rows import (
    ARM_TERM,
    BASELINE_TERM,
    BASELINE_VISIT,
    INTERACTION,
    UNADJUSTED,
    VISIT_TERM,
)
from npcstats.analyses.mmrm.sample import Sample
from npcstats.analyses.mmrm.spec import MmrmSpec
from npcstats.estimators.mmrm import Covariance, Mmrm, Variance, fit_mmrm
from npcstats.estimators.types import DesignMatrix

NOBODY = "Nobody has a baseline value, a value after it and every covariate."
_VISIT = re.compile(r"(?<=visit )\d+|(?<=visits )\d+|(?<=and )\d+")


@dataclass(frozen=True, eq=False)
class Model:
    """A model of one marker.

    Attributes
    ----------
    block : str
        Its block in results.
    arms : tuple of str
        Arms that have terms; the last is the reference; one, empty, where they are not told apart.
    design : DesignMatrix, shape (n, k)
        Of the observations.
    who, when : int array, shape (n,)
        Place of each observation among those kept, and among the visits of the plan.
    present : tuple of int
        Visits of the plan at which somebody has a value.
    cells : frozenset of (str, int)
        Arms and visits at which somebody of the arm has a value.
    weights : float array, shape (m,), or None
        Of those kept.
    margins : mapping of str to float
        Value of each covariate's column in a least-squares mean.
    fit : Mmrm or None
        None where there is nothing to fit.
    structure : str
        Covariance that was used; empty where none converged.
    failed : mapping of str to str
        Structures that were tried before it, and why each did not do.
    note : str
        Why nothing is estimated; empty otherwise.
    """

    block: str
    arms: tuple[str, ...]
    design: DesignMatrix
    who: np.ndarray
    when: np.ndarray
    present: tuple[int, ...]
    cells: frozenset[tuple[str, int]]
    weights: np.ndarray | None
    margins: Mapping[str, float]
    fit: Mmrm | None
    structure: str
    failed: Mapping[str, str]
    note: str

    def row(self, parts: Mapping[str, float]) -> np.ndarray:
        """A combination of coefficients.

        Parameters
        ----------
        parts : mapping of str to float
            By name of a column; others are 0.

        Returns
        -------
        float array, shape (k,)
            In the order of the design.
        """
        found = np.zeros(len(self.design.names))
        places = {name: i for i, name in enumerate(self.design.names)}
        for name, value in parts.items():
            found[places[name]] += value
        return found

    def mean(self, arm: str, visits: Sequence[int], margins: Mapping[str, float]) -> np.ndarray:
        """A mean of an arm at a visit, or averaged over some, the baseline value at its mean.

        Parameters
        ----------
        arm : str
            One of `arms`.
        visits : sequence of int
            Places among those of the plan, all of them in `present`.
        margins : mapping of str to float
            Value of each covariate's column.

        Returns
        -------
        float array, shape (k,)
            Combination of coefficients.
        """
        return self.row({**{cell_column(arm, j): 1 / len(visits) for j in visits}, **margins})

    def contrast(self, arm: str, visits: Sequence[int]) -> np.ndarray:
        """What sets an arm apart from the reference at a visit, or averaged over some.

        Parameters
        ----------
        arm : str
            One of `arms`, not the last.
        visits : sequence of int
            As of `mean`.

        Returns
        -------
        float array, shape (k,)
            Combination of coefficients.
        """
        return np.asarray(self.mean(arm, visits, {}) - self.mean(self.arms[-1], visits, {}))

    def seen(self, arms: Sequence[str], visits: Sequence[int]) -> bool:
        """Tell whether somebody of each arm has a value at each visit.

        Parameters
        ----------
        arms : sequence of str
            Some of `arms`.
        visits : sequence of int
            Places among those of the plan.

        Returns
        -------
        bool
            False where a mean or a contrast of these is not determined.
        """
        return all((arm, j) in self.cells for arm in arms for j in visits)


def cell_column(arm: str, visit: int) -> str:
    """Name the column of an arm at a visit.

    Parameters
    ----------
    arm : str
        Code; empty where arms are not told apart.
    visit : int
        Place among those of the plan.

    Returns
    -------
    str
        Its name in the design.
    """
    return f"arm {arm} visit {visit}"


def baseline_column(visit: int) -> str:
    """Name the column of the baseline value at a visit.

    Parameters
    ----------
    visit : int
        Place among those of the plan.

    Returns
    -------
    str
        Its name in the design.
    """
    return f"baseline {visit}"


def fit_block(sample: Sample, spec: MmrmSpec, block: str, arms: tuple[str, ...], labels: tuple[str, ...]) -> Model:
    """Fit one model of a marker by the first covariance structure that converges.

    Parameters
    ----------
    sample : Sample
        Who is in it.
    spec : MmrmSpec
        As in the plan.
    block : str
        ``unadjusted``, ``adjusted``, or the name of the adjustment.
    arms : tuple of str
        Arms that are told apart; none where they are not.
    labels : tuple of str
        What its visits are called.

    Returns
    -------
    Model
        Without a fit where nothing can be estimated, with the reason.
    """
    weighted = spec.adjustment is not None and block == spec.adjustment.name
    weights = sample.weights if weighted else None
    covariates = sample.covariates if block == spec.main and block != UNADJUSTED else {}
    design, who, when, present = _design(sample, arms or ("",), covariates, weights)
    margins = _margins(covariates, spec, weights)
    note = NOBODY if not len(who) else ""
    if weighted and weights is None and sample.adjusted:
        note = sample.adjusted.note or NOBODY
    fit: Mmrm | None = None
    structure = ""
    failed: dict[str, str] = {}
    if not note:
        y = sample.change[who, when]
        fit, structure, failed = _first_converging(y, design, who, when, spec, weights)
        failed = {name: _VISIT.sub(lambda found: f"“{labels[int(found[0])]}”", why) for name, why in failed.items()}
        note = "" if structure else _none_converged(failed)
    codes = sample.arm[who] if arms else np.full(len(who), "")
    cells = frozenset(zip(codes.tolist(), when.tolist(), strict=True))
    return Model(
        block, arms or ("",), design, who, when, present, cells, weights, margins, fit, structure, failed, note
    )


def _none_converged(failed: Mapping[str, str]) -> str:
    reasons = dict.fromkeys(failed.values())
    return f"No covariance structure of the plan can be fitted: {' '.join(reasons)}"


def _first_converging(
    y: np.ndarray,
    design: DesignMatrix,
    who: np.ndarray,
    when: np.ndarray,
    spec: MmrmSpec,
    weights: np.ndarray | None,
) -> tuple[Mmrm | None, str, dict[str, str]]:
    failed: dict[str, str] = {}
    variance: Variance = "model"
    df_method = spec.df_method
    if weights is not None:
        assert spec.robust  # the plan is refused otherwise
        assert spec.robust_df
        variance, df_method = spec.robust, spec.robust_df
    structures: tuple[Covariance, ...] = spec.structures if len(np.unique(when)) > 1 else ("unstructured",)
    for structure in structures:
        fit = fit_mmrm(
            y,
            design,
            who,
            when,
            covariance=structure,
            df_method=df_method,
            conf_level=spec.conf_level,
            weights=None if weights is None else weights[who],
            variance=variance,
        )
        if fit.converged:
            return fit, structure, failed
        failed[structure] = fit.note
    return None, "", failed


def _design(
    sample: Sample, arms: tuple[str, ...], covariates: Mapping[str, np.ndarray], weights: np.ndarray | None
) -> tuple[DesignMatrix, np.ndarray, np.ndarray, tuple[int, ...]]:
    """Columns of arms at visits, of the centered baseline value at visits, and of covariates."""
    who, when = np.nonzero(~np.isnan(sample.change))
    present = tuple(int(j) for j in np.unique(when))
    centered = sample.baseline - np.average(sample.baseline, weights=weights) if len(sample.baseline) else np.empty(0)
    columns = {
        cell_column(arm, j): ((sample.arm[who] == arm) & (when == j)).astype(float) for arm in arms for j in present
    }
    columns |= {baseline_column(j): np.where(when == j, centered[who], 0.0) for j in present}
    columns |= {name: column[who] for name, column in covariates.items()}
    values = np.column_stack([*columns.values()]) if columns else np.empty((0, 0))
    return DesignMatrix(values, tuple(columns)), who, when, present


def _margins(covariates: Mapping[str, np.ndarray], spec: MmrmSpec, weights: np.ndarray | None) -> dict[str, float]:
    """Value of each covariate's column in a least-squares mean."""
    found = {name: float(np.average(column, weights=weights)) for name, column in covariates.items() if len(column)}
    if spec.margins == "equal":
        for item in spec.covariates:
            found |= _equal(item, found)
    return found


def _equal(item: Covariate, shares: Mapping[str, float]) -> dict[str, float]:
    """The same share for each level that somebody has."""
    names = [f"{item.column}={code}" for code in list(item.levels)[1:]]
    own = {name: shares[name] for name in names if name in shares}
    first = 1 - sum(own.values()) > 1e-9
    levels = sum(share > 0 for share in own.values()) + first
    return {name: (1 / levels if share > 0 else 0.0) for name, share in own.items()}


def term_rows(model: Model) -> dict[str, np.ndarray]:
    """Coefficients that are 0 where a term has no effect.

    Parameters
    ----------
    model : Model
        With visits at which somebody has a value.

    Returns
    -------
    dict of str to float array, shape (r, k)
        Terms in page order, each with one row or more; those that the model has not are left out.
    """
    first, later = model.present[0], model.present[1:]
    arms = [arm for arm in model.arms if any((arm, j) in model.cells for j in model.present)]
    others = arms[:-1]
    found: dict[str, list[np.ndarray]] = {
        ARM_TERM: [_apart(model, a, arms[-1], j) for a in others for j in model.present],
        INTERACTION: [_apart(model, a, arms[-1], j) - _apart(model, a, arms[-1], first) for a in others for j in later],
        VISIT_TERM: [
            np.mean([model.mean(a, [j], {}) - model.mean(a, [first], {}) for a in arms], axis=0) for j in later
        ],
        BASELINE_TERM: [model.row({baseline_column(j): 1.0}) for j in model.present],
        BASELINE_VISIT: [model.row({baseline_column(j): 1.0, baseline_column(first): -1.0}) for j in later],
    }
    return {name: np.array(rows) for name, rows in found.items() if rows}


def _apart(model: Model, arm: str, other: str, visit: int) -> np.ndarray:
    return np.asarray(model.mean(arm, [visit], {}) - model.mean(other, [visit], {}))


def rows_as_they_are(model: Model, sample: Sample, row: np.ndarray) -> np.ndarray:
    """A combination of coefficients for each participant, whose covariates are their own.

    Parameters
    ----------
    model : Model
        With a design.
    sample : Sample
        Those in it.
    row : float array, shape (k,)
        From `Model.mean`, covariates left at 0.

    Returns
    -------
    float array, shape (m, k)
        One for each participant.
    """
    places = {name: i for i, name in enumerate(model.design.names)}
    found = np.tile(row, (len(sample.baseline), 1))
    centered = sample.baseline - np.average(sample.baseline, weights=model.weights)
    for j in model.present:
        share = sum(row[places[cell_column(arm, j)]] for arm in model.arms)
        found[:, places[baseline_column(j)]] = share * centered
    for name in model.margins:
        found[:, places[name]] = sample.covariates[name]
    return found

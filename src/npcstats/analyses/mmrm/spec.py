"""What a plan says of a mixed model of markers, and what of it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from npcstats.analyses.adjustment.spec import Adjustment, Covariate, adjustment_faults, covariate_faults, covariate_idle
from npcstats.analyses.mmrm.rows import ADJUSTED, IDENTITY, LOG, STRUCTURE_LABELS, UNADJUSTED
from npcstats.choices import choice_faults, faults_within, number_faults, repeat_faults
from npcstats.derive import BELOW_LIMITS, BelowLimit
from npcstats.estimators.mmrm import Covariance, Freedom
from npcstats.study import UNADJUSTED as AS_OBSERVED
from npcstats.study import Estimand, Status

Scale = Literal["log", "identity"]
SCALES: tuple[Scale, ...] = (LOG, IDENTITY)
Margins = Literal["equal", "proportional", ""]
MARGINS: tuple[Margins, ...] = ("equal", "proportional")
Robust = Literal["cr0", "cr2", ""]
ROBUST: tuple[Robust, ...] = ("cr0", "cr2")
MULTIPLICITIES = ("benjamini-hochberg", "holm", "")
DF_METHODS = ("kenward-roger", "kenward-roger-linear", "satterthwaite", "residual")
"""Those that do not depend on how the design is coded."""
ROBUST_DF_METHODS = ("satterthwaite", "residual")
"""Those of them that know a variance other than the model's."""
_PAIR = 2


@dataclass(frozen=True)
class ModelledMarker:
    """One marker.

    Parameters
    ----------
    code, label : str
        PARAMCD, and its name on the page.
    unit : str
        Unit of AVAL, as recorded; a record in another unit is an error.
    scale : {"log", "identity"}
        What is modelled: the change of the logarithm, so that means are ratios, or that of the value itself.
    style : str
        Formatting style of a change; ratios have their own.
    """

    code: str
    label: str
    unit: str
    scale: Scale
    style: str


@dataclass(frozen=True)
class MmrmSpec:
    """Course of markers after a baseline, by a mixed model for repeated measures.

    Parameters
    ----------
    id, label : str
        Its id in results and its name on the page.
    population : str
        Code of the analysis set.
    sessions : tuple of str
        Sessions of the plan it is made for.
    markers : tuple of ModelledMarker
        In page order; with the visits they are the family of the tests.
    baseline : str
        Visit of the design from which change is counted; it is no response.
    visits : tuple of str
        Visits after it, in page order.
    below_limit : {"half-limit", "missing"}
        What a value below the limit of quantification counts as.
    covariates : tuple of Covariate
        Of the adjusted model, beside the baseline value by visit.
    structures : tuple of str
        Covariance structures in the order in which they are tried: the first that converges is used.
    df_method : str
        Degrees of freedom of the unweighted models: "kenward-roger", "kenward-roger-linear", "satterthwaite" or
        "residual".
    margins : {"equal", "proportional", ""}
        How levels of categorical covariates count in a least-squares mean; empty where there are none.
    multiplicity : {"benjamini-hochberg", "holm", ""}
        How p-values of the contrasts by visit of the adjusted model are adjusted for their number; empty for not.
    adjustment : Adjustment, optional
        Weights of a model beside it, without covariates but the baseline value; all models are then of the same
        participants.
    robust : {"cr0", "cr2", ""}
        Variance of the weighted model, clustered by participant; empty without weights.
    robust_df : str
        Its degrees of freedom; empty without weights.
    conf_level : float
        Confidence level of every interval.
    estimand : {"unadjusted", "conditional", "ate", "att", "ato", ""}
        What the main comparison estimates: conditional on the covariates, unadjusted without any.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    markers: tuple[ModelledMarker, ...]
    baseline: str
    visits: tuple[str, ...]
    below_limit: BelowLimit
    covariates: tuple[Covariate, ...]
    structures: tuple[Covariance, ...]
    df_method: Freedom
    margins: Margins
    multiplicity: str
    adjustment: Adjustment | None
    robust: Robust
    robust_df: Freedom | Literal[""]
    conf_level: float
    estimand: Estimand
    status: Status

    @property
    def main(self) -> str:
        """Name the model whose contrasts are the family.

        Returns
        -------
        str
            Its block: with covariates, where there are any.
        """
        return ADJUSTED if self.covariates else UNADJUSTED


def mmrm_faults(spec: MmrmSpec) -> list[str]:
    """Faults of an entry by itself.

    Parameters
    ----------
    spec : MmrmSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    faults = [f"{item.code}: {fault}" for item in spec.markers for fault in choice_faults(item, "scale", SCALES)]
    faults += repeat_faults("marker", [item.code for item in spec.markers])
    faults += choice_faults(spec, "below_limit", BELOW_LIMITS) + choice_faults(spec, "df_method", DF_METHODS)
    faults += choice_faults(spec, "multiplicity", MULTIPLICITIES)
    faults += number_faults(spec, "conf_level", above=0, below=1)
    faults += _structure_faults(spec) + _covariate_faults(spec) + _weight_faults(spec)
    faults += [] if spec.markers else ["it has no markers, so nothing is modelled; one is required"]
    if not spec.visits or spec.baseline in spec.visits or repeat_faults("visit", spec.visits):
        faults.append("visits are none, repeat one or have the baseline among them; visits after it are required")
    return faults


def _structure_faults(spec: MmrmSpec) -> list[str]:
    known = ", ".join(STRUCTURE_LABELS)
    stray = [name for name in spec.structures if name not in STRUCTURE_LABELS]
    faults = [f"structure {name!r} is unknown; one of {known} is required" for name in stray]
    faults += repeat_faults("structure", spec.structures)
    return faults if spec.structures else ["structures are empty; one or more, in the order of trial, are required"]


def _covariate_faults(spec: MmrmSpec) -> list[str]:
    faults = repeat_faults("covariate", [item.column for item in spec.covariates])
    faults += [fault for item in spec.covariates for fault in covariate_faults(item)]
    faults += faults_within((item.column, item, covariate_idle(item)) for item in spec.covariates)
    return faults + ([] if "margins" in mmrm_idle(spec) else choice_faults(spec, "margins", MARGINS))


def _weight_faults(spec: MmrmSpec) -> list[str]:
    item = spec.adjustment
    if item is None:
        return []
    faults = adjustment_faults(item) + choice_faults(spec, "robust", ROBUST)
    faults += choice_faults(spec, "robust_df", ROBUST_DF_METHODS)
    if item.name in (UNADJUSTED, ADJUSTED):
        faults.append(f"adjustment {item.name} has the name of another model; one of its own is required")
    if item.missing != "complete" or item.variance != "m-estimation":
        faults.append(
            f"adjustment {item.name} imputes or has the variance of a bootstrap; one set of weights is required"
        )
    return faults


def mmrm_idle(spec: MmrmSpec) -> dict[str, str]:
    """Fields of an entry that have no effect beside its others, and why.

    Parameters
    ----------
    spec : MmrmSpec
        As in the plan.

    Returns
    -------
    dict of str to str
        By field.
    """
    idle = {}
    if not any(item.levels for item in spec.covariates):
        idle["margins"] = "no covariate has levels"
    if spec.adjustment is None:
        idle |= dict.fromkeys(("robust", "robust_df"), "nothing is weighted")
    return idle


def mmrm_estimand(spec: MmrmSpec, arms: int) -> Estimand:
    """The estimand that an entry can have.

    Parameters
    ----------
    spec : MmrmSpec
        As in the plan.
    arms : int
        Arms of the design.

    Returns
    -------
    str
        Of the main model; empty unless two arms are compared.
    """
    if arms != _PAIR:
        return ""
    return "conditional" if spec.covariates else AS_OBSERVED

"""What a plan says of many features, and what of it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from npcstats.analyses.adjustment.spec import Covariate, covariate_faults, covariate_idle
from npcstats.choices import choice_faults, faults_within, number_faults, repeat_faults
from npcstats.estimators.timetoevent import TIES
from npcstats.study import CONDITIONAL, UNADJUSTED, Estimand, Status

Transform = Literal["identity", "log-where-positive"]
TRANSFORMS: tuple[Transform, ...] = ("identity", "log-where-positive")
MULTIPLICITIES = ("benjamini-hochberg", "holm")
_PAIR = 2
_TWO_VISITS = 2


@dataclass(frozen=True)
class FeatureSet:
    """Features of one kind of image: a family of tests.

    Parameters
    ----------
    code, label : str
        Its code in results, and its name on the page.
    modality, roi : str
        MODALITY and ROI of the images.
    """

    code: str
    label: str
    modality: str
    roi: str


@dataclass(frozen=True)
class FeaturesSpec:
    """Models of many features, one each.

    Parameters
    ----------
    id, label : str
        Its id in results and its name on the page.
    population : str
        Code of the analysis set.
    sessions : tuple of str
        Sessions of the plan it is made for.
    sets : tuple of FeatureSet
        In page order.
    prefix : str
        What the names of the feature columns begin with.
    visits : tuple of str
        Visits of the design, in page order; the first is the one from which change is counted.
    transform : {"identity", "log-where-positive"}
        What is modelled of a feature: its value, or its logarithm where all values are above 0. Either is divided by
        its standard deviation at the first visit.
    covariates : tuple of Covariate
        Beside visit and arm in the models of change.
    endpoint : str
        Code of the endpoint that values at the first visit are associated with; its clock starts after that visit.
    ties : {"efron", "breslow"}
        How tied events share a denominator.
    multiplicity : {"benjamini-hochberg", "holm"}
        How p-values are adjusted: of a set's changes at all visits together, and of its hazard ratios.
    discovery : float
        Adjusted p-values below this are told apart.
    minimum_events : int
        Fewest events with which hazard ratios are estimated.
    conf_level : float
        Confidence level of every interval.
    estimand : {"unadjusted", "conditional", ""}
        What a comparison of arms estimates: conditional on the covariates, unadjusted without any.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    sets: tuple[FeatureSet, ...]
    prefix: str
    visits: tuple[str, ...]
    transform: Transform
    covariates: tuple[Covariate, ...]
    endpoint: str
    ties: str
    multiplicity: str
    discovery: float
    minimum_events: int
    conf_level: float
    estimand: Estimand
    status: Status


def features_faults(spec: FeaturesSpec) -> list[str]:
    """Faults of an entry by itself.

    Parameters
    ----------
    spec : FeaturesSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    faults = choice_faults(spec, "transform", TRANSFORMS) + choice_faults(spec, "multiplicity", MULTIPLICITIES)
    faults += choice_faults(spec, "ties", TIES) + repeat_faults("set", [item.code for item in spec.sets])
    faults += number_faults(spec, "conf_level", above=0, below=1) + number_faults(spec, "discovery", above=0, below=1)
    faults += repeat_faults("visit", spec.visits) + repeat_faults("covariate", [i.column for i in spec.covariates])
    faults += [fault for item in spec.covariates for fault in covariate_faults(item)]
    faults += faults_within((item.column, item, covariate_idle(item)) for item in spec.covariates)
    faults += [] if spec.sets else ["it has no sets of features, so nothing is modelled; one is required"]
    faults += [] if spec.prefix else ["prefix is empty; what the names of feature columns begin with is required"]
    if len(spec.visits) < _TWO_VISITS:
        faults.append("visits are fewer than two; one to count change from, and one after it, are required")
    if spec.minimum_events < 1:
        faults.append(f"minimum_events is {spec.minimum_events}; a whole number of 1 or more is required")
    return faults


def features_estimand(spec: FeaturesSpec, arms: int) -> Estimand:
    """The estimand that an entry can have.

    Parameters
    ----------
    spec : FeaturesSpec
        As in the plan.
    arms : int
        Arms of the design.

    Returns
    -------
    str
        Empty unless two arms are compared.
    """
    if arms != _PAIR:
        return ""
    return CONDITIONAL if spec.covariates else UNADJUSTED

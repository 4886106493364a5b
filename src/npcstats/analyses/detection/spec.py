"""What a plan says of values below the limit, and what of it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from npcstats.analyses.adjustment.spec import Covariate, covariate_faults, covariate_idle
from npcstats.analyses.detection.rows import CUT_OFF, DETECTED, HALF_LIMIT, QUANTIFIED, YES_NO
from npcstats.choices import choice_faults, faults_within, number_faults, repeat_faults
from npcstats.estimators.censored import DETECTION_VARIANCES
from npcstats.study import CONDITIONAL, Estimand, Status

Yes = Literal["detected", "quantified"]
YES: tuple[Yes, ...] = (DETECTED, QUANTIFIED)
LimitFreedom = Literal["kenward-roger", "satterthwaite", ""]
FREEDOMS: tuple[LimitFreedom, ...] = ("kenward-roger", "satterthwaite")
LimitVariance = Literal["robust", "mancl-derouen", ""]
MULTIPLICITIES = ("none", "holm", "benjamini-hochberg")
_TWO = 2


@dataclass(frozen=True)
class LimitedMarker:
    """One marker.

    Parameters
    ----------
    code, label : str
        PARAMCD and name on the page.
    unit : str
        Unit of AVAL, as recorded; a record in another unit is an error.
    visits : tuple of str
        Visit codes of the design, in page order; the first is the baseline.
    share : float in [0, 1]
        Share of its values below the limit, all arms and these visits together, as it was before arms were compared.
    yes : {"detected", "quantified"}
        What a model of yes or no takes for yes: any quantity, or one that is not below the limit.
    """

    code: str
    label: str
    unit: str
    visits: tuple[str, ...]
    share: float
    yes: Yes


@dataclass(frozen=True)
class DetectionSpec:
    """Markers of which some values are below the limit of quantification.

    Parameters
    ----------
    id, label : str
        Its id in results and its name on the page.
    population : str
        Code of the analysis set.
    sessions : tuple of str
        Sessions of the plan it is made for.
    markers : tuple of LimitedMarker
        In page order.
    half_limit_most : float in [0, 1]
        Largest share below the limit with which half the limit may stand for such a value.
    cut_off_most : float in [0, 1]
        Largest share with which values are analysed as cut off; above it, as yes or no.
    covariates : tuple of Covariate
        Of every model, beside the value at baseline.
    df_method : {"kenward-roger", "satterthwaite", ""}
        Degrees of freedom where half the limit stands for a value; empty where no marker's does.
    variance : {"robust", "mancl-derouen", ""}
        Of a model of yes or no, as `fit_gee_logistic` takes it; empty where no marker has one.
    multiplicity : {"none", "holm", "benjamini-hochberg", ""}
        How the p-values of the main models are adjusted, all markers and visits together; empty where no arms are
        compared.
    conf_level : float
        Confidence level of every interval.
    estimand : {"conditional", ""}
        What a comparison of arms estimates; empty where none are compared.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    markers: tuple[LimitedMarker, ...]
    half_limit_most: float
    cut_off_most: float
    covariates: tuple[Covariate, ...]
    df_method: LimitFreedom
    variance: LimitVariance
    multiplicity: str
    conf_level: float
    estimand: Estimand
    status: Status


def route_of(spec: DetectionSpec, share: float) -> tuple[str, ...]:
    """Tell which models a share of values below the limit calls for.

    Parameters
    ----------
    spec : DetectionSpec
        With the limits of the shares.
    share : float
        Between 0 and 1.

    Returns
    -------
    tuple of str
        Blocks, the main model first, then that of a sensitivity analysis.
    """
    if share <= spec.half_limit_most:
        return (HALF_LIMIT, CUT_OFF)
    return (CUT_OFF,) if share <= spec.cut_off_most else (YES_NO,)


def detection_faults(spec: DetectionSpec) -> list[str]:
    """Faults of an entry by itself.

    Parameters
    ----------
    spec : DetectionSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    found = repeat_faults("markers", [marker.code for marker in spec.markers])
    if not spec.markers:
        found.append("it has no markers, so nothing is told; one is required")
    for marker in spec.markers:
        own = choice_faults(marker, "yes", YES) + number_faults(marker, "share", least=0, most=1)
        own += repeat_faults("visits", marker.visits)
        if len(marker.visits) < _TWO:
            own.append("visits are fewer than two; the baseline and one after it are required")
        found += [f"{marker.code}: {fault}" for fault in own]
    found += number_faults(spec, "half_limit_most", least=0, most=1) + number_faults(
        spec, "cut_off_most", least=0, most=1
    )
    if not found and spec.half_limit_most > spec.cut_off_most:
        found.append("half_limit_most is above cut_off_most; at most as much is required")
    found += [fault for item in spec.covariates for fault in covariate_faults(item)]
    found += faults_within((item.column, item, covariate_idle(item)) for item in spec.covariates)
    sets = {"df_method": FREEDOMS, "variance": DETECTION_VARIANCES, "multiplicity": MULTIPLICITIES}
    idle = {} if found else detection_idle(spec)
    return found + [
        f for name, known in sets.items() if name not in idle for f in choice_faults(spec, name, (*known, ""))
    ]


def detection_idle(spec: DetectionSpec) -> dict[str, str]:
    """Fields of an entry that have no effect beside its others, and why.

    Parameters
    ----------
    spec : DetectionSpec
        As in the plan.

    Returns
    -------
    dict of str to str
        By field.
    """
    used = {block for marker in spec.markers for block in route_of(spec, marker.share)}
    idle = {}
    if HALF_LIMIT not in used:
        idle["df_method"] = "half the limit stands for no marker's values"
    if YES_NO not in used:
        idle["variance"] = "no marker is analysed as yes or no"
    return idle


def detection_estimand(spec: DetectionSpec, arms: int) -> Estimand:
    """The estimand that an entry can have.

    Parameters
    ----------
    spec : DetectionSpec
        As in the plan.
    arms : int
        Arms of the design.

    Returns
    -------
    str
        Empty where it compares no arms.
    """
    return CONDITIONAL if arms == _TWO and spec.multiplicity else ""

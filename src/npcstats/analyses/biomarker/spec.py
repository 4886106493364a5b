"""What a plan says of markers, and what of it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from npcstats.analyses.biomarker.rows import DETECTABLE, IDENTITY, LOG
from npcstats.choices import choice_faults
from npcstats.derive import BELOW_LIMITS, BelowLimit
from npcstats.estimators.continuous import MEAN_METHODS
from npcstats.estimators.proportions import PROPORTIONS
from npcstats.study import Estimand, Status

Scale = Literal["log", "identity", "detectable"]


SCALES: tuple[Scale, ...] = (LOG, IDENTITY, DETECTABLE)


@dataclass(frozen=True)
class Marker:
    """One marker.

    Parameters
    ----------
    code, label, block : str
        PARAMCD, name on the page, group of rows.
    unit : str
        Unit of AVAL, as recorded; a record in another unit is an error.
    scale : {"log", "identity", "detectable"}
        Geometric means and ratios, means and differences, or the share of participants in whom it is detected.
    style : str
        Formatting style of a value.
    """

    code: str
    label: str
    block: str
    unit: str
    scale: Scale
    style: str


@dataclass(frozen=True)
class BiomarkerSpec:
    """Markers by visit.

    Parameters
    ----------
    id, label : str
        Its id in results and its name on the page.
    population : str
        Code of the analysis set.
    sessions : tuple of str
        Sessions of the plan it is made for.
    markers : tuple of Marker
        In page order.
    visits : tuple of str
        Visit codes of the design, in page order; the first is the baseline.
    below_limit : {"half-limit", "missing", ""}
        What a value below the limit of quantification counts as; empty where no marker has a mean.
    conf_level : float
        Confidence level of every interval.
    proportion : str
        Method for a proportion, as `estimate_proportion` takes it; empty where no marker is "detectable".
    difference : {"welch", "pooled", ""}
        Variance in the comparison of two mean changes, as `compare_means` takes it; empty where none is compared.
    estimand : {"unadjusted", "conditional", ""}
        What a comparison of arms estimates, which this analysis gives unadjusted only; empty where none are compared.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    markers: tuple[Marker, ...]
    visits: tuple[str, ...]
    below_limit: BelowLimit
    conf_level: float
    proportion: str
    difference: str
    estimand: Estimand
    status: Status


def biomarker_faults(spec: BiomarkerSpec) -> list[str]:
    """Faults of an entry by itself: choices outside their closed sets, where they have an effect.

    Parameters
    ----------
    spec : BiomarkerSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    faults = [fault for marker in spec.markers for fault in choice_faults(marker, "scale", SCALES)]
    idle = biomarker_idle(spec)
    sets = {"below_limit": BELOW_LIMITS, "proportion": PROPORTIONS, "difference": (*MEAN_METHODS, "")}
    return faults + [f for name, known in sets.items() if name not in idle for f in choice_faults(spec, name, known)]


def biomarker_idle(spec: BiomarkerSpec) -> dict[str, str]:
    """Fields of an entry that have no effect beside its others, and why.

    Parameters
    ----------
    spec : BiomarkerSpec
        As in the plan.

    Returns
    -------
    dict of str to str
        By field.
    """
    idle = {}
    means = any(marker.scale != "detectable" for marker in spec.markers)
    if not means:
        idle["below_limit"] = "no marker has a mean"
    if not any(marker.scale == "detectable" for marker in spec.markers):
        idle["proportion"] = "no marker is a share"
    if not means or len(spec.visits) < 2:
        idle["difference"] = "no change is compared"
    return idle

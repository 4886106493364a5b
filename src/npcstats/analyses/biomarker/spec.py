"""What a plan says of markers, and what of it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from npcstats.analyses.biomarker.rows import DETECTABLE, IDENTITY, LOG
from npcstats.choices import choice_faults, repeat_faults
from npcstats.derive import BELOW_LIMITS, BelowLimit, MarkerRatio
from npcstats.estimators.continuous import MEAN_METHODS, QUANTILE_TYPES
from npcstats.estimators.proportions import DIFFERENCES, PAIRED_DIFFERENCES, PROPORTIONS
from npcstats.study import UNADJUSTED, Estimand, Status

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
    visits : tuple of str
        Visits of the analysis at which it is measured; all of them if empty.
    """

    code: str
    label: str
    block: str
    unit: str
    scale: Scale
    style: str
    visits: tuple[str, ...] = ()


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
    quantile_type : int or None
        Hyndman and Fan's type of median and quartiles; None where no marker has a mean.
    share_change : {"newcombe", "wald", ""}
        Limits of the change of a share from baseline, as `compare_paired_proportions` takes it; empty where there is
        none.
    share_difference : str
        Limits of the difference of two arms' shares at a visit, as `compare_proportions` takes it; empty where none
        are compared.
    difference : {"welch", "pooled", ""}
        Variance in the comparison of two mean changes, as `compare_means` takes it; empty where none is compared.
    estimand : {"unadjusted", "conditional", ""}
        What a comparison of arms estimates, which this analysis gives unadjusted only; empty where none are compared.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    ratios : tuple of MarkerRatio
        Markers that are ratios of recorded ones; each is one of `markers`.
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
    quantile_type: int | None
    share_change: str
    share_difference: str
    difference: str
    estimand: Estimand
    status: Status
    ratios: tuple[MarkerRatio, ...] = ()


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
    faults += repeat_faults("marker", [marker.code for marker in spec.markers])
    faults += [fault for marker in spec.markers for fault in _visit_faults(spec, marker)]
    faults += _ratio_faults(spec)
    idle = biomarker_idle(spec)
    sets = {
        "below_limit": BELOW_LIMITS,
        "proportion": PROPORTIONS,
        "quantile_type": QUANTILE_TYPES,
        "share_change": PAIRED_DIFFERENCES,
        "share_difference": (*DIFFERENCES, ""),
        "difference": (*MEAN_METHODS, ""),
    }
    return faults + [f for name, known in sets.items() if name not in idle for f in choice_faults(spec, name, known)]


def _visit_faults(spec: BiomarkerSpec, marker: Marker) -> list[str]:
    strange = [code for code in marker.visits if code not in spec.visits]
    faults = [f"visits of {marker.code} has {code}, which is no visit of the analysis" for code in strange]
    if marker.visits and spec.visits[0] not in marker.visits:
        faults.append(f"visits of {marker.code} lacks {spec.visits[0]}, the baseline")
    return faults


def _ratio_faults(spec: BiomarkerSpec) -> list[str]:
    units = {marker.code: marker.unit for marker in spec.markers}
    faults = repeat_faults("ratio", [ratio.code for ratio in spec.ratios])
    for ratio in spec.ratios:
        if ratio.code not in units:
            faults.append(f"ratio {ratio.code} is no marker of the analysis")
        elif units[ratio.code] != ratio.unit:
            faults.append(f"ratio {ratio.code} is in {ratio.unit}, its marker in {units[ratio.code]}")
    return faults


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
    idle: dict[str, str] = {}
    means = any(marker.scale != DETECTABLE for marker in spec.markers)
    shares = any(marker.scale == DETECTABLE for marker in spec.markers)
    if not means:
        idle |= dict.fromkeys(("below_limit", "quantile_type"), "no marker has a mean")
    if not shares:
        idle |= dict.fromkeys(("proportion", "share_change", "share_difference"), "no marker is a share")
    if not means or len(spec.visits) < 2:
        idle["difference"] = "no change is compared"
    if shares and len(spec.visits) < 2:
        idle["share_change"] = "there is no visit but the baseline"
    return idle


def biomarker_estimand(spec: BiomarkerSpec, arms: int) -> Estimand:
    """Estimand of an entry that compares two arms: what it compares is not adjusted.

    Parameters
    ----------
    spec : BiomarkerSpec
        As in the plan.
    arms : int
        Arms of the design.

    Returns
    -------
    str
        Empty where none are compared.
    """
    return UNADJUSTED if spec.difference or spec.share_difference else ""

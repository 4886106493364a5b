"""What a plan says of a marker's lowest value and of recovery from it, and what of it is refused."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.choices import choice_faults, number_faults, repeat_faults
from npcstats.derive import BELOW_LIMITS, BelowLimit
from npcstats.estimators.continuous import MEAN_METHODS, QUANTILE_TYPES
from npcstats.estimators.proportions import DIFFERENCES, PROPORTIONS
from npcstats.formatting import STYLES
from npcstats.study import Estimand, Status


@dataclass(frozen=True)
class NadirLimit:
    """A limit that lowest values are counted by.

    Parameters
    ----------
    code, label : str
        Code in results, and why this limit, as printed behind it; empty where there is nothing to say.
    value : float
        Below it counts, in the unit of the marker.
    """

    code: str
    label: str
    value: float


@dataclass(frozen=True)
class RecoveryLimit:
    """When somebody has recovered.

    Parameters
    ----------
    code, label : str
        Code in results, and why this limit, as printed behind it; empty where there is nothing to say.
    value : float
        At least this much, in the unit of the marker, or as a share of the participant's own baseline.
    of_baseline : bool
        Whether it is a share of the baseline.
    """

    code: str
    label: str
    value: float
    of_baseline: bool


@dataclass(frozen=True)
class NadirSpec:
    """A marker's lowest value in a period, when it is reached, and who has recovered at later visits.

    Parameters
    ----------
    id, label : str
        Its id in results and its name on the page.
    population : str
        Code of the analysis set.
    sessions : tuple of str
        Sessions of the plan it is made for.
    marker, marker_label, unit : str
        PARAMCD, its name on the page, and the unit in which it is recorded.
    style : str
        How its values are printed.
    period : str
        Code of a period of the design: all records in it count, at visits or between them.
    baseline : str
        Visit of the design to which the lowest value is related.
    limits : tuple of NadirLimit
        In page order.
    recoveries : tuple of RecoveryLimit
        In page order.
    visits : tuple of str
        Visits of the design at which recovery is asked for, in page order.
    below_limit : {"half-limit", "missing"}
        What a value below the limit of quantification counts as.
    quantile_type : int
        Hyndman–Fan type of quartiles.
    conf_level : float
        Confidence level of every interval.
    interval : str
        Method of the limits of a share, as `estimate_proportion` takes it.
    difference : str
        Method for a difference of two shares, as `compare_proportions` takes it; empty where none is compared.
    mean_difference : {"welch", "pooled", ""}
        Variance in the comparison of two mean logarithms, as `compare_means` takes it; empty where none is compared.
    estimand : {"unadjusted", "conditional", ""}
        What a comparison of arms estimates, which this analysis gives unadjusted only; empty where none are compared.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    marker: str
    marker_label: str
    unit: str
    style: str
    period: str
    baseline: str
    limits: tuple[NadirLimit, ...]
    recoveries: tuple[RecoveryLimit, ...]
    visits: tuple[str, ...]
    below_limit: BelowLimit
    quantile_type: int
    conf_level: float
    interval: str
    difference: str
    mean_difference: str
    estimand: Estimand
    status: Status


def nadir_faults(spec: NadirSpec) -> list[str]:
    """Faults of an entry by itself.

    Parameters
    ----------
    spec : NadirSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    sets = {
        "below_limit": BELOW_LIMITS,
        "quantile_type": QUANTILE_TYPES,
        "interval": PROPORTIONS,
        "difference": (*DIFFERENCES, ""),
        "mean_difference": (*MEAN_METHODS, ""),
        "style": STYLES,
    }
    found = [fault for name, known in sets.items() for fault in choice_faults(spec, name, known)]
    found += number_faults(spec, "conf_level", above=0.0, below=1.0)
    codes = [*(limit.code for limit in spec.limits), *(limit.code for limit in spec.recoveries)]
    found += repeat_faults("limits and recoveries", codes)
    for name, items in (("limits", spec.limits), ("recoveries", spec.recoveries)):
        found += [f"{name}: {item.code} is {item.value}; a value above 0 is required" for item in items
                  if not item.value > 0]  # fmt: skip
    found += repeat_faults("visits", spec.visits)
    if bool(spec.recoveries) != bool(spec.visits):
        found.append("it has recoveries or visits without the other; both or none are required")
    if bool(spec.difference) != bool(spec.mean_difference):
        found.append("it has a difference or a mean_difference without the other; both or none are required")
    return found

"""What a plan says of scores, weights and balance, and what of it is refused."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.analyses.adjustment.spec import Adjustment, Covariate, adjustment_faults, covariate_faults, covariate_idle
from npcstats.choices import choice_faults, faults_within, number_faults, repeat_faults
from npcstats.formatting import STYLES
from npcstats.study import Status

DENOMINATORS = ("average", "treated")
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Balanced:
    """A characteristic whose balance is looked at.

    Parameters
    ----------
    covariate : Covariate
        A confounder of the score, or what was known before treatment and is not in it; its scale is that of the
        standardized difference, its spline and its unit are not.
    label : str
        Its name on the page.
    style : str
        How its mean is printed; empty of a date and of a categorical one.
    unit : str
        Unit of the mean.
    """

    covariate: Covariate
    label: str
    style: str = ""
    unit: str = ""


@dataclass(frozen=True)
class PropensitySpec:
    """Scores and weights of two arms, and how alike they make them.

    Parameters
    ----------
    id, label : str
        Its id in results and its name on the page.
    population : str
        Code of the analysis set.
    sessions : tuple of str
        Sessions of the plan it is made for, in which arms are named.
    adjustments : tuple of Adjustment
        Ways to make the arms alike, each a block of the results.
    characteristics : tuple of Balanced
        What is looked at, in page order: every confounder, and what else was known before treatment.
    bin_width : float
        Width of the bins of the score, of which 1 is a multiple.
    smd_denominator : {"average", "treated"}
        Whose unweighted variance standardizes a difference.
    smd_limit : float
        Largest absolute standardized difference that counts as balance.
    conf_level : float
        Of limits of the differences before weighting.
    least_overlap : float
        Share that the arms' scores have in common, below which the page says that they hardly overlap.
    least_effective : float
        Effective size of an arm, as a share of its participants, below which the page says that few carry the weight.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    adjustments: tuple[Adjustment, ...]
    characteristics: tuple[Balanced, ...]
    bin_width: float
    smd_denominator: str
    smd_limit: float
    conf_level: float
    least_overlap: float
    least_effective: float
    status: Status


def propensity_faults(spec: PropensitySpec) -> list[str]:
    """Faults of an entry by itself.

    Parameters
    ----------
    spec : PropensitySpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    faults = choice_faults(spec, "smd_denominator", DENOMINATORS)
    faults += [] if spec.adjustments else ["it has no adjustment; one or more are required"]
    faults += repeat_faults("adjustment", [item.name for item in spec.adjustments])
    faults += [fault for item in spec.adjustments for fault in adjustment_faults(item)]
    faults += [
        f"adjustment {item.name} has variance 'bootstrap', but no effect is estimated here; 'm-estimation' is required"
        for item in spec.adjustments
        if item.variance == "bootstrap"
    ]
    faults += _characteristic_faults(spec)
    for name in ("conf_level", "smd_limit", "least_overlap", "least_effective"):
        faults += number_faults(spec, name, above=0, below=1)
    bins = 0.0 if number_faults(spec, "bin_width", above=0) else 1 / spec.bin_width
    if bins < 1 or abs(bins - round(bins)) > _ROUNDING:
        faults.append(f"bin_width is {spec.bin_width!r}; a width of which 1 is a multiple is required")
    return faults


def _characteristic_faults(spec: PropensitySpec) -> list[str]:
    columns = [item.covariate.column for item in spec.characteristics]
    faults = repeat_faults("characteristic", columns)
    faults += [
        f"adjustment {item.name} has the confounder {column}, which is no characteristic; one of each is required"
        for item in spec.adjustments
        for column in item.columns
        if column not in columns
    ]
    faults += [
        f"characteristic {part.column} is not as the confounder of adjustment {item.name}; the same scale, floor, "
        "levels and blank are required"
        for item in spec.adjustments
        for part in item.confounders
        for seen in spec.characteristics
        if seen.covariate.column == part.column and _coded(seen.covariate) != _coded(part)
    ]
    for item in spec.characteristics:
        faults += covariate_faults(item.covariate)
        if item.covariate.scale in ("continuous", "log2"):
            faults += choice_faults(item, "style", STYLES)
    idle = ((item.covariate.column, item, _idle(item)) for item in spec.characteristics)
    inner = ((item.covariate.column, item.covariate, covariate_idle(item.covariate)) for item in spec.characteristics)
    return faults + faults_within(idle) + faults_within(inner)


def _coded(item: Covariate) -> tuple[object, ...]:
    return item.scale, item.floor, [*item.levels], item.blank


def _idle(item: Balanced) -> dict[str, str]:
    scale = item.covariate.scale
    return {} if scale in ("continuous", "log2") else dict.fromkeys(("style", "unit"), f"its scale is {scale!r}")

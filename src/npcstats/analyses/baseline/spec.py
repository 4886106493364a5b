"""What a plan says of characteristics, and what of it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from npcstats.choices import faults_within
from npcstats.study import Status

Scale = Literal["continuous", "categorical"]


Show = Literal["mean", "median"]


@dataclass(frozen=True)
class Characteristic:
    """One characteristic.

    Parameters
    ----------
    column : str
        Column of ADSL, or a variable that the table derives.
    label, block : str
        Its name on the page and the group of rows it stands in.
    scale : {"continuous", "categorical"}
        What is summarized.
    show : {"mean", "median"}
        What a table shows of a continuous characteristic.
    style : str
        Formatting style of a continuous characteristic's location.
    unit : str
        Unit of a continuous characteristic.
    levels : mapping of str to str
        Codes of a categorical characteristic and their labels, in page order; empty levels are kept.
    blank : str
        Code that an empty value stands for, where it does not mean a missing one.
    log_floor : float, optional
        For a skewed characteristic: its standardized difference is that of the logarithm, smaller values counting as
        this one.
    """

    column: str
    label: str
    block: str
    scale: Scale
    show: Show = "median"
    style: str = "decimal1"
    unit: str = ""
    levels: Mapping[str, str] = field(default_factory=dict)
    blank: str = ""
    log_floor: float | None = None


@dataclass(frozen=True)
class BaselineSpec:
    """A table of characteristics.

    Parameters
    ----------
    id, label : str
        Its id in results and its name on the page.
    population : str
        Code of the analysis set.
    sessions : tuple of str
        Sessions of the plan it is made for.
    characteristics : tuple of Characteristic
        In page order.
    quantile_type : int
        Hyndman-Fan type of the quartiles.
    smd_denominator : {"average", "treated"}
        Standard deviation in the standardized difference.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    characteristics: tuple[Characteristic, ...]
    quantile_type: int
    smd_denominator: str
    status: Status


def baseline_idle(spec: BaselineSpec) -> dict[str, str]:
    """Fields of an entry that have no effect beside its others, and why.

    Parameters
    ----------
    spec : BaselineSpec
        As in the plan.

    Returns
    -------
    dict of str to str
        By field.
    """
    if any(item.scale == "continuous" for item in spec.characteristics):
        return {}
    return {"quantile_type": "no characteristic is continuous"}


def baseline_faults(spec: BaselineSpec) -> list[str]:
    """Faults of an entry by itself: choices outside their closed sets, or without effect.

    Parameters
    ----------
    spec : BaselineSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    return faults_within((item.column, item, _characteristic_idle(item)) for item in spec.characteristics)


def _characteristic_idle(item: Characteristic) -> dict[str, str]:
    if item.scale == "continuous":
        return dict.fromkeys(("levels", "blank"), "it is continuous")
    return dict.fromkeys(("show", "style", "unit", "log_floor"), "it is categorical")

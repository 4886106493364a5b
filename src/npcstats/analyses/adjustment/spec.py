"""What a plan says of a covariate, and what of it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from npcstats.choices import choice_faults

Scale = Literal["continuous", "log2", "categorical"]
SCALES: tuple[Scale, ...] = ("continuous", "log2", "categorical")


@dataclass(frozen=True)
class Covariate:
    """A variable of ADSL that the comparison is adjusted for.

    Parameters
    ----------
    column, label : str
        Column of ADSL, and words that say what one unit of it is.
    scale : {"continuous", "log2", "categorical"}
        Linear, linear in the logarithm to base 2 (a doubling), or one coefficient for each level but one.
    per : float
        Unit of a continuous variable.
    floor : float
        Smallest value whose logarithm is taken; smaller ones count as it.
    levels : mapping of str to str
        Values of a categorical variable in page order, and their words; the first is the reference.
    """

    column: str
    label: str
    scale: Scale
    per: float = 1.0
    floor: float = 0.0
    levels: Mapping[str, str] = field(default_factory=dict)


def covariate_faults(item: Covariate) -> list[str]:
    """Faults of a covariate by itself: a scale outside its closed set, or levels that do not fit it.

    Parameters
    ----------
    item : Covariate
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    faults = choice_faults(item, "scale", SCALES)
    if (item.scale == "categorical") != bool(item.levels):
        faults.append(f"levels of {item.column} are required of a categorical variable, and only of one")
    return faults


def covariate_idle(item: Covariate) -> dict[str, str]:
    """Fields of a covariate that have no effect on its scale, and why.

    Parameters
    ----------
    item : Covariate
        As in the plan.

    Returns
    -------
    dict of str to str
        By field.
    """
    idle = {}
    if item.scale != "continuous":
        idle["per"] = f"scale {item.scale!r} has a unit of its own"
    if item.scale != "log2":
        idle["floor"] = f"scale {item.scale!r} takes no logarithm"
    if len(item.levels) == 1:
        idle["levels"] = "one level is compared with nothing, and two are required"
    return idle

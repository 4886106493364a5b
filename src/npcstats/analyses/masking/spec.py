"""What a plan says of what could tell masked arms apart, and what of it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from npcstats.choices import number_faults, repeat_faults
from npcstats.study import Status

NUMBERS = ("size_limit", "calendar_limit", "characteristics_limit", "known_limit")


@dataclass(frozen=True)
class KnownDifference:
    """Something in which the treatments are known to differ; which of them has more is not said.

    Parameters
    ----------
    code, label : str
        Code in results and name on the page, which must not name a treatment.
    rows : mapping of str to str
        Columns and values that select one row of a share or mean for each arm.
    """

    code: str
    label: str
    rows: Mapping[str, str]


@dataclass(frozen=True)
class MaskingSpec:
    """What could tell masked arms apart, and how large a difference is said to do so.

    Parameters
    ----------
    size_limit : float
        Of the difference in size of two arms, as a share of an analysis set.
    calendar : str
        Date of ADSL on which a participant entered; empty where it is not looked at.
    calendar_limit : float
        Of the difference in the share of an arm entered by any one day.
    characteristics : mapping of str to str
        Columns and values that select rows of standardized differences; empty where none is looked at.
    characteristics_limit : float
        Of a standardized difference, without its sign.
    known : tuple of KnownDifference
        What is known to differ between the treatments.
    known_limit : float
        Of the difference in these, in the unit of their rows.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    size_limit: float
    status: Status
    calendar: str = ""
    calendar_limit: float = 0.0
    characteristics: Mapping[str, str] = field(default_factory=dict)
    characteristics_limit: float = 0.0
    known: tuple[KnownDifference, ...] = ()
    known_limit: float = 0.0


def masking_idle(spec: MaskingSpec) -> dict[str, str]:
    """Limits of what is not looked at.

    Parameters
    ----------
    spec : MaskingSpec
        As in the plan.

    Returns
    -------
    dict of str to str
        Field and reason.
    """
    looked = {"calendar": spec.calendar, "characteristics": spec.characteristics, "known": spec.known}
    return {f"{name}_limit": f"{name} is empty" for name, given in looked.items() if not given}


def masking_faults(spec: MaskingSpec) -> list[str]:
    """Faults of an entry by itself.

    Parameters
    ----------
    spec : MaskingSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    idle = masking_idle(spec)
    faults = [fault for name in NUMBERS if name not in idle for fault in number_faults(spec, name, above=0)]
    return faults + repeat_faults("known difference", [one.code for one in spec.known])

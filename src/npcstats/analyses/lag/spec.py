"""What a plan says of how far the data have come, and what of it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from npcstats.study import RECORDS, Status


@dataclass(frozen=True)
class LagSpec:
    """How far the data have come.

    Parameters
    ----------
    id, label : str
        Its id in results and its name on the page.
    population : str
        Code of the analysis set: only records of its members are looked at.
    sessions : tuple of str
        Sessions of the plan it is made for.
    frames : mapping of str to str
        Frames whose records are looked at, and what they are called.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    frames: Mapping[str, str]
    status: Status


def lag_faults(spec: LagSpec) -> list[str]:
    """Faults of an entry by itself: no frames, or names of none.

    Parameters
    ----------
    spec : LagSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    unknown = [name for name in spec.frames if name not in RECORDS]
    faults = [f"frames names {', '.join(unknown)}, of which the data contract knows nothing"] if unknown else []
    return faults if spec.frames else ["frames names none"]

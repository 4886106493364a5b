"""What a plan says of events and censoring."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.study import Status


@dataclass(frozen=True)
class EndpointsSpec:
    """Events, competing events and censoring of several endpoints.

    Parameters
    ----------
    id, label : str
        Its id in results and its name on the page.
    population : str
        Code of the analysis set.
    sessions : tuple of str
        Sessions of the plan it is made for.
    endpoints : tuple of str
        Codes of endpoints of the design, in page order.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    endpoints: tuple[str, ...]
    status: Status

"""What figures over the time of an endpoint have in common, as a plan asks for them."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.display.specs import Figure


@dataclass(frozen=True, kw_only=True)
class OverTime(Figure):
    """A figure with an axis of time since the endpoint's time zero.

    Parameters
    ----------
    x_label : str
        Name of the axis; from the rows' unit, and the endpoint's words for time zero, if empty.
    """

    x_label: str = ""

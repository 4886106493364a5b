"""What a plan can ask to be shown of accrual."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.display.specs import Figure
from npcstats.system.named import Named


@dataclass(frozen=True, kw_only=True)
class AccrualCourse(Figure):
    """Participants enrolled by month, and the plan's course.

    Parameters
    ----------
    x_label : str
        Name of the axis of time; its unit if empty.
    """

    x_label: str = ""

    shows = ("accrual",)
    make = Named("npcstats.analyses.accrual.figure", "accrual_figure")
    caption = Named("npcstats.analyses.accrual.words", "caption")
    alt = Named("npcstats.analyses.accrual.words", "alt")

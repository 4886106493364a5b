"""What a plan can ask to be shown of participants one by one."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.display.specs import Figure
from npcstats.system.named import Named


@dataclass(frozen=True, kw_only=True)
class Waterfall(Figure):
    """The best change of each participant as a bar, largest first."""

    shows = ("best-change",)
    make = Named("npcstats.analyses.courses.figure", "waterfall_figure")
    caption = Named("npcstats.analyses.courses.words", "caption")
    alt = Named("npcstats.analyses.courses.words", "waterfall_alt")


@dataclass(frozen=True, kw_only=True)
class Spider(Figure):
    """The changes of each participant over time as a line.

    Parameters
    ----------
    x_label : str
        Name of the axis of time; its unit if empty.
    """

    x_label: str = ""

    shows = ("changes",)
    make = Named("npcstats.analyses.courses.figure", "spider_figure")
    caption = Named("npcstats.analyses.courses.words", "caption")
    alt = Named("npcstats.analyses.courses.words", "spider_alt")


@dataclass(frozen=True, kw_only=True)
class Swimmer(Figure):
    """The time under observation of each participant as a lane.

    Parameters
    ----------
    x_label : str
        Name of the axis of time; its unit if empty.
    """

    x_label: str = ""

    shows = ("courses",)
    make = Named("npcstats.analyses.courses.figure", "swimmer_figure")
    caption = Named("npcstats.analyses.courses.words", "caption")
    alt = Named("npcstats.analyses.courses.words", "swimmer_alt")

"""What a plan can ask to be shown of a marker's lowest value and of recovery from it."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.display.specs import Figure, TableOfOne
from npcstats.system.named import Named


@dataclass(frozen=True, kw_only=True)
class NadirCourse(TableOfOne):
    """The lowest value, its day, who fell below limits, and who has recovered at visits.

    Parameters
    ----------
    total : bool
        Whether everyone has a column beside the arms.
    """

    total: bool

    shows = ("nadir",)
    make = Named("npcstats.analyses.nadir.table", "tabulate")


@dataclass(frozen=True, kw_only=True)
class RecoveryFigure(Figure):
    """Shares that fell below each limit, and shares that have recovered, visit by visit."""

    shows = ("nadir",)
    make = Named("npcstats.analyses.nadir.figure", "recovery_figure")
    caption = Named("npcstats.analyses.nadir.words", "caption")
    alt = Named("npcstats.analyses.nadir.words", "alt")

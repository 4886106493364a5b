"""What a plan can ask to be shown of states of a marker and of its clearance."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.display.specs import Figure, TableOfOne
from npcstats.system.named import Named


@dataclass(frozen=True, kw_only=True)
class StatesTable(TableOfOne):
    """Shares of participants in each state at each visit, with their limits.

    Parameters
    ----------
    total : bool
        Whether everyone has a line beside the arms.
    """

    total: bool

    shows = ("clearance",)
    make = Named("npcstats.analyses.clearance.table", "tabulate_states")


@dataclass(frozen=True, kw_only=True)
class ClearanceTable(TableOfOne):
    """Who cleared, and by when.

    Parameters
    ----------
    total : bool
        Whether everyone has a column beside the arms.
    """

    total: bool

    shows = ("clearance",)
    make = Named("npcstats.analyses.clearance.table", "tabulate_times")


@dataclass(frozen=True, kw_only=True)
class ClearanceFigure(Figure):
    """States at visits as bars, and the share that has cleared over time."""

    shows = ("clearance",)
    make = Named("npcstats.analyses.clearance.figure", "clearance_figure")
    caption = Named("npcstats.analyses.clearance.words", "caption")
    alt = Named("npcstats.analyses.clearance.words", "alt")

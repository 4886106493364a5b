"""What a plan can ask to be shown of cumulative incidence."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.analyses.timetoevent.displays import OverTime
from npcstats.display.specs import TableOfSeveral
from npcstats.system.named import Named


@dataclass(frozen=True, kw_only=True)
class CumulativeIncidence(OverTime):
    """Curves of cumulative incidence with their limits, censorings and numbers at risk.

    Parameters
    ----------
    competing : bool
        Whether competing events are drawn too, as thin lines.
    """

    competing: bool = False

    shows = ("incidence",)
    make = Named("npcstats.analyses.incidence.figure", "incidence_figure")
    caption = Named("npcstats.analyses.incidence.words", "caption")
    alt = Named("npcstats.analyses.incidence.words", "alt")


@dataclass(frozen=True, kw_only=True)
class StackedIncidence(OverTime):
    """The event, the competing event and neither, stacked until every participant is accounted for."""

    shows = ("incidence",)
    make = Named("npcstats.analyses.incidence.figure", "stacked_figure")
    caption = Named("npcstats.analyses.incidence.words", "stacked_caption")
    alt = Named("npcstats.analyses.incidence.words", "stacked_alt")


@dataclass(frozen=True, kw_only=True)
class Incidences(TableOfSeveral):
    """Events, competing events and incidence at landmarks of one or more endpoints.

    Parameters
    ----------
    total : bool
        Whether everyone has a column beside the arms.
    """

    total: bool

    shows = ("incidence",)
    told_apart_by = "endpoint"
    make = Named("npcstats.analyses.incidence.table", "tabulate")

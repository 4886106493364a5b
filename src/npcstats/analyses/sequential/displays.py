"""What a plan can ask to be shown of group-sequential monitoring."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.display.specs import Figure, TableOfOne
from npcstats.system.named import Named

KINDS = ("information", "sequential")


@dataclass(frozen=True, kw_only=True)
class BoundaryTable(TableOfOne):
    """Looks as planned and at the information observed: information, error spent, boundaries, statistic."""

    shows = KINDS
    make = Named("npcstats.analyses.sequential.table", "tabulate_boundaries")


@dataclass(frozen=True, kw_only=True)
class OutlookTable(TableOfOne):
    """Power and expected information of the plan, and what the trial may still show."""

    shows = KINDS
    make = Named("npcstats.analyses.sequential.table", "tabulate_outlook")


@dataclass(frozen=True, kw_only=True)
class BoundaryFigure(Figure):
    """Boundaries against the information, and the path of the statistic where it is shown."""

    shows = KINDS
    make = Named("npcstats.analyses.sequential.figure", "boundary_figure")
    caption = Named("npcstats.analyses.sequential.words", "caption")
    alt = Named("npcstats.analyses.sequential.words", "alt")

"""What a plan can ask to be shown of values below the limit."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.display.specs import Figure, TableOfOne
from npcstats.system.named import Named


@dataclass(frozen=True, kw_only=True)
class ValuesBelowLimit(TableOfOne):
    """Of each marker at each visit how many values are below the limit, and how arms compare by the models called for.

    Parameters
    ----------
    total : bool
        Whether everyone has a column beside the arms.
    """

    total: bool

    shows = ("detection",)
    make = Named("npcstats.analyses.detection.table", "tabulate")


@dataclass(frozen=True, kw_only=True)
class LimitContrasts(Figure):
    """Ratios of the arms at each visit, a small panel for each marker: main model and sensitivity analysis."""

    shows = ("detection",)
    make = Named("npcstats.analyses.detection.figure", "detection_figure")
    caption = Named("npcstats.analyses.detection.words", "caption")
    alt = Named("npcstats.analyses.detection.words", "alt")

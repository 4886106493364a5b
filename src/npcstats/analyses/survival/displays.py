"""What a plan can ask to be shown of survival."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from npcstats.analyses.timetoevent.displays import OverTime
from npcstats.display.specs import TableOfSeveral
from npcstats.system.named import Named


@dataclass(frozen=True, kw_only=True)
class KaplanMeier(OverTime):
    """Kaplan-Meier curves with their limits, censorings and numbers at risk."""

    shows = ("survival",)
    make = Named("npcstats.analyses.survival.figure", "kaplan_meier_figure")
    caption = Named("npcstats.analyses.survival.words", "caption")
    alt = Named("npcstats.analyses.survival.words", "alt")


@dataclass(frozen=True, kw_only=True)
class SurvivalTimes(TableOfSeveral):
    """Events, follow-up, median, landmark estimates and restricted mean of one or more endpoints.

    Parameters
    ----------
    total : bool
        Whether everyone has a column beside the arms.
    """

    total: bool

    shows = ("survival",)
    told_apart_by = "endpoint"
    make = Named("npcstats.analyses.survival.table", "tabulate")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows: a column of everyone would be beside arms.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        return [f"total has no effect: {spec.id} has groups of its own"] if self.total and spec.grouping else []

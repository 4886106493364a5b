"""What a plan can ask to be shown of markers and outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from npcstats.display.specs import Figure, TableOfOne
from npcstats.system.named import Named


@dataclass(frozen=True, kw_only=True)
class MarkerHazards(TableOfOne):
    """Hazard ratios of markers, before and after adjustment."""

    shows = ("association",)
    make = Named("npcstats.analyses.association.table", "tabulate")


@dataclass(frozen=True, kw_only=True)
class MarkerHazardsByArm(TableOfOne):
    """Hazard ratios of markers in each arm, and whether they are the same."""

    shows = ("association",)
    make = Named("npcstats.analyses.association.table", "tabulate_by_arm")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows: it has ratios of arms.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        return [] if spec.by_arm else [f"it shows ratios of arms, which {spec.id} has not; by_arm is required"]


@dataclass(frozen=True, kw_only=True)
class MarkerForest(Figure):
    """Hazard ratios of markers, a panel for each way in which they enter."""

    shows = ("association",)
    make = Named("npcstats.analyses.association.figure.forest", "marker_forest")
    caption = Named("npcstats.analyses.association.words", "forest_caption")
    alt = Named("npcstats.analyses.association.words", "forest_alt")


@dataclass(frozen=True, kw_only=True)
class CoursesByOutcome(Figure):
    """Markers over visits, of those with the event and of those without it: a small panel for each marker."""

    shows = ("association",)
    make = Named("npcstats.analyses.association.figure.courses", "courses_by_outcome")
    caption = Named("npcstats.analyses.association.words", "courses_caption")
    alt = Named("npcstats.analyses.association.words", "courses_alt")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows: it has courses.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        return [] if spec.courses else [f"it draws courses by outcome, which {spec.id} has not; courses are required"]

"""What a plan can ask to be shown of regression."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from npcstats.analyses.timetoevent.displays import OverTime
from npcstats.display.specs import Figure, TableOfSeveral
from npcstats.system.named import Named


@dataclass(frozen=True, kw_only=True)
class Forest(Figure):
    """Hazard ratios of arms, of all participants and in each subgroup."""

    shows = ("regression",)
    make = Named("npcstats.analyses.regression.figure.forest", "forest_figure")
    caption = Named("npcstats.analyses.regression.words", "forest_caption")
    alt = Named("npcstats.analyses.regression.words", "forest_alt")


@dataclass(frozen=True, kw_only=True)
class ScaledResiduals(OverTime):
    """Scaled Schoenfeld residuals over time, and their smooth course."""

    shows = ("regression",)
    make = Named("npcstats.analyses.regression.figure.proportional", "proportional_hazards_figure")
    caption = Named("npcstats.analyses.regression.words", "residuals_caption")
    alt = Named("npcstats.analyses.regression.words", "residuals_alt")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows: there is a course to draw.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        if spec.course_knots:
            return []
        return [f"it draws a course that {spec.id} has not; course_knots of 2 or more are required"]


@dataclass(frozen=True, kw_only=True)
class HazardRatios(TableOfSeveral):
    """Hazard ratios of the arms, one or more endpoints.

    Parameters
    ----------
    covariates : bool
        Whether the ratios of what the arms are adjusted for stand below. They have no p-value: a covariate's ratio in a
        model made for the arms estimates no effect of that covariate.
    """

    covariates: bool

    shows = ("regression",)
    make = Named("npcstats.analyses.regression.table", "tabulate")

    def faults_together(self, specs: Mapping[str, Any]) -> list[str]:
        """Faults of its members beside one another: one adjusted for less than another says why.

        Parameters
        ----------
        specs : mapping of str to object
            The plan's entries of all analyses that it shows, by id.

        Returns
        -------
        list of str
            A clause for each.
        """
        found = super().faults_together(specs)
        adjusted = [name for name in self.members if specs[name].covariates]
        every = [item for name in adjusted for item in specs[name].covariates]
        return found + [
            f"{name} is adjusted for fewer covariates than another model of the table; a reason is required"
            for name in adjusted
            if not specs[name].reason and any(item not in specs[name].covariates for item in every)
        ]

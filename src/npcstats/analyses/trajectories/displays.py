"""What a plan can ask to be shown of courses of markers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from npcstats.analyses.trajectories.rows import KIND
from npcstats.display.specs import Figure
from npcstats.system.named import Named

MEANS = ("biomarker",)
"""Kinds of analysis whose means can be drawn."""


@dataclass(frozen=True, kw_only=True)
class Spaghetti(Figure):
    """The course of each participant as a thin line, a panel for each marker and group, with the group's means.

    Parameters
    ----------
    means : str
        Id of the analysis whose means are drawn, of those markers that it has on the same scale.
    variables : tuple of str
        Markers in page order; all if empty.
    """

    means: str
    variables: tuple[str, ...] = ()

    shows = (KIND,)
    make = Named("npcstats.analyses.trajectories.figure", "spaghetti_figure")
    caption = Named("npcstats.analyses.trajectories.words", "caption")
    alt = Named("npcstats.analyses.trajectories.words", "alt")

    @property
    def analyses(self) -> tuple[str, ...]:
        """Tell which analyses it shows.

        Returns
        -------
        tuple of str
            The listing and the means.
        """
        return (self.analysis, self.means)

    def kinds_of(self, analysis: str) -> tuple[str, ...]:
        """Tell of which kind an analysis that it shows must be.

        Parameters
        ----------
        analysis : str
            Its id, one of `analyses`.

        Returns
        -------
        tuple of str
            Those of means, or of courses.
        """
        return self.shows if analysis == self.analysis else MEANS

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows: courses have no means of their own.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        return [f"means is {self.means}, its own listing; an analysis of means is required"] * (
            self.means == self.analysis
        )

    def faults_together(self, specs: Mapping[str, Any]) -> list[str]:
        """Faults of courses and means beside one another.

        Parameters
        ----------
        specs : mapping of str to object
            The plan's entries of both, by id.

        Returns
        -------
        list of str
            A clause for each.
        """
        courses, means = specs[self.analysis], specs[self.means]
        known = [marker.code for marker in courses.markers]
        faults = [
            f"it shows {name}, which is no marker of {courses.id}" for name in self.variables if name not in known
        ]
        if courses.population != means.population:
            faults.append(f"{means.id} is of another analysis set than {courses.id}")
        if courses.below_limit != means.below_limit:
            faults.append(f"below_limit of {means.id} is another than that of {courses.id}")
        return faults

"""What a plan can ask to be shown of markers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from npcstats.display.specs import Figure
from npcstats.system.named import Named


@dataclass(frozen=True, kw_only=True)
class MarkerCourses(Figure):
    """Markers over visits, a small panel for each.

    Parameters
    ----------
    variables : tuple of str
        Markers in page order; all if empty.
    """

    variables: tuple[str, ...] = ()

    shows = ("biomarker",)
    make = Named("npcstats.analyses.biomarker.figure", "biomarker_figure")
    caption = Named("npcstats.analyses.biomarker.words", "caption")
    alt = Named("npcstats.analyses.biomarker.words", "alt")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows: it has every marker.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        known = [marker.code for marker in spec.markers]
        return [f"it draws {name}, which is no marker of {spec.id}" for name in self.variables if name not in known]

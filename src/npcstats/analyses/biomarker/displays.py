"""What a plan can ask to be shown of markers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from npcstats.display.specs import Figure, TableOfOne
from npcstats.system.named import Named


@dataclass(frozen=True, kw_only=True)
class MarkerCourses(Figure):
    """Markers over visits, a small panel for each.

    Parameters
    ----------
    variables : tuple of str
        Markers in page order; all if empty.
    small : bool
        Whether panels are so small that many stand on one page.
    """

    variables: tuple[str, ...] = ()
    small: bool = False

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
        return _unknown_markers(self.variables, spec)


@dataclass(frozen=True, kw_only=True)
class MarkersByVisit(TableOfOne):
    """Markers at each visit by arm or pooled, with the change from baseline.

    Parameters
    ----------
    variables : tuple of str
        Markers in page order; all if empty.
    total : bool
        Whether everyone has columns beside the arms.
    """

    variables: tuple[str, ...] = ()
    total: bool

    shows = ("biomarker",)
    make = Named("npcstats.analyses.biomarker.table", "tabulate")

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
        return _unknown_markers(self.variables, spec)


@dataclass(frozen=True, kw_only=True)
class MarkerLevels(TableOfOne):
    """Markers at each visit by arm or pooled: mean or geometric mean with its limits, median and quartiles.

    Parameters
    ----------
    variables : tuple of str
        Markers in page order; all if empty.
    total : bool
        Whether everyone has columns beside the arms.
    """

    variables: tuple[str, ...] = ()
    total: bool

    shows = ("biomarker",)
    make = Named("npcstats.analyses.biomarker.table", "tabulate_levels")

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
        return _unknown_markers(self.variables, spec)


def _unknown_markers(variables: tuple[str, ...], spec: Any) -> list[str]:
    known = [marker.code for marker in spec.markers]
    return [f"it shows {name}, which is no marker of {spec.id}" for name in variables if name not in known]

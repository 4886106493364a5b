"""What a plan can ask to be shown of correlations within participants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from npcstats.display.specs import Figure, TableOfOne
from npcstats.system.named import Named


@dataclass(frozen=True, kw_only=True)
class CorrelationMap(Figure):
    """Every pair of markers as a map, with the tree that orders them: of everyone."""

    shows = ("correlation",)
    make = Named("npcstats.analyses.correlation.figure", "correlation_map")
    caption = Named("npcstats.analyses.correlation.words", "caption")
    alt = Named("npcstats.analyses.correlation.words", "alt")


@dataclass(frozen=True, kw_only=True)
class CorrelationsWith(TableOfOne):
    """One marker with each other, by arm.

    Parameters
    ----------
    marker : str
        Whose correlations.
    total : bool
        Whether everyone has columns beside the arms.
    """

    marker: str
    total: bool

    shows = ("correlation",)
    make = Named("npcstats.analyses.correlation.table", "tabulate")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows: the marker is one of its own.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        if self.marker in [marker.code for marker in spec.markers]:
            return []
        return [f"it shows {self.marker}, which is no marker of {spec.id}"]

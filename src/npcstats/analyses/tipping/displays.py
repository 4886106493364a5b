"""What a plan can ask to be shown of missing marker values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from npcstats.display.specs import Figure, TableOfOne
from npcstats.system.named import Named


@dataclass(frozen=True, kw_only=True)
class StrategiesTable(TableOfOne):
    """The contrast of the arms at each visit by what is assumed of missing values."""

    shows = ("tipping",)
    make = Named("npcstats.analyses.tipping.table", "tabulate_strategies")


@dataclass(frozen=True, kw_only=True)
class TippingTable(TableOfOne):
    """At each visit who was seen, imputed and not imputed, and how far imputed values would have to be shifted."""

    shows = ("tipping",)
    make = Named("npcstats.analyses.tipping.table", "tabulate_tipping")


@dataclass(frozen=True, kw_only=True)
class TippingMap(Figure):
    """The contrast of the arms for each pair of shifts of imputed values, a small panel for each visit.

    Parameters
    ----------
    variables : tuple of str
        Markers in page order; all if empty.
    """

    variables: tuple[str, ...] = ()

    shows = ("tipping",)
    make = Named("npcstats.analyses.tipping.figure", "tipping_figure")
    caption = Named("npcstats.analyses.tipping.words", "caption")
    alt = Named("npcstats.analyses.tipping.words", "alt")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows: it has every marker, and shifts values.

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
        faults = [f"it shows {name}, which is no marker of {spec.id}" for name in self.variables if name not in known]
        return faults if spec.shifted else [*faults, f"it shows pairs of shifts, of which {spec.id} has none"]

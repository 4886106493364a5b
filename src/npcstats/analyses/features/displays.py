"""What a plan can ask to be shown of many features."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from npcstats.display.specs import Figure, TableOfOne
from npcstats.system.named import Named

LARGEST = 40


@dataclass(frozen=True, kw_only=True)
class Volcanoes(Figure):
    """Each feature's estimate against its p-value, a panel for each set and question."""

    shows = ("features",)
    make = Named("npcstats.analyses.features.figure", "volcano_figure")
    caption = Named("npcstats.analyses.features.words", "volcano_caption")
    alt = Named("npcstats.analyses.features.words", "volcano_alt")


@dataclass(frozen=True, kw_only=True)
class RankedFeatures(Figure):
    """The features with the smallest p-values, with limits, a panel for each set.

    Parameters
    ----------
    window : str
        A visit after the first: changes; the first visit: hazard ratios.
    most : int
        Features of each set.
    """

    window: str
    most: int

    shows = ("features",)
    make = Named("npcstats.analyses.features.figure", "ranked_figure")
    caption = Named("npcstats.analyses.features.words", "ranked_caption")
    alt = Named("npcstats.analyses.features.words", "ranked_alt")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows: it has the visit, and the number can be drawn.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        found = [] if self.window in spec.visits else [f"window {self.window!r} is no visit of {spec.id}"]
        return found + _number_faults(self.most)


@dataclass(frozen=True, kw_only=True)
class FeaturesTable(TableOfOne):
    """The features with the smallest p-values of each set: estimates, limits, p and q for every question.

    Parameters
    ----------
    most : int
        Features of each set.
    """

    most: int

    shows = ("features",)
    make = Named("npcstats.analyses.features.table", "tabulate")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows: the number can be printed.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        return _number_faults(self.most)


def _number_faults(most: int) -> list[str]:
    return [] if 1 <= most <= LARGEST else [f"most is {most}; a whole number from 1 to {LARGEST} is required"]

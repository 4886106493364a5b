"""What a plan can ask to be shown of stopping rules."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.display.specs import Figure, TableOfOne
from npcstats.system.named import Named


@dataclass(frozen=True, kw_only=True)
class StoppingTable(TableOfOne):
    """Where each rule stands at the cut-off: events, posterior probability, limit, and whether it is met."""

    shows = ("stopping",)
    make = Named("npcstats.analyses.stopping.table", "tabulate_standing")


@dataclass(frozen=True, kw_only=True)
class BoundaryTable(TableOfOne):
    """Smallest numbers of events that meet each rule, look by look, beside those that there were."""

    shows = ("stopping",)
    make = Named("npcstats.analyses.stopping.table", "tabulate_boundaries")


@dataclass(frozen=True, kw_only=True)
class CharacteristicsTable(TableOfOne):
    """What each rule does under true rates.

    Parameters
    ----------
    by : tuple of int
        Looks by which the probability of stopping is shown, beside that of ever stopping.
    """

    by: tuple[int, ...]

    shows = ("stopping",)
    make = Named("npcstats.analyses.stopping.table", "tabulate_characteristics")


@dataclass(frozen=True, kw_only=True)
class StoppingPath(Figure):
    """Events in order of exposure against the limits of each rule."""

    shows = ("stopping",)
    make = Named("npcstats.analyses.stopping.figure", "path_figure")
    caption = Named("npcstats.analyses.stopping.words", "path_caption")
    alt = Named("npcstats.analyses.stopping.words", "path_alt")


@dataclass(frozen=True, kw_only=True)
class StoppingCurves(Figure):
    """Probability of stopping and expected size of each rule against the true rate."""

    shows = ("stopping",)
    make = Named("npcstats.analyses.stopping.figure", "curves_figure")
    caption = Named("npcstats.analyses.stopping.words", "curves_caption")
    alt = Named("npcstats.analyses.stopping.words", "curves_alt")

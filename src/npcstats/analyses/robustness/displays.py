"""What a plan can ask to be shown of variations of an effect."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.display.specs import Figure, TableOfOne, TableOfSeveral
from npcstats.system.named import Named


@dataclass(frozen=True, kw_only=True)
class SpecificationCurve(Figure):
    """The effect by each variation above, and which choices each makes below."""

    shows = ("robustness",)
    make = Named("npcstats.analyses.robustness.figure", "specification_figure")
    caption = Named("npcstats.analyses.robustness.words", "caption")
    alt = Named("npcstats.analyses.robustness.words", "alt")


@dataclass(frozen=True, kw_only=True)
class VariationsTable(TableOfOne):
    """The effect by each variation, with participants and effective sizes."""

    shows = ("robustness",)
    make = Named("npcstats.analyses.robustness.table", "tabulate_variations")


@dataclass(frozen=True, kw_only=True)
class EValues(TableOfSeveral):
    """E-values of several effects: of the estimate, and of the limit nearest no effect."""

    shows = ("robustness",)
    make = Named("npcstats.analyses.robustness.table", "tabulate_e_values")

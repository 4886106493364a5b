"""What a plan can ask to be shown of the participants' way through the trial."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.display.specs import Figure
from npcstats.system.named import Named


@dataclass(frozen=True, kw_only=True)
class FlowDiagram(Figure):
    """Boxes from screening to the analysis sets, a column for each arm, as TREND and CONSORT ask for them."""

    shows = ("flow",)
    make = Named("npcstats.analyses.flow.figure.diagram", "flow_figure")
    caption = Named("npcstats.analyses.flow.words", "caption")
    alt = Named("npcstats.analyses.flow.words", "alt")

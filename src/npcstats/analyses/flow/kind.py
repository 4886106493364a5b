"""What the participants' way through the trial is, as a kind of analysis."""

from __future__ import annotations

from npcstats.analyses.flow.displays import FlowDiagram
from npcstats.analyses.flow.rows import MEASURES
from npcstats.analyses.flow.spec import FlowSpec, flow_faults
from npcstats.analyses.flow.summary import summarize_flow
from npcstats.analyses.kind import Choices, Kind
from npcstats.disclosure.withhold import WHOLE

FLOW = Kind(
    spec=FlowSpec,
    codes=("flow",),
    efficacy=False,
    withhold=WHOLE,
    summarize=summarize_flow,
    displays=(FlowDiagram,),
    choices=Choices(faults=flow_faults),
    measures=MEASURES,
)

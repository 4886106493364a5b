"""What states of a marker and its clearance are, as a kind of analysis."""

from __future__ import annotations

from npcstats.analyses.clearance.displays import ClearanceFigure, ClearanceTable, StatesTable
from npcstats.analyses.clearance.rows import CONVENTIONS, MEASURES
from npcstats.analyses.clearance.spec import ClearanceSpec, clearance_faults
from npcstats.analyses.clearance.summary import summarize_clearance
from npcstats.analyses.kind import Choices, Kind
from npcstats.disclosure.withhold import WHOLE

CLEARANCE = Kind(
    spec=ClearanceSpec,
    codes=("clearance",),
    efficacy=True,
    withhold=WHOLE,
    summarize=summarize_clearance,
    displays=(StatesTable, ClearanceTable, ClearanceFigure),
    choices=Choices(faults=clearance_faults, told_dates=lambda spec: (spec.origin,)),
    measures=MEASURES,
    conventions=CONVENTIONS,
)

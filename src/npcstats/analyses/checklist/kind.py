"""What reporting checklists are, as a kind of analysis."""

from __future__ import annotations

from npcstats.analyses.checklist.displays import Checklist
from npcstats.analyses.checklist.rows import MEASURES
from npcstats.analyses.checklist.spec import ChecklistSpec, checklist_faults, cited_displays
from npcstats.analyses.checklist.summary import assess_checklists
from npcstats.analyses.kind import Choices, Kind
from npcstats.disclosure.withhold import WHOLE

CHECKLIST = Kind(
    spec=ChecklistSpec,
    codes=("checklist",),
    efficacy=False,
    withhold=WHOLE,
    assess=assess_checklists,
    displays=(Checklist,),
    choices=Choices(faults=checklist_faults, cites=cited_displays),
    measures=MEASURES,
)

"""What markers and outcome are, as a kind of analysis."""

from __future__ import annotations

from npcstats.analyses.association.displays import CoursesByOutcome, MarkerForest, MarkerHazards, MarkerHazardsByArm
from npcstats.analyses.association.rows import CONVENTIONS, MEASURES
from npcstats.analyses.association.spec import AssociationSpec, association_entry_faults, association_idle
from npcstats.analyses.association.summary import summarize_association
from npcstats.analyses.kind import Choices, Kind
from npcstats.analyses.timetoevent.rows import MEASURES as OF_TIMES
from npcstats.disclosure.withhold import WHOLE

ASSOCIATION = Kind(
    spec=AssociationSpec,
    codes=("association",),
    efficacy=True,
    withhold=WHOLE,
    summarize=summarize_association,
    displays=(MarkerHazards, MarkerHazardsByArm, MarkerForest, CoursesByOutcome),
    choices=Choices(faults=association_entry_faults, idle=association_idle, of_pairs=("by_arm",), of_arms=("by_arm",)),
    measures={**OF_TIMES, **MEASURES},
    conventions=CONVENTIONS,
)

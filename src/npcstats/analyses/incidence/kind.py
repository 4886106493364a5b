"""What cumulative incidence is, as a kind of analysis."""

from __future__ import annotations

from npcstats.analyses.incidence.displays import CumulativeIncidence, Incidences, StackedIncidence
from npcstats.analyses.incidence.public import incidence_rows
from npcstats.analyses.incidence.rows import CONVENTIONS, MEASURES
from npcstats.analyses.incidence.spec import IncidenceSpec, incidence_estimand, incidence_faults, incidence_idle
from npcstats.analyses.incidence.summary import summarize_incidence
from npcstats.analyses.kind import Choices, Kind
from npcstats.analyses.timetoevent.displays import Sensitivity
from npcstats.analyses.timetoevent.rows import MEASURES as OF_TIMES
from npcstats.disclosure import Withholding

INCIDENCE = Kind(
    spec=IncidenceSpec,
    codes=("incidence",),
    efficacy=True,
    withhold=Withholding(rows=incidence_rows),
    summarize=summarize_incidence,
    choices=Choices(
        faults=incidence_faults, idle=incidence_idle, of_pairs=("gray",), of_arms=("gray",), estimand=incidence_estimand
    ),
    measures={**OF_TIMES, **MEASURES},
    conventions=CONVENTIONS,
    displays=(CumulativeIncidence, StackedIncidence, Incidences, Sensitivity),
)

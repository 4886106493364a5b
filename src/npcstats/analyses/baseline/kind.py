"""What a table of characteristics is, as a kind of analysis."""

from __future__ import annotations

from npcstats.analyses.baseline.displays import Characteristics
from npcstats.analyses.baseline.public import baseline_rows
from npcstats.analyses.baseline.rows import CONVENTIONS, MEASURES
from npcstats.analyses.baseline.spec import BaselineSpec, baseline_faults, baseline_idle
from npcstats.analyses.baseline.summary import summarize_baseline
from npcstats.analyses.kind import Choices, Kind
from npcstats.disclosure import Withholding

BASELINE = Kind(
    spec=BaselineSpec,
    codes=("baseline",),
    efficacy=False,
    withhold=Withholding(rows=baseline_rows),
    summarize=summarize_baseline,
    choices=Choices(faults=baseline_faults, idle=baseline_idle, of_pairs=("smd_denominator", "multiplicity")),
    measures=MEASURES,
    conventions=CONVENTIONS,
    displays=(Characteristics,),
)

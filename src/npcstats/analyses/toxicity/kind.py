"""What a summary of adverse events is, as a kind of analysis."""

from __future__ import annotations

from npcstats.analyses.kind import Choices, Kind, of_difference
from npcstats.analyses.toxicity.displays import ToxicityButterfly, ToxicityDots, WorstGrades
from npcstats.analyses.toxicity.public import telling_sizes, toxicity_rows
from npcstats.analyses.toxicity.rows import MEASURES
from npcstats.analyses.toxicity.spec import ToxicitySpec, toxicity_faults
from npcstats.analyses.toxicity.summary import summarize_toxicity
from npcstats.disclosure import Withholding

TOXICITY = Kind(
    spec=ToxicitySpec,
    codes=("toxicity",),
    efficacy=False,
    withhold=Withholding(rows=toxicity_rows, telling_sizes=telling_sizes, by_name=True),
    summarize=summarize_toxicity,
    choices=Choices(faults=toxicity_faults, of_pairs=("difference",), of_two=("difference",), estimand=of_difference),
    measures=MEASURES,
    displays=(ToxicityDots, ToxicityButterfly, WorstGrades),
)

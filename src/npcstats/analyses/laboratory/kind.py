"""What laboratory toxicity is, as a kind of analysis."""

from __future__ import annotations

from npcstats.analyses.kind import Choices, Kind, of_difference
from npcstats.analyses.laboratory.displays import AgreementTable, LaboratoryWorst, NadirTable, ShiftTable
from npcstats.analyses.laboratory.rows import MEASURES
from npcstats.analyses.laboratory.spec import LaboratorySpec, laboratory_faults
from npcstats.analyses.laboratory.summary import summarize_laboratory
from npcstats.disclosure.withhold import WHOLE

LABORATORY = Kind(
    spec=LaboratorySpec,
    codes=("laboratory",),
    efficacy=False,
    withhold=WHOLE,
    summarize=summarize_laboratory,
    displays=(ShiftTable, LaboratoryWorst, NadirTable, AgreementTable),
    choices=Choices(faults=laboratory_faults, of_pairs=("difference",), of_two=("difference",), estimand=of_difference),
    measures=MEASURES,
)

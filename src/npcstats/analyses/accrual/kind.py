"""What accrual is, as a kind of analysis."""

from __future__ import annotations

from npcstats.analyses.accrual.displays import AccrualCourse
from npcstats.analyses.accrual.public import accrual_rows
from npcstats.analyses.accrual.rows import MEASURES
from npcstats.analyses.accrual.spec import AccrualSpec
from npcstats.analyses.accrual.summary import summarize_accrual
from npcstats.analyses.kind import Kind
from npcstats.disclosure import Withholding

ACCRUAL = Kind(
    spec=AccrualSpec,
    codes=("accrual",),
    efficacy=False,
    withhold=Withholding(rows=accrual_rows),
    summarize=summarize_accrual,
    measures=MEASURES,
    displays=(AccrualCourse,),
)

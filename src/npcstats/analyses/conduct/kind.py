"""What the trial's conduct is, as kinds of analysis: all of them count participants or forms."""

from __future__ import annotations

from npcstats.analyses.conduct.completeness import summarize_completeness
from npcstats.analyses.conduct.deviations import summarize_deviations
from npcstats.analyses.conduct.displays import Counts
from npcstats.analyses.conduct.rows import COMPLETENESS_MEASURES
from npcstats.analyses.conduct.screening import summarize_screening
from npcstats.analyses.conduct.spec import (
    CompletenessSpec,
    DeviationSpec,
    ScreeningSpec,
    StatusSpec,
    completeness_faults,
    status_faults,
)
from npcstats.analyses.conduct.status import summarize_status
from npcstats.analyses.kind import Choices, Kind
from npcstats.disclosure import Withholding
from npcstats.disclosure.counts import counts_rows

COUNTS = ("counts",)
SHOWN = (Counts,)
COUNTED = Withholding(rows=counts_rows, by_name=True)

STATUS = Kind(
    spec=StatusSpec,
    codes=COUNTS,
    efficacy=False,
    withhold=COUNTED,
    summarize=summarize_status,
    displays=SHOWN,
    choices=Choices(faults=status_faults),
)
SCREENING = Kind(
    spec=ScreeningSpec, codes=COUNTS, efficacy=False, withhold=COUNTED, summarize=summarize_screening, displays=SHOWN
)
DEVIATIONS = Kind(
    spec=DeviationSpec, codes=COUNTS, efficacy=False, withhold=COUNTED, summarize=summarize_deviations, displays=SHOWN
)
COMPLETENESS = Kind(
    spec=CompletenessSpec,
    codes=COUNTS,
    efficacy=False,
    withhold=COUNTED,
    summarize=summarize_completeness,
    displays=SHOWN,
    choices=Choices(faults=completeness_faults),
    measures=COMPLETENESS_MEASURES,
)

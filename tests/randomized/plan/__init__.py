"""The statistical analysis plan of the randomised example: nothing of it is in the package.

Time zero is randomisation. Efficacy is by intention to treat, arms as randomised; safety is of those treated, arms by
what was given. Randomisation was stratified, so the log-rank test and the hazard ratio are too.

There is a file for each subject.
"""

from __future__ import annotations

from npcstats.run.plan import Plan
from plan.baseline import BASELINE, BASELINE_TREATED, EXPOSURE
from plan.comparison import OS_RATIO, PFS_RATIO, PFS_RATIO_ADJUSTED, PFS_RATIO_TREATED
from plan.conduct import DEVIATIONS, FOLLOW_UP, STATUS
from plan.design import DESIGN
from plan.endpoints import EVENTS
from plan.figures import FIGURES
from plan.laboratory import LABORATORY
from plan.response import RESPONSE
from plan.sessions import REPORTS, SESSIONS
from plan.survival import (
    OS_CURVE,
    OS_CURVE_PLAIN,
    PFS_CURVE,
    PFS_CURVE_PLAIN,
    PFS_TREATED,
    PFS_TREATED_PLAIN,
    PROGRESSION,
)
from plan.tables import TABLES
from plan.toxicity import ADVERSE, ADVERSE_RANDOMISED

PLAN = Plan(
    design=DESIGN,
    sessions=SESSIONS,
    reports=REPORTS,
    specs=(
        BASELINE,
        BASELINE_TREATED,
        EXPOSURE,
        STATUS,
        DEVIATIONS,
        FOLLOW_UP,
        OS_CURVE,
        OS_CURVE_PLAIN,
        PFS_CURVE,
        PFS_CURVE_PLAIN,
        PFS_TREATED,
        PFS_TREATED_PLAIN,
        OS_RATIO,
        PFS_RATIO,
        PFS_RATIO_TREATED,
        PFS_RATIO_ADJUSTED,
        PROGRESSION,
        RESPONSE,
        EVENTS,
        ADVERSE,
        ADVERSE_RANDOMISED,
        LABORATORY,
    ),
    tables=TABLES,
    figures=FIGURES,
    rounding="half-away",
    snapshot="event-date",
    interim_efficacy_by_arm=False,
    seed=1,
)

"""What the trial is, and how its export says so."""

from __future__ import annotations

import datetime

from npcstats.clinical.delivered import OverallTime
from npcstats.readers import Source
from npcstats.study import Arm, Design, Period, Population, Visit, Words
from plan.endpoints import OS, PFS, TTP
from plan.frames import ADAE, ADDV, ADEX, ADLB, ADRS, ADSL, ADTTE

ARMS = {"Placebo": "PBO", "EX-1 50 mg": "LOW", "EX-1 100 mg": "HIGH"}
ARM_CODES = {"TRT01P": ARMS, "TRT01A": ARMS}
VISITS = {"Screening": "SCR", "Cycle 3": "C3", "Cycle 5": "C5", "Cycle 9": "C9"}

DESIGN = Design(
    registry="EX301",
    title="EX-1 at two doses or placebo in advanced solid tumours",
    short_title="EX-1, two doses or placebo",
    allocation="randomized",
    arms=(Arm("PBO", "Placebo"), Arm("LOW", "EX-1 50 mg"), Arm("HIGH", "EX-1 100 mg")),
    arm_rule={},
    visits=(
        Visit("SCR", "Screening", anchor="TRTSDT", day=-1, first=-14, last=0),
        Visit("C3", "Cycle 3", anchor="TRTSDT", day=42, first=28, last=62),
        Visit("C5", "Cycle 5", anchor="TRTSDT", day=84, first=63, last=125),
        Visit("C9", "Cycle 9", anchor="TRTSDT", day=168, first=126, last=210),
    ),
    populations=(
        Population("ITT", "Intention to treat", "All randomised participants.", requires=("ENRLDT",), arms="planned"),
        Population("SAF", "Safety set", "Participants with at least one dose.", requires=("TRTSDT",), arms="actual"),
    ),
    periods=(
        Period(
            "treatment",
            "On treatment",
            start="TRTSDT",
            end="TRTEDT",
            end_day=30,
            longest=400,
        ),
    ),
    endpoints=(OS, PFS, TTP),
    primary="PFS",
    planned_size=180,
    accrual_start=datetime.date(2023, 2, 1),
    accrual_plan=((0.0, 0.0), (18.0, 1.0)),
    treatment_columns={"adsl": ("TRT01P", "TRT01A"), "adex": ("EXTRT", "EXDOSE", "EXPLANNED")},
    delivered=(OverallTime("DURATION", start="TRTSDT", end="TRTEDT"),),
    frames=(ADSL, ADAE, ADLB, ADRS, ADEX, ADDV, ADTTE),
    words=Words(
        dates={"ENRLDT": "randomisation", "TRTSDT": "the first dose", "TRTEDT": "the last dose"},
    ),
    sources={
        "adsl": Source(columns={"RANDDT": "ENRLDT"}, codes=ARM_CODES, extra="ignore"),
        "adae": Source(extra="ignore"),
        "adlb": Source(codes={"AVISIT": VISITS}, extra="ignore"),
        "adex": Source(extra="ignore"),
        "adtte": Source(extra="ignore"),
    },
)

"""What the trial is."""

from __future__ import annotations

import datetime

from npcstats.clinical.oncology import HEAD_AND_NECK_ASSESSMENTS, HEAD_AND_NECK_EVENTS
from npcstats.study import Arm, Design, Words
from plan.delivered import DELIVERED
from plan.endpoints import ENDPOINTS, GRADED
from plan.frames import FRAMES
from plan.populations import POPULATIONS
from plan.schedule import PERIODS, VISITS

DESIGN = Design(
    registry="NCT07232680",
    title="Proton or photon chemoradiotherapy for nasopharyngeal carcinoma",
    short_title="Nasopharyngeal carcinoma, proton or photon chemoradiotherapy",
    allocation="non-randomized",
    arms=(Arm("PROTON", "Proton"), Arm("PHOTON", "Photon")),
    arm_rule={"MIXED": "PROTON"},
    visits=VISITS,
    populations=POPULATIONS,
    periods=PERIODS,
    endpoints=ENDPOINTS,
    primary="",  # the registry entry names none that is known here
    planned_size=500,
    accrual_start=datetime.date(2025, 11, 20),
    accrual_plan=((0.0, 0.0), (6.0, 0.108), (36.0, 1.0)),
    treatment_columns={
        "adsl": ("TRT01P", "TRT01A", "TECHNIQUE", "RXDOSU"),
        "adex": ("EXDOSU",),
    },
    frames=FRAMES,
    events=HEAD_AND_NECK_EVENTS,
    delivered=DELIVERED,
    graded=GRADED,
    words=Words(
        dates={
            "TRTSDT": "the first study treatment",
            "RTSTDT": "the start of radiotherapy",
            "RTENDT": "the end of radiotherapy",
        },
        assessments=HEAD_AND_NECK_ASSESSMENTS,
        causes={
            "DISEASE": "nasopharyngeal carcinoma",
            "TREATMENT": "treatment",
            "OTHER": "another cause",
            "UNKNOWN": "an unknown cause",
        },
    ),
)

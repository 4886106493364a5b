"""The statistical analysis plan of NCT07232680, as values."""

from __future__ import annotations

import datetime

from npcstats.study import Arm, Design, Endpoint, Period, Population, Visit

DESIGN = Design(
    registry="NCT07232680",
    title="Proton or photon chemoradiotherapy for nasopharyngeal carcinoma",
    short_title="Nasopharyngeal carcinoma, proton or photon chemoradiotherapy",
    arms=(Arm("PROTON", "Proton"), Arm("PHOTON", "Photon")),
    arm_rule={"MIXED": "PROTON"},
    visits=(
        Visit("PRE", "Pre-treatment", anchor="TRTSDT", day=0, first=-28, last=0),
        Visit("BL", "Baseline (pre-RT)", anchor="RTSTDT", day=0, first=-28, last=0),
        Visit("MID", "Mid-RT", anchor="RTSTDT", day=21, first=14, last=30),
        Visit("EORT", "End of RT", anchor="RTENDT", day=0, first=-7, last=7),
        Visit("W8", "8 weeks", anchor="RTENDT", day=49, first=8, last=59),
        Visit("M3", "3 months", anchor="RTENDT", day=90, first=60, last=135),
        Visit("M6", "6 months", anchor="RTENDT", day=182, first=136, last=270),
        Visit("M12", "12 months", anchor="RTENDT", day=365, first=271, last=545),
        Visit("M24", "24 months", anchor="RTENDT", day=730, first=546, last=910),
    ),
    populations=(
        Population("ENRL", "Enrolled", "All enrolled participants.", requires=("ENRLDT",)),
        Population(
            "SAF",
            "Safety set",
            "Participants with at least one fraction of radiotherapy or one dose of chemotherapy.",
            requires=("TRTSDT",),
        ),
        Population(
            "RT",
            "Radiotherapy set",
            "Participants who have started radiotherapy.",
            requires=("RTSTDT",),
        ),
    ),
    periods=(
        Period(
            "induction",
            "Induction",
            "Induction: first study treatment to the day before radiotherapy.",
            start="TRTSDT",
            end="RTSTDT",
            end_day=-1,
        ),
        Period(
            "acute",
            "Acute",
            "Acute: start of radiotherapy to 90 days after its end.",
            start="RTSTDT",
            end="RTENDT",
            end_day=90,
        ),
        Period(
            "late",
            "Late",
            "Late: from 91 days after the end of radiotherapy.",
            start="RTENDT",
            start_day=91,
        ),
    ),
    endpoints=(
        Endpoint(
            "OS",
            "Overall survival",
            "Time from the start of radiotherapy to death from any cause; without an event, to the date last known alive.",
            origin="RTSTDT",
            events=("DEATH",),
            censor_at=("VITAL",),
        ),
        Endpoint(
            "PFS",
            "Progression-free survival",
            "Time from the start of radiotherapy to local, regional or distant progression or death; without an event, "
            "to the last adequate disease assessment, or to the start of a new anticancer therapy.",
            origin="RTSTDT",
            events=("LOCAL", "REGIONAL", "DISTANT", "DEATH"),
            censored_by=("NEW-THERAPY",),
            censor_at=("LOCOREGIONAL", "SYSTEMIC"),
        ),
    ),
    planned_size=500,
    accrual_start=datetime.date(2025, 11, 20),
    accrual_plan=((0.0, 0.0), (6.0, 0.108), (36.0, 1.0)),
    treatment_columns={
        "adsl": ("TRT01P", "TRT01A", "TECHNIQUE", "RXDOSU"),
        "adex": ("EXDOSU",),
    },
)

"""What the data checks of the randomised example hold to be possible: only what such a trial has."""

from __future__ import annotations

from npcstats.quality import Checks, LaboratoryRange, NumberRange
from npcstats.quality.values import Leap

CHECKS = Checks(
    laboratory=(
        LaboratoryRange("HGB", "g/L", 40.0, 200.0),
        LaboratoryRange("ALT", "U/L", 1.0, 1_000.0),
        LaboratoryRange("CRP", "mg/L", 0.0, 500.0),
    ),
    numbers=(NumberRange("adsl", "AGE", 18.0, 95.0), NumberRange("adsl", "WEIGHTBL", 30.0, 200.0)),
    progressed="PD",
    response=("CR", "PR", "SD"),
    fatal="FATAL",
    treatment_death="ADVERSE EVENT",
    deviation="MAJOR",
    consent_days=28,
    serious_grade=4,
    action_days=14,
    no_action=("DOSE NOT CHANGED", "NOT APPLICABLE"),
    withdrawn="DRUG WITHDRAWN",
    reduced="DOSE REDUCED",
    leaps=(Leap("adlb", "HGB", 1.8, 1.2),),
    logged=("ALT", "CRP"),
    copied=6,
)

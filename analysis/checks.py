"""What the data checks of NCT07232680 hold to be possible, as values; the eligibility criteria are beside this file."""

from __future__ import annotations

from npcstats.quality import Checks, LaboratoryRange, NumberRange, RadiotherapyRange, Swap

_PER_LITER = "10^9/L"
_PER_MICROLITER = (Swap("/uL", 1_000.0),)
_GRAMS_PER_LITER = (Swap("g/L", 10.0),)

CHECKS = Checks(
    ctcae="5.0",
    laboratory=(
        LaboratoryRange("WBC", _PER_LITER, 0.05, 60.0, _PER_MICROLITER),
        LaboratoryRange("ANC", _PER_LITER, 0.0, 50.0, _PER_MICROLITER),
        LaboratoryRange("ALC", _PER_LITER, 0.0, 15.0, _PER_MICROLITER),
        LaboratoryRange("PLT", _PER_LITER, 1.0, 1_500.0, _PER_MICROLITER),
        LaboratoryRange("HGB", "g/dL", 3.0, 22.0, _GRAMS_PER_LITER),
        LaboratoryRange("ALB", "g/dL", 1.0, 7.0, _GRAMS_PER_LITER),
        LaboratoryRange("CREAT", "mg/dL", 0.2, 20.0, (Swap("umol/L", 88.4),)),
        LaboratoryRange("TBILI", "mg/dL", 0.05, 40.0, (Swap("umol/L", 17.1),)),
        LaboratoryRange("LDH", "U/L", 30.0, 10_000.0),
        LaboratoryRange("CRP", "mg/L", 0.0, 600.0),
        LaboratoryRange("EBV", "copies/mL", 0.0, 1e9),
        LaboratoryRange("CD3", "cells/uL", 0.0, 12_000.0),
        LaboratoryRange("CD4", "cells/uL", 0.0, 8_000.0),
        LaboratoryRange("CD8", "cells/uL", 0.0, 8_000.0),
        LaboratoryRange("CD19", "cells/uL", 0.0, 4_000.0),
        LaboratoryRange("NK", "cells/uL", 0.0, 4_000.0),
        LaboratoryRange("NLR", "ratio", 0.0, 200.0),
        LaboratoryRange("PLR", "ratio", 0.0, 10_000.0),
        LaboratoryRange("IL6", "pg/mL", 0.0, 5_000.0),
        LaboratoryRange("IL10", "pg/mL", 0.0, 5_000.0),
        LaboratoryRange("TNFA", "pg/mL", 0.0, 5_000.0),
        LaboratoryRange("IFNG", "pg/mL", 0.0, 5_000.0),
        LaboratoryRange("SPDL1", "pg/mL", 0.0, 10_000.0),
    ),
    numbers=(
        NumberRange("adsl", "AGE", 18.0, 95.0),
        NumberRange("adsl", "CCI", 0.0, 20.0),
        NumberRange("adsl", "GTVPVOL", 0.1, 500.0),
        NumberRange("adsl", "EBVBL", 0.0, 1e9),
        NumberRange("adsl", "SES", -6.0, 6.0),
    ),
    radiotherapy=RadiotherapyRange(
        dose=69.96,
        tolerance=0.05,
        per_week=6.0,
        usual_per_week=5.0,
        longest_break=21,
    ),
    dose_tolerance=0.05,
    switches={"CISPLATIN": "CARBOPLATIN"},
    progression=("LOCAL", "REGIONAL", "DISTANT"),
    progressed="PD",
    response=("CR", "PR", "SD"),
    progression_days=30,
    disease_death="DISEASE",
    fatal="FATAL",
    criteria_file="eligibility.py",
    registration="ENRLDT",
    fields={"ECOG": ("ECOGBL",), "PROCDT": ("TRTSDT", "ENRLDT")},
    recorded={"PLANNED_CRT": ("CONREG",)},
    laboratory_fields={"HGB": "HGB", "ANC": "ANC", "PLT": "PLT", "TBILI": "TBILI", "ALB": "ALB", "CREAT": "CREAT"},
    deviation="MAJOR",
)

"""What is planted in the randomised example: three arms, two factors, departures from the allocation, known effects."""

from __future__ import annotations

import datetime

from npcstats.synthetic.parallel_truth import (
    Allocation,
    Assay,
    Cycles,
    Dates,
    Deviation,
    Factor,
    Hazards,
    Laboratory,
    Level,
    ParallelTruth,
    Persons,
    Safety,
    Term,
    Treatment,
)

SEED = 20250331
BLOOD, GUT, GENERAL = (
    "Blood and lymphatic system disorders",
    "Gastrointestinal disorders",
    "General disorders and administration site conditions",
)

TRUTH = ParallelTruth(
    study="EX301",
    arms=(
        Treatment("Placebo", "PLACEBO", 0.0, 0.0, 0.0, (("CR", 0.02), ("PR", 0.16), ("SD", 0.82))),
        Treatment("EX-1 50 mg", "EX-1", 50.0, -0.45, -0.2, (("CR", 0.06), ("PR", 0.30), ("SD", 0.64))),
        Treatment("EX-1 100 mg", "EX-1", 100.0, -0.8, -0.4, (("CR", 0.12), ("PR", 0.42), ("SD", 0.46))),
    ),
    factors=(
        Factor("REGION", (Level("ASIA", 0.40, 0.0), Level("EUROPE", 0.35, 0.15), Level("AMERICAS", 0.25, 0.3))),
        Factor("PRIORTRT", (Level("NONE", 0.55, 0.0), Level("ANY", 0.45, 0.45))),
    ),
    allocation=Allocation(
        size=180,
        block=6,
        switched=(
            ("Placebo", "EX-1 50 mg", 3),
            ("EX-1 50 mg", "EX-1 100 mg", 4),
            ("EX-1 100 mg", "Placebo", 5),
            ("EX-1 100 mg", "EX-1 50 mg", 2),
        ),
        untreated=(("Placebo", 2), ("EX-1 50 mg", 1), ("EX-1 100 mg", 2)),
    ),
    dates=Dates(
        first=datetime.date(2023, 2, 1),
        last=datetime.date(2024, 7, 31),
        cutoff=datetime.date(2025, 3, 31),
        screening_days=(3, 21),
        dosing_days=(0, 3),
        contact_days=(0, 27),
    ),
    persons=Persons(
        age=(61.0, 9.5, 18.0, 88.0),
        female=0.46,
        weight=(64.0, 78.0, 11.0),
        ecog=(("0", 0.45), ("1", 0.47), ("2", 0.08)),
        weight_unknown=0.03,
    ),
    hazards=Hazards(
        progression=0.11,
        death=0.012,
        death_after=0.07,
        lost=0.004,
        withdrawn=0.005,
        every=42,
        jitter=3,
        missed=0.05,
        unread=0.03,
    ),
    cycles=Cycles(days=21, most=12, steps=(1.0, 0.75, 0.5), delay_days=(3, 14), emergent_days=30),
    safety=Safety(
        terms=(
            Term(BLOOD, "Anaemia", 0.05, (1.0, 1.3, 1.8), (50, 35, 14, 1), (10, 60)),
            Term(BLOOD, "Neutropenia", 0.03, (1.0, 2.0, 4.0), (20, 35, 35, 10), (5, 20)),
            Term(GUT, "Diarrhoea", 0.06, (1.0, 1.6, 2.2), (60, 30, 10, 0), (2, 12)),
            Term(GUT, "Nausea", 0.08, (1.0, 1.3, 1.6), (65, 30, 5, 0), (2, 20)),
            Term(GUT, "Vomiting", 0.04, (1.0, 1.2, 1.6), (60, 32, 8, 0), (1, 5)),
            Term(GENERAL, "Fatigue", 0.10, (1.0, 1.1, 1.3), (55, 37, 8, 0), (10, 90)),
            Term(GENERAL, "Pyrexia", 0.04, (1.0, 1.0, 1.0), (70, 25, 5, 0), (1, 6)),
            Term("Infections and infestations", "Pneumonia", 0.008, (1.0, 1.4, 1.8), (5, 45, 45, 5), (7, 25)),
            Term("Metabolism and nutrition disorders", "Decreased appetite", 0.06, (1.0, 1.2, 1.4), (60, 34, 6, 0),
                 (7, 60)),
            Term("Nervous system disorders", "Headache", 0.05, (1.0, 1.0, 1.1), (70, 28, 2, 0), (1, 7)),
            Term("Skin and subcutaneous tissue disorders", "Rash", 0.04, (1.0, 2.0, 3.2), (55, 35, 10, 0), (5, 40)),
        ),
        before=0.25,
        after=0.2,
        related=(0.35, 0.5, 0.6),
        serious=(0.0, 0.03, 0.3),
        actions=(
            ("DOSE NOT CHANGED", 0.35),
            ("DRUG INTERRUPTED", 0.30),
            ("DOSE REDUCED", 0.25),
            ("DRUG WITHDRAWN", 0.10),
        ),
        resolved=0.93,
        fatal=("Infections and infestations", "Sepsis", 0.4),
    ),
    laboratory=Laboratory(
        assays=(
            Assay("HGB", "Haemoglobin", "g/L", 128.0, 0.09, 0.04, (-0.02, -0.05, -0.10), 0, 0.0),
            Assay("ALT", "Alanine aminotransferase", "U/L", 22.0, 0.35, 0.20, (0.0, 0.10, 0.25), 0, 0.0),
            Assay("CRP", "C-reactive protein", "mg/L", 6.0, 0.9, 0.4, (0.2, -0.3, -0.6), 1, 1.0),
        ),
        visits=(("Screening", -1), ("Cycle 3", 42), ("Cycle 5", 84), ("Cycle 9", 168)),
        jitter=3,
        missing=0.03,
    ),
    overall=("OS", "Overall survival"),
    progression_free=("PFS", "Progression-free survival"),
    progression=("TTP", "Time to progression"),
    wrong_treatment=Deviation("MAJOR", "Treated otherwise than randomised", 0.0),
    deviations=(
        Deviation("MAJOR", "Eligibility criterion not met", 0.03),
        Deviation("MAJOR", "Prohibited medication", 0.05),
        Deviation("MINOR", "Visit outside its window", 0.25),
        Deviation("MINOR", "Assessment not made", 0.15),
    ),
)  # fmt: skip

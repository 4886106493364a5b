"""What is planted in the synthetic trial, as values, and what an analysis of it should therefore find.

Log odds, log hazards and log ratios are proton minus photon. Shares of adverse events are those of the photon arm at
average covariates. What follows from these values for the whole population is in `synthetic_truths.json`, which
`make_truths.py` draws; no truth is an estimate from the committed data.
"""

from __future__ import annotations

import datetime
import math
from dataclasses import replace

from npcstats.synthetic.counterfactual import Horizon, Size
from npcstats.synthetic.truth import (
    Assignment,
    Biomarkers,
    Calendar,
    Chemotherapy,
    Composite,
    Conduct,
    Covariates,
    Detection,
    Disease,
    Drug,
    Feature,
    HistoryTruth,
    Imaging,
    LabTerm,
    LateTerm,
    Lesions,
    Linear,
    Marker,
    Radiotherapy,
    Regimen,
    Response,
    Sampling,
    Scenario,
    Screening,
    Seriousness,
    Share,
    Term,
    Toxicity,
    Truth,
    Weighing,
)

SEED = 7232680

RELIABLE = 0.6
"""Intraclass correlation of repeated images below which a feature counts as unstable."""

# How `make_truths.py` draws the averages that `synthetic_truths.json` stores.
TRUTHS_SEED = 20_261_123
TRUTHS_SIZE = Size(draws=1_000_000, chunk=100_000, recorded=30_000, recorded_chunk=5_000)
TRUTHS_HORIZON = Horizon(months=(24.0, 36.0, 60.0), restricted=60.0)
TRUTHS_GRADES = (2, 3, 4)

GI = "Gastrointestinal disorders"
INVESTIGATIONS = "Investigations"
METABOLISM = "Metabolism and nutrition disorders"
NERVOUS = "Nervous system disorders"
EAR = "Ear and labyrinth disorders"
BLOOD = "Blood and lymphatic system disorders"
GENERAL = "General disorders and administration site conditions"
INJURY = "Injury, poisoning and procedural complications"
MUSCLE = "Musculoskeletal and connective tissue disorders"
CHEST = "Respiratory, thoracic and mediastinal disorders"
INFECTION = "Infections and infestations"
SKIN = "Skin and subcutaneous tissue disorders"
ENDOCRINE = "Endocrine disorders"
VASCULAR = "Vascular disorders"

COVARIATES = Covariates(
    age=(49.0, 11.5, 18.0, 80.0),
    ses_per_age_sd=-0.15,
    male=0.74,
    cci=Linear(-1.1, (("age10", 0.30), ("ses", -0.10))),
    ecog=Linear(-1.0, (("age10", 0.30), ("cci", 0.30))),
    smoke=(0.50, 0.08),
    betel=(0.15, 0.0),
    tumor=(0.25, 0.14, 0.38, 0.23),
    nodes=(0.10, 0.33, 0.37, 0.20),
    node_positive_share=0.9,
    stages=("IA", "IB", "II", "III"),
    stage_grid=((0, 1, 2, 3), (0, 1, 2, 3), (2, 2, 2, 3), (3, 3, 3, 3)),
    histology=(("NK-undiff", 0.85), ("NK-diff", 0.12), ("K-SCC", 0.025), ("basaloid", 0.005)),
    ebv_mean=(1.6, 2.2, 2.9, 3.4),
    ebv_sd=1.1,
    volume_median=(8.0, 16.0, 28.0, 52.0),
    volume_log_sd=0.5,
    induction=(0.03, 0.08, 0.50, 0.85),
    unknown=(("SMOKE", 0.01), ("BETEL", 0.02), ("WHOHIST", 0.01)),
)

ASSIGNMENT = Assignment(
    propensity=Linear(
        0.10,
        (("age10", -0.35), ("ses", 0.80), ("cci", -0.30), ("ecog", -0.45), ("t4", 0.35), ("ic", -0.10)),
    ),
    mixed_share=0.03,
    techniques=(
        ("PROTON", (("IMPT", 1.0),)),
        ("PHOTON", (("VMAT", 0.70), ("TOMO", 0.20), ("IMRT", 0.10))),
        ("MIXED", (("IMPT", 1.0),)),
    ),
    dose_units=(("PROTON", "Gy(RBE)"), ("PHOTON", "Gy"), ("MIXED", "Gy(RBE)")),
    never_radiated=(0.012, 0.012),
    changed=(0.01, 0.4),
)

RADIOTHERAPY = Radiotherapy(
    treatment="RADIOTHERAPY",
    dose=69.96,
    fractions=33,
    fractions_per_block=5,
    wait_days=(5, 21),
    gap_days=(0, 8),
    break_share=0.07,
    break_days=(3, 8),
    short_break_share=0.30,
    stop_share=0.02,
    stop_range=(18, 31),
)

_MG = "mg/m2"
CHEMOTHERAPY = Chemotherapy(
    induction=(
        Regimen(
            "I_GP", 0.60, (Drug("GEMCITABINE", 1000, _MG, (0, 7)), Drug("CISPLATIN", 80, _MG)), 21, ((2, 0.3), (3, 0.7))
        ),
        Regimen(
            "I_TPF",
            0.25,
            (Drug("DOCETAXEL", 75, _MG), Drug("CISPLATIN", 75, _MG), Drug("FLUOROURACIL", 3750, _MG, (0,), 4)),
            21,
            ((2, 0.3), (3, 0.7)),
        ),
        Regimen("I_TP", 0.15, (Drug("DOCETAXEL", 75, _MG), Drug("CISPLATIN", 75, _MG)), 21, ((2, 0.4), (3, 0.6))),
    ),
    concurrent=(
        Regimen("C_QW", 0.55, (Drug("CISPLATIN", 40, _MG),), 7, ((6, 0.7), (7, 0.3))),
        Regimen("C_Q3W", 0.30, (Drug("CISPLATIN", 100, _MG),), 21, ((2, 0.3), (3, 0.7))),
        Regimen("C_Q2W", 0.07, (Drug("CISPLATIN", 50, _MG),), 14, ((3, 0.3), (4, 0.7))),
        Regimen("C_CARB", 0.08, (Drug("CARBOPLATIN", 5, "AUC"),), 21, ((2, 0.3), (3, 0.7))),
    ),
    skip=Linear(-4.4, (("ecog", 0.50), ("renal", 1.5))),
    renal_marker="CREAT",
    skip_per_cycle=0.35,
    reduce_share=0.08,
    reduced_to=0.8,
)

DISEASE = Disease(
    locoregional=Linear(math.log(0.00185) - 0.12 * 2.8, (("t4", 0.45), ("t3", 0.10), ("ebv", 0.12))),
    distant=Linear(
        math.log(0.0038) - 0.30 * 2.8, (("n3", 0.75), ("n2", 0.35), ("n01", -0.35), ("ebv", 0.30), ("ic", -0.25))
    ),
    other_death=Linear(math.log(0.00045), (("age10", 0.45), ("cci", 0.35), ("ecog", 0.30), ("ses", -0.25))),
    locoregional_arm=-0.22,
    distant_arm=0.0,
    other_death_arm=-0.10,
    slowing=((24.0, 0.6), (36.0, 0.3)),
    death_after_locoregional=48.0,
    death_after_distant=30.0,
    local_share=0.55,
    both_share=0.15,
    biopsy_share=0.45,
    second_primary=0.0003,
    therapy_after_relapse=0.85,
    therapy_without_relapse=0.0003,
    lost=Linear(math.log(0.04 / 12.0), (("ses", -0.30),)),
    withdrawn_share=0.3,
    detection=Detection(
        kinds=("LOCOREGIONAL", "SYSTEMIC"),
        first_day=84,
        symptomatic=(0.4, 0.65),
        symptom_days=(10, 60),
        restaging_days=(0, 21),
        restaging_lead=9.0,
        after_distant=(0.14, 0.5),
        at_once_days=(7, 28),
        later_days=(60, 400),
    ),
    residual_share=0.30,
    residual_readings=("PR", "SD", "ID"),
    residual_days=(98, 160),
    therapy_after_residual=0.75,
    therapy_before_proof=0.06,
    ahead_days=(10, 30),
    cause_unknown=0.05,
)

ACUTE = (
    Term("Mucositis oral", GI, (0.98, 0.80, 0.42, 0.005), -0.90, (14, 21), (28, 56), "RT"),
    Term("Dermatitis radiation", INJURY, (0.97, 0.55, 0.10, 0.001), 1.05, (16, 28), (14, 42), "RT"),
    Term("Dysphagia", GI, (0.90, 0.55, 0.16, 0.001), -0.70, (14, 25), (28, 80), "RT", lasting=0.05),
    Term("Dry mouth", GI, (0.95, 0.50, 0.03), -0.45, (14, 28), (60, 300), "RT", lasting=0.30),
    Term("Dysgeusia", NERVOUS, (0.90, 0.55), -0.60, (10, 21), (40, 200), "RT", lasting=0.05),
    Term("Weight loss", INVESTIGATIONS, (0.75, 0.30, 0.04), -0.60, (14, 35), (40, 150), "BOTH"),
    Term("Anorexia", METABOLISM, (0.75, 0.45, 0.20), -0.40, (7, 21), (14, 60), "BOTH"),
    Term("Nausea", GI, (0.65, 0.35, 0.12), 0.0, (1, 14), (4, 28), "CHEMO", brief=True),
    Term("Vomiting", GI, (0.50, 0.25, 0.10, 0.001), 0.0, (1, 16), (3, 14), "CHEMO", brief=True),
    Term("Fatigue", GENERAL, (0.75, 0.25, 0.03), -0.30, (7, 28), (28, 120), "BOTH"),
    Term("Hearing impaired", EAR, (0.20, 0.08, 0.01), -0.10, (21, 49), (60, 300), "BOTH", lasting=0.4),
    Term("Tinnitus", EAR, (0.30, 0.08, 0.005), 0.0, (14, 45), (30, 240), "CHEMO", lasting=0.25),
    Term("Oral pain", GI, (0.60, 0.35, 0.08), -0.50, (12, 24), (20, 60), "RT"),
    Term("Hoarseness", CHEST, (0.30, 0.06, 0.002), -0.20, (14, 35), (20, 80), "RT"),
    Term("Constipation", GI, (0.40, 0.15, 0.01), 0.0, (2, 21), (3, 21), "CHEMO", brief=True),
    Term("Hyponatremia", METABOLISM, (0.12, 0.04, 0.02, 0.002), 0.0, (10, 40), (3, 14), "CHEMO", brief=True),
    Term(
        "Febrile neutropenia",
        BLOOD,
        (0.015, 0.015, 0.015, 0.002),
        0.0,
        (20, 42),
        (4, 10),
        "CHEMO",
        rises=0.0,
        brief=True,
    ),
    Term(
        "Lung infection", INFECTION, (0.03, 0.03, 0.012, 0.001), 0.0, (15, 60), (7, 30), "NONE", rises=0.0, brief=True
    ),
    Term("Insomnia", "Psychiatric disorders", (0.25, 0.06), 0.0, (5, 40), (10, 60), "NONE"),
)

BEFORE = (
    Term("Nausea", GI, (0.55, 0.22, 0.05), 0.0, (1, 6), (3, 14), "CHEMO"),
    Term("Vomiting", GI, (0.35, 0.14, 0.04, 0.001), 0.0, (1, 6), (2, 10), "CHEMO"),
    Term("Fatigue", GENERAL, (0.45, 0.10, 0.01), 0.0, (2, 20), (10, 40), "CHEMO"),
    Term("Alopecia", SKIN, (0.50, 0.20), 0.0, (14, 28), (90, 200), "CHEMO"),
    Term("Febrile neutropenia", BLOOD, (0.06, 0.06, 0.06, 0.01), 0.0, (8, 14), (4, 9), "CHEMO", rises=0.0),
)

LATE = (
    LateTerm("Dry mouth", GI, 0.75, 0.40, 0.02, -0.45, recovers=0.35),
    LateTerm("Hearing impaired", EAR, 0.50, 0.40, 0.06, -0.10, "BOTH", recovers=0.05),
    LateTerm("Tinnitus", EAR, 0.30, 0.25, 0.01, 0.0, "CHEMO"),
    LateTerm("Hypothyroidism", ENDOCRINE, 0.40, 0.70, 0.02, -0.20, latency=90, recovers=0.0),
    LateTerm("Fibrosis deep connective tissue", MUSCLE, 0.35, 0.25, 0.02, -0.10, latency=90, recovers=0.05),
    LateTerm("Trismus", MUSCLE, 0.08, 0.40, 0.05, -0.30, latency=60),
    LateTerm("Central nervous system necrosis", NERVOUS, 0.05, 0.50, 0.20, 0.10, latency=360),
    LateTerm("Osteonecrosis of jaw", MUSCLE, 0.02, 0.70, 0.40, -0.30, latency=180),
    LateTerm("Hypoglossal nerve disorder", NERVOUS, 0.04, 0.50, 0.25, 0.0, latency=360, recovers=0.05),
    LateTerm("Brachial plexopathy", NERVOUS, 0.01, 0.50, 0.10, 0.0, latency=360, recovers=0.0),
)

LABORATORY = (
    LabTerm("White blood cell decreased", INVESTIGATIONS, "WBC", -1, (4.0, 3.0, 2.0, 1.0), (), "BOTH"),
    LabTerm("Neutrophil count decreased", INVESTIGATIONS, "ANC", -1, (1.8, 1.5, 1.0, 0.5), (), "CHEMO"),
    LabTerm("Lymphocyte count decreased", INVESTIGATIONS, "ALC", -1, (1.0, 0.8, 0.5, 0.2), (), "RT"),
    LabTerm("Platelet count decreased", INVESTIGATIONS, "PLT", -1, (150.0, 75.0, 50.0, 25.0), (), "CHEMO"),
    LabTerm("Anemia", BLOOD, "HGB", -1, (12.0, 10.0, 8.0), (), "CHEMO"),
    LabTerm("Creatinine increased", INVESTIGATIONS, "CREAT", 1, (1.2, 1.8, 3.6, 7.2), ((2, 1.5), (3, 3.0)), "CHEMO"),
    LabTerm("Hypoalbuminemia", METABOLISM, "ALB", -1, (3.5, 3.0, 2.0), (), "BOTH"),
    LabTerm("Blood bilirubin increased", INVESTIGATIONS, "TBILI", 1, (1.2, 1.8, 3.6, 12.0), (), "NONE"),
)
"""CTCAE v5.0 cuts in the recorded units; the first cut is the laboratory's limit of normal."""

SERIOUSNESS = Seriousness(
    laboratory_threat=0.25,
    disability=0.5,
    expected=(
        ("Febrile neutropenia", 0.98), ("Neutrophil count decreased", 0.98), ("Platelet count decreased", 0.95),
        ("Hyponatremia", 0.60), ("Vomiting", 0.98), ("Nausea", 0.98), ("Anorexia", 0.90), ("Dysphagia", 0.98),
        ("Mucositis oral", 0.98), ("Oral pain", 0.90), ("Dermatitis radiation", 0.98), ("Lung infection", 0.40),
        ("Central nervous system necrosis", 0.85), ("Osteonecrosis of jaw", 0.85),
    ),
)  # fmt: skip

TOXICITY = Toxicity(
    predictor=Linear(
        -0.37,
        (
            ("age10", 0.18),
            ("ecog", 0.25),
            ("cci", 0.12),
            ("n2up", 0.30),
            ("ic", 0.15),
            ("ses", -0.10),
            ("frailty", 1.0),
        ),
    ),
    frailty_sd=0.8,
    acute=ACUTE,
    induction=BEFORE,
    late=LATE,
    late_predictor=0.5,
    late_rises=0.3,
    laboratory=LABORATORY,
    acute_days=90,
    late_day=91,
    serious=(
        ("Febrile neutropenia", 1.0), ("Lung infection", 1.0), ("Hyponatremia", 0.5), ("Vomiting", 0.25),
        ("Dysphagia", 0.15), ("Mucositis oral", 0.12), ("Anorexia", 0.06), ("Nausea", 0.08), ("Oral pain", 0.04),
        ("Dermatitis radiation", 0.02), ("Central nervous system necrosis", 0.5), ("Osteonecrosis of jaw", 0.5),
    ),
    serious_laboratory=(("Neutrophil count decreased", 0.25), ("Platelet count decreased", 0.5)),
    dose_limiting=(
        "Neutrophil count decreased", "White blood cell decreased", "Platelet count decreased", "Febrile neutropenia",
        "Creatinine increased", "Hyponatremia", "Nausea", "Vomiting", "Anorexia", "Fatigue", "Hearing impaired",
        "Tinnitus",
    ),
    fatal=(("Sepsis", INFECTION, 6, "BOTH"), ("Lung infection", INFECTION, 12, "BOTH")),
    fatal_later=(("Pharyngeal hemorrhage", CHEST, 0, "RT"), ("Aspiration", CHEST, 5, "RT")),
    fatal_shares=(1.0, 0.15),
    sequelae=0.04,
    seriousness=SERIOUSNESS,
)  # fmt: skip

_LOOK = ("LOCOREGIONAL",)
_STAGE = ("LOCOREGIONAL", "SYSTEMIC")
SAMPLING = Sampling(
    spread=(
        ("PRE", 4, 0), ("BL", 7, 0), ("MID", 2, 2), ("EORT", 2, 2), ("W8", 8, 8), ("M3", 5, 21), ("M6", 20, 25),
        ("M12", 30, 35), ("M24", 40, 45),
    ),
    weekly=(7, 14, 28, 35),
    nadir_day=10,
    on_treatment=("MID", "EORT"),
    contacts=(
        (273, _LOOK), (456, _LOOK), (547, _LOOK), (638, _LOOK), (880, _LOOK), (1030, _STAGE), (1180, _LOOK),
        (1330, _LOOK), (1480, _STAGE), (1630, _LOOK), (1826, _STAGE),
    ),
    assessed=(
        ("PRE", _STAGE), ("BL", _STAGE), ("M3", _STAGE), ("M6", _LOOK), ("M12", _STAGE), ("M24", _STAGE),
    ),
    contact_spread=14,
    missed=0.04,
    missed_at_random=Linear(-3.0, (("ecog", 0.6), ("severe", 0.5), ("ses", -0.3))),
    recent=("MID", "EORT", "W8", "M3"),
    failed_assay=0.02,
    failed_baseline=0.01,
    sampled_after_relapse=0.3,
    seldom=(0.08, 0.8),
    telephone=0.7,
)  # fmt: skip

_TEN = math.log(10.0)
_SUBSETS = ("MID", "EORT", "M3", "M6", "M12", "M24")


def _course(visits: tuple[str, ...], changes: tuple[float, ...]) -> tuple[tuple[str, float, float], ...]:
    """Pair visits with changes, without an arm difference."""
    return tuple((visit, change, 0.0) for visit, change in zip(visits, changes, strict=True))


# ALC shares the deviations of WBC, so that its total spreads are 0.32 (start), 0.22 (person) and 0.18 (residual).
BLOOD_COUNTS = (
    Marker(
        "WBC", "10^9/L", 2, 6.5, 0.24,
        (("MID", math.log(0.68), 0.10), ("EORT", math.log(0.54), 0.35), ("W8", math.log(0.68), 0.20),
         ("M3", math.log(0.75), 0.12), ("M6", math.log(0.82), 0.06), ("M12", math.log(0.90), 0.02),
         ("M24", math.log(0.94), 0.0)),
        0.20, 0.16, pre_rt=-0.10, nadir=-0.68, bounds=(4.2, 14.0), weekly=True,
    ),
    Marker(
        "ALC", "10^9/L", 2, 1.70, 0.286,
        (("MID", -0.95, 0.12), ("EORT", -1.35, 0.25), ("W8", -1.00, 0.22), ("M3", -0.80, 0.20), ("M6", -0.60, 0.15),
         ("M12", -0.40, 0.10), ("M24", -0.25, 0.05)),
        0.184, 0.152, slopes=Linear(0.0, (("age10", -0.06), ("ic", -0.08))), pre_rt=-0.10, nadir=-0.42, weekly=True,
        follows=("WBC", 0.6),
    ),
    Marker(
        "HGB", "g/dL", 1, 13.7, 0.10,
        (("MID", -0.12, 0.01), ("EORT", -0.24, 0.02), ("W8", -0.17, 0.01), ("M3", -0.11, 0.01), ("M6", -0.06, 0.0),
         ("M12", -0.04, 0.0), ("M24", -0.02, 0.0)),
        0.05, 0.03, pre_rt=-0.10, nadir=-0.09, bounds=(9.0, 18.5), weekly=True,
    ),
    Marker(
        "PLT", "10^9/L", 0, 250.0, 0.26,
        (("MID", -0.22, 0.02), ("EORT", -0.35, 0.05), ("W8", -0.10, 0.02), ("M3", -0.08, 0.0), ("M6", -0.06, 0.0),
         ("M12", -0.05, 0.0), ("M24", -0.04, 0.0)),
        0.16, 0.14, pre_rt=-0.05, nadir=-0.40, bounds=(60.0, 600.0), weekly=True,
    ),
    Marker(
        "CREAT", "mg/dL", 2, 0.90, 0.18,
        (("MID", 0.05, 0.0), ("EORT", 0.10, 0.0), ("W8", 0.08, 0.0), ("M3", 0.06, 0.0), ("M6", 0.05, 0.0),
         ("M12", 0.05, 0.0), ("M24", 0.04, 0.0)),
        0.10, 0.07, pre_rt=0.03, nadir=0.05, bounds=(0.45, 1.50), weekly=True,
    ),
)  # fmt: skip

CHEMISTRY = (
    Marker("ALB", "g/dL", 1, 4.3, 0.07,
           _course(("MID", "EORT", "W8", "M3", "M6", "M12", "M24"), (-0.07, -0.12, -0.08, -0.04, -0.02, 0.0, 0.0)),
           0.04, 0.04, bounds=(2.9, 5.4)),
    Marker("TBILI", "mg/dL", 2, 0.65, 0.25,
           _course(("MID", "EORT", "W8", "M3", "M6", "M12", "M24"), (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)),
           0.12, 0.15, bounds=(0.2, 1.2)),
    Marker("LDH", "U/L", 0, 190.0, 0.20,
           _course(("MID", "EORT", "M3", "M6", "M12", "M24"), (-0.05, -0.05, -0.08, -0.06, -0.05, -0.05)), 0.08, 0.12),
    Marker("CRP", "mg/L", 1, 2.0, 0.80,
           _course(("MID", "EORT", "M3", "M6", "M12", "M24"), (0.8, 1.6, 0.3, 0.1, 0.0, 0.0)), 0.3, 0.5,
           limit=0.5, detection=0.0),
)  # fmt: skip

VIRUS = (
    Marker("EBV", "copies/mL", 0, 1.0, 0.0,
           _course(("MID", "EORT", "W8", "M3", "M6", "M12", "M24"),
                   (-1.6 * _TEN, -2.4 * _TEN, -2.6 * _TEN, -2.7 * _TEN, -2.7 * _TEN, -2.6 * _TEN, -2.5 * _TEN)),
           0.25 * _TEN, 0.45 * _TEN, pre_rt=-1.2 * _TEN, limit=60.0, detection=35.0, assay="1",
           before_relapse=(1.0 * _TEN, 365)),
)  # fmt: skip

SUBSETS = (
    Marker("CD4", "cells/uL", 0, 0.41, 0.22, _course(_SUBSETS, (-0.15, -0.35, -0.45, -0.40, -0.30, -0.20)), 0.12, 0.10,
           share_of="ALC", share_scale=1000.0),
    Marker("CD8", "cells/uL", 0, 0.285, 0.26, _course(_SUBSETS, (0.10, 0.20, 0.25, 0.22, 0.18, 0.12)), 0.12, 0.10,
           share_of="ALC", share_scale=1000.0),
    Marker("CD19", "cells/uL", 0, 0.10, 0.32, _course(_SUBSETS, (-0.50, -0.75, -0.60, -0.30, -0.05, 0.0)), 0.15, 0.14,
           share_of="ALC", share_scale=1000.0),
    Marker("NK", "cells/uL", 0, 0.165, 0.32, _course(_SUBSETS, (0.10, 0.18, 0.12, 0.08, 0.05, 0.0)), 0.15, 0.14,
           share_of="ALC", share_scale=1000.0),
)  # fmt: skip

_SOLUBLE = ("EORT", "M3", "M12")
CYTOKINES = (
    Marker("IL6", "pg/mL", 2, 3.0, 0.70, _course(_SOLUBLE, (0.9, 0.2, 0.0)), 0.3, 0.5, limit=1.5, autocorrelation=0.5),
    Marker("IL10", "pg/mL", 2, 2.0, 0.80, _course(_SOLUBLE, (0.3, 0.1, 0.0)), 0.3, 0.5, limit=0.9, autocorrelation=0.5),
    Marker("TNFA", "pg/mL", 2, 8.0, 0.60, _course(_SOLUBLE, (0.3, 0.1, -0.1)), 0.3, 0.4, limit=4.0,
           autocorrelation=0.5),
    Marker("IFNG", "pg/mL", 2, 5.0, 0.80, _course(_SOLUBLE, (0.2, 0.1, 0.0)), 0.3, 0.5, limit=2.0, autocorrelation=0.5),
    Marker("SPDL1", "pg/mL", 1, 45.0, 0.50, _course(_SOLUBLE, (0.1, 0.0, -0.1)), 0.2, 0.3, autocorrelation=0.5),
)  # fmt: skip

# Neutrophils among white cells other than lymphocytes: fewer under radiotherapy with cisplatin.
NEUTROPHILS = Share(
    1.9,
    (("day 7", -0.3), ("day 14", -0.8), ("MID", -1.1), ("day 28", -1.4), ("day 35", -1.6), ("EORT", -1.6)),
    person_sd=0.6,
    residual_sd=0.4,
)

BIOMARKERS = Biomarkers(
    markers=(*BLOOD_COUNTS, *CHEMISTRY, *VIRUS, *SUBSETS, *CYTOKINES),
    composites=(
        Composite("ANC", "10^9/L", 2, (("WBC", 1.0), ("ALC", -1.0)), share=NEUTROPHILS),
        Composite("CD3", "cells/uL", 0, (("CD4", 1.05), ("CD8", 1.05))),
        Composite("NLR", "ratio", 2, (("ANC", 1.0), ("ALC", 1.0)), ratio=True),
        Composite("PLR", "ratio", 0, (("PLT", 1.0), ("ALC", 1.0)), ratio=True),
    ),
    from_covariate=("EBV", "ebv"),
    contains=(("WBC", "ALC", 1.5),),
    subsets=("ALC", 1000.0, (("CD4", 1.06), ("CD8", 1.06), ("CD19", 1.0), ("NK", 1.0))),
    violations=("HGB", 8.2, 8.9, 0.01),
)

RESPONSE = Response(
    visits=("M3", "M6"),
    first=(("CR", 0.34), ("ID", 0.48), ("PR", 0.155), ("SD", 0.01), ("NE", 0.015)),
    second=(
        ("CR", (("CR", 0.985), ("NE", 0.015))),
        ("ID", (("CR", 0.58), ("PR", 0.20), ("ID", 0.20), ("NE", 0.02))),
        ("PR", (("CR", 0.45), ("PR", 0.42), ("ID", 0.13))),
        ("SD", (("PR", 0.40), ("SD", 0.60))),
        ("NE", (("CR", 0.60), ("PR", 0.20), ("ID", 0.20))),
    ),
    after_relapse="PD",
    method="MRI",
)

LESIONS = Lesions(
    param="SUMDIAM",
    baseline=("BL", 1, 14),
    nodes=(0.0, 18.0, 28.0, 45.0),
    spread=0.18,
    smallest=10.0,
    gone="CR",
    remnant=0.0,
    changes=(("CR", -1.0, -1.0), ("ID", -0.97, -0.45), ("PR", -0.85, -0.33), ("SD", -0.27, 0.08)),
    falling=(0.55, 1.0),
    growing=(1.25, 1.9),
    regrowth=(6.0, 22.0),
    later=("M12", "M24"),
)

# PyRadiomics' 107 original features. Median and spread are plausible values, not measured ones; a volume exponent
# makes a feature follow the tumor as it shrinks.
FEATURES = (
    Feature("original_shape_Elongation", "logit", 0.74, 0.45, (("volume", 0.3), ("noise", 0.1)), 0.8, 0.28),
    Feature("original_shape_Flatness", "logit", 0.58, 0.4, (("volume", 0.3), ("noise", 0.1)), 0.8, 0.28),
    Feature("original_shape_LeastAxisLength", "log", 8.4, 0.12, (("noise", 0.15),), 1.0, 0.3, volume=0.333),
    Feature("original_shape_MajorAxisLength", "log", 15.2, 0.13, (("noise", 0.15),), 1.0, 0.3, volume=0.333),
    Feature("original_shape_Maximum2DDiameterColumn", "log", 14.8, 0.14, (("noise", 0.15),), 1.0, 0.3, volume=0.333),
    Feature("original_shape_Maximum2DDiameterRow", "log", 14.1, 0.14, (("noise", 0.15),), 1.0, 0.3, volume=0.333),
    Feature("original_shape_Maximum2DDiameterSlice", "log", 15.6, 0.14, (("noise", 0.15),), 1.0, 0.3, volume=0.333),
    Feature("original_shape_Maximum3DDiameter", "log", 17.8, 0.12, (("noise", 0.15),), 1.0, 0.3, volume=0.333),
    Feature("original_shape_MeshVolume", "log", 1000.0, 0.03, (("noise", 0.15),), 0.8, 0.6, volume=1.0),
    Feature("original_shape_MinorAxisLength", "log", 11.3, 0.11, (("noise", 0.15),), 1.0, 0.3, volume=0.333),
    Feature("original_shape_Sphericity", "logit", 0.64, 0.35, (("volume", -0.55), ("noise", 0.1)), 0.8, 0.28),
    Feature("original_shape_SurfaceArea", "log", 740.0, 0.08, (("noise", 0.15),), 1.0, 0.3, volume=0.667),
    Feature("original_shape_SurfaceVolumeRatio", "log", 0.74, 0.09, (("noise", 0.15),), 1.0, 0.3, volume=-0.333),
    Feature("original_shape_VoxelVolume", "log", 1004.0, 0.03, (("noise", 0.15),), 0.8, 0.6, volume=1.0),
    Feature("original_firstorder_10Percentile", "log", 260.0, 0.28,
            (("intensity", 0.72), ("texture1", 0.24)), 0.65, 0.27, batch=(0.85, 1.29)),
    Feature("original_firstorder_90Percentile", "log", 810.0, 0.22,
            (("intensity", 0.88), ("texture1", 0.28), ("noise", 0.1)), 0.38, 0.19, batch=(-0.7, 0.75)),
    Feature("original_firstorder_Energy", "log", 240000000.0, 0.45,
            (("intensity", 0.74), ("texture1", 0.28), ("noise", 0.1), ("volume", 0.4)), 0.61, 0.21),
    Feature("original_firstorder_Entropy", "log", 4.1, 0.1,
            (("intensity", 0.4), ("noise", 0.1)), 0.45, 0.24, drivers=(("ebv", 0.55),)),
    Feature("original_firstorder_InterquartileRange", "log", 240.0, 0.27,
            (("intensity", 0.74), ("texture1", 0.28), ("noise", 0.1)), 0.61, 0.18, batch=(-0.79, 1.34)),
    Feature("original_firstorder_Kurtosis", "log", 3.3, 0.25,
            (("intensity", 0.84), ("texture1", 0.14)), 0.52, 0.28, change_by_volume=0.6),
    Feature("original_firstorder_Maximum", "log", 1280.0, 0.25,
            (("intensity", 0.75), ("texture1", 0.23), ("noise", 0.1)), 0.62, 0.2),
    Feature("original_firstorder_MeanAbsoluteDeviation", "log", 150.0, 0.25,
            (("intensity", 0.78), ("texture1", 0.13)), 0.61, 0.27),
    Feature("original_firstorder_Mean", "log", 520.0, 0.22,
            (("intensity", 0.74), ("texture1", 0.18), ("noise", 0.1)), 0.65, 0.17),
    Feature("original_firstorder_Median", "log", 510.0, 0.22, (("intensity", 0.81), ("texture1", 0.27)), 0.52, 0.3),
    Feature("original_firstorder_Minimum", "identity", 60.0, 45.0,
            (("intensity", 0.42), ("noise", 0.77)), 0.46, 0.95),
    Feature("original_firstorder_Range", "log", 1200.0, 0.24,
            (("intensity", 0.76), ("texture1", 0.28), ("noise", 0.1)), 0.59, 0.19),
    Feature("original_firstorder_RobustMeanAbsoluteDeviation", "log", 104.0, 0.26,
            (("intensity", 0.74), ("texture1", 0.18)), 0.65, 0.25),
    Feature("original_firstorder_RootMeanSquared", "log", 556.0, 0.21,
            (("intensity", 0.71), ("texture1", 0.22)), 0.67, 0.19),
    Feature("original_firstorder_Skewness", "identity", 0.35, 0.42,
            (("intensity", 0.83), ("texture1", 0.29)), 0.48, 0.3, batch=(0.43, 1.42)),
    Feature("original_firstorder_TotalEnergy", "log", 250000000.0, 0.46,
            (("intensity", 0.83), ("texture1", 0.19), ("noise", 0.1), ("volume", 0.4)), 0.52, 0.24, batch=(0.48, 0.76)),
    Feature("original_firstorder_Uniformity", "logit", 0.075, 0.35,
            (("intensity", -0.73), ("texture1", 0.16)), 0.66, 0.22),
    Feature("original_firstorder_Variance", "log", 36500.0, 0.45,
            (("intensity", 0.77), ("texture1", 0.19)), 0.61, 0.19),
    Feature("original_glcm_Autocorrelation", "log", 520.0, 0.4,
            (("texture1", 0.79), ("intensity", 0.18)), 0.59, 0.27),
    Feature("original_glcm_ClusterProminence", "log", 42000.0, 0.8,
            (("texture1", 0.81), ("intensity", 0.14)), 0.57, 0.2),
    Feature("original_glcm_ClusterShade", "identity", 140.0, 420.0, (("texture1", 0.36), ("noise", 0.68)), 0.4, 0.96),
    Feature("original_glcm_ClusterTendency", "log", 96.0, 0.45,
            (("texture1", 0.87), ("intensity", 0.25)), 0.42, 0.23, change_by_volume=-0.45),
    Feature("original_glcm_Contrast", "log", 13.5, 0.4, (("texture1", 0.7), ("intensity", 0.18)), 0.69, 0.2),
    Feature("original_glcm_Correlation", "logit", 0.74, 0.4,
            (("texture1", 0.71), ("intensity", 0.18)), 0.68, 0.22, batch=(-0.69, 1.43)),
    Feature("original_glcm_DifferenceAverage", "log", 2.6, 0.2,
            (("texture1", 0.74), ("intensity", 0.18), ("noise", 0.1)), 0.65, 0.26),
    Feature("original_glcm_DifferenceEntropy", "log", 2.7, 0.1,
            (("texture1", 0.86), ("intensity", 0.25)), 0.44, 0.22, batch=(0.43, 1.2)),
    Feature("original_glcm_DifferenceVariance", "log", 5.9, 0.38,
            (("texture1", 0.7), ("intensity", 0.15)), 0.7, 0.27, batch=(0.83, 0.76)),
    Feature("original_glcm_Id", "logit", 0.42, 0.22,
            (("texture1", -0.72), ("intensity", 0.16), ("noise", 0.1)), 0.68, 0.26, batch=(0.44, 0.79)),
    Feature("original_glcm_Idm", "logit", 0.33, 0.26,
            (("texture1", -0.73), ("intensity", 0.29), ("noise", 0.1)), 0.62, 0.28, change_by_volume=-0.55),
    Feature("original_glcm_Idmn", "logit", 0.985, 0.35,
            (("texture1", -0.78), ("intensity", 0.13)), 0.61, 0.21, batch=(-0.71, 0.68)),
    Feature("original_glcm_Idn", "logit", 0.92, 0.25,
            (("texture1", -0.73), ("intensity", 0.26), ("noise", 0.1)), 0.63, 0.27),
    Feature("original_glcm_Imc1", "identity", -0.17, 0.045, (("texture1", -0.86), ("intensity", 0.23)), 0.46, 0.16),
    Feature("original_glcm_Imc2", "logit", 0.88, 0.4,
            (("texture1", 0.38), ("noise", 0.63)), 0.48, 0.75, batch=(0.61, 1.38)),
    Feature("original_glcm_InverseVariance", "logit", 0.35, 0.22,
            (("texture1", -0.74), ("intensity", 0.22)), 0.64, 0.22),
    Feature("original_glcm_JointAverage", "log", 21.5, 0.22, (("texture1", 0.7), ("intensity", 0.25)), 0.67, 0.19),
    Feature("original_glcm_JointEnergy", "log", 0.0135, 0.38,
            (("texture1", -0.79), ("intensity", 0.23), ("noise", 0.1)), 0.57, 0.22),
    Feature("original_glcm_JointEntropy", "log", 6.9, 0.09,
            (("texture1", 0.4), ("noise", 0.1)), 0.45, 0.3, drivers=(("t3", 0.5), ("t4", 1.3)), batch=(0.6, 1.3)),
    Feature("original_glcm_MCC", "logit", 0.77, 0.38,
            (("texture1", 0.41), ("noise", 0.7)), 0.46, 0.93, batch=(0.62, 0.68)),
    Feature("original_glcm_MaximumProbability", "log", 0.036, 0.38,
            (("texture1", -0.45), ("noise", 0.63)), 0.48, 0.76),
    Feature("original_glcm_SumAverage", "log", 43.0, 0.22,
            (("texture1", 0.71), ("intensity", 0.14), ("noise", 0.1)), 0.69, 0.27),
    Feature("original_glcm_SumEntropy", "log", 5.0, 0.09,
            (("texture1", 0.83), ("intensity", 0.16)), 0.53, 0.27, batch=(-0.41, 0.76)),
    Feature("original_glcm_SumSquares", "log", 27.5, 0.42,
            (("texture1", 0.81), ("intensity", 0.12), ("noise", 0.1)), 0.57, 0.24),
    Feature("original_gldm_DependenceEntropy", "log", 6.5, 0.06,
            (("texture2", 0.76), ("texture1", 0.29)), 0.58, 0.16, batch=(0.41, 0.67)),
    Feature("original_gldm_DependenceNonUniformity", "log", 410.0, 0.3,
            (("texture2", 0.4), ("noise", 0.1)), 0.45, 0.19, drivers=(("n2", 0.5), ("n3", 1.2)), batch=(0.43, 1.34)),
    Feature("original_gldm_DependenceNonUniformityNormalized", "log", 0.105, 0.2,
            (("texture2", -0.79), ("texture1", 0.27)), 0.55, 0.24),
    Feature("original_gldm_DependenceVariance", "log", 9.5, 0.25,
            (("texture2", 0.73), ("texture1", 0.19)), 0.66, 0.18),
    Feature("original_gldm_GrayLevelNonUniformity", "log", 165.0, 0.35,
            (("texture2", 0.4), ("noise", 0.1)), 0.45, 0.26, drivers=(("volume", 0.9),)),
    Feature("original_gldm_GrayLevelVariance", "log", 27.0, 0.42,
            (("texture2", 0.81), ("texture1", 0.25)), 0.53, 0.18),
    Feature("original_gldm_HighGrayLevelEmphasis", "log", 530.0, 0.4,
            (("texture2", 0.78), ("texture1", 0.11), ("noise", 0.1)), 0.62, 0.23, batch=(0.91, 0.78)),
    Feature("original_gldm_LargeDependenceEmphasis", "log", 46.0, 0.32,
            (("texture2", 0.73), ("texture1", 0.16)), 0.66, 0.25, batch=(0.61, 1.31)),
    Feature("original_gldm_LargeDependenceHighGrayLevelEmphasis", "log", 21500.0, 0.48,
            (("texture2", 0.87), ("texture1", 0.11)), 0.48, 0.16),
    Feature("original_gldm_LargeDependenceLowGrayLevelEmphasis", "log", 0.19, 0.6,
            (("texture2", -0.35), ("noise", 0.55)), 0.45, 0.87, batch=(-0.75, 0.73)),
    Feature("original_gldm_LowGrayLevelEmphasis", "log", 0.0058, 0.55,
            (("texture2", -0.41), ("noise", 0.61)), 0.41, 0.89),
    Feature("original_gldm_SmallDependenceEmphasis", "log", 0.11, 0.32,
            (("texture2", -0.81), ("texture1", 0.26), ("noise", 0.1)), 0.53, 0.22),
    Feature("original_gldm_SmallDependenceHighGrayLevelEmphasis", "log", 66.0, 0.5,
            (("texture2", -0.8), ("texture1", 0.25), ("noise", 0.1)), 0.55, 0.2),
    Feature("original_gldm_SmallDependenceLowGrayLevelEmphasis", "log", 0.00072, 0.55,
            (("texture2", -0.48), ("noise", 0.59)), 0.42, 0.86, batch=(-0.58, 0.67)),
    Feature("original_glrlm_GrayLevelNonUniformity", "log", 140.0, 0.34,
            (("texture2", 0.82), ("texture3", 0.13), ("volume", 0.4)), 0.56, 0.22, batch=(-0.91, 1.32)),
    Feature("original_glrlm_GrayLevelNonUniformityNormalized", "log", 0.052, 0.28,
            (("texture2", -0.72), ("texture3", 0.26)), 0.64, 0.2),
    Feature("original_glrlm_GrayLevelVariance", "log", 28.0, 0.42,
            (("texture2", 0.84), ("texture3", 0.15), ("noise", 0.1)), 0.52, 0.16),
    Feature("original_glrlm_HighGrayLevelRunEmphasis", "log", 535.0, 0.4,
            (("texture2", 0.77), ("texture3", 0.27), ("noise", 0.1)), 0.58, 0.23),
    Feature("original_glrlm_LongRunEmphasis", "log", 1.62, 0.14,
            (("texture2", 0.79), ("texture3", 0.23)), 0.57, 0.19, batch=(-0.75, 1.26), change_by_volume=0.5),
    Feature("original_glrlm_LongRunHighGrayLevelEmphasis", "log", 830.0, 0.42,
            (("texture2", 0.78), ("texture3", 0.23)), 0.58, 0.25, batch=(0.87, 1.23)),
    Feature("original_glrlm_LongRunLowGrayLevelEmphasis", "log", 0.0096, 0.56,
            (("texture2", -0.43), ("noise", 0.61)), 0.43, 0.97),
    Feature("original_glrlm_LowGrayLevelRunEmphasis", "log", 0.006, 0.55,
            (("texture2", -0.48), ("noise", 0.77)), 0.41, 0.83, batch=(0.5, 0.79)),
    Feature("original_glrlm_RunEntropy", "log", 4.4, 0.07,
            (("texture2", 0.86), ("texture3", 0.12)), 0.5, 0.26, batch=(0.98, 0.72)),
    Feature("original_glrlm_RunLengthNonUniformity", "log", 2050.0, 0.3,
            (("texture2", 0.4), ("noise", 0.1)), 0.45, 0.29, drivers=(("t3", 0.4), ("t4", 1.1)), batch=(-0.92, 0.75)),
    Feature("original_glrlm_RunLengthNonUniformityNormalized", "logit", 0.74, 0.25,
            (("texture2", -0.86), ("texture3", 0.27)), 0.43, 0.21, batch=(-0.63, 0.8)),
    Feature("original_glrlm_RunPercentage", "logit", 0.85, 0.35,
            (("texture2", -0.75), ("texture3", 0.17)), 0.64, 0.22),
    Feature("original_glrlm_RunVariance", "log", 0.24, 0.36, (("texture2", 0.78), ("texture3", 0.15)), 0.61, 0.21),
    Feature("original_glrlm_ShortRunEmphasis", "logit", 0.89, 0.25,
            (("texture2", -0.87), ("texture3", 0.17), ("noise", 0.1)), 0.46, 0.28),
    Feature("original_glrlm_ShortRunHighGrayLevelEmphasis", "log", 480.0, 0.4,
            (("texture2", -0.83), ("texture3", 0.17)), 0.53, 0.24, batch=(-0.94, 0.66)),
    Feature("original_glrlm_ShortRunLowGrayLevelEmphasis", "log", 0.0054, 0.54,
            (("texture2", -0.45), ("noise", 0.78)), 0.45, 0.93, batch=(-0.82, 0.7)),
    Feature("original_glszm_GrayLevelNonUniformity", "log", 36.0, 0.34,
            (("texture3", 0.76), ("texture2", 0.27), ("noise", 0.1), ("volume", 0.4)), 0.59, 0.22, batch=(-0.93, 0.74)),
    Feature("original_glszm_GrayLevelNonUniformityNormalized", "log", 0.046, 0.26,
            (("texture3", -0.48), ("noise", 0.55)), 0.46, 1.0),
    Feature("original_glszm_GrayLevelVariance", "log", 33.0, 0.42,
            (("texture3", 0.76), ("texture2", 0.14)), 0.63, 0.22, batch=(-0.65, 0.75)),
    Feature("original_glszm_HighGrayLevelZoneEmphasis", "log", 570.0, 0.4,
            (("texture3", 0.77), ("texture2", 0.24)), 0.59, 0.3),
    Feature("original_glszm_LargeAreaEmphasis", "log", 62.0, 0.7, (("texture3", 0.42), ("noise", 0.77)), 0.41, 0.93),
    Feature("original_glszm_LargeAreaHighGrayLevelEmphasis", "log", 27000.0, 0.8,
            (("texture3", 0.42), ("noise", 0.57)), 0.47, 0.92),
    Feature("original_glszm_LargeAreaLowGrayLevelEmphasis", "log", 0.24, 0.85,
            (("texture3", -0.41), ("noise", 0.8)), 0.45, 0.84, batch=(-0.44, 1.23)),
    Feature("original_glszm_LowGrayLevelZoneEmphasis", "log", 0.0071, 0.52,
            (("texture3", -0.4), ("noise", 0.67)), 0.46, 0.84, batch=(0.87, 1.42)),
    Feature("original_glszm_SizeZoneNonUniformity", "log", 240.0, 0.34,
            (("texture3", 0.4), ("noise", 0.1)), 0.45, 0.16, drivers=(("volume", 0.8),), batch=(0.59, 1.41)),
    Feature("original_glszm_SizeZoneNonUniformityNormalized", "log", 0.3, 0.22,
            (("texture3", -0.44), ("noise", 0.65)), 0.5, 1.0, batch=(-0.79, 1.31)),
    Feature("original_glszm_SmallAreaEmphasis", "logit", 0.57, 0.3,
            (("texture3", -0.83), ("texture2", 0.3)), 0.47, 0.25, batch=(-0.88, 1.48)),
    Feature("original_glszm_SmallAreaHighGrayLevelEmphasis", "log", 330.0, 0.42,
            (("texture3", -0.76), ("texture2", 0.16)), 0.63, 0.27, batch=(-0.79, 1.26)),
    Feature("original_glszm_SmallAreaLowGrayLevelEmphasis", "log", 0.0039, 0.54,
            (("texture3", -0.5), ("noise", 0.56)), 0.42, 0.98, batch=(0.9, 0.77)),
    Feature("original_glszm_ZoneEntropy", "log", 5.7, 0.06,
            (("texture3", 0.4), ("noise", 0.1)), 0.45, 0.27, drivers=(("n2", 0.6), ("n3", 1.4)), batch=(-0.59, 0.76)),
    Feature("original_glszm_ZonePercentage", "logit", 0.3, 0.4,
            (("texture3", -0.76), ("texture2", 0.16)), 0.63, 0.19, batch=(-0.63, 1.42)),
    Feature("original_glszm_ZoneVariance", "log", 48.0, 0.75,
            (("texture3", 0.46), ("noise", 0.66)), 0.44, 0.84, batch=(-0.42, 1.22)),
    Feature("original_ngtdm_Busyness", "log", 0.8, 0.4, (("texture3", 0.43), ("noise", 0.57)), 0.47, 0.83),
    Feature("original_ngtdm_Coarseness", "log", 0.0062, 0.35,
            (("texture3", -0.87), ("texture1", 0.25), ("noise", 0.1)), 0.42, 0.25, batch=(-0.44, 0.72)),
    Feature("original_ngtdm_Complexity", "log", 1650.0, 0.45,
            (("texture3", 0.4), ("noise", 0.1)), 0.45, 0.24, drivers=(("ebv", 0.5),)),
    Feature("original_ngtdm_Contrast", "log", 0.085, 0.36, (("texture3", 0.38), ("noise", 0.76)), 0.47, 0.93),
    Feature("original_ngtdm_Strength", "log", 1.9, 0.42,
            (("texture3", 0.8), ("texture1", 0.17)), 0.58, 0.18, batch=(-0.81, 1.43), change_by_volume=-0.5),
)  # fmt: skip

IMAGING = Imaging(
    modalities=("T1C", "T2"),
    region="GTVp",
    visits=(("BL", 1.0), ("MID", 0.65), ("M3", 0.12)),
    regression_sd=0.15,
    log_volume=(3.07, 0.84),
    scanners=(("S1", 0.6), ("S2", 0.4)),
    factors=(("intensity", 0.7), ("texture1", 0.7), ("texture2", 0.6), ("texture3", 0.6), ("noise", 0.0)),
    features=FEATURES,
    significant=5,
    repeated=60,
    repeated_visit="BL",
    missed=0.03,
)

CONDUCT = Conduct(
    tube=Linear(-3.70, (("organ_dose", 0.075),)),
    organ_dose=((22.0, 6.0), (38.0, 4.0)),
    tube_start=(18, 44),
    tube_days=(58.0, 0.6),
    opioid_term="Mucositis oral",
    opioid=(0.05, 0.12, 0.35, 0.70, 0.90),
    hospital_days=(6.0, 2.0),
    interruption_days=3,
    deviations=(
        ("Visit outside its window", "MINOR", 0.14, (25, 700)),
        ("Sample not collected", "MINOR", 0.10, (5, 700)),
        ("Superseded consent form used", "MINOR", 0.03, (0, 0)),
        ("Imaging not performed", "MINOR", 0.05, (120, 700)),
        ("Chemotherapy dose not as planned", "MAJOR", 0.025, (25, 60)),
        ("Prohibited concomitant medication", "MAJOR", 0.01, (25, 150)),
    ),
    violation_term="Enrolled although a laboratory criterion was not met",
    changed_term="Treatment given not as planned",
    forms=(
        ("CRF", (), 21.0, 0.02),
        ("BLOOD", (), 8.0, 0.03),
        ("IMAGE", ("BL", "MID", "M3", "M12", "M24"), 14.0, 0.04),
    ),
)

# Least and most lost lie inside the grades of CTCAE (5, 10 and 20 %), so that rounding to 0.1 kg leaves the grade.
WEIGHING = Weighing(
    code="WEIGHT",
    unit="kg",
    term="Weight loss",
    men=(68.0, 10.0),
    women=(57.0, 8.0),
    bounds=(40.0, 115.0),
    losses=((-0.025, 0.045), (0.055, 0.095), (0.105, 0.19), (0.205, 0.27)),
    spread=0.1,
    missed=0.03,
)

TRUTH = Truth(
    id_prefix="NPC",
    calendar=Calendar(
        database_date=datetime.date(2031, 12, 31), consent_days=(1, 14), entry_lag_mean=21.0, entry_lag_shape=2.0
    ),
    screening=Screening(
        failure_share=0.18,
        criteria=(
            ("INC03", 0.01), ("INC02", 0.05), ("EXC04", 0.05), ("EXC03", 0.07), ("EXC01", 0.20), ("INC05", 0.08),
            ("EXC02", 0.05), ("INC04", 0.17), ("EXC05", 0.04), ("EXC06", 0.01), ("INC06a", 0.06), ("INC06b", 0.04),
            ("INC06c", 0.02), ("INC06d", 0.03), ("INC06e", 0.02), ("INC06f", 0.07),
        ),
    ),
    covariates=COVARIATES,
    assignment=ASSIGNMENT,
    radiotherapy=RADIOTHERAPY,
    chemotherapy=CHEMOTHERAPY,
    disease=DISEASE,
    toxicity=TOXICITY,
    sampling=SAMPLING,
    biomarkers=BIOMARKERS,
    response=RESPONSE,
    lesions=LESIONS,
    imaging=IMAGING,
    conduct=CONDUCT,
    weighing=WEIGHING,
)  # fmt: skip

# ---- variants: the same trial with one thing changed


def _without_arm_effects(truth: Truth) -> Truth:
    """Every planted arm difference is 0; who gets which treatment stays confounded."""
    toxicity, disease, markers = truth.toxicity, truth.disease, truth.biomarkers.markers
    flat = tuple(
        replace(marker, course=tuple((visit, change, 0.0) for visit, change, _ in marker.course)) for marker in markers
    )
    return replace(
        truth,
        toxicity=replace(
            toxicity,
            acute=tuple(replace(term, arm=0.0) for term in toxicity.acute),
            induction=tuple(replace(term, arm=0.0) for term in toxicity.induction),
            late=tuple(replace(term, arm=0.0) for term in toxicity.late),
        ),
        disease=replace(disease, locoregional_arm=0.0, distant_arm=0.0, other_death_arm=0.0),
        biomarkers=replace(truth.biomarkers, markers=flat),
        conduct=replace(truth.conduct, organ_dose=(truth.conduct.organ_dose[1], truth.conduct.organ_dose[1])),
    )


def _with_steeper_assignment(truth: Truth, factor: float) -> Truth:
    """The slopes of the propensity score are multiplied, so that its extremes are hardly shared."""
    propensity = truth.assignment.propensity
    steeper = replace(propensity, slopes=tuple((name, factor * slope) for name, slope in propensity.slopes))
    return replace(truth, assignment=replace(truth.assignment, propensity=steeper))


def _with_empty_cells(truth: Truth) -> Truth:
    """No T4, no stage IA, no carboplatin, no mixed treatment and no locoregional relapse."""
    regimens = truth.chemotherapy.concurrent
    return replace(
        truth,
        covariates=replace(truth.covariates, tumor=(0.25, 0.14, 0.61, 0.0), nodes=(0.0, 0.43, 0.37, 0.20)),
        assignment=replace(truth.assignment, mixed_share=0.0, never_radiated=(0.0, 0.0)),
        chemotherapy=replace(
            truth.chemotherapy,
            concurrent=tuple(replace(item, share=0.0) if item.code == "C_CARB" else item for item in regimens),
        ),
        disease=replace(truth.disease, locoregional=Linear(-30.0)),
        imaging=replace(truth.imaging, repeated=6),
    )


SCENARIOS = {
    "base": Scenario(TRUTH),
    "null": Scenario(_without_arm_effects(TRUTH)),
    "no_overlap": Scenario(_with_steeper_assignment(TRUTH, 2.5)),
    "mnar": Scenario(replace(TRUTH, sampling=replace(SAMPLING, missed_unseen=("ALC", -2.2, 2.0)))),
    "tiny": Scenario(_with_empty_cells(TRUTH), size=24),
}
"""Base is the committed trial. In `mnar` a sample is the likelier not taken the lower its own lymphocyte count."""

# ---- exports of earlier days

HISTORY = HistoryTruth(
    cutoffs=(datetime.date(2026, 11, 30), datetime.date(2027, 11, 30), datetime.date(2028, 11, 30)),
    extracted_after=31,
    quiet_days=14,
    terms=("Mucositis oral", "Dermatitis radiation", "Nausea"),
    grade=3,
    parameters=("LDH", "CRP"),
    factor=1.5,
    upgraded=(2, 3),
    downgraded=(1, 2),
    withdrawn=(1, 2),
    duplicated=(1, 1),
    late_events=(4, 6),
    late_values=(3, 4),
    late_serious=(1, 1),
    corrected=(2, 3),
    late_deaths=(0, 1),
    late_ends=(1, 1),
    moved=(0, 1),
)
"""Each is how many there were between the first and the second cut-off, and between the second and the third."""

"""What is planted in the synthetic trial, as values, and what an analysis of it should therefore find.

Log odds, log hazards and log ratios are proton minus photon. Shares of adverse events are those of the photon arm at
average covariates. A stated truth is a property of these values, never an estimate from the committed data.
"""

from __future__ import annotations

import datetime
import math

from npcstats.synthetic.truth import (
    Assignment,
    Biomarkers,
    Calendar,
    Chemotherapy,
    Composite,
    Conduct,
    Covariates,
    Disease,
    Drug,
    Feature,
    Imaging,
    LabTerm,
    LateTerm,
    Linear,
    Marker,
    Radiotherapy,
    Regimen,
    Response,
    Sampling,
    Screening,
    Term,
    Toxicity,
    Truth,
)

SEED = 7232680

KNOWN = {
    "propensity mean": 0.477,
    "smd age": -0.50,
    "smd ses": 0.78,
    "smd cci": -0.29,
    "smd ecog": -0.26,
    "risk difference mucositis grade>=3": -0.174,
    "naive risk difference mucositis grade>=3": -0.216,
    "risk difference dermatitis grade>=3": 0.144,
    "risk difference dysphagia grade>=3": -0.080,
    "risk difference nausea grade>=3": 0.0,
    "risk lymphocyte count decreased grade>=3 photon": 0.665,
    "risk lymphocyte count decreased grade>=3 proton": 0.470,
    "naive risk difference nausea grade>=3": -0.026,
    "log ratio ALC end of RT": 0.25,
    "log hazard ratio locoregional": -0.22,
    "log hazard ratio distant": 0.0,
    "log hazard ratio other death": -0.10,
    "survival 36 months photon": 0.913,
    "survival 36 months proton": 0.918,
    "progression-free survival 36 months photon": 0.789,
    "progression-free survival 36 months proton": 0.801,
}
"""Averages over the whole population (1e6 draws of both potential outcomes), time zero at the start of radiotherapy.

Lymphopenia comes from the weekly counts as recorded, missed samples included: 20,000 draws of each potential outcome.
"""

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
    mixed_share=0.02,
    techniques=(
        ("PROTON", (("IMPT", 1.0),)),
        ("PHOTON", (("VMAT", 0.70), ("TOMO", 0.20), ("IMRT", 0.10))),
        ("MIXED", (("IMPT", 1.0),)),
    ),
    dose_units=(("PROTON", "Gy(RBE)"), ("PHOTON", "Gy"), ("MIXED", "Gy(RBE)")),
    never_radiated=(0.012, 0.012),
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
    therapy_without_relapse=0.0002,
    lost=Linear(math.log(0.04 / 12.0), (("ses", -0.30),)),
    withdrawn_share=0.3,
)

ACUTE = (
    Term("Mucositis oral", GI, (0.98, 0.80, 0.42, 0.005), -0.90, (14, 21), (28, 56), "RT"),
    Term("Dermatitis radiation", INJURY, (0.97, 0.55, 0.10, 0.001), 1.05, (16, 28), (14, 42), "RT"),
    Term("Dysphagia", GI, (0.90, 0.55, 0.16, 0.001), -0.70, (14, 25), (28, 80), "RT", lasting=0.05),
    Term("Dry mouth", GI, (0.95, 0.50, 0.03), -0.45, (14, 28), (60, 300), "RT", lasting=0.30),
    Term("Dysgeusia", NERVOUS, (0.90, 0.55), -0.60, (10, 21), (40, 200), "RT", lasting=0.05),
    Term("Weight loss", INVESTIGATIONS, (0.75, 0.30, 0.04), -0.60, (14, 35), (40, 150), "BOTH"),
    Term("Anorexia", METABOLISM, (0.75, 0.45, 0.20), -0.40, (7, 21), (14, 60), "BOTH"),
    Term("Nausea", GI, (0.65, 0.35, 0.12), 0.0, (1, 14), (3, 21), "CHEMO"),
    Term("Vomiting", GI, (0.50, 0.25, 0.10, 0.001), 0.0, (1, 16), (1, 14), "CHEMO"),
    Term("Fatigue", GENERAL, (0.75, 0.25, 0.03), -0.30, (7, 28), (28, 120), "BOTH"),
    Term("Hearing impaired", EAR, (0.20, 0.08, 0.01), -0.10, (21, 49), (60, 300), "BOTH", lasting=0.4),
    Term("Tinnitus", EAR, (0.30, 0.08, 0.005), 0.0, (14, 45), (30, 240), "CHEMO", lasting=0.25),
    Term("Oral pain", GI, (0.60, 0.35, 0.08), -0.50, (12, 24), (20, 60), "RT"),
    Term("Hoarseness", CHEST, (0.30, 0.06, 0.002), -0.20, (14, 35), (20, 80), "RT"),
    Term("Constipation", GI, (0.40, 0.15, 0.01), 0.0, (2, 21), (0, 21), "CHEMO"),
    Term("Hyponatremia", METABOLISM, (0.12, 0.04, 0.02, 0.002), 0.0, (10, 40), (0, 14), "CHEMO"),
    Term("Febrile neutropenia", BLOOD, (0.015, 0.015, 0.015, 0.002), 0.0, (20, 42), (0, 7), "CHEMO", rises=0.0),
    Term("Lung infection", INFECTION, (0.03, 0.03, 0.012, 0.001), 0.0, (15, 60), (7, 30), "NONE", rises=0.0),
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
    LateTerm("Dry mouth", GI, 0.75, 0.40, 0.02, -0.45),
    LateTerm("Hearing impaired", EAR, 0.50, 0.40, 0.06, -0.10),
    LateTerm("Tinnitus", EAR, 0.30, 0.25, 0.01, 0.0),
    LateTerm("Hypothyroidism", ENDOCRINE, 0.40, 0.70, 0.02, -0.20),
    LateTerm("Fibrosis deep connective tissue", MUSCLE, 0.35, 0.25, 0.02, -0.10),
    LateTerm("Trismus", MUSCLE, 0.08, 0.40, 0.05, -0.30),
    LateTerm("Central nervous system necrosis", NERVOUS, 0.05, 0.50, 0.20, 0.10),
    LateTerm("Osteonecrosis of jaw", MUSCLE, 0.02, 0.70, 0.40, -0.30),
    LateTerm("Hypoglossal nerve disorder", NERVOUS, 0.04, 0.50, 0.25, 0.0),
    LateTerm("Brachial plexopathy", NERVOUS, 0.01, 0.50, 0.10, 0.0),
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

_MILD = (("NONE", 1.0),)
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
    serious=((1, 0.0), (2, 0.005), (3, 0.09), (4, 1.0), (5, 1.0)),
    serious_laboratory=((1, 0.0), (2, 0.0), (3, 0.01), (4, 0.12), (5, 1.0)),
    fatal=(
        ("Sepsis", INFECTION, 6),
        ("Lung infection", INFECTION, 12),
        ("Pharyngeal hemorrhage", CHEST, 0),
        ("Aspiration", CHEST, 5),
    ),
    fatal_shares=(1.0, 0.15),
    actions=(
        (1, _MILD),
        (2, (("NONE", 0.92), ("DOSE REDUCED", 0.08))),
        (3, (("NONE", 0.72), ("DOSE REDUCED", 0.14), ("DRUG INTERRUPTED", 0.14))),
        (4, (("NONE", 0.35), ("DRUG INTERRUPTED", 0.40), ("DRUG WITHDRAWN", 0.25))),
        (5, (("DRUG WITHDRAWN", 1.0),)),
    ),
)

_LOOK = ("LOCOREGIONAL",)
_STAGE = ("LOCOREGIONAL", "SYSTEMIC")
SAMPLING = Sampling(
    spread=(
        ("PRE", 4, 0), ("BL", 7, 0), ("MID", 2, 2), ("EORT", 2, 2), ("W8", 8, 8), ("M3", 12, 14), ("M6", 20, 25),
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
        ("PRE", _STAGE), ("BL", _STAGE), ("W8", _LOOK), ("M3", _STAGE), ("M6", _LOOK), ("M12", _STAGE), ("M24", _STAGE),
    ),
    contact_spread=14,
    missed=0.04,
    missed_at_random=Linear(-3.0, (("ecog", 0.6), ("severe", 0.5), ("ses", -0.3))),
    recent=("MID", "EORT", "W8", "M3"),
    failed_assay=0.02,
    failed_baseline=0.01,
    sampled_after_relapse=0.3,
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
    Marker("CD19", "cells/uL", 0, 0.10, 0.32, _course(_SUBSETS, (-0.60, -1.00, -0.70, -0.30, -0.05, 0.0)), 0.15, 0.14,
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

BIOMARKERS = Biomarkers(
    markers=(*BLOOD_COUNTS, *CHEMISTRY, *VIRUS, *SUBSETS, *CYTOKINES),
    composites=(
        Composite("ANC", "10^9/L", 2, (("WBC", 0.92), ("ALC", -1.0)), floor_share=0.24),
        Composite("CD3", "cells/uL", 0, (("CD4", 1.05), ("CD8", 1.05))),
        Composite("NLR", "ratio", 2, (("ANC", 1.0), ("ALC", 1.0)), ratio=True),
        Composite("PLR", "ratio", 0, (("PLT", 1.0), ("ALC", 1.0)), ratio=True),
    ),
    from_covariate=("EBV", "ebv"),
    violations=("HGB", 8.2, 8.9, 0.01),
)

RESPONSE = Response(
    visits=(("M3", 84, 112), ("M6", 161, 178)),
    first=(("CR", 0.34), ("ID", 0.48), ("PR", 0.155), ("SD", 0.01), ("NE", 0.015)),
    second=(
        ("CR", (("CR", 0.98), ("ID", 0.02))),
        ("ID", (("CR", 0.58), ("PR", 0.20), ("ID", 0.20), ("NE", 0.02))),
        ("PR", (("CR", 0.45), ("PR", 0.42), ("ID", 0.13))),
        ("SD", (("PR", 0.40), ("SD", 0.60))),
        ("NE", (("CR", 0.60), ("PR", 0.20), ("ID", 0.20))),
    ),
    after_relapse="PD",
    method="MRI",
)

IMAGING = Imaging(
    modalities=("T1C", "T2"),
    region="GTVp",
    visits=(("BL", 1.0), ("MID", 0.65), ("M3", 0.12)),
    scanners=(("S1", 0.6), ("S2", 0.4)),
    features=(
        Feature("original_shape_MeshVolume", 1000.0, 0.03, 0.03, 0.0, volume=1.0),
        Feature("original_shape_SurfaceArea", 620.0, 0.08, 0.04, 0.0, volume=0.667),
        Feature("original_shape_Sphericity", 0.62, 0.12, 0.03, 0.0),
        Feature("original_firstorder_Mean", 520.0, 0.20, 0.05, 0.25),
        Feature("original_firstorder_Entropy", 4.1, 0.10, 0.03, 0.08),
        Feature("original_firstorder_90Percentile", 810.0, 0.22, 0.05, 0.22),
        Feature("original_glcm_JointEntropy", 6.9, 0.09, 0.03, 0.06),
        Feature("original_glcm_Idm", 0.33, 0.15, 0.06, -0.10),
        Feature("original_glrlm_RunEntropy", 4.4, 0.07, 0.03, 0.0),
        Feature("original_glszm_ZoneEntropy", 5.7, 0.06, 0.07, 0.0),
        Feature("original_gldm_DependenceVariance", 9.5, 0.25, 0.10, 0.12),
        Feature("original_ngtdm_Busyness", 0.8, 0.30, 0.35, 0.0),
    ),
    repeated=30,
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
        ("Visit outside its window", "MINOR", 0.14),
        ("Sample not collected", "MINOR", 0.10),
        ("Superseded consent form used", "MINOR", 0.03),
        ("Imaging not performed", "MINOR", 0.05),
        ("Chemotherapy dose not as planned", "MAJOR", 0.025),
        ("Prohibited concomitant medication", "MAJOR", 0.01),
    ),
    violation_term="Enrolled although a laboratory criterion was not met",
    forms=(
        ("CRF", (), 21.0, 0.02),
        ("BLOOD", (), 8.0, 0.03),
        ("IMAGE", ("BL", "MID", "M3", "M12", "M24"), 14.0, 0.04),
    ),
)

TRUTH = Truth(
    id_prefix="NPC",
    calendar=Calendar(
        database_date=datetime.date(2031, 12, 31), consent_days=(1, 14), entry_lag_mean=21.0, entry_lag_shape=2.0
    ),
    screening=Screening(
        failure_share=0.18,
        criteria=(
            ("INC01", 0.05), ("INC02", 0.04), ("INC03", 0.01), ("INC04", 0.16), ("INC05", 0.14), ("INC06a", 0.06),
            ("INC06b", 0.04), ("INC06c", 0.02), ("INC06d", 0.03), ("INC06e", 0.02), ("INC06f", 0.07), ("EXC01", 0.18),
            ("EXC02", 0.03), ("EXC03", 0.07), ("EXC04", 0.04), ("EXC05", 0.03), ("EXC06", 0.01),
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
    imaging=IMAGING,
    conduct=CONDUCT,
)  # fmt: skip

"""Severe toxicity per participant, acute and late, and deaths after treatment: TAME."""

from __future__ import annotations

from npcstats.analyses.tame.displays import TameTable
from npcstats.analyses.tame.spec import Category, TameSpec
from npcstats.derive import GradeWindow
from plan.sessions import CONF_LEVEL

CLOSED_AND_FINAL = ("closed", "final")

TAME = TameSpec(
    id="tame",
    label="Severe toxicity per participant and death after treatment",
    population="SAF",
    sessions=CLOSED_AND_FINAL,
    acute=GradeWindow("acute", "Acute", period="acute", counting="onset", evaluable="window-complete"),
    late=GradeWindow("late-incident", "Late, new", period="late", counting="onset", evaluable="assessed-in-window"),
    acute_categories=(
        Category("MUCOSA", "mucositis", ("Mucositis oral", "Pharyngeal mucositis", "Laryngeal mucositis")),
        Category("SKIN", "dermatitis", ("Dermatitis radiation",)),
        Category("SWALLOWING", "dysphagia", ("Dysphagia",)),
        Category("NUTRITION", "anorexia or weight loss", ("Anorexia", "Weight loss", "Dehydration")),
        Category("EMESIS", "nausea or vomiting", ("Nausea", "Vomiting")),
        Category("PAIN", "oral pain", ("Oral pain",)),
        Category("FATIGUE", "fatigue", ("Fatigue",)),
        Category(
            "BLOOD",
            "blood counts",
            ("White blood cell decreased", "Neutrophil count decreased", "Lymphocyte count decreased",
             "Platelet count decreased", "Anemia"),
        ),
        Category("FEVER", "febrile neutropenia", ("Febrile neutropenia",)),
        Category("INFECTION", "infection", ("Lung infection", "Sepsis")),
        Category("KIDNEY", "kidney", ("Creatinine increased", "Acute kidney injury")),
    ),
    late_categories=(
        Category("DRYNESS", "dry mouth", ("Dry mouth",)),
        Category("SWALLOWING", "dysphagia or aspiration", ("Dysphagia", "Aspiration")),
        Category("EAR", "hearing or tinnitus", ("Hearing impaired", "Tinnitus")),
        Category("THYROID", "hypothyroidism", ("Hypothyroidism",)),
        Category("FIBROSIS", "fibrosis or trismus", ("Fibrosis deep connective tissue", "Trismus")),
        Category("BRAIN", "central nervous system necrosis", ("Central nervous system necrosis",)),
        Category("NERVES", "nerves", ("Hypoglossal nerve disorder", "Brachial plexopathy")),
        Category("BONE", "osteonecrosis of jaw", ("Osteonecrosis of jaw",)),
    ),
    lowest=3,
    highest=4,
    baseline_adjusted=True,
    death_after="RTENDT",
    death_days=(30, 90),
    progression=("LOCAL", "REGIONAL", "DISTANT"),
    conf_level=CONF_LEVEL,
    interval="clopper-pearson",
    ratio="robust-log",
    scale="CTCAE version 5.0",
    estimand="unadjusted",
    status="planned",
)  # fmt: skip

TAME_TABLES = (
    TameTable(
        name="tame",
        title="Severe toxicity per participant, and death after treatment without progression (TAME)",
        number="14.3.10.1",
        sessions=CLOSED_AND_FINAL,
        analysis="tame",
        total=False,
    ),
)

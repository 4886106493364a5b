"""Laboratory toxicity: what is graded, by which limits of normal, and when."""

from __future__ import annotations

from npcstats.analyses.laboratory.displays import AgreementTable, LaboratoryWorst, NadirTable, ShiftTable
from npcstats.analyses.laboratory.spec import (
    Agreement,
    LaboratoryParameter,
    LaboratorySpec,
    LaboratoryWindow,
    Recovery,
)
from npcstats.derive import NormalLimits
from plan.sessions import CONF_LEVEL, EVERY_SESSION

PER_LITER = "10^9/L"

PARAMETERS = (
    LaboratoryParameter(
        code="WBC", label="White blood cells", term="White blood cell decreased", unit=PER_LITER, style="decimal1",
        recorded_limits=False, limits=(NormalLimits(lower=4.0),),
    ),
    LaboratoryParameter(
        code="ANC", label="Neutrophils", term="Neutrophil count decreased", unit=PER_LITER, style="decimal2",
        recorded_limits=False, limits=(NormalLimits(lower=1.8),),
    ),
    LaboratoryParameter(
        code="ALC", label="Lymphocytes", term="Lymphocyte count decreased", unit=PER_LITER, style="decimal2",
        recorded_limits=False, limits=(NormalLimits(lower=1.0),),
    ),
    LaboratoryParameter(
        code="PLT", label="Platelets", term="Platelet count decreased", unit=PER_LITER, style="decimal0",
        recorded_limits=False, limits=(NormalLimits(lower=150.0),),
    ),
    LaboratoryParameter(
        code="HGB", label="Hemoglobin", term="Anemia", unit="g/dL", style="decimal1",
        recorded_limits=False, limits=(NormalLimits(lower=12.0),),
    ),
    LaboratoryParameter(
        code="CREAT", label="Creatinine", term="Creatinine increased", unit="mg/dL", style="decimal2",
        recorded_limits=False, limits=(NormalLimits(upper=1.2),),
    ),
    LaboratoryParameter(
        code="ALB", label="Albumin", term="Hypoalbuminemia", unit="g/dL", style="decimal1",
        recorded_limits=False, limits=(NormalLimits(lower=3.5),),
    ),
    LaboratoryParameter(
        code="TBILI", label="Total bilirubin", term="Blood bilirubin increased", unit="mg/dL", style="decimal2",
        recorded_limits=False, limits=(NormalLimits(upper=1.2),),
    ),
)  # fmt: skip
"""Limits of the one laboratory that all values come from; it has the same for women and men."""

LABORATORY = LaboratorySpec(
    id="laboratory",
    label="Laboratory toxicity",
    population="SAF",
    sessions=EVERY_SESSION,
    version="5.0",
    parameters=PARAMETERS,
    windows=(
        LaboratoryWindow("induction", "Induction", period="induction", evaluable="window-complete"),
        LaboratoryWindow("acute", "Acute", period="acute", evaluable="window-complete"),
        LaboratoryWindow("late", "Late", period="late", evaluable="assessed-in-window"),
    ),
    without_baseline="grade-0",
    recovery=Recovery(grade=1, or_baseline=True),
    agreement=Agreement(grades=(2, 3), days=7, windows=("induction", "acute")),
    conf_level=CONF_LEVEL,
    interval="clopper-pearson",
    difference="newcombe",
    quantile_type=2,
    conf_type="log-log",
    estimand="unadjusted",
    status="planned",
)

LABORATORY_TABLES = (
    LaboratoryWorst(
        name="laboratory-induction",
        title="Worst grade of laboratory values during induction chemotherapy",
        number="14.3.4.1",
        sessions=("closed", "final"),
        analysis="laboratory",
        window="induction",
        bands=(1, 2, 3, 4),
        total=False,
    ),
    LaboratoryWorst(
        name="laboratory-acute",
        title="Worst grade of laboratory values in the acute period",
        number="14.3.4.2",
        sessions=EVERY_SESSION,
        analysis="laboratory",
        window="acute",
        bands=(1, 2, 3, 4),
        total=False,
    ),
    ShiftTable(
        name="laboratory-shift",
        title="Laboratory values: grade at baseline and worst grade in the acute period",
        number="14.3.4.3",
        sessions=("closed", "final"),
        analysis="laboratory",
        window="acute",
        total=False,
    ),
    ShiftTable(
        name="laboratory-shift-late",
        title="Laboratory values: grade at baseline and worst grade in the late period",
        number="14.3.4.6",
        sessions=("final",),
        analysis="laboratory",
        window="late",
        total=False,
    ),
    NadirTable(
        name="laboratory-nadirs",
        title="Worst laboratory value in the acute period, and recovery from it",
        number="14.3.4.4",
        sessions=("closed", "final"),
        analysis="laboratory",
        window="acute",
        total=True,
    ),
    AgreementTable(
        name="laboratory-agreement",
        title="Laboratory values beside reported adverse events in the acute period",
        number="14.3.4.5",
        sessions=("closed", "final"),
        analysis="laboratory",
        window="acute",
        total=False,
    ),
)

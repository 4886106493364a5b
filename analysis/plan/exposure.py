"""The treatment that was delivered to all who started radiotherapy, whether or not they completed it."""

from __future__ import annotations

from dataclasses import replace

from npcstats.analyses.exposure.spec import Amount, ExposureSpec, Part, Reached, Share
from npcstats.clinical.regimens import CISPLATIN_THRESHOLDS
from plan.sessions import EVERY_SESSION

INTENSE = 0.85
WITH_CISPLATIN = ("I_TPF", "I_GP", "I_TP")
WITH_DOCETAXEL = ("I_TPF", "I_TP")
INTENSITY = Amount("RDI_IND_CIS", "Relative dose intensity", "percent1", "%")
INTENSE_ENOUGH = Share("RDI_IND_CIS85", "Relative dose intensity 85% or more", "RDI_IND_CIS", "at least", INTENSE)
REACHED = Share("TOTAL200", "200 mg/m² or more", "CCD_TOTAL", "at least", 200.0)
CONCURRENT = {
    "C_QW": "Cisplatin weekly",
    "C_Q3W": "Cisplatin every 3 weeks",
    "C_Q2W": "Cisplatin every 2 weeks",
}
CONCURRENT_CISPLATIN = {"CONREG": ("C_QW", "C_Q3W", "C_Q2W"), "CCD_CONC": ()}


EXPOSURE = ExposureSpec(
    id="exposure",
    label="Treatment delivered",
    population="RT",
    sessions=EVERY_SESSION,
    quantile_type=2,
    unknown="Not ended or not known by the cut-off",
    status="planned",
    parts=(
        Part(
            "RT",
            "Radiotherapy",
            (
                Amount("RTDOSE", "Dose delivered", "decimal2", unit_column="RXDOSU"),
                Share("RTDOSE95", "95% or more of the prescribed dose", "DOSESHARE", "at least", 0.95),
                Share("FXALL", "All planned fractions", "FXSHARE", "at least", 1.0),
                Amount("OTT", "Overall treatment time", "decimal0", "days"),
                Share("OTT56", "Overall treatment time above 56 days", "OTT", "above", 56.0),
                Amount("MISSED", "Working days missed", "decimal0"),
                Share("MISSED5", "5 working days missed or more", "MISSED", "at least", 5.0),
            ),
        ),
        Part(
            "IND",
            "Induction planned or given",
            (
                Amount("CYC_IND", "Cycles given", "decimal0"),
                Share("CYC_IND_ALL", "All cycles due given", "CYC_IND_SHARE", "at least", 1.0),
            ),
            among={"INDREG": (), "CYC_IND": ()},
        ),
        Part(
            "IND-CIS",
            "Induction cisplatin planned or given",
            (Amount("CCD_IND", "Cumulative dose", "decimal0", "mg/m²"), INTENSITY, INTENSE_ENOUGH),
            among={"INDREG": WITH_CISPLATIN, "CCD_IND": ()},
        ),
        Part(
            "IND-DOC",
            "Docetaxel planned",
            (
                replace(INTENSITY, column="RDI_IND_DOC"),
                replace(INTENSE_ENOUGH, code="RDI_IND_DOC85", column="RDI_IND_DOC"),
            ),
            among={"INDREG": WITH_DOCETAXEL},
        ),
        Part(
            "IND-GEM",
            "Gemcitabine planned",
            (
                replace(INTENSITY, column="RDI_IND_GEM"),
                replace(INTENSE_ENOUGH, code="RDI_IND_GEM85", column="RDI_IND_GEM"),
            ),
            among={"INDREG": ("I_GP",)},
        ),
        Part(
            "IND-5FU",
            "Fluorouracil planned",
            (
                replace(INTENSITY, column="RDI_IND_5FU"),
                replace(INTENSE_ENOUGH, code="RDI_IND_5FU85", column="RDI_IND_5FU"),
            ),
            among={"INDREG": ("I_TPF",)},
        ),
        Part(
            "CONC",
            "Concurrent chemotherapy planned or given",
            (
                Amount("CYC_CONC", "Cycles given", "decimal0"),
                Share("CYC_CONC_ALL", "All cycles due given", "CYC_CONC_SHARE", "at least", 1.0),
            ),
            among={"CONREG": (), "CYC_CONC": ()},
        ),
        Part(
            "CONC-CIS",
            "Concurrent cisplatin planned or given",
            (
                Amount("CCD_CONC", "Cumulative dose", "decimal0", "mg/m²"),
                replace(INTENSITY, column="RDI_CONC_CIS"),
                replace(INTENSE_ENOUGH, code="RDI_CONC_CIS85", column="RDI_CONC_CIS"),
                Share("SWITCHED", "Switched to carboplatin", "SWITCH", "equal to", "Y"),
            ),
            among=CONCURRENT_CISPLATIN,
        ),
        Part(
            "CONC-CARB",
            "Concurrent carboplatin planned",
            (
                replace(INTENSITY, column="RDI_CONC_CARB"),
                replace(INTENSE_ENOUGH, code="RDI_CONC_CARB85", column="RDI_CONC_CARB"),
            ),
            among={"CONREG": ("C_CARB",)},
        ),
        Part(
            "CIS",
            "Any cisplatin planned or given, induction and concurrent together",
            (
                Amount("CCD_TOTAL", "Cumulative dose", "decimal0", "mg/m²"),
                REACHED,
                replace(REACHED, code="TOTAL240", label="240 mg/m² or more", value=240.0),
                replace(REACHED, code="TOTAL300", label="300 mg/m² or more", value=300.0),
            ),
            among={**CONCURRENT_CISPLATIN, "INDREG": WITH_CISPLATIN, "CCD_TOTAL": ()},
        ),
        Part(
            "REACHED",
            "Concurrent cisplatin planned",
            Reached("CCD_CONC", "CONREG", CONCURRENT, CISPLATIN_THRESHOLDS),
            among={"CONREG": ("C_QW", "C_Q3W", "C_Q2W")},
        ),
    ),
    sentences={
        "days": "Working days missed: Monday to Friday, holidays among them, from the first to the last fraction, "
        "without one.",
        "cycles": "A cycle counts as given with any dose of it; due are all recorded ones, omitted ones among them.",
        "intensity": "Relative dose intensity: dose delivered per week over dose planned per week, from the first "
        "recorded cycle to the end of the last; an omitted cycle counts with its planned dose and time.",
        "cisplatin": "Cumulative doses, in mg/m², are of cisplatin alone.",
    },
)

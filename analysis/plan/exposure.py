"""The treatment that was delivered to all who started radiotherapy, whether or not they completed it."""

from __future__ import annotations

from npcstats.analyses.exposure.spec import Amount, ExposureSpec, Part, Reached, Share
from npcstats.clinical.regimens import CISPLATIN_THRESHOLDS, CISPLATIN_UNIT, REGIMENS
from plan.sessions import EVERY_SESSION

INTENSE = 0.85
CONCURRENT = {
    "C_QW": "Cisplatin weekly",
    "C_Q3W": "Cisplatin every 3 weeks",
    "C_Q2W": "Cisplatin every 2 weeks",
}
CONCURRENT_CISPLATIN = {"CONREG": tuple(CONCURRENT), "CCD_CONC": ()}


def _of_drug(drug: str) -> tuple[str, ...]:
    """Induction regimens that hold a drug."""
    return tuple(
        code
        for code, regimen in REGIMENS.items()
        if regimen.setting == "INDUCTION" and any(dose.drug == drug for dose in regimen.drugs)
    )


def _intensity(column: str) -> tuple[Amount | Share, ...]:
    return (
        Amount(column, "Relative dose intensity", "percent1", "%"),
        Share(f"{column}85", "Relative dose intensity 85% or more", column, "at least", INTENSE),
    )


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
                Amount("RTDOSE", "Dose delivered", "decimal2", "Gy or Gy(RBE)"),
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
            (Amount("CCD_IND", "Cumulative dose", "decimal0", "mg/m²"), *_intensity("RDI_IND_CIS")),
            among={"INDREG": _of_drug("CISPLATIN"), "CCD_IND": ()},
        ),
        Part("IND-DOC", "Docetaxel planned", _intensity("RDI_IND_DOC"), among={"INDREG": _of_drug("DOCETAXEL")}),
        Part("IND-GEM", "Gemcitabine planned", _intensity("RDI_IND_GEM"), among={"INDREG": _of_drug("GEMCITABINE")}),
        Part("IND-5FU", "Fluorouracil planned", _intensity("RDI_IND_5FU"), among={"INDREG": _of_drug("FLUOROURACIL")}),
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
                *_intensity("RDI_CONC_CIS"),
                Share("SWITCHED", "Switched to carboplatin", "SWITCH", "equal to", "Y"),
            ),
            among=CONCURRENT_CISPLATIN,
        ),
        Part(
            "CONC-CARB",
            "Concurrent carboplatin planned",
            _intensity("RDI_CONC_CARB"),
            among={"CONREG": ("C_CARB",)},
        ),
        Part(
            "CIS",
            "Any cisplatin planned or given, induction and concurrent together",
            (
                Amount("CCD_TOTAL", "Cumulative dose", "decimal0", "mg/m²"),
                *(
                    Share(f"TOTAL{dose:g}", f"{dose:g} mg/m² or more", "CCD_TOTAL", "at least", dose)
                    for dose in CISPLATIN_THRESHOLDS
                ),
            ),
            among={**CONCURRENT_CISPLATIN, "INDREG": _of_drug("CISPLATIN"), "CCD_TOTAL": ()},
        ),
        Part(
            "REACHED",
            "Concurrent cisplatin planned",
            Reached("CCD_CONC", "CONREG", CONCURRENT, CISPLATIN_THRESHOLDS),
            among={"CONREG": tuple(CONCURRENT)},
        ),
    ),
    sentences={
        "days": "Working days missed: Monday to Friday, holidays among them, from the first to the last fraction, "
        "without one.",
        "cycles": "A cycle counts as given with any dose of it; due are all recorded ones, omitted ones among them.",
        "intensity": "Relative dose intensity: dose delivered per week over dose planned per week, from the first "
        "recorded cycle to the end of the last; an omitted cycle counts with its planned dose and time.",
        "cisplatin": f"Cumulative doses, in {CISPLATIN_UNIT.replace('m2', 'm²')}, are of cisplatin alone.",
    },
)

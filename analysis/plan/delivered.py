"""What is worked out of each participant's delivered treatment, before arms are masked or removed."""

from __future__ import annotations

from npcstats.clinical.delivered import (
    CumulativeDose,
    Cycles,
    Delivered,
    DoseIntensity,
    MissedDays,
    OverallTime,
    PrescribedDose,
    Ratio,
    Switch,
)
from npcstats.clinical.regimens import CISPLATIN, CISPLATIN_UNIT, Setting

INDUCTION: tuple[Setting, str, str] = ("INDUCTION", "INDREG", "RTSTDT")
CONCURRENT: tuple[Setting, str, str] = ("CONCURRENT", "CONREG", "RTENDT")
"""Phase, the column of its planned regimen, and the date by which it is complete."""

INTENSITIES = {
    "RDI_IND_CIS": (CISPLATIN, *INDUCTION),
    "RDI_IND_DOC": ("DOCETAXEL", *INDUCTION),
    "RDI_IND_GEM": ("GEMCITABINE", *INDUCTION),
    "RDI_IND_5FU": ("FLUOROURACIL", *INDUCTION),
    "RDI_CONC_CIS": (CISPLATIN, *CONCURRENT),
    "RDI_CONC_CARB": ("CARBOPLATIN", *CONCURRENT),
}

DELIVERED: tuple[Delivered, ...] = (
    OverallTime("OTT", start="RTSTDT", end="RTENDT"),
    MissedDays("MISSED", start="RTSTDT", end="RTENDT", given="FXDELIV"),
    PrescribedDose("RTDOSE", ("RADIOTHERAPY",), unit_column="RXDOSU", known_from="RTENDT"),
    Ratio("DOSESHARE", numerator="RTDOSE", denominator="RXDOSE"),
    Ratio("FXSHARE", numerator="FXDELIV", denominator="FXPLAN"),
    CumulativeDose("CCD_CONC", (CISPLATIN,), phases=("CONCURRENT",), unit=CISPLATIN_UNIT, known_from="RTENDT"),
    CumulativeDose("CCD_IND", (CISPLATIN,), phases=("INDUCTION",), unit=CISPLATIN_UNIT, known_from="RTSTDT"),
    CumulativeDose("CCD_TOTAL", (CISPLATIN,), phases=(), unit=CISPLATIN_UNIT, known_from="RTENDT"),
    Cycles("CYC_IND", *INDUCTION[:2], counting="given", known_from=INDUCTION[2]),
    Cycles("CYC_IND_DUE", *INDUCTION[:2], counting="due", known_from=INDUCTION[2]),
    Cycles("CYC_CONC", *CONCURRENT[:2], counting="given", known_from=CONCURRENT[2]),
    Cycles("CYC_CONC_DUE", *CONCURRENT[:2], counting="due", known_from=CONCURRENT[2]),
    Ratio("CYC_IND_SHARE", numerator="CYC_IND", denominator="CYC_IND_DUE"),
    Ratio("CYC_CONC_SHARE", numerator="CYC_CONC", denominator="CYC_CONC_DUE"),
    *(DoseIntensity(code, *parts) for code, parts in INTENSITIES.items()),
    Switch("SWITCH", known_from="RTENDT"),
)

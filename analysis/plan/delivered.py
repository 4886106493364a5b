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

DELIVERED: tuple[Delivered, ...] = (
    OverallTime("OTT", start="RTSTDT", end="RTENDT"),
    MissedDays("MISSED", start="RTSTDT", end="RTENDT", given="FXDELIV"),
    PrescribedDose("RTDOSE", ("RADIOTHERAPY",), unit_column="RXDOSU", known_from="RTENDT"),
    Ratio("DOSESHARE", numerator="RTDOSE", denominator="RXDOSE"),
    Ratio("FXSHARE", numerator="FXDELIV", denominator="FXPLAN"),
    CumulativeDose("CCD_CONC", (CISPLATIN,), phases=("CONCURRENT",), unit=CISPLATIN_UNIT, known_from="RTENDT"),
    CumulativeDose("CCD_IND", (CISPLATIN,), phases=("INDUCTION",), unit=CISPLATIN_UNIT, known_from="RTSTDT"),
    CumulativeDose("CCD_TOTAL", (CISPLATIN,), phases=(), unit=CISPLATIN_UNIT, known_from="RTENDT"),
    Cycles("CYC_IND", *INDUCTION, counting="given"),
    Cycles("CYC_IND_DUE", *INDUCTION, counting="due"),
    Cycles("CYC_CONC", *CONCURRENT, counting="given"),
    Cycles("CYC_CONC_DUE", *CONCURRENT, counting="due"),
    Ratio("CYC_IND_SHARE", numerator="CYC_IND", denominator="CYC_IND_DUE"),
    Ratio("CYC_CONC_SHARE", numerator="CYC_CONC", denominator="CYC_CONC_DUE"),
    DoseIntensity("RDI_IND_CIS", CISPLATIN, *INDUCTION),
    DoseIntensity("RDI_IND_DOC", "DOCETAXEL", *INDUCTION),
    DoseIntensity("RDI_IND_GEM", "GEMCITABINE", *INDUCTION),
    DoseIntensity("RDI_IND_5FU", "FLUOROURACIL", *INDUCTION),
    DoseIntensity("RDI_CONC_CIS", CISPLATIN, *CONCURRENT),
    DoseIntensity("RDI_CONC_CARB", "CARBOPLATIN", *CONCURRENT),
    Switch("SWITCH", known_from="RTENDT"),
)

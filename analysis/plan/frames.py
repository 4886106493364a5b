"""What the export holds: the frames of the data contract, with this trial's own columns and codes."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from npcstats.clinical.ctcae import ctcae_classes, ctcae_terms
from npcstats.clinical.oncology import (
    CHEMORADIOTHERAPY_PHASES,
    CHEMORADIOTHERAPY_RELATIONS,
    HEAD_AND_NECK_ASSESSMENTS,
    HEAD_AND_NECK_CARE,
)
from npcstats.clinical.terminology import SERIOUSNESS
from npcstats.schema import Column, Schema, with_levels, with_terms
from npcstats.study import FRAMES as CONTRACT

ADSL = Schema(
    "adsl",
    (
        Column("USUBJID", "identifier"),
        Column("ICFDT", "date"),
        Column("ENRLDT", "date"),
        Column("TRT01P", "text"),
        Column("TRT01A", "text", missing=True, known_from="RTSTDT"),
        Column("TECHNIQUE", "text", missing=True, levels=("IMPT", "VMAT", "IMRT", "TOMO"), known_from="RTSTDT"),
        Column("AGE", "number", minimum=0, maximum=120),
        Column("SEX", "text", levels=("F", "M")),
        Column("ECOGBL", "integer", missing=True, minimum=0, maximum=5),
        Column("T9", "text", levels=("TX", "T0", "Tis", "T1", "T2", "T3", "T4")),
        Column("N9", "text", levels=("NX", "N0", "N1", "N2", "N3")),
        Column("M9", "text", levels=("M0", "M1", "M1a", "M1b")),
        Column("STAGE9", "text", levels=("0", "IA", "IB", "II", "III", "IV", "IVA", "IVB")),
        Column("TNMVER", "integer", minimum=7, maximum=9),
        Column("WHOHIST", "text", missing=True, levels=("K-SCC", "NK-diff", "NK-undiff", "basaloid")),
        Column("CCI", "integer", missing=True, minimum=0, maximum=37),
        Column("SMOKE", "flag", missing=True),
        Column("BETEL", "flag", missing=True),
        Column("SES", "number", missing=True),
        Column("EBVBL", "number", missing=True, minimum=0),
        Column("GTVPVOL", "number", missing=True, minimum=0),
        Column("INDREG", "text", missing=True, levels=("I_GP", "I_TPF", "I_TP")),
        Column("CONREG", "text", missing=True, levels=("C_QW", "C_Q3W", "C_Q2W", "C_CARB")),
        Column("RXDOSE", "number", missing=True, minimum=0),
        Column("RXDOSU", "text", missing=True, levels=("Gy", "Gy(RBE)")),
        Column("FXPLAN", "integer", missing=True, minimum=0, maximum=60),
        Column("FXDELIV", "integer", missing=True, minimum=0, maximum=60, known_from="RTENDT"),
        Column("TRTSDT", "date", missing=True),
        Column("RTSTDT", "date", missing=True),
        Column("RTENDT", "date", missing=True),
        Column("DTHDT", "date", missing=True),
        Column(
            "DTHCAUS", "text", missing=True, levels=("DISEASE", "TREATMENT", "OTHER", "UNKNOWN"), known_from="DTHDT"
        ),
        Column("EOSDT", "date", missing=True),
        Column("EOSSTT", "text", missing=True, levels=("LOST", "WITHDRAWN"), known_from="EOSDT"),
        Column("ENTRYDT", "date", missing=True),
    ),
    key=("USUBJID",),
    dated="ENRLDT",
    ordered=(("TRTSDT", "RTSTDT"), ("RTSTDT", "RTENDT"), ("TRTSDT", "DTHDT"), ("RTENDT", "DTHDT")),
)

ADASSESS = with_levels(CONTRACT["adassess"], {"KIND": tuple(HEAD_AND_NECK_ASSESSMENTS)})
ADEX = with_levels(CONTRACT["adex"], {"EXPHASE": CHEMORADIOTHERAPY_PHASES})
ADCARE = with_levels(CONTRACT["adcare"], {"KIND": HEAD_AND_NECK_CARE})
CTCAE: Final = "5.0"
# an export may be without what is recorded of serious events alone; their listing then says so
SERIOUS_COLUMNS = (
    Column("AESERCRIT", "text", missing=True, terms=SERIOUSNESS, optional=True),
    Column("AEEXP", "flag", missing=True, optional=True),
)
ADAE = with_terms(
    with_levels(
        replace(CONTRACT["adae"], columns=(*CONTRACT["adae"].columns, *SERIOUS_COLUMNS)),
        {"AEREL": tuple(CHEMORADIOTHERAPY_RELATIONS)},
    ),
    {"AEDECOD": tuple(ctcae_terms(version=CTCAE)), "AEBODSYS": ctcae_classes(version=CTCAE)},
)
# whatever else is typed there is counted, and not printed
ADDV = with_terms(
    CONTRACT["addv"],
    {
        "DVTERM": (
            "Chemotherapy dose not as planned",
            "Treatment given not as planned",
            "Enrolled although a laboratory criterion was not met",
            "Prohibited concomitant medication",
            "Imaging not performed",
            "Sample not collected",
            "Superseded consent form used",
            "Visit outside its window",
        )
    },
)

# the board can meet without an optional frame: what needs it says that it is not in the export
FRAMES = (
    ADSL,
    replace(CONTRACT["adscr"], optional=True),
    ADAE,
    replace(CONTRACT["adlb"], optional=True),
    replace(CONTRACT["adrad"], optional=True),
    CONTRACT["adevent"],
    ADASSESS,
    CONTRACT["adrs"],
    ADEX,
    replace(ADCARE, optional=True),
    replace(ADDV, optional=True),
    replace(CONTRACT["adform"], optional=True),
    CONTRACT["adqs"],
    CONTRACT["addose"],
    CONTRACT["adtr"],
    CONTRACT["adtte"],
)

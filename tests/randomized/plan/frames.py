"""What the export holds."""

from __future__ import annotations

from npcstats.schema import Column, Schema
from plan.baseline import PRIOR, REGIONS, SEXES

ADSL = Schema(
    "adsl",
    (
        Column("USUBJID", "identifier"),
        Column("ICFDT", "date"),
        Column("ENRLDT", "date"),
        Column("TRT01P", "text"),
        Column("TRT01A", "text", missing=True, known_from="TRTSDT"),
        Column("REGION", "text", levels=tuple(REGIONS)),
        Column("PRIORTRT", "text", levels=tuple(PRIOR)),
        Column("AGE", "number", minimum=18, maximum=120),
        Column("SEX", "text", levels=tuple(SEXES)),
        Column("WEIGHTBL", "number", missing=True, minimum=20, maximum=300),
        Column("ECOGBL", "integer", minimum=0, maximum=5),
        Column("SAFFL", "flag"),
        Column("TRTSDT", "date", missing=True),
        Column("TRTEDT", "date", missing=True),
        Column("EOTSTT", "text", missing=True, levels=("ONGOING", "COMPLETED", "DISCONTINUED")),
        Column(
            "DCTREAS",
            "text",
            missing=True,
            levels=("PROGRESSIVE DISEASE", "ADVERSE EVENT", "DEATH", "LOST TO FOLLOW-UP", "WITHDRAWAL BY SUBJECT"),
        ),
        Column("EOSDT", "date", missing=True),
        Column("EOSSTT", "text", levels=("ONGOING", "COMPLETED", "DISCONTINUED")),
        Column("DCSREAS", "text", missing=True, levels=("DEATH", "LOST TO FOLLOW-UP", "WITHDRAWAL BY SUBJECT")),
        Column("DTHDT", "date", missing=True),
        Column("DTHCAUS", "text", missing=True, levels=("DISEASE", "ADVERSE EVENT", "OTHER"), known_from="DTHDT"),
    ),
    key=("USUBJID",),
    dated="ENRLDT",
    ordered=(("ICFDT", "ENRLDT"), ("ENRLDT", "TRTSDT"), ("TRTSDT", "TRTEDT"), ("TRTEDT", "DTHDT")),
)
ADAE = Schema(
    "adae",
    (
        Column("USUBJID", "identifier"),
        Column("AESEQ", "integer", minimum=1),
        Column("AEBODSYS", "text", coded=True),
        Column("AEDECOD", "text", coded=True),
        Column("AETOXGR", "integer", minimum=1, maximum=5),
        Column("AESER", "flag"),
        Column("AEREL", "text", levels=("RELATED", "NOT RELATED")),
        Column(
            "AEACN",
            "text",
            levels=("DOSE NOT CHANGED", "DOSE REDUCED", "DRUG INTERRUPTED", "DRUG WITHDRAWN", "NOT APPLICABLE"),
        ),
        Column(
            "AEOUT",
            "text",
            levels=(
                "RECOVERED/RESOLVED",
                "RECOVERED/RESOLVED WITH SEQUELAE",
                "NOT RECOVERED/NOT RESOLVED",
                "FATAL",
            ),
        ),
        Column("ASTDT", "date"),
        Column("AENDT", "date", missing=True),
        Column("TRTEMFL", "flag", missing=True),
    ),
    key=("USUBJID", "AESEQ"),
    dated="ASTDT",
    ordered=(("ASTDT", "AENDT"),),
)
ADLB = Schema(
    "adlb",
    (
        Column("USUBJID", "identifier"),
        Column("PARAMCD", "text", coded=True),
        Column("AVISIT", "text"),
        Column("ADT", "date"),
        Column("AVAL", "number", missing=True, minimum=0),
        Column("AVALC", "text"),
        Column("AVALU", "text"),
        Column("LLOQ", "number", missing=True, minimum=0),
    ),
    key=("USUBJID", "PARAMCD", "AVISIT"),
    dated="ADT",
)
ADEX = Schema(
    "adex",
    (
        Column("USUBJID", "identifier"),
        Column("EXTRT", "text"),
        Column("EXSEQ", "integer", minimum=1),
        Column("EXDOSE", "number", minimum=0),
        Column("EXDOSU", "text", levels=("mg",)),
        Column("EXPLANNED", "number", minimum=0),
        Column("EXSTDT", "date"),
        Column("EXENDT", "date", missing=True),
    ),
    key=("USUBJID", "EXSEQ"),
    dated="EXSTDT",
    ordered=(("EXSTDT", "EXENDT"),),
)
ADDV = Schema(
    "addv",
    (
        Column("USUBJID", "identifier"),
        Column("DVDT", "date"),
        Column("DVCAT", "text", levels=("MAJOR", "MINOR")),
        Column("DVTERM", "text", coded=True),
    ),
    dated="DVDT",
)
ADRS = Schema(
    "adrs",
    (
        Column("USUBJID", "identifier"),
        Column("PARAMCD", "text", coded=True),
        Column("ADT", "date", missing=True),
        Column("AVALC", "text", levels=("CR", "PR", "SD", "PD", "NE")),
    ),
    dated="ADT",
    undated="keep",
)
ADTTE = Schema(
    "adtte",
    (
        Column("USUBJID", "identifier"),
        Column("PARAMCD", "text", coded=True),
        Column("AVAL", "number", minimum=0),
        Column("CNSR", "integer", minimum=0),
        Column("EVTYPE", "integer", missing=True, minimum=1, maximum=2),
        Column("STARTDT", "date"),
        Column("ADT", "date"),
        Column("EVNTDESC", "text", coded=True),
    ),
    key=("USUBJID", "PARAMCD"),
    dated="ADT",
    ordered=(("STARTDT", "ADT"),),
)

"""The data contract: the frames that a study may be read from, and those of one design."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from npcstats.clinical.terminology import ACTIONS, OUTCOMES
from npcstats.schema import Column, Schema, with_levels
from npcstats.study.parts import Declared

ENTERED = "ENTRYDT"
ADSL = "adsl"
EVENTS = "adevent"
TREATMENTS = ("TRT01P", "TRT01A")
CORE = ("USUBJID", "ENRLDT", *TREATMENTS)
RESPONSES = ("CR", "PR", "SD", "PD", "ID", "NE")
FORM_KINDS = ("CRF", "BLOOD", "IMAGE")

_ID = Column("USUBJID", "identifier")
_ENTRY = Column(ENTERED, "date", missing=True)

_FRAMES = (
    Schema(
        "adscr",
        (
            Column("SCRNID", "identifier"),
            Column("ICFDT", "date"),
            Column("CRITERION", "text", missing=True),
            _ENTRY,
        ),
        key=("SCRNID",),
        dated="ICFDT",
    ),
    Schema(
        "adae",
        (
            _ID,
            Column("AESEQ", "integer", minimum=1),
            Column("AEBODSYS", "text", coded=True),
            Column("AEDECOD", "text", coded=True),
            Column(
                "AETOXGR",
                "integer",
                minimum=1,
                maximum=5,
                requirement="grades are CTCAE integers 1 to 5",
            ),
            Column("AESER", "flag"),
            Column("AEREL", "text", missing=True),
            Column("ASTDT", "date"),
            Column("AENDT", "date", missing=True),
            Column("AEACN", "text", missing=True, terms=ACTIONS),
            Column(
                "AEOUT",
                "text",
                missing=True,
                known_from="AENDT",
                undated="OUTCOME UNDATED",
                open_values=("NOT RECOVERED/NOT RESOLVED", "NOT RECOVERED", "NOT RESOLVED", "ONGOING"),
                terms=OUTCOMES,
            ),
            _ENTRY,
        ),
        key=("USUBJID", "AESEQ"),
        dated="ASTDT",
        ordered=(("ASTDT", "AENDT"),),
    ),
    Schema(
        "adlb",
        (
            _ID,
            Column("PARAMCD", "text", coded=True),
            Column("ADT", "date"),
            Column("AVISIT", "text", missing=True),
            Column("AVAL", "number", missing=True),
            Column("AVALC", "text", missing=True),
            Column("AVALU", "text", missing=True),
            Column("LLOQ", "number", missing=True, minimum=0),
            Column("ASSAYVER", "text", missing=True),
            _ENTRY,
        ),
        dated="ADT",
    ),
    Schema(
        "adrad",
        (
            _ID,
            Column("AVISIT", "text"),
            Column("ADT", "date"),
            Column("MODALITY", "text"),
            Column("ROI", "text"),
            Column("REPLICATE", "integer", minimum=1),
            Column("SCANNER", "text"),
            _ENTRY,
        ),
        key=("USUBJID", "AVISIT", "MODALITY", "ROI", "REPLICATE"),
        dated="ADT",
        features=True,
    ),
    Schema(
        "adevent",
        (
            _ID,
            Column("KIND", "text"),
            Column("ADT", "date"),
            Column("CONFIRM", "text", missing=True),
            _ENTRY,
        ),
        dated="ADT",
    ),
    Schema(
        "adassess",
        (_ID, Column("KIND", "text"), Column("ADT", "date"), _ENTRY),
        dated="ADT",
    ),
    Schema(
        "adrs",
        (
            _ID,
            Column("AVISIT", "text", missing=True),
            Column("ADT", "date"),
            Column("AVALC", "text", levels=RESPONSES),
            Column("METHOD", "text", missing=True),
            _ENTRY,
        ),
        dated="ADT",
    ),
    Schema(
        "adex",
        (
            _ID,
            Column("EXPHASE", "text"),
            Column("EXTRT", "text"),
            Column("EXSEQ", "integer", minimum=1),
            Column("EXDOSE", "number", missing=True, minimum=0, known_from="EXENDT"),
            Column("EXDOSU", "text", missing=True),
            Column("EXPLANNED", "number", missing=True, minimum=0),
            Column("EXSTDT", "date"),
            Column("EXENDT", "date", missing=True),
            _ENTRY,
        ),
        key=("USUBJID", "EXPHASE", "EXTRT", "EXSEQ"),
        dated="EXSTDT",
        ordered=(("EXSTDT", "EXENDT"),),
    ),
    Schema(
        "adcare",
        (
            _ID,
            Column("KIND", "text"),
            Column("CASTDT", "date"),
            Column("CAENDT", "date", missing=True),
            _ENTRY,
        ),
        dated="CASTDT",
        ordered=(("CASTDT", "CAENDT"),),
    ),
    Schema(
        "addv",
        (
            _ID,
            Column("DVDT", "date"),
            Column("DVCAT", "text", levels=("MAJOR", "MINOR")),
            Column("DVTERM", "text"),
            _ENTRY,
        ),
        dated="DVDT",
    ),
    Schema(
        "adform",
        (
            _ID,
            Column("KIND", "text", levels=FORM_KINDS),
            Column("AVISIT", "text"),
            Column("DUEDT", "date"),
            Column("RECDT", "date", missing=True),
        ),
        dated="DUEDT",
    ),
    Schema(
        "adqs",
        (
            _ID,
            Column("PARAMCD", "text", coded=True),
            Column("AVAL", "number", missing=True),
            Column("ADT", "date"),
            _ENTRY,
        ),
        dated="ADT",
        optional=True,
    ),
    Schema(
        "addose",
        (_ID, Column("STRUCTURE", "text"), Column("METRIC", "text"), Column("AVAL", "number", missing=True)),
        key=("USUBJID", "STRUCTURE", "METRIC"),
        optional=True,
    ),
    Schema(
        "adtr",
        (
            _ID,
            Column("PARAMCD", "text", coded=True),
            Column("AVISIT", "text", missing=True),
            Column("ADT", "date"),
            Column("AVAL", "number", missing=True, minimum=0),
            _ENTRY,
        ),
        key=("USUBJID", "PARAMCD", "ADT"),
        dated="ADT",
        optional=True,
    ),
    Schema(
        "adtte",
        (
            _ID,
            Column("PARAMCD", "text", coded=True),
            Column("AVAL", "number", minimum=0),
            Column("CNSR", "integer", minimum=0),
            Column("STARTDT", "date"),
            Column("ADT", "date"),
            Column("EVNTDESC", "text", coded=True),
        ),
        key=("USUBJID", "PARAMCD"),
        dated="ADT",
        optional=True,
        ordered=(("STARTDT", "ADT"),),
    ),
)

RECORDS: Mapping[str, str] = {
    "adscr": "persons screened",
    "adsl": "participants",
    "adae": "adverse events",
    "adlb": "laboratory values",
    "adrad": "features of images",
    "adevent": "events of the disease",
    "adassess": "assessments",
    "adrs": "responses",
    "adex": "treatment given",
    "adcare": "supportive care",
    "addv": "protocol deviations",
    "adform": "forms, samples and images due",
    "adqs": "questionnaires",
    "addose": "doses to organs",
    "adtr": "measurements of tumours",
    "adtte": "times to events",
}
"""What the records of each frame are of, in words."""

FRAMES: Mapping[str, Schema] = {schema.name: schema for schema in _FRAMES}


def input_schemas(design: Declared) -> dict[str, Schema]:
    """Declare the frames a study of this design is read from.

    Parameters
    ----------
    design : Declared
        Supplies the treatment codes.

    Returns
    -------
    dict of str to Schema
        By frame name, in reading order.
    """
    return {schema.name: _of_design(schema, design) for schema in design.frames}


def _of_design(schema: Schema, design: Declared) -> Schema:
    """A frame with the codes that the design gives: of treatments, the planned one never missing, and of events."""
    if schema.name == EVENTS and "KIND" in schema.by_name:
        return with_levels(schema, {"KIND": tuple(kind.code for kind in design.events)})
    if schema.name != ADSL:
        return schema
    planned, actual = TREATMENTS
    arms = tuple(arm.code for arm in design.arms)
    levels = {planned: arms, actual: (*arms, *design.arm_rule)}
    coded = with_levels(schema, {name: codes for name, codes in levels.items() if name in schema.by_name})
    return replace(coded, columns=tuple(replace(c, missing=c.missing and c.name != planned) for c in coded.columns))

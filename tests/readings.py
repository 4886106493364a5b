"""A trial of eight whose response is read, by hand: radiotherapy ends on day 0, 2025-01-01; the cut-off is day 200.

Response is read on day 84 to 112 (target 98) and an indeterminate one again on day 113 to 210 (target 168). At the
cut-off the second window is still open.

==== === ====================================== ======== ========= =======================================
who  arm readings (day, class)                  at visit read again best
==== === ====================================== ======== ========= =======================================
A    X   90 CR                                  CR       PENDING   CR
B    Y   95 NE, 100 PR, 168 CR                  PR       CR        CR
C    X   98 ID, 150 CR, 190 PR                  ID       CR        CR
D    Y   98 ID; new therapy on 120; 160 CR      ID       CR        ID: what follows a new therapy does not count
E    X   died on day 60                         DIED     DIED      DIED
F    Y   none                                   MISSING  PENDING   MISSING
G    X   distant relapse on 50; 98 PD; 150 SD   PD       SD        PD
H    Y   97 and 99 PR and CR, 98 CR and ID      ID       PENDING   CR: at the visit the less favourable on day 98
==== === ====================================== ======== ========= =======================================
"""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pandas as pd

from npcstats.analyses.courses.spec import CourseSpec
from npcstats.analyses.response.spec import ResponseRate, ResponseSpec
from npcstats.analyses.response.summary import derive_readings
from npcstats.clinical.oncology import HEAD_AND_NECK_EVENTS
from npcstats.derive import assign_arms, at_cutoff, population_members
from npcstats.results import one
from npcstats.schema import Column, Schema
from npcstats.study import FRAMES, Arm, Design, Population, Study, Visit, Words

ZERO = pd.Timestamp("2025-01-01")
CUTOFF = datetime.date(2025, 7, 20)
PEOPLE = ("D", "A", "C", "H", "F", "B", "G", "E")
ARMS = dict(zip("ABCDEFGH", "XYXYXYXY", strict=True))
ADSL = Schema(
    "adsl",
    (
        Column("USUBJID", "identifier"),
        Column("ENRLDT", "date"),
        Column("TRT01P", "text"),
        Column("TRT01A", "text", missing=True),
        Column("RTSTDT", "date", missing=True),
        Column("RTENDT", "date", missing=True),
        Column("DTHDT", "date", missing=True),
        Column("EOSDT", "date", missing=True),
        Column("EOSSTT", "text", missing=True, levels=("LOST", "WITHDRAWN"), known_from="EOSDT"),
    ),
    key=("USUBJID",),
    dated="ENRLDT",
)
DESIGN = Design(
    registry="TEST-9",
    title="Eight readings",
    short_title="Eight",
    allocation="non-randomized",
    arms=(Arm("X", "Ex"), Arm("Y", "Wye")),
    arm_rule={},
    visits=(),
    populations=(Population("DONE", "Treated", "Everyone treated.", requires=("RTENDT",), arms="actual"),),
    periods=(),
    endpoints=(),
    primary="",
    planned_size=8,
    accrual_start=datetime.date(2024, 11, 1),
    accrual_plan=((0.0, 0.0), (1.0, 1.0)),
    treatment_columns={"adsl": ("TRT01P", "TRT01A")},
    frames=(ADSL, *(FRAMES[name] for name in ("adevent", "adassess", "adrs", "adtr"))),
    events=HEAD_AND_NECK_EVENTS,
    words=Words({"RTSTDT": "the start of radiotherapy", "RTENDT": "the end of treatment"}),
)
READ = [
    ("C", 190, "PR"), ("A", 90, "CR"), ("B", 95, "NE"), ("B", 100, "PR"), ("B", 168, "CR"), ("C", 98, "ID"),
    ("C", 150, "CR"), ("D", 98, "ID"), ("D", 160, "CR"), ("G", 98, "PD"), ("G", 150, "SD"), ("H", 97, "PR"),
    ("H", 98, "CR"), ("H", 98, "ID"), ("H", 99, "CR"),
]  # fmt: skip
EVENTS = [("D", 120, "NEW-THERAPY"), ("G", 50, "DISTANT")]
SUMS = [
    ("A", -40, 50.0), ("A", -10, 40.0), ("A", 90, 0.0), ("B", -10, 50.0), ("B", 100, 30.0), ("B", 168, 20.0),
    ("C", 98, 10.0), ("D", -5, 60.0), ("D", 98, 45.0), ("D", 160, 0.0), ("G", -5, 80.0), ("G", 98, 100.0),
    ("H", -50, 30.0),
]  # fmt: skip
SPEC = ResponseSpec(
    id="seen",
    label="Response",
    population="DONE",
    sessions=("only",),
    visit=Visit("R1", "Week 14", anchor="RTENDT", day=98, first=84, last=112),
    again=Visit("R2", "Week 24", anchor="RTENDT", day=168, first=113, last=210),
    classes={"CR": "Complete", "PR": "Partial", "SD": "Stable", "PD": "Worse", "ID": "Unclear", "NE": "Not read"},
    order=("CR", "PR", "SD", "ID", "PD", "NE"),
    indeterminate="ID",
    unevaluable=("NE",),
    progressed="PD",
    progression=("LOCAL", "REGIONAL", "DISTANT"),
    stopped_by=("NEW-THERAPY",),
    confirmation=None,
    rates=(ResponseRate("ALL", "Complete", ("CR",)), ResponseRate("ANY", "Any", ("CR", "PR"))),
    denominators=("due", "evaluable"),
    conf_level=0.95,
    interval="clopper-pearson",
    difference="newcombe",
    estimand="unadjusted",
    status="planned",
)
COURSE = CourseSpec(
    id="bars",
    label="Bars",
    population="DONE",
    sessions=("only",),
    kind="best-change",
    origin="RTSTDT",
    param="SUMDIAM",
    progression=("LOCAL", "REGIONAL", "DISTANT"),
    stopped_by=("NEW-THERAPY",),
    responses=("CR", "PR"),
    shown="everyone",
    limit=0,
    status="planned",
)


def dated(days):
    return pd.Series([pd.NaT if d is None else ZERO + pd.Timedelta(days=d) for d in days], dtype="datetime64[s]")


def trial(*, read=READ, events=EVENTS, sums=SUMS, deaths=None, cutoff=CUTOFF):
    """The study of eight at its cut-off; radiotherapy starts on day −45."""
    died = {"E": 60} if deaths is None else deaths
    size = len(PEOPLE)
    adsl = pd.DataFrame({
        "USUBJID": PEOPLE, "ENRLDT": dated([-60] * size), "TRT01P": [ARMS[who] for who in PEOPLE],
        "TRT01A": [ARMS[who] for who in PEOPLE], "RTSTDT": dated([-45] * size), "RTENDT": dated([0] * size),
        "DTHDT": dated([died.get(who) for who in PEOPLE]),
        "EOSDT": dated([130 if who == "F" else None for who in PEOPLE]),
        "EOSSTT": ["LOST" if who == "F" else "" for who in PEOPLE],
    })  # fmt: skip
    seen = [(who, 180) for who in "ABCDGH"] + [("F", 20)]
    frames = {
        "adsl": adsl,
        "adrs": records(read, "AVALC"),
        "adevent": records(events, "KIND"),
        "adtr": records(sums, "AVAL").assign(PARAMCD="SUMDIAM"),
        "adassess": records([(who, number, "VITAL") for who, number in seen], "KIND"),
    }
    study = Study(DESIGN, frames, Path("eight"), synthetic=True, session="only", rounding="half-away")
    return assign_arms(at_cutoff(study, cutoff, snapshot="event-date"))


def records(rows, column):
    frame = pd.DataFrame({"USUBJID": [r[0] for r in rows], column: [r[2] for r in rows]})
    return frame.assign(ADT=dated([r[1] for r in rows]), ENTRYDT=dated([None] * len(rows)), CONFIRM="")


def readings(spec=SPEC, **changed):
    """Class at the visit, at the second one and the best, by participant."""
    study = trial(**changed)
    members = population_members(study, "DONE")
    found = derive_readings(study, members, spec)
    triples = zip(found.visit, found.again, found.best, strict=True)
    return dict(zip(members["USUBJID"], triples, strict=True))


def count(results, arm, **at):
    return one(results, arm=arm, measure="proportion", stat="count", **at).value


ADRS = FRAMES["adrs"]
PARAMETERS = replace(
    DESIGN,
    frames=tuple(
        replace(ADRS, columns=(*ADRS.columns, Column("PARAMCD", "text"))) if schema.name == "adrs" else schema
        for schema in DESIGN.frames
    ),
)
BEST_READ = [
    ("H", 99, "PR"), ("A", 90, "CR"), ("B", 168, "CR"), ("C", 150, "PR"), ("D", 98, "SD"), ("E", 50, "NE"),
    ("G", 98, "PD"),
]  # fmt: skip


def exported(*, best=BEST_READ, cutoff=CUTOFF):
    """The study of eight, its readings told apart from the best ones by PARAMCD."""
    study = trial()
    named = [("OVRLRESP", records(READ, "AVALC")), ("BESTRESP", records(best, "AVALC"))]
    adrs = pd.concat([part.assign(PARAMCD=name) for name, part in named], ignore_index=True)
    whole = replace(study, design=PARAMETERS, arms=(), later={}).with_frames({"adrs": adrs})
    adsl = whole["adsl"].drop(columns=[name for name in whole["adsl"] if name.startswith("_")])
    return assign_arms(at_cutoff(whole.with_frames({"adsl": adsl}), cutoff, snapshot="event-date"))

"""A column that a design does not declare: an analysis that reads it says so, and nothing ends in a traceback."""

from __future__ import annotations

from dataclasses import replace

import pytest

from npcstats.analyses.courses.spec import CourseSpec
from npcstats.analyses.courses.summary import build_course
from npcstats.analyses.endpoints.spec import EndpointsSpec
from npcstats.analyses.listing.spec import ListingSpec
from npcstats.analyses.listing.summary import build_listing
from npcstats.analyses.response.spec import ResponseRate, ResponseSpec
from npcstats.analyses.survival.spec import SurvivalSpec
from npcstats.analyses.timetoevent.groups import ByDetection, Landmark
from npcstats.errors import DataError, NpcstatsError
from npcstats.run.registry import kind_of
from npcstats.run.sessions import prepare_study
from npcstats.schema import Schema
from npcstats.study import CORE, Visit

COURSE = {
    "population": "BEAM", "sessions": ("end",), "origin": "RTSTDT", "param": "SUM",
    "progression": ("LOCAL", "DEATH"), "stopped_by": ("NEW-THERAPY",), "responses": ("CR",), "shown": "everyone",
    "limit": 0, "status": "planned",
}  # fmt: skip
COURSES = tuple(
    CourseSpec(id=kind, label=kind, kind=kind, **COURSE) for kind in ("best-change", "changes", "courses")
)  # fmt: skip
LISTINGS = tuple(
    ListingSpec(kind, kind, "DOSED", ("end",), kind, "TRTSDT", "planned") for kind in ("serious-events", "deaths")
)
RESPONSE = ResponseSpec(
    id="response", label="Response", population="BEAM", sessions=("end",),
    visit=Visit("R", "Response", anchor="RTENDT", day=98, first=84, last=112),
    again=Visit("S", "Again", anchor="RTENDT", day=168, first=113, last=210),
    classes={"CR": "CR", "PR": "PR", "ID": "ID", "PD": "PD", "NE": "NE", "SD": "SD"},
    order=("CR", "PR", "SD", "ID", "PD", "NE"), indeterminate="ID", unevaluable=("NE",), progressed="PD",
    progression=("LOCAL",), stopped_by=("NEW-THERAPY",), confirmation=None, rates=(ResponseRate("CR", "CR", ("CR",)),),
    denominators=("due", "evaluable"), conf_level=0.95, interval="clopper-pearson", difference="newcombe",
    estimand="unadjusted", status="planned",
)  # fmt: skip
DETECTED = SurvivalSpec(
    "virus", "Virus", "BEAM", ("end",), "DEAD", conf_level=0.95, conf_type="log-log", landmarks=(6.0,), ticks=(0.0,),
    minimum_at_risk=1, tau=6.0, test="log-rank", estimand="", status="planned",
    grouping=ByDetection("VIRUS", "V0", detected="Yes", not_detected="No", definition="Virus."),
    landmark=Landmark("RTSTDT", 10, "From day 10."),
)  # fmt: skip
ENDS = EndpointsSpec("ends", "Ends", "BEAM", ("end",), ("DEAD", "WORSE", "CONTROL"), "planned")
READ = ("adsl", "adscr", "adae", "adlb", "adevent", "adassess", "adrs", "adex", "addv", "adform", "adtr")
NEEDED = {
    ("adlb", "AVALC"): "adlb: AVALC not in the data of this study; analysis blood requires it.",
    ("adlb", "LLOQ"): "adlb: LLOQ not in the data of this study; analysis blood requires it.",
    ("adae", "AESER"): "adae: AESER not in the data of this study; listing serious-events requires it.",
    ("adae", "AEACN"): "adae: AEACN not in the data of this study; listing serious-events requires it.",
    ("adae", "AENDT"): "adae: AENDT not in the data of this study; analysis tox requires it.",
    ("addv", "DVTERM"): "addv: DVTERM not in the data of this study; analysis deviations requires it.",
    ("adform", "RECDT"): "adform: RECDT not in the data of this study; analysis forms requires it.",
    ("adscr", "CRITERION"): "adscr: CRITERION not in the data of this study; analysis screening requires it.",
    ("adtr", "AVAL"): "adtr: AVAL not in the data of this study; course best-change requires it.",
    ("adrs", "AVALC"): "adrs: AVALC not in the data of this study; response response requires it.",
    **{
        ("adex", name): f"design: CCD_CONC is derived from adex.{name}, which is not declared; names of the data "
        "contract are required."
        for name in ("EXTRT", "EXPHASE", "EXDOSE")
    },
    ("adsl", "DTHCAUS"): "adsl: DTHCAUS not in the data of this study; listing deaths requires it.",
}


def without(schema: Schema, column: str) -> Schema:
    """A frame's declaration without a column, and without what is said of it."""
    columns = tuple(
        replace(c, known_from=None if c.known_from == column else c.known_from,
                undated="" if c.known_from == column else c.undated)
        for c in schema.columns
        if c.name != column
    )  # fmt: skip
    return replace(
        schema,
        columns=columns,
        key=tuple(name for name in schema.key if name != column),
        dated=None if schema.dated == column else schema.dated,
        ordered=tuple(pair for pair in schema.ordered if column not in pair),
    )


@pytest.fixture(scope="module")
def full(whole):
    """The trial of eight with sums of diameters."""
    tumors = whole["adrs"].rename(columns={"AVALC": "PARAMCD", "METHOD": "AVAL"}).assign(PARAMCD="SUM", AVAL=10.0)
    return whole.with_frames({"adtr": tumors})


def said(study, plan, frame: str, column: str) -> set[str]:
    """Every refusal of the analyses of a plan whose design lacks a column; anything else raised is a fault."""
    told = set()
    frames = tuple(without(schema, column) if schema.name == frame else schema for schema in plan.design.frames)
    try:
        lacking = replace(plan, design=replace(plan.design, frames=frames))
        changed = {frame: study[frame].drop(columns=column)}
        prepared = prepare_study(replace(study, design=lacking.design).with_frames(changed), lacking, "end")
    except NpcstatsError as error:
        return {str(error)}
    specs = [spec for spec in (*lacking.specs, RESPONSE, DETECTED, ENDS) if kind_of(spec).summarize]
    asked = [(lambda spec=spec: kind_of(spec).summarize(prepared, spec)) for spec in specs]
    asked += [(lambda spec=spec: build_listing(prepared, spec, "secret")) for spec in LISTINGS]
    asked += [(lambda spec=spec: build_course(prepared, spec, "secret")) for spec in COURSES]
    for ask in asked:
        try:
            ask()
        except NpcstatsError as error:
            told.add(str(error))
    return told


@pytest.mark.parametrize("frame", READ)
def test_a_column_that_is_not_there_is_told_or_not_needed(full, plan, frame):
    schema = next(schema for schema in plan.design.frames if schema.name == frame)
    for column in schema.columns:
        if column.name in (*CORE, "ENTRYDT"):
            continue
        told = said(full, plan, frame, column.name)
        if (frame, column.name) in NEEDED:
            assert NEEDED[frame, column.name] in told
        for message in told:
            assert column.name in message or message.startswith("design: ")
            assert "requires it" in message or "is required" in message or "are required" in message


def test_a_frame_that_is_not_there_is_told(full, plan):
    frames = tuple(schema for schema in plan.design.frames if schema.name != "adae")
    lacking = replace(plan, design=replace(plan.design, frames=frames))
    kept = {name: frame for name, frame in full.frames.items() if name != "adae"}
    prepared = prepare_study(replace(full, design=lacking.design, frames=kept), lacking, "end")
    spec = next(spec for spec in lacking.specs if spec.id == "tox")
    with pytest.raises(DataError, match="frame adae is not in the export; this analysis requires it"):
        kind_of(spec).summarize(prepared, spec)

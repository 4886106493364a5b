"""The study: its design as values, its frames as a contract, and the checked whole.

Types and checks only. Nothing here knows a particular trial: arms, visits, endpoints and periods are values that a
plan supplies.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, TypeVar

import pandas as pd

from npcstats.clinical.oncology import EventKind
from npcstats.clinical.terminology import ACTIONS, OUTCOMES
from npcstats.errors import DataError, SpecError
from npcstats.formatting import counted
from npcstats.readers import Source, joined_hashes, read_frames, source_faults
from npcstats.schema import Column, Origin, Schema, conform_frame, raise_faults, with_levels

DAYS_PER_MONTH = 30.4375
SYNTHETIC_MARKER = "SYNTHETIC.txt"
ENTERED = "ENTRYDT"
ARM = "ARM"
ADSL = "adsl"
EVENTS = "adevent"
TREATMENTS = ("TRT01P", "TRT01A")
CORE = ("USUBJID", "ENRLDT", *TREATMENTS)

Status = Literal["planned", "post hoc"]
STATUSES: tuple[Status, ...] = ("planned", "post hoc")
Allocation = Literal["randomized", "non-randomized", "single-arm"]
ALLOCATIONS: tuple[Allocation, ...] = ("randomized", "non-randomized", "single-arm")
Assignment = Literal["planned", "actual"]
ASSIGNMENTS: tuple[Assignment, ...] = ("planned", "actual")
RANDOMIZED: Allocation = "randomized"
ARM_COLUMNS: Mapping[Assignment, str] = {"planned": "_ARM_PLANNED", "actual": "_ARM_ACTUAL"}
ARM_SOURCE = "_ARM_SOURCE"


@dataclass(frozen=True)
class Arm:
    """A treatment group: its code in the data and its label on the page."""

    code: str
    label: str


@dataclass(frozen=True)
class Visit:
    """A visit window around a participant's own date.

    Parameters
    ----------
    code, label : str
        Code in results and label on the page.
    anchor : str
        ADSL date column from which days are counted.
    day : int
        Target day; the record nearest to it is used, the earlier one on a tie.
    first, last : int
        First and last day of the window, inclusive.
    """

    code: str
    label: str
    anchor: str
    day: int
    first: int
    last: int


@dataclass(frozen=True)
class Population:
    """An analysis set: participants for whom every named ADSL date is on or before the cut-off.

    Parameters
    ----------
    code, label, definition : str
        Code in results, label and sentence on the page.
    requires : tuple of str
        ADSL date columns, each of which must have a date.
    arms : {"planned", "actual"}
        Whether its members are compared by the treatment that they were to have, or by the one that they had: through
        the design's rule, and the planned one for whom none is recorded.
    without : mapping of str to tuple of str
        Values that keep a participant out, by ADSL column, such as an actual treatment that is not an arm's own. A
        set that looks at a treatment column serves sessions with named arms only.
    """

    code: str
    label: str
    definition: str
    requires: tuple[str, ...]
    arms: Assignment
    without: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Period:
    """A stretch of a participant's own time.

    Parameters
    ----------
    code, label, definition : str
        Code in results, label and sentence on the page.
    start : str
        ADSL date column where it starts.
    start_day : int
        Days added to `start`.
    end : str
        ADSL date column where it ends; empty for a period without an end.
    end_day : int
        Days added to `end`; the day itself belongs to the period.
    longest : int, optional
        Days after `start` at which the period is taken to end where `end` has no date, before `end_day` is added.
        Required with `end`: a date that was not recorded must not make a period without an end.
    """

    code: str
    label: str
    definition: str
    start: str
    start_day: int = 0
    end: str = ""
    end_day: int = 0
    longest: int | None = None


@dataclass(frozen=True)
class EventRule:
    """Which records of a kind count as it; those that do not are as if they were not there.

    Parameters
    ----------
    kind : str
        Kind of ADEVENT records.
    confirmed_by : tuple of str
        Accepted values of CONFIRM; empty for any.
    anchor : str
        ADSL date column from which days are counted; empty for any day.
    first, last : int
        First and last day after the anchor, inclusive.
    """

    kind: str
    confirmed_by: tuple[str, ...] = ()
    anchor: str = ""
    first: int = 0
    last: int = 0


@dataclass(frozen=True)
class Gap:
    """A stretch without assessments after which an event no longer counts.

    Parameters
    ----------
    anchor : str
        ADSL date column from which the planned assessments are counted.
    windows : tuple of (int, int)
        First and last day of each planned assessment, inclusive.
    missed : int
        This many planned assessments, missed one after the other just before the event, make the gap.
    """

    anchor: str
    windows: tuple[tuple[int, int], ...]
    missed: int


@dataclass(frozen=True)
class Endpoint:
    """A time-to-event endpoint: derived again at every cut-off, or taken from an export that has it already.

    Parameters
    ----------
    code, label, definition : str
        Code in results, label and sentence on the page.
    origin : str
        ADSL date column of time zero; empty for the STARTDT of an endpoint that the export has already.
    events : tuple of str
        Kinds of ADEVENT records that are the event. ``DEATH`` stands for ADSL.DTHDT; ``DEATH:X`` for a death whose
        ADSL.DTHCAUS is X, ``DEATH:UNKNOWN`` for one without a cause. Who names one cause gives each its place.
    competing : tuple of str
        Kinds that compete with the event.
    censored_by : tuple of str
        Kinds of ADEVENT records at which follow-up stops without an event.
    censor_at : tuple of str
        Kinds of ADASSESS records; without an event, follow-up ends at the last of them.
    rules : tuple of EventRule
        What is asked of records of a kind.
    simultaneous_days : int, optional
        A relapse this many days or fewer after another counts as simultaneous with it: it is the event although the
        other, which competes or stops follow-up, came first. Required where a relapse competes or stops follow-up.
    gap : Gap, optional
        If given, who has the event or a competing one after it is censored at the last assessment before it.
    variant_of : str
        Code of the endpoint that this one is a sensitivity analysis of.
    param : str
        PARAMCD of the ADTTE records that hold the endpoint; then nothing of the above but the origin is used. Each
        member of a population needs one: who has none is left out by a population, not by chance.
    clock : {"", "days", "months", "years", "dates"}
        What AVAL counts; ``dates`` counts the days from STARTDT to ADT instead. Required with `param`.
    origin_label : str
        What time zero is called in a sentence, such as ``randomisation``; a time axis without a label says it.
    """

    code: str
    label: str
    definition: str
    origin: str
    events: tuple[str, ...] = ()
    competing: tuple[str, ...] = ()
    censored_by: tuple[str, ...] = ()
    censor_at: tuple[str, ...] = ("VITAL",)
    rules: tuple[EventRule, ...] = ()
    simultaneous_days: int | None = None
    gap: Gap | None = None
    variant_of: str = ""
    param: str = ""
    clock: Literal["", "days", "months", "years", "dates"] = ""
    origin_label: str = ""


_Named = TypeVar("_Named", Visit, Population, Period, Endpoint)


def _by_code(items: str, kind: type[_Named]) -> Callable[[Design, str], _Named]:
    """A method that finds one of a design's items by its code, and refuses one that is not there."""

    def find(design: Design, code: str) -> _Named:
        known: tuple[_Named, ...] = getattr(design, items)
        found = next((item for item in known if item.code == code), None)
        if found is None:
            codes = ", ".join(item.code for item in known)
            raise SpecError(f"plan: {kind.__name__.lower()} {code!r} is not in the design; one of {codes} is required.")
        return found

    find.__doc__ = f"Find a {kind.__name__.lower()} of the design by its code; SpecError if there is none."
    return find


@dataclass(frozen=True)
class Design:
    """What a trial is, as values.

    Parameters
    ----------
    registry, title, short_title : str
        Registry number, full title, running title.
    allocation : {"randomized", "non-randomized", "single-arm"}
        How participants came into the arms.
    arms : tuple of Arm
        Two arms are contrasted, the first minus the last, which is the reference; of one arm, or of three and more,
        none is, because which pairs to compare is another question.
    arm_rule : mapping of str to str
        Actual treatments that are not an arm, and the arm each is counted in.
    visits, populations, periods, endpoints
        The trial's own, in the order of the page.
    planned_size : int
        Participants planned.
    accrual_start : date
        First day of planned accrual.
    accrual_plan : tuple of (float, float)
        Month since `accrual_start` and share of the planned size expected by then, rising; straight lines between.
    treatment_columns : mapping of str to tuple of str
        Per frame, the columns that reveal a participant's treatment.
    frames : tuple of Schema
        What the export holds, in reading order: ``adsl``, whose columns beyond a small core are the trial's own, and
        of `FRAMES`, or varied from them, what there is. Files of other frames are not read.
    events : tuple of EventKind
        Kinds of disease events, in the order of the page; required with frame ``adevent``.
    columns : mapping of str to str
        Names in the export and the contract's names for them, in every frame.
    sources : mapping of str to Source or tuple of Source
        By frame, where it comes from and what is taken from it; without one, the file of its name as it is.

    Raises
    ------
    SpecError
        On construction, if something named is not in the data contract; one message lists every fault.
    """

    registry: str
    title: str
    short_title: str
    allocation: Allocation
    arms: tuple[Arm, ...]
    arm_rule: Mapping[str, str]
    visits: tuple[Visit, ...]
    populations: tuple[Population, ...]
    periods: tuple[Period, ...]
    endpoints: tuple[Endpoint, ...]
    planned_size: int
    accrual_start: datetime.date
    accrual_plan: tuple[tuple[float, float], ...]
    treatment_columns: Mapping[str, tuple[str, ...]]
    frames: tuple[Schema, ...]
    events: tuple[EventKind, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, Source | tuple[Source, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a design that names an arm, a column or a kind of record that does not exist."""
        faults = _design_faults(self)
        if faults:
            raise SpecError(f"design: {'; '.join(faults)}; names of the data contract are required.")

    @property
    def relapses(self) -> tuple[str, ...]:
        """Tell which kinds of event are a relapse.

        Returns
        -------
        tuple of str
            Their codes.
        """
        return tuple(kind.code for kind in self.events if kind.relapse)

    def event_words(self, codes: Iterable[str]) -> str:
        """Kinds of event in words, joined by or.

        Parameters
        ----------
        codes : iterable of str
            Kinds of ADEVENT records.

        Returns
        -------
        str
            Their labels; a kind that is not of the design stands as it is.
        """
        labels = {kind.code: kind.label for kind in self.events}
        return " or ".join(labels.get(code, code) for code in codes)

    visit = _by_code("visits", Visit)
    population = _by_code("populations", Population)
    period = _by_code("periods", Period)
    endpoint = _by_code("endpoints", Endpoint)


@dataclass(frozen=True)
class Study:
    """A checked export: its design, its frames, the cut-off it stands at, and where it came from.

    ``cutoff`` is None for the whole export. ``arms`` holds the arms that analyses may see: the design's, the masked
    ones, or none for a study without treatment columns. ``session`` and ``rounding`` name the view of the plan that
    it was prepared for, and how its numbers are printed. ``files`` are those that it was read from, by their paths
    inside the export, and ``hashes`` the SHA-256 of the bytes that were read. ``later`` counts the records that the
    cut-off left out, by frame.
    """

    design: Design
    frames: Mapping[str, pd.DataFrame]
    source: Path
    synthetic: bool
    cutoff: datetime.date | None = None
    arms: tuple[Arm, ...] = ()
    session: str = ""
    rounding: str = ""
    files: tuple[str, ...] = ()
    later: Mapping[str, int] = field(default_factory=dict)
    hashes: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return a frame by name."""
        if name not in self.frames:
            raise DataError(f"{self.source.name}: frame {name} is not in the export; this analysis requires it.")
        return self.frames[name]

    def with_frames(self, changed: Mapping[str, pd.DataFrame]) -> Study:
        """Replace some frames.

        Parameters
        ----------
        changed : mapping of str to DataFrame
            New frames by name.

        Returns
        -------
        Study
            A copy; the others stay.
        """
        return replace(self, frames={**self.frames, **changed})


DEATH = "DEATH"
UNKNOWN_CAUSE = "UNKNOWN"
CLOCKS = ("days", "months", "years", "dates")
RESPONSES = ("CR", "PR", "SD", "PD", "ID", "NE")
FORM_KINDS = ("CRF", "BLOOD", "IMAGE")

_ID = Column("USUBJID", "identifier")
_ENTRY = Column(ENTERED, "date", missing=True)


def input_schemas(design: Design) -> dict[str, Schema]:
    """Declare the frames a study of this design is read from.

    Parameters
    ----------
    design : Design
        Supplies the treatment codes.

    Returns
    -------
    dict of str to Schema
        By frame name, in reading order.
    """
    return {schema.name: _of_design(schema, design) for schema in design.frames}


def _of_design(schema: Schema, design: Design) -> Schema:
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


def _design_faults(design: Design) -> list[str]:
    arms = [arm.code for arm in design.arms]
    schemas = input_schemas(design)
    if ADSL not in schemas:
        return ["frame adsl is not declared"]
    dates = {column.name for column in schemas[ADSL].columns if column.kind == "date"}
    faults = _frame_faults(design, schemas)
    faults += [f"{what} {code} stands twice" for what, codes in _codes(design).items() for code in _repeated(codes)]
    faults += _allocation_faults(design, schemas)
    faults += _event_faults(design, schemas)
    faults += [f"{arm}, to which arm_rule leads, is not an arm" for arm in design.arm_rule.values() if arm not in arms]
    faults += [f"{c} of {where} is not a date of adsl" for where, c in _date_columns(design) if c and c not in dates]
    for item in design.populations:
        faults += [f"{name} of population {item.code} is not a column of adsl" for name in item.without
                   if name not in schemas[ADSL].by_name]  # fmt: skip
    faults += [fault for period in design.periods for fault in _period_faults(period)]
    faults += [fault for endpoint in design.endpoints for fault in _endpoint_faults(endpoint, design, schemas)]
    for frame, columns in design.treatment_columns.items():
        declared = schemas[frame].by_name if frame in schemas else {}
        faults += [f"treatment column {frame}.{name} does not exist" for name in columns if name not in declared]
    return faults


def _allocation_faults(design: Design, schemas: Mapping[str, Schema]) -> list[str]:
    faults = []
    if design.allocation not in ALLOCATIONS:
        faults.append(f"allocation {design.allocation!r} is not one of {', '.join(ALLOCATIONS)}")
    elif (design.allocation == "single-arm") != (len(design.arms) == 1):
        faults.append(f"allocation is {design.allocation}, but the design has {counted(len(design.arms), 'arm')}")
    faults += [f"arms {item.arms!r} of population {item.code} is not one of {', '.join(ASSIGNMENTS)}"
               for item in design.populations if item.arms not in ASSIGNMENTS]  # fmt: skip
    faults += [
        f"{arm.code}, from which arm_rule leads, is an arm" for arm in design.arms if arm.code in design.arm_rule
    ]
    if ARM in schemas[ADSL].by_name:
        faults.append(f"adsl.{ARM} is the name of the arm that a population compares by, and no column of an export")
    return faults


def _event_faults(design: Design, schemas: Mapping[str, Schema]) -> list[str]:
    if bool(design.events) != (EVENTS in schemas):
        return [f"kinds of event are declared without frame {EVENTS}, or it without them"]
    return [f"event {kind.code} cannot be told from a death" for kind in design.events
            if kind.code.partition(":")[0] == DEATH]  # fmt: skip


def _period_faults(period: Period) -> list[str]:
    if period.end and (period.longest is None or period.longest < 1):
        return [f"period {period.code} ends at {period.end}: longest says, in days of 1 and more, when it is taken to "
                "end where that date is missing"]  # fmt: skip
    if not period.end and period.longest is not None:
        return [f"period {period.code} has no end, so longest has no effect"]
    return []


def _endpoint_faults(endpoint: Endpoint, design: Design, schemas: Mapping[str, Schema]) -> list[str]:
    where = f"of endpoint {endpoint.code}"
    faults = []
    if endpoint.variant_of and endpoint.variant_of not in {item.code for item in design.endpoints}:
        faults.append(f"{endpoint.variant_of} {where} is not an endpoint")
    if endpoint.param:
        return faults + _exported_faults(endpoint, schemas)
    if not endpoint.origin:
        faults.append(f"endpoint {endpoint.code} has no time zero")
    if not endpoint.events:
        faults.append(f"endpoint {endpoint.code} has no event")
    ending = (*endpoint.events, *endpoint.competing, *endpoint.censored_by)
    adsl = schemas[ADSL].by_name
    causes = {f"{DEATH}:{cause}" for cause in (*adsl["DTHCAUS"].levels, UNKNOWN_CAUSE)} if "DTHCAUS" in adsl else set()
    deaths = {kind for kind in (*endpoint.events, *endpoint.competing) if kind.partition(":")[0] == DEATH}
    if deaths and "DTHDT" not in adsl:
        faults.append(f"DEATH {where} needs DTHDT, which is not a date of adsl")
    if deaths - {DEATH} and (deaths & {DEATH} or causes - deaths):
        lacking = ", ".join(sorted(causes - deaths)) or "no cause"
        faults.append(f"deaths {where} are told by cause: {lacking} has no place, or all deaths have two")
    known = {*_kinds(schemas, "adevent"), DEATH, *causes}
    faults += [f"{kind} {where} is not a kind of event" for kind in ending if kind not in known]
    faults += [f"{kind} {where} stands twice" for kind in _repeated(list(ending))]
    assessed = _kinds(schemas, "adassess")
    faults += [f"{kind} {where} is not a kind of assessment" for kind in endpoint.censor_at if kind not in assessed]
    faults += [f"{rule.kind}, for which endpoint {endpoint.code} has a rule, is none of its kinds"
               for rule in endpoint.rules if rule.kind not in ending]  # fmt: skip
    if set(design.relapses) & {*endpoint.competing, *endpoint.censored_by} and endpoint.simultaneous_days is None:
        faults.append(f"a relapse ends endpoint {endpoint.code} without its event: simultaneous_days says when not")
    if endpoint.gap and not 1 <= endpoint.gap.missed <= len(endpoint.gap.windows):
        faults.append(f"the gap {where} is {endpoint.gap.missed} of {len(endpoint.gap.windows)} assessments")
    return faults


def _exported_faults(endpoint: Endpoint, schemas: Mapping[str, Schema]) -> list[str]:
    """Faults of an endpoint that an export already has."""
    declared = schemas["adtte"].by_name if "adtte" in schemas else {}
    by_dates = endpoint.clock == "dates"
    needed = ["PARAMCD", "CNSR", "ADT", *(() if by_dates else ("AVAL",))]
    needed += ["STARTDT"] if by_dates or endpoint.origin else []
    faults = [f"endpoint {endpoint.code} needs adtte.{name}" for name in needed if name not in declared]
    if endpoint.clock not in CLOCKS:
        faults.append(f"clock {endpoint.clock!r} of endpoint {endpoint.code} is not one of {', '.join(CLOCKS)}")
    if "EVNTDESC" in declared and not declared["EVNTDESC"].coded:
        faults.append("adtte.EVNTDESC becomes part of a key, but is not declared as coded")
    if endpoint.events or endpoint.competing or endpoint.censored_by or endpoint.rules or endpoint.gap:
        faults.append(f"endpoint {endpoint.code} is taken from adtte and cannot be derived from events too")
    return faults


def _kinds(schemas: Mapping[str, Schema], name: str) -> tuple[str, ...]:
    return schemas[name].by_name["KIND"].levels if name in schemas and "KIND" in schemas[name].by_name else ()


def _frame_faults(design: Design, schemas: Mapping[str, Schema]) -> list[str]:
    faults = [f"adsl has no {name}" for name in CORE if name not in schemas[ADSL].by_name]
    for name, schema in schemas.items():
        columns = [column.name for column in schema.columns]
        faults += [f"column {name}.{column} stands twice" for column in _repeated(columns)]
        faults += [f"column {column} stands twice in the key of {name}" for column in _repeated([*schema.key])]
        named = {*schema.key, *filter(None, (schema.dated,)), *(item for pair in schema.ordered for item in pair)}
        named |= {column.known_from for column in schema.columns if column.known_from}
        named |= {column.entered_on for column in schema.columns if column.entered_on}
        faults += [f"{name} uses {column}, which it does not declare" for column in sorted(named - set(columns))]
        if schema.dated in columns and schema.by_name[schema.dated].missing != bool(schema.undated):
            faults.append(f"{name}.{schema.dated} may be missing, or undated says what then, but not both")
    for name, planned in design.sources.items():
        if name not in schemas:
            faults.append(f"source of {name}, which is not a frame")
            continue
        for source in planned if isinstance(planned, tuple) else (planned,):
            faults += source_faults(name, source, schemas[name])
    return faults


def _codes(design: Design) -> dict[str, list[str]]:
    return {
        "frame": [item.name for item in design.frames],
        "arm": [item.code for item in design.arms],
        "visit": [item.code for item in design.visits],
        "population": [item.code for item in design.populations],
        "period": [item.code for item in design.periods],
        "event": [item.code for item in design.events],
        "endpoint": [item.code for item in design.endpoints],
    }


def _repeated(codes: list[str]) -> list[str]:
    return sorted({code for code in codes if codes.count(code) > 1})


def _date_columns(design: Design) -> list[tuple[str, str]]:
    return [
        *((f"visit {item.code}", item.anchor) for item in design.visits),
        *((f"population {item.code}", name) for item in design.populations for name in item.requires),
        *((f"period {item.code}", name) for item in design.periods for name in (item.start, item.end)),
        *((f"endpoint {item.code}", item.origin) for item in design.endpoints),
        *((f"a rule of endpoint {item.code}", rule.anchor) for item in design.endpoints for rule in item.rules),
        *((f"the gap of endpoint {item.code}", item.gap.anchor) for item in design.endpoints if item.gap),
    ]


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

FRAMES: Mapping[str, Schema] = {schema.name: schema for schema in _FRAMES}


def read_study(folder: Path, design: Design) -> Study:
    """Read an export, check every frame, and raise all faults together.

    Parameters
    ----------
    folder : Path
        Holds one file per frame, named after it (``adsl.csv``), or as the design's sources say.
    design : Design
        The trial's design: what is declared, and where it comes from.

    Returns
    -------
    Study
        The whole export, typed, without a cut-off; no arm is assigned yet.

    Raises
    ------
    DataError
        If the folder or a required frame is missing or a frame breaks the contract; one message
        lists everything.
    """
    schemas = input_schemas(design)
    taken, faults = read_frames(folder, schemas, columns=design.columns, sources=design.sources)
    frames = {}
    for name, raw in taken.items():
        frames[name], found = conform_frame(raw.frame, schemas[name], raw.origin)
        faults += found
    if not faults and frames[ADSL].empty:
        faults.append(f"{folder.name}: {ADSL} has no record; at least one participant is required.")
    faults += _stray_participants(frames, {name: raw.origin for name, raw in taken.items()})
    raise_faults(faults)
    hashes = joined_hashes(taken.values())
    synthetic = (folder / SYNTHETIC_MARKER).is_file()
    return Study(design, frames, folder, synthetic, files=tuple(hashes), hashes=hashes)


def _stray_participants(frames: Mapping[str, pd.DataFrame], origins: Mapping[str, Origin]) -> list[str]:
    if "USUBJID" not in frames.get(ADSL, ()):
        return []
    known = set(frames[ADSL]["USUBJID"])
    faults = []
    for name, frame in frames.items():
        if "USUBJID" not in frame or name == ADSL:
            continue
        stray = frame.index[~frame["USUBJID"].isin(known)]
        if len(stray):
            rows = ", ".join(origins[name].row(i) for i in stray[:3])
            count = counted(len(stray), "row")
            faults.append(
                f"{origins[name].where(name, 'USUBJID')}: {count} of a participant who is not in adsl ({rows}); "
                "every record needs its participant in adsl."
            )
    return faults

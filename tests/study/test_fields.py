"""A study of another field: its own kinds of event, assessments, drugs and words, and none of anybody else's.

Four participants of a study of the heart, all treated from 2025-01-01: an infarction on day 10 and a stroke on day 20
(A), an operation on day 30 and an infarction on day 40 (B), a stroke on day 50 (C), nothing (D); all seen on day 100.
An infarction and a stroke are relapses; an operation is a new therapy.
"""

from __future__ import annotations

import datetime
from dataclasses import replace

import pandas as pd
import pytest

from npcstats.analyses.baseline.spec import BaselineSpec, Characteristic
from npcstats.analyses.baseline.summary import summarize_baseline
from npcstats.analyses.endpoints.spec import EndpointsSpec
from npcstats.analyses.endpoints.summary import summarize_endpoints
from npcstats.clinical.delivered import (
    CumulativeDose,
    Cycles,
    MissedDays,
    OverallTime,
    PrescribedDose,
    Ratio,
    Switch,
)
from npcstats.clinical.oncology import EventKind
from npcstats.derive import (
    assign_arms,
    at_cutoff,
    derive_endpoint,
    derive_exposure,
    first_event,
    population_members,
)
from npcstats.errors import DataError, SpecError
from npcstats.quality import Refusal, trace_refusals
from npcstats.results import one
from npcstats.schema import Column, Schema, with_levels
from npcstats.study import FRAMES, Arm, Design, Endpoint, Population, Study, Words

START = pd.Timestamp("2025-01-01")
KINDS = (
    EventKind("MI", "infarction", relapse=True),
    EventKind("STROKE", "stroke", relapse=True),
    EventKind("CABG", "operation", new_therapy=True),
)
ADSL = Schema(
    "adsl",
    (
        Column("USUBJID", "identifier"), Column("ENRLDT", "date"), Column("TRT01P", "text"),
        Column("TRT01A", "text", missing=True), Column("TRTSDT", "date"), Column("TRTEDT", "date", missing=True),
        Column("PILLS", "number", missing=True), Column("PRESCRIBED", "number", missing=True),
    ),
    key=("USUBJID",),
    dated="ENRLDT",
)  # fmt: skip
FIRST = Endpoint(
    "FIRST", "First event", origin="TRTSDT", events=("MI", "STROKE"),
    censored_by=("CABG",), censor_at=("CLINIC",), kinds_within_days=14,
)  # fmt: skip
DESIGN = Design(
    registry="HEART-1",
    title="A study of the heart",
    short_title="Heart",
    allocation="randomized",
    arms=(Arm("NEW", "New"), Arm("OLD", "Old")),
    arm_rule={},
    visits=(),
    populations=(Population("ALL", "All", "All randomised.", requires=("ENRLDT",), arms="planned"),),
    periods=(),
    endpoints=(FIRST,),
    primary="FIRST",
    planned_size=4,
    accrual_start=datetime.date(2025, 1, 1),
    accrual_plan=((0.0, 0.0), (1.0, 1.0)),
    treatment_columns={},
    frames=(
        ADSL,
        FRAMES["adevent"],
        with_levels(FRAMES["adassess"], {"KIND": ("CLINIC",)}),
        with_levels(FRAMES["adex"], {"EXPHASE": ("LOAD", "KEEP")}),
    ),
    events=KINDS,
    delivered=(
        CumulativeDose("SUM", drugs=("ASPIRIN",), phases=(), unit="g", known_from="TRTEDT"),
        CumulativeDose("KEPT", drugs=("ASPIRIN",), phases=("KEEP",), unit="g", known_from="TRTEDT"),
        OverallTime("DAYS", start="TRTSDT", end="TRTEDT"),
        Ratio("TAKEN", numerator="PILLS", denominator="PRESCRIBED"),
    ),
    words=Words({"TRTSDT": "the first dose"}, {"CLINIC": "the last clinic visit"}),
)


def day(number):
    return START + pd.Timedelta(days=number)


def dated(days):
    return pd.Series([pd.NaT if number is None else day(number) for number in days], dtype="datetime64[s]")


@pytest.fixture(scope="module")
def heart(tmp_path_factory):
    events = [("A", "MI", 10), ("A", "STROKE", 20), ("B", "CABG", 30), ("B", "MI", 40), ("C", "STROKE", 50)]
    doses = [("A", "LOAD", 4.0), ("A", "KEEP", 1.5), ("A", "KEEP", 1.5), ("B", "KEEP", None), ("C", "LOAD", 8.0)]
    arms = ["NEW", "OLD", "OLD", "NEW"]
    frames = {
        "adsl": pd.DataFrame({
            "USUBJID": list("ABCD"), "ENRLDT": dated([0] * 4), "TRT01P": arms, "TRT01A": arms, "TRTSDT": dated([0] * 4),
            "TRTEDT": dated([90, 90, 90, None]), "PILLS": [80.0, 91.0, 45.5, 10.0], "PRESCRIBED": [91.0] * 4,
        }),
        "adevent": pd.DataFrame({
            "USUBJID": [e[0] for e in events], "KIND": [e[1] for e in events], "ADT": dated([e[2] for e in events]),
            "CONFIRM": "", "ENTRYDT": dated([None] * 5),
        }),
        "adassess": pd.DataFrame({
            "USUBJID": list("ABCD"), "KIND": "CLINIC", "ADT": dated([100] * 4), "ENTRYDT": dated([None] * 4),
        }),
        "adex": pd.DataFrame({
            "USUBJID": [d[0] for d in doses], "EXPHASE": [d[1] for d in doses], "EXTRT": "ASPIRIN",
            "EXSEQ": [1.0, 2.0, 3.0, 1.0, 1.0], "EXDOSE": [d[2] for d in doses], "EXDOSU": "g", "EXPLANNED": 1.0,
            "EXSTDT": dated([1, 2, 3, 1, 1]), "EXENDT": dated([1, 2, 3, 1, 1]), "ENTRYDT": dated([None] * 5),
        }),
    }  # fmt: skip
    study = Study(
        DESIGN, frames, tmp_path_factory.mktemp("heart"), synthetic=True, session="only", rounding="half-away"
    )
    return assign_arms(at_cutoff(study, datetime.date(2025, 12, 31), snapshot="event-date"))


def test_kinds_of_the_plan_make_the_endpoint(heart):
    """A's stroke 10 days after the infarction is simultaneous; B stopped at the operation, whose code is 4."""
    times = derive_endpoint(heart, population_members(heart, "ALL"), FIRST)
    assert (times.time * 30.4375).round(6).tolist() == [10, 30, 50, 100]
    assert times.cause.tolist() == [1, 0, 1, 0]
    assert times.cnsr.tolist() == [0, 4, 0, 1]
    assert [had.tolist() for had in times.failures.values()] == [
        [True, False, False, False],
        [True, False, True, False],
    ]


def test_words_of_the_plan_are_printed(heart):
    spec = EndpointsSpec("ends", "Ends", "ALL", ("only",), ("FIRST",), "planned")
    told = summarize_endpoints(heart, spec).catalogue.analyses["ends"].labels["variable"]
    assert [told[name] for name in ("EVENT:MI", "EVENT:STROKE", "CENSORED:CABG")] == [
        "Event: infarction", "Event: stroke", "Censored: operation",
    ]  # fmt: skip


def test_delivered_treatment_is_what_the_design_declares(heart):
    """A 7 g in all and 3 g in the second phase; B's dose is not recorded; C 8 and 0; D's end is not known."""
    spec = BaselineSpec(
        "given", "Given", "ALL", ("only",),
        tuple(Characteristic(c, c, "Drug", "continuous", show="mean") for c in ("SUM", "KEPT", "DAYS", "TAKEN")),
        quantile_type=2, smd_denominator="average", status="planned",
    )  # fmt: skip
    results = summarize_baseline(heart, spec)
    means = {name: one(results, variable=name, arm="all", measure="mean").value for name in ("SUM", "KEPT", "DAYS")}
    assert means == {"SUM": 7.5, "KEPT": 1.5, "DAYS": 91.0}
    assert one(results, variable="TAKEN", arm="OLD", measure="mean").value == pytest.approx(0.75, abs=1e-15)
    assert one(results, variable="SUM", arm="all", measure="missing").value == 2


ASPIRIN = {"drugs": ("ASPIRIN",), "phases": ("KEEP",), "unit": "g", "known_from": "TRTEDT"}
UNPHASED = tuple(replace(frame, columns=tuple(column for column in frame.columns if column.name != "EXPHASE"))
                 for frame in DESIGN.frames)  # fmt: skip


def test_treatment_that_ends_before_it_begins_is_refused(heart):
    early = heart["adsl"].assign(TRTEDT=dated([90, -1, 90, None]))
    with pytest.raises(
        DataError,
        match=r"DAYS, among the records that the cut-off leaves: last day: 1 value before the first day \(row 2",
    ):
        at_cutoff(heart.with_frames({"adsl": early}), datetime.date(2025, 12, 31), snapshot="event-date")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"events": ()}, "kinds of event are declared without frame adevent, or it without them"),
        ({"events": (*KINDS, EventKind("MI", "again"))}, "event MI stands twice"),
        ({"frames": (replace(ADSL, key=("USUBJID", "USUBJID")),)}, "column USUBJID stands twice in the key of adsl"),
        ({"events": (*KINDS, EventKind("DEATH", "death"))}, "event DEATH cannot be told from a death"),
        ({"endpoints": (replace(FIRST, events=("LOCAL",)),)}, "LOCAL of endpoint FIRST is not a kind of event"),
        ({"endpoints": (replace(FIRST, censor_at=("VITAL",)),)}, "VITAL of endpoint FIRST is not a kind of assessment"),
        ({"delivered": (OverallTime("PILLS", "TRTSDT", "TRTEDT"),)}, "PILLS is derived, but is a column of adsl"),
        ({"delivered": (OverallTime("LONG", "TRTSDT", "RTENDT"),)}, "RTENDT of LONG is not a date of adsl"),
        ({"delivered": (CumulativeDose("SUM", **{**ASPIRIN, "known_from": "PILLS"}),)}, "PILLS of SUM is not a date"),
        ({"delivered": (CumulativeDose("SUM", **ASPIRIN),) * 2}, "variable SUM stands twice"),
        (
            {"delivered": (PrescribedDose("SUM", ("ASPIRIN",), "UNIT", "TRTEDT"),)},
            "SUM is derived from adsl.UNIT, which",
        ),
        ({"delivered": (MissedDays("GAP", "TRTSDT", "LATE", "PILLS"),)}, "LATE of GAP is not a date of adsl"),
        (
            {"delivered": (Cycles("CYC", "INDUCTION", "PLAN", "TRTEDT", "given"),)},
            "CYC is derived from adsl.PLAN, which is not declared",
        ),
        ({"delivered": (Switch("SW", "PILLS"),)}, "PILLS of SW is not a date of adsl"),
        (
            {"delivered": (CumulativeDose("SUM", **ASPIRIN),), "frames": UNPHASED},
            "SUM is derived from adex.EXPHASE, which is not declared",
        ),
        (
            {"delivered": (Ratio("TAKEN", "LATER", "PILLS"), OverallTime("LATER", "TRTSDT", "TRTEDT"))},
            "TAKEN is derived from adsl.LATER, which is not declared",
        ),
    ],
)
def test_design_refuses_what_does_not_fit(changed, message):
    with pytest.raises(SpecError, match=message):
        replace(DESIGN, **changed)


def test_levels_are_of_a_declared_column():
    with pytest.raises(SpecError, match="adex: levels of EXPHASES, which it does not declare"):
        with_levels(FRAMES["adex"], {"EXPHASES": ("A",)})


@pytest.mark.parametrize(
    ("drugs", "phases", "told"), [(("ASPIRINE",), (), True), (("ASPIRIN",), ("LATE",), True), (("ASPIRIN",), (), False)]
)
def test_dose_that_nobody_had_is_told(heart, drugs, phases, told):
    dose = CumulativeDose("SUM", drugs=drugs, phases=phases, unit="g", known_from="TRTEDT")
    asked = derive_exposure(replace(heart, design=replace(DESIGN, delivered=(dose,))))
    assert asked.unrecorded == (("SUM",) if told else ())
    shown = Characteristic("SUM", "Sum of doses", "Doses", "continuous", show="mean", style="decimal1", unit="mg")
    spec = BaselineSpec(
        "doses", "Doses", "ALL", ("end",), (shown,), quantile_type=2, smd_denominator="average", status="planned",
    )  # fmt: skip
    sentences = summarize_baseline(asked, spec).catalogue.analyses["doses"].sentences
    assert sentences.get("unmet", "") == ("By the cut-off nobody has a record of: Sum of doses." if told else "")


def test_kind_that_nobody_can_have_is_refused(heart):
    with pytest.raises(SpecError, match="plan: LOCAL of no kind of event; one of MI, STROKE, CABG, DEATH is required"):
        first_event(heart, population_members(heart, "ALL"), ("MI", "LOCAL"))


def _refused_where(found):
    """An analysis that refuses a record, by what `found` says of a study."""

    def attempt(study):
        if found(study):
            raise DataError(f"t: {found(study)} rows.")

    return attempt


def test_refusal_is_traced_to_the_record_that_alone_makes_it(heart):
    """The one stroke of C is the third of the events; what is wrong with everybody is nobody's record."""
    events = heart["adevent"]
    place = int(((events["USUBJID"] == "C") & (events["KIND"] == "STROKE")).to_numpy().argmax())

    def stroke(study):
        frame = study["adevent"]
        return int(((frame["USUBJID"] == "C") & (frame["KIND"] == "STROKE")).sum())

    assert trace_refusals(heart, [("t", _refused_where(stroke))]) == [Refusal("t: 1 rows.", "adevent", place + 1)]


def test_refusal_for_what_is_absent_is_no_record_s(heart):
    absent = _refused_where(lambda study: int(not (study["adevent"]["KIND"] == "OTHER").any()))
    assert trace_refusals(heart, [("t", absent)]) == [Refusal("t: 1 rows.")]

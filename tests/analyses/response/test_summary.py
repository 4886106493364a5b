"""Response by hand: eight participants whose radiotherapy ends on day 0, 2025-01-01; the cut-off is day 200.

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

import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta

from npcstats.analyses.courses.spec import CourseSpec
from npcstats.analyses.courses.summary import build_course
from npcstats.analyses.response.spec import BestResponseSpec, Confirmation, ResponseRate, ResponseSpec
from npcstats.analyses.response.summary import derive_readings, summarize_best_response, summarize_response
from npcstats.clinical.oncology import HEAD_AND_NECK_EVENTS
from npcstats.derive import assign_arms, at_cutoff, mask_arms, pool_arms, population_members
from npcstats.errors import DataError, SpecError
from npcstats.results import one, select
from npcstats.schema import Column, Schema
from npcstats.study import FRAMES, Arm, Design, Population, Study, Visit, Words
from npcstats.tables import response_table

MONTH = 30.4375
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
        "adrs": _records(read, "AVALC"),
        "adevent": _records(events, "KIND"),
        "adtr": _records(sums, "AVAL").assign(PARAMCD="SUMDIAM"),
        "adassess": _records([(who, number, "VITAL") for who, number in seen], "KIND"),
    }
    study = Study(DESIGN, frames, Path("eight"), synthetic=True, session="only", rounding="half-away")
    return assign_arms(at_cutoff(study, cutoff, snapshot="event-date"))


def _records(rows, column):
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


class TestReadings:
    def test_by_hand(self):
        assert readings() == {
            "A": ("CR", "PENDING", "CR"),
            "B": ("PR", "CR", "CR"),
            "C": ("ID", "CR", "CR"),
            "D": ("ID", "CR", "ID"),
            "E": ("DIED", "DIED", "DIED"),
            "F": ("MISSING", "PENDING", "MISSING"),
            "G": ("PD", "SD", "PD"),
            "H": ("ID", "PENDING", "CR"),
        }

    def test_earlier_cutoff_derives_everything_again(self):
        """On day 100 the window is open: F is not due; C's and B's second readings have not been made."""
        found = readings(cutoff=datetime.date(2025, 4, 11))
        assert found["F"] == ("PENDING", "PENDING", "PENDING")
        assert found["C"] == ("ID", "PENDING", "ID")
        assert found["B"] == ("PR", "PENDING", "PR")

    def test_window_ends_are_inside(self):
        for number, inside in ((83, False), (84, True), (112, True), (113, False)):
            assert (readings(read=[("A", number, "CR")])["A"][0] == "CR") is inside

    def test_onset_is_the_first_reading_of_the_best_class(self):
        study = trial()
        members = population_members(study, "DONE")
        onset = dict(zip(members["USUBJID"], derive_readings(study, members, SPEC).onset, strict=True))
        assert (onset["H"] - ZERO).days == 98
        assert (onset["C"] - ZERO).days == 150
        assert pd.isna(onset["F"])

    def test_relapse_on_the_day_of_a_reading_does_not_hide_it(self):
        events = [("A", 90, "LOCAL")]
        assert readings(events=events)["A"][2] == "CR"
        assert readings(events=[("A", 89, "LOCAL")])["A"][2] == "PD"

    def test_relapse_during_radiotherapy_is_progression(self):
        assert readings(events=[("A", -5, "LOCAL")])["A"][2] == "PD"

    def test_confirmation(self):
        """B's partial one is confirmed by the complete one, which is not confirmed; A, C and H have no such reading.

        H's readings of one day are a day apart and not four weeks; C's partial reading does not confirm a complete one.
        """
        rule = Confirmation(28, {"CR": ("CR",), "PR": ("CR", "PR")}, otherwise="SD")
        best = {who: found[2] for who, found in readings(replace(SPEC, confirmation=rule)).items()}
        assert best == {"A": "SD", "B": "PR", "C": "SD", "D": "ID", "E": "DIED", "F": "MISSING", "G": "PD", "H": "SD"}

    def test_confirmed_on_the_last_day_that_is_needed(self):
        rule = Confirmation(28, {"CR": ("CR",)}, otherwise="SD")
        for later, best in ((117, "SD"), (118, "CR")):
            found = readings(replace(SPEC, confirmation=rule), read=[("A", 90, "CR"), ("A", later, "CR")])
            assert found["A"][2] == best

    def test_order_of_records_changes_nothing(self):
        assert readings(read=READ[::-1]) == readings()


@pytest.fixture(scope="module")
def results():
    return summarize_response(trial(), SPEC)


class TestSummary:
    def test_classes_at_the_visit(self, results):
        """X: A CR, C ID, E died, G PD. Y: B PR, D ID, F none, H ID."""
        at = {"block": "R1", "variable": "CLASS"}
        lines = {"CR": (1, 0), "PR": (0, 1), "SD": (0, 0), "PD": (1, 0), "ID": (1, 2), "NE": (0, 0),
                 "MISSING": (0, 1), "DIED": (1, 0)}  # fmt: skip
        for level, counts in lines.items():
            assert tuple(count(results, arm, **at, level=level) for arm in ("X", "Y")) == counts
        assert {r.value for r in select(results, measure="not_evaluable")} == {0}

    def test_indeterminate_read_again(self, results):
        """C and D turned out complete; H is not due yet."""
        at = {"block": "AGAIN", "variable": "CLASS"}
        assert count(results, "X", **at, level="CR") == 1
        assert count(results, "Y", **at, level="CR") == 1
        assert count(results, "Y", **at, level="PENDING") == 1
        assert one(results, arm="all", **at, level="CR", stat="total").value == 3

    def test_rates_name_their_denominators(self, results):
        """Complete at the visit: 1 of 4 due in X, of 3 evaluable (A, C, G); best of everyone: A, B, C, H of 8, of 6."""
        at = {"variable": "ALL", "measure": "proportion"}
        for block, level, arm, expected in (
            ("R1", "due", "X", (1, 4)),
            ("R1", "evaluable", "X", (1, 3)),
            ("R1", "evaluable", "Y", (0, 3)),
            ("BEST", "due", "all", (4, 8)),
            ("BEST", "evaluable", "all", (4, 6)),
        ):
            found = [one(results, block=block, level=level, arm=arm, stat=s, **at).value for s in ("count", "total")]
            assert tuple(found) == expected

    def test_exact_limits(self, results):
        """Clopper and Pearson's limits are quantiles of beta distributions: 4 of 8."""
        at = {"block": "BEST", "variable": "ALL", "level": "due", "arm": "all", "measure": "proportion"}
        assert one(results, **at, stat="ci_low").value == pytest.approx(beta.ppf(0.025, 4, 5), rel=1e-9)
        assert one(results, **at, stat="ci_high").value == pytest.approx(beta.ppf(0.975, 5, 4), rel=1e-9)

    def test_none_of_three_has_an_upper_limit(self, results):
        """0 of 3: 1 − 0.025^(1/3)."""
        at = {"block": "R1", "variable": "ALL", "level": "evaluable", "arm": "Y", "measure": "proportion"}
        assert one(results, **at, stat="ci_low").value == 0
        assert one(results, **at, stat="ci_high").value == pytest.approx(1 - 0.025 ** (1 / 3), rel=1e-9)

    def test_difference_is_first_arm_minus_last(self, results):
        found = one(results, block="BEST", variable="ALL", level="due", arm="X", reference="Y", stat="estimate")
        assert found.measure == "risk_difference"
        assert found.value == pytest.approx(2 / 4 - 2 / 4)

    def test_classes_add_up(self, results):
        for block in ("R1", "BEST"):
            for arm in ("X", "Y", "all"):
                rows = select(results, block=block, variable="CLASS", arm=arm, measure="proportion", stat="count")
                waiting = one(results, block=block, variable="CLASS", arm=arm, measure="not_evaluable").value
                size = one(results, arm=arm, measure="participants").value
                assert sum(row.value for row in rows) + waiting == size

    def test_renaming_arms_only_renames(self):
        masked = summarize_response(mask_arms(trial(), {"X": "A", "Y": "B"}), SPEC)
        named = summarize_response(trial(), SPEC)
        names = {"X": "A", "Y": "B", "all": "all", "": ""}
        renamed = [replace(row, arm=names[row.arm], reference=names[row.reference]) for row in named.rows]
        assert renamed == list(masked.rows)

    def test_pooled_is_everyone_of_the_arms(self, results):
        pooled = summarize_response(pool_arms(trial()), SPEC)
        assert list(pooled.rows) == [row for row in results.rows if row.arm == "all"]
        assert "adjustment" not in pooled.catalogue.analyses["seen"].sentences

    def test_nobody_has_been_read(self):
        results = summarize_response(trial(read=[], events=[], deaths={}), SPEC)
        found = one(results, block="R1", variable="ALL", level="evaluable", arm="all", stat="estimate")
        assert np.isnan(found.value)
        assert found.note
        assert count(results, "all", block="R1", variable="CLASS", level="MISSING") == 8

    def test_every_reading_not_evaluable(self):
        results = summarize_response(trial(read=[(who, 98, "NE") for who in PEOPLE], events=[], deaths={}), SPEC)
        assert count(results, "all", block="R1", variable="CLASS", level="NE") == 8
        rate = one(results, block="R1", variable="ANY", level="due", arm="all", measure="proportion", stat="estimate")
        assert rate.value == 0
        contrast = one(results, block="R1", variable="ANY", level="evaluable", arm="X", reference="Y", stat="estimate")
        assert np.isnan(contrast.value)
        assert contrast.note == "A group has no participants."

    def test_nobody_in_the_population(self):
        study = trial()
        study = study.with_frames({"adsl": study["adsl"].assign(RTENDT=dated([None] * len(PEOPLE)))})
        results = summarize_response(study, SPEC)
        assert one(results, arm="all", measure="participants").value == 0
        assert all(row.note for row in results.rows if np.isnan(row.value))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"order": ("CR", "PR")}, "order does not name each class once"),
        ({"indeterminate": "XX"}, "class XX is used but not declared"),
        ({"denominators": ("everyone",)}, "denominator 'everyone' is not one of due, evaluable"),
        ({"again": Visit("R2", "Later", anchor="RTSTDT", day=1, first=1, last=1)}, "counted from different days"),
        ({"confirmation": Confirmation(1, {"CR": ("YY",)}, "SD")}, "class YY is used but not declared"),
    ],
)
def test_spec_that_does_not_fit_together_is_refused(changed, message):
    with pytest.raises(SpecError, match=message):
        replace(SPEC, **changed)


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
BEST = BestResponseSpec(
    id="best",
    label="Best response",
    population="DONE",
    sessions=("only",),
    param="BESTRESP",
    definition="Best response as the export has it, confirmed.",
    classes={"CR": "Complete", "PR": "Partial", "SD": "Stable", "PD": "Worse", "NE": "Not read"},
    unevaluable=("NE",),
    rates=(ResponseRate("ANY", "Any", ("CR", "PR")),),
    denominators=("everyone", "evaluable"),
    conf_level=0.95,
    interval="clopper-pearson",
    difference="newcombe",
    estimand="unadjusted",
    status="planned",
)


def exported(*, best=BEST_READ, cutoff=CUTOFF):
    """The study of eight, its readings told apart from the best ones by PARAMCD."""
    study = trial()
    named = [("OVRLRESP", _records(READ, "AVALC")), ("BESTRESP", _records(best, "AVALC"))]
    adrs = pd.concat([part.assign(PARAMCD=name) for name, part in named], ignore_index=True)
    whole = replace(study, design=PARAMETERS, arms=(), later={}).with_frames({"adrs": adrs})
    adsl = whole["adsl"].drop(columns=[name for name in whole["adsl"] if name.startswith("_")])
    return assign_arms(at_cutoff(whole.with_frames({"adsl": adsl}), cutoff, snapshot="event-date"))


class TestExportedBest:
    """X holds A (CR), C (PR), E (NE) and G (PD); Y holds B (CR), D (SD), H (PR) and F, who has no record.

    C's best reading is CR by its own readings, which were not confirmed: the export says PR, and PR it is.
    """

    def test_classes_as_they_are(self):
        results = summarize_best_response(exported(), BEST)
        lines = {"CR": (1, 1), "PR": (1, 1), "SD": (0, 1), "PD": (1, 0), "NE": (1, 0), "MISSING": (0, 1)}
        for level, counts in lines.items():
            found = tuple(count(results, arm, block="BEST", variable="CLASS", level=level) for arm in "XY")
            assert found == counts
        assert {row.block for row in results.rows} == {"", "BEST"}

    @pytest.mark.parametrize(
        ("level", "arm", "responders", "size"),
        [("everyone", "X", 2, 4), ("everyone", "Y", 2, 4), ("everyone", "all", 4, 8),
         ("evaluable", "X", 2, 3), ("evaluable", "Y", 2, 3), ("evaluable", "all", 4, 6)],
    )  # fmt: skip
    def test_rates(self, level, arm, responders, size):
        results = summarize_best_response(exported(), BEST)
        at = {"block": "BEST", "variable": "ANY", "level": level, "arm": arm, "measure": "proportion"}
        found = {stat: one(results, **at, stat=stat).value for stat in ("count", "total", "ci_low", "ci_high")}
        assert (found["count"], found["total"]) == (responders, size)
        assert found["ci_low"] == pytest.approx(beta.ppf(0.025, responders, size - responders + 1), abs=1e-12)
        assert found["ci_high"] == pytest.approx(beta.ppf(0.975, responders + 1, size - responders), abs=1e-12)

    def test_table_says_what_it_is_of(self):
        results = summarize_best_response(exported(), BEST)
        table = response_table(results, "best")
        lines = [row.cells[0].text for row in table.rows]
        assert lines[:2] == ["Best overall response", "All of these"]
        assert "No record" in lines
        assert not [line for line in lines if "Due" in line or "due" in line]
        assert "Best response as the export has it, confirmed." in table.notes[0].text

    def test_earlier_cutoff_cannot_be_derived(self):
        with pytest.raises(DataError) as caught:
            summarize_best_response(exported(cutoff=datetime.date(2025, 7, 9)), BEST)
        assert str(caught.value) == (
            "response best: 1 record of adrs after 2025-07-09; the best response of an export cannot be derived again: "
            "a cut-off not before the last record is required."
        )

    def test_contradictions_of_the_export(self):
        with pytest.raises(
            DataError, match="response best: 1 record of BESTRESP too many in adrs; one for a participant"
        ):
            summarize_best_response(exported(best=[*BEST_READ, ("A", 95, "PR")]), BEST)
        with pytest.raises(
            DataError, match="response best: 1 record of adrs of a class that is not declared; one of CR"
        ):
            summarize_best_response(exported(best=[("F", 95, "ID"), *BEST_READ]), BEST)

    def test_parameters_are_never_mixed(self):
        """Readings are those of one parameter; a study that tells them apart must say which."""
        study = exported()
        members = population_members(study, "DONE")
        with pytest.raises(
            SpecError, match="response seen: parameter '' of adrs; the PARAMCD of the records is required"
        ):
            derive_readings(study, members, SPEC)
        found = derive_readings(study, members, replace(SPEC, param="OVRLRESP"))
        alone = trial()
        expected = derive_readings(alone, population_members(alone, "DONE"), SPEC)
        assert found.best.tolist() == expected.best.tolist()
        with pytest.raises(SpecError, match="response best: adrs has no record of BOR; a PARAMCD of the export"):
            summarize_best_response(study, replace(BEST, param="BOR"))
        with pytest.raises(SpecError, match="PARAMCD in adrs, or no parameter, is required"):
            summarize_best_response(trial(), BEST)

    def test_courses_too(self):
        with pytest.raises(SpecError, match="course bars: parameter '' of adrs"):
            build_course(exported(), replace(COURSE, kind="courses"), "secret")
        shown = replace(COURSE, kind="courses", response_param="OVRLRESP")
        assert (
            build_course(exported(), shown, "secret")[0].rows
            == build_course(trial(), replace(COURSE, kind="courses"), "secret")[0].rows
        )

    @pytest.mark.parametrize(
        ("changed", "message"),
        [
            ({"unevaluable": ("ID",)}, "class ID is used but not declared"),
            ({"denominators": ("due",)}, "denominator 'due' is not one of everyone, evaluable"),
        ],
    )
    def test_spec_that_does_not_fit_together(self, changed, message):
        with pytest.raises(SpecError, match=message):
            replace(BEST, **changed)


def test_reading_of_an_undeclared_class_is_refused():
    """A class without a place would leave a participant in no line of the table."""
    classes = {code: label for code, label in SPEC.classes.items() if code != "NE"}
    spec = replace(SPEC, classes=classes, order=("CR", "PR", "SD", "ID", "PD"), unevaluable=())
    with pytest.raises(DataError, match="response seen: 1 record of adrs of a class that is not declared"):
        summarize_response(trial(), spec)


def test_words_are_the_plans():
    told = summarize_response(trial(), SPEC).catalogue.analyses["seen"].sentences["best"]
    assert told.startswith(
        "The best response is the best reading from the end of treatment on, up to progression or new "
    )


class TestCourses:
    """Months from the start of radiotherapy on day −45; numbers are told apart by their values."""

    def listed(self, **changed):
        listing, words = build_course(trial(), replace(COURSE, **changed), "secret")
        return [dict(zip(listing.columns, row, strict=True)) for row in listing.rows], words

    def test_best_change(self):
        """Before: A 40 at day −10 is after the start, so 50 of day −40 is too: none up to day −45 but H's 30.

        H has no later sum: with these dates nobody can be drawn.
        """
        records, words = self.listed()
        assert records == []
        assert words.sentences["drawn"] == "Drawn: 0 of 8."

    def test_best_change_from_the_end(self):
        """A 40 to 0, B 50 to 20, D 60 to 45 before the therapy, G 80 to 100; C has none before, H none after."""
        records, words = self.listed(origin="RTENDT")
        assert sorted((r["ARM"], r["PCHG"]) for r in records) == [
            ("X", "25.0"), ("X", "−100.0"), ("Y", "−25.0"), ("Y", "−60.0"),
        ]  # fmt: skip
        assert words.sentences["drawn"] == "Drawn: 4 of 8."
        assert words.kind == "best-change"

    def test_changes_begin_at_zero_and_are_in_order(self):
        records, _ = self.listed(kind="changes", origin="RTENDT")
        own = [(r["MONTH"], r["PCHG"]) for r in records if r["ARM"] == "Y"]
        assert sorted(own) == sorted(
            [("0.0", "0.0"), ("3.3", "−40.0"), ("5.5", "−60.0"), ("0.0", "0.0"), ("3.2", "−25.0")]
        )
        assert {r["PROGRESSED"] for r in records if r["PCHG"] == "25.0"} == {"yes"}

    def test_courses(self):
        """E died on day 60, 105 days after the start: 3.4 months. G relapsed on day 50 (3.1), was seen on 180 (7.4).

        G's stable reading is no response; F was lost.
        """
        records, _ = self.listed(kind="courses")
        by_end = {(r["END"], r["DIED"], r["ONGOING"]): r for r in records}
        died = by_end["3.4", "yes", "no"]
        assert (died["RESPONSE"], died["PROGRESSION"]) == ("–", "–")
        lost = by_end["2.1", "no", "no"]
        assert lost["RESPONSE"] == "–"
        relapsed = next(r for r in records if r["PROGRESSION"] == "3.1")
        assert (relapsed["END"], relapsed["RESPONSE"], relapsed["ONGOING"]) == ("7.4", "–", "yes")
        assert sorted(r["RESPONSE"] for r in records if r["RESPONSE"] != "–") == ["4.4", "4.7", "4.8", "6.4", "6.7"]

    def test_choice_of_those_with_an_event_is_told(self):
        records, words = self.listed(kind="courses", shown="with-event")
        assert len(records) == 2
        assert words.sentences["drawn"] == "Drawn: 2 of 2 who progressed or died, among 8."
        records, words = self.listed(kind="courses", shown="with-event", limit=1)
        assert len(records) == 1
        assert words.sentences["drawn"] == "Drawn: 1 of 2 who progressed or died, among 8, the first by number."

    def test_numbers_hide_the_participants(self):
        records, _ = self.listed(kind="courses")
        assert sorted(r["PARTICIPANT"] for r in records) == [str(n) for n in range(1, 9)]
        other = build_course(trial(), replace(COURSE, kind="courses"), "another")[0].rows
        assert other != build_course(trial(), replace(COURSE, kind="courses"), "secret")[0].rows

    def test_closed_sets(self):
        with pytest.raises(SpecError, match="kind is 'all'; one of best-change, changes, courses is required"):
            replace(COURSE, kind="all")
        with pytest.raises(SpecError, match="shown is 'some'; one of everyone, with-event is required"):
            replace(COURSE, shown="some")

    def test_study_without_sums_is_told(self):
        study = trial()
        without = replace(study, frames={name: frame for name, frame in study.frames.items() if name != "adtr"})
        with pytest.raises(DataError, match="frame adtr is not in the export; this analysis requires it"):
            build_course(without, COURSE, "secret")

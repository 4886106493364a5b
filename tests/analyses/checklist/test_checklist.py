"""Checklists: items counted by hand, what fills them told with its number, and what is not there refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from committed import ROOT
from entries import STATE

from npcstats.analyses.checklist.displays import Checklist
from npcstats.analyses.checklist.spec import (
    ChecklistSpec,
    Guideline,
    Item,
    checklist_faults,
    cited_analyses,
    cited_displays,
)
from npcstats.analyses.checklist.summary import assess_checklists
from npcstats.analyses.conduct.displays import Counts
from npcstats.analyses.conduct.status import summarize_status
from npcstats.errors import ResultsError, SpecError
from npcstats.results import Results, concat, one, select
from npcstats.run.displays import display_faults
from npcstats.run.plan import load_plan
from npcstats.run.sessions import build_results, prepare_study

RULES = Guideline(
    "RULES",
    "Rules 2000",
    "Someone. Somewhere 2000",
    (
        Item("1", "Title", "A title", "AUTHORS"),
        Item("2", "States", "Who died", "FILLED", ("tbl-states", "ana-state")),
        Item("3", "Curve", "A curve", "PARTLY", ("tbl-states",), "the curve itself"),
        Item("4", "Crossover", "Periods", "NOT-APPLICABLE", (), "Nobody crossed over"),
        Item("5", "More states", "Who died, again", "FILLED", ("tbl-states",)),
    ),
)
LIST = ChecklistSpec("list", "List", "EVERY", ("only",), (RULES,), "planned")
STATES = Counts(name="states", title="States.", sessions=("only",), analysis="state", total=True, number="14.1")
TABLE = Checklist(name="list", title="List", sessions=("only",), analysis="list", guideline="RULES")


@pytest.fixture
def results(known):
    """Two analyses of the eight, in a session with numbers."""
    state = summarize_status(known, STATE)
    made = concat([state, assess_checklists(known, state, LIST)])
    shown = {"states": {"display": "conduct.Counts", "title": "States.", "number": "14.1"}}
    study = {**made.catalogue.study, "numbered": "yes"}
    return Results(made.rows, replace(made.catalogue, study=study, tables=shown))


def lines(results):
    return [[cell.text for cell in row.cells] for row in TABLE.make(results, TABLE).rows]


@pytest.mark.parametrize(("state", "count"), [("FILLED", 2), ("PARTLY", 1), ("AUTHORS", 1), ("NOT-APPLICABLE", 1)])
def test_items_are_counted(results, state, count):
    found = {row.stat: row.value for row in select(results, measure="checklist_items", level=state)}
    assert found == {"count": count, "total": 5}


def test_each_item_is_a_row(results):
    found = {row.variable: row.level for row in select(results, measure="checklist_item")}
    assert found == {f"RULES.{item.number}": item.state for item in RULES.items}
    assert one(results, variable="RULES.2").value == 1


def test_lines(results):
    assert lines(results) == [
        ["1 Title", "A title", "Authors to write", ""],
        ["2 States", "Who died", "Filled", "14.1\u00a0States. State"],
        ["3 Curve", "A curve", "Partly filled", "14.1\u00a0States. Left to the authors: the curve itself"],
        ["4 Crossover", "Periods", "Not applicable", "Nobody crossed over"],
        ["5 More states", "Who died, again", "Filled", "14.1\u00a0States."],
    ]


def test_without_numbers_titles_alone(results):
    study = {**results.catalogue.study, "numbered": "no"}
    found = lines(Results(results.rows, replace(results.catalogue, study=study)))
    assert found[4][3] == "States."


def test_note_tells_the_source_and_the_counts(results):
    told = "".join(piece.text for piece in TABLE.make(results, TABLE).notes[0].pieces)
    assert "Rules 2000: Someone. Somewhere 2000." in told
    counted = "2 Filled, 1 Partly filled, 1 Authors to write, 1 Not applicable."
    assert f"Of 5 items: {counted}" in told.replace("\u00a0", " ")


def test_every_digit_has_an_origin(results):
    for piece in TABLE.make(results, TABLE).pieces:
        if any(map(str.isdigit, piece.text)):
            assert piece.key or piece.catalogue, piece


def test_a_display_that_is_not_in_the_session_is_refused_when_it_is_printed(results):
    bare = Results(results.rows, replace(results.catalogue, tables={}))
    with pytest.raises(ResultsError, match="tbl-states, which fills an item, is not in this session"):
        TABLE.make(bare, TABLE)


class TestRefusedWhenThePlanLoads:
    def test_nothing_is_wrong(self):
        assert checklist_faults(LIST) == []
        assert display_faults({"table": (STATES, TABLE), "figure": ()}, (STATE, LIST), ()) == []
        assert cited_displays(LIST) == ("tbl-states",)
        assert cited_analyses(LIST) == ("state",)

    @pytest.mark.parametrize("named", ["tbl-absent", "fig-states"])
    def test_a_display_that_is_not_in_the_plan(self, named):
        items = (replace(RULES.items[1], evidence=(named,)),)
        entry = replace(LIST, guidelines=(replace(RULES, items=items),))
        found = display_faults({"table": (STATES, TABLE), "figure": ()}, (STATE, entry), ())
        assert found == [f"analysis list: it names {named}, which session 'only' has not"]

    def test_a_display_of_another_session(self):
        entry = replace(LIST, sessions=("only", "other"))
        found = display_faults({"table": (STATES,), "figure": ()}, (STATE, entry), ())
        assert found == ["analysis list: it names tbl-states, which session 'other' has not"]

    def test_a_guideline_that_is_not_there(self):
        found = TABLE.faults(replace(LIST, guidelines=()))
        assert len(found) == 1
        assert found[0].startswith("guideline 'RULES' is not in list")

    @pytest.mark.parametrize(
        ("item", "message"),
        [
            (Item("1", "A", "A", "DONE"), "state"),
            (Item("1", "A", "A", "FILLED"), "it is filled by nothing"),
            (Item("1", "A", "A", "AUTHORS", ("tbl-a",)), "it has evidence, but is AUTHORS"),
            (Item("1", "A", "A", "PARTLY", ("tbl-a",)), "without a remark"),
            (Item("1", "A", "A", "NOT-APPLICABLE"), "without a remark"),
            (Item("1", "A", "A", "FILLED", ("table-a",)), "evidence 'table-a' is none of tbl-NAME"),
            (Item("1", "A", "A", "FILLED", ("tbl-a", "tbl-a")), "tbl-a"),
        ],
    )
    def test_items(self, item, message):
        found = checklist_faults(replace(LIST, guidelines=(replace(RULES, items=(item,)),)))
        assert len(found) == 1
        assert message in found[0]

    def test_numbers_that_stand_twice(self):
        twice = replace(RULES, items=(RULES.items[0], RULES.items[0]))
        assert len(checklist_faults(replace(LIST, guidelines=(twice, twice)))) == 3


def test_an_analysis_without_rows_is_refused_when_the_session_is_made(known):
    item = replace(RULES.items[1], evidence=("ana-absent",))
    entry = replace(LIST, guidelines=(replace(RULES, items=(item,)),))
    with pytest.raises(SpecError, match="checklist list names absent, of which session only has no rows"):
        assess_checklists(known, summarize_status(known, STATE), entry)


class TestPlan:
    """The trial's own checklists."""

    @pytest.fixture(scope="class")
    @classmethod
    def plan(cls):
        return load_plan(ROOT / "analysis" / "plan")

    @pytest.mark.parametrize(("code", "items"), [("TREND", 22), ("STROBE", 22)])
    def test_guidelines_have_as_many_items_as_they_were_published_with(self, plan, code, items):
        spec = next(spec for spec in plan.specs if isinstance(spec, ChecklistSpec))
        found = next(guideline for guideline in spec.guidelines if guideline.code == code)
        assert [item.number for item in found.items] == [str(number) for number in range(1, items + 1)]

    def test_no_item_is_filled_from_a_session_that_is_not_final(self, plan):
        spec = next(spec for spec in plan.specs if isinstance(spec, ChecklistSpec))
        assert spec.sessions == ("final",)


def test_assessed_after_all_others(whole, plan):
    """In a session it is made from the rows of the analyses that it names, whatever its place in the plan."""
    items = (Item("1", "States", "Who died", "FILLED", ("ana-status",)),)
    entry = replace(LIST, population="EVERY", sessions=("end",), guidelines=(replace(RULES, items=items),))
    asked = replace(plan, specs=(entry, *plan.specs))
    results = build_results(prepare_study(whole, asked, "end"), asked)
    assert one(results, analysis="list", level="FILLED", stat="total").value == 1

"""A plan's tables and figures show what there is, under one name and one number each."""

from __future__ import annotations

import importlib
from dataclasses import fields, replace
from pathlib import Path

import pytest

import npcstats.analyses
from npcstats.analyses.baseline.displays import Characteristics
from npcstats.analyses.biomarker.displays import MarkersByVisit
from npcstats.analyses.conduct.displays import Counts
from npcstats.analyses.kinds import KINDS
from npcstats.analyses.listing.displays import Records
from npcstats.analyses.regression.displays import HazardRatios
from npcstats.analyses.regression.spec import RegressionSpec
from npcstats.analyses.survival.displays import KaplanMeier, SurvivalTimes
from npcstats.analyses.survival.spec import SurvivalSpec
from npcstats.analyses.timetoevent.displays import Sensitivity
from npcstats.analyses.timetoevent.groups import ByCharacteristic
from npcstats.analyses.toxicity.displays import WorstGrades
from npcstats.display.specs import Display, Figure, Table, display_of_entry, entry_of_display
from npcstats.errors import SpecError
from npcstats.results import read_results
from npcstats.run.displays import display_faults
from npcstats.run.make import Run, make_results

ANALYSES = Path(npcstats.analyses.__file__).parent
WHO = Characteristics(name="who", title="Who they are", sessions=("shut", "end"), analysis="who", total=True)
HARM = WorstGrades(name="harm", title="Harm", sessions=("shut",), analysis="tox", levels=("grade>=2",), total=False)
BLOOD = MarkersByVisit(name="blood", title="Blood", sessions=("end",), analysis="blood", total=False)
LIVES = SurvivalTimes(name="lives", title="Lives", sessions=("end",), members=("dead", "worse"), total=False)
CURVE = KaplanMeier(name="lives", title="Lives.", sessions=("end",), analysis="dead", width="full")
OTHERS = Sensitivity(name="others", title="Others", sessions=("end",), members=("dead", "worse"), ratios={})
RATIO = RegressionSpec(
    id="dead-hr", label="Deaths", population="BEAM", sessions=("end",), endpoint="DEAD", model="cox", ties="efron",
    reference="first", conf_level=0.95, covariates=(), strata={}, subgroups=(), minimum_events=1, ph_transform="km",
    course_knots=0, estimand="unadjusted", status="planned",
)  # fmt: skip


def faults(plan, *tables, figures=(), more=(), numbered=()):
    return display_faults({"table": tables, "figure": figures}, (*plan.specs, *plan.listings, *more), numbered)


def test_what_fits_is_accepted(plan):
    """A table and a figure may have one name: a report says which it wants."""
    assert not faults(plan, WHO, HARM, BLOOD, LIVES, OTHERS, figures=(CURVE,))
    assert replace(plan, tables=(WHO, LIVES), figures=(CURVE,)).tables_of("end") == (WHO, LIVES)
    assert replace(plan, tables=(WHO, LIVES)).tables_of("shut") == (WHO,)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (replace(WHO, sessions=()), "table who: it is for no session, so it is not made"),
        (replace(WHO, analysis="nobody"), "table who: it shows 'nobody', which session 'shut' has not"),
        (replace(LIVES, sessions=("front",)), "table lives: it shows 'dead', which session 'front' has not"),
        (replace(WHO, sessions=("shut", "shot")), "table who: it shows 'who', which session 'shot' has not"),
        (replace(WHO, analysis="tox"), "table who: it shows baseline, but tox is of kind toxicity"),
        (Records(name="r", title="R", sessions=("end",), analysis="who"), "it shows listing, but who is of kind base"),
        (Counts(name="c", title="C", sessions=("end",), analysis="who", total=True), "shows counts, but who is of k"),
        (replace(HARM, levels=("grade>=2", "grade>=6")), "level 'grade>=6' was not made; one of grade>=1, grade>=2,"),
        (replace(HARM, levels=("grade>=3", "grade>=2")), "table harm: levels do not rise"),
        (replace(HARM, windows=("never",)), "table harm: window 'never' was not made; one of early, late is required"),
        (replace(HARM, contrasts=("grade=3",)), "table harm: contrast 'grade=3' was not made; one of grade>=1"),
        (replace(HARM, windows=("early", "early")), "table harm: window 'early' stands twice"),
        (replace(HARM, contrasts=("grade>=2", "grade>=2")), "table harm: contrast 'grade>=2' stands twice"),
        (replace(BLOOD, variables=("LOGM", "LYMPH")), "table blood: it shows LYMPH, which is no marker of blood"),
        (replace(LIVES, members=("dead", "who")), "table lives: it shows survival, but who is of kind baseline"),
        (replace(OTHERS, members=("dead", "blood")), "it shows survival or incidence, but blood is of kind biomarker"),
        (replace(OTHERS, ratios={"dead": "worse"}, members=("dead",)), "shows regression, but worse is of kind surv"),
    ],
)
def test_what_does_not_fit_is_refused(plan, table, told):
    found = faults(plan, table)
    assert any(told in fault for fault in found), found
    with pytest.raises(SpecError, match=r"^plan: .*; parts that fit together are required\.$"):
        replace(plan, tables=(table,))


def test_a_contrast_of_what_is_not_compared_has_no_effect(plan):
    specs = tuple(replace(spec, difference="", estimand="") if spec.id == "tox" else spec for spec in plan.specs)
    asked = replace(HARM, contrasts=("grade>=2",))
    assert display_faults({"table": (asked,)}, specs, ()) == [
        "table harm: contrasts have no effect: no arms are compared"
    ]


def test_everyone_stands_beside_arms_only(plan):
    grouped = replace(
        next(spec for spec in plan.specs if isinstance(spec, SurvivalSpec)),
        id="by-sex",
        estimand="",
        grouping=ByCharacteristic("SEX", {"F": "Women", "M": "Men"}),
    )
    asked = replace(LIVES, members=("by-sex",), total=True)
    assert faults(plan, asked, more=(grouped,)) == ["table lives: total has no effect: by-sex has groups of its own"]


@pytest.mark.parametrize(("field", "value"), [("endpoint", "WORSE"), ("population", "EVERY")])
def test_a_hazard_ratio_stands_beside_the_curves_of_the_same_people_and_endpoint(plan, field, value):
    asked = replace(OTHERS, ratios={"dead": "dead-hr"})
    assert not faults(plan, asked, more=(RATIO,))
    assert faults(plan, asked, more=(replace(RATIO, **{field: value}),)) == [
        f"table others: dead-hr is of another {field} than dead, whose hazard ratio it would be"
    ]


def test_names_and_numbers_stand_once(plan):
    again = replace(HARM, name="who")
    assert faults(plan, WHO, again) == ["table 'who' stands twice"]
    one, other = replace(LIVES, number="14.2.1"), replace(CURVE, number="14.2.1")
    assert faults(plan, one, figures=(other,)) == ["number '14.2.1' stands twice"]


def test_a_session_that_prints_numbers_has_them_all(plan):
    told = faults(plan, WHO, replace(LIVES, number="14.2.1"), figures=(CURVE,), numbered=("end",))
    assert told == [
        "table who: it has no number, which session 'end' prints",
        "figure lives: it has no number, which session 'end' prints",
    ]


@pytest.mark.parametrize("number", ["14", "14.", ".1", "14.0.1", "14.2.x", "14,2", "14.2.1 ", "T14.2"])
def test_a_number_is_of_digits_between_points(number):
    assert replace(WHO, number="14.3.1.12").number == "14.3.1.12"
    with pytest.raises(SpecError, match=r"display who: number is .*; digits between points, such as 14\.3\.1\.1,"):
        replace(WHO, number=number)


@pytest.mark.parametrize(
    ("table", "changed", "told"),
    [
        (LIVES, {"members": ()}, "members are none; one analysis or more"),
        (LIVES, {"members": ("dead", "dead")}, "members are dead, dead; one analysis or more, each once"),
        (HARM, {"levels": ()}, "no grade band is given"),
        (HARM, {"minimum": 5.0}, "minimum is 5.0; a share from 0 to 1"),
        (OTHERS, {"ratios": {"os": "os-hr"}}, "ratios are given of os; members are required"),
        (WHO, {"title": ""}, "display who: it has no title"),
        (CURVE, {"title": " ."}, "display lives: it has no title"),
    ],
)
def test_what_no_table_could_be_is_refused_where_it_is_written(table, changed, told):
    with pytest.raises(SpecError, match=told):
        replace(table, **changed)


def test_a_session_knows_its_tables(plan, write_export, tmp_path):
    """They come back from its catalogue as the plan has them, and each can be made."""
    shown = (WHO, HARM, replace(BLOOD, number="14.2.2", variables=("VIRUS",)), LIVES, OTHERS)
    wanted = replace(plan, tables=shown)
    make_results(Run(write_export(), wanted, ("end",)), tmp_path / "results", fonts=tmp_path)
    results = read_results(tmp_path / "results" / "end")
    assert results.catalogue.study["numbered"] == "no"
    own = [table for table in shown if "end" in table.sessions]
    assert results.catalogue.tables == {table.name: entry_of_display(table) for table in own}
    for table in own:
        found = display_of_entry(results.catalogue.tables[table.name], table.name)
        assert found == replace(table, sessions=())
        assert found.make(results, found).rows


def test_every_table_that_a_kind_declares_shows_it():
    declared = {shown for kind in KINDS for shown in kind.displays if issubclass(shown, Table)}
    assert {shown.__name__ for shown in declared} >= {"Characteristics", "Counts", "EndpointCounts", "Records"}
    for kind in KINDS:
        assert all(set(kind.codes) & set(shown.shows) for shown in kind.displays if issubclass(shown, Table))
    assert all({"name", "title", "number", "sessions"} < {field.name for field in fields(shown)} for shown in declared)
    assert HazardRatios in declared


@pytest.mark.parametrize(
    ("table", "same", "other"),
    [
        (LIVES, {"population": "BEAM"}, {"endpoint": "WORSE"}),
        (OTHERS, {"endpoint": "WORSE"}, {"label": "Another rule"}),
    ],
)
def test_members_that_nothing_tells_apart_are_refused(plan, table, same, other):
    """Curves stand under their endpoint, other rules under their label: of two participants' sets one would mislead."""
    dead = next(spec for spec in plan.specs if spec.id == "dead")
    asked, again = replace(table, members=("dead", "again")), replace(dead, id="again", **same)
    (told,) = faults(plan, asked, more=(again,))
    assert told.startswith(f"table {table.name}: dead and again have the same ")
    assert told.endswith(", so that nothing tells them apart")
    assert not faults(plan, asked, more=(replace(again, **other),))


def test_a_figure_is_no_table(plan):
    assert faults(plan, CURVE) == ["table lives: it is a KaplanMeier, which is no table"]
    assert faults(plan, figures=(LIVES,)) == ["figure lives: it is a SurvivalTimes, which is no figure"]


def display_classes():
    """Classes that the folders of the kinds declare and a plan can write, by folder."""
    found = {}
    for path in sorted(ANALYSES.glob("*/displays.py")):
        module = importlib.import_module(f"npcstats.analyses.{path.parent.name}.displays")
        own = [one for one in vars(module).values() if isinstance(one, type) and one.__module__ == module.__name__]
        found[path.parent.name] = {one for one in own if issubclass(one, Display) and one.shows}
    return found


def test_every_display_of_a_folder_is_declared_by_a_kind():
    declared = {shown for kind in KINDS for shown in kind.displays}
    assert len(declared) > 15
    assert set().union(*display_classes().values()) == declared


def test_all_that_a_display_names_is_there():
    """What is named as text is loaded when a page is made, so that a slip would wait until then."""
    for shown in set().union(*display_classes().values()):
        for what in ("make", "caption", "alt") if issubclass(shown, Figure) else ("make",):
            named = getattr(shown, what)
            assert callable(getattr(importlib.import_module(named.module), named.name)), (shown, what)

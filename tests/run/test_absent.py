"""Without a frame: the board's session says in one sentence what is not there, and a session that is final refuses.

The trial of eight without its forms, screening log, deviations or laboratory values.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from flows import WAY

from npcstats.analyses.accrual.displays import AccrualCourse
from npcstats.analyses.conduct.displays import Counts
from npcstats.analyses.flow.summary import summarize_flow
from npcstats.analyses.thresholds.spec import ThresholdSpec, Watch
from npcstats.analyses.thresholds.words import mark, watch_sentence
from npcstats.display.placing import PlacedAbsence, show_figure, show_table
from npcstats.display.quotes import NOT_KNOWN, Quote, quote_faults, tell_quote
from npcstats.display.specs import entry_of_display
from npcstats.errors import AbsentError
from npcstats.results import absent_sentences, one, read_results, select
from npcstats.run.make import Run, drawable, make_results
from npcstats.run.meetings.tables import write_tables
from npcstats.run.sessions import build_results, prepare_study
from npcstats.study import RECORDS

FORMS = "Forms: not shown, because the export holds no records of forms, samples and images due."
OVERDUE = Watch("late", "Overdue", {"analysis": "forms", "measure": "overdue", "stat": "estimate"}, "above", 0.1)
DIED = Watch("died", "Died", {"analysis": "status", "variable": "DIED", "stat": "estimate"}, "above", 0.1)


@pytest.fixture
def lacking(whole):
    def without(*names):
        return replace(whole, frames={name: frame for name, frame in whole.frames.items() if name not in names})

    return without


@pytest.fixture
def built(lacking, plan, mask):
    def build(session, *names, specs=()):
        chosen = replace(plan, specs=(*plan.specs, *specs))
        study = prepare_study(lacking(*names), chosen, session, mask=mask)
        return build_results(study, chosen)

    return build


def test_every_frame_of_the_contract_has_words(whole):
    assert set(whole.frames) <= set(RECORDS)


def test_an_interim_session_says_what_is_not_there(built):
    results = built("shut", "adform")
    absent = {name for name, entry in results.catalogue.analyses.items() if entry.kind == "absent"}
    assert absent == {"forms"}
    assert absent_sentences(results.catalogue, ["forms", "status", "forms"]) == [FORMS]
    assert select(results, analysis="forms") == ()
    assert select(results, analysis="status") != ()


def test_rows_of_what_is_there_are_the_same(built):
    kept = [row for row in built("shut").rows if row.analysis != "forms"]
    assert list(built("shut", "adform").rows) == kept


def test_a_session_that_is_no_interim_one_refuses(built):
    with pytest.raises(AbsentError, match="frame adform is not in the export; this analysis requires it"):
        built("end", "adform")


def test_a_watch_of_what_is_not_there_says_why_and_is_not_counted(built):
    """Deaths are 0 of 4 and 1 of 3: one alert of the one watch that could be judged."""
    spec = ThresholdSpec("extra", "Extra", "EVERY", ("shut",), (OVERDUE, DIED), "planned")
    results = built("shut", "adform", specs=(spec,))
    assert str(mark(results, "late")) == "NE"
    assert str(watch_sentence(results, "late")) == f"NE ({FORMS})"
    at = {"analysis": "extra", "variable": "all", "measure": "threshold_passed"}
    assert [one(results, **at, stat=stat).value for stat in ("count", "total")] == [1, 1]


def test_a_quote_of_what_is_not_there_says_so(built):
    told = Quote(name="q", sessions=("shut",), form="percent", analysis="forms", arm="all", stat="estimate")
    results = built("shut", "adform")
    assert str(tell_quote(results, told)) == NOT_KNOWN
    assert quote_faults(results, (told,)) == []


def test_the_flow_begins_with_enrolment_where_nobody_was_logged(known):
    log = replace(known, frames={name: frame for name, frame in known.frames.items() if name != "adscr"})
    results = summarize_flow(log, WAY)
    assert "ENROLLED" in {row.block for row in results.rows}
    assert select(results, block="SCREENED") == ()
    assert (
        results.catalogue.analyses[WAY.id].sentences["screening"] == "The export holds no records of persons screened."
    )


def test_a_document_has_the_sentence_where_the_table_would_be(write_export, plan, tmp_path):
    """From the export to the page: results without rows, a sentence in place of the table, and no file of it."""
    frames = tuple(replace(one, optional=one.name == "adform" or one.optional) for one in plan.design.frames)
    table = Counts(name="forms", title="Forms", sessions=("front",), analysis="forms", total=True)
    design = replace(plan.design, frames=frames)
    made = replace(plan, design=design, tables=(table,))
    make_results(Run(write_export({"adform": None}), made, ("front",)), tmp_path / "results", fonts=tmp_path)
    results = read_results(tmp_path / "results" / "front")
    placed = show_table(results, "forms")
    assert isinstance(placed, PlacedAbsence)
    assert str(placed.told) == FORMS
    assert "analyses/forms/sentences/absent" in placed._repr_markdown_()
    write_tables(results, ["forms"], tmp_path / "tables", ())
    assert list((tmp_path / "tables").iterdir()) == []


def test_a_figure_is_not_drawn_and_a_listing_is_not_written(built, plan, known, mask):
    """What a plan wants drawn or listed is passed over where its analysis is not there."""
    figure = AccrualCourse(name="pace", title="Pace.", sessions=("shut",), analysis="forms", width="full")
    results = built("shut", "adform")
    assert drawable(results, (figure,)) == []
    assert drawable(built("shut"), (figure,)) == [figure]
    told = replace(results.catalogue, figures={"pace": entry_of_display(figure)})
    assert str(show_figure(replace(results, catalogue=told), "pace").told) == FORMS

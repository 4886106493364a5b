"""A figure is drawn once: copied where what it draws is the same, drawn again where anything of it changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from npcstats.analyses.survival.displays import KaplanMeier
from npcstats.run.make import Run, figure_kinds, make_results
from npcstats.run.plan import Report
from npcstats.system.workers import Crew

FONTS = Path(__file__).parents[2] / "reports" / "_theme" / "fonts"
DEAD = KaplanMeier(name="dead", title="Dead.", analysis="dead", sessions=("end",), width="column", x_label="Months")
WORSE = replace(DEAD, name="worse", title="Worse.", analysis="worse")


@pytest.fixture
def drawing(write_export, plan, tmp_path, monkeypatch):
    """Make the session's results in a folder; return its figures' bytes and the names of those that were drawn."""
    data = write_export()
    asked: list[str] = []
    give = Crew.give

    def counted(hands, task):
        asked.append(task.args[1].name)
        give(hands, task)

    monkeypatch.setattr(Crew, "give", counted)

    def make(name, *figures, drawn=tmp_path / "figures.json", **changed):
        asked.clear()
        run = Run(data, replace(plan, figures=figures, **changed), ("end",))
        make_results(run, tmp_path / name, fonts=FONTS, drawn=drawn)
        found = {path.name: path.read_bytes() for path in (tmp_path / name / "end" / "figures").iterdir()}
        return found, sorted(asked)

    return make


def test_an_unchanged_figure_is_copied_and_equals_one_drawn_afresh(drawing):
    first, drawn = drawing("first", DEAD, WORSE)
    assert (sorted(first), drawn) == (["dead.svg", "worse.svg"], ["dead", "worse"])
    assert drawing("second", DEAD, WORSE) == (first, [])
    assert drawing("afresh", DEAD, WORSE, drawn=None) == (first, ["dead", "worse"])


def test_only_the_figure_whose_rows_changed_is_drawn(drawing, plan):
    first, _ = drawing("results", DEAD, WORSE)
    specs = tuple(replace(spec, conf_level=0.8) if spec.id == "worse" else spec for spec in plan.specs)
    second, drawn = drawing("results", DEAD, WORSE, specs=specs)
    assert drawn == ["worse"]
    assert second["dead.svg"] == first["dead.svg"]
    assert second["worse.svg"] != first["worse.svg"]


def test_only_the_figure_that_the_plan_changed_is_drawn(drawing):
    drawing("results", DEAD, WORSE)
    assert drawing("results", replace(DEAD, width="full"), WORSE)[1] == ["dead"]


def test_a_figure_that_was_edited_by_hand_is_drawn(drawing, tmp_path):
    first, _ = drawing("results", DEAD)
    (tmp_path / "results" / "end" / "figures" / "dead.svg").write_text("<svg/>")
    assert drawing("results", DEAD) == (first, ["dead"])


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a": 1}'])
def test_a_record_that_cannot_be_read_counts_as_none(drawing, tmp_path, text):
    first, _ = drawing("results", DEAD)
    (tmp_path / "figures.json").write_text(text)
    assert drawing("results", DEAD) == (first, ["dead"])


def test_kinds_of_file_are_those_that_the_reports_of_a_session_need(plan, drawing):
    in_word = replace(plan, reports=(Report("page", "front", ("pdf", "html")), Report("paper", "end", ("docx",))))
    assert [figure_kinds(in_word, code) for code in ("front", "shut", "end")] == [
        ("svg",),
        ("svg",),
        ("svg", "pdf", "png"),
    ]
    found, _ = drawing("results", DEAD, reports=(Report("paper", "end", ("docx",)),))
    assert sorted(found) == ["dead.pdf", "dead.png", "dead.svg"]

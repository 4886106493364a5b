"""Tables, figures and sentences of stopping rules: each number is the row of its key, each mark the row's value."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from drawn import assert_no_words_collide, assert_nothing_is_cut_off, drawn_points, texts, with_gid
from entries import SICK, STOPPED
from tabled import FIGURE_SPACE, lines_of, parsed, spans_of

from npcstats.analyses.stopping.displays import (
    BoundaryTable,
    CharacteristicsTable,
    StoppingCurves,
    StoppingPath,
    StoppingTable,
)
from npcstats.analyses.stopping.figure import NOBODY
from npcstats.analyses.stopping.spec import Died, RepeatedTests
from npcstats.analyses.stopping.summary import summarize_stopping
from npcstats.analyses.stopping.table import NO_ALERT, NO_POSTERIOR, rate_style
from npcstats.analyses.stopping.words import rule_label, rule_mark, rule_sentence
from npcstats.display.origins import printed_text
from npcstats.errors import ResultsError
from npcstats.results import Results, select
from npcstats.run.draw import draw_figure

COMMON = {"name": "rules", "title": "Rules", "sessions": ("only",), "analysis": "stopped"}
STANDING, LIMITS, WHAT = StoppingTable(**COMMON), BoundaryTable(**COMMON), CharacteristicsTable(**COMMON, by=(20, 40))
PATH, CURVES = StoppingPath(**COMMON, width="full"), StoppingCurves(**COMMON, width="full")
TESTED = replace(SICK, code="TESTED", label="Tested", criterion=RepeatedTests(0.3, 0.05, 0.5), alert=None)
TWO = replace(STOPPED, rules=(SICK, TESTED))


@pytest.fixture(scope="module", params=["arms", "pooled"])
def found(crowd, request):
    return summarize_stopping(replace(crowd, arms=()) if request.param == "pooled" else crowd, TWO)


def arms_of(found):
    return [*found.catalogue.arms] or ["all"]


@pytest.mark.parametrize(("display", "least"), [(STANDING, 12), (LIMITS, 20), (WHAT, 30)], ids=lambda one: str(one)[:9])
def test_every_number_is_the_row_of_its_key(found, display, least):
    spans = [span for span in spans_of(parsed(display.make(found, display))) if span.get("key")]
    assert len(spans) >= least
    for span in spans:
        assert span["text"].strip(FIGURE_SPACE) == printed_text(found, span)


def test_a_line_for_each_group_of_each_rule(found):
    lines = lines_of(STANDING.make(found, STANDING))
    assert len(lines) == 2 * (1 + len(arms_of(found)))
    assert lines[0][0] == "Sick, acceptable rate 30%, alert from 35.9%"
    assert lines[1 + len(arms_of(found))][0] == "Tested, acceptable rate 30%"


def test_what_a_rule_has_not_is_a_dash_with_its_reason(found):
    notes = " ".join(note.text for note in STANDING.make(found, STANDING).notes)
    assert NO_POSTERIOR in notes
    assert NO_ALERT in notes


def met_as(found, value):
    """The same results, the rule met or not by everyone, at the cut-off and at every look."""
    rows = tuple(replace(row, value=value, note="") if row.measure == "stopping_met" else row for row in found.rows)
    return Results(rows, found.catalogue)


def test_a_rule_that_is_met_is_printed_in_semibold(found):
    for value, word in ((1.0, "Yes"), (0.0, "No")):
        cells = [cell for row in STANDING.make(met_as(found, value), STANDING).rows for cell in row.cells]
        told = [cell for cell in cells if cell.text == word and not cell.mark]
        assert len([cell for cell in told if cell.strong == (value == 1.0)]) >= 2 * len(arms_of(found))
        looks = [cell for row in LIMITS.make(met_as(found, value), LIMITS).rows for cell in row.cells[1:]]
        assert any(cell.strong for cell in looks) == (value == 1.0)


def test_a_look_that_rules_do_not_share(crowd):
    spec = replace(TWO, rules=(SICK, replace(TESTED, looks=(15, 45))))
    table = LIMITS.make(summarize_stopping(crowd, spec), LIMITS)
    firsts = [line[0].strip(FIGURE_SPACE) for line in lines_of(table)]
    assert firsts == ["10", "15", "20", "30", "40", "45", "50", "60"]
    assert "This rule has no such look." in " ".join(note.text for note in table.notes)


def test_a_look_that_is_asked_for_must_be_one(found):
    with pytest.raises(ResultsError, match="no look after 25 participants"):
        WHAT.make(found, replace(WHAT, by=(25,)))


def test_without_simulation_there_is_no_column_of_it(crowd):
    bare = summarize_stopping(crowd, replace(STOPPED, trials=0, seed=0))
    table = WHAT.make(bare, WHAT)
    assert "simulated" not in " ".join(cell.text for cell in table.header)
    assert "simulated" not in " ".join(note.text for note in table.notes)


def test_steps_and_limits_are_the_rows(found, fonts):
    figure = draw_figure(found, PATH, fonts=fonts)
    for rule in ("SICK", "TESTED"):
        at = {"variable": rule, "block": "looks"}
        for arm in arms_of(found):
            rows = select(found, **at, arm=arm, measure="ordered_events")
            expected = [[0.0, 0.0], *sorted([row.time, row.value] for row in rows)]
            np.testing.assert_array_equal(drawn_points(figure, f"path-{rule}-{arm}"), expected)
        limits = {row.time: row.value for row in select(found, **at, measure="stopping_limit")}
        for time, value in drawn_points(figure, f"limit-{rule}"):
            assert limits[time] == value


def test_curves_and_rings_are_the_rows(found, fonts):
    figure = draw_figure(found, CURVES, fonts=fonts)
    for measure in ("stop_probability", "expected_size"):
        drawn = drawn_points(figure, f"{measure}-SICK")
        rows = select(found, variable="SICK", block="curve", measure=measure)
        np.testing.assert_array_equal(drawn[:, 1], [row.value for row in rows])
        rings = drawn_points(figure, f"simulated-{measure}-SICK")
        expected = select(found, variable="SICK", block="simulated", measure=measure, stat="estimate")
        np.testing.assert_array_equal(rings[:, 1], [row.value for row in expected])
        np.testing.assert_array_equal(rings[:, 0], SICK.rates)


@pytest.mark.parametrize("width", ["full", "column"])
@pytest.mark.parametrize("display", [PATH, CURVES], ids=["path", "curves"])
def test_nothing_is_cut_off(found, fonts, display, width):
    figure = draw_figure(found, replace(display, width=width), fonts=fonts)
    assert_nothing_is_cut_off(figure)
    assert_no_words_collide(figure)


def test_nobody_through_the_period(crowd, fonts):
    adsl = crowd["adsl"].copy()
    adsl["RTSTDT"] = np.datetime64("NaT", "s")
    none = summarize_stopping(crowd.with_frames({"adsl": adsl}), STOPPED)
    figure = draw_figure(none, PATH, fonts=fonts)
    assert [text.get_text() for text in with_gid(figure, "empty-SICK")] == [NOBODY]
    told = " ".join(" ".join(line) for line in lines_of(STANDING.make(none, STANDING)))
    assert "NE" in told
    assert "nan" not in told + " ".join(text.get_text() for text in texts(figure))
    assert rule_mark(none, "stopped", "SICK").name == "none"
    assert "(Nobody is through the period.)" in str(rule_sentence(none, "stopped", "SICK"))


class TestFirstPage:
    def changed(self, found, block, measure, value):
        rows = tuple(
            replace(row, value=value) if (row.block, row.measure) == (block, measure) else row for row in found.rows
        )
        return Results(rows, found.catalogue)

    def quiet(self, found):
        calm = self.changed(met_as(found, 0.0), "now", "alert_raised", 0.0)
        return self.changed(calm, "now", "pending", 0.0)

    def test_nothing(self, found):
        calm = self.quiet(found)
        assert str(rule_mark(calm, "stopped", "SICK")) == "●"
        told = str(rule_sentence(calm, "stopped", "SICK"))
        assert not {"alert", "more", "met:"} & set(told.split())

    def test_an_alert(self, found):
        raised = self.changed(self.quiet(found), "now", "alert_raised", 1.0)
        assert str(rule_mark(raised, "stopped", "SICK")) == "▲"
        assert "alert raised (from 35.9%)" in str(rule_sentence(raised, "stopped", "SICK"))

    def test_a_look_before(self, found):
        before = self.changed(self.quiet(found), "looks", "stopping_met", 1.0)
        assert str(rule_mark(before, "stopped", "SICK")) == "▲"
        assert "met at a look before" in str(rule_sentence(before, "stopped", "SICK"))

    def test_met(self, found):
        met = self.changed(self.quiet(found), "now", "stopping_met", 1.0)
        assert rule_mark(met, "stopped", "SICK")._repr_markdown_() == "[■]{.mark-act}"
        assert "rule met: from" in str(rule_sentence(met, "stopped", "SICK"))

    def test_events_not_counted_yet(self, found):
        early = self.changed(self.quiet(found), "now", "pending", 2.0)
        assert ", and 2 more whose period is not complete" in str(rule_sentence(early, "stopped", "SICK"))

    def test_a_rule_by_tests(self, found):
        assert ", rule not met" in str(rule_sentence(self.quiet(found), "stopped", "TESTED"))

    def test_each_group_is_named_with_its_numbers(self, found):
        told = str(rule_sentence(self.quiet(found), "stopped", "SICK"))
        assert len(told.split("; ")) == len(arms_of(found))
        for arm, words in zip(arms_of(found), told.split("; "), strict=True):
            at = {"variable": "SICK", "block": "now", "arm": arm, "measure": "risk"}
            count, total = (int(select(found, **at, stat=stat)[0].value) for stat in ("count", "total"))
            assert f"{count} of {total}" in words
            assert arm == "all" or found.catalogue.arms[arm] in words

    def test_a_rule_that_is_not_there(self, found):
        with pytest.raises(ResultsError, match="no rule 'OTHER'"):
            rule_mark(found, "stopped", "OTHER")

    def test_its_name(self, found):
        assert str(rule_label(found, "stopped", "SICK")) == "Sick"


class TestWords:
    def test_pooled_words_name_no_arm(self, crowd):
        pooled = summarize_stopping(replace(crowd, arms=()), TWO)
        told = [
            *pooled.catalogue.analyses["stopped"].sentences.values(),
            PATH.alt(pooled, PATH),
            CURVES.alt(pooled, CURVES),
        ]
        told += [str(PATH.caption(pooled, PATH)), str(CURVES.caption(pooled, CURVES))]
        assert not [words for words in told if "arm" in words.lower().replace(",", " ").split()]

    def test_alternative_texts_have_no_number(self, found):
        assert not [sign for display in (PATH, CURVES) for sign in display.alt(found, display) if sign.isdigit()]

    def test_rules_are_told_with_their_numbers(self, found):
        sentences = found.catalogue.analyses["stopped"].sentences
        assert "90%" in sentences["rule.SICK"]
        assert "above 30% (prior beta 0.6, 1.4); looks after every 10 participants up to 60" in sentences["rule.SICK"]
        assert "at most 5% at that rate" in sentences["rule.TESTED"]
        assert "target 30% (18% to 42%)" in sentences["alert.SICK"]

    def test_looks_of_ones_own_are_listed(self, crowd):
        spec = replace(STOPPED, rules=(replace(SICK, looks=(15, 45)), replace(SICK, code="ONE", looks=(20,))))
        sentences = summarize_stopping(crowd, spec).catalogue.analyses["stopped"].sentences
        assert "looks after 15 and 45 participants" in sentences["rule.SICK"]
        assert "one look, after 20" in sentences["rule.ONE"]

    def test_what_is_not_counted_is_not_explained(self, crowd):
        spec = replace(STOPPED, rules=(replace(SICK, parts=(Died(),)),))
        sentences = summarize_stopping(crowd, spec).catalogue.analyses["stopped"].sentences
        assert "baseline" not in sentences

    def test_rates_have_the_decimals_that_they_need(self):
        assert [rate_style(rates) for rates in ([0.3, 0.05], [0.025, 0.1])] == ["percent0", "percent1"]


def test_characteristics_do_not_differ_by_group(found):
    """They are of the rule: everyone's rows, once."""
    rows = [row for row in found.rows if row.block in ("exact", "curve", "simulated")]
    assert {row.arm for row in rows} == {"all"}
    assert all(math.isfinite(row.value) for row in rows)

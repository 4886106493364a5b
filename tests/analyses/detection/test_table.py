"""The table of values below the limit: each cell is its row, in the line of its visit and the column of its arm."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from entries import BELOW
from tabled import FIGURE_SPACE, lines_of, parsed, spans_of

from npcstats.analyses.detection.displays import ValuesBelowLimit
from npcstats.analyses.detection.summary import OTHER_ROUTE, summarize_detection
from npcstats.analyses.detection.table import AT_BASELINE, NO_OTHER, tabulate
from npcstats.derive import pool_arms
from npcstats.results import one

TABLE = ValuesBelowLimit(name="t", title="T", sessions=("only",), analysis="below", total=False)
VISITS = ("V0", "V1", "V2")
MAIN = {"LOGM": "half-limit", "LEVEL": "cut-off", "VIRUS": "yes-no"}
NUMBER = re.compile(r"\d+(?:\.\d+)?")


@pytest.fixture(scope="module")
def results(crowd):
    return summarize_detection(crowd, BELOW)


@pytest.fixture(scope="module")
def table(results):
    return tabulate(results, TABLE)


def numbers(text):
    return [float(found) for found in NUMBER.findall(text.replace(FIGURE_SPACE, ""))]


def lines(table, variable, part):
    """Lines of visits of a marker: the first part tells values below the limit, the second those detected."""
    own = [row for row in table.rows if row.scope == variable and row.kind != "group"]
    return own[part * len(VISITS) : (part + 1) * len(VISITS)]


def test_heads(table):
    words = [(cell.text.replace("\u00a0", " "), cell.colspan, cell.rowspan) for cell in table.spanners]
    assert words == [("n / N (%) by visit", 1, 2), ("Ex", 1, 2), ("Wye", 1, 2), ("Ex vs Wye", 4, 1)]
    assert [cell.text.replace("\u00a0", " ") for cell in table.header] == [
        "Main model (95% CI)", "p", "q", "Sensitivity (95% CI)",
    ]  # fmt: skip


@pytest.mark.parametrize("variable", list(MAIN))
def test_values_below_are_the_rows(results, table, variable):
    for line, window in zip(lines(table, variable, 0), VISITS, strict=True):
        for cell, arm in zip(line.cells[1:3], ("X", "Y"), strict=True):
            at = {"variable": variable, "window": window, "arm": arm, "measure": "below_limit"}
            count, total = (one(results, **at, stat=stat).value for stat in ("count", "total"))
            assert numbers(cell.text) == pytest.approx([count, total, round(100 * count / total, 1)], abs=0.0501)


def test_detected_are_the_rows(results, table):
    for line, window in zip(lines(table, "VIRUS", 1), VISITS, strict=True):
        for cell, arm in zip(line.cells[1:3], ("X", "Y"), strict=True):
            at = {"variable": "VIRUS", "window": window, "arm": arm, "measure": "proportion", "level": "detected"}
            assert numbers(cell.text)[:2] == [one(results, **at, stat=stat).value for stat in ("count", "total")]


@pytest.mark.parametrize("variable", list(MAIN))
def test_contrasts_are_the_rows(results, table, variable):
    found = lines(table, variable, int(variable == "VIRUS"))
    assert {cell.text for cell in found[0].cells[3:]} == {"–"}
    for line, window in zip(found[1:], VISITS[1:], strict=True):
        measure = "odds_ratio" if variable == "VIRUS" else "mean_ratio"
        at = {"variable": variable, "window": window, "block": MAIN[variable]}
        told = [one(results, **at, measure=measure, stat=stat).value for stat in ("estimate", "ci_low", "ci_high")]
        assert numbers(line.cells[3].text) == pytest.approx(told, abs=0.00501)
        p = one(results, **at, measure=measure, stat="p_value").value
        q = one(results, **at, measure="limit_contrast_adjusted", stat="p_value").value
        assert [numbers(cell.text)[0] for cell in line.cells[4:6]] == pytest.approx([p, q], abs=0.000501)
        if variable == "LOGM":
            other = {**at, "block": "cut-off", "measure": measure}
            told = [one(results, **other, stat=stat).value for stat in ("estimate", "ci_low", "ci_high")]
            assert numbers(line.cells[6].text) == pytest.approx(told, abs=0.00501)
        else:
            assert line.cells[6].text == "–"


def test_heads_of_markers_tell_shares_and_models(results, table):
    heads = [row for row in table.rows if row.kind == "group"]
    assert len(heads) == 4
    now = one(results, variable="LEVEL", window="", measure="below_limit", arm="all", stat="estimate").value
    words = heads[1].cells[0].text.replace(FIGURE_SPACE, "")
    assert words.endswith("Cut off at the limit, ratio of geometric means")
    assert numbers(words) == pytest.approx([100 * now, 30.0], abs=0.0501)
    assert heads[2].cells[0].text.endswith("Yes or no, odds ratio of detection")
    assert heads[3].cells[0].text == "Virus: detected"
    assert all(row.cells[0].colspan == 7 for row in heads)


def test_every_letter_is_explained(table):
    notes = [note.text for note in table.notes]
    for sentence in (AT_BASELINE, NO_OTHER, OTHER_ROUTE):
        assert any(sentence in note for note in notes), sentence
    assert "nan" not in str(parsed(table).text_content()).lower()


def test_who_is_in_the_models_and_who_is_not(results, table):
    for variable in MAIN:
        line = [row for row in table.rows if row.scope == variable][-1]
        at = {"variable": variable, "measure": "observed", "level": "modelled"}
        assert numbers(line.cells[1].text) == [
            one(results, **at, arm="X", stat=stat).value for stat in ("count", "total")
        ]
    assert any("Not in the models: " in note.text for note in table.notes) == any(
        row.measure == "not_evaluable" and row.value > 0 for row in results.rows
    )


def test_numbers_carry_the_keys_of_their_rows(results, table):
    keys = {row.key for row in results.rows}
    spans = [span for span in spans_of(parsed(table)) if span.get("key")]
    assert len(spans) > 100
    assert {span["key"] for span in spans} <= keys


def test_without_arms_no_column_of_contrasts(hidden):
    made = tabulate(summarize_detection(pool_arms(hidden), BELOW), TABLE)
    assert [cell.text for cell in made.header] == ["n / N (%) by visit", "All participants"]
    assert not made.spanners
    text = " ".join(word for line in lines_of(made) for word in line)
    assert "In the models" not in text
    assert "arm" not in " ".join(note.text for note in made.notes).lower().split()


def test_what_cannot_be_estimated_is_not_printed_as_a_number(detected):
    made = tabulate(summarize_detection(detected, BELOW), TABLE)
    assert [cell.text for cell in lines(made, "VIRUS", 1)[1].cells[3:6]] == ["NE"] * 3
    assert any("All outcomes are the same." in note.text for note in made.notes)


def test_without_a_sensitivity_analysis_no_column_for_it(crowd):
    entry = replace(BELOW, markers=BELOW.markers[1:], df_method="")
    made = tabulate(summarize_detection(crowd, entry), TABLE)
    assert [cell.text.replace("\u00a0", " ") for cell in made.header] == ["Main model (95% CI)", "p", "q"]

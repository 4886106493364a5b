"""Every printed number names its row, and no digit is printed without an origin."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from lxml import html
from tabled import parsed, spans_of

from npcstats.errors import ResultsError
from npcstats.results import Results
from npcstats.tables import (
    Table,
    biomarker_table,
    printed_text,
)


def without_spans(cell: html.HtmlElement) -> str:
    """What a cell prints outside any span that names an origin."""
    return re.sub(r"<span [^>]*>.*?</span>", "", html.tostring(cell, encoding="unicode").split(">", 1)[1])


def test_every_span_prints_what_its_origin_says(table: Table, results: Results) -> None:
    spans = spans_of(parsed(table))
    assert len(spans) > 5
    for span in spans:
        assert printed_text(results, span, code=span["text"]) == span["text"]


def test_every_number_of_a_row_carries_its_key(table: Table, results: Results) -> None:
    keys = [span["key"] for span in spans_of(parsed(table)) if "key" in span]
    assert len(keys) > 3
    assert set(keys) <= set(results.by_key)


def test_no_digit_is_printed_without_an_origin(table: Table) -> None:
    cells = [cell for tag in ("td", "th") for cell in parsed(table).iter(tag)]
    assert not [cell.text_content() for cell in cells if re.search(r"\d", without_spans(cell))]


def test_printed_text_refuses_a_key_that_is_not_there(by_arm: Results) -> None:
    with pytest.raises(ResultsError, match="no row has the key"):
        printed_text(by_arm, {"key": "os|SAF", "style": "count"})
    with pytest.raises(ResultsError, match="names no row"):
        printed_text(by_arm, {"column": "variable"}, code="Nothing of the kind")


def test_units_are_raised(by_arm: Results) -> None:
    units = {**by_arm.catalogue.analyses["biomarkers"].units, "ALC": "10^9/L"}
    entry = replace(by_arm.catalogue.analyses["biomarkers"], units=units)
    catalogue = replace(by_arm.catalogue, analyses={**by_arm.catalogue.analyses, "biomarkers": entry})
    raised = Results(by_arm.rows, catalogue)
    table = biomarker_table(raised, "biomarkers", variables=("ALC",))
    assert table.rows[0].cells[0].text.startswith("Lymphocyte count, 10⁹/L: ")
    for span in spans_of(parsed(table)):
        assert printed_text(raised, span, code=span["text"]) == span["text"]

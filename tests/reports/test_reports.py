"""What a board relies on: a printed number says what the row of its key says; the open report unblinds nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from lxml import html
from pypdf import PdfReader

from npcstats.tables import printed_text

MASK = Path(__file__).parents[2] / "data" / "synthetic" / "mask.json"
REPORTS = ("dsmb-closed", "dsmb-open", "dsmb-unmasked", "final", "manuscript")
ORIGINS = ("key", "catalogue", "column", "value", "listing")
RUNNING = {"quarto-xref", "npc-facts", "npc-footer"}  # a reference's number; what the run says of itself
NUMBERED = re.compile(r"^\s*(Figure|Table)\s*\d+:?\s*")
ARM_WORDS = re.compile(r"\b(arm|arms|IMPT|VMAT|IMRT|TOMO|RBE|PROTON|PHOTON)\b", re.IGNORECASE)


def _main(page: str):
    return html.fromstring(page.encode()).find(".//main")


def _origin(element) -> dict[str, str]:
    return {name: element.get(f"data-{name}", "") for name in (*ORIGINS, "style")}


def _session(made, report: str) -> str:
    return made.plan.report(report).session


@pytest.mark.parametrize("report", REPORTS)
def test_every_key_prints_its_row(made, report):
    """Formatting the row, or looking up the words, that a span names gives the text that the span prints."""
    results = made.results[_session(made, report)]
    spans = [e for e in _main(made.pages[report]).iter("span") if any(e.get(f"data-{name}") for name in ORIGINS)]
    wrong = []
    for span in spans:
        text = span.text_content().replace("\n", " ")  # a long note is lines of HTML
        if printed_text(results, _origin(span), code=text) != text:
            wrong.append((text, _origin(span)))
    assert wrong == []
    assert sum(bool(span.get("data-key")) for span in spans) > 100


@pytest.mark.parametrize("report", REPORTS)
def test_no_digit_without_an_origin(made, report):
    """Outside caption numbers and cross-references, a digit stands inside a span that names its origin."""
    stray = []
    for element in _main(made.pages[report]).iter():
        if not isinstance(element.tag, str) or element.tag in ("style", "script", "svg", "path"):
            continue
        inside = [element, *element.iterancestors()]
        if any(e.get(f"data-{name}") for e in inside for name in ORIGINS) or any(_exempt(e) for e in inside):
            continue
        tails = [child.tail or "" for child in element]
        for text in (element.text or "", *tails):
            if re.search(r"\d", NUMBERED.sub("", text)):
                stray.append(f"{element.tag}: {text.strip()[:60]}")
    assert stray == []


def _exempt(element) -> bool:
    classes = (element.get("class") or "").split()
    return (
        element.tag in ("svg", "nav", "header")
        or element.get("id") == "title-block-header"
        or not RUNNING.isdisjoint(classes)
    )


def test_open_report_holds_nothing_by_arm(made):
    """Neither the PDF's text nor the results folder of the open session tells anything by treatment."""
    text = "\n".join(page.extract_text() for page in PdfReader(made.pdf["dsmb-open"]).pages)
    design = made.plan.design
    for known in (design.title, design.short_title):
        text = text.replace(known, "")
    assert ARM_WORDS.findall(re.sub(r"\s+", " ", text)) == []
    results = made.results["open"]
    assert {row.arm for row in results.rows} == {"all"}
    assert {row.reference for row in results.rows} == {""}
    assert results.catalogue.arms == {}
    catalogue = json.loads((made.folder / "open" / "catalogue.json").read_text())
    assert ARM_WORDS.findall(json.dumps([catalogue["analyses"], catalogue["populations"]])) == []
    assert sorted(path.name for path in (made.folder / "open").iterdir()) == [
        "catalogue.json",
        "figures",
        "provenance.json",
        "results.csv",
    ]


def test_closed_report_is_masked(made):
    """The closed session knows letters, no modality; efficacy by arm is not in it."""
    results = made.results["closed"]
    assert set(results.catalogue.arms) == {"A", "B"}
    assert {row.arm for row in results.rows} == {"A", "B", "all"}
    assert {row.analysis for row in results.rows}.isdisjoint({"os", "pfs", "biomarkers"})
    told = (made.folder / "closed" / "provenance.json").read_text()
    assert json.loads(MASK.read_text())["salt"] not in told


@pytest.mark.parametrize("report", REPORTS)
def test_every_page_says_synthetic(made, report):
    """The mark of made data stands on every page of the PDF and in the HTML."""
    pages = PdfReader(made.pdf[report]).pages
    assert [i for i, page in enumerate(pages) if "SYNTHETIC DATA" not in page.extract_text()] == []
    assert "SYNTHETIC DATA" in made.pages[report]


@pytest.mark.parametrize("report", REPORTS)
def test_no_report_prints_a_missing_number(made, report):
    """No "nan", "None" or "0.000" reaches a page."""
    text = " ".join(page.extract_text() for page in PdfReader(made.pdf[report]).pages)
    assert re.findall(r"\b(nan|NaN|None|N/A|inf|0\.000)\b", text) == []


@pytest.mark.parametrize("report", REPORTS)
def test_results_travel_inside_the_pdf(made, report):
    """The PDF holds the very results and provenance that it was made from, and claims PDF/A."""
    reader = PdfReader(made.pdf[report])
    folder = made.folder / _session(made, report)
    for name in ("results.csv", "provenance.json"):
        assert reader.attachments[name][0] == (folder / name).read_bytes()
    assert b"pdfaid" in reader.xmp_metadata.stream.get_data()

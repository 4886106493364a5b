"""Documents with what Quarto 1.9.38 made of them: the built-in renderer makes the same facts.

`cases/NAME` holds a document and, under `expected`, facts recorded from Quarto's output by an independent script: text
of the PDF, of the page and of the Word file, and structure (headings, figures, tables, notes ...) of the page.
Text is compared as words. Where this renderer does otherwise on purpose, `DEVIATIONS` says so and why.
"""

from __future__ import annotations

import datetime
import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
import pytest
from page_facts import (
    docx_paragraphs,
    docx_title,
    facts_from_html,
    page_geometry,
    pages_of,
    run_command,
    squash,
    strip_furniture,
    to_html,
)

from npcstats.documents import output_folder, read_value_file, read_values, render_document
from npcstats.documents.pandoc import run_pandoc
from npcstats.errors import DocumentError, SpecError

CASES = Path(__file__).parent / "cases"
DATE = datetime.date(2026, 1, 1)
SUFFIX = {"typst": ".pdf", "html": ".html", "docx": ".docx"}
OWN = {"expected", "case.json"}
# Slow because their cells import pandas or matplotlib, or because each of many documents starts a kernel.
SLOW = {"errors", "figure-matplotlib", "figure-subcaptions", "long-table", "table-great-tables", "table-pandas"}


@dataclass(frozen=True)
class Deviation:
    """Where this renderer does otherwise on purpose: in which runs, what it does, and Quarto's own words on it."""

    runs: tuple[str, ...]
    does: str
    page: str
    words: str


DEVIATIONS = (
    Deviation(
        ("crossref-styles",),
        "a reference to nothing is an error, where Quarto warns and prints `?@fig-nowhere`; the line is taken out here",
        "Cross References",
        "requires a label",
    ),
    Deviation(
        ("errors/unknown-cell-option",),
        "an unknown cell option is an error, where Quarto passes over it: a misspelt one changes a report unnoticed",
        "Execution Options",
        "options available for customizing output",
    ),
    Deviation(
        ("citations/unknown-key",),
        "a citation that is in no bibliography is an error in every format, as in Quarto's PDF; its page goes on",
        "Citations",
        "bibliographic data source",
    ),
    Deviation(
        ("callouts", "crossref-custom-lang"),
        "callouts have no icon, whose glyphs are private characters of a font that is not shipped",
        "Callout Blocks",
        "suppress the icon",
    ),
)
UNKNOWN = re.compile(r"Unknown \S+ and \S+\. ")


def runs_of(case: Path) -> list[dict[str, Any]]:
    """The runs that a case file lists."""
    listed: list[dict[str, Any]] = json.loads(case.read_text(encoding="utf-8")).get("runs", [{}])
    return listed


def runs() -> list[Any]:
    """Every run of every case, the slow ones marked."""
    out = []
    for case in sorted(CASES.glob("*/case.json")):
        for run in runs_of(case):
            name = "/".join(filter(None, (case.parent.name, run.get("id"))))
            marks = [pytest.mark.slow] if case.parent.name in SLOW else []
            if name not in ("errors/unknown-cell-option", "citations/unknown-key"):
                out.append(pytest.param(case.parent, run, id=name, marks=marks))
    return out


@pytest.mark.parametrize(("case", "run"), runs())
def test_same_facts_as_quarto(
    case: Path, run: dict[str, Any], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Each format fails where Quarto's failed; else its text and structure are the same."""
    expected = case / "expected" / run.get("id", "")
    facts = json.loads((expected / "facts.json").read_text(encoding="utf-8"))
    source = copy_case(case, run, tmp_path)
    good = tuple(kind for kind, code in facts["exit_code"].items() if code == 0)
    for kind in set(facts["exit_code"]) - set(good):
        with pytest.raises((DocumentError, SpecError)):
            render(source, (run.get("to", kind),), run)
    if not good:
        return
    made = render(source, good, run)
    assert {kind: str(path.relative_to(tmp_path)) for kind, path in made.items()} == {
        kind: facts["output"][kind] for kind in good
    }
    if "typst" in made:
        compare_pdf(made["typst"], expected, facts)
    if "html" in made:
        compare_html(made["html"], expected, facts)
    if "docx" in made:
        compare_docx(made["docx"], expected, facts)
    compare_warnings(caplog.messages, facts)


def test_few_deviations_each_of_a_run() -> None:
    """At most five, and each names runs that exist and quotes a page of Quarto's documentation."""
    names = {
        "/".join(filter(None, (c.parent.name, r.get("id")))) for c in CASES.glob("*/case.json") for r in runs_of(c)
    }
    assert len(DEVIATIONS) <= 5
    for deviation in DEVIATIONS:
        assert set(deviation.runs) <= names
        assert deviation.page
        assert deviation.words


@pytest.mark.slow
def test_an_unknown_cell_option_is_refused(tmp_path: Path) -> None:
    """Quarto accepts it silently; a misspelt option must not change a report unnoticed."""
    source = copy_case(CASES / "errors", {"input": "unknown-cell-option.qmd"}, tmp_path)
    with pytest.raises(DocumentError, match="cell option ecoh, my-note is not supported"):
        render(source, ("html",), {})


@pytest.mark.parametrize("kind", ["typst", "html", "docx"])
def test_a_citation_in_no_bibliography_is_refused(kind: str, tmp_path: Path) -> None:
    """Its line is named before anything runs."""
    source = copy_case(CASES / "citations", {"input": "unknown-key.qmd"}, tmp_path)
    with pytest.raises(DocumentError, match=r"unknown-key\.qmd:6: citation nobody1999 is in no bibliography"):
        render(source, (kind,), {})


# ---------------------------------------------------------------------------------------------- rendering


def copy_case(case: Path, run: dict[str, Any], folder: Path) -> Path:
    """A fresh copy of a case; returns its document."""
    for item in case.iterdir():
        if item.name not in OWN:
            (shutil.copytree if item.is_dir() else shutil.copy2)(item, folder / item.name)
    source = folder / run.get("input", "doc.qmd")
    if case.name == "crossref-styles":
        text = source.read_text(encoding="utf-8")
        assert UNKNOWN.search(text)
        source.write_text(UNKNOWN.sub("", text), encoding="utf-8")
    return source


def render(source: Path, formats: tuple[str, ...], run: dict[str, Any]) -> dict[str, Path]:
    """Render a case where Quarto would put it."""
    parameters: dict[str, object] = {}
    arguments = iter(run.get("args", ()))
    for argument in arguments:
        value = next(arguments)
        given = read_values([value], "-P") if argument == "-P" else read_value_file(source.parent / value)
        parameters.update(given)
    made = render_document(
        source,
        formats=formats,
        output_dir=output_folder(source),
        engine="builtin",
        parameters=parameters,
        source_date=DATE,
    )
    return dict(zip(formats, made, strict=True))


# ---------------------------------------------------------------------------------------------- comparing


def letters(text: str) -> str:
    """All printed characters in order, without space, hyphenation, page furniture and icons."""
    text = re.sub(r"[\ue000-\uf8ff]|(?<=\s)!(?=\s)", "", text)
    text = re.sub(r"(?: ?\.){3,}[ \u2060]*", "", text)
    return re.sub(r"\s+", "", text.replace("\u00ad", ""))


def as_words(text: str) -> list[str]:
    """Words without the characters that draw tables and pictures."""
    found = (word for word in squash(text).split(" ") if not re.fullmatch(r"[-=+|:_\[\]~]*", word))
    return [UNKNOWN.sub("", word) for word in found]


def compare_pdf(path: Path, expected: Path, facts: dict[str, Any]) -> None:
    """Words in order and the size of the pages."""
    wanted = (expected / "typst.txt").read_text(encoding="utf-8")
    wanted = UNKNOWN.sub("", squash(wanted).replace("?@tbl- missing", "?@tbl-missing"))
    pages = pages_of(run_command("pdftotext", "-layout", str(path), "-"))
    text = "\n\n".join(strip_furniture(pages))
    assert letters(text) == letters(wanted)
    boxes = page_geometry(path)
    assert abs(len(boxes) - len(facts["pdf_pages"])) <= 1
    assert {tuple(box[:2]) for box in boxes} == {tuple(box[:2]) for box in facts["pdf_pages"]}
    assert abs(boxes[0][2] - facts["pdf_pages"][0][2]) <= 1


def compare_html(path: Path, expected: Path, facts: dict[str, Any]) -> None:
    """Structure by structure, then the words."""
    found, main = facts_from_html(path.read_text(encoding="utf-8"))
    wanted = {**facts, "unresolved": []}
    assert {key: found[key] for key in found} == {key: wanted[key] for key in found}
    text = run_pandoc(["-f", "html", "-t", "plain", "--columns=200"], to_html(main))
    known = UNKNOWN.sub("", squash((expected / "html.txt").read_text(encoding="utf-8")))
    assert as_words(text) == as_words(known)


def compare_docx(path: Path, expected: Path, facts: dict[str, Any]) -> None:
    """Paragraph by paragraph, the title block, and the words as Pandoc reads them.

    Quarto lays a float into a table of one cell, in which Word repeats no head; Pandoc loses some of what lies in such
    tables (callouts, captions). So each word that it reads of Quarto's file comes in its order in ours, and what ours
    has beyond them is in Quarto's paragraphs too.
    """
    wanted = (expected / "docx-paragraphs.txt").read_text(encoding="utf-8")
    assert docx_paragraphs(path) == [UNKNOWN.sub("", line) for line in wanted.splitlines()]
    assert docx_title(path) == facts["docx_title"]
    known = docx_words(UNKNOWN.sub("", squash((expected / "docx.txt").read_text(encoding="utf-8"))))
    found = iter(docx_words(docx_text(path)))
    beyond = []
    for word in known:
        while (ours := next(found, None)) != word:
            assert ours is not None, f"{word} of Quarto's file does not come in its place"
            beyond.append(ours)
    assert {*beyond, *found} <= {*docx_words(wanted), "-"}


def docx_text(path: Path) -> str:
    """Plain text of a Word file as Pandoc reads it, with captions where they stand: it would move or drop them."""
    document = docx.Document(str(path))
    space = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    for style in document.element.body.iter(f"{space}pStyle"):
        if style.get(f"{space}val") in ("TableCaption", "ImageCaption", "CaptionedFigure"):
            style.set(f"{space}val", "BodyText")
    plain = path.with_suffix(".plain.docx")
    document.save(str(plain))
    return run_pandoc(["-f", "docx", "-t", "plain", "--columns=200", str(plain)], "")


def docx_words(text: str) -> list[str]:
    """Words without boxes of tasks, descriptions of pictures and the characters that draw tables."""
    kept = re.sub(r"\[(?!\d+\])[^\[\]]*\]|[\u2610\u2612]", " ", text)
    return [word for word in squash(kept).split(" ") if not re.fullmatch(r"[-=+|:_~]*", word)]


def compare_warnings(messages: list[str], facts: dict[str, Any]) -> None:
    """What Quarto warned of, references to nothing apart, is warned of: metadata that are not there."""
    told = {line for lines in facts["stderr_pattern"].values() for line in lines if line.startswith("WARNING")}
    keys = {found[1] for line in told if (found := re.search(r"meta key (\S+)", line))}
    warned = [re.search(r"unknown meta key ([^;]+);", text) for text in messages]
    assert {found[1] for found in warned if found} == keys
    assert len(messages) == len(keys)

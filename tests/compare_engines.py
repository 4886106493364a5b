"""Renders every report in every format with Quarto and with the built-in renderer, and prints where they differ.

Needs a Quarto on PATH and the results of `nox -s results`; the run is given words of its own, so that nothing may
differ, not even the renderer's name. Pages are compared as text, Word files by the XML of their body.
"""

from __future__ import annotations

import datetime
import difflib
import html
import re
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from lxml import etree
from pypdf import PdfReader

from npcstats.documents import PlainText, render_document
from npcstats.documents.quarto import quarto_path
from npcstats.errors import DocumentError

ROOT = Path(__file__).parents[1]
GIVEN = {
    "trial": "Trial", "confidentiality": "CLOSED", "cutoff": "Cut-off of *all*", "results-hash": "Results",
    "version": "1",
    "renderer": "one of two renderers", "data-mark": "SYNTHETIC DATA", "registry": "Registry",
}  # fmt: skip
SHOWN = 20
SESSION = re.compile(r'open_results\("([a-z-]+)"\)')


def read_pdf(path: Path) -> list[str]:
    """Lines of the pages, and the names of what is attached."""
    reader = PdfReader(path)
    return [line for page in reader.pages for line in page.extract_text().splitlines()] + sorted(reader.attachments)


def read_html(path: Path) -> list[str]:
    """Blocks of text, with the descriptions of pictures; a script is none of it."""
    text = re.sub(r"\s+", " ", path.read_text(encoding="utf-8"))
    text = re.sub(r"<(style)\b.*?</\1>|<head\b.*?</head>", "", text)
    text = re.sub(r"<img\b[^>]*? alt=\"([^\"]*)\"[^>]*>", r"[\1]", text)
    blocks = r"</?(?:p|div|li|h\d|tr|td|th|figcaption|table|thead|tbody|tfoot|nav|ul|section|figure|br)\b[^>]*>"
    parts = html.unescape(re.sub(r"<(?!/?script)[^>]*>", "", re.sub(blocks, "\n", text))).split("\n")
    return [" ".join(part.split()) for part in parts if part.strip()]


def read_docx(path: Path) -> list[str]:
    """Lines of the body's XML; a picture's height depends on the form in which it was at hand."""
    with zipfile.ZipFile(path) as archive:
        tree = etree.fromstring(archive.read("word/document.xml"), etree.XMLParser(remove_blank_text=True))
    return re.sub(r' cy="\d+"', "", etree.tostring(tree, pretty_print=True, encoding="unicode")).splitlines()


READERS: dict[str, Callable[[Path], list[str]]] = {"pdf": read_pdf, "html": read_html, "docx": read_docx}


def compare(source: Path, kind: str, folder: Path) -> list[str]:
    """Lines that only one of the two engines wrote, or what one of them said instead of writing."""
    texts = []
    for engine in ("builtin", "quarto"):
        try:
            (made,) = render_document(
                source,
                formats=(kind,),
                output_dir=folder / engine,
                engine=engine,
                metadata={key: PlainText(text) for key, text in GIVEN.items()},
                environment={"NPCSTATS_RESULTS": str(ROOT / "analysis" / "results")},
                source_date=datetime.date(2031, 6, 30),
            )
        except DocumentError as error:
            return [f"{engine}: {error}"]
        texts.append(READERS[kind](made))
    return [line for line in difflib.unified_diff(*texts, lineterm="", n=0) if line[:2] not in ("--", "++", "@@")]


def main() -> int:
    """Compare, print a line for each document, and say by the exit code whether all are the same."""
    if quarto_path() is None:
        print("No quarto on PATH: there is nothing to compare the built-in renderer with.")
        return 0
    worst = 0
    with tempfile.TemporaryDirectory() as folder:
        for source in sorted((ROOT / "reports").glob("*.qmd")):
            session = SESSION.search(source.read_text(encoding="utf-8"))
            if session and not (ROOT / "analysis" / "results" / session[1]).is_dir():
                print(f"{source.stem}: no results of session {session[1]} are stored")
                continue
            for kind in READERS:
                found = compare(source, kind, Path(folder))
                said = f"{source.stem}.{kind}: {len(found) or 'no'} lines differ"
                print(said, *found[:SHOWN], sep="\n  ", flush=True)
                worst = max(worst, int(bool(found)))
    return worst


if __name__ == "__main__":
    sys.exit(main())

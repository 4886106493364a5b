"""Documents rendered from a text, and what is read back from the page, the PDF and the Word file."""

from __future__ import annotations

import datetime
import subprocess
from pathlib import Path

import docx
from lxml import html as lxml_html

from npcstats.documents import render_document

DATE = datetime.date(2026, 1, 1)
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20"/></svg>'


def write(folder: Path, text: str, name: str = "doc.qmd") -> Path:
    """Write a document."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def render(folder: Path, text: str, *formats: str) -> dict[str, Path]:
    """Render a document's text, with a picture beside it."""
    (folder / "p.svg").write_text(PICTURE, encoding="utf-8")
    made = render_document(
        write(folder, text), formats=formats, output_dir=folder / "out", engine="builtin", source_date=DATE
    )
    return dict(zip(formats, made, strict=True))


def page(folder: Path, text: str) -> lxml_html.HtmlElement:
    """The page of a document's text."""
    return lxml_html.fromstring(render(folder, text, "html")["html"].read_text(encoding="utf-8"))


def words(node: lxml_html.HtmlElement) -> str:
    """Text of an element on one line."""
    return " ".join(node.text_content().replace("\u00a0", " ").split())


def texts(root: lxml_html.HtmlElement, path: str) -> list[str]:
    """Texts of the elements that an XPath finds."""
    return [words(node) for node in root.xpath(path)]


def pdf_words(path: Path) -> str:
    """Words of a PDF on one line."""
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True)
    return " ".join(done.stdout.replace("\u00a0", " ").split())


def word_lines(path: Path) -> list[str]:
    """Paragraphs of a Word file's body that say something."""
    lines = (p.text.replace("\u00a0", " ").strip() for p in docx.Document(str(path)).paragraphs)
    return [line for line in lines if line]

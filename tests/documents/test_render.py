"""What a reader finds in the three files of one report, rendered once in a copy of the project."""

from __future__ import annotations

import datetime
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from lxml import html as lxml_html
from pypdf import PdfReader

from npcstats.display.anatomy import Cell, Piece, Table, TableRow
from npcstats.documents import render_document

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
DATE = datetime.date(2027, 6, 30)
METADATA = {
    "trial": "NCT07232680 · Nasopharyngeal carcinoma",
    "registry": "NCT07232680",
    "report-type": "Meeting 3",
    "confidentiality": "CLOSED SESSION · CONFIDENTIAL",
    "cutoff": "Cut-off 30 Jun 2027",
    "results-hash": "Results 5f2c…91ab",
    "version": "npcstats 0.1.0",
    "data-mark": "SYNTHETIC DATA",
}


@dataclass(frozen=True)
class Rendered:
    """The three files of one render."""

    pdf: Path
    html: Path
    docx: Path


def copy_project(folder: Path) -> Path:
    """A project with the real theme and the test report; returns the report's path."""
    shutil.copy(ROOT / "_quarto.yml", folder / "_quarto.yml")
    shutil.copytree(ROOT / "reports" / "_theme", folder / "reports" / "_theme")
    for name in ("report.qmd", "_setup.qmd"):
        shutil.copy(HERE / name, folder / "reports" / name)
    return folder / "reports" / "report.qmd"


def render(source: Path, output: Path) -> Rendered:
    """Render the report to its three formats."""
    made = render_document(
        source,
        formats=("pdf", "html", "docx"),
        output_dir=output,
        engine="builtin",
        metadata=METADATA,
        source_date=DATE,
    )
    return Rendered(*made)


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """The report in PDF, HTML and Word."""
    folder = tmp_path_factory.mktemp("first")
    return render(copy_project(folder), folder / "out")


@pytest.fixture(scope="session")
def pages(rendered: Rendered) -> list[str]:
    """Text of each page of the PDF, white space collapsed."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(rendered.pdf).pages]


@pytest.fixture(scope="session")
def page(rendered: Rendered) -> lxml_html.HtmlElement:
    """Root of the HTML file."""
    return lxml_html.fromstring(rendered.html.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def word(rendered: Rendered) -> docx.document.Document:
    """The Word file."""
    return docx.Document(str(rendered.docx))


def test_every_pdf_page_says_what_it_is(pages: list[str]) -> None:
    """Data mark, confidentiality, cut-off and page x of y stand on each page."""
    assert len(pages) >= 4
    for number, text in enumerate(pages, start=1):
        assert METADATA["data-mark"] in text
        assert METADATA["confidentiality"] in text
        assert METADATA["cutoff"] in text
        assert f"Page {number} of {len(pages)}" in text


def test_pdf_prints_numbers_of_floats_and_sections(pages: list[str]) -> None:
    """References carry the numbers of document order; inline values and their units are printed."""
    text = " ".join(pages)
    assert "12.3% had an event, see Table 1, Table 2, Figure 1, Figure 2 and Section 1." in text
    assert "Table 1: Events by arm" in text
    assert "Figure 1: The curve, with limits" in text
    assert "a*b_c <LLOQ & 5 -- $x" in text
    assert "Only on paper." in text
    assert "Only on screen." not in text


def test_pdf_table_head_repeats_and_notes_stand_once(pages: list[str]) -> None:
    """Ninety rows take more than one page: the head on each of them, the note on the last."""
    holding = [text for text in pages if "Term 17" in text or "Term 90" in text]
    assert len(holding) == 2
    assert all("Class" in text for text in holding)
    assert ["NE: not estimable" in text for text in holding] == [False, True]


def tall_table(name: str, labels: list[tuple[str, int, str]]) -> str:
    """A table on a page of its own, with a head of two lines and notes of several: name, indent and group of rows."""
    spanners = (Cell((Piece("Term"),), rowspan=2), Cell((Piece("Both"),), colspan=2))
    header = (Cell((Piece("Group"),)), Cell((Piece("Value"),)))
    rows = tuple(
        TableRow((Cell((Piece(words),), indent=depth), Cell((Piece(group),)), Cell((Piece("1.0"),))))
        if depth
        else TableRow((Cell((Piece("Heading"),), colspan=3),), "group")
        for words, depth, group in labels
    )
    notes = (Cell((Piece(f"Note of {name}. " * 30),), colspan=3),)
    made = Table(name, "", spanners, header, rows, notes, ("left", "left", "right"), (20.0, 20.0, 10.0))
    return f"::: {{#tbl-{name}}}\n\n{made._repr_markdown_()}\nRows\n\n:::\n\n```{{=typst}}\n#pagebreak()\n```\n\n"


def pages_of(texts: list[str], pattern: str) -> dict[tuple[str, ...], set[int]]:
    """On which pages what a pattern finds stands."""
    found: dict[tuple[str, ...], set[int]] = {}
    for number, text in enumerate(texts):
        for match in re.finditer(pattern, text):
            found.setdefault(match.groups(), set()).add(number)
    return found


def test_pdf_keeps_the_lines_of_a_visit_and_the_last_rows_together(tmp_path: Path) -> None:
    """Tables longer than a page by little: the three arms of a visit are on one, and no last row stands alone.

    Not that of a group of six, nor one above the notes.
    """
    text = "---\ntitle: Breaks\nformat: typst\n---\n\n"
    sizes = {k: (19 + k // 3, k % 3) for k in range(12)}
    for k, (visits, others) in sizes.items():
        lines = [("" if arm else "Visit", 1 + bool(arm), f"x{k}v{j}a{arm}.") for j in range(visits) for arm in range(3)]
        text += tall_table(f"visits{k}", lines + [("Other", 1, f"x{k}o{j}a0.") for j in range(others)])
        text += tall_table(f"flat{k}", [("Row", 1, f"y{k}v{j}a0.") for j in range(56 + k)])
        groups = [("Row", int(j % 7 > 0), f"z{k}g{j // 7}.") for j in range(k, 84 + k)]
        text += tall_table(f"groups{k}", groups)
    source = copy_project(tmp_path)
    source.write_text(text)
    (made,) = render_document(source, formats=("pdf",), output_dir=tmp_path / "out", engine="builtin",
                              metadata=METADATA, source_date=DATE)  # fmt: skip
    texts = [page.extract_text() for page in PdfReader(made).pages]
    visits_at = pages_of(texts, r"x(\d+)v(\d+)a\d\.")
    assert len(visits_at) == sum(visits for visits, _ in sizes.values())
    assert {len(numbers) for numbers in visits_at.values()} == {1}
    assert len(set.union(*visits_at.values())) > 18
    for kind, sign in (("visits", "x"), ("flat", "y")):
        for k in sizes:
            ((number,),) = pages_of(texts, rf"(Note of {kind}{k}\.)").values()
            assert len(re.findall(rf"{sign}{k}[vo]\d+a", texts[number])) > 1
    of_groups = [[text.count(f"z{k}g{group}.") for text in texts] for k in sizes for group in range(2, 12)]
    broken = [[count for count in counts if count] for counts in of_groups if counts.count(0) < len(texts) - 1]
    assert {sum(counts) for counts in of_groups} == {6}
    assert len(broken) > 3
    assert [5, 1] not in broken


def test_pdf_holds_a_long_table_whose_cells_span_rows(tmp_path: Path) -> None:
    """As pandas writes an index of two levels: nothing is kept together, and no cell is lost."""
    rows = "".join(
        f"<tr>{'' if i % 2 else f'<td rowspan=2>g{i}.</td>'}<td>r{i}.</td><td>v{i}.</td></tr>" for i in range(40)
    )
    head = "<tr><th rowspan=2>A</th><th colspan=2>B</th></tr><tr><th>C</th><th>D</th></tr>"
    source = copy_project(tmp_path)
    table = f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>"
    source.write_text(f"---\ntitle: Spans\nformat: typst\n---\n\n```{{=html}}\n{table}\n```\n")
    (made,) = render_document(source, formats=("pdf",), output_dir=tmp_path / "out", engine="builtin",
                              metadata=METADATA, source_date=DATE)  # fmt: skip
    text = " ".join(page.extract_text() for page in PdfReader(made).pages)
    assert len(re.findall(r"\b[rv]\d+\.", text)) == 80
    assert len(re.findall(r"\bg\d+\.", text)) == 20


def test_pdf_states_the_given_date_and_holds_alternative_text(rendered: Rendered) -> None:
    """The file's date is the cut-off's, and the picture can be heard."""
    reader = PdfReader(rendered.pdf)
    assert reader.metadata is not None
    assert reader.metadata["/CreationDate"].startswith("D:20270630")
    assert reader.metadata["/Title"] == "Interim report"
    alternatives = [str(item.get("/Alt")) for item in _structure(reader.trailer["/Root"]["/StructTreeRoot"])]
    assert {"A curve that falls", "Two bars, the left higher"} <= set(alternatives)


def test_pdf_claims_access_for_all_and_long_life(rendered: Rendered) -> None:
    """The file says PDF/UA-1 and PDF/A-3a; the compiler refuses to say so of a file that is not."""
    packet = PdfReader(rendered.pdf).xmp_metadata
    assert packet is not None
    text = packet.stream.get_data().decode()
    assert re.search(r"pdfuaid:part>1<", text)
    assert re.search(r"pdfaid:part>3<", text)
    assert re.search(r"pdfaid:conformance>A<", text)


def test_landscape_section_lies_down_and_only_it(rendered: Rendered) -> None:
    """One page is wider than high."""
    boxes = [page.mediabox for page in PdfReader(rendered.pdf).pages]
    assert sum(box.width > box.height for box in boxes) == 1


def test_html_is_one_file_without_scripts(rendered: Rendered, page: lxml_html.HtmlElement) -> None:
    """Nothing is loaded: fonts, styles and pictures are inside."""
    text = rendered.html.read_text(encoding="utf-8")
    assert not page.findall(".//script")
    assert not re.search(r"""(?:src|href)=["'](?!data:|#)|url\((?!"?data:)""", text)
    assert text.count("font/woff2") == 5


def test_html_has_the_roles_of_quarto(page: lxml_html.HtmlElement) -> None:
    """main, floats, captions and references are found by Quarto's names."""
    main = page.find(".//main")
    assert main is not None
    captions = {
        figure.getparent().get("id"): " ".join(figure.find("figcaption").text_content().split())
        for figure in main.iter("figure")
    }
    assert captions == {
        "tbl-events": "Table 1: Events by arm",
        "fig-curve": "Figure 1: The curve, with limits",
        "fig-drawn": "Figure 2: Drawn by a cell",
        "tbl-listing": "Table 2: A long listing",
    }
    links = [a.text_content() for a in main.iter("a") if "quarto-xref" in (a.get("class") or "")]
    assert links == ["Table\u00a01", "Table\u00a02", "Figure\u00a01", "Figure\u00a02", "Section\u00a01"]
    assert [image.get("alt") for image in main.iter("img")][-1] == "Two bars, the left higher"


def test_html_keeps_the_key_of_every_number(page: lxml_html.HtmlElement) -> None:
    """Two inline values and 2 + 90 cells keep `data-key`."""
    keys = [item.get("data-key") for item in page.iter("span") if item.get("data-key")]
    assert keys.count("safety|all|risk") == 2
    assert sum(key.startswith("row|") for key in keys) == 92


def test_html_says_what_it_is(page: lxml_html.HtmlElement) -> None:
    """The banner and the last line hold the mark."""
    for name in ("npc-banner", "npc-footer"):
        (box,) = page.find_class(name)
        assert METADATA["data-mark"] in box.text_content()


def test_word_tables_are_native_and_their_heads_repeat(word: docx.document.Document) -> None:
    """Two header rows are marked to repeat; spans and notes are there; no row splits."""
    table = next(item for item in word.tables if len(item.rows) > 90)
    marked = [row._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in table.rows]
    assert marked == [True, True] + [False] * (len(table.rows) - 2)
    assert table.cell(0, 1)._tc is table.cell(0, 2)._tc
    assert table.cell(92, 0).text == "\u2003Term 90"
    assert table.cell(93, 0).text == "Safety set; NE: not estimable."
    assert all(row._tr.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in table.rows)


def test_word_header_and_footer_say_what_it_is(word: docx.document.Document) -> None:
    """Each section, the landscape one included, carries mark, cut-off and page fields."""
    assert len(word.sections) == 3
    for section in word.sections:
        head = section.header.paragraphs[0].text
        foot = section.footer.paragraphs[0]
        assert METADATA["data-mark"] in head
        assert METADATA["confidentiality"] in head
        assert METADATA["cutoff"] in foot.text
        codes = [item.text.strip() for item in foot._p.iter(qn("w:instrText"))]
        assert codes == ["PAGE", "NUMPAGES"]


def test_word_takes_the_png_of_a_bundle_in_its_own_size(word: docx.document.Document) -> None:
    """10 by 5 pixels at 2835 per metre are 10 by 5 points."""
    sizes = [(round(shape.width.pt), round(shape.height.pt)) for shape in word.inline_shapes]
    assert sizes == [(10, 5), (10, 5)]


def test_same_source_same_bytes(rendered: Rendered, tmp_path: Path) -> None:
    """Rendering in another folder changes no byte of any format."""
    other = tmp_path / "elsewhere" / "deep"
    other.mkdir(parents=True)
    again = render(copy_project(other), other / "out")
    assert again.html.read_bytes() == rendered.html.read_bytes()
    assert again.docx.read_bytes() == rendered.docx.read_bytes()
    assert again.pdf.read_bytes() == rendered.pdf.read_bytes()


def _structure(node: object) -> list[dict[str, object]]:
    """Every element of a PDF's structure tree."""
    found: list[dict[str, object]] = []
    waiting = [node]
    while waiting:
        item = waiting.pop()
        item = item.get_object() if hasattr(item, "get_object") else item
        if isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, dict):
            found.append(item)
            if "/K" in item:
                waiting.append(item["/K"])
    return found

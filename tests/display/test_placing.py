"""Figures and tables placed by name: number, caption, reference and alternative text in every format."""

from __future__ import annotations

import struct
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from drawn import FIGURES
from lxml import etree
from pypdf import PdfReader
from rendered import DATE, page, pdf_words, texts, word_lines

from npcstats.analyses.baseline.displays import Characteristics
from npcstats.display.specs import entry_of_display
from npcstats.documents import render_document
from npcstats.errors import DocumentError, ResultsError
from npcstats.results import Results, read_results, write_results
from npcstats.tables import show_figure, show_table

OS = replace(FIGURES["os"], name="os", title="Overall survival.", number="14.2.1")
BASELINE = Characteristics(
    name="baseline", title="Who they were", sessions=("final",), analysis="baseline", total=False, number="14.1.2"
)
ALT = "Kaplan–Meier curves of overall survival for each arm, with confidence bands, above the numbers at risk."
EMU = 914400
"""Word's units in an inch."""
DOCUMENT = """---
title: Placed
lang: en
format:
  typst:
    pdf-standard: ua-1
---

```{python}
#| include: false
from pathlib import Path
from npcstats.results import read_results
from npcstats.tables import show_figure, show_table
results = read_results(Path(%r))
```

Survival is in @fig-os, of those in @tbl-baseline.

```{python}
#| echo: false
show_table(results, "baseline")
```

```{python}
#| echo: false
show_figure(results, "os")
```
"""


def raster(width: int, height: int, per_metre: int) -> bytes:
    """A white PNG with its resolution, as the format lays out its chunks."""
    chunks = {
        b"IHDR": struct.pack(">II5B", width, height, 8, 0, 0, 0, 0),
        b"pHYs": struct.pack(">IIB", per_metre, per_metre, 1),
        b"IDAT": zlib.compress(b"".join(b"\0" + b"\xff" * width for _ in range(height))),
        b"IEND": b"",
    }
    laid = (struct.pack(">I", len(c)) + n + c + struct.pack(">I", zlib.crc32(n + c)) for n, c in chunks.items())
    return b"\x89PNG\r\n\x1a\n" + b"".join(laid)


@pytest.fixture
def folder(by_arm: Results, tmp_path: Path) -> Path:
    """A results folder with a table, and a figure whose raster is two by one inches at 600 dots per inch."""
    place = tmp_path / "its results"
    place.mkdir()
    told = {"figures": {"os": entry_of_display(OS)}, "tables": {"baseline": entry_of_display(BASELINE)}}
    write_results(replace(by_arm, catalogue=replace(by_arm.catalogue, **told)), place)
    (place / "figures").mkdir()
    drawn = '<svg xmlns="http://www.w3.org/2000/svg" width="144pt" height="72pt"><rect width="9" height="9"/></svg>'
    (place / "figures" / "os.svg").write_text(drawn, encoding="utf-8")
    (place / "figures" / "os.png").write_bytes(raster(1200, 600, 23622))
    return place


def rendered(folder: Path, kind: str) -> Path:
    """The document in one format."""
    source = folder.parent / "doc.qmd"
    source.write_text(DOCUMENT % str(folder), encoding="utf-8")
    out = folder.parent / "out"
    return render_document(source, formats=(kind,), output_dir=out, engine="builtin", source_date=DATE)[0]


def test_a_page_numbers_captions_refers_and_describes(folder: Path) -> None:
    root = page(folder.parent, DOCUMENT % str(folder))
    captions = texts(root, "//figcaption")
    assert captions[0] == "Table 1: Who they were"
    assert captions[1].startswith("Figure 1: Overall survival. Overall survival: time to the event.")
    assert captions[1].endswith("Bands: 95% CI; strokes: censored. Data cut-off 30 June 2027. Post hoc analysis.")
    assert texts(root, "//main//p[contains(., 'Survival is in')]") == ["Survival is in Figure 1, of those in Table 1."]
    (image,) = root.xpath("//*[@id='fig-os']//img")
    assert image.get("alt") == ALT
    assert image.get("src").startswith("data:image/svg+xml")
    assert len(root.xpath("//*[@id='tbl-baseline']//table")) == 1


def test_numbers_of_a_caption_keep_their_origin(folder: Path) -> None:
    root = page(folder.parent, DOCUMENT % str(folder))
    levels = root.xpath("//*[@id='fig-os']//figcaption//span[@data-style='conf_level']")
    assert [(span.text, bool(span.get("data-key"))) for span in levels] == [("95%", True)]


def test_a_pdf_numbers_captions_refers_and_describes(folder: Path) -> None:
    made = rendered(folder, "pdf")
    told = pdf_words(made)
    assert "Survival is in Figure 1, of those in Table 1." in told
    assert "Table 1: Who they were" in told
    assert "Figure 1: Overall survival. Overall survival: time to the event." in told
    reader = PdfReader(made)
    found = (reader.get_object(number) for number in range(1, len(reader.xref[0]) + 1))
    assert ALT in {str(item.get("/Alt")) for item in found if isinstance(item, dict)}


def test_word_shows_the_raster_at_its_size(folder: Path) -> None:
    made = rendered(folder, "docx")
    lines = word_lines(made)
    assert "Survival is in Figure 1, of those in Table 1." in lines
    assert "Table 1: Who they were" in lines
    assert any(line.startswith("Figure 1: Overall survival. Overall survival: time to") for line in lines)
    with zipfile.ZipFile(made) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
        (media,) = [name for name in archive.namelist() if name.startswith("word/media/")]
        assert archive.read(media) == (folder / "figures" / "os.png").read_bytes()
    (drawn,) = root.iter("{*}inline")
    assert drawn.find("{*}docPr").get("descr") == ALT
    size = drawn.find("{*}extent")
    assert (int(size.get("cx")), int(size.get("cy"))) == (2 * EMU, EMU)


def test_without_a_raster_word_shows_the_drawing(folder: Path) -> None:
    (folder / "figures" / "os.png").unlink()
    with zipfile.ZipFile(rendered(folder, "docx")) as archive:
        (drawn,) = etree.fromstring(archive.read("word/document.xml")).iter("{*}inline")
        (media,) = [name for name in archive.namelist() if name.startswith("word/media/")]
    assert drawn.find("{*}docPr").get("descr") == ALT
    assert media.endswith(".png")


def test_a_final_report_prints_the_number_with_its_origin(folder: Path) -> None:
    results = read_results(folder)
    study = {**results.catalogue.study, "numbered": "yes"}
    numbered = replace(results, catalogue=replace(results.catalogue, study=study))
    caption = show_figure(numbered, "os").caption
    assert str(caption).startswith("Overall survival (14.2.1). Overall survival: time to")
    assert [piece.catalogue for piece in caption.pieces if piece.text == "14.2.1"] == ["figures/os/number"]
    assert str(show_table(numbered, "baseline").caption) == "Who they were (14.1.2)"
    assert str(show_table(results, "baseline").caption) == "Who they were"


def test_what_the_session_lacks_is_refused_with_what_it_has(folder: Path, by_arm: Results) -> None:
    results = read_results(folder)
    with pytest.raises(ResultsError, match=r"^figure 'pfs': .* none of that name .*; one of os is required\.$"):
        show_figure(results, "pfs")
    with pytest.raises(ResultsError, match=r"^table 'os': .* none of that name .*; one of baseline is required\.$"):
        show_table(results, "os")
    with pytest.raises(ResultsError, match="read from a folder"):
        show_figure(replace(by_arm, catalogue=results.catalogue), "os")
    (folder / "figures" / "os.svg").unlink()
    with pytest.raises(ResultsError, match=r"no os\.svg; the figures of a run are required\."):
        show_figure(results, "os")


def test_a_catalogue_that_holds_a_figure_among_its_tables_is_refused(folder: Path) -> None:
    results = read_results(folder)
    catalogue = replace(results.catalogue, tables=results.catalogue.figures)
    with pytest.raises(ResultsError, match=r"^catalogue: table os is a KaplanMeier; the plan's table is required\.$"):
        show_table(replace(results, catalogue=catalogue), "os")


def test_a_renderer_may_want_pictures_beside_the_document(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside = tmp_path / "project" / "reports" / "pictures"
    beside.parent.mkdir(parents=True)
    monkeypatch.setenv("NPCSTATS_PICTURES", str(beside))
    told = show_figure(read_results(folder), "os")
    assert (told.vector, told.raster) == ("pictures/os.svg", "pictures/os.png")
    assert (beside / "os.png").read_bytes() == (folder / "figures" / "os.png").read_bytes()


def test_a_description_is_text_whatever_it_holds(folder: Path) -> None:
    told = replace(show_figure(read_results(folder), "os"), alt='A "b" <c> {{< meta d >}} \\e', raster="")
    assert 'fig-alt="A \\"b\\" &lt;c&gt; &#123;&#123;&lt; meta d &gt;}} \\\\e"' in told._repr_markdown_()


def test_a_reference_to_what_is_not_placed_is_refused(folder: Path) -> None:
    with pytest.raises(DocumentError, match=r"cross-reference to nothing \(1: @fig-pfs .*doc\.qmd:17"):
        page(folder.parent, (DOCUMENT % str(folder)).replace("@fig-os", "@fig-pfs"))

"""Floats, outputs of cells, wide pages and wide tables; expectations follow Quarto's documentation.

Each document is small; what its pages must say is derived by hand from the page of the documentation named in the test.
"""

from __future__ import annotations

import itertools
import logging
import subprocess
from pathlib import Path

import docx
import pypdf
import pytest
import rendered
from docx.oxml.ns import qn
from lxml import html as lxml_html
from rendered import PICTURE, pdf_words, words

from npcstats.documents.fitting import columns_of, fitted_widths, longest_words
from npcstats.documents.html_tables import native_tables
from npcstats.documents.pandoc import elements, read_tree
from npcstats.errors import DocumentError

DRAWS = f"from IPython.display import HTML, Markdown, SVG, display\nD = lambda: display(SVG('{PICTURE}'))\n"
ROWS = "| a |\\n|---|\\n| 1 |"


def render(folder: Path, text: str, *formats: str) -> list[Path]:
    """Render a document beside a picture, to files in the order of the formats."""
    return list(rendered.render(folder, text, *formats).values())


def page_of(path: Path) -> lxml_html.HtmlElement:
    """The root of a page."""
    return lxml_html.fromstring(path.read_text(encoding="utf-8"))


def word_lines(path: Path) -> list[str]:
    """Paragraphs of a Word file with the style of each, those in tables included."""
    return [
        f"{style.get(qn('w:val'))}: {''.join(t.text or '' for t in p.iter(qn('w:t')))}".replace("\u00a0", " ")
        for p in docx.Document(str(path)).element.body.iter(qn("w:p"))
        for style in p.iter(qn("w:pStyle"))
    ]


def cell(options: str, code: str) -> str:
    """A cell that does not show its code."""
    return f"```{{python}}\n#| echo: false\n{options}{code}\n```\n\n"


SETUP = cell("", DRAWS)


def test_a_part_has_the_number_of_its_whole_on_the_same_page(tmp_path: Path) -> None:
    """Cross References, subfigures: in PDF a captioned picture without label is counted, so the whole is Figure 2."""
    text = "![Plain](p.svg)\n\n::: {#fig-two layout-ncol=2}\n![L](p.svg){#fig-l}\n\n![R](p.svg){#fig-r}\n\nTwo\n:::\n\n"
    made = pdf_words(render(tmp_path, f"{text}See @fig-two, @fig-r, [panel -@fig-l].", "pdf")[0])
    assert "Figure 2: Two" in made
    assert "See Figure 2, Figure 2b, panel 2a." in made


def test_own_words_stand_before_a_number(tmp_path: Path) -> None:
    """Cross References, references: own words take the place of the kind; a capital key gives a capital word."""
    text = "---\ncrossref:\n  tbl-prefix: tab.\n---\n\n| a |\n|---|\n| 1 |\n\n: T {#tbl-a}\n\n"
    text += "See @tbl-a; @Tbl-a; [rows of *#* -@tbl-a]."
    pdf, html = render(tmp_path, text, "pdf", "html")
    assert "See tab. 1; Tab. 1; rows of # 1." in pdf_words(pdf)
    assert "See tab. 1; Tab. 1; rows of # 1." in words(page_of(html))


def test_labels_of_a_cell_s_own_markdown_are_known(tmp_path: Path) -> None:
    """Cross References, computations: what a loop prints as Markdown can be referred to, what nothing makes cannot."""
    loop = cell("#| output: asis\n", f'for s in "xy":\n    print("{ROWS}\\n\\n: T " + s + " {{#tbl-" + s + "}}\\n")')
    for path in render(tmp_path, f"{loop}See @tbl-y.", "pdf", "html"):
        assert "See Table 2." in (pdf_words(path) if path.suffix == ".pdf" else words(page_of(path)))
    with pytest.raises(DocumentError, match=r"cross-reference to nothing \(1: @tbl-z \(.*doc\.qmd:8\)\)"):
        render(tmp_path, f"{loop}See @tbl-z.", "html")


def test_captions_without_label_have_no_number(tmp_path: Path) -> None:
    """Tables, computations: a caption without label is printed as it is; one of several tables stands below them."""
    shows = "display(HTML('<table><tr><td>1</td></tr></table>')); " + f"display(Markdown('{ROWS}'))"
    text = SETUP + cell('#| tbl-cap: ["First *one*", "Second"]\n', shows) + cell("#| tbl-cap: Of both\n", shows)
    text += cell("#| fig-cap: [Drawn once, Drawn twice]\n", "D(); D()") + cell("#| fig-cap: Said of words\n", "3")
    pdf, html, word = render(tmp_path, text, "pdf", "html", "docx")
    page = page_of(html)
    assert [words(node) for node in page.xpath("//caption")] == ["First one", "Second"]
    assert [words(node) for node in page.xpath("//figcaption")] == ["Drawn once", "Drawn twice"]
    assert {"TableCaption: First one", "TableCaption: Second", "ImageCaption: Drawn twice"} <= {*word_lines(word)}
    for said in ("First one", "Second", "Of both", "Drawn once", "Drawn twice", "Said of words"):
        assert pdf_words(pdf).count(said) == words(page).count(said) == 1


def test_a_list_of_captions_makes_numbered_figures(tmp_path: Path) -> None:
    """Figures, layout: each picture has its caption, its number and a label that ends in `-1`, `-2`."""
    text = SETUP + cell("#| label: fig-two\n#| layout-ncol: 2\n#| fig-cap: [One, Two]\n", "D(); D()")
    pdf, html = render(tmp_path, f"{text}See @fig-two-1 and @fig-two-2.", "pdf", "html")
    for made in (pdf_words(pdf), words(page_of(html))):
        assert "Figure 1: One" in made
        assert "Figure 2: Two" in made
        assert "See Figure 1 and Figure 2." in made


def test_no_picture_is_lost_beyond_the_captions_of_parts(tmp_path: Path) -> None:
    """A third picture has a letter although only two parts have captions; what is printed between is no part."""
    text = SETUP + cell("#| label: fig-x\n#| fig-cap: W\n#| fig-subcap: [A, B]\n", "D(); print('between'); D(); D()")
    page = page_of(render(tmp_path, text, "html")[0])
    assert [words(node) for node in page.xpath("//figcaption")] == ["(a) A", "(b) B", "(c)", "Figure 1: W"]


def test_floats_side_by_side_without_a_label_of_their_own(tmp_path: Path) -> None:
    """Figures, layout: figures in a div that only lays them out have numbers of their own."""
    text = "::: {layout-ncol=2}\n![A](p.svg){#fig-a}\n\n![B](p.svg){#fig-b}\n:::\n\nSee @fig-b."
    pdf, html, word = render(tmp_path, text, "pdf", "html", "docx")
    assert "Figure 1: A Figure 2: B See Figure 2." in pdf_words(pdf)
    assert len(page_of(html).xpath('//div[@class="quarto-layout-cell"]//figure')) == 2
    assert "ImageCaption: Figure 2: B" in word_lines(word)


def test_a_fenced_echo_shows_the_options(tmp_path: Path) -> None:
    """Execution options, fenced echo: the fence and every option but the one that asks for it."""
    text = "```{python}\n#| echo: fenced\n#| lst-label: lst-a\n#| lst-cap: Code\n1 + 1\n```\n\nSee @lst-a."
    page = page_of(render(tmp_path, text, "html")[0])
    shown = page.xpath("//pre")[0].text_content()
    assert shown.splitlines() == ["```{python}", "#| lst-label: lst-a", "#| lst-cap: Code", "1 + 1", "```"]
    assert "Listing 1: Code" in words(page)


def test_a_size_in_a_cell_is_passed_over_with_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Figures, sizes: `fig-width` acts for a document of Python; in a cell Quarto passes over it."""
    caplog.set_level(logging.WARNING)
    render(tmp_path, cell("#| fig-width: 4\n#| out-width: 50%\n", "1"), "html")
    assert any(":1: fig-width, out-width in a cell of Python has no effect" in text for text in caplog.messages)


def test_mathematics_of_a_cell_is_set(tmp_path: Path) -> None:
    """LaTeX that an object shows of itself is mathematics, not code."""
    code = "class F:\n    def _repr_latex_(self): return '$x^2$'\nF()"
    assert page_of(render(tmp_path, cell("", code), "html")[0]).xpath('//span[@class="math inline"]')


def test_pages_lie_down(tmp_path: Path) -> None:
    """Article layout, landscape mode: the pages of a div of that class are turned, and no page is empty."""
    turn = "::: {{.landscape}}\n{}\n:::\n\n".format
    text = f"Up.\n\n{turn('Down.')}{turn('Again.')}Up again.\n\n{turn('Last.')}"
    pdf, word = render(tmp_path, text, "pdf", "docx")
    turned = [page.mediabox.width > page.mediabox.height for page in pypdf.PdfReader(pdf).pages]
    assert turned == [False, True, True, False, True]
    sections = docx.Document(str(word)).sections
    assert [(s.page_width or 0) > (s.page_height or 0) for s in sections] == [False, True, True, False, True]
    with pytest.raises(DocumentError, match=r"doc\.qmd:4: a div of class landscape within another, a list"):
        render(tmp_path, "Words.\n\n- ::: {.landscape}\n  Listed.\n  :::\n", "pdf")
    grouped = render(tmp_path, f"Up.\n\n:::: {{.group}}\n{turn('Down.')}\n::::\n", "pdf")[0]
    assert [page.mediabox.width > page.mediabox.height for page in pypdf.PdfReader(grouped).pages] == [False, True]


def test_a_character_without_glyph_is_named(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A PDF of a standard takes no font of the system; those given have no hieroglyphs."""
    text = "---\ntitle: T\nsubtitle: A \U00013000\npdf-standard: a-2b\n---\n\nWords \u2264 5."
    with pytest.raises(DocumentError, match=r"doc\.qmd:3: no font has a glyph for .*U\+13000, .*doc\.qmd:3"):
        render(tmp_path, text, "pdf")
    render(tmp_path, "Words \u2264 5.\n\nNot assigned: \U000e1234", "pdf")
    assert any("no font has a glyph for" in said and "U+E1234" in said and "qmd:3" in said for said in caplog.messages)
    caplog.clear()
    render(tmp_path, "Words \u2264 5 \u00b5g, \u03b2 \u2192 \u221e", "pdf")
    assert not caplog.messages


def test_a_font_that_is_not_there_is_warned_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Quarto's Typst says so, too."""
    render(tmp_path, "---\nmainfont: Nowhere Sans\n---\n\nWords.", "pdf")
    assert any("doc.qmd:2: unknown font family: nowhere sans" in text for text in caplog.messages)


def test_a_missing_picture_is_refused_with_its_line(tmp_path: Path) -> None:
    """In every format, in raw HTML where it is shown; one that is there is held by the page."""
    for kind in ("pdf", "html", "docx"):
        with pytest.raises(DocumentError, match=r"doc\.qmd:3: gone\.svg: no such file"):
            render(tmp_path, "Words.\n\n![A](gone.svg)\n", kind)
    with pytest.raises(DocumentError, match=r"doc\.qmd:1: gone\.svg: no such file"):
        render(tmp_path, '<img src="gone.svg">\n', "html")
    page = page_of(render(tmp_path, '<img src="p.svg">\n', "html")[0])
    assert page.xpath("//img/@src")[0].startswith("data:image/svg+xml;base64,")


def wide(columns: int) -> str:
    """A table of numbers of seven digits."""
    head, rule = "|".join(f"c{i}" for i in range(columns)), "|".join(["---"] * columns)
    return f"|{head}|\n|{rule}|\n|{'|'.join(['12345.6'] * columns)}|\n"


def test_numbers_of_a_wide_table_do_not_touch(tmp_path: Path) -> None:
    """Twenty columns: each number stands alone on the page; sixty are refused by the names of their columns."""
    pdf, word = render(tmp_path, wide(20), "pdf", "docx")
    boxes = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], capture_output=True, check=True).stdout.decode()
    found = [w for w in lxml_html.fromstring(boxes.encode()).iter("word") if w.text == "12345.6"]
    edges = [(float(w.get("xmin")), float(w.get("xmax"))) for w in found]
    assert len(edges) == 20
    assert all(left[1] < right[0] for left, right in itertools.pairwise(edges))
    table = docx.Document(str(word)).tables[0]
    size, width = table.cell(1, 0).paragraphs[0].runs[0].font.size, table._tbl.tblGrid.gridCol_lst[0].w
    assert size is not None
    assert 7 * 0.6 * size < width
    for kind in ("pdf", "docx"):
        with pytest.raises(DocumentError, match=r"columns c0, c1, c2, c3 \.\.\.: 60 columns have no room"):
            render(tmp_path, wide(60), kind)


def test_small_letters_are_no_smaller_than_they_must_be(tmp_path: Path) -> None:
    """Twenty columns that find their own widths: letters of five points at least, heads broken at their spaces."""
    cells = "".join(f"<td>{1000.5 * i}</td>" for i in range(1, 21))
    heads = "".join(f"<th>column number {i}</th>" for i in range(1, 21))
    pdf = render(tmp_path, f"<table><thead><tr>{heads}</tr></thead><tbody><tr>{cells}</tr></tbody></table>\n", "pdf")[0]
    boxes = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], capture_output=True, check=True).stdout
    found = {str(w.text): w for w in lxml_html.fromstring(boxes).iter("word")}
    # A digit is at least 0.45 of the size of its letters wide, a point 0.2.
    for number in ("1000.5", "20010.0"):
        width = float(found[number].get("xmax")) - float(found[number].get("xmin"))
        assert width >= 5 * (0.45 * (len(number) - 1) + 0.2)


def test_the_page_of_a_table_that_is_wider_still_lies_down(tmp_path: Path) -> None:
    """Thirteen long numbers have no room in letters of five points; where the page lies down they have."""
    rows = f"| {' | '.join('abcdefghijklm')} |\n{'|---' * 13}|\n| {' | '.join(['1234567890.123'] * 13)} |\n"
    pdf, word = render(tmp_path, f"Above.\n\n{rows}\n: Wide {{#tbl-wide}}\n\nBelow @tbl-wide.\n", "pdf", "docx")
    turned = [page.mediabox.width > page.mediabox.height for page in pypdf.PdfReader(pdf).pages]
    assert turned == [False, True, False]
    assert [(s.page_width or 0) > (s.page_height or 0) for s in docx.Document(str(word)).sections] == turned
    assert pdf_words(pdf).count("1234567890.123") == 13


def test_words_and_widths_of_columns() -> None:
    """A date is one word, a term breaks after its hyphen; a table that fits keeps its own widths."""
    table = read_tree("| a | b |\n|---|---|\n| 2026-03-05 | long-term stay |\n", "markdown")["blocks"][0]
    assert [longest_words(column) for column in columns_of(table)] == [["2026-03-05", "a"], ["long-", "stay", "term"]]
    assert fitted_widths(columns_of(table)) == []
    shares = fitted_widths([["x" * 30], ["y" * 60], ["z"]])
    assert sum(shares) == pytest.approx(1)
    assert shares == [*sorted(shares[:2]), min(shares)]


def test_colors_of_cells_reach_word(tmp_path: Path) -> None:
    """A Styler's fills and inks: by name, by channels, by hue, half transparent over white."""
    cells = (
        '<td style="background-color: gold; color: rgb(1 2 3)">x</td><td style="background: rgba(255,0,0,0.5)">y</td>'
    )
    path = render(tmp_path, SETUP + cell("", f"HTML('<table><tr>{cells}</tr></table>')"), "docx")[0]
    made = docx.Document(str(path)).tables[0]
    assert [item.get(qn("w:fill")) for item in made._tbl.iter(qn("w:shd"))] == ["ffd700", "ff8080"]
    assert str(made.cell(0, 0).paragraphs[0].runs[0].font.color.rgb) == "010203"
    assert not list(made._tbl.iter(qn("w:bookmarkStart")))


def test_colors_of_css_on_paper() -> None:
    """`hsl(120, 100%, 25%)` is #008000 by its definition; `transparent` paints nothing."""
    styles = ["color: hsl(120, 100%, 25%)", "color: steelblue; font-style: italic", "background: transparent"]
    raw = "<table><tr>" + "".join(f'<td style="{style}">x</td>' for style in styles) + "</tr></table>"
    tree = native_tables({"blocks": [{"t": "RawBlock", "c": ["html", raw]}], "meta": {}})
    table = next(element for element in elements(tree["blocks"]) if element["t"] == "Table")
    inks = [dict(item[0][2]).get("typst:text:fill") for item in table["c"][4][0][3][0][1]]
    assert inks == ['rgb("#008000")', 'rgb("#4682b4")', None]
    assert any(element["t"] == "Emph" for element in elements(table))


def test_tables_that_follow_each_other_stay_two_in_word(tmp_path: Path) -> None:
    """Word makes one table of two that touch: a paragraph stands between."""
    tables = "<table><tr><td>1</td></tr></table>\n\n<table><tr><td>2</td></tr></table>\n"
    body = docx.Document(str(render(tmp_path, tables, "docx")[0])).element.body
    assert [item.tag.rpartition("}")[2] for item in body][:3] == ["tbl", "p", "tbl"]


def test_a_callouts_title_is_no_section(tmp_path: Path) -> None:
    """A heading that opens a callout is its title: the section after it is 1.1, wherever that is said."""
    text = "---\nnumber-sections: true\n---\n\n# One\n\n::: {.callout-note}\n## Titled\nA.\n:::\n\n"
    text += "::: {.callout}\n## Plain\nB.\n:::\n\n## Two {#sec-two}\n\nSee @sec-two.\n"
    pdf, html, word = render(tmp_path, text, "pdf", "html", "docx")
    assert "1.1 Two See Section 1.1." in pdf_words(pdf)
    assert words(page_of(html).xpath("//h2")[-1]) == "1.1 Two"
    assert "See Section 1.1." in words(page_of(html))
    said = " ".join(p.text for p in docx.Document(str(word)).paragraphs).replace("\u00a0", " ")
    assert "1.1 Two See Section 1.1." in said


def test_what_follows_a_reference_in_its_brackets_is_printed(tmp_path: Path) -> None:
    """Pandoc reads a second suppressed reference, or words, as the suffix of the first."""
    text = "![A](p.svg){#fig-a}\n\n![B](p.svg){#fig-b}\n\nSee [-@fig-a, -@fig-b], [@fig-a, left]."
    pdf, html = render(tmp_path, text, "pdf", "html")
    assert "See 1, 2, Figure 1, left." in pdf_words(pdf)
    assert "See 1, 2, Figure 1, left." in words(page_of(html))


def test_an_html_table_that_a_cell_prints_stays_a_table(tmp_path: Path) -> None:
    """Quarto reads what a cell prints as it reads the document's own text."""
    code = 'print("Before.\\n\\n<table><tr><th>head</th></tr>\\n<tr><td>cell</td></tr></table>\\n\\nAfter.")'
    word = render(tmp_path, cell("#| output: asis\n", code), "docx")[0]
    assert [[c.text for c in row.cells] for row in docx.Document(str(word)).tables[0].rows] == [["head"], ["cell"]]


def test_a_table_in_a_narrow_place_has_small_letters(tmp_path: Path) -> None:
    """Six numbers of nine digits have room on a page, but none in half of it: no number touches the next."""
    table = f"| {' | '.join('abcdef')} |\n{'|---' * 6}|\n| {' | '.join(['123456789'] * 6)} |\n"
    pdf, word = render(tmp_path, f"::: {{layout-ncol=2}}\n{table}\n\nWords.\n:::\n", "pdf", "docx")
    done = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], capture_output=True, check=True)
    found = lxml_html.fromstring(done.stdout).xpath('//word[text()="123456789"]')
    places = [(float(word.get("xmin")), float(word.get("xmax"))) for word in found]
    assert len(places) == 6
    assert all(end < start for (_, end), (start, _) in itertools.pairwise(places))
    inner = docx.Document(str(word)).tables[0].cell(0, 0).tables[0]
    size = inner.cell(1, 0).paragraphs[0].runs[0].font.size
    assert size is not None
    # A digit is at most 0.64 of the size of its letters wide.
    assert all(size.pt * 0.64 * 9 <= (column.width or 0) / 12700 for column in inner.columns)


def test_a_label_in_html_is_a_label_in_every_format(tmp_path: Path) -> None:
    """HTML tables are read as tables: one with an identifier is numbered, and so is the next."""
    raw = '<table class="t" id="tbl-raw"><caption>Raw</caption><tr><td>1</td></tr></table>\n\n'
    text = f"{raw}::: {{#tbl-next}}\n| a |\n|---|\n| 1 |\n\nNext\n:::\n\nSee @tbl-raw, @tbl-next."
    pdf, html, word = render(tmp_path, text, "pdf", "html", "docx")
    for said in (pdf_words(pdf), words(page_of(html))):
        assert "Table 1: Raw" in said
        assert "Table 2: Next" in said
        assert "See Table 1, Table 2." in said
    assert page_of(html).xpath('//div[@id="tbl-raw"]//table/@class') == ["t"]
    assert [line.split(": ", 1)[1] for line in word_lines(word) if "Caption" in line] == [
        "Table 1: Raw", "Table 2: Next",
    ]  # fmt: skip

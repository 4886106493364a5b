"""What is refused, when, and what is left when a render stops half-way."""

from __future__ import annotations

import datetime
import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rendered import write

from npcstats.documents import check_document, find_engine, render_document
from npcstats.errors import DocumentError, SpecError

DATE = datetime.date(2027, 6, 30)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("See @fig-none.\n", r"doc\.qmd: cross-reference to nothing \(1: @fig-none \(.*doc\.qmd:1\)\)"),
        ("One.\n\n{{< include _gone.qmd >}}\n", r"doc\.qmd:3: include: .*_gone\.qmd: no such file"),
        ("{{< include doc.qmd >}}\n", r"doc\.qmd:1: include: doc\.qmd includes itself"),
        ("A {{< video x.mp4 >}}\n", r"doc\.qmd:1: shortcode video is not supported"),
        ("Text\n\n```{r}\n1\n```\n", r"doc\.qmd:3: cell language \{r\} is not supported"),
        ("```{python}\n#| ecoh: false\n1\n```\n", r"doc\.qmd:1: cell option ecoh is not supported"),
        ("```{python}\n#| echo: maybe\n1\n```\n", r"doc\.qmd:1: cell option echo is 'maybe'; true, false or fenced"),
        ("```{python}\n#| label: [a\n1\n```\n", r"doc\.qmd:2: cell options: not valid YAML"),
        ("```{python echo=FALSE}\n1\n```\n", r"doc\.qmd:1: cell options in the fence \(echo=FALSE\)"),
        ("---\ntitle: [a\n---\n", r"doc\.qmd:2: not valid YAML"),
        ("---\ntitle: a\n", r"doc\.qmd:1: the front matter is never closed"),
        ("```{python}\n1\n", r"doc\.qmd:1: the cell is never closed"),
        ("# A {#sec-a}\n\nSee @sec-a.\n", r"doc\.qmd:3: cross-reference @sec-a to a section without number"),
        ("::: {.panel-tabset}\nA\n:::\n", r"doc\.qmd:1: class \.panel-tabset is not supported"),
        ('::: {layout="[[1], [x]]"}\nA\n:::\n', r"doc\.qmd:1: layout is no list of rows of numbers"),
        ("Let `{r} x` be.\n", r"doc\.qmd:1: inline code \{r\} is not supported"),
        ("See @thm-main.\n", r"doc\.qmd:1: cross-reference thm-main is not supported; one of fig, tbl, lst, sec, eq"),
        ("Text\n\nA `{python} 1 +` b\n", r"doc\.qmd:3: inline code '1 \+': "),
        (
            "---\nexecute:\n  ekko: true\n---\n\n```{python}\n1\n```\n",
            r"doc\.qmd:2: execute option ekko is not supported",
        ),
        ("::: {#thm-line}\n## Line\nText.\n:::\n", r"doc\.qmd:1: cross-reference thm-line is not supported"),
        ("One [two]{.aside}.\n", r"doc\.qmd:1: class \.aside is not supported"),
        ("A\n\n::: {.column-margin}\nB\n:::\n", r"doc\.qmd:3: class \.column-margin is not supported"),
        ("---\ntitle: A\ntitle: B\n---\n", r"doc\.qmd:3: not valid YAML \(key title is written twice\)"),
        ("---\ntoc: true\ntoc-depth: two\n---\n", r"doc\.qmd:3: toc-depth 'two' is not supported; one of 1, 2"),
        ("---\nfig-width: wide\n---\n\n```{python}\n1\n```\n", r"doc\.qmd:2: fig-width 'wide' is no number above 0"),
        ("---\npdf-standard: a-9x\n---\n", r"doc\.qmd:2: pdf-standard a-9x is not supported; one of 1\.4"),
        ("---\ncallout-appearance: fancy\n---\n", r"doc\.qmd:2: callout-appearance fancy is not supported"),
        ("---\nhtml-math-method: webtex\n---\n", r"doc\.qmd:2: html-math-method webtex is not supported"),
        ("---\nfontsize: huge\n---\n", r"doc\.qmd:2: fontsize huge is not supported"),
        ("---\nmargin: {z: 1cm}\n---\n", r"doc\.qmd:2: margin .* is not supported"),
        ("---\ntemplate-partials: a.typ\n---\n", r"doc\.qmd:2: template-partials a\.typ: no such file"),
        ("---\ninclude-in-header: {txt: a}\n---\n", r"doc\.qmd:2: include-in-header None: no such file"),
        ("---\ntitle: A\nformat: htlm\n---\n", r"doc\.qmd:3: format htlm is unknown \(did you mean html\?\)"),
        (
            ":::: columns\nLoose.\n\n::: {.column width=50%}\nA\n:::\n::::\n",
            r"doc\.qmd:1: class \.columns is not supported",
        ),
        ("Aside:\n\n::: {.column-margin}\nA\n:::\n", r"doc\.qmd:3: class \.column-margin is not supported"),
        ('```{.python filename="a.py"}\n1\n```\n', r"doc\.qmd:1: attribute filename is not supported"),
        ("Text\n\n```python\nx = 1 # <1>\n```\n\n1. Note\n", r"doc\.qmd:4: code annotations are not supported"),
        ("> Quote\n>\n> ```{python}\n> 1\n> ```\n", r"doc\.qmd:3: a cell in a block quote is not supported"),
        ("---\ntitle: A\n---\n\nB\n\n---\ntoc: true\n---\n", r"doc\.qmd:7: a second block of metadata is not"),
        ("![a](p.svg){#fig-a}\n\n![b](p.svg){#fig-a}\n", r"doc\.qmd:1: label fig-a is used twice"),
        ("- {{< include _gone.qmd >}}\n", r"doc\.qmd:1: shortcode include in a line with others"),
        ("A {{< pagebreak >}} B\n", r"doc\.qmd:1: shortcode pagebreak in a line with others"),
        ("---\ntitle: A\nengine: knitr\n---\n", r"doc\.qmd:3: engine knitr is not supported; jupyter is required"),
        ("---\njupyter: ir\n---\n", r"doc\.qmd:2: kernel ir is not supported; python3 is required"),
        ("---\nlang: la\n---\n", r"doc\.qmd:2: lang la is not supported; one of en, de, es, fr, it, nl is required"),
        ("---\ncrossref:\n  chapters: true\n---\n", r"doc\.qmd:3: crossref option chapters is not supported"),
        ("---\nnumber-offset: 2\n---\n", r"doc\.qmd:2: option number-offset is not supported in"),
        ("---\nfig-cap-location: margin\n---\n", r"doc\.qmd:2: fig-cap-location margin is not supported; top or"),
        ("---\ndate: today\n---\n", r"doc\.qmd:2: date today is not supported; a date that stays the same"),
        (
            "---\ndate: 2026-03-05\ndate-format: D MMMM HH:mm\n---\n",
            r"doc\.qmd:3: date-format 'D MMMM HH:mm' holds H, a time",
        ),
        ("---\ndate: spring\ndate-format: long\n---\n", r"doc\.qmd:3: date-format 'long' is asked of 'spring'"),
        ("---\ntitel: A\n---\n", r"doc\.qmd:2: option titel is unknown \(did you mean title\?\); one of Quarto's"),
        ("---\nformat:\n  html:\n    toc_depth: 2\n---\n", r"doc\.qmd:4: option toc_depth is unknown \(.* toc-depth\?"),
        ("---\nformat: {html: {odd: 1}}\n---\n", r"doc\.qmd:2: option odd is unknown; one of Quarto's is required"),
        ("---\nexcute:\n  echo: false\n---\n", r"doc\.qmd:2: option excute is unknown \(did you mean execute\?\)"),
        ("---\nformat:\n  htlm: default\n---\n", r"doc\.qmd:3: format htlm is unknown \(did you mean html\?\)"),
        ("---\nauthor:\n  - name: A\n    afiliation: B\n---\n", r"doc\.qmd:4: author afiliation is unknown \(did you"),
        ("---\naffiliations:\n  - nmae: A\n---\n", r"doc\.qmd:3: affiliation nmae is unknown \(did you mean name\?"),
        ("---\nfrom: markdown+nothing\n---\n", r"doc\.qmd:2: pandoc: The extension nothing is not supported"),
        ("---\nfrom: gfm\n---\n", r"doc\.qmd:2: from gfm is not supported; markdown, with Pandoc's extensions"),
        ("---\nsubtitle: A {{< version >}}\n---\n", r"doc\.qmd:2: shortcode version in subtitle is not supported"),
        ("---\nbibliography: gone.bib\n---\n", r"doc\.qmd:2: bibliography gone\.bib: no such file"),
        ("A\n\n## B {.unumbered}\n", r"doc\.qmd:3: class \.unumbered is not supported \(did you mean unnumbered\?\)"),
        ("::: {.callout-nte}\nA\n:::\n", r"doc\.qmd:1: class \.callout-nte is not supported \(did you mean callout-"),
        ("::: {layout-nclo=2}\nA\n:::\n", r"doc\.qmd:1: attribute layout-nclo is not supported \(did you mean layout-"),
        ("::: {.content-visible when-fromat=html}\nA\n:::\n", r"doc\.qmd:1: attribute when-fromat is not supported"),
        ("::: {.content-visible when-format=htlm}\nA\n:::\n", r"doc\.qmd:1: format htlm is unknown \(did you mean"),
        ("```{python}\n#| fig-capp: A\n1\n```\n", r"doc\.qmd:1: cell option fig-capp .*\(did you mean fig-cap\?\)"),
        ("```{python}\n#| classes: column-page\n1\n```\n", r"doc\.qmd:1: class \.column-page is not supported"),
        (
            "---\nnumber-sections: true\nnumber-depth: 1\n---\n\n# A\n\n## B {#sec-b}\n\n@sec-b\n",
            r"doc\.qmd:10: cross-reference @sec-b in typst to a section below number-depth 1",
        ),
        ("---\ntoc: yes please\n---\n", r"doc\.qmd:2: option toc is 'yes please'; true or false is required"),
        ("---\nfilters: [gone.lua]\n---\n", r"doc\.qmd:2: filter gone\.lua is not supported; a Lua file that exists"),
        (
            "---\nauthor:\n  name: A\n  affiliations:\n    - ref: x\n---\n",
            r"author: affiliation 'x' is not among the affiliations",
        ),
    ],
)
def test_refused_before_anything_runs(tmp_path: Path, text: str, message: str) -> None:
    """File, line and feature are named, and no cell has run."""
    trace = tmp_path / "ran"
    cell = f"\n```{{python}}\nopen({str(trace)!r}, 'w').close()\n```\n"
    source = write(tmp_path, text if "never closed" in message else text + cell)
    with pytest.raises(DocumentError, match=message):
        check_document(source)
    with pytest.raises(DocumentError, match=message):
        render_document(source, formats=("pdf",), output_dir=tmp_path, engine="builtin", source_date=DATE)
    assert not trace.exists()


def test_words_of_the_author_are_no_options(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A key is known that the text, a condition, a filter or a template uses; one that nothing uses is warned of."""
    write(tmp_path, "function Pandoc(d) return d end -- reads site-code\n", "f.lua")
    head = "---\nstudy: {code: A-1}\nphase: II\nsite-code: 7\nfilters: [f.lua]\ntitle: '{{< meta drug >}}'\ndrug: X\n"
    body = "locked: true\nunused-word: 3\nscore: 1\n---\n\nPhase {{< meta phase >}}.\n\n"
    body += '::: {.content-visible when-meta="locked"}\nLocked.\n:::\n\n::: {.kpis}\n[Own]{.mark-ok data-row=3}\n:::\n'
    made = render_document(
        write(tmp_path, head + body),
        formats=("html",),
        output_dir=tmp_path / "out",
        engine="builtin",
        source_date=DATE,
    )
    assert "Locked." in made[0].read_text(encoding="utf-8")
    warned = [text.partition(str(tmp_path))[2] for text in caplog.messages]
    assert warned == [
        f"/doc.qmd:{line}: metadata {name} is no option, and nothing in the document uses it."
        for line, name in ((10, "score"), (9, "unused-word"))
    ]


def test_options_of_a_pdf_by_latex_are_warned_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A PDF is made with Typst: what stands under `pdf` is not for it; options for other formats are let be."""
    source = write(
        tmp_path, "---\nformat:\n  pdf:\n    toc: true\n  acm-html: default\n  revealjs: {odd: 1}\n---\n\nA\n"
    )
    render_document(source, formats=("pdf",), output_dir=tmp_path, engine="builtin", source_date=DATE)
    assert [text.rpartition(": ")[2] for text in caplog.messages] == [
        "options of format pdf are LaTeX's; a PDF made with Typst has those of format typst."
    ]
    assert "doc.qmd:3:" in caplog.messages[0]


def test_today_is_a_day_that_is_given(tmp_path: Path) -> None:
    """Without it such a date is refused, as a report's is."""
    source = write(tmp_path, "---\ntitle: A\ndate: today\n---\n\nB\n")
    with pytest.raises(DocumentError, match="date today is not supported"):
        render_document(source, formats=("html",), output_dir=tmp_path, engine="builtin", source_date=DATE)
    made = render_document(
        source,
        formats=("html",),
        output_dir=tmp_path,
        engine="builtin",
        source_date=DATE,
        today=datetime.date(2026, 3, 5),
    )
    assert "March 5, 2026" in made[0].read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["doc.qmd", "_part.qmd", "_quarto.yml"])
def test_a_file_in_another_encoding_is_refused(tmp_path: Path, name: str) -> None:
    """The document, what it includes or its project: file, line and byte are named."""
    source = write(tmp_path, "{{< include _part.qmd >}}\n")
    write(tmp_path, "Part\n", "_part.qmd")
    (tmp_path / name).write_bytes(b"# First\n# caf\xe9\n")
    with pytest.raises(DocumentError, match=rf"{name}:2: byte 0xe9 is not UTF-8; a file in UTF-8 is required"):
        check_document(source)


def test_line_of_a_fault_in_an_included_file(tmp_path: Path) -> None:
    """The included file is named, not the one that includes it."""
    write(tmp_path, "Fine.\n\nBad @tbl-none.\n", "_part.qmd")
    source = write(tmp_path, "One\n\n{{< include _part.qmd >}}\n")
    with pytest.raises(DocumentError, match=r"_part\.qmd:3"):
        check_document(source)


def test_fenced_examples_are_not_cells(tmp_path: Path) -> None:
    """A cell inside a longer fence is text, and so are a reference and a shortcode in code."""
    source = write(tmp_path, "````markdown\n```{r}\n1\n```\n@fig-none\n````\n\n`@tbl-none`\n")
    check_document(source)


def test_a_cell_that_raises_leaves_the_former_output(tmp_path: Path) -> None:
    """The message has file, line and traceback; the old files stay and no other is left."""
    source = write(tmp_path, "Text\n\n```{python}\nvisits = {}\n```\n\n```{python}\nvisits['V2']\n```\n")
    output = tmp_path / "out"
    output.mkdir()
    for suffix in ("pdf", "html", "docx"):
        (output / f"doc.{suffix}").write_text("former", encoding="utf-8")
    with pytest.raises(DocumentError, match=r"doc\.qmd:7: the cell raised KeyError: 'V2'") as caught:
        render_document(source, formats=("pdf", "html", "docx"), output_dir=output, engine="builtin", source_date=DATE)
    assert "visits['V2']" in str(caught.value)
    assert "\x1b[" not in str(caught.value)
    assert {path.name: path.read_text(encoding="utf-8") for path in output.iterdir()} == {
        f"doc.{suffix}": "former" for suffix in ("pdf", "html", "docx")
    }


def test_inline_code_that_raises_names_its_line(tmp_path: Path) -> None:
    """The line is that of the expression."""
    source = write(tmp_path, "```{python}\nn = 1\n```\n\nGood `{python} n`.\n\nBad `{python} n / 0`.\n")
    with pytest.raises(DocumentError, match=r"doc\.qmd:7: inline code raised ZeroDivisionError"):
        render_document(source, formats=("html",), output_dir=tmp_path, engine="builtin", source_date=DATE)


def test_a_picture_without_description_is_refused_for_a_pdf_for_all(tmp_path: Path) -> None:
    """PDF/UA needs one; the cell's line is named."""
    head = "---\nformat:\n  typst:\n    pdf-standard: ua-1\n---\n\n"
    cell = "```{python}\nfrom IPython.display import SVG\nSVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>')\n```\n"
    source = write(tmp_path, head + cell)
    with pytest.raises(DocumentError, match=r"doc\.qmd:7: a picture has no description"):
        render_document(source, formats=("pdf",), output_dir=tmp_path, engine="builtin", source_date=DATE)


def test_one_format_that_fails_moves_none(tmp_path: Path) -> None:
    """HTML could be written, but the Typst source is wrong: nothing is moved."""
    source = write(tmp_path, "Fine.\n\n```{=typst}\n#no-such-function()\n```\n")
    with pytest.raises(DocumentError, match="no-such-function"):
        render_document(source, formats=("html", "pdf"), output_dir=tmp_path, engine="builtin", source_date=DATE)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["doc.qmd"]


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL to a process group exists on POSIX only")
def test_a_killed_render_leaves_the_former_output(tmp_path: Path) -> None:
    """The process is killed while a cell sleeps."""
    started = tmp_path / "started"
    source = write(tmp_path, f"```{{python}}\nimport time\nopen({str(started)!r}, 'w').close()\ntime.sleep(60)\n```\n")
    former = tmp_path / "doc.html"
    former.write_text("former", encoding="utf-8")
    program = (
        "import datetime, pathlib, sys\n"
        "from npcstats.documents import render_document\n"
        "render_document(pathlib.Path(sys.argv[1]), formats=('html',), output_dir=pathlib.Path(sys.argv[1]).parent,"
        " engine='builtin', source_date=datetime.date(2027, 6, 30))\n"
    )
    process = subprocess.Popen([sys.executable, "-c", program, str(source)])
    deadline = time.monotonic() + 60
    while not started.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert started.exists()
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert former.read_text(encoding="utf-8") == "former"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["doc.html", "doc.qmd", "started"]


def test_a_full_disk_leaves_the_former_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second of two files does not fit: neither is moved, nothing is left beside them, the folder is named."""
    source = write(tmp_path, "Text\n")
    former = tmp_path / "doc.html"
    former.write_text("former", encoding="utf-8")
    copied: list[str] = []
    copy = shutil.copy

    def _fill(made: Path, beside: Path) -> None:
        copy(made, beside)
        copied.append(made.name)
        if len(copied) == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(made))

    monkeypatch.setattr("npcstats.documents.render.shutil.copy", _fill)
    with pytest.raises(DocumentError, match=rf"{tmp_path}: No space left on device; a folder that has room"):
        render_document(source, formats=("html", "docx"), output_dir=tmp_path, engine="builtin", source_date=DATE)
    assert former.read_text(encoding="utf-8") == "former"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["doc.html", "doc.qmd"]


def test_engine_is_a_closed_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without Quarto on PATH auto is builtin, and quarto is refused."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_engine("auto") == "builtin"
    assert find_engine("builtin") == "builtin"
    with pytest.raises(SpecError, match="quarto is not on PATH"):
        find_engine("quarto")
    with pytest.raises(SpecError, match="one of auto, quarto, builtin"):
        find_engine("pandoc")


def test_formats_are_a_closed_set(tmp_path: Path) -> None:
    """Unknown and missing formats are refused with the list."""
    source = write(tmp_path, "Text\n")
    for formats in (("odt",), ()):
        with pytest.raises(SpecError, match="one of pdf, typst, html, docx"):
            render_document(source, formats=formats, output_dir=tmp_path, engine="builtin", source_date=DATE)

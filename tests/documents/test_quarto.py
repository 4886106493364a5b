"""The Quarto engine, with a stand-in executable that records how it was called and writes what Quarto would."""

from __future__ import annotations

import datetime
import json
import re
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import docx
import pytest
import yaml
from docx.oxml.ns import qn

from npcstats.documents import PlainText, find_engine, render_document
from npcstats.documents.pandoc import run_pandoc
from npcstats.errors import DocumentError

DATE = datetime.date(2027, 6, 30)
ROOT = Path(__file__).parents[2]
STAND_IN = """#!{python}
import json, os, pathlib, sys
import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
arguments = sys.argv[1:]
if arguments == ["--version"]:
    sys.exit(print({version!r}))
here = pathlib.Path(arguments[1]).parent
for name in ("doc.typ", ".gitignore", "../.gitignore"):
    (here / name).write_text("left behind")
(here / "doc_files").mkdir(exist_ok=True)
settings = pathlib.Path("_quarto.yml")
with open({log!r}, "a") as log:
    kept = {{key: os.environ.get(key) for key in ("QUARTO_PYTHON", "SOURCE_DATE_EPOCH", "NPCSTATS_RESULTS")}}
    seen = {{"settings": settings.read_text() if settings.is_file() else "", "cwd": os.getcwd()}}
    seen["beside"] = sorted(path.name for path in here.iterdir())
    seen["reached"] = [path.read_text() for path in here.glob("../shared/*.txt")]
    log.write(json.dumps([arguments, kept, seen]) + "\\n")
print("(W) noise\\n" + {warning!r}, file=sys.stderr)
if {fails}:
    sys.exit("\\x1b[91mERROR: " + arguments[1] + "\\x1b[39m\\nERROR: something is wrong")
kind = arguments[arguments.index("--to") + 1]
folder = pathlib.Path(arguments[arguments.index("--output-dir") + 1]) / "reports"
folder.mkdir(parents=True)
target = folder / ("doc" + {{"typst": ".pdf", "html": ".html", "docx": ".docx"}}[kind])
if kind == "docx":
    made = docx.Document()
    made.add_paragraph("Text")
    made.styles.add_style("Table Caption", 1)
    made.styles.add_style("Image Caption", 1)
    cell = made.add_table(rows=1, cols=1).cell(0, 0)
    caption, inner = cell.paragraphs[0], cell.add_table(rows=2, cols=2)
    caption.text = "Table 1: Wrapped"
    caption._p.insert(0, parse_xml(f'<w:pPr {{nsdecls("w")}}><w:jc w:val="center"/></w:pPr>'))
    second = f'<w:pPr {{nsdecls("w")}}><w:jc w:val="left"/><w:pStyle w:val="ImageCaption"/></w:pPr>'
    caption._p.insert(1, parse_xml(second))
    caption._p.addprevious(parse_xml(f'<w:bookmarkStart {{nsdecls("w")}} w:id="7" w:name="tbl-a"/>'))
    inner._tbl.addnext(parse_xml(f'<w:bookmarkEnd {{nsdecls("w")}} w:id="7"/>'))
    inner.cell(0, 1).text = "inside"
    for align in ("right", "center"):
        properties = inner.cell(0, 1).paragraphs[0]._p.get_or_add_pPr()
        properties.append(parse_xml(f'<w:jc {{nsdecls("w")}} w:val="{{align}}"/>'))
    made.add_paragraph("\\u00a0")
    made.add_paragraph("After")
    made.save(str(target))
else:
    target.write_text(kind)
"""


def install(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    fails: bool = False,
    version: str = "1.10.18",
    warning: str = "",
) -> Path:
    """Put the stand-in on PATH; returns the file it writes its calls to."""
    log = folder / "calls.jsonl"
    program = folder / "bin" / "quarto"
    program.parent.mkdir()
    text = STAND_IN.format(python=sys.executable, log=str(log), fails=fails, version=version, warning=warning)
    program.write_text(text, encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    return log


def test_quarto_is_called_without_daemon_and_with_our_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One call per format; metadata, parameters and dates are passed; files arrive flat in the output folder."""
    log = install(tmp_path, monkeypatch)
    source = tmp_path / "doc.qmd"
    source.write_text("Text\n", encoding="utf-8")
    assert find_engine("auto") == "quarto"
    made = render_document(
        source,
        formats=("pdf", "html", "docx"),
        output_dir=tmp_path / "out",
        engine="auto",
        metadata={"cutoff": "Cut-off 30 Jun 2027", "data-mark": "SYNTHETIC DATA"},
        parameters={"site": "Oslo"},
        environment={"NPCSTATS_RESULTS": "/results"},
        source_date=DATE,
    )
    calls = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert [arguments[arguments.index("--to") + 1] for arguments, _, _ in calls] == ["typst", "html", "docx"]
    for arguments, environment, _ in calls:
        assert arguments[0] == "render"
        assert arguments[1].endswith(f"{Path(arguments[arguments.index('--output-dir') + 1]).parent}/copy{source}")
        assert arguments[arguments.index("--execute-dir") + 1] == str(source.parent)
        assert "--no-execute-daemon" in arguments
        assert arguments[arguments.index("-M") + 1] == "cutoff:Cut-off 30 Jun 2027"
        assert arguments[arguments.index("-P") + 1] == "site:Oslo"
        assert environment == {
            "QUARTO_PYTHON": sys.executable,
            "SOURCE_DATE_EPOCH": "1814313600",  # 2027-06-30T00:00Z: 20999 days of 86400 s
            "NPCSTATS_RESULTS": "/results",
        }
    assert [path.name for path in made] == ["doc.pdf", "doc.html", "doc.docx"]
    assert made[0].read_text(encoding="utf-8") == "typst"
    word = docx.Document(str(made[2]))
    assert "SYNTHETIC DATA" in word.sections[0].header.paragraphs[0].text
    assert [paragraph.text for paragraph in word.paragraphs] == ["Text", "Table 1: Wrapped", "After"]
    assert [[len(table.rows), table.cell(0, 1).text] for table in word.tables] == [[2, "inside"]]


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("Cut-off 30 Jun 2027", "Cut-off 30 Jun 2027"),
        ("npcstats 0.1.0 (a*b), {{< meta x >}}", "npcstats 0.1.0 (a*b), {{< meta x >}}"),
        ("NCT1 · One: two", "NCT1 · One: two\n"),
        ("One #2", "One #2\n"),
        ("One#2:3", "One#2:3"),
        ("One:", "One:\n"),
        ("*all*", "*all*\n"),
        ("[a", "[a\n"),
    ],
)
def test_a_plain_text_is_given_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, given: str) -> None:
    """Quarto passes a value of -M on as text, and fails where it is no YAML, but for a value with a line break."""
    log = install(tmp_path, monkeypatch)
    source = tmp_path / "doc.qmd"
    source.write_text("Text\n", encoding="utf-8")
    out = tmp_path / "out"
    metadata = {"trial": PlainText(text)}
    render_document(source, formats=("html",), output_dir=out, engine="quarto", metadata=metadata, source_date=DATE)
    ((arguments, _, _),) = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert arguments[arguments.index("-M") + 1] == f"trial:{given}"


def test_floats_of_quarto_in_word_are_those_of_the_builtin_renderer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The label stands in the caption, which has the style of a table's; one alignment, and no blank line."""
    install(tmp_path, monkeypatch)
    source = tmp_path / "doc.qmd"
    source.write_text("Text\n", encoding="utf-8")
    made = render_document(source, formats=("docx",), output_dir=tmp_path / "out", engine="quarto", source_date=DATE)
    word = docx.Document(str(made[0]))
    caption = word.paragraphs[1]
    assert [style.name for style in [caption.style] if style] == ["Table Caption"]
    assert len(caption._p.findall(qn("w:pPr"))) == 1
    assert [mark.get(qn("w:name")) for mark in caption._p.iter(qn("w:bookmarkStart"))] == ["tbl-a"]
    assert len(list(word.element.body.iter(qn("w:bookmarkEnd")))) == 1
    aligned = word.tables[0].cell(0, 1).paragraphs[0]._p.findall(f"{qn('w:pPr')}/{qn('w:jc')}")
    assert [item.get(qn("w:val")) for item in aligned] == ["right"]


@pytest.mark.parametrize(
    "warning",
    [
        "\x1b[33mWARNING (/opt/quarto/filters/./crossref/refs.lua:128) Unable to resolve crossref @fig-none\x1b[39m",
        "\x1b[39m\x1b[33mWARNING (/q/astpipeline.lua:177) Unable to parse table from raw html block: skipping.",
        "WARNING Unknown meta key a.b specified in a metadata Shortcode.",
        "WARNING (/q/shortcodes.lua:425) Shortcode 'foo' not found",
        "[WARNING] Citeproc: citation nokey not found",
        "[WARNING] Could not fetch resource missing.png: replacing image with description",
        "[WARNING] Duplicate identifier 'sec-a' at line 26 column 1",
        "\x1b[33mWARNING (/q/floatreftarget.lua:682) FloatRefTarget with no content: tbl-x\x1b[39m",
        "[typst]: Compiling doc.typ to doc.pdf...warning: layout did not converge within 5 attempts",
    ],
)
def test_what_quarto_only_warns_of_is_an_error_where_the_page_loses_something(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, warning: str
) -> None:
    """In Quarto's words, without its colours and the places in its own files; nothing is put in place."""
    install(tmp_path, monkeypatch, warning=warning)
    source = tmp_path / "doc.qmd"
    source.write_text("Text\n", encoding="utf-8")
    with pytest.raises(DocumentError) as caught:
        render_document(source, formats=("html",), output_dir=tmp_path / "out", engine="quarto", source_date=DATE)
    said = str(caught.value)
    assert not re.search(r"\x1b|\.lua", said)
    assert said.splitlines()[1].split()[-1] == warning.replace("\x1b[39m", "").split()[-1]
    assert list((tmp_path / "out").iterdir()) == []


def test_other_warnings_of_quarto_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Though its log is kept back; what a tool of its own lacks takes nothing from the page."""
    lines = (
        "\x1b[33mWARN: typst-gather analyze failed; staging all packages as fallback\x1b[39m",
        "[WARNING] Div at line 3 column 1 unclosed at line 9 column 1, closing implicitly.",
    )
    install(tmp_path, monkeypatch, warning="\n".join(lines))
    source = tmp_path / "doc.qmd"
    source.write_text("Text\n", encoding="utf-8")
    render_document(source, formats=("html",), output_dir=tmp_path / "out", engine="quarto", source_date=DATE)
    assert caplog.messages == ["WARN: typst-gather analyze failed; staging all packages as fallback", lines[1]]


def project(folder: Path, standards: str) -> Path:
    """A project with a document in a folder of its own, and a file beside that folder."""
    for name in ("reports", "shared"):
        (folder / name).mkdir(parents=True)
    (folder / "shared" / "words.txt").write_text("reached", encoding="utf-8")
    (folder / ".gitignore").write_text("mine", encoding="utf-8")
    (folder / "_quarto.yml").write_text(f"format:\n  typst:\n    pdf-standard:{standards}\n", encoding="utf-8")
    source = folder / "reports" / "doc.qmd"
    source.write_text("Text\n", encoding="utf-8")
    return source


@pytest.mark.parametrize("fails", [False, True])
def test_nothing_of_the_project_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: bool) -> None:
    """Files are left beside the copy, where lines are added to .gitignore; relative names lead where they led."""
    log = install(tmp_path, monkeypatch, fails=fails)
    source = project(tmp_path / "trial", " ua-1")
    (source.parent / "doc.bib").write_text("", encoding="utf-8")
    before = {path: path.read_text() for path in (tmp_path / "trial").rglob("*") if path.is_file()}
    expected = pytest.raises(DocumentError, match=f"ERROR: {source}\n") if fails else nullcontext()
    with expected:
        render_document(source, formats=("pdf",), output_dir=tmp_path / "out", engine="quarto", source_date=DATE)
    after = {path: path.read_text() for path in (tmp_path / "trial").rglob("*") if path.is_file()}
    assert after == before
    ((_, _, seen),) = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert seen["reached"] == ["reached"]
    assert {"doc.bib", "doc.qmd"} <= set(seen["beside"])
    assert seen["cwd"].endswith(f"/copy{tmp_path / 'trial'}")


@pytest.mark.parametrize(
    ("version", "standards", "kept"),
    [
        ("1.10.18", " [ua-1, a-3a]", " [ua-1, a-3a]"),
        ("1.10.16", " [ua-1, a-3a]", " [ua-1]"),
        ("1.9.38", " [ua-1, a-3a]", " [ua-1]"),
        ("1.9.38", "\n      - ua-1\n      - a-3a", "\n      - ua-1\n"),
        ("99.9.9", " [ua-1, a-3a]", " [ua-1, a-3a]"),
    ],
)
def test_an_older_quarto_claims_one_standard(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    version: str,
    standards: str,
    kept: str,
) -> None:
    """Two at once need the Typst that Quarto has from 1.10.17 on; what is left out is told, and no line moves."""
    log = install(tmp_path, monkeypatch, version=version)
    source = project(tmp_path / "trial", standards)
    render_document(source, formats=("pdf",), output_dir=tmp_path / "out", engine="quarto", source_date=DATE)
    ((_, _, seen),) = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert seen["settings"] == f"format:\n  typst:\n    pdf-standard:{kept}\n"
    assert [("ua-1, and not a-3a" in text, version in text) for text in caplog.messages] == (
        [] if kept == standards else [(True, True)]
    )


def test_a_quarto_that_is_too_old_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The theme needs the Typst of Quarto 1.9."""
    log = install(tmp_path, monkeypatch, version="1.8.27")
    source = project(tmp_path / "trial", " [ua-1, a-3a]")
    with pytest.raises(DocumentError, match=r"quarto --version: 1\.8\.27; Quarto 1\.9 or newer.* is required"):
        render_document(source, formats=("pdf",), output_dir=tmp_path / "out", engine="quarto", source_date=DATE)
    assert not log.exists()


@pytest.mark.parametrize("kind", ["pdf", "html", "docx"])
def test_a_report_is_not_made_without_the_marks_of_its_run(tmp_path: Path, kind: str) -> None:
    """The filter stops where a key that the document requires is not given; a document that requires none is made."""
    theme = ROOT / "reports" / "_theme"
    filtered = f"filters: [quarto, {theme / 'npcstats.lua'}]\nreference-doc: {theme / 'reference.docx'}"
    source = tmp_path / "doc.qmd"

    def _render(given: dict[str, str]) -> tuple[Path, ...]:
        return render_document(
            source, formats=(kind,), output_dir=tmp_path, engine="builtin", metadata=given, source_date=DATE
        )

    source.write_text(f"---\ntitle: T\n{filtered}\nrequires: [cutoff, results-hash]\n---\n\nText\n", encoding="utf-8")
    with pytest.raises(DocumentError, match=r"results-hash missing.*npcstats render NAME.*required"):
        _render({"cutoff": "Cut-off"})
    assert [path.name for path in tmp_path.iterdir()] == ["doc.qmd"]
    assert len(_render({"cutoff": "Cut-off", "results-hash": "Results 1a2b"})) == 1
    source.write_text(f"---\ntitle: T\n{filtered}\n---\n\nText\n", encoding="utf-8")
    assert len(_render({})) == 1


def test_every_report_requires_its_marks() -> None:
    """A bare `quarto render` of one prints neither header nor mark: each names what its pages carry."""
    for path in (ROOT / "reports").glob("*.qmd"):
        named = yaml.safe_load(path.read_text(encoding="utf-8").split("---")[1])["requires"]
        assert {"trial", "confidentiality", "cutoff", "results-hash", "version"} <= set(named), path.name


@pytest.mark.parametrize("widths", ["", '<colgroup><col style="width:70%"/><col style="width:30%"/></colgroup>'])
def test_a_browser_finds_the_widths_of_a_table_that_states_none(widths: str) -> None:
    """Pandoc, which reads Quarto's tables, makes equal columns up where a cell has a line break."""
    rows = "<tr><td>a</td><td>b</td></tr><tr><td>c<br/>d</td><td>e</td></tr>"
    table = f"<table class='npcstats-table'>{widths}{rows}</table>"
    written = ["--from", "html", "--to", "html"]
    assert run_pandoc(written, table).count("<col ") == 2
    filtered = run_pandoc([*written, "--lua-filter", str(ROOT / "reports/_theme/npcstats.lua")], table)
    assert re.findall(r"width: (\d+)%", filtered) == (["70", "30"] if widths else [])


def test_every_row_of_an_approval_has_the_same_room_to_sign(tmp_path: Path) -> None:
    """Three rows below the head, each as far from the one before."""
    theme = ROOT / "reports" / "_theme"
    parts = [str(theme / name) for name in ("typst-template.typ", "typst-show.typ")]
    head = {"title": "T", "filters": ["quarto", str(theme / "npcstats.lua")], "font-paths": str(theme / "fonts")}
    source = tmp_path / "doc.qmd"
    rows = "| Role | Name | Signature | Date |\n|---|---|---|---|\n| First | | | |\n| Second | | | |\n| Third | | | |"
    front = yaml.safe_dump({**head, "format": {"typst": {"template-partials": parts}}})
    source.write_text(f"---\n{front}---\n\n::: {{.approval}}\n\n{rows}\n\n:::\n", encoding="utf-8")
    (made,) = render_document(source, formats=("pdf",), output_dir=tmp_path, engine="builtin", source_date=DATE)
    boxes = subprocess.run(["pdftotext", "-bbox", str(made), "-"], capture_output=True, text=True, check=True).stdout
    tops = {word: float(top) for top, word in re.findall(r'yMin="([\d.]+)"[^>]*>(\w+)<', boxes)}
    first, second, third = (tops[word] for word in ("First", "Second", "Third"))
    assert second - first == pytest.approx(third - second, abs=0.5)
    assert second - first > 25


def test_a_failing_quarto_leaves_the_former_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Quarto's own words are in the message; nothing is moved."""
    install(tmp_path, monkeypatch, fails=True)
    source = tmp_path / "doc.qmd"
    source.write_text("Text\n", encoding="utf-8")
    former = tmp_path / "doc.html"
    former.write_text("former", encoding="utf-8")
    with pytest.raises(DocumentError, match=r"(?s)--to html failed \(exit 1\):\n.*ERROR: something is wrong$"):
        render_document(source, formats=("html",), output_dir=tmp_path, engine="quarto", source_date=DATE)
    assert former.read_text(encoding="utf-8") == "former"


def test_an_unknown_reference_is_an_error_in_this_engine_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Quarto would only warn; the check comes first and Quarto is not called."""
    log = install(tmp_path, monkeypatch)
    source = tmp_path / "doc.qmd"
    source.write_text("See @fig-none.\n", encoding="utf-8")
    with pytest.raises(DocumentError, match="@fig-none"):
        render_document(source, formats=("html",), output_dir=tmp_path, engine="quarto", source_date=DATE)
    assert not log.exists()

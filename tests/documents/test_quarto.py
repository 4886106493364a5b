"""The Quarto engine, with a stand-in executable that records how it was called and writes what Quarto would."""

from __future__ import annotations

import datetime
import json
import sys
from pathlib import Path

import docx
import pytest

from npcstats.documents import find_engine, render_document
from npcstats.errors import DocumentError

DATE = datetime.date(2027, 6, 30)
STAND_IN = """#!{python}
import json, os, pathlib, sys
import docx
arguments = sys.argv[1:]
with open({log!r}, "a") as log:
    kept = {{key: os.environ.get(key) for key in ("QUARTO_PYTHON", "SOURCE_DATE_EPOCH", "NPCSTATS_RESULTS")}}
    log.write(json.dumps([arguments, kept]) + "\\n")
print("(W) noise\\nWARNING Unknown meta key a.b", file=sys.stderr)
if {fails}:
    sys.exit("ERROR: something is wrong")
kind = arguments[arguments.index("--to") + 1]
folder = pathlib.Path(arguments[arguments.index("--output-dir") + 1]) / "reports"
folder.mkdir(parents=True)
target = folder / ("doc" + {{"typst": ".pdf", "html": ".html", "docx": ".docx"}}[kind])
if kind == "docx":
    made = docx.Document()
    made.add_paragraph("Text")
    made.styles.add_style("Table Caption", 1)
    cell = made.add_table(rows=1, cols=1).cell(0, 0)
    cell.paragraphs[0].text = "Table 1: Wrapped"
    cell.paragraphs[0].style = "Table Caption"
    cell.add_table(rows=2, cols=2).cell(0, 1).text = "inside"
    made.save(str(target))
else:
    target.write_text(kind)
"""


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, *, fails: bool = False) -> Path:
    """Put the stand-in on PATH; returns the file it writes its calls to."""
    log = folder / "calls.jsonl"
    program = folder / "bin" / "quarto"
    program.parent.mkdir()
    program.write_text(STAND_IN.format(python=sys.executable, log=str(log), fails=fails), encoding="utf-8")
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
    assert [arguments[arguments.index("--to") + 1] for arguments, _ in calls] == ["typst", "html", "docx"]
    for arguments, environment in calls:
        assert arguments[:2] == ["render", str(source)]
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
    assert [paragraph.text for paragraph in word.paragraphs if paragraph.text] == ["Text", "Table 1: Wrapped"]
    assert [[len(table.rows), table.cell(0, 1).text] for table in word.tables] == [[2, "inside"]]


def test_warnings_of_quarto_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Though its log is kept back."""
    install(tmp_path, monkeypatch)
    source = tmp_path / "doc.qmd"
    source.write_text("Text\n", encoding="utf-8")
    render_document(source, formats=("html",), output_dir=tmp_path / "out", engine="quarto", source_date=DATE)
    assert caplog.messages == ["WARNING Unknown meta key a.b"]


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

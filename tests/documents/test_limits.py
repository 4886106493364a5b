"""Documents that no person writes end in one message with file, line and limit, before Pandoc or a kernel is asked."""

from __future__ import annotations

import datetime
import time
from pathlib import Path

import pytest

from npcstats.documents import check_document, read_value_file, read_values, render_document
from npcstats.documents.limits import check_depth, check_outputs
from npcstats.errors import DocumentError, SpecError

LINKS = "[1](x) and *[2](y)* and [a [b](c)]{.d} and ![e [f](g)](h)"
BOMB = "---\na0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 12))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Text\n" + "::: {.a}\n" * 600 + ":::\n" * 600, r"doc\.qmd:42: divs nested deeper than 40"),
        ("<div>\n" * 600, r"doc\.qmd:41: divs nested deeper than 40"),
        ("A\n\n" + ">" * 5000 + " a\n", r"doc\.qmd:3: block quotes and lists nested deeper than 40"),
        ("- " * 600 + "a\n", r"doc\.qmd:1: block quotes and lists nested"),
        ("\n".join("  " * i + "- a" for i in range(600)), r"doc\.qmd:41: block quotes and lists nested"),
        ("A\n\nb " + "[" * 20 + "x" + "]" * 20, r"doc\.qmd:3: brackets nested deeper than 8"),
        ("[" * 20_000, r"doc\.qmd:1: brackets nested deeper than 8"),
        ("<span>" * 600, r"doc\.qmd:1: brackets nested"),
        ("*a _b " * 3000 + "b_ a* " * 3000, r"doc\.qmd: nested deeper than can be read"),
        ("---\na: 1\ntitle: " + "[" * 20_000 + "\n---\n", r"doc\.qmd:3: YAML nested deeper than 32"),
        ("---\na: &a [*a]\n---\n", r"doc\.qmd:2: alias \*a within itself"),
        (BOMB + "---\n", r"doc\.qmd:6: YAML of more than 20,000 values, aliases unfolded"),
        ("---\na: " + "9" * 6000 + "\n---\n", r"doc\.qmd:2: not valid YAML"),
        ('---\ntitle: "' + "[" * 30 + '"\n---\n', r"doc\.qmd:2: brackets nested"),
        ("```{python}\n#| label: a\n#| b: " + "[" * 500 + "\n1\n```\n", r"doc\.qmd:3: YAML nested deeper than 32"),
        ("`{python} " + "(" * 3000 + ")" * 3000 + "`\n", r"doc\.qmd:1: inline code .*nested parentheses"),
        ("`{python} " + "1+" * 9000 + "1`\n", r"doc\.qmd:1: inline code of 18,001 characters"),
        ("a\n" * 4_100_000, r"doc\.qmd: 8,200,000 bytes; a file of at most 8,000,000"),
        ("a\n" * 120_000, r"doc\.qmd: more than 100,000 lines"),
    ],
)
def test_what_is_beyond_the_limits_is_refused(tmp_path: Path, text: str, message: str):
    (tmp_path / "doc.qmd").write_text(text)
    began = time.process_time()
    with pytest.raises(DocumentError, match=message) as caught:
        check_document(tmp_path / "doc.qmd")
    assert time.process_time() - began < 2.0
    assert len(str(caught.value)) < 1500


@pytest.mark.parametrize("name", ["_quarto.yml", "_metadata.yml"])
def test_files_of_a_project_have_the_same_limits(tmp_path: Path, name: str):
    (tmp_path / "_quarto.yml").write_text("project:\n  type: default\n")
    (tmp_path / name).write_text(BOMB.removeprefix("---\n"))
    (tmp_path / "doc.qmd").write_text("A\n")
    with pytest.raises(DocumentError, match=rf"{name}:5: YAML of more than 20,000 values"):
        check_document(tmp_path / "doc.qmd")


def test_includes_end(tmp_path: Path):
    for i in range(60):
        (tmp_path / f"c{i}.qmd").write_text(f"{{{{< include c{i + 1}.qmd >}}}}\n")
    with pytest.raises(DocumentError, match=r"c32\.qmd:1: include: a chain of more than 32 files"):
        check_document(tmp_path / "c0.qmd")


def test_values_of_the_command_line_have_limits(tmp_path: Path):
    (tmp_path / "p.yml").write_text(BOMB.removeprefix("---\n"))
    with pytest.raises(SpecError, match=r"p\.yml:5: YAML of more than 20,000 values"):
        read_value_file(tmp_path / "p.yml")
    with pytest.raises(SpecError, match="YAML nested deeper than 32"):
        read_values(["a:" + "[" * 5000], "-P")
    (tmp_path / "doc.qmd").write_text("A\n")
    with pytest.raises(DocumentError, match="-M title: brackets nested"):
        render_document(
            tmp_path / "doc.qmd", formats=("html",), output_dir=tmp_path / "out", engine="builtin",
            metadata={"title": "[" * 50}, source_date=datetime.date(2027, 6, 30),
        )  # fmt: skip


def test_outputs_have_limits():
    with pytest.raises(DocumentError, match=r"doc\.qmd:3: a table of 20,001 rows"):
        check_outputs([{"data": {"text/html": "<tr>" * 20_001}}], "doc.qmd:3")
    with pytest.raises(DocumentError, match=r"doc\.qmd:3: the cell printed 33,000,000 characters"):
        check_outputs([{"text": "a" * 33_000_000}], "doc.qmd:3")
    assert check_outputs([{"data": {"image/png": "a" * 33_000_000}}], "doc.qmd:3") is None


@pytest.mark.parametrize(
    "text",
    [
        LINKS,
        "::: {.a}\n" * 10 + "x\n" + ":::\n" * 10,
        ("::: {.a}\nx\n:::\n\n" * 500),
        "\n".join("  " * i + "- a" for i in range(20)),
        ("See [1, 2) and [2, 3).\n\n" * 100),
        "`[[[[[[[[[[[[[[[[` and " + "\\[" * 40,
    ],
)
def test_what_people_write_is_within_them(text: str):
    assert check_depth((line, "here") for line in text.split("\n")) is None

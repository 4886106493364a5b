"""Texts of data and plan that look like markup are printed sign by sign, in every slot and in the three formats."""

from __future__ import annotations

import datetime
import importlib.util
import re
import shutil
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from lxml import html as lxml_html
from pypdf import PdfReader

from npcstats.documents import PlainText, render_document
from npcstats.formatting import escape_markdown
from npcstats.results import Results, write_results

ROOT = Path(__file__).parents[2]
HOSTILE = (
    "{{< pagebreak >}} {{< meta title >}} {{{< include x >}}} *a* __b__ `c` [x](y) @fig-os [@ref] H~2~O e^x^ $f_1$ "
    "$$g$$ #h #panic(1) <script>alert(1)</script> <b>i</b> &amp; &lt; ::: {.j} ```{=typst} \\k \\(l\\) 'm' -- ... -5 "
    "n-?o 1. 100% !"
)
DOCUMENT = """---
title: "Hostile *text*"
---

```{python}
#| include: false
from pathlib import Path
from npcstats.results import read_results
from npcstats.tables import *
results = read_results(Path("results"))
```

Study: `{python} study_text(results, "title")`

`{python} sentence(results, "os", "method")`

`{python} str(study_text(results, "title"))`

```{python}
#| label: tbl-baseline
#| tbl-cap: "Baseline"
baseline_table(results, "baseline")
```

```{python}
#| label: tbl-events
#| tbl-cap: "Events"
toxicity_table(results, "ae-acute", levels=("grade>=3",), minimum=0.0)
```

```{python}
#| echo: false
print(study_text(results, "title"))
```

{{< pagebreak >}}

Trial: {{< meta trial >}}. Written: `{{{< meta trial >}}}`.
"""


def hostile(text: str, number: int) -> str:
    """A text that no other slot has."""
    return f"{text[:3]}{number}:{HOSTILE}"


def made() -> Results:
    """Results whose every word is hostile."""
    spec = importlib.util.spec_from_file_location("made_for_hostile", ROOT / "tests" / "made.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    results = module.made_results(pooled=False)
    catalogue = results.catalogue
    of = {
        name: replace(
            entry,
            labels={
                column: {code: hostile(text, i) for i, (code, text) in enumerate(codes.items())}
                for column, codes in entry.labels.items()
            },
            sentences={topic: hostile(topic, 0) for topic in entry.sentences},
            units={code: hostile("u", 0) for code in entry.units},
        )
        for name, entry in catalogue.analyses.items()
    }
    arms = {code: hostile(code, i) for i, code in enumerate(catalogue.arms)}
    study = {**catalogue.study, "title": HOSTILE}
    return replace(results, catalogue=replace(catalogue, arms=arms, study=study, analyses=of))


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The three files."""
    folder = tmp_path_factory.mktemp("hostile")
    shutil.copy(ROOT / "_quarto.yml", folder)
    shutil.copytree(ROOT / "reports" / "_theme", folder / "reports" / "_theme")
    (folder / "reports" / "results").mkdir()
    write_results(made(), folder / "reports" / "results")
    (folder / "reports" / "doc.qmd").write_text(DOCUMENT)
    names = ("trial", "registry", "confidentiality", "cutoff", "results-hash", "version", "data-mark")
    paths = render_document(
        folder / "reports" / "doc.qmd",
        formats=("pdf", "html", "docx"),
        output_dir=folder / "out",
        engine="builtin",
        metadata={name: PlainText(f"{name}: {HOSTILE}") for name in names},
        source_date=datetime.date(2027, 6, 30),
    )
    return {path.suffix: path for path in paths}


def bare(text: str) -> str:
    """Without blanks, which lines and cells decide."""
    return re.sub(r"\s", "", text)


def told(path: Path) -> str:
    """What is read in a file."""
    if path.suffix == ".pdf":
        return bare("".join(page.extract_text() for page in PdfReader(path).pages))
    if path.suffix == ".html":
        return bare(lxml_html.parse(path).getroot().text_content())
    document = docx.Document(path)
    parts = [document.element.body, *(s.header._element for s in document.sections)]
    parts += [section.footer._element for section in document.sections]
    return bare("".join(t.text or "" for part in parts for t in part.iter(qn("w:t"))))


@pytest.mark.parametrize("suffix", [".pdf", ".html", ".docx"])
def test_every_slot_prints_the_very_signs(rendered: dict[str, Path], suffix: str):
    # Typst prints a minus for a hyphen before a digit, in Quarto's files as in ours
    text = re.sub(r"(?<!\w)−(?=\d)", "-", told(rendered[suffix])) if suffix == ".pdf" else told(rendered[suffix])
    results = made()
    wanted = [*results.catalogue.arms.values(), f"Study: {HOSTILE}", hostile("method", 0)]
    for name, column in (("baseline", "variable"), ("ae-acute", "variable"), ("ae-acute", "block")):
        words = results.catalogue.analyses[name].labels.get(column, {})
        wanted += [text for code, text in words.items() if code != "all"]
    # a row that goes over a page is read in pieces: of these words the beginning, and each sign in another slot
    shown = 5 if suffix == ".pdf" else None
    missing = [item for item in wanted if bare(item)[:shown] not in text]
    assert missing == []
    assert text.count(bare(HOSTILE)) >= 12
    assert [
        sign for sign in ("\N{MINUS SIGN}5n", "\N{HORIZONTAL ELLIPSIS}", "\N{ZERO WIDTH SPACE}") if sign in text
    ] == []
    assert bare(f"Trial: trial: {HOSTILE}. Written: {{{{< meta trial >}}}}.") in text


def test_no_element_is_made_of_a_text(rendered: dict[str, Path]):
    page = lxml_html.parse(rendered[".html"]).getroot()
    assert [item for item in page.iter("script") if "alert" in (item.text or "")] == []
    assert list(page.iter("b")) == []
    assert page.xpath('//*[contains(concat(" ", @class, " "), " j ")]') == []
    assert page.xpath('//a[@href="y"]') == []
    assert page.xpath('//*[contains(@class, "math")]') == []
    assert "page-break-after" in rendered[".html"].read_text(encoding="utf-8")


@pytest.mark.parametrize("text", [HOSTILE, "1. a", "- a", "::: {.a}", "    code", "# a", "% a", "~~~ a", "a\\", ": b"])
def test_escaped_text_is_one_plain_paragraph(text: str):
    assert "\n" not in escape_markdown(text)

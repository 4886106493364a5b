"""A kernel in waiting gives what a kernel started for the document gives, and is gone when the document is done."""

from __future__ import annotations

import datetime
import subprocess

import pytest

from npcstats.documents import render_document
from npcstats.errors import DocumentError
from npcstats.system.kernels import waiting_kernel

CELLS = """---
title: Cells
---

```{python}
import os, sys
import beside
print(beside.NAME, os.getcwd(), sys.path, sys.argv[0], __name__, os.environ["ASKED"], "PYTHONSAFEPATH" in os.environ)
```

`{python} 6 * 7`
"""


@pytest.fixture
def rendered(tmp_path):
    """Render a text with or without a kernel in waiting; the page, and the process that waited."""

    def render(text, *, waiting):
        source = tmp_path / "a.qmd"
        source.write_text(text)
        (tmp_path / "beside.py").write_text("NAME = 'of the module beside the document'\n")
        with waiting_kernel(wanted=waiting) as kernel:
            (page,) = render_document(
                source,
                formats=("html",),
                output_dir=tmp_path / str(waiting),
                engine="builtin",
                environment={"ASKED": "for"},
                source_date=datetime.date(2026, 1, 1),
                kernel=kernel,
            )
        return page.read_text(), kernel

    return render


def test_a_kernel_in_waiting_is_like_any_other(rendered):
    """A module beside the document is found by both."""
    (page, waited), (plain, none) = rendered(CELLS, waiting=True), rendered(CELLS, waiting=False)
    assert page == plain
    assert "of the module beside the document" in page
    assert "<p>42</p>" in page
    assert none is None
    assert waited.process.poll() is not None


@pytest.mark.parametrize("text", [CELLS + "\n@fig-nothing\n", "```{python}\n1 / 0\n```\n"])
def test_it_is_gone_after_a_refusal(rendered, text, monkeypatch):
    started = []
    popen = subprocess.Popen

    def noted(*given, **named):
        started.append(popen(*given, **named))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", noted)
    with pytest.raises(DocumentError):
        rendered(text, waiting=True)
    assert started
    assert all(process.poll() is not None for process in started)


def test_a_document_without_cells_leaves_it_untold(rendered):
    page, waited = rendered("---\ntitle: A\n---\n\nText.\n", waiting=True)
    assert "Text." in page
    assert waited.process.poll() is not None


def test_one_that_has_ended_is_told_of(rendered):
    with waiting_kernel(wanted=True) as kernel:
        kernel.process.kill()
        kernel.process.wait()
        with pytest.raises(RuntimeError, match="ended before it was needed"):
            kernel.become(["x" * 100_000], folder=".", environment={})

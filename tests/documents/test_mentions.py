"""Every file that a document names decides whether it is made again."""

from __future__ import annotations

from npcstats.documents import check_document

TEXT = """\
---
title: T
bibliography: ../refs.bib
format:
  html:
    css: [shared/look.css]
---

{{< include parts/_in.qmd >}}

![A plot](<pictures/with blank.png>){fig-alt="x"}

![Another](pictures/plain.png)

```{python}
open("numbers, final.csv").read()
```

Nothing of "missing.csv" nor of `.`.
"""
NAMED = ("refs.bib", "reports/shared/look.css", "reports/parts/_in.qmd", "reports/parts/_deep.qmd",
         "reports/pictures/with blank.png", "reports/pictures/plain.png", "reports/numbers, final.csv")  # fmt: skip


def test_files_that_a_document_names(tmp_path):
    (tmp_path / "_quarto.yml").write_text("")
    for name in NAMED:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(
            "" if name != "reports/parts/_in.qmd" else "{{< include parts/_deep.qmd >}}\n\nText.\n"
        )
    (tmp_path / "reports" / "parts" / "_deep.qmd").write_text("Deep.\n")
    (tmp_path / "reports" / "unnamed.csv").write_text("")
    source = tmp_path / "reports" / "a.qmd"
    source.write_text(TEXT)
    assert set(check_document(source)) == {source, *(tmp_path / name for name in NAMED)}

"""Renders `.qmd` documents to PDF, HTML and Word: with Quarto where it is installed, else with what is here.

The parts: `render` is the way in; `source`, `metadata`, `cells` read what was written; `check`, `supported` refuse
early; `execute` runs cells; `outputs`, `content`, `crossref`, `layout`, `fitting`, `html_tables` make a Pandoc tree;
`write_*` write it; `quarto` calls Quarto instead. `request` holds what passes between them.
"""

from __future__ import annotations

from npcstats.documents.metadata import output_folder
from npcstats.documents.render import check_document, find_engine, render_document
from npcstats.documents.values import PlainText, read_value_file, read_values

__all__ = [
    "PlainText",
    "check_document",
    "find_engine",
    "output_folder",
    "read_value_file",
    "read_values",
    "render_document",
]

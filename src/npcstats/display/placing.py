"""Tables and figures of the plan placed in a document: with their number, caption, footnotes and alternative text.

What is placed is Markdown that Quarto and the built-in renderer make a numbered float of, in every format.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from npcstats.display.anatomy import Piece
from npcstats.display.pieces import words
from npcstats.display.prose import Inline
from npcstats.display.specs import Display, Figure, display_of_entry
from npcstats.errors import ResultsError
from npcstats.results import Results

INCHES_PER_METRE = 1 / 0.0254
RASTER, VECTOR = "png", "svg"


@dataclass(frozen=True)
class Placed:
    """A table or figure in a document.

    Parameters
    ----------
    label : str
        What cross-references call it, such as ``tbl-acute``.
    content, caption : str
        Markdown of what is shown, and of the words below or above it.
    """

    label: str
    content: str
    caption: str

    def _repr_markdown_(self) -> str:
        return f"::: {{#{self.label}}}\n\n{self.content}\n\n{self.caption}\n\n:::\n"


def show_table(results: Results, name: str) -> Placed:
    """Place a table of the plan.

    Parameters
    ----------
    results : Results
        Of the session.
    name : str
        The table's name in the plan; a document refers to it as ``@tbl-NAME``.

    Returns
    -------
    Placed
        Displays itself.

    Raises
    ------
    ResultsError
        If the session has no such table.
    """
    table = _planned(results.catalogue.tables, name, "table", results)
    shown: str = table.make(results, table)._repr_markdown_()
    return Placed(f"tbl-{name}", shown.rstrip("\n"), _title(results, table, "tables")._repr_markdown_())


def show_figure(results: Results, name: str) -> Placed:
    """Place a figure of the plan, which was drawn when the results were made.

    Parameters
    ----------
    results : Results
        Of the session, read from a folder.
    name : str
        The figure's name in the plan; a document refers to it as ``@fig-NAME``.

    Returns
    -------
    Placed
        Displays itself.

    Raises
    ------
    ResultsError
        If the session has no such figure, or the results have no folder with it.
    """
    figure = _planned(results.catalogue.figures, name, "figure", results)
    assert isinstance(figure, Figure)
    alt = figure.alt(results, figure).replace("\\", "\\\\").replace('"', '\\"')
    picture, size = _picture(results, name)
    caption: Inline = _title(results, figure, "figures") + " " + figure.caption(results, figure)
    return Placed(f"fig-{name}", f'![]({picture}){{fig-alt="{alt}"{size}}}', caption._repr_markdown_())


def _planned(entries: Mapping[str, Mapping[str, Any]], name: str, what: str, results: Results) -> Display:
    if name not in entries:
        session = results.catalogue.study.get("session", "")
        known = ", ".join(entries) or "none"
        raise ResultsError(f"{what} {name!r} is not one of session {session}; of these: {known}.")
    return display_of_entry(entries[name], name)


def _title(results: Results, display: Display, entries: str) -> Inline:
    """The title, with its number where the session's displays carry them; a period stays at the end."""
    if results.catalogue.study.get("numbered") != "yes" or not display.number:
        return Inline((Piece(display.title),))
    title = display.title.removesuffix(".")
    number = words(results, entries, display.name, "number")
    return Inline((Piece(f"{title} ("), number, Piece(f"){display.title[len(title) :]}")))


def _picture(results: Results, name: str) -> tuple[str, str]:
    """A figure's file as the document's folder sees it; for a raster, which Word takes, its size too."""
    if results.folder is None:
        raise ResultsError(f"figure {name}: results that were read from a folder are required.")
    files = {suffix: results.folder / "figures" / f"{name}.{suffix}" for suffix in (RASTER, VECTOR)}
    found = next((file for file in files.values() if file.is_file()), None)
    if found is None:
        raise ResultsError(f"{results.folder / 'figures'}: no {name}.{VECTOR}; the figures of a run are required.")
    size = f" width={_inches(found)}in" if found.suffix == f".{RASTER}" else ""
    return Path(os.path.relpath(found, Path.cwd())).as_posix(), size


def _inches(raster: Path) -> str:
    """Printed width of a PNG, from its pixels and its pixels per metre."""
    with raster.open("rb") as file:
        image = file.read(4096)
    (width,) = struct.unpack(">I", image[16:20])
    at = image.find(b"pHYs")
    (per_metre,) = struct.unpack(">I", image[at + 4 : at + 8]) if at > 0 else (0,)
    if not per_metre:
        raise ResultsError(f"{raster}: has no size in print; a figure of a run is required.")
    return f"{width / per_metre * INCHES_PER_METRE:.4f}"

"""Tables and figures of the plan, placed in a document by their name: float, caption and alternative text in one.

What a cell gives back is Markdown as both Quarto and the built-in renderer read it, so that a report types none of it.
"""

from __future__ import annotations

import os
import shutil
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from npcstats.display import anatomy
from npcstats.display.anatomy import Piece
from npcstats.display.pieces import words
from npcstats.display.prose import Inline, attribute_text
from npcstats.display.specs import Display, Figure, Table, caption_title, display_of_entry
from npcstats.errors import ResultsError
from npcstats.provenance import PICTURES_VARIABLE
from npcstats.results import ABSENT, Results, absent_sentences

PIXELS_PER_INCH, METRES_PER_INCH = 96, 0.0254
WORD = 'when-format="docx"'


@dataclass(frozen=True)
class PlacedFigure:
    """A figure that the pipeline drew, as a numbered float in every format a document can take.

    Parameters
    ----------
    name : str
        The figure's name in the plan.
    caption : Inline
        All that stands below it.
    alt : str
        What it shows, for those who cannot see it.
    vector : str
        The drawing's file, as the document names it.
    raster : str
        The file for Word; empty where there is none.
    width : float
        Width of the raster in inches.
    """

    name: str
    caption: Inline
    alt: str
    vector: str
    raster: str
    width: float

    def _repr_markdown_(self) -> str:
        picture = _picture(self.vector, self.alt)
        if self.raster:
            word = _picture(self.raster, self.alt, f" width={self.width:.4f}in")
            picture = f"::: {{.content-hidden {WORD}}}\n{picture}\n:::\n\n::: {{.content-visible {WORD}}}\n{word}\n:::"
        return _float(f"fig-{self.name}", picture, self.caption)


@dataclass(frozen=True)
class PlacedTable:
    """A table as a numbered float.

    Parameters
    ----------
    name : str
        The table's name in the plan.
    caption : Inline
        All that stands above it.
    table : anatomy.Table
        The table.
    """

    name: str
    caption: Inline
    table: anatomy.Table

    def _repr_markdown_(self) -> str:
        return _float(f"tbl-{self.name}", self.table._repr_markdown_().rstrip("\n"), self.caption)


@dataclass(frozen=True)
class PlacedAbsence:
    """A sentence where a table or a figure would be, had the export what it needs.

    Parameters
    ----------
    told : Inline
        The sentence.
    """

    told: Inline

    def _repr_markdown_(self) -> str:
        return f"{self.told._repr_markdown_()}\n"


def show_figure(results: Results, name: str) -> PlacedFigure | PlacedAbsence:
    """Place a figure of the plan in a document.

    Parameters
    ----------
    results : Results
        Read from a folder.
    name : str
        The figure's name in the plan.

    Returns
    -------
    PlacedFigure or PlacedAbsence
        Displays itself, as ``@fig-NAME``; a sentence where the export lacks what it needs.

    Raises
    ------
    ResultsError
        If the results have no folder, the session has no such figure, or its file is missing.
    """
    figure: Any = _planned("figure", Figure, results, results.catalogue.figures, name)
    if absent := _absence(results, figure):
        return absent
    if results.folder is None:
        raise ResultsError(f"figure {name}: results that were read from a folder are required.")
    files = {kind: results.folder / "figures" / f"{name}.{kind}" for kind in ("svg", "png")}
    if not files["svg"].is_file():
        raise ResultsError(f"{files['svg'].parent}: no {name}.svg; the figures of a run are required.")
    caption = _opening(results, "figures", figure) + " " + figure.caption(results, figure)
    vector, alt = _named_here(files["svg"]), figure.alt(results, figure)
    if not files["png"].is_file():
        return PlacedFigure(name, caption, alt, vector, "", 0.0)
    return PlacedFigure(name, caption, alt, vector, _named_here(files["png"]), _inches(files["png"]))


def show_table(results: Results, name: str) -> PlacedTable | PlacedAbsence:
    """Place a table of the plan in a document.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    name : str
        The table's name in the plan.

    Returns
    -------
    PlacedTable or PlacedAbsence
        Displays itself, as ``@tbl-NAME``; a sentence where the export lacks what it needs.

    Raises
    ------
    ResultsError
        If the session has no such table.
    """
    table: Any = _planned("table", Table, results, results.catalogue.tables, name)
    if absent := _absence(results, table):
        return absent
    return PlacedTable(name, _opening(results, "tables", table), table.make(results, table))


def _absence(results: Results, display: Display) -> PlacedAbsence | None:
    """What is said in place of a display whose analyses could not be made, or one of them."""
    lacking = [name for name in display.analyses if absent_sentences(results.catalogue, [name])]
    told = [words(results, "analyses", name, "sentences", ABSENT) for name in lacking]
    return PlacedAbsence(Inline(tuple(piece for one in told for piece in (Piece(" "), one))[1:])) if told else None


def _planned(
    what: str, of: type[Display], results: Results, known: Mapping[str, Mapping[str, Any]], name: str
) -> Display:
    if name in known:
        found = display_of_entry(known[name], name)
        if not isinstance(found, of):
            raise ResultsError(f"catalogue: {what} {name} is a {type(found).__name__}; the plan's {what} is required.")
        return found
    session = results.catalogue.study.get("session", "")
    where = f"session {session!r}" if session else "the session"
    raise ResultsError(f"{what} {name!r}: {where} has none of that name in the plan; "
                       f"one of {', '.join(known) or '(none)'} is required.")  # fmt: skip


def _opening(results: Results, what: str, display: Display) -> Inline:
    """The title as a caption begins with it; its number, where the session prints it, with its origin."""
    before, number, after = caption_title(results, display).rpartition(display.number or "\n")
    told = (words(results, what, display.name, "number"),) if number else ()
    return Inline((Piece(before), *told, Piece(after)))


def _named_here(file: Path) -> str:
    """A file as the document names it; where a renderer reads within its project only, a copy beside the document."""
    given = os.environ.get(PICTURES_VARIABLE)
    if given:
        folder = Path(given)
        folder.mkdir(exist_ok=True)
        shutil.copyfile(file, folder / file.name)
        return quote(f"{folder.name}/{file.name}")
    return quote(Path(os.path.relpath(file)).as_posix())


def _inches(png: Path) -> float:
    """Width of a PNG by its pixels per metre, which Word's writer would round to whole ones per inch."""
    with png.open("rb") as file:
        head = file.read(4096)
    (pixels,) = struct.unpack(">I", head[16:20])
    at = head.find(b"pHYs")
    (per_metre,) = struct.unpack(">I", head[at + 4 : at + 8]) if at > 0 else (round(PIXELS_PER_INCH / METRES_PER_INCH),)
    return float(pixels / per_metre / METRES_PER_INCH)


def _picture(file: str, alt: str, size: str = "") -> str:
    return f'![]({file}){{fig-alt="{attribute_text(alt)}"{size}}}'


def _float(label: str, content: str, caption: Inline) -> str:
    return f":::: {{#{label}}}\n{content}\n\n{caption._repr_markdown_()}\n::::\n"

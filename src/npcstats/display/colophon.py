"""The last pages of a document: where its numbers come from and which conventions they follow."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.display.anatomy import Cell, Piece, Table, TableRow, alignments
from npcstats.display.pieces import words
from npcstats.errors import ResultsError
from npcstats.results import Results


def provenance_table(results: Results) -> Table:
    """Hashes, versions, cut-off and seed of the run.

    Parameters
    ----------
    results : Results
        Read from a results folder.

    Returns
    -------
    Table
        One line per fact, no header text.

    Raises
    ------
    ResultsError
        If the catalogue tells no provenance.
    """
    facts = results.catalogue.provenance
    if not facts:
        raise ResultsError("catalogue: no provenance; results that the pipeline wrote are required.")
    rows = tuple(TableRow((Cell((Piece(name),)), Cell((words(results, "provenance", name),)))) for name in facts)
    return _words_table("provenance", "Where the numbers come from", ("What", "Value"), rows, (30.0, 90.0))


def conventions_table(results: Results) -> Table:
    """Statistical conventions in force, with their equivalents in R and SAS.

    Parameters
    ----------
    results : Results
        Their catalogue names them.

    Returns
    -------
    Table
        One line per convention.
    """
    parts = ("topic", "convention", "r", "sas")
    rows = tuple(
        TableRow(tuple(Cell((words(results, "conventions", name, part),)) for part in parts))
        for name in results.catalogue.conventions
    )
    header = ("Quantity", "Convention", "In R", "In SAS")
    return _words_table("conventions", "Conventions in force", header, rows, (24.0, 36.0, 32.0, 32.0))


def _words_table(
    name: str, title: str, header: tuple[str, ...], rows: tuple[TableRow, ...], widths: tuple[float, ...]
) -> Table:
    return Table(
        id=name,
        title=title,
        spanners=(),
        header=tuple(Cell((Piece(text),), strong=True) for text in header),
        rows=rows,
        notes=(),
        align=alignments(len(header), len(header)),
        widths=widths,
    )


@dataclass(frozen=True)
class Attachments:
    """Files of the results folder that travel inside a PDF; other formats show nothing.

    Parameters
    ----------
    files : tuple of (str, str, str)
        Name, media type and text of each.
    """

    files: tuple[tuple[str, str, str], ...]

    def _repr_markdown_(self) -> str:
        calls = "\n".join(_typst_call(name, kind, text) for name, kind, text in self.files)
        return f"```{{=typst}}\n{calls}\n```\n"


def attach_results(results: Results) -> Attachments:
    """Attach ``results.csv`` and ``provenance.json`` to the PDF, so that the numbers travel with the page.

    Parameters
    ----------
    results : Results
        Read from a folder; open or masked as the document is.

    Returns
    -------
    Attachments
        Displays itself as nothing but what Typst attaches.

    Raises
    ------
    ResultsError
        If the results have no folder.
    """
    if results.folder is None:
        raise ResultsError("attachments: results that were read from a folder are required.")
    kinds = {"results.csv": "text/csv", "provenance.json": "application/json"}
    return Attachments(tuple((n, kind, (results.folder / n).read_text(encoding="utf-8")) for n, kind in kinds.items()))


def _typst_call(name: str, kind: str, text: str) -> str:
    """A call of Typst; the name begins at its root, so that it is the file's own wherever the document lies."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("{{<", "{\\u{7b}<")
    about = 'relationship: "data", description: "What this document was made from"'
    return f'#pdf.attach("/{name}", bytes("{escaped}"), mime-type: "{kind}", {about})'

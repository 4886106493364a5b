"""Stored results and meetings are looked into: ``diff`` and ``trace``."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from npcstats.display import anatomy
from npcstats.display.anatomy import FIGURE_SPACE
from npcstats.errors import ResultsError, SpecError
from npcstats.formatting import counted
from npcstats.provenance import read_provenance
from npcstats.results import KEY_COLUMNS, PAYLOAD_COLUMNS, diff, read_results
from npcstats.run.meetings.changes import SessionChanges, changes_page, follows, is_meeting, page_of, stored_changes
from npcstats.run.project import find_project
from npcstats.system.named import Named

COMPUTE = Named("npcstats.run.meetings.recompute", "compute_changes")
OWNER_ONLY = 0o600
WIDE = 160
"""Columns of what is printed into a file or a pipe."""
console = Console(highlight=False, markup=False, emoji=False)


def compare(old: Path, new: Path, *, tolerance: float, html: Path | None = None, mask: Path | None = None) -> None:
    """Compare two results folders, or two meetings.

    Parameters
    ----------
    old, new : Path
        The folders; of meetings, the earlier one first.
    tolerance : float
        Of results folders: largest relative difference that counts as equal.
    html : Path or None
        File that receives the same as a page.
    mask : Path or None
        Of meetings: masking map, needed where the later one was not made after the earlier one.

    Raises
    ------
    ResultsError
        If two results folders differ, or meetings cannot be compared.
    SpecError
        If one folder is of a meeting and the other of results.
    """
    meetings = [is_meeting(folder) for folder in (old, new)]
    if all(meetings):
        found = stored_changes(new) if follows(old, new) else COMPUTE(old, new, mask)
        if html:
            _write(html, changes_page(found, f"What changed from {old.name} to {new.name}"))
        _print_changes(found)
        if html:
            console.print(f"Page: {html}, readable by its owner only.")
        return
    if any(meetings):
        other = old if meetings[0] else new
        raise SpecError(f"diff: {other} is of a meeting and the other folder is not; two of a kind are required.")
    _compare_results(old, new, tolerance, html)


def _compare_results(old: Path, new: Path, tolerance: float, html: Path | None) -> None:
    found = diff(read_results(old), read_results(new), tolerance)
    told = [(item.key, _value(item.old), _value(item.new)) for item in found]
    for key, before, after in told:
        print(f"{key}: {before} -> {after}")
    if html:
        lines = ["".join(f"<td>{escape(text)}</td>" for text in line) for line in told]
        parts = ["<table>", "<tr><th>Row</th><th>Old</th><th>New</th></tr>", *(f"<tr>{line}</tr>" for line in lines)]
        _write(html, page_of([*parts, "</table>"], f"Rows that differ: {len(told)}"))
    if found:
        raise ResultsError(f"{counted(len(found), 'row differs', 'rows differ')} between {old} and {new}.")
    print("No difference.")


def _print_changes(found: Sequence[SessionChanges]) -> None:
    screen = console if console.is_terminal else Console(highlight=False, markup=False, emoji=False, width=WIDE)
    for one in found:
        for placed in one.tables:
            screen.print(_on_screen(f"{one.session.capitalize()} session: {placed.caption}", placed.table))


def _on_screen(title: str, table: anatomy.Table) -> Table:
    """A table for a terminal: its title above, what spans it in one cell, numbers to the right."""
    drawn = Table(box=SIMPLE, title=title, title_justify="left", title_style="bold")
    for cell, side in zip(table.header, table.align, strict=True):
        drawn.add_column(cell.text, justify=side)
    for row in table.rows:
        texts = ["  " * cell.indent + cell.text.replace(FIGURE_SPACE, " ") for cell in row.cells]
        drawn.add_row(*texts, style="bold" if row.kind == "group" else None)
    return drawn


def _write(file: Path, page: str) -> None:
    """A page that may tell arms apart, so it is its owner's only before a word is in it."""
    try:
        file.touch(mode=OWNER_ONLY)
        file.chmod(OWNER_ONLY)
        file.write_text(page, encoding="utf-8")
    except OSError as error:
        raise ResultsError(f"{file}: {error.strerror}; a place that can be written to is required.") from error


def _value(row: object) -> str:
    return "absent" if row is None else repr(getattr(row, "value", None))


def trace(key: str, *, session: str, folder: Path | None) -> None:
    """Print the row of results behind a printed number.

    Parameters
    ----------
    key : str
        Its key.
    session : str
        Session that it was printed for.
    folder : Path or None
        Results of a run; the project's if None.

    Raises
    ------
    ResultsError
        If there is no such row.
    """
    place = (folder or find_project(Path.cwd())["results"]) / session
    read_provenance(place)  # without it nothing vouches for the rows
    found = read_results(place)
    if key not in found.by_key:
        raise ResultsError(f"results: no row has the key {key!r}; the data-key of a printed number is required.")
    row = found.by_key[key]
    for name in (*KEY_COLUMNS, *PAYLOAD_COLUMNS):
        print(f"{name:10}  {getattr(row, name)}")
    for topic, text in found.catalogue.analyses[row.analysis].sentences.items():
        print(f"{topic:10}  {text}")

"""What changed between two meetings: the tables that the later one has of it, and a page of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from npcstats.display.placing import PlacedTable, show_table
from npcstats.errors import ResultsError
from npcstats.results import Results, read_results
from npcstats.run.meetings.manifest import (
    MANIFEST,
    REQUIRED,
    RESULTS,
    check_unaltered,
    manifest_hash,
    read_manifest,
)
from npcstats.run.meetings.tables import STYLE

KINDS = ("since", "changed-events")
"""Kinds of analysis that tell what changed, as the catalogue names them."""


@dataclass(frozen=True)
class SessionChanges:
    """What a session tells of its changes.

    Parameters
    ----------
    session : str
        Its code.
    masked : bool
        Whether it tells arms apart.
    tables : tuple of PlacedTable
        In the order of the plan.
    """

    session: str
    masked: bool
    tables: tuple[PlacedTable, ...]


def is_meeting(folder: Path) -> bool:
    """Tell whether a folder is a meeting's.

    Parameters
    ----------
    folder : Path
        Any.

    Returns
    -------
    bool
        Whether it says so of itself.
    """
    return (folder / MANIFEST).is_file()


def follows(old: Path, new: Path) -> bool:
    """Tell whether a meeting was made with another as the one before it.

    Parameters
    ----------
    old, new : Path
        Folders of meetings.

    Returns
    -------
    bool
        Whether the later one names the hash of the earlier.

    Raises
    ------
    ResultsError
        If a file of either is not the one released.
    """
    records = [read_manifest(folder) for folder in (old, new)]
    for folder, record in zip((old, new), records, strict=True):
        check_unaltered(folder, record)
    former = records[1].former
    return former is not None and former.manifest_sha256 == manifest_hash(old)


def stored_changes(new: Path) -> tuple[SessionChanges, ...]:
    """Read what a meeting tells of its changes.

    Parameters
    ----------
    new : Path
        Its folder.

    Returns
    -------
    tuple of SessionChanges
        One for each session.

    Raises
    ------
    ResultsError
        If its plan follows no changes.
    """
    sessions = read_manifest(new).sessions
    found = tuple(changes_of(code, read_results(new / code / RESULTS)) for code in sessions)
    return require_changes(new, found)


def changes_of(session: str, results: Results) -> SessionChanges:
    """Place the tables of a session that tell what changed.

    Parameters
    ----------
    session : str
        Its code.
    results : Results
        With the folder that its listings are in.

    Returns
    -------
    SessionChanges
        Empty where its plan has none.
    """
    known = results.catalogue.analyses
    names = [
        name
        for name, entry in results.catalogue.tables.items()
        if (analysis := known.get(entry.get("analysis", ""))) and analysis.kind in KINDS
    ]
    placed = (show_table(results, name) for name in names)
    tables = tuple(table for table in placed if isinstance(table, PlacedTable))
    return SessionChanges(session, bool(results.catalogue.arms), tables)


def require_changes(new: Path, found: Sequence[SessionChanges]) -> tuple[SessionChanges, ...]:
    """Refuse a meeting whose plan follows no changes.

    Parameters
    ----------
    new : Path
        Its folder.
    found : sequence of SessionChanges
        Of its sessions.

    Returns
    -------
    tuple of SessionChanges
        Those that have tables.

    Raises
    ------
    ResultsError
        If none has.
    """
    told = tuple(one for one in found if one.tables)
    if not told:
        raise ResultsError(f"{new}: its plan has no table of what changed since a former meeting; {REQUIRED}.")
    return told


def changes_page(found: Sequence[SessionChanges], title: str) -> str:
    """Write the changes of all sessions as a page.

    Parameters
    ----------
    found : sequence of SessionChanges
        Of each session.
    title : str
        What is compared.

    Returns
    -------
    str
        HTML, in which each number carries the key of its row.
    """
    parts = []
    for one in found:
        parts.append(f"<h2>{escape(one.session.capitalize())} session</h2>")
        for placed in one.tables:
            opening, rest = placed.table.html().split("\n", 1)
            caption = "".join(piece.html() for piece in placed.caption.pieces)
            parts += [opening, f"<caption>{caption}</caption>", rest]
    return page_of(parts, title)


def page_of(parts: Sequence[str], title: str) -> str:
    """Write a page.

    Parameters
    ----------
    parts : sequence of str
        HTML of its body.
    title : str
        Its heading.

    Returns
    -------
    str
        HTML.
    """
    told = escape(title)
    head = ["<!DOCTYPE html>", '<html lang="en">', "<head>", '<meta charset="utf-8">', f"<title>{told}</title>",
            f"<style>\n{STYLE}</style>", "</head>", "<body>", f"<h1>{told}</h1>"]  # fmt: skip
    return "\n".join([*head, *parts, "</body>", "</html>", ""])

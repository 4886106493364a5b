"""Files and texts that a document puts into the head, before and after its body."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from npcstats.documents.metadata import as_list

PLACES = ("include-in-header", "include-before-body", "include-after-body")


def include_arguments(options: Mapping[str, Any], folder: Path, work: Path) -> list[str]:
    """Arguments that make Pandoc include what the options name.

    Parameters
    ----------
    options : mapping
        The document's options.
    folder : Path
        Folder that relative names begin at.
    work : Path
        Folder for files made from a `text`.

    Returns
    -------
    list of str
        The arguments.
    """
    return [
        f"--{place}={_file(item, folder, work / f'{place}-{number}')}"
        for place in PLACES
        for number, item in enumerate(as_list(options.get(place)))
    ]


def _file(item: Any, folder: Path, made: Path) -> Path:
    """File of source to include: named, or made from a `text`."""
    if isinstance(item, Mapping) and "text" in item:
        made.write_text(str(item["text"]), encoding="utf-8")
        return made
    return folder / str(item["file"] if isinstance(item, Mapping) else item)

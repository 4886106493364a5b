"""Which files a document is made from, as far as its text and options name them. Reads none of them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from npcstats.documents.metadata import PATH_OPTIONS, as_list, find_project
from npcstats.documents.source import Source, Text

# What may be a file's name: between quotes or brackets, where it may have blanks, or a word.
NAME = re.compile(r"""["'(<]([^"'()<>\n]+)["')>]|([^\s"'`()<>\[\]{},;|]+)""")
BETWEEN = re.compile(r"[\s,]+")


def mentioned_files(document: Source, options: Mapping[str, Mapping[str, Any]]) -> tuple[Path, ...]:
    """Tell which files that exist a document names: included, placed, cited, read by a cell.

    Parameters
    ----------
    document : Source
        The document.
    options : mapping of str to mapping
        Its options by format.

    Returns
    -------
    tuple of Path
        Files and, of options such as `font-paths`, folders; absolute, without links, in order.
    """
    folder = document.path.resolve().parent
    root = find_project(document.path) or folder
    texts = [text for own in options.values() for text in _texts(own)]
    texts += [text for part in document.parts for text in _written(part)]
    names = {name for text in texts for name in _names(text)}
    found = {place for name in names for place in (folder / name, root / name.lstrip("/")) if os.path.isfile(place)}
    given = (item for own in options.values() for key in PATH_OPTIONS for item in as_list(own.get(key)))
    found |= {Path(item) for item in given if isinstance(item, str) and os.path.exists(item)}
    found |= {line.path for part in document.parts if isinstance(part, Text) for line in part.lines}
    return tuple(sorted({path.resolve() for path in found}))


def _texts(value: Any) -> Iterator[str]:
    """Texts among options, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for inner in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(inner)


def _written(part: Any) -> tuple[str, ...]:
    return (part.markdown,) if isinstance(part, Text) else (part.code, *part.written)


def _names(text: str) -> Iterator[str]:
    yield text
    for quoted, word in NAME.findall(text):
        yield from (quoted, word, *BETWEEN.split(quoted))

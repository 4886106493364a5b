"""How large and how deep a document may be: what is beyond is refused with its line before it is parsed.

Pandoc's time grows by a factor with each bracket within a bracket, YAML's values by a factor with each line of aliases.
A cell of the author's may run for as long as it likes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from npcstats.errors import DocumentError

LARGEST = 8_000_000
LINES = 100_000
CHAIN = 32
NESTED = 40
CLOSED, OPENED = 8, 12
EXPRESSION = 10_000
YAML_DEPTH = 32
YAML_VALUES = 20_000
SECONDS = 60
MEMORY = "4g"
OUTPUT = 32_000_000
TABLE_ROWS = 20_000

FENCED_DIV = re.compile(r"^[\s>]*:{3,}[ \t]*(?P<info>[^\s:].*)?$")
PREFIX = re.compile(r"^(?:\s|>|[-*+](?=\s)|\d{1,9}[.)](?=\s))*")
MARKER = re.compile(r">|[-*+](?=\s)|\d{1,9}[.)](?=\s)")
BRACKET = re.compile(r"\\.|`[^`]*`|(?P<open>\[|<span\b)|(?P<close>\]|</span\b)", re.S | re.I)
HTML_DIV = re.compile(r"<(/?)div\b", re.I)


def check_size(path: Path) -> None:
    """Refuse a file that is no text of a person's.

    Parameters
    ----------
    path : Path
        Exists.

    Raises
    ------
    DocumentError
        If it is larger than 8 MB.
    """
    size = path.stat().st_size
    if size > LARGEST:
        raise DocumentError(f"{path}: {size:,} bytes; a file of at most {LARGEST:,} is required.")


def check_depth(lines: Iterable[tuple[str, str]]) -> None:
    """Refuse Markdown that is nested deeper than can be read in the time that a person waits.

    Parameters
    ----------
    lines : iterable of (str, str)
        Text and place of each line outside of code.

    Raises
    ------
    DocumentError
        With the place and the limit.
    """
    divs, began = 0, ""
    paragraph: list[str] = []
    for text, where in lines:
        found = FENCED_DIV.match(text)
        if found:
            divs = divs + 1 if found["info"] else max(0, divs - 1)
        divs = max(0, divs + sum(-1 if end else 1 for end in HTML_DIV.findall(text)))
        prefix = PREFIX.match(text)
        opened = prefix[0] if prefix else ""
        marks = len(MARKER.findall(opened))
        listed = marks + (len(opened) - len(opened.lstrip())) // 2 if marks else 0
        for what, depth in (("divs", divs), ("block quotes and lists", max(marks, listed))):
            if depth > NESTED:
                raise DocumentError(f"{where}: {what} nested deeper than {NESTED}; less nesting is required.")
        if not text.strip():
            _check_brackets("\n".join(paragraph), began)
            paragraph = []
        else:
            began = where if not paragraph else began
            paragraph.append(text)
    _check_brackets("\n".join(paragraph), began)


def _check_brackets(text: str, where: str) -> None:
    depth = 0
    if text.count("[") + text.count("<") <= CLOSED:
        return
    for found in BRACKET.finditer(text):
        if found["close"]:
            too_deep = depth > CLOSED
            depth = max(0, depth - 1)
        else:
            depth += bool(found["open"])
            too_deep = depth > OPENED
        if too_deep:
            raise DocumentError(
                f"{where}: brackets nested deeper than {CLOSED}, or {OPENED} without an end; less nesting, or a "
                "backslash before brackets that are text, is required."
            )


def check_outputs(outputs: Iterable[Mapping[str, Any]], where: str) -> None:
    """Refuse what a cell gave where no page can hold it.

    Parameters
    ----------
    outputs : iterable of mapping
        Notebook outputs.
    where : str
        File and line of the cell.

    Raises
    ------
    DocumentError
        If a table has more than 20,000 rows, or a text is larger than 32 MB.
    """
    for output in outputs:
        found = [output.get("text", ""), *(text for kind, text in output.get("data", {}).items() if "text/" in kind)]
        for text in filter(lambda item: isinstance(item, str), found):
            rows = text.count("<tr")
            if rows > TABLE_ROWS:
                raise DocumentError(f"{where}: a table of {rows:,} rows; at most {TABLE_ROWS:,} are required.")
            if len(text) > OUTPUT:
                raise DocumentError(
                    f"{where}: the cell printed {len(text):,} characters; at most {OUTPUT:,} are required."
                )


def check_yaml(text: str, place: Callable[[int], str]) -> None:
    """Refuse YAML that is deeper or larger, its aliases unfolded, than any front matter.

    Parameters
    ----------
    text : str
        YAML.
    place : callable
        From a line, counted from 0, to file and line.

    Raises
    ------
    DocumentError
        With the line and the limit.
    YAMLError
        If it is no YAML.
    """
    sizes: dict[str, int] = {}
    opened: list[tuple[str | None, int]] = []
    total = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        anchor = getattr(event, "anchor", None)
        where = place(event.start_mark.line if event.start_mark else 0)
        if isinstance(event, yaml.AliasEvent):
            if any(name == anchor for name, _ in opened):
                raise DocumentError(f"{where}: alias *{anchor} within itself; values that end are required.")
            total += sizes.get(str(anchor), 1)
        elif isinstance(event, yaml.ScalarEvent):
            total += 1
            sizes[str(anchor)] = 1
            check_depth((line, where) for line in event.value.split("\n"))
        elif isinstance(event, yaml.CollectionStartEvent):
            total += 1
            opened.append((anchor, total - 1))
        elif isinstance(event, yaml.CollectionEndEvent):
            name, before = opened.pop()
            sizes[str(name)] = total - before
        if len(opened) > YAML_DEPTH:
            raise DocumentError(f"{where}: YAML nested deeper than {YAML_DEPTH}; less nesting is required.")
        if total > YAML_VALUES:
            raise DocumentError(
                f"{where}: YAML of more than {YAML_VALUES:,} values, aliases unfolded; fewer are required."
            )

"""Running Pandoc, and walking over its JSON document tree.

Knows processes and tree shapes only: an element is `{"t": name, "c": content}`, a document is
`{"pandoc-api-version", "meta", "blocks"}`. It knows nothing of cells, floats or themes.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from npcstats.documents.limits import MEMORY, SECONDS
from npcstats.errors import DocumentError
from npcstats.system.named import Named

OTHER_PANDOC = Named("pypandoc", "get_pandoc_path")
Element = dict[str, Any]
Visit = Callable[[Element], "Element | list[Element] | None"]
MARKUP = re.compile(r"[^\w .,;:()–—%/+=-]")
SPACES = {"Space": " ", "SoftBreak": " ", "LineBreak": " "}
ATTRIBUTED = frozenset(("Div", "Span", "Table", "Figure", "Image", "Link", "CodeBlock", "Code"))
LEAVES = frozenset(("Str", *SPACES))


@cache
def _pandoc_path() -> str:
    """Path of the Pandoc that came with the package, so that another one on PATH changes no byte."""
    package = find_spec("pypandoc")
    for name in ("pandoc", "pandoc.exe"):
        bundled = Path(str(package and package.origin)).parent / "files" / name
        if bundled.is_file():
            return str(bundled)
    return str(OTHER_PANDOC())


def run_pandoc(
    arguments: Sequence[str],
    text: str,
    *,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> str:
    """Run Pandoc on a text and return what it prints.

    Parameters
    ----------
    arguments : sequence of str
        Command-line arguments, without the executable.
    text : str
        Standard input.
    folder : Path, optional
        Working directory.
    environment : mapping, optional
        Variables added to the environment.

    Returns
    -------
    str
        Standard output.

    Raises
    ------
    DocumentError
        If Pandoc fails or takes too long; the message is Pandoc's.
    """
    try:
        done = subprocess.run(
            [_pandoc_path(), "+RTS", f"-M{MEMORY}", "-RTS", *arguments],
            input=text.encode(),
            capture_output=True,
            cwd=folder,
            env={**os.environ, **(environment or {})},
            check=False,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise DocumentError(
            f"pandoc: not done after {SECONDS} seconds; less text, or less nesting, is required."
        ) from None
    if done.returncode:
        raise DocumentError(f"pandoc: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout.decode()


def read_tree(text: str, reader: str, arguments: Sequence[str] = ()) -> Element:
    """Parse a text into Pandoc's document tree.

    Parameters
    ----------
    text : str
        The text.
    reader : str
        Pandoc's name of the format with extensions, such as `markdown`.
    arguments : sequence of str
        More arguments.

    Returns
    -------
    dict
        The document.
    """
    tree: Element = json.loads(run_pandoc(["-f", reader, "-t", "json", *arguments], text))
    return tree


@cache
def _inlines_of(text: str) -> str:
    blocks = read_tree(text, "markdown")["blocks"]
    return json.dumps(blocks[0]["c"] if len(blocks) == 1 and blocks[0]["t"] in ("Para", "Plain") else words(text))


def read_inlines(text: str) -> list[Element]:
    """Inlines of a text that may hold markup, such as a caption in an attribute.

    Parameters
    ----------
    text : str
        Markdown of one paragraph.

    Returns
    -------
    list of dict
        The inlines.
    """
    if not MARKUP.search(text):
        return words(text)
    made: list[Element] = json.loads(_inlines_of(text))
    return made


def walk(node: Any, visit: Visit) -> Any:
    """Rebuild a tree bottom-up; `visit` keeps (None), replaces, or splices a list for each element.

    Parameters
    ----------
    node : element, list or other JSON value
        The tree; it is not changed, and what stays the same is shared with the new one.
    visit : callable
        Called with each element but words and spaces, after its children were rebuilt.

    Returns
    -------
    element, list or other JSON value
        The new tree.
    """
    if type(node) is list:
        return _walk_list(node, visit)
    if type(node) is not dict:
        return node
    kind = node.get("t")
    if kind in LEAVES:
        return node
    made = node
    for key, value in node.items():
        new = walk(value, visit)
        if new is not value:
            made = {**made, key: new}
    if kind is None:
        return made
    replaced = visit(made)
    return made if replaced is None else replaced


def _walk_list(items: list[Any], visit: Visit) -> list[Any]:
    out: list[Any] = []
    changed = False
    for item in items:
        kind = type(item)
        new = walk(item, visit) if kind is dict or kind is list else item
        if kind is dict and type(new) is list:
            out.extend(new)
            changed = True
        else:
            out.append(new)
            changed = changed or new is not item
    return out if changed else items


def elements(node: Any) -> Iterator[Element]:
    """Yield every element of a tree in document order, parents before children.

    Parameters
    ----------
    node : element, list or other JSON value
        The tree.

    Yields
    ------
    dict
        The elements.
    """
    if isinstance(node, dict):
        if "t" in node:
            yield node
        for value in node.values():
            yield from elements(value)
    elif isinstance(node, list):
        for item in node:
            yield from elements(item)


def plain_text(node: Any) -> str:
    """Words of inlines or blocks without their markup.

    Parameters
    ----------
    node : element or list
        The tree.

    Returns
    -------
    str
        The text.
    """
    out = []
    for item in elements(node):
        kind = item["t"]
        if kind == "Str":
            out.append(item["c"])
        elif kind in ("Code", "Math"):
            out.append(item["c"][1])
        elif kind in SPACES:
            out.append(SPACES[kind])
    return "".join(out)


def identifier(element: Element) -> str:
    """Identifier of an element, empty if it has none.

    Parameters
    ----------
    element : dict
        Any element.

    Returns
    -------
    str
        The identifier.
    """
    return str(attributes_of(element)[0])


def attributes_of(element: Element) -> tuple[str, list[str], list[list[str]]]:
    """Identifier, classes, and key and value pairs of an element, empty if it has none.

    Parameters
    ----------
    element : dict
        Any element.

    Returns
    -------
    str
        The identifier.
    list of str
        The classes.
    list of list of str
        The pairs.
    """
    if element["t"] == "Header":
        name, classes, pairs = element["c"][1]
    elif element["t"] in ATTRIBUTED:
        name, classes, pairs = element["c"][0]
    else:
        return "", [], []
    return name, classes, pairs


def words(text: str) -> list[Element]:
    """Inlines of a plain text: Str elements and spaces.

    Parameters
    ----------
    text : str
        Text without markup; no-break spaces stay within a Str.

    Returns
    -------
    list of dict
        The inlines.
    """
    out: list[Element] = []
    for i, part in enumerate(text.split(" ")):
        if i:
            out.append({"t": "Space"})
        if part:
            out.append({"t": "Str", "c": part})
    return out


def raw_block(kind: str, text: str) -> Element:
    """A raw block of one output format.

    Parameters
    ----------
    kind : str
        `html`, `typst` or `openxml`.
    text : str
        The raw text.

    Returns
    -------
    dict
        The block.
    """
    return {"t": "RawBlock", "c": [kind, text]}


def raw_inline(kind: str, text: str) -> Element:
    """A raw inline of one output format.

    Parameters
    ----------
    kind : str
        `html`, `typst` or `openxml`.
    text : str
        The raw text.

    Returns
    -------
    dict
        The inline.
    """
    return {"t": "RawInline", "c": [kind, text]}

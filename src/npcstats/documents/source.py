"""The source of a document: front matter, included files, cells and inline code, each with its line.

A scanner over lines knows fences, includes and nothing else of Markdown; Pandoc parses the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import yaml

from npcstats.documents.limits import CHAIN, LINES, check_depth, check_size, check_yaml
from npcstats.errors import DocumentError
from npcstats.wording import cut

FENCE = re.compile(r"^(?P<indent>[ \t]*(?:>[ \t]?)*)(?P<fence>`{3,}|~{3,})(?P<info>.*)$")
CELL_INFO = re.compile(r"^\s*\{([A-Za-z][\w-]*)(?=[\s,}])\s*(.*)\}\s*$")
INCLUDE = re.compile(r"^\s*\{\{<\s*include\s+(?P<path>.+?)\s*>\}\}\s*$")
HTML_TABLE = re.compile(r"^ {0,3}<table\b", re.I)
HTML_TABLE_END = re.compile(r"</table\s*>", re.I)
INLINE = re.compile(r"(?<!`)`\{python\}[ \t\n]+([^`]+?)[ \t\n]*`(?!`)")
OPTION = re.compile(r"^#\|\s?(.*)$")
WHERE = re.compile(r"(.*?)(?::(\d+))?(?:: cell options)?", re.S)
LANGUAGES = ("python",)


@dataclass(frozen=True)
class Line:
    """One line of source text and where it was written; `number` counts from 1."""

    text: str
    path: Path
    number: int

    @property
    def where(self) -> str:
        """File and line, as messages print them.

        Returns
        -------
        str
            `file:line`.
        """
        return f"{self.path}:{self.number}"


@dataclass(frozen=True)
class Cell:
    """A code cell: `options` as read, the lines `written` for them after `#|`, `code` without them."""

    index: int
    code: str
    options: Mapping[str, Any]
    fence: Line
    indent: str
    written: tuple[str, ...] = ()


@dataclass(frozen=True)
class Text:
    """Lines between two cells."""

    lines: tuple[Line, ...]

    @property
    def markdown(self) -> str:
        """The lines as one text.

        Returns
        -------
        str
            Markdown.
        """
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True)
class Source:
    """A document as written: its own front matter and its parts in order."""

    path: Path
    front_matter: Mapping[str, Any]
    parts: tuple[Text | Cell, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The cells in order.

        Returns
        -------
        tuple of Cell
            The cells.
        """
        return tuple(part for part in self.parts if isinstance(part, Cell))

    @property
    def fenced(self) -> Iterator[Line]:
        """The lines of code that is shown and not run, unless it asks for no shortcodes.

        Returns
        -------
        iterator of Line
            The lines.
        """
        plain = False
        for line, was, closing in self._fences():
            if closing and not was:
                plain = "shortcodes=" in line.text
            elif closing and not plain:
                yield line

    @property
    def prose(self) -> Iterator[Line]:
        """The lines of text that are neither cells nor in other fences, in order.

        Returns
        -------
        iterator of Line
            The lines.
        """
        return (line for line, was, closing in self._fences() if not was and not closing)

    def _fences(self) -> Iterator[tuple[Line, str, str]]:
        """Each line of text with the fence that was open before it, and after it."""
        closing = ""
        for part in self.parts:
            for line in part.lines if isinstance(part, Text) else ():
                was, closing = closing, _fence_after(line.text, closing)
                yield line, was, closing


def read_source(path: Path, *, root: Path) -> Source:
    """Read a document with everything it includes.

    Parameters
    ----------
    path : Path
        The `.qmd` file.
    root : Path
        Folder that an include path starting with `/` begins at.

    Returns
    -------
    Source
        The document.

    Raises
    ------
    DocumentError
        If a file is missing, front matter is not YAML, includes run in a circle or a fence never ends.
    """
    front_matter, lines = _split_front_matter(_lines_of(path, None))
    expanded = _expand(lines, folder=path.parent, root=root, chain=(path.resolve(),))
    included = tuple(islice(expanded, LINES + 1))
    if len(included) > LINES:
        raise DocumentError(f"{path}: more than {LINES:,} lines with all that it includes; fewer are required.")
    document = Source(path, front_matter, tuple(_split(included)))
    check_depth((line.text, line.where) for line in document.prose)
    return document


def _split_front_matter(lines: tuple[Line, ...]) -> tuple[dict[str, Any], tuple[Line, ...]]:
    """Separate the YAML block that opens a document from its text."""
    if not lines or lines[0].text.rstrip() != "---":
        return {}, lines
    for end, line in enumerate(lines[1:], start=1):
        if line.text.rstrip() in ("---", "..."):
            text = "\n".join(item.text for item in lines[1:end])
            return load_yaml(text, where=f"{lines[0].path}:2"), lines[end + 1 :]
    raise DocumentError(f"{lines[0].where}: the front matter is never closed; a line `---` is required.")


def read_utf8(path: Path) -> str:
    """Text of a file that must be UTF-8.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    str
        Its text.

    Raises
    ------
    DocumentError
        With file and line of the first byte that is not, or if the file is too large.
    """
    check_size(path)
    content = path.read_bytes()
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DocumentError(
            f"{path}:{line}: byte 0x{content[error.start]:02x} is not UTF-8; a file in UTF-8 is required."
        ) from None


def fence_html_tables(text: str) -> str:
    """Put every table that is written in HTML into a raw block, so that it stays one piece.

    Parameters
    ----------
    text : str
        Markdown.

    Returns
    -------
    str
        Markdown.
    """
    out: list[str] = []
    closing, inside = "", False
    for line in text.split("\n"):
        closing = _fence_after(line, closing)
        if not closing and not inside and HTML_TABLE.match(line):
            inside = True
            out += ["", "```{=html}"]
        out.append(line)
        if inside and HTML_TABLE_END.search(line):
            inside = False
            out += ["```", ""]
    return text if inside else "\n".join(out)


def load_yaml(text: str, *, where: str) -> dict[str, Any]:
    """Parse YAML that must hold a mapping.

    Parameters
    ----------
    text : str
        The YAML.
    where : str
        File and line for the message.

    Returns
    -------
    dict
        The mapping; dates stay as written.

    Raises
    ------
    DocumentError
        If the text is not YAML, not a mapping, or beyond the limits.
    """
    try:
        check_yaml(text, partial(_place, where))
        value = yaml.load(text, Loader=_Loader)
    except (yaml.YAMLError, ValueError) as error:
        twice = error if isinstance(error, _Twice) else None
        detail = str(twice.problem) if twice else cut(" ".join(str(error).split()))
        where = _place(where, twice.problem_mark.line) if twice and twice.problem_mark else where
        raise DocumentError(f"{where}: not valid YAML ({detail}); a mapping is required.") from None
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise DocumentError(f"{where}: YAML holds a {type(value).__name__}; a mapping is required.")
    return {str(key): item for key, item in value.items()}


def _place(where: str, line: int) -> str:
    """File and line of a line of a block that begins at `file:line`, or of a whole file."""
    found = WHERE.fullmatch(where)
    return f"{found[1]}:{int(found[2] or 1) + line}" if found else where


class _Twice(yaml.MarkedYAMLError):
    """A key stands twice in one mapping."""


class _Loader(yaml.SafeLoader):
    """YAML 1.2 without dates: `2026-03-05`, `12:30`, `no` and `007` stay the texts that were written."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Values by key, each of which is written once."""
        keys = [key for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for number, key in enumerate(keys):
            if key.value in [before.value for before in keys[:number]]:
                raise _Twice(problem=f"key {key.value} is written twice", problem_mark=key.start_mark)
        return super().construct_mapping(node, deep)


_SCALARS = {
    "bool": r"^(?:true|True|TRUE|false|False|FALSE)$",
    "int": r"^[-+]?(?:0|[1-9][0-9]*)$",
    "float": r"^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?$",
}
_TAG = "tag:yaml.org,2002:"
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag.removeprefix(_TAG) not in (*_SCALARS, "timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for _name, _pattern in _SCALARS.items():
    _Loader.add_implicit_resolver(
        _TAG + _name, re.compile(_pattern), list("tTfF" if _name == "bool" else "-+.0123456789")
    )


def _lines_of(path: Path, asked: Line | None) -> tuple[Line, ...]:
    if not path.is_file():
        where = f"{asked.where}: include: " if asked else ""
        raise DocumentError(f"{where}{path}: no such file; a readable document is required.")
    text = read_utf8(path).removeprefix("\ufeff")
    return tuple(Line(line, path, i) for i, line in enumerate(text.splitlines(), start=1))


def _expand(lines: tuple[Line, ...], *, folder: Path, root: Path, chain: tuple[Path, ...]) -> Iterator[Line]:
    """Replace include lines; nested paths start at the folder of the main document, as in Quarto."""
    closing = ""
    for line in lines:
        closing = _fence_after(line.text, closing)
        found = None if closing else INCLUDE.match(line.text)
        if found is None:
            yield line
            continue
        name = found["path"].strip("\"'")
        target = root / name.lstrip("/") if name.startswith("/") else folder / name
        if target.resolve() in chain:
            raise DocumentError(f"{line.where}: include: {name} includes itself; a file without a circle is required.")
        if len(chain) > CHAIN:
            raise DocumentError(f"{line.where}: include: a chain of more than {CHAIN} files; fewer are required.")
        inner = _expand(_lines_of(target, line), folder=folder, root=root, chain=(*chain, target.resolve()))
        yield Line("", line.path, line.number)
        yield from inner
        yield Line("", line.path, line.number)


def _fence_after(text: str, closing: str) -> str:
    """The fence that must close what is open after this line, empty outside fences."""
    found = FENCE.match(text)
    if found is None:
        return closing
    fence, info = found["fence"], found["info"].strip()
    if not closing:
        return "" if fence[0] == "`" and "`" in info else fence
    return "" if fence[0] == closing[0] and len(fence) >= len(closing) and not info else closing


def _split(lines: tuple[Line, ...]) -> Iterator[Text | Cell]:
    text: list[Line] = []
    body: list[Line] = []
    opened: tuple[Line, str, str] | None = None
    closing, index = "", 0
    for line in lines:
        was, closing = closing, _fence_after(line.text, closing)
        if opened is None and closing and not was and (found := FENCE.match(line.text)):
            info = CELL_INFO.match(found["info"])
            if info and not found["info"].strip().startswith("{."):
                _check_language(info[1], info[2], line)
                if ">" in found["indent"]:
                    raise DocumentError(
                        f"{line.where}: a cell in a block quote is not supported; a cell outside of it is required."
                    )
                opened = (line, found["indent"], closing)
                continue
        if opened is None:
            text.append(line)
        elif closing:
            body.append(line)
        else:
            yield Text(tuple(text))
            yield _cell(index, opened[0], opened[1], body)
            text, body, opened, index = [], [], None, index + 1
    if opened is not None:
        raise DocumentError(f"{opened[0].where}: the cell is never closed; a line `{opened[2]}` is required.")
    yield Text(tuple(text))


def _check_language(language: str, rest: str, line: Line) -> None:
    if language not in LANGUAGES:
        raise DocumentError(f"{line.where}: cell language {{{language}}} is not supported; {{python}} is required.")
    if rest.strip():
        raise DocumentError(
            f"{line.where}: cell options in the fence ({rest.strip()}) are not supported; "
            "lines `#| name: value` are required."
        )


def _cell(index: int, fence: Line, indent: str, body: list[Line]) -> Cell:
    texts = [line.text.removeprefix(indent) for line in body]
    while texts and not texts[0].strip():
        texts.pop(0)
    count = 0
    while count < len(texts) and OPTION.match(texts[count]):
        count += 1
    found = [OPTION.match(text) for text in texts[:count]]
    options = load_yaml(
        "\n".join(item[1] for item in found if item),
        where=f"{fence.path}:{fence.number + 1}: cell options",
    )
    code = texts[count:]
    while code and not code[0].strip():
        code.pop(0)
    while code and not code[-1].strip():
        code.pop()
    return Cell(index, "\n".join(code), options, fence, indent, tuple(texts[:count]))

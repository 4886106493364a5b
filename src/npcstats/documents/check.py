"""What can be refused before anything runs: options, languages, shortcodes, inline code, references."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from npcstats.documents.cells import cell_options, check_execute
from npcstats.documents.content import SHORTCODES
from npcstats.documents.crossref import KINDS, label_equations, normalize_floats, number_targets, references
from npcstats.documents.language import WORDS
from npcstats.documents.layout import UNSUPPORTED
from npcstats.documents.metadata import as_list, find_project, layers, options_for
from npcstats.documents.pandoc import read_tree
from npcstats.documents.source import INLINE, Cell, Line, Source, Text, read_source
from npcstats.errors import DocumentError

SWITCHES = ("toc", "number-sections", "embed-resources")
OTHER_INLINE = re.compile(r"(?<!`)`\{(r|julia|ojs|observable)\}[ \t]")
OTHER_DIVS = re.compile(r"^\s*:::+\s*\{?.*?[.{ ](panel-[a-z]+|column-[a-z-]+|aside|incremental|fragment)\b")
OTHER_TARGETS = re.compile(r"(?:@|\{#)((?:lst|thm|lem|cor|prp|cnj|def|exm|exr|sol|rem|alg|nte|tip|wrn|imp|cau)-[\w-]+)")
LAYOUT = re.compile(r"^\s*:::+.*\{.*?\b(layout[a-z-]*)=")
SHORTCODE = re.compile(r"(?<!\{)\{\{<\s*([\w-]+)")


def load_document(source: Path, metadata: Mapping[str, str]) -> tuple[Source, dict[str, dict[str, Any]]]:
    """Read a document and its options for each format.

    Parameters
    ----------
    source : Path
        The `.qmd` file.
    metadata : mapping of str to str
        Metadata of the command line.

    Returns
    -------
    Source
        The document.
    dict
        Options by format, `typst`, `html` and `docx`.
    """
    project = find_project(source)
    document = read_source(source, root=project or source.resolve().parent)
    sources = layers(source, document.front_matter, metadata)
    return document, {kind: options_for(sources, kind) for kind in ("typst", "html", "docx")}


def check_source(document: Source, options: Mapping[str, Mapping[str, Any]], formats: tuple[str, ...]) -> None:
    """Refuse what the built-in renderer cannot do, and references to nothing.

    Parameters
    ----------
    document : Source
        The document.
    options : mapping
        Options by format.
    formats : tuple of str
        Formats that will be written.

    Raises
    ------
    DocumentError
        With file, line and feature.
    """
    for kind in formats:
        _check_options(document, options[kind])
        for cell in document.cells:
            chosen = cell_options(cell, options[kind].get("execute") or {})
            if chosen.eval != cell_options(cell, options[formats[0]].get("execute") or {}).eval:
                raise DocumentError(
                    f"{cell.fence.where}: eval differs between {formats[0]} and {kind}; one value for all is required."
                )
    _check_features(document)
    _check_shortcodes(document)
    _check_inline(document)
    check_references(document, options, formats)


def _check_options(document: Source, options: Mapping[str, Any]) -> None:
    for name in SWITCHES:
        if not isinstance(options.get(name, False), bool):
            raise DocumentError(f"{document.path}: option {name} is {options[name]!r}; true or false is required.")
    check_execute(options.get("execute") or {}, str(document.path))
    for name in as_list(options.get("filters")):
        if not str(name).endswith(".lua") or not Path(name).is_file():
            raise DocumentError(f"{document.path}: filter {name} is not supported; a Lua file that exists is required.")


def _check_features(document: Source) -> None:
    """Refuse what Quarto would act on and this renderer would silently show as something else."""
    for line in document.prose:
        layout = LAYOUT.search(line.text)
        if layout and layout[1] in UNSUPPORTED:
            raise DocumentError(f"{line.where}: {layout[1]} is not supported; layout-ncol or layout-nrow is required.")
        other = OTHER_INLINE.search(line.text)
        if other:
            raise DocumentError(f"{line.where}: inline code {{{other[1]}}} is not supported; {{python}} is required.")
        box = OTHER_DIVS.match(line.text)
        if box:
            raise DocumentError(f"{line.where}: div .{box[1]} is not supported; a plain div is required.")
        target = OTHER_TARGETS.search(line.text)
        if target:
            raise DocumentError(
                f"{line.where}: cross-reference {target[1]} is not supported; one of {', '.join(KINDS)} is required."
            )


def _check_shortcodes(document: Source) -> None:
    for line in document.prose:
        for name in SHORTCODE.findall(line.text):
            if name not in SHORTCODES:
                raise DocumentError(
                    f"{line.where}: shortcode {name} is not supported; one of {', '.join(SHORTCODES)} is required."
                )


def _check_inline(document: Source) -> None:
    for part in document.parts:
        if isinstance(part, Text):
            for expression, line in inline_expressions(part):
                try:
                    compile(f"({expression}\n)", "inline", "eval")
                except SyntaxError as error:
                    raise DocumentError(
                        f"{line.where}: inline code {expression!r}: {error.msg}; a Python expression is required."
                    ) from None


def inline_expressions(part: Text) -> list[tuple[str, Line]]:
    """Inline Python expressions of a part of text, each with its line.

    Parameters
    ----------
    part : Text
        The lines.

    Returns
    -------
    list of tuple
        Expression and line, in order.
    """
    text = part.markdown
    return [(found[1], part.lines[text.count("\n", 0, found.start())]) for found in INLINE.finditer(text)]


def check_references(document: Source, options: Mapping[str, Mapping[str, Any]], formats: tuple[str, ...]) -> None:
    """Refuse references to nothing, which Quarto would only warn of; nothing else is looked at.

    Parameters
    ----------
    document : Source
        The document.
    options : mapping
        Options by format.
    formats : tuple of str
        Formats that will be written.

    Raises
    ------
    DocumentError
        With file, line and label.
    """
    tree = normalize_floats(label_equations(read_tree(_unexecuted(document), "markdown")))
    unnumbered = [kind for kind in formats if not options[kind].get("number-sections")]
    known = number_targets(tree, {}, WORDS["en"]).numbers
    asked = references(tree)
    missing = sorted({name for name in asked if name not in known})
    if missing:
        listed = ", ".join(f"@{name} ({_line_of(document, name)})" for name in missing[:5])
        raise DocumentError(
            f"{document.path}: cross-reference to nothing ({len(missing)}: {listed}); "
            "a figure, table or section with that label is required."
        )
    sections = sorted({name for name in asked if name.startswith("sec-")})
    if sections and "typst" in unnumbered:
        raise DocumentError(
            f"{_line_of(document, sections[0])}: cross-reference @{sections[0]} to a section without number; "
            "`number-sections: true` is required."
        )


def _unexecuted(document: Source) -> str:
    """The text with an empty float in the place of each labelled cell."""
    parts = []
    for part in document.parts:
        if isinstance(part, Text):
            parts.append(part.markdown)
            continue
        label = str(part.options.get("label", ""))
        if label.startswith(("fig-", "tbl-")):
            panels = as_list(part.options.get("fig-subcap"))
            inner = [f"::: {{#{label}-{i} .npcstats-float}}\n:::" for i in range(1, len(panels) + 1)]
            lines = "\n".join([f":::: {{#{label} .npcstats-float}}", *inner, "::::"]).split("\n")
            parts.append("\n".join(part.indent + line for line in lines))
    return "\n\n".join(parts)


def _line_of(document: Source, name: str) -> str:
    pattern = re.compile(rf"@{re.escape(name)}(?![\w-])", re.I)
    for part in document.parts:
        if isinstance(part, Cell):
            continue
        for line in part.lines:
            if pattern.search(line.text):
                return line.where
    return str(document.path)

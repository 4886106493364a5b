"""What can be refused before anything runs: options, languages, shortcodes, inline code, references."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from npcstats.documents.cells import cell_options, check_execute, parts_of
from npcstats.documents.content import SHORTCODES, mark_shortcodes
from npcstats.documents.crossref import references
from npcstats.documents.floats import kind_of, normalize_floats
from npcstats.documents.language import WORDS
from npcstats.documents.layout import lay_columns, shares_of
from npcstats.documents.limits import EXPRESSION
from npcstats.documents.metadata import as_list, author_options, filters_of, find_project, layers, lookup, options_for
from npcstats.documents.numbering import KINDS, Numbers, label_equations, number_targets
from npcstats.documents.pandoc import Element, attributes_of, elements, identifier, read_tree, walk
from npcstats.documents.sections import cite
from npcstats.documents.source import INLINE, Cell, Line, Source, Text, read_source, read_utf8
from npcstats.documents.supported import check_supported, element_faults, where_option
from npcstats.errors import DocumentError
from npcstats.wording import cut

SWITCHES = ("toc", "number-sections", "embed-resources")
OTHER_INLINE = re.compile(r"(?<!`)`\{(r|julia|ojs|observable)\}[ \t]")
OTHER_TARGETS = re.compile(r"(thm|lem|cor|prp|cnj|def|exm|exr|sol|rem|alg|apx|ch|dia)-.+")
ANNOTATION = re.compile(r"(#|//|--|%|<!--)\s*<\d+>\s*(-->)?\s*$", re.M)
ANNOTATED = "code annotations are not supported; code without marks such as `# <1>` is required."
SHORTCODE = re.compile(r"(?<!\{)\{\{<\s*([\w-]+)")
METADATA = re.compile(r"^[A-Za-z][\w-]*:(\s|$)")
META = re.compile(r"(?<!\{)\{\{<\s*meta\s+([\"']?)([^\s>]+)\1\s*>\}\}")
# What a cell says that places a table or a figure of the plan by its name: what it shows has the label of that name.
PLACES = re.compile(r"""\bshow_(table|figure)\(\s*\w+\s*,\s*["']([a-z0-9-]+)["']""")
# What a cell's code says if its Markdown may hold labels of its own, known only after the run.
MAY_LABEL = re.compile(
    r"Markdown|markdown|#(fig|tbl|lst|eq|sec)-|\bshow_(table|figure)\b(?!\(\s*\w+\s*,\s*[\"'][a-z0-9-]+[\"'])"
)
USE = re.compile(r"\bmeta\s+[\"']?([\w-]+)|-meta=\"?([\w-]+)")
WORD = re.compile(r"[\w-]+")
# Options whose files may use metadata, classes and attributes of the author's own.
USERS = ("filters", "template-partials", "css", "include-in-header", "include-before-body", "include-after-body")
ALONE = re.compile(r"^\s*\{\{<\s*(include|pagebreak)\b[^{}]*>\}\}\s*$")


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
    return document, {kind: {"from": "markdown", **options_for(sources, kind)} for kind in ("typst", "html", "docx")}


def check_source(document: Source, options: Mapping[str, Mapping[str, Any]], formats: tuple[str, ...]) -> list[str]:
    """Refuse what the built-in renderer cannot do, and references to nothing.

    Parameters
    ----------
    document : Source
        The document.
    options : mapping
        Options by format.
    formats : tuple of str
        Formats that will be written.

    Returns
    -------
    list of str
        What is to be warned of, with file and line.

    Raises
    ------
    DocumentError
        With file, line and feature.
    """
    used = _used_words(document, options)
    written = document.front_matter.get("format")
    written = written if isinstance(written, Mapping) else {str(name): {} for name in as_list(written)}
    warned = [*_unknown_keys(document, options[formats[0]])]
    warned += check_supported(document.path, options, formats, written, used)
    for kind in formats:
        _check_options(document, options[kind])
        for cell in document.cells:
            chosen = cell_options(cell, options[kind])
            if chosen.eval != cell_options(cell, options[formats[0]]).eval:
                raise DocumentError(
                    f"{cell.fence.where}: eval differs between {formats[0]} and {kind}; one value for all is required."
                )
    _check_shortcodes(document)
    _check_inline(document)
    try:
        tree = lay_columns(read_tree(mark_shortcodes(_unexecuted(document)), options[formats[0]]["from"]))
    except DocumentError as error:
        raise DocumentError(f"{where_option(document.path, 'from')}: {error}") from None
    _check_features(document, tree, used)
    _check_targets(document, options, formats, tree)
    if "typst" in formats:
        _check_depth(document, options["typst"].get("number-depth", 6), tree)
    warned += _check_citations(document, options[formats[0]], formats, tree)
    return list(dict.fromkeys(warned))


def _check_options(document: Source, options: Mapping[str, Any]) -> None:
    try:
        author_options(options)
    except DocumentError as error:
        raise DocumentError(f"{where_option(document.path, 'author')}: {error}") from None
    for name in SWITCHES:
        if not isinstance(options.get(name, False), bool):
            where = where_option(document.path, name)
            raise DocumentError(f"{where}: option {name} is {options[name]!r}; true or false is required.")
    check_execute(options.get("execute") or {}, where_option(document.path, "execute"))
    for name in filters_of(options):
        if not str(name).endswith(".lua") or not Path(name).is_file():
            where = where_option(document.path, "filters")
            raise DocumentError(f"{where}: filter {name} is not supported; a Lua file that exists is required.")


def _check_features(document: Source, tree: Element, used: frozenset[str]) -> None:
    """Refuse what Quarto would act on and this renderer would silently show as something else."""
    lines = list(document.prose)
    faults = (
        *_line_faults(lines),
        *(fault for element in elements(tree["blocks"]) for fault in _block_faults(document, element, used)),
        *(fault for cell in document.cells for fault in _cell_faults(cell, used)),
    )
    for where, text in faults:
        raise DocumentError(f"{where}: {text}")


def _line_faults(lines: Sequence[Line]) -> Iterator[tuple[str, str]]:
    for before, line, after in zip([None, *lines], lines, lines[1:], strict=False):
        if line.text.rstrip() == "---" and not (before and before.text.strip()) and METADATA.match(after.text):
            yield line.where, "a second block of metadata is not supported; all of it in the first is required."
    for line in lines:
        if other := OTHER_INLINE.search(line.text):
            yield line.where, f"inline code {{{other[1]}}} is not supported; {{python}} is required."


def _block_faults(document: Source, element: Element, used: frozenset[str]) -> Iterator[tuple[str, str]]:
    kind, (name, _, attributes) = element["t"], attributes_of(element)
    yield from ((_line_with(document, part), text) for part, text in element_faults(element, used))
    cited = [citation["citationId"] for citation in element["c"][0]] if kind == "Cite" else []
    for target in [*cited, *([name] if kind in ("Div", "Header", "Span", "CodeBlock") else [])]:
        if OTHER_TARGETS.fullmatch(target):
            listed = ", ".join(KINDS)
            yield (
                _line_with(document, target),
                f"cross-reference {target} is not supported; one of {listed} is required.",
            )
    if kind == "CodeBlock" and ANNOTATION.search(element["c"][1]):
        yield _line_with(document, element["c"][1].splitlines()[0]), ANNOTATED
    if kind == "Div" and not name.startswith("npcstats"):
        try:
            shares_of(attributes, len(element["c"][1]))
        except (ValueError, TypeError, ZeroDivisionError, AttributeError):
            needed = "such as [[1, 1], [1]] is required."
            yield _line_with(document, "layout"), f"layout is no list of rows of numbers; {needed}"


def _cell_faults(cell: Cell, used: frozenset[str]) -> Iterator[tuple[str, str]]:
    own = {"t": "Div", "c": [["", [*map(str, as_list(cell.options.get("classes")))], []], []]}
    yield from ((cell.fence.where, text) for _, text in element_faults(own, used))
    if ANNOTATION.search(cell.code):
        yield cell.fence.where, ANNOTATED


def _check_depth(document: Source, depth: int, tree: Element) -> None:
    deep = {identifier(item) for item in elements(tree) if item["t"] == "Header" and item["c"][0] > depth}
    for name in filter(deep.__contains__, references(tree)):
        raise DocumentError(
            f"{_line_of(document, name)}: cross-reference @{name} in typst to a section below number-depth {depth}, "
            "which has no number; a section with one is required."
        )


def _check_citations(
    document: Source, options: Mapping[str, Any], formats: tuple[str, ...], tree: Element
) -> list[str]:
    """Refuse citations of what is in no bibliography; without any, Quarto prints them as written, but for PDF."""
    uncited = str(options.get("nocite") or "").replace("@*", "")
    blocks = [*tree["blocks"], *read_tree(uncited, "markdown")["blocks"]] if "@" in uncited else tree["blocks"]
    plain = walk(blocks, lambda element: [] if element["t"] == "Cite" and references(element) else None)
    cited = [part["citationId"] for item in elements(plain) if item["t"] == "Cite" for part in item["c"][0]]
    if not options.get("bibliography") and not options.get("references"):
        if cited and "typst" in formats:
            raise DocumentError(f"{_line_of(document, cited[0])}: citation {cited[0]}: a bibliography is required.")
        told = "is printed as it is, without a bibliography."
        return [f"{_line_of(document, name)}: citation {name} {told}" for name in cited]
    meta = json.dumps({key: options[key] for key in ("references",) if key in options}, default=str)
    try:
        cite({**tree, "blocks": plain, "meta": read_tree(f"---\n{meta}\n---\n", "markdown")["meta"]}, options)
    except DocumentError as error:
        found = re.match(r"citation ([^,\s]+)", str(error))
        raise DocumentError(f"{_line_of(document, found[1]) if found else document.path}: {error}") from None
    return []


def _check_shortcodes(document: Source) -> None:
    for key, value in document.front_matter.items():
        for name in {*SHORTCODE.findall(str(value))} - {"meta"}:
            where = where_option(document.path, key)
            raise DocumentError(f"{where}: shortcode {name} in {key} is not supported; meta is required.")
    for line in document.fenced:
        for name in SHORTCODE.findall(line.text):
            if name != "meta":
                raise DocumentError(
                    f"{line.where}: shortcode {name} in code is not supported; three braces, "
                    "{{{< ... >}}}, are required to show it."
                )
    for line in document.prose:
        for name in SHORTCODE.findall(line.text):
            if name not in SHORTCODES:
                raise DocumentError(
                    f"{line.where}: shortcode {name} is not supported; one of {', '.join(SHORTCODES)} is required."
                )
            if name != "meta" and not ALONE.match(line.text):
                raise DocumentError(
                    f"{line.where}: shortcode {name} in a line with others; a line of its own is required."
                )


def _unknown_keys(document: Source, options: Mapping[str, Any]) -> Iterator[str]:
    """Metadata that the text or the front matter asks for and that is not there."""
    said = [(name, str(value)) for name, value in document.front_matter.items() if "{{<" in str(value)]
    texts = [(where_option(document.path, name), text) for name, text in said]
    for where, text in (*texts, *((line.where, line.text) for line in document.prose)):
        for _, key in META.findall(text):
            value = lookup(options, key)
            if value is None:
                yield f"{where}: unknown meta key {key}; `?meta:{key}` is printed in its place."
            elif (isinstance(value, list | Mapping) and len(value) != 1) or isinstance(value, Mapping):
                yield f"{where}: meta key {key} is no text; `?invalid meta type:{key}` is printed in its place."


def _used_words(document: Source, options: Mapping[str, Mapping[str, Any]]) -> frozenset[str]:
    """Words that a document uses from its metadata, and those of its filters, style sheets and templates."""
    texts = [str(options), *(line.text for line in (*document.prose, *document.fenced))]
    asked = {word for text in texts for found in USE.findall(text) for word in found}
    names = {str(name) for own in options.values() for key in USERS for name in as_list(own.get(key))}
    files = [Path(name) for name in names if Path(name).is_file()]
    return frozenset(asked.union(*(WORD.findall(read_utf8(path)) for path in files)))


def _check_inline(document: Source) -> None:
    for part in document.parts:
        if isinstance(part, Text):
            for expression, line in inline_expressions(part):
                if len(expression) > EXPRESSION:
                    raise DocumentError(
                        f"{line.where}: inline code of {len(expression):,} characters; at most {EXPRESSION:,} are "
                        "required, and a cell for more."
                    )
                try:
                    compile(f"({expression}\n)", "inline", "eval")
                except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
                    told = getattr(error, "msg", "") or str(error) or "nested too deeply"
                    raise DocumentError(
                        f"{line.where}: inline code {cut(repr(expression))}: {told}; a Python expression is required."
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
    _check_targets(document, options, formats, read_tree(_unexecuted(document), options[formats[0]]["from"]))


def _check_targets(
    document: Source, options: Mapping[str, Mapping[str, Any]], formats: tuple[str, ...], parsed: Element
) -> None:
    tree = normalize_floats(label_equations(parsed))
    numbered = ("number-sections", "section-numbering")
    unnumbered = [kind for kind in formats if not any(options[kind].get(name) for name in numbered)]
    _check_labels(document, tree)
    if not any(_may_label(cell, options[kind]) for cell in document.cells for kind in formats):
        _check_known(document, tree, number_targets(tree, {}, WORDS["en"]))
    sections = sorted({name for name in references(tree) if name.startswith("sec-")})
    if sections and "typst" in unnumbered:
        raise DocumentError(
            f"{_line_of(document, sections[0])}: cross-reference @{sections[0]} to a section without number; "
            "`number-sections: true` is required."
        )


def _may_label(cell: Cell, options: Mapping[str, Any]) -> bool:
    chosen = cell_options(cell, options)
    return chosen.eval and (chosen.output == "asis" or bool(MAY_LABEL.search(cell.code)))


def check_numbered(document: Source, tree: Element, numbers: Numbers) -> None:
    """Refuse references to nothing and labels used twice, once the cells have run.

    Parameters
    ----------
    document : Source
        The document.
    tree : dict
        Its tree in one format, floats in the one shape.
    numbers : Numbers
        What can be referred to.

    Raises
    ------
    DocumentError
        With file, line and label.
    """
    _check_labels(document, tree)
    _check_known(document, tree, numbers)


def _check_known(document: Source, tree: Element, numbers: Numbers) -> None:
    missing = sorted({name for name in references(tree) if name not in numbers.numbers})
    if missing:
        listed = ", ".join(f"@{name} ({_line_of(document, name)})" for name in missing[:5])
        raise DocumentError(
            f"{document.path}: cross-reference to nothing ({len(missing)}: {listed}); "
            "a figure, table or section with that label is required."
        )


def _check_labels(document: Source, tree: Element) -> None:
    """A label names one thing; what stands for one format only may have the label of what stands for another."""
    shown = walk(
        tree, lambda element: [] if {"content-visible", "content-hidden"} & {*attributes_of(element)[1]} else None
    )
    seen: set[str] = set()
    for element in elements(shown["blocks"]):
        name = identifier(element)
        if name in seen and kind_of(name) in KINDS and "-" in name:
            raise DocumentError(
                f"{_line_with(document, name)}: label {name} is used twice; a label of its own is required."
            )
        seen.add(name)


def _unexecuted(document: Source) -> str:
    """The text with an empty float in the place of each labelled cell, and of what a cell places by its name."""
    parts = []
    for part in document.parts:
        if isinstance(part, Text):
            parts.append(part.markdown)
            continue
        label, listing = (str(part.options.get(name, "")) for name in ("label", "lst-label"))
        placed = [f"{kind[:3].replace('tab', 'tbl')}-{name}" for kind, name in PLACES.findall(part.code)]
        parts += [f"{part.indent}::: {{#{name} .npcstats-float}}\n{part.indent}:::" for name in placed]
        parts += [f"{part.indent}::: {{#{listing} .npcstats-float}}\n{part.indent}:::"] if listing else []
        if label.startswith(("fig-", "tbl-")):
            inner = [f"::: {{#{label}-{i + 1} .npcstats-float}}\n:::" for i in range(parts_of(part.options))]
            lines = "\n".join([f":::: {{#{label} .npcstats-float}}", *inner, "::::"]).split("\n")
            parts.append("\n".join(part.indent + line for line in lines))
    return "\n\n".join(parts)


def place_of(document: Source, text: str) -> str:
    """File and line that a text stands in.

    Parameters
    ----------
    document : Source
        The document.
    text : str
        A character, a file's name, an option.

    Returns
    -------
    str
        `file:line`, the file alone where the text came from elsewhere.
    """
    for number, line in enumerate(read_utf8(document.path).splitlines(), start=1):
        if text in line:
            return f"{document.path}:{number}"
    return _line_matching(document, re.compile(re.escape(text)))


def _line_of(document: Source, name: str) -> str:
    return _line_matching(document, re.compile(rf"@{re.escape(name)}(?![\w-])", re.I))


def _line_with(document: Source, text: str) -> str:
    return _line_matching(document, re.compile(rf"(?<![\w-]){re.escape(text)}(?![\w-])"))


def _line_matching(document: Source, pattern: re.Pattern[str]) -> str:
    found = (line.where for part in document.parts for line in _lines(part) if pattern.search(line.text))
    return next(found, str(document.path))


def _lines(part: Text | Cell) -> tuple[Line, ...]:
    return part.lines if isinstance(part, Text) else ()

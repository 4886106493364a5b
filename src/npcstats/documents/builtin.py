"""The built-in renderer: check, run the cells once, then write each format from the same outputs."""

from __future__ import annotations

import json
import logging
import textwrap
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from npcstats.documents.cells import WITHOUT_EFFECT, CellOptions, cell_options
from npcstats.documents.check import check_numbered, check_source, inline_expressions, load_document, place_of
from npcstats.documents.content import SIGN, fill_shortcodes, keep_conditional, mark_shortcodes, write_callouts
from npcstats.documents.crossref import resolve_references
from npcstats.documents.execute import CodeStep, Inline, InlineStep, run_steps
from npcstats.documents.floats import normalize_floats
from npcstats.documents.html_tables import native_tables
from npcstats.documents.language import format_date, words_of
from npcstats.documents.layout import lay_columns, set_column_widths, turn_pages
from npcstats.documents.metadata import PATH_OPTIONS, as_list, author_options, filters_of
from npcstats.documents.numbering import label_equations, number_targets
from npcstats.documents.outputs import cell_markdown, fill_inline
from npcstats.documents.pandoc import Element, read_tree, walk
from npcstats.documents.pictures import MissingPicture
from npcstats.documents.request import Ready, Request, epoch
from npcstats.documents.sections import cite
from npcstats.documents.source import Cell, Source, Text, fence_html_tables
from npcstats.documents.values import PlainText
from npcstats.errors import DocumentError
from npcstats.formatting import escape_markdown
from npcstats.system.kernels import WaitingKernel
from npcstats.system.named import Named

LOG = logging.getLogger(__name__)
# Loaded when something is written in the format: Word's libraries take longer than a small document.
WRITERS = {
    "typst": Named("npcstats.documents.write_typst", "write_pdf"),
    "html": Named("npcstats.documents.write_html", "write_html"),
    "docx": Named("npcstats.documents.write_docx", "write_docx"),
}
SUFFIXES = {"typst": ".pdf", "html": ".html", "docx": ".docx"}
# Options that this renderer acts on itself; as metadata they would put folder names into the files.
ENGINE_OPTIONS = (
    *PATH_OPTIONS, "format", "project", "execute", "jupyter", "crossref", "section-numbering",
    "embed-resources", "theme", "number-sections", "toc", "toc-depth", "number-depth", "language", "html-math-method",
    "from", "pdf-standard", "fig-width", "fig-height", "code-fold",
)  # fmt: skip


@dataclass(frozen=True)
class Executed:
    """A document with what its cells and inline code gave, by part."""

    source: Source
    outputs: Mapping[int, Sequence[Mapping[str, Any]]]
    inline: Mapping[int, Sequence[str]]


def render_builtin(request: Request) -> tuple[Path, ...]:
    """Render a document in a work folder.

    Parameters
    ----------
    request : Request
        What is asked for.

    Returns
    -------
    tuple of Path
        The files, in the order of the formats.

    Raises
    ------
    DocumentError
        If the document cannot be rendered.
    """
    formats = request.formats
    document, options = load_document(request.source, request.metadata)

    def _check() -> None:
        for text in (*check_source(document, options, formats), *_without_effect(document)):
            LOG.warning("WARNING: %s", text)

    environment = {**epoch(request.source_date), **request.environment}
    executed = _execute(document, options[formats[0]], _check, request.parameters, environment, request.kernel)
    files = request.work / "pictures"
    files.mkdir()
    texts = {kind: _markdown(executed, kind, options[kind], files) for kind in formats}
    with ThreadPoolExecutor(2 * len(formats)) as pool:
        # Formats mostly share one text: it is parsed once, and its HTML tables are read once.
        written = {kind: (texts[kind], options[kind]["from"]) for kind in formats}
        bodies = {text: pool.submit(read_tree, *text) for text in dict.fromkeys(written.values())}
        native = {text: pool.submit(lambda body: native_tables(body.result()), bodies[text]) for text in bodies}

        def _write_one(kind: str) -> Path:
            body = (bodies if kind == "html" else native)[written[kind]].result()
            return _write(request, document, body, kind, options[kind], shortcodes=SIGN in texts[kind])

        return tuple(pool.map(_write_one, formats))


def _without_effect(document: Source) -> list[str]:
    return [
        f"{cell.fence.where}: {', '.join(found)} in a cell of Python has no effect, as in Quarto; "
        "a size in the front matter or in the code of the plot is required."
        for cell in document.cells
        if (found := [name for name in cell.options if name in WITHOUT_EFFECT])
    ]


def _execute(
    document: Source,
    options: Mapping[str, Any],
    check: Callable[[], None],
    parameters: Mapping[str, object],
    environment: Mapping[str, str],
    kernel: WaitingKernel | None,
) -> Executed:
    """Check the document while the kernel starts, then run it."""
    if not document.cells and not parameters:
        check()
        return Executed(document, {}, {})
    steps: list[tuple[int, CodeStep | InlineStep]] = []

    def _plan() -> list[CodeStep | InlineStep]:
        check()
        steps.extend(_steps(document, options, parameters))
        return [step for _, step in steps]

    results = run_steps(
        _plan,
        folder=document.path.resolve().parent,
        environment=environment,
        figure_size=(_inches(options.get("fig-width"), 7), _inches(options.get("fig-height"), 5)),
        waiting=kernel,
    )
    pairs = [(part, step, result) for (part, step), result in zip(steps, results, strict=True)]
    return Executed(
        document,
        {i: [o for o in result if not isinstance(o, Inline)] for i, s, result in pairs if isinstance(s, CodeStep)},
        {i: _texts(result) for i, step, result in pairs if isinstance(step, InlineStep)},
    )


def _inches(given: Any, usual: float) -> float:
    """A size for the kernel, which starts before what is no size is refused."""
    return float(given) if isinstance(given, int | float) else usual


def _steps(
    document: Source, options: Mapping[str, Any], parameters: Mapping[str, object]
) -> list[tuple[int, CodeStep | InlineStep]]:
    """What to run, with the index of the part it belongs to; given parameters follow the cell that declares them."""
    steps: list[tuple[int, CodeStep | InlineStep]] = []
    given = dict(parameters)
    for index, part in enumerate(document.parts):
        if isinstance(part, Text):
            found = inline_expressions(part)
            if found:
                lines = tuple(line.where for _, line in found)
                steps.append((index, InlineStep(tuple(expression for expression, _ in found), lines)))
            continue
        chosen = cell_options(part, options)
        if chosen.eval:
            steps.append((index, CodeStep(part.code, part.fence.where, chosen.error)))
        if "parameters" in chosen.tags and given:
            code = "\n".join(f"{name} = {value!r}" for name, value in given.items())
            steps.append((-1, CodeStep(code, part.fence.where, False)))
            given = {}
    if given:
        raise DocumentError(
            f"{document.path}: parameters {', '.join(given)} are given; a cell tagged `parameters` is required."
        )
    return steps


def _texts(values: Sequence[object]) -> list[str]:
    return [v.text if v.is_markdown else escape_markdown(v.text) for v in values if isinstance(v, Inline)]


def _markdown(executed: Executed, kind: str, options: Mapping[str, Any], files: Path) -> str:
    described = kind == "typst" and "ua-1" in as_list(options.get("pdf-standard"))
    out = []
    for index, part in enumerate(executed.source.parts):
        if isinstance(part, Cell):
            chosen: CellOptions = cell_options(part, options)
            found = executed.outputs.get(index, ())
            made = cell_markdown(part, chosen, found, kind=kind, files=files, described=described)
            out.append(textwrap.indent(made, part.indent))
        else:
            out.append(fence_html_tables(fill_inline(part, executed.inline.get(index, ()))))
    return "\n\n".join(out)


def _write(
    request: Request, document: Source, body: Element, kind: str, options: Mapping[str, Any], *, shortcodes: bool
) -> Path:
    folder = request.work / kind
    scratch = folder / "work"
    scratch.mkdir(parents=True)
    options = {**options, **author_options(options), "toc-depth": min(options.get("toc-depth", 3), 6)}
    added = words_of(options)
    metadata = _metadata(kind, options, folder)
    tree = keep_conditional({**body, "meta": metadata}, kind, options)
    if shortcodes or SIGN in json.dumps(metadata, ensure_ascii=False):
        tree = fill_shortcodes(tree, kind, options)
    tree = _prepared(turn_pages(tree, kind, partial(place_of, document)), options)
    numbers = number_targets(tree, options, added)
    check_numbered(document, tree, numbers)
    tree = write_callouts(tree, kind, options, numbers, added)
    tree = _numbered(resolve_references(tree, numbers, kind), options.get("number-depth", 6))
    ready = Ready(
        tree=tree if kind == "typst" else cite(tree, options),
        options=options,
        numbers=numbers,
        added=added,
        folder=request.source.resolve().parent,
        work=scratch,
        target=folder / (request.source.stem + SUFFIXES[kind]),
        filters=tuple(filters_of(options)),
        source_date=request.source_date,
        where=partial(place_of, document),
    )
    try:
        WRITERS[kind](ready)
    except MissingPicture as error:
        raise DocumentError(f"{ready.where(error.source)}: {error}") from None
    return ready.target


def _metadata(kind: str, options: Mapping[str, Any], folder: Path) -> Any:
    """The document's metadata as Pandoc reads it: the author's texts are Markdown, those of the run are not."""
    kept = {key: value for key, value in options.items() if key not in ENGINE_OPTIONS}
    kept |= {key: escape_markdown(value) for key, value in kept.items() if isinstance(value, PlainText)}
    if kind == "html":
        kept.setdefault("link-citations", True)
    if kept.get("date"):
        kept["date"] = format_date(options, "long" if kind == "html" else "iso")
    path = folder / "metadata.yml"
    # As JSON, in which every text is quoted: Pandoc would read a plain `y` as a truth value.
    path.write_text(mark_shortcodes(json.dumps(kept, ensure_ascii=False, default=str)), encoding="utf-8")
    return read_tree("", options["from"], [f"--metadata-file={path}"])["meta"]


def _prepared(tree: Element, options: Mapping[str, Any]) -> Element:
    """The document's tree for one format, before numbers."""
    return normalize_floats(label_equations(set_column_widths(lay_columns(tree), options)))


def _numbered(tree: Element, depth: int) -> Element:
    """The tree with headings below a level marked as without number, for every writer alike."""

    def _visit(element: Element) -> Element | None:
        if element["t"] != "Header" or element["c"][0] <= depth:
            return None
        level, (name, classes, attributes), inlines = element["c"]
        return {"t": "Header", "c": [level, [name, [*classes, "unnumbered"], attributes], inlines]}

    made: Element = walk(tree, _visit)
    return made

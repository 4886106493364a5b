"""Which of Quarto's options the built-in renderer refuses, and where an option was written.

An option is acted on, has no bearing on what a document says (`theme`, `code-copy` ...), is a word of the author's own
(`trial: ...`), or is named here: one that Quarto would act on and this renderer would pass over is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from npcstats.documents.language import KEYS, LANGUAGES
from npcstats.documents.metadata import as_list, find_project
from npcstats.errors import DocumentError

ALL = ("typst", "html", "docx")
# Options that change what a document says, by the formats in which they do.
REFUSED: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(
        (
            "brand", "citation", "citation-location", "code-annotations", "copyright", "date-format", "date-modified",
            "doi", "extensions", "format-links", "funding", "html-table-processing", "ipynb-filters",
            "ipynb-shell-interactivity", "license", "listing", "metadata-file", "metadata-files", "notebook-links",
            "number-offset", "output-ext", "output-file", "profile", "reference-location", "scholarly", "server",
            "shift-heading-level-by", "shortcodes", "template", "thanks", "variables",
        ),
        ALL,
    ),
    **dict.fromkeys(("about", "categories", "code-tools", "description", "sidebar", "title-block-style"), ("html",)),
    **dict.fromkeys(
        (
            "bibliographystyle", "citeproc", "citecolor", "codefont", "filecolor", "grid", "linestretch", "linkcolor",
            "logo", "margin-geometry", "references", "mathfont", "theorem-appearance", "title-size", "toc-indent",
        ),
        ("typst",),
    ),
    **dict.fromkeys(("include-before-body", "include-after-body", "include-in-header"), ("docx",)),
}  # fmt: skip
CROSSREF = tuple(
    f"{kind}-{part}"
    for kind in ("fig", "tbl", "lst", "sec", "eq", "nte", "tip", "wrn", "imp", "cau")
    for part in ("title", "prefix")
)
CROSSREF_OPTIONS = (*CROSSREF, "title-delim")
PLACES = ("fig-cap-location", "tbl-cap-location", "lst-cap-location", "cap-location")
PROJECT_TYPES = ("default", None)
PROJECT_OPTIONS = ("type", "title", "output-dir", "render", "resources", "preview", "execute-dir")


def check_supported(path: Path, options: Mapping[str, Any], kind: str) -> None:
    """Refuse options that would be passed over.

    Parameters
    ----------
    path : Path
        The document.
    options : mapping
        Its options for one format.
    kind : str
        `typst`, `html` or `docx`.

    Raises
    ------
    DocumentError
        With file, line and option.
    """
    for name, text in _faults(options, kind):
        raise DocumentError(f"{where_option(path, name)}: {text}")


def check_project(path: Path, settings: Mapping[str, Any]) -> None:
    """Refuse what a project's file asks for beyond options of documents.

    Parameters
    ----------
    path : Path
        The project's file.
    settings : mapping
        What it holds.

    Raises
    ------
    DocumentError
        With file, line and option.
    """
    project = settings.get("project") or {}
    sort = project.get("type")
    if sort not in PROJECT_TYPES:
        raise DocumentError(f"{_line_in(path, 'type')}: project type {sort} is not supported; default is required.")
    if project.get("execute-dir", "file") != "file":
        raise DocumentError(f"{_line_in(path, 'execute-dir')}: execute-dir is not supported; file is required.")
    for name in (*project, *(key for key in ("profile", "metadata-files") if key in settings)):
        if name not in PROJECT_OPTIONS:
            raise DocumentError(f"{_line_in(path, name)}: project option {name} is not supported; none is required.")


def _faults(options: Mapping[str, Any], kind: str) -> Iterator[tuple[str, str]]:
    for name, formats in REFUSED.items():
        if kind in formats and options.get(name) not in (None, False):
            yield name, f"option {name} is not supported in {kind}; a document without it is required."
    language = str(options.get("lang") or "en").lower().partition("-")[0]
    if language not in LANGUAGES:
        yield "lang", f"lang {options['lang']} is not supported; one of {', '.join(LANGUAGES)} is required."
    words = options.get("language")
    for name in as_list(words) if not isinstance(words, Mapping) else [key for key in words if key not in KEYS]:
        yield "language", f"language {name} is not supported; one of {', '.join(KEYS)} is required."
    crossref = options.get("crossref")
    for name in crossref if isinstance(crossref, Mapping) else as_list(crossref):
        if name not in CROSSREF_OPTIONS and not (isinstance(crossref, Mapping) and crossref[name] is False):
            yield (
                str(name),
                f"crossref option {name} is not supported; one of {', '.join(CROSSREF_OPTIONS)} is required.",
            )
    for name in PLACES:
        if options.get(name, "top") not in ("top", "bottom"):
            yield name, f"{name} {options[name]} is not supported; top or bottom is required."
    if options.get("engine", "jupyter") != "jupyter":
        yield "engine", f"engine {options['engine']} is not supported; jupyter is required."
    kernel = options.get("jupyter", "python3")
    kernel = (kernel.get("kernelspec") or {}).get("name", "python3") if isinstance(kernel, Mapping) else kernel
    if kernel not in ("python3", True):
        yield "jupyter", f"kernel {kernel} is not supported; python3 is required."
    if not str(options.get("from", "markdown")).startswith("markdown"):
        yield "from", f"from {options['from']} is not supported; markdown is required."
    if options.get("date") in ("today", "now", "last-modified"):
        yield "date", f"date {options['date']} is not supported; a date that stays the same is required."
    if "number-depth" in options and type(options["number-depth"]) is not int:
        yield "number-depth", f"number-depth {options['number-depth']!r} is not supported; a whole number is required."


def where_option(path: Path, name: str) -> str:
    """File and line that an option was written in.

    Parameters
    ----------
    path : Path
        The document.
    name : str
        Its last key.

    Returns
    -------
    str
        `file:line`; the document's name for an option of the command line.
    """
    project = find_project(path)
    above = [
        folder for folder in path.resolve().parents if project and (folder == project or project in folder.parents)
    ]
    files = [path, *(folder / "_metadata.yml" for folder in above), *([project / "_quarto.yml"] if project else [])]
    found = (_line_in(file, name) for file in files if file.is_file())
    return next(filter(None, found), str(path))


def _line_in(path: Path, name: str) -> str:
    pattern = re.compile(rf"^\s*(?:- )?[\"']?{re.escape(name)}[\"']?\s*:")
    lines = path.read_text(encoding="utf-8").splitlines()
    opened = path.suffix == ".qmd"
    for number, line in enumerate(lines, start=1):
        if opened and number > 1 and line.rstrip() in ("---", "..."):
            break
        if pattern.match(line):
            return f"{path}:{number}"
    return ""

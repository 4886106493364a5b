"""What the built-in renderer knows of Quarto's options, formats, classes and attributes, and where one was written.

Known is what it acts on, what has no bearing on what a document says (`theme`, `code-copy` ...) and what it refuses by
name. A key of the author's own is known if the document uses it. Anything else is named before anything runs.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from npcstats.documents.includes import PLACES
from npcstats.documents.language import KEYS, LANGUAGES, format_date
from npcstats.documents.metadata import MARKS, as_list, find_project, lookup
from npcstats.documents.pandoc import Element, attributes_of
from npcstats.documents.source import load_yaml, read_utf8
from npcstats.errors import DocumentError

SECTIONS = re.compile(r"^\[(.+)\]\n([^\[#]+)", re.M)
KNOWN = {
    name: frozenset(words.split())
    for name, words in SECTIONS.findall((Path(__file__).parent / "known.txt").read_text(encoding="utf-8"))
}
ACTED = KNOWN["options acted on"].union(MARKS)
REFUSED = {kind: KNOWN["options refused"] | KNOWN[f"options refused in {kind}"] for kind in ("typst", "html", "docx")}
CELLS_PASSED = KNOWN["cells passed over"]
CHOICES: Mapping[str, tuple[Any, ...]] = {
    **dict.fromkeys(("fig-cap-location", "tbl-cap-location", "lst-cap-location", "cap-location"), ("top", "bottom")),
    "callout-appearance": ("default", "simple", "minimal"),
    "engine": ("jupyter",),
    "html-math-method": ("mathjax", "katex", "mathml"),
    "pdf-standard": (
        "1.4", "1.5", "1.6", "1.7", "2.0", "a-1a", "a-1b", "a-2a", "a-2b", "a-2u", "a-3a", "a-3b", "a-3u", "a-4",
        "a-4e", "a-4f", "ua-1",
    ),
    "toc-depth": tuple(range(1, 11)),
    "number-depth": tuple(range(1, 10)),
    "columns": tuple(range(1, 10)),
}  # fmt: skip
LENGTH = re.compile(r"\d+(\.\d+)?(pt|mm|cm|in|em|%)")
SIDES = ("left", "right", "top", "bottom", "inside", "outside", "x", "y", "rest")
# Files that must be there, by the format that takes them.
FILES = {
    "bibliography": "", "csl": "", "css": "html", "font-paths": "typst", "template-partials": "typst",
    "reference-doc": "docx", **dict.fromkeys(PLACES, ""),
}  # fmt: skip
# Classes of which Quarto would make something that this renderer does not.
OTHER_CLASSES = re.compile(
    r"panel-.+|column|columns|column-.+|callout-.+|aside|margin-.+|incremental|nonincremental|fragment|proof|remark"
    r"|solution|hidden|list-table|code-annotation.*|embed"
)
READER = re.compile(r"markdown([+-]\w+)*")
CROSSREF = tuple(
    f"{kind}-{part}"
    for kind in ("fig", "tbl", "lst", "sec", "eq", "nte", "tip", "wrn", "imp", "cau")
    for part in ("title", "prefix")
)
CROSSREF_OPTIONS = (*CROSSREF, "title-delim")
PROJECT_TYPES = ("default", "website", None)
PROJECT_OPTIONS = ("type", "title", "output-dir", "render", "resources", "preview", "execute-dir")


def check_supported(
    path: Path,
    options: Mapping[str, Mapping[str, Any]],
    formats: tuple[str, ...],
    written: Mapping[str, Any],
    used: frozenset[str],
) -> list[str]:
    """Refuse options that Quarto would act on and this renderer would pass over, and those that are slips.

    Parameters
    ----------
    path : Path
        The document.
    options : mapping
        Its options by format.
    formats : tuple of str
        Formats that will be written.
    written : mapping
        What stands under `format` in the document itself.
    used : frozenset of str
        Words of the document's references to metadata, of its filters and of its templates.

    Returns
    -------
    list of str
        What is to be warned of: words of the author's own that nothing uses, and options of a format in vain.

    Raises
    ------
    DocumentError
        With file, line and option.
    """
    found = [*_check_project(path)]
    for name in written:
        for text in _format_faults(name):
            raise DocumentError(f"{_where_format(path, name)}: {text}")
    found += [text for kind, given in options.items() for text in _unknown(path, given, written.get(kind) or {}, used)]
    for kind in formats:
        for name, text in _faults(options[kind], kind):
            raise DocumentError(f"{where_option(path, name)}: {text}")
    if "typst" in formats and isinstance(written.get("pdf"), Mapping) and "typst" not in written:
        where = _where_format(path, "pdf")
        found.append(f"{where}: options of format pdf are LaTeX's; a PDF made with Typst has those of format typst.")
    return list(dict.fromkeys(found))


def element_faults(element: Element, used: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Classes and attributes on which Quarto would act and this renderer would not, and those that are slips.

    Parameters
    ----------
    element : dict
        Any element.
    used : frozenset of str
        Words of the document's style sheets and filters: classes of its own are among them.

    Yields
    ------
    tuple of str
        The class or attribute, and what is wrong with it.
    """
    _, classes, attributes = attributes_of(element)
    known = KNOWN["classes"]
    for name in classes if element["t"] != "CodeBlock" else ():
        near = "" if name in known | used else nearest(name, known)
        if near or (OTHER_CLASSES.fullmatch(name) and name not in known):
            yield name, f"class .{name} is not supported{near}; content without it is required."
    known = KNOWN["attributes"]
    for name, value in attributes if element["t"] not in ("Link", "Code") else ():
        near = "" if name in known else nearest(name, known)
        strange = name not in known and name.startswith(("when-", "unless-"))
        if near or strange or name in KNOWN["attributes refused"]:
            yield name, f"attribute {name} is not supported{near}; content without it is required."
        if name in ("when-format", "unless-format"):
            yield from ((name, text) for text in _format_faults(value))


def nearest(name: str, known: Iterable[str], alike: float = 0.8) -> str:
    """The known name that one looks like.

    Parameters
    ----------
    name : str
        A name that is not known.
    known : iterable of str
        The known ones.
    alike : float
        How much it must look like one, 0 to 1.

    Returns
    -------
    str
        A question to add to a message, empty if there is none.
    """
    found = difflib.get_close_matches(name.lower(), sorted(known), 1, alike)
    return f" (did you mean {found[0]}?)" if found else ""


def _check_project(path: Path) -> Iterator[str]:
    """Refuse what a project's file asks for beyond options of documents; a page of a website stands alone."""
    folder = find_project(path)
    if folder is None:
        return
    path = folder / "_quarto.yml"
    settings = load_yaml(read_utf8(path), where=str(path))
    project = settings.get("project") or {}
    sort = project.get("type")
    if sort not in PROJECT_TYPES:
        raise DocumentError(
            f"{_line_in(path, 'type')}: project type {sort} is not supported; default or website is required."
        )
    if sort == "website":
        yield f"{_line_in(path, 'type')}: the document alone is rendered, without the navigation of its website."
    if project.get("execute-dir", "file") != "file":
        raise DocumentError(f"{_line_in(path, 'execute-dir')}: execute-dir is not supported; file is required.")
    for name in (*project, *(key for key in ("profile", "metadata-files") if key in settings)):
        if name not in PROJECT_OPTIONS:
            raise DocumentError(f"{_line_in(path, name)}: project option {name} is not supported; none is required.")


def _unknown(path: Path, options: Mapping[str, Any], own: Mapping[str, Any], used: frozenset[str]) -> Iterator[str]:
    """Words of the author's own that nothing uses, but for names with parts; a slip is refused, and any in a format."""
    known = ACTED.union(*REFUSED.values())
    for name in sorted({*options} - known - KNOWN["options passed over"] - used):
        where, near = where_option(path, name), nearest(name, known)
        if near or name in own:
            raise DocumentError(f"{where}: option {name} is unknown{near}; one of Quarto's is required.")
        if not isinstance(options[name], Mapping):
            yield f"{where}: metadata {name} is no option, and nothing in the document uses it."


def _format_faults(name: str) -> Iterator[str]:
    """Of a format that Quarto does not have; `html:js` and `journal-pdf` are names that it has."""
    if not KNOWN["formats"] & {name, *re.split("[-+:]", name)}:
        yield f"format {name} is unknown{nearest(name, KNOWN['formats'], 0.7)}; one of Quarto's is required."


def _faults(options: Mapping[str, Any], kind: str) -> Iterator[tuple[str, str]]:
    for name in sorted(REFUSED[kind] & {*options}):
        if options[name] not in (None, False):
            yield name, f"option {name} is not supported in {kind}; a document without it is required."
    language = str(options.get("lang") or "en").lower().partition("-")[0]
    if language not in LANGUAGES:
        yield "lang", f"lang {options['lang']} is not supported; one of {', '.join(LANGUAGES)} is required."
    words = options.get("language")
    for name in as_list(words) if not isinstance(words, Mapping) else [key for key in words if key not in KEYS]:
        yield "language", f"language {name} is not supported; one of {', '.join(KEYS)} is required."
    for name, part in _people(options):
        if name not in KNOWN[part]:
            near = nearest(name, KNOWN[part], 0.7)
            yield name, f"{part} {name} is unknown{near}; one of {', '.join(sorted(KNOWN[part]))} is required."
    crossref = options.get("crossref")
    for name in crossref if isinstance(crossref, Mapping) else as_list(crossref):
        if name not in CROSSREF_OPTIONS and not (isinstance(crossref, Mapping) and crossref[name] is False):
            yield (
                str(name),
                f"crossref option {name} is not supported; one of {', '.join(CROSSREF_OPTIONS)} is required.",
            )
    for name, values in CHOICES.items():
        for item in as_list(options.get(name)):
            value = item.get("method") if isinstance(item, Mapping) else item
            if not any(type(value) is type(known) and value == known for known in values):
                listed = " or ".join(map(str, values)) if len(values) < 3 else f"one of {', '.join(map(str, values))}"
                shown = value if isinstance(values[0], str) else repr(value)
                yield name, f"{name} {shown} is not supported; {listed} is required."
    for name in ("fig-width", "fig-height"):
        if type(options.get(name, 1)) not in (int, float) or not options.get(name, 1) > 0:
            yield name, f"{name} {options[name]!r} is no number above 0; inches are required."
    for name in (name for name, own in FILES.items() if own in ("", kind)):
        for item in as_list(options.get(name)):
            file = item.get("file") if isinstance(item, Mapping) else item
            if not (isinstance(item, Mapping) and "text" in item) and not Path(str(file)).exists():
                yield name, f"{name} {file}: no such file; a readable file is required."
    if kind == "typst":
        yield from _page_faults(options)
    kernel = options.get("jupyter", "python3")
    kernel = lookup(kernel, "kernelspec.name") or "python3" if isinstance(kernel, Mapping) else kernel
    if kernel not in ("python3", True):
        yield "jupyter", f"kernel {kernel} is not supported; python3 is required."
    if not READER.fullmatch(str(options.get("from", "markdown"))):
        yield "from", f"from {options['from']} is not supported; markdown, with Pandoc's extensions, is required."
    if options.get("date") in ("today", "now", "last-modified"):
        yield "date", f"date {options['date']} is not supported; a date that stays the same is required."
    try:
        format_date(options)
    except ValueError as error:
        yield "date-format", f"date-format {options['date-format']!r} {error}; such as D MMMM YYYY is required."


def _page_faults(options: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Lengths that Typst would not read."""
    size, margin = str(options.get("fontsize", "11pt")), options.get("margin") or {}
    if not LENGTH.fullmatch(size):
        yield "fontsize", f"fontsize {size} is not supported; a length such as 11pt is required."
    wrong = not isinstance(margin, Mapping) or not all(LENGTH.fullmatch(str(width)) for width in margin.values())
    if wrong or {*margin} - {*SIDES}:
        yield "margin", f"margin {margin} is not supported; lengths such as 2cm for {', '.join(SIDES)} are required."


def _people(options: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The keys that say something of an author or of an affiliation."""
    authors = [item for item in as_list(options.get("author") or options.get("authors")) if isinstance(item, Mapping)]
    own = [place for author in authors for key in ("affiliation", "affiliations") for place in as_list(author.get(key))]
    places = [item for item in (*as_list(options.get("affiliations")), *own) if isinstance(item, Mapping)]
    for part, items in (("author", authors), ("affiliation", places)):
        yield from ((str(name), part) for item in items for name in item)


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


def _where_format(path: Path, name: str) -> str:
    """Where a format was written, as a key or as the only one."""
    found = where_option(path, name)
    return found if found != str(path) else where_option(path, "format")


def _line_in(path: Path, name: str) -> str:
    pattern = re.compile(rf"(?:^\s*(?:- )?|[{{,]\s*)[\"']?{re.escape(name)}[\"']?\s*:")
    lines = path.read_text(encoding="utf-8").splitlines()
    opened = path.suffix == ".qmd"
    for number, line in enumerate(lines, start=1):
        if opened and number > 1 and line.rstrip() in ("---", "..."):
            break
        if pattern.search(line):
            return f"{path}:{number}"
    return ""

"""Options of a document: `_quarto.yml`, then `_metadata.yml`, front matter and the command line.

Later sources win; mappings merge, lists are joined, `format:` options win over the same source's
general ones. File names in options become absolute, each from the folder of the file that wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from npcstats.documents.source import load_yaml, read_utf8
from npcstats.errors import DocumentError

# What a report says of itself at the edge of every page, beside its title.
MARKS = ("trial", "confidentiality", "data-mark", "cutoff", "results-hash", "version")
PATH_OPTIONS = (
    "bibliography", "csl", "css", "font-paths", "filters", "include-after-body", "include-before-body",
    "include-in-header", "reference-doc", "template-partials",
)  # fmt: skip
EXECUTION = ("echo", "eval", "output", "include", "warning", "error")
FIGURES = ("fig-width", "fig-height", "fig-format", "fig-dpi", "fig-asp")
ADDRESS = ("department", "group", "address", "city", "region", "state", "postal-code", "country")
WHOLE = re.compile(r"0|[1-9][0-9]{0,8}")
FORMATS = ("typst", "html", "docx")


def find_project(path: Path) -> Path | None:
    """Nearest folder at or above a document that holds `_quarto.yml`.

    Parameters
    ----------
    path : Path
        The document.

    Returns
    -------
    Path or None
        The folder, None outside any project.
    """
    for folder in path.resolve().parents:
        if (folder / "_quarto.yml").is_file():
            return folder
    return None


def output_folder(path: Path) -> Path:
    """Where a document's files go: beside it, or where its project says, in the same folder as in the project.

    Parameters
    ----------
    path : Path
        The document.

    Returns
    -------
    Path
        The folder; it need not exist.

    Raises
    ------
    DocumentError
        If the project's file is not YAML.
    """
    project = find_project(path)
    if project is None:
        return path.parent
    settings = _read(project / "_quarto.yml").get("project") or {}
    within = path.resolve().parent.relative_to(project)
    return project / str(settings.get("output-dir", ".")) / within


def layers(path: Path, front_matter: Mapping[str, Any], given: Mapping[str, str]) -> list[dict[str, Any]]:
    """The sources of options of one document, weakest first.

    Parameters
    ----------
    path : Path
        The document.
    front_matter : mapping
        Its own YAML block.
    given : mapping of str to str
        `key:value` pairs of the command line; values are read as YAML.

    Returns
    -------
    list of dict
        Options with absolute paths.
    """
    project = find_project(path)
    root = project or path.resolve().parent
    found: list[dict[str, Any]] = []
    if project is not None:
        found.append(_absolute(_read(project / "_quarto.yml"), project, root))
        inner = [p for p in path.resolve().parents if p == project or project in p.parents]
        for folder in reversed(inner):
            if (folder / "_metadata.yml").is_file():
                found.append(_absolute(_read(folder / "_metadata.yml"), folder, root))
    found.append(_absolute(dict(front_matter), path.resolve().parent, root))
    found.append({key: _scalar(value) for key, value in given.items()})
    return found


def options_for(sources: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    """Options that hold for one output format.

    Parameters
    ----------
    sources : list of dict
        As `layers` returns them.
    kind : str
        `typst`, `html` or `docx`.

    Returns
    -------
    dict
        The merged options, without `format` and `project`.
    """
    merged: dict[str, Any] = {}
    for source in sources:
        own = {key: value for key, value in source.items() if key not in ("format", "project")}
        for layer in (own, _formats(source.get("format")).get(kind, {})):
            merged = merge(merged, _execution(layer))
    return merged


def _execution(layer: Mapping[str, Any]) -> dict[str, Any]:
    """Options of cells, which may stand under `execute` or beside it, each in the one place where it is looked for."""
    given = layer.get("execute")
    inner = dict(given) if isinstance(given, Mapping) else {}
    outer = {key: value for key, value in layer.items() if key != "execute"}
    moved = {key: inner.pop(key) for key in FIGURES if key in inner}
    inner |= {key: outer.pop(key) for key in EXECUTION if key in outer}
    return {**outer, **moved, **({"execute": inner} if inner else {})}


def merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Two sets of options in one: mappings merge, lists join, anything else is replaced.

    Parameters
    ----------
    base, over : mapping
        Weaker and stronger options.

    Returns
    -------
    dict
        The merged options.
    """
    out = dict(base)
    for key, value in over.items():
        old = out.get(key)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            out[key] = merge(old, value)
        elif isinstance(old, list) and isinstance(value, list):
            out[key] = [*old, *(item for item in value if item not in old)]
        else:
            out[key] = value
    return out


def lookup(options: Mapping[str, Any], dotted: str) -> Any:
    """Value under a key such as `protocol.number`, None if there is none.

    Parameters
    ----------
    options : mapping
        The options.
    dotted : str
        Keys joined by points.

    Returns
    -------
    object
        The value.
    """
    value: Any = options
    for key in dotted.split("."):
        if isinstance(value, list) and key.isdigit() and 0 < int(key) <= len(value):
            value = value[int(key) - 1]
        elif isinstance(value, Mapping) and key in value:
            value = value[key]
        else:
            return None
    return value


def as_list(value: Any) -> list[Any]:
    """A value or a list of values, as a list.

    Parameters
    ----------
    value : object
        None, one value or a list.

    Returns
    -------
    list
        The values.
    """
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def filters_of(options: Mapping[str, Any]) -> list[str]:
    """Filters of a document; they come after the renderer's own work, as Quarto's do after the word `quarto`.

    Parameters
    ----------
    options : mapping
        The document's options.

    Returns
    -------
    list of str
        File names.
    """
    names = [str(name) for name in as_list(options.get("filters"))]
    return names[1:] if names[:1] == ["quarto"] else names


def author_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """Authors as names in `author`, and with what is said of each in `by-author`, whichever way they were written.

    Parameters
    ----------
    options : mapping
        The document's options; an affiliation may refer to another by `ref`, in `affiliations` or with an author.

    Returns
    -------
    dict
        Both options, empty without authors.

    Raises
    ------
    DocumentError
        If an affiliation refers to none.
    """
    items = as_list(options.get("author") or options.get("authors"))
    places = [*as_list(options.get("affiliations")), *(place for item in items for place in _places(item))]
    known = {place["id"]: place for place in places if isinstance(place, Mapping) and "id" in place}
    people = [_author(item, known) for item in items]
    if not people:
        return {}
    return {"author": [person["name"]["literal"] for person in people], "by-author": people}


def _places(item: Any) -> list[Any]:
    given = item if isinstance(item, Mapping) else {}
    return as_list(given.get("affiliation") or given.get("affiliations"))


def _author(item: Any, known: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    given = item if isinstance(item, Mapping) else {"name": item}
    name = given.get("name", "")
    if isinstance(name, Mapping):
        parts = ("given", "dropping-particle", "non-dropping-particle", "family")
        name = name.get("literal") or " ".join(str(name[part]) for part in parts if part in name)
    said = {key: given[key] for key in ("email", "url", "orcid", "note") if given.get(key)}
    said["degrees"] = ", ".join(map(str, as_list(given.get("degrees"))))
    return {"name": {"literal": str(name)}, "affiliations": [_place(place, known) for place in _places(item)], **said}


def _place(place: Any, known: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """An affiliation: its name, its address on the web and the parts that say where within it and where it lies."""
    if not isinstance(place, Mapping):
        place = known.get(place, {"name": place})
    elif "ref" in place and place["ref"] not in known:
        raise DocumentError(
            f"author: affiliation {place['ref']!r} is not among the affiliations; its `id` is required."
        )
    given = known[place["ref"]] if "ref" in place else place
    where = ", ".join(str(given[key]) for key in ADDRESS if given.get(key))
    return {"name": str(given.get("name", "")), "url": str(given.get("url", "")), "where": where}


def _read(path: Path) -> dict[str, Any]:
    return load_yaml(read_utf8(path), where=f"{path}")


def _scalar(text: str) -> Any:
    """A value of the command line: a truth value or a whole number where YAML reads one, else the text."""
    low = text.strip().lower()
    return int(low) if WHOLE.fullmatch(low) else {"true": True, "false": False}.get(low, text)


def _formats(value: Any) -> dict[str, dict[str, Any]]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        return {str(name): {} for name in as_list(value)}
    return {str(name): dict(own) if isinstance(own, Mapping) else {} for name, own in value.items()}


def _absolute(options: dict[str, Any], folder: Path, root: Path) -> dict[str, Any]:
    out = dict(options)
    for key, value in [(key, out[key]) for key in PATH_OPTIONS if out.get(key)]:
        made = [_resolve(item, folder, root) for item in as_list(value)]
        out[key] = made if isinstance(value, list) else made[0]
    formats = _formats(out.get("format"))
    if formats:
        out["format"] = {name: _absolute(own, folder, root) for name, own in formats.items()}
    return out


def _resolve(item: Any, folder: Path, root: Path) -> Any:
    if isinstance(item, Mapping) and "file" in item:
        return {**item, "file": _resolve(item["file"], folder, root)}
    if not isinstance(item, str):
        return item
    target = root / item.lstrip("/") if item.startswith("/") else folder / item
    return str(target) if target.exists() else item

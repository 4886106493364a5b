"""Chooses the engine, checks and renders a document, and puts what was made in place, whole or not at all."""

from __future__ import annotations

import datetime
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from npcstats.documents.check import check_source, load_document
from npcstats.documents.limits import check_depth
from npcstats.documents.mentions import mentioned_files
from npcstats.documents.quarto import quarto_path
from npcstats.documents.request import Request
from npcstats.errors import DocumentError, SpecError
from npcstats.provenance import OPENED_VARIABLE
from npcstats.system.folders import restrict, working_folder
from npcstats.system.interrupts import uninterrupted
from npcstats.system.kernels import WaitingKernel
from npcstats.system.named import Named

Engine = Literal["quarto", "builtin"]
FORMATS = {"pdf": "typst", "typst": "typst", "html": "html", "docx": "docx"}
ENGINES = ("auto", "quarto", "builtin")
OTHERS = 0o077  # who may read, write or enter but is not the owner
# Loaded where a document is rendered: whoever only checks one has no use for a kernel's libraries.
RENDER = {
    "quarto": Named("npcstats.documents.quarto", "render_quarto"),
    "builtin": Named("npcstats.documents.builtin", "render_builtin"),
}
NOTHING: Mapping[str, str] = MappingProxyType({})
NO_PARAMETERS: Mapping[str, object] = MappingProxyType({})


def find_engine(engine: str) -> Engine:
    """Decide which engine renders.

    Parameters
    ----------
    engine : str
        `auto`, `quarto` or `builtin`.

    Returns
    -------
    str
        `quarto` if asked for or found on PATH, else `builtin`.

    Raises
    ------
    SpecError
        If the name is unknown, or Quarto is asked for and not on PATH.
    """
    if engine not in ENGINES:
        raise SpecError(f"engine: {engine!r}; one of {', '.join(ENGINES)} is required.")
    installed = quarto_path() is not None
    if engine == "quarto" and not installed:
        raise SpecError("engine: quarto is not on PATH; an installed Quarto, or engine builtin, is required.")
    return "quarto" if installed and engine != "builtin" else "builtin"


def check_document(source: Path) -> tuple[Path, ...]:
    """Refuse a document that the built-in renderer cannot render, before anything runs.

    Parameters
    ----------
    source : Path
        The `.qmd` file.

    Returns
    -------
    tuple of Path
        Files that exist and are named in it or in its options, which decide what it becomes.

    Raises
    ------
    DocumentError
        If a reference leads nowhere, an include is missing, or a feature or option is not supported.
    """
    with _bounded(source):
        document, options = load_document(source, {})
        check_source(document, options, ("typst", "html", "docx"))
    return mentioned_files(document, options)


@contextmanager
def _bounded(source: Path) -> Iterator[None]:
    """Whatever nesting the limits by line do not see ends in a message, too."""
    try:
        yield
    except RecursionError:
        raise DocumentError(f"{source}: nested deeper than can be read; less nesting is required.") from None


def render_document(
    source: Path,
    *,
    formats: tuple[str, ...],
    output_dir: Path,
    engine: str,
    metadata: Mapping[str, str] = NOTHING,
    parameters: Mapping[str, object] = NO_PARAMETERS,
    environment: Mapping[str, str] = NOTHING,
    source_date: datetime.date,
    today: datetime.date | None = None,
    kernel: WaitingKernel | None = None,
) -> tuple[Path, ...]:
    """Render a document to some formats; either every file is replaced or none.

    Parameters
    ----------
    source : Path
        The `.qmd` file.
    formats : tuple of str
        Of `pdf` (or `typst`), `html` and `docx`.
    output_dir : Path
        Folder for the files; made if it is not there.
    engine : str
        `auto`, `quarto` or `builtin`.
    metadata : mapping of str to str
        Metadata that wins over the document's own; Markdown, but for a `PlainText`.
    parameters : mapping
        Values set after the cell tagged `parameters`.
    environment : mapping of str to str
        Variables for the cells.
    source_date : datetime.date
        Date of creation that the files state.
    today : datetime.date, optional
        Day that the date `today` of a document means; without it, it is refused, and `last-modified`, too.
    kernel : WaitingKernel, optional
        For the cells, if one is in waiting.

    Returns
    -------
    tuple of Path
        The files, in the order of the formats.

    Raises
    ------
    DocumentError
        If the document cannot be rendered.
    SpecError
        If a format or engine is unknown.
    """
    unknown = [name for name in formats if name not in FORMATS]
    if unknown or not formats:
        raise SpecError(f"formats: {', '.join(unknown) or 'none'}; one of {', '.join(FORMATS)} is required.")
    render = RENDER[find_engine(engine)]
    kinds = tuple(dict.fromkeys(FORMATS[name] for name in formats))
    date = load_document(source, metadata)[1][kinds[0]].get("date") if today else None
    if today and date in ("today", "now", "last-modified"):
        changed = datetime.date.fromtimestamp(source.stat().st_mtime)
        metadata = {**metadata, "date": (changed if date == "last-modified" else today).isoformat()}
    output_dir.mkdir(parents=True, exist_ok=True)
    with working_folder(prefix="npcstats-document-") as work:
        opened = work / "opened"
        request = Request(
            source=source,
            formats=kinds,
            work=work,
            metadata=metadata,
            parameters=parameters,
            environment={**environment, OPENED_VARIABLE: str(opened.resolve())},
            source_date=source_date,
            kernel=kernel,
        )
        with _bounded(source):
            check_depth((line, f"-M {key}") for key, value in metadata.items() for line in value.split("\n"))
            made = render(request)
        if _read_owners_only(opened):
            for path in made:
                restrict(path)
        return _move(made, output_dir)


def _read_owners_only(opened: Path) -> bool:
    """Whether a cell read results that only their owner may read, which then holds for the document, too."""
    folders = opened.read_text(encoding="utf-8").splitlines() if opened.is_file() else []
    return os.name == "posix" and any(not os.stat(folder).st_mode & OTHERS for folder in folders)


def _move(made: tuple[Path, ...], output_dir: Path) -> tuple[Path, ...]:
    """Put finished files in place: first all beside their targets, then each over its target."""
    targets = tuple(output_dir / path.name for path in made)
    try:
        with working_folder(output_dir) as beside:
            for path in made:
                shutil.copy(path, beside)
            with uninterrupted(*map(str, targets)):
                for target in targets:
                    os.replace(beside / target.name, target)
    except OSError as error:
        raise DocumentError(
            f"{output_dir}: {error.strerror}; a folder that has room and can be written to is required."
        ) from None
    return targets

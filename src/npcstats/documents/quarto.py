"""Renders with the Quarto CLI, in a copy, so that nothing of the project changes.

What Quarto only warns of may be missing from the page, so such a warning is an error here, in Quarto's own words.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

from npcstats.documents.check import check_references, load_document
from npcstats.documents.metadata import as_list, find_project
from npcstats.documents.request import Request, epoch
from npcstats.documents.source import load_yaml, read_utf8
from npcstats.documents.values import PlainText
from npcstats.errors import DocumentError
from npcstats.provenance import PICTURES_VARIABLE
from npcstats.system.named import Named
from npcstats.system.workers import run_all

LOG = logging.getLogger(__name__)
FINISH = Named("npcstats.documents.write_docx", "finish_docx")
SUFFIXES = {"typst": ".pdf", "html": ".html", "docx": ".docx"}
OLDEST, TWO_STANDARDS = (1, 9, 0), (1, 10, 17)
PICTURES = "npcstats-pictures"
NOT_COPIED = (".git", ".gitignore", ".quarto")
COLOR = re.compile(r"\x1b\[[0-9;]*m")
WARNING = re.compile(r"(?:^|\.\.\.)\W*warn(?:ing)?\b.*", re.I)
# A list of PDF standards in the lines of one item each, or in one line: up to the first of them, and the rest.
STANDARDS = re.compile(
    r"^(\s*pdf-standard:\s*(?:\[\s*[^\],\s]+|\n\s*-\s*\S+))(\s*,[^\]]*(?=\])|(?:\n\s*-\s*\S+)+)", re.M
)
# What YAML reads as a text or a word, whatever else stands in it.
PLAIN = re.compile(r"\w(?:[^:#]|:(?=\S)|(?<=\S)#)*")
# The place in Quarto's own code stands before a message, which may begin on the next line.
ORIGIN = re.compile(r"\(\S+\.lua:\d+\)\s+")
# Words of warnings after which something is missing from the page or wrong on it, and those that do not count.
LOSS = re.compile(
    r"unable to|could not|cannot|can't|not found|unknown|unresolved|unsupported|unexpected|undefined|missing|duplicate"
    r"|invalid|malformed|skipp|remov|ignor|incorrect|no content|without content|placeholder|not match|no corresponding"
    r"|not be (?:able|run|rendered)|not (?:render|converge)|failed",
    re.I,
)
HARMLESS = re.compile(r"typst-gather|font family|verapdf|crossref index|deprecated", re.I)
# The pictures that Quarto could not convert for Word are converted afterwards.
MENDED = re.compile(r"could not convert image \S+\.svg", re.I)


def quarto_path() -> str | None:
    """Path of the Quarto executable, None if there is none on PATH.

    Returns
    -------
    str or None
        The path.
    """
    return shutil.which("quarto")


def render_quarto(request: Request) -> tuple[Path, ...]:
    """Render a document with Quarto, one format after the other, in a copy of the folders it lies in.

    Parameters
    ----------
    request : Request
        What is asked for; metadata go with `-M`, parameters with `-P`.

    Returns
    -------
    tuple of Path
        The files, in the order of the formats.

    Raises
    ------
    DocumentError
        If Quarto is too old, fails, or warns that something is missing from the page; the message is Quarto's.
    """
    document, options = load_document(request.source, request.metadata)
    check_references(document, options, request.formats)
    root = find_project(document.path) or document.path.resolve().parent
    copied = _lay_out_copy(document.path, (request.work / "copy").resolve(), root)
    if "typst" in request.formats:
        _claim_one_standard(copied, document.path, as_list(options["typst"].get("pdf-standard")))
    pictures = _within(copied, document.path).parent / PICTURES
    settings = {"QUARTO_PYTHON": sys.executable, **epoch(request.source_date), **request.environment}
    settings[PICTURES_VARIABLE] = str(pictures)
    given = [item for key, value in request.metadata.items() for item in ("-M", f"{key}:{_option(value)}")]
    given += [item for key, value in request.parameters.items() for item in ("-P", f"{key}:{value}")]
    given += ["--no-execute-daemon", "--execute-dir", str(_cell_folder(document.path, root))]
    found = []
    for kind in request.formats:
        folder = request.work / kind
        command = [quarto_path() or "quarto", "render", str(_within(copied, document.path)), "--to", kind, *given]
        command += ["--output-dir", str(folder)]
        surroundings = {**os.environ, **settings}
        run = partial(_run, command, _within(copied, root), surroundings)
        (done,) = run_all([run], workers=1)  # Quarto starts programs of its own, which shall end when it has to
        told = COLOR.sub("", done.stderr.decode(errors="replace")).replace(str(copied), "")
        made = sorted(folder.rglob(document.path.stem + SUFFIXES[kind])) if folder.is_dir() else []
        if done.returncode or not made:
            lines = told.strip().splitlines()
            said = next((i for i, line in enumerate(lines) if line.startswith("ERROR")), max(0, len(lines) - 20))
            tail = "\n".join(lines[said : said + 20])
            raise DocumentError(f"{request.source}: quarto render --to {kind} failed (exit {done.returncode}):\n{tail}")
        _heed(told, f"{request.source}: quarto render --to {kind}")
        if kind == "docx":
            FINISH(made[0], options[kind], source_date=request.source_date)
        found.append(made[0])
    return tuple(found)


def _run(command: list[str], folder: Path, surroundings: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command, capture_output=True, cwd=folder, env=surroundings, check=False)


def _option(value: str) -> str:
    """A value for `-M`, of which Quarto makes no Markdown; a line break keeps it from reading it as YAML."""
    if not isinstance(value, PlainText):
        return value
    line = " ".join(value.split())
    return line if PLAIN.fullmatch(line) else line + "\n"


def _version() -> tuple[int, ...]:
    """Version of the Quarto on PATH, such as `(1, 9, 38)`."""
    done = subprocess.run([quarto_path() or "quarto", "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"(\d+)\.(\d+)\.(\d+)", done.stdout)
    version = tuple(map(int, found.groups())) if found else ()
    if version < OLDEST:
        said = done.stdout.strip() or f"exit {done.returncode}"
        raise DocumentError(f"quarto --version: {said}; Quarto 1.9 or newer, or engine builtin, is required.")
    return version


def _claim_one_standard(copied: Path, source: Path, standards: list[Any]) -> None:
    """Leave one PDF standard in the copied settings where the Typst of an older Quarto takes no more."""
    version = _version() if len(standards) > 1 else TWO_STANDARDS
    if version >= TWO_STANDARDS:
        return
    LOG.warning(
        "Quarto %s claims one PDF standard at a time: %s, and not %s; from 1.10.17 on it claims them together.",
        ".".join(map(str, version)), standards[0], ", ".join(map(str, standards[1:])),
    )  # fmt: skip
    folders = [_within(copied, folder) for folder in source.resolve().parents]
    settings = [folder / name for folder in folders for name in ("_quarto.yml", "_metadata.yml")]
    for path in filter(Path.is_file, (_within(copied, source), *settings)):
        text = read_utf8(path)
        fewer = STANDARDS.sub(lambda found: found[1] + "\n" * found[2].count("\n"), text)
        if fewer != text:
            path.unlink()
            path.write_text(fewer, encoding="utf-8")


def _cell_folder(source: Path, root: Path) -> Path:
    """Where cells run: beside the document that was asked for, or where its project says; not in the copy."""
    settings = root / "_quarto.yml"
    project = load_yaml(read_utf8(settings), where=str(settings)).get("project") if settings.is_file() else None
    return root if (project or {}).get("execute-dir") == "project" else source.resolve().parent


def _within(copied: Path, path: Path) -> Path:
    path = path.resolve()
    return copied / path.relative_to(path.anchor)


def _lay_out_copy(source: Path, copied: Path, root: Path) -> Path:
    """Lay out the folders above a document again, each path as it was, with links for all that Quarto only reads.

    What has the document's stem is copied: Quarto writes files of that name.
    """
    source = source.resolve()
    names = (f"{source.stem}.", f"{source.stem}_files")
    for folder in reversed(source.parents):
        place = _within(copied, folder)
        place.mkdir(parents=True, exist_ok=True)
        items = folder.iterdir() if os.access(folder, os.R_OK) else ()
        for item in (item for item in items if item not in source.parents and item.name not in NOT_COPIED):
            try:
                if folder == source.parent and item.name.startswith(names):
                    raise OSError
                (place / item.name).symlink_to(item, target_is_directory=item.is_dir())
            except OSError:  # no link wanted, or none allowed
                if root in item.parents:
                    (shutil.copytree if item.is_dir() else shutil.copy)(item, place / item.name)
    return copied


def _heed(told: str, where: str) -> None:
    """Refuse a document of which Quarto says that something is lost; tell its other warnings."""
    found = filter(None, map(WARNING.search, ORIGIN.sub("", told).splitlines()))
    warnings = dict.fromkeys(line[0].lstrip(". ") for line in found if not MENDED.search(line[0]))
    lost = [line for line in warnings if LOSS.search(line) and not HARMLESS.search(line)]
    if lost:
        raise DocumentError(f"{where}: the page would not say what was written:\n" + "\n".join(lost))
    for line in warnings:
        LOG.warning("%s", line)

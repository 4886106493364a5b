"""Renders with the Quarto CLI, which must write into a folder of ours and keep no kernel alive."""

from __future__ import annotations

import datetime
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from npcstats.documents.check import check_references, load_document
from npcstats.documents.write_docx import epoch, finish_docx
from npcstats.errors import DocumentError

SUFFIXES = {"typst": ".pdf", "html": ".html", "docx": ".docx"}


def quarto_path() -> str | None:
    """Path of the Quarto executable, None if there is none on PATH.

    Returns
    -------
    str or None
        The path.
    """
    return shutil.which("quarto")


def render_quarto(
    source: Path,
    *,
    formats: tuple[str, ...],
    work: Path,
    metadata: Mapping[str, str],
    parameters: Mapping[str, object],
    environment: Mapping[str, str],
    source_date: datetime.date,
) -> tuple[Path, ...]:
    """Render a document with Quarto, one format after the other, into a work folder.

    Parameters
    ----------
    source : Path
        The `.qmd` file.
    formats : tuple of str
        `typst`, `html`, `docx`.
    work : Path
        Empty folder.
    metadata : mapping of str to str
        Passed on with `-M`.
    parameters : mapping
        Passed on with `-P`.
    environment : mapping of str to str
        Variables for Quarto and the cells.
    source_date : datetime.date
        Date of creation that the files state.

    Returns
    -------
    tuple of Path
        The files, in the order of the formats.

    Raises
    ------
    DocumentError
        If Quarto fails; the message is Quarto's.
    """
    document, options = load_document(source, metadata)
    check_references(document, options, formats)
    found = []
    for kind in formats:
        folder = work / kind
        command = [quarto_path() or "quarto", "render", str(source), "--to", kind, "--no-execute-daemon"]
        command += ["--output-dir", str(folder)]
        for key, value in metadata.items():
            command += ["-M", f"{key}:{value}"]
        for key, given in parameters.items():
            command += ["-P", f"{key}:{given}"]
        env = {**os.environ, "QUARTO_PYTHON": sys.executable, **epoch(source_date), **environment}
        done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
        made = sorted(folder.rglob(document.path.stem + SUFFIXES[kind])) if folder.is_dir() else []
        if done.returncode or not made:
            tail = "\n".join(done.stderr.strip().splitlines()[-20:])
            raise DocumentError(f"{source}: quarto render --to {kind} failed (exit {done.returncode}):\n{tail}")
        if kind == "docx":
            finish_docx(made[0], options[kind], source_date=source_date)
        found.append(made[0])
    return tuple(found)

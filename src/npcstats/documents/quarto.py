"""Renders with the Quarto CLI, which must write into a folder of ours and keep no kernel alive."""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

from npcstats.documents.check import check_references, load_document
from npcstats.documents.request import Request
from npcstats.documents.values import PlainText
from npcstats.documents.write_docx import epoch, finish_docx
from npcstats.errors import DocumentError
from npcstats.formatting import escape_markdown
from npcstats.workers import run_all

LOG = logging.getLogger(__name__)
WARNING = re.compile(r"^\W*WARN")
SUFFIXES = {"typst": ".pdf", "html": ".html", "docx": ".docx"}


def quarto_path() -> str | None:
    """Path of the Quarto executable, None if there is none on PATH.

    Returns
    -------
    str or None
        The path.
    """
    return shutil.which("quarto")


def render_quarto(request: Request) -> tuple[Path, ...]:
    """Render a document with Quarto, one format after the other, into a work folder.

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
        If Quarto fails; the message is Quarto's.
    """
    document, options = load_document(request.source, request.metadata)
    check_references(document, options, request.formats)
    settings = {"QUARTO_PYTHON": sys.executable, **epoch(request.source_date), **request.environment}
    given = [item for key, value in request.metadata.items() for item in ("-M", f"{key}:{_as_yaml(value)}")]
    given += [item for key, value in request.parameters.items() for item in ("-P", f"{key}:{value}")]
    found = []
    for kind in request.formats:
        folder = request.work / kind
        command = [quarto_path() or "quarto", "render", str(request.source), "--to", kind, "--no-execute-daemon"]
        command += ["--output-dir", str(folder), *given]
        run = partial(subprocess.run, command, capture_output=True, text=True, env={**os.environ, **settings})
        (done,) = run_all([run], workers=1)  # Quarto starts programs of its own, which shall end when it has to
        made = sorted(folder.rglob(document.path.stem + SUFFIXES[kind])) if folder.is_dir() else []
        if done.returncode or not made:
            tail = "\n".join(done.stderr.strip().splitlines()[-20:])
            raise DocumentError(f"{request.source}: quarto render --to {kind} failed (exit {done.returncode}):\n{tail}")
        for line in done.stderr.splitlines():
            if WARNING.match(line):
                LOG.warning("%s", line.strip())
        if kind == "docx":
            finish_docx(made[0], options[kind], source_date=request.source_date)
        found.append(made[0])
    return tuple(found)


def _as_yaml(value: str) -> str:
    """A value of metadata as Quarto reads it: as YAML, and its texts as Markdown."""
    return json.dumps(escape_markdown(value), ensure_ascii=False) if isinstance(value, PlainText) else value

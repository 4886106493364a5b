"""The program's entrance: says at once that nothing changed, else hands over to the command line.

A render that would make the same bytes again is answered from its record, before anything heavy is imported. The
command runs in this very process, so that a signal to it reaches all that there is.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from pathlib import Path

from npcstats.errors import Interrupted, SpecError
from npcstats.run.freshness import command_name, fresh_outputs, surroundings
from npcstats.run.project import find_project
from npcstats.system.interrupts import finished, watch_signals
from npcstats.system.kernels import waiting_kernel
from npcstats.system.named import Named

RUN_COMMAND = Named("npcstats.run.cli", "run_command")
RENDER = "render"
FORCE = "--force"
DOCUMENTS = (".pdf", ".html", ".docx")
SOURCE = ".qmd"
CELL = b"```{python"
ELSEWHERE = "quarto"


def main() -> None:
    """Answer from the record of the same command, or run the command; told to stop, say in one line what stands."""
    try:
        watch_signals()
        code = _run(sys.argv[1:])
        finished()
    except Interrupted as stop:
        finished()
        _say(stop.message)
        code = stop.code
    sys.exit(code)


def _run(arguments: list[str]) -> int:
    """Answer a command, what it prints included: a pipe that was closed or a full disk is a refusal, too."""
    try:
        code = _answered(arguments)
        _flush()
    except OSError as error:
        _say(f"npcstats: {error.filename or 'output'}: {error.strerror}; a place that can be written to is required.")
        return 1
    return code


def _flush() -> None:
    if sys.stdout:
        sys.stdout.flush()


def _say(message: str) -> None:
    try:
        _flush()
    except OSError:  # what cannot be printed now shall not be tried again when Python ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    with contextlib.suppress(OSError):  # a terminal that hung up takes no line
        print(message, file=sys.stderr)


def _answered(arguments: list[str]) -> int:
    here = Path.cwd()
    standing = _standing(here, arguments)
    for path in (path for path in standing if path.suffix in DOCUMENTS and path.parent.name != "figures"):
        print(f"Unchanged: {path.relative_to(here) if path.is_relative_to(here) else path}")
    if standing:
        return 0
    with waiting_kernel(wanted=_runs_cells(arguments)) as kernel:
        return int(RUN_COMMAND(arguments, kernel))


def _runs_cells(arguments: list[str]) -> bool:
    """Whether a command renders a document with cells, as far as can be told at a glance: a kernel starts first."""
    if arguments[:1] != [RENDER] or "--help" in arguments:
        return False
    sources = [Path(word) for word in arguments if word.endswith(SOURCE)]
    here = "builtin" in arguments or (ELSEWHERE not in arguments and shutil.which(ELSEWHERE) is None)
    return here and bool(sources) and sources[0].is_file() and CELL in sources[0].read_bytes()


def _standing(here: Path, arguments: list[str]) -> tuple[Path, ...]:
    """Documents that the same command made before from the same inputs."""
    if arguments[:1] != [RENDER] or FORCE in arguments:
        return ()
    try:
        store = find_project(here)["records"]
    except SpecError:
        return ()
    return fresh_outputs(store, command_name(here, arguments), surroundings())

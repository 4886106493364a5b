"""Files of Python that a trial writes: run once, and whatever ends them is one message with file and line."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from types import ModuleType

from npcstats.errors import Interrupted, NpcstatsError, SpecError

LONGEST = 200
MODULE = "npcstats-trial-file"


def defined_in(path: Path, name: str) -> object:
    """Run a Python file and take what it defines under a name.

    Parameters
    ----------
    path : Path
        The file.
    name : str
        Such as ``PLAN``.

    Returns
    -------
    object
        None where it defines nothing of that name.

    Raises
    ------
    SpecError
        If the file is missing, or anything but its last line ends it.
    """
    required = f"a Python file that defines {name} is required"
    if not path.is_file():
        raise SpecError(f"{path}: there is no such file; {required}.")
    module = ModuleType(MODULE)
    module.__file__ = str(path)
    sys.modules[MODULE] = module  # dataclasses look their module up by its name
    try:
        exec(compile(path.read_bytes(), str(path), "exec", dont_inherit=True), module.__dict__)
    except (NpcstatsError, Interrupted):
        raise
    except BaseException as error:  # a plan is a program: it can end in any way
        raise SpecError(f"{path}: cannot be run ({_told(error)}{_line(path, error)}); {required}.") from error
    finally:
        sys.modules.pop(MODULE, None)
    return module.__dict__.get(name)


def _line(path: Path, error: BaseException) -> str:
    """The line of the file that was at work, as far as it can be told."""
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == str(path)]
    if isinstance(error, SyntaxError) and error.filename == str(path) and error.lineno:
        lines.append(error.lineno)
    return f", line {lines[-1]}" if lines else ""


def _told(error: BaseException) -> str:
    kind = type(error).__name__
    try:
        text = (error.msg if isinstance(error, SyntaxError) else str(error)).strip()
    except BaseException:  # its own words can end in any way, too
        return kind
    first = text.splitlines()[0] if text else ""
    cut = first if len(first) <= LONGEST else f"{first[: LONGEST - 1]}…"
    return f"{kind}: {cut}" if cut else kind

"""Programs that a trial writes, a file or a folder: run once, and whatever ends them is one message with file and line.

A program is never read from a cache of compiled code, and a folder's parts are looked for in that folder only.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType

from npcstats.errors import Interrupted, NpcstatsError, SpecError

LONGEST = 200
PACKAGE = "__init__.py"


def defined_in(path: Path, name: str) -> object:
    """Run a Python file, or a folder of them, and take what it defines under a name.

    Parameters
    ----------
    path : Path
        The file; or a folder whose ``__init__.py`` defines it. Parts of a folder import each other by the name that is
        asked for, in lower case, wherever the folder lies and whatever it is called: ``from plan.design import DESIGN``
        for a folder that defines ``PLAN``.
    name : str
        Such as ``PLAN``.

    Returns
    -------
    object
        None where it defines nothing of that name.

    Raises
    ------
    SpecError
        If there is no such program, or anything but its last line ends it.
    """
    required = f"a Python file that defines {name} is required"
    main = _main(path, required)
    try:
        with _importable(name.lower(), main, whole=path.is_dir()):
            module = import_module(name.lower())
    except (NpcstatsError, Interrupted):
        raise
    except BaseException as error:  # a plan is a program: it can end in any way
        file, line = _place(path, error)
        told = f"{_told(error)}, line {line}" if line else _told(error)
        raise SpecError(f"{file}: cannot be run ({told}); {required}.") from error
    return module.__dict__.get(name)


def _main(path: Path, required: str) -> Path:
    """The file that is run first."""
    if path.is_dir():
        if not (path / PACKAGE).is_file():
            raise SpecError(f"{path}: has no {PACKAGE}; a folder with one, or {required}.")
        return path / PACKAGE
    if not path.is_file():
        raise SpecError(f"{path}: there is no such file; {required}.")
    if path.name == PACKAGE:
        raise SpecError(f"{path}: is a part of a folder, which is read as a whole; the folder is required.")
    return path


class _Source(SourceFileLoader):
    """Compiles a file as it is now: of a cache, only time and size are known."""

    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        return compile(self.get_data(path), path, "exec", dont_inherit=True)


class _Parts:
    """Finds a program under one name, and its parts in its folder only."""

    def __init__(self, name: str, main: Path, *, whole: bool) -> None:
        self.name, self.main, self.whole = name, main, whole

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        head, *inner = fullname.split(".")
        if head != self.name:
            return None
        if not inner:
            return self._spec(fullname, self.main, package=self.whole)
        place = self.main.parent.joinpath(*inner)
        if (place / PACKAGE).is_file():
            return self._spec(fullname, place / PACKAGE, package=True)
        if place.with_suffix(".py").is_file():
            return self._spec(fullname, place.with_suffix(".py"), package=False)
        raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)

    def _spec(self, fullname: str, file: Path, *, package: bool) -> ModuleSpec | None:
        inside = [str(file.parent)] if package else None
        loader = _Source(fullname, str(file))
        return spec_from_file_location(fullname, file, loader=loader, submodule_search_locations=inside)


@contextmanager
def _importable(name: str, main: Path, *, whole: bool) -> Iterator[None]:
    """Let imports of a name mean one program, for as long as it runs: the next one may have the same name."""
    finder, before = _Parts(name, main, whole=whole), _taken(name)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        _taken(name)
        sys.modules.update(before)


def _taken(name: str) -> dict[str, ModuleType]:
    """Take modules of a name, and those inside, out of the table of imported ones."""
    found = [known for known in sys.modules if known == name or known.startswith(f"{name}.")]
    return {known: sys.modules.pop(known) for known in found}


def _place(path: Path, error: BaseException) -> tuple[Path, int]:
    """The file and its line that were at work, as far as it can be told; the line is 0 where it cannot."""
    known = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        known.append((error.filename, error.lineno))
    own = [(Path(file), line) for file, line in known if Path(file) == path or path in Path(file).parents]
    return own[-1] if own else (path, 0)


def _told(error: BaseException) -> str:
    kind = type(error).__name__
    try:
        text = (error.msg if isinstance(error, SyntaxError) else str(error)).strip()
    except BaseException:  # its own words can end in any way, too
        return kind
    first = text.splitlines()[0] if text else ""
    cut = first if len(first) <= LONGEST else f"{first[: LONGEST - 1]}…"
    return f"{kind}: {cut}" if cut else kind

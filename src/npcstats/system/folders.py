"""Folders that a run works in, and turns that runs take: both held by a lock that ends with the process that holds it.

Knows what the operating system lets go of when a process dies; knows nothing of what is made.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from npcstats.system.interrupts import uninterrupted

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

WORK = ".making-"
LOCK = ".lock"
UNLOCKED = 60.0
TICK = 0.1


@contextmanager
def working_folder(place: Path | None = None, prefix: str = WORK) -> Iterator[Path]:
    """Work in a folder that is removed at the end, and remove those whose owners died before they could.

    Parameters
    ----------
    place : Path, optional
        Folder that exists, in which it is made; the system's folder for temporary files if not given.
    prefix : str
        Of its name.

    Yields
    ------
    Path
        The folder.
    """
    place = place or Path(tempfile.gettempdir())
    sweep(place, prefix)
    with ExitStack() as held:
        with uninterrupted():
            folder = Path(tempfile.mkdtemp(dir=place, prefix=prefix))
            held.callback(_remove, folder)
            with contextlib.suppress(OSError):
                held.callback(os.close, _own(folder))
        yield folder


def _remove(folder: Path) -> None:
    with uninterrupted():
        shutil.rmtree(folder, ignore_errors=True)


def _own(folder: Path) -> int:
    """Hold the lock of a new folder, under whose name nobody finds it before it is held."""
    made = folder / f"{LOCK}-new"
    lock = _locked(made)
    if lock is None:
        raise BlockingIOError(f"{made}: held by another")
    if sys.platform != "win32":
        os.replace(made, folder / LOCK)
    return lock


def sweep(place: Path, prefix: str = WORK) -> None:
    """Remove working folders whose owners are dead.

    Parameters
    ----------
    place : Path
        Where runs work.
    prefix : str
        Of the folders' names.
    """
    for folder in place.glob(f"{prefix}*"):
        with contextlib.suppress(OSError):
            held = next((folder / name for name in (LOCK, f"{LOCK}-new") if (folder / name).is_file()), None)
            fresh = time.time() - folder.stat().st_mtime < UNLOCKED
            if fresh and (held is None or held.name != LOCK):
                continue  # it may be that its owner is just about to lock it
            lock = _locked(held) if held else None
            if held and lock is None:
                continue
            if lock is not None:
                os.close(lock)
            _remove(folder)


def restrict(path: Path) -> None:
    """Let nobody but the owner read a file or a folder with all that is in it, whatever the umask says.

    Parameters
    ----------
    path : Path
        File or folder.
    """
    for inner in (path, *path.rglob("*")):
        inner.chmod(0o700 if inner.is_dir() else 0o600)


@contextmanager
def one_at_a_time(place: Path, *, waiting: Callable[[], None]) -> Iterator[None]:
    """Let runs of one project go one after the other, since they replace the same files.

    Parameters
    ----------
    place : Path
        Folder of the lock; made if it is not there.
    waiting : callable
        Called once if another run is at work, whose end is waited for.

    Yields
    ------
    None
        This run is the only one, unless the disk knows no locks.
    """
    place.mkdir(parents=True, exist_ok=True)
    lock, told = None, False
    with contextlib.suppress(OSError):
        while (lock := _locked(place / LOCK)) is None:
            if not told:
                waiting()
            told = True
            time.sleep(TICK)
    try:
        yield
    finally:
        if lock is not None:
            os.close(lock)


def _locked(path: Path) -> int | None:
    """A file, open and locked until it is closed or the process ends; None if another process has it."""
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        if sys.platform == "win32":
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        os.close(file)
        return None
    except BaseException:
        os.close(file)
        raise
    return file

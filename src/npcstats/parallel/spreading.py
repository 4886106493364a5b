"""Where tasks run: in this process, in worker processes of this machine, or on a cluster that stands ready."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from npcstats.errors import SpecError


def untold(name: str, done: int, total: int) -> None:
    """Tell nobody how far work has come.

    Parameters
    ----------
    name : str
        Of the work.
    done, total : int
        Tasks.
    """


@dataclass(frozen=True)
class Spreading:
    """Where tasks run, which no answer depends on.

    Parameters
    ----------
    workers : int
        Processes of this machine; 1 for this one.
    cluster : str
        Address of a Dask scheduler, such as ``tcp://host:8786``, instead; empty for none.
    store : Path, optional
        Folder in which finished parts of the work wait for the rest, should it be interrupted.
    tell : callable
        Called with the name of the work, tasks done and all of them, as parts finish.

    Raises
    ------
    SpecError
        On construction, if there are fewer workers than one, several beside a cluster, or its address is none.
    """

    workers: int = 1
    cluster: str = ""
    store: Path | None = None
    tell: Callable[[str, int, int], None] = untold

    def __post_init__(self) -> None:
        """Refuse what cannot run."""
        if self.workers < 1:
            raise SpecError(f"--workers {self.workers}: a whole number of 1 or more is required.")
        if self.cluster and "://" not in self.cluster:
            raise SpecError(f"--cluster {self.cluster}: no address; one such as tcp://host:8786 is required.")
        if self.cluster and self.workers > 1:
            raise SpecError("--workers goes with processes of this machine; it or --cluster is required, not both.")


_HERE = Spreading()
_CHOSEN: ContextVar[Spreading] = ContextVar("spreading", default=_HERE)


@contextmanager
def spread(spreading: Spreading) -> Iterator[None]:
    """Let all tasks of a block run where it is said.

    Parameters
    ----------
    spreading : Spreading
        Where.

    Yields
    ------
    None
        Afterwards what was said before holds again.
    """
    before = _CHOSEN.set(spreading)
    try:
        yield
    finally:
        _CHOSEN.reset(before)


def chosen_spreading() -> Spreading:
    """Tell where tasks run now.

    Returns
    -------
    Spreading
        This process, where nothing was said.
    """
    return _CHOSEN.get()

"""How commands that make something take turns, spread their work and tell how far it has come."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import partial

from rich.console import Console
from rich.status import Status

from npcstats.parallel import Spreading, spread
from npcstats.run.origin import hash_code
from npcstats.run.project import Project
from npcstats.system.folders import one_at_a_time

MAKING = "Making results and documents"
UNFINISHED = "unfinished"
console = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)


def spreading_of(project: Project, workers: int | None, cluster: str | None) -> Spreading:
    """Tell where long work runs: by default on every core.

    Parameters
    ----------
    project : Project
        Finished parts wait beside its records, should the work be stopped.
    workers : int or None
        Processes.
    cluster : str or None
        Address of a scheduler.

    Returns
    -------
    Spreading
        For `told_spread`.
    """
    of_machine = 1 if cluster else os.cpu_count() or 1
    store = project["records"] / UNFINISHED / hash_code()[:16]
    return Spreading(of_machine if workers is None else workers, cluster or "", store)


@contextmanager
def told_spread(spreading: Spreading) -> Iterator[None]:
    """Spread work, and tell on a terminal how far it has come; of work that was finished no part is kept.

    Parameters
    ----------
    spreading : Spreading
        Where it runs.

    Yields
    ------
    None
        The work is done.
    """
    with console.status(MAKING) as status, spread(replace(spreading, tell=partial(_tell, status))):
        yield
    if spreading.store:
        shutil.rmtree(spreading.store.parent, ignore_errors=True)


def _tell(status: Status, name: str, done: int, total: int) -> None:
    status.update(f"{MAKING}: {name}, {done} of {total}")


def alone(project: Project) -> AbstractContextManager[None]:
    """Wait for the end of another run of the project, which replaces the same files.

    Parameters
    ----------
    project : Project
        The folder.

    Returns
    -------
    context manager
        This run is the only one in it.
    """
    told = "Another run of this project is at work; waiting for its end."
    return one_at_a_time(project["records"], waiting=lambda: console.print(told))

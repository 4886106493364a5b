"""Many tasks of one kind: parted in the same way wherever they run, so that no answer depends on where."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import numpy as np

from npcstats.errors import SpecError
from npcstats.parallel.spreading import Spreading, chosen_spreading
from npcstats.parallel.store import read_part, write_part
from npcstats.parallel.work import Part
from npcstats.system.named import Named

Task = TypeVar("Task")
Made = TypeVar("Made")

MOST_PARTS = 48
PATIENCE = 0.5  # seconds after which what is left is estimated
WORTH = 4.0  # seconds left for which worker processes, which take about two to start, are worth it
_PROCESSES = Named("npcstats.parallel.processes", "run_in_processes")
_CLUSTER = Named("npcstats.parallel.cluster", "run_on_cluster")


def run_tasks(
    name: str, function: Callable[[Task, np.random.Generator], Made], tasks: Sequence[Task], *, seed: int
) -> list[Made]:
    """Run a function on each task with a stream of random numbers of its own, where `spread` says.

    Parameters
    ----------
    name : str
        Of the work; it tells its streams from those of other work.
    function : callable
        Of a task and its stream; it stands in a module, and pickle takes its arguments and what it returns.
    tasks : sequence
        What differs from task to task.
    seed : int
        Of the plan; 0 or more.

    Returns
    -------
    list
        What it returned, in the order of the tasks.

    Raises
    ------
    NpcstatsError
        What a task refused; or a worker ended, or the cluster cannot be used.
    """
    spreading = chosen_spreading()
    parts = _parts(name, function, tuple(tasks), seed)
    made: dict[int, list[Any]] = {}
    if spreading.store:
        found = {place: read_part(spreading.store, part) for place, part in enumerate(parts)}
        made = {place: part for place, part in found.items() if part is not None}
    waiting = [place for place in range(len(parts)) if place not in made]
    done = sum(map(len, made.values()))
    for turn, result in _run([parts[place] for place in waiting], spreading):
        place = waiting[turn]
        made[place] = result
        done += len(result)
        if spreading.store:
            write_part(spreading.store, parts[place], result)
        spreading.tell(name, done, len(tasks))
    return [one for place in range(len(parts)) for one in made[place]]


def _parts(name: str, function: Callable[..., Any], tasks: tuple[Any, ...], seed: int) -> list[Part]:
    size = max(1, -(-len(tasks) // MOST_PARTS))
    return [Part(name, seed, function, first, tasks[first : first + size]) for first in range(0, len(tasks), size)]


def _run(parts: Sequence[Part], spreading: Spreading) -> Iterator[tuple[int, list[Any]]]:
    if not parts:
        return
    if spreading.cluster:
        try:
            yield from _CLUSTER(parts, spreading.cluster)
        except ModuleNotFoundError as error:
            raise SpecError(
                f"--cluster {spreading.cluster}: {error.name} is not installed; `pip install npcstats[cluster]` does "
                "that, which is required."
            ) from error
    else:
        yield from _run_here(parts, spreading.workers)


def _run_here(parts: Sequence[Part], workers: int) -> Iterator[tuple[int, list[Any]]]:
    """Begin in this process: worker processes take longer to start than short work takes to do."""
    begun = time.monotonic()
    for place, part in enumerate(parts):
        if workers > 1 and _is_long(time.monotonic() - begun, place, len(parts)):
            yield from ((place + turn, made) for turn, made in _PROCESSES(parts[place:], workers))
            return
        yield place, part.run()


def _is_long(spent: float, done: int, total: int) -> bool:
    return spent > PATIENCE and done < total - 1 and spent / max(done, 1) * (total - done) > WORTH

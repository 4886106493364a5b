"""Tasks and their streams of random numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

Task = TypeVar("Task")
Made = TypeVar("Made")


def stream_of(seed: int, name: str, index: int) -> np.random.Generator:
    """Give a task a stream of random numbers of its own.

    Parameters
    ----------
    seed : int
        Of the plan; 0 or more.
    name : str
        Of the work that the task is part of.
    index : int
        Place of the task among the tasks of that work, from 0.

    Returns
    -------
    Generator
        Depends on nothing else, so neither on the order nor on the place in which tasks run.
    """
    digest = hashlib.sha256(name.encode()).digest()
    words = np.frombuffer(digest, dtype="<u4").tolist()
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(*words, index)))


def run_tasks(
    name: str, function: Callable[[Task, np.random.Generator], Made], tasks: Sequence[Task], *, seed: int
) -> list[Made]:
    """Run a function on each task with a stream of random numbers of its own.

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
    """
    return [function(task, stream_of(seed, name, index)) for index, task in enumerate(tasks)]

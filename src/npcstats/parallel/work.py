"""A part of the work: some tasks with their streams, and what runs them, here or elsewhere."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np

import npcstats
from npcstats.errors import NpcstatsError
from npcstats.parallel.spreading import Spreading, spread
from npcstats.provenance import canonical_text, hash_tree, package_versions

_DECIDING = ("python", "npcstats", "numpy", "scipy", "pandas")


@cache
def made_with() -> dict[str, str]:
    """Tell what the answers of tasks are made with.

    Returns
    -------
    dict of str to str
        Versions of packages, and the hash of this package's code.
    """
    versions = package_versions(())
    code = hash_tree(Path(npcstats.__file__).parent, "*.py")
    return {**{name: versions[name] for name in _DECIDING}, "code": code}


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


@dataclass(frozen=True)
class Part:
    """Tasks that run one after the other in one place.

    Parameters
    ----------
    name : str
        Of the work.
    seed : int
        Of the plan.
    function : callable
        Of a task and its stream.
    first : int
        Place of its first task in the work.
    tasks : tuple
        What differs from task to task.
    """

    name: str
    seed: int
    function: Callable[[Any, np.random.Generator], Any]
    first: int
    tasks: tuple[Any, ...]

    def run(self) -> list[Any]:
        """Run the tasks.

        Returns
        -------
        list
            What the function returned, in their order.

        Raises
        ------
        NpcstatsError
            What a task refused, with the work and the place of the task in it.
        """
        with spread(Spreading()):  # tasks of a task run where it does
            return [self._run_one(self.first + i, task) for i, task in enumerate(self.tasks)]

    def _run_one(self, index: int, task: Any) -> Any:
        try:
            return self.function(task, stream_of(self.seed, self.name, index))
        except NpcstatsError as error:
            raise type(error)(f"{self.name}, task {index + 1}: {error}") from error
        except Exception as error:
            error.add_note(f"{self.name}, task {index + 1}")
            raise

    @cached_property
    def key(self) -> str:
        """Tell this part from any whose results could differ.

        Returns
        -------
        str
            Hash of tasks, function, its file, the seed, versions and this package's code.
        """
        function = self.function
        while isinstance(function, partial):
            function = function.func
        source = hashlib.sha256(_source_of(function)).hexdigest()
        return hashlib.sha256(
            pickle.dumps(
                (canonical_text(made_with()), source, self.name, self.seed, self.first, self.function, self.tasks)
            )
        ).hexdigest()


def _source_of(function: Any) -> bytes:
    with open(function.__code__.co_filename, "rb") as file:
        return file.read()


def run_part(part: Part) -> list[Any]:
    """Run a part, as a worker does.

    Parameters
    ----------
    part : Part
        Of the work.

    Returns
    -------
    list
        What its tasks gave.
    """
    return part.run()

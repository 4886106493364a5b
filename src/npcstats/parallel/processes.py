"""Parts of the work in worker processes of this machine."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any

from joblib import Parallel, delayed, parallel_config
from joblib.externals.loky.process_executor import TerminatedWorkerError

from npcstats.errors import SpecError
from npcstats.parallel.work import Part, run_part
from npcstats.system.workers import end_with


def run_in_processes(parts: Sequence[Part], workers: int) -> Iterator[tuple[int, list[Any]]]:
    """Run parts in worker processes.

    Parameters
    ----------
    parts : sequence of Part
        Of the work.
    workers : int
        Processes.

    Yields
    ------
    tuple of int and list
        Place of a part and what it gave, as they finish in order.

    Raises
    ------
    SpecError
        If a worker ended before its part was done.
    """
    try:
        with parallel_config(backend="loky", inner_max_num_threads=1):
            running = Parallel(n_jobs=workers, return_as="generator", max_nbytes=None)  # arrays that tasks may change
            yield from enumerate(running(delayed(_run_here)(part, os.getpid()) for part in parts))
    except TerminatedWorkerError as error:
        raise SpecError(
            f"{parts[0].name}: a worker process ended before its part was done, killed or out of memory; run it again, "
            "with fewer --workers if it happens again."
        ) from error


def _run_here(part: Part, parent: int) -> list[Any]:
    end_with(parent)
    return run_part(part)

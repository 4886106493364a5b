"""Wall time of the work people wait for; prints one line per task with the machine's core count.

Run by `nox -s bench`. Peers run beside ours where they are installed.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np
from lifelines import KaplanMeierFitter
from lifelines.statistics import logrank_test

from npcstats.estimators.timetoevent import compare_logrank, estimate_kaplan_meier

REPEATS = 3
SIZE = 1_000_000


def clock(task: Callable[[], object]) -> float:
    """Median seconds of a task."""
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        task()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def told(name: str, seconds: float, peer: str = "", peer_seconds: float = 0.0) -> None:
    """Print one line."""
    beside = f"; {peer} {peer_seconds:.2f} s, ratio {seconds / peer_seconds:.2f}" if peer else ""
    print(f"{name}: {seconds:.2f} s{beside}")


def main() -> None:
    """Measure everything."""
    print(f"{os.cpu_count()} cores, median of {REPEATS}")
    rng = np.random.default_rng(7232680)
    time_, event = np.round(rng.exponential(30.0, SIZE), 1), rng.random(SIZE) < 0.6
    group = rng.integers(0, 2, SIZE)
    told(
        f"Kaplan-Meier with limits, {SIZE:,} participants",
        clock(lambda: estimate_kaplan_meier(time_, event, conf_level=0.95, conf_type="log-log")),
        "lifelines",
        clock(lambda: KaplanMeierFitter().fit(time_, event)),
    )
    told(
        f"log-rank, {SIZE:,} participants",
        clock(lambda: compare_logrank(time_, event, group)),
        "lifelines",
        clock(lambda: logrank_test(time_[group == 1], time_[group == 0], event[group == 1], event[group == 0])),
    )
    render = [sys.executable, "-m", "npcstats", "render"]
    told("npcstats render, four reports", clock(lambda: subprocess.run(render, check=True, capture_output=True)))


if __name__ == "__main__":
    main()

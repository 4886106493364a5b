"""How long tasks take: ours, a peer's in R where it is installed, and what is wanted."""

from __future__ import annotations

import dataclasses
import resource
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

REPEATS = 3
# Seconds, on two cores that have nothing else to do.
WANTED = {
    "npcstats --help": 0.4,
    "a document of one cell to PDF": 1.0,
    "four reports, nothing made yet": 18.0,
    "the reports at a new cut-off": 12.0,
    "read, check and cut 1,000,000 adverse events of 100,000 participants": 5.0,
    "read, check and cut 1,000,000 adverse events of 100,000 participants, quoted": 5.0,
    "worst grades of 1,000,000 adverse events, 837 terms": 2.0,
    "Table 1, 100,000 participants, 30 characteristics": 0.4,
    "Cox by Efron, 100,000 participants, 20 covariates": 0.5,
    "bootstrap of an overlap-weighted risk difference, 2,000 replicates of 500 participants, 2 workers": 20.0,
    "mixed model, 1,000 participants, 10 visits, 24 coefficients, unstructured": 0.2,
    "the same with Kenward-Roger": 1.0,
    "mixed model, 100,000 participants, 10 visits, 24 coefficients, unstructured": 5.0,
    "random intercepts, 1,000 features of 200 participants at 6 visits": 0.15,
    "Cox models, 1,000 features of 200 participants": 0.15,
}


@dataclasses.dataclass(frozen=True)
class Took:
    """Seconds of a task: as people wait for it, and of the processor, its children included."""

    wall: float
    cpu: float = 0.0


def busy() -> float:
    """Seconds that the processor has spent on this process and on its children that have ended."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def clock(task: Callable[[], object], repeats: int = REPEATS) -> Took:
    """Median seconds of a task."""
    walls, cpus = [], []
    for _ in range(repeats):
        start, spent = time.perf_counter(), busy()
        task()
        walls.append(time.perf_counter() - start)
        cpus.append(busy() - spent)
    return Took(statistics.median(walls), statistics.median(cpus))


def told(name: str, ours: Took, peer: str = "", theirs: Took | None = None) -> None:
    """Print one line."""
    beside = f"{peer} {theirs.wall:.2f} s, ratio {ours.wall / theirs.wall:.2g}" if theirs else "no peer here"
    asked = f"; wanted under {WANTED[name]:g} s" if name in WANTED else ""
    print(f"{name}: {ours.wall:.2f} s ({ours.cpu:.2f} s of the processor); {beside}{asked}", flush=True)


def time_in_r(code: str, data: pd.DataFrame) -> Took | None:
    """Seconds that an R script prints of data; None where R is not installed."""
    if shutil.which("Rscript") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        data.to_csv(Path(folder) / "data.csv", index=False)
        told_by_r = subprocess.run(
            ["Rscript", "--vanilla", "-e", code, str(Path(folder) / "data.csv")],
            check=True,
            capture_output=True,
            text=True,
        )
    return Took(float(told_by_r.stdout))

"""Results and documents of the plan: ``render`` and ``results``."""

from __future__ import annotations

import datetime
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.status import Status

from npcstats.parallel import Spreading, spread
from npcstats.run.freshness import command_name, record_step, surroundings
from npcstats.run.origin import hash_code
from npcstats.run.project import Project, find_project
from npcstats.run.reports import notes, render_reports
from npcstats.run.runs import make_run
from npcstats.run.wishes import Wish, plan_sessions
from npcstats.system.folders import one_at_a_time

FORCE = "--force"
MAKING = "Making results and documents"
UNFINISHED = "unfinished"
console = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)


def render(
    reports: tuple[str, ...],
    *,
    data: Path | None,
    plan: Path | None,
    cutoff: datetime.date | None,
    mask: Path | None,
    engine: str,
    force: bool,
    words: Sequence[str],
    workers: int | None = None,
    cluster: str | None = None,
) -> None:
    """Make results and documents.

    Parameters
    ----------
    reports : tuple of str
        Names; empty for all of the plan's.
    data, plan, cutoff, mask, engine, force
        As in `reporting.Wish`.
    words : sequence of str
        The command's, by which it is recorded.
    workers, cluster
        Where long work runs, which decides nothing else.

    Raises
    ------
    NpcstatsError
        If anything is refused.
    """
    wish = Wish(reports, data, plan, cutoff, mask, engine, force)
    project = find_project(Path.cwd())
    spreading = _spreading(project, workers, cluster)
    with _alone(project), _spread(spreading):
        finished = render_reports(project, wish, tell=console.print)
    asked = [word for word in words if word != FORCE]
    name = command_name(Path.cwd(), asked)
    record_step(project["records"], name, finished.inputs, surroundings(), finished.outputs, seen=finished.seen)


def make(
    sessions: tuple[str, ...],
    *,
    data: Path | None,
    plan: Path | None,
    cutoff: datetime.date | None,
    mask: Path | None,
    workers: int | None = None,
    cluster: str | None = None,
) -> None:
    """Make the results folders only.

    Parameters
    ----------
    sessions : tuple of str
        Codes; empty for those of the plan's reports.
    data, plan, cutoff, mask
        As in `reporting.Wish`.
    workers, cluster
        Where long work runs, which decides nothing else.

    Raises
    ------
    NpcstatsError
        If anything is refused.
    """
    project = find_project(Path.cwd())
    spreading = _spreading(project, workers, cluster)
    planned = plan_sessions(project, Wish((), data, plan, cutoff, mask), sessions)
    for line in planned.left_out:
        console.print(line)
    with _alone(project), _spread(spreading):
        places, described = make_run(project, planned.run, force=True)
    for line in notes(described):
        console.print(line)
    for code, told in described.items():
        console.print(f"Results: {places.results / code} {told['results_sha256']}")


def _spreading(project: Project, workers: int | None, cluster: str | None) -> Spreading:
    """Where long work runs: by default on every core; finished parts wait beside the records, should it be stopped."""
    of_machine = 1 if cluster else os.cpu_count() or 1
    store = project["records"] / UNFINISHED / hash_code()[:16]
    return Spreading(of_machine if workers is None else workers, cluster or "", store)


@contextmanager
def _spread(spreading: Spreading) -> Iterator[None]:
    """Spread work, and tell on a terminal how far it has come; of work that was finished no part is kept."""
    with console.status(MAKING) as status, spread(replace(spreading, tell=partial(_tell, status))):
        yield
    if spreading.store:
        shutil.rmtree(spreading.store.parent, ignore_errors=True)


def _tell(status: Status, name: str, done: int, total: int) -> None:
    status.update(f"{MAKING}: {name}, {done} of {total}")


def _alone(project: Project) -> AbstractContextManager[None]:
    """Wait for the end of another run of the project, which replaces the same files."""
    told = "Another run of this project is at work; waiting for its end."
    return one_at_a_time(project["records"], waiting=lambda: console.print(told))

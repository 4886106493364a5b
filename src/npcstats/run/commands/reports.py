"""Results and documents of the plan: ``render`` and ``results``."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from rich.console import Console

from npcstats.run.freshness import command_name, record_step, surroundings
from npcstats.run.project import Project, find_project
from npcstats.run.reports import notes, render_reports
from npcstats.run.runs import make_run
from npcstats.run.wishes import Wish, plan_sessions
from npcstats.system.folders import one_at_a_time

FORCE = "--force"
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

    Raises
    ------
    NpcstatsError
        If anything is refused.
    """
    wish = Wish(reports, data, plan, cutoff, mask, engine, force)
    project = find_project(Path.cwd())
    with _alone(project), console.status("Making results and documents"):
        finished = render_reports(project, wish, tell=console.print)
    asked = [word for word in words if word != FORCE]
    name = command_name(Path.cwd(), asked)
    record_step(project["records"], name, finished.inputs, surroundings(), finished.outputs, seen=finished.seen)


def make(
    sessions: tuple[str, ...], *, data: Path | None, plan: Path | None, cutoff: datetime.date | None, mask: Path | None
) -> None:
    """Make the results folders only.

    Parameters
    ----------
    sessions : tuple of str
        Codes; empty for those of the plan's reports.
    data, plan, cutoff, mask
        As in `reporting.Wish`.

    Raises
    ------
    NpcstatsError
        If anything is refused.
    """
    project = find_project(Path.cwd())
    planned = plan_sessions(project, Wish((), data, plan, cutoff, mask), sessions)
    for line in planned.left_out:
        console.print(line)
    with _alone(project):
        places, described = make_run(project, planned.run, force=True)
    for line in notes(described):
        console.print(line)
    for code, told in described.items():
        console.print(f"Results: {places.results / code} {told['results_sha256']}")


def _alone(project: Project) -> AbstractContextManager[None]:
    """Wait for the end of another run of the project, which replaces the same files."""
    told = "Another run of this project is at work; waiting for its end."
    return one_at_a_time(project["records"], waiting=lambda: console.print(told))

"""Results and documents of the plan: ``render`` and ``results``."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

from npcstats.run.commands.turns import alone, console, spreading_of, told_spread
from npcstats.run.freshness import command_name, record_step, surroundings
from npcstats.run.project import find_project
from npcstats.run.reports import notes, render_reports
from npcstats.run.runs import make_run
from npcstats.run.wishes import Wish, plan_sessions

FORCE = "--force"


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
    spreading = spreading_of(project, workers, cluster)
    with alone(project), told_spread(spreading):
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
    spreading = spreading_of(project, workers, cluster)
    planned = plan_sessions(project, Wish((), data, plan, cutoff, mask), sessions)
    for line in planned.left_out:
        console.print(line)
    with alone(project), told_spread(spreading):
        places, described = make_run(project, planned.run, force=True)
    for line in notes(described):
        console.print(line)
    for code, told in described.items():
        console.print(f"Results: {places.results / code} {told['results_sha256']}")

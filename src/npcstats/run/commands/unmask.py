"""What tells which letter is which arm, for a board that asks: ``unmask``."""

from __future__ import annotations

import datetime
from pathlib import Path

from npcstats.run.commands.turns import alone, console, spreading_of, told_spread
from npcstats.run.project import find_project, shown
from npcstats.run.supplement import make_supplement
from npcstats.run.wishes import Wish


def unmask(
    into: Path,
    *,
    meeting: Path | None,
    data: Path | None,
    plan: Path | None,
    cutoff: datetime.date | None,
    mask: Path | None,
    engine: str,
    workers: int | None = None,
    cluster: str | None = None,
) -> None:
    """Make the unmasked supplement in a folder of its own.

    Parameters
    ----------
    into : Path
        Folder to be made.
    meeting : Path or None
        Folder of the meeting that it supplements.
    data, plan, cutoff, mask, engine
        As in `wishes.Wish`.
    workers, cluster
        Where long work runs, which decides nothing else.

    Raises
    ------
    NpcstatsError
        If anything is refused.
    """
    project = find_project(Path.cwd())
    wish = Wish((), data, plan, cutoff, mask, engine)
    with alone(project), told_spread(spreading_of(project, workers, cluster)):
        made = make_supplement(project, wish, into, meeting=meeting, tell=console.print)
    for path in made:
        console.print(f"Document: {shown(path)}")
    console.print(f"{shown(into)} tells which letter is which arm: it belongs to no meeting's folder, and is for those "
                  "alone who asked.")  # fmt: skip

"""A meeting of the monitoring board, made whole and proved afterwards: ``meeting`` and ``verify FOLDER``."""

from __future__ import annotations

import datetime
from pathlib import Path

from npcstats.estimators.threads import linear_algebra
from npcstats.formatting import counted
from npcstats.run.commands.turns import alone, console, spreading_of, told_spread
from npcstats.run.meetings.make import MeetingWish, make_meetings, meeting_words
from npcstats.run.meetings.manifest import read_manifest
from npcstats.run.meetings.verify import prove_meeting
from npcstats.run.origin import ELSEWHERE
from npcstats.run.project import find_project


def meet(
    cutoffs: tuple[datetime.date, ...],
    *,
    previous: Path | None,
    data: tuple[Path, ...],
    plan: Path | None,
    mask: Path | None,
    into: Path | None,
    engine: str,
    workers: int | None = None,
    cluster: str | None = None,
) -> None:
    """Make the folders of meetings, each the former of the next.

    Parameters
    ----------
    cutoffs : tuple of date
        One for each meeting.
    previous, data, plan, mask, into, engine
        As in `MeetingWish`; the project's folder of meetings if `into` is None.
    workers, cluster
        Where long work runs, which decides nothing else.

    Raises
    ------
    NpcstatsError
        If anything is refused.
    """
    project = find_project(Path.cwd())
    wish = MeetingWish(cutoffs, data, previous, plan, mask, into or project["meetings"], engine)
    with alone(project), told_spread(spreading_of(project, workers, cluster)):
        made = make_meetings(project, wish, tell=console.print)
    for folder in made:
        console.print(meeting_words(folder))


def prove(folder: Path, *, mask: Path | None) -> None:
    """Prove a meeting: every file is the one released, and its numbers come from its export and plan.

    Parameters
    ----------
    folder : Path
        Of the meeting.
    mask : Path or None
        Masking map.

    Raises
    ------
    ResultsError
        Names the first difference.
    """
    proof = prove_meeting(folder, mask)
    manifest = read_manifest(folder)
    told = counted(len(manifest.files_sha256), "file is the one", "files are those")
    console.print(f"{folder}: {told} that were released.")
    how = "exactly" if proof.same_digits else f"to {ELSEWHERE:g}: {linear_algebra()} has other last digits"
    console.print(f"From its export and plan the results of {', '.join(manifest.sessions)} come out again, {how}.")
    if not proof.same_code:
        console.print("Another version of npcstats made them, so the words around the numbers were not compared.")
    console.print(meeting_words(folder))

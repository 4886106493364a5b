"""The unmasked supplement: which letter is which arm, and key tables by named arm, in a folder of its own."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from npcstats.documents import find_engine
from npcstats.errors import SpecError
from npcstats.run.make import make_results
from npcstats.run.meetings.manifest import MANIFEST, RESULTS, STATISTICIAN
from npcstats.run.meetings.stored import DATA, PLAN, read_meeting
from npcstats.run.meetings.verify import meeting_mask
from npcstats.run.places import Places
from npcstats.run.project import Project, shown
from npcstats.run.reports import check_source, document_job, notes, render_jobs
from npcstats.run.wishes import Planned, Wish, plan_supplement
from npcstats.system.folders import restrict, working_folder
from npcstats.system.interrupts import uninterrupted

DOCUMENTS = "documents"


def make_supplement(
    project: Project, wish: Wish, into: Path, *, meeting: Path | None = None, tell: Callable[[str], None]
) -> tuple[Path, ...]:
    """Make the unmasked supplement, whole or not at all; only its owner can read it.

    Parameters
    ----------
    project : Project
        The folder.
    wish : Wish
        From the command line; its reports play no part.
    into : Path
        Folder to be made.
    meeting : Path, optional
        Folder of the meeting that it supplements, whose export, plan, cut-off and map it then has.
    tell : callable
        Receives a line of text at each step.

    Returns
    -------
    tuple of Path
        The documents.

    Raises
    ------
    NpcstatsError
        If anything is refused, such as a folder that is there or is a meeting's; nothing has been made then.
    """
    _check_place(into)
    engine = find_engine(wish.engine)
    planned = plan_supplement(project, _of_meeting(meeting, wish) if meeting else wish)
    into.parent.mkdir(parents=True, exist_ok=True)
    with working_folder(into.parent) as making:
        folder = making / into.name
        folder.mkdir(mode=0o700)
        documents = _make(project, planned, engine, folder, tell)
        restrict(folder)
        _check_place(into)
        with uninterrupted(shown(into)):
            os.rename(folder, into)
    return tuple(into / name for name in documents)


def _of_meeting(folder: Path, wish: Wish) -> Wish:
    """The wish for what a meeting had; refused where its letters were drawn by another map."""
    if wish.data or wish.plan or wish.cutoff:
        raise SpecError("unmask: --data, --plan and --cutoff are those of the meeting; --meeting without them is "
                        "required.")  # fmt: skip
    meeting = read_meeting(folder)
    mask, inside = meeting_mask(meeting, wish.mask), folder / STATISTICIAN
    plan = inside / PLAN if (inside / PLAN).is_dir() else inside / f"{PLAN}.py"
    return replace(wish, data=inside / DATA, plan=plan, cutoff=meeting.manifest.day, mask=mask.file if mask else None)


def _check_place(into: Path) -> None:
    """Refuse a folder that is there, and one that is part of a meeting."""
    if os.path.lexists(into):
        raise SpecError(f"{into}: is there already; a folder to be made is required (--into).")
    place = into.resolve()
    if any((folder / MANIFEST).is_file() for folder in place.parents):
        raise SpecError(f"{into}: inside the folder of a meeting, which others read; a place outside of every "
                        "meeting's is required (--into).")  # fmt: skip


def _make(project: Project, planned: Planned, engine: str, folder: Path, tell: Callable[[str], None]) -> list[str]:
    """Make results and documents in a folder; the names of the documents."""
    run, reports = planned.run, planned.reports
    named = {report.name: check_source(project[report.name]) for report in reports}
    places = Places(folder / RESULTS, folder / DOCUMENTS)
    described = make_results(run, places.results, fonts=project["fonts"])
    for line in notes(described):
        tell(line)
    jobs = [
        document_job(project, run.plan, report, places, described[report.session], engine, named[report.name])
        for report in reports
    ]
    places.output.mkdir()
    made = [path for paths in render_jobs(jobs, places.output).values() for path in paths]
    for path in made:
        os.rename(path, folder / path.name)
    places.output.rmdir()
    return [path.name for path in made]

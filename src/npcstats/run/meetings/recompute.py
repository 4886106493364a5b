"""What changed between any two meetings, computed from the exports and plans that lie in them."""

from __future__ import annotations

from pathlib import Path

from npcstats.run.make import Run, make_session, way_to
from npcstats.run.meetings.changes import SessionChanges, changes_of, require_changes
from npcstats.run.meetings.stored import read_meeting
from npcstats.run.meetings.verify import meeting_mask
from npcstats.system.folders import working_folder


def compute_changes(old: Path, new: Path, mask: Path | None) -> tuple[SessionChanges, ...]:
    """Compute what changed from one meeting to a later one that was made after others.

    Parameters
    ----------
    old, new : Path
        Their folders.
    mask : Path or None
        Masking map; ``$NPCSTATS_MASK``, or of a synthetic trial the project's own, if None.

    Returns
    -------
    tuple of SessionChanges
        One for each session of the later meeting.

    Raises
    ------
    ResultsError
        If a file of either was altered, or the first is not of the same trial and an earlier day.
    SpecError
        If the masking map is not given, or is another.
    """
    meeting = read_meeting(new)
    known, told = meeting_mask(meeting, mask), meeting.manifest
    run = Run(meeting.study.source, meeting.plan, tuple(told.sessions), told.day, previous=old)
    way = way_to(run, meeting.study, known)
    with working_folder() as making:
        made = {code: make_session(meeting.study, run, code, known, making / code, way)[1] for code in told.sessions}
        found = [changes_of(code, results) for code, results in made.items()]
    return require_changes(new, found)

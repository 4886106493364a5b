"""What a meeting was made from, kept beside its documents, so that the next one can tell why a number changed."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from npcstats.errors import DataError, NpcstatsError, ResultsError, SpecError
from npcstats.provenance import hash_bytes
from npcstats.results import Results, read_results
from npcstats.run.freshness import Seen, input_name
from npcstats.run.meetings.manifest import (
    MANIFEST,
    REQUIRED,
    RESULTS,
    STATISTICIAN,
    Manifest,
    check_unaltered,
    read_manifest,
)
from npcstats.run.plan import Plan, load_plan
from npcstats.study import SYNTHETIC_MARKER, Study, read_study

DATA, PLAN, FORMER, LOCK = "data", "plan", "former", "requirements.lock"


@dataclass(frozen=True)
class Meeting:
    """A meeting that was released: its folder, what that says of itself, and the plan and the export that it had.

    ``own_plan`` tells whether the plan is its own: one that the present code cannot read any more is replaced by that
    of the meeting after it.
    """

    folder: Path
    manifest: Manifest
    plan: Plan
    study: Study
    own_plan: bool = True


def keep_export(study: Study, folder: Path) -> None:
    """Copy the files that an export was read from; the masking map of a synthetic one is none of them.

    Parameters
    ----------
    study : Study
        As read.
    folder : Path
        The statistician's.
    """
    for name, digest in study.hashes.items():
        _copy(study.source / name, folder / DATA / name, digest)
    if study.synthetic:
        shutil.copyfile(study.source / SYNTHETIC_MARKER, folder / DATA / SYNTHETIC_MARKER)


def keep_plan(plan: Path, seen: Seen, folder: Path) -> None:
    """Copy the files of a plan.

    Parameters
    ----------
    plan : Path
        File or folder.
    seen : mapping of str to mapping of str to str
        Its files as they were when it was loaded.
    folder : Path
        The statistician's.
    """
    root = plan.resolve()
    for file, digest in seen[input_name(plan)].items():
        inside = Path(PLAN) / Path(file).relative_to(root) if root.is_dir() else Path(PLAN).with_suffix(".py")
        _copy(Path(file), folder / inside, digest)


def keep_former(former: Path, sessions: tuple[str, ...], folder: Path) -> None:
    """Copy what the meeting before was made from, and its results, so that the parts of a change can be proved.

    Parameters
    ----------
    former : Path
        Its folder.
    sessions : tuple of str
        Whose results are wanted.
    folder : Path
        The statistician's.
    """
    manifest = read_manifest(former)
    parts = (*((STATISTICIAN, part) for part in (DATA, PLAN, f"{PLAN}.py")), *((code, RESULTS) for code in sessions))
    for name, digest in manifest.files_sha256.items():
        if Path(name).parts[:2] in parts:
            _copy(former / name, folder / FORMER / name, digest)
    shutil.copyfile(former / MANIFEST, folder / FORMER / MANIFEST)


def _copy(source: Path, target: Path, digest: str) -> None:
    """Copy the bytes that were read, and no others."""
    content = source.read_bytes()
    if hash_bytes(content) != digest:
        raise DataError(f"{source}: changed while the meeting was made; files that stay as they are are required, so "
                        "run it again.")  # fmt: skip
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def read_meeting(folder: Path, *, part: bool = False, otherwise: Plan | None = None) -> Meeting:
    """Read a meeting with its plan and its export, none of whose files may have changed.

    Parameters
    ----------
    folder : Path
        Of the meeting.
    part : bool
        Whether it is a copy of what a later meeting needs of it.
    otherwise : Plan, optional
        Plan of the meeting after it, in the place of one that cannot be read any more.

    Returns
    -------
    Meeting
        The meeting.

    Raises
    ------
    ResultsError
        If a file was changed, added or is missing, or its plan or export cannot be read any more.
    """
    manifest = read_manifest(folder)
    check_unaltered(folder, manifest, part=part)
    inside = folder / STATISTICIAN
    own, refusal = _own_plan(inside)
    plan = own or otherwise
    try:
        if plan is None:
            raise refusal
        study = read_study(inside / DATA, plan.design)
    except NpcstatsError as error:
        raise ResultsError(f"{folder}: the meeting's plan or export cannot be read any more ({error})") from error
    if plan.design.registry != manifest.trial or dict(study.hashes) != dict(manifest.data_sha256):
        raise ResultsError(f"{folder / MANIFEST}: of another trial or export than the meeting's own; {REQUIRED}.")
    return Meeting(folder, manifest, plan, study, own is not None)


def _own_plan(inside: Path) -> tuple[Plan | None, NpcstatsError]:
    """The plan that a meeting had, or why the present code cannot read it."""
    try:
        return load_plan(inside / PLAN if (inside / PLAN).is_dir() else inside / f"{PLAN}.py"), SpecError("")
    except NpcstatsError as error:
        return None, error


def results_of_meeting(meeting: Meeting, session: str) -> Results | None:
    """Read what a session of a meeting had.

    Parameters
    ----------
    meeting : Meeting
        The meeting.
    session : str
        Its code.

    Returns
    -------
    Results or None
        As they were released; None where the meeting had no such session.
    """
    if session not in meeting.manifest.sessions:
        return None
    return read_results(meeting.folder / session / RESULTS)

"""A meeting proved: every file is the one that was released, and its numbers come out again."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from npcstats.errors import NpcstatsError, ResultsError, SpecError
from npcstats.provenance import PROVENANCE, canonical_text, hash_bytes, hash_mask, read_provenance
from npcstats.results import diff, read_results
from npcstats.run.make import Run, make_session, needs_mask, way_to
from npcstats.run.mask import MASK_VARIABLE, Mask, read_mask
from npcstats.run.meetings.make import TABLES, write_session_tables
from npcstats.run.meetings.manifest import MANIFEST, RESULTS, STATISTICIAN, manifest_hash
from npcstats.run.meetings.stored import FORMER, LOCK, Meeting, read_meeting
from npcstats.run.origin import ELSEWHERE, hash_code, made_alike
from npcstats.run.past import Way
from npcstats.run.project import find_project
from npcstats.system.folders import working_folder

LISTINGS = "listings"
RECORD = (RESULTS, PROVENANCE)
# What the record of a meeting repeats of each session's own.
REPEATED = ("cutoff", "synthetic", "plan_sha256", "code_sha256", "versions", "data_sha256")


@dataclass(frozen=True)
class Proof:
    """How far what was made before can be compared: by the same code, and by code for the same processor."""

    same_code: bool
    same_digits: bool

    @property
    def same_words(self) -> bool:
        """Tell whether every text must come out again, byte by byte.

        Returns
        -------
        bool
            Only where both are the same.
        """
        return self.same_code and self.same_digits


def prove_meeting(folder: Path, mask: Path | None) -> Proof:
    """Prove a meeting.

    Every file is compared with its hash. Then its results are computed from the export and the plan that lie in it, and
    compared row by row; its listings, too. Where the same code made it, so are its tables and the words around its
    numbers.

    Parameters
    ----------
    folder : Path
        Of the meeting.
    mask : Path or None
        Masking map; ``$NPCSTATS_MASK``, or of a synthetic trial the project's own, if None.

    Returns
    -------
    Proof
        How far it goes.

    Raises
    ------
    ResultsError
        Names the first difference.
    SpecError
        If the masking map is not given, or is another.
    """
    meeting = read_meeting(folder)
    known = meeting_mask(meeting, mask)
    alike = all(made_alike(folder / code / RESULTS) for code in meeting.manifest.sessions)
    proof = Proof(meeting.manifest.code_sha256 == hash_code(), alike)
    if proof.same_code and hash_bytes(canonical_text(meeting.plan).encode()) != meeting.manifest.plan_sha256:
        raise ResultsError(f"{folder / MANIFEST}: its plan is another than the one kept; nothing may differ.")
    _check_sessions(meeting)
    told, study = meeting.manifest, meeting.study
    run = Run(study.source, meeting.plan, tuple(told.sessions), told.day, previous=_kept_former(meeting))
    way = way_to(run, study, known, part=True)
    with working_folder() as making:
        for code in told.sessions:
            _prove_session(meeting, run, code, known, way, making / code, proof)
    _check_record(meeting)
    return proof


def _check_sessions(meeting: Meeting) -> None:
    """Refuse a record that is silent about a session whose results lie in the folder, for it would not be proved."""
    held = {Path(name).parts[0] for name in meeting.manifest.files_sha256 if Path(name).parts[1:] == RECORD}
    if held != {*meeting.manifest.sessions}:
        raise ResultsError(f"{meeting.folder / MANIFEST}: its sessions are not those whose results lie in the folder; "
                           "nothing may differ.")  # fmt: skip


def _check_record(meeting: Meeting) -> None:
    """Refuse a record that says of the meeting what its sessions do not say."""
    told, folder = meeting.manifest, meeting.folder
    lock = folder / STATISTICIAN / LOCK
    faults = [] if told.lock_sha256 == (hash_bytes(lock.read_bytes()) if lock.is_file() else "") else ["lock_sha256"]
    for code, digest in told.sessions.items():
        described = read_provenance(folder / code / RESULTS)
        faults += [] if described.get("results_sha256") == digest else [f"sessions, {code}"]
        faults += [name for name in REPEATED if described.get(name) != getattr(told, name)]
    if faults:
        raise ResultsError(f"{folder / MANIFEST}: its {faults[0]} is not what the meeting was made with; nothing may "
                           "differ.")  # fmt: skip


def meeting_mask(meeting: Meeting, given: Path | None) -> Mask | None:
    """Read the map that a meeting was made under.

    Parameters
    ----------
    meeting : Meeting
        As read.
    given : Path or None
        From the command line.

    Returns
    -------
    Mask or None
        None where its sessions need none.

    Raises
    ------
    SpecError
        If it is another.
    """
    study, sessions = meeting.study, meeting.manifest.sessions
    if not needs_mask(meeting.plan, sessions):
        return None
    own = not given and not os.environ.get(MASK_VARIABLE) and study.synthetic
    mask = read_mask(find_project(Path.cwd())["data"] / "mask.json" if own else given, study)
    if hash_mask(mask.letters, mask.salt) != meeting.manifest.mask_hmac_sha256:
        raise SpecError(f"mask {mask.file}: another than the one that {meeting.folder} was made under; the map of that "
                        "meeting is required.")  # fmt: skip
    return mask


def _kept_former(meeting: Meeting) -> Path | None:
    """What is kept of the meeting before."""
    if meeting.manifest.former is None:
        return None
    folder = meeting.folder / STATISTICIAN / FORMER
    if not (folder / MANIFEST).is_file() or manifest_hash(folder) != meeting.manifest.former.manifest_sha256:
        raise ResultsError(f"{folder / MANIFEST}: not of the meeting before; nothing may differ.")
    return folder


def _prove_session(
    meeting: Meeting, run: Run, code: str, mask: Mask | None, way: Way | None, making: Path, proof: Proof
) -> None:
    """Compute a session again, and name the first difference."""
    released = meeting.folder / code
    try:
        described, _ = make_session(meeting.study, run, code, mask, making, way)
    except NpcstatsError as error:
        raise ResultsError(f"{released}: cannot be computed again from its export and plan ({error})") from error
    stored, again = read_results(released / RESULTS), read_results(making)
    near = 0.0 if proof.same_digits else ELSEWHERE
    if found := diff(stored, again, near, absolute=near):
        raise ResultsError(f"{released / RESULTS / 'results.csv'}: {found[0].key} is not what comes out of the "
                           f"meeting's export and plan ({len(found)} of {len(stored.rows)} rows).")  # fmt: skip
    if proof.same_words:
        _same_files(released / RESULTS / LISTINGS, making / LISTINGS)
        if canonical_text(stored.catalogue) != canonical_text(again.catalogue):
            raise ResultsError(f"{released / RESULTS / 'catalogue.json'}: not what comes out of the meeting's export "
                               "and plan.")  # fmt: skip
        write_session_tables(meeting.plan, code, again, described, making / TABLES)
        _same_files(released / TABLES, making / TABLES)


def _same_files(stored: Path, again: Path) -> None:
    """Refuse a folder whose files are not those that come out."""
    names = sorted({path.name for folder in (stored, again) if folder.is_dir() for path in folder.iterdir()})
    for name in names:
        both = [folder / name for folder in (stored, again)]
        if not all(path.is_file() for path in both) or both[0].read_bytes() != both[1].read_bytes():
            raise ResultsError(f"{stored / name}: not what comes out of the meeting's export and plan.")

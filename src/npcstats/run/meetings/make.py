"""Meetings of the monitoring board, each a folder: made beside its place, checked, and put there in one step."""

from __future__ import annotations

import datetime
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from npcstats.documents import find_engine
from npcstats.errors import SpecError
from npcstats.formatting import format_date
from npcstats.provenance import hash_bytes, hash_mask
from npcstats.results import Results, read_results
from npcstats.run.gate import forbidden_of, known_mask, refuse_package
from npcstats.run.make import Run, make_results, needs_mask
from npcstats.run.mask import Mask, read_mask
from npcstats.run.meetings.manifest import (
    MANIFEST,
    RESULTS,
    SCHEMA,
    STATISTICIAN,
    FormerMeeting,
    Manifest,
    hash_files,
    manifest_hash,
    manifest_text,
    read_manifest,
)
from npcstats.run.meetings.stored import LOCK, keep_export, keep_former, keep_plan
from npcstats.run.meetings.tables import write_tables
from npcstats.run.places import Places
from npcstats.run.plan import Plan, load_plan
from npcstats.run.project import Project, shown
from npcstats.run.reports import SYNTHETIC_MARK, check_source, cutoff_words, document_job, notes, render_jobs
from npcstats.run.wishes import Planned, Wish, plan_reports
from npcstats.study import Study, read_study
from npcstats.system.folders import restrict, working_folder
from npcstats.system.interrupts import uninterrupted

TABLES, FIGURES = "tables", "figures"


@dataclass(frozen=True)
class MeetingWish:
    """Meetings that are asked for, each the former of the next.

    Parameters
    ----------
    cutoffs : tuple of date
        In their order.
    exports : tuple of Path
        One for each, or one for all; empty for the project's.
    previous : Path or None
        Folder of the meeting before the first.
    plan, mask : Path or None
        Where they are not the project's own.
    into : Path
        Receives one folder for each, named by its cut-off.
    engine : str
        ``auto``, ``quarto`` or ``builtin``.
    """

    cutoffs: tuple[datetime.date, ...]
    exports: tuple[Path, ...]
    previous: Path | None
    plan: Path | None
    mask: Path | None
    into: Path
    engine: str


def make_meetings(project: Project, wish: MeetingWish, *, tell: Callable[[str], None]) -> tuple[Path, ...]:
    """Make the folders of meetings, all or none.

    Parameters
    ----------
    project : Project
        The folder.
    wish : MeetingWish
        From the command line.
    tell : callable
        Receives a line of text at each step.

    Returns
    -------
    tuple of Path
        The folders.

    Raises
    ------
    NpcstatsError
        If anything is refused; no folder has been made then, and none that was there has changed.
    """
    _check_wish(wish)
    engine = find_engine(wish.engine)
    places = [wish.into / day.isoformat() for day in wish.cutoffs]
    _check_free(places)
    exports = wish.exports if len(wish.exports) > 1 else (wish.exports or (None,)) * len(wish.cutoffs)
    bench = next(place for place in (wish.into.absolute(), *wish.into.absolute().parents) if place.is_dir())
    with working_folder(bench) as making:
        made: list[Path] = []
        for day, data in zip(wish.cutoffs, exports, strict=True):
            one = Wish((), data, wish.plan, day, wish.mask, engine)
            made.append(
                _make_meeting(project, one, made[-1] if made else wish.previous, making / day.isoformat(), tell)
            )
        _check_free(places)
        with uninterrupted(*map(shown, places)):
            wish.into.mkdir(parents=True, exist_ok=True)
            for folder, place in zip(made, places, strict=True):
                os.rename(folder, place)
    return tuple(places)


def _check_wish(wish: MeetingWish) -> None:
    """Refuse meetings that could not follow each other."""
    if not wish.cutoffs:
        raise SpecError("meeting: no --cutoff is given; the day up to which the data count is required.")
    later = [one for one, following in zip(wish.cutoffs, wish.cutoffs[1:], strict=False) if following <= one]
    if later:
        raise SpecError(f"meeting: the --cutoff after {later[0]} is not later; days in their order are required.")
    if len(wish.exports) > 1 and len(wish.exports) != len(wish.cutoffs):
        raise SpecError(f"meeting: {len(wish.exports)} exports for {len(wish.cutoffs)} cut-offs; one --data for all, "
                        "or one for each, is required.")  # fmt: skip
    if wish.into.exists() and not wish.into.is_dir():
        raise SpecError(f"{wish.into}: not a folder; one is required, or a place for one.")
    if wish.previous and wish.into.resolve().is_relative_to(wish.previous.resolve()):
        raise SpecError(f"{wish.into}: inside the folder of the former meeting, which must stay as it is; another "
                        "--into is required.")  # fmt: skip


def _check_free(places: Sequence[Path]) -> None:
    """Refuse to touch what is there, whole or not."""
    for place in places:
        if os.path.lexists(place):
            told = "a meeting that was released is never overwritten"
            if not (place / MANIFEST).is_file():
                told = f"it has no {MANIFEST}, so it is no whole meeting, and nothing is written over it"
            raise SpecError(f"{place}: is there already; {told}: another --into is required.")


def _make_meeting(
    project: Project, wish: Wish, previous: Path | None, folder: Path, tell: Callable[[str], None]
) -> Path:
    """Make one meeting below a folder that nobody sees yet."""
    planned = plan_meeting(project, wish)
    plan, reports = planned.run.plan, planned.reports
    named = {report.name: check_source(project[report.name]) for report in reports}
    study = read_study(planned.run.data, plan.design)
    run = replace(planned.run, study=study, previous=previous)
    work = folder.with_name(f"{folder.name}-work")
    places = Places(work / RESULTS, work / "documents")
    work.mkdir()
    described = make_results(run, places.results, fonts=project["fonts"])
    for line in notes(described):
        tell(line)
    jobs = [
        document_job(project, plan, report, places, described[report.session], wish.engine, named[report.name])
        for report in reports
    ]
    documents = render_jobs(jobs, places.output)
    for code in run.sessions:
        mine = [path for report in reports if report.session == code for path in documents[report.name]]
        _assemble(plan, code, places.results / code, mine, described[code], folder)
    _keep(project, wish, run, study, folder / STATISTICIAN)
    _write_manifest(run, study, described, folder)
    _refuse_leaks(run, study, folder)
    shutil.rmtree(work)
    return folder


def plan_meeting(project: Project, wish: Wish) -> Planned:
    """Decide what a meeting sees: the interim sessions of the plan whose arms are pooled or masked, and their reports.

    Parameters
    ----------
    project : Project
        Supplies what the wish leaves open.
    wish : Wish
        Its reports play no part.

    Returns
    -------
    Planned
        Run and reports.

    Raises
    ------
    SpecError
        If the plan has no such session, or no report of one.
    """
    plan = load_plan(wish.plan or project.plan)
    sessions = meeting_sessions(plan)
    reports = tuple(report.name for report in plan.reports if report.session in sessions)
    if not reports:
        raise SpecError("plan: no interim session with pooled or masked arms has a report, so there is nothing to show "
                        "at a meeting; one is required.")  # fmt: skip
    planned = plan_reports(project, replace(wish, reports=reports))
    return replace(planned, run=replace(planned.run, sessions=sessions))


def meeting_sessions(plan: Plan) -> tuple[str, ...]:
    """Tell which sessions of a plan a meeting has.

    Parameters
    ----------
    plan : Plan
        The plan.

    Returns
    -------
    tuple of str
        Codes of its interim sessions whose arms are not named.
    """
    return tuple(session.code for session in plan.sessions if session.interim and session.arms != "named")


def _assemble(
    plan: Plan, code: str, results: Path, documents: Sequence[Path], described: Mapping[str, Any], folder: Path
) -> None:
    """Put what one session shows into its folder."""
    session = plan.session(code)
    place = folder / code
    place.mkdir(parents=True)
    os.rename(results, place / RESULTS)
    for path in documents:
        os.rename(path, place / path.name)
    shutil.copytree(place / RESULTS / FIGURES, place / FIGURES)
    write_session_tables(plan, code, read_results(place / RESULTS), described, place / TABLES)
    if session.restricted:
        restrict(place)


def write_session_tables(
    plan: Plan, session: str, results: Results, described: Mapping[str, Any], folder: Path
) -> None:
    """Write every table of a session as files.

    Parameters
    ----------
    plan : Plan
        The plan.
    session : str
        Session code.
    results : Results
        Read from a folder.
    described : mapping of str to object
        Provenance of the session.
    folder : Path
        Made, and filled.
    """
    marks = (
        f"{plan.design.registry} · {plan.design.short_title}",
        *([SYNTHETIC_MARK] if described["synthetic"] else ()),
        plan.session(session).label,
        cutoff_words(described),
    )
    write_tables(results, [table.name for table in plan.tables_of(session)], folder, marks)


def _keep(project: Project, wish: Wish, run: Run, study: Study, folder: Path) -> None:
    """Keep what the meeting was made from, for its statistician only."""
    folder.mkdir(mode=0o700)
    keep_export(study, folder)
    keep_plan(wish.plan or project.plan, run.seen, folder)
    if (project.folder / LOCK).is_file():
        shutil.copyfile(project.folder / LOCK, folder / LOCK)
    if run.previous:
        keep_former(run.previous, run.sessions, folder)
    restrict(folder)


def _write_manifest(run: Run, study: Study, described: Mapping[str, Mapping[str, Any]], folder: Path) -> None:
    """Write what the folder says of itself, when no file is to come any more."""
    told = next(iter(described.values()))
    mask = read_mask(run.mask, study) if needs_mask(run.plan, run.sessions) else None
    lock = folder / STATISTICIAN / LOCK
    manifest = Manifest(
        schema=SCHEMA,
        trial=run.plan.design.registry,
        cutoff=told["cutoff"],
        synthetic=study.synthetic,
        sessions={code: one["results_sha256"] for code, one in described.items()},
        data_sha256=told["data_sha256"],
        plan_sha256=told["plan_sha256"],
        code_sha256=told["code_sha256"],
        lock_sha256=hash_bytes(lock.read_bytes()) if lock.is_file() else "",
        versions=told["versions"],
        mask_hmac_sha256=_keyed(mask),
        former=_former(run.previous),
        files_sha256=hash_files(folder),
    )
    (folder / MANIFEST).write_bytes(manifest_text(manifest).encode())


def _keyed(mask: Mask | None) -> str:
    return hash_mask(mask.letters, mask.salt) if mask else ""


def _former(previous: Path | None) -> FormerMeeting | None:
    return FormerMeeting(read_manifest(previous).cutoff, manifest_hash(previous)) if previous else None


def _refuse_leaks(run: Run, study: Study, folder: Path) -> None:
    """Refuse a meeting in which anything that leaves the statistician would unblind, its record among it."""
    mask = known_mask(run.mask, study)
    for code in run.sessions:
        forbidden = forbidden_of(study, run.plan, code, cutoff=run.cutoff, mask=mask)
        refuse_package([folder / code, folder / MANIFEST], forbidden, package=f"meeting {folder.name}, {code}")


def meeting_words(folder: Path) -> str:
    """Say which meeting was made, in a line that its minutes can repeat.

    Parameters
    ----------
    folder : Path
        Of the meeting.

    Returns
    -------
    str
        Where it is, its cut-off and the hash of its record.
    """
    day = read_manifest(folder).day
    return f"Meeting: {shown(folder)} ({format_date(day)}), {MANIFEST} {manifest_hash(folder)}"

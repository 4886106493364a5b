"""A project folder and a wish to documents in ``_output``: results first, then every document, whole or not at all."""

from __future__ import annotations

import datetime
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import npcstats
from npcstats import __version__
from npcstats.derive import last_day
from npcstats.documents import PlainText, check_document, find_engine, render_document
from npcstats.errors import DataError, ResultsError, SpecError
from npcstats.formatting import format_date
from npcstats.provenance import canonical_text, hash_bytes, read_provenance, renderer_words
from npcstats.run.freshness import NOTHING, Seen, fresh_outputs, look, record_step, surroundings
from npcstats.run.make import Run, make_results
from npcstats.run.mask import MASK_VARIABLE
from npcstats.run.places import Places, run_places
from npcstats.run.plan import Plan, Report, Session, load_plan
from npcstats.run.project import Project
from npcstats.study import read_study
from npcstats.system.folders import WORK, restrict, sweep, working_folder
from npcstats.system.interrupts import uninterrupted
from npcstats.system.workers import run_all

CODE = Path(npcstats.__file__).parent
WORKERS = 2
SYNTHETIC_MARK = "SYNTHETIC DATA"
ENGINE_NAMES = {"quarto": "Quarto", "builtin": "the built-in renderer"}


@dataclass(frozen=True)
class Wish:
    """What the command line asks for; None or empty where the plan decides.

    Parameters
    ----------
    reports : tuple of str
        Report names; empty for all of the plan's.
    data, plan, mask : Path or None
        Export folder, plan file, masking map.
    cutoff : date or None
        Instead of every session's own.
    engine : str
        ``auto``, ``quarto`` or ``builtin``.
    force : bool
        Whether documents are made again although nothing changed.
    """

    reports: tuple[str, ...] = ()
    data: Path | None = None
    plan: Path | None = None
    cutoff: datetime.date | None = None
    mask: Path | None = None
    engine: str = "auto"
    force: bool = False


@dataclass(frozen=True)
class Planned:
    """What a wish means: the run, its reports, and a line of text for each session that is left out, and why."""

    run: Run
    reports: tuple[Report, ...]
    left_out: tuple[str, ...]


def plan_reports(project: Project, wish: Wish) -> Planned:
    """Decide which reports a wish means.

    Without names, a session is left out where the cut-off asked for is before its own and it is not an interim one, or
    where the export ends before its cut-off: efficacy by named arm is not shown by omission.

    Parameters
    ----------
    project : Project
        Supplies what the wish leaves open.
    wish : Wish
        From the command line.

    Returns
    -------
    Planned
        Reports and their sessions.

    Raises
    ------
    SpecError
        If the plan or a report does not exist, or nothing is to be made.
    DataError
        If the export, which decides what is due, cannot be read.
    """
    seen = look(_run_inputs(project, wish))
    plan = load_plan(wish.plan or project["plan"])
    if not plan.reports:
        raise SpecError("plan: it has no report, which is required here; `npcstats results` makes results alone.")
    reports = tuple(plan.report(name) for name in wish.reports) or plan.reports
    run = _run_of(project, wish, plan, tuple(dict.fromkeys(report.session for report in reports)), seen)
    if wish.reports:
        return Planned(run, reports, ())
    run, reasons = _due_only(run)
    left = [f"{', '.join(r.name for r in reports if r.session == code)}: {why}" for code, why in reasons.items()]
    return Planned(run, tuple(r for r in reports if r.session in run.sessions), _told(left, run, "report"))


def plan_sessions(project: Project, wish: Wish, sessions: tuple[str, ...] = ()) -> Planned:
    """Decide which sessions a wish means.

    Without names, those of the plan's reports, or all where it has no report; of them, those that are due, as in
    `plan_reports`.

    Parameters
    ----------
    project : Project
        Supplies what the wish leaves open.
    wish : Wish
        From the command line; its reports play no part.
    sessions : tuple of str
        Sessions to make.

    Returns
    -------
    Planned
        Sessions, without reports.

    Raises
    ------
    SpecError
        If the plan or a session does not exist, or nothing is to be made.
    DataError
        If the export, which decides what is due, cannot be read.
    """
    seen = look(_run_inputs(project, wish))
    plan = load_plan(wish.plan or project["plan"])
    if not plan.sessions:
        raise SpecError("plan: it has no session; at least one is required.")
    reported = [report.session for report in plan.reports] or [session.code for session in plan.sessions]
    wanted = tuple(plan.session(code).code for code in sessions) or tuple(dict.fromkeys(reported))
    run = _run_of(project, wish, plan, wanted, seen)
    if sessions:
        return Planned(run, (), ())
    run, reasons = _due_only(run)
    return Planned(run, (), _told([f"{code}: {why}" for code, why in reasons.items()], run, "session"))


def plan_stored(project: Project, wish: Wish) -> Run:
    """Find the sessions whose results are stored.

    Parameters
    ----------
    project : Project
        Supplies what the wish leaves open.
    wish : Wish
        From the command line; its reports play no part.

    Returns
    -------
    Run
        Of every session of the plan that has been made from this export, plan, cut-off and mask.

    Raises
    ------
    SpecError
        If the plan does not exist.
    DataError
        If a file of the export cannot be read.
    ResultsError
        If none has been made.
    """
    plan = load_plan(wish.plan or project["plan"])
    run = _run_of(project, wish, plan, tuple(session.code for session in plan.sessions), NOTHING)
    if not run.data.is_dir():
        raise DataError(f"{run.data}: there is no such folder; a folder with one file per frame is required.")
    folder = run_places(project, run).results
    stored = tuple(code for code in run.sessions if (folder / code / "results.csv").is_file())
    if not stored:
        raise ResultsError(f"{_shown(folder)}: no results of this run; `npcstats results` makes them.")
    return replace(run, sessions=stored)


def _run_of(project: Project, wish: Wish, plan: Plan, sessions: tuple[str, ...], seen: Seen) -> Run:
    return Run(wish.data or project["data"], plan, sessions, wish.cutoff, _mask_file(wish), seen=seen)


def _mask_file(wish: Wish) -> Path | None:
    variable = os.environ.get(MASK_VARIABLE)
    return wish.mask or (Path(variable) if variable else None)


def _due_only(run: Run) -> tuple[Run, dict[str, str]]:
    """The sessions of a run that are due, and why the others are not."""
    study = read_study(run.data, run.plan.design)
    last = last_day(study)
    reasons = {code: _why_not(run.plan.session(code), run.cutoff, last) for code in run.sessions}
    due = tuple(code for code, why in reasons.items() if not why)
    return replace(run, sessions=due, study=study), {code: why for code, why in reasons.items() if why}


def _why_not(session: Session, cutoff: datetime.date | None, last: datetime.date | None) -> str:
    """Why a session is not made unless it is named; empty where it is due."""
    if cutoff and session.interim:
        return ""
    if cutoff and cutoff < session.cutoff:
        return f"the cut-off is before its own, {format_date(session.cutoff)}"
    if last is not None and last < session.cutoff:
        return (
            f"its cut-off, {format_date(session.cutoff)}, is after the last record of the export, {format_date(last)}"
        )
    return ""


def _told(left: list[str], run: Run, what: str) -> tuple[str, ...]:
    """A line for each session left out; refused where nothing is left to make."""
    if not run.sessions:
        raise SpecError(f"{run.data}: no {what} is due ({'; '.join(left)}); the name of one is required to make it.")
    return tuple(f"Left out, as it is not named: {line}." for line in left)


def make_run(project: Project, run: Run, *, force: bool) -> tuple[Places, dict[str, dict[str, Any]]]:
    """Make the results of a run; those of a session that would be the same again are left as they are.

    Parameters
    ----------
    project : Project
        The folder.
    run : Run
        What is made.
    force : bool
        Whether all are made again.

    Returns
    -------
    tuple of (Places, dict)
        Where they are, and the provenance of each session.

    Raises
    ------
    NpcstatsError
        If anything is refused; nothing has changed then.
    """
    _sweep(project)
    places = run_places(project, run)
    decided_by = canonical_text((run.plan, run.cutoff, surroundings()))
    inputs = [run.data, project["fonts"], CODE, *([run.mask] if run.mask else [])]
    records = {code: _record_name(places.results / code) for code in run.sessions}
    store, seen = project["records"], run.seen or look(inputs)
    stale = []
    for code in run.sessions:
        standing = () if force else fresh_outputs(store, records[code], decided_by, seen=seen)
        if not standing or {*standing} != {*_files(places.results / code)}:
            stale.append(code)
    asked, drawn = replace(run, sessions=tuple(stale)), store / "figures.json"
    made = make_results(asked, places.results, fonts=project["fonts"], drawn=drawn) if stale else {}
    for code in made:
        record_step(store, records[code], inputs, decided_by, _files(places.results / code), seen=seen)
    return places, {code: read_provenance(places.results / code) for code in run.sessions}


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.resolve().rglob("*") if path.is_file() and path.name[:1] != ".")


def _sweep(project: Project) -> None:
    """Remove what runs of the project that were killed left in any of its places."""
    made = [project["results"], project["output"]]
    places = [*made, *(path for place in made for path in (*place.glob("*"), *place.glob("runs/*")))]
    for place in (project["results"].parent, project.folder, *places):
        if place.is_dir() and not place.name.startswith(WORK):
            sweep(place)


@dataclass(frozen=True)
class Finished:
    """What a render left, documents, figure files and results; everything that they were made from, as it was found."""

    outputs: tuple[Path, ...]
    inputs: tuple[Path, ...]
    seen: Seen


def render_reports(project: Project, wish: Wish, *, tell: Callable[[str], None]) -> Finished:
    """Make results and documents; a document that would be the same again is left as it is.

    Parameters
    ----------
    project : Project
        The folder.
    wish : Wish
        From the command line.
    tell : callable
        Receives a line of text at each step.

    Returns
    -------
    Finished
        Documents and figure files in plan order, and their inputs.

    Raises
    ------
    NpcstatsError
        If anything is refused; documents already there are untouched then.
    """
    engine = find_engine(wish.engine)
    planned = plan_reports(project, wish)
    run, reports = planned.run, planned.reports
    named = {report.name: _checked(project[report.name]) for report in reports}
    tell(f"Rendering with {ENGINE_NAMES[engine]}.")
    for line in planned.left_out:
        tell(line)
    places, described = make_run(project, run, force=wish.force)
    tell(f"Results: {_shown(places.results)} ({', '.join(run.sessions)})")
    for line in notes(described):
        tell(line)
    jobs = [
        _job(project, run.plan, report, places, described[report.session], engine, named[report.name])
        for report in reports
    ]
    seen = {**run.seen, **look({path for job in jobs for path in job.inputs if path != CODE})}
    records = {job.name: _record_name(places.output / job.name) for job in jobs}
    standing = {
        job.name: () if wish.force else fresh_outputs(project["records"], records[job.name], job.decided_by, seen=seen)
        for job in jobs
    }
    places.output.mkdir(parents=True, exist_ok=True)
    with working_folder(places.output) as making:
        made = _render_all([job for job in jobs if not standing[job.name]], making)
        for report in reports:
            for path in made.get(report.name, ()) if run.plan.session(report.session).restricted else ():
                restrict(path)
        figures = _figure_files(run.plan, reports, places, making)
        with uninterrupted(*(_shown(places.output / path.name) for paths in made.values() for path in paths)):
            placed = {
                name: tuple(_put_in_place(p, making, places.output) for p in paths) for name, paths in made.items()
            }
            drawn = tuple(_put_in_place(path, making, places.output) for path in figures)
    for job in jobs:
        if job.name in placed:
            done = placed[job.name]
            record_step(project["records"], records[job.name], job.inputs, job.decided_by, done, seen=seen)
        for path in placed.get(job.name, standing[job.name]):
            tell(f"{'Document' if job.name in placed else 'Unchanged'}: {_shown(path)}")
    documents = tuple(path for job in jobs for path in placed.get(job.name, standing[job.name]))
    results = (path for code in run.sessions for path in _files(places.results / code))
    outside = sorted({path for paths in named.values() for path in paths})
    return Finished((*documents, *drawn, *results), (*_run_inputs(project, wish), *outside), {**seen, **run.seen})


def _checked(source: Path) -> tuple[Path, ...]:
    """Files that a report names, itself among them, once it is known that it can be rendered."""
    if not source.is_file():
        raise SpecError(f"{source}: there is no such file; the plan's report requires it.")
    return check_document(source)


def notes(described: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    """What a run has to say of its sessions, as lines of text.

    Parameters
    ----------
    described : mapping of str to mapping
        Provenance of each session.

    Returns
    -------
    tuple of str
        Warnings about masks, cut-offs and frames without a record.
    """
    told = [f"Note: {one['masking']}" for one in described.values() if one["masking"]]
    told += [
        f"Note, {code}: {one[what]}" for what in ("ahead", "early") for code, one in described.items() if one.get(what)
    ]
    empty = next(iter(described.values())).get("empty", []) if described else []
    return (*told, f"Note: there is no record in {', '.join(empty)}.") if empty else tuple(told)


def _record_name(place: Path) -> str:
    return f"{place.name}-{hash_bytes(str(place.resolve()).encode())[:12]}"


def _run_inputs(project: Project, wish: Wish) -> tuple[Path, ...]:
    """Everything that decides a render: plan, export, masking map, reports and their theme, settings, the code."""
    places = (project["reports"], project["fonts"], project["settings"], CODE)
    named = (wish.plan or project["plan"], wish.data or project["data"], *places)
    mask = _mask_file(wish)
    return (*named, mask) if mask else named


@dataclass(frozen=True)
class Job:
    """One document to be made, and everything that decides its bytes."""

    name: str
    call: Mapping[str, Any]
    inputs: tuple[Path, ...]
    decided_by: str


def cutoff_words(described: Mapping[str, Any]) -> str:
    """Say on every page at which day the data stand, and whether it is neither the plan's nor reached by the export.

    Parameters
    ----------
    described : mapping of str to object
        Provenance of a session.

    Returns
    -------
    str
        Such as ``Cut-off 30 June 2031, later than the export``.
    """
    told = ", later than the export" if described["early"] else ""
    told += ", earlier than planned" if described["ahead"] else ""
    return f"Cut-off {format_date(datetime.date.fromisoformat(described['cutoff']))}{told}"


def _job(
    project: Project,
    plan: Plan,
    report: Report,
    places: Places,
    described: Mapping[str, Any],
    engine: str,
    named: tuple[Path, ...],
) -> Job:
    session = plan.session(report.session)
    cutoff = datetime.date.fromisoformat(described["cutoff"])
    metadata = {
        "trial": f"{plan.design.registry} · {plan.design.short_title}",
        "registry": plan.design.registry,
        "confidentiality": session.label,
        "cutoff": cutoff_words(described),
        "results-hash": f"Results {described['results_sha256'][:4]}…{described['results_sha256'][-4:]}",
        "version": f"npcstats {__version__}",
        "renderer": renderer_words() if engine == "builtin" else ENGINE_NAMES[engine],
    }
    if described["synthetic"]:
        metadata["data-mark"] = SYNTHETIC_MARK
    call = {
        "source": project[report.name],
        "formats": report.formats,
        "engine": engine,
        "metadata": {name: PlainText(text) for name, text in metadata.items()},
        "environment": {"NPCSTATS_RESULTS": str(places.results.resolve())},
        "source_date": cutoff,
    }
    # Whatever lies beside a report may be part of it, but for other reports.
    others = {project[other.name] for other in plan.reports if other != report}
    shared = [path for path in sorted(project["reports"].iterdir()) if path not in others and path.name[:1] != "."]
    inputs = (*shared, *named, project["settings"], places.results / session.code, CODE)
    decided_by = canonical_text((report, engine, metadata, surroundings()))
    return Job(report.name, call, inputs, decided_by)


def _render_all(jobs: list[Job], folder: Path) -> dict[str, tuple[Path, ...]]:
    # Each document in a process of its own: the epoch of its files is an environment variable. What takes longest is
    # begun first, so that the workers end at about the same time.
    ordered = sorted(jobs, key=_weight, reverse=True)
    tasks = [partial(render_document, output_dir=folder, **job.call) for job in ordered]
    made = dict(zip((job.name for job in ordered), run_all(tasks, workers=WORKERS), strict=True))
    return {job.name: made[job.name] for job in jobs}


def _weight(job: Job) -> int:
    """What a document reads, in bytes, for each format that it is written in."""
    files = (
        file for path in job.inputs if path != CODE for file in ([path] if path.is_file() else path.rglob("*.csv"))
    )
    return sum(file.stat().st_size for file in files) * len(job.call["formats"])


def _figure_files(plan: Plan, reports: tuple[Report, ...], places: Places, folder: Path) -> list[Path]:
    """Figures of every report in Word, as files that a journal takes."""
    sessions = dict.fromkeys(report.session for report in reports if "docx" in report.formats)
    made = []
    for figure in plan.figures:
        shown = [session for session in sessions if session in figure.sessions]
        for session in shown:
            (folder / "figures").mkdir(exist_ok=True)
            place = places.results / session / "figures"
            name = (
                f"{session}-{figure.name}" if len(shown) > 1 else figure.name
            )  # one name in two sessions is two figures
            for kind in ("pdf", "svg", "png"):
                made.append(Path(shutil.copy(place / f"{figure.name}.{kind}", folder / "figures" / f"{name}.{kind}")))
    return made


def _put_in_place(made: Path, making: Path, output: Path) -> Path:
    target = output / made.relative_to(making)
    target.parent.mkdir(exist_ok=True)
    os.replace(made, target)
    return target


def _shown(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)

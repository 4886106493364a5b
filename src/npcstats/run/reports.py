"""A project folder and a wish to documents in ``_output``: results first, then every document, whole or not at all."""

from __future__ import annotations

import datetime
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from npcstats import __version__
from npcstats.documents import PlainText, check_document, find_engine, render_document
from npcstats.errors import SpecError
from npcstats.formatting import format_date
from npcstats.provenance import canonical_text, renderer_words
from npcstats.run.freshness import Seen, fresh_outputs, look, record_step, surroundings
from npcstats.run.gate import forbidden_of, known_mask, refuse_package
from npcstats.run.make import Run
from npcstats.run.places import Places
from npcstats.run.plan import Plan, Report
from npcstats.run.project import Project, shown
from npcstats.run.runs import CODE, files_of, make_run, record_name
from npcstats.run.wishes import Wish, plan_reports, run_inputs
from npcstats.study import read_study
from npcstats.system.folders import restrict, working_folder
from npcstats.system.interrupts import uninterrupted
from npcstats.system.workers import run_all

WORKERS = 2
SYNTHETIC_MARK = "SYNTHETIC DATA"
ENGINE_NAMES = {"quarto": "Quarto", "builtin": "the built-in renderer"}


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
    named = {report.name: check_source(project[report.name]) for report in reports}
    tell(f"Rendering with {ENGINE_NAMES[engine]}.")
    for line in planned.left_out:
        tell(line)
    places, described = make_run(project, run, force=wish.force)
    tell(f"Results: {shown(places.results)} ({', '.join(run.sessions)})")
    for line in notes(described):
        tell(line)
    jobs = [
        document_job(project, run.plan, report, places, described[report.session], engine, named[report.name])
        for report in reports
    ]
    seen = {**run.seen, **look({path for job in jobs for path in job.inputs if path != CODE})}
    records = {job.name: record_name(places.output / job.name) for job in jobs}
    standing = {
        job.name: () if wish.force else fresh_outputs(project["records"], records[job.name], job.decided_by, seen=seen)
        for job in jobs
    }
    places.output.mkdir(parents=True, exist_ok=True)
    with working_folder(places.output) as making:
        made = render_jobs([job for job in jobs if not standing[job.name]], making)
        refuse_documents(run, made, {report.name: report.session for report in reports})
        for report in reports:
            for path in made.get(report.name, ()) if run.plan.session(report.session).restricted else ():
                restrict(path)
        figures = _figure_files(run.plan, reports, places, making)
        with uninterrupted(*(shown(places.output / path.name) for paths in made.values() for path in paths)):
            placed = {
                name: tuple(_put_in_place(p, making, places.output) for p in paths) for name, paths in made.items()
            }
            drawn = tuple(_put_in_place(path, making, places.output) for path in figures)
    for job in jobs:
        if job.name in placed:
            done = placed[job.name]
            record_step(project["records"], records[job.name], job.inputs, job.decided_by, done, seen=seen)
        for path in placed.get(job.name, standing[job.name]):
            tell(f"{'Document' if job.name in placed else 'Unchanged'}: {shown(path)}")
    documents = tuple(path for job in jobs for path in placed.get(job.name, standing[job.name]))
    results = (path for code in run.sessions for path in files_of(places.results / code))
    outside = sorted({path for paths in named.values() for path in paths})
    return Finished((*documents, *drawn, *results), (*run_inputs(project, wish), *outside), {**seen, **run.seen})


def refuse_documents(run: Run, made: Mapping[str, tuple[Path, ...]], sessions: Mapping[str, str]) -> None:
    """Refuse documents that would unblind, before the first of them is put in place.

    Parameters
    ----------
    run : Run
        What they are of.
    made : mapping of str to tuple of Path
        Documents by their report.
    sessions : mapping of str to str
        Session of each report.

    Raises
    ------
    ReleaseError
        If one of a session that does not name its arms tells them apart, or names a person.
    """
    blind = {name: paths for name, paths in made.items() if run.plan.session(sessions[name]).arms != "named"}
    if not blind:
        return
    study = run.study or read_study(run.data, run.plan.design)
    mask = known_mask(run.mask, study)
    for name, paths in blind.items():
        forbidden = forbidden_of(study, run.plan, sessions[name], cutoff=run.cutoff, mask=mask)
        refuse_package(paths, forbidden, package=f"document {name}")


def check_source(source: Path) -> tuple[Path, ...]:
    """Find out whether a report can be rendered.

    Parameters
    ----------
    source : Path
        The report's.

    Returns
    -------
    tuple of Path
        Files that it names, itself among them.

    Raises
    ------
    SpecError
        If there is no such file.
    DocumentError
        If it cannot be rendered.
    """
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


def document_job(
    project: Project,
    plan: Plan,
    report: Report,
    places: Places,
    described: Mapping[str, Any],
    engine: str,
    named: tuple[Path, ...],
) -> Job:
    """Find everything that decides a document.

    Parameters
    ----------
    project : Project
        The folder.
    plan : Plan
        The plan.
    report : Report
        Of the plan.
    places : Places
        Where the results are, and where documents go.
    described : mapping of str to object
        Provenance of its session.
    engine : str
        ``quarto`` or ``builtin``.
    named : tuple of Path
        From `check_source`.

    Returns
    -------
    Job
        The document, to be made.
    """
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


def render_jobs(jobs: list[Job], folder: Path) -> dict[str, tuple[Path, ...]]:
    """Make documents.

    Parameters
    ----------
    jobs : list of Job
        From `document_job`.
    folder : Path
        Receives them.

    Returns
    -------
    dict of str to tuple of Path
        Files of each, in their order.
    """
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

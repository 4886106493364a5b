"""A project folder and a wish to documents in ``_output``: results first, then every document, whole or not at all."""

from __future__ import annotations

import datetime
import multiprocessing
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import npcstats
from npcstats import __version__
from npcstats.documents import check_document, find_engine, render_document
from npcstats.errors import SpecError
from npcstats.formatting import format_date
from npcstats.freshness import fresh_outputs, record_step, surroundings
from npcstats.pipeline import (
    MASK_VARIABLE,
    WORK,
    Plan,
    Report,
    Run,
    Session,
    load_plan,
    make_results,
    read_provenance,
    sweep,
)
from npcstats.project import Project
from npcstats.provenance import canonical_text, hash_bytes, hash_files

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
class Places:
    """Where a run's results and documents go."""

    results: Path
    output: Path


def plan_run(project: Project, wish: Wish, sessions: tuple[str, ...] = ()) -> tuple[Run, tuple[Report, ...]]:
    """Decide what a wish means: plan, export, reports, sessions.

    Without names, a report of a final session is left out where the cut-off asked for is before that session's own:
    efficacy by named arm is not shown by omission.

    Parameters
    ----------
    project : Project
        Supplies what the wish leaves open.
    wish : Wish
        From the command line.
    sessions : tuple of str
        Sessions to make; empty for those of the reports.

    Returns
    -------
    tuple of (Run, tuple of Report)
        What to make.

    Raises
    ------
    SpecError
        If the plan, a report or a session does not exist.
    """
    plan = load_plan(wish.plan or project["plan"])
    due = tuple(report for report in plan.reports if _is_due(plan.session(report.session), wish.cutoff))
    reports = tuple(plan.report(name) for name in wish.reports) or due
    wanted = sessions or tuple(dict.fromkeys(report.session for report in reports))
    for code in wanted:
        plan.session(code)
    variable = os.environ.get(MASK_VARIABLE)
    mask = wish.mask or (Path(variable) if variable else None)
    return Run(wish.data or project["data"], plan, wanted, wish.cutoff, mask), reports


def _is_due(session: Session, cutoff: datetime.date | None) -> bool:
    return session.interim or cutoff is None or cutoff >= session.cutoff


def run_places(project: Project, run: Run) -> Places:
    """Decide where results and documents go: the committed trial has its own places, any other run gets a name.

    Parameters
    ----------
    project : Project
        The folder.
    run : Run
        What is made.

    Returns
    -------
    Places
        Folders.

    Raises
    ------
    DataError
        If a file of the export cannot be read.
    """
    own = run.data.resolve() == project["data"].resolve() and run.cutoff is None and run.mask is None
    if own and run.plan == load_plan(project["plan"]):
        return Places(project["results"], project["output"])
    name = f"{run.data.resolve().name}-{run.cutoff.isoformat() if run.cutoff else 'plan'}"
    files = [path for path in run.data.glob("*") if path.is_file()]
    mask = run.mask.read_bytes().hex() if run.mask and run.mask.is_file() else ""
    identity = hash_bytes(canonical_text((hash_files(files), run.plan, mask)).encode())[:8]
    return Places(project["results"] / "runs" / f"{name}-{identity}", project["output"] / name)


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
    places = run_places(project, run)
    decided_by = canonical_text((run.plan, run.cutoff, surroundings()))
    inputs = [run.data, project["fonts"], CODE, *([run.mask] if run.mask else [])]
    records = {code: _record_name(places.results / code) for code in run.sessions}
    stale = [c for c in run.sessions if force or not fresh_outputs(project["records"], records[c], decided_by)]
    made = make_results(replace(run, sessions=tuple(stale)), places.results, fonts=project["fonts"]) if stale else {}
    for code in made:
        files = [path for path in (places.results / code).rglob("*") if path.is_file()]
        record_step(project["records"], records[code], inputs, decided_by, files)
    return places, {code: read_provenance(places.results / code) for code in run.sessions}


@dataclass(frozen=True)
class Finished:
    """What a render left, documents, figure files and results, and everything that they were made from."""

    outputs: tuple[Path, ...]
    inputs: tuple[Path, ...]


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
    run, reports = plan_run(project, wish)
    engine = find_engine(wish.engine)
    for report in reports:
        if not project[report.name].is_file():
            raise SpecError(f"{project[report.name]}: there is no such file; the plan's report requires it.")
        check_document(project[report.name])
    tell(f"Rendering with {ENGINE_NAMES[engine]}.")
    early = [report.name for report in run.plan.reports if not wish.reports and report not in reports]
    if early:
        tell(f"Left out, because the cut-off is before their own: {', '.join(early)}.")
    places, described = make_run(project, run, force=wish.force)
    tell(f"Results: {_shown(places.results)} ({', '.join(run.sessions)})")
    for told in described.values():
        if told["masking"]:
            tell(f"Note: {told['masking']}")
    empty = next(iter(described.values())).get("empty", []) if described else []
    if empty:
        tell(f"Note: there is no record in {', '.join(empty)}.")
    jobs = [_job(project, run.plan, report, places, described[report.session], engine) for report in reports]
    records = {job.name: _record_name(places.output / job.name) for job in jobs}
    standing = {
        job.name: () if wish.force else fresh_outputs(project["records"], records[job.name], job.decided_by)
        for job in jobs
    }
    places.output.mkdir(parents=True, exist_ok=True)
    sweep(places.output)
    with tempfile.TemporaryDirectory(dir=places.output, prefix=WORK) as making:
        made = _render_all([job for job in jobs if not standing[job.name]], Path(making))
        figures = _figure_files(run.plan, reports, places, Path(making))
        placed = {
            name: tuple(_put_in_place(p, Path(making), places.output) for p in paths) for name, paths in made.items()
        }
        drawn = tuple(_put_in_place(path, Path(making), places.output) for path in figures)
    for job in jobs:
        if job.name in placed:
            record_step(project["records"], records[job.name], job.inputs, job.decided_by, placed[job.name])
        for path in placed.get(job.name, standing[job.name]):
            tell(f"{'Document' if job.name in placed else 'Unchanged'}: {_shown(path)}")
    documents = tuple(path for job in jobs for path in placed.get(job.name, standing[job.name]))
    results = (p for code in run.sessions for p in sorted((places.results / code).rglob("*")) if p.is_file())
    return Finished((*documents, *drawn, *results), _run_inputs(project, wish, run))


def _record_name(place: Path) -> str:
    return f"{place.name}-{hash_bytes(str(place.resolve()).encode())[:12]}"


def _run_inputs(project: Project, wish: Wish, run: Run) -> tuple[Path, ...]:
    """Everything that decides a render: plan, export, masking map, reports and their theme, settings, the code."""
    named = [wish.plan or project["plan"], run.data, project["reports"], project["settings"], CODE]
    return (*named, run.mask) if run.mask else tuple(named)


@dataclass(frozen=True)
class Job:
    """One document to be made, and everything that decides its bytes."""

    name: str
    call: Mapping[str, Any]
    inputs: tuple[Path, ...]
    decided_by: str


def _job(
    project: Project, plan: Plan, report: Report, places: Places, described: Mapping[str, Any], engine: str
) -> Job:
    session = plan.session(report.session)
    cutoff = datetime.date.fromisoformat(described["cutoff"])
    metadata = {
        "trial": f"{plan.design.registry} · {plan.design.short_title}",
        "registry": plan.design.registry,
        "confidentiality": session.label,
        "cutoff": f"Cut-off {format_date(cutoff)}",
        "results-hash": f"Results {described['results_sha256'][:4]}…{described['results_sha256'][-4:]}",
        "version": f"npcstats {__version__}",
        "renderer": ENGINE_NAMES[engine],
    }
    if described["synthetic"]:
        metadata["data-mark"] = SYNTHETIC_MARK
    call = {
        "source": project[report.name],
        "formats": report.formats,
        "engine": engine,
        "metadata": metadata,
        "environment": {"NPCSTATS_RESULTS": str(places.results.resolve())},
        "source_date": cutoff,
    }
    shared = [path for path in project["reports"].iterdir() if path.is_dir()]
    inputs = (project[report.name], *sorted(shared), project["settings"], places.results / session.code, CODE)
    decided_by = canonical_text((report, engine, metadata, surroundings()))
    return Job(report.name, call, inputs, decided_by)


def _render_all(jobs: list[Job], folder: Path) -> dict[str, tuple[Path, ...]]:
    # Each document in a process of its own: the epoch of its files is an environment variable.
    if not jobs:
        return {}
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=WORKERS, mp_context=context) as pool:
        waiting = {job.name: pool.submit(_render_one, dict(job.call), folder) for job in jobs}
        try:
            return {name: made.result() for name, made in waiting.items()}
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _render_one(call: dict[str, Any], folder: Path) -> tuple[Path, ...]:
    return render_document(output_dir=folder, **call)


def _figure_files(plan: Plan, reports: tuple[Report, ...], places: Places, folder: Path) -> list[Path]:
    """Figures of every report in Word, as files that a journal takes."""
    sessions = {report.session for report in reports if "docx" in report.formats}
    made = []
    for figure in plan.figures:
        for session in sessions & set(figure.sessions):
            (folder / "figures").mkdir(exist_ok=True)
            for kind in ("pdf", "svg", "png"):
                name = f"{figure.name}.{kind}"
                made.append(Path(shutil.copy(places.results / session / "figures" / name, folder / "figures" / name)))
    return made


def _put_in_place(made: Path, making: Path, output: Path) -> Path:
    target = output / made.relative_to(making)
    target.parent.mkdir(exist_ok=True)
    os.replace(made, target)
    return target


def _shown(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)

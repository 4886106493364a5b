"""A project folder and a wish to documents in ``_output``: results first, then every document, whole or not at all."""

from __future__ import annotations

import datetime
import multiprocessing
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from npcstats import __version__
from npcstats.documents import check_document, find_engine, render_document
from npcstats.errors import SpecError
from npcstats.formatting import format_date
from npcstats.pipeline import Plan, Report, Run, load_plan, make_results
from npcstats.provenance import canonical_text, hash_bytes, hash_files

WORKERS = 2
SYNTHETIC_MARK = "SYNTHETIC DATA"
ENGINE_NAMES = {"quarto": "Quarto", "builtin": "the built-in renderer"}
FONTS = Path("reports/_theme/fonts")
PLACES = {"plan": "analysis/plan.py", "data": "data/synthetic", "results": "analysis/results", "output": "_output"}
"""Where a project keeps its plan, the committed trial, that trial's results, and its documents."""


@dataclass(frozen=True)
class Project:
    """A project folder: where its plan, data, reports, results and documents are."""

    folder: Path

    def __getitem__(self, place: str) -> Path:
        """Return one of `PLACES`, or the source of a report by its name."""
        return self.folder / PLACES.get(place, f"reports/{place}.qmd")


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
    """

    reports: tuple[str, ...] = ()
    data: Path | None = None
    plan: Path | None = None
    cutoff: datetime.date | None = None
    mask: Path | None = None
    engine: str = "auto"


@dataclass(frozen=True)
class Places:
    """Where a run's results and documents go."""

    results: Path
    output: Path


def find_project(start: Path) -> Project:
    """Find the project folder: the nearest that holds ``_quarto.yml``.

    Parameters
    ----------
    start : Path
        Where to begin, upwards.

    Returns
    -------
    Project
        The folder.

    Raises
    ------
    SpecError
        If there is none.
    """
    for folder in (start, *start.parents):
        if (folder / "_quarto.yml").is_file():
            return Project(folder)
    raise SpecError(f"{start}: no _quarto.yml here or above; a project folder is required.")


def plan_run(project: Project, wish: Wish, sessions: tuple[str, ...] = ()) -> tuple[Run, tuple[Report, ...]]:
    """Decide what a wish means: plan, export, reports, sessions.

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
    reports = tuple(plan.report(name) for name in wish.reports) or plan.reports
    wanted = sessions or tuple(dict.fromkeys(report.session for report in reports))
    for code in wanted:
        plan.session(code)
    return Run(wish.data or project["data"], plan, wanted, wish.cutoff, wish.mask), reports


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
    files = [path for path in run.data.glob("*") if path.suffix in (".csv", ".parquet")]
    mask = run.mask.read_bytes().hex() if run.mask and run.mask.is_file() else ""
    identity = hash_bytes(canonical_text((hash_files(files), run.plan, mask)).encode())[:8]
    return Places(project["results"] / "runs" / f"{name}-{identity}", project["output"] / name)


def make_run(project: Project, run: Run) -> tuple[Places, dict[str, dict[str, Any]]]:
    """Make the results of a run.

    Parameters
    ----------
    project : Project
        The folder.
    run : Run
        What is made.

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
    return places, make_results(run, places.results, fonts=project.folder / FONTS)


def render_reports(project: Project, wish: Wish, *, tell: Callable[[str], None]) -> tuple[Path, ...]:
    """Make results and documents.

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
    tuple of Path
        The documents and figure files, in plan order.

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
    places, described = make_run(project, run)
    tell(f"Results: {_shown(places.results)} ({', '.join(run.sessions)})")
    places.output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=places.output, prefix=".making-") as making:
        tasks = [_task(project, run.plan, report, places, described[report.session], engine) for report in reports]
        made = _render_all(tasks, Path(making))
        made += _figure_files(run.plan, reports, places, Path(making))
        final = tuple(_put_in_place(path, Path(making), places.output) for path in made)
    for path in final:
        if path.parent == places.output:
            tell(f"Document: {_shown(path)}")
    return final


def _task(
    project: Project, plan: Plan, report: Report, places: Places, described: Mapping[str, Any], engine: str
) -> dict[str, Any]:
    session = plan.session(report.session)
    cutoff = datetime.date.fromisoformat(described["cutoff"])
    metadata = {
        "trial": f"{plan.design.registry} · {plan.design.short_title}",
        "registry": plan.design.registry,
        "confidentiality": session.label,
        "cutoff": f"Cut-off {format_date(cutoff)}",
        "results-hash": f"Results {described['results_sha256'][:4]}…{described['results_sha256'][-4:]}",
        "version": f"npcstats {__version__}",
        "engine": ENGINE_NAMES[engine],
    }
    if described["synthetic"]:
        metadata["data-mark"] = SYNTHETIC_MARK
    return {
        "source": project[report.name],
        "formats": report.formats,
        "engine": engine,
        "metadata": metadata,
        "environment": {"NPCSTATS_RESULTS": str(places.results.resolve())},
        "source_date": cutoff,
    }


def _render_all(tasks: list[dict[str, Any]], folder: Path) -> list[Path]:
    # Each document in a process of its own: the epoch of its files is an environment variable.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=WORKERS, mp_context=context) as pool:
        waiting = [pool.submit(_render_one, task, folder) for task in tasks]
        try:
            return [path for made in waiting for path in made.result()]
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _render_one(task: dict[str, Any], folder: Path) -> tuple[Path, ...]:
    return render_document(output_dir=folder, **task)


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

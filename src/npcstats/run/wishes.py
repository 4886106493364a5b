"""What the command line asks for, and what that means: which sessions and reports of the plan are made."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from npcstats.derive import last_day
from npcstats.errors import DataError, ResultsError, SpecError
from npcstats.formatting import format_date
from npcstats.run.freshness import NOTHING, Seen, look
from npcstats.run.make import Run
from npcstats.run.mask import MASK_VARIABLE
from npcstats.run.places import run_places
from npcstats.run.plan import Plan, Report, Session, load_plan
from npcstats.run.project import Project, shown
from npcstats.run.runs import CODE
from npcstats.study import read_study


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

    A report that tells which letter is which arm is none of them: `plan_supplement` finds it.

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
    seen = look(run_inputs(project, wish))
    plan = load_plan(wish.plan or project.plan)
    if not plan.reports:
        raise SpecError("plan: it has no report, which is required here; `npcstats results` makes results alone.")
    named = tuple(plan.report(name) for name in wish.reports)
    _check_masked(plan, [report.session for report in named])
    reports = named or tuple(report for report in plan.reports if not plan.session(report.session).unmasks)
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
    seen = look(run_inputs(project, wish))
    plan = load_plan(wish.plan or project.plan)
    if not plan.sessions:
        raise SpecError("plan: it has no session; at least one is required.")
    reported = [report.session for report in plan.reports] or [session.code for session in plan.sessions]
    _check_masked(plan, sessions)
    kept = [code for code in reported if not plan.session(code).unmasks]
    wanted = tuple(plan.session(code).code for code in sessions) or tuple(dict.fromkeys(kept))
    run = _run_of(project, wish, plan, wanted, seen)
    if sessions:
        return Planned(run, (), ())
    run, reasons = _due_only(run)
    return Planned(run, (), _told([f"{code}: {why}" for code, why in reasons.items()], run, "session"))


def plan_supplement(project: Project, wish: Wish) -> Planned:
    """Find what tells which letter is which arm.

    Parameters
    ----------
    project : Project
        Supplies what the wish leaves open.
    wish : Wish
        From the command line; its reports play no part.

    Returns
    -------
    Planned
        Sessions of the plan that unmask, and their reports.

    Raises
    ------
    SpecError
        If the plan does not exist, or has no such report.
    """
    seen = look(run_inputs(project, wish))
    plan = load_plan(wish.plan or project.plan)
    reports = tuple(report for report in plan.reports if plan.session(report.session).unmasks)
    if not reports:
        raise SpecError("plan: no report is of a session that unmasks; one is required, with `unmasks=True`.")
    sessions = tuple(dict.fromkeys(report.session for report in reports))
    return Planned(_run_of(project, wish, plan, sessions, seen), reports, ())


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
    plan = load_plan(wish.plan or project.plan)
    run = _run_of(project, wish, plan, tuple(session.code for session in plan.sessions), NOTHING)
    if not run.data.is_dir():
        raise DataError(f"{run.data}: there is no such folder; a folder with one file per frame is required.")
    folder = run_places(project, run).results
    stored = tuple(code for code in run.sessions if (folder / code / "results.csv").is_file())
    if not stored:
        raise ResultsError(f"{shown(folder)}: no results of this run; `npcstats results` makes them.")
    return replace(run, sessions=stored)


def _check_masked(plan: Plan, sessions: Iterable[str]) -> None:
    """Refuse to unmask in passing, where other documents and results are."""
    told = [code for code in sessions if plan.session(code).unmasks]
    if told:
        raise SpecError(f"session {told[0]} tells which letter is which arm; `npcstats unmask` is required, which "
                        "makes it in a folder of its own.")  # fmt: skip


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


def run_inputs(project: Project, wish: Wish) -> tuple[Path, ...]:
    """Name all that decides a run: plan, export, masking map, reports and their theme, settings, the code.

    Parameters
    ----------
    project : Project
        Supplies what the wish leaves open.
    wish : Wish
        From the command line.

    Returns
    -------
    tuple of Path
        Files and folders.
    """
    places = (project["reports"], project["fonts"], project["settings"], CODE)
    plans = (wish.plan,) if wish.plan else project.plans
    named = (*plans, wish.data or project["data"], *places)
    mask = _mask_file(wish)
    return (*named, mask) if mask else named

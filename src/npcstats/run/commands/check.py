"""An export is checked before anything is made of it: ``check``."""

from __future__ import annotations

import datetime
from pathlib import Path

from npcstats.errors import DataError
from npcstats.formatting import counted
from npcstats.quality import (
    inspect_read,
    load_checks,
    read_export,
    refusal_text,
    summary_lines,
    trace_refusals,
    write_report,
)
from npcstats.run.attempts import analysis_attempts
from npcstats.run.make import Run
from npcstats.run.places import run_places
from npcstats.run.plan import load_plan
from npcstats.run.project import find_project
from npcstats.study import read_study

CHECKS_FILE = "checks.py"


def check(
    folder: Path, *, plan: Path | None, checks: Path | None, cutoff: datetime.date | None, output_dir: Path | None
) -> None:
    """Check an export: the data contract, then what cannot or can hardly be true.

    Parameters
    ----------
    folder : Path
        Of the export.
    plan, checks : Path or None
        Analysis plan and data checks; the project's, and those beside the plan, if None.
    cutoff : date or None
        What is dated after it is queried.
    output_dir : Path or None
        Of the report; one that no other export, plan or checks can take if None.

    Raises
    ------
    DataError
        If something in the export must be mended.
    """
    project = find_project(Path.cwd())
    plan_file = plan or project.plan
    planned = load_plan(plan_file)
    rules = checks or (plan_file if plan_file.name else plan_file.absolute()).parent / CHECKS_FILE
    if not checks and not rules.is_file():
        study = read_study(folder, planned.design)
        rows = {name: len(frame) for name, frame in study.frames.items()}
        refused = [item.text for item in trace_refusals(study, analysis_attempts(planned, cutoff=cutoff))]
        if refused:
            raise DataError("\n".join(refused))
        told = f"{counted(sum(rows.values()), 'record')} in {counted(len(rows), 'frame')}"
        print(f"{folder}: {told} meet the data contract.")
        print(
            f"{rules}: there is no such file; only the data contract and whether the analyses can be made were checked."
        )
        return
    loaded, read = load_checks(rules), read_export(folder, planned.design)
    refusals = None if read.faults else trace_refusals(read.study, analysis_attempts(planned, cutoff=cutoff))
    report = inspect_read(read, loaded, cutoff=cutoff, refusals=refusals)
    own = run_places(project, Run(folder, planned, (), cutoff), rules=checks)
    page, listed = write_report(report, output_dir or own.output / "check")
    for line in summary_lines(report):
        print(line)
    print(f"Page: {page}")
    print(f"List: {listed}")
    if report.count("error"):
        raise DataError(refusal_text(report))

"""The command line: options to values, refusals to one message and exit code 1. Thin."""

from __future__ import annotations

import datetime
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

import typer

from npcstats import __version__
from npcstats.errors import DataError, ResultsError, SpecError
from npcstats.files import (
    EngineOption,
    ForceOption,
    MetadataOption,
    OutputOption,
    ParameterFileOption,
    ParameterOption,
    ToOption,
    console,
    run_app,
)
from npcstats.files import render as render_files
from npcstats.folders import one_at_a_time
from npcstats.formatting import counted
from npcstats.freshness import command_name, record_step, surroundings
from npcstats.masking import read_mask
from npcstats.pipeline import analysis_attempts, build_results, load_plan, needs_mask, prepare_study
from npcstats.project import Project, find_project
from npcstats.quality import (
    inspect_read,
    load_checks,
    read_export,
    refusal_text,
    summary_lines,
    trace_refusals,
    write_report,
)
from npcstats.reporting import Wish, make_run, notes, plan_sessions, plan_stored, render_reports, run_places
from npcstats.results import KEY_COLUMNS, PAYLOAD_COLUMNS, Results, diff, read_results
from npcstats.study import read_study

app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, help="Reports of a clinical trial that can be trusted."
)

CHECKS_FILE = "checks.py"
DOCUMENT = ".qmd"

DataOption = Annotated[Path | None, typer.Option("--data", help="Folder of the export; default data/synthetic.")]
PlanOption = Annotated[Path | None, typer.Option("--plan", help="Analysis plan; default analysis/plan.py.")]
CutoffOption = Annotated[str | None, typer.Option("--cutoff", help="Data cut-off, YYYY-MM-DD; default the plan's.")]
MaskOption = Annotated[Path | None, typer.Option("--mask", help="Masking map of the closed session.")]


def run_command(arguments: list[str]) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : list of str
        Words after the program's name.

    Returns
    -------
    int
        0 when done, 1 when refused or failed, usage included.
    """
    return run_app(app, arguments)


@app.command()
def render(
    context: typer.Context,
    reports: Annotated[
        list[str] | None, typer.Argument(help="Reports of the plan, or .qmd files; default all.")
    ] = None,
    data: DataOption = None,
    plan: PlanOption = None,
    cutoff: CutoffOption = None,
    mask: MaskOption = None,
    engine: EngineOption = "auto",
    to: ToOption = None,
    parameter: ParameterOption = None,
    parameters: ParameterFileOption = None,
    metadata: MetadataOption = None,
    output_dir: OutputOption = None,
    force: ForceOption = False,
) -> None:
    """Make results and documents; or render any .qmd file."""
    names = tuple(reports or ())
    if any(name.endswith(DOCUMENT) for name in names):
        render_files(list(names), to, parameter, parameters, metadata, output_dir, engine)
        return
    if to or parameter or parameters or metadata or output_dir:
        raise SpecError("render: --to, -P, --execute-params, -M and --output-dir go with a .qmd file; one is required.")
    wish = Wish(names, data, plan, _date(cutoff), mask, engine, force)
    project = find_project(Path.cwd())
    with _alone(project), console.status("Making results and documents"):
        finished = render_reports(project, wish, tell=console.print)
    asked = [word for word in context.obj if word != "--force"]
    name = command_name(Path.cwd(), asked)
    record_step(project["records"], name, finished.inputs, surroundings(), finished.outputs, seen=finished.seen)


@app.command()
def results(
    sessions: Annotated[
        list[str] | None, typer.Argument(help="Sessions of the plan; default those of its reports.")
    ] = None,
    data: DataOption = None,
    plan: PlanOption = None,
    cutoff: CutoffOption = None,
    mask: MaskOption = None,
) -> None:
    """Make the results folders only."""
    project = find_project(Path.cwd())
    planned = plan_sessions(project, Wish((), data, plan, _date(cutoff), mask), tuple(sessions or ()))
    for line in planned.left_out:
        console.print(line)
    with _alone(project):
        places, described = make_run(project, planned.run, force=True)
    for line in notes(described):
        console.print(line)
    for code, told in described.items():
        console.print(f"Results: {places.results / code} {told['results_sha256']}")


def _alone(project: Project) -> AbstractContextManager[None]:
    """Wait for the end of another run of the project, which replaces the same files."""
    return one_at_a_time(
        project["records"],
        waiting=lambda: console.print("Another run of this project is at work; waiting for its end."),
    )


@app.command()
def check(
    folder: Annotated[Path, typer.Argument(help="Folder of the export.")],
    plan: PlanOption = None,
    checks: Annotated[Path | None, typer.Option("--checks", help="Data checks; default checks.py by the plan.")] = None,
    cutoff: Annotated[str | None, typer.Option("--cutoff", help="Query what is dated after it, YYYY-MM-DD.")] = None,
    output_dir: Annotated[Path | None, typer.Option("--output-dir", help="Default _output/check.")] = None,
) -> None:
    """Check an export: the data contract, then what cannot or can hardly be true. Errors give exit code 1."""
    project = find_project(Path.cwd())
    plan_file = plan or project["plan"]
    planned, day = load_plan(plan_file), _date(cutoff)
    rules = checks or plan_file.parent / CHECKS_FILE
    if not checks and not rules.is_file():
        study = read_study(folder, planned.design)
        rows = {name: len(frame) for name, frame in study.frames.items()}
        refused = [item.text for item in trace_refusals(study, analysis_attempts(planned, cutoff=day))]
        if refused:
            raise DataError("\n".join(refused))
        told = f"{counted(sum(rows.values()), 'record')} in {counted(len(rows), 'frame')}"
        console.print(f"{folder}: {told} meet the data contract.")
        console.print(
            f"{rules}: there is no such file; only the data contract and whether the analyses can be made were checked."
        )
        return
    loaded, read = load_checks(rules), read_export(folder, planned.design)
    refusals = None if read.faults else trace_refusals(read.study, analysis_attempts(planned, cutoff=day))
    report = inspect_read(read, loaded, cutoff=day, refusals=refusals)
    page, listed = write_report(report, output_dir or project["output"] / "check")
    for line in summary_lines(report):
        console.print(line)
    console.print(f"Page: {page}")
    console.print(f"List: {listed}")
    if report.count("error"):
        raise DataError(refusal_text(report))


@app.command(name="diff")
def compare(
    old: Annotated[Path, typer.Argument(help="A results folder.")],
    new: Annotated[Path, typer.Argument(help="Another results folder.")],
    tolerance: Annotated[float, typer.Option(help="Largest relative difference that counts as equal.")] = 0.0,
) -> None:
    """Compare two results folders; exit code 1 where they differ."""
    found = diff(read_results(old), read_results(new), tolerance)
    for item in found:
        print(f"{item.key}: {_value(item.old)} -> {_value(item.new)}")
    if found:
        raise ResultsError(f"{counted(len(found), 'row differs', 'rows differ')} between {old} and {new}.")
    console.print("No difference.")


def _value(row: object) -> str:
    return "absent" if row is None else repr(getattr(row, "value", None))


@app.command()
def trace(
    key: Annotated[str, typer.Argument(help="Key of a printed number, as in its data-key.")],
    session: Annotated[str, typer.Option(help="Session that the number was printed for.")],
    folder: Annotated[
        Path | None, typer.Option("--results", help="Results of a run; default analysis/results.")
    ] = None,
) -> None:
    """Print the row of results behind a printed number."""
    found = read_results((folder or find_project(Path.cwd())["results"]) / session)
    if key not in found.by_key:
        raise ResultsError(f"results: no row has the key {key!r}; the data-key of a printed number is required.")
    row = found.by_key[key]
    for name in (*KEY_COLUMNS, *PAYLOAD_COLUMNS):
        print(f"{name:10}  {getattr(row, name)}")
    for topic, text in found.catalogue.analyses[row.analysis].sentences.items():
        print(f"{topic:10}  {text}")


@app.command()
def verify(
    data: DataOption = None, plan: PlanOption = None, cutoff: CutoffOption = None, mask: MaskOption = None
) -> None:
    """Compute everything again and compare with the stored results; exit code 1 where they differ."""
    project = find_project(Path.cwd())
    run = plan_stored(project, Wish((), data, plan, _date(cutoff), mask))
    places = run_places(project, run)
    study = read_study(run.data, run.plan.design)
    known = read_mask(run.mask, study) if needs_mask(run.plan, run.sessions) else None
    for code in run.sessions:
        again = build_results(prepare_study(study, run.plan, code, cutoff=run.cutoff, mask=known), run.plan)
        try:
            stored = read_results(places.results / code)
        except ResultsError as error:
            raise ResultsError(f"session {code}: {error}") from error
        _same(stored, again, code)
    console.print(f"The stored results of {', '.join(run.sessions)} are reproduced exactly.")


def _same(stored: Results, again: Results, session: str) -> None:
    found = diff(stored, again, 0.0)
    if found:
        differ = counted(len(found), "row differs", "rows differ")
        raise ResultsError(f"session {session}: {differ} (first {found[0].key}); none may.")


@app.callback(invoke_without_command=True)
def entry(
    context: typer.Context, version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False
) -> None:
    """Reports of a clinical trial that can be trusted."""
    if version:
        print(__version__)
    elif context.invoked_subcommand is None:
        raise SpecError("no command is given; `npcstats --help` lists what is possible.")


def _date(text: str | None) -> datetime.date | None:
    if text is None:
        return None
    try:
        return datetime.datetime.strptime(text, "%Y-%m-%d").date() if len(text) == 10 else _no_date(text)
    except ValueError:
        return _no_date(text)


def _no_date(text: str) -> datetime.date:
    raise SpecError(f"--cutoff {text}: not a date; YYYY-MM-DD is required.")

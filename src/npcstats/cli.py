"""The command line: options to values, refusals to one message and exit code 1. Thin."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from npcstats import __version__
from npcstats.documents import find_engine, output_folder, read_value_file, read_values, render_document
from npcstats.errors import DataError, NpcstatsError, ResultsError, SpecError
from npcstats.freshness import command_name, record_step, surroundings
from npcstats.pipeline import build_results, load_plan, prepare_study, read_mask
from npcstats.project import find_project
from npcstats.quality import inspect_export, load_checks, refusal_text, summary_lines, write_report
from npcstats.reporting import Wish, make_run, plan_run, render_reports, run_places
from npcstats.results import KEY_COLUMNS, PAYLOAD_COLUMNS, Results, diff, read_results
from npcstats.study import read_study

app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, help="Reports of a clinical trial that can be trusted."
)
console = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)

CHECKS_FILE = "checks.py"

DataOption = Annotated[Path | None, typer.Option("--data", help="Folder of the export; default data/synthetic.")]
PlanOption = Annotated[Path | None, typer.Option("--plan", help="Analysis plan; default analysis/plan.py.")]
CutoffOption = Annotated[str | None, typer.Option("--cutoff", help="Data cut-off, YYYY-MM-DD; default the plan's.")]
MaskOption = Annotated[Path | None, typer.Option("--mask", help="Masking map of the closed session.")]
EngineOption = Annotated[str, typer.Option("--engine", help="auto, quarto or builtin.")]


def main() -> None:
    """Run the command line and exit."""
    sys.exit(run_command(sys.argv[1:]))


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
    try:
        code = app(arguments, obj=arguments, standalone_mode=False)
    except NpcstatsError as error:
        print(f"npcstats: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        where = error.filename or "output"
        print(f"npcstats: {where}: {error.strerror}; a place that can be written to is required.", file=sys.stderr)
        return 1
    except typer.TyperException as error:
        print(f"npcstats: {error} `npcstats --help` lists what is possible.", file=sys.stderr)
        return 1
    return int(code or 0)


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
    to: Annotated[list[str] | None, typer.Option("--to", help="Format of a .qmd file: pdf, html, docx.")] = None,
    parameter: Annotated[list[str] | None, typer.Option("-P", help="Parameter of a .qmd file, key:value.")] = None,
    parameters: Annotated[Path | None, typer.Option("--execute-params", help="YAML file of parameters.")] = None,
    metadata: Annotated[list[str] | None, typer.Option("-M", help="Metadata of a .qmd file, key:value.")] = None,
    output_dir: Annotated[Path | None, typer.Option("--output-dir", help="Folder for a .qmd file's output.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Make documents again although nothing changed.")] = False,
) -> None:
    """Make results and documents; or render any .qmd file."""
    names = tuple(reports or ())
    files = [Path(name) for name in names if name.endswith(".qmd")]
    if files and len(files) < len(names):
        raise SpecError("render: reports of the plan and .qmd files together; one or the other is required.")
    if files:
        given = {**(read_value_file(parameters) if parameters else {}), **read_values(parameter or [], "-P")}
        words = {key: str(value) for key, value in read_values(metadata or [], "-M").items()}
        _render_files(files, tuple(to or ("pdf",)), engine, given, words, output_dir)
        return
    if to or parameter or parameters or metadata or output_dir:
        raise SpecError("render: --to, -P, --execute-params, -M and --output-dir go with a .qmd file; one is required.")
    wish = Wish(names, data, plan, _date(cutoff), mask, engine, force)
    project = find_project(Path.cwd())
    with console.status("Making results and documents"):
        finished = render_reports(project, wish, tell=console.print)
    asked = [word for word in context.obj if word != "--force"]
    record_step(project["records"], command_name(Path.cwd(), asked), finished.inputs, surroundings(), finished.outputs)


def _render_files(
    files: list[Path],
    formats: tuple[str, ...],
    engine: str,
    parameters: dict[str, object],
    metadata: dict[str, str],
    output_dir: Path | None,
) -> None:
    for file in files:
        if not file.is_file():
            raise SpecError(f"{file}: there is no such file; a .qmd file is required.")
    console.print(f"Rendering with {find_engine(engine)}.")
    for file in files:
        folder = output_dir or output_folder(file)
        today = datetime.date.fromtimestamp(file.stat().st_mtime)
        made = render_document(
            file,
            formats=formats,
            output_dir=folder,
            engine=engine,
            metadata=metadata,
            parameters=parameters,
            source_date=today,
        )
        for path in made:
            console.print(f"Document: {path}")


@app.command()
def results(
    sessions: Annotated[list[str] | None, typer.Argument(help="Sessions of the plan; default all.")] = None,
    data: DataOption = None,
    plan: PlanOption = None,
    cutoff: CutoffOption = None,
    mask: MaskOption = None,
) -> None:
    """Make the results folders only."""
    project = find_project(Path.cwd())
    run, _ = plan_run(project, Wish((), data, plan, _date(cutoff), mask), tuple(sessions or ()))
    places, described = make_run(project, run, force=True)
    for code, told in described.items():
        console.print(f"Results: {places.results / code} {told['results_sha256']}")


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
    design, day = load_plan(plan_file).design, _date(cutoff)
    rules = checks or plan_file.parent / CHECKS_FILE
    if not checks and not rules.is_file():
        study = read_study(folder, design)
        rows = {name: len(frame) for name, frame in study.frames.items()}
        console.print(f"{folder}: {sum(rows.values())} records in {len(rows)} frames meet the data contract.")
        console.print(f"{rules}: there is no such file; nothing but the data contract was checked.")
        return
    report = inspect_export(folder, design, load_checks(rules), cutoff=day)
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
        raise ResultsError(f"{len(found)} rows differ between {old} and {new}.")
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
    run, _ = plan_run(project, Wish((), data, plan, _date(cutoff), mask))
    places = run_places(project, run)
    study = read_study(run.data, run.plan.design)
    known = read_mask(run.mask, study) if any(run.plan.session(c).arms == "masked" for c in run.sessions) else None
    for code in run.sessions:
        again = build_results(prepare_study(study, run.plan, code, cutoff=run.cutoff, mask=known), run.plan)
        _same(read_results(places.results / code), again, code)
    console.print(f"The stored results of {', '.join(run.sessions)} are reproduced exactly.")


def _same(stored: Results, again: Results, session: str) -> None:
    found = diff(stored, again, 0.0)
    if found:
        raise ResultsError(f"session {session}: {len(found)} rows differ (first {found[0].key}); none may.")


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

"""The command line: options to values, refusals to one message and exit code 1. Thin.

Loads none of what a command needs: it is loaded when the command is known, and for help and refusals never.
"""

from __future__ import annotations

import datetime
import math
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.main

from npcstats import __version__
from npcstats.errors import NpcstatsError, SpecError
from npcstats.run.designs import designs
from npcstats.system.kernels import WaitingKernel
from npcstats.system.named import Named
from npcstats.wording import escaped

app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, help="Reports of a clinical trial that can be trusted."
)

DOCUMENT = ".qmd"
ACTIONS = {
    "render": Named("npcstats.run.commands.reports", "render"),
    "render-files": Named("npcstats.run.files", "render"),
    "results": Named("npcstats.run.commands.reports", "make"),
    "check": Named("npcstats.run.commands.check", "check"),
    "diff": Named("npcstats.run.commands.compare", "compare"),
    "trace": Named("npcstats.run.commands.compare", "trace"),
    "verify": Named("npcstats.run.commands.verify", "verify"),
    "mask-new": Named("npcstats.run.commands.mask", "new"),
    "unmask": Named("npcstats.run.commands.unmask", "unmask"),
    "verify-meeting": Named("npcstats.run.commands.meeting", "prove"),
    "meeting": Named("npcstats.run.commands.meeting", "meet"),
}
SCREEN_ROWS, SCREEN_COLUMNS = 24, 80
LONGEST_FAULT = 10 * SCREEN_COLUMNS

DataOption = Annotated[Path | None, typer.Option("--data", help="Folder of the export; default data/synthetic.")]
PlanOption = Annotated[Path | None, typer.Option("--plan", help="Plan, a file or folder; default analysis/plan.")]
CutoffOption = Annotated[str | None, typer.Option("--cutoff", help="Data cut-off, YYYY-MM-DD; default the plan's.")]
MaskOption = Annotated[Path | None, typer.Option("--mask", help="Masking map of the closed session.")]
EngineOption = Annotated[str, typer.Option("--engine", help="auto, quarto or builtin.")]
ToOption = Annotated[list[str] | None, typer.Option("--to", help="Format of a .qmd file: pdf, html, docx.")]
ParameterOption = Annotated[list[str] | None, typer.Option("-P", help="Parameter of a .qmd file, key:value.")]
ParameterFileOption = Annotated[Path | None, typer.Option("--execute-params", help="YAML file of parameters.")]
MetadataOption = Annotated[list[str] | None, typer.Option("-M", help="Metadata of a .qmd file, key:value.")]
OutputOption = Annotated[Path | None, typer.Option("--output-dir", help="Folder for a .qmd file's output.")]
WorkersOption = Annotated[
    str | None, typer.Option("--workers", help="Processes for long work; default one for each core.")
]
ClusterOption = Annotated[
    str | None, typer.Option("--cluster", help="Dask scheduler for long work instead, tcp://host:port.")
]
ForceOption = Annotated[bool, typer.Option("--force", help="Make documents again although nothing changed.")]


@dataclass(frozen=True)
class Given:
    """What a command was called with: its words, and the kernel that is in waiting for it, if one is."""

    words: list[str]
    kernel: WaitingKernel | None


def run_command(arguments: list[str], kernel: WaitingKernel | None = None) -> int:
    """Run one command, its refusals told as one message.

    Parameters
    ----------
    arguments : list of str
        Words after the program's name.
    kernel : WaitingKernel, optional
        For the cells of a document, if one is in waiting.

    Returns
    -------
    int
        0 when done, 1 when refused or failed, usage included.
    """
    try:
        code = _command()(arguments, obj=Given(arguments, kernel), standalone_mode=False)
    except NpcstatsError as error:
        return _refused(str(error))
    except typer.TyperException as error:
        told = str(error).rstrip(".")
        return _refused(f"{told}{'' if told.endswith('?') else ';'} `npcstats --help` lists what is possible.")
    return int(code or 0)


@dataclass(frozen=True)
class Words:
    """Takes words of the command line as texts or paths.

    It stands in for typer's own way, which loads a library of types: that takes as long as a small document does.
    """

    kind: type
    many: bool

    def coerce(self, value: Any, param: Any, ctx: typer.Context) -> Any:
        """Take what was given for one parameter."""
        if value is None:
            return () if self.many else None
        for path in map(Path, [] if self.kind is str else value if self.many else [value]):
            if path.exists() and not os.access(path, os.R_OK):
                raise typer.BadParameter(f"Path {str(path)!r} is not readable.", ctx=ctx, param=param)
        return [self.kind(item) for item in value] if self.many else self.kind(value)


TAKEN = {
    Path: Words(Path, many=False),
    str: Words(str, many=False),
    list[str]: Words(str, many=True),
    list[Path]: Words(Path, many=True),
}


def _command() -> Any:
    """The command with its own way of taking words; a release of typer that knows no such way goes on with its own."""
    group: Any = typer.main.get_command(app)
    for parameter in _parameters(group):
        kind = getattr(getattr(parameter, "type_descriptor", None), "annotation", None)
        if kind in TAKEN:
            parameter._runtime_param = TAKEN[kind]
    return group


def _parameters(group: Any) -> Iterator[Any]:
    """Parameters of every command, those of groups within it included."""
    for command in group.commands.values():
        yield from _parameters(command) if hasattr(command, "commands") else command.params


def _refused(message: str) -> int:
    print(one_screen(f"npcstats: {message}"), file=sys.stderr)
    return 1


def one_screen(message: str) -> str:
    """Cut a message to what a screen shows at once.

    Parameters
    ----------
    message : str
        One fault a line.

    Returns
    -------
    str
        The message, or its first faults and how many more there are; a very long fault is cut within.
    """
    lines = message.splitlines() or [""]
    shown: list[str] = []
    left = SCREEN_ROWS - 1
    for line in map(escaped, lines):
        cut = line if len(line) <= LONGEST_FAULT else f"{line[: LONGEST_FAULT - 1]}…"
        rows = max(1, math.ceil(len(cut) / SCREEN_COLUMNS))
        if rows > left:
            break
        left -= rows
        shown.append(cut)
    more = len(lines) - len(shown)
    return "\n".join([*shown, *([f"and {more} more"] if more else [])])


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
    workers: WorkersOption = None,
    cluster: ClusterOption = None,
) -> None:
    """Make results and documents; or render any .qmd file."""
    names = tuple(reports or ())
    if any(name.endswith(DOCUMENT) for name in names):
        ACTIONS["render-files"](names, to=to, parameter=parameter, parameters=parameters, metadata=metadata,
                                output_dir=output_dir, engine=engine, kernel=context.obj.kernel)  # fmt: skip
        return
    if to or parameter or parameters or metadata or output_dir:
        raise SpecError("render: --to, -P, --execute-params, -M and --output-dir go with a .qmd file; one is required.")
    ACTIONS["render"](names, data=data, plan=plan, cutoff=_date(cutoff), mask=mask, engine=engine, force=force,
                      words=context.obj.words, workers=_count(workers), cluster=cluster)  # fmt: skip


@app.command()
def results(
    sessions: Annotated[
        list[str] | None, typer.Argument(help="Sessions of the plan; default those of its reports.")
    ] = None,
    data: DataOption = None,
    plan: PlanOption = None,
    cutoff: CutoffOption = None,
    mask: MaskOption = None,
    workers: WorkersOption = None,
    cluster: ClusterOption = None,
) -> None:
    """Make the results folders only."""
    ACTIONS["results"](tuple(sessions or ()), data=data, plan=plan, cutoff=_date(cutoff), mask=mask,
                       workers=_count(workers), cluster=cluster)  # fmt: skip


@app.command()
def check(
    folder: Annotated[Path, typer.Argument(help="Folder of the export.")],
    plan: PlanOption = None,
    checks: Annotated[Path | None, typer.Option("--checks", help="Data checks; default checks.py by the plan.")] = None,
    cutoff: Annotated[str | None, typer.Option("--cutoff", help="Query what is dated after it, YYYY-MM-DD.")] = None,
    output_dir: Annotated[
        Path | None, typer.Option("--output-dir", help="Default _output/check for the own trial.")
    ] = None,
) -> None:
    """Check an export: the data contract, then what cannot or can hardly be true. Errors give exit code 1."""
    ACTIONS["check"](folder, plan=plan, checks=checks, cutoff=_date(cutoff), output_dir=output_dir)


@app.command(name="diff")
def compare(
    old: Annotated[Path, typer.Argument(help="A results folder, or the folder of a meeting.")],
    new: Annotated[Path, typer.Argument(help="Another results folder, or a later meeting.")],
    tolerance: Annotated[float, typer.Option(help="Largest relative difference that counts as equal.")] = 0.0,
    html: Annotated[Path | None, typer.Option("--html", help="File for the same as a page.")] = None,
    mask: MaskOption = None,
) -> None:
    """Compare two results folders, exit code 1 where they differ; or tell what changed between meetings, and why."""
    ACTIONS["diff"](old, new, tolerance=tolerance, html=html, mask=mask)


@app.command()
def trace(
    key: Annotated[str, typer.Argument(help="Key of a printed number, as in its data-key.")],
    session: Annotated[str, typer.Option(help="Session that the number was printed for.")],
    folder: Annotated[
        Path | None, typer.Option("--results", help="Results of a run; default analysis/results.")
    ] = None,
) -> None:
    """Print the row of results behind a printed number."""
    ACTIONS["trace"](key, session=session, folder=folder)


@app.command()
def verify(
    meeting: Annotated[
        Path | None, typer.Argument(help="Folder of a meeting, to be proved; default the stored results.")
    ] = None,
    data: DataOption = None,
    plan: PlanOption = None,
    cutoff: CutoffOption = None,
    mask: MaskOption = None,
) -> None:
    """Compute everything again and compare with what is stored; exit code 1 where they differ."""
    if meeting is None:
        ACTIONS["verify"](data=data, plan=plan, cutoff=_date(cutoff), mask=mask)
        return
    if data or plan or cutoff:
        raise SpecError("verify: a meeting has its own export, plan and cut-off; only --mask goes with its folder.")
    ACTIONS["verify-meeting"](meeting, mask=mask)


@app.command()
def meeting(
    cutoff: Annotated[
        list[str] | None, typer.Option("--cutoff", help="Data cut-off, YYYY-MM-DD; several for several meetings.")
    ] = None,
    previous: Annotated[Path | None, typer.Option("--previous", help="Folder of the meeting before the first.")] = None,
    data: Annotated[
        list[Path] | None, typer.Option("--data", help="Folder of the export; one, or one for each cut-off.")
    ] = None,
    plan: PlanOption = None,
    mask: MaskOption = None,
    into: Annotated[Path | None, typer.Option("--into", help="Receives a folder for each; default meetings.")] = None,
    engine: EngineOption = "auto",
    workers: WorkersOption = None,
    cluster: ClusterOption = None,
) -> None:
    """Make the folder of a meeting of the monitoring board, which is never overwritten."""
    days = tuple(day for day in map(_date, cutoff or ()) if day)
    ACTIONS["meeting"](days, previous=previous, data=tuple(data or ()), plan=plan, mask=mask, into=into, engine=engine,
                       workers=_count(workers), cluster=cluster)  # fmt: skip


@app.command()
def unmask(
    into: Annotated[Path, typer.Option("--into", help="Folder to be made, outside every meeting's.")],
    meeting: Annotated[
        Path | None, typer.Option("--meeting", help="Folder of the meeting whose export, plan and cut-off it has.")
    ] = None,
    data: DataOption = None,
    plan: PlanOption = None,
    cutoff: CutoffOption = None,
    mask: MaskOption = None,
    engine: EngineOption = "auto",
    workers: WorkersOption = None,
    cluster: ClusterOption = None,
) -> None:
    """Make the supplement that tells which letter is which arm, when a board asks for it; in a folder of its own."""
    ACTIONS["unmask"](into, meeting=meeting, data=data, plan=plan, cutoff=_date(cutoff), mask=mask,
                      engine=engine, workers=_count(workers), cluster=cluster)  # fmt: skip


app.add_typer(designs, name="design")
masks = typer.Typer(add_completion=False, help="The map from arms to letters.")
app.add_typer(masks, name="mask")


@masks.command()
def new(
    file: Annotated[Path, typer.Argument(help="Where the map is kept, outside every repository.")],
    plan: PlanOption = None,
) -> None:
    """Draw a new masking map; it is needed unchanged at every meeting."""
    ACTIONS["mask-new"](file, plan=plan)


@masks.callback(invoke_without_command=True)
def _mask(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        raise SpecError("mask: no command is given; `npcstats mask new FILE` draws a map.")


@app.callback(invoke_without_command=True)
def entry(
    context: typer.Context, version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False
) -> None:
    """Reports of a clinical trial that can be trusted."""
    if version:
        print(__version__)
    elif context.invoked_subcommand is None:
        raise SpecError("no command is given; `npcstats --help` lists what is possible.")


def _count(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise SpecError(f"--workers {text}: a whole number of 1 or more is required.")
    return int(text)


def _date(text: str | None) -> datetime.date | None:
    if text is None:
        return None
    try:
        return datetime.datetime.strptime(text, "%Y-%m-%d").date() if len(text) == 10 else _no_date(text)
    except ValueError:
        return _no_date(text)


def _no_date(text: str) -> datetime.date:
    raise SpecError(f"--cutoff {text}: not a date; YYYY-MM-DD is required.")

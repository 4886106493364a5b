"""The command line of single documents: any `.qmd` file to PDF, HTML or Word.

Imports no statistics, because a small document is rendered in little more than the time its imports take.
"""

from __future__ import annotations

import datetime
import math
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from npcstats.documents import find_engine, output_folder, read_value_file, read_values, render_document
from npcstats.errors import NpcstatsError, SpecError

# The earliest day a Word file's archive can tell; a document on its own has no cut-off to take a date from.
UNDATED = datetime.date(1980, 1, 1)

SCREEN_ROWS, SCREEN_COLUMNS = 24, 80
LONGEST_FAULT = 10 * SCREEN_COLUMNS

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help="Render any .qmd file.")
console = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)

EngineOption = Annotated[str, typer.Option("--engine", help="auto, quarto or builtin.")]
ToOption = Annotated[list[str] | None, typer.Option("--to", help="Format of a .qmd file: pdf, html, docx.")]
ParameterOption = Annotated[list[str] | None, typer.Option("-P", help="Parameter of a .qmd file, key:value.")]
ParameterFileOption = Annotated[Path | None, typer.Option("--execute-params", help="YAML file of parameters.")]
MetadataOption = Annotated[list[str] | None, typer.Option("-M", help="Metadata of a .qmd file, key:value.")]
OutputOption = Annotated[Path | None, typer.Option("--output-dir", help="Folder for a .qmd file's output.")]
ForceOption = Annotated[bool, typer.Option("--force", help="Make documents again although nothing changed.")]


def run_command(arguments: list[str]) -> int:
    """Render the files that a command names.

    Parameters
    ----------
    arguments : list of str
        Words after the program's name: ``render``, files and options.

    Returns
    -------
    int
        0 when done, 1 when refused or failed, usage included.
    """
    return run_app(app, arguments[1:])


def run_app(program: typer.Typer, arguments: list[str]) -> int:
    """Run a program, its refusals told as one message.

    Parameters
    ----------
    program : Typer
        The program.
    arguments : list of str
        Words after its name.

    Returns
    -------
    int
        0 when done, 1 when refused or failed, usage included.
    """
    try:
        code = program(arguments, obj=arguments, standalone_mode=False)
    except NpcstatsError as error:
        return _refused(str(error))
    except OSError as error:
        return _refused(f"{error.filename or 'output'}: {error.strerror}; a place that can be written to is required.")
    except typer.TyperException as error:
        told = str(error).rstrip(".")
        return _refused(f"{told}{'' if told.endswith('?') else ';'} `npcstats --help` lists what is possible.")
    return int(code or 0)


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
    for line in lines:
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
    files: Annotated[list[str], typer.Argument(help="The .qmd files.")],
    to: ToOption = None,
    parameter: ParameterOption = None,
    parameters: ParameterFileOption = None,
    metadata: MetadataOption = None,
    output_dir: OutputOption = None,
    engine: EngineOption = "auto",
    force: ForceOption = False,
) -> None:
    """Render `.qmd` files; they are always made anew.

    Parameters
    ----------
    files : list of str
        The sources.
    to : list of str, optional
        Formats; PDF if none is given.
    parameter : list of str, optional
        ``key:value`` pairs.
    parameters : Path, optional
        YAML file of parameters, which `parameter` overrides.
    metadata : list of str, optional
        ``key:value`` pairs.
    output_dir : Path, optional
        Where to write; where the project says, or beside the source, if not given.
    engine : str
        ``auto``, ``quarto`` or ``builtin``.
    force : bool
        Accepted for the sake of one command line; makes no difference.

    Raises
    ------
    NpcstatsError
        If a file, an option or a document is refused.
    """
    sources = [Path(name) for name in files]
    for source in sources:
        if source.suffix != ".qmd":
            raise SpecError("render: reports of the plan and .qmd files together; one or the other is required.")
        if not source.is_file():
            raise SpecError(f"{source}: there is no such file; a .qmd file is required.")
    places = [((output_dir or output_folder(source)) / source.stem).resolve() for source in sources]
    twice = sorted({place.name for place in places if places.count(place) > 1})
    if twice:
        raise SpecError(f"{', '.join(twice)}: two of the .qmd files become one document; names that differ, or a "
                        "folder for each, are required.")  # fmt: skip
    given = {**(read_value_file(parameters) if parameters else {}), **read_values(parameter or [], "-P")}
    words = {key: str(value) for key, value in read_values(metadata or [], "-M").items()}
    console.print(f"Rendering with {find_engine(engine)}.")
    for source in sources:
        made = render_document(
            source,
            formats=tuple(to or ("pdf",)),
            output_dir=output_dir or output_folder(source),
            engine=engine,
            metadata=words,
            parameters=given,
            source_date=_source_date() or UNDATED,
            today=_source_date() or datetime.date.today(),
        )
        for path in made:
            console.print(f"Document: {path}")


def _source_date() -> datetime.date | None:
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.datetime.fromtimestamp(int(epoch), tz=datetime.UTC).date() if epoch.isdigit() else None

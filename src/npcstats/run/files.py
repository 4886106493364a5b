"""The command line of single documents: any `.qmd` file to PDF, HTML or Word.

Imports no statistics, because a small document is rendered in little more than the time its imports take.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Sequence
from pathlib import Path

from npcstats.documents import find_engine, output_folder, read_value_file, read_values, render_document
from npcstats.errors import SpecError
from npcstats.system.kernels import WaitingKernel

# The earliest day a Word file's archive can tell; a document on its own has no cut-off to take a date from.
UNDATED = datetime.date(1980, 1, 1)


def render(
    files: Sequence[str],
    *,
    to: Sequence[str] | None,
    parameter: Sequence[str] | None,
    parameters: Path | None,
    metadata: Sequence[str] | None,
    output_dir: Path | None,
    engine: str,
    kernel: WaitingKernel | None = None,
) -> None:
    """Render `.qmd` files; they are always made anew.

    Parameters
    ----------
    files : sequence of str
        The sources.
    to : sequence of str or None
        Formats; PDF if none is given.
    parameter : sequence of str or None
        ``key:value`` pairs.
    parameters : Path or None
        YAML file of parameters, which `parameter` overrides.
    metadata : sequence of str or None
        ``key:value`` pairs.
    output_dir : Path or None
        Where to write; where the project says, or beside the source, if None.
    engine : str
        ``auto``, ``quarto`` or ``builtin``.
    kernel : WaitingKernel, optional
        For the cells of the first.

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
    given = {**(read_value_file(parameters) if parameters else {}), **read_values(list(parameter or ()), "-P")}
    words = {key: str(value) for key, value in read_values(list(metadata or ()), "-M").items()}
    print(f"Rendering with {find_engine(engine)}.", flush=True)
    for number, source in enumerate(sources):
        made = render_document(
            source,
            formats=tuple(to or ("pdf",)),
            output_dir=output_dir or output_folder(source),
            engine=engine,
            metadata=words,
            parameters=given,
            source_date=_source_date() or UNDATED,
            today=_source_date() or datetime.date.today(),
            kernel=None if number else kernel,
        )
        for path in made:
            print(f"Document: {path}")


def _source_date() -> datetime.date | None:
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.datetime.fromtimestamp(int(epoch), tz=datetime.UTC).date() if epoch.isdigit() else None

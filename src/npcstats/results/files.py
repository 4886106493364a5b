"""A results folder written, and read back bit for bit."""

from __future__ import annotations

import csv
import gc
import io
import math
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from npcstats.errors import ResultsError
from npcstats.provenance import OPENED_VARIABLE, PROVENANCE, check_files, read_provenance
from npcstats.results.catalogue import catalogue_text, read_catalogue
from npcstats.results.rows import COLUMNS, NAN, NUMBERS, Row, cell_text, columns_of
from npcstats.results.table import Results

_NUMBER_PLACES = tuple(COLUMNS.index(name) for name in NUMBERS)
_WITHOUT_REASON = COLUMNS[:-1]  # as results were written before a missing value had a reason


def results_text(results: Results) -> str:
    """Print the rows as CSV, numbers in their shortest exact form.

    Parameters
    ----------
    results : Results
        The table.

    Returns
    -------
    str
        Header and rows, lines ended by a line feed.
    """
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(_cells, results.rows))
    return sink.getvalue()


def _cells(row: Row) -> list[str | float]:
    cells = list(columns_of(row))
    for place in _NUMBER_PLACES:
        cells[place] = cell_text(cells[place])
    return cells


def write_results(results: Results, folder: Path) -> None:
    """Write ``results.csv`` and ``catalogue.json`` into a folder that exists.

    Parameters
    ----------
    results : Results
        The table.
    folder : Path
        Where to write.
    """
    (folder / "results.csv").write_bytes(results_text(results).encode())
    (folder / "catalogue.json").write_bytes(catalogue_text(results.catalogue).encode())


def read_results(folder: Path) -> Results:
    """Read what `write_results` wrote, bit for bit.

    Parameters
    ----------
    folder : Path
        Holds ``results.csv`` and ``catalogue.json``.

    Returns
    -------
    Results
        Equal to what was written; without reasons, where they were written before rows had any.

    Raises
    ------
    ResultsError
        If a file is missing or is not what `write_results` writes, or a run tells that it wrote another.
    """
    if (folder / PROVENANCE).exists():
        check_files(folder)
    try:
        text = (folder / "results.csv").read_text(encoding="utf-8")
        with _nothing_to_collect():
            rows = tuple(_read_rows(text))
        catalogue = read_catalogue((folder / "catalogue.json").read_text(encoding="utf-8"))
    except OSError as error:
        raise ResultsError(f"{folder}: {error.strerror} ({Path(str(error.filename)).name}); results.csv and "
                           "catalogue.json of a run are required.") from error  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ResultsError(f"{folder}: not a results folder ({error}); the files of a run are required.") from error
    _tell_opened(folder)
    return Results(rows, catalogue, folder)


def _tell_opened(folder: Path) -> None:
    """Tell the renderer of a document, which asks for it, whose results its cells read."""
    asked = os.environ.get(OPENED_VARIABLE)
    if asked:
        with Path(asked).open("a", encoding="utf-8") as told:
            told.write(f"{folder.resolve()}\n")


@contextmanager
def _nothing_to_collect() -> Iterator[None]:
    """Let Python not look for circles among many new objects that have none, which takes as long as making them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def open_results(session: str) -> Results:
    """Read the results of a session of the run that is being reported.

    Parameters
    ----------
    session : str
        Name of a view of the plan, such as ``open`` or ``closed``.

    Returns
    -------
    Results
        From ``$NPCSTATS_RESULTS``, else from ``analysis/results`` beside the nearest ``_quarto.yml``.

    Raises
    ------
    ResultsError
        If there is no such folder, or its files are not those that a run made.
    """
    named = os.environ.get("NPCSTATS_RESULTS")
    folder = (Path(named) if named else _project_results()) / session
    if not folder.is_dir():
        raise ResultsError(f"{folder}: no results of session {session!r}; `npcstats results` makes them.")
    read_provenance(folder)
    return read_results(folder)


def _project_results() -> Path:
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "_quarto.yml").is_file():
            return folder / "analysis" / "results"
    raise ResultsError(f"{here}: no _quarto.yml here or above; a report is rendered inside its project.")


def _read_rows(text: str) -> Iterable[Row]:
    reader = csv.reader(io.StringIO(text, newline=""))
    header = tuple(next(reader, ()))
    if header not in (COLUMNS, _WITHOUT_REASON):
        raise ValueError("results.csv has other columns")
    absent = [""] * (len(COLUMNS) - len(header))
    for record in reader:
        cells: list[Any] = record
        if len(cells) != len(header):
            raise ValueError(f"results.csv has a row of {len(cells)} cells")
        cells += absent
        for place in _NUMBER_PLACES:
            number = float(cells[place] or NAN)
            cells[place] = NAN if math.isnan(number) else number
        yield Row.read(cells)

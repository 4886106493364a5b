"""Stored results are looked into, and nothing is computed: ``diff`` and ``trace``."""

from __future__ import annotations

from pathlib import Path

from npcstats.errors import ResultsError
from npcstats.formatting import counted
from npcstats.provenance import read_provenance
from npcstats.results import KEY_COLUMNS, PAYLOAD_COLUMNS, diff, read_results
from npcstats.run.project import find_project


def compare(old: Path, new: Path, *, tolerance: float) -> None:
    """Compare two results folders.

    Parameters
    ----------
    old, new : Path
        The folders.
    tolerance : float
        Largest relative difference that counts as equal.

    Raises
    ------
    ResultsError
        If they differ.
    """
    found = diff(read_results(old), read_results(new), tolerance)
    for item in found:
        print(f"{item.key}: {_value(item.old)} -> {_value(item.new)}")
    if found:
        raise ResultsError(f"{counted(len(found), 'row differs', 'rows differ')} between {old} and {new}.")
    print("No difference.")


def _value(row: object) -> str:
    return "absent" if row is None else repr(getattr(row, "value", None))


def trace(key: str, *, session: str, folder: Path | None) -> None:
    """Print the row of results behind a printed number.

    Parameters
    ----------
    key : str
        Its key.
    session : str
        Session that it was printed for.
    folder : Path or None
        Results of a run; the project's if None.

    Raises
    ------
    ResultsError
        If there is no such row.
    """
    place = (folder or find_project(Path.cwd())["results"]) / session
    read_provenance(place)  # without it nothing vouches for the rows
    found = read_results(place)
    if key not in found.by_key:
        raise ResultsError(f"results: no row has the key {key!r}; the data-key of a printed number is required.")
    row = found.by_key[key]
    for name in (*KEY_COLUMNS, *PAYLOAD_COLUMNS):
        print(f"{name:10}  {getattr(row, name)}")
    for topic, text in found.catalogue.analyses[row.analysis].sentences.items():
        print(f"{topic:10}  {text}")

"""The results table: sound rows under unique keys, with their catalogue; and tables joined."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from npcstats.errors import ResultsError
from npcstats.results.catalogue import Analysis, Catalogue
from npcstats.results.rows import Row, are_sound


@dataclass(frozen=True)
class Results:
    """Rows in plan order, their catalogue, and the folder they were read from, if any.

    Raises
    ------
    ResultsError
        On construction, if a row breaks its contract, a key stands twice, or a missing value has no note.
    """

    rows: tuple[Row, ...]
    catalogue: Catalogue
    folder: Path | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        """Check the contract of every row."""
        keys = [row.key for row in self.rows]
        faults = [] if are_sound(self.rows, keys) else [fault for row in self.rows for fault in row.faults]
        if len(set(keys)) < len(keys):
            faults += [f"key {key} stands {count} times" for key, count in Counter(keys).items() if count > 1]
        if faults:
            more = f" and {len(faults) - 3} more" if len(faults) > 3 else ""
            raise ResultsError(f"results: {'; '.join(faults[:3])}{more}; unique keys of known terms are required.")

    @cached_property
    def by_key(self) -> Mapping[str, Row]:
        """Rows by key.

        Returns
        -------
        mapping of str to Row
            Every row.
        """
        return {row.key: row for row in self.rows}

    @cached_property
    def by_analysis(self) -> Mapping[str, tuple[Row, ...]]:
        """Rows by analysis.

        Returns
        -------
        mapping of str to tuple of Row
            Analysis ids in order, each with its rows in order.
        """
        grouped: dict[str, list[Row]] = {}
        for row in self.rows:
            grouped.setdefault(row.analysis, []).append(row)
        return {name: tuple(rows) for name, rows in grouped.items()}

    @cached_property
    def by_measure(self) -> Mapping[tuple[str, str], tuple[Row, ...]]:
        """Rows by analysis and measure.

        Returns
        -------
        mapping of (str, str) to tuple of Row
            Rows of each in order.
        """
        grouped: dict[tuple[str, str], list[Row]] = {}
        for row in self.rows:
            grouped.setdefault((row.analysis, row.measure), []).append(row)
        return {name: tuple(rows) for name, rows in grouped.items()}


def concat(parts: Sequence[Results]) -> Results:
    """Join results of one study, in order.

    Parameters
    ----------
    parts : sequence of Results
        At least one; they share study, arms and populations.

    Returns
    -------
    Results
        All rows and all analyses.

    Raises
    ------
    ResultsError
        If there is no part, the parts are of different studies, or an analysis stands in two parts.
    """
    if not parts:
        raise ResultsError("results: nothing to join; at least one part is required.")
    first = parts[0].catalogue
    if any(
        (p.catalogue.study, p.catalogue.arms, p.catalogue.populations) != (first.study, first.arms, first.populations)
        for p in parts
    ):
        raise ResultsError("results: parts of different studies or cut-offs; parts of one study are required.")
    analyses: dict[str, Analysis] = {}
    for part in parts:
        twice = analyses.keys() & part.catalogue.analyses.keys()
        if twice:
            raise ResultsError(f"results: analysis {', '.join(sorted(twice))} stands twice; unique ids are required.")
        analyses.update(part.catalogue.analyses)
    catalogue = Catalogue(first.study, first.arms, first.populations, analyses)
    return Results(tuple(row for part in parts for row in part.rows), catalogue)

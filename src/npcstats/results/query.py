"""Questions asked of a results table: rows by their columns."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter

from npcstats.errors import ResultsError
from npcstats.results.rows import COLUMNS, NAN, Row
from npcstats.results.table import Results


def select(results: Results, **wanted: object) -> tuple[Row, ...]:
    """Rows whose columns equal what is asked, in order.

    Parameters
    ----------
    results : Results
        The table.
    **wanted : str, float or collection of str
        Column names and the value, or the values, wanted.

    Returns
    -------
    tuple of Row
        Possibly empty.

    Raises
    ------
    ResultsError
        If a name is not a column.
    """
    _check_columns(wanted)
    rows: Sequence[Row] = results.rows
    analysis, measure = wanted.get("analysis"), wanted.get("measure")
    if isinstance(analysis, str) and isinstance(measure, str):
        rows = results.by_measure.get((analysis, measure), ())
    elif isinstance(analysis, str):
        rows = results.by_analysis.get(analysis, ())
    for name, value in wanted.items():
        column = attrgetter(name)
        if isinstance(value, float) and math.isnan(value):
            rows = [row for row in rows if column(row) is NAN]
        elif isinstance(value, str) or not isinstance(value, Iterable):
            rows = [row for row in rows if column(row) == value]
        else:
            rows = [row for row in rows if column(row) in value]
    return tuple(rows)


def one(results: Results, **wanted: object) -> Row:
    """Return the single row whose columns equal what is asked.

    Parameters
    ----------
    results : Results
        The table.
    **wanted : str, float or collection of str
        Column names and values.

    Returns
    -------
    Row
        The only match.

    Raises
    ------
    ResultsError
        If no row or more than one row matches.
    """
    rows = select(results, **wanted)
    if len(rows) == 1:
        return rows[0]
    asked = ", ".join(f"{name}={value!r}" for name, value in wanted.items())
    shown = f" (first: {rows[0].key}; {rows[1].key})" if rows else ""
    raise ResultsError(f"results: {len(rows)} rows for {asked}{shown}; exactly one is required.")


def _check_columns(wanted: Mapping[str, object]) -> None:
    unknown = [name for name in wanted if name not in COLUMNS]
    if unknown:
        raise ResultsError(f"results: {', '.join(unknown)} is not a column; one of {', '.join(COLUMNS)} is required.")

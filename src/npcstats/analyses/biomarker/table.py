"""The table of markers by visit: level, change from baseline, and the difference of changes between arms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from npcstats.analyses.biomarker.displays import MarkerLevels, MarkersByVisit
from npcstats.analyses.biomarker.rows import (
    CHANGE,
    CHANGES,
    CONTRASTS,
    DETECTABLE,
    IDENTITY,
    LOCATIONS,
    LOG,
    PAIRED,
    QUARTILES,
    SHARES,
    VALUE,
)
from npcstats.display.anatomy import Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes, dash_cell, group_row, interval_cell, value_cell
from npcstats.display.composing import compose_table
from npcstats.display.lookup import analysis_of, check_made, columns_of, find_row, ordered, pairs_of, row_at
from npcstats.display.pieces import (
    column_name,
    contrast_name,
    interval_pieces,
    label,
    level_pieces,
    number,
    percent_style,
    unit_pieces,
)
from npcstats.errors import ResultsError
from npcstats.results import Analysis, Results, Row, select

HEADING = {
    LOG: ": geometric mean, ratio to baseline",
    IDENTITY: ": mean, change from baseline",
    DETECTABLE: ": detectable, %, change in points",
}
CONTRAST_HEADING = {
    LOG: "; ratio of ratios",
    IDENTITY: "; difference of changes",
    DETECTABLE: "; difference at the visit",
}
LEVEL_HEADING = {
    LOG: ": geometric mean",
    IDENTITY: ": mean",
    DETECTABLE: ": detectable, %",
}
NO_QUARTILES = "A share has no quartiles."
SHARE_STYLE = "percent1"
POINTS_STYLE = "percent0"
"""Of a change of a share, for which the columns of two groups leave no room for a decimal."""
RATIO_STYLE = "decimal2"
SHORTEST_VISIT = 16.0
SIDE_BY_SIDE = 2
"""Groups that a page has room for beside one another, with three columns each."""
AT_BASELINE = "Nothing has changed at baseline."
PAIRS = "Pairs: participants with a value at baseline and at the visit."


def tabulate(results: Results, table: MarkersByVisit) -> Table:
    """The table that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``biomarker``.
    table : MarkersByVisit
        Of the plan.

    Returns
    -------
    Table
        As `biomarker_table` makes it.
    """
    return biomarker_table(results, table.analysis, variables=table.variables, total=table.total)


def biomarker_table(results: Results, analysis: str, *, variables: tuple[str, ...] = (), total: bool = False) -> Table:
    """Markers at each visit by arm or pooled, with the change from baseline.

    Parameters
    ----------
    results : Results
        Rows of kind ``biomarker``.
    analysis : str
        Id of the analysis.
    variables : tuple of str
        Markers shown; all of the analysis if empty.
    total : bool
        Whether everyone has columns beside the arms.

    Returns
    -------
    Table
        One line per visit, under its marker, the groups side by side; of more than two groups, a line for each.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, a marker was not made, or a row that the table needs is absent.
    """
    entry = analysis_of(results, analysis, "biomarker")
    shown, windows = _shown(results, analysis, variables)
    arms, notes = columns_of(results, analysis, total=total), Footnotes()
    pairs = pairs_of(results, analysis, set(CONTRASTS.values()))
    rows: list[TableRow] = []
    for variable in shown:
        rows += _marker_rows(results, analysis, arms, pairs, variable, windows, notes)
    paired = bool(select(results, analysis=analysis, measure="observed", level={CHANGE, PAIRED}))
    spanners, header = _header(results, analysis, arms, pairs, paired)
    return compose_table(
        results,
        [analysis],
        notes,
        name="-".join(["biomarkers", analysis, *variables]),
        header=header,
        rows=rows,
        spanners=spanners,
        parts=_parts(entry, shown),
        extra=[(Piece(PAIRS),)] if paired else [],
        named=2 if len(arms) > SIDE_BY_SIDE else 1,
        shortest=SHORTEST_VISIT,
    )


def tabulate_levels(results: Results, table: MarkerLevels) -> Table:
    """Where the values of markers are at each visit: the table that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``biomarker``.
    table : MarkerLevels
        Of the plan.

    Returns
    -------
    Table
        One line per visit, under its marker, the groups side by side; of more than two groups, a line for each.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, a marker was not made, or a row that the table needs is absent.
    """
    analysis = table.analysis
    entry = analysis_of(results, analysis, "biomarker")
    shown, windows = _shown(results, analysis, table.variables)
    arms, notes = columns_of(results, analysis, total=table.total), Footnotes()
    rows: list[TableRow] = []
    for variable in shown:
        rows += _level_rows(results, analysis, arms, variable, windows, notes)
    limits = select(results, analysis=analysis, measure={*LOCATIONS.values()}, stat="ci_low")
    spanners, header = _group_header(results, arms, _level_columns(results, limits))
    return compose_table(
        results,
        [analysis],
        notes,
        name=f"marker-levels-{table.name}",
        header=header,
        rows=rows,
        spanners=spanners,
        parts=(*_parts(entry, shown), DETECTABLE),
        without=("method", "change", "difference", "adjustment"),
        named=2 if len(arms) > SIDE_BY_SIDE else 1,
        shortest=SHORTEST_VISIT,
    )


def _shown(results: Results, analysis: str, variables: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Markers and visits in page order."""
    labels = analysis_of(results, analysis).labels
    check_made(results, analysis, "variable", variables, ("observed",))
    observed = select(results, analysis=analysis, measure="observed", level=VALUE, stat="count")
    shown = variables or ordered(labels.get("variable", {}), [row.variable for row in observed])
    return shown, ordered(labels.get("window", {}), [row.window for row in observed if row.variable in shown])


def _level_columns(results: Results, limits: Sequence[Row]) -> tuple[Cell, ...]:
    return (
        Cell((Piece("n"),), "right", strong=True),
        Cell((Piece("Mean"), *level_pieces(results, limits)), "right", strong=True),
        Cell((Piece("Median (quartiles)"),), "right", strong=True),
    )


def _group_header(
    results: Results, arms: tuple[str, ...], numbers: tuple[Cell, ...]
) -> tuple[tuple[Cell, ...], tuple[Cell, ...]]:
    """The visit, and the same columns under the name of each group."""
    if len(arms) > SIDE_BY_SIDE:
        return (), (*(Cell((Piece(name),), strong=True) for name in ("Visit", "Group")), *numbers)
    named = (
        Cell((column_name(results, arm, arms),), "center", strong=True, colspan=len(numbers), underline=True)
        for arm in arms
    )
    return (Cell((Piece("Visit"),), strong=True, rowspan=2), *named), numbers * len(arms)


def _level_rows(
    results: Results, analysis: str, arms: tuple[str, ...], variable: str, windows: tuple[str, ...], notes: Footnotes
) -> list[TableRow]:
    scale = _scale_of(results, analysis, variable)
    found = select(results, analysis=analysis, variable=variable, measure="observed", level=VALUE, stat="count")
    place = {"analysis": analysis, "block": found[0].block, "variable": variable}
    tall = len(arms) > SIDE_BY_SIDE
    rows = [group_row(_named_marker(results, place, scale, LEVEL_HEADING[scale]), 5 if tall else 1 + 3 * len(arms))]
    for window in (code for code in windows if code in {row.window for row in found}):
        named = Cell((label(results, analysis, "window", window),), indent=1)
        of_arms = [_location_cells(results, {**place, "window": window, "arm": arm}, scale, notes) for arm in arms]
        if tall:
            lines = [(Cell((column_name(results, arm, arms),)), *own) for arm, own in zip(arms, of_arms, strict=True)]
            rows += [TableRow((Cell(indent=2) if i else named, *line), scope=variable) for i, line in enumerate(lines)]
        else:
            rows.append(TableRow((named, *(cell for own in of_arms for cell in own)), scope=variable))
    return rows


def _location_cells(results: Results, place: dict[str, str], scale: str, notes: Footnotes) -> list[Cell]:
    """How many have a value, where the values are, and their quartiles; of a share, the share alone."""
    observed = row_at(results, **place, measure="observed", level=VALUE, stat="count")
    count = Cell((number(results, observed, "count"),), "right")
    if scale == DETECTABLE:
        at = {**place, "measure": "proportion", "level": DETECTABLE}
        return [count, interval_cell(results, notes, SHARE_STYLE, **at), dash_cell(NO_QUARTILES, notes)]
    style = _style(results, place)
    rows = [row_at(results, **place, measure=name, stat="estimate") for name in QUARTILES]
    pieces = (number(results, rows[0], style), *interval_pieces(results, rows[1:], style, " ("))
    return [
        count,
        interval_cell(results, notes, style, **place, measure=LOCATIONS[scale]),
        value_cell(results, rows, pieces, notes),
    ]


def _scale_of(results: Results, analysis: str, variable: str) -> str:
    scale = analysis_of(results, analysis).chosen(f"scale.{variable}", str, "")
    if scale not in HEADING:
        raise ResultsError(f"{analysis}.{variable}: scale is {scale!r}; one of {', '.join(HEADING)} is required.")
    return scale


def _parts(entry: Analysis, shown: tuple[str, ...]) -> tuple[str, ...]:
    """Markers and scales whose sentences belong to the table; it prints no limits of a share, but of its change."""
    scales = {entry.chosen(f"scale.{variable}", str, "") for variable in shown}
    return (*shown, *sorted(scales & set(LOCATIONS)), *((SHARES,) if DETECTABLE in scales else ()))


Pairs = tuple[tuple[str, str], ...]


def _header(
    results: Results, analysis: str, arms: tuple[str, ...], pairs: Pairs, paired: bool
) -> tuple[tuple[Cell, ...], tuple[Cell, ...]]:
    changes = select(results, analysis=analysis, measure=set(CHANGES.values()), stat="ci_low")
    numbers = (
        Cell((Piece("n/pairs" if paired else "n"),), "right", strong=True),
        Cell((Piece("Level"),), "right", strong=True),
        Cell((Piece("Change"), *level_pieces(results, changes)), "right", strong=True),
    )
    if len(arms) > SIDE_BY_SIDE:
        return (), (*(Cell((Piece(name),), strong=True) for name in ("Visit", "Group")), *numbers)
    spanners = [Cell((Piece("Visit"),), strong=True, rowspan=2)]
    header: list[Cell] = []
    for arm in arms:
        spanners.append(Cell((column_name(results, arm, arms),), "center", strong=True, colspan=3, underline=True))
        header += numbers
    for arm, reference in pairs:
        compared = select(results, analysis=analysis, measure=set(CONTRASTS.values()), stat="ci_low")
        named = (*contrast_name(results, arm, reference, "vs"), *level_pieces(results, compared))
        spanners.append(Cell(named, "right", strong=True, rowspan=2))
    return tuple(spanners), tuple(header)


def _marker_rows(
    results: Results,
    analysis: str,
    arms: tuple[str, ...],
    pairs: Pairs,
    variable: str,
    windows: tuple[str, ...],
    notes: Footnotes,
) -> list[TableRow]:
    entry, scale = analysis_of(results, analysis), _scale_of(results, analysis, variable)
    found = select(results, analysis=analysis, variable=variable, measure="observed", level=VALUE, stat="count")
    block, present = found[0].block, {row.window for row in found}
    place = {"analysis": analysis, "block": block, "variable": variable}
    tall = len(arms) > SIDE_BY_SIDE
    width = 5 if tall else 1 + 3 * len(arms) + len(pairs)
    ending = CONTRAST_HEADING[scale] if pairs else ""
    rows = [group_row(_named_marker(results, place, scale, HEADING[scale] + ending), width)]
    for window in (code for code in windows if code in present):
        first = window == entry.choices.get("baseline")
        named = Cell((label(results, analysis, "window", window),), indent=1)
        at = {**place, "window": window}
        of_arms = [_arm_cells(results, {**at, "arm": arm}, scale, first, notes) for arm in arms]
        compared = [
            _contrast_cell(results, {**at, "arm": arm, "reference": reference}, scale, first, notes)
            for arm, reference in pairs
        ]
        if tall:
            groups = [Cell((column_name(results, arm, arms),)) for arm in arms]
            between = [Cell(contrast_name(results, arm, reference, "vs")) for arm, reference in pairs]
            lines = [(group, *cells) for group, cells in zip(groups, of_arms, strict=True)]
            lines += [
                (pair, Cell(align="right"), Cell(align="right"), cell)
                for pair, cell in zip(between, compared, strict=True)
            ]
            # further in than the visit's name: a row and those below it that stand further in are on one page
            rows += [TableRow((Cell(indent=2) if i else named, *line), scope=variable) for i, line in enumerate(lines)]
        else:
            cells = [cell for of_arm in of_arms for cell in of_arm]
            rows.append(TableRow((named, *cells, *compared), scope=variable))
    return rows


def _named_marker(results: Results, place: Mapping[str, str], scale: str, ending: str) -> tuple[Piece, ...]:
    """A marker with its unit, and what its columns hold; one that shares its name with others, with its group."""
    analysis, variable = place["analysis"], place["variable"]
    named = label(results, analysis, "variable", variable)
    labels = analysis_of(results, analysis).labels.get("variable", {})
    alike = list(labels.values()).count(named.text) > 1
    before = (label(results, analysis, "block", place["block"]), Piece(": ")) if alike else ()
    unit = () if scale == DETECTABLE else unit_pieces(results, analysis, variable)
    return (*before, named, *unit, Piece(ending))


def _arm_cells(results: Results, place: dict[str, str], scale: str, first: bool, notes: Footnotes) -> list[Cell]:
    analysis = place["analysis"]
    observed = row_at(results, **place, measure="observed", level=VALUE, stat="count")
    pairs_level = PAIRED if scale == DETECTABLE else CHANGE
    paired = None if first else find_row(results, **place, measure="observed", level=pairs_level, stat="count")
    pairs = (Piece("/"), number(results, paired, "count")) if paired else ()
    count = Cell((number(results, observed, "count"), *pairs), "right")
    if scale == DETECTABLE:
        found = row_at(results, **place, measure="proportion", level=DETECTABLE, stat="estimate")
        share = value_cell(
            results, [found], (number(results, found, percent_style(results, analysis, SHARE_STYLE)),), notes
        )
        if first:
            return [count, share, dash_cell(AT_BASELINE, notes)]
        at = {**place, "measure": CHANGES[scale], "level": DETECTABLE}
        return [count, share, interval_cell(results, notes, POINTS_STYLE, **at)]
    level = row_at(results, **place, measure=LOCATIONS[scale], stat="estimate")
    style = _style(results, place)
    shown = value_cell(results, [level], (number(results, level, style),), notes)
    if first:
        return [count, shown, dash_cell(AT_BASELINE, notes)]
    changed = RATIO_STYLE if scale == LOG else style
    return [count, shown, interval_cell(results, notes, changed, **place, measure=CHANGES[scale])]


def _contrast_cell(results: Results, place: dict[str, str], scale: str, first: bool, notes: Footnotes) -> Cell:
    if scale == DETECTABLE:
        at = {**place, "measure": CONTRASTS[scale], "level": DETECTABLE}
        return interval_cell(results, notes, SHARE_STYLE, **at)
    if first:
        return dash_cell(AT_BASELINE, notes)
    style = RATIO_STYLE if scale == LOG else _style(results, place)
    return interval_cell(results, notes, style, **place, measure=CONTRASTS[scale])


def _style(results: Results, place: dict[str, str]) -> str:
    return analysis_of(results, place["analysis"]).chosen(f"style.{place['variable']}", str, "decimal2")

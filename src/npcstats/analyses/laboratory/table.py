"""The tables of shifts and treatment-emergent grades, of worst values and recovery, of values beside events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from npcstats.analyses.laboratory.displays import AgreementTable, LaboratoryWorst, NadirTable, ShiftTable
from npcstats.analyses.laboratory.rows import (
    AGREEMENT,
    COMPARED,
    DAY,
    EMERGENT,
    GRADES,
    NADIR,
    QUARTILES,
    RECOVERY,
    SHIFT,
    STATES,
    VALUE,
    band_level,
    shift_level,
)
from npcstats.analyses.laboratory.words import TOPICS, outside_sentences, window_heads
from npcstats.display.anatomy import NO_BREAK, Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes, dash_cell, group_row, interval_cell, value_cell
from npcstats.display.composing import compose_table
from npcstats.display.lookup import analysis_of, check_made, columns_of, find_row, ordered, pairs_of, row_at, stat_rows
from npcstats.display.pieces import (
    contrast_name,
    interval_pieces,
    label,
    level_pieces,
    number,
    part_pieces,
    unit_pieces,
)
from npcstats.formatting import MINUS
from npcstats.results import Results, select

STATS = ("count", "total", "estimate", "ci_low", "ci_high")
SHARE = f"n{NO_BREAK}/{NO_BREAK}N{NO_BREAK}(%; "
WHO = f", n{NO_BREAK}/{NO_BREAK}N"
NOTHING = Piece("")
LACKING = ("not_measured", "no_baseline")
NO_HIGHER = "Values of this parameter are not graded so high."
SHOWN_SENTENCE = "Grades at baseline that nobody had, and worst grades that nobody reached, are not shown."
TOLD_OF_RISKS = frozenset({"unknown", "emergent", "interval", "limits"})
TOLD_OF_PAIRS = frozenset({"difference", "adjustment"})


def tabulate_worst(results: Results, table: LaboratoryWorst) -> Table:
    """The table of treatment-emergent worst grades that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``laboratory``.
    table : LaboratoryWorst
        Of the plan.

    Returns
    -------
    Table
        Of each parameter a line for each band that its values can reach.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, or the period or a row that the table needs is absent.
    """
    analysis, window, notes = table.analysis, table.window, Footnotes()
    arms = _columns(results, table, ("risk",))
    pairs = pairs_of(results, analysis, ("risk_difference",))
    rows: list[TableRow] = []
    for code in _parameters(results, analysis):
        at = {"analysis": analysis, "window": window, "block": EMERGENT, "variable": code}
        rows.append(_measured_head(results, at, arms, len(pairs)))
        for band in table.bands:
            at_band = {**at, "level": band_level(band)}
            if not select(results, **at_band):
                continue
            cells = [_risk(results, notes, **at_band, arm=arm) for arm in arms]
            cells += [
                interval_cell(results, notes, "percent1", **at_band, arm=arm, reference=reference,
                              measure="risk_difference")
                for arm, reference in pairs
            ]  # fmt: skip
            rows.append(TableRow((Cell((label(results, analysis, "level", band_level(band)),), indent=1), *cells)))
            rows += _unknown(results, at_band, arms, len(pairs))
    risks = select(results, analysis=analysis, window=window, measure="risk")
    shares = (Piece(SHARE), *level_pieces(results, risks, ""))
    contrasts = [
        Cell((*contrast_name(results, arm, reference, MINUS), Piece(", points"), *level_pieces(results, risks)),
             "right", strong=True)
        for arm, reference in pairs
    ]  # fmt: skip
    return compose_table(
        results,
        [analysis],
        notes,
        name=f"laboratory-{analysis}-worst-{window}",
        header=(Cell((Piece("Treatment-emergent worst grade, "), *shares), strong=True),
                *window_heads(results, analysis, window, arms, 1, NOTHING), *contrasts),
        rows=rows,
        parts=(window,),
        without=TOPICS - TOLD_OF_RISKS - (TOLD_OF_PAIRS if pairs else frozenset()),
        extra=outside_sentences(results, analysis, window),
    )  # fmt: skip


def tabulate_nadirs(results: Results, table: NadirTable) -> Table:
    """The table of worst values and recovery that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``laboratory``.
    table : NadirTable
        Of the plan.

    Returns
    -------
    Table
        Of each parameter its worst value, the day of it, who recovered and how soon.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, or the period or a row that the table needs is absent.
    """
    analysis, window, notes = table.analysis, table.window, Footnotes()
    arms = _columns(results, table, QUARTILES)
    rows: list[TableRow] = []
    for code in _parameters(results, analysis):
        at = {"analysis": analysis, "window": window, "variable": code}
        rows.append(_observed_head(results, at, arms))
        style = analysis_of(results, analysis).chosen(f"style.{code}", str)
        lines = {
            "Worst value, median (quartiles)": [_middle(results, notes, style, **at, arm=a, level=VALUE) for a in arms],
            "Day of it, median (quartiles)": [_middle(results, notes, "decimal0", **at, arm=a, level=DAY)
                                              for a in arms],
            f"Recovered{WHO}": [_part(results, **at, arm=arm, block=RECOVERY, measure="recovered") for arm in arms],
        }  # fmt: skip
        # numbers of one unit stand under each other, not those of all
        scopes = (code, DAY, "recovered")
        rows += [
            TableRow((Cell((Piece(name),), indent=1), *cells), scope=scope)
            for (name, cells), scope in zip(lines.items(), scopes, strict=True)
        ]
        medians = select(results, **at, block=RECOVERY, measure="recovery_days")
        name = (Piece("Days to recovery, median"), *level_pieces(results, medians))
        found = [interval_cell(results, notes, "decimal0", **at, arm=arm, block=RECOVERY, measure="recovery_days")
                 for arm in arms]  # fmt: skip
        rows.append(TableRow((Cell(name, indent=1), *found), scope=RECOVERY))
    return compose_table(
        results,
        [analysis],
        notes,
        name=f"laboratory-{analysis}-nadirs-{window}",
        header=(Cell((Piece("Worst value and recovery"),), strong=True),
                *window_heads(results, analysis, window, arms, 1, NOTHING)),
        rows=rows,
        parts=(window,),
        without=TOPICS - {"nadir", "recovery"},
        extra=outside_sentences(results, analysis, window),
    )  # fmt: skip


def tabulate_agreement(results: Results, table: AgreementTable) -> Table:
    """The table of values beside reported events that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``laboratory``.
    table : AgreementTable
        Of the plan.

    Returns
    -------
    Table
        Of each parameter a line for each grade, of each arm a column for each way to agree or not.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, or the period or a row that the table needs is absent.
    """
    analysis, window, notes = table.analysis, table.window, Footnotes()
    arms = _columns(results, table, COMPARED)
    rows: list[TableRow] = []
    for code in _parameters(results, analysis):
        at = {"analysis": analysis, "window": window, "block": AGREEMENT, "variable": code}
        rows.append(group_row((label(results, analysis, "variable", code),), 1 + len(arms) * len(COMPARED)))
        for level in dict.fromkeys(row.level for row in select(results, **at)):
            name = Cell((label(results, analysis, "level", level),), indent=1)
            found = [row_at(results, **at, level=level, arm=arm, measure=measure, stat="count")
                     for arm in arms for measure in COMPARED]  # fmt: skip
            rows.append(TableRow((name, *(Cell((number(results, row, "count"),), "right") for row in found))))
    return compose_table(
        results,
        [analysis],
        notes,
        name=f"laboratory-{analysis}-agreement-{window}",
        header=tuple(
            Cell((label(results, analysis, "measure", measure),), "right", strong=True)
            for _ in arms for measure in COMPARED
        ),
        rows=rows,
        spanners=(Cell((Piece("Participants, n"),), strong=True, rowspan=2),
                  *window_heads(results, analysis, window, arms, len(COMPARED), NOTHING)),
        parts=(window,),
        without=TOPICS - {"agreement"},
        extra=outside_sentences(results, analysis, window),
    )  # fmt: skip


def tabulate_shift(results: Results, table: ShiftTable) -> Table:
    """The table of shifts that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``laboratory``.
    table : ShiftTable
        Of the plan.

    Returns
    -------
    Table
        Of each parameter a line for each grade at baseline, of each arm a column for each worst grade.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, or the period or a row that the table needs is absent.
    """
    analysis, window = table.analysis, table.window
    entry = analysis_of(results, analysis, "laboratory")
    check_made(results, analysis, "window", [window], ("shift",))
    check_made(results, analysis, "variable", table.parameters, ("shift",))
    arms, notes = columns_of(results, analysis, total=table.total), Footnotes()
    found = select(results, analysis=analysis, window=window, block=SHIFT, measure="shift", arm=set(arms))
    parameters = table.parameters or ordered(entry.labels.get("variable", {}), [row.variable for row in found])
    happened = {(row.variable, *row.level.split(">")) for row in found if row.value != 0}
    happened = {place for place in happened if place[0] in parameters}
    columns = [worst for worst in STATES if worst in {place[2] for place in happened} | set(map(str, GRADES[:1]))]
    rows: list[TableRow] = []
    for code in parameters:
        rows.append(group_row((label(results, analysis, "variable", code),), 1 + len(arms) * len(columns)))
        for before in STATES:
            if any(place[:2] == (code, before) for place in happened):
                cells = [
                    _count(results, notes, analysis=analysis, window=window, block=SHIFT, variable=code, arm=arm,
                           measure="shift", level=shift_level(before, worst))
                    for arm in arms for worst in columns
                ]  # fmt: skip
                rows.append(TableRow((Cell(_state(results, analysis, before), indent=1), *cells)))
    return compose_table(
        results,
        [analysis],
        notes,
        name=f"laboratory-{analysis}-shift-{window}",
        header=tuple(
            Cell((label(results, analysis, "level", worst),), "right", strong=True) for _ in arms for worst in columns
        ),
        rows=rows,
        spanners=(Cell((Piece("Grade at baseline"),), strong=True, rowspan=2),
                  *window_heads(results, analysis, window, arms, len(columns), Piece(": worst grade, n"))),
        parts=(window,),
        without=TOPICS - {"unknown", "limits"},
        extra=[*outside_sentences(results, analysis, window), (Piece(SHOWN_SENTENCE),)],
    )  # fmt: skip


def _columns(
    results: Results, table: LaboratoryWorst | NadirTable | AgreementTable, measures: Sequence[str]
) -> tuple[str, ...]:
    analysis_of(results, table.analysis, "laboratory")
    check_made(results, table.analysis, "window", [table.window], measures)
    return columns_of(results, table.analysis, total=table.total)


def _parameters(results: Results, analysis: str) -> tuple[str, ...]:
    labels = analysis_of(results, analysis).labels.get("variable", {})
    return ordered(labels, [row.variable for row in select(results, analysis=analysis) if row.variable])


def _measured_head(results: Results, at: dict[str, str], arms: Sequence[str], contrasts: int) -> TableRow:
    """A parameter, and how many in each arm are not measured in the period, or not at baseline."""
    cells = [Cell((label(results, at["analysis"], "variable", at["variable"]),), strong=True)]
    for arm in arms:
        after, before = (row_at(results, **at, arm=arm, measure=name, stat="count") for name in LACKING)
        pieces = (number(results, after, "count"), Piece(" not measured, "), number(results, before, "count"))
        cells.append(Cell((*pieces, Piece(" without baseline")), "right"))
    return TableRow((*cells, *(Cell(align="right") for _ in range(contrasts))), "total")


def _observed_head(results: Results, at: dict[str, str], arms: Sequence[str]) -> TableRow:
    """A parameter with its unit, and how many in each arm are measured."""
    analysis, code = at["analysis"], at["variable"]
    named = (label(results, analysis, "variable", code), *unit_pieces(results, analysis, code))
    cells = [Cell(named, strong=True)]
    for arm in arms:
        row = row_at(results, **at, block=NADIR, arm=arm, measure="observed", stat="count")
        cells.append(Cell((number(results, row, "count"), Piece(" measured")), "right"))
    return TableRow(tuple(cells), "total")


def _risk(results: Results, notes: Footnotes, **place: str) -> Cell:
    """A cell n / N (%; limits)."""
    count, total, share, *limits = stat_rows(results, STATS, **place, measure="risk")
    pieces = (
        *part_pieces(results, count, total),
        Piece(" ("),
        number(results, share, "percent1"),
        *interval_pieces(results, limits, "percent1", "; "),
    )
    return value_cell(results, [count, share, *limits], pieces, notes)


def _unknown(results: Results, at_band: dict[str, str], arms: Sequence[str], contrasts: int) -> list[TableRow]:
    """A line of those of whom it is not known whether they reach the band, where there are any."""
    found = [row_at(results, **at_band, arm=arm, measure="unknown_grade", stat="count") for arm in arms]
    if not any(row.value for row in found):
        return []
    cells = [Cell((number(results, row, "count"),), "right") for row in found]
    blank = (Cell(align="right") for _ in range(contrasts))
    return [TableRow((Cell((Piece("Not known"),), indent=2), *cells, *blank))]


def _middle(results: Results, notes: Footnotes, style: str, **place: Any) -> Cell:
    found = [row_at(results, **place, block=NADIR, measure=name, stat="estimate") for name in QUARTILES]
    median, *limits = found
    pieces = (number(results, median, style), *interval_pieces(results, limits, style, " ("))
    return value_cell(results, found, pieces, notes)


def _part(results: Results, **place: str) -> Cell:
    count, total = stat_rows(results, ("count", "total"), **place)
    return Cell(part_pieces(results, count, total), "right")


def _state(results: Results, analysis: str, state: str) -> tuple[Piece, ...]:
    named = label(results, analysis, "level", state)
    return (Piece("Grade "), named) if state.isdigit() else (named,)


def _count(results: Results, notes: Footnotes, **place: str) -> Cell:
    row = find_row(results, **place, stat="count")
    return Cell((number(results, row, "count"),), "right") if row else dash_cell(NO_HIGHER, notes)

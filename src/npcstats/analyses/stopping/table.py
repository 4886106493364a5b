"""Tables of stopping rules: where they stand, their limits look by look, and what they do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from npcstats.analyses.stopping.displays import BoundaryTable, CharacteristicsTable, StoppingTable
from npcstats.analyses.stopping.rows import EXACT, LOOKS, MET, NOW, SIMULATED
from npcstats.display.anatomy import Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes, dash_cell, group_row, limited_cell, value_cell
from npcstats.display.composing import compose_table
from npcstats.display.lookup import analysis_of, find_row, groups_of, row_at, stat_rows
from npcstats.display.notes import reason_pieces
from npcstats.display.origins import TIME
from npcstats.display.pieces import (
    chosen_number,
    column_name,
    group_name,
    label,
    level_pieces,
    number,
    part_pieces,
    words,
)
from npcstats.errors import ResultsError
from npcstats.results import Results, Row, select

LATER = "This look has not been reached."
NO_POSTERIOR = "The rule is no posterior probability."
NO_ALERT = "No alert is declared beside this rule."
STANDING_TOPICS = ("characteristics", "simulated", "order")
LIMITS_TOPICS = ("toxicity", "period", "baseline", "characteristics", "simulated", "early", "alert", "interval", "arms",
                 "arms_counts", "guideline")  # fmt: skip
CHARACTERISTICS_TOPICS = (*LIMITS_TOPICS[:3], *LIMITS_TOPICS[5:], "population", "denominator", "order")
"""Topics left out of each note, because the first table tells them, or another what is not in this one."""


@dataclass(frozen=True)
class _Page:
    """What every line needs."""

    results: Results
    analysis: str
    arms: tuple[str, ...]
    notes: Footnotes

    def rules(self) -> tuple[str, ...]:
        """Codes in page order."""
        return tuple(analysis_of(self.results, self.analysis).labels["variable"])

    def at(self, rule: str) -> dict[str, Any]:
        """Where the rows of a rule stand."""
        first = select(self.results, analysis=self.analysis, variable=rule, measure="acceptable_rate")[0]
        return {"analysis": self.analysis, "variable": rule, "window": first.window}

    def heading(self, rule: str) -> tuple[Piece, ...]:
        """What a rule is called, and the rate that is still acceptable."""
        row = row_at(self.results, **self.at(rule), measure="acceptable_rate", stat="estimate")
        rate = number(self.results, row, rate_style([row.value]))
        return (self.named(rule), Piece(", acceptable rate "), rate, Piece("%"))

    def alert(self, rule: str) -> tuple[Piece, ...]:
        """From which share an alert is raised; empty where none is declared."""
        row = find_row(self.results, **self.at(rule), measure="alert_limit", stat="estimate")
        return (Piece(", alert from "), number(self.results, row, "percent1"), Piece("%")) if row else ()

    def named(self, rule: str) -> Piece:
        """What a rule is called."""
        return label(self.results, self.analysis, "variable", rule)


def rate_style(rates: Iterable[float]) -> str:
    """The style of rates: whole percentages where all of them are.

    Parameters
    ----------
    rates : iterable of float
        From 0 to 1.

    Returns
    -------
    str
        A style.
    """
    return "percent0" if all(abs(100 * rate - round(100 * rate)) < 1e-9 for rate in rates) else "percent1"


def _page(results: Results, analysis: str) -> _Page:
    analysis_of(results, analysis, "stopping")
    return _Page(results, analysis, groups_of(results, analysis), Footnotes())


def tabulate_standing(results: Results, table: StoppingTable) -> Table:
    """The table of where rules stand.

    Parameters
    ----------
    results : Results
        Rows of kind ``stopping``.
    table : StoppingTable
        Of the plan.

    Returns
    -------
    Table
        Of each rule a line for each group.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, or a row that the table needs is absent.
    """
    page = _page(results, table.analysis)
    surely, alerts = (bool(select(results, analysis=page.analysis, measure=name))
                      for name in ("posterior_exceeds", "alert_limit"))  # fmt: skip
    header = _standing_heads(page, surely=surely, alerts=alerts)
    rows: list[TableRow] = []
    for rule in page.rules():
        rows.append(group_row((*page.heading(rule), *page.alert(rule)), len(header)))
        rows += [_standing_line(page, rule, arm, surely=surely, alerts=alerts) for arm in page.arms]
    return compose_table(
        results,
        [page.analysis],
        page.notes,
        name=f"stopping-{table.name}",
        header=header,
        rows=rows,
        without=STANDING_TOPICS,
        extra=_outside(page),
    )


def _standing_heads(page: _Page, *, surely: bool, alerts: bool) -> tuple[Cell, ...]:
    level = level_pieces(page.results, select(page.results, analysis=page.analysis, measure="risk", stat="ci_low"))
    heads: list[tuple[Piece, ...]] = [
        (Piece("Complete / exposed"),),
        (Piece("With the event"),),
        (Piece("Share, %"), *level),
        (Piece("Event, not complete"),),
        *([(Piece("Probability above acceptable"),)] if surely else []),
        (Piece("Met from"),),
        (Piece("Rule met"),),
        *([(Piece("Alert"),)] if alerts else []),
    ]
    return (Cell(), *(Cell(head, "right", strong=True) for head in heads))


def _standing_line(page: _Page, rule: str, arm: str, *, surely: bool, alerts: bool) -> TableRow:
    results, base = page.results, page.at(rule)
    of = {**base, "arm": arm, "block": NOW}
    cells = [
        Cell((group_name(results, arm),), indent=1),
        Cell(part_pieces(results, *stat_rows(results, ("count", "total"), **of, measure="observed")), "right"),
        _count(page, {**of, "measure": "risk"}),
        limited_cell(results, page.notes, "percent1", **of, measure="risk"),
        _count(page, {**of, "measure": "pending"}),
    ]
    if surely:
        named = {**of, "measure": "posterior_exceeds"}
        known = find_row(results, **named, stat="estimate")
        cells.append(_estimate(page, "p_value", named) if known else dash_cell(NO_POSTERIOR, page.notes))
    cells += [_count(page, {**of, "measure": "stopping_limit"}), _verdict(page, {**of, "measure": "stopping_met"})]
    if alerts:
        known = find_row(results, **base, measure="alert_limit", stat="estimate")
        raised = {**of, "measure": "alert_raised"}
        cells.append(_verdict(page, raised) if known else dash_cell(NO_ALERT, page.notes))
    return TableRow(tuple(cells))


def _count(page: _Page, place: dict[str, Any]) -> Cell:
    row = row_at(page.results, **place, stat="count")
    return value_cell(page.results, (row,), (number(page.results, row, "count"),), page.notes)


def _estimate(page: _Page, style: str, place: dict[str, Any]) -> Cell:
    row = row_at(page.results, **place, stat="estimate")
    return value_cell(page.results, (row,), (number(page.results, row, style),), page.notes)


def _verdict(page: _Page, place: dict[str, Any]) -> Cell:
    """Yes or no, in semibold where it is yes."""
    row = row_at(page.results, **place, stat="count")
    if row.value not in (0.0, 1.0):
        return value_cell(page.results, (row,), (number(page.results, row, "count"),), page.notes)
    word = words(page.results, "analyses", page.analysis, "labels", MET, f"{row.value:.0f}")
    return Cell((word,), "right", strong=row.value == 1.0)


def _outside(page: _Page) -> list[tuple[Piece, ...]]:
    """Who is not through the period, by reason, once where the rules share it."""
    told: dict[str, list[Piece]] = {}
    for rule in page.rules():
        at = page.at(rule)
        pieces: list[Piece] = []
        for arm in page.arms:
            rows = select(page.results, **at, arm=arm, measure="not_evaluable", stat="count")
            pieces += reason_pieces(page.results, page.analysis, arm, [row for row in rows if row.value > 0])
        if pieces:
            told.setdefault(at["window"], pieces)
    return [(Piece("Not counted: "), *pieces[:-1], Piece(".")) for pieces in told.values()]


def tabulate_boundaries(results: Results, table: BoundaryTable) -> Table:
    """The table of limits, look by look.

    Parameters
    ----------
    results : Results
        Rows of kind ``stopping``.
    table : BoundaryTable
        Of the plan.

    Returns
    -------
    Table
        A line for each look of any rule.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, or a row that the table needs is absent.
    """
    page = _page(results, table.analysis)
    rules = page.rules()
    limits = {rule: _by_look(page, rule) for rule in rules}
    looks = sorted({look for of in limits.values() for look in of})
    rows = [TableRow((_look_cell(page, limits, look), *(cell for rule in rules for cell in _look_cells(
        page, rule, limits[rule].get(look), look)))) for look in looks]  # fmt: skip
    spanners = (
        Cell((Piece("Participants"),), strong=True, rowspan=2),
        *(Cell((page.named(rule),), "center", strong=True, colspan=1 + len(page.arms), underline=True)
          for rule in rules),
    )  # fmt: skip
    heads = [Cell((Piece("Met from"),), "right", strong=True)]
    heads += [Cell((column_name(results, arm, page.arms),), "right", strong=True) for arm in page.arms]
    return compose_table(
        results,
        [page.analysis],
        page.notes,
        name=f"stopping-{table.name}",
        spanners=spanners,
        header=tuple(heads * len(rules)),
        rows=rows,
        without=LIMITS_TOPICS,
    )


def _by_look(page: _Page, rule: str) -> dict[float, Row]:
    rows = select(page.results, **page.at(rule), block=LOOKS, measure="stopping_limit", stat="count")
    return {row.time: row for row in rows}


def _look_cell(page: _Page, limits: dict[str, dict[float, Row]], look: float) -> Cell:
    row = next(of[look] for of in limits.values() if look in of)
    return Cell((number(page.results, row, TIME),))


def _look_cells(page: _Page, rule: str, limit: Row | None, look: float) -> list[Cell]:
    """The limit of a look, and the events of each group by then; in semibold where they meet it."""
    results = page.results
    if limit is None:
        return [dash_cell("This rule has no such look.", page.notes) for _ in range(1 + len(page.arms))]
    cells = [value_cell(results, (limit,), (number(results, limit, "count"),), page.notes)]
    for arm in page.arms:
        place = {**page.at(rule), "block": LOOKS, "arm": arm, "time": look, "stat": "count"}
        events, met = (find_row(results, **place, measure=name) for name in ("ordered_events", "stopping_met"))
        if events is None or met is None:
            cells.append(dash_cell(LATER, page.notes))
        else:
            cells.append(Cell((number(results, events, "count"),), "right", strong=met.value == 1.0))
    return cells


def tabulate_characteristics(results: Results, table: CharacteristicsTable) -> Table:
    """The table of what rules do.

    Parameters
    ----------
    results : Results
        Rows of kind ``stopping``.
    table : CharacteristicsTable
        Of the plan.

    Returns
    -------
    Table
        A line for each true rate of each rule.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, or has no look that the table asks for.
    """
    page = _page(results, table.analysis)
    simulated = bool(select(results, analysis=page.analysis, block=SIMULATED))
    header = _characteristic_heads(results, table.by, simulated)
    rows: list[TableRow] = []
    for rule in page.rules():
        rows.append(group_row(page.heading(rule), len(header)))
        rates = select(results, **page.at(rule), block=EXACT, measure="true_rate", stat="estimate")
        style = rate_style(row.value for row in rates)
        rows += [_characteristic_line(page, row, style, table.by, simulated) for row in rates]
    return compose_table(
        results,
        [page.analysis],
        page.notes,
        name=f"stopping-{table.name}",
        header=header,
        rows=rows,
        without=CHARACTERISTICS_TOPICS,
    )


def _characteristic_heads(results: Results, by: Sequence[int], simulated: bool) -> tuple[Cell, ...]:
    names: list[tuple[Piece, ...]] = [(Piece("Rule ever met, %"),)]
    names += [(Piece("By "), chosen_number(results, float(look), "count"), Piece(", %")) for look in by]
    names += [(Piece(name),) for name in ("Mean size", "Mean events", *(["Ever met, simulated, % (SE)"] * simulated))]
    return (Cell((Piece("True rate"),), strong=True), *(Cell(name, "right", strong=True) for name in names))


def _characteristic_line(page: _Page, rate: Row, style: str, by: Sequence[int], simulated: bool) -> TableRow:
    results = page.results
    at = {"analysis": rate.analysis, "variable": rate.variable, "window": rate.window, "level": rate.level}
    exact = {**at, "block": EXACT}
    cells = [Cell((number(results, rate, style), Piece("%")), indent=1)]
    cells.append(_estimate(page, "percent1", {**exact, "measure": "stop_probability"}))
    for look in by:
        place = {**exact, "measure": "stop_probability", "time": float(look)}
        if find_row(results, **place, stat="estimate") is None:
            raise ResultsError(f"{rate.analysis}: rule {rate.variable} has no look after {look} participants; one of "
                               "its looks is required.")  # fmt: skip
        cells.append(_estimate(page, "percent1", place))
    cells.append(_estimate(page, "decimal1", {**exact, "measure": "expected_size"}))
    cells.append(_estimate(page, "decimal1", {**exact, "measure": "expected_events"}))
    if simulated:
        place = {**at, "block": SIMULATED, "measure": "stop_probability"}
        share, error = stat_rows(results, ("estimate", "std_error"), **place)
        pieces = (number(results, share, "percent1"), Piece(" ("), number(results, error, "percent1"), Piece(")"))
        cells.append(Cell(pieces, "right"))
    return TableRow(tuple(cells))

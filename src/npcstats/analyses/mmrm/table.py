"""Tables of a mixed model: means and contrasts by visit, how it was fitted and its terms, two kinds of means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from npcstats.analyses.mmrm.displays import MarginalMeans, ModelledCourse, ModelTerms
from npcstats.analyses.mmrm.rows import AVERAGE, CONTRASTS, DIED, LOG, MARGINALS, MEANS, TERMS
from npcstats.analyses.mmrm.words import outside_sentences
from npcstats.display.anatomy import Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes, dash_cell, group_row, limited_cell, value_cell
from npcstats.display.composing import compose_table
from npcstats.display.lookup import analysis_of, find_row, groups_of, ordered, pairs_of, row_at, stat_rows
from npcstats.display.pieces import column_name, contrast_name, label, level_pieces, number, unit_pieces
from npcstats.errors import ResultsError
from npcstats.results import Results, select

RATIO_STYLE = "ratio"
SHORTEST = 14.0
HEADING = {LOG: ": geometric mean of the ratio to baseline", "identity": ": mean change from baseline"}
COMPARED = {LOG: "; ratio", "identity": "; difference"}
ALONE = {LOG: ": ratio of geometric means of the ratio to baseline", "identity": ": difference of mean changes"}
NOT_IN_FAMILY = "Not in the family."
COUNTED = "n: modelled participants with a value at the visit; died: those without one who had died before it."
COURSE_WITHOUT = ("marginal", "terms", "residuals", "score")
_ELSEWHERE = ("visits", "limit", "same", "contrast", "family", "adjustment", "score", "wording", "residuals")
TERMS_WITHOUT = (*_ELSEWHERE, "marginal", "means", "missing", "death")
MEANS_WITHOUT = (*_ELSEWHERE, "terms")


@dataclass(frozen=True)
class _Page:
    """What every line needs."""

    results: Results
    analysis: str
    main: str
    arms: tuple[str, ...]
    pair: tuple[str, str] | None
    blocks: tuple[str, ...]
    family: bool
    notes: Footnotes
    means: bool = True

    def scale(self, variable: str) -> str:
        """The scale of a marker."""
        scale = analysis_of(self.results, self.analysis).chosen(f"scale.{variable}", str, "")
        if scale not in HEADING:
            raise ResultsError(f"{self.analysis}.{variable}: scale is {scale!r}; one of {', '.join(HEADING)} is "
                               "required.")  # fmt: skip
        return scale

    def style(self, variable: str) -> str:
        """How a mean or a contrast of a marker is printed."""
        if self.scale(variable) == LOG:
            return RATIO_STYLE
        return analysis_of(self.results, self.analysis).chosen(f"style.{variable}", str, "decimal2")


def _open(results: Results, analysis: str, blocks: tuple[str, ...] = (), *, means: bool = True) -> _Page:
    entry = analysis_of(results, analysis, "mmrm")
    pairs = pairs_of(results, analysis, {*CONTRASTS.values()})
    family = bool(pairs and select(results, analysis=analysis, measure="contrast_adjusted"))
    return _Page(results, analysis, entry.chosen("main", str), groups_of(results, analysis),
                 pairs[0] if pairs else None, blocks if pairs else (), family, Footnotes(), means)  # fmt: skip


def _variables(page: _Page) -> tuple[str, ...]:
    rows = page.results.by_analysis[page.analysis]
    labels = analysis_of(page.results, page.analysis).labels
    return ordered(labels.get("variable", {}), [row.variable for row in rows if row.variable])


def _windows(page: _Page) -> tuple[str, ...]:
    return tuple(analysis_of(page.results, page.analysis).labels["window"])


def tabulate_course(results: Results, table: ModelledCourse) -> Table:
    """The table of means and contrasts that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``mmrm``.
    table : ModelledCourse
        Of the plan.

    Returns
    -------
    Table
        A line for each visit under its marker, then the average.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, or a row that the table needs is absent.
    """
    page = _open(results, table.analysis, table.blocks, means=table.means)
    rows: list[TableRow] = []
    width = 1 + (1 + page.means) * len(page.arms) + (len(page.blocks) + 1 + page.family if page.pair else 0)
    for variable in _variables(page):
        rows.append(group_row(_heading(page, variable), width))
        rows += [_course_line(page, variable, window) for window in _windows(page)]
    spanners, header = _course_header(page)
    unshown = [] if _weighted(page) else ["adjustment"]
    return compose_table(
        results,
        [table.analysis],
        page.notes,
        name=f"mmrm-{table.name}",
        spanners=spanners,
        header=header,
        rows=rows,
        without=(*COURSE_WITHOUT, *unshown),
        extra=[(Piece(COUNTED),), *outside_sentences(results, table.analysis)],
        shortest=SHORTEST,
    )


def _weighted(page: _Page) -> bool:
    """Whether a column is of a weighted model."""
    return any(select(page.results, analysis=page.analysis, block=b, measure="effective_size") for b in page.blocks)


def _heading(page: _Page, variable: str) -> tuple[Piece, ...]:
    scale = page.scale(variable)
    unit = () if scale == LOG else unit_pieces(page.results, page.analysis, variable)
    compared = bool(page.pair and page.blocks)
    told = HEADING[scale] + (COMPARED[scale] if compared else "") if page.means else ALONE[scale] if compared else ""
    return (label(page.results, page.analysis, "variable", variable), *unit, Piece(told))


def _course_header(page: _Page) -> tuple[tuple[Cell, ...], tuple[Cell, ...]]:
    results, analysis = page.results, page.analysis
    spanners, header = [Cell((Piece("Visit"),), strong=True, rowspan=2)], []
    for arm in page.arms:
        spanners.append(Cell((column_name(results, arm, page.arms),), "center" if page.means else "right",
                             strong=True, colspan=1 + page.means, underline=page.means))  # fmt: skip
        header.append(Cell((Piece("n/died"),), "right", strong=True))
        header += [Cell((Piece("Mean"),), "right", strong=True)] if page.means else []
    if page.pair and page.blocks:
        columns = len(page.blocks) + 1 + page.family
        named = contrast_name(results, *page.pair, "vs")
        spanners.append(Cell(named, "center", strong=True, colspan=columns, underline=True))
        for block in page.blocks:
            rows = select(results, analysis=analysis, measure={*CONTRASTS.values()}, block=block, stat="ci_low")
            named = (label(results, analysis, "block", block), *level_pieces(results, rows))
            header.append(Cell(named, "right", strong=True))
            header += _p_headers(page) if block == page.main else []
        header += [] if page.main in page.blocks else _p_headers(page)
    return tuple(spanners), tuple(header)


def _p_headers(page: _Page) -> list[Cell]:
    names = ["P", *([_family_name(page)] if page.family else [])]
    return [Cell((Piece(name),), "right", strong=True) for name in names]


def _course_line(page: _Page, variable: str, window: str) -> TableRow:
    place = {"analysis": page.analysis, "variable": variable, "window": window}
    average = window == AVERAGE
    cells = [Cell((label(page.results, page.analysis, "window", window),), indent=1)]
    for arm in page.arms:
        cells.append(_count_cell(page, {**place, "window": "" if average else window, "arm": arm}))
        if not page.means:
            continue
        mean = {**place, "arm": arm, "block": page.main, "measure": MEANS[page.scale(variable)]}
        row = row_at(page.results, **mean, stat="estimate")
        cells.append(value_cell(page.results, [row], (number(page.results, row, page.style(variable)),), page.notes))
    if page.pair and page.blocks:
        between = {**place, "arm": page.pair[0], "reference": page.pair[1]}
        for block in page.blocks:
            own = {**between, "block": block, "measure": CONTRASTS[page.scale(variable)]}
            cells.append(limited_cell(page.results, page.notes, page.style(variable), **own))
            cells += _p_cells(page, between, variable) if block == page.main else []
        cells += [] if page.main in page.blocks else _p_cells(page, between, variable)
    return TableRow(tuple(cells), scope=variable)


def _count_cell(page: _Page, place: dict[str, Any]) -> Cell:
    """With a value, and died; of the average those modelled."""
    seen = row_at(page.results, **place, measure="observed", stat="count")
    died = find_row(page.results, **place, measure="not_evaluable", level=DIED, stat="count")
    beside = (Piece("/"), number(page.results, died, "count")) if died else ()
    return Cell((number(page.results, seen, "count"), *beside), "right")


def _family_name(page: _Page) -> str:
    """q, as elsewhere, of a false discovery rate."""
    rule = analysis_of(page.results, page.analysis).choices["multiplicity"]
    return "q" if rule == "benjamini-hochberg" else "P, family"


def _p_cells(page: _Page, between: dict[str, Any], variable: str) -> list[Cell]:
    """P-values of the main model: as they are, and adjusted within the family."""
    own = {**between, "block": page.main, "stat": "p_value"}
    row = row_at(page.results, **own, measure=CONTRASTS[page.scale(variable)])
    cells = [value_cell(page.results, [row], (number(page.results, row, "p_value"),), page.notes)]
    if page.family:
        adjusted = find_row(page.results, **own, measure="contrast_adjusted")
        cells.append(
            value_cell(page.results, [adjusted], (number(page.results, adjusted, "p_value"),), page.notes)
            if adjusted
            else dash_cell(NOT_IN_FAMILY, page.notes)
        )
    return cells


def tabulate_terms(results: Results, table: ModelTerms) -> Table:
    """The table of how models were fitted, and of the tests of their terms.

    Parameters
    ----------
    results : Results
        Rows of kind ``mmrm``.
    table : ModelTerms
        Of the plan.

    Returns
    -------
    Table
        Of each marker a line for each term, under how many the main model is of.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, or a row that the table needs is absent.
    """
    page = _open(results, table.analysis)
    rows: list[TableRow] = []
    for variable in _variables(page):
        rows.append(group_row(_fit_pieces(page, variable), len(_TERM_HEADS)))
        rows += _term_lines(page, variable)
    header = tuple(Cell((Piece(name),), "right" if i else "left", strong=True) for i, name in enumerate(_TERM_HEADS))
    return compose_table(
        results,
        [table.analysis],
        page.notes,
        name=f"mmrm-{table.name}",
        header=header,
        rows=rows,
        without=TERMS_WITHOUT,
        extra=outside_sentences(results, table.analysis),
    )


_TERM_HEADS = ("Marker and term", "Coefficients", "F", "Denominator df", "P")


def _fit_pieces(page: _Page, variable: str) -> tuple[Piece, ...]:
    """A marker, and of how many participants and values its main model is."""
    place = {"analysis": page.analysis, "variable": variable, "block": page.main}
    who, seen, parameters = (
        row_at(page.results, **place, measure=measure, stat="count")
        for measure in ("participants", "records", "covariance_parameters")
    )
    criterion = row_at(page.results, **place, measure="criterion", stat="estimate")
    return (
        label(page.results, page.analysis, "variable", variable),
        Piece(": "),
        number(page.results, who, "count"),
        Piece(" participants, "),
        number(page.results, seen, "count"),
        Piece(" values, "),
        number(page.results, parameters, "count"),
        Piece(" covariance parameters, criterion "),
        number(page.results, criterion, "decimal1"),
    )


def _term_lines(page: _Page, variable: str) -> list[TableRow]:
    place = {"analysis": page.analysis, "variable": variable, "block": page.main, "measure": "term_test"}
    rows = select(page.results, **place, stat="statistic")
    lines = []
    for term in (name for name in TERMS if name in {row.level for row in rows}):
        count, statistic, df, p_value = stat_rows(
            page.results, ("count", "statistic", "df", "p_value"), **place, level=term
        )
        styled = ((count, "count"), (statistic, "decimal2"), (df, "decimal1"), (p_value, "p_value"))
        cells = [value_cell(page.results, [row], (number(page.results, row, style),), page.notes)
                 for row, style in styled]  # fmt: skip
        lines.append(TableRow((Cell((label(page.results, page.analysis, "level", term),), indent=1), *cells),
                              scope=variable))  # fmt: skip
    return lines


def tabulate_means(results: Results, table: MarginalMeans) -> Table:
    """The table of least-squares means and marginal means.

    Parameters
    ----------
    results : Results
        Rows of kind ``mmrm``.
    table : MarginalMeans
        Of the plan.

    Returns
    -------
    Table
        A line for each visit under its marker, both means of each group side by side.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, or a row that the table needs is absent.
    """
    page = _open(results, table.analysis)
    rows: list[TableRow] = []
    for variable in _variables(page):
        rows.append(group_row(_heading(page, variable), 1 + 2 * len(page.arms)))
        rows += [_means_line(page, variable, window) for window in _windows(page)]
    spanners = [Cell((Piece("Visit"),), strong=True, rowspan=2)]
    header = []
    for arm in page.arms:
        name = column_name(results, arm, page.arms)
        spanners.append(Cell((name,), "center", strong=True, colspan=2, underline=True))
        for words, measures in (("Least squares", MEANS), ("Marginal", MARGINALS)):
            found = select(results, analysis=table.analysis, measure={*measures.values()}, stat="ci_low")
            header.append(Cell((Piece(words), *level_pieces(results, found)), "right", strong=True))
    return compose_table(
        results,
        [table.analysis],
        page.notes,
        name=f"mmrm-{table.name}",
        spanners=tuple(spanners),
        header=tuple(header),
        rows=rows,
        without=MEANS_WITHOUT,
        shortest=SHORTEST,
    )


def _means_line(page: _Page, variable: str, window: str) -> TableRow:
    place = {"analysis": page.analysis, "variable": variable, "window": window, "block": page.main}
    scale, style = page.scale(variable), page.style(variable)
    cells = [Cell((label(page.results, page.analysis, "window", window),), indent=1)]
    for arm in page.arms:
        for measures in (MEANS, MARGINALS):
            own = {**place, "arm": arm, "measure": measures[scale]}
            cells.append(limited_cell(page.results, page.notes, style, **own))
    return TableRow(tuple(cells), scope=variable)

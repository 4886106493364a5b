"""Pieces made from rows and from the catalogue: the only way a number or a label enters a table or a sentence."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from npcstats.display.anatomy import NO_BREAK, Cell, Piece
from npcstats.errors import ResultsError
from npcstats.formatting import (
    NOT_APPLICABLE,
    NOT_PUBLISHED,
    ROUNDINGS,
    STYLES,
    Rounding,
    format_number,
    format_percent_level,
    format_time,
    format_unit,
)
from npcstats.results import EVERYONE, Analysis, Catalogue, Results, Row, is_withheld, read_listing

CONF_LEVEL = "conf_level"
TIME = "time"
NOTE = "note"
LIMITS = ("ci_low", "ci_high")
ROW_STYLES = (CONF_LEVEL, TIME, NOTE)
"""Styles that print another column of the row than its value."""

SIZE = f" (N{NO_BREAK}={NO_BREAK}"
"""What opens the size of a group behind its name: the brackets may stand on a line of their own, but never break."""
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def format_row(row: Row, style: str, *, rounding: Rounding) -> str:
    """Print one number, or the note, of a row.

    Parameters
    ----------
    row : Row
        Where it stands.
    style : str
        One of `formatting.STYLES` prints the value; ``conf_level``, ``time`` and ``note`` print that column.
    rounding : {"half-away", "half-even"}
        From the catalogue.

    Returns
    -------
    str
        The text as every display prints it.

    Raises
    ------
    SpecError
        If the style does not exist.
    """
    if style == CONF_LEVEL:
        return format_percent_level(row.conf_level)
    if style == TIME:
        return format_time(row.time)
    if style == NOTE:
        return row.note
    if is_withheld(row):
        return NOT_PUBLISHED
    return format_number(row.value, style, rounding=rounding)


def number(results: Results, row: Row, style: str) -> Piece:
    """A number with the key of its row.

    Parameters
    ----------
    results : Results
        Whose rounding is in force.
    row : Row
        The row it prints.
    style : str
        A style of `format_row`.

    Returns
    -------
    Piece
        Text, key and style.
    """
    return Piece(format_row(row, style, rounding=rounding_of(results)), row.key, style)


def chosen_number(results: Results, value: float, style: str) -> Piece:
    """A number that the caller of a display chose and no row holds.

    Parameters
    ----------
    results : Results
        Whose rounding is in force.
    value : float
        The number.
    style : str
        One of `formatting.STYLES`.

    Returns
    -------
    Piece
        Text, style and the value itself as data.
    """
    return Piece(format_number(value, style, rounding=rounding_of(results)), style=style, value=repr(value))


def rounding_of(results: Results) -> Rounding:
    """The rounding that the plan set.

    Parameters
    ----------
    results : Results
        Its catalogue holds it.

    Returns
    -------
    {"half-away", "half-even"}
        The rule.

    Raises
    ------
    ResultsError
        If the catalogue names none.
    """
    rounding = results.catalogue.study.get("rounding", "")
    if rounding not in ROUNDINGS:
        raise ResultsError(f"catalogue.study.rounding is {rounding!r}; one of {', '.join(ROUNDINGS)} is required.")
    return rounding


def analysis_of(results: Results, analysis: str, kind: str = "") -> Analysis:
    """The catalogue's entry of an analysis.

    Parameters
    ----------
    results : Results
        Its catalogue.
    analysis : str
        Id of the plan entry.
    kind : str
        Kind that is required; any if empty.

    Returns
    -------
    Analysis
        Words, order and choices.

    Raises
    ------
    ResultsError
        If there is no such analysis, or it is of another kind.
    """
    known = results.catalogue.analyses
    if analysis not in known:
        raise ResultsError(f"analysis {analysis!r} is not in the catalogue; one of {', '.join(known)} is required.")
    if kind and known[analysis].kind != kind:
        raise ResultsError(f"analysis {analysis!r} is of kind {known[analysis].kind!r}; kind {kind!r} is required.")
    return known[analysis]


def words(results: Results, *path: str) -> Piece:
    """Words of the catalogue with the path where they stand.

    Parameters
    ----------
    results : Results
        Its catalogue.
    *path : str
        Names from the top, such as ``"analyses", "os", "sentences", "method"``.

    Returns
    -------
    Piece
        Text and path; ``/`` and ``~`` inside a name are written ``~1`` and ``~0``.

    Raises
    ------
    ResultsError
        If nothing stands there.
    """
    joined = "/".join(name.replace("~", "~0").replace("/", "~1") for name in path)
    return Piece(catalogue_words(results.catalogue, joined), catalogue=joined)


def catalogue_words(catalogue: Catalogue, path: str) -> str:
    """The text that stands at a path of the catalogue.

    Parameters
    ----------
    catalogue : Catalogue
        Where to look.
    path : str
        Names joined by ``/``, as `words` writes them.

    Returns
    -------
    str
        The text; a unit with raised exponents.

    Raises
    ------
    ResultsError
        If no text stands there.
    """
    found: object = catalogue
    for part in path.split("/"):
        name = part.replace("~1", "/").replace("~0", "~")
        found = found.get(name) if isinstance(found, Mapping) else getattr(found, name, None)
    if not isinstance(found, str):
        raise ResultsError(f"catalogue: nothing at {path}; a text of the catalogue is required.")
    return format_unit(found) if "/units/" in path else found


def printed_text(results: Results, data: Mapping[str, str], *, code: str = "") -> str:
    """The text that a piece's data attributes call for: what a checker compares with the page.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    data : mapping of str to str
        ``key`` and ``style``, or ``catalogue``, or ``column``, or ``value`` and ``style``, or ``listing``, as in
        `Piece.data`.
    code : str
        The printed text, for a ``column``: it must be a code of that column.

    Returns
    -------
    str
        What must be printed.

    Raises
    ------
    ResultsError
        If the data name no row, no words and no code.
    """
    if data.get("key"):
        row = results.by_key.get(data["key"])
        if row is None:
            raise ResultsError(f"results: no row has the key {data['key']}; a printed key must be in the results.")
        return format_row(row, data["style"], rounding=rounding_of(results))
    if data.get("catalogue"):
        return catalogue_words(results.catalogue, data["catalogue"])
    if data.get("value"):
        return format_number(float(data["value"]), data["style"], rounding=rounding_of(results))
    if data.get("listing"):
        return listed_text(results, data["listing"])
    if data.get("column") and any(getattr(row, data["column"]) == code for row in results.rows):
        return code
    raise ResultsError(f"results: {dict(data)} names no row, no words and no code of a column.")


def listed_text(results: Results, place: str) -> str:
    """The text at a place of a listing.

    Parameters
    ----------
    results : Results
        Read from a folder.
    place : str
        Listing id, number of the record from 0, and column, joined by ``/``.

    Returns
    -------
    str
        The text.

    Raises
    ------
    ResultsError
        If there is no such listing or place.
    """
    name, number, column = place.split("/")
    if results.folder is None:
        raise ResultsError(f"listing {name}: results that were read from a folder are required.")
    found = read_listing(results.folder / "listings" / f"{name}.csv")
    if column not in found.columns or not 0 <= int(number) < len(found.rows):
        raise ResultsError(f"listing {name}: nothing at {place}; a record and column of the listing are required.")
    return found.rows[int(number)][found.columns.index(column)]


def label(results: Results, analysis: str, column: str, code: str, *, lookup: str = "") -> Piece:
    """A code's label, or the code itself where the catalogue has none.

    Parameters
    ----------
    results : Results
        Its catalogue.
    analysis : str
        Id of the analysis.
    column : str
        Key column, such as ``level``.
    code : str
        Code in that column.
    lookup : str
        Code under which the catalogue holds the label, if not `code`.

    Returns
    -------
    Piece
        Words and their origin.
    """
    wanted = lookup or code
    if column == "arm" and code in results.catalogue.arms:
        return words(results, "arms", code)
    if wanted in analysis_of(results, analysis).labels.get(column, {}):
        return words(results, "analyses", analysis, "labels", column, wanted)
    return Piece(code, column=column)


def unit_pieces(results: Results, analysis: str, variable: str) -> tuple[Piece, ...]:
    """A variable's unit after a comma; empty where it has none, or where its label ends with it.

    Parameters
    ----------
    results : Results
        Its catalogue.
    analysis : str
        Id of the analysis.
    variable : str
        Code.

    Returns
    -------
    tuple of Piece
        Comma and unit.
    """
    unit = analysis_of(results, analysis).units.get(variable, "")
    if not unit or label(results, analysis, "variable", variable).text.endswith(unit):
        return ()
    return (Piece(", "), words(results, "analyses", analysis, "units", variable))


def ordered(labels: Mapping[str, str], present: Sequence[str]) -> tuple[str, ...]:
    """Codes in page order: those with a label first, in the order of the labels, then the others as they come.

    Parameters
    ----------
    labels : mapping of str to str
        Codes and labels.
    present : sequence of str
        Codes to order, possibly repeated.

    Returns
    -------
    tuple of str
        Each code once.
    """
    unique = dict.fromkeys(present)
    return (*(code for code in labels if code in unique), *(code for code in unique if code not in labels))


def groups_of(results: Results, analysis: str) -> tuple[str, ...]:
    """Arms that an analysis has rows for, in page order; everyone pooled where there are none.

    Parameters
    ----------
    results : Results
        Rows and arms.
    analysis : str
        Id of the analysis.

    Returns
    -------
    tuple of str
        Arm codes, or ``("all",)``.
    """
    present = {row.arm for row in results.by_analysis.get(analysis, ())}
    arms = tuple(code for code in results.catalogue.arms if code in present)
    return arms or (EVERYONE,)


def columns_of(results: Results, analysis: str, *, total: bool) -> tuple[str, ...]:
    """Groups that have a column in a table.

    Parameters
    ----------
    results : Results
        Rows and arms.
    analysis : str
        Id of the analysis.
    total : bool
        Whether everyone has a column beside the arms.

    Returns
    -------
    tuple of str
        As `groups_of`; ``all`` last where it is wanted and there are arms.

    Raises
    ------
    ResultsError
        If a column of everyone is wanted and the analysis has no row of everyone.
    """
    arms = groups_of(results, analysis)
    if not total or arms == (EVERYONE,):
        return arms
    if not any(row.arm == EVERYONE for row in results.by_analysis[analysis]):
        raise ResultsError(f"{analysis}: no row of everyone; a table with a total requires them.")
    return (*arms, EVERYONE)


def column_name(results: Results, arm: str, arms: Sequence[str]) -> Piece:
    """The heading of a group's column, short where everyone stands beside arms.

    Parameters
    ----------
    results : Results
        Its catalogue.
    arm : str
        Arm code or ``all``.
    arms : sequence of str
        Groups that have a column.

    Returns
    -------
    Piece
        The arm's label, or words for everyone.
    """
    return Piece("All") if arm == EVERYONE and len(arms) > 1 else group_name(results, arm)


def pairs_of(results: Results, analysis: str, measures: Collection[str]) -> tuple[tuple[str, str], ...]:
    """Pairs of arms that an analysis compares.

    Parameters
    ----------
    results : Results
        Rows and arms.
    analysis : str
        Id of the analysis.
    measures : collection of str
        Measures of a contrast.

    Returns
    -------
    tuple of (str, str)
        Arm and reference, in page order; empty where no two are compared.
    """
    rows = results.by_analysis.get(analysis, ())
    return tuple(dict.fromkeys((row.arm, row.reference) for row in rows if row.reference and row.measure in measures))


def check_made(results: Results, analysis: str, column: str, wanted: Sequence[str], measures: Collection[str]) -> None:
    """Refuse codes that an analysis has no row of.

    Parameters
    ----------
    results : Results
        The table.
    analysis : str
        Id of the analysis.
    column : str
        Key column, such as ``level``.
    wanted : sequence of str
        Codes asked for.
    measures : collection of str
        Measures whose rows count.

    Raises
    ------
    ResultsError
        If one of them was not made; it lists those that were.
    """
    rows = [row for row in results.by_analysis.get(analysis, ()) if row.measure in measures]
    known = ordered(analysis_of(results, analysis).labels.get(column, {}), [getattr(row, column) for row in rows])
    stray = [code for code in wanted if code not in known]
    if stray:
        raise ResultsError(
            f"{analysis}: {column} {', '.join(map(repr, stray))} was not made; one of {', '.join(known)} is required."
        )


def group_name(results: Results, arm: str) -> Piece:
    """The heading of an arm's column.

    Parameters
    ----------
    results : Results
        Its catalogue.
    arm : str
        Arm code or ``all``.

    Returns
    -------
    Piece
        The arm's label, or words for everyone.
    """
    return Piece("All participants") if arm == EVERYONE else words(results, "arms", arm)


def contrast_name(results: Results, arm: str, reference: str, sign: str) -> tuple[Piece, ...]:
    """Two arms and the sign between them, short where a label only repeats the code.

    Parameters
    ----------
    results : Results
        Its catalogue.
    arm, reference : str
        Codes of the first arm and of the one it is compared with.
    sign : str
        ``−`` or ``/``.

    Returns
    -------
    tuple of Piece
        Such as A − B.
    """
    return (_short_arm(results, arm), Piece(f"{NO_BREAK}{sign}{NO_BREAK}"), _short_arm(results, reference))


def _short_arm(results: Results, arm: str) -> Piece:
    named = words(results, "arms", arm)
    return Piece(arm, column="arm") if named.text.endswith(f" {arm}") else named


def interval_pieces(
    results: Results, limits: Sequence[Row], style: str, opening: str = "(", closing: str = ")"
) -> tuple[Piece, ...]:
    """Two limits as ``(a to b)``.

    Parameters
    ----------
    results : Results
        Whose rounding is in force.
    limits : sequence of Row
        Lower and upper limit.
    style : str
        Their style.
    opening, closing : str
        What stands around them.

    Returns
    -------
    tuple of Piece
        Numbers and the words between them.
    """
    low, high = limits
    return (Piece(opening), number(results, low, style), Piece(" to "), number(results, high, style), Piece(closing))


def dash() -> Piece:
    """The sign for what does not apply.

    Returns
    -------
    Piece
        A dash without origin.
    """
    return Piece(NOT_APPLICABLE)


class Footnotes:
    """Letters for the notes of one table, each distinct note once, in order of first use."""

    def __init__(self) -> None:
        """Start without notes."""
        self._notes: dict[str, Piece] = {}

    def mark(self, note: Piece) -> str:
        """Return the letter of a note, a new one where it has none yet.

        Parameters
        ----------
        note : Piece
            A sentence and its origin.

        Returns
        -------
        str
            One small letter.
        """
        self._notes.setdefault(note.text, note)
        return LETTERS[list(self._notes).index(note.text)]

    def pieces(self) -> tuple[tuple[str, Piece], ...]:
        """Letters and notes, in order of first use.

        Returns
        -------
        tuple of tuple
            Letter and sentence of each.
        """
        return tuple(zip(LETTERS, self._notes.values(), strict=False))


def value_cell(results: Results, rows: Sequence[Row], pieces: tuple[Piece, ...], notes: Footnotes) -> Cell:
    """A right-aligned cell, marked where one of its rows could not be estimated, or a limit needs a word.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    rows : sequence of Row
        Rows that `pieces` print, the leading one first.
    pieces : tuple of Piece
        What is printed if the leading row has a value.
    notes : Footnotes
        Takes the note of a row without a value, else that of a limit, such as that it is cut.

    Returns
    -------
    Cell
        ``NE`` and the letter of its note where the leading row has no value; ``s`` where it is not published, which a
        sentence of the catalogue explains.
    """
    failed = next((row for row in rows if math.isnan(row.value)), None)
    if failed is None:
        noted = next((row for row in rows if row.note and row.stat in LIMITS), None)
        return Cell(pieces, align="right", mark=notes.mark(number(results, noted, NOTE)) if noted else "")
    if is_withheld(rows[0]):
        return Cell((number(results, rows[0], _style_of(rows[0], pieces)),), align="right")
    if is_withheld(failed):
        return Cell(pieces, align="right")
    mark = notes.mark(number(results, failed, NOTE))
    if not math.isnan(rows[0].value):
        return Cell(pieces, align="right", mark=mark)
    return Cell((number(results, rows[0], _style_of(rows[0], pieces)),), align="right", mark=mark)


def _style_of(row: Row, pieces: Sequence[Piece]) -> str:
    return next((piece.style for piece in pieces if piece.key == row.key and piece.style in STYLES), "decimal1")


def dash_cell(reason: str, notes: Footnotes) -> Cell:
    """A dash with a footnote that says why nothing applies.

    Parameters
    ----------
    reason : str
        A sentence without numbers.
    notes : Footnotes
        Takes the sentence.

    Returns
    -------
    Cell
        Right-aligned.
    """
    return Cell((dash(),), align="right", mark=notes.mark(Piece(reason)))


def row_at(results: Results, **wanted: Any) -> Row:
    """The row with exactly this key; parts not given are empty, the population is that of the analysis' rows.

    Parameters
    ----------
    results : Results
        The table.
    **wanted : str or float
        Key columns, `analysis`, `measure` and `stat` among them.

    Returns
    -------
    Row
        The row.

    Raises
    ------
    ResultsError
        If it is absent.
    """
    found = find_row(results, **wanted)
    if found is None:
        asked = ", ".join(f"{name}={value!r}" for name, value in wanted.items())
        raise ResultsError(f"results: no row for {asked}; a table prints only rows that exist.")
    return found


def find_row(results: Results, **wanted: Any) -> Row | None:
    """The row with exactly this key, or None.

    Parameters
    ----------
    results : Results
        The table.
    **wanted : str or float
        Key columns as in `row_at`.

    Returns
    -------
    Row or None
        None where the results have no such row.
    """
    rows = results.by_analysis.get(wanted["analysis"], ())
    population = rows[0].population if rows else ""
    parts: dict[str, Any] = {"population": population, "value": 0.0} | wanted
    return results.by_key.get(Row(**parts).key)


def stat_rows(results: Results, stats: Sequence[str], **wanted: Any) -> tuple[Row, ...]:
    """One row for each stat of one measure.

    Parameters
    ----------
    results : Results
        The table.
    stats : sequence of str
        Stats, in the order wanted.
    **wanted : str or float
        The other key columns, as `row_at` takes them.

    Returns
    -------
    tuple of Row
        One row per stat.

    Raises
    ------
    ResultsError
        If one of them is absent.
    """
    return tuple(row_at(results, **wanted, stat=stat) for stat in stats)


def share_pieces(results: Results, count: Row, share: Row) -> tuple[Piece, ...]:
    """A count and its percentage as ``118 (98.3)``.

    Parameters
    ----------
    results : Results
        Whose rounding is in force.
    count, share : Row
        The two rows.

    Returns
    -------
    tuple of Piece
        Numbers and the words between them.
    """
    return (number(results, count, "count"), Piece(" ("), number(results, share, "percent1"), Piece(")"))


def share_cell(results: Results, notes: Footnotes, **wanted: Any) -> Cell:
    """A cell n (%) from the rows of one proportion or risk.

    Parameters
    ----------
    results : Results
        The table.
    notes : Footnotes
        Takes the note where the percentage cannot be estimated.
    **wanted : str or float
        Key columns of the measure, without `stat`.

    Returns
    -------
    Cell
        Right-aligned.
    """
    count, share = stat_rows(results, ("count", "estimate"), **wanted)
    if is_withheld(count):
        return Cell((number(results, count, "count"),), align="right")
    if is_withheld(share):
        return Cell(share_pieces(results, count, share), align="right")
    if math.isnan(share.value):
        return Cell(share_pieces(results, count, share), align="right", mark=notes.mark(number(results, share, NOTE)))
    return Cell(share_pieces(results, count, share), align="right")


def interval_cell(results: Results, notes: Footnotes, style: str, **wanted: Any) -> Cell:
    """A cell with an estimate and its limits, as ``−16.9 (−28.0 to −5.1)``.

    Parameters
    ----------
    results : Results
        The table.
    notes : Footnotes
        Takes the note where something cannot be estimated.
    style : str
        Style of all three numbers.
    **wanted : str or float
        Key columns of the measure, without `stat`.

    Returns
    -------
    Cell
        Right-aligned.
    """
    rows = stat_rows(results, ("estimate", "ci_low", "ci_high"), **wanted)
    pieces = (number(results, rows[0], style), *interval_pieces(results, rows[1:], style, " ("))
    return value_cell(results, rows, pieces, notes)


def level_pieces(results: Results, rows: Sequence[Row], opening: str = " (") -> tuple[Piece, ...]:
    """The words ``(95% CI)`` with the confidence level of the rows they head.

    Parameters
    ----------
    results : Results
        Whose rounding is in force.
    rows : sequence of Row
        Rows of intervals.
    opening : str
        What stands before the level; a no-break space keeps it on the line of the word before.

    Returns
    -------
    tuple of Piece
        Empty where no row has a confidence level.

    Raises
    ------
    ResultsError
        If the rows have more than one confidence level.
    """
    leveled = [row for row in rows if not math.isnan(row.conf_level)]
    if len({row.conf_level for row in leveled}) > 1:
        raise ResultsError(
            f"{leveled[0].analysis}: rows of one column have several confidence levels; one is required."
        )
    return (Piece(opening), number(results, leveled[0], CONF_LEVEL), Piece(f"{NO_BREAK}CI)")) if leveled else ()

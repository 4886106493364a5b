"""Pieces made from rows and from the catalogue: the only way a number or a label enters a table or a sentence."""

from __future__ import annotations

import math
from collections.abc import Sequence

from npcstats.display.anatomy import NO_BREAK, Piece
from npcstats.display.lookup import analysis_of, repeats_code, rounding_of
from npcstats.display.origins import CONF_LEVEL, NOTE, catalogue_words, format_row
from npcstats.errors import ResultsError
from npcstats.formatting import NOT_APPLICABLE, format_number
from npcstats.results import EVERYONE, PERCENT, WHOLE_PERCENT, Results, Row

SIZE = f" (N{NO_BREAK}={NO_BREAK}"
"""What opens the size of a group behind its name: the brackets may stand on a line of their own, but never break."""


def percent_style(results: Results, analysis: str, style: str) -> str:
    """The style of a percentage where those of the analysis are published without decimals.

    Parameters
    ----------
    results : Results
        Catalogue.
    analysis : str
        Id.
    style : str
        As it would be.

    Returns
    -------
    str
        Without decimals where the choice of the analysis says so, and the style is one of percentages.
    """
    whole = results.catalogue.analyses[analysis].choices.get(PERCENT) == WHOLE_PERCENT
    return "percent0" if whole and style.startswith("percent") else style


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
    return (_short_piece(results, arm), Piece(f"{NO_BREAK}{sign}{NO_BREAK}"), _short_piece(results, reference))


def _short_piece(results: Results, arm: str) -> Piece:
    return Piece(arm, column="arm") if repeats_code(results, arm) else words(results, "arms", arm)


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


def dash() -> Piece:
    """The sign for what does not apply.

    Returns
    -------
    Piece
        A dash without origin.
    """
    return Piece(NOT_APPLICABLE)


def sized_pieces(results: Results, name: Sequence[Piece], size: Row) -> tuple[Piece, ...]:
    """A group's name and how many are in it, as ``Arm A (N = 120)``.

    Parameters
    ----------
    results : Results
        Whose rounding is in force.
    name : sequence of Piece
        What the group is called.
    size : Row
        Its size.

    Returns
    -------
    tuple of Piece
        Words and number.
    """
    return (*name, Piece(SIZE), number(results, size, "count"), Piece(")"))


def part_pieces(results: Results, count: Row, total: Row) -> tuple[Piece, ...]:
    """How many of how many, as ``9 / 120``.

    Parameters
    ----------
    results : Results
        Whose rounding is in force.
    count, total : Row
        The two rows.

    Returns
    -------
    tuple of Piece
        Numbers and the sign between them.
    """
    return (number(results, count, "count"), Piece(" / "), number(results, total, "count"))


def p_value_pieces(results: Results, row: Row, before: str) -> tuple[Piece, ...]:
    """A p value in a sentence, as ``p = 0.03`` or ``p <0.001``, and why there is none where there is none.

    Parameters
    ----------
    results : Results
        Whose rounding is in force.
    row : Row
        The p value.
    before : str
        What stands before the letter.

    Returns
    -------
    tuple of Piece
        Words, number and reason.
    """
    test = number(results, row, "p_value")
    reason = (Piece(" ("), number(results, row, NOTE), Piece(")")) if math.isnan(row.value) else ()
    sign = "" if test.text.startswith("<") else "= "
    return (Piece(f"{before}p {sign}"), test, *reason)

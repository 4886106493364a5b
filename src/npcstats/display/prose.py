"""Numbers, marks and sentences in running text, each with the row or the words that it came from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from typing import Any

from npcstats.display.anatomy import LONG_WORD, MAY_BREAK, Piece
from npcstats.display.lookup import analysis_of
from npcstats.display.origins import CONF_LEVEL, NOTE, ROW_STYLES
from npcstats.display.pieces import interval_pieces, label, number, words
from npcstats.errors import ResultsError
from npcstats.formatting import escape_markdown
from npcstats.results import SETTLED, Results, Row, one


@dataclass(frozen=True)
class Inline:
    """Words and numbers for a sentence; Markdown in a document, plain text as ``str``.

    Parameters
    ----------
    pieces : tuple of Piece
        In reading order.
    """

    pieces: tuple[Piece, ...]

    def __str__(self) -> str:
        """The text alone."""
        return "".join(piece.text for piece in self.pieces)

    def __add__(self, other: Inline | str) -> Inline:
        """Join with what follows; text is taken as it stands."""
        return Inline((*self.pieces, *_pieces_of(other)))

    def __radd__(self, other: str) -> Inline:
        """Join with words before."""
        return Inline((*_pieces_of(other), *self.pieces))

    def _repr_markdown_(self) -> str:
        return "".join(_markdown(piece) for piece in self.pieces)


def inline(results: Results, style: str, **key: Any) -> Inline:
    """A number in a sentence.

    Parameters
    ----------
    results : Results
        The table.
    style : str
        Formatting style, or ``conf_level``, ``time`` or ``note``.
    **key : str or float
        Columns that single out its row, as `results.one` takes them.

    Returns
    -------
    Inline
        The number; ``NE`` and the reason where it could not be estimated.

    Raises
    ------
    ResultsError
        If no row or more than one row matches.
    """
    return Inline(_told(results, one(results, **key), style))


def inline_percent(results: Results, **key: Any) -> Inline:
    """A proportion as a percentage with one decimal and its sign, such as 2.5%.

    Parameters
    ----------
    results : Results
        The table.
    **key : str or float
        Columns that single out its row.

    Returns
    -------
    Inline
        The percentage.
    """
    row = one(results, **key)
    told = _told(results, row, "percent1")
    return Inline(told if math.isnan(row.value) else (*told, Piece("%")))


def inline_interval(results: Results, style: str, **key: Any) -> Inline:
    """An estimate with its limits, such as −13.7 (95% CI −20.0 to 0.3).

    Parameters
    ----------
    results : Results
        The table.
    style : str
        Formatting style of all three numbers.
    **key : str or float
        Columns that single out the measure, without `stat`.

    Returns
    -------
    Inline
        The three numbers and the level of confidence.
    """
    estimate, low, high = (one(results, **key, stat=stat) for stat in ("estimate", "ci_low", "ci_high"))
    if math.isnan(estimate.value):
        return Inline(_told(results, estimate, style))
    level = (Piece(" ("), number(results, low, CONF_LEVEL), Piece(" CI "))
    limits = interval_pieces(results, (low, high), style, "", "")
    reason = next((row for row in (low, high) if math.isnan(row.value)), None)
    ending = (Piece("; "), number(results, reason, NOTE), Piece(")")) if reason else (Piece(")"),)
    return Inline((number(results, estimate, style), *level, *(piece for piece in limits if piece.text), *ending))


def inline_count_of(results: Results, **key: Any) -> Inline:
    """A count of a total with its percentage, such as 3/120 (2.5%).

    Parameters
    ----------
    results : Results
        The table.
    **key : str or float
        Columns that single out the proportion or risk, without `stat`.

    Returns
    -------
    Inline
        The three numbers.
    """
    count, total = (one(results, **key, stat=stat) for stat in ("count", "total"))
    told = (number(results, count, "count"), Piece("/"), number(results, total, "count"))
    return Inline((*told, Piece(" ("), *inline_percent(results, **key, stat="estimate").pieces, Piece(")")))


def inline_row(results: Results, row: Row, style: str) -> Inline:
    """A number in a sentence, from a row at hand.

    Parameters
    ----------
    results : Results
        Whose rounding is in force.
    row : Row
        The row.
    style : str
        Formatting style.

    Returns
    -------
    Inline
        The number; ``NE`` and the reason where it could not be estimated, the reason alone where there is none to find.
    """
    return Inline(_told(results, row, style))


def sentence(results: Results, analysis: str, topic: str) -> Inline:
    """A sentence of the catalogue about an analysis.

    Parameters
    ----------
    results : Results
        Its catalogue.
    analysis : str
        Id of the analysis.
    topic : str
        Topic of the sentence, such as ``method``.

    Returns
    -------
    Inline
        The sentence.

    Raises
    ------
    ResultsError
        If the analysis has no such sentence.
    """
    known = analysis_of(results, analysis).sentences
    if topic not in known:
        raise ResultsError(f"{analysis}: no sentence on {topic!r}; one of {', '.join(known)} is required.")
    return Inline((words(results, "analyses", analysis, "sentences", topic),))


def caution(results: Results, analysis: str, topic: str) -> Inline:
    """A sentence of the catalogue that is there only where something is wrong.

    Parameters
    ----------
    results : Results
        Its catalogue.
    analysis : str
        Id of the analysis.
    topic : str
        Topic of the sentence, such as ``verdict.overlap``.

    Returns
    -------
    Inline
        The sentence; empty where nothing is wrong.
    """
    if topic not in analysis_of(results, analysis).sentences:
        return Inline(())
    return sentence(results, analysis, topic)


def inline_label(results: Results, analysis: str, column: str, code: str) -> Inline:
    """The catalogue's name of a code.

    Parameters
    ----------
    results : Results
        Its catalogue.
    analysis : str
        Id of the analysis.
    column : str
        Key column, such as ``variable``.
    code : str
        Code in that column.

    Returns
    -------
    Inline
        The name.
    """
    return Inline((label(results, analysis, column, code),))


def inline_arm(results: Results, arm: str) -> Inline:
    """An arm's name within a sentence.

    Parameters
    ----------
    results : Results
        Its catalogue.
    arm : str
        Code of the arm.

    Returns
    -------
    Inline
        The name, without a capital unless its first word is an abbreviation.
    """
    name = results.catalogue.arms[arm]
    return Inline((Piece(name[:1].lower() + name[1:] if name[1:2].islower() else name),))


def study_text(results: Results, name: str) -> Inline:
    """Words of the catalogue about the study.

    Parameters
    ----------
    results : Results
        Its catalogue.
    name : str
        Such as ``cutoff_text`` or ``registry``.

    Returns
    -------
    Inline
        The words.
    """
    return Inline((words(results, "study", name),))


def attribute_text(text: str) -> str:
    """Write a text as the value of an attribute in Markdown, between double quotation marks.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        Signs that could end it, or mean something to a reader of Markdown or of shortcodes, stand for themselves.
    """
    plain = escape(text, quote=False).replace("{", "&#123;")
    return plain.replace("\\", "\\\\").replace('"', '\\"')


def _told(results: Results, row: Row, style: str) -> tuple[Piece, ...]:
    told = number(results, row, style)
    if style in ROW_STYLES or not math.isnan(row.value):
        return (told,)
    if row.reason == SETTLED:
        return (number(results, row, NOTE),)
    return (told, Piece(" ("), number(results, row, NOTE), Piece(")"))


def _pieces_of(other: Inline | str) -> tuple[Piece, ...]:
    return (Piece(other),) if isinstance(other, str) else other.pieces


def _markdown(piece: Piece) -> str:
    text = escape_markdown(piece.text)
    if LONG_WORD.search(piece.text):
        parts = [escape_markdown(part) for part in LONG_WORD.split(piece.text)]
        parts[1::2] = [f'[{part}]{{style="{MAY_BREAK}"}}' for part in parts[1::2]]
        text = "".join(parts)
    data = " ".join(f'data-{name}="{attribute_text(value)}"' for name, value in piece.data().items() if value)
    return f"[{text}]{{{data}}}" if data else text

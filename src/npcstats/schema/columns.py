"""What a frame is declared to hold: its columns, their kinds, ranges and closed sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from npcstats.errors import SpecError
from npcstats.schema.signs import is_keyed

Kind = Literal["identifier", "text", "number", "integer", "date", "flag"]
KINDS: tuple[Kind, ...] = ("identifier", "text", "number", "integer", "date", "flag")
TEXTS: tuple[Kind, ...] = ("identifier", "text", "flag")


@dataclass(frozen=True)
class Column:
    """One declared column.

    Parameters
    ----------
    name : str
        Variable name, as in CDISC ADaM.
    kind : {"identifier", "text", "number", "integer", "date", "flag"}
        What the values are; ``identifier`` is text that is never quoted in a message; ``flag`` is Y or N.
    missing : bool
        Whether a value may be missing.
    levels : tuple of str
        The closed set of values of a text column; empty for free text.
    minimum, maximum : float, optional
        Inclusive range of a number.
    known_from : str, optional
        Date column of the same frame from which the value is known; before that date it is blank.
    undated : str
        Text that stands for a value whose date the export lacks: it cannot be said whether it was known by a cut-off.
    open_values : tuple of str
        Values that say that nothing has ended: without a date they hold at every cut-off.
    entered_on : str, optional
        Of a date: the column with the day on which it entered the database, where that is later than the record's
        own, as a death is entered later than the participant.
    requirement : str
        What is required, in words, at the end of a message.
    coded : bool
        Whether the text becomes part of a results key, which quotes, bars and line breaks would break, and a first
        sign of ``= + - @`` would make a formula of wherever a spreadsheet opens it.
    terms : tuple of str
        Terms of a text column that may be printed. Another one is read as it is, becomes a query of the data check, and
        is printed as not listed.
    optional : bool
        Whether an export may be without the column.
    """

    name: str
    kind: Kind
    missing: bool = False
    levels: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    known_from: str | None = None
    undated: str = ""
    open_values: tuple[str, ...] = ()
    entered_on: str | None = None
    requirement: str = ""
    coded: bool = False
    terms: tuple[str, ...] = ()
    optional: bool = False

    def __post_init__(self) -> None:
        """Refuse a kind that does not exist, terms that cannot be printed, and what a known date alone gives a use."""
        if self.kind not in KINDS:
            raise SpecError(f"column {self.name}: kind is {self.kind!r}; one of {', '.join(KINDS)} is required.")
        if self.terms and (self.kind != "text" or self.levels):
            raise SpecError(f"column {self.name}: terms; they are for a column of text without levels.")
        if self.undated and not self.known_from:
            raise SpecError(f"column {self.name}: undated has no effect; its date in known_from is required.")
        stray = [term for term in self.terms if not term or not is_keyed(term)]
        if stray:
            raise SpecError(
                f"column {self.name}: {stray[0]!a} cannot be part of a key; terms without quotes, bars and line "
                "breaks, nor a first = + - @, of signs that pages can print, are required."
            )


@dataclass(frozen=True)
class Schema:
    """One declared frame.

    Parameters
    ----------
    name : str
        Frame name, the file's stem.
    columns : tuple of Column
        The declared columns, in order.
    key : tuple of str
        Columns that together name a record once; empty where records may repeat.
    dated : str, optional
        Date column that decides whether a record exists at a cut-off.
    optional : bool
        Whether a study may be without the frame.
    features : bool
        Whether undeclared columns are allowed, all of them numbers.
    ordered : tuple of (str, str)
        Pairs of date columns; where both are known the second is not before the first.
    undated : {"", "keep", "drop"}
        What becomes of a record without its date at a cut-off; empty where the date may not be missing.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    dated: str | None = None
    optional: bool = False
    features: bool = False
    ordered: tuple[tuple[str, str], ...] = ()
    undated: Literal["", "keep", "drop"] = ""
    by_name: Mapping[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the columns by name; one that a record is found or dated by is never optional."""
        used = {*self.key, self.dated, *(name for pair in self.ordered for name in pair)}
        used |= {name for column in self.columns for name in (column.known_from, column.entered_on)}
        lacking = [column.name for column in self.columns if column.optional and column.name in used]
        if lacking:
            raise SpecError(f"frame {self.name}: {lacking[0]} is optional, and records are found or dated by it.")
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})


def with_levels(schema: Schema, levels: Mapping[str, tuple[str, ...]]) -> Schema:
    """Declare the closed sets of values of a frame's texts.

    Parameters
    ----------
    schema : Schema
        The frame.
    levels : mapping of str to tuple of str
        Values by column.

    Returns
    -------
    Schema
        The same frame with these levels.

    Raises
    ------
    SpecError
        If the frame declares no such column.
    """
    _require_declared(schema, "levels", levels)
    columns = tuple(replace(c, levels=levels.get(c.name, c.levels)) for c in schema.columns)
    return replace(schema, columns=columns)


def with_terms(schema: Schema, terms: Mapping[str, tuple[str, ...]]) -> Schema:
    """Declare which terms of a frame may be printed.

    Parameters
    ----------
    schema : Schema
        The frame.
    terms : mapping of str to tuple of str
        Terms by column.

    Returns
    -------
    Schema
        The same frame with these terms.

    Raises
    ------
    SpecError
        If the frame declares no such column, or it cannot have terms.
    """
    _require_declared(schema, "terms", terms)
    columns = tuple(replace(c, terms=terms.get(c.name, c.terms)) for c in schema.columns)
    return replace(schema, columns=columns)


def _require_declared(schema: Schema, what: str, texts: Mapping[str, tuple[str, ...]]) -> None:
    stray = ", ".join(name for name in texts if name not in schema.by_name)
    if stray:
        raise SpecError(f"{schema.name}: {what} of {stray}, which it does not declare; a column is required.")

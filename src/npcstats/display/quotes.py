"""Numbers that a report quotes in its prose: named once in the plan, called by name in the report.

The values travel in the catalogue, so that a report needs no plan; arms are named by their place, so that a masked
session tells the same number of its letters.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, get_args

from npcstats.display.anatomy import Piece
from npcstats.display.lookup import analysis_of
from npcstats.display.origins import ROW_STYLES
from npcstats.display.prose import Inline, inline, inline_count_of, inline_interval, inline_label, inline_percent
from npcstats.display.specs import NAME
from npcstats.errors import ResultsError, SpecError
from npcstats.formatting import STYLES
from npcstats.results import EVERYONE, Results, absent_sentences, select
from npcstats.results.rows import NAN

Form = Literal["number", "percent", "count-of", "interval", "label"]
Position = Literal["first", "reference", "all", "none"]
FORMS: tuple[Form, ...] = get_args(Form)
POSITIONS: tuple[Position, ...] = get_args(Position)
STYLED, OF_ONE_ROW = ("number", "interval"), ("number", "percent")
TEXTS = ("subgroup", "block", "variable", "level", "window", "measure", "stat")
EXTREMES = ("", "lowest", "highest")
NOT_KNOWN = "not known"
"""What stands for a number of an analysis that could not be made, as the export lacks a frame."""
CODED = ("variable", "level", "block", "window", "subgroup")


@dataclass(frozen=True, kw_only=True)
class Quote:
    """A number, or a name, that reports quote.

    Parameters
    ----------
    name : str
        Its name in reports; small letters, digits and hyphens.
    sessions : tuple of str
        Sessions of the plan whose results it is found in.
    form : {"number", "percent", "count-of", "interval", "label"}
        A number of one row, a proportion with its sign, a count of a total with its percentage, an estimate with its
        limits, or the catalogue's name of a code.
    analysis : str
        Id of the analysis.
    arm : {"first", "reference", "all", "none"}
        The first arm of the page, the last, everyone, or rows that are told apart otherwise.
    against : {"first", "reference", "all", "none"}
        The arm that a contrast is with.
    style : str
        Formatting style of a number or an interval, as `inline` takes it.
    subgroup, block, variable, level, window, measure, stat : str
        Columns that single out the row; empty where they need not be asked. Only a number and a percentage ask for a
        statistic.
    time : float, optional
        Time of the row; without it, a row without time.
    column : {"variable", "level", "block", "window", "subgroup"}
        Of a label, the column whose code is named.
    extreme : {"", "lowest", "highest"}
        The variable is the one whose estimate is the lowest or the highest of all that agree with the other columns: it
        is found by this rule, and named nowhere.
    judged : str
        Block whose estimates decide; that of the quote itself if empty.

    Raises
    ------
    SpecError
        On construction, if a value is outside its closed set, or the form lacks what it needs.
    """

    name: str
    sessions: tuple[str, ...]
    form: Form
    analysis: str
    arm: Position
    against: Position = "none"
    style: str = ""
    subgroup: str = ""
    block: str = ""
    variable: str = ""
    level: str = ""
    window: str = ""
    time: float | None = None
    measure: str = ""
    stat: str = ""
    column: str = ""
    extreme: str = ""
    judged: str = ""

    def __post_init__(self) -> None:
        """Check the values."""
        faults = [] if NAME.fullmatch(self.name) else ["its name is not of small letters, digits and hyphens"]
        faults += [] if self.form in FORMS else [f"form {self.form!r} is not one of {', '.join(FORMS)}"]
        faults += [
            f"arm {place!r} is not one of {', '.join(POSITIONS)}"
            for place in (self.arm, self.against)
            if place not in POSITIONS
        ]
        needed = {"style": self.form in STYLED, "stat": self.form in OF_ONE_ROW, "column": self.form == "label"}
        faults += [
            f"a {self.form} {'needs a' if wanted else 'has no'} {what}"
            for what, wanted in needed.items()
            if bool(getattr(self, what)) != wanted
        ]
        if self.style and self.style not in (*STYLES, *ROW_STYLES):
            faults.append(f"style {self.style!r} is not one of {', '.join((*STYLES, *ROW_STYLES))}")
        if self.extreme not in EXTREMES or (self.judged and not self.extreme) or (self.extreme and self.variable):
            faults.append(
                f"extreme {self.extreme!r}, with judged, is not one of {', '.join(EXTREMES)} without a variable"
            )
        ruled = self.extreme and self.column == "variable"
        if self.form == "label" and not ruled and not (self.column in CODED and getattr(self, self.column)):
            faults.append(f"column {self.column!r} is not one of {', '.join(CODED)} with its code")
        if faults:
            raise SpecError(f"quote {self.name!r}: {'; '.join(faults)}; a form with what it needs is required.")


def quote(results: Results, name: str) -> Inline:
    """Quote a number of the plan in a sentence.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    name : str
        The quote's name in the plan.

    Returns
    -------
    Inline
        The number or the name, with its origin.

    Raises
    ------
    ResultsError
        If the session has no such quote, or its row is not there.
    """
    known = results.catalogue.quotes
    if name not in known:
        session = results.catalogue.study.get("session", "")
        raise ResultsError(f"quote {name!r}: session {session!r} has none of that name in the plan; one of "
                           f"{', '.join(known) or '(none)'} is required.")  # fmt: skip
    return tell_quote(results, Quote(name=name, sessions=(), **known[name]))


def tell_quote(results: Results, told: Quote) -> Inline:
    """Print what a quote names.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    told : Quote
        Of the plan.

    Returns
    -------
    Inline
        The number or the name, with its origin.

    Raises
    ------
    ResultsError
        If there is no such row, or more than one, or no such code.
    """
    if absent_sentences(results.catalogue, [told.analysis]):
        return Inline((Piece(NOT_KNOWN),))
    told = _ruled(results, told)
    if told.form == "label":
        code = getattr(told, told.column)
        if code not in analysis_of(results, told.analysis).labels.get(told.column, {}):
            raise ResultsError(f"{told.analysis}: {told.column} {code!r} has no label; a code of the plan is required.")
        return inline_label(results, told.analysis, told.column, code)
    key = _key(results, told)
    if told.form == "number":
        return inline(results, told.style, **key)
    if told.form == "interval":
        return inline_interval(results, told.style, **key)
    return inline_percent(results, **key) if told.form == "percent" else inline_count_of(results, **key)


def _ruled(results: Results, told: Quote) -> Quote:
    """The same quote with the variable that its rule finds."""
    if not told.extreme:
        return told
    asked = {**_key(results, told), "block": told.judged or told.block, "stat": "estimate"}
    rows = [row for row in select(results, **asked) if not math.isnan(row.value)]
    if not rows:
        raise ResultsError(f"{told.analysis}: no estimate is known of which one could be the {told.extreme}.")
    ends = min if told.extreme == "lowest" else max
    row = ends(rows, key=lambda row: row.value)
    return replace(told, variable=row.variable, window=row.window, extreme="", judged="")


def quote_faults(results: Results, quotes: Iterable[Quote]) -> list[str]:
    """Quotes of a session that do not find exactly their rows.

    Parameters
    ----------
    results : Results
        Of the session.
    quotes : iterable of Quote
        Of the session.

    Returns
    -------
    list of str
        A clause for each, with what was found.
    """
    faults = []
    for told in quotes:
        try:
            tell_quote(results, told)
        except ResultsError as error:
            faults.append(f"quote {told.name}: {str(error).rstrip('.')}")
    return faults


def entry_of_quote(told: Quote) -> Mapping[str, Any]:
    """A quote as plain values for the catalogue.

    Parameters
    ----------
    told : Quote
        Of the plan.

    Returns
    -------
    mapping of str to object
        What it says beyond the defaults, without name and sessions.
    """
    values = {item.name: (getattr(told, item.name), item.default) for item in fields(told)}
    return {k: value for k, (value, usual) in values.items() if k not in ("name", "sessions") and value != usual}


def _key(results: Results, told: Quote) -> dict[str, Any]:
    """Columns that single out the row, as `inline` takes them."""
    arms = {"arm": _arm(results, told, told.arm), "reference": _arm(results, told, told.against)}
    texts = {name: getattr(told, name) for name in TEXTS}
    asked = {name: value for name, value in {**arms, **texts}.items() if value}
    return {"analysis": told.analysis, "time": NAN if told.time is None else float(told.time), **asked}


def _arm(results: Results, told: Quote, place: Position) -> str:
    arms = tuple(results.catalogue.arms)
    if place in ("all", "none"):
        return EVERYONE if place == "all" else ""
    if not arms:
        raise ResultsError(f"quote {told.name}: the results tell no arms apart; arm all or none is required.")
    return arms[0] if place == "first" else arms[-1]

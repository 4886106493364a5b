"""Numbers that a report's sentences quote: named once in the plan, found when results are made, called by name."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from npcstats.display.prose import Inline, inline, inline_count_of, inline_interval, inline_percent
from npcstats.errors import ResultsError, SpecError
from npcstats.results import EVERYONE, Results

Form = Literal["number", "percent", "count-of", "interval"]
Of = Literal["everyone", "first", "reference", "contrast"]
NO_TIME = None
"""Value of ``time`` for a row that is of no time."""


@dataclass(frozen=True, kw_only=True)
class Quote:
    """A number that sentences quote.

    Parameters
    ----------
    name : str
        What a report calls it.
    sessions : tuple of str
        Sessions of the plan in which it is there.
    form : {"number", "percent", "count-of", "interval"}
        A number; a percentage; a count of a total with its percentage; an estimate with its limits.
    analysis : str
        Id of the analysis.
    of : {"everyone", "first", "reference", "contrast"}
        Everyone, the first arm, the last one, or the first compared with the last: by place, as a mask changes names.
    key : mapping of str to str, float or None
        Further columns that single out its row; without ``stat`` for a count of a total and for an interval. A time of
        None stands for a row of no time.
    style : str
        Formatting style of a number or an interval.

    Raises
    ------
    SpecError
        On construction, if a field is outside its closed set, or a style is given that has no effect.
    """

    name: str
    sessions: tuple[str, ...]
    form: Form
    analysis: str
    of: Of
    key: Mapping[str, str | float | None]
    style: str = ""

    def __post_init__(self) -> None:
        """Check the closed sets, and that a style is given where one is needed."""
        for name, allowed in (("form", get_args(Form)), ("of", get_args(Of))):
            given = getattr(self, name)
            if given not in allowed:
                raise SpecError(f"quote {self.name}: {name} is {given!r}; one of {', '.join(allowed)} is required.")
        if bool(self.style) != (self.form in ("number", "interval")):
            raise SpecError(f"quote {self.name}: a style is required of a number and an interval, and of nothing else.")

    def columns(self, results: Results) -> dict[str, Any]:
        """Tell which row is meant.

        Parameters
        ----------
        results : Results
            Whose arms it is of.

        Returns
        -------
        dict of str to object
            Columns and values, as `results.one` takes them.

        Raises
        ------
        ResultsError
            If it is of an arm and the session has none.
        """
        key = {name: math.nan if value is None else value for name, value in self.key.items()}
        if self.of == "everyone":
            return {"analysis": self.analysis, "arm": EVERYONE, **key}
        arms = [*results.catalogue.arms]
        if len(arms) < 2:
            raise ResultsError(
                f"quote {self.name}: is of an arm, and the session has none; a session by arm is required."
            )
        first, last = arms[0], arms[-1]
        of = {"first": {"arm": first, "reference": ""}, "reference": {"arm": last, "reference": ""}}
        return {"analysis": self.analysis, **of.get(self.of, {"arm": first, "reference": last}), **key}


def quote(results: Results, name: str) -> Inline:
    """A number that the plan names, in a sentence.

    Parameters
    ----------
    results : Results
        Of the session.
    name : str
        The quote's name in the plan.

    Returns
    -------
    Inline
        The number; ``NE`` and the reason where it could not be estimated.

    Raises
    ------
    ResultsError
        If the session has no such quote.
    """
    known = results.catalogue.quotes
    if name not in known:
        session = results.catalogue.study.get("session", "")
        raise ResultsError(f"quote {name!r} is not one of session {session}; of these: {', '.join(known) or 'none'}.")
    entry = known[name]
    return said(results, Quote(**{**entry, "name": name, "sessions": ()}))


def said(results: Results, quoted: Quote) -> Inline:
    """A quoted number, from the plan's own entry.

    Parameters
    ----------
    results : Results
        Of a session.
    quoted : Quote
        Of the plan.

    Returns
    -------
    Inline
        The number.

    Raises
    ------
    ResultsError
        If no row or more than one row is meant.
    """
    return _FORMS[quoted.form](results, quoted.style, quoted.columns(results))


_FORMS: dict[str, Callable[[Results, str, dict[str, Any]], Inline]] = {
    "number": lambda results, style, key: inline(results, style, **key),
    "percent": lambda results, style, key: inline_percent(results, **key),
    "count-of": lambda results, style, key: inline_count_of(results, **key),
    "interval": lambda results, style, key: inline_interval(results, style, **key),
}


def entry_of_quote(quoted: Quote) -> dict[str, Any]:
    """A quote as plain values for the catalogue.

    Parameters
    ----------
    quoted : Quote
        Of the plan.

    Returns
    -------
    dict
        Its fields but for name and sessions.
    """
    values = asdict(quoted)
    return {name: value for name, value in values.items() if name not in ("name", "sessions")}


def check_quotes(results: Results, quotes: tuple[Quote, ...]) -> None:
    """Refuse quotes that do not single out a row.

    Parameters
    ----------
    results : Results
        Of a session.
    quotes : tuple of Quote
        Those of the session.

    Raises
    ------
    SpecError
        One message that names every such quote.
    """
    faults = []
    for quoted in quotes:
        try:
            said(results, quoted)
        except (ResultsError, SpecError) as error:
            faults.append(f"quote {quoted.name}: {error}")
    if faults:
        session = results.catalogue.study.get("session", "")
        raise SpecError(f"plan: session {session}: {' '.join(faults)}")

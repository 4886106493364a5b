"""What a plan says of a table or a figure: typed values, whose kinds declare in their own folder what can be asked for.

A report places a display by its name. The values travel in the catalogue, so that a report needs no plan.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from npcstats.errors import ResultsError, SpecError
from npcstats.results import Results
from npcstats.system.named import Named

NAME = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
NUMBER = re.compile(r"[1-9]\d*(\.[1-9]\d*)+")
PLACE = re.compile(r"([a-z_]+)\.([A-Z][A-Za-z]+)")
WIDTHS = {"full": 180.0, "column": 85.0}
"""Millimetres of a figure."""
HOME = "npcstats.analyses.{}.displays"


@dataclass(frozen=True, kw_only=True)
class Display:
    """A table or figure of the plan.

    Parameters
    ----------
    name : str
        Its name in reports, and of its files; small letters, digits and hyphens.
    title : str
        What it shows, without numbers; the first words of its caption.
    sessions : tuple of str
        Sessions of the plan it is made for.
    number : str
        Its number in a final report by ICH E3, such as ``14.3.1.1``; empty where it has none.

    Raises
    ------
    SpecError
        On construction, if the name could not be that of a file, there is no title, or the number is not of digits
        between points.
    """

    name: str
    title: str
    sessions: tuple[str, ...]
    number: str = ""

    shows: ClassVar[tuple[str, ...]] = ()
    """Kinds of analysis, as the catalogue names them, whose rows it shows."""
    make: ClassVar[Named]
    """Makes it from results and itself."""

    def __post_init__(self) -> None:
        """Check the name, the title and the number."""
        if not NAME.fullmatch(self.name):
            raise SpecError(f"display {self.name!r}: a name of small letters, digits and hyphens is required.")
        if not self.title.strip(" ."):
            raise SpecError(f"display {self.name}: it has no title; one is required, which its caption begins with.")
        if self.number and not NUMBER.fullmatch(self.number):
            raise SpecError(f"display {self.name}: number is {self.number!r}; digits between points, such as 14.3.1.1, "
                            "are required.")  # fmt: skip

    @property
    def analyses(self) -> tuple[str, ...]:
        """Tell which analyses it shows.

        Returns
        -------
        tuple of str
            Their ids.
        """
        raise NotImplementedError

    def kinds_of(self, analysis: str) -> tuple[str, ...]:
        """Tell of which kind an analysis that it shows must be.

        Parameters
        ----------
        analysis : str
            Its id, one of `analyses`.

        Returns
        -------
        tuple of str
            Any of these, as the catalogue names them; all that it shows by default.
        """
        return self.shows

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each; none by default.
        """
        return []

    def faults_together(self, specs: Mapping[str, Any]) -> list[str]:
        """Faults of the analyses that it shows beside one another.

        Parameters
        ----------
        specs : mapping of str to object
            The plan's entries of them all, by id.

        Returns
        -------
        list of str
            A clause for each; none by default.
        """
        return []


@dataclass(frozen=True, kw_only=True)
class Table(Display):
    """A table of the plan; `make` takes results and this, and gives a table's anatomy."""


@dataclass(frozen=True, kw_only=True)
class TableOfOne(Table):
    """A table of one analysis, or of a listing.

    Parameters
    ----------
    analysis : str
        Id of the analysis whose rows it shows, or of the listing whose records it shows.
    """

    analysis: str

    @property
    def analyses(self) -> tuple[str, ...]:
        """Tell which analyses it shows.

        Returns
        -------
        tuple of str
            The one.
        """
        return (self.analysis,)


@dataclass(frozen=True, kw_only=True)
class TableOfSeveral(Table):
    """A table of analyses of one kind, one below the other.

    Parameters
    ----------
    members : tuple of str
        Ids of the analyses, in page order.

    Raises
    ------
    SpecError
        On construction, if there is none, or one stands twice.
    """

    members: tuple[str, ...]

    told_apart_by: ClassVar[str] = "label"
    """Field of an analysis whose words stand above or before its rows."""

    def __post_init__(self) -> None:
        """Check the name, and that there are analyses."""
        super().__post_init__()
        if not self.members or len(set(self.members)) < len(self.members):
            raise SpecError(f"display {self.name}: members are {', '.join(self.members) or 'none'}; one analysis or "
                            "more, each once, is required.")  # fmt: skip

    @property
    def analyses(self) -> tuple[str, ...]:
        """Tell which analyses it shows.

        Returns
        -------
        tuple of str
            Its members.
        """
        return self.members

    def faults_together(self, specs: Mapping[str, Any]) -> list[str]:
        """Faults of its members beside one another: each stands under words, which must be its own.

        Parameters
        ----------
        specs : mapping of str to object
            The plan's entries of all analyses that it shows, by id.

        Returns
        -------
        list of str
            A clause for each value that several have.
        """
        told = {name: str(getattr(specs[name], self.told_apart_by)) for name in self.members}
        alike = {value: [name for name in told if told[name] == value] for value in told.values()}
        return [
            f"{' and '.join(names)} have the same {self.told_apart_by}, {value!r}, so that nothing tells them apart"
            for value, names in alike.items()
            if len(names) > 1
        ]


@dataclass(frozen=True, kw_only=True)
class Figure(Display):
    """A figure of the plan; `make` takes results, this and fonts, and draws.

    Parameters
    ----------
    analysis : str
        Id of the analysis whose rows it draws, or of the listing whose records it draws.
    width : {"full", "column"}
        180 mm or 85 mm.

    Raises
    ------
    SpecError
        On construction, if the width is another.
    """

    analysis: str
    width: str

    caption: ClassVar[Named]
    """Its caption after the title, from results and itself."""
    alt: ClassVar[Named]
    """What it shows, in a sentence without numbers for those who cannot see it, from results and itself."""

    def __post_init__(self) -> None:
        """Check the name and the width."""
        super().__post_init__()
        if self.width not in WIDTHS:
            raise SpecError(f"display {self.name}: width is {self.width!r}; one of {', '.join(WIDTHS)} is required.")

    @property
    def analyses(self) -> tuple[str, ...]:
        """Tell which analyses it shows.

        Returns
        -------
        tuple of str
            The one.
        """
        return (self.analysis,)


def entry_of_display(display: Display) -> dict[str, Any]:
    """A display as plain values for the catalogue.

    Parameters
    ----------
    display : Display
        Of a kind's own class.

    Returns
    -------
    dict
        Its fields, and where its class is declared; as JSON gives them back.
    """
    folder = type(display).__module__.split(".")[-2]
    values = {item.name: _plain(getattr(display, item.name)) for item in fields(display) if item.name != "sessions"}
    return {"display": f"{folder}.{type(display).__name__}", **values}


def _plain(value: Any) -> Any:
    """A field's value as JSON gives it back."""
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value


def display_of_entry(entry: Mapping[str, Any], name: str) -> Display:
    """A display from the catalogue's values.

    Parameters
    ----------
    entry : mapping
        From `entry_of_display`.
    name : str
        The display's name, for the message.

    Returns
    -------
    Display
        Equal to the plan's, but for its sessions.

    Raises
    ------
    ResultsError
        If the entry names no display that this version knows.
    """
    found = PLACE.fullmatch(str(entry.get("display", "")))
    given = {key: tuple(v) if isinstance(v, list) else v for key, v in entry.items() if key != "display"}
    try:
        folder, kind = found.groups() if found else ("", "")
        made: Display = getattr(importlib.import_module(HOME.format(folder)), kind)(sessions=(), **given)
    except (ImportError, AttributeError, TypeError) as error:
        raise ResultsError(f"catalogue: display {name} is unknown; the version that made it is required.") from error
    return made


def caption_title(results: Results, display: Display) -> str:
    """The title of a display as a caption begins with it: with its number where the session's displays carry them.

    Parameters
    ----------
    results : Results
        Its catalogue.
    display : Display
        Of the plan.

    Returns
    -------
    str
        Such as ``Overall survival (14.2.1.2).``; a title that ends without a period stays without one.
    """
    if results.catalogue.study.get("numbered") != "yes" or not display.number:
        return display.title
    title = display.title.removesuffix(".")
    return f"{title} ({display.number}){display.title[len(title) :]}"

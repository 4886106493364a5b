"""The catalogue beside the rows: words, order and choices, which a row cannot hold."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, TypeVar

from npcstats.errors import ResultsError

T = TypeVar("T", str, bool, int, float)
Choice = str | bool | int | float | tuple[str | bool | int | float, ...]
"""A choice of the plan as the value that it is."""
CURVE, AT_TIMES = "curve", "at times"
"""The choice of an analysis whose curves are given only at times at which they may be known, and its value."""
ABSENT = "absent"
"""The kind of an analysis that has no rows, as the export lacks a frame, and the topic of the sentence that says so."""
PERCENT, WHOLE_PERCENT = "percent", "whole"
"""The choice of an analysis whose percentages are published without decimals, and its value."""


@dataclass(frozen=True)
class Analysis:
    """What a display needs to know of one analysis.

    Parameters
    ----------
    label : str
        Its name on the page.
    kind : str
        What kind of analysis it is, such as ``toxicity``.
    status : str
        ``planned`` or ``post hoc``.
    population : str
        Code of the analysis set.
    sentences : mapping of str to str
        Footnotes by topic (population, denominator, period, method, adjustment, ...), each a full sentence.
    choices : mapping of str to str, bool, int, float or tuple of these
        Statistical choices as the plan made them, each as the value that it is.
    labels : mapping of str to mapping of str to str
        Per key column, codes in page order and their labels.
    units : mapping of str to str
        Unit of each variable.
    """

    label: str
    kind: str
    status: str
    population: str
    sentences: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, Choice] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)

    def chosen(self, name: str, kind: type[T], default: T | None = None) -> T:
        """Tell what was chosen, as a value of a known type.

        Parameters
        ----------
        name : str
            Of the choice.
        kind : type
            ``str``, ``bool``, ``int`` or ``float``; a whole number is a float too.
        default : same as `kind`, optional
            Where nothing was chosen; without it, that is an error.

        Returns
        -------
        Same as `kind`
            The value.

        Raises
        ------
        ResultsError
            If nothing was chosen and there is no default, or the value is of another type.
        """
        value = self.choices.get(name, default)
        if kind is float and type(value) is int:
            value = float(value)
        if type(value) is not kind:
            raise ResultsError(f"catalogue: choice {name!r} of {self.label!r} is {value!r}; a value of type "
                               f"{kind.__name__} is required.")  # fmt: skip
        return value


@dataclass(frozen=True)
class Catalogue:
    """Words and order for a results table.

    Parameters
    ----------
    study : mapping of str to str
        Registry, titles, cut-off in words, session, rounding, whether the data are synthetic.
    arms : mapping of str to str
        Arm codes in page order and their labels; empty in an open study.
    populations : mapping of str to str
        Codes and defining sentences.
    analyses : mapping of str to Analysis
        By analysis id, in plan order.
    provenance : mapping of str to str
        Hashes, versions, cut-off and seed of the run.
    conventions : mapping of str to mapping of str to str
        Statistical conventions in force, each with its topic and its equivalents in R and SAS.
    tables, figures : mapping of str to mapping
        What the plan wants each table and figure of the session to show, by name, as plain values.
    quotes : mapping of str to mapping
        Which row each number is that a report of the session quotes by its name.
    """

    study: Mapping[str, str]
    arms: Mapping[str, str]
    populations: Mapping[str, str]
    analyses: Mapping[str, Analysis]
    provenance: Mapping[str, str] = field(default_factory=dict)
    conventions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    tables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    figures: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    quotes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def catalogue_text(catalogue: Catalogue) -> str:
    """Print a catalogue as JSON.

    Parameters
    ----------
    catalogue : Catalogue
        Words and order.

    Returns
    -------
    str
        JSON, keys in page order.
    """
    return json.dumps(asdict(catalogue), ensure_ascii=False, indent=1) + "\n"


def read_catalogue(text: str) -> Catalogue:
    """Read what `catalogue_text` printed.

    Parameters
    ----------
    text : str
        JSON; what an analysis has that is not known here is left out.

    Returns
    -------
    Catalogue
        Equal to what was printed.
    """
    content: dict[str, Any] = json.loads(text)
    return Catalogue(**{**content, "analyses": {name: _analysis(told) for name, told in content["analyses"].items()}})


def _analysis(told: Mapping[str, Any]) -> Analysis:
    known = {item.name: told[item.name] for item in fields(Analysis) if item.name in told}
    choices = known.get("choices", {})
    listed = {name: tuple(value) for name, value in choices.items() if isinstance(value, list)}
    return Analysis(**{**known, "choices": {**choices, **listed}})


def absent_sentences(catalogue: Catalogue, analyses: Iterable[str]) -> list[str]:
    """Say what of some analyses could not be made, because the export lacks a frame.

    Parameters
    ----------
    catalogue : Catalogue
        Of the session.
    analyses : iterable of str
        Ids; one that the catalogue has not is passed over.

    Returns
    -------
    list of str
        Each sentence once; empty where all were made.
    """
    found = (catalogue.analyses[name] for name in analyses if name in catalogue.analyses)
    return list(dict.fromkeys(entry.sentences[ABSENT] for entry in found if entry.kind == ABSENT))

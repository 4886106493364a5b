"""What a kind of analysis declares of itself, once: everything that handles analyses reads it here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from npcstats.disclosure.table import PublicTable
from npcstats.display.specs import Display
from npcstats.results import Analysis, Listing, Results, Row
from npcstats.study import Status, Study

Words = Mapping[str, str]
Withhold = Callable[[PublicTable], list[Row]]


class Spec(Protocol):
    """What every entry of the plan says."""

    @property
    def id(self) -> str:
        """Its id in results."""

    @property
    def label(self) -> str:
        """Its name on the page."""

    @property
    def population(self) -> str:
        """Code of the analysis set."""

    @property
    def sessions(self) -> tuple[str, ...]:
        """Sessions of the plan it is made for."""

    @property
    def status(self) -> Status:
        """Whether the plan foresaw it."""


def no_faults(spec: Any) -> list[str]:
    """Faults of an entry that can have none.

    Parameters
    ----------
    spec : object
        Entry of the plan.

    Returns
    -------
    list of str
        Empty.
    """
    return []


def never_idle(spec: Any) -> dict[str, str]:
    """Idle fields of an entry whose every field has an effect.

    Parameters
    ----------
    spec : object
        Entry of the plan.

    Returns
    -------
    dict of str to str
        Empty.
    """
    return {}


@dataclass(frozen=True)
class Choices:
    """Which choices of an entry are refused.

    Parameters
    ----------
    faults : callable
        Faults of an entry by itself, each a clause.
    idle : callable
        Fields of an entry that have no effect beside its others, and why.
    of_arms : tuple of str
        Fields without effect where arms are not told apart.
    of_pairs : tuple of str
        Fields without effect where there is one arm.
    of_two : tuple of str
        Those of them that are required where two arms are compared, and without effect where there are more.
    of_several : tuple of str
        Those of them that are required wherever arms are compared.
    """

    faults: Callable[[Any], list[str]] = no_faults
    idle: Callable[[Any], dict[str, str]] = never_idle
    of_arms: tuple[str, ...] = ()
    of_pairs: tuple[str, ...] = ()
    of_two: tuple[str, ...] = ()
    of_several: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of analysis.

    Parameters
    ----------
    spec : type
        Class of the plan's entries.
    codes : tuple of str
        What the catalogue calls analyses of this kind.
    efficacy : bool
        Whether it shows efficacy, which an interim session sees by arm only if the plan turns it on.
    withhold : callable or None
        What of its rows is withheld from a public session; None for what has no rows and no public session sees.
    summarize : callable, optional
        Rows of an analysis from a study and its entry.
    assess : callable, optional
        Rows of an analysis from a study, the rows of all others and its entry.
    record : callable, optional
        Participants one by one, from a study, its entry and the secret that numbers them anew.
    displays : tuple of type
        Tables and figures that a plan can ask for.
    choices : Choices
        Which choices of an entry are refused.
    measures : mapping of str to str
        Its own words in the column ``measure``, and what each means.
    conventions : mapping of (str, object) to mapping of str to str
        Conventions that its choices call for, with their equivalents in R and SAS.

    Raises
    ------
    TypeError
        On construction, if `efficacy` or `withhold` is not said.
    """

    spec: type
    codes: tuple[str, ...]
    efficacy: bool
    withhold: Withhold | None
    summarize: Callable[[Study, Any], Results] | None = None
    assess: Callable[[Study, Results, Any], Results] | None = None
    record: Callable[[Study, Any, str], tuple[Listing, Analysis]] | None = None
    displays: tuple[type[Display], ...] = ()
    choices: Choices = Choices()
    measures: Words = field(default_factory=dict)
    conventions: Mapping[tuple[str, Any], Words] = field(default_factory=dict)

"""What a kind of analysis declares of itself, once: everything that handles analyses reads it here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol

from npcstats.derive import Past
from npcstats.disclosure.withhold import Withholding
from npcstats.display.specs import Display
from npcstats.results import Analysis, Listing, Results
from npcstats.results.conventions import Conventions
from npcstats.study import UNADJUSTED, Estimand, Status, Study

Words = Mapping[str, str]


class Unsaid(Enum):
    """What a kind must say of itself and did not."""

    UNSAID = "unsaid"


UNSAID = Unsaid.UNSAID


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


def no_fields(spec: Any) -> tuple[str, ...]:
    """Fields of an entry, or columns that it names: none.

    Parameters
    ----------
    spec : object
        Entry of the plan.

    Returns
    -------
    tuple of str
        Empty.
    """
    return ()


def no_contrast(spec: Any, arms: int) -> Estimand:
    """Estimand of an entry that never compares arms.

    Parameters
    ----------
    spec : object
        Entry of the plan.
    arms : int
        Arms of the design.

    Returns
    -------
    str
        Empty.
    """
    return ""


def of_difference(spec: Any, arms: int) -> Estimand:
    """Estimand of an entry that compares two arms by its field ``difference``, without adjustment.

    Parameters
    ----------
    spec : object
        Entry of the plan.
    arms : int
        Arms of the design.

    Returns
    -------
    str
        Empty where none are compared.
    """
    return UNADJUSTED if spec.difference else ""


@dataclass(frozen=True, kw_only=True)
class Choices:
    """Which choices of an entry are refused.

    Parameters
    ----------
    faults : callable
        Faults of an entry by itself, each a clause.
    idle : callable
        Fields of an entry that have no effect beside its others, and why.
    of_pairs : tuple of str
        Fields that compare arms: without effect in a design of one.
    of_arms : tuple of str
        Those of them that are without effect in sessions that do not tell arms apart; the others may be made for
        sessions to come.
    of_two : tuple of str
        Those of them that compare two arms: required of a design of two, without effect in one of more.
    required : tuple of str
        Those of them that are required wherever arms are compared.
    unarmed : callable
        Fields of an entry, beside its others, that are without effect where arms are not told apart or there is one.
    estimand : callable
        The one estimand that a comparison of so many arms by an entry can have; empty where it makes none.
    told_dates : callable
        Dates of ADSL of which the sentences of an entry are made.
    cites : callable
        Displays that an entry names, as ``tbl-NAME`` and ``fig-NAME``; each must be in every session of the entry.
    """

    faults: Callable[[Any], list[str]] = no_faults
    idle: Callable[[Any], dict[str, str]] = never_idle
    of_pairs: tuple[str, ...] = ()
    of_arms: tuple[str, ...] = ()
    of_two: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    unarmed: Callable[[Any], tuple[str, ...]] = no_fields
    estimand: Callable[[Any, int], Estimand] = no_contrast
    told_dates: Callable[[Any], tuple[str, ...]] = no_fields
    cites: Callable[[Any], tuple[str, ...]] = no_fields


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
    withhold : Withholding or None
        What of its rows is withheld from a public session; None for listings, which no public session has.
    summarize : callable, optional
        Rows of an analysis from a study and its entry.
    assess : callable, optional
        Rows of an analysis from a study, the rows of all others and its entry.
    compare : callable, optional
        Rows of an analysis from a study, the rows of all others, what the former meeting had (None where there was
        none) and its entry.
    record : callable, optional
        Participants one by one, from a study, its entry and the secret that numbers them anew.
    follow : callable, optional
        Participants one by one, from a study, what the former meeting had (or None), its entry and that secret.
    record_arms : tuple of str
        How a session that sees what `record` or `follow` makes shows its arms: ``masked`` or ``named``.
    displays : tuple of type
        Tables and figures that a plan can ask for.
    choices : Choices
        Which choices of an entry are refused.
    measures : mapping of str to str
        Its own words in the column ``measure``, and what each means.
    conventions : mapping of (str, object) to mapping of str to str
        Conventions that its choices call for, with their equivalents in R and SAS.

    Notes
    -----
    `efficacy` and `withhold` have no default: `unsaid` finds what a kind leaves open, and no plan is loaded then.
    """

    spec: type
    codes: tuple[str, ...]
    efficacy: bool | Unsaid = UNSAID
    withhold: Withholding | Unsaid | None = UNSAID
    summarize: Callable[[Study, Any], Results] | None = None
    assess: Callable[[Study, Results, Any], Results] | None = None
    compare: Callable[[Study, Results, Past | None, Any], Results] | None = None
    record: Callable[[Study, Any, str], tuple[Listing, Analysis]] | None = None
    follow: Callable[[Study, Past | None, Any, str], tuple[Listing, Analysis]] | None = None
    record_arms: tuple[str, ...] = ()
    displays: tuple[type[Display], ...] = ()
    choices: Choices = field(default_factory=Choices)
    measures: Words = field(default_factory=dict)
    conventions: Conventions = field(default_factory=dict)


def unsaid(kinds: Iterable[Kind]) -> list[str]:
    """Find what kinds leave open that each must say of itself.

    Parameters
    ----------
    kinds : iterable of Kind
        Every kind.

    Returns
    -------
    list of str
        A clause for each.
    """
    return [
        f"kind {kind.spec.__name__} does not say {name}"
        for kind in kinds
        for name in ("efficacy", "withhold")
        if getattr(kind, name) is UNSAID
    ]

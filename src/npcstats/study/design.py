"""The design of a trial: what it is, as values that are checked when it is made.

Nothing here knows a particular trial: arms, visits, endpoints and periods are values that a plan supplies.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from npcstats.errors import SpecError
from npcstats.study.checks import design_faults
from npcstats.study.parts import Declared, Endpoint, Period, Population, Visit
from npcstats.study.sentences import endpoint_sentence, period_sentence, primary_sentence, zero_words

_Named = TypeVar("_Named", Visit, Population, Period, Endpoint)


def _by_code(items: str, kind: type[_Named]) -> Callable[[Design, str], _Named]:
    """A method that finds one of a design's items by its code, and refuses one that is not there."""

    def find(design: Design, code: str) -> _Named:
        known: tuple[_Named, ...] = getattr(design, items)
        found = next((item for item in known if item.code == code), None)
        if found is None:
            codes = ", ".join(item.code for item in known)
            raise SpecError(f"plan: {kind.__name__.lower()} {code!r} is not in the design; one of {codes} is required.")
        return found

    find.__doc__ = f"Find a {kind.__name__.lower()} of the design by its code; SpecError if there is none."
    return find


@dataclass(frozen=True)
class Design(Declared):
    """What a trial is, as values: those of `Declared`, all of whose names are in the data contract.

    Raises
    ------
    SpecError
        On construction, if something named is not in the data contract; one message lists every fault.
    """

    def __post_init__(self) -> None:
        """Refuse a design that names an arm, a column or a kind of record that does not exist."""
        faults = design_faults(self)
        if faults:
            raise SpecError(f"design: {'; '.join(faults)}; names of the data contract are required.")

    def definition(self, item: Endpoint | Period) -> str:
        """Say what an endpoint or a period is.

        Parameters
        ----------
        item : Endpoint or Period
            Of the design.

        Returns
        -------
        str
            A sentence, made from its values.
        """
        return endpoint_sentence(self, item) if isinstance(item, Endpoint) else period_sentence(self, item)

    @property
    def primary_words(self) -> str:
        """Say which endpoint is the primary one.

        Returns
        -------
        str
            A sentence.
        """
        return primary_sentence(self)

    def date_words(self, name: str) -> str:
        """Tell what a date is called in a sentence.

        Parameters
        ----------
        name : str
            Date column of ADSL.

        Returns
        -------
        str
            Its words.

        Raises
        ------
        SpecError
            If the design has none.
        """
        if name not in self.words.dates:
            raise SpecError(f"plan: words.dates has nothing for {name}; what it is called in a sentence is required.")
        return self.words.dates[name]

    def zero_words(self, endpoint: Endpoint) -> str:
        """Tell what time zero of an endpoint is called in a sentence.

        Parameters
        ----------
        endpoint : Endpoint
            Of the design.

        Returns
        -------
        str
            Its words; empty where the design has none.
        """
        return zero_words(self, endpoint)

    visit = _by_code("visits", Visit)
    population = _by_code("populations", Population)
    period = _by_code("periods", Period)
    endpoint = _by_code("endpoints", Endpoint)

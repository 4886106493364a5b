"""What figures over the time of an endpoint have in common, as a plan asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from npcstats.display.specs import Figure, TableOfSeveral
from npcstats.errors import SpecError
from npcstats.system.named import Named

PROBABILITIES, RATIOS = ("survival", "incidence"), ("regression",)
"""Kinds of analysis of which a table shows probabilities, and ratios of hazards."""


@dataclass(frozen=True, kw_only=True)
class OverTime(Figure):
    """A figure with an axis of time since the endpoint's time zero.

    Parameters
    ----------
    x_label : str
        Name of the axis; from the rows' unit, and the endpoint's words for time zero, if empty.
    """

    x_label: str = ""


@dataclass(frozen=True, kw_only=True)
class Sensitivity(TableOfSeveral):
    """Events, landmark estimates and hazard ratios: an analysis, and below it those under other rules.

    Parameters
    ----------
    ratios : mapping of str to str
        Id of the regression that belongs to each member; those without one have no line of it.

    Raises
    ------
    SpecError
        On construction, if a regression belongs to no member.
    """

    ratios: Mapping[str, str]

    shows = ("survival", "incidence", "regression")
    make = Named("npcstats.analyses.timetoevent.table.sensitivity", "tabulate")

    def __post_init__(self) -> None:
        """Check that each regression belongs to a member."""
        super().__post_init__()
        stray = [name for name in self.ratios if name not in self.members]
        if stray:
            raise SpecError(f"display {self.name}: ratios are given of {', '.join(stray)}; members are required.")

    @property
    def analyses(self) -> tuple[str, ...]:
        """Tell which analyses it shows.

        Returns
        -------
        tuple of str
            Its members, and the regressions of their hazard ratios.
        """
        return (*self.members, *self.ratios.values())

    def kinds_of(self, analysis: str) -> tuple[str, ...]:
        """Tell of which kind an analysis that it shows must be.

        Parameters
        ----------
        analysis : str
            Its id, one of `analyses`.

        Returns
        -------
        tuple of str
            That of probabilities for a member, that of ratios for the others.
        """
        return PROBABILITIES if analysis in self.members else RATIOS

    def faults_together(self, specs: Mapping[str, Any]) -> list[str]:
        """Faults of its analyses beside one another: labels, one kind, each ratio of its member's endpoint and set.

        Parameters
        ----------
        specs : mapping of str to object
            The plan's entries of them all, by id.

        Returns
        -------
        list of str
            A clause for each.
        """
        mixed = len({type(specs[name]) for name in self.members}) > 1
        faults = ["its members are of several kinds; analyses of one are required"] if mixed else []
        faults += super().faults_together(specs)
        return faults + [
            f"{ratio} is of another {what} than {name}, whose hazard ratio it would be"
            for name, ratio in self.ratios.items()
            for what in ("endpoint", "population")
            if getattr(specs[name], what) != getattr(specs[ratio], what)
        ]

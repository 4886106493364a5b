"""What a plan can ask to be shown of supportive care and of body weight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from npcstats.choices import repeat_faults
from npcstats.display.specs import Figure, TableOfOne
from npcstats.system.named import Named


@dataclass(frozen=True, kw_only=True)
class CareTable(TableOfOne):
    """Supportive care by arm or pooled: in each period, how long, who still had it; and the risk difference.

    Parameters
    ----------
    items : tuple of str
        Kinds of care in page order; all of the analysis if empty.
    limits : bool
        Whether shares are printed with their confidence limits.
    total : bool
        Whether everyone has a column beside the arms.
    """

    items: tuple[str, ...] = ()
    limits: bool
    total: bool

    shows = ("care",)
    make = Named("npcstats.analyses.care.table.care", "tabulate")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows: kinds of care that it has not.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        known = [item.code for item in spec.items]
        return repeat_faults("item", list(self.items)) + [
            f"item {code!r} is not in {spec.id}; one of {', '.join(known)} is required"
            for code in self.items
            if code not in known
        ]


@dataclass(frozen=True, kw_only=True)
class CareCourse(Figure):
    """The share with care in place at each week, with limits, and how many are alive and followed then.

    Parameters
    ----------
    item : str
        Kind of care.
    x_label : str
        Name of the axis of time; what weeks are counted from, if empty.
    ticks : tuple of float
        Weeks of the axis under which numbers stand.
    """

    item: str
    x_label: str = ""
    ticks: tuple[float, ...]

    shows = ("care",)
    make = Named("npcstats.analyses.care.figure", "care_figure")
    caption = Named("npcstats.analyses.care.words", "caption")
    alt = Named("npcstats.analyses.care.words", "alt")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows: no such care at each week, or ticks between its weeks.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        weekly = [item.code for item in spec.items if item.weekly]
        found = [] if self.item in weekly else [f"item {self.item!r} is not told weekly in {spec.id}"]
        found += [] if len(self.ticks) > 1 else ["it has fewer than two ticks; two or more are required"]
        stray = [f"{tick:g}" for tick in self.ticks if tick not in spec.weeks]
        return found + ([f"tick {', '.join(stray)} is no week of {spec.id}"] if stray else [])


@dataclass(frozen=True, kw_only=True)
class WeightTable(TableOfOne):
    """Change of body weight by arm or pooled: the lowest of each period, the losses, and the change at visits.

    Parameters
    ----------
    limits : bool
        Whether shares are printed with their confidence limits.
    total : bool
        Whether everyone has a column beside the arms.
    """

    limits: bool
    total: bool

    shows = ("weight",)
    make = Named("npcstats.analyses.care.table.weight", "tabulate")

"""What a plan can ask to be shown of a declared family of adverse events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from npcstats.choices import choice_faults
from npcstats.display.specs import TableOfOne
from npcstats.system.named import Named

Order = Literal["plan", "frequency", "difference"]
ORDERS: tuple[Order, ...] = ("plan", "frequency", "difference")
RATIOS = ("risk_ratio", "odds_ratio", "")


@dataclass(frozen=True, kw_only=True)
class HarmsTable(TableOfOne):
    """Each event of a family: participants by arm, differences as observed and adjusted, a ratio, p-values.

    Parameters
    ----------
    order : {"plan", "frequency", "difference"}
        As the plan declares them; by participants of both arms together, most first; or by the difference as observed.
    ratio : {"risk_ratio", "odds_ratio", ""}
        The ratio that has a column.
    """

    order: Order
    ratio: str

    shows = ("harms",)
    make = Named("npcstats.analyses.harms.table", "tabulate")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows: the order is known, and the ratio is made.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        found = choice_faults(self, "order", ORDERS) + choice_faults(self, "ratio", RATIOS)
        if not found and self.ratio and not getattr(spec, self.ratio):
            found.append(f"ratio {self.ratio} was not made")
        return found

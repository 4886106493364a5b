"""What a plan can ask to be shown of a declared family of adverse events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from npcstats.analyses.harms.rows import CONTRASTS, UNADJUSTED
from npcstats.choices import choice_faults, repeat_faults
from npcstats.display.specs import Figure, TableOfOne
from npcstats.system.named import Named

Order = Literal["plan", "frequency", "size"]
ORDERS: tuple[Order, ...] = ("plan", "frequency", "size")
"""None of them puts first what fewer of one arm had."""


@dataclass(frozen=True, kw_only=True)
class HarmsTable(TableOfOne):
    """Each event of a family: participants by arm, contrasts as observed and adjusted, p-values where there are tests.

    Parameters
    ----------
    order : {"plan", "frequency", "size"}
        As the plan declares them; by participants of all arms together, most first; or by how far the difference as
        observed is from zero, whichever arm had fewer.
    contrasts : tuple of str
        What has columns, in page order: ``MEASURE.BLOCK``, such as ``risk_difference.unadjusted`` and
        ``risk_ratio.overlap``, whose block is the name of the adjustment.
    """

    order: Order
    contrasts: tuple[str, ...]

    shows = ("harms",)
    make = Named("npcstats.analyses.harms.table", "tabulate")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows: the order is known, and the contrasts are made.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        found = choice_faults(self, "order", ORDERS) + repeat_faults("contrasts", list(self.contrasts))
        return found + contrast_faults(spec, self.contrasts)


@dataclass(frozen=True, kw_only=True)
class HarmsPlot(Figure):
    """Each event of a family: shares of the arms, and beside them the difference as observed and adjusted.

    Parameters
    ----------
    order : {"plan", "frequency", "size"}
        As of `HarmsTable`.
    adjusted : bool
        Whether the adjusted difference is drawn beside the one as observed.
    """

    order: Order
    adjusted: bool

    shows = ("harms",)
    make = Named("npcstats.analyses.harms.figure", "harms_figure")
    caption = Named("npcstats.analyses.harms.words", "caption")
    alt = Named("npcstats.analyses.harms.words", "alt")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows: the order is known, and there is an adjustment to draw.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        found = choice_faults(self, "order", ORDERS)
        return found + (["it draws adjusted differences that were not made"] if self.adjusted > bool(spec.adjustment)
                        else [])  # fmt: skip


def contrast_faults(spec: Any, wanted: Sequence[str]) -> list[str]:
    """Contrasts asked for that an entry does not make.

    Parameters
    ----------
    spec : object
        The plan's entry.
    wanted : sequence of str
        As ``MEASURE.BLOCK``.

    Returns
    -------
    list of str
        A clause for each.
    """
    blocks = [UNADJUSTED, *([spec.adjustment.name] if spec.adjustment else [])]
    made = [f"{measure}.{block}" for measure, field in CONTRASTS.items() if getattr(spec, field) for block in blocks]
    return [
        f"contrast {name!r} was not made; one of {', '.join(made) or '(none)'} is required"
        for name in wanted
        if name not in made
    ]

"""What a plan can ask to be shown of a TAME summary."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.display.specs import TableOfOne
from npcstats.system.named import Named


@dataclass(frozen=True, kw_only=True)
class TameTable(TableOfOne):
    """T, A and M by arm, each with the ratio to the reference, and how many participants had how many severe events.

    Parameters
    ----------
    total : bool
        Whether everyone has a column beside the arms.
    """

    total: bool

    shows = ("tame",)
    make = Named("npcstats.analyses.tame.table", "tabulate")

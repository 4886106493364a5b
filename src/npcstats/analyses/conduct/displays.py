"""What a plan can ask to be shown of the conduct of a trial."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.display.specs import TableOfOne
from npcstats.system.named import Named


@dataclass(frozen=True, kw_only=True)
class Counts(TableOfOne):
    """Counts and shares by arm and for everyone, or pooled.

    Parameters
    ----------
    total : bool
        Whether everyone has a column beside the arms, where they are counted together.
    """

    total: bool

    shows = ("counts",)
    make = Named("npcstats.analyses.conduct.table", "tabulate")

"""What a plan can ask to be shown of characteristics."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.display.specs import TableOfOne
from npcstats.system.named import Named


@dataclass(frozen=True, kw_only=True)
class Characteristics(TableOfOne):
    """Distributions by arm or pooled, with standardized differences.

    Parameters
    ----------
    total : bool
        Whether everyone has a column beside the arms.
    """

    total: bool

    shows = ("baseline",)
    make = Named("npcstats.analyses.baseline.table", "tabulate")

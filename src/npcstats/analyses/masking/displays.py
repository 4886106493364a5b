"""What a plan can ask to be shown of what tells masked arms apart."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.display.specs import TableOfOne
from npcstats.system.named import Named


@dataclass(frozen=True, kw_only=True)
class TellingApart(TableOfOne):
    """Differences that could tell which arm is which, beside the plan's limits.

    Of characteristics those beyond the limit are shown, else the largest.
    """

    shows = ("masking",)
    make = Named("npcstats.analyses.masking.table", "tabulate")

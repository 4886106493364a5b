"""What a plan can ask to be shown of a listing."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.display.specs import TableOfOne
from npcstats.system.named import Named


@dataclass(frozen=True, kw_only=True)
class Records(TableOfOne):
    """The records of a listing, one per line."""

    shows = ("listing",)
    make = Named("npcstats.analyses.listing.table", "tabulate")

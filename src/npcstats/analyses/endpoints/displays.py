"""What a plan can ask to be shown of the account of events and censoring."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.display.specs import TableOfOne
from npcstats.system.named import Named


@dataclass(frozen=True, kw_only=True)
class EndpointCounts(TableOfOne):
    """Events, competing events and censorings by reason, by arm and for everyone, or pooled.

    Parameters
    ----------
    total : bool
        Whether everyone has a column beside the arms, where they are counted together.
    """

    total: bool

    shows = ("counts",)
    make = Named("npcstats.analyses.endpoints.table", "tabulate")

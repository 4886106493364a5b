"""What a plan can ask to be shown of tumor response."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.display.specs import TableOfOne
from npcstats.system.named import Named


@dataclass(frozen=True, kw_only=True)
class Responses(TableOfOne):
    """Classes of response with their shares, and rates with their limits, by arm or pooled.

    Parameters
    ----------
    total : bool
        Whether everyone has a column beside the arms.
    """

    total: bool

    shows = ("response",)
    make = Named("npcstats.analyses.response.table", "tabulate")

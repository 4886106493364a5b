"""What a plan can ask to be shown of onset, duration and resolution."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.display.specs import TableOfOne
from npcstats.system.named import Named


@dataclass(frozen=True, kw_only=True)
class DurationTable(TableOfOne):
    """Of each kind of event who had it, when it began and was worst, how long the first lasted, who has recovered.

    Parameters
    ----------
    total : bool
        Whether everyone has a column beside the arms.
    """

    total: bool

    shows = ("duration",)
    make = Named("npcstats.analyses.duration.table", "tabulate")

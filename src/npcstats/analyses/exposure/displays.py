"""What a plan can ask to be shown of delivered treatment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from npcstats.display.specs import TableOfOne
from npcstats.system.named import Named


@dataclass(frozen=True, kw_only=True)
class DeliveredTreatment(TableOfOne):
    """Delivered treatment by arm, and for everyone, or pooled.

    Parameters
    ----------
    parts : tuple of str
        Parts of the analysis that it shows, in page order.
    total : bool
        Whether everyone has a column beside the arms.
    """

    parts: tuple[str, ...]
    total: bool

    shows = ("exposure",)
    make = Named("npcstats.analyses.exposure.table", "tabulate")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside the analysis: parts that it has not.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        known = [part.code for part in spec.parts]
        faults = [] if self.parts else ["it shows no part; one or more is required"]
        return faults + [
            f"part {code!r} is not in {spec.id}; one of {', '.join(known)} is required"
            for code in self.parts
            if code not in known
        ]

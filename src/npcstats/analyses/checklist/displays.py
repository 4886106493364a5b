"""What a plan can ask to be shown of reporting checklists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from npcstats.display.specs import TableOfOne
from npcstats.system.named import Named


@dataclass(frozen=True, kw_only=True)
class Checklist(TableOfOne):
    """Items of one guideline, how far the report fills each, and by what.

    Parameters
    ----------
    guideline : str
        Its code.
    """

    guideline: str

    shows = ("checklist",)
    make = Named("npcstats.analyses.checklist.table", "tabulate")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside the analysis: a guideline that it has not.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause, or none.
        """
        known = [guideline.code for guideline in spec.guidelines]
        if self.guideline in known:
            return []
        return [f"guideline {self.guideline!r} is not in {spec.id}; one of {', '.join(known)} is required"]

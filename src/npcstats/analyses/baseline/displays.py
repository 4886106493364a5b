"""What a plan can ask to be shown of characteristics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from npcstats.choices import choice_faults
from npcstats.display.specs import TableOfOne
from npcstats.system.named import Named

MISSING = ("any", "always")
LAYOUTS = ("", "columns", "blocks")
P_STYLES = ("p_value", "p_value4")


@dataclass(frozen=True, kw_only=True)
class Characteristics(TableOfOne):
    """Distributions by arm or pooled, with standardized differences and the tests that the analysis made.

    Parameters
    ----------
    total : bool
        Whether everyone has a column beside the arms.
    missing : {"any", "always"}
        Which characteristics have a line of how many have no value: those that somebody in the table has none of, or
        all.
    subgroups : {"", "columns", "blocks"}
        How subgroups of the analysis stand: side by side, one below the other, or not at all but everyone.
    p_style : {"p_value", "p_value4"}
        How p-values are printed, where the analysis made tests: to three decimals or to four.
    """

    total: bool
    missing: str = "any"
    subgroups: str = ""
    p_style: str = "p_value"

    shows = ("baseline",)
    make = Named("npcstats.analyses.baseline.table", "tabulate")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside the analysis that it shows.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each choice that is none, or asks for subgroups that the analysis does not have.
        """
        found = choice_faults(self, "missing", MISSING) + choice_faults(self, "subgroups", LAYOUTS)
        found += choice_faults(self, "p_style", P_STYLES)
        if self.subgroups and spec.split is None:
            found.append(f"subgroups is {self.subgroups!r}, but {spec.id} has none; what it is split by is required")
        return found

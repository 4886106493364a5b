"""What a plan can ask to be shown of the overview."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from npcstats.choices import repeat_faults
from npcstats.display.specs import TableOfOne
from npcstats.system.named import Named


@dataclass(frozen=True, kw_only=True)
class SafetyOverview(TableOfOne):
    """Participants with events of each category and with each kind of death, with limits, and the number of events.

    Parameters
    ----------
    windows : tuple of str
        Periods in page order, one block of lines each; all of the analysis if empty.
    total : bool
        Whether everyone has columns beside the arms.
    """

    windows: tuple[str, ...] = ()
    total: bool

    shows = ("overview",)
    make = Named("npcstats.analyses.overview.table", "tabulate")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside the analysis: periods that it has not.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        return _window_faults(self.windows, spec)


@dataclass(frozen=True, kw_only=True)
class OverviewDifferences(TableOfOne):
    """Differences between two arms in the shares that the overview counts, a column for each period.

    Parameters
    ----------
    windows : tuple of str
        Periods in page order; all of the analysis if empty.
    """

    windows: tuple[str, ...] = ()

    shows = ("overview",)
    make = Named("npcstats.analyses.overview.table", "tabulate_differences")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside the analysis: periods that it has not, or no comparison of arms.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        compared = [] if spec.difference else ["no arms are compared, so there is no difference to show"]
        return compared + _window_faults(self.windows, spec)


def _window_faults(windows: tuple[str, ...], spec: Any) -> list[str]:
    known = [window.code for window in spec.windows]
    strange = [
        f"window {code!r} was not made; one of {', '.join(known)} is required" for code in windows if code not in known
    ]
    return strange + repeat_faults("window", list(windows))

"""What a plan can ask to be shown of samples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from npcstats.display.specs import TableOfOne
from npcstats.system.named import Named


@dataclass(frozen=True, kw_only=True)
class SampleSteps(TableOfOne):
    """Who was expected at each visit, and how many of them took each step to an evaluable value.

    Parameters
    ----------
    variables : tuple of str
        Markers in page order; all if empty.
    total : bool
        Whether everyone has columns beside the arms.
    """

    variables: tuple[str, ...] = ()
    total: bool

    shows = ("samples",)
    make = Named("npcstats.analyses.samples.table", "tabulate_steps")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows: it has every marker.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        return _unknown_markers(self.variables, spec)


@dataclass(frozen=True, kw_only=True)
class SampleReasons(TableOfOne):
    """Why participants have no evaluable value at each visit.

    Parameters
    ----------
    variables : tuple of str
        Markers in page order; all if empty.
    total : bool
        Whether everyone has columns beside the arms.
    """

    variables: tuple[str, ...] = ()
    total: bool

    shows = ("samples",)
    make = Named("npcstats.analyses.samples.table", "tabulate_reasons")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows: it has every marker.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        return _unknown_markers(self.variables, spec)


def _unknown_markers(variables: tuple[str, ...], spec: Any) -> list[str]:
    known = [marker.code for marker in spec.markers]
    return [f"it shows {name}, which is no marker of {spec.id}" for name in variables if name not in known]

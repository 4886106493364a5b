"""What a plan can ask to be shown of laboratory toxicity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from npcstats.analyses.laboratory.rows import BANDS
from npcstats.choices import choice_faults, repeat_faults
from npcstats.display.specs import TableOfOne
from npcstats.system.named import Named


@dataclass(frozen=True, kw_only=True)
class _LaboratoryTable(TableOfOne):
    """A table of one period of laboratory toxicity."""

    window: str
    total: bool

    def faults(self, spec: Any) -> list[str]:
        """Faults beside the analysis: a period that it has not.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        return choice_faults(self, "window", [window.code for window in spec.windows])


@dataclass(frozen=True, kw_only=True)
class ShiftTable(_LaboratoryTable):
    """Participants by grade at baseline and worst grade in a period.

    Parameters
    ----------
    window : str
        Period.
    parameters : tuple of str
        Parameters shown, in page order; all of the analysis if empty.
    total : bool
        Whether everyone has columns beside the arms.
    """

    parameters: tuple[str, ...] = ()
    shows = ("laboratory",)
    make = Named("npcstats.analyses.laboratory.table", "tabulate_shift")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside the analysis: a period or parameters that it has not.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        known = [item.code for item in spec.parameters]
        return [
            *super().faults(spec),
            *repeat_faults("parameter", list(self.parameters)),
            *(f"parameter {code!r} is not in {spec.id}; one of {', '.join(known)} is required"
              for code in self.parameters if code not in known),
        ]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class LaboratoryWorst(_LaboratoryTable):
    """Treatment-emergent worst grades of each parameter in a period, with exact limits and differences.

    Parameters
    ----------
    window : str
        Period.
    bands : tuple of int
        Lowest grades of the bands that have a column.
    total : bool
        Whether everyone has columns beside the arms.
    """

    bands: tuple[int, ...]
    shows = ("laboratory",)
    make = Named("npcstats.analyses.laboratory.table", "tabulate_worst")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside the analysis: a period that it has not, bands that are none.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        found = [] if self.bands else ["it shows no band; one is required"]
        found += repeat_faults("band", [str(band) for band in self.bands])
        found += [f"band {band} is none of {', '.join(map(str, BANDS))}" for band in self.bands if band not in BANDS]
        return super().faults(spec) + found


@dataclass(frozen=True, kw_only=True)
class NadirTable(_LaboratoryTable):
    """Worst values in a period, their day, and how long until recovery.

    Parameters
    ----------
    window : str
        Period.
    total : bool
        Whether everyone has columns beside the arms.
    """

    shows = ("laboratory",)
    make = Named("npcstats.analyses.laboratory.table", "tabulate_nadirs")


@dataclass(frozen=True, kw_only=True)
class AgreementTable(_LaboratoryTable):
    """Participants whose values and reported events agree, and those whose do not.

    Parameters
    ----------
    window : str
        Period.
    total : bool
        Whether everyone has columns beside the arms.
    """

    shows = ("laboratory",)
    make = Named("npcstats.analyses.laboratory.table", "tabulate_agreement")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside the analysis: a period in which agreement is not asked for.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        if not spec.agreement:
            return [f"{spec.id} does not ask whether values and events agree"]
        return choice_faults(self, "window", list(spec.agreement.windows))

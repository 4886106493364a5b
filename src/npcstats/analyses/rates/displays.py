"""What a plan can ask to be shown of rates of adverse events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from npcstats.analyses.rates.rows import ALL, FIRST
from npcstats.analyses.timetoevent.displays import OverTime
from npcstats.choices import choice_faults, repeat_faults
from npcstats.display.specs import TableOfOne
from npcstats.errors import SpecError
from npcstats.system.named import Named

LEVELS = (FIRST, ALL)


def _check_levels(name: str, levels: tuple[str, ...]) -> None:
    if not levels or any(level not in LEVELS for level in levels):
        raise SpecError(f"display {name}: levels are {', '.join(levels) or 'none'}; {FIRST}, {ALL} or both are "
                        "required.")  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class RatesTable(TableOfOne):
    """Events, person-years and rates in a period, by arm or pooled.

    Parameters
    ----------
    window : str
        Period.
    levels : tuple of str
        ``first`` and ``all``, in page order.
    total : bool
        Whether everyone has columns beside the arms.

    Raises
    ------
    SpecError
        On construction, if there is no level, or another.
    """

    window: str
    levels: tuple[str, ...]
    total: bool

    shows = ("rates",)
    make = Named("npcstats.analyses.rates.table", "tabulate")

    def __post_init__(self) -> None:
        """Check the levels."""
        super().__post_init__()
        _check_levels(self.name, self.levels)

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows: the period is among those made.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        made = [period.code for period in spec.periods]
        return choice_faults(self, "window", made) + repeat_faults("level", list(self.levels))


@dataclass(frozen=True, kw_only=True)
class RateContrasts(TableOfOne):
    """Differences and ratios of the rates of two arms.

    Parameters
    ----------
    windows : tuple of str
        Periods in page order.
    levels : tuple of str
        ``first`` and ``all``, in page order.

    Raises
    ------
    SpecError
        On construction, if there is no period or level, or another level.
    """

    windows: tuple[str, ...]
    levels: tuple[str, ...]

    shows = ("rates",)
    make = Named("npcstats.analyses.rates.table", "tabulate_contrasts")

    def __post_init__(self) -> None:
        """Check the periods and levels."""
        super().__post_init__()
        _check_levels(self.name, self.levels)
        if not self.windows:
            raise SpecError(f"display {self.name}: windows are none; a period is required.")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows: it compares arms, in these periods.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        made = [period.code for period in spec.periods]
        found = [] if spec.difference else [f"{spec.id} compares no arms; a difference is required"]
        found += [f"window {code!r} was not made; one of {', '.join(made)} is required"
                  for code in self.windows if code not in made]  # fmt: skip
        return found + repeat_faults("window", list(self.windows)) + repeat_faults("level", list(self.levels))


@dataclass(frozen=True, kw_only=True)
class MeanNumbers(TableOfOne):
    """Mean numbers of events at landmarks, course by course, with differences of two arms.

    Parameters
    ----------
    total : bool
        Whether everyone has a column beside the arms.
    """

    total: bool

    shows = ("rates",)
    make = Named("npcstats.analyses.rates.table", "tabulate_means")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows: it has courses.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        return [] if spec.courses else [f"{spec.id} has no course, so there is nothing to show; one is required"]


@dataclass(frozen=True, kw_only=True)
class MeanCumulative(OverTime):
    """Curves of the mean number of events per participant, with limits and numbers at risk.

    Parameters
    ----------
    course : str
        Which course of the analysis.
    """

    course: str

    shows = ("rates",)
    make = Named("npcstats.analyses.rates.figure", "mean_cumulative_figure")
    caption = Named("npcstats.analyses.rates.words", "caption")
    alt = Named("npcstats.analyses.rates.words", "alt")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows: the course is among its courses.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        return choice_faults(self, "course", [course.code for course in spec.courses])

"""What a plan can ask to be shown of grades over time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from npcstats.analyses.gradecourse.rows import band_level
from npcstats.choices import choice_faults, repeat_faults
from npcstats.display.specs import Figure, TableOfOne
from npcstats.system.named import Named


def _stray(what: str, wanted: tuple[str, ...], made: list[str]) -> list[str]:
    found = [f"{what} {code!r} was not made; one of {', '.join(made)} is required"
             for code in wanted if code not in made]  # fmt: skip
    return found + repeat_faults(what, list(wanted))


def _term_faults(spec: Any, variables: tuple[str, ...]) -> list[str]:
    return _stray("variable", variables, [item.code for item in spec.terms])


def _band_faults(display: object, spec: Any) -> list[str]:
    return choice_faults(display, "level", [band_level(band) for band in spec.bands])


@dataclass(frozen=True, kw_only=True)
class GradeCourseTable(TableOfOne):
    """Mean grade at each time, with its standard error, and how many have a grade.

    Parameters
    ----------
    variables : tuple of str
        Terms in page order; all of the analysis if empty.
    total : bool
        Whether everyone has a line beside the arms.
    """

    variables: tuple[str, ...] = ()
    total: bool

    shows = ("gradecourse",)
    make = Named("npcstats.analyses.gradecourse.table", "tabulate_means")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows: terms that it has not.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        return _term_faults(spec, self.variables)


@dataclass(frozen=True, kw_only=True)
class GradeAreaTable(TableOfOne):
    """Areas under the courses of grades by arm, with the difference of two arms.

    Parameters
    ----------
    total : bool
        Whether everyone has columns beside the arms.
    """

    total: bool

    shows = ("gradecourse",)
    make = Named("npcstats.analyses.gradecourse.table", "tabulate_areas")


@dataclass(frozen=True, kw_only=True)
class PrevalenceTable(TableOfOne):
    """Share of participants with a grade or a worse one at each time, with limits.

    Parameters
    ----------
    level : str
        Band of grades, such as ``grade>=2``.
    variables : tuple of str
        Terms in page order; all of the analysis if empty.
    total : bool
        Whether everyone has columns beside the arms.
    """

    level: str
    variables: tuple[str, ...] = ()
    total: bool

    shows = ("gradecourse",)
    make = Named("npcstats.analyses.gradecourse.table", "tabulate_prevalence")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows: terms or a band that it has not.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        return _band_faults(self, spec) + _term_faults(spec, self.variables)


@dataclass(frozen=True, kw_only=True)
class StackedGrades(Figure):
    """Bars of the worst grades at each time, one panel for each arm, a line of panels for each term.

    Parameters
    ----------
    variables : tuple of str
        Terms from the top.
    """

    variables: tuple[str, ...]

    shows = ("gradecourse",)
    make = Named("npcstats.analyses.gradecourse.figure.stacked", "stacked_grades")
    caption = Named("npcstats.analyses.gradecourse.words", "stacked_caption")
    alt = Named("npcstats.analyses.gradecourse.words", "stacked_alt")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows: terms that it has not, or none.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        none = [] if self.variables else ["variables are none; a term is required"]
        return none + _term_faults(spec, self.variables)


@dataclass(frozen=True, kw_only=True)
class MeanGrade(Figure):
    """Mean grades over time by arm, one panel for each term.

    Parameters
    ----------
    variables : tuple of str
        Terms in page order.
    """

    variables: tuple[str, ...]

    shows = ("gradecourse",)
    make = Named("npcstats.analyses.gradecourse.figure.means", "mean_grade_figure")
    caption = Named("npcstats.analyses.gradecourse.words", "mean_caption")
    alt = Named("npcstats.analyses.gradecourse.words", "mean_alt")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows: terms that it has not, or none.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        none = [] if self.variables else ["variables are none; a term is required"]
        return none + _term_faults(spec, self.variables)


@dataclass(frozen=True, kw_only=True)
class GradeHeat(Figure):
    """A map of terms by times, one panel for each arm: the share with a grade or a worse one, printed in its cell.

    Parameters
    ----------
    level : str
        Band of grades, such as ``grade>=2``.
    """

    level: str

    shows = ("gradecourse",)
    make = Named("npcstats.analyses.gradecourse.figure.heat", "grade_heat")
    caption = Named("npcstats.analyses.gradecourse.words", "heat_caption")
    alt = Named("npcstats.analyses.gradecourse.words", "heat_alt")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows: a band that it has not.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        return _band_faults(self, spec)

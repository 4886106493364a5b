"""What a plan can ask to be shown of a mixed model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from npcstats.analyses.mmrm.rows import ADJUSTED, UNADJUSTED
from npcstats.choices import repeat_faults
from npcstats.display.specs import Figure, TableOfOne
from npcstats.system.named import Named


@dataclass(frozen=True, kw_only=True)
class ModelledCourse(TableOfOne):
    """Who has a value by arm and visit, and the contrast by each model.

    Parameters
    ----------
    blocks : tuple of str
        Models whose contrasts have a column, in page order: ``unadjusted``, ``adjusted``, or the adjustment's name.
    means : bool
        Whether the mean of each arm has a column.
    """

    blocks: tuple[str, ...]
    means: bool

    shows = ("mmrm",)
    make = Named("npcstats.analyses.mmrm.table", "tabulate_course")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows: it has the models.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        return block_faults(self.blocks, spec)


@dataclass(frozen=True, kw_only=True)
class ModelTerms(TableOfOne):
    """Of each marker's main model how many it is of, how it was fitted, and the tests of its terms."""

    shows = ("mmrm",)
    make = Named("npcstats.analyses.mmrm.table", "tabulate_terms")


@dataclass(frozen=True, kw_only=True)
class MarginalMeans(TableOfOne):
    """Least-squares means beside means over all participants as they are, by arm and visit."""

    shows = ("mmrm",)
    make = Named("npcstats.analyses.mmrm.table", "tabulate_means")


@dataclass(frozen=True, kw_only=True)
class ModelledCourses(Figure):
    """Means of each arm by visit, a panel for each marker, above their contrast.

    Parameters
    ----------
    blocks : tuple of str
        Models whose contrasts are drawn, one or two: ``unadjusted``, ``adjusted``, or the adjustment's name.
    """

    blocks: tuple[str, ...]

    shows = ("mmrm",)
    make = Named("npcstats.analyses.mmrm.figure.courses", "courses_figure")
    caption = Named("npcstats.analyses.mmrm.words", "courses_caption")
    alt = Named("npcstats.analyses.mmrm.words", "courses_alt")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows: it has the models, and no more than can be told apart.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        most = ["more than two models are drawn; one or two are required"] if len(self.blocks) > 2 else []
        return block_faults(self.blocks, spec) + most


@dataclass(frozen=True, kw_only=True)
class ModelChecks(Figure):
    """Of each marker's main model quantiles of residuals, and what the contrast is without each participant."""

    shows = ("mmrm",)
    make = Named("npcstats.analyses.mmrm.figure.checks", "checks_figure")
    caption = Named("npcstats.analyses.mmrm.words", "checks_caption")
    alt = Named("npcstats.analyses.mmrm.words", "checks_alt")


def block_faults(blocks: tuple[str, ...], spec: Any) -> list[str]:
    """Models that a display asks for and an analysis has not, or of which there are none.

    Parameters
    ----------
    blocks : tuple of str
        Asked for.
    spec : object
        The plan's entry.

    Returns
    -------
    list of str
        A clause for each.
    """
    known = [UNADJUSTED, *([ADJUSTED] if spec.covariates else []), *([spec.adjustment.name] if spec.adjustment else [])]
    found = [f"{spec.id} has no model {name!r}; one of {', '.join(known)} is required" for name in blocks
             if name not in known]  # fmt: skip
    return found + repeat_faults("model", blocks) + ([] if blocks else ["no model is named; one or more is required"])

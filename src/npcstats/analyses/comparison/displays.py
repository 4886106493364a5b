"""What a plan can ask to be shown of comparisons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from npcstats.analyses.adjustment.rows import UNADJUSTED
from npcstats.analyses.comparison.rows import BESIDE
from npcstats.analyses.timetoevent.displays import OverTime
from npcstats.display.specs import TableOfSeveral
from npcstats.errors import SpecError
from npcstats.system.named import Named


@dataclass(frozen=True, kw_only=True)
class EffectsTable(TableOfSeveral):
    """Effects by outcome, one below the other: unadjusted and adjusted side by side.

    Parameters
    ----------
    blocks : tuple of str
        What has columns: ``unadjusted``, of the participants of the first adjustment; names of adjustments, or the
        method of a regression; ``unadjusted.NAME`` of the participants of another adjustment, where these differ.
    arms : bool
        Whether each arm's own risk, survival or mean has a column.
    p_values : bool
        Whether the effects' p-values have a column.

    Raises
    ------
    SpecError
        On construction, if there is none, or one stands twice.
    """

    blocks: tuple[str, ...]
    arms: bool
    p_values: bool

    shows = ("comparison",)
    make = Named("npcstats.analyses.comparison.table", "tabulate_effects")

    def __post_init__(self) -> None:
        """Check that there are blocks, each once."""
        super().__post_init__()
        if not self.blocks or len(set(self.blocks)) < len(self.blocks):
            raise SpecError(f"display {self.name}: blocks are {', '.join(self.blocks) or 'none'}; one or more, each "
                            "once, are required.")  # fmt: skip

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows: it has the adjustments, and p-values where they are shown.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        names = [item.name for item in spec.adjustments]
        known = [UNADJUSTED, *names, *(f"{BESIDE}{name}" for name in names[1:])]
        known += [spec.outcome_model.method] if spec.outcome_model else []
        faults = [f"{spec.id} has no block {name!r}" for name in self.blocks if name not in known]
        return faults + ([f"{spec.id} has no p-values"] if self.p_values and not spec.p_values else [])


@dataclass(frozen=True, kw_only=True)
class EstimandSheet(TableOfSeveral):
    """The attributes of the estimand of each comparison, by ICH E9(R1)."""

    shows = ("comparison",)
    make = Named("npcstats.analyses.comparison.table", "tabulate_estimands")


@dataclass(frozen=True, kw_only=True)
class WeightedCurves(OverTime):
    """Weighted curves of survival or of cumulative incidence, above raw and effective numbers at risk.

    Parameters
    ----------
    raw : bool
        Whether curves as observed are drawn too, as thin lines.
    """

    raw: bool

    shows = ("comparison",)
    make = Named("npcstats.analyses.comparison.figure", "weighted_figure")
    caption = Named("npcstats.analyses.comparison.words", "caption")
    alt = Named("npcstats.analyses.comparison.words", "alt")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows: there are weighted curves to draw.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        if spec.curves and spec.adjustments:
            return []
        return [f"it draws weighted curves that {spec.id} has not; curves and an adjustment are required"]

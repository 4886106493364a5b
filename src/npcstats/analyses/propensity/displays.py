"""What a plan can ask to be shown of scores, weights and balance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from npcstats.choices import choice_faults
from npcstats.display.specs import Figure, TableOfOne
from npcstats.errors import SpecError
from npcstats.system.named import Named

ORDERS = ("plan", "size")


@dataclass(frozen=True, kw_only=True)
class OverlapPlot(Figure):
    """Distributions of the score, the first arm upwards and the reference downwards; a panel for each adjustment.

    Parameters
    ----------
    blocks : tuple of str
        Names of adjustments, in page order.

    Raises
    ------
    SpecError
        On construction, if there is none, or one stands twice.
    """

    blocks: tuple[str, ...]

    shows = ("propensity",)
    make = Named("npcstats.analyses.propensity.figure.overlap", "overlap_figure")
    caption = Named("npcstats.analyses.propensity.words", "overlap_caption")
    alt = Named("npcstats.analyses.propensity.words", "overlap_alt")

    def __post_init__(self) -> None:
        """Check that there are adjustments, each once."""
        super().__post_init__()
        _check_blocks(self.name, self.blocks)

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows: it has the adjustments.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        return _unknown(self.blocks, spec)


@dataclass(frozen=True, kw_only=True)
class LovePlot(Figure):
    """Standardized differences before weighting, and after it by each adjustment.

    Parameters
    ----------
    blocks : tuple of str
        Names of adjustments, in page order, of the same participants before weighting.
    order : {"plan", "size"}
        Characteristics as the plan lists them, or the largest difference before weighting first.
    absolute : bool
        Whether differences are without their sign, and one of a characteristic of several levels is the distance over
        them all; else each level has its own.

    Raises
    ------
    SpecError
        On construction, if there is no adjustment, or one stands twice.
    """

    blocks: tuple[str, ...]
    order: str
    absolute: bool

    shows = ("propensity",)
    make = Named("npcstats.analyses.propensity.figure.love", "love_figure")
    caption = Named("npcstats.analyses.propensity.words", "love_caption")
    alt = Named("npcstats.analyses.propensity.words", "love_alt")

    def __post_init__(self) -> None:
        """Check that there are adjustments, each once."""
        super().__post_init__()
        _check_blocks(self.name, self.blocks)

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows: it has the adjustments, of the same participants.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        faults = choice_faults(self, "order", ORDERS)
        return faults + _unknown(self.blocks, spec) + _unlike(self.blocks, spec)


@dataclass(frozen=True, kw_only=True)
class BalanceTable(TableOfOne):
    """The arms as observed, their standardized differences with limits, and these after weighting.

    Parameters
    ----------
    blocks : tuple of str
        Names of adjustments, in page order, of the same participants before weighting.

    Raises
    ------
    SpecError
        On construction, if there is none, or one stands twice.
    """

    blocks: tuple[str, ...]

    shows = ("propensity",)
    make = Named("npcstats.analyses.propensity.table.balance", "tabulate_balance")

    def __post_init__(self) -> None:
        """Check that there are adjustments, each once."""
        super().__post_init__()
        _check_blocks(self.name, self.blocks)

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows: it has the adjustments, of the same participants.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        return _unknown(self.blocks, spec) + _unlike(self.blocks, spec)


@dataclass(frozen=True, kw_only=True)
class WeightedCharacteristics(TableOfOne):
    """Characteristics of the arms as observed beside those of the weighted arms.

    Parameters
    ----------
    block : str
        Name of the adjustment.
    """

    block: str

    shows = ("propensity",)
    make = Named("npcstats.analyses.propensity.table.balance", "tabulate_weighted")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows: it has the adjustment.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        return _unknown((self.block,), spec)


@dataclass(frozen=True, kw_only=True)
class WeightsTable(TableOfOne):
    """Who is scored, trimmed and weighed, what the weights are worth, and how far the arms overlap.

    Parameters
    ----------
    blocks : tuple of str
        Names of adjustments, in page order.

    Raises
    ------
    SpecError
        On construction, if there is none, or one stands twice.
    """

    blocks: tuple[str, ...]

    shows = ("propensity",)
    make = Named("npcstats.analyses.propensity.table.weights", "tabulate_weights")

    def __post_init__(self) -> None:
        """Check that there are adjustments, each once."""
        super().__post_init__()
        _check_blocks(self.name, self.blocks)

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows: it has the adjustments.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        return _unknown(self.blocks, spec)


@dataclass(frozen=True, kw_only=True)
class ScoreModel(TableOfOne):
    """Coefficients of the score.

    Parameters
    ----------
    block : str
        Name of the adjustment.
    """

    block: str

    shows = ("propensity",)
    make = Named("npcstats.analyses.propensity.table.model", "tabulate_model")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows: it has the adjustment.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        return _unknown((self.block,), spec)


def _check_blocks(name: str, blocks: Sequence[str]) -> None:
    if not blocks or len(set(blocks)) < len(blocks):
        raise SpecError(f"display {name}: blocks are {', '.join(blocks) or 'none'}; names of adjustments, each once, "
                        "are required.")  # fmt: skip


def _unknown(blocks: Sequence[str], spec: Any) -> list[str]:
    known = [item.name for item in spec.adjustments]
    return [f"it shows {name!r}, which is no adjustment of {spec.id}" for name in blocks if name not in known]


def _unlike(blocks: Sequence[str], spec: Any) -> list[str]:
    """Adjustments whose participants before weighting are others: their differences before it are not the same."""
    shown = [item for item in spec.adjustments if item.name in blocks]
    sets = {(item.missing, item.seed, frozenset(item.columns)) for item in shown}
    if len(sets) < 2:
        return []
    return [f"it shows {', '.join(blocks)} side by side, whose participants before weighting differ; adjustments with "
            "the same confounders and the same choice for missing ones are required"]  # fmt: skip

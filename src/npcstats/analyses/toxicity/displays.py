"""What a plan can ask to be shown of adverse events."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from npcstats.analyses.toxicity.rows import BANDS, LEVELS, band_level, lowest_grade
from npcstats.choices import choice_faults, repeat_faults
from npcstats.display.specs import Figure, TableOfOne
from npcstats.errors import SpecError
from npcstats.system.named import Named


@dataclass(frozen=True, kw_only=True)
class ToxicityDots(Figure):
    """The share of participants with each term, and the risk difference where two arms are compared.

    Parameters
    ----------
    level : str
        Grade band, such as ``grade>=3``.
    window : str
        Period.
    minimum : float
        Share from 0 to 1 that any group must reach for a term to be drawn.
    limit : int
        Most terms drawn, those with the largest share in any group; 0 for all.

    Raises
    ------
    SpecError
        On construction, if the share or the number could not be.
    """

    level: str
    window: str
    minimum: float = 0.0
    limit: int = 0

    shows = ("toxicity",)
    make = Named("npcstats.analyses.toxicity.figure.dots", "toxicity_dot_figure")
    caption = Named("npcstats.analyses.toxicity.words", "caption")
    alt = Named("npcstats.analyses.toxicity.words", "alt")

    def __post_init__(self) -> None:
        """Check the share and the number of terms."""
        super().__post_init__()
        if not 0 <= self.minimum <= 1:
            raise SpecError(f"display {self.name}: minimum is {self.minimum}; a share from 0 to 1 is required.")
        if self.limit < 0:
            raise SpecError(f"display {self.name}: limit is {self.limit}; a number of terms, or 0, is required.")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows: the period and the band are among those made.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        windows = choice_faults(self, "window", [window.code for window in spec.windows])
        return windows + choice_faults(self, "level", [band_level(band) for band in BANDS])


@dataclass(frozen=True, kw_only=True)
class ToxicityButterfly(Figure):
    """The share of participants with each term at two bands of grades, two arms back to back.

    A term with an event of grade 4 or 5, or a serious one, is always drawn.

    Parameters
    ----------
    low, high : str
        Grade bands, such as ``grade>=1`` and ``grade>=3``.
    window : str
        Period.
    minimum : float
        Share from 0 to 1 that any group must reach at the lower band for a term to be drawn.

    Raises
    ------
    SpecError
        On construction, if the share could not be.
    """

    low: str
    high: str
    window: str
    minimum: float

    shows = ("toxicity",)
    make = Named("npcstats.analyses.toxicity.figure.butterfly", "toxicity_butterfly")
    caption = Named("npcstats.analyses.toxicity.words", "butterfly_caption")
    alt = Named("npcstats.analyses.toxicity.words", "butterfly_alt")

    def __post_init__(self) -> None:
        """Check the share."""
        super().__post_init__()
        if not 0 <= self.minimum <= 1:
            raise SpecError(f"display {self.name}: minimum is {self.minimum}; a share from 0 to 1 is required.")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows: the period and the bands are among those made, and rise.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        bands = [band_level(band) for band in BANDS]
        found = choice_faults(self, "window", [window.code for window in spec.windows])
        found += choice_faults(self, "low", bands) + choice_faults(self, "high", bands)
        rising = lowest_grade(self.low) < lowest_grade(self.high)
        return found if found or rising else ["high is not above low"]


@dataclass(frozen=True, kw_only=True)
class WorstGrades(TableOfOne):
    """Participants with each term by worst grade, by arm or pooled, and the risk difference where two are compared.

    A term with an event of grade 4 or 5, or a serious one, is always shown.

    Parameters
    ----------
    levels : tuple of str
        In page order: grade bands such as ``grade>=2``, the lowest first; then single grades such as ``grade=4``, and
        ``serious``.
    windows : tuple of str
        Periods in page order; all of the analysis if empty.
    contrasts : tuple of str, optional
        Bands whose risk difference is shown; the last band of `levels` if not given.
    minimum : float, optional
        Share from 0 to 1 that any group must reach in the first of `levels` for a term to be shown; that of the
        analysis if not given.
    total : bool
        Whether everyone has columns beside the arms.
    counts : tuple of str
        Levels that are printed as a count, without its percentage: their columns are narrower.

    Raises
    ------
    SpecError
        On construction, if there is no band, or the share could not be.
    """

    levels: tuple[str, ...]
    windows: tuple[str, ...] = ()
    contrasts: tuple[str, ...] | None = None
    minimum: float | None = None
    total: bool
    counts: tuple[str, ...] = ()

    shows = ("toxicity",)
    make = Named("npcstats.analyses.toxicity.table", "tabulate")

    def __post_init__(self) -> None:
        """Check that there are bands, and the share."""
        super().__post_init__()
        if not self.levels:
            raise SpecError(f"display {self.name}: no grade band is given; at least one is required.")
        if self.minimum is not None and not 0 <= self.minimum <= 1:
            raise SpecError(f"display {self.name}: minimum is {self.minimum}; a share from 0 to 1 is required.")

    def faults(self, spec: Any) -> list[str]:
        """Faults beside an analysis that it shows: its periods and bands are among those made.

        Parameters
        ----------
        spec : object
            The plan's entry of the analysis.

        Returns
        -------
        list of str
            A clause for each.
        """
        bands = [band_level(band) for band in BANDS]
        given = {"level": (self.levels, [*LEVELS]), "count": (self.counts, [*self.levels]),
                 "contrast": (self.contrasts or (), bands),
                 "window": (self.windows, [window.code for window in spec.windows])}  # fmt: skip
        idle = ["contrasts have no effect: no arms are compared"] if self.contrasts and not spec.difference else []
        shown = [lowest_grade(level) for level in self.levels if lowest_grade(level)]
        rising = all(low < high for low, high in pairwise(shown))
        order = [] if rising else ["levels do not rise, though the first decides which terms are shown"]
        again = [fault for what, (codes, _) in given.items() for fault in repeat_faults(what, list(codes))]
        return (
            idle
            + order
            + again
            + [
                f"{what} {code!r} was not made; one of {', '.join(known)} is required"
                for what, (codes, known) in given.items()
                for code in codes
                if code not in known
            ]
        )

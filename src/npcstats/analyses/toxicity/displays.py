"""What a plan can ask to be shown of adverse events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from npcstats.analyses.toxicity.rows import BANDS, band_level
from npcstats.choices import choice_faults
from npcstats.display.specs import Figure
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
    make = Named("npcstats.analyses.toxicity.figure", "toxicity_dot_figure")
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

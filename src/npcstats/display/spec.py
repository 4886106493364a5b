"""What a plan says of a figure: closed fields, checked once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from npcstats.errors import SpecError

Kind = Literal[
    "accrual",
    "kaplan-meier",
    "toxicity-dot",
    "biomarker",
    "incidence",
    "incidence-stacked",
    "forest",
    "proportional-hazards",
    "waterfall",
    "spider",
    "swimmer",
]
Width = Literal["full", "column"]
ANALYSIS_KINDS = {
    "accrual": "accrual",
    "kaplan-meier": "survival",
    "toxicity-dot": "toxicity",
    "biomarker": "biomarker",
    "incidence": "incidence",
    "incidence-stacked": "incidence",
    "forest": "regression",
    "proportional-hazards": "regression",
    "waterfall": "best-change",
    "spider": "changes",
    "swimmer": "courses",
}
"""Kind of analysis that each kind of figure draws."""


@dataclass(frozen=True)
class FigureSpec:
    """A figure of the plan.

    Parameters
    ----------
    name : str
        Name of its files; small letters, digits and hyphens.
    kind : str
        What is drawn: a key of `ANALYSIS_KINDS`.
    analysis : str
        Id of the analysis whose rows it draws, or of the listing whose records it draws.
    sessions : tuple of str
        Sessions of the plan it is drawn for.
    width : {"full", "column"}
        180 mm or 85 mm.
    variables : tuple of str
        Markers of a biomarker figure, in page order; all if empty.
    level : str
        Grade band of a toxicity figure, such as ``grade>=3``.
    window : str
        Period of a toxicity figure.
    minimum : float
        Share from 0 to 1 that any group must reach for a term to be drawn.
    limit : int
        Most terms drawn, those with the largest share in any group; 0 for all.
    x_label : str
        Name of the time axis, such as ``Months since start of radiotherapy``; from the rows'
        unit, and the endpoint's words for time zero, if empty.
    competing : bool
        Whether a figure of incidence draws competing events too, as thin lines.

    Raises
    ------
    SpecError
        If a field is outside its closed set, or a field of another kind is given.
    """

    name: str
    kind: Kind
    analysis: str
    sessions: tuple[str, ...]
    width: Width
    variables: tuple[str, ...] = ()
    level: str = ""
    window: str = ""
    minimum: float = 0.0
    limit: int = 0
    x_label: str = ""
    competing: bool = False

    def __post_init__(self) -> None:
        """Check the closed sets."""
        for field, allowed in (("kind", get_args(Kind)), ("width", get_args(Width))):
            given = getattr(self, field)
            if given not in allowed:
                raise SpecError(f"figure {self.name}: {field} is {given!r}; one of {', '.join(allowed)} is required.")
        if not self.name or set(self.name) - set("abcdefghijklmnopqrstuvwxyz0123456789-"):
            raise SpecError(f"figure {self.name!r}: a name of small letters, digits and hyphens is required.")
        if self.kind == "toxicity-dot" and not (self.level and self.window):
            raise SpecError(f"figure {self.name}: level and window are required of a toxicity figure.")
        stray = [field for field, kind in _ONLY.items() if getattr(self, field) and self.kind not in kind]
        if stray:
            raise SpecError(f"figure {self.name}: {', '.join(stray)} is not a field of kind {self.kind!r}.")


_ONLY = {
    "variables": ("biomarker",),
    "level": ("toxicity-dot",),
    "window": ("toxicity-dot",),
    "minimum": ("toxicity-dot",),
    "limit": ("toxicity-dot",),
    "x_label": (
        "kaplan-meier",
        "accrual",
        "incidence",
        "incidence-stacked",
        "proportional-hazards",
        "spider",
        "swimmer",
    ),
    "competing": ("incidence",),
}

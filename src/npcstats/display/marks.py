"""The signs of a first page: nothing, a look, or an action, and none where nothing is known."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.formatting import NOT_ESTIMABLE


@dataclass(frozen=True)
class Mark:
    """A sign of the front page: ``ok``, ``look``, ``act``, or ``none`` where nothing could be estimated."""

    sign: str
    name: str

    def __str__(self) -> str:
        """The sign alone."""
        return self.sign

    def _repr_markdown_(self) -> str:
        return f"[{self.sign}]{{.mark-{self.name}}}"


OK, LOOK, ACT, NONE = Mark("●", "ok"), Mark("▲", "look"), Mark("■", "act"), Mark(NOT_ESTIMABLE, "none")

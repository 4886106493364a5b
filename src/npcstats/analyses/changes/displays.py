"""What a plan can ask to be shown of what changed since the former meeting."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.display.specs import TableOfOne
from npcstats.errors import SpecError
from npcstats.system.named import Named


@dataclass(frozen=True, kw_only=True)
class RecordChanges(TableOfOne):
    """Records of each frame: those of the former meeting, what became of them, and those of now."""

    shows = ("since",)
    make = Named("npcstats.analyses.changes.table.grids", "tabulate_records")


@dataclass(frozen=True, kw_only=True)
class EventChanges(TableOfOne):
    """Adverse events that are new, late, regraded, changed or withdrawn, by arm and for everyone."""

    shows = ("since",)
    make = Named("npcstats.analyses.changes.table.grids", "tabulate_events")


@dataclass(frozen=True, kw_only=True)
class SetChanges(TableOfOne):
    """Who left and joined each analysis set."""

    shows = ("since",)
    make = Named("npcstats.analyses.changes.table.grids", "tabulate_sets")


@dataclass(frozen=True, kw_only=True)
class NumberChanges(TableOfOne):
    """Numbers that moved by more than the plan's amount: then, now, and by which cause."""

    shows = ("since",)
    make = Named("npcstats.analyses.changes.table.numbers", "tabulate_numbers")


@dataclass(frozen=True, kw_only=True)
class ChangedEvents(TableOfOne):
    """The adverse events of a listing that changed or were entered late, one per line.

    Parameters
    ----------
    late_from : int
        Grade from which those that were only entered late are shown; the listing's file has them all.

    Raises
    ------
    SpecError
        On construction, if that is no grade.
    """

    late_from: int

    shows = ("changed-events",)
    make = Named("npcstats.analyses.changes.table.listing", "tabulate_listing")

    def __post_init__(self) -> None:
        """Check the grade."""
        super().__post_init__()
        if not 1 <= self.late_from <= 5:
            raise SpecError(f"table {self.name}: late_from is {self.late_from}; a grade is required.")

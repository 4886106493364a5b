"""What a plan says of a listing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from npcstats.errors import SpecError
from npcstats.study import Status

Kind = Literal["serious-events", "deaths"]


KINDS: tuple[Kind, ...] = ("serious-events", "deaths")


COLUMNS: Mapping[str, Mapping[str, str]] = {
    "serious-events": {
        "PARTICIPANT": "No.",
        "ARM": "Arm",
        "AGE": "Age",
        "SEX": "Sex",
        "AEDECOD": "Event",
        "AETOXGR": "Grade",
        "ASTDY": "Onset day",
        "AENDY": "End day",
        "AEREL": "Related to",
        "AEACN": "Action",
        "AEOUT": "Outcome",
    },
    "deaths": {
        "PARTICIPANT": "No.",
        "ARM": "Arm",
        "AGE": "Age",
        "SEX": "Sex",
        "DTHDY": "Day of death",
        "DTHCAUS": "Cause",
        "AFTERDY": "",
        "PROGRESSION": "Progression before",
    },
}


@dataclass(frozen=True)
class ListingSpec:
    """A listing of records.

    Parameters
    ----------
    id, label : str
        Its id, which is also its file's name, and its name on the page.
    population : str
        Code of the analysis set: only its members are listed, in the arms that it gives them.
    sessions : tuple of str
        Sessions of the plan it is made for; all of them masked.
    kind : {"serious-events", "deaths"}
        What is listed.
    origin : str
        ADSL date whose day is study day one; the design has its words.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    words : mapping of str to mapping of str to str
        Words of codes, by column, where those of the export are no words.
    after, after_label : str
        Of deaths: ADSL date from which days to the death are counted in a column of their own, and the column's name.
    progression : tuple of str
        Of deaths: kinds of ADEVENT records that are progression; without one nothing is said of it.

    Raises
    ------
    SpecError
        On construction, if the kind is not in the closed set, or something is chosen that it has no use for.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    kind: Kind
    origin: str
    status: Status
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    after: str = ""
    after_label: str = ""
    progression: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check the closed set and what is chosen for it."""
        if self.kind not in KINDS:
            raise SpecError(f"plan: kind of listing {self.id} is {self.kind!r}; one of {', '.join(KINDS)} is required.")
        idle = [name for name in self.words if name not in COLUMNS[self.kind]]
        if self.kind != "deaths":
            idle += [name for name in ("after", "after_label", "progression") if getattr(self, name)]
        elif bool(self.after) != bool(self.after_label):
            idle.append("after without after_label, or it without the date")
        if idle:
            raise SpecError(f"listing {self.id}: {'; '.join(idle)} without effect; what the listing shows is required.")

    @property
    def columns(self) -> dict[str, str]:
        """Tell the columns of the listing.

        Returns
        -------
        dict of str to str
            Their names on the page, in order.
        """
        shown = {"AFTERDY": self.after_label, "PROGRESSION": "Progression before" if self.progression else ""}
        told = {name: shown.get(name, label) for name, label in COLUMNS[self.kind].items()}
        return {name: label for name, label in told.items() if label}


def listing_dates(spec: ListingSpec) -> tuple[str, ...]:
    """Dates of ADSL of which the sentences of an entry are made.

    Parameters
    ----------
    spec : ListingSpec
        As in the plan.

    Returns
    -------
    tuple of str
        The one from which days are counted.
    """
    return (spec.origin,)

"""What a plan says of a listing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from npcstats.errors import SpecError
from npcstats.study import Status

Kind = Literal["serious-events", "deaths", "narratives"]


KINDS: tuple[Kind, ...] = ("serious-events", "deaths", "narratives")


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
        "DURING": "At onset",
        "AEREL": "Related to",
        "AEACN": "Action",
        "AEOUT": "Outcome",
        "ENTRYLAG": "Days to entry",
    },
    "deaths": {
        "PARTICIPANT": "No.",
        "ARM": "Arm",
        "AGE": "Age",
        "SEX": "Sex",
        "DTHDY": "Day of death",
        "DTHCAUS": "Cause",
        "ONTREATMENT": "On treatment",
        "AFTERDY": "",
        "PROGRESSION": "Progression before",
        "FATAL": "Grade 5 event",
    },
    "narratives": {"PARTICIPANT": "No.", "ARM": "Arm", "NARRATIVE": "Narrative, drafted from the data"},
}
OF_KIND: Mapping[str, tuple[str, ...]] = {
    "serious-events": ("phases", "course", "criteria", "lag"),
    "deaths": ("after", "after_label", "progression", "within", "on_treatment", "fatal"),
    "narratives": ("after", "after_label", "progression", "course", "stage"),
}
"""Fields that only some kinds of listing have a use for."""
TOLD: Mapping[str, tuple[str, ...]] = {"serious-events": (), "deaths": (), "narratives": ("SEX", "DTHCAUS", "AEOUT")}
"""Columns whose words stand within a sentence."""
NO_BREAK = "\u00a0"
WITHIN = "WITHIN{}"
"""Column that tells whether a death was within so many days."""


@dataclass(frozen=True)
class Phase:
    """A phase of treatment in cycles.

    Parameters
    ----------
    code, label : str
        EXPHASE of its records in adex, and its word before the number of a cycle.
    regimens : str
        ADSL column of the planned regimen, by which cycles are numbered.
    """

    code: str
    label: str
    regimens: str


@dataclass(frozen=True)
class Course:
    """A course of treatment given on every working day.

    Parameters
    ----------
    start, end : str
        ADSL dates of its first and last day.
    given : str
        ADSL column of how many were given: where it is the number of working days, each has its place.
    label, unit : str
        What the course is called, and what is given in it each working day.
    """

    start: str
    end: str
    given: str
    label: str
    unit: str


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
    within : tuple of int
        Of deaths: days after `after`, each with a column that tells whether the death was within them.
    on_treatment : int
        Of deaths: days after the last dose of anything within which a death is on treatment; 0 to say nothing of it.
    fatal : bool
        Of deaths: whether a column names the participant's events of grade 5.
    phases : tuple of Phase
        Of events: phases whose cycle at onset is told.
    course : Course, optional
        Of events: the course of which the working day or the week at onset is told, or the days after it.
    criteria : mapping of str to str
        Of events: columns of adae that an export may have, and their names; where it has none the note says so.
    lag : bool
        Of events: whether a column tells the days from onset to the entry of the record.
    stage : str
        Of narratives: ADSL column of the stage of disease; empty to say nothing of it.

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
    within: tuple[int, ...] = ()
    on_treatment: int = 0
    fatal: bool = False
    phases: tuple[Phase, ...] = ()
    course: Course | None = None
    criteria: Mapping[str, str] = field(default_factory=dict)
    lag: bool = False
    stage: str = ""

    def __post_init__(self) -> None:
        """Check the closed set and what is chosen for it."""
        if self.kind not in KINDS:
            raise SpecError(f"plan: kind of listing {self.id} is {self.kind!r}; one of {', '.join(KINDS)} is required.")
        idle = [name for name in self.words if name not in {*COLUMNS[self.kind], *self.criteria, *TOLD[self.kind]}]
        others = dict.fromkeys(name for names in OF_KIND.values() for name in names)
        idle += [name for name in others if name not in OF_KIND[self.kind] and getattr(self, name)]
        if "after" in OF_KIND[self.kind] and bool(self.after) != bool(self.after_label):
            idle.append("after without after_label, or it without the date")
        if self.within and not self.after:
            idle.append("within without after")
        if idle:
            raise SpecError(f"listing {self.id}: {'; '.join(idle)} without effect; what the listing shows is required.")
        if self.on_treatment < 0 or any(days < 1 for days in self.within):
            raise SpecError(f"listing {self.id}: on_treatment or within is below one day; whole days are required.")

    @property
    def columns(self) -> dict[str, str]:
        """Tell the columns of the listing.

        Returns
        -------
        dict of str to str
            Their names on the page, in order; of `criteria`, those that an export may lack too.
        """
        shown = {
            "AFTERDY": bool(self.after),
            "PROGRESSION": bool(self.progression),
            "ONTREATMENT": self.on_treatment > 0,
            "FATAL": self.fatal,
            "DURING": bool(self.phases or self.course),
            "ENTRYLAG": self.lag,
        }
        told: dict[str, str] = {}
        for name, label in COLUMNS[self.kind].items():
            if shown.get(name, True):
                told[name] = label or self.after_label
            if name == "AFTERDY":
                told |= {WITHIN.format(days): f"≤{NO_BREAK}{days}{NO_BREAK}d" for days in self.within}
            if name == "AEREL":
                told |= self.criteria
        return told


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

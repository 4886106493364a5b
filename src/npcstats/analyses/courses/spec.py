"""What a plan says of courses of single participants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from npcstats.errors import SpecError
from npcstats.study import Status

Kind = Literal["best-change", "changes", "courses"]


KINDS: tuple[Kind, ...] = ("best-change", "changes", "courses")


Shown = Literal["everyone", "with-event"]


SHOWN: tuple[Shown, ...] = ("everyone", "with-event")


COLUMNS: Mapping[str, Mapping[str, str]] = {
    "best-change": {"PARTICIPANT": "No.", "ARM": "Arm", "PCHG": "Best change, %"},
    "changes": {
        "PARTICIPANT": "No.",
        "ARM": "Arm",
        "PROGRESSED": "Progressed",
        "MONTH": "Month",
        "PCHG": "Change, %",
    },
    "courses": {
        "PARTICIPANT": "No.",
        "ARM": "Arm",
        "END": "Last month",
        "RESPONSE": "Response, month",
        "PROGRESSION": "Progression, month",
        "DIED": "Died",
        "ONGOING": "Followed on",
    },
}


@dataclass(frozen=True)
class CourseSpec:
    """What a figure of single participants draws.

    Parameters
    ----------
    id, label : str
        Its id, which is also the name of its listing, and its name on the page.
    population : str
        Code of the analysis set.
    sessions : tuple of str
        Sessions of the plan it is made for; none of them pooled.
    kind : {"best-change", "changes", "courses"}
        The smallest sum of diameters over the one before treatment; all sums over it; or time under observation with
        response, progression and death.
    origin : str
        ADSL date from which months are counted; the sum before treatment is the last one up to it.
    param : str
        PARAMCD of the sums in ADTR; empty for ``courses``.
    progression, stopped_by : tuple of str
        Kinds of ADEVENT records that are progression, and that end what is drawn of the sums; ``courses`` has no sums.
    responses : tuple of str
        Classes of ADRS that are a response; empty but for ``courses``.
    shown : {"everyone", "with-event"}
        Everyone, or those who have progressed or died.
    limit : int
        Most participants drawn, the first by their numbers; 0 for all.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    response_param : str
        PARAMCD of the ADRS records that are readings, in a study that tells parameters apart; used by ``courses``.

    Raises
    ------
    SpecError
        On construction, if a field is outside its closed set.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    kind: Kind
    origin: str
    param: str
    progression: tuple[str, ...]
    stopped_by: tuple[str, ...]
    responses: tuple[str, ...]
    shown: Shown
    limit: int
    status: Status
    response_param: str = ""

    def __post_init__(self) -> None:
        """Check the closed sets."""
        for name, allowed in (("kind", KINDS), ("shown", SHOWN)):
            given = getattr(self, name)
            if given not in allowed:
                raise SpecError(f"course {self.id}: {name} is {given!r}; one of {', '.join(allowed)} is required.")


def course_idle(spec: CourseSpec) -> dict[str, str]:
    """Fields of an entry that have no effect beside its others, and why.

    Parameters
    ----------
    spec : CourseSpec
        As in the plan.

    Returns
    -------
    dict of str to str
        By field.
    """
    if spec.kind == "courses":
        return dict.fromkeys(("param", "stopped_by"), "no sum of diameters is drawn")
    return {"responses": "no response is drawn"}


def courses_dates(spec: CourseSpec) -> tuple[str, ...]:
    """Dates of ADSL of which the sentences of an entry are made.

    Parameters
    ----------
    spec : CourseSpec
        As in the plan.

    Returns
    -------
    tuple of str
        The one from which days are counted.
    """
    return (spec.origin,)

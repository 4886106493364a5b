"""What a design is made of: arms, visits, populations, periods, endpoints, and the values that hold them together."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import Literal

from npcstats.clinical.delivered import Delivered
from npcstats.clinical.oncology import EventKind
from npcstats.readers import Source
from npcstats.schema import Schema

DAYS_PER_MONTH = 30.4375
ARM = "ARM"

Status = Literal["planned", "post hoc"]
STATUSES: tuple[Status, ...] = ("planned", "post hoc")
Allocation = Literal["randomized", "non-randomized", "single-arm"]
ALLOCATIONS: tuple[Allocation, ...] = ("randomized", "non-randomized", "single-arm")
Assignment = Literal["planned", "actual"]
ASSIGNMENTS: tuple[Assignment, ...] = ("planned", "actual")
Estimand = Literal["", "unadjusted", "conditional", "ate", "att", "ato"]
UNADJUSTED: Estimand = "unadjusted"
CONDITIONAL: Estimand = "conditional"
WEIGHTED_ESTIMANDS: tuple[Estimand, ...] = ("ate", "att", "ato")
RANDOMIZED: Allocation = "randomized"
ARM_COLUMNS: Mapping[Assignment, str] = {"planned": "_ARM_PLANNED", "actual": "_ARM_ACTUAL"}
ARM_SOURCE = "_ARM_SOURCE"
DEATH = "DEATH"
UNKNOWN_CAUSE = "UNKNOWN"
CLOCKS = ("days", "months", "years", "dates")


@dataclass(frozen=True)
class Arm:
    """A treatment group: its code in the data and its label on the page."""

    code: str
    label: str


@dataclass(frozen=True)
class Visit:
    """A visit window around a participant's own date.

    Parameters
    ----------
    code, label : str
        Code in results and label on the page.
    anchor : str
        ADSL date column from which days are counted.
    day : int
        Target day; the record nearest to it is used, the earlier one on a tie.
    first, last : int
        First and last day of the window, inclusive.
    """

    code: str
    label: str
    anchor: str
    day: int
    first: int
    last: int


@dataclass(frozen=True)
class Population:
    """An analysis set: participants for whom every named ADSL date is on or before the cut-off.

    Parameters
    ----------
    code, label, definition : str
        Code in results, label and sentence on the page.
    requires : tuple of str
        ADSL date columns, each of which must have a date.
    arms : {"planned", "actual"}
        Whether its members are compared by the treatment that they were to have, or by the one that they had: through
        the design's rule, and the planned one for whom none is recorded.
    without : mapping of str to tuple of str
        Values that keep a participant out, by ADSL column, such as an actual treatment that is not an arm's own. A
        set that looks at a treatment column serves sessions with named arms only.
    """

    code: str
    label: str
    definition: str
    requires: tuple[str, ...]
    arms: Assignment
    without: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Period:
    """A stretch of a participant's own time.

    Parameters
    ----------
    code, label : str
        Code in results and label on the page, where a sentence follows it that is made from the values below.
    start : str
        ADSL date column where it starts.
    start_day : int
        Days added to `start`.
    end : str
        ADSL date column where it ends; empty for a period without an end.
    end_day : int
        Days added to `end`; the day itself belongs to the period.
    longest : int, optional
        Days after `start` at which the period is taken to end where `end` has no date, before `end_day` is added.
        Required with `end`: a date that was not recorded must not make a period without an end.
    """

    code: str
    label: str
    start: str
    start_day: int = 0
    end: str = ""
    end_day: int = 0
    longest: int | None = None


@dataclass(frozen=True)
class GradedEvent:
    """A kind of event that is an adverse event of some grade or worse, so that an endpoint can name it.

    Parameters
    ----------
    code : str
        As endpoints name it.
    label : str
        Its words, in lower case unless they are a name.
    lowest : int
        The lowest grade that counts, 1 to 5.
    anchor : str
        ADSL date column from which days are counted.
    first : int
        Days after it from which an onset counts; an event that began before does not, whether it persists or not.
    baseline_adjusted : bool
        Whether it counts only where its grade exceeds that of the same term at first treatment.
    terms : tuple of str
        Terms of the grading scale; every term if empty.
    where : mapping of str to tuple of str
        Only events that have one of these values, by column of adae.
    event : str
        What happens, inside a sentence; the label where empty.
    """

    code: str
    label: str
    lowest: int
    anchor: str
    first: int
    baseline_adjusted: bool
    terms: tuple[str, ...] = ()
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    event: str = ""

    @property
    def relapse(self) -> bool:
        """An adverse event is no relapse.

        Returns
        -------
        bool
            False.
        """
        return False

    @property
    def new_therapy(self) -> bool:
        """An adverse event is no treatment.

        Returns
        -------
        bool
            False.
        """
        return False


@dataclass(frozen=True)
class EventRule:
    """Which records of a kind count as it; those that do not are as if they were not there.

    Parameters
    ----------
    kind : str
        Kind of ADEVENT records.
    confirmed_by : tuple of str
        Accepted values of CONFIRM; empty for any.
    anchor : str
        ADSL date column from which days are counted; empty for any day.
    first, last : int
        First and last day after the anchor, inclusive.
    """

    kind: str
    confirmed_by: tuple[str, ...] = ()
    anchor: str = ""
    first: int = 0
    last: int = 0


@dataclass(frozen=True)
class Gap:
    """A stretch without assessments after which an event no longer counts.

    Parameters
    ----------
    anchor : str
        ADSL date column from which the planned assessments are counted.
    windows : tuple of (int, int)
        First and last day of each planned assessment, inclusive.
    missed : int
        This many planned assessments, missed one after the other just before the event, make the gap.
    """

    anchor: str
    windows: tuple[tuple[int, int], ...]
    missed: int


@dataclass(frozen=True)
class Endpoint:
    """A time-to-event endpoint: derived again at every cut-off, or taken from an export that has it already.

    Parameters
    ----------
    code, label : str
        Code in results and label on the page.
    origin : str
        ADSL date column of time zero; empty for the STARTDT of an endpoint that the export has already.
    origin_day : int
        Days after it at which time is zero. If any, time zero is a landmark: who had ended by the end of that day, or
        whose follow-up had, is left out and counted.
    events : tuple of str
        Kinds of ADEVENT records, or of adverse events of the design, that are the event. ``DEATH`` stands for
        ADSL.DTHDT; ``DEATH:X`` for a death whose ADSL.DTHCAUS is X, ``DEATH:UNKNOWN`` for one without a cause. Who
        names one cause gives each its place.
    competing : tuple of str
        Kinds that compete with the event.
    censored_by : tuple of str
        Kinds of ADEVENT records at which follow-up stops without an event.
    censor_at : tuple of str
        Kinds of ADASSESS records; without an event, follow-up ends at the last of them. Empty for an endpoint that the
        export has already.
    rules : tuple of EventRule
        What is asked of records of a kind.
    event_within_days : int, optional
        An event this many days or fewer after a relapse that competes or stops follow-up is the event, although the
        relapse came first. Required where a relapse competes or stops follow-up.
    kinds_within_days : int, optional
        A relapse this many days or fewer after an event of another kind is counted in the line of its own kind too; it
        changes no time. Required where the events are of several kinds besides death, a relapse among them.
    gap : Gap, optional
        If given, who has the event or a competing one after it is censored at the last assessment before it.
    variant_of : str
        Code of the endpoint that this one is a sensitivity analysis of.
    param : str
        PARAMCD of the ADTTE records that hold the endpoint; then nothing of the above but the origin is used. Each
        member of a population needs one: who has none is left out by a population, not by chance.
    definition : str
        Of an endpoint that the export has already, its sentence on the page. That of any other is made from its values.
    clock : {"", "days", "months", "years", "dates"}
        What AVAL counts; ``dates`` counts the days from STARTDT to ADT instead. Required with `param`.
    """

    code: str
    label: str
    origin: str
    _: KW_ONLY
    censor_at: tuple[str, ...]
    events: tuple[str, ...] = ()
    competing: tuple[str, ...] = ()
    censored_by: tuple[str, ...] = ()
    rules: tuple[EventRule, ...] = ()
    event_within_days: int | None = None
    kinds_within_days: int | None = None
    gap: Gap | None = None
    variant_of: str = ""
    param: str = ""
    definition: str = ""
    origin_day: int = 0
    clock: Literal["", "days", "months", "years", "dates"] = ""


@dataclass(frozen=True)
class Words:
    """What codes are called inside a sentence; each begins in lower case unless it is a name.

    Parameters
    ----------
    dates : mapping of str to str
        By date column of ADSL, such as ``the start of treatment``.
    assessments : mapping of str to str
        By kind of ADASSESS records, the last of them, such as ``the last clinic visit``.
    causes : mapping of str to str
        By value of DTHCAUS, and ``UNKNOWN``, what somebody died from.
    """

    dates: Mapping[str, str] = field(default_factory=dict)
    assessments: Mapping[str, str] = field(default_factory=dict)
    causes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Declared:
    """What a trial is, as values, as a plan declares them; a `Design` has them checked.

    Parameters
    ----------
    registry, title, short_title : str
        Registry number, full title, running title.
    allocation : {"randomized", "non-randomized", "single-arm"}
        How participants came into the arms.
    arms : tuple of Arm
        Two arms are contrasted, the first minus the last, which is the reference; of one arm, or of three and more,
        none is, because which pairs to compare is another question.
    arm_rule : mapping of str to str
        Actual treatments that are not an arm, and the arm each is counted in.
    visits, populations, periods, endpoints
        The trial's own, in the order of the page.
    primary : str
        Code of the primary endpoint, which is no variant of another; empty where none is named.
    planned_size : int
        Participants planned.
    accrual_start : date
        First day of planned accrual.
    accrual_plan : tuple of (float, float)
        Month since `accrual_start` and share of the planned size expected by then, rising; straight lines between.
    treatment_columns : mapping of str to tuple of str
        Per frame, the columns that reveal a participant's treatment.
    frames : tuple of Schema
        What the export holds, in reading order: ``adsl``, whose columns beyond a small core are the trial's own, and
        of `FRAMES`, or varied from them, what there is. Files of other frames are not read.
    events : tuple of EventKind
        Kinds of disease events, in the order of the page; required with frame ``adevent``.
    graded : tuple of GradedEvent
        Kinds of event that are adverse events of some grade or worse.
    words : Words
        What is needed to say endpoints and periods in sentences.
    columns : mapping of str to str
        Names in the export and the contract's names for them, in every frame.
    sources : mapping of str to Source or tuple of Source
        By frame, where it comes from and what is taken from it; without one, the file of its name as it is.
    delivered : tuple of Delivered
        Variables of delivered treatment that ADSL gets at a cut-off, in the order in which they are derived.
    """

    registry: str
    title: str
    short_title: str
    allocation: Allocation
    arms: tuple[Arm, ...]
    arm_rule: Mapping[str, str]
    visits: tuple[Visit, ...]
    populations: tuple[Population, ...]
    periods: tuple[Period, ...]
    endpoints: tuple[Endpoint, ...]
    primary: str
    planned_size: int
    accrual_start: datetime.date
    accrual_plan: tuple[tuple[float, float], ...]
    treatment_columns: Mapping[str, tuple[str, ...]]
    frames: tuple[Schema, ...]
    events: tuple[EventKind, ...] = ()
    words: Words = field(default_factory=Words)
    columns: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, Source | tuple[Source, ...]] = field(default_factory=dict)
    delivered: tuple[Delivered, ...] = ()
    graded: tuple[GradedEvent, ...] = ()

    @property
    def kinds(self) -> tuple[EventKind | GradedEvent, ...]:
        """All kinds of event besides death.

        Returns
        -------
        tuple
            Of the disease, then adverse events.
        """
        return (*self.events, *self.graded)

    def is_harm(self, endpoint: Endpoint) -> bool:
        """Tell whether an endpoint is of adverse events alone, so that it shows no efficacy.

        Parameters
        ----------
        endpoint : Endpoint
            Of the design.

        Returns
        -------
        bool
            True where each of its events is an adverse event, and nothing but death, of any cause, competes with it or
            ends it: a relapse that competes is counted on the same page.
        """
        graded = {kind.code for kind in self.graded}
        others = {*endpoint.competing, *endpoint.censored_by} - graded
        return bool(endpoint.events) and set(endpoint.events) <= graded and others <= {DEATH}

    @property
    def relapses(self) -> tuple[str, ...]:
        """Tell which kinds of event are a relapse.

        Returns
        -------
        tuple of str
            Their codes.
        """
        return tuple(kind.code for kind in self.events if kind.relapse)

    def event_words(self, codes: Iterable[str]) -> str:
        """Kinds of event in words, joined by or.

        Parameters
        ----------
        codes : iterable of str
            Kinds of ADEVENT records.

        Returns
        -------
        str
            Their labels; a kind that is not of the design stands as it is.
        """
        labels = {kind.code: kind.label for kind in self.kinds}
        return " or ".join(labels.get(code, code) for code in codes)

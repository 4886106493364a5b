"""What has to be stated before a randomised trial of parallel arms can be made, as types without values.

No arm, factor, term, parameter or endpoint of any trial is named here; each is a value in the trial's own truth file.
Effects follow the treatment that is given, not the one that was planned, so that what is planned and what is given
can be told apart in the data.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from npcstats.synthetic.truth import Weights


@dataclass(frozen=True)
class Treatment:
    """One arm.

    Parameters
    ----------
    name : str
        As the export names it, planned and actual.
    drug : str
        What is given in it, as the records of exposure name it.
    dose : float
        Full daily dose, mg; 0 for a placebo.
    progression, death : float
        Logarithms of the hazard ratios against a participant of hazard 1.
    response : weights
        Best class of a participant who does not progress at the first assessment, and its weight.
    """

    name: str
    drug: str
    dose: float
    progression: float
    death: float
    response: Weights


@dataclass(frozen=True)
class Level:
    """A level of a stratification factor: its code, its share, and its logarithm of the hazard ratio of any event."""

    code: str
    share: float
    hazard: float


@dataclass(frozen=True)
class Factor:
    """A factor by which randomisation is stratified: its column of ADSL, and its levels."""

    column: str
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class Allocation:
    """Who gets which treatment.

    Parameters
    ----------
    size : int
        Participants randomised.
    block : int
        Size of the permuted blocks in each combination of the factors; a multiple of the number of arms.
    switched : tuple of (planned, given, count)
        How many participants of an arm are given the treatment of another, by names of arms.
    untreated : tuple of (planned, count)
        How many participants of an arm are given nothing.
    """

    size: int
    block: int
    switched: tuple[tuple[str, str, int], ...]
    untreated: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Dates:
    """When participants enter, and when the export was made.

    Parameters
    ----------
    first, last : date
        First and last day on which somebody is randomised.
    cutoff : date
        Last day that the export knows of.
    screening_days, dosing_days : (int, int)
        Fewest and most days from consent to randomisation, and from there to the first dose.
    contact_days : (int, int)
        Fewest and most days from the last contact to the cut-off of a participant who is still followed.
    """

    first: datetime.date
    last: datetime.date
    cutoff: datetime.date
    screening_days: tuple[int, int]
    dosing_days: tuple[int, int]
    contact_days: tuple[int, int]


@dataclass(frozen=True)
class Persons:
    """Characteristics at randomisation.

    Parameters
    ----------
    age : (mean, sd, lowest, highest)
        Years.
    female : float
        Share.
    weight : (mean of women, mean of men, sd)
        Kilograms.
    ecog : weights
        Performance status and its weight.
    weight_unknown : float
        Share of participants whose weight was not recorded.
    """

    age: tuple[float, float, float, float]
    female: float
    weight: tuple[float, float, float]
    ecog: Weights
    weight_unknown: float


@dataclass(frozen=True)
class Hazards:
    """Monthly hazards of a participant of hazard 1, and the rhythm of assessments.

    Parameters
    ----------
    progression, death, death_after : float
        Of progression, of death before it, and of death after it.
    lost, withdrawn : float
        Of the two ways out of follow-up.
    every, jitter : int
        Days between planned assessments, and days by which one is early or late.
    missed, unread : float
        Shares of assessments that are not made, and of those made that cannot be evaluated.
    """

    progression: float
    death: float
    death_after: float
    lost: float
    withdrawn: float
    every: int
    jitter: int
    missed: float
    unread: float


@dataclass(frozen=True)
class Cycles:
    """How treatment is given.

    Parameters
    ----------
    days, most : int
        Length of a cycle, and number of cycles.
    steps : tuple of float
        Share of the full dose at each dose level, the first being 1.
    delay_days : (int, int)
        Fewest and most days by which a cycle is late after an interruption.
    emergent_days : int
        Days after the last dose in which an event still counts as emerging on treatment.
    """

    days: int
    most: int
    steps: tuple[float, ...]
    delay_days: tuple[int, int]
    emergent_days: int


@dataclass(frozen=True)
class Term:
    """A kind of adverse event.

    Parameters
    ----------
    system, term : str
        System organ class and preferred term.
    rate : float
        Mean number of events in a month on the least toxic treatment.
    ratios : tuple of float
        Ratio of that rate, by arm in their order.
    grades : tuple of float
        Weights of grades 1 to 4.
    duration : (int, int)
        Fewest and most days that it lasts.
    """

    system: str
    term: str
    rate: float
    ratios: tuple[float, ...]
    grades: tuple[float, float, float, float]
    duration: tuple[int, int]


@dataclass(frozen=True)
class Safety:
    """Adverse events and what is done about them.

    Parameters
    ----------
    terms : tuple of Term
        Kinds of events.
    before, after : float
        Shares of the rate before the first dose, and after the emergent days.
    related : tuple of float
        Share of events that are held to be related, by arm.
    serious : tuple of float
        Share of events of grades 1 to 3 that are serious; those of grade 4 and 5 all are.
    actions : weights
        Action taken on an event of grade 3 or 4 on treatment, in CDISC terms; on a lower grade nothing is changed.
    resolved : float
        Share of ended events without a sequel.
    fatal : (system, term, share)
        The event that deaths on treatment are put down to, and the share of them that are.
    """

    terms: tuple[Term, ...]
    before: float
    after: float
    related: tuple[float, ...]
    serious: tuple[float, float, float]
    actions: Weights
    resolved: float
    fatal: tuple[str, str, float]


@dataclass(frozen=True)
class Assay:
    """A laboratory parameter, lognormal.

    Parameters
    ----------
    code, label, unit : str
        PARAMCD, PARAM and the unit of AVAL.
    median : float
        At baseline.
    between, within : float
        Standard deviations of the natural logarithm, of participants and of their readings.
    change : tuple of float
        Change of the logarithm from baseline to the last visit, by arm in their order; earlier visits in proportion.
    decimals : int
        Digits that are recorded.
    limit : float
        Limit of quantification; 0 for none.
    """

    code: str
    label: str
    unit: str
    median: float
    between: float
    within: float
    change: tuple[float, ...]
    decimals: int
    limit: float


@dataclass(frozen=True)
class Laboratory:
    """Parameters, visits and what is missing.

    Parameters
    ----------
    assays : tuple of Assay
        Parameters.
    visits : tuple of (name, day)
        Visits in order and their days after the first dose; the first visit is before it.
    jitter : int
        Days by which a later visit is early or late.
    missing : float
        Share of readings that are not there.
    """

    assays: tuple[Assay, ...]
    visits: tuple[tuple[str, int], ...]
    jitter: int
    missing: float


@dataclass(frozen=True)
class Deviation:
    """A kind of protocol deviation: its category and term, and the share of participants who have it."""

    category: str
    term: str
    share: float


@dataclass(frozen=True)
class ParallelTruth:
    """Everything planted in a randomised trial of parallel arms.

    Parameters
    ----------
    study : str
        First part of every participant's identifier.
    arms : tuple of Treatment
        In the order in which rates and ratios by arm are given.
    factors : tuple of Factor
        By which randomisation is stratified.
    allocation, dates, persons, hazards, cycles, safety, laboratory
        The parts of the trial.
    overall, progression_free, progression : (code, label)
        PARAMCD and PARAM of the endpoints: death; progression or death; progression, with death competing.
    wrong_treatment : Deviation
        What a treatment other than the planned one is recorded as; its share is not used.
    deviations : tuple of Deviation
        Other kinds.
    """

    study: str
    arms: tuple[Treatment, ...]
    factors: tuple[Factor, ...]
    allocation: Allocation
    dates: Dates
    persons: Persons
    hazards: Hazards
    cycles: Cycles
    safety: Safety
    laboratory: Laboratory
    overall: tuple[str, str]
    progression_free: tuple[str, str]
    progression: tuple[str, str]
    wrong_treatment: Deviation
    deviations: tuple[Deviation, ...]

"""What a trial declares for its data checks: ranges, units, doses, kinds of record. It knows no trial."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from npcstats.clinical.criteria import Criterion
from npcstats.clinical.ctcae import Version
from npcstats.derive import GradedParameter, parameter_faults
from npcstats.errors import SpecError
from npcstats.system.programs import defined_in


@dataclass(frozen=True)
class Swap:
    """Another unit in which a laboratory value may have been entered.

    ``factor`` times the value in the expected unit is the value in ``unit``.
    """

    unit: str
    factor: float


@dataclass(frozen=True)
class LaboratoryRange:
    """What can be true of a laboratory parameter.

    Parameters
    ----------
    code : str
        Its PARAMCD.
    unit : str
        The only unit that its values may have.
    low, high : float
        Smallest and largest plausible value in that unit, both inclusive.
    swaps : tuple of Swap
        Units with which it is confused; an implausible value that is plausible after division by one of their
        factors is a swap.
    """

    code: str
    unit: str
    low: float
    high: float
    swaps: tuple[Swap, ...] = ()


@dataclass(frozen=True)
class LaboratoryReports:
    """Which laboratory values and reported adverse events must agree.

    Parameters
    ----------
    parameters : tuple of GradedParameter
        Parameters whose values define an adverse event, in the unit of their `LaboratoryRange`.
    grade : int
        Grade from which a value must be reported, and an event must be seen in a value.
    days : int
        How many days before an event begins and after it ends a value may lie.
    period : str
        Code of the period of the design in which they are asked about.
    """

    parameters: tuple[GradedParameter, ...]
    grade: int
    days: int
    period: str


@dataclass(frozen=True)
class NumberRange:
    """Smallest and largest plausible value of a column, both inclusive."""

    frame: str
    column: str
    low: float
    high: float


@dataclass(frozen=True)
class RadiotherapyRange:
    """What the protocol allows of radiotherapy.

    Parameters
    ----------
    dose, tolerance : float
        Highest prescribed dose in Gy or Gy(RBE), and what may be added to it or lie between two sums of doses.
    per_week : float
        Largest number of fractions in seven days.
    usual_per_week : float
        Number of fractions in a week as planned.
    longest_break : int
        Days by which the overall time may exceed the planned one before it is queried.
    """

    dose: float
    tolerance: float
    per_week: float
    usual_per_week: float
    longest_break: int


@dataclass(frozen=True)
class Modality:
    """What goes with an actual treatment: its techniques, and the units that its doses may have."""

    techniques: tuple[str, ...]
    units: tuple[str, ...]


@dataclass(frozen=True)
class Phase:
    """When treatment of a phase is given.

    Parameters
    ----------
    code : str
        Its EXPHASE.
    after, before : str
        ADSL dates between which it lies; empty for no limit on that side.
    spare : int
        Days by which it may lie outside.
    """

    code: str
    after: str
    before: str
    spare: int


@dataclass(frozen=True)
class ResponseRange:
    """What a response says of the sum of diameters, by the published criteria.

    Parameters
    ----------
    param : str
        PARAMCD of the sum in ADTR.
    baseline : str
        ADSL date on or before which the first sum counts.
    complete, partial, stable, progressed : str
        Codes of ADRS.AVALC.
    residual : float
        Largest sum at a complete response, in the unit of the sum: lymph nodes stay measurable.
    decrease : float
        Share of the baseline sum by which it must have fallen for a partial response.
    increase, absolute : float
        Share of the smallest sum, and amount, by which it must have risen for progression.
    elsewhere : tuple of str
        Kinds of ADEVENT that are progression without a larger sum.
    """

    param: str
    baseline: str
    complete: str
    partial: str
    stable: str
    progressed: str
    residual: float
    decrease: float
    increase: float
    absolute: float
    elsewhere: tuple[str, ...]


@dataclass(frozen=True)
class Parts:
    """Values of ADLB on one day that together cannot exceed another.

    Parameters
    ----------
    parts : tuple of str
        PARAMCD of the parts.
    whole : str
        PARAMCD of the whole.
    factor : float
        By which the whole is multiplied to have the unit of the parts.
    tolerance : float
        Share by which the sum may exceed it.
    """

    parts: tuple[str, ...]
    whole: str
    factor: float
    tolerance: float


@dataclass(frozen=True)
class Ratio:
    """A value of ADLB that is the quotient of two others of its day, and the share by which it may differ."""

    code: str
    numerator: str
    denominator: str
    tolerance: float


@dataclass(frozen=True)
class Leap:
    """A course that does not leap.

    Parameters
    ----------
    frame, code : str
        Frame and PARAMCD.
    factor : float
        A single value this many times above or below both its neighbours is queried.
    agree : float
        Where the neighbours differ by no more than this factor.
    """

    frame: str
    code: str
    factor: float
    agree: float


@dataclass(frozen=True)
class Imaging:
    """Images of a visit: the modalities and the regions of which each visit has all."""

    modalities: tuple[str, ...]
    rois: tuple[str, ...]


@dataclass(frozen=True)
class Checks:
    """A trial's own values for the data checks; what a trial does not declare, no rule asks for.

    Parameters
    ----------
    ctcae : {"5.0"}, optional
        Version whose terms and grades are required.
    laboratory : tuple of LaboratoryRange
        One for each parameter; values of a parameter that is not listed are not judged.
    numbers : tuple of NumberRange
        Plausible ranges of other columns.
    radiotherapy : RadiotherapyRange, optional
        Doses and fractions.
    dose_tolerance : float, optional
        Share by which a dose of chemotherapy may exceed the regimen's or the planned one; with it, drugs and doses are
        compared with the regimens of ADSL.
    switches : mapping of str to str
        Drugs that may take the place of a regimen's drug: the planned drug, and the other one.
    progression : tuple of str
        Kinds of ADEVENT that are progression.
    progressed : str
        Response that is progression.
    response : tuple of str
        Responses that cannot follow progression.
    progression_days : int
        Days by which the event may be later than the response that shows it.
    disease_death : str
        Cause of death that requires progression before it.
    fatal : str
        Outcome of a fatal adverse event.
    criteria_file : str
        Python file beside the one that defines the checks, with the eligibility criteria as ``CRITERIA``; empty where
        there is none.
    registration : str
        ADSL date on or before which eligibility values count.
    fields : mapping of str to tuple of str
        Fields of the criteria that ADSL holds under another name: the columns of which the first that is filled
        counts.
    recorded : mapping of str to tuple of str
        Fields of the criteria that are Y where one of the ADSL columns is filled, else N.
    laboratory_fields : mapping of str to str
        Fields of the criteria that are laboratory values, and their PARAMCD; the day of the value has the field's
        name with ``DT`` behind it.
    deviation : str
        Category of ADDV that an eligibility violation and a change of treatment require.
    criteria : tuple of Criterion
        Filled from `criteria_file` by `load_checks`.
    residual : tuple of str
        Kinds of ADEVENT that are disease which treatment has left.
    progression_after : str
        ADSL date before which there is no progression, and nothing left, yet.
    seen_days : int, optional
        Days between an event of progression and an assessment that can have shown it.
    staging : {7, 8, 9}, optional
        Version of the stages in ADSL.
    consent_days : int, optional
        Days from consent to enrolment that are not asked about.
    contact_gap : int, optional
        Days without a contact that are not asked about, for someone alive and in follow-up.
    form_early : int, optional
        Days by which a form may be received before it is due.
    treatment_death : str
        Cause of death that requires a fatal adverse event.
    serious_grade : int, optional
        Grade from which an adverse event is serious.
    laboratory_classes : tuple of str
        Organ classes whose grades come from the laboratory and are serious at no grade by themselves.
    relations : mapping of str to tuple of tuple of str
        Values of AEREL, and for each the groups of EXPHASE of which one record must have begun by the day of the
        event; of each group one.
    relation_days : int
        Days by which the treatment may have begun later: an event may be noticed before it is dated rightly.
    action_days : int, optional
        Days after the last treatment up to which an action may be taken with it.
    no_action : tuple of str
        Values of AEACN that are no action.
    withdrawn, reduced : str
        Values of AEACN after which a drug is given no more, or less than planned.
    hospital : str
        Kind of ADCARE that requires a serious event.
    hospital_days : int
        Days by which the event may begin after the stay, or end before it.
    care_within : mapping of str to (str, str)
        Kinds of ADCARE, and the ADSL dates between which they lie.
    modalities : mapping of str to Modality
        By actual treatment.
    phases : tuple of Phase
        When treatment is given.
    shortest_gap : int, optional
        Fewest days between two administrations of a drug, unless its regimen gives it daily.
    sums : ResponseRange, optional
        What a response says of the sum of diameters.
    parts : tuple of Parts
        Parts that cannot exceed their whole.
    ratios : tuple of Ratio
        Values that follow from others.
    leaps : tuple of Leap
        Courses that do not leap.
    logged : tuple of str
        PARAMCD of ADLB whose logarithm is analyzed.
    baseline : mapping of str to str
        Columns of ADSL that repeat the last value of a PARAMCD of ADLB before the first treatment.
    copied : int, optional
        Fewest numbers of a visit that, all equal to those of another visit or participant, are taken for a copy.
    imaging : Imaging, optional
        What a visit with images holds.
    reports : LaboratoryReports, optional
        Laboratory values that must be reported as adverse events, graded by the version in `ctcae`.
    """

    ctcae: Version | None = None
    laboratory: tuple[LaboratoryRange, ...] = ()
    numbers: tuple[NumberRange, ...] = ()
    radiotherapy: RadiotherapyRange | None = None
    dose_tolerance: float | None = None
    switches: Mapping[str, str] = field(default_factory=dict)
    progression: tuple[str, ...] = ()
    progressed: str = ""
    response: tuple[str, ...] = ()
    progression_days: int = 0
    disease_death: str = ""
    fatal: str = ""
    criteria_file: str = ""
    registration: str = ""
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    recorded: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    laboratory_fields: Mapping[str, str] = field(default_factory=dict)
    deviation: str = ""
    criteria: tuple[Criterion, ...] = field(default=())
    residual: tuple[str, ...] = ()
    progression_after: str = ""
    seen_days: int | None = None
    staging: int | None = None
    consent_days: int | None = None
    contact_gap: int | None = None
    form_early: int | None = None
    treatment_death: str = ""
    serious_grade: int | None = None
    laboratory_classes: tuple[str, ...] = ()
    relations: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    relation_days: int = 0
    action_days: int | None = None
    no_action: tuple[str, ...] = ()
    withdrawn: str = ""
    reduced: str = ""
    hospital: str = ""
    hospital_days: int = 0
    care_within: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    modalities: Mapping[str, Modality] = field(default_factory=dict)
    phases: tuple[Phase, ...] = ()
    shortest_gap: int | None = None
    sums: ResponseRange | None = None
    parts: tuple[Parts, ...] = ()
    ratios: tuple[Ratio, ...] = ()
    leaps: tuple[Leap, ...] = ()
    logged: tuple[str, ...] = ()
    baseline: Mapping[str, str] = field(default_factory=dict)
    copied: int | None = None
    imaging: Imaging | None = None
    reports: LaboratoryReports | None = None


def load_checks(path: Path) -> Checks:
    """Load the checks that a Python file defines as ``CHECKS``, with the criteria from the file that they name.

    Parameters
    ----------
    path : Path
        Python file.

    Returns
    -------
    Checks
        With their criteria.

    Raises
    ------
    SpecError
        If a file is missing, cannot be run, or does not define what it should, or laboratory values that must be
        reported cannot be graded as it says.
    """
    checks = defined_in(path, "CHECKS")
    if not isinstance(checks, Checks):
        raise SpecError(f"{path}: defines no CHECKS; a npcstats.quality.Checks named CHECKS is required.")
    _refuse_reports(path, checks)
    if not checks.criteria_file:
        return checks
    beside = path.parent / checks.criteria_file
    criteria = defined_in(beside, "CRITERIA")
    if not isinstance(criteria, tuple) or not all(isinstance(item, Criterion) for item in criteria):
        raise SpecError(f"{beside}: defines no CRITERIA; a tuple of Criterion named CRITERIA is required.")
    return replace(checks, criteria=criteria)


def _refuse_reports(path: Path, checks: Checks) -> None:
    reports = checks.reports
    if reports is None:
        return
    if checks.ctcae is None:
        raise SpecError(f"{path}: CHECKS: reports are graded by ctcae, which is not given; a version is required.")
    faults = [fault for item in reports.parameters for fault in parameter_faults(item, version=checks.ctcae)]
    if faults:
        raise SpecError(f"{path}: CHECKS: reports: {'; '.join(faults)}.")

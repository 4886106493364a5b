"""What a trial declares for its data checks: ranges, units, doses, kinds of record. It knows no trial."""

from __future__ import annotations

import runpy
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from npcstats.clinical.criteria import Criterion
from npcstats.clinical.ctcae import Version
from npcstats.errors import SpecError


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
class Checks:
    """A trial's own values for the data checks.

    Parameters
    ----------
    ctcae : {"5.0"}
        Version whose terms and grades are required.
    laboratory : tuple of LaboratoryRange
        One for each parameter; values of a parameter that is not listed are not judged.
    numbers : tuple of NumberRange
        Plausible ranges of other columns.
    radiotherapy : RadiotherapyRange
        Doses and fractions.
    dose_tolerance : float
        Share by which a dose of chemotherapy may exceed the regimen's or the planned one.
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
        Python file beside the one that defines the checks, with the eligibility criteria as ``CRITERIA``.
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
        Category of ADDV that an eligibility violation requires.
    criteria : tuple of Criterion
        Filled from `criteria_file` by `load_checks`.
    """

    ctcae: Version
    laboratory: tuple[LaboratoryRange, ...]
    numbers: tuple[NumberRange, ...]
    radiotherapy: RadiotherapyRange
    dose_tolerance: float
    switches: Mapping[str, str]
    progression: tuple[str, ...]
    progressed: str
    response: tuple[str, ...]
    progression_days: int
    disease_death: str
    fatal: str
    criteria_file: str
    registration: str
    fields: Mapping[str, tuple[str, ...]]
    recorded: Mapping[str, tuple[str, ...]]
    laboratory_fields: Mapping[str, str]
    deviation: str
    criteria: tuple[Criterion, ...] = field(default=())


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
        If a file is missing, cannot be run, or does not define what it should.
    """
    checks = _defined(path, "CHECKS")
    if not isinstance(checks, Checks):
        raise SpecError(f"{path}: defines no CHECKS; a npcstats.quality.Checks named CHECKS is required.")
    beside = path.parent / checks.criteria_file
    criteria = _defined(beside, "CRITERIA")
    if not isinstance(criteria, tuple) or not all(isinstance(item, Criterion) for item in criteria):
        raise SpecError(f"{beside}: defines no CRITERIA; a tuple of Criterion named CRITERIA is required.")
    return replace(checks, criteria=criteria)


def _defined(path: Path, name: str) -> object:
    if not path.is_file():
        raise SpecError(f"{path}: there is no such file; a Python file that defines {name} is required.")
    try:
        return runpy.run_path(str(path)).get(name)
    except (SyntaxError, NameError, ImportError, TypeError, ValueError, AttributeError, LookupError, OSError) as error:
        raise SpecError(f"{path}: cannot be run ({error}); a Python file that defines {name} is required.") from error

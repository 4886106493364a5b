"""What a design can ask of delivered treatment, for each participant: doses added up, days of a treatment, ratios."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CumulativeDose:
    """Sum of the doses of some drugs.

    Parameters
    ----------
    code : str
        Name of the variable.
    drugs : tuple of str
        Values of ADEX.EXTRT.
    phases : tuple of str
        Values of ADEX.EXPHASE; empty for every phase.
    unit : str
        ADEX.EXDOSU of the doses; one in another unit is refused, nothing is converted.
    known_from : str
        ADSL date by which the treatment is complete; before it the sum is not known.
    """

    code: str
    drugs: tuple[str, ...]
    phases: tuple[str, ...]
    unit: str
    known_from: str


@dataclass(frozen=True)
class OverallTime:
    """Days from one ADSL date to another, both counted.

    Parameters
    ----------
    code : str
        Name of the variable.
    start, end : str
        ADSL date columns.
    """

    code: str
    start: str
    end: str


@dataclass(frozen=True)
class Ratio:
    """One number of ADSL over another.

    Parameters
    ----------
    code : str
        Name of the variable.
    numerator, denominator : str
        ADSL columns, or variables derived before.
    """

    code: str
    numerator: str
    denominator: str


Delivered = CumulativeDose | OverallTime | Ratio

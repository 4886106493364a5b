"""What a design can ask of delivered treatment, for each participant: doses, days, cycles, intensities, ratios."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from npcstats.clinical.regimens import Setting

Needed = tuple[tuple[str, str], ...]
"""Frames and columns of them."""
Counting = Literal["given", "due"]
COUNTINGS: tuple[Counting, ...] = ("given", "due")


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

    @property
    def needs(self) -> Needed:
        """Tell which columns it is made of.

        Returns
        -------
        tuple of (str, str)
            Frame and column.
        """
        phase = ("EXPHASE",) if self.phases else ()
        return tuple(("adex", name) for name in ("EXTRT", "EXDOSE", "EXDOSU", *phase))

    @property
    def dates(self) -> tuple[str, ...]:
        """Tell which dates of ADSL it looks at.

        Returns
        -------
        tuple of str
            Columns.
        """
        return (self.known_from,)


@dataclass(frozen=True)
class PrescribedDose:
    """Sum of the doses of a treatment, each participant's in the unit in which it was prescribed for them.

    Parameters
    ----------
    code : str
        Name of the variable.
    treatments : tuple of str
        Values of ADEX.EXTRT.
    unit_column : str
        ADSL column of the unit, such as Gy for one participant and Gy(RBE) for another; a dose in another unit than
        its participant's is refused, nothing is converted.
    known_from : str
        ADSL date by which the treatment is complete; before it the sum is not known.
    """

    code: str
    treatments: tuple[str, ...]
    unit_column: str
    known_from: str

    @property
    def needs(self) -> Needed:
        """Tell which columns it is made of.

        Returns
        -------
        tuple of (str, str)
            Frame and column.
        """
        return (("adsl", self.unit_column), *(("adex", name) for name in ("EXTRT", "EXDOSE", "EXDOSU")))

    @property
    def dates(self) -> tuple[str, ...]:
        """Tell which dates of ADSL it looks at.

        Returns
        -------
        tuple of str
            Columns.
        """
        return (self.known_from,)


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

    @property
    def needs(self) -> Needed:
        """Tell which columns it is made of, beside its dates.

        Returns
        -------
        tuple of (str, str)
            None.
        """
        return ()

    @property
    def dates(self) -> tuple[str, ...]:
        """Tell which dates of ADSL it looks at.

        Returns
        -------
        tuple of str
            Columns.
        """
        return (self.start, self.end)


@dataclass(frozen=True)
class MissedDays:
    """Working days of a treatment of one fraction a day, Monday to Friday, on which none was given.

    Parameters
    ----------
    code : str
        Name of the variable.
    start, end : str
        ADSL dates of the first and the last fraction.
    given : str
        ADSL column of how many fractions were given.
    """

    code: str
    start: str
    end: str
    given: str

    @property
    def needs(self) -> Needed:
        """Tell which columns it is made of, beside its dates.

        Returns
        -------
        tuple of (str, str)
            Frame and column.
        """
        return (("adsl", self.given),)

    @property
    def dates(self) -> tuple[str, ...]:
        """Tell which dates of ADSL it looks at.

        Returns
        -------
        tuple of str
            Columns.
        """
        return (self.start, self.end)


@dataclass(frozen=True)
class Cycles:
    """Cycles of chemotherapy, whatever their drug.

    Parameters
    ----------
    code : str
        Name of the variable.
    phase : str
        Value of ADEX.EXPHASE.
    regimen : str
        ADSL column of the planned regimen, whose schedule tells which doses are of one cycle.
    known_from : str
        ADSL date by which the phase is complete; before it the number is not known.
    counting : {"given", "due"}
        Those with a dose above 0, or all that are recorded, omitted ones with dose 0 among them.
    """

    code: str
    phase: Setting
    regimen: str
    known_from: str
    counting: Counting

    @property
    def needs(self) -> Needed:
        """Tell which columns it is made of.

        Returns
        -------
        tuple of (str, str)
            Frame and column.
        """
        return (("adsl", self.regimen), *(("adex", name) for name in ("EXPHASE", "EXDOSE", "EXSTDT")))

    @property
    def dates(self) -> tuple[str, ...]:
        """Tell which dates of ADSL it looks at.

        Returns
        -------
        tuple of str
            Columns.
        """
        return (self.known_from,)


@dataclass(frozen=True)
class DoseIntensity:
    """Delivered over planned dose of a drug per week: 1 is as planned.

    Parameters
    ----------
    code : str
        Name of the variable.
    drug, phase : str
        Values of ADEX.EXTRT and ADEX.EXPHASE.
    regimen : str
        ADSL column of the planned regimen, whose schedule tells how long the cycles were to take.
    known_from : str
        ADSL date by which the phase is complete; before it the intensity is not known.
    """

    code: str
    drug: str
    phase: Setting
    regimen: str
    known_from: str

    @property
    def needs(self) -> Needed:
        """Tell which columns it is made of.

        Returns
        -------
        tuple of (str, str)
            Frame and column.
        """
        columns = ("EXPHASE", "EXTRT", "EXDOSE", "EXDOSU", "EXPLANNED", "EXSTDT")
        return (("adsl", self.regimen), *(("adex", name) for name in columns))

    @property
    def dates(self) -> tuple[str, ...]:
        """Tell which dates of ADSL it looks at.

        Returns
        -------
        tuple of str
            Columns.
        """
        return (self.known_from,)


@dataclass(frozen=True)
class Switch:
    """Whether carboplatin followed cisplatin in the same phase: Y, N, or nothing where it is not known.

    Parameters
    ----------
    code : str
        Name of the variable.
    known_from : str
        ADSL date by which chemotherapy is complete; before it only a switch is known.
    """

    code: str
    known_from: str

    @property
    def needs(self) -> Needed:
        """Tell which columns it is made of.

        Returns
        -------
        tuple of (str, str)
            Frame and column.
        """
        return tuple(("adex", name) for name in ("EXPHASE", "EXTRT", "EXDOSE", "EXSTDT"))

    @property
    def dates(self) -> tuple[str, ...]:
        """Tell which dates of ADSL it looks at.

        Returns
        -------
        tuple of str
            Columns.
        """
        return (self.known_from,)


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

    @property
    def needs(self) -> Needed:
        """Tell which columns it is made of.

        Returns
        -------
        tuple of (str, str)
            Frame and column.
        """
        return (("adsl", self.numerator), ("adsl", self.denominator))

    @property
    def dates(self) -> tuple[str, ...]:
        """Tell which dates of ADSL it looks at.

        Returns
        -------
        tuple of str
            None.
        """
        return ()


Delivered = CumulativeDose | PrescribedDose | OverallTime | MissedDays | Cycles | DoseIntensity | Switch | Ratio

"""Chemotherapy and radiotherapy of nasopharyngeal carcinoma as code lists, and what was delivered of them.

It knows schedules, planned totals, cycles and cumulative doses. Dates and doses come in as arrays, participants as
positions.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from npcstats.choices import check_choice
from npcstats.clinical.values import (
    Floats,
    Texts,
    as_days,
    as_floats,
    as_texts,
    refuse,
    significant,
)
from npcstats.errors import DataError, SpecError

Setting = Literal["INDUCTION", "CONCURRENT"]

SETTINGS: tuple[Setting, ...] = ("INDUCTION", "CONCURRENT")
CISPLATIN = "CISPLATIN"
CARBOPLATIN = "CARBOPLATIN"
CISPLATIN_UNIT = "mg/m2"
CISPLATIN_THRESHOLDS = (200.0, 240.0, 300.0)
"""Cumulative doses that the literature discusses, in mg/m²; which one is used is the plan's choice."""


@dataclass(frozen=True)
class DrugDose:
    """One drug of a regimen.

    ``low`` and ``high`` are the dose of one day in ``unit``; ``days`` are days of the cycle, the first being 1;
    ``continuous`` where it runs as an infusion through those days.
    """

    drug: str
    low: float
    high: float
    unit: str
    days: tuple[int, ...]
    continuous: bool = False


@dataclass(frozen=True)
class Regimen:
    """A chemotherapy regimen.

    Parameters
    ----------
    code, label : str
        Code in the data and label on the page.
    setting : {"INDUCTION", "CONCURRENT"}
        Before radiotherapy, or with it.
    drugs : tuple of DrugDose
        What one cycle holds.
    cycle_days : int
        Length of a cycle.
    cycles : tuple of two int, or None
        Smallest and largest planned number of cycles; None where the code list names none.
    """

    code: str
    label: str
    setting: Setting
    drugs: tuple[DrugDose, ...]
    cycle_days: int
    cycles: tuple[int, int] | None


@dataclass(frozen=True)
class Technique:
    """A technique of radiotherapy, and the unit its dose is written in."""

    code: str
    label: str
    dose_unit: str


_I: Setting = "INDUCTION"
_C: Setting = "CONCURRENT"
_MG = "mg/m2"
_ONCE = (1,)

REGIMENS: dict[str, Regimen] = {
    regimen.code: regimen
    for regimen in (
        Regimen("C_Q3W", "Cisplatin every 3 weeks", _C, (DrugDose(CISPLATIN, 100, 100, _MG, _ONCE),), 21, (2, 3)),
        Regimen("C_Q2W", "Cisplatin every 2 weeks", _C, (DrugDose(CISPLATIN, 50, 50, _MG, _ONCE),), 14, (3, 4)),
        Regimen("C_QW", "Cisplatin weekly", _C, (DrugDose(CISPLATIN, 40, 40, _MG, _ONCE),), 7, (6, 7)),
        Regimen("C_CARB", "Carboplatin every 3 weeks", _C, (DrugDose(CARBOPLATIN, 5, 6, "AUC", _ONCE),), 21, None),
        Regimen(
            "I_TPF",
            "Docetaxel, cisplatin, fluorouracil",
            _I,
            (
                DrugDose("DOCETAXEL", 75, 75, _MG, _ONCE),
                DrugDose(CISPLATIN, 75, 75, _MG, _ONCE),
                DrugDose("FLUOROURACIL", 750, 1000, _MG, (1, 2, 3, 4, 5), continuous=True),
            ),
            21,
            (2, 3),
        ),
        Regimen(
            "I_GP",
            "Gemcitabine, cisplatin",
            _I,
            (DrugDose("GEMCITABINE", 1000, 1000, _MG, (1, 8)), DrugDose(CISPLATIN, 80, 80, _MG, _ONCE)),
            21,
            (2, 3),
        ),
        Regimen(
            "I_TP",
            "Docetaxel, cisplatin",
            _I,
            (DrugDose("DOCETAXEL", 75, 75, _MG, _ONCE), DrugDose(CISPLATIN, 75, 75, _MG, _ONCE)),
            21,
            (2, 3),
        ),
    )
}
"""Chemotherapy code list."""

TECHNIQUES: dict[str, Technique] = {
    technique.code: technique
    for technique in (
        Technique("IMPT", "Intensity-modulated proton therapy", "Gy(RBE)"),
        Technique("VMAT", "Volumetric modulated arc therapy", "Gy"),
        Technique("IMRT", "Intensity-modulated radiotherapy", "Gy"),
        Technique("TOMO", "Helical tomotherapy", "Gy"),
    )
}
"""Technique code list. Whoever was treated with both particles is the plan's to assign."""


def planned_cisplatin(code: str) -> tuple[float, float]:
    """Return the planned total of cisplatin of a regimen.

    Parameters
    ----------
    code : str
        One of `REGIMENS`.

    Returns
    -------
    tuple of two float
        Smallest and largest planned total in mg/m²; 0 and 0 for a regimen without cisplatin.

    Raises
    ------
    SpecError
        If the code does not exist.

    Notes
    -----
    *Verified* against the planned totals of the code list.
    """
    check_choice(code, "regimen", REGIMENS)
    regimen = REGIMENS[code]
    doses = [dose for dose in regimen.drugs if dose.drug == CISPLATIN]
    if not doses or regimen.cycles is None:
        return 0.0, 0.0
    fewest, most = regimen.cycles
    return (
        float(sum(dose.low * len(dose.days) * fewest for dose in doses)),
        float(sum(dose.high * len(dose.days) * most for dose in doses)),
    )


def cumulative_dose(
    participant: npt.ArrayLike,
    setting: object,
    drug: object,
    dose: object,
    unit: object,
    *,
    drugs: Collection[str],
    settings: Collection[str],
    required_unit: object,
    participants: int,
) -> Floats:
    """Sum what was delivered of some drugs.

    Parameters
    ----------
    participant : array_like of int, shape (n,)
        Position of the participant of each administration, from 0.
    setting : array_like of str, shape (n,)
        Setting of each administration.
    drug : array_like of str, shape (n,)
        Drug of each administration.
    dose : array_like of float, shape (n,)
        Delivered dose; 0 where omitted, NaN where not recorded.
    unit : array_like of str, shape (n,)
        Unit of each dose.
    drugs : collection of str
        The drugs that count.
    settings : collection of str
        The settings that count; empty for all.
    required_unit : str or array_like of str, shape (n,)
        The unit of the sum, such as `CISPLATIN_UNIT`, and of every dose in it, since nothing is converted; of each
        administration, where participants are treated in units of their own.
    participants : int
        Number of participants.

    Returns
    -------
    numpy.ndarray of float64, shape (participants,), `required_unit`
        NaN where a dose that counts is not recorded; 0 without one.

    Raises
    ------
    DataError
        If a position is not in range, a dose is negative, or a dose above 0 that counts has another unit or none.

    Notes
    -----
    *Convention.* An administration of unknown dose makes the sum unknown. The order of administrations has no effect.
    """
    who = _positions(participant, participants)
    given, doses = as_texts(drug, "drug", levels=None), as_floats(dose, "dose", minimum=0)
    when, units = as_texts(setting, "setting", levels=None), as_texts(unit, "unit", levels=None)
    _check_lengths(participant=who, setting=when, drug=given, dose=doses, unit=units)
    counts = np.isin(given.astype(str), [*drugs])
    if settings:
        counts &= np.isin(when.astype(str), [*settings])
    one = isinstance(required_unit, str)
    required = required_unit if one else as_texts(required_unit, "required unit", levels=None)
    told = required_unit if one else "the unit in which it was prescribed"
    refuse(counts & (doses > 0) & (units != required), units, f"unit of {' or '.join(drugs)}", "in another unit",
           f"{told} is required, nothing is converted")  # fmt: skip
    order = np.flatnonzero(counts)
    order = order[np.argsort(doses[order], kind="stable")]
    return significant(np.bincount(who[order], weights=doses[order], minlength=participants).astype(np.float64))


def flag_switch(
    participant: npt.ArrayLike, setting: object, drug: object, dose: object, day: object, *, participants: int
) -> Texts:
    """Flag who was given carboplatin after cisplatin in the same setting.

    Parameters
    ----------
    participant : array_like of int, shape (n,)
        Position of the participant of each administration, from 0.
    setting : array_like of {"INDUCTION", "CONCURRENT"}, shape (n,)
        Setting of each administration.
    drug : array_like of str, shape (n,)
        Drug of each administration.
    dose : array_like of float, shape (n,)
        Delivered dose; 0 where omitted, NaN where not recorded.
    day : array_like of date, shape (n,)
        Day of each administration.
    participants : int
        Number of participants.

    Returns
    -------
    numpy.ndarray of {"Y", "N", ""}, shape (participants,)
        ``""`` where a dose or day that decides is not recorded.

    Raises
    ------
    DataError
        If a position is not in range, a setting does not exist or a dose is negative.

    Notes
    -----
    *Convention.* A switch is a delivered dose of carboplatin on a later day than a delivered dose of cisplatin in the
    same setting: cisplatin before radiotherapy and carboplatin with it is a plan, not a switch.
    """
    who = _positions(participant, participants)
    settings, drugs = as_texts(setting, "setting", levels=SETTINGS), as_texts(drug, "drug", levels=None)
    doses, days = as_floats(dose, "dose", minimum=0), as_days(day, "day")
    _check_lengths(participant=who, setting=settings, drug=drugs, dose=doses, day=days)
    flags = [_switched(here, settings, drugs, doses, days) for here in _rows_of(who, participants)]
    return np.array(flags, dtype=object)


def flag_threshold(cumulative: object, *, threshold: float) -> Texts:
    """Flag who reached a cumulative dose, the dose itself included.

    Parameters
    ----------
    cumulative : array_like of float, shape (p,), mg/m²
        Cumulative dose; NaN where not known.
    threshold : float
        Dose in mg/m², above 0, such as one of `CISPLATIN_THRESHOLDS`.

    Returns
    -------
    numpy.ndarray of {"Y", "N", ""}, shape (p,)
        ``""`` where the dose is not known.

    Raises
    ------
    SpecError
        If the threshold is not above 0.
    """
    if not threshold > 0:
        raise SpecError(f"threshold: is {threshold}; a dose above 0 mg/m² is required.")
    reached = significant(as_floats(cumulative, "cumulative dose", minimum=0))
    return np.where(np.isnan(reached), "", np.where(reached >= threshold, "Y", "N")).astype(object)


def number_cycles(participant: npt.ArrayLike, regimen: object, day: object, *, participants: int) -> Floats:
    """Number the cycle that each administration is of, by the schedule of the planned regimen.

    Parameters
    ----------
    participant : array_like of int, shape (n,)
        Position of the participant of each administration, from 0.
    regimen : array_like of str, shape (participants,)
        Planned regimen of each participant, one of `REGIMENS`; empty for none.
    day : array_like of date, shape (n,)
        Day of each administration, given or due.
    participants : int
        Number of participants.

    Returns
    -------
    numpy.ndarray of float64, shape (n,)
        From 1; NaN where the participant has no planned regimen.

    Raises
    ------
    DataError
        If a position is not in range, a regimen is not in the code list, or a day is missing.

    Notes
    -----
    *Convention.* A cycle begins with its first administration. A later one is of the same cycle while it is nearer to
    the last day that the schedule knows than to the first day of the next cycle: with days 1 and 8 of 21 until day 14,
    with one day of 7 until day 3. A day of carboplatin in place of cisplatin is a cycle like any other.
    """
    who = _positions(participant, participants)
    codes = as_texts(regimen, "regimen", levels=("", *REGIMENS))
    days = as_days(day, "day")
    _check_lengths(participant=who, day=days)
    refuse(np.isnat(days), days, "day", "missing", "the day of each administration is required")
    numbers = np.full(len(who), np.nan)
    for person, rows in enumerate(_rows_of(who, participants)):
        if codes[person]:
            numbers[rows] = _numbered(days[rows], REGIMENS[str(codes[person])])
    return numbers


def _numbered(days: npt.NDArray[np.datetime64], regimen: Regimen) -> Floats:
    last = max(day for dose in regimen.drugs for day in dose.days) - 1
    reach = (last + regimen.cycle_days) / 2
    order, numbers = np.argsort(days, kind="stable"), np.zeros(len(days))
    number, begun = 0, np.datetime64("NaT")
    for place in order:
        if not (days[place] - begun) / np.timedelta64(1, "D") < reach:  # of the first nothing has begun
            number, begun = number + 1, days[place]
        numbers[place] = number
    return numbers


def _positions(participant: npt.ArrayLike, participants: int) -> npt.NDArray[np.int64]:
    who = np.asarray(participant, dtype=np.int64)
    refuse(
        (who < 0) | (who >= participants), who, "participant", "out of range", f"0 to {participants - 1} is required"
    )
    return who


def _check_lengths(**columns: npt.NDArray[np.generic]) -> None:
    shapes = {name: column.shape for name, column in columns.items()}
    if len(set(shapes.values())) > 1:
        raise DataError(
            f"administrations: columns have shapes {shapes}; one value for each administration is required."
        )


def _rows_of(who: npt.NDArray[np.int64], participants: int) -> Sequence[npt.NDArray[np.int64]]:
    order = np.argsort(who, kind="stable")
    return np.split(order, np.searchsorted(who[order], np.arange(1, participants)))


def _switched(
    rows: npt.NDArray[np.int64], settings: Texts, drugs: Texts, doses: Floats, days: npt.NDArray[np.datetime64]
) -> str:
    answers = set()
    for name in SETTINGS:
        here = rows[settings[rows] == name]
        before, after = here[drugs[here] == CISPLATIN], here[drugs[here] == CARBOPLATIN]
        for one in before:
            for other in after:
                answers.add(_follows(doses[one], doses[other], days[one], days[other]))
    return "Y" if "Y" in answers else "" if "" in answers else "N"


def _follows(dose: float, other_dose: float, day: np.datetime64, other_day: np.datetime64) -> str:
    # a comparison with NaT is false, so that an unknown day never denies
    if dose == 0 or other_dose == 0 or other_day <= day:
        return "N"
    return "Y" if dose > 0 and other_dose > 0 and other_day > day else ""

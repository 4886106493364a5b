"""Laboratory values graded by CTCAE, and when a grade is treatment-emergent.

It knows cuts, multiples of limits and directions. Limits of normal, baselines and symptoms are arguments; where one
that decides is missing, the grade is unknown and not 0. Units are declared, and another one is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from npcstats.choices import check_choice
from npcstats.clinical.ctcae import VERSIONS, Version
from npcstats.clinical.values import FLAGS, Bools, Floats, align, as_floats, as_texts, refuse, significant
from npcstats.errors import DataError, SpecError

Direction = Literal["low", "high"]
Grade = tuple[Floats, Floats]


@dataclass(frozen=True)
class LaboratoryTerm:
    """How CTCAE grades one laboratory value.

    Parameters
    ----------
    term : str
        CTCAE term.
    direction : {"low", "high"}
        Whether low or high values are bad.
    units : tuple of str
        Units that are accepted.
    cuts : tuple of (int, float)
        Low values: grade and cut; a value below the cut has at least that grade.
    lower_limit : bool
        Low values: whether grade 1 begins at the lower limit of normal.
    symptoms : tuple of (int, int)
        Grade, and the one it becomes with symptoms.
    upper_multiples : tuple of (int, float)
        High values: grade and multiple; a value above that multiple of the upper limit of normal has at least that
        grade.
    baseline_multiples : tuple of (int, float)
        High values: the same for multiples of the participant's baseline.
    either : bool
        Whether the multiples of the baseline count beside those of the limit, or, the same multiples, in their place
        where the baseline was above the limit.
    """

    term: str
    direction: Direction
    units: tuple[str, ...]
    cuts: tuple[tuple[int, float], ...] = ()
    lower_limit: bool = True
    symptoms: tuple[tuple[int, int], ...] = ()
    upper_multiples: tuple[tuple[int, float], ...] = ()
    baseline_multiples: tuple[tuple[int, float], ...] = ()
    either: bool = True


@dataclass(frozen=True)
class LaboratoryGrades:
    """Grades, with what is known of those that are not.

    Parameters
    ----------
    lowest, highest : float array, shape (n,)
        Grades 0 to 4 between which the grade lies; equal where it is known, NaN where nothing was measured.
    """

    lowest: Floats
    highest: Floats

    @property
    def grade(self) -> Floats:
        """Grade of each value.

        Returns
        -------
        float array, shape (n,)
            NaN where unknown or not measured.
        """
        return np.where(self.lowest == self.highest, self.lowest, np.nan)

    @property
    def unknown(self) -> Bools:
        """Where something was measured that cannot be graded.

        Returns
        -------
        bool array, shape (n,)
        """
        return np.asarray(self.lowest < self.highest, dtype=np.bool_)


_CELLS = ("10^9/L",)
_MASS = ("mg/dL", "umol/L")


def _low(term: str, units: tuple[str, ...], *cuts: float) -> LaboratoryTerm:
    return LaboratoryTerm(term, "low", units, tuple(enumerate(cuts, start=2)))


_TABLE: dict[Version, tuple[LaboratoryTerm, ...]] = {
    "5.0": (
        _low("White blood cell decreased", _CELLS, 3.0, 2.0, 1.0),
        _low("Neutrophil count decreased", _CELLS, 1.5, 1.0, 0.5),
        _low("Lymphocyte count decreased", _CELLS, 0.8, 0.5, 0.2),
        _low("Platelet count decreased", _CELLS, 75.0, 50.0, 25.0),
        _low("Anemia", ("g/dL",), 10.0, 8.0),
        _low("Hypoalbuminemia", ("g/dL",), 3.0, 2.0),
        LaboratoryTerm("Hyponatremia", "low", ("mmol/L",), ((2, 130.0), (3, 125.0), (4, 120.0)), symptoms=((2, 3),)),
        LaboratoryTerm(
            "Creatinine increased",
            "high",
            _MASS,
            upper_multiples=((1, 1.0), (2, 1.5), (3, 3.0), (4, 6.0)),
            baseline_multiples=((2, 1.5), (3, 3.0)),
        ),
        LaboratoryTerm(
            "Blood bilirubin increased",
            "high",
            _MASS,
            upper_multiples=((1, 1.0), (2, 1.5), (3, 3.0), (4, 10.0)),
            baseline_multiples=((1, 1.0), (2, 1.5), (3, 3.0), (4, 10.0)),
            either=False,
        ),
    ),
    "6.0": (
        LaboratoryTerm(
            "Neutrophil count decreased",
            "low",
            _CELLS,
            ((1, 1.5), (2, 1.0), (3, 0.5), (4, 0.1)),
            lower_limit=False,
        ),
        _low("Thrombocytopenia", _CELLS, 75.0, 50.0, 10.0),
    ),
}
LABORATORY: dict[Version, dict[str, LaboratoryTerm]] = {
    version: {row.term: row for row in rows} for version, rows in _TABLE.items()
}
"""Laboratory terms of each version. Clinical grades (anemia 4, hypoalbuminemia 4, any 5) are not a laboratory's."""

WEIGHT_KEPT = ((1, 0.95), (2, 0.90), (3, 0.80))
"""Weight loss of CTCAE 5.0: at most this share of the baseline weight is at least that grade (5, 10, 20 % lost)."""


def laboratory_term(term: str, *, version: Version) -> LaboratoryTerm:
    """Return how a laboratory term is graded.

    Parameters
    ----------
    term : str
        CTCAE term.
    version : {"5.0", "6.0"}
        CTCAE version; of 6.0 only neutrophils and platelets (there: Thrombocytopenia) are carried.

    Returns
    -------
    LaboratoryTerm
        Its row.

    Raises
    ------
    SpecError
        If the version does not exist or does not carry the term.
    """
    check_choice(version, "CTCAE version", VERSIONS)
    rows = LABORATORY[version]
    if term not in rows:
        raise SpecError(
            f"CTCAE {version}: laboratory grades of {term!r} are not carried; one of {', '.join(rows)} is required."
        )
    return rows[term]


def grade_laboratory(
    term: str,
    values: object,
    *,
    version: Version,
    unit: object,
    lower_limit: object = None,
    upper_limit: object = None,
    baseline: object = None,
    symptomatic: object = None,
) -> LaboratoryGrades:
    """Grade laboratory values by CTCAE.

    Parameters
    ----------
    term : str
        CTCAE term, one of `LABORATORY` of the version.
    values : array_like of float, shape (n,)
        Measurements; NaN where nothing was measured.
    version : {"5.0", "6.0"}
        CTCAE version.
    unit : str or array_like of str, shape (n,)
        Unit of the values, the limits and the baseline alike; one of the term's units.
    lower_limit, upper_limit : float or array_like of float, shape (n,), optional
        Limits of normal of the laboratory; None or NaN where not known.
    baseline : float or array_like of float, shape (n,), optional
        The participant's value before treatment; None or NaN where not known. Creatinine and bilirubin use it.
    symptomatic : str or array_like of {"Y", "N", ""}, shape (n,), optional
        Whether there were symptoms; None or ``""`` where not known. Hyponatremia uses it.

    Returns
    -------
    LaboratoryGrades
        Grades 0 to 4 of each value, or the range in which an unknown grade lies.

    Raises
    ------
    DataError
        If a value stands in another unit, is negative or is not a number.
    SpecError
        As `laboratory_term`.

    Notes
    -----
    *Convention.* A cut belongs to the milder grade (0.5 is grade 2 of lymphocytes, 1.5 times the limit grade 1 of
    creatinine), on 15 significant digits. The worst grade wins: a value below the cut of grade 2 has grade 2 also where
    the laboratory calls it normal. Without the lower limit a value not below the cut of grade 2 is 0 or 1, unknown.
    Sodium is graded as continuous: 129.5 is below 130, so grade 2. Creatinine is graded by the limit and by the
    baseline, bilirubin by multiples of the baseline where that was above the limit, so that the abnormal baseline
    itself has grade 0.

    *Verified* at every cut against the published table.

    References
    ----------
    National Cancer Institute. Common Terminology Criteria for Adverse Events, versions 5.0 and 6.0. Grades of 6.0 and
    the multiples of an abnormal baseline as in the grading tables of the R package admiral.
    """
    row = laboratory_term(term, version=version)
    measured = np.atleast_1d(as_floats(values, term, minimum=0))
    _check_unit(row, measured, unit)
    measured = significant(measured)
    if row.direction == "low":
        lower = _limit(lower_limit, "lower limit", measured)
        lowest, highest = _with_symptoms(row, _grade_low(row, measured, lower), symptomatic)
    else:
        upper, before = _limit(upper_limit, "upper limit", measured), _limit(baseline, "baseline", measured)
        lowest, highest = _grade_high(row, measured, upper, before)
    absent = np.isnan(measured)
    return LaboratoryGrades(np.where(absent, np.nan, lowest), np.where(absent, np.nan, highest))


def grade_weight_loss(weight: object, baseline: object, *, version: Version, unit: object) -> LaboratoryGrades:
    """Grade weight loss from baseline by CTCAE.

    Parameters
    ----------
    weight, baseline : array_like of float, shape (n,), kg
        Weight, and weight before treatment; NaN where not measured.
    version : {"5.0"}
        CTCAE version.
    unit : str or array_like of str, shape (n,)
        ``kg``; another unit is refused.

    Returns
    -------
    LaboratoryGrades
        Grades 0 to 3; 0 to 3 where the baseline is missing, NaN where nothing was measured.

    Raises
    ------
    DataError
        If a weight is not above 0 or stands in another unit.
    SpecError
        If the version is not 5.0.

    Notes
    -----
    *Convention.* Exactly 5, 10 and 20 % lost are grades 1, 2 and 3. The weight is compared with the share kept, on
    15 significant digits, since a difference of two weights would lose digits.
    """
    check_choice(version, "CTCAE version", VERSIONS)
    if version != "5.0":
        raise SpecError(f"CTCAE {version}: grades of weight loss are not carried; version 5.0 is required.")
    kilograms = np.atleast_1d(as_floats(weight, "weight"))
    before = _limit(baseline, "baseline weight", kilograms)
    refuse(kilograms <= 0, kilograms, "weight", "not above 0", "weights above 0 are required")
    _refuse_units(kilograms, unit, "weight", ("kg",))
    kept = significant(kilograms)
    graded = _worst(kept, [(grade, kept <= significant(share * before)) for grade, share in WEIGHT_KEPT])
    absent, unknown = np.isnan(kilograms), np.isnan(before)
    return LaboratoryGrades(
        lowest=np.where(absent, np.nan, graded),
        highest=np.where(absent, np.nan, np.where(unknown, float(WEIGHT_KEPT[-1][0]), graded)),
    )


def worst_grades(participant: npt.ArrayLike, grades: LaboratoryGrades, *, participants: int) -> LaboratoryGrades:
    """Take each participant's worst grade over measurements.

    Parameters
    ----------
    participant : array_like of int, shape (n,)
        Position of the participant of each measurement, from 0.
    grades : LaboratoryGrades
        Grades of the measurements, shape (n,).
    participants : int
        Number of participants.

    Returns
    -------
    LaboratoryGrades
        Worst grades, shape (participants,): known where no unknown grade can exceed it; NaN without a measurement.

    Raises
    ------
    DataError
        If a position is out of range.
    """
    who = np.asarray(participant, dtype=np.int64)
    refuse(
        (who < 0) | (who >= participants), who, "participant", "out of range", f"0 to {participants - 1} is required"
    )
    return LaboratoryGrades(
        *(_largest(who, bound, participants) for bound in (grades.lowest, grades.highest)),
    )


def treatment_emergent(worst: LaboratoryGrades, baseline: LaboratoryGrades) -> LaboratoryGrades:
    """Return the worst grade after baseline where it exceeds the baseline grade, else 0.

    Parameters
    ----------
    worst : LaboratoryGrades
        Worst grade after baseline of each participant, shape (p,).
    baseline : LaboratoryGrades
        Grade at baseline of the same participants, shape (p,); NaN where nothing was measured.

    Returns
    -------
    LaboratoryGrades
        The actual grade, never a difference; 0 where the baseline was as bad; unknown where what is known of the two
        grades does not decide; NaN without a value after baseline.

    Raises
    ------
    DataError
        If the shapes differ.
    """
    if worst.lowest.shape != baseline.lowest.shape:
        raise DataError(
            f"baseline grades: have shape {baseline.lowest.shape}; {worst.lowest.shape} is required, one for each "
            "participant."
        )
    least = np.where(np.isnan(baseline.lowest), 0.0, baseline.lowest)
    most = np.where(np.isnan(baseline.highest), np.inf, baseline.highest)
    absent = np.isnan(worst.lowest)
    return LaboratoryGrades(
        lowest=np.where(absent, np.nan, np.where(worst.lowest > most, worst.lowest, 0.0)),
        highest=np.where(absent, np.nan, np.where(worst.highest > least, worst.highest, 0.0)),
    )


def _check_unit(row: LaboratoryTerm, values: Floats, unit: object) -> None:
    _refuse_units(values, unit, row.term, row.units)


def _refuse_units(values: Floats, unit: object, name: str, accepted: tuple[str, ...]) -> None:
    _, units = align(name, values, as_texts(unit, "unit", levels=None))
    stray = ~np.isnan(values) & ~np.isin(units.astype(str), accepted)
    refuse(stray, units, name, "in another unit", f"{' or '.join(accepted)} is required, nothing is converted")


def _limit(limit: object, name: str, values: Floats) -> Floats:
    numbers = as_floats(np.nan if limit is None else limit, name)
    refuse(numbers <= 0, numbers, name, "not above 0", "numbers above 0 are required")
    return align(name, values, significant(numbers))[1]


def _worst(values: Floats, reached: list[tuple[int, Bools]]) -> Floats:
    grades = [np.where(here, float(grade), 0.0) for grade, here in reached]
    return np.asarray(np.max([np.zeros_like(values), *grades], axis=0), dtype=np.float64)


def _grade_low(row: LaboratoryTerm, values: Floats, lower: Floats) -> Grade:
    graded = _worst(values, [(grade, values < cut) for grade, cut in row.cuts])
    if not row.lower_limit:
        return graded, graded
    first = values < lower
    return np.maximum(graded, first), np.maximum(graded, first | np.isnan(lower))


def _with_symptoms(row: LaboratoryTerm, graded: Grade, symptomatic: object) -> Grade:
    lowest, highest = graded
    _, answers = align(
        row.term, lowest, as_texts("" if symptomatic is None else symptomatic, "symptomatic", levels=FLAGS)
    )
    for plain, worse in row.symptoms:
        lowest = np.where((lowest == plain) & (answers == "Y"), float(worse), lowest)
        highest = np.where((highest == plain) & (answers != "N"), float(worse), highest)
    return lowest, highest


def _grade_high(row: LaboratoryTerm, values: Floats, upper: Floats, before: Floats) -> Grade:
    by_limit = _by_multiples(values, upper, row.upper_multiples)
    by_baseline = _by_multiples(values, before, row.baseline_multiples)
    # either scale, or the higher one of limit and baseline: multiples of it give the milder grade
    combine = np.maximum if row.either else np.minimum
    return combine(by_limit[0], by_baseline[0]), combine(by_limit[1], by_baseline[1])


def _by_multiples(values: Floats, limit: Floats, multiples: tuple[tuple[int, float], ...]) -> Grade:
    graded = _worst(values, [(grade, values > significant(multiple * limit)) for grade, multiple in multiples])
    return graded, np.where(np.isnan(limit), float(multiples[-1][0]), graded)


def _largest(who: npt.NDArray[np.int64], values: Floats, participants: int) -> Floats:
    largest = np.full(participants, -np.inf)
    measured = ~np.isnan(values)
    np.maximum.at(largest, who[measured], values[measured])
    return np.where(np.isinf(largest), np.nan, largest)

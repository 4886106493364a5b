"""Every cut of the table, missing limits, float noise, and the committed trial's laboratory events."""

from __future__ import annotations

import math

import numpy as np
import pytest

from npcstats.clinical.ctcae import ctcae_terms
from npcstats.clinical.laboratory import (
    LABORATORY,
    LaboratoryGrades,
    grade_laboratory,
    grade_weight_loss,
    laboratory_term,
    treatment_emergent,
    worst_grades,
)
from npcstats.errors import DataError, SpecError

NAN = np.nan

# term, unit, lower limit of normal; then (value, grade) on either side of each cut, the cut itself being the milder
LOW = [
    ("White blood cell decreased", "10^9/L", 4.0,
     [(4.0, 0), (3.99, 1), (3.0, 1), (2.99, 2), (2.0, 2), (1.99, 3), (1.0, 3), (0.99, 4), (0, 4)]),
    ("Neutrophil count decreased", "10^9/L", 1.8,
     [(1.8, 0), (1.79, 1), (1.5, 1), (1.49, 2), (1.0, 2), (0.99, 3), (0.5, 3), (0.49, 4)]),
    ("Lymphocyte count decreased", "10^9/L", 1.0,
     [(1.0, 0), (0.99, 1), (0.8, 1), (0.79, 2), (0.5, 2), (0.49, 3), (0.2, 3), (0.19, 4)]),
    ("Platelet count decreased", "10^9/L", 150,
     [(150, 0), (149, 1), (75, 1), (74, 2), (50, 2), (49, 3), (25, 3), (24, 4)]),
    ("Anemia", "g/dL", 12.0, [(12.0, 0), (11.9, 1), (10.0, 1), (9.9, 2), (8.0, 2), (7.9, 3), (2.0, 3)]),
    ("Hypoalbuminemia", "g/dL", 3.5, [(3.5, 0), (3.4, 1), (3.0, 1), (2.9, 2), (2.0, 2), (1.9, 3)]),
]  # fmt: skip


def graded(term: str, values: object, unit: str, *, version: str = "5.0", **limits: object) -> list[float]:
    found = grade_laboratory(term, values, version=version, unit=unit, **limits)
    return ["?" if unknown else grade for grade, unknown in zip(found.grade.tolist(), found.unknown, strict=True)]


@pytest.mark.parametrize(("term", "unit", "lower", "cases"), LOW)
def test_every_cut_of_low_values(term: str, unit: str, lower: float, cases: list) -> None:
    values, expected = zip(*cases, strict=True)
    assert graded(term, values, unit, lower_limit=lower) == list(expected)


@pytest.mark.parametrize(("term", "unit", "lower", "cases"), LOW)
def test_without_the_lower_limit_grades_0_and_1_are_unknown(term: str, unit: str, lower: float, cases: list) -> None:
    values, expected = zip(*cases, strict=True)
    assert graded(term, values, unit) == ["?" if grade < 2 else grade for grade in expected]


def test_exactly_half_of_lymphocytes_is_grade_2() -> None:
    assert graded("Lymphocyte count decreased", [0.5], "10^9/L", lower_limit=1.0) == [2]


@pytest.mark.parametrize(
    ("term", "unit", "noisy", "grade"),
    [
        # the true values stand on a cut: 0.5 and 0.8 (lymphocytes), 3.0 (white cells), 10.0 (hemoglobin)
        ("Lymphocyte count decreased", "10^9/L", 0.7 - 0.2, 2),
        ("Lymphocyte count decreased", "10^9/L", math.nextafter(0.8, 0), 1),
        ("White blood cell decreased", "10^9/L", math.nextafter(3.0, 0), 1),
        ("Anemia", "g/dL", math.nextafter(10.0, 0), 1),
    ],
)
def test_float_noise_does_not_change_a_grade(term: str, unit: str, noisy: float, grade: int) -> None:
    limits = {"Lymphocyte count decreased": 1.0, "White blood cell decreased": 4.0, "Anemia": 12.0}
    assert noisy < round(noisy, 6)
    assert graded(term, [noisy], unit, lower_limit=limits[term]) == [grade]


def test_noise_in_a_limit_does_not_change_a_grade() -> None:
    """0.1 + 0.2 is above 0.3 in binary; 1.5 x 0.7 is 1.0499999999999998."""
    assert graded("Creatinine increased", [0.1 + 0.2], "mg/dL", upper_limit=0.3, baseline=0.3) == [0]
    assert graded("Creatinine increased", [1.05], "mg/dL", upper_limit=0.7, baseline=1.05) == [1]


def test_below_a_cut_is_grade_2_even_where_the_laboratory_calls_it_normal() -> None:
    assert graded("Neutrophil count decreased", [1.45, 1.5], "10^9/L", lower_limit=1.4) == [2, 0]


def test_hyponatremia_needs_symptoms_between_125_and_130() -> None:
    values = [136, 135, 130, 129.5, 129, 125, 124, 120, 119]
    limits = {"unit": "mmol/L", "lower_limit": 136}
    assert graded("Hyponatremia", values, symptomatic="N", **limits) == [0, 1, 1, 2, 2, 2, 3, 3, 4]
    assert graded("Hyponatremia", values, symptomatic="Y", **limits) == [0, 1, 1, 3, 3, 3, 3, 3, 4]
    assert graded("Hyponatremia", values, **limits) == [0, 1, 1, "?", "?", "?", 3, 3, 4]


def test_creatinine_by_the_upper_limit() -> None:
    """Upper limit 1.2: cuts at 1.2, 1.8, 3.6, 7.2; the baseline is the value itself, so it adds nothing."""
    values = [1.2, 1.21, 1.8, 1.81, 3.6, 3.61, 7.2, 7.21]
    assert graded("Creatinine increased", values, "mg/dL", upper_limit=1.2, baseline=values) == [0, 1, 1, 2, 2, 3, 3, 4]


def test_creatinine_by_the_baseline() -> None:
    """Baseline 0.5, upper limit 1.2: above 0.75 is grade 2 and above 1.5 grade 3, though 1.2 is the limit."""
    values = [0.75, 0.76, 1.2, 1.5, 1.51, 7.21]
    assert graded("Creatinine increased", values, "mg/dL", upper_limit=1.2, baseline=0.5) == [0, 2, 2, 2, 3, 4]


def test_creatinine_with_a_missing_limit_or_baseline() -> None:
    """Without a baseline only grades 3 and 4 by the limit stand; without the limit nothing excludes grade 4."""
    values = [1.0, 2.0, 3.7, 7.3]
    assert graded("Creatinine increased", values, "mg/dL", upper_limit=1.2) == ["?", "?", 3, 4]
    assert graded("Creatinine increased", values, "mg/dL", baseline=1.0) == ["?", "?", "?", "?"]


def test_bilirubin_with_normal_and_abnormal_baseline() -> None:
    """Upper limit 1.0. Normal baseline: cuts 1.0, 1.5, 3, 10. Baseline 2.0 is abnormal: cuts 2, 3, 6, 20."""
    values = [1.0, 1.1, 1.5, 1.6, 3.0, 3.1, 10.0, 10.1]
    assert graded("Blood bilirubin increased", values, "mg/dL", upper_limit=1.0, baseline=1.0) == [
        0,
        1,
        1,
        2,
        2,
        3,
        3,
        4,
    ]
    values = [2.0, 2.1, 3.0, 3.1, 6.0, 6.1, 20.0, 20.1]
    assert graded("Blood bilirubin increased", values, "mg/dL", upper_limit=1.0, baseline=2.0) == [
        0,
        1,
        1,
        2,
        2,
        3,
        3,
        4,
    ]


def test_bilirubin_without_baseline_is_known_only_where_both_scales_agree() -> None:
    """A normal value has grade 0 on either scale; an abnormal one may have been abnormal before."""
    assert graded("Blood bilirubin increased", [1.0, 1.2], "mg/dL", upper_limit=1.0) == [0, "?"]
    assert graded("Blood bilirubin increased", [0.9, 1.2], "mg/dL", baseline=1.0) == [0, "?"]


def test_version_6_of_neutrophils_and_platelets() -> None:
    """Neutrophils have no lower limit of normal in 6.0, and their grades shift by one."""
    values = [1.5, 1.49, 1.0, 0.99, 0.5, 0.49, 0.1, 0.09]
    assert graded("Neutrophil count decreased", values, "10^9/L", version="6.0") == [0, 1, 1, 2, 2, 3, 3, 4]
    values = [150, 149, 75, 74, 50, 49, 25, 24, 10, 9]
    assert graded("Thrombocytopenia", values, "10^9/L", version="6.0", lower_limit=150) == [
        0,
        1,
        1,
        2,
        2,
        3,
        3,
        3,
        3,
        4,
    ]


@pytest.mark.parametrize(
    ("term", "version", "message"),
    [
        ("Lymphocyte count decreased", "6.0", "not carried; one of Neutrophil count decreased, Thrombocytopenia"),
        ("Platelet count decreased", "6.0", "Thrombocytopenia is required"),
        ("Thrombocytopenia", "5.0", "not carried"),
        ("Anemia", "4.03", "one of 5.0, 6.0 is required"),
    ],
)
def test_what_a_version_does_not_carry_is_refused(term: str, version: str, message: str) -> None:
    with pytest.raises(SpecError, match=message):
        grade_laboratory(term, [1.0], version=version, unit="10^9/L")


def test_another_unit_is_refused_and_not_converted() -> None:
    with pytest.raises(
        DataError, match=r"Anemia: 2 values in another unit \(row 1: g/L, row 3: g/L\); g/dL is required"
    ):
        grade_laboratory("Anemia", [120, 12, 100, NAN], version="5.0", unit=["g/L", "g/dL", "g/L", ""], lower_limit=12)


@pytest.mark.parametrize("value", [-1.0, np.inf, "low", True])
def test_impossible_values_are_refused(value: object) -> None:
    with pytest.raises(DataError, match="Anemia"):
        grade_laboratory("Anemia", [value], version="5.0", unit="g/dL", lower_limit=12)


def test_nothing_measured_is_neither_grade_0_nor_unknown() -> None:
    found = grade_laboratory("Anemia", [NAN, 13.0], version="5.0", unit="g/dL", lower_limit=12)
    assert np.isnan(found.grade[0])
    assert found.unknown.tolist() == [False, False]
    assert found.grade[1] == 0


def test_every_term_of_5_stands_in_the_dictionary_with_its_grades() -> None:
    terms = ctcae_terms(version="5.0")
    for name, row in LABORATORY["5.0"].items():
        reachable = {grade for grade, _ in (*row.cuts, *row.upper_multiples)} | {1}
        assert reachable <= set(terms[name].grades)
    directions = {name: laboratory_term(name, version="5.0").direction for name in LABORATORY["5.0"]}
    assert {name for name, way in directions.items() if way == "high"} == {"Creatinine increased",
                                                                           "Blood bilirubin increased"}  # fmt: skip


def test_weight_loss_at_its_cuts() -> None:
    """From 80 kg: 76 is 5 %, 72 is 10 %, 64 is 20 %; from 80.3 kg 5 % lost leaves 76.285, where 100*(80.3-76.285)/80.3
    is 5.000000000000006 and 100*(66.3-62.985)/66.3 is 4.999999999999994."""
    found = grade_weight_loss([80, 76.1, 76, 72.1, 72, 64.1, 64, 85, NAN], 80, version="5.0", unit="kg")
    np.testing.assert_array_equal(found.grade, [0, 0, 1, 1, 2, 2, 3, 0, NAN])
    assert grade_weight_loss([76.285, 62.985], [80.3, 66.3], version="5.0", unit="kg").grade.tolist() == [1, 1]


def test_weight_without_baseline_is_unknown_and_pounds_are_refused() -> None:
    found = grade_weight_loss([60, NAN], [NAN, NAN], version="5.0", unit="kg")
    assert found.unknown.tolist() == [True, False]
    with pytest.raises(DataError, match="kg is required"):
        grade_weight_loss([160], [170], version="5.0", unit="lb")
    with pytest.raises(SpecError, match="weight loss are not carried"):
        grade_weight_loss([60], [70], version="6.0", unit="kg")


def test_worst_grade_is_known_where_no_unknown_one_can_exceed_it() -> None:
    """0: grades 2 and (0 or 1): 2. 1: 0 and (0 or 1): unknown. 2: nothing. 3: not measured, then 3."""
    grades = LaboratoryGrades(np.array([2.0, 0.0, 0.0, 0.0, NAN, 3.0]), np.array([2.0, 1.0, 0.0, 1.0, NAN, 3.0]))
    worst = worst_grades([0, 0, 1, 1, 3, 3], grades, participants=4)
    np.testing.assert_array_equal(worst.grade, [2, NAN, NAN, 3])
    assert worst.unknown.tolist() == [False, True, False, False]


def test_treatment_emergent_keeps_the_actual_grade() -> None:
    """Worst 3 after baseline 2 is 3, not 1; worst 2 after 2 and 1 after 2 are not emergent."""
    worst, before = ([3, 2, 1, 0, 4, 2], [2, 2, 2, 0, 0, 0])
    known = [
        LaboratoryGrades(np.array(grades, dtype=float), np.array(grades, dtype=float)) for grades in (worst, before)
    ]
    assert treatment_emergent(*known).grade.tolist() == [3, 0, 0, 0, 4, 2]


def test_treatment_emergent_is_unknown_only_where_the_grades_do_not_decide() -> None:
    """Baseline not measured: worst 0 is not emergent, worst 3 is unknown. Baseline 0 or 1: worst 1 unknown, 2 emergent.
    Nothing after baseline: NaN."""
    worst = LaboratoryGrades(*(np.array([0.0, 3.0, 1.0, 2.0, NAN]),) * 2)
    before = LaboratoryGrades(np.array([NAN, NAN, 0.0, 0.0, 1.0]), np.array([NAN, NAN, 1.0, 1.0, 1.0]))
    found = treatment_emergent(worst, before)
    np.testing.assert_array_equal(found.grade, [0, NAN, NAN, 2, NAN])
    assert found.unknown.tolist() == [False, True, True, False, False]
    with pytest.raises(DataError, match="one for each participant"):
        treatment_emergent(worst, LaboratoryGrades(np.zeros(2), np.zeros(2)))


@pytest.mark.parametrize(
    ("term", "marker", "unit", "lower"),
    [
        # the made laboratory's own lower limits
        ("White blood cell decreased", "WBC", "10^9/L", 4.0),
        ("Neutrophil count decreased", "ANC", "10^9/L", 1.8),
        ("Lymphocyte count decreased", "ALC", "10^9/L", 1.0),
        ("Platelet count decreased", "PLT", "10^9/L", 150.0),
        ("Anemia", "HGB", "g/dL", 12.0),
        ("Hypoalbuminemia", "ALB", "g/dL", 3.5),
    ],
)
def test_laboratory_events_of_the_committed_trial(adsl, adae, adlb, term, marker, unit, lower) -> None:
    """Last value before treatment against the worst from radiotherapy to 90 days after it, as the trial was made."""
    treated = adsl[(adsl["RTSTDT"] != "") & (adsl["RTENDT"] != "")].reset_index(drop=True)
    place = {subject: position for position, subject in enumerate(treated["USUBJID"])}
    rows = adlb[(adlb["PARAMCD"] == marker) & (adlb["AVAL"] != "") & adlb["USUBJID"].isin(place)]
    who = rows["USUBJID"].map(place).to_numpy()
    days = {name: treated[name].to_numpy(dtype="datetime64[D]")[who] for name in ("TRTSDT", "RTSTDT", "RTENDT")}
    day = rows["ADT"].to_numpy(dtype="datetime64[D]")
    grades = grade_laboratory(term, rows["AVAL"].astype(float), version="5.0", unit=rows["AVALU"], lower_limit=lower)

    first = np.flatnonzero(day <= days["TRTSDT"])
    last_before = {who[row]: row for row in first[np.argsort(day[first], kind="stable")]}
    at = np.array(list(last_before.values()))
    before = worst_grades(who[at], LaboratoryGrades(grades.lowest[at], grades.highest[at]), participants=len(treated))
    window = (day >= days["RTSTDT"]) & (day <= days["RTENDT"] + 90)
    worst = worst_grades(
        who[window], LaboratoryGrades(grades.lowest[window], grades.highest[window]), participants=len(treated)
    )
    emergent = treatment_emergent(worst, before).grade

    events = adae[(adae["AEDECOD"] == term) & adae["USUBJID"].isin(place)]
    position = events["USUBJID"].map(place).to_numpy()
    acute = (
        events["ASTDT"].to_numpy(dtype="datetime64[D]") >= treated["RTSTDT"].to_numpy(dtype="datetime64[D]")[position]
    )
    reported = np.zeros(len(treated))
    np.maximum.at(reported, position[acute], events["AETOXGR"].to_numpy(dtype=float)[acute])
    assert (reported > 0).sum() > 50
    differs = (reported != emergent) & ~np.isnan(emergent)
    # an event can have happened and not been entered by the database date; nothing else may differ
    assert (reported[differs] == 0).all()
    assert differs.sum() <= 1

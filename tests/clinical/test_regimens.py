"""Code lists against their planned totals; cumulative doses, intensity and times derived by hand."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

from npcstats.clinical.courses import overall_treatment_time, relative_dose_intensity, weeks_of_cycles
from npcstats.clinical.regimens import (
    CISPLATIN,
    CISPLATIN_THRESHOLDS,
    CISPLATIN_UNIT,
    REGIMENS,
    SETTINGS,
    cumulative_dose,
    flag_switch,
    flag_threshold,
    planned_cisplatin,
)
from npcstats.errors import DataError, SpecError


@pytest.mark.parametrize(
    ("code", "low", "high"),
    [
        ("C_Q3W", 200, 300), ("C_Q2W", 150, 200), ("C_QW", 240, 280), ("C_CARB", 0, 0),
        ("I_TPF", 150, 225), ("I_GP", 160, 240), ("I_TP", 150, 225),
    ],
)  # fmt: skip
def test_planned_totals_of_the_code_list(code: str, low: float, high: float) -> None:
    assert planned_cisplatin(code) == (low, high)


def test_code_list_is_complete_and_closed() -> None:
    assert set(REGIMENS) == {"C_Q3W", "C_Q2W", "C_QW", "C_CARB", "I_TPF", "I_GP", "I_TP"}
    assert all(regimen.setting[0] == code[0] for code, regimen in REGIMENS.items())
    with pytest.raises(SpecError, match="one of C_Q3W"):
        planned_cisplatin("C_Q4W")


def cisplatin(who: object, setting: object, drug: object, dose: object, unit: object, *, participants: int,
              settings: tuple[str, ...] = ()) -> np.ndarray:  # fmt: skip
    return cumulative_dose(who, setting, drug, dose, unit, drugs=(CISPLATIN,), settings=settings,
                           required_unit=CISPLATIN_UNIT, participants=participants)  # fmt: skip


def test_cumulative_cisplatin_by_hand() -> None:
    """Participant 0: 80 + 80 before, 40 + 0 + 32 with; 1: 100 then carboplatin 5 later; 2: one dose not recorded;
    3: nothing; 4: cisplatin before, carboplatin only with radiotherapy; 5: carboplatin omitted (0)."""
    rows = [
        (0, "INDUCTION", "CISPLATIN", 80, "mg/m2", "2026-01-01"),
        (0, "INDUCTION", "GEMCITABINE", 1000, "mg/m2", "2026-01-01"),
        (0, "INDUCTION", "CISPLATIN", 80, "mg/m2", "2026-01-22"),
        (0, "CONCURRENT", "CISPLATIN", 40, "mg/m2", "2026-03-01"),
        (0, "CONCURRENT", "CISPLATIN", 0, "mg/m2", "2026-03-08"),
        (0, "CONCURRENT", "CISPLATIN", 32, "mg/m2", "2026-03-15"),
        (1, "CONCURRENT", "CARBOPLATIN", 5, "AUC", "2026-02-22"),
        (1, "CONCURRENT", "CISPLATIN", 100, "mg/m2", "2026-02-01"),
        (2, "CONCURRENT", "CISPLATIN", 40, "mg/m2", "2026-02-01"),
        (2, "CONCURRENT", "CISPLATIN", None, "mg/m2", "2026-02-08"),
        (4, "INDUCTION", "CISPLATIN", 80, "mg/m2", "2026-01-01"),
        (4, "CONCURRENT", "CARBOPLATIN", 5, "AUC", "2026-03-01"),
        (5, "CONCURRENT", "CISPLATIN", 100, "mg/m2", "2026-02-01"),
        (5, "CONCURRENT", "CARBOPLATIN", 0, "AUC", "2026-02-22"),
    ]
    who, setting, drug, dose, unit, day = (list(column) for column in zip(*rows, strict=True))
    by_hand = {
        ("CONCURRENT",): [72, 100, np.nan, 0, 0, 100],
        ("INDUCTION",): [160, 0, 0, 0, 80, 0],
        (): [232, 100, np.nan, 0, 80, 100],
        SETTINGS: [232, 100, np.nan, 0, 80, 100],
    }
    for settings, expected in by_hand.items():
        found = cisplatin(who, setting, drug, dose, unit, participants=6, settings=settings)
        np.testing.assert_array_equal(found, expected)
    assert flag_switch(who, setting, drug, dose, day, participants=6).tolist() == ["N", "Y", "N", "N", "N", "N"]


def test_several_drugs_of_one_unit_are_added_up() -> None:
    """Participant 0: 100 and 3.5; 1: 7; carboplatin, whose unit is another, does not count."""
    found = cumulative_dose([0, 0, 1, 1], [""] * 4, ["A", "B", "B", "CARBOPLATIN"], [100, 3.5, 7, 5],
                            ["mg", "mg", "mg", "AUC"], drugs=("A", "B"), settings=(), required_unit="mg",
                            participants=2)  # fmt: skip
    assert found.tolist() == [103.5, 7.0]


@pytest.mark.parametrize(
    ("doses", "days", "flag"),
    [
        ((100, 5), ("2026-01-01", "2026-01-22"), "Y"),
        ((100, 5), ("2026-01-22", "2026-01-01"), "N"),
        ((100, None), ("2026-01-01", "2026-01-22"), ""),
        ((100, None), ("2026-01-22", "2026-01-01"), "N"),
        ((100, None), ("2026-01-01", "2026-01-01"), "N"),
        ((0, 5), ("2026-01-01", None), "N"),
        ((100, 5), ("2026-01-01", None), ""),
    ],
)
def test_switch_to_carboplatin(doses: tuple, days: tuple, flag: str) -> None:
    drugs = ["CISPLATIN", "CARBOPLATIN"]
    found = flag_switch([0, 0], ["CONCURRENT"] * 2, drugs, list(doses), list(days), participants=1)
    assert found.tolist() == [flag]


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0], [1, 2, 0]])
def test_order_of_rows_does_not_matter(order: list[int]) -> None:
    who = np.array([1, 0, 1])[order]
    dose = np.array([33.3, 40.0, 0.1])[order]
    found = cisplatin(who, ["CONCURRENT"] * 3, ["CISPLATIN"] * 3, dose, ["mg/m2"] * 3, participants=2)
    assert found.tolist() == [40.0, 33.4]


@pytest.mark.parametrize("unit", ["mg", "", "Gy"])
def test_cisplatin_in_another_unit_is_refused(unit: str) -> None:
    expected = rf"unit of CISPLATIN: 1 value in another unit \(row 2: {unit}\); mg/m2 is required"
    with pytest.raises(DataError, match=expected):
        cisplatin([0, 0], ["CONCURRENT"] * 2, ["CISPLATIN"] * 2, [40, 160], ["mg/m2", unit], participants=1)


def test_dose_that_was_not_given_needs_no_unit() -> None:
    """An omitted dose adds 0 in every unit, and one that is not recorded makes the sum unknown."""
    found = cisplatin([0, 0, 1], ["CONCURRENT"] * 3, ["CISPLATIN"] * 3, [40, 0, None], ["mg/m2", "", ""],
                      participants=2)  # fmt: skip
    np.testing.assert_array_equal(found, [40, np.nan])


@pytest.mark.parametrize(
    ("who", "dose", "message"),
    [([1], [40], "participant: 1 value out of range"),
     ([-1], [40], "0 to 0 is required"), ([0], [-40], "dose: 1 value"),
     ([0, 0], [40], "one value for each administration is required")],
)  # fmt: skip
def test_administrations_that_are_none_are_refused(who: list, dose: list, message: str) -> None:
    with pytest.raises(DataError, match=message):
        cisplatin(who, ["CONCURRENT"], ["CISPLATIN"], dose, ["mg/m2"], participants=1)


def test_threshold_is_inclusive_also_with_float_noise() -> None:
    noisy = sum([0.1] * 3) * 1000 - 100  # 300.00000000000006 - 100 = 200.00000000000006
    below = 199.99999999999997  # 200 on 15 significant digits
    assert flag_threshold([200, 199.9, np.nan, noisy, below], threshold=200).tolist() == ["Y", "N", "", "Y", "Y"]
    assert CISPLATIN_THRESHOLDS == (200, 240, 300)
    assert [flag_threshold([240], threshold=limit)[0] for limit in CISPLATIN_THRESHOLDS] == ["Y", "Y", "N"]
    with pytest.raises(SpecError, match="above 0"):
        flag_threshold([200], threshold=0)


def test_relative_dose_intensity_by_hand() -> None:
    """Weekly 40 x 6 planned in 6 weeks; 5 given in 7 weeks: (200/7) / (240/6) = 200/280."""
    weeks = weeks_of_cycles(["2026-01-01"], ["2026-02-12"], cycle_days=7)
    assert weeks.tolist() == [7.0]
    assert relative_dose_intensity([200], weeks, [240], [6])[0] == pytest.approx(200 / 280, rel=1e-14)
    assert np.isnan(relative_dose_intensity([np.nan], weeks, [240], [6])[0])
    with pytest.raises(DataError, match="weeks: 1 value not above 0"):
        relative_dose_intensity([200], [0], [240], [6])


def test_overall_treatment_time_counts_both_ends() -> None:
    """33 fractions, 5 a week from a Monday: 6 weeks and 3 days, ending on a Wednesday, 45 days."""
    start = datetime.date(2026, 1, 5)
    assert overall_treatment_time([start, start, None], [datetime.date(2026, 2, 18), start, start]).tolist()[:2] == [
        45,
        1,
    ]
    assert np.isnan(overall_treatment_time([None], [start]))[0]
    with pytest.raises(DataError, match="before the first day"):
        overall_treatment_time([start], [datetime.date(2026, 1, 4)])


def test_partial_date_is_refused() -> None:
    with pytest.raises(DataError, match="ISO 8601"):
        overall_treatment_time(["2026-01"], ["2026-02-01"])


def test_committed_trial_never_exceeds_its_planned_total(adex, adsl) -> None:
    drugs = adex[adex["EXPHASE"] != "RT"]
    positions = {subject: place for place, subject in enumerate(adsl["USUBJID"])}
    doses = [float(text) if text else None for text in drugs["EXDOSE"]]
    rows = (drugs["USUBJID"].map(positions), drugs["EXPHASE"], drugs["EXTRT"], doses, drugs["EXDOSU"])
    sums = {name: cisplatin(*rows, participants=len(adsl), settings=(name,)) for name in SETTINGS}
    for name, column in (("CONCURRENT", "CONREG"), ("INDUCTION", "INDREG")):
        planned = np.array([planned_cisplatin(code)[1] if code else 0.0 for code in adsl[column]])
        assert (np.nan_to_num(sums[name]) <= planned).all()
        assert (sums[name] > 0).sum() > 100
    np.testing.assert_allclose(cisplatin(*rows, participants=len(adsl)), sums["CONCURRENT"] + sums["INDUCTION"])

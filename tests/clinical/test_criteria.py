"""The rule engine, and every boundary of the trial's criteria on one eligible record."""

from __future__ import annotations

import datetime
from itertools import product

import numpy as np
import pandas as pd
import pytest

from npcstats.clinical.criteria import (
    AllOf,
    AnyOf,
    Compare,
    Criterion,
    Given,
    Limit,
    Member,
    Outcome,
    Recorded,
    Rule,
    Within,
    YearsBetween,
    evaluate_criteria,
    rule_fields,
)
from npcstats.clinical.staging import stage_group
from npcstats.clinical.values import completed_years
from npcstats.errors import DataError, SpecError

NOT_MET, UNKNOWN, MET = Outcome.NOT_MET, Outcome.UNKNOWN, Outcome.MET
ENROLLED = datetime.date(2026, 3, 1)

UNITS = {"AGE": "years", "HGB": "g/dL", "ANC": "/mm3", "PLT": "/uL", "TBILI": "mg/dL", "ALB": "g/dL", "CREAT": "mg/dL"}
ELIGIBLE = {
    "ICFDT": "2026-02-20", "ENRLDT": ENROLLED, "PROCDT": "2026-02-20", "HISTCONF": "Y", "WHOHIST": "NK-undiff",
    "AGE": 49, "ECOG": 0, "STAGE9": "II", "PLANNED_CRT": "Y", "T9": "T2", "N9": "N2", "M9": "M0",
    "HGB": 13.5, "ANC": 4000, "PLT": 220_000, "TBILI": 0.8, "ALB": 4.2, "CREAT": 0.9,
    **{f"{test}DT": "2026-02-25" for test in ("HGB", "ANC", "PLT", "TBILI", "ALB", "CREAT")},
    "OTHERCA": "NONE", "OTHERCADT": None, "PRIORHNRT": "N", "ORGDYS": "N",
    "SEX": "M", "PREGNANT": None, "CHILDPOT": None, "CONTRACEPT": None,
}  # fmt: skip


def judged(criteria: tuple, units: dict | None = None, **changed: object):
    return evaluate_criteria(criteria, {**ELIGIBLE, **changed}, units={**UNITS, **(units or {})})


def outcome(criteria: tuple, code: str, units: dict | None = None, **changed: object) -> Outcome:
    return Outcome(int(judged(criteria, units, **changed).outcomes[code][0]))


def evaluated(rule: Rule, columns: dict, *, units: dict) -> np.ndarray:
    """Outcomes of one rule."""
    return evaluate_criteria((Criterion("ONE", "One", "inclusion", rule),), columns, units=units).outcomes["ONE"]


def day(offset: int) -> datetime.date:
    return ENROLLED + datetime.timedelta(days=offset)


def test_all_criteria_of_the_protocol_are_there(criteria) -> None:
    assert [criterion.code for criterion in criteria] == [
        "INC01", "INC02", "INC03", "INC04", "INC05", "INC06a", "INC06b", "INC06c", "INC06d", "INC06e", "INC06f",
        "EXC01", "EXC02", "EXC03", "EXC04", "EXC05", "EXC06",
    ]  # fmt: skip
    assert all(criterion.kind == {"I": "inclusion", "E": "exclusion"}[criterion.code[0]] for criterion in criteria)


def test_the_eligible_record_is_eligible(criteria) -> None:
    found = judged(criteria)
    assert found.eligible.tolist() == [MET]
    assert found.failed == found.queried == ((),)


@pytest.mark.parametrize(
    ("code", "field", "value", "expected"),
    [
        ("INC06a", "HGB", 9.0, MET), ("INC06a", "HGB", 8.9, NOT_MET),
        ("INC06b", "ANC", 1000, MET), ("INC06b", "ANC", 999, NOT_MET),
        ("INC06c", "PLT", 50_000, MET), ("INC06c", "PLT", 49_999, NOT_MET),
        ("INC06d", "TBILI", 2.49, MET), ("INC06d", "TBILI", 2.5, NOT_MET),
        ("INC06e", "ALB", 2.8, NOT_MET), ("INC06e", "ALB", 2.81, MET),
        ("INC06f", "CREAT", 1.5, MET), ("INC06f", "CREAT", 1.51, NOT_MET),
        # float noise: the true values stand on the limit
        ("INC06f", "CREAT", 1.2 + 0.3 + 4e-16, MET), ("INC06a", "HGB", 8.999999999999998, MET),
        ("INC06d", "TBILI", 2.4999999999999996, NOT_MET), ("INC06e", "ALB", 2.8000000000000003, NOT_MET),
        ("INC03", "AGE", 18, MET), ("INC03", "AGE", 17, NOT_MET), ("INC03", "AGE", None, UNKNOWN),
        ("INC04", "ECOG", 0, MET), ("INC04", "ECOG", 1.0, MET), ("INC04", "ECOG", "1", MET),
        ("INC04", "ECOG", 2, NOT_MET), ("INC04", "ECOG", None, UNKNOWN),
        ("INC05", "STAGE9", "IA", MET), ("INC05", "STAGE9", "III", MET), ("INC05", "STAGE9", "IVA", NOT_MET),
        ("INC05", "STAGE9", "0", NOT_MET), ("INC05", "STAGE9", "UNKNOWN", UNKNOWN),
        ("INC05", "PLANNED_CRT", "N", NOT_MET),
        ("INC02", "HISTCONF", "N", NOT_MET), ("INC02", "WHOHIST", "", UNKNOWN), ("INC02", "WHOHIST", "other", NOT_MET),
        ("EXC01", "M9", "M1", MET), ("EXC01", "M9", "M1a", MET), ("EXC01", "M9", "M0", NOT_MET),
        ("EXC01", "M9", "", UNKNOWN),
        ("EXC04", "PRIORHNRT", "Y", MET), ("EXC04", "PRIORHNRT", "", UNKNOWN), ("EXC05", "ORGDYS", "Y", MET),
    ],
)  # fmt: skip
def test_boundaries(criteria, code: str, field: str, value: object, expected: Outcome) -> None:
    assert outcome(criteria, code, **{field: value}) == expected


@pytest.mark.parametrize("test", ["HGB", "ANC", "PLT", "TBILI", "ALB", "CREAT"])
@pytest.mark.parametrize(("offset", "expected"), [(-28, MET), (-29, UNKNOWN), (0, MET), (1, UNKNOWN)])
def test_laboratory_values_count_for_four_weeks(criteria, test: str, offset: int, expected: Outcome) -> None:
    code = {"HGB": "a", "ANC": "b", "PLT": "c", "TBILI": "d", "ALB": "e", "CREAT": "f"}[test]
    assert outcome(criteria, f"INC06{code}", **{f"{test}DT": day(offset)}) == expected
    assert outcome(criteria, f"INC06{code}", **{test: None}) == UNKNOWN


def test_an_expired_bad_value_is_a_query_and_no_failure(criteria) -> None:
    assert outcome(criteria, "INC06a", HGB=7.0, HGBDT=day(-29)) == UNKNOWN


@pytest.mark.parametrize(
    ("test", "unit", "passes", "fails"),
    [
        ("HGB", "g/L", 90, 89), ("ANC", "10^9/L", 1.0, 0.99), ("PLT", "10^9/L", 50, 49.9),
        ("TBILI", "umol/L", 42.7, 42.75), ("ALB", "g/L", 28.1, 28), ("CREAT", "umol/L", 132.6, 132.7),
    ],
)  # fmt: skip
def test_the_unit_of_the_data_picks_the_limit(criteria, test: str, unit: str, passes: float, fails: float) -> None:
    code = {"HGB": "a", "ANC": "b", "PLT": "c", "TBILI": "d", "ALB": "e", "CREAT": "f"}[test]
    assert outcome(criteria, f"INC06{code}", {test: unit}, **{test: passes}) == MET
    assert outcome(criteria, f"INC06{code}", {test: unit}, **{test: fails}) == NOT_MET


def test_another_unit_is_refused(criteria) -> None:
    with pytest.raises(DataError, match=r"HGB: 1 value in another unit \(row 1: mmol/L\); one of g/dL, g/L"):
        judged(criteria, {"HGB": "mmol/L"})


def test_age_on_the_eighteenth_birthday(criteria) -> None:
    for consent, expected in (("2026-02-20", MET), ("2026-02-19", NOT_MET)):
        age = completed_years(["2008-02-20"], [consent])
        assert outcome(criteria, "INC03", AGE=age) == expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"ICFDT": ENROLLED, "PROCDT": ENROLLED}, MET), ({"ICFDT": day(1)}, NOT_MET),
        ({"ICFDT": day(-3), "PROCDT": day(-4)}, NOT_MET), ({"ICFDT": None}, NOT_MET), ({"PROCDT": None}, UNKNOWN),
    ],
)  # fmt: skip
def test_consent_comes_first(criteria, changed: dict, expected: Outcome) -> None:
    assert outcome(criteria, "INC01", **changed) == expected


@pytest.mark.parametrize(
    ("changed", "exc02", "inc05"),
    [
        ({"T9": "T1", "N9": "N0", "STAGE9": "IA", "PLANNED_CRT": "N"}, MET, NOT_MET),
        ({"T9": "T2", "N9": "N0", "STAGE9": "IA", "PLANNED_CRT": "N"}, NOT_MET, NOT_MET),
        ({"T9": "T1", "N9": "N0", "STAGE9": "IA", "PLANNED_CRT": "Y"}, NOT_MET, MET),
        ({"T9": "T1", "N9": "N0", "STAGE9": "IA", "PLANNED_CRT": ""}, UNKNOWN, UNKNOWN),
        ({"T9": "TX", "N9": "N0", "STAGE9": "UNKNOWN", "PLANNED_CRT": "N"}, UNKNOWN, NOT_MET),
    ],
)  # fmt: skip
def test_early_disease_with_radiotherapy_alone(criteria, changed: dict, exc02: Outcome, inc05: Outcome) -> None:
    assert outcome(criteria, "EXC02", **changed) == exc02
    assert outcome(criteria, "INC05", **changed) == inc05


@pytest.mark.parametrize(
    ("kind", "last", "expected"),
    [
        ("NONE", None, NOT_MET), ("SYNCHRONOUS", None, MET), ("PRIOR", None, UNKNOWN), ("", None, UNKNOWN),
        ("PRIOR", "2024-03-01", NOT_MET), ("PRIOR", "2024-03-02", MET), ("PRIOR", "2026-03-02", MET),
    ],
)  # fmt: skip
def test_other_cancer_exactly_two_years_ago_is_eligible(criteria, kind: str, last: str, expected: Outcome) -> None:
    assert outcome(criteria, "EXC03", OTHERCA=kind, OTHERCADT=last) == expected


@pytest.mark.parametrize(
    ("sex", "pregnant", "potential", "contraception", "expected"),
    [
        ("M", "", "", "", NOT_MET), ("F", "Y", "", "", MET), ("F", "Y", "N", "Y", MET),
        ("F", "", "N", "", NOT_MET), ("F", "NA", "N", "NA", NOT_MET), ("F", "N", "Y", "Y", NOT_MET),
        ("F", "N", "Y", "N", MET), ("F", "", "Y", "Y", UNKNOWN), ("F", "N", "Y", "", UNKNOWN),
        ("F", "", "", "", UNKNOWN), ("", "", "", "", UNKNOWN),
    ],
)  # fmt: skip
def test_pregnancy_and_contraception(
    criteria, sex: str, pregnant: str, potential: str, contraception: str, expected: Outcome
) -> None:
    changed = {"SEX": sex, "PREGNANT": pregnant, "CHILDPOT": potential, "CONTRACEPT": contraception}
    assert outcome(criteria, "EXC06", **changed) == expected


def test_any_unknown_is_a_query_also_beside_a_failure(criteria) -> None:
    """Three records: eligible but for a missing ECOG; a failure beside it; an exclusion that is present."""
    records = [ELIGIBLE | {"ECOG": None}, ELIGIBLE | {"ECOG": None, "HGB": 8.0}, ELIGIBLE | {"PRIORHNRT": "Y"}]
    found = evaluate_criteria(criteria, {name: [record[name] for record in records] for name in ELIGIBLE}, units=UNITS)
    assert found.eligible.tolist() == [UNKNOWN, NOT_MET, NOT_MET]
    assert found.failed == ((), ("INC06a",), ("EXC04",))
    assert found.queried == (("INC04",), ("INC04",), ())


def test_all_and_any_are_three_valued() -> None:
    """Kleene's tables: all is the worst, any the best."""
    rule = {"Y": MET, "N": NOT_MET, "": UNKNOWN}
    pairs = list(product(rule, rule))
    columns = {"A": [a for a, _ in pairs], "B": [b for _, b in pairs]}
    parts = tuple(Member(name, ("Y",), ("Y", "N")) for name in ("A", "B"))
    expected_all = [min(rule[a], rule[b]) for a, b in pairs]
    assert expected_all == [MET, NOT_MET, UNKNOWN, NOT_MET, NOT_MET, NOT_MET, UNKNOWN, NOT_MET, UNKNOWN]
    assert evaluated(AllOf(parts), columns, units={}).tolist() == expected_all
    assert evaluated(AnyOf(parts), columns, units={}).tolist() == [max(rule[a], rule[b]) for a, b in pairs]
    given = evaluated(Given(*parts), columns, units={}).tolist()
    assert given == [rule[b] if a == "Y" else UNKNOWN for a, b in pairs]


@pytest.mark.parametrize(
    ("relation", "expected"),
    [("<", [MET, NOT_MET, NOT_MET]), ("<=", [MET, MET, NOT_MET]), (">", [NOT_MET, NOT_MET, MET]),
     (">=", [NOT_MET, MET, MET])],
)  # fmt: skip
def test_strictness_is_declared(relation: str, expected: list) -> None:
    rule = Compare("X", relation, (Limit(0.3, ""),))
    assert evaluated(rule, {"X": [0.2, 0.1 + 0.2, 0.4]}, units={"X": ""}).tolist() == expected


def test_units_may_differ_between_records() -> None:
    rule = Compare("HGB", ">=", (Limit(9.0, "g/dL"), Limit(90, "g/L")))
    columns = {"HGB": [9.0, 90, 89, np.nan]}
    assert evaluated(rule, columns, units={"HGB": ["g/dL", "g/L", "g/L", ""]}).tolist() == [
        MET,
        MET,
        NOT_MET,
        UNKNOWN,
    ]


def test_open_windows_and_dates_of_a_frame() -> None:
    dates = pd.Series(pd.to_datetime(["2026-01-01", "2026-03-01", None]))
    rule = AllOf((Recorded("D"), Within("D", "R", None, 0)))
    assert evaluated(rule, {"D": dates, "R": ["2026-02-01"] * 3}, units={}).tolist() == [MET, NOT_MET, NOT_MET]


def test_fields_of_a_rule_are_named_once() -> None:
    rule = AnyOf((Given(Within("D", "R", -1, 0), Compare("X", "<", (Limit(1, ""),))), YearsBetween("D", "R", "<", 2)))
    assert rule_fields(rule) == ("D", "R", "X")


def test_rules_that_contradict_themselves_are_refused() -> None:
    for made, message in (
        (lambda: Compare("X", "=", (Limit(1, ""),)), "one of <, <=, >, >= is required"),
        (lambda: Compare("X", "<", ()), "one limit for each unit"),
        (lambda: Compare("X", "<", (Limit(1, "g"), Limit(2, "g"))), "one limit for each unit"),
        (lambda: Member("X", ("Z",), ("Y", "N")), "not among its levels"),
        (lambda: Within("D", "R", 1, 0), "is empty"),
        (lambda: AllOf(()), "one or more are required"),
        (lambda: Criterion("C", "c", "other", Recorded("X")), "one of inclusion, exclusion"),
        (lambda: evaluate_criteria([Criterion("C", "c", "inclusion", Recorded("X"))] * 2, {}, units={}), "once"),
    ):
        with pytest.raises(SpecError, match=message):
            made()


def test_data_that_cannot_be_read_are_refused(criteria) -> None:
    record = dict(ELIGIBLE)
    del record["HGB"]
    for columns, message in (
        (record, r"1 field is absent \(HGB\)"),
        ({**ELIGIBLE, "STAGE9": "iii"}, "STAGE9: 1 value not in the code list"),
        ({**ELIGIBLE, "HGB": "13.5"}, "HGB: 1 value not a finite number"),
        ({**ELIGIBLE, "HGBDT": "2026-02"}, "HGBDT: 1 value not a date"),
        ({**ELIGIBLE, "HGB": [1, 2]}, "columns have lengths"),
    ):
        with pytest.raises(DataError, match=message):
            evaluate_criteria(criteria, columns, units=UNITS)
    with pytest.raises(DataError, match="AGE: has no unit"):
        evaluate_criteria(criteria, ELIGIBLE, units={})


def test_the_committed_trial_fails_only_where_a_deviation_says_so(criteria, adsl, adlb, addv) -> None:
    """Enrolled participants meet the criteria that the data hold, on their last value before registration."""
    held = [criterion for criterion in criteria if criterion.code[:5] in ("INC03", "INC04", "INC06", "EXC01")]
    columns = {"AGE": [int(age) for age in adsl["AGE"]], "ECOG": adsl["ECOGBL"], "M9": adsl["M9"],
               "ENRLDT": adsl["ENRLDT"]}  # fmt: skip
    units = {"AGE": "years"}
    for test in ("HGB", "ANC", "PLT", "TBILI", "ALB", "CREAT"):
        rows = adlb[(adlb["PARAMCD"] == test) & (adlb["AVAL"] != "")].merge(adsl[["USUBJID", "ENRLDT"]], on="USUBJID")
        last = rows[rows["ADT"] <= rows["ENRLDT"]].sort_values("ADT").groupby("USUBJID").last()
        own = last.reindex(adsl["USUBJID"])
        columns |= {test: own["AVAL"].astype(float), f"{test}DT": own["ADT"].fillna("")}
        units[test] = own["AVALU"].fillna("")
    found = evaluate_criteria(held, columns, units=units)
    failing = {subject for subject, codes in zip(adsl["USUBJID"], found.failed, strict=True) if codes}
    planted = set(addv.loc[addv["DVTERM"].str.contains("criterion"), "USUBJID"])
    assert failing == planted
    assert len(planted) == 5
    assert {code[:5] for codes in found.queried for code in codes} == {"INC06"}  # a value that was not measured
    assert set(stage_group(adsl["T9"], adsl["N9"], adsl["M9"], version=9)) == {"IA", "IB", "II", "III"}

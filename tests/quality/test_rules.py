"""Rules at their boundaries: what is just allowed and what is just not, and what the finding says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from npcstats.quality import RULES, inspect_study


def day(count):
    return pd.Timedelta(days=count)


def told(findings, rule):
    """Frame, row and text of what a rule found."""
    return [(item.frame, item.row, item.text) for item in findings if item.rule == rule]


def first(rows):
    """Position and values of the first of some rows."""
    return int(rows.index[0]), rows.iloc[0]


def mild(bench):
    rows = bench.rows("adae")
    return first(rows.loc[(rows["AETOXGR"] <= 3) & rows["AENDT"].notna()])


def value(bench, code, visit="M3"):
    rows = bench.rows("adlb")
    return first(rows.loc[(rows["PARAMCD"] == code) & (rows["AVISIT"] == visit) & rows["AVAL"].notna()])


def cycle(bench, regimen="C_QW"):
    rows = bench.rows("adex")
    return first(rows.loc[(rows["EXPHASE"] == "CONCURRENT") & (rows["CONREG"] == regimen) & (rows["EXDOSE"] > 0)])


def person(bench, **wanted):
    rows = bench.rows("adsl")
    for column, item in wanted.items():
        rows = rows.loc[rows[column] == item]
    return first(rows)


def test_the_bench_is_clean(bench):
    assert bench.findings({}) == []


def test_catalogue():
    ids = [rule.id for rule in RULES]
    assert len(set(ids)) == len(ids)
    assert {rule.severity for rule in RULES} == {"error", "query"}
    assert all(rule.text.endswith(".") for rule in RULES)


class TestDates:
    def test_event_on_the_day_of_consent(self, bench):
        row, event = mild(bench)
        assert bench.found("adae", row, ASTDT=event["ICFDT"], AEREL="NONE") == []
        assert told(bench.found("adae", row, ASTDT=event["ICFDT"] - day(1)), "AE-CONSENT") == [
            ("adae", row + 1, "begins 1 day before consent")
        ]

    def test_end_on_the_first_day(self, bench):
        row, event = mild(bench)
        assert bench.found("adae", row, AENDT=event["ASTDT"]) == []
        assert told(bench.found("adae", row, AENDT=event["ASTDT"] - day(2)), "END-START") == [
            ("adae", row + 1, "AENDT is 2 days before ASTDT")
        ]

    def test_contact_on_the_day_of_death(self, bench):
        row, dead = person(bench, DTHCAUS="OTHER")
        template = int(np.flatnonzero(bench.study["adassess"]["USUBJID"] == dead["USUBJID"])[0])
        known = set(bench.study["adassess"].loc[bench.study["adassess"]["USUBJID"] == dead["USUBJID"], "ADT"])
        if dead["DTHDT"] not in known:
            on_the_day = bench.found_with("adassess", template, ADT=dead["DTHDT"], ENTRYDT=dead["DTHDT"])
            assert told(on_the_day, "DEATH-CONTACT") == []
        late = dead["DTHDT"] + day(3)
        found = bench.found_with("adassess", template, ADT=late, ENTRYDT=late)
        assert told(found, "DEATH-CONTACT") == [("adsl", row + 1, "the last contact is 3 days after death")]

    def test_value_after_death(self, bench):
        _, dead = person(bench, DTHCAUS="OTHER")
        row = int(np.flatnonzero(bench.study["adlb"]["USUBJID"] == dead["USUBJID"])[0])
        late = dead["DTHDT"] + day(1)
        found = bench.found_with("adlb", row, ADT=late, AVISIT="", ENTRYDT=late)
        assert told(found, "AFTER-DEATH") == [("adlb", len(bench.study["adlb"]) + 1, "dated 1 day after death")]

    def test_cutoff_is_only_asked_about_when_it_is_given(self, few, checks):
        last = few["adassess"]["ADT"].max()
        quiet = inspect_study(few, checks, cutoff=None)
        assert [item.rule for item in quiet.skipped] == ["AFTER-CUTOFF"]
        frames = {name: few[name].loc[few[name][column] <= last].reset_index(drop=True)
                  for name, column in (("adassess", "ADT"), ("adform", "DUEDT"))}  # fmt: skip
        at = inspect_study(few.with_frames(frames), checks, cutoff=last.date())
        before = inspect_study(few.with_frames(frames), checks, cutoff=(last - day(1)).date())
        late = [item.frame for item in before.findings if item.rule == "AFTER-CUTOFF"]
        assert "adassess" in late
        assert [item for item in at.findings if item.frame == "adassess"] == []

    def test_cause_without_date(self, bench):
        row, _ = person(bench, DTHCAUS="", EOSSTT="")
        found = bench.found("adsl", row, DTHCAUS="OTHER")
        assert [(item.rule, item.text) for item in found] == [
            ("KNOWN-FROM", "DTHCAUS without DTHDT: analyses take it for missing")
        ]


class TestLaboratory:
    def test_creatinine_of_88_mg_per_dl(self, bench):
        row, _ = value(bench, "CREAT")
        found = bench.found("adlb", row, AVAL=88.0, AVALC="88")
        assert [(item.rule, item.severity, item.row, item.text) for item in found] == [
            ("LB-SWAP", "error", row + 1, "CREAT of 88 mg/dL is implausible; as umol/L it is 0.995 mg/dL")
        ]

    def test_implausible_in_every_unit(self, bench):
        row, _ = value(bench, "CREAT")
        found = bench.found("adlb", row, AVAL=9000.0, AVALC="9000")
        assert told(found, "LB-RANGE") == [("adlb", row + 1, "CREAT of 9000 mg/dL is outside 0.2 to 20")]
        assert told(found, "LB-SWAP") == []

    @pytest.mark.parametrize(("amount", "count"), [(20.0, 0), (20.1, 1), (0.2, 0), (0.19, 1)])
    def test_limits_are_plausible_themselves(self, bench, amount, count):
        """20.1 mg/dL as µmol/L is 0.227 mg/dL, which is plausible: a swap; 0.19 is not plausible in either unit."""
        row, _ = value(bench, "CREAT")
        found = bench.found("adlb", row, AVAL=amount, AVALC=str(amount))
        assert len([item for item in found if item.rule in ("LB-RANGE", "LB-SWAP")]) == count

    def test_hemoglobin_in_grams_per_liter(self, bench):
        row, _ = value(bench, "HGB")
        assert [item.rule for item in bench.found("adlb", row, AVAL=131.0, AVALC="131")] == ["LB-SWAP"]
        found = bench.found("adlb", row, AVAL=131.0, AVALC="131", AVALU="g/L")
        assert told(found, "LB-UNIT") == [("adlb", row + 1, "HGB in g/L; g/dL is required")]

    def test_unknown_unit_is_not_repeated(self, bench):
        row, found = value(bench, "HGB")
        texts = told(bench.found("adlb", row, AVALU=found["USUBJID"]), "LB-UNIT")
        assert texts == [("adlb", row + 1, "HGB in an unknown unit; g/dL is required")]

    def test_number_and_text(self, bench):
        row, _ = value(bench, "HGB")
        assert bench.found("adlb", row, AVAL=12.5, AVALC="12.50") == []
        assert told(bench.found("adlb", row, AVAL=12.5, AVALC="15.2"), "LB-TEXT") == [
            ("adlb", row + 1, "AVAL is 12.5, but AVALC is 15.2")
        ]
        assert told(bench.found("adlb", row, AVAL=12.5, AVALC="<LLOQ"), "LB-TEXT") == [
            ("adlb", row + 1, "AVALC is <LLOQ, but AVAL is filled; AVALC is <LLOQ, but LLOQ is missing")
        ]
        assert bench.found("adlb", row, AVAL=np.nan, AVALC="") == []


class TestVisits:
    @pytest.mark.parametrize(("offset", "found"), [(60, 0), (59, 1), (135, 0), (136, 1)])
    def test_window_includes_its_ends(self, bench, offset, found):
        row, record = value(bench, "ALB", "M3")
        when = record["RTENDT"] + day(offset)
        findings = bench.found("adlb", row, ADT=when, ENTRYDT=when)
        assert len(told(findings, "VS-WINDOW")) == found
        if found:
            assert told(findings, "VS-WINDOW")[0][2] == f"M3 on day {offset} from RTENDT, outside 60 to 135"

    def test_repeat_on_the_same_and_on_another_day(self, bench):
        row, record = value(bench, "ALB", "M3")
        last = len(bench.study["adlb"]) + 1
        same = bench.found_with("adlb", row)
        assert [(item.rule, item.row) for item in same] == [("DUPLICATE", last)]
        other = bench.found_with("adlb", row, ADT=record["ADT"] + day(1), ENTRYDT=record["ADT"] + day(1))
        assert [(item.rule, item.row) for item in other] == [("VS-REPEAT", last)]

    def test_unknown_visit_is_not_repeated(self, bench):
        row, record = value(bench, "ALB", "M3")
        (found,) = told(bench.found("adlb", row, AVISIT=record["USUBJID"]), "VS-KNOWN")
        assert found == ("adlb", row + 1, "the visit is none of PRE, BL, MID, EORT, W8, M3, M6, M12, M24")


class TestEvents:
    def test_term_grade_and_class(self, bench):
        """CTCAE v5.0: Dry mouth has grades 1 to 3 and stands among gastrointestinal disorders."""
        row, _ = mild(bench)
        right = {"AEDECOD": "Dry mouth", "AEBODSYS": "Gastrointestinal disorders", "AETOXGR": 3}
        assert bench.found("adae", row, **right) == []
        assert told(bench.found("adae", row, **{**right, "AETOXGR": 4}), "AE-GRADE") == [
            ("adae", row + 1, "Dry mouth has no grade 4; one of 1, 2, 3 is required")
        ]
        assert told(bench.found("adae", row, **{**right, "AEBODSYS": "Cardiac disorders"}), "AE-SOC") == [
            ("adae", row + 1, "Dry mouth stands in another organ class; Gastrointestinal disorders is required")
        ]
        assert told(bench.found("adae", row, **{**right, "AEDECOD": "Dry mouht"}), "AE-TERM") == [
            ("adae", row + 1, "the term is not in CTCAE 5.0; perhaps Dry mouth")
        ]

    def test_fatal_event_of_someone_alive(self, bench):
        rows = bench.rows("adae")
        row, _ = first(rows.loc[rows["DTHDT"].isna() & rows["AENDT"].notna()])
        right = {"AEDECOD": "Sepsis", "AEBODSYS": "Infections and infestations", "AETOXGR": 5}
        found = bench.found("adae", row, **right, AESER="N", AEOUT="FATAL")
        assert [(item.rule, item.text) for item in found] == [
            ("AE-FATAL", "fatal, but the participant has no date of death"),
            ("AE-SERIOUS", "grade 5, but not serious"),
        ]


class TestTreatment:
    def test_dose_above_the_regimen(self, bench):
        """Weekly cisplatin is 40 mg/m²; 5 % more is allowed by the checks, so 42 is and 42.1 is not."""
        row, _ = cycle(bench)
        assert bench.found("adex", row, EXDOSE=42.0) == []
        assert told(bench.found("adex", row, EXDOSE=42.1), "EX-DOSE") == [
            ("adex", row + 1, "dose of 42.1; the protocol's largest is 40")
        ]
        assert bench.found("adex", row, EXDOSE=0.0) == []

    def test_drug_outside_the_regimen(self, bench):
        row, _ = cycle(bench)
        assert told(bench.found("adex", row, EXTRT="DOCETAXEL"), "EX-DRUG") == [
            ("adex", row + 1, "the drug is not in regimen C_QW, which holds CISPLATIN")
        ]

    def test_carboplatin_may_replace_cisplatin(self, bench):
        row, _ = cycle(bench)
        assert bench.found("adex", row, EXTRT="CARBOPLATIN", EXDOSE=5.0, EXPLANNED=5.0, EXDOSU="AUC") == []
        found = bench.found("adex", row, EXTRT="CARBOPLATIN", EXDOSE=5.0, EXPLANNED=5.0, EXDOSU="mg/m2")
        assert [item.rule for item in found] == ["EX-UNIT"]

    def test_infusion_over_five_days(self, few, checks):
        """Fluorouracil of I_TPF: 750 to 1000 mg/m² on each of days 1 to 5, so at most 5000 in one record."""
        people = few["adsl"].assign(INDREG="I_TPF")
        record = few["adex"].loc[few["adex"]["EXPHASE"] == "CONCURRENT"].head(1).reset_index(drop=True)
        start = few["adsl"].set_index("USUBJID").loc[record["USUBJID"], "TRTSDT"].to_numpy()
        record = record.assign(
            EXPHASE="INDUCTION", EXTRT="FLUOROURACIL", EXSTDT=start, EXENDT=start + np.timedelta64(4, "D")
        )

        def rules(dose):
            changed = {"adsl": people, "adex": record.assign(EXDOSE=dose, EXPLANNED=dose)}
            found = inspect_study(few.with_frames(changed), checks, cutoff=None).findings
            return [item.rule for item in found if item.rule in ("EX-DRUG", "EX-UNIT", "EX-DOSE", "EX-PLANNED")]

        assert rules(3750.0) == rules(5000.0) == []
        assert rules(5300.0) == ["EX-DOSE", "EX-PLANNED"]
        assert rules(3000.0) == ["EX-PLANNED"]

    def test_fractions_and_dates(self, bench):
        """At most 6 fractions in 7 days by the checks: 33 fractions need 38 days, since 38 * 6 / 7 is above 32."""
        row, record = person(bench, FXDELIV=33.0)

        def rules(overall):
            end = record["RTSTDT"] + day(overall - 1)
            return [item.text for item in bench.found("adsl", row, RTENDT=end) if item.rule == "RT-FRACTIONS"]

        assert rules(38) == []
        assert rules(37) == ["33 fractions in 37 days"]

    def test_prescription(self, bench):
        row, _ = person(bench, FXDELIV=33.0)
        found = bench.found("adsl", row, RXDOSE=72.0)
        assert told(found, "RT-DOSE") == [("adsl", row + 1, "prescribed dose of 72; the protocol's largest is 69.96")]

    def test_fractions_without_an_end(self, bench):
        row, _ = person(bench, FXDELIV=33.0)
        found = told(bench.found("adsl", row, FXDELIV=34.0), "RT-FRACTIONS")
        assert found == [("adsl", row + 1, "34 fractions of 33 planned")]


class TestDisease:
    def test_stage(self, bench):
        row, _ = person(bench)
        assert bench.found("adsl", row, T9="T2", N9="N1", STAGE9="IB") == []
        assert told(bench.found("adsl", row, T9="T2", N9="N1", STAGE9="II"), "STAGE-TNM") == [
            ("adsl", row + 1, "stage II; T2 N1 M0 is stage IB")
        ]

    def test_response_after_progression(self, bench):
        events = bench.study["adevent"]
        events = events.loc[events["KIND"].isin(("LOCAL", "REGIONAL", "DISTANT"))]
        alive = bench.rows("adsl").loc[lambda rows: rows["DTHDT"].isna(), "USUBJID"]
        event = events.loc[events["USUBJID"].isin(alive)].sort_values("ADT").iloc[0]
        template = int(np.flatnonzero(bench.study["adrs"]["USUBJID"] == event["USUBJID"])[0])
        new = {"AVISIT": "", "AVALC": "CR", "ENTRYDT": event["ADT"] + day(9)}
        assert told(bench.found_with("adrs", template, ADT=event["ADT"], **new), "RS-AFTER-PD") == []
        found = bench.found_with("adrs", template, ADT=event["ADT"] + day(1), **new)
        assert told(found, "RS-AFTER-PD") == [("adrs", len(bench.study["adrs"]) + 1, "CR 1 day after progression")]

    def test_death_of_disease_without_an_event(self, bench):
        row, _ = person(bench, DTHCAUS="OTHER")
        assert [item.rule for item in bench.found("adsl", row, DTHCAUS="DISEASE")] == ["DEATH-EVENT"]


class TestEligibility:
    def screening(self, bench, code):
        rows = bench.rows("adlb")
        return first(rows.loc[(rows["PARAMCD"] == code) & (rows["ADT"] <= rows["ENRLDT"]) & rows["AVAL"].notna()])

    @pytest.mark.parametrize(
        ("code", "allowed", "refused", "criterion"),
        [
            ("HGB", 9.0, 8.9, "INC06a"),
            ("ANC", 1.0, 0.99, "INC06b"),
            ("PLT", 50.0, 49.0, "INC06c"),
            ("TBILI", 2.49, 2.5, "INC06d"),
            ("ALB", 2.81, 2.8, "INC06e"),
            ("CREAT", 1.5, 1.51, "INC06f"),
        ],
    )
    def test_laboratory_limits(self, bench, code, allowed, refused, criterion):
        """Limits of the protocol, strict where it is."""
        row, _ = self.screening(bench, code)
        found = bench.found("adlb", row, AVAL=allowed, AVALC=f"{allowed:g}")
        assert [item for item in found if item.rule.startswith("ELIG")] == []
        found = bench.found("adlb", row, AVAL=refused, AVALC=f"{refused:g}")
        assert {item.text for item in found if item.rule == "ELIG-MET"} == {f"not met: {criterion}"}

    def test_missing_value_is_a_query(self, bench):
        row, _ = self.screening(bench, "ALB")
        found = bench.found("adlb", row, AVAL=np.nan, AVALC="")
        assert [(item.rule, item.text) for item in found] == [
            ("ELIG-KNOWN", "cannot be judged, a value is missing or out of date: INC06e")
        ]

    def test_strange_codes_and_units_decide_nothing(self, bench):
        """A stray unit or code is another rule's; the criterion it feeds is unknown."""
        row, _ = self.screening(bench, "HGB")
        found = bench.found("adlb", row, AVALU="stone")
        assert [item.rule for item in found] == ["LB-UNIT", "ELIG-KNOWN"]
        found = bench.found("adsl", 0, ECOGBL=9)
        assert [(item.rule, item.text[-5:]) for item in found] == [("ELIG-KNOWN", "INC04")]

    def test_metastasis(self, bench):
        found = bench.found("adsl", 0, M9="M1a", STAGE9="IVA")
        assert told(found, "ELIG-MET") == [("adsl", 1, "not met: INC05, EXC01")]

    def test_deviation_is_expected(self, bench, few):
        row, record = self.screening(bench, "HGB")
        changed = few["adlb"].copy()
        changed.loc[row, ["AVAL", "AVALC"]] = [8.0, "8"]
        deviations = few["addv"].loc[few["addv"]["USUBJID"] != record["USUBJID"]].reset_index(drop=True)
        silent = bench.findings({"adlb": changed, "addv": deviations})
        assert [item.rule for item in silent] == ["ELIG-MET", "ELIG-DEVIATION"]
        added = deviations.head(1).assign(
            USUBJID=record["USUBJID"], DVCAT="MAJOR", DVDT=record["ENRLDT"], ENTRYDT=record["ENRLDT"]
        )
        known = bench.findings({"adlb": changed, "addv": pd.concat([deviations, added], ignore_index=True)})
        assert [item.rule for item in known] == ["ELIG-MET"]

    def test_without_criteria(self, few, checks):
        report = inspect_study(few, replace(checks, criteria=()), cutoff=None)
        assert {item.reason for item in report.skipped if item.rule.startswith("ELIG")} == {"no criteria are given"}

    def test_unknown_screening_code(self, bench):
        assert told(bench.found("adscr", 0, CRITERION="INC06"), "SCREEN-CODE") == [
            ("adscr", 1, "the criterion that failed is none of the protocol's")
        ]


@pytest.mark.parametrize("frame", ["adae", "adlb", "adrs", "adex", "adassess", "adevent", "addv", "adform", "adcare"])
def test_a_study_without_a_frame(few, checks, frame):
    """Rules about what is not there are not checked, and say so; the others are."""
    frames = {name: kept for name, kept in few.frames.items() if name != frame}
    report = inspect_study(replace(few, frames=frames), checks, cutoff=None)
    assert report.count("error") == 0
    reasons = [item for item in report.skipped if f" {frame}." in item.reason]
    assert len(reasons) >= (0 if frame in ("adform", "adcare") else 1)


def test_empty_frames(few, checks):
    frames = {name: frame.head(0) for name, frame in few.frames.items()}
    assert inspect_study(few.with_frames(frames), checks, cutoff=None).findings == ()

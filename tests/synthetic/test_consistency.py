"""The committed trial contradicts itself nowhere: dates, deaths, doses, grades, samples."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from npcstats.schema import conform_frame
from npcstats.study import Design, Study, input_schemas
from npcstats.synthetic import Truth

DATED = (
    ("adae", "ASTDT"), ("adae", "AENDT"), ("adlb", "ADT"), ("adrad", "ADT"), ("adevent", "ADT"), ("adassess", "ADT"),
    ("adrs", "ADT"), ("adtr", "ADT"), ("adex", "EXSTDT"), ("adex", "EXENDT"), ("adcare", "CASTDT"),
    ("adcare", "CAENDT"), ("addv", "DVDT"), ("adform", "DUEDT"),
)  # fmt: skip

# CTCAE v5.0: low values are bad (-1) or high ones (+1); grade 1 beyond the limit of normal, 2 and up beyond the cuts
# of DOMAIN section 2.1. Limits of normal are the made laboratory's own.
CTCAE = {
    "White blood cell decreased": ("WBC", -1, (4.0, 3.0, 2.0, 1.0)),
    "Neutrophil count decreased": ("ANC", -1, (1.8, 1.5, 1.0, 0.5)),
    "Lymphocyte count decreased": ("ALC", -1, (1.0, 0.8, 0.5, 0.2)),
    "Platelet count decreased": ("PLT", -1, (150.0, 75.0, 50.0, 25.0)),
    "Anemia": ("HGB", -1, (12.0, 10.0, 8.0)),
    "Hypoalbuminemia": ("ALB", -1, (3.5, 3.0, 2.0)),
}


@pytest.mark.parametrize("name", ["adsl", "adscr", "adae", "adlb", "adrad", "adevent", "adassess", "adrs", "adtr",
                                  "adex", "adcare", "addv", "adform"])  # fmt: skip
def test_frame_conforms_to_the_contract(study: Study, design: Design, name: str) -> None:
    schema = input_schemas(design)[name]
    _, faults = conform_frame(study[name], schema)
    assert faults == []
    assert {column.name for column in schema.columns} <= set(study[name].columns)


def test_participant_dates_are_in_order(adsl: pd.DataFrame) -> None:
    order = ["ICFDT", "ENRLDT", "TRTSDT", "RTSTDT", "RTENDT", "DTHDT"]
    for earlier, later in pairwise(order):
        assert not (adsl[earlier] > adsl[later]).any(), (earlier, later)
    assert not (adsl["DTHDT"].notna() & adsl["EOSDT"].notna()).any()
    assert ((adsl["DTHDT"].notna()) == (adsl["DTHCAUS"] != "")).all()


def test_induction_lasts_six_to_twelve_weeks(adsl: pd.DataFrame) -> None:
    induced = adsl[(adsl["INDREG"] != "") & adsl["RTSTDT"].notna()]
    weeks = (induced["RTSTDT"] - induced["TRTSDT"]).dt.days / 7
    assert weeks.between(6, 12).all()
    direct = adsl[(adsl["INDREG"] == "") & adsl["RTSTDT"].notna()]
    assert (direct["RTSTDT"] == direct["TRTSDT"]).all()


def test_fractions_fall_on_working_days(adsl: pd.DataFrame) -> None:
    for column in ("RTSTDT", "RTENDT"):
        assert (adsl[column].dropna().dt.dayofweek < 5).all()


def test_treatment_given_is_known_only_once_radiotherapy_started(adsl: pd.DataFrame, design: Design) -> None:
    started = adsl["RTSTDT"].notna()
    assert ((adsl["TRT01A"] != "") == started).all()
    assert ((adsl["TECHNIQUE"] != "") == started).all()
    assert set(adsl["TRT01P"]) == {arm.code for arm in design.arms}
    unit = adsl.loc[started, "TRT01A"].map({"PHOTON": "Gy", "PROTON": "Gy(RBE)", "MIXED": "Gy(RBE)"})
    assert (adsl.loc[started, "RXDOSU"] == unit).all()


@pytest.mark.parametrize(("name", "column"), DATED)
def test_nothing_happens_before_consent_or_after_death_or_the_end(
    study: Study, adsl: pd.DataFrame, truth: Truth, name: str, column: str
) -> None:
    frame = study[name]
    own = adsl.loc[frame["USUBJID"]]
    date = frame[column].to_numpy()
    assert not (date < own["ICFDT"].to_numpy()).any()
    assert not (date > own["DTHDT"].to_numpy()).any()
    assert not (date > own["EOSDT"].to_numpy()).any()
    assert not (frame[column] > pd.Timestamp(truth.calendar.database_date)).any()


def test_every_record_was_entered_on_or_after_its_day(study: Study, truth: Truth, design: Design) -> None:
    for name, schema in input_schemas(design).items():
        if name in study.frames and "ENTRYDT" in study[name]:
            frame = study[name]
            assert (frame["ENTRYDT"] >= frame[schema.dated]).all(), name
            assert (frame["ENTRYDT"] <= pd.Timestamp(truth.calendar.database_date)).all(), name


def test_adverse_events_start_after_enrolment_and_end_after_they_start(study: Study, adsl: pd.DataFrame) -> None:
    events = study["adae"]
    own = adsl.loc[events["USUBJID"]]
    assert (events["ASTDT"].to_numpy() >= own["TRTSDT"].to_numpy()).all()
    assert not (events["AENDT"] < events["ASTDT"]).any()
    ended = events["AEOUT"].isin(["RECOVERED/RESOLVED", "RECOVERED/RESOLVED WITH SEQUELAE", "FATAL"])
    assert (ended == events["AENDT"].notna()).all()
    assert set(events.loc[~ended, "AEOUT"]) == {"NOT RECOVERED/NOT RESOLVED"}


def test_grades_exist_in_ctcae_under_that_organ_class(study: Study) -> None:
    """The table is cut from CTCAE v5.0: organ class, term, and which grades are defined."""
    defined = pd.read_csv(Path(__file__).with_name("ctcae_v5_grades.csv")).set_index("term")
    events = study["adae"]
    assert (defined.loc[events["AEDECOD"], "soc"].to_numpy() == events["AEBODSYS"].to_numpy()).all()
    pairs = events[["AEDECOD", "AETOXGR"]].drop_duplicates()
    lacking = [(term, grade) for term, grade in pairs.itertuples(index=False) if not defined.at[term, f"g{grade:.0f}"]]
    assert lacking == []


def test_fatal_events_end_on_the_day_of_death(study: Study, adsl: pd.DataFrame) -> None:
    fatal = study["adae"].query("AETOXGR == 5")
    own = adsl.loc[fatal["USUBJID"]]
    assert len(fatal) > 0
    assert (fatal["AENDT"].to_numpy() == own["DTHDT"].to_numpy()).all()
    assert set(own["DTHCAUS"]) == {"TREATMENT"}
    assert set(fatal["AESER"]) == {"Y"}
    assert len(fatal) == (adsl["DTHCAUS"] == "TREATMENT").sum()


def test_one_record_of_a_term_at_a_time(study: Study) -> None:
    """Two records of a term in one participant: the later one begins after the first has ended."""
    events = study["adae"].sort_values(["USUBJID", "AEDECOD", "ASTDT"])
    following = events.groupby(["USUBJID", "AEDECOD"])["ASTDT"].shift(-1)
    again = following.notna()
    assert again.sum() > 500
    assert (events.loc[again, "AENDT"] < following[again]).all()
    assert events["AESEQ"].gt(0).all()


RADIATION = {
    "Mucositis oral", "Dermatitis radiation", "Dysphagia", "Dry mouth", "Dysgeusia", "Oral pain", "Hoarseness",
    "Hypothyroidism", "Fibrosis deep connective tissue", "Trismus", "Central nervous system necrosis",
    "Osteonecrosis of jaw", "Hypoglossal nerve disorder", "Brachial plexopathy",
}  # fmt: skip
DRUG = {"Nausea", "Vomiting", "Constipation", "Alopecia", "Febrile neutropenia", "Tinnitus", "Creatinine increased"}


def test_an_event_is_attributed_to_what_can_cause_it(study: Study, adsl: pd.DataFrame) -> None:
    events = study["adae"]
    relation = events.groupby("AEDECOD")["AEREL"].agg(set)
    assert set().union(*relation.reindex(sorted(RADIATION)).dropna()) <= {"RT", "BOTH"}
    assert set().union(*relation.reindex(sorted(DRUG)).dropna()) <= {"CHEMO", "BOTH"}
    before = ~(events["ASTDT"].to_numpy() >= adsl.loc[events["USUBJID"], "RTSTDT"].to_numpy())
    assert before.sum() > 500
    assert not set(events.loc[before, "AEREL"]) & {"RT", "BOTH"}


def test_clinical_events_that_threaten_life_are_serious(study: Study) -> None:
    events = study["adae"]
    laboratory = events["AEDECOD"].isin([*CTCAE, "Creatinine increased", "Blood bilirubin increased"])
    assert set(events.loc[(events["AETOXGR"] >= 4) & ~laboratory, "AESER"]) == {"Y"}
    assert set(events.loc[events["AETOXGR"] < 3, "AESER"]) == {"N"}
    assert "Lymphocyte count decreased" not in set(events.loc[events["AESER"] == "Y", "AEDECOD"])


def test_every_serious_event_begins_a_hospital_stay(study: Study) -> None:
    """Or falls into one; stays of one participant do not overlap."""
    stays = study["adcare"].query("KIND == 'HOSPITAL'").sort_values(["USUBJID", "CASTDT"])
    serious = study["adae"].query("AESER == 'Y'").merge(stays[["USUBJID", "CASTDT", "CAENDT"]], on="USUBJID")
    inside = (serious["CASTDT"] <= serious["ASTDT"]) & ~(serious["CAENDT"] < serious["ASTDT"])
    held = inside.groupby([serious["USUBJID"], serious["AESEQ"]]).any()
    # A stay is entered on a day of its own; what is entered after the last day is not there.
    assert (~held).sum() <= 1
    before = stays.groupby("USUBJID")["CAENDT"].shift()
    assert not (stays["CASTDT"] <= before).any()


def test_the_criterion_is_the_gravest_that_is_met(study: Study) -> None:
    """Every serious event has one, and no other event has."""
    events = study["adae"]
    serious = events["AESER"] == "Y"
    assert (serious == (events["AESERCRIT"] != "")).all()
    assert (serious == (events["AEEXP"] != "")).all()
    assert ((events["AESERCRIT"] == "DEATH") == (events["AETOXGR"] == 5)).all()
    laboratory = events["AEDECOD"].isin([*CTCAE, "Creatinine increased", "Blood bilirubin increased"])
    assert set(events.loc[(events["AETOXGR"] == 4) & ~laboratory, "AESERCRIT"]) == {"LIFE-THREATENING"}
    assert set(events.loc[events["AESERCRIT"] == "DISABILITY", "AEOUT"]) == {"RECOVERED/RESOLVED WITH SEQUELAE"}
    assert set(events.loc[events["AESERCRIT"] == "LIFE-THREATENING", "AETOXGR"]) == {4.0}


def test_expected_events_are_of_terms_that_the_safety_information_names(study: Study, truth: Truth) -> None:
    """Of terms expected with a probability of .98 some 95 events are serious: 2 unexpected, 9 or more in 1 of 5,000."""
    events = study["adae"].query("AESER == 'Y'")
    known = dict(truth.toxicity.seriousness.expected)
    assert set(events.loc[events["AEEXP"] == "Y", "AEDECOD"]) <= set(known)
    assert set(events.loc[events["AETOXGR"] == 5, "AEEXP"]) == {"N"}
    common = events[events["AEDECOD"].map(known).eq(0.98)]
    assert (common["AEEXP"] == "N").sum() <= 8


class TestActions:
    """What was done with the drugs because of an event is what the administrations show."""

    @pytest.fixture
    def events(self, study: Study) -> pd.DataFrame:
        drugs = study["adex"].query("EXPHASE != 'RT'")
        given = drugs[drugs["EXDOSE"] > 0].groupby("USUBJID")["EXSTDT"].agg(first="min", last="max")
        return study["adae"].join(given, on="USUBJID")

    def test_no_action_where_no_drug_is_given(self, events: pd.DataFrame) -> None:
        late = ~(events["ASTDT"] <= events["last"] + pd.Timedelta(days=21))
        assert late.sum() > 500
        assert set(events.loc[late, "AEACN"]) == {"NOT APPLICABLE"}
        assert "NOT APPLICABLE" not in set(events.loc[~late & (events["ASTDT"] >= events["first"]), "AEACN"])

    def test_a_withdrawn_drug_is_not_given_again(self, events: pd.DataFrame) -> None:
        withdrawn = events.query("AEACN == 'DRUG WITHDRAWN' and AETOXGR < 5")
        assert len(withdrawn) > 20
        # the cycle of the day itself had been given
        assert (withdrawn["last"] <= withdrawn["ASTDT"] + pd.Timedelta(days=21)).all()

    @pytest.mark.parametrize(("action", "share"), [("DOSE REDUCED", (0.0, 1.0)), ("DRUG INTERRUPTED", (-1.0, 0.0))])
    def test_a_changed_dose_follows(
        self, events: pd.DataFrame, study: Study, action: str, share: tuple[float, float]
    ) -> None:
        drugs = study["adex"].query("EXPHASE != 'RT'")
        ratio = drugs["EXDOSE"] / drugs["EXPLANNED"]
        least, most = share
        changed = drugs[(ratio > least) & (ratio < most)] if least == 0.0 else drugs[ratio == most]
        told = events[events["AEACN"] == action][["USUBJID", "AESEQ", "ASTDT"]].merge(
            changed[["USUBJID", "EXSTDT"]], on="USUBJID"
        )
        days = (told["EXSTDT"] - told["ASTDT"]).dt.days
        follows = days.between(0, 21).groupby([told["USUBJID"], told["AESEQ"]]).any()
        assert follows.all()
        assert len(follows) == (events["AEACN"] == action).sum() > 50


class TestRelapses:
    """A relapse is found at an assessment, the first of which comes after treatment."""

    @pytest.fixture
    def relapses(self, study: Study, adsl: pd.DataFrame) -> pd.DataFrame:
        events = study["adevent"].query("KIND in ['LOCAL', 'REGIONAL', 'DISTANT']")
        return events.join(adsl[["RTENDT", "DTHDT"]], on="USUBJID")

    def test_none_is_found_within_twelve_weeks_of_radiotherapy(self, relapses: pd.DataFrame) -> None:
        assert (relapses["ADT"] - relapses["RTENDT"]).dt.days.min() >= 84
        assert (relapses["ADT"].dt.dayofweek < 5).all()

    def test_each_is_found_at_an_assessment_of_its_day(self, relapses: pd.DataFrame, study: Study) -> None:
        looks = study["adassess"]
        kind = relapses["KIND"].map({"LOCAL": "LOCOREGIONAL", "REGIONAL": "LOCOREGIONAL", "DISTANT": "SYSTEMIC"})
        days = set(zip(looks["USUBJID"], looks["KIND"], looks["ADT"], strict=True))
        assert set(zip(relapses["USUBJID"], kind, relapses["ADT"], strict=True)) <= days

    def test_a_death_of_the_disease_follows_one(self, relapses: pd.DataFrame, adsl: pd.DataFrame) -> None:
        first = relapses.groupby("USUBJID")["ADT"].min()
        died = adsl[adsl["DTHCAUS"] == "DISEASE"]
        assert (first.reindex(died.index) <= died["DTHDT"]).all()

    def test_residual_disease_is_proven_at_sixteen_weeks_or_near(self, study: Study, adsl: pd.DataFrame) -> None:
        """By biopsy, 12 to 24 weeks after radiotherapy, in a tumor that no reading called gone."""
        found = study["adevent"].query("KIND == 'RESIDUAL'").join(adsl["RTENDT"], on="USUBJID")
        assert len(found) >= 5
        assert set(found["CONFIRM"]) == {"BIOPSY"}
        assert (found["ADT"] - found["RTENDT"]).dt.days.between(84, 168).all()
        readings = study["adrs"]
        assert "CR" not in set(readings.loc[readings["USUBJID"].isin(found["USUBJID"]), "AVALC"])

    def test_after_a_complete_response_only_progression_is_read(self, study: Study) -> None:
        readings = study["adrs"].pivot(index="USUBJID", columns="AVISIT", values="AVALC")
        assert set(readings.loc[readings["M3"] == "CR", "M6"].dropna()) <= {"CR", "NE", "PD"}


def test_another_treatment_than_the_planned_one_has_a_deviation(study: Study, adsl: pd.DataFrame, truth: Truth) -> None:
    changed = adsl[(adsl["TRT01A"] != "") & (adsl["TRT01A"] != adsl["TRT01P"])]
    assert {("PROTON", "MIXED"), ("PHOTON", "MIXED"), ("PROTON", "PHOTON"), ("PHOTON", "PROTON")} == set(
        zip(changed["TRT01P"], changed["TRT01A"], strict=True)
    )
    told = study["addv"].query("DVTERM == @truth.conduct.changed_term")
    assert set(told["USUBJID"]) == set(changed.index)
    assert set(told["DVCAT"]) == {"MAJOR"}


def test_techniques_are_those_of_the_treatment(adsl: pd.DataFrame) -> None:
    used = adsl[adsl["TRT01A"] != ""].groupby("TRT01A")["TECHNIQUE"].agg(set)
    assert used["PROTON"] == {"IMPT"}
    assert used["PHOTON"] == {"VMAT", "IMRT", "TOMO"}


def test_some_causes_of_death_are_not_known(adsl: pd.DataFrame) -> None:
    assert 1 <= (adsl["DTHCAUS"] == "UNKNOWN").sum() < 0.2 * adsl["DTHDT"].notna().sum()


def test_screening_fails_for_criteria_that_can_be_first(study: Study, planted: dict) -> None:
    """Who did not consent (INC01) is not in the frame; metastases are found before treatment is planned (INC05)."""
    failed = study["adscr"].query("CRITERION != ''")["CRITERION"]
    order = [criterion for criterion, _ in planted["TRUTH"].screening.criteria]
    assert "INC01" not in order
    assert order.index("EXC01") < order.index("INC05")
    assert set(failed) <= set(order)


def test_lymphocyte_subsets_are_parts_of_the_lymphocytes(study: Study) -> None:
    counts = study["adlb"].query("PARAMCD in ['ALC', 'CD3', 'CD4', 'CD8', 'CD19', 'NK']")
    wide = counts.pivot_table(index=["USUBJID", "ADT"], columns="PARAMCD", values="AVAL").dropna()
    assert len(wide) > 2000
    assert (wide["CD4"] + wide["CD8"] <= wide["CD3"]).all()
    assert (wide["CD3"] + wide["CD19"] + wide["NK"] <= 1000 * wide["ALC"]).all()


def test_planned_contacts_are_on_working_days(study: Study) -> None:
    for name, column in (("adassess", "ADT"), ("adlb", "ADT"), ("adrs", "ADT"), ("adex", "EXSTDT")):
        day = study[name][column].dt.dayofweek
        # a second dose of gemcitabine and a day of a five-day infusion follow their cycle
        assert (day < 5).all(), name


def test_last_record_is_not_before_the_last_cut_off(study: Study) -> None:
    assert study["adassess"]["ADT"].max() >= pd.Timestamp("2031-06-30")


def test_rising_events_follow_each_other(study: Study) -> None:
    """Two records of a term in one participant: a later, worse one starts no earlier than the first ends."""
    events = study["adae"]
    clinical = events[~events["AEDECOD"].isin([*CTCAE, "Creatinine increased", "Blood bilirubin increased"])]
    twice = clinical.groupby(["USUBJID", "AEDECOD", "ASTDT"]).size()
    assert twice.max() == 1
    assert clinical.duplicated(["USUBJID", "AEDECOD"]).any()


@pytest.mark.parametrize("term", sorted(CTCAE))
def test_laboratory_events_agree_with_the_worst_value(study: Study, adsl: pd.DataFrame, term: str) -> None:
    """Worst grade from radiotherapy to 90 days after it, counted if worse than before treatment."""
    marker, direction, cuts = CTCAE[term]
    values = study["adlb"][study["adlb"]["PARAMCD"] == marker].join(adsl[["TRTSDT", "RTSTDT", "RTENDT"]], on="USUBJID")
    values["grade"] = sum((direction * (values["AVAL"] - cut) > 0).astype(int) for cut in cuts)
    before = values[values["ADT"] <= values["TRTSDT"]].sort_values("ADT").groupby("USUBJID")["grade"].last()
    end = values["RTENDT"] + pd.Timedelta(days=90)
    within = values[(values["ADT"] >= values["RTSTDT"]) & (values["ADT"] <= end)]
    worst = within.groupby("USUBJID")["grade"].max()
    expected = worst[worst > before.reindex(worst.index)]

    events = study["adae"].query("AEDECOD == @term").join(adsl[["RTSTDT", "RTENDT"]], on="USUBJID")
    acute = events[events["ASTDT"] >= events["RTSTDT"]]
    reported = acute.groupby("USUBJID")["AETOXGR"].max()
    assert set(reported.index) <= set(expected.index)
    assert (reported == expected.reindex(reported.index)).all()
    # an event may have happened and not been entered by the database date; nothing else may be lacking
    assert len(expected) - len(reported) <= 1


def test_white_cells_hold_their_parts(study: Study) -> None:
    counts = study["adlb"].query("PARAMCD in ['WBC', 'ANC', 'ALC']")
    wide = counts.pivot_table(index=["USUBJID", "ADT"], columns="PARAMCD", values="AVAL").dropna()
    assert (wide["ANC"] + wide["ALC"] <= wide["WBC"] + 1e-9).all()


def test_radiotherapy_blocks_sum_to_the_fractions_delivered(study: Study, adsl: pd.DataFrame, truth: Truth) -> None:
    blocks = study["adex"].query("EXPHASE == 'RT'")
    dose = blocks.groupby("USUBJID")["EXDOSE"].sum()
    expected = adsl["FXDELIV"].dropna() * truth.radiotherapy.dose / truth.radiotherapy.fractions
    np.testing.assert_allclose(dose, expected.reindex(dose.index), atol=0.02)
    assert blocks.groupby("USUBJID")["EXSTDT"].min().equals(adsl["RTSTDT"].reindex(dose.index).rename("EXSTDT"))
    assert blocks.groupby("USUBJID")["EXENDT"].max().equals(adsl["RTENDT"].reindex(dose.index).rename("EXENDT"))


def test_first_exposure_is_the_first_study_treatment(study: Study, adsl: pd.DataFrame) -> None:
    first = study["adex"].groupby("USUBJID")["EXSTDT"].min()
    treated = adsl["TRTSDT"].dropna()
    assert set(first.index) == set(treated.index)
    assert (first == treated.reindex(first.index)).all()


def test_recorded_virus_agrees_with_the_laboratory(study: Study, adsl: pd.DataFrame) -> None:
    """EBVBL is the first EBV value; 0 if not detected, half of the limit (60) if not quantified."""
    records = study["adlb"].query("PARAMCD == 'EBV' and AVISIT in ['PRE', 'BL']").sort_values("ADT")
    first = records.groupby("USUBJID").head(1).set_index("USUBJID")
    value = first["AVAL"].where(first["AVAL"].notna(), first["AVALC"].map({"ND": 0.0, "<LLOQ": 30.0}))
    known = adsl["EBVBL"].dropna()
    shared = known.index.intersection(value.index)
    assert len(shared) > 480
    assert (known[shared] == value[shared]).mean() > 0.99


def test_values_below_the_limit_have_text_and_no_number(study: Study) -> None:
    values = study["adlb"]
    numeric = ~values["AVALC"].isin(["ND", "<LLOQ"])
    assert values.loc[numeric, "AVAL"].notna().all()
    assert values.loc[~numeric, "AVAL"].isna().all()
    assert not (values["AVAL"] < values["LLOQ"]).any()
    assert (values.loc[numeric, "AVALC"].map(float) == values.loc[numeric, "AVAL"]).all()


def test_visit_records_lie_in_their_windows(study: Study, adsl: pd.DataFrame, design: Design) -> None:
    values = study["adlb"]
    for visit in design.visits:
        here = values[values["AVISIT"] == visit.code]
        day = (here["ADT"].to_numpy() - adsl.loc[here["USUBJID"], visit.anchor].to_numpy()) / np.timedelta64(1, "D")
        inside = (day >= visit.first) & (day <= visit.last)
        assert (inside | np.isnan(day)).all(), visit.code


def test_assessments_stop_at_their_own_event(study: Study) -> None:
    first = study["adevent"].groupby(["USUBJID", "KIND"])["ADT"].min().unstack()
    for kind, events in (("LOCOREGIONAL", ["LOCAL", "REGIONAL"]), ("SYSTEMIC", ["DISTANT"])):
        assessed = study["adassess"][study["adassess"]["KIND"] == kind]
        last = assessed.groupby("USUBJID")["ADT"].max()
        at = first[events].min(axis=1).dropna()
        assert not (last.reindex(at.index) > at).any()


def test_forms_come_after_they_are_due(study: Study) -> None:
    forms = study["adform"]
    assert not (forms["RECDT"] < forms["DUEDT"]).any()
    assert 0.80 < forms["RECDT"].notna().mean() < 0.97


def test_eligibility_values_hold_but_for_the_planted_violations(study: Study, adsl: pd.DataFrame) -> None:
    """Limits of DOMAIN section 1.2, on the last value on or before enrolment."""
    values = study["adlb"].join(adsl[["ENRLDT"]], on="USUBJID")
    screening = (
        values[values["ADT"] <= values["ENRLDT"]].sort_values("ADT").groupby(["PARAMCD", "USUBJID"])["AVAL"].last()
    )
    assert (screening["ANC"] >= 1.0).all()
    assert (screening["PLT"] >= 50.0).all()
    assert (screening["TBILI"] < 2.5).all()
    assert (screening["ALB"] > 2.8).all()
    assert (screening["CREAT"] <= 1.5).all()
    low = set(screening["HGB"].index[screening["HGB"] < 9.0])
    planted = study["addv"].query("DVTERM.str.contains('criterion')")
    assert low <= set(planted["USUBJID"])
    assert 0 < len(planted) < 15


def test_texts_shown_without_arms_do_not_reveal_the_treatment(study: Study) -> None:
    words = ("proton", "photon", "impt", "vmat", "rbe")
    for name, column in (("addv", "DVTERM"), ("adae", "AEACN"), ("adevent", "CONFIRM"), ("adex", "EXTRT")):
        seen = " ".join(study[name][column].unique()).lower()
        assert not any(word in seen for word in words), name


def test_scanner_and_identifier_do_not_follow_the_arm(study: Study, adsl: pd.DataFrame) -> None:
    first_arm = (adsl["TRT01P"] == "PROTON").to_numpy(dtype=float)
    order = np.arange(len(adsl), dtype=float)
    assert abs(np.corrcoef(order, first_arm)[0, 1]) < 3 / np.sqrt(len(adsl))
    enrolled = adsl["ENRLDT"].rank().to_numpy()
    assert abs(np.corrcoef(order, enrolled)[0, 1]) < 3 / np.sqrt(len(adsl))


def test_a_retest_subset_was_imaged_twice(study: Study, truth: Truth) -> None:
    again = study["adrad"].query("REPLICATE == 2")
    assert again["USUBJID"].nunique() <= truth.imaging.repeated
    assert again["USUBJID"].nunique() > 0.8 * truth.imaging.repeated
    assert set(again["MODALITY"]) == set(truth.imaging.modalities)


class TestSumsOfDiameters:
    """What a reading of response allows of the sum of diameters: RECIST 1.1 (DOI 10.1016/j.ejca.2008.10.026)."""

    @pytest.fixture
    def looks(self, study: Study) -> pd.DataFrame:
        """Every look after the first, with the first sum, the smallest sum before, and its reading, if any."""
        sums = study["adtr"].sort_values(["USUBJID", "ADT"], ignore_index=True)
        sums["smallest"] = sums.groupby("USUBJID")["AVAL"].cummin().groupby(sums["USUBJID"]).shift()
        sums["first"] = sums.groupby("USUBJID")["AVAL"].transform("first")
        readings = study["adrs"][["USUBJID", "ADT", "AVALC"]]
        return sums.dropna(subset="smallest").merge(readings, on=["USUBJID", "ADT"], how="left")

    def test_response_is_a_fall_of_thirty_percent(self, looks: pd.DataFrame) -> None:
        change = looks["AVAL"] / looks["first"] - 1
        assert (change[looks["AVALC"] == "CR"] == -1).all()
        assert (change[looks["AVALC"] == "PR"] <= -0.3).all()
        assert (change[looks["AVALC"] == "SD"] > -0.3).all()

    def test_growth_is_progression_and_nothing_else_is(self, looks: pd.DataFrame) -> None:
        """A growth of 20 percent and 5 mm over the smallest sum is read as progression, and is a relapse nearby."""
        grown = (looks["AVAL"] >= 1.2 * looks["smallest"]) & (looks["AVAL"] - looks["smallest"] >= 5)
        assert grown.sum() > 20
        assert set(looks.loc[grown, "AVALC"].dropna()) == {"PD"}

    def test_growth_follows_a_locoregional_relapse(self, looks: pd.DataFrame, study: Study, truth: Truth) -> None:
        # a relapse of the last weeks may be entered after the last day, and its sum before it
        looks = looks[looks["ADT"] < pd.Timestamp(truth.calendar.database_date) - pd.Timedelta(days=120)]
        events = study["adevent"]
        first = events[events["KIND"].isin(["LOCAL", "REGIONAL"])].groupby("USUBJID")["ADT"].min()
        relapsed = looks["USUBJID"].map(first) <= looks["ADT"]
        grown = (looks["AVAL"] >= 1.2 * looks["smallest"]) & (looks["AVAL"] - looks["smallest"] >= 5)
        assert not (grown & ~relapsed).any()

    def test_each_reading_but_not_evaluable_has_a_sum_of_its_day(self, study: Study) -> None:
        readings = study["adrs"].query("AVALC != 'NE'")
        days = set(zip(study["adtr"]["USUBJID"], study["adtr"]["ADT"], strict=True))
        lacking = [pair not in days for pair in zip(readings["USUBJID"], readings["ADT"], strict=True)]
        # A reading and its sum are entered on days of their own; what is entered after the last day is not there.
        assert sum(lacking) < 0.02 * len(readings)

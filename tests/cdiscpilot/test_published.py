"""A real three-arm study, by a plan of its own, against what its report printed.

Published: CDISCPILOT01, tables 14-1.01 (disposition), 14-2.01 (demographics) and 14-5.01 (adverse events) of the
study report, with the tests that its plan names. The cells are in the order placebo, low dose, high dose.
"""

from __future__ import annotations

import datetime
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from recount import differences
from scipy import stats
from tabled import lines_of

from npcstats.derive import derive_endpoint, population_members
from npcstats.errors import DataError
from npcstats.formatting import format_number
from npcstats.results import one, select
from npcstats.run.draw import draw_figure
from npcstats.run.plan import load_plan
from npcstats.run.sessions import build_results, prepare_study
from npcstats.study import read_study
from npcstats.tables import regression_table, survival_table

HERE = Path(__file__).parent
R = json.loads((HERE.parent / "reference" / "cdiscpilot.json").read_text())
FOLDER = HERE.parents[2] / "shared" / "reference" / "cdiscpilot01"
ARMS = ("PBO", "LOW", "HIGH")

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the pilot's data are not beside the repository")


@pytest.fixture(scope="module")
def plan():
    return load_plan(HERE / "plan.py")


@pytest.fixture(scope="module")
def study(plan):
    return prepare_study(read_study(FOLDER, plan.design), plan, "final")


@pytest.fixture(scope="module")
def results(study, plan):
    return build_results(study, plan)


def values(results, subgroup="all", **at):
    return [one(results, arm=arm, subgroup=subgroup, **at).value for arm in ARMS]


def printed(results, style, subgroup="all", **at):
    found = [one(results, arm=arm, subgroup=subgroup, **at).value for arm in ARMS]
    return [format_number(value, style, rounding="half-away") for value in found]


def by_arm(study, column):
    members = population_members(study, "ITT")
    return [members.loc[members["ARM"] == arm, column].dropna().to_numpy() for arm in ARMS]


class TestDemographics:
    def test_participants(self, results):
        assert values(results, analysis="baseline", measure="participants") == [86, 84, 84]

    @pytest.mark.parametrize(
        ("variable", "observed", "means", "deviations"),
        [
            ("AGE", [86, 84, 84], ["75.2", "75.7", "74.4"], ["8.59", "8.29", "7.89"]),
            ("WEIGHTBL", [86, 83, 84], ["62.8", "67.3", "70.0"], ["12.77", "14.12", "14.65"]),
        ],
    )
    def test_mean_and_deviation(self, results, variable, observed, means, deviations):
        at = {"analysis": "baseline", "variable": variable}
        assert values(results, **at, measure="observed") == observed
        assert printed(results, "decimal1", **at, measure="mean") == means
        assert printed(results, "decimal2", **at, measure="std_deviation") == deviations

    @pytest.mark.parametrize(
        ("variable", "level", "counts"),
        [
            ("SEX", "M", [33, 34, 44]),
            ("AGEGR1", "<65", [14, 8, 11]),
            ("AGEGR1", "65-80", [42, 47, 55]),
            ("AGEGR1", ">80", [30, 29, 18]),
        ],
    )
    def test_counts(self, results, variable, level, counts):
        at = {"analysis": "baseline", "variable": variable, "level": level, "measure": "proportion"}
        assert values(results, **at, stat="count") == counts

    @pytest.mark.parametrize(("column", "p_value"), [("AGE", ".5934"), ("WEIGHTBL", ".0030"), ("BMIBL", ".0133")])
    def test_analysis_of_variance(self, study, results, column, p_value):
        made = one(results, analysis="baseline", variable=column, measure="test", stat="p_value")
        assert made.value == pytest.approx(stats.f_oneway(*by_arm(study, column)).pvalue, rel=1e-10)
        assert f"{made.value:.4f}" == f"0{p_value}"

    @pytest.mark.parametrize(("column", "p_value"), [("SEX", ".1409"), ("AGEGR1", ".1439")])
    def test_chi_square(self, results, column, p_value):
        levels = results.catalogue.analyses["baseline"].labels["level"]
        codes = [key.partition("=")[2] for key in levels if key.startswith(f"{column}=")]
        at = {"analysis": "baseline", "variable": column, "measure": "proportion", "stat": "count"}
        table = np.array([values(results, **at, level=code) for code in codes])
        made = one(results, analysis="baseline", variable=column, measure="test", stat="p_value")
        assert made.value == pytest.approx(stats.chi2_contingency(table, correction=False).pvalue, rel=1e-10)
        assert f"{made.value:.4f}" == f"0{p_value}"

    def test_the_table_prints_what_the_report_printed(self, plan, results):
        """Table 14-2.01, to the last digit; of weight one participant of the low dose has none."""
        wanted = next(table for table in plan.tables if table.name == "baseline")
        table = wanted.make(results, wanted)
        lines = {line[0]: line[1:] for line in lines_of(table)}
        assert [text.rpartition("N\u00a0=\u00a0")[2] for text in lines_of_header(table)[1:4]] == ["86)", "84)", "84)"]
        assert [line[:3] for line in (heads(table, "Age, years", 1), heads(table, "Weight, kg", 1))] == [
            ["75.2 (8.59)", "75.7 (8.29)", "74.4 (7.89)"], ["62.8 (12.77)", "67.3 (14.12)", "70.0 (14.65)"],
        ]  # fmt: skip
        assert heads(table, "Weight, kg", 0)[:3] == ["", "n = 83", ""]
        assert [cell.partition(" ")[0] for cell in lines["Sex: Male, n (%)"][:3]] == ["33", "34", "44"]
        ages = [[cell.partition(" ")[0] for cell in lines[level][:3]] for level in ("<65", "65-80", ">80")]
        assert ages == [["14", "8", "11"], ["42", "47", "55"], ["30", "29", "18"]]
        told = {line: lines[line][-1] for line in ("Age, years", "Sex: Male, n (%)", "Age group, n (%)", "Weight, kg")}
        assert told == {"Age, years": "0.5934", "Sex: Male, n (%)": "0.1409", "Age group, n (%)": "0.1439",
                        "Weight, kg": "0.0030"}  # fmt: skip
        assert lines["Body mass index, kg/m²"][-1] == "0.0133"

    def test_the_table_names_the_tests_and_the_pair_that_differs_most(self, plan, results):
        wanted = next(table for table in plan.tables if table.name == "baseline")
        note = " ".join(cell.text for cell in wanted.make(results, wanted).notes)
        for words in ("Pearson's chi-squared test without continuity correction.", "Analysis of variance.",
                      "Placebo minus Xanomeline high dose.", "not adjusted for their number"):  # fmt: skip
            assert words in note
        assert "No test of them is made" not in note

    def test_the_pair_that_differs_most_is_the_largest_of_three(self, results):
        for column in ("AGE", "AGEGR1", "SEX", "WEIGHTBL", "BMIBL"):
            at = {"analysis": "baseline", "variable": column, "subgroup": "all"}
            pairs = select(results, **at, measure="smd")
            largest = one(results, **at, measure="smd_largest")
            assert len(pairs) == 3
            assert abs(largest.value) == max(abs(row.value) for row in pairs)

    def test_subgroups_are_the_same_table_of_fewer(self, study, plan, results):
        """Women and men apart, counted from the study as read; side by side in the table, with a name above each."""
        members = population_members(study, "ITT")
        for code in "FM":
            inside = members[members["SEX"] == code]
            means = [inside.loc[inside["ARM"] == arm, "AGE"].mean() for arm in ARMS]
            at = {"analysis": "baseline", "variable": "AGE", "measure": "mean"}
            assert values(results, f"SEX={code}", **at) == pytest.approx(means, rel=1e-12)
        wanted = next(table for table in plan.tables if table.name == "baseline-by-sex")
        table = wanted.make(results, wanted)
        assert [(cell.text, cell.colspan) for cell in table.spanners[1:]] == [("Women", 4), ("Men", 4)]
        assert len(table.header) == 8
        assert "p-values" not in " ".join(cell.text for cell in table.notes).lower()


def lines_of_header(table):
    return [cell.text for cell in table.header]


def heads(table, name, below):
    """The cells of the line that stands so many lines below a characteristic's name."""
    lines = lines_of(table)
    at = next(i for i, line in enumerate(lines) if line[0] == name)
    return lines[at + below][1:]


class TestDisposition:
    @pytest.mark.parametrize(
        ("item", "counts", "percents"),
        [("EFFICACY", [79, 81, 74], None), ("WEEK24", [60, 28, 30], ["70", "33", "36"]), ("STUDY", [58, 25, 27], None)],
    )
    def test_counts(self, results, item, counts, percents):
        at = {"analysis": "disposition", "variable": item, "measure": "proportion"}
        assert values(results, **at, stat="count") == counts
        if percents:
            assert printed(results, "percent0", **at, stat="estimate") == percents


class TestAdverseEvents:
    @pytest.mark.parametrize(
        ("window", "people", "percents", "events"),
        [
            ("emergent", [65, 77, 76], ["75.6", "91.7", "90.5"], [281, 412, 433]),
            ("every", [69, 77, 79], None, [301, 435, 455]),
            ("related", [43, 72, 70], None, None),
            ("serious", [0, 1, 2], None, None),
        ],
    )
    def test_any_event(self, results, window, people, percents, events):
        at = {"analysis": "ae", "window": window, "block": "all", "variable": "all"}
        assert values(results, **at, measure="risk", level="grade>=1", stat="count") == people
        assert values(results, **at, measure="risk", level="grade>=1", stat="total") == [86, 84, 84]
        if percents:
            assert printed(results, "percent1", **at, measure="risk", level="grade>=1", stat="estimate") == percents
        if events:
            assert values(results, **at, measure="records") == events

    def test_every_count_is_the_one_that_loops_give(self, study, plan, results):
        spec = next(spec for spec in plan.specs if spec.id == "ae")
        assert len(select(results, analysis="ae", measure="risk", stat="count")) > 2000
        assert differences(results, study, spec) == []

    def test_worst_severity(self, results):
        at = {"analysis": "ae", "window": "emergent", "block": "all", "measure": "risk", "stat": "count"}
        found = {arm: [one(results, **at, arm=arm, level=f"grade={g}").value for g in (1, 2, 3)] for arm in ARMS}
        assert found == {"PBO": [36, 24, 5], "LOW": [19, 42, 16], "HIGH": [22, 46, 8]}

    def test_pruritus(self, results):
        at = {"analysis": "ae", "window": "emergent", "variable": "PRURITUS", "measure": "risk", "level": "grade>=1"}
        assert values(results, **at, stat="count") == [8, 21, 26]

    def test_fisher(self, results):
        at = {"analysis": "ae", "window": "emergent", "block": "all", "measure": "risk", "level": "grade>=1"}
        placebo, low, high = values(results, **at, stat="count")
        for people, p_value in ((low, "0.0065"), (high, "0.0136")):
            table = [[people, 84 - people], [placebo, 86 - placebo]]
            assert f"{stats.fisher_exact(table).pvalue:.4f}" == p_value

    def test_flag_and_dates_disagree_where_a_date_is_missing(self, study, results):
        """By dates an event counts from the first dose on; the eleven without a date cannot."""
        assert int(study["adae"]["ASTDT"].isna().sum()) == 11
        at = {"analysis": "ae", "block": "all", "variable": "all", "measure": "records", "arm": "all"}
        assert one(results, **at, window="by-dates").value == by_hand(study)
        assert one(results, **at, window="every").value == 1191

    def test_footnote_says_what_was_counted(self, results):
        sentences = results.catalogue.analyses["ae"].sentences
        assert sentences["period.emergent"] == "Counted: every event with TRTEMFL Y."
        assert "difference" not in sentences


def by_hand(study):
    """Events that began on or after their participant's first dose, one by one."""
    first = dict(zip(study["adsl"]["USUBJID"], study["adsl"]["TRTSDT"], strict=True))
    return sum(day >= first[who] for who, day in zip(study["adae"]["USUBJID"], study["adae"]["ASTDT"], strict=True))


def test_endpoint_frame_is_read(study):
    """254 participants; 152 events, which are the rows with a source sequence number."""
    adtte = study["adtte"]
    assert len(adtte) == 254
    assert int((adtte["CNSR"] == 0).sum()) == 152
    days = (adtte["ADT"] - adtte["STARTDT"]).dt.days + 1
    assert (days == adtte["AVAL"]).all()


def test_frame_that_the_study_does_not_have_is_asked_for(study):
    with pytest.raises(DataError, match=r"frame adlb is not in the export; this analysis requires it\.$"):
        study["adlb"]


def test_rows_count_for_every_arm(results):
    assert {row.arm for row in select(results, analysis="ae")} == {*ARMS, "all"}


class TestTimeToEvent:
    @pytest.fixture
    def endpoint(self, study):
        return study.design.endpoint("TTDE")

    def test_each_participant_has_the_exports_own_time(self, study, endpoint):
        """Shuffled members get their own AVAL, in months, and the event where CNSR is 0."""
        members = population_members(study, "SAF").sample(frac=1, random_state=5).reset_index(drop=True)
        times = derive_endpoint(study, members, endpoint)
        adtte = study["adtte"].set_index("USUBJID").loc[members["USUBJID"]]
        assert np.allclose(times.time * 30.4375, adtte["AVAL"], rtol=1e-14)
        assert (times.cause == (adtte["CNSR"] == 0)).all()
        assert (times.cnsr == adtte["CNSR"]).all()

    def test_dates_count_from_zero(self, study, endpoint):
        """AVAL counts the first dose as day one: by dates each time is a day shorter."""
        members = population_members(study, "SAF")
        by_dates = derive_endpoint(study, members, replace(endpoint, clock="dates"))
        days = derive_endpoint(study, members, endpoint).time * 30.4375
        assert np.allclose(by_dates.time * 30.4375, days - 1, atol=1e-9)

    def test_counts(self, results):
        """152 first events among 254, as the source sequence numbers of the export tell: 29, 62 and 61."""
        at = {"analysis": "endpoints", "measure": "proportion", "stat": "count"}
        assert values(results, **at, variable="EVENT") == [29, 62, 61]
        assert values(results, **at, variable="CENSORED") == values(
            results, **at, variable="CENSORED:Study Completion Date"
        )

    def test_earlier_cutoff_cannot_be_derived(self, plan):
        early = prepare_study(read_study(FOLDER, plan.design), plan, "final", cutoff=datetime.date(2013, 6, 30))
        with pytest.raises(
            DataError, match=r"^endpoint TTDE: \d+ of \d+ participants without a record of TTDE in adtt"
        ):
            derive_endpoint(early, population_members(early, "SAF"), early.design.endpoint("TTDE"))

    def test_time_zero_is_the_declared_one(self, study, endpoint):
        with pytest.raises(DataError, match=r"adtte\.STARTDT is not TRTEDT in \d+ of 254 participants"):
            derive_endpoint(study, population_members(study, "SAF"), replace(endpoint, origin="TRTEDT"))

    def test_competing_events_are_told_by_type(self, study, endpoint):
        """EVTYPE 2 is a competing event; CNSR 0 with it is a contradiction."""
        adtte = study["adtte"].assign(EVTYPE=(study["adtte"]["CNSR"] == 0).astype(float))
        first = adtte.index[adtte["CNSR"] == 1][0]
        adtte.loc[first, "EVTYPE"] = 2
        members = population_members(study, "SAF")
        times = derive_endpoint(study.with_frames({"adtte": adtte}), members, endpoint)
        assert np.bincount(times.cause).tolist() == [101, 152, 1]
        adtte.loc[first, "CNSR"] = 0
        with pytest.raises(DataError, match="CNSR and EVTYPE disagree in 1 of 254 participants"):
            derive_endpoint(study.with_frames({"adtte": adtte}), members, endpoint)


class TestTimeToEventAgainstR:
    """Kaplan-Meier by arm, log-rank and Cox, end to end, against what R made of the same file."""

    @pytest.mark.parametrize("arm", ARMS)
    def test_curve(self, results, arm):
        theirs = R["curves"][ARMS.index(arm)]
        at = {"analysis": "derm", "arm": arm}
        for i, time in enumerate(theirs["times"]):
            for stat, name in (("estimate", "survival"), ("ci_low", "lower"), ("ci_high", "upper")):
                row = one(results, **at, measure="survival", time=time, stat=stat)
                assert row.value == pytest.approx(theirs[name][i], rel=1e-10)
        assert [row.value for row in select(results, **at, measure="at_risk")] == theirs["at_risk"]
        median = [r.value for r in select(results, **at, measure="median_survival")]
        assert median == pytest.approx([np.nan if m is None else m for m in theirs["median"]], rel=1e-10, nan_ok=True)
        assert one(results, **at, measure="events", stat="count").value == theirs["events"]

    def test_logrank(self, results):
        found = {row.stat: row.value for row in select(results, analysis="derm", measure="logrank")}
        assert found == pytest.approx(R["logrank"], rel=1e-10)

    def test_cox(self, results):
        theirs = R["cox"]
        for i, arm in enumerate(theirs["arm"]):
            at = {"analysis": "derm-hr", "block": "unadjusted", "arm": arm, "reference": "PBO"}
            for stat, name in (
                ("estimate", "ratio"),
                ("ci_low", "lower"),
                ("ci_high", "upper"),
                ("p_value", "p_value"),
            ):
                row = one(results, **at, measure="hazard_ratio", stat=stat)
                assert row.value == pytest.approx(theirs[name][i], rel=1e-6)

    def test_proportional_hazards(self, results):
        theirs = R["proportional"]
        for i, arm in enumerate(theirs["arm"]):
            at = {"variable": "GLOBAL"} if arm == "GLOBAL" else {"variable": "ARM", "arm": arm}
            row = one(results, analysis="derm-hr", **at, measure="proportional_hazards", stat="p_value")
            assert row.value == pytest.approx(theirs["p_value"][i], rel=1e-6)

    def test_tables_print_the_rows(self, results):
        spaces = {"\u2007": "", "\u00a0": " "}
        rows = survival_table(results, ["derm"]).rows
        texts = [[cell.text.translate(str.maketrans(spaces)) for cell in row.cells] for row in rows]
        assert ["Events / participants", "29 / 86", "62 / 84", "61 / 84"] in texts
        assert ["Median survival time, months (95% CI)", "NE", "1.1 (0.9 to 1.6)", "1.2 (0.8 to 1.5)"] in texts
        ratios = regression_table(results, ["derm-hr"], covariates=True)
        assert [cell.text for row in ratios.rows for cell in row.cells][-2].startswith("5.03 (3.18 to ")

    def test_figures_draw_three_arms(self, plan, results):
        fonts = Path(__file__).parents[2] / "reports" / "_theme" / "fonts"
        drawn = {spec.name: draw_figure(results, spec, fonts=fonts) for spec in plan.figures}
        gids = {artist.get_gid() for artist in drawn["derm"].findobj() if artist.get_gid()}
        assert {f"curve-{arm}" for arm in ARMS} <= gids

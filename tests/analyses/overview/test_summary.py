"""The overview by hand.

Of the eight, seven have a first dose by the cut-off 2025-12-31: X P05, P01, P07, P06; Y P02, P03, P04. Counted from
it on, baseline-adjusted (P05's nausea 1 was there before, so that of 2025-02-10 is no worse): P05 mucositis 2; P01
nausea 2, dry mouth 2; P07 nausea 3; P06 mucositis 3; P02 mucositis 3, serious; P03 dry mouth 1; P04 headache 1, of no
treatment. P02 died on 2025-09-01 of the disease, 165 days after radiotherapy; P04 after the cut-off.

Early: complete for P05, P01; P02, P03, P04. In it: P05 mucositis; P01 both; P02 mucositis; P04 headache; nobody died.
Late: assessed P05, P01; P02, P03. In it: P03 dry mouth. Alive when it began, so observed for death: P05, P01; P02, P03,
P04; of them P02 died.
"""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest
from glances import EARLY, EVER, SPEC

from npcstats.analyses.overview.spec import Deaths
from npcstats.analyses.overview.summary import summarize_overview
from npcstats.derive import GradeWindow
from npcstats.errors import DataError, SpecError
from npcstats.results import one, select


@pytest.fixture(scope="module")
def results(eight):
    return summarize_overview(eight, SPEC)


def share(results, code, arm, window="ever", measure="risk"):
    place = {"variable": code, "arm": arm, "window": window, "measure": measure}
    return tuple(int(one(results, **place, stat=stat).value) for stat in ("count", "total"))


def events(results, code, arm, window="ever"):
    return int(one(results, variable=code, arm=arm, window=window, measure="records").value)


@pytest.mark.parametrize(
    ("code", "window", "x", "y", "records"),
    [
        ("any", "ever", (4, 4), (3, 3), (5, 3)),
        ("from-3", "ever", (2, 4), (1, 3), (2, 1)),
        ("two", "ever", (2, 4), (0, 3), (3, 0)),
        ("fatal", "ever", (0, 4), (0, 3), (0, 0)),
        ("serious", "ever", (0, 4), (1, 3), (0, 1)),
        ("related", "ever", (4, 4), (2, 3), (5, 2)),
        ("any", "early", (2, 2), (2, 3), (3, 2)),
        ("from-3", "early", (0, 2), (1, 3), (0, 1)),
        ("any", "late", (0, 2), (1, 2), (0, 1)),
        ("related", "late", (0, 2), (1, 2), (0, 1)),
    ],
)
def test_participants_and_events(results, code, window, x, y, records):
    assert (share(results, code, "X", window), share(results, code, "Y", window)) == (x, y)
    assert (events(results, code, "X", window), events(results, code, "Y", window)) == records
    assert share(results, code, "all", window) == (x[0] + y[0], x[1] + y[1])
    assert events(results, code, "all", window) == sum(records)


@pytest.mark.parametrize(
    ("code", "window", "x", "y"),
    [
        ("died", "ever", (0, 4), (1, 3)),
        ("treated", "ever", (0, 4), (0, 3)),
        ("died", "early", (0, 2), (0, 3)),
        ("died", "late", (0, 2), (1, 3)),
        # 200 days after its end are over for P05, P01, P03 and P04; P06's are not, P07 had no radiotherapy, P02 died
        ("soon", "ever", (0, 2), (1, 3)),
    ],
)
def test_deaths_need_no_assessment(results, code, window, x, y):
    assert (share(results, code, "X", window), share(results, code, "Y", window)) == (x, y)


def test_a_death_without_the_period_is_not_in_it(eight):
    """P07 never began radiotherapy and dies: in no period after it, whoever is in the denominator, and at any time."""
    death = eight["adsl"]["DTHDT"].mask(eight["adsl"]["USUBJID"] == "P07", day("2025-04-15"))
    dead = eight.with_frames({"adsl": eight["adsl"].assign(DTHDT=death)})
    after = GradeWindow("after", "After", period="after", counting="onset", evaluable="everyone")
    always = GradeWindow("always", "Always", period="", counting="every", evaluable="everyone")
    one_line = replace(
        SPEC, windows=(after, always), deaths=(Deaths("died", "Died"),), shared=(), baseline_adjusted=False
    )
    found = summarize_overview(dead, one_line)
    assert (share(found, "died", "X", "after"), share(found, "died", "X", "always")) == ((0, 4), (1, 4))
    assert share(found, "died", "Y", "after") == (1, 3)


def test_severe_events_are_told_as_part_of_the_others(eight):
    """P02's event of grade 4 without a date is one record, which the page must not seem to count twice."""
    labels = summarize_overview(eight, SPEC).catalogue.analyses["glance"].labels["level"]
    assert labels["severe"].startswith("of all these, ")


def test_limits_of_nobody_and_of_one(results):
    """0 of 4: upper 1 - 0.025^(1/4); 1 of 3: 1 - 0.975^(1/3) and the root of 3p^2 - 2p^3 = 0.975 is not needed."""
    nobody = {"variable": "fatal", "arm": "X", "window": "ever", "measure": "risk"}
    assert one(results, **nobody, stat="ci_low").value == 0
    assert one(results, **nobody, stat="ci_high").value == pytest.approx(1 - 0.025**0.25, abs=1e-12)
    single = {"variable": "serious", "arm": "Y", "window": "ever", "measure": "risk"}
    assert one(results, **single, stat="ci_low").value == pytest.approx(1 - 0.975 ** (1 / 3), abs=1e-12)


def test_difference_is_first_arm_minus_last(results):
    row = one(results, variable="from-3", window="ever", measure="risk_difference", stat="estimate")
    assert (row.arm, row.reference) == ("X", "Y")
    assert row.value == pytest.approx(2 / 4 - 1 / 3)


def test_who_is_outside_is_counted(results):
    found = {row.level: row.value for row in select(results, window="early", arm="X", measure="not_evaluable")}
    assert found == {"window-open": 1, "not-started": 1}
    assert share(results, "", "X", "early", "observed") == (2, 4)


def test_events_in_no_period_are_counted(results):
    """P05's nausea before the first dose, and the one that was no worse."""
    told = {(row.arm, row.level): row.value for row in select(results, measure="records_outside")}
    assert (told["X", "elsewhere"], told["Y", "elsewhere"], told["all", "elsewhere"]) == (2, 0, 2)
    assert {told[arm, level] for arm in ("X", "Y") for level in ("undated", "severe")} == {0}


def with_event(study, **changed):
    """P02 with one more event, of grade 4 unless changed."""
    adae = study["adae"]
    more = adae.iloc[[*range(len(adae)), 0]].reset_index(drop=True)
    row = {"USUBJID": "P02", "AESEQ": 9, "AEDECOD": "Pain", "AETOXGR": 4, "AESER": "N", "AEREL": "RT", "AENDT": pd.NaT}
    for column, value in {**row, **changed}.items():
        more.loc[len(adae), column] = value
    return study.with_frames({"adae": more})


def day(text):
    return pd.Timestamp(text)


@pytest.mark.parametrize(
    ("what", "counted"),
    [
        # P02: first dose and radiotherapy from 2025-02-01, early to 06-18, late from 06-19, died 09-01
        ("2025-01-31", {"ever": 0, "early": 0, "late": 0}),
        ("2025-02-01", {"ever": 1, "early": 1, "late": 0}),
        ("2025-06-18", {"ever": 1, "early": 1, "late": 0}),
        ("2025-06-19", {"ever": 1, "early": 0, "late": 1}),
        ("2025-10-01", {"ever": 1, "early": 0, "late": 1}),
        ("", {"ever": 0, "early": 0, "late": 0}),
    ],
)
def test_day_of_onset_decides_the_period(eight, what, counted):
    """The day before the first dose, that day, the last day of a period and the next, after death, without a date."""
    spec = replace(SPEC, categories=(*SPEC.categories, replace(SPEC.categories[0], code="four", lowest=4)))
    found = summarize_overview(with_event(eight, ASTDT=day(what) if what else pd.NaT), spec)
    assert {window: events(found, "four", "Y", window) for window in counted} == counted
    outside = {row.level: row.value for row in select(found, arm="Y", measure="records_outside")}
    nowhere = not any(counted.values())
    assert outside["severe"] == nowhere
    assert (outside["undated"], outside["elsewhere"]) == (not what, nowhere and bool(what))
    assert one(found, arm="Y", measure="records_after_death").value == (what == "2025-10-01")


def test_event_that_spans_periods_is_counted_where_it_began(eight):
    lasting = with_event(eight, ASTDT=day("2025-06-01"), AENDT=day("2025-08-01"))
    found = summarize_overview(lasting, SPEC)
    assert [share(found, "from-3", "Y", window)[0] for window in ("ever", "early", "late")] == [1, 1, 0]
    assert [events(found, "from-3", "Y", window) for window in ("ever", "early", "late")] == [2, 2, 0]


def test_deaths_of_treatment_with_and_without_a_fatal_event(eight):
    """P02 dies of treatment; first no event is fatal, then one is. P02 is in both lines as one person."""
    adsl = eight["adsl"].assign(DTHCAUS=eight["adsl"]["DTHCAUS"].replace("DISEASE", "TREATMENT"))
    study = eight.with_frames({"adsl": adsl})
    bare = summarize_overview(study, SPEC)
    assert share(bare, "treated", "Y") == (1, 3)
    assert share(bare, "both", "Y", measure="proportion") == (0, 1)
    assert share(bare, "without", "Y", measure="proportion") == (1, 1)
    told = summarize_overview(with_event(study, AETOXGR=5, ASTDT=day("2025-08-30")), SPEC)
    assert share(told, "both", "Y", measure="proportion") == (1, 1)
    assert share(told, "without", "Y", measure="proportion") == (0, 1)
    assert share(told, "soon-other", "Y", measure="proportion") == (0, 1)
    assert share(summarize_overview(eight, SPEC), "soon-other", "Y", measure="proportion") == (1, 1)


def test_part_of_nobody_has_no_share_and_says_why(results):
    row = one(results, variable="both", arm="X", window="ever", measure="proportion", stat="estimate")
    assert math.isnan(row.value)
    assert row.note == "Nobody is in the denominator."


def test_blank_cause_is_a_cause_that_nobody_recorded(eight):
    adsl = eight["adsl"].assign(DTHCAUS="")
    spec = replace(SPEC, deaths=(SPEC.deaths[0], replace(SPEC.deaths[1], causes=("",))), shared=())
    assert share(summarize_overview(eight.with_frames({"adsl": adsl}), spec), "treated", "Y") == (1, 3)


def test_death_on_the_last_day_within_is_within(eight):
    """P02 died 165 days after the end."""

    def within(days):
        death = replace(SPEC.deaths[2], within=days)
        return share(summarize_overview(eight, replace(SPEC, deaths=(*SPEC.deaths[:2], death))), "soon", "Y")[0]

    assert (within(164), within(165)) == (0, 1)


def test_pooled_and_masked_say_the_same_of_everyone(eight, results):
    pooled = summarize_overview(replace(eight, arms=()), replace(SPEC, difference="", estimand=""))
    assert {row.arm for row in pooled.rows} == {"all"}
    assert [row for row in results.rows if row.arm == "all"] == list(pooled.rows)
    assert not select(pooled, measure="risk_difference")


def test_trial_without_events_or_without_anyone_in_an_arm(eight):
    none = eight.with_frames({"adae": eight["adae"].iloc[:0]})
    assert share(summarize_overview(none, SPEC), "any", "X") == (0, 4)
    only_y = eight.with_frames({"adsl": eight["adsl"].loc[eight["adsl"]["USUBJID"].isin(["P02", "P03"])]})
    empty = summarize_overview(only_y, SPEC)
    assert share(empty, "any", "X") == (0, 0)
    rows = select(empty, variable="any", arm="X", window="ever", measure="risk", stat=("estimate", "ci_low", "ci_high"))
    assert all(math.isnan(row.value) and row.note for row in rows)
    between = select(empty, variable="any", window="ever", measure="risk_difference")
    assert between
    assert all(math.isnan(row.value) and row.note for row in between)


def test_one_participant(eight):
    single = eight.with_frames({"adsl": eight["adsl"].loc[eight["adsl"]["USUBJID"] == "P02"]})
    found = summarize_overview(single, SPEC)
    assert (share(found, "any", "Y"), share(found, "died", "all")) == ((1, 1), (1, 1))


def test_a_period_without_dates_counts_every_event_and_every_death(eight):
    window = replace(EVER, code="every", period="", counting="every")
    found = summarize_overview(eight, replace(SPEC, windows=(window,), deaths=SPEC.deaths[:2], shared=(),
                                              baseline_adjusted=False))  # fmt: skip
    assert events(found, "any", "X", "every") == 7
    assert share(found, "died", "Y", "every") == (1, 3)


def test_what_is_not_there_is_refused(eight):
    adae = eight["adae"].drop(columns="AESER")
    with pytest.raises(DataError, match="AESER not in the data of this study; analysis glance requires it"):
        summarize_overview(eight.with_frames({"adae": adae}), SPEC)
    odd = replace(SPEC.categories[5], where={"AEREL": ("BEAM",)})
    with pytest.raises(SpecError, match="BEAM"):
        summarize_overview(eight, replace(SPEC, categories=(odd,), shared=()))
    odd = replace(SPEC.deaths[1], causes=("AGE",))
    with pytest.raises(SpecError, match="AGE"):
        summarize_overview(eight, replace(SPEC, deaths=(odd,), shared=()))


def test_sentences_say_what_is_counted(results):
    told = results.catalogue.analyses["glance"].sentences
    assert told["counted"] == "Ever, Early, Late: counted are events with onset in the period."
    assert told["denominator"].startswith("Ever: denominator: everyone, however long they were followed;")
    assert "“Related”: to any treatment." in told["definitions"]
    assert "“Of treatment”, “Grade 5” and “Within 200 days”" in told["shared"]
    assert EARLY.code in {topic.partition(".")[2] for topic in told}

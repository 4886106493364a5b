"""The made export: what was planted is in it, and its records agree with each other as an ADaM export's do."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from npcstats.errors import SpecError
from npcstats.synthetic import simulate_parallel_trial
from npcstats.synthetic.write import csv_text

ORDER = ["CR", "PR", "SD", "PD", "NE"]


@pytest.fixture(scope="module")
def adsl(frames):
    return frames["adsl"].set_index("USUBJID")


def of(frame, adsl, column):
    """Each record's participant's value."""
    return frame["USUBJID"].map(adsl[column])


class TestMaking:
    def test_same_seed_same_bytes(self, frames, truth, seed):
        again = simulate_parallel_trial(truth, seed)
        assert {name: csv_text(frame) for name, frame in again.items()} == {
            name: csv_text(frame) for name, frame in frames.items()
        }

    def test_another_seed_is_another_trial(self, frames, truth, seed):
        other = simulate_parallel_trial(truth, seed + 1)
        assert all(csv_text(other[name]) != csv_text(frame) for name, frame in frames.items())

    def test_courses_do_not_depend_on_the_laboratory(self, frames, truth, seed):
        fewer = replace(truth, laboratory=replace(truth.laboratory, assays=truth.laboratory.assays[:1]))
        made = simulate_parallel_trial(fewer, seed)
        assert all(made[name].equals(frame) for name, frame in frames.items() if name != "adlb")

    @pytest.mark.parametrize(
        ("part", "told"),
        [
            ({"block": 4}, "blocks of 4 cannot hold 3 arms equally"),
            ({"untreated": (("Nobody", 1),)}, "Nobody is no arm"),
            ({"untreated": (("Placebo", 999),)}, "999 departures from an arm"),
        ],
    )
    def test_numbers_that_do_not_fit_are_refused(self, truth, seed, part, told):
        with pytest.raises(SpecError, match=told):
            simulate_parallel_trial(replace(truth, allocation=replace(truth.allocation, **part)), seed)


class TestAllocation:
    def test_blocks_are_balanced_in_each_stratum(self, adsl, truth):
        """In each stratum the arms differ by no more than an open block can hold of one arm."""
        counts = adsl.groupby(["STRATAR", "TRT01P"]).size().unstack(fill_value=0)
        assert len(counts) == 6
        assert (counts.max(axis=1) - counts.min(axis=1)).max() <= truth.allocation.block // len(truth.arms)

    def test_departures_are_those_planted(self, adsl, truth):
        """Planned against given, count by count; whoever is not in a departure has what was planned."""
        found = adsl.groupby(["TRT01P", "TRT01A"]).size().to_dict()
        for planned, given, count in truth.allocation.switched:
            assert found.pop((planned, given)) == count
        for planned, count in truth.allocation.untreated:
            assert found.pop((planned, "")) == count
        assert {planned for planned, _ in found} == {arm.name for arm in truth.arms}
        assert all(planned == given for planned, given in found)
        assert sum(found.values()) == 180 - 14 - 5

    def test_every_wrong_treatment_has_its_deviation(self, frames, adsl, truth):
        wrong = adsl.index[(adsl["TRT01A"] != "") & (adsl["TRT01A"] != adsl["TRT01P"])]
        told = frames["addv"].loc[frames["addv"]["DVTERM"] == truth.wrong_treatment.term]
        assert sorted(told["USUBJID"]) == sorted(wrong)
        assert (told["DVDT"] == of(told, adsl, "TRTSDT")).all()


class TestDates:
    def test_none_is_after_the_cutoff_or_the_last_contact(self, frames, adsl, truth):
        for name, frame in frames.items():
            last = adsl["LSTALVDT"].reset_index(drop=True) if name == "adsl" else of(frame, adsl, "LSTALVDT")
            for column in frame.columns[frame.dtypes == "datetime64[s]"]:
                assert (frame[column].max() <= pd.Timestamp(truth.dates.cutoff)) or frame[column].isna().all()
                assert not (frame[column] > last.to_numpy()).any(), f"{name}.{column}"

    def test_order_of_a_participants_days(self, adsl, truth):
        known = adsl.loc[adsl["SAFFL"] == "Y"]
        assert (adsl["ICFDT"] < adsl["RANDDT"]).all()
        assert adsl["RANDDT"].between(pd.Timestamp(truth.dates.first), pd.Timestamp(truth.dates.last)).all()
        assert (known["RANDDT"] <= known["TRTSDT"]).all()
        assert not (known["TRTEDT"] < known["TRTSDT"]).any()
        assert not (known["DTHDT"] < known["TRTEDT"]).any()


class TestTimes:
    def test_survival_is_that_of_adsl(self, frames, adsl):
        records = frames["adtte"].loc[frames["adtte"]["PARAMCD"] == "OS"]
        assert sorted(records["USUBJID"]) == sorted(adsl.index)
        assert (records["STARTDT"] == of(records, adsl, "RANDDT")).all()
        assert (records["ADT"] == of(records, adsl, "LSTALVDT")).all()
        assert ((records["CNSR"] == 0) == of(records, adsl, "DTHDT").notna()).all()
        assert (records["AVAL"] == (records["ADT"] - records["STARTDT"]).dt.days + 1).all()

    def test_progression_is_the_first_reading_of_it(self, frames, adsl):
        adrs, adtte = frames["adrs"], frames["adtte"].set_index(["PARAMCD", "USUBJID"])
        first = adrs.loc[(adrs["PARAMCD"] == "OVRLRESP") & (adrs["AVALC"] == "PD")].groupby("USUBJID")["ADT"].min()
        event = first.reindex(adsl.index).fillna(adsl["DTHDT"]).dropna()
        found = adtte.loc["PFS"]
        assert sorted(found.index[found["CNSR"] == 0]) == sorted(event.index)
        assert (found.loc[event.index, "ADT"] == event).all()
        progression = adtte.loc["TTP"]
        assert sorted(progression.index[progression["EVTYPE"] == 1]) == sorted(first.index)
        assert (progression["EVTYPE"] == 2).sum() == len(event) - len(first)

    def test_best_response_is_the_best_reading(self, frames, adsl):
        adrs = frames["adrs"].assign(PLACE=frames["adrs"]["AVALC"].map(ORDER.index))
        best = adrs.loc[adrs["PARAMCD"] == "BESTRESP"].set_index("USUBJID")
        read = adrs.loc[adrs["PARAMCD"] == "OVRLRESP"].groupby("USUBJID")["PLACE"].min()
        assert sorted(best.index) == sorted(adsl.index)
        assert (best["PLACE"] == read.reindex(best.index).fillna(ORDER.index("NE"))).all()
        assert set(best["AVALC"]) == set(ORDER)

    def test_nothing_is_read_after_progression(self, frames):
        read = frames["adrs"].loc[frames["adrs"]["PARAMCD"] == "OVRLRESP"]
        last = read.sort_values("ADT").groupby("USUBJID").tail(1)
        assert set(read.index[read["AVALC"] == "PD"]) <= set(last.index)


class TestEvents:
    def test_outcomes_agree_with_ends_and_grades(self, frames):
        adae = frames["adae"]
        lasting = adae["AENDT"].isna()
        assert ((adae["AEOUT"] == "NOT RECOVERED/NOT RESOLVED") == lasting).all()
        assert ((adae["AEOUT"] == "FATAL") == (adae["AETOXGR"] == 5)).all()
        assert (adae.loc[adae["AETOXGR"] >= 4, "AESER"] == "Y").all()

    def test_fatal_events_are_the_deaths_put_down_to_them(self, frames, adsl):
        fatal = frames["adae"].loc[frames["adae"]["AETOXGR"] == 5]
        assert sorted(fatal["USUBJID"]) == sorted(adsl.index[adsl["DTHCAUS"] == "ADVERSE EVENT"])
        assert (fatal["AENDT"] == of(fatal, adsl, "DTHDT")).all()
        assert len(fatal) > 0

    def test_no_two_records_of_one_event_overlap(self, frames):
        for _, records in frames["adae"].sort_values("ASTDT").groupby(["USUBJID", "AEDECOD"]):
            for one, other in itertools.pairwise(records.itertuples()):
                assert one.AENDT < other.ASTDT

    def test_emergent_is_by_dates(self, frames, adsl, truth):
        adae = frames["adae"]
        first, last = of(adae, adsl, "TRTSDT"), of(adae, adsl, "TRTEDT")
        late = adae["ASTDT"] > last + pd.Timedelta(days=truth.cycles.emergent_days)
        assert ((adae["TRTEMFL"] == "Y") == ((adae["ASTDT"] >= first) & ~late)).all()
        assert (adae["TRTEMFL"] == "").sum() > 50

    def test_treatment_stopped_for_an_event_that_says_so(self, frames, adsl):
        stopped = frames["adae"].loc[frames["adae"]["AEACN"] == "DRUG WITHDRAWN"]
        assert sorted(stopped["USUBJID"]) == sorted(adsl.index[adsl["DCTREAS"] == "ADVERSE EVENT"])
        assert (stopped["ASTDT"] == of(stopped, adsl, "TRTEDT")).all()


class TestExposure:
    def test_last_dose_is_that_of_adsl(self, frames, adsl):
        adex = frames["adex"]
        last = adex.groupby("USUBJID")["EXENDT"].max()
        ended = adsl["TRTEDT"].dropna()
        assert (last[ended.index] == ended).all()
        assert sorted(last.index) == sorted(adsl.index[adsl["SAFFL"] == "Y"])
        assert (adex.groupby("USUBJID")["EXSTDT"].min() == adsl["TRTSDT"].dropna().sort_index()).all()

    def test_dose_is_reduced_as_often_as_events_say(self, frames):
        """Levels of the full dose below 1 come after as many reductions; a last one may have no cycle after it."""
        adae, adex = frames["adae"], frames["adex"].loc[frames["adex"]["EXPLANNED"] > 0]
        reduced = adae.loc[adae["AEACN"] == "DOSE REDUCED"]
        level = (adex["EXDOSE"] / adex["EXPLANNED"]).map({1.0: 0, 0.75: 1, 0.5: 2})
        assert level.notna().all()
        for row, step in zip(adex.itertuples(), level, strict=True):
            before = reduced.loc[(reduced["USUBJID"] == row.USUBJID) & (reduced["ASTDT"] < row.EXSTDT)]
            assert len(before) == step

    def test_cycles_follow_each_other(self, frames):
        for _, cycles in frames["adex"].groupby("USUBJID"):
            assert list(cycles["EXSEQ"]) == list(range(1, len(cycles) + 1))
            for one, other in itertools.pairwise(cycles.itertuples()):
                assert one.EXENDT < other.EXSTDT


@pytest.fixture(scope="module")
def large(truth):
    """A trial large enough to find effects in, everybody given what was planned."""
    exact = replace(truth.allocation, size=3600, switched=(), untreated=())
    return simulate_parallel_trial(replace(truth, allocation=exact), 1)


class TestEffects:
    """What is planted is found again."""

    def test_laboratory_change(self, large, truth):
        """Mean change of the logarithm at the last visit, within four standard errors."""
        who = large["adsl"].set_index("USUBJID")["TRT01A"]
        assay = truth.laboratory.assays[0]
        values = large["adlb"].loc[large["adlb"]["PARAMCD"] == assay.code]
        wide = values.pivot_table(index="USUBJID", columns="AVISIT", values="AVAL")
        change = np.log(wide["Cycle 9"] / wide["Screening"]).dropna()
        for arm, planted in zip(truth.arms, assay.change, strict=True):
            own = change[who[change.index] == arm.name]
            assert abs(own.mean() - planted) < 4 * own.std() / np.sqrt(len(own))

    def test_events_are_more_frequent_by_the_ratio(self, large, truth):
        """Records of a term by days on treatment, against the first arm; Poisson, within four standard errors."""
        term = next(item for item in truth.safety.terms if item.term == "Headache")
        names = [arm.name for arm in truth.arms]
        rates = []
        for name in names:
            own = large["adsl"].loc[large["adsl"]["TRT01A"] == name]
            last = own["TRTEDT"] + pd.Timedelta(days=truth.cycles.emergent_days)
            time = (np.minimum(last.fillna(own["LSTALVDT"]), own["LSTALVDT"]) - own["TRTSDT"]).dt.days + 1
            events = large["adae"].loc[(large["adae"]["AEDECOD"] == term.term) & (large["adae"]["TRTEMFL"] == "Y")]
            rates.append((int(events["USUBJID"].isin(own["USUBJID"]).sum()), time.sum() / 30.4375))
        for (count, months), ratio in zip(rates, term.ratios, strict=True):
            assert abs(np.log(count / months / (term.rate * ratio))) < 4 / np.sqrt(count) + 0.08

    def test_response_shares(self, large, truth):
        """Of those still without progression at the third assessment on schedule, the best class is as planted."""
        adsl = large["adsl"].set_index("USUBJID")
        adrs = large["adrs"].set_index("USUBJID")
        read = adrs.loc[adrs["PARAMCD"] == "OVRLRESP"]
        late = read.loc[(read["ADT"] - adsl.loc[read.index, "RANDDT"]).dt.days.between(130, 400)]
        late = late.loc[late["AVALC"].isin(["CR", "PR", "SD"])].groupby(level=0)["AVALC"].first()
        for arm in truth.arms:
            own = late[adsl.loc[late.index, "TRT01A"] == arm.name]
            for code, share in arm.response:
                found = (own == code).mean()
                assert abs(found - share) < 4 * np.sqrt(share * (1 - share) / len(own))

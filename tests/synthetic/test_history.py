"""Exports of earlier days differ from the next by what is planted, by what came later, and by nothing else.

Exports are compared here by their texts and keys alone, without the package's own matching of records.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
from pathlib import Path

import pandas as pd
import pytest
from committed import ROOT

from npcstats.errors import SpecError
from npcstats.quality import inspect_study, load_checks
from npcstats.study import Design, input_schemas, read_study
from npcstats.synthetic import (
    Change,
    Extract,
    History,
    HistoryTruth,
    Truth,
    make_history,
    simulate_trial,
    write_history,
)

PAIRS = (0, 1)
"""First of two exports that follow each other."""
ENTRY = "ENTRYDT"
SEQUEL = {"AEOUT": "AENDT", "EXDOSE": "EXENDT"}
"""What is known with an end."""


@pytest.fixture(scope="module")
def whole(design: Design, truth: Truth, planted: dict) -> dict[str, pd.DataFrame]:
    return simulate_trial(design, truth, planted["SEED"])


@pytest.fixture(scope="module")
def history(whole: dict, design: Design, planted: dict) -> History:
    return make_history(whole, design, planted["HISTORY"], planted["SEED"])


def by_cutoff(extract: Extract, name: str, dated: str, cutoff: datetime.date) -> pd.DataFrame:
    frame = extract.frames[name]
    return frame[frame[dated] <= pd.Timestamp(cutoff)]


def pair(history: History, place: int) -> tuple[Extract, Extract, datetime.date, datetime.date]:
    former, present = history.extracts[place : place + 2]
    return former, present, former.cutoff, present.cutoff


def named(changes: tuple[Change, ...]) -> set[tuple]:
    return {(one.participant, *(value for _, value in one.key)) for one in changes}


def told(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    return frame.set_index(["USUBJID", *keys])


@pytest.mark.parametrize("place", PAIRS)
class TestEvents:
    def test_withdrawn_and_late_are_those_planted(self, history: History, place: int) -> None:
        former, present, cutoff, shown = pair(history, place)
        then, now = (set(told(by_cutoff(e, "adae", "ASTDT", cutoff), ["AESEQ"]).index) for e in (former, present))
        assert then - now == named(history.shown(shown, "withdrawn", "duplicated"))
        assert now - then == named(history.shown(shown, "late-event", "late-serious"))

    def test_what_differs_is_the_grade_of_those_regraded(self, history: History, place: int) -> None:
        former, present, cutoff, shown = pair(history, place)
        then, now = (told(by_cutoff(e, "adae", "ASTDT", cutoff), ["AESEQ"]) for e in (former, present))
        both = then.index.intersection(now.index)
        then, now = then.loc[both], now.loc[both]
        found = {
            (*key, then.at[key, "AETOXGR"], now.at[key, "AETOXGR"]) for key in both[then["AETOXGR"] != now["AETOXGR"]]
        }
        expected = history.shown(shown, "upgraded", "downgraded")
        assert found == {(one.participant, one.key[0][1], one.before, one.after) for one in expected}
        assert {one.after - one.before for one in history.shown(shown, "upgraded")} == {1}
        assert {one.after - one.before for one in history.shown(shown, "downgraded")} == {-1}
        open_then = then["AENDT"].isna()
        assert (then["AEOUT"][open_then & now["AENDT"].notna()] == "NOT RECOVERED/NOT RESOLVED").all()
        for column in then.columns.difference(["AETOXGR"]):
            compared = ~open_then if column in ("AENDT", "AEOUT") else pd.Series(True, index=both)
            pd.testing.assert_series_equal(then[column][compared], now[column][compared])

    def test_a_late_serious_event_comes_with_its_stay(self, history: History, place: int) -> None:
        _, present, _, shown = pair(history, place)
        events = told(present.frames["adae"], ["AESEQ"])
        for one in history.shown(shown, "late-serious"):
            record = events.loc[(one.participant, one.key[0][1])]
            assert record["AESER"] == "Y"
            stays = [stay for stay in history.shown(shown, "late-stay") if stay.participant == one.participant]
            assert {("KIND", "HOSPITAL"), ("CASTDT", record["ASTDT"])} <= {pair for stay in stays for pair in stay.key}

    def test_a_duplicate_is_alike_but_for_its_number(self, history: History, place: int) -> None:
        former, _, _, shown = pair(history, place)
        events = former.frames["adae"]
        for one in history.shown(shown, "duplicated"):
            own = events[events["USUBJID"] == one.participant].drop(columns="AESEQ")
            assert own.duplicated().sum() == 1


@pytest.mark.parametrize("place", PAIRS)
def test_laboratory_values_that_differ_are_those_planted(history: History, planted: dict, place: int) -> None:
    former, present, cutoff, shown = pair(history, place)
    keys = ["PARAMCD", "AVISIT", "ADT"]
    then, now = (by_cutoff(e, "adlb", "ADT", cutoff).drop(columns=ENTRY) for e in (former, present))
    gone, come = (a.merge(b, how="left", indicator=True).query("_merge == 'left_only'")
                  for a, b in ((then, now), (now, then)))  # fmt: skip
    corrected = history.shown(shown, "corrected")
    assert set(told(gone, keys).index) == named(corrected)
    assert set(told(come, keys).index) == named(corrected) | named(history.shown(shown, "late-value"))
    assert len(gone) == len(corrected)
    for one in corrected:
        assert one.before == pytest.approx(planted["HISTORY"].factor * one.after, abs=0.005)


@pytest.mark.parametrize("place", PAIRS)
def test_participants_differ_by_what_is_planted_and_by_what_came_later(history: History, place: int) -> None:
    former, present, cutoff, shown = pair(history, place)
    then, now = (e.frames["adsl"].set_index("USUBJID") for e in (former, present))
    enrolled = now.index[now["ENRLDT"] <= pd.Timestamp(cutoff)]
    assert set(then.index[then["ENRLDT"] <= pd.Timestamp(cutoff)]) == set(enrolled)
    then, now = then.loc[enrolled], now.loc[enrolled]
    moved = then.index[(then["TRT01A"] != now["TRT01A"]) & (now["RTSTDT"] <= pd.Timestamp(cutoff))]
    assert set(moved) == {one.participant for one in history.shown(shown, "moved")}
    dates = [name for name in then.columns if name.endswith("DT") and name not in (ENTRY, "ICFDT", "ENRLDT")]
    late = {who for name in dates for who in enrolled[then[name].isna() & (now[name] <= pd.Timestamp(cutoff))]}
    assert late == {one.participant for one in history.shown(shown, "late-death", "late-end")}
    for one in history.shown(shown, "late-death"):
        assert then.at[one.participant, "DTHCAUS"] == ""
        assert now.at[one.participant, "DTHDT"] == one.after
        assert one.after <= pd.Timestamp(cutoff)
    for one in history.shown(shown, "late-end"):
        assert then.loc[one.participant, ["RTENDT", "FXDELIV"]].isna().all()
        assert now.at[one.participant, "RTENDT"] == one.after
    known_later = {*dates, "TRT01A", "TECHNIQUE", "FXDELIV", "DTHCAUS", "EOSSTT"}
    for column in then.columns.difference(known_later):
        pd.testing.assert_series_equal(then[column], now[column])


@pytest.mark.parametrize("place", PAIRS)
@pytest.mark.parametrize(
    ("name", "dated"),
    [("adscr", "ICFDT"), ("adevent", "ADT"), ("adassess", "ADT"), ("adrs", "ADT"), ("adtr", "ADT"), ("adrad", "ADT"),
     ("addv", "DVDT"), ("adex", "EXSTDT"), ("adform", "DUEDT"), ("adcare", "CASTDT")],
)  # fmt: skip
def test_other_frames_differ_only_by_an_end_that_came_later(
    history: History, place: int, name: str, dated: str
) -> None:
    former, present, cutoff, shown = pair(history, place)
    then, now = (by_cutoff(e, name, dated, cutoff).reset_index(drop=True) for e in (former, present))
    if name == "adcare":
        late = [key in named(history.shown(shown, "late-stay")) for key in told(now, ["KIND", "CASTDT"]).index]
        assert sum(late) == len(history.shown(shown, "late-stay")) > 0
        now = now[~pd.Series(late)].reset_index(drop=True)
    assert len(then) == len(now) > 0
    ends = {"adex": "EXENDT", "adcare": "CAENDT", "adform": "RECDT"}
    for column in then.columns:
        same = then[column].eq(now[column]) | (then[column].isna() & now[column].isna())
        end = ends.get(name)
        if end and column in (end, "EXDOSE"):
            same |= then[end].isna() & (now[end] > pd.Timestamp(former.extracted))
        assert same.all(), column


@pytest.mark.parametrize("place", [0, 1, 2])
def test_nothing_in_an_export_is_later_than_its_day(history: History, design: Design, place: int) -> None:
    extract = history.extracts[place]
    enrolled = set(extract.frames["adsl"]["USUBJID"])
    for name, frame in extract.frames.items():
        schema = input_schemas(design)[name]
        for column in (item for item in schema.columns if item.kind == "date"):
            assert not (frame[column.name] > pd.Timestamp(extract.extracted)).any(), (name, column.name)
        for column in (item for item in schema.columns if item.known_from and not item.open_values):
            assert frame.loc[frame[column.known_from].isna(), column.name].isin(["", None, float("nan")]).all()
        if "USUBJID" in frame:
            assert set(frame["USUBJID"]) <= enrolled


def test_the_last_export_is_the_trial_as_far_as_it_had_come(history: History, whole: dict) -> None:
    """By then everything planted is right: its events are those of the whole trial, but for ends that were to come."""
    last = history.extracts[-1]
    now, then = (frames["adae"].set_index(["USUBJID", "AESEQ"]) for frames in (last.frames, whole))
    assert set(now.index) <= set(then.index)
    then = then.loc[now.index]
    assert set(now.index) >= set(then.index[then["ASTDT"] <= pd.Timestamp(last.cutoff)])
    ended = now["AENDT"].notna()
    for column in now.columns.difference([ENTRY]):
        compared = ended if column in ("AENDT", "AEOUT") else pd.Series(True, index=now.index)
        pd.testing.assert_series_equal(now[column][compared], then[column][compared])
    assert (then["AENDT"][~ended].isna() | (then["AENDT"][~ended] > pd.Timestamp(last.extracted))).all()


def test_as_many_are_planted_as_are_declared_each_in_a_participant_of_its_own(history: History, planted: dict) -> None:
    truth: HistoryTruth = planted["HISTORY"]
    for place, cutoff in enumerate(truth.cutoffs[1:]):
        counts = [len(history.shown(cutoff, kind)) for kind in ("upgraded", "downgraded", "withdrawn", "duplicated")]
        assert counts == [
            given[place] for given in (truth.upgraded, truth.downgraded, truth.withdrawn, truth.duplicated)
        ]
        counts = [len(history.shown(cutoff, kind)) for kind in ("late-event", "late-value", "corrected")]
        assert counts == [given[place] for given in (truth.late_events, truth.late_values, truth.corrected)]
        counts = [len(history.shown(cutoff, kind)) for kind in ("late-death", "late-end", "late-serious", "moved")]
        assert counts == [
            given[place] for given in (truth.late_deaths, truth.late_ends, truth.late_serious, truth.moved)
        ]
    people = [one.participant for one in history.changes if one.kind != "late-stay"]
    assert len(set(people)) == len(people)


def test_the_same_seed_gives_the_same_history(whole: dict, design: Design, planted: dict, history: History) -> None:
    again = make_history(whole, design, planted["HISTORY"], planted["SEED"])
    assert again.changes == history.changes
    assert make_history(whole, design, planted["HISTORY"], planted["SEED"] + 1).changes != history.changes


@pytest.fixture(scope="module")
def exports(history: History, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("history")
    write_history(history, folder)
    return folder


@pytest.mark.parametrize("day", ["2026-11-30", "2027-11-30", "2028-11-30"])
def test_each_export_passes_the_data_checks_without_an_error(exports: Path, design: Design, day: str) -> None:
    checks = load_checks(ROOT / "analysis" / "checks.py")
    report = inspect_study(read_study(exports / day, design), checks, cutoff=datetime.date.fromisoformat(day))
    assert [(item.rule, item.text) for item in report.findings if item.severity == "error"] == []


def test_a_history_on_disk(history: History, exports: Path) -> None:
    assert sorted(path.name for path in exports.iterdir()) == [
        "2026-11-30", "2027-11-30", "2028-11-30", "changes.json",
    ]  # fmt: skip
    assert (exports / "2027-11-30" / "SYNTHETIC.txt").is_file()
    listed = json.loads((exports / "changes.json").read_text())
    assert [(one["kind"], one["participant"], one["shown"]) for one in listed] == [
        (one.kind, one.participant, one.shown.isoformat()) for one in history.changes
    ]
    death = next(one for one in listed if one["kind"] == "late-death")
    assert (death["column"], death["before"]) == ("DTHDT", None)
    assert datetime.date.fromisoformat(death["after"]) <= datetime.date(2027, 11, 30)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"cutoffs": (datetime.date(2027, 1, 1),)}, "cut-offs are not in order"),
        ({"cutoffs": (datetime.date(2027, 1, 1), datetime.date(2026, 1, 1))}, "cut-offs are not in order"),
        ({"extracted_after": 365}, "an export is taken on the next cut-off or later"),
        ({"moved": (0,)}, "moved is not given for each cut-off after the first"),
        ({"moved": (0, 99)}, "records fit moved before 2027-11-30; 99 are required"),
    ],
)
def test_what_cannot_be_planted_is_refused(
    whole: dict, design: Design, planted: dict, changed: dict, message: str
) -> None:
    with pytest.raises(SpecError, match=message):
        make_history(whole, design, dataclasses.replace(planted["HISTORY"], **changed), planted["SEED"])

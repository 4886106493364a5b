"""Three meetings of the made trial: what they say of each other is what was planted, exactly, and its causes add up.

What is expected comes from the list of what was planted and from the whole trial, never from the package's matching.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
from committed import ROOT, planted
from pypdf import PdfReader

from npcstats.analyses.changes import rows as words
from npcstats.analyses.changes.rows import source_choice
from npcstats.analyses.changes.spec import ChangesSpec
from npcstats.derive import CAUSES, Past, Step, follow_export
from npcstats.results import Listing, Results, Row, read_results
from npcstats.run.cli import run_command
from npcstats.run.mask import Mask, read_mask
from npcstats.run.plan import Plan, load_plan
from npcstats.run.registry import kind_of
from npcstats.run.sessions import build_results, prepare_study, view_study
from npcstats.study import Study
from npcstats.synthetic import Change, History, make_history, simulate_trial, write_history

__all__ = ["planted"]

READ = ("since", "overview", "completeness", "ae-acute")
"""The comparison, and the analyses whose numbers it watches."""
EXACT = 1e-12
MEETINGS = [("closed", 1), ("closed", 2), ("open", 2)]
LATE = ("late-event", "late-serious")
GAINED = {"upgraded": "graded-up", "late-event": "late-event"}
LOST = {"downgraded": "graded-down", "withdrawn": "event-withdrawn"}
"""Why a participant joins or leaves the severe of a term, by what was planted in it."""


@dataclass(frozen=True)
class Made:
    """A meeting of a session, and what was planted before it."""

    study: Study
    past: Past
    results: Results
    planted: tuple[Change, ...]

    def rows(self, measure: str, **place: str) -> list[Row]:
        own = [row for row in self.results.rows if (row.analysis, row.measure) == ("since", measure)]
        return [row for row in own if all(getattr(row, name) == value for name, value in place.items())]

    def counts(self, block: str, **place: str) -> dict[str, float]:
        """Records by what became of them; those that only came or stayed are left out."""
        found = {row.level: row.value for row in self.rows("records", block=block, **place)}
        return {level: value for level, value in found.items() if value and level not in ("then", "now", "new")}

    def of(self, *kinds: str) -> tuple[Change, ...]:
        return tuple(one for one in self.planted if one.kind in kinds)


@pytest.fixture(scope="module")
def plan() -> Plan:
    """The trial's, with no analyses but those that are compared, and every watched number told if it moved at all."""
    whole = load_plan(ROOT / "analysis" / "plan")
    kept = tuple(_every(spec) if isinstance(spec, ChangesSpec) else spec for spec in whole.specs if spec.id in READ)
    listings = tuple(spec for spec in whole.listings if spec.id == "changed-events")
    return replace(whole, specs=kept, listings=listings, tables=(), figures=(), quotes=())


def _every(spec: ChangesSpec) -> ChangesSpec:
    return replace(spec, numbers=tuple(replace(watch, amount=0.0) for watch in spec.numbers))


@pytest.fixture(scope="module")
def whole(plan: Plan, planted: dict) -> dict[str, pd.DataFrame]:
    return simulate_trial(plan.design, planted["TRUTH"], planted["SEED"])


@pytest.fixture(scope="module")
def history(whole: dict, plan: Plan, planted: dict) -> History:
    return make_history(whole, plan.design, planted["HISTORY"], planted["SEED"])


@pytest.fixture(scope="module")
def exports(history: History, plan: Plan) -> tuple[Study, ...]:
    return tuple(Study(plan.design, dict(one.frames), Path("made"), True) for one in history.extracts)


@pytest.fixture(scope="module")
def mask(exports: tuple[Study, ...]) -> Mask:
    return read_mask(ROOT / "data" / "synthetic" / "mask.json", exports[0])


def meet(session: str, place: int, history: History, exports: tuple[Study, ...], plan: Plan, mask: Mask) -> Made:
    """A meeting after the one before, which is computed without its own former one."""
    letters = mask if session == "closed" else None
    former, cutoff = (history.extracts[at].cutoff for at in (place - 1, place))
    show = partial(view_study, plan=plan, session=session, mask=letters)
    then = prepare_study(exports[place - 1], plan, session, cutoff=former, mask=letters)
    now = prepare_study(exports[place], plan, session, cutoff=cutoff, mask=letters)
    taken = follow_export(
        exports[place - 1], exports[place], former_cutoff=former, cutoff=cutoff, snapshot=plan.snapshot
    )
    stored = build_results(then, plan)
    later = tuple(
        Step(cause, build_results(show(taken[cause]), plan)) for cause in ("corrected", "late-entry", "follow-up")
    )
    past = Past(former, stored, (Step("code", stored), Step("plan", stored), *later), then, show(taken["late-entry"]))
    return Made(now, past, build_results(now, plan, past), history.shown(cutoff))


@pytest.fixture(scope="module")
def meetings(history: History, exports: tuple, plan: Plan, mask: Mask) -> Mapping[tuple[str, int], Made]:
    return {(session, at): meet(session, at, history, exports, plan, mask) for session, at in MEETINGS}


@pytest.fixture(params=MEETINGS, ids=lambda told: f"{told[0]}-{told[1] + 1}", scope="module")
def made(request: pytest.FixtureRequest, meetings: Mapping[tuple[str, int], Made]) -> Made:
    return meetings[request.param]


def without_none(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: count for name, count in counts.items() if count}


def arms(made: Made, whole: dict, mask: Mask) -> pd.Series:
    """Letter of every participant, by what was given or planned, from the whole trial."""
    adsl = whole["adsl"].set_index("USUBJID")
    letters = {**mask.letters, "MIXED": mask.letters["PROTON"]}
    return adsl["TRT01A"].where(adsl["TRT01A"] != "", adsl["TRT01P"]).map(letters)


class TestRecords:
    def test_events_are_those_planted(self, made: Made) -> None:
        expected = {
            words.LATE: len(made.of(*LATE)),
            "upgraded": len(made.of("upgraded")),
            "downgraded": len(made.of("downgraded")),
            "withdrawn": len(made.of("withdrawn", "duplicated")),
        }
        assert made.counts("events", arm="all") == without_none(expected)

    def test_records_of_every_frame_are_those_planted(self, made: Made) -> None:
        regraded, never = made.of("upgraded", "downgraded"), made.of("withdrawn", "duplicated")
        expected = {
            "adae": {"changed": len(regraded), words.LATE: len(made.of(*LATE)), "withdrawn": len(never)},
            "adcare": {words.LATE: len(made.of("late-stay"))},
            "adlb": {"changed": len(made.of("corrected")), words.LATE: len(made.of("late-value"))},
            "adsl": {"completed": len(made.of("late-death", "late-end"))},
        }
        frames = {row.variable for row in made.rows("records", block="records")}
        assert len(frames) == len(made.study.frames)
        for name in frames:
            found = made.counts("records", variable=name, arm="all")
            assert found == without_none(expected.get(name, {})), name

    def test_arms_have_their_own(self, made: Made, whole: dict, mask: Mask) -> None:
        if not made.study.arms:
            assert {row.arm for row in made.rows("records")} == {"all"}
            return
        letter = arms(made, whole, mask)
        for arm in ("A", "B"):
            own = Counter(one.kind for one in made.planted if letter[one.participant] == arm)
            expected = {kind: own[kind] for kind in ("upgraded", "downgraded")}
            expected[words.LATE] = own["late-event"] + own["late-serious"]
            expected["withdrawn"] = own["withdrawn"] + own["duplicated"]
            assert made.counts("events", arm=arm) == without_none(expected)

    def test_a_set_changes_by_an_end_of_treatment_reported_late(self, made: Made) -> None:
        found = {(row.variable, row.level): row.value for row in made.rows("participants", arm="all")}
        corrected = {place: value for place, value in found.items() if place[1].endswith("corrected") and value}
        assert corrected == {("RTEND", "joined-corrected"): len(made.of("late-end"))}
        for code in ("ENRL", "SAF", "RT", "RTEND"):
            signs = {"then": 1, "now": -1, "left-corrected": -1, "left-later": -1}
            assert sum(signs.get(level, 1) * value for (name, level), value in found.items() if name == code) == 0


class TestListing:
    @pytest.fixture(params=[1, 2], ids=["2", "3"])
    def shut(self, request: pytest.FixtureRequest, meetings: Mapping[tuple[str, int], Made]) -> Made:
        return meetings["closed", request.param]

    @pytest.fixture
    def listing(self, shut: Made, plan: Plan, mask: Mask) -> Listing:
        (spec,) = plan.listings
        listing, _ = kind_of(spec).follow(shut.study, shut.past, spec, mask.salt)
        return listing

    def test_lists_what_was_planted_and_nothing_else(
        self, listing: Listing, shut: Made, whole: dict, exports: tuple, mask: Mask
    ) -> None:
        letter, started = arms(shut, whole, mask), whole["adsl"].set_index("USUBJID")["TRTSDT"]
        events = [one.frames["adae"].set_index(["USUBJID", "AESEQ"]) for one in exports]
        expected: Counter = Counter()
        for one in shut.of("upgraded", "downgraded", *LATE, "withdrawn", "duplicated"):
            place = (one.participant, one.key[0][1])
            record = next(frame.loc[place] for frame in reversed(events) if place in frame.index)
            grade, day = f"{record['AETOXGR']:.0f}", (record["ASTDT"] - started[one.participant]).days + 1
            then, now, told = {
                "upgraded": (f"{one.before}", f"{one.after}", "higher grade"),
                "downgraded": (f"{one.before}", f"{one.after}", "lower grade"),
                **dict.fromkeys(LATE, ("–", grade, "entered later")),
            }.get(one.kind, (grade, "–", "withdrawn"))
            serious = "yes" if one.kind == "late-serious" else "no"
            expected[record["AEDECOD"], letter[one.participant], then, now, f"{day}", serious, told] += 1
        columns = ("AEDECOD", "ARM", "THEN", "NOW", "ASTDY", "AESER", "WHAT")
        places = [listing.columns.index(name) for name in columns]
        assert Counter(tuple(row[at] for at in places) for row in listing.rows) == expected

    def test_names_no_participant(self, listing: Listing, whole: dict) -> None:
        known = set(whole["adsl"]["USUBJID"])
        assert not known & {cell for row in listing.rows for cell in row}


class TestNumbers:
    def test_parts_add_up_to_the_change(self, made: Made) -> None:
        changes = made.rows("change_since")
        parts = pd.DataFrame(
            [(row.variable, row.arm, row.reference, row.level, row.value) for row in changes],
            columns=["variable", "arm", "reference", "level", "value"],
        ).pivot(index=["variable", "arm", "reference"], columns="level", values="value")
        known = parts[parts[list(CAUSES)].notna().all(axis=1)]
        assert len(known) > 30
        gap = (known[list(CAUSES)].sum(axis=1) - known["all"]).abs()
        assert gap.max() <= EXACT
        assert (known["code"] == 0).all()
        assert (known["plan"] == 0).all()
        assert known["corrected"].abs().max() > 0
        assert known["late-entry"].abs().max() > 0

    def test_a_change_is_that_of_the_numbers_of_both_meetings(self, made: Made) -> None:
        choices = made.results.catalogue.analyses["since"].choices
        by_place = {(row.variable, row.arm, row.reference, row.measure): row.value
                    for measure in ("watched_then", "watched_now") for row in made.rows(measure)}  # fmt: skip
        told = [row for row in made.rows("change_since", level="all") if row.value == row.value]
        assert told
        for row in told:
            then, now = (by_place[row.variable, row.arm, row.reference, f"watched_{at}"] for at in ("then", "now"))
            assert row.value == pytest.approx(now - then, abs=EXACT)
            assert source_choice(row.variable) in choices

    def test_who_joined_and_left_the_severe_of_a_term_for_what_was_planted(
        self, made: Made, whole: dict, exports: tuple, planted: dict
    ) -> None:
        """Of the severe of a term were only those whose time of 90 days after radiotherapy was over by then."""
        events = [one.frames["adae"].set_index(["USUBJID", "AESEQ"]) for one in exports]
        over = whole["adsl"].set_index("USUBJID")["RTENDT"] + pd.Timedelta(days=90) <= pd.Timestamp(made.past.cutoff)
        expected: dict[str, Counter] = {"joined": Counter(), "left": Counter()}
        for one in made.of(*GAINED, *LOST):
            place = (one.participant, one.key[0][1])
            record = next(frame.loc[place] for frame in reversed(events) if place in frame.index)
            if one.kind == "late-event" and record["AETOXGR"] < planted["HISTORY"].grade:
                continue
            if one.kind in LOST and not over[one.participant]:
                continue
            side, why = ("joined", GAINED[one.kind]) if one.kind in GAINED else ("left", LOST[one.kind])
            expected[side][record["AEDECOD"], why] += 1
        for side, reasons in (("joined", GAINED), ("left", LOST)):
            found: Counter = Counter()
            groups = [arm.code for arm in made.study.arms] or ["all"]
            for row in (row for row in made.rows(side) if row.arm in groups):
                term = next((name for name in planted["HISTORY"].terms if name in row.variable), "")
                if term and row.level in reasons.values():
                    found[term, row.level] += int(row.value)
            assert found == expected[side]


@pytest.mark.slow
def test_three_meetings_in_one_go(history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the command, with all analyses and documents of the plan; each meeting is proved from what it kept."""
    write_history(history, tmp_path / "exports")
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("NPCSTATS_MASK", raising=False)
    days = [one.cutoff.isoformat() for one in history.extracts]
    letters = ["--mask", str(ROOT / "data" / "synthetic" / "mask.json")]
    asking = ["meeting", "--into", str(tmp_path / "meetings"), *letters, "--workers", "1"]
    assert run_command([*asking, *(word for day in days for word in asked(day, tmp_path / "exports" / day))]) == 0
    for day, extract in zip(days, history.extracts, strict=True):
        meeting = tmp_path / "meetings" / day
        assert run_command(["verify", str(meeting), *letters]) == 0
        for session in ("open", "closed"):
            kept = read_results(meeting / session / "results")
            place = ("since", "records", "events", "all")
            rows = [row for row in kept.rows if (row.analysis, row.measure, row.block, row.arm) == place]
            found = {row.level: row.value for row in rows}
            planted = Counter(one.kind for one in history.shown(extract.cutoff))
            if day == days[0]:
                assert found == {}
                continue
            assert found[words.LATE] == planted["late-event"] + planted["late-serious"]
            assert found["upgraded"] == planted["upgraded"]
            assert found["downgraded"] == planted["downgraded"]
            assert found["withdrawn"] == planted["withdrawn"] + planted["duplicated"]
            assert found["changed"] == found["completed"] == found["moved"] == 0
            assert unexplained(kept) <= EXACT
        assert "Since the former meeting" in " ".join(
            page.extract_text() for page in PdfReader(meeting / "closed" / "dsmb-closed.pdf").pages
        )


def asked(day: str, export: Path) -> list[str]:
    return ["--cutoff", day, "--data", str(export)]


def unexplained(results: Results) -> float:
    """The largest gap between a change and the sum of its parts."""
    parts: dict[tuple[str, str, str], dict[str, float]] = {}
    for row in results.rows:
        if (row.analysis, row.measure) == ("since", "change_since"):
            parts.setdefault((row.variable, row.arm, row.reference), {})[row.level] = row.value
    gaps = [sum(told[cause] for cause in CAUSES) - told["all"] for told in parts.values()]
    known = [abs(gap) for gap in gaps if gap == gap]
    assert known
    return max(known)

"""A meeting is one folder, made whole or not at all; what was released stays as it is."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
from pathlib import Path

import eight
import pytest
from lxml import html
from meetings import CUTOFFS, build_home

from npcstats.errors import ResultsError, SpecError
from npcstats.provenance import hash_bytes, hash_mask
from npcstats.results import read_results
from npcstats.run.cli import run_command
from npcstats.run.meetings.manifest import read_manifest
from npcstats.run.meetings.stored import read_meeting
from npcstats.run.plan import load_plan

FIRST, SECOND = "2025-06-30", "2025-12-31"


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class TestFolder:
    def test_holds_what_each_side_may_see(self, released):
        meeting = released.meetings / FIRST
        assert sorted(path.name for path in meeting.iterdir()) == ["MANIFEST.json", "front", "shut", "statistician"]
        for session, document in (("front", "public.html"), ("shut", "private.html")):
            assert sorted(path.name for path in (meeting / session).iterdir()) == [
                "figures", document, "results", "tables",
            ]  # fmt: skip
            assert sorted(path.name for path in (meeting / session / "tables").iterdir()) == ["state.csv", "state.html"]
            assert read_results(meeting / session / "results").catalogue.study["cutoff"] == FIRST

    def test_keeps_the_bytes_of_export_and_plan(self, released):
        kept = released.meetings / SECOND / "statistician"
        assert files_of(kept / "data") == files_of(released.data)
        assert (kept / "plan.py").read_bytes() == (released.folder / "analysis" / "plan.py").read_bytes()
        assert (kept / "requirements.lock").read_text() == "some==1\n"

    def test_keeps_of_the_meeting_before_what_proves_a_change(self, released):
        kept = released.meetings / SECOND / "statistician" / "former"
        before = files_of(released.meetings / FIRST)
        assert not (released.meetings / FIRST / "statistician" / "former").exists()
        assert files_of(kept).items() <= before.items()
        assert {"MANIFEST.json", "statistician/plan.py", "statistician/data/adsl.csv", "shut/results/results.csv",
                "front/results/provenance.json"} <= {*files_of(kept)}  # fmt: skip

    @pytest.mark.skipif(os.name != "posix", reason="modes of group and others are POSIX's; Windows has none to read")
    def test_only_its_owner_reads_masked_arms_and_the_export(self, released):
        for meeting in released.meetings.iterdir():
            for path in (meeting / "shut", meeting / "statistician"):
                modes = {stat.S_IMODE(inner.stat().st_mode) for inner in (path, *path.rglob("*"))}
                assert modes == {0o700, 0o600}

    def test_tells_no_arm_outside_the_statistician_s_and_the_secret_nowhere(self, released):
        for meeting in released.meetings.iterdir():
            for name, content in files_of(meeting).items():
                assert eight.SALT.encode() not in content
                assert released.mask.name.encode() not in content
                if not name.startswith("statistician/"):
                    assert b"Wye" not in content

    def test_nothing_is_left_beside_it(self, released):
        assert sorted(path.name for path in released.meetings.iterdir()) == [FIRST, SECOND]


class TestManifest:
    def test_tells_what_it_was_made_from(self, released):
        told = read_manifest(released.meetings / SECOND)
        assert (told.schema, told.trial, told.cutoff, told.synthetic) == (1, "TEST-1", SECOND, False)
        letters = {"X": "B", "Y": "A"}
        assert told.mask_hmac_sha256 == hash_mask(letters, eight.SALT)
        assert told.lock_sha256 == hash_bytes(b"some==1\n")
        assert told.data_sha256 == {name: hash_bytes(content) for name, content in files_of(released.data).items()}
        for code in ("front", "shut"):
            rows = (released.meetings / SECOND / code / "results" / "results.csv").read_bytes()
            assert told.sessions[code] == hash_bytes(rows)

    def test_has_every_file(self, released):
        for name in (FIRST, SECOND):
            found = files_of(released.meetings / name)
            del found["MANIFEST.json"]
            assert read_manifest(released.meetings / name).files_sha256 == {
                path: hash_bytes(content) for path, content in found.items()
            }

    def test_names_the_meeting_before_by_its_hash(self, released):
        assert read_manifest(released.meetings / FIRST).former is None
        former = read_manifest(released.meetings / SECOND).former
        assert former.cutoff == FIRST
        assert former.manifest_sha256 == hash_bytes((released.meetings / FIRST / "MANIFEST.json").read_bytes())


class TestTables:
    def test_csv_has_a_heading_for_each_column_and_the_printed_numbers(self, released):
        """At the first cut-off six of eight are enrolled, P05 and P07 in X, P02, P03 and P04 in Y.

        P01 is counted in X by rule: 3 in X, which is B, and 3 in Y, which is A. Nobody has died by then.
        """
        text = (released.meetings / FIRST / "shut" / "tables" / "state.csv").read_text(encoding="utf-8")
        head, *rows = csv.reader(io.StringIO(text))
        assert head == ["Participants, n (%)", "Arm A (N = 3)", "Arm B (N = 3)", "All (N = 6)"]
        assert {len(row) for row in rows} == {4}
        assert ["Died", "0 (0.0)", "0 (0.0)", "0 (0.0)"] in rows

    def test_page_says_whose_numbers_it_shows_and_carries_their_keys(self, released):
        page = html.fromstring((released.meetings / FIRST / "shut" / "tables" / "state.html").read_text("utf-8"))
        assert page.xpath("string(//p[@class='running'])") == "TEST-1 · Eight · SHUT · Cut-off 30 June 2025"
        keys = page.xpath("//table//@data-key")
        known = read_results(released.meetings / FIRST / "shut" / "results").by_key
        assert len(keys) > 3
        assert {*keys} <= {*known}
        assert not page.xpath("//script | //link | //img")


class TestRefusals:
    def refused(self, home, refusal, *words):
        """A command that is refused changes nothing."""
        before = files_of(home.meetings)
        told = refusal(*words)
        assert files_of(home.meetings) == before
        assert sorted(path.name for path in home.meetings.iterdir()) == [FIRST, SECOND]
        return told

    def test_released_folder_is_never_overwritten(self, home, refusal):
        told = self.refused(home, refusal, *home.words(SECOND))
        assert told == (f"{home.meetings / SECOND}: is there already; a meeting that was released is never "
                        "overwritten: another --into is required.")  # fmt: skip

    def test_nor_is_one_that_is_half_there(self, home, refusal):
        (home.meetings / SECOND / "MANIFEST.json").unlink()
        told = self.refused(home, refusal, *home.words(SECOND, previous=home.meetings / FIRST))
        assert "it has no MANIFEST.json, so it is no whole meeting, and nothing is written over it" in told

    @pytest.mark.parametrize("what", ["file", "empty folder", "link to nothing"])
    def test_nor_is_anything_else(self, home, refusal, what):
        place = home.meetings.parent / "elsewhere"
        place.mkdir()
        target = place / FIRST
        if what == "file":
            target.write_text("mine")
        elif what == "empty folder":
            target.mkdir()
        else:
            target.symlink_to(place / "nothing")
        assert "is there already" in self.refused(home, refusal, *home.words(FIRST, into=place))
        assert [path.name for path in place.iterdir()] == [FIRST]

    @pytest.mark.parametrize("file", ["shut/results/results.csv", "front/public.html", "statistician/data/adsl.csv",
                                      "statistician/plan.py"])  # fmt: skip
    def test_former_folder_that_was_altered(self, home, refusal, file):
        altered = home.meetings / FIRST / file
        altered.write_bytes(altered.read_bytes() + b" ")
        into = home.meetings.parent / "next"
        told = self.refused(home, refusal, *home.words(SECOND, previous=home.meetings / FIRST, into=into))
        assert told.startswith(f"{altered}: changed since the meeting was released (1 file differs)")
        assert not into.exists()

    @pytest.mark.parametrize("day", [FIRST, "2025-05-31"])
    def test_former_folder_that_is_not_earlier(self, home, refusal, day):
        into = home.meetings.parent / "next"
        told = self.refused(home, refusal, *home.words(day, previous=home.meetings / FIRST, into=into))
        assert "its cut-off, 30 June 2025, is not before" in told

    def test_former_folder_of_another_trial(self, home, refusal):
        plan = home.meetings.parent / "other.py"
        text = (home.folder / "analysis" / "plan.py").read_text()
        plan.write_text(text.replace(
            "    eight.PLAN,\n", "    eight.PLAN,\n    design=replace(eight.PLAN.design, registry='TEST-2'),\n"
        ))  # fmt: skip
        into = home.meetings.parent / "next"
        words = home.words(SECOND, previous=home.meetings / FIRST, into=into, plan=plan)
        assert self.refused(home, refusal, *words) == (
            f"{home.meetings / FIRST}: a meeting of TEST-1; one of TEST-2 is required."
        )

    @pytest.mark.parametrize("changed", [{"X": "A", "Y": "B"}, {"salt": "f0123456789abcdef0123456789abcde"}])
    def test_former_folder_under_another_map(self, home, refusal, changed):
        other = home.meetings.parent / "other.json"
        other.write_text(json.dumps({"X": "B", "Y": "A", "salt": eight.SALT, **changed}))
        into = home.meetings.parent / "next"
        words = home.words(SECOND, previous=home.meetings / FIRST, into=into, mask=other)
        told = self.refused(home, refusal, *words)
        assert "map" in told
        assert not {"X", "Y", "Ex", "Wye", *changed.values()} & {*told.replace(".", " ").split()}

    def test_folder_that_is_no_meeting(self, home, refusal):
        told = self.refused(home, refusal, *home.words("2026-03-31", previous=home.data))
        assert told.startswith(f"{home.data / 'MANIFEST.json'}: No such file or directory; the folder of a meeting")

    def test_meeting_inside_the_one_before(self, home, refusal):
        former = home.meetings / FIRST
        told = self.refused(home, refusal, *home.words(SECOND, previous=former, into=former / "next"))
        assert "inside the folder of the former meeting, which must stay as it is" in told

    @pytest.mark.parametrize(
        ("cutoffs", "message"),
        [
            ((), "no --cutoff is given"),
            (("2026-03-31", "2026-03-31"), "the --cutoff after 2026-03-31 is not later"),
            (("2026-03-31", "2026-01-31"), "the --cutoff after 2026-03-31 is not later"),
            (("2026-02-30",), "--cutoff 2026-02-30: not a date"),
        ],
    )
    def test_days_that_do_not_follow_each_other(self, home, refusal, cutoffs, message):
        assert message in self.refused(home, refusal, *home.words(*cutoffs))

    def test_exports_that_are_neither_one_nor_one_for_each(self, home, refusal):
        words = [*home.words("2026-01-31", "2026-02-28", "2026-03-31"), "--data", str(home.data)]
        assert "2 exports for 3 cut-offs; one --data for all, or one for each, is required" in self.refused(
            home, refusal, *words
        )

    def test_no_map(self, home, refusal):
        told = self.refused(home, refusal, *home.words("2026-03-31", mask=""))
        assert told.startswith("mask: none is given")

    def test_second_of_two_refused_leaves_none(self, home, refusal, tmp_path):
        """The second export has a grade that there is not."""
        bad = tmp_path / "bad"
        bad.mkdir()
        for frame, text in eight.CSV.items():
            (bad / f"{frame}.csv").write_text(text.replace("oral,3", "oral,6") if frame == "adae" else text)
        words = [*home.words(FIRST, SECOND, into=tmp_path / "next"), "--data", str(bad)]
        assert "AETOXGR" in self.refused(home, refusal, *words)
        assert not (tmp_path / "next").exists()


def test_one_at_a_time_is_the_same_as_in_one_go(home, tmp_path, capsys):
    """The second meeting, made from the folder of the first, has the bytes that it has when both are made in one go."""
    into = tmp_path / "alone"
    assert run_command(home.words(SECOND, previous=home.meetings / FIRST, into=into)) == 0
    assert files_of(into / SECOND) == files_of(home.meetings / SECOND)
    told = capsys.readouterr().out.splitlines()[-1]
    assert told.endswith(f"MANIFEST.json {hash_bytes((into / SECOND / 'MANIFEST.json').read_bytes())}")


@pytest.mark.parametrize("name", ["public", "private"])
def test_meeting_that_would_unblind_is_refused(tmp_path, monkeypatch, refusal, name):
    """A report says an arm's label: neither it nor anything else of the meeting is released."""
    home = build_home(tmp_path)
    monkeypatch.chdir(home.folder)
    page = home.folder / "reports" / f"{name}.qmd"
    page.write_text(page.read_text() + "\nAs in Wye.\n")
    told = refusal(*home.words(FIRST))
    assert f"{name}.html" in told
    assert "so nothing was released" in told
    assert sorted(path.name for path in tmp_path.iterdir()) == ["export", "project", "secret.json"]


def test_a_plan_that_the_present_code_cannot_read_any_more_is_replaced_by_the_next_one(home, monkeypatch):
    """The next meeting is held all the same, and says that the former plan is not its own cause of change."""
    former = home.meetings / CUTOFFS[0]
    own = read_meeting(former)
    kept = former / "statistician"

    def load(path):
        if path.is_relative_to(kept):
            raise SpecError("a choice that this code has not")
        return load_plan(path)

    monkeypatch.setattr("npcstats.run.meetings.stored.load_plan", load)
    with pytest.raises(ResultsError, match="a choice that this code has not"):
        read_meeting(former)
    found = read_meeting(former, otherwise=own.plan)
    assert (own.own_plan, found.own_plan) == (True, False)
    assert run_command(home.words(CUTOFFS[1], previous=former, into=home.meetings / "again")) == 0

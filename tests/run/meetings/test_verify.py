"""A meeting is proved: every file is the one released, and its numbers come out of its own export and plan again."""

from __future__ import annotations

import json
import re
import shutil

import eight
import pytest

from npcstats.provenance import hash_bytes
from npcstats.run.cli import run_command

FIRST, SECOND = "2025-06-30", "2025-12-31"


def forge(meeting, *changed):
    """Give altered files the hashes that the folder's records name, as somebody would who hides an alteration."""
    for name in changed:
        code, _, rest = name.partition("/results/")
        record = meeting / code / "results" / "provenance.json"
        if rest and record.is_file():
            told = json.loads(record.read_text("utf-8"))
            told["files_sha256"][rest] = hash_bytes((meeting / name).read_bytes())
            record.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    manifest = meeting / "MANIFEST.json"
    told = json.loads(manifest.read_text("utf-8"))
    told["files_sha256"] = {name: hash_bytes((meeting / name).read_bytes()) for name in told["files_sha256"]}
    data = {name: hash_bytes((meeting / "statistician" / "data" / name).read_bytes()) for name in told["data_sha256"]}
    told["data_sha256"] = data
    manifest.write_text(json.dumps(told), "utf-8")


@pytest.mark.parametrize("name", [FIRST, SECOND])
def test_meeting_is_proved(home, capsys, name):
    assert run_command(["verify", str(home.meetings / name), "--mask", str(home.mask)]) == 0
    told = capsys.readouterr().out
    assert "files are those that were released." in told
    assert "From its export and plan the results of front, shut come out again, exactly." in told


def test_wherever_it_was_moved_to(home, tmp_path, capsys, monkeypatch):
    """It stands on its own: without the project, its export, and the meeting before."""
    shutil.move(home.meetings / SECOND, tmp_path / "moved")
    monkeypatch.chdir(tmp_path)
    assert run_command(["verify", "moved", "--mask", str(home.mask)]) == 0


def test_other_code_compares_numbers_alone(home, capsys, monkeypatch):
    """Its table may print otherwise, so a forged one is not seen; a forged number still is."""
    monkeypatch.setattr("npcstats.run.meetings.verify.hash_code", lambda: "0")
    meeting = home.meetings / FIRST
    table = meeting / "front" / "tables" / "state.csv"
    table.write_text(table.read_text("utf-8") + "more\n", "utf-8")
    forge(meeting)
    assert run_command(["verify", str(meeting), "--mask", str(home.mask)]) == 0
    assert "Another version of npcstats made them, so the words around the numbers were not" in capsys.readouterr().out


@pytest.mark.parametrize(("value", "same"), [("0.14285714", True), ("0.1428", False)])
def test_other_processor_compares_to_its_last_digits(home, monkeypatch, capsys, value, same):
    """One of seven died: 0.142857…, of which another processor may have other last digits, and no others."""
    for place in ("run.origin", "run.commands.meeting"):
        monkeypatch.setattr(f"npcstats.{place}.linear_algebra", lambda: "openblas for another")
    meeting = home.meetings / SECOND
    rows = meeting / "front" / "results" / "results.csv"
    before = rows.read_text("utf-8")
    rows.write_text(re.sub(r"(status,.*,DIED,.*,estimate,)[^,]+", rf"\g<1>{value}", before), "utf-8")
    assert rows.read_text("utf-8") != before
    forge(meeting, "front/results/results.csv")
    assert run_command(["verify", str(meeting), "--mask", str(home.mask)]) == (0 if same else 1)
    printed = capsys.readouterr()
    assert ("come out again, to 1e-07: openblas for another has other last digits." in printed.out) is same
    assert ("status|EVERY|all|all||Deaths|DIED" in printed.err) is not same


@pytest.mark.parametrize(
    "name",
    ["MANIFEST.json", "front/public.html", "front/tables/state.csv", "shut/results/results.csv",
     "shut/results/provenance.json", "statistician/data/adae.csv", "statistician/plan.py",
     "statistician/former/MANIFEST.json", "statistician/former/shut/results/results.csv"],
)  # fmt: skip
def test_first_difference_is_named(home, refusal, name):
    altered = home.meetings / SECOND / name
    altered.write_bytes(altered.read_bytes() + b"x")
    assert str(altered) in refusal("verify", home.meetings / SECOND, "--mask", home.mask)


@pytest.mark.parametrize("what", ["missing", "added", "link"])
def test_files_are_those_and_no_others(home, refusal, what):
    page = home.meetings / FIRST / "front" / "public.html"
    if what == "missing":
        page.unlink()
        named = f"{page}: missing (1 file differs)"
    elif what == "added":
        extra = page.with_name(".hidden")
        extra.write_text("here")
        named = f"{extra}: no file of the meeting (1 file differs)"
    else:
        real = page.rename(home.meetings.parent / "public.html")
        page.symlink_to(real)
        named = f"{page}: changed since the meeting was released (1 file differs)"
    assert refusal("verify", home.meetings / FIRST, "--mask", home.mask).startswith(named)


class TestForgeries:
    """Hashes alone prove nothing to who can write them anew: the numbers must come out."""

    def test_number_that_does_not_come_out(self, home, refusal):
        meeting = home.meetings / SECOND
        rows = meeting / "shut" / "results" / "results.csv"
        before = rows.read_text("utf-8")
        line = next(
            line
            for line in before.splitlines()
            if line.startswith("status,EVERY,all,A") and "DIED" in line and ",count," in line
        )
        rows.write_text(before.replace(line, line.replace(",count,1,", ",count,0,")), "utf-8")
        assert rows.read_text("utf-8") != before
        forge(meeting, "shut/results/results.csv")
        told = refusal("verify", meeting, "--mask", home.mask)
        assert told.startswith(f"{rows}: status|EVERY|all|A")
        assert "is not what comes out of the meeting's export and plan (1 of" in told

    def test_printed_table(self, home, refusal):
        meeting = home.meetings / SECOND
        table = meeting / "front" / "tables" / "state.csv"
        table.write_text(table.read_text("utf-8").replace("(14", "(15"), "utf-8")
        forge(meeting)
        assert refusal("verify", meeting, "--mask", home.mask) == (
            f"{table}: not what comes out of the meeting's export and plan."
        )

    def test_words_around_the_numbers(self, home, refusal):
        meeting = home.meetings / SECOND
        words = meeting / "front" / "results" / "catalogue.json"
        words.write_text(words.read_text("utf-8").replace('"Status"', '"Stature"'), "utf-8")
        forge(meeting, "front/results/catalogue.json")
        assert refusal("verify", meeting, "--mask", home.mask).startswith(f"{words}: not what comes out")

    def test_export(self, home, refusal):
        """The mucositis of P02, within the early period, was of grade 3 and becomes of grade 2."""
        meeting = home.meetings / FIRST
        data = meeting / "statistician" / "data" / "adae.csv"
        data.write_text(data.read_text().replace("P02,1,Gut,Mucositis oral,3", "P02,1,Gut,Mucositis oral,2"))
        forge(meeting)
        assert "results.csv: tox|" in refusal("verify", meeting, "--mask", home.mask)

    def test_former_meeting(self, home, refusal):
        meeting = home.meetings / SECOND
        kept = meeting / "statistician" / "former" / "MANIFEST.json"
        told = json.loads(kept.read_text("utf-8"))
        kept.write_text(json.dumps({**told, "lock_sha256": "0"}), "utf-8")
        forge(meeting)
        assert refusal("verify", meeting, "--mask", home.mask) == (
            f"{kept}: not of the meeting before; nothing may differ."
        )


class TestRecords:
    """What a record says beside hashes of files is compared with what its sessions say of themselves."""

    def told(self, home, refusal, **changed):
        record = home.meetings / FIRST / "MANIFEST.json"
        record.write_text(json.dumps({**json.loads(record.read_text("utf-8")), **changed}), "utf-8")
        return refusal("verify", home.meetings / FIRST, "--mask", home.mask).removeprefix(f"{record}: ")

    @pytest.mark.parametrize(
        ("name", "value"),
        [("lock_sha256", "0"), ("synthetic", True), ("code_sha256", "0"), ("versions", {"numpy": "0"})],
    )
    def test_other_origin(self, home, refusal, name, value):
        told = self.told(home, refusal, **{name: value})
        assert told == f"its {name} is not what the meeting was made with; nothing may differ."

    def test_other_results(self, home, refusal):
        told = self.told(home, refusal, sessions={"front": "0", "shut": "0"})
        assert told == "its sessions, front is not what the meeting was made with; nothing may differ."

    @pytest.mark.parametrize("sessions", [{}, {"front": "0"}])
    def test_session_that_it_is_silent_about(self, home, refusal, sessions):
        told = self.told(home, refusal, sessions=sessions)
        assert told == "its sessions are not those whose results lie in the folder; nothing may differ."

    def test_former_meeting_that_was_none(self, home, refusal):
        former = {"cutoff": "2024-12-31", "manifest_sha256": "0"}
        assert "not of the meeting before" in self.told(home, refusal, former=former)


class TestRefusals:
    def test_without_the_map(self, home, refusal):
        assert refusal("verify", home.meetings / FIRST).startswith("mask: none is given")

    @pytest.mark.parametrize("changed", [{"X": "A", "Y": "B"}, {"salt": "f0123456789abcdef0123456789abcde"}])
    def test_under_another_map(self, home, refusal, tmp_path, changed):
        other = tmp_path / "other.json"
        other.write_text(json.dumps({"X": "B", "Y": "A", "salt": eight.SALT, **changed}))
        told = refusal("verify", home.meetings / FIRST, "--mask", other)
        assert told == (f"mask {other}: another than the one that {home.meetings / FIRST} was made under; the map of "
                        "that meeting is required.")  # fmt: skip

    @pytest.mark.parametrize("option", ["--data", "--plan", "--cutoff"])
    def test_a_meeting_has_its_own(self, home, refusal, option):
        value = FIRST if option == "--cutoff" else home.data
        assert refusal("verify", home.meetings / FIRST, option, value).startswith("verify: a meeting has its own")

    @pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": 2}', '{"schema": 1}', "[" * 100_000])
    def test_record_that_is_none(self, home, refusal, text):
        record = home.meetings / FIRST / "MANIFEST.json"
        record.write_text(text)
        assert refusal("verify", home.meetings / FIRST, "--mask", home.mask).startswith(f"{record}: ")

    @pytest.mark.parametrize("name", ["/etc/passwd", "../x", "front/../../x"])
    def test_record_that_leads_out_of_its_folder(self, home, refusal, name):
        record = home.meetings / FIRST / "MANIFEST.json"
        told = json.loads(record.read_text("utf-8"))
        told["files_sha256"][name] = "0"
        record.write_text(json.dumps(told))
        assert refusal("verify", home.meetings / FIRST, "--mask", home.mask) == (
            f"{record}: not the record of a meeting; the folder of a meeting, as `npcstats meeting` wrote it, is "
            "required."
        )

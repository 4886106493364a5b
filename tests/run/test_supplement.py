"""The unmasked supplement is made when asked for, in a folder of its own, and by no other command."""

from __future__ import annotations

import json
import stat
import sys
from dataclasses import replace
from pathlib import Path

import eight
import pytest

from npcstats.errors import SpecError
from npcstats.provenance import hash_mask, read_provenance
from npcstats.results import read_results
from npcstats.run.cli import run_command
from npcstats.run.plan import Session

LETTERS = {"X": "B", "Y": "A"}
PLAN_FILE = f"""\
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location

from npcstats.run.plan import Report, Session

spec = spec_from_file_location("eight", {eight.__file__!r})
eight = module_from_spec(spec)
spec.loader.exec_module(eight)
TOLD = Session("told", "TOLD", "named", eight.CUTOFF, interim=True, numbered=False, unmasks=True)
STATUS = next(item for item in eight.PLAN.specs if item.id == "status")
PLAN = replace(
    eight.PLAN,
    sessions=(*eight.PLAN.sessions, TOLD),
    specs=(*(item for item in eight.PLAN.specs if item is not STATUS),
           replace(STATUS, sessions=(*STATUS.sessions, "told"))),
    reports=(Report("public", "front", ("html",)), Report("names", "told", ("html",))),
)
"""
REPORT = """\
---
title: "Names"
---

```{{python}}
#| include: false
from npcstats.results import open_results
from npcstats.tables import study_text
results = open_results("{session}")
```

Told: `{{python}} study_text(results, "{text}")`.
"""


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A project with a report that unmasks, an export and a map."""
    project = tmp_path / "project"
    for name in ("analysis", "reports"):
        (project / name).mkdir(parents=True)
    (project / "_quarto.yml").write_text("project:\n  type: default\n")
    (project / "analysis" / "plan.py").write_text(PLAN_FILE)
    (project / "reports" / "names.qmd").write_text(REPORT.format(session="told", text="letters"))
    (project / "reports" / "public.qmd").write_text(REPORT.format(session="front", text="registry"))
    data = tmp_path / "export"
    data.mkdir()
    for frame, text in eight.CSV.items():
        (data / f"{frame}.csv").write_bytes(text.encode())
    (tmp_path / "map.json").write_text(json.dumps({**LETTERS, "salt": eight.SALT}))
    monkeypatch.chdir(project)
    monkeypatch.delenv("NPCSTATS_MASK", raising=False)
    return tmp_path


def words(home: Path, command: str, *others: object) -> list[str]:
    given = ["--data", home / "export", "--mask", home / "map.json"]
    return [command, *map(str, others), *map(str, given)]


def refusal(capsys, arguments):
    capsys.readouterr()
    assert run_command(arguments) == 1
    return capsys.readouterr().err


def test_a_folder_of_its_own_tells_which_letter_is_which(home):
    assert run_command(words(home, "unmask", "--into", home / "told")) == 0
    assert ">arm A is Wye; arm B is Ex</span>." in (home / "told" / "names.html").read_text()
    found = read_results(home / "told" / "results" / "told")
    assert found.catalogue.study["letters"] == "arm A is Wye; arm B is Ex"
    assert found.catalogue.arms == {"X": "Ex", "Y": "Wye"}
    told = read_provenance(home / "told" / "results" / "told")
    assert told["mask_hmac_sha256"] == hash_mask(LETTERS, eight.SALT)
    assert sorted(path.name for path in (home / "told").iterdir()) == ["names.html", "results"]


@pytest.mark.skipif(sys.platform == "win32", reason="modes of group and others are POSIX's; Windows has none to read")
def test_nobody_but_its_owner_reads_it(home):
    run_command(words(home, "unmask", "--into", home / "told"))
    found = [home / "told", *(home / "told").rglob("*")]
    assert {stat.S_IMODE(path.stat().st_mode) for path in found} == {0o700, 0o600}


def test_the_salt_stays_in_the_map(home):
    run_command(words(home, "unmask", "--into", home / "told"))
    assert not [p for p in (home / "told").rglob("*") if p.is_file() and eight.SALT in p.read_text(errors="replace")]


def test_no_other_command_makes_it_in_passing(home):
    """Without names, documents and results are those of the other sessions."""
    assert run_command(words(home, "render", "--engine", "builtin")) == 0
    assert run_command(words(home, "results")) == 0
    made = [path.name for path in (home / "project").rglob("*") if "told" in path.parts or path.stem == "names"]
    assert made == ["names.qmd"]


@pytest.mark.parametrize("arguments", [("render", "names"), ("results", "told")])
def test_no_other_command_makes_it_by_name(home, capsys, arguments):
    told = refusal(capsys, words(home, *arguments))
    assert "session told tells which letter is which arm; `npcstats unmask` is required" in told
    assert not (home / "project" / "_output").exists()


def test_no_meeting_has_it(home):
    assert run_command(words(home, "meeting", "--cutoff", "2025-12-31", "--into", home / "meetings")) == 0
    (folder,) = (home / "meetings").iterdir()
    assert sorted(path.name for path in folder.iterdir()) == ["MANIFEST.json", "front", "shut", "statistician"]


def test_the_meeting_that_it_supplements(home, capsys):
    """It has that meeting's export, plan and cut-off, whatever the project has by now; and its map or none."""
    run_command(words(home, "meeting", "--cutoff", "2025-06-30", "--into", home / "meetings"))
    (folder,) = (home / "meetings").iterdir()
    asked = ["unmask", "--into", str(home / "told"), "--meeting", str(folder), "--mask"]
    (home / "other.json").write_text(json.dumps({"X": "A", "Y": "B", "salt": eight.SALT}))
    told = refusal(capsys, [*asked, str(home / "other.json")])
    assert f"another than the one that {folder} was made under" in told
    assert not (home / "told").exists()
    (home / "project" / "analysis" / "plan.py").write_text("PLAN = None\n")
    assert run_command([*asked, str(home / "map.json")]) == 0
    found = read_results(home / "told" / "results" / "told")
    assert found.catalogue.study["cutoff"] == "2025-06-30"
    assert found.catalogue.study["letters"] == "arm A is Wye; arm B is Ex"


@pytest.mark.parametrize("given", [("--cutoff", "2025-06-30"), ("--data", "export"), ("--plan", "plan.py")])
def test_nothing_of_a_meeting_is_replaced(home, capsys, given):
    told = refusal(capsys, ["unmask", "--into", str(home / "told"), "--meeting", str(home), *given])
    assert "--data, --plan and --cutoff are those of the meeting" in told


def test_never_inside_a_meeting(home, capsys):
    run_command(words(home, "meeting", "--cutoff", "2025-12-31", "--into", home / "meetings"))
    (folder,) = (home / "meetings").iterdir()
    for place in (folder / "told", folder / "front" / "told"):
        told = refusal(capsys, words(home, "unmask", "--into", place))
        assert "inside the folder of a meeting, which others read" in told
        assert not place.exists()


def test_what_is_there_is_not_touched(home, capsys):
    (home / "told").mkdir()
    assert "is there already; a folder to be made is required" in refusal(
        capsys, words(home, "unmask", "--into", home / "told")
    )
    assert list((home / "told").iterdir()) == []


def test_without_a_map_there_is_nothing_to_tell(home, capsys):
    told = refusal(capsys, ["unmask", "--into", str(home / "told"), "--data", str(home / "export")])
    assert "mask: none is given" in told
    assert not (home / "told").exists()


def test_a_plan_without_such_a_session(home, capsys):
    (home / "project" / "analysis" / "plan.py").write_text(eight.PLAN_FILE)
    told = refusal(capsys, words(home, "unmask", "--into", home / "told"))
    assert "no report is of a session that unmasks; one is required" in told


@pytest.mark.parametrize("changed", [{"arms": "masked"}, {"interim": False}, {"arms": "pooled"}])
def test_only_an_interim_session_of_named_arms_unmasks(plan, changed):
    session = Session("told", "TOLD", "named", eight.CUTOFF, interim=True, numbered=False, unmasks=True)
    assert replace(plan, sessions=(*plan.sessions, session)).session("told").unmasks
    with pytest.raises(SpecError, match="session told tells which letter is which arm, so it is an interim one"):
        replace(plan, sessions=(*plan.sessions, replace(session, **changed)))

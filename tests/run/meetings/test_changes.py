"""What changed between two meetings of the trial of eight, told by ``diff`` and by the later meeting itself.

The former export is that of `tests/analyses/changes/test_summary`.
"""

from __future__ import annotations

import shutil
import stat
from dataclasses import replace

import eight
import pytest
from meetings import CUTOFFS, PLAN_FILE, build_home
from pasts import former_events

from npcstats.errors import ResultsError
from npcstats.run.cli import run_command
from npcstats.run.meetings import changes

PLAN_OF_CHANGES = f"""\
{PLAN_FILE}
from npcstats.analyses.changes.displays import ChangedEvents, EventChanges, NumberChanges, RecordChanges, SetChanges
from pasts import LISTED, SINCE

BOTH = ("front", "shut")
PLAN = replace(
    PLAN,
    specs=(*PLAN.specs, SINCE),
    listings=(*PLAN.listings, LISTED),
    tables=(
        *PLAN.tables,
        RecordChanges(name="records", title="Records", sessions=BOTH, analysis="since"),
        EventChanges(name="events", title="Events", sessions=BOTH, analysis="since"),
        SetChanges(name="sets", title="Sets", sessions=BOTH, analysis="since"),
        NumberChanges(name="numbers", title="Numbers", sessions=BOTH, analysis="since"),
        ChangedEvents(name="changed", title="Changed", sessions=("shut",), analysis="changed", late_from=3),
    ),
)
"""
REPORT = """\
---
title: "{title}"
---

```{{python}}
from npcstats.results import open_results
from npcstats.tables import show_since

show_since(open_results("{session}"), "since", {tables})
```
"""
TABLES = ("numbers", "events", "sets", "records")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Three meetings, each the former of the next; the last two of one export."""
    home = build_home(tmp_path_factory.mktemp("changes"))
    (home.folder / "analysis" / "plan.py").write_text(PLAN_OF_CHANGES)
    for name, session in (("public", "front"), ("private", "shut")):
        shown = TABLES if session == "front" else (*TABLES, "changed")
        text = REPORT.format(title=name, session=session, tables=", ".join(f'"{one}"' for one in shown))
        (home.folder / "reports" / f"{name}.qmd").write_text(text)
    former = home.data.parent / "former"
    shutil.copytree(home.data, former)
    (former / "adae.csv").write_text(former_events(eight.CSV["adae"]))
    days = (*CUTOFFS, "2026-03-31")
    given = ["--data", str(former), "--data", str(home.data), "--data", str(home.data)]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home.folder)
        patch.delenv("NPCSTATS_MASK", raising=False)
        assert run_command([*replace(home, data="").words(*days), *given]) == 0
    return home


@pytest.fixture
def folders(home, monkeypatch):
    """Folders of the three meetings."""
    monkeypatch.chdir(home.folder)
    monkeypatch.delenv("NPCSTATS_MASK", raising=False)
    return [home.meetings / day for day in (*CUTOFFS, "2026-03-31")]


def told(capsys, *words):
    """What a command prints."""
    capsys.readouterr()
    assert run_command([str(word) for word in words]) == 0
    return capsys.readouterr().out


def _text(page):
    """The words of a page."""
    out, inside = [], False
    for sign in page:
        inside = sign == "<" or (inside and sign != ">")
        if not inside and sign != ">":
            out.append(sign)
    return " ".join("".join(out).split())


class TestMeeting:
    def test_first_says_in_one_sentence_that_there_is_none_before(self, folders):
        for session, report in (("front", "public"), ("shut", "private")):
            page = (folders[0] / session / f"{report}.html").read_text()
            assert page.count("There is no former meeting to compare with.") == 1

    def test_later_one_shows_every_table(self, folders):
        page = (folders[1] / "shut" / "private.html").read_text()
        assert "There is no former meeting" not in page
        assert [f"tbl-{name}" in page for name in (*TABLES, "changed")] == [True] * 5
        assert "0 / 1, now 1 / 3: +1 upgraded" in _text(page)

    def test_tables_are_files(self, folders):
        """Mucositis of grade 3 in A, which is Y: nobody of P02, then P02 of P02, P03 and P04; in B P05 of P05, then
        nobody of P05 and P01."""
        lines = (folders[1] / "shut" / "tables" / "numbers.csv").read_text().splitlines()
        assert lines[1:8] == [
            "Severe: 3 of 12 moved,,,,,,,,,",
            '"Mucositis oral, Arm A",0.0,33.3,33.3,0.0,0.0,100.0,0.0,−66.7,0.0',
            '"0 / 1, now 1 / 3: +1 upgraded",,,,,,,,,',
            '"Mucositis oral, Arm B",100.0,0.0,−100.0,0.0,0.0,−100.0,0.0,0.0,0.0',
            '"1 / 1, now 0 / 2: −1 downgraded",,,,,,,,,',
            '"Mucositis oral, all",50.0,20.0,−30.0,0.0,0.0,0.0,0.0,−30.0,0.0',
            '"1 / 2, now 1 / 5: +1 upgraded, −1 downgraded",,,,,,,,,',
        ]

    def test_listing_is_a_file(self, folders):
        lines = (folders[1] / "shut" / "tables" / "changed.csv").read_text().splitlines()
        assert [line.split(",")[2:5] for line in lines[1:]] == [
            ["Mucositis oral", "2", "3"],
            ["Nausea", "3", "–"],
            ["Mucositis oral", "3", "2"],
            ["Dry mouth", "1", "–"],
            ["Nausea", "1", "1"],
        ]

    def test_late_entries_of_lower_grades_are_counted_below(self, folders):
        page = _text((folders[1] / "shut" / "tables" / "changed.html").read_text())
        assert "Not shown: 1 entered later, of a grade below 3; the file of the listing has them." in page

    def test_of_one_export_no_record_changed(self, folders):
        """Between the last two meetings came P04's headache of 2026-01-05 and nothing of before."""
        lines = (folders[2] / "shut" / "tables" / "events.csv").read_text().splitlines()
        told = {line.rsplit(",", 3)[0].strip('"'): line.rsplit(",", 3)[1:] for line in lines[1:]}
        assert told.pop("New") == ["1", "0", "1"]
        assert list(told.values()) == [["0", "0", "0"]] * 7


class TestDiff:
    def test_tells_what_the_later_meeting_says(self, folders, capsys, monkeypatch):
        monkeypatch.setattr("npcstats.run.commands.compare.COMPUTE", None)
        out = told(capsys, "diff", *folders[:2])
        for text in ("Front session: Numbers", "Shut session: Changed", "upgraded", "higher grade"):
            assert text in out

    def test_page(self, folders, capsys, tmp_path):
        page = tmp_path / "page.html"
        out = told(capsys, "diff", *folders[:2], "--html", page)
        assert str(page) in out.replace("\n", "")
        content = page.read_text()
        assert content.startswith("<!DOCTYPE html>")
        assert 'data-key="since|DOSED|all|A||severe|' in content
        assert stat.S_IMODE(page.stat().st_mode) == 0o600

    def test_of_meetings_that_are_not_neighbours_is_computed(self, folders, home, capsys):
        """P04's death on 2026-01-15 and P02's on 2025-09-01 are both since the first meeting."""
        out = told(capsys, "diff", folders[0], folders[2], "--mask", home.mask)
        assert "higher grade" in out
        (line,) = [line.split() for line in out.splitlines() if line.strip().startswith("Died, all")]
        assert line[2:] == ["0", "2", "2", "0", "0", "0", "0", "2", "0"]

    def test_needs_the_map_for_that(self, folders, refusal):
        assert "mask" in refusal("diff", folders[0], folders[2])

    def test_later_first_is_refused(self, folders, home, refusal):
        assert "is not before" in refusal("diff", folders[2], folders[0], "--mask", home.mask)

    def test_meeting_and_results_are_refused(self, folders, refusal):
        other = folders[0] / "front" / "results"
        assert "two of a kind are required" in refusal("diff", folders[0], other)

    def test_results_of_two_meetings_still_compare_row_by_row(self, folders, refusal, tmp_path):
        page = tmp_path / "rows.html"
        pair = [folder / "front" / "results" for folder in folders[:2]]
        assert "rows differ between" in refusal("diff", *pair, "--html", page)
        assert "since|EVERY|all|all||former|||" in page.read_text()

    def test_altered_meeting_is_refused(self, folders, refusal, tmp_path):
        shutil.copytree(folders[1], tmp_path / "altered")
        file = tmp_path / "altered" / "shut" / "results" / "results.csv"
        file.write_text(file.read_text().replace("0.5", "0.6"))
        assert "changed since the meeting was released" in refusal("diff", folders[0], tmp_path / "altered")

    def test_plan_without_tables_of_changes_is_refused(self, folders):
        with pytest.raises(ResultsError, match="its plan has no table of what changed"):
            changes.require_changes(folders[0], [changes.SessionChanges("front", False, ())])

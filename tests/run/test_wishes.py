"""A session before its time is made only by name, and a plan without reports has results."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace

import pytest
from eight import PLAN_FILE

from npcstats.errors import SpecError
from npcstats.provenance import read_provenance
from npcstats.run.cli import run_command
from npcstats.run.plan import Report
from npcstats.run.project import Project
from npcstats.run.wishes import Wish, plan_reports, plan_sessions

LATE = datetime.date(2030, 6, 30)
REPORTS = (Report("front", "front", ("pdf",)), Report("last", "end", ("pdf",)))


@pytest.fixture
def project(tmp_path):
    (tmp_path / "_quarto.yml").write_text("")
    return Project(tmp_path)


@pytest.fixture
def load(monkeypatch, plan):
    """Make every plan file this plan, changed."""

    def change(**changed):
        made = replace(plan, **changed)
        monkeypatch.setattr("npcstats.run.wishes.load_plan", lambda path: made)
        return made

    return change


@pytest.fixture
def late(plan, load):
    """A plan whose last session, of named arms, is years after the export's last record."""
    sessions = (*plan.sessions[:2], replace(plan.sessions[2], cutoff=LATE))
    return load(sessions=sessions, reports=REPORTS)


class TestReports:
    def test_a_report_before_its_time_is_left_out_and_told(self, project, late, write_export):
        planned = plan_reports(project, Wish(data=write_export()))
        assert [report.name for report in planned.reports] == ["front"]
        assert planned.run.sessions == ("front",)
        assert planned.left_out == (
            "Left out, as it is not named: last: its cut-off, 30 June 2030, is after the last record of the export, 1 "
            "February 2026.",
        )

    def test_it_is_made_by_name(self, project, late, write_export):
        planned = plan_reports(project, Wish(("last",), data=write_export()))
        assert planned.run.sessions == ("end",)
        assert planned.left_out == ()

    def test_an_export_that_reaches_the_cutoff_has_every_report(self, project, load, write_export):
        load(reports=REPORTS)
        planned = plan_reports(project, Wish(data=write_export()))
        assert planned.run.sessions == ("front", "end")
        assert planned.left_out == ()

    @pytest.mark.parametrize(
        ("cutoff", "made", "why"),
        [
            (datetime.date(2025, 6, 30), ["front"], "the cut-off is before its own, 31 December 2025"),
            (datetime.date(2025, 12, 31), ["front", "last"], ""),
            (datetime.date(2035, 1, 1), ["front", "last"], ""),
        ],
    )
    def test_a_cutoff_asked_for(self, project, load, write_export, cutoff, made, why):
        load(reports=REPORTS)
        planned = plan_reports(project, Wish(data=write_export(), cutoff=cutoff))
        assert [report.name for report in planned.reports] == made
        assert why in "".join(planned.left_out)

    def test_a_late_cutoff_asked_for_does_not_unmask_an_early_export(self, project, late, write_export):
        planned = plan_reports(project, Wish(data=write_export(), cutoff=datetime.date(2035, 1, 1)))
        assert [report.name for report in planned.reports] == ["front"]

    @pytest.mark.parametrize("cutoff", [None, datetime.date(2025, 6, 30)])
    def test_no_report_due_is_a_refusal(self, project, late, load, write_export, cutoff):
        load(sessions=late.sessions, reports=REPORTS[1:])
        with pytest.raises(SpecError, match=r"export: no report is due \(last: .*\); the name of one is required"):
            plan_reports(project, Wish(data=write_export(), cutoff=cutoff))

    def test_a_plan_without_reports_cannot_be_rendered(self, project, load, write_export):
        load(reports=())
        with pytest.raises(SpecError, match=r"^plan: it has no report, which is required here; `npcstats"):
            plan_reports(project, Wish(data=write_export()))


class TestSessions:
    def test_without_names_the_sessions_that_are_due(self, project, late, load, write_export):
        load(sessions=late.sessions, reports=())
        planned = plan_sessions(project, Wish(data=write_export()))
        assert planned.run.sessions == ("front", "shut")
        assert len(planned.left_out) == 1
        assert plan_sessions(project, Wish(data=write_export(name="b")), ("end",)).run.sessions == ("end",)

    def test_a_plan_without_reports_has_results_of_every_session(self, project, load, write_export):
        load(reports=())
        assert plan_sessions(project, Wish(data=write_export())).run.sessions == ("front", "shut", "end")

    def test_a_session_that_no_report_is_of_is_made_by_name(self, project, load, write_export):
        load()
        assert plan_sessions(project, Wish(data=write_export())).run.sessions == ("front", "shut")

    def test_a_plan_without_sessions_is_refused(self, project, load, write_export):
        load(reports=(), sessions=(), specs=())
        with pytest.raises(SpecError, match=r"^plan: it has no session; at least one is required\.$"):
            plan_sessions(project, Wish(data=write_export()))


LATER_END = """\
import dataclasses, datetime

end = dataclasses.replace(PLAN.sessions[2], cutoff=datetime.date(2030, 6, 30))
PLAN = dataclasses.replace(PLAN, sessions=(*PLAN.sessions[:2], end), reports=())
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A project whose plan has no report, and a session long after the export."""
    (tmp_path / "p" / "analysis").mkdir(parents=True)
    (tmp_path / "p" / "_quarto.yml").write_text("")
    (tmp_path / "p" / "analysis" / "plan.py").write_text(PLAN_FILE + LATER_END)
    monkeypatch.chdir(tmp_path / "p")
    return tmp_path / "p"


def test_on_the_command_line(folder, write_export, salt, capsys):
    """Named arms are not there without being asked for; asked for, provenance and page say that it is early."""
    mask = folder / "mask.json"
    mask.write_text(json.dumps({"X": "A", "Y": "B", "salt": salt}))
    asked = ["--data", str(write_export()), "--mask", str(mask)]
    assert run_command(["results", *asked]) == 0
    printed = capsys.readouterr().out
    assert "Left out, as it is not named: end: its cut-off, 30 June 2030, is after the last record" in printed
    (made,) = (folder / "analysis" / "results" / "runs").iterdir()
    assert sorted(path.name for path in made.iterdir()) == ["front", "shut"]
    assert run_command(["verify", *asked]) == 0
    assert "results of front, shut are reproduced" in capsys.readouterr().out
    assert run_command(["results", "end", *asked]) == 0
    printed = capsys.readouterr().out
    assert "Note, end: The export ends before the cut-off: its records reach 1 February 2026." in printed
    assert read_provenance(made / "end")["early"].startswith("The export ends before the cut-off")
    catalogue = json.loads((made / "end" / "catalogue.json").read_text())
    assert catalogue["provenance"]["Export"].startswith("The export ends before the cut-off")
    assert read_provenance(made / "front")["early"] == ""
    assert run_command(["verify", *asked]) == 0
    assert "front, shut, end" in capsys.readouterr().out
    assert run_command(["render", *asked]) == 1
    assert "it has no report" in capsys.readouterr().err


def test_a_last_session_before_its_own_cutoff_says_so(folder, write_export, capsys):
    asked = ["--data", str(write_export()), "--cutoff", "2025-12-31"]
    assert run_command(["results", "end", *asked]) == 0
    told = "The cut-off is before the one that the plan sets for this session, 30 June 2030."
    assert f"Note, end: {told}" in capsys.readouterr().out
    (made,) = (folder / "analysis" / "results" / "runs").iterdir()
    catalogue = json.loads((made / "end" / "catalogue.json").read_text())
    assert catalogue["provenance"]["Cut-off of the plan"] == told
    assert "Export" not in catalogue["provenance"]


def test_verify_without_results_is_a_refusal(folder, write_export, capsys):
    assert run_command(["verify", "--data", str(write_export())]) == 1
    assert "no results of this run; `npcstats results` makes them." in capsys.readouterr().err

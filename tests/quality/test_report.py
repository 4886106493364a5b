"""The page and the list: everything found is in both, the bytes are the same again, and nothing is half written."""

from __future__ import annotations

import csv
import datetime
import re
from pathlib import Path

import pytest

from npcstats.errors import DataError, SpecError
from npcstats.quality import RULES, inspect_read, inspect_study, load_checks, read_export, summary_lines, write_report
from npcstats.run.cli import run_command
from npcstats.synthetic import write_trial
from npcstats.synthetic.faults import plant_faults

ROOT = Path(__file__).resolve().parents[2]

PLAN = str(ROOT / "analysis" / "plan")
ONE_ANALYSIS = f"""
from dataclasses import replace
from pathlib import Path
from npcstats.run.plan import load_plan
whole = load_plan(Path({PLAN!r}))
PLAN = replace(whole, specs=whole.specs[:1], tables=(), figures=(), listings=(), quotes=())
"""


@pytest.fixture(scope="module")
def dirty(study, design, truth):
    return study.with_frames(plant_faults(study.frames, design, truth, 7232680)[0])


@pytest.fixture(scope="module")
def dirty_report(dirty, checks):
    return inspect_study(dirty, checks, cutoff=None)


@pytest.fixture
def project(tmp_path, monkeypatch):
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "_quarto.yml").write_text("project:\n  type: default\n")
    monkeypatch.chdir(folder)
    return folder


def export(study, folder):
    write_trial(study.frames, folder)
    return folder


class TestWritten:
    def test_list_holds_every_finding(self, dirty_report, tmp_path):
        report = dirty_report
        _, listed = write_report(report, tmp_path)
        rows = list(csv.DictReader(listed.read_text(encoding="utf-8").splitlines()))
        assert list(rows[0]) == ["rule", "severity", "frame", "row", "text"]
        assert [(r["rule"], r["severity"], r["frame"], int(r["row"]), r["text"]) for r in rows] == [
            (item.rule, item.severity, item.frame, item.row, item.text) for item in report.findings
        ]

    def test_page_is_grouped_and_counts(self, dirty_report, tmp_path):
        report = dirty_report
        page = write_report(report, tmp_path)[0].read_text(encoding="utf-8")
        for rule in RULES:
            count = sum(item.rule == rule.id for item in report.findings)
            found = re.findall(rf'<h3 id="{rule.id}">.*?: ([\d,]+) (?:error|errors|query|queries)</h3>', page)
            assert found == ([str(count)] if count else [])
        assert "SYNTHETIC DATA" in page
        assert f"{report.count('error')} errors" in page

    def test_page_needs_nothing_else(self, dirty_report, tmp_path):
        page = write_report(dirty_report, tmp_path)[0].read_text(encoding="utf-8")
        assert not re.search(r"https?:|src=|url\(|<script|<link|@import", page)
        assert set(re.findall(r'href="([^"]*)"', page)) <= {f"#{rule.id}" for rule in RULES}

    def test_page_uses_the_colours_of_the_house(self, few, checks, tmp_path):
        page = write_report(inspect_study(few, checks, cutoff=None), tmp_path)[0].read_text(encoding="utf-8")
        house = {"#1d2733", "#5b6775", "#b9c2cc", "#f3f6f8", "#9c2f1e", "#fff"}
        assert set(re.findall(r"#[0-9a-f]{6}\b|#fff\b", page)) <= house

    def test_nobody_is_named(self, dirty, checks, tmp_path, truth):
        page, listed = write_report(inspect_study(dirty, checks, cutoff=truth.calendar.database_date), tmp_path)
        for text in (page.read_text(encoding="utf-8"), listed.read_text(encoding="utf-8")):
            assert truth.id_prefix + "-" not in text

    def test_same_bytes_and_no_leftovers(self, dirty, dirty_report, checks, tmp_path):
        first = [path.read_bytes() for path in write_report(dirty_report, tmp_path / "a")]
        again = [path.read_bytes() for path in write_report(inspect_study(dirty, checks, cutoff=None), tmp_path / "a")]
        assert first == again
        assert sorted(path.name for path in (tmp_path / "a").iterdir()) == ["check.html", "findings.csv"]

    def test_long_lists_are_cut_on_the_page_only(self, few, checks, tmp_path):
        report = inspect_study(few, checks, cutoff=datetime.date(2026, 1, 1))
        late = sum(item.rule == "AFTER-CUTOFF" for item in report.findings)
        page, listed = write_report(report, tmp_path)
        assert late > 200
        assert f"The first 200; {late - 200:,} more stand in findings.csv." in page.read_text(encoding="utf-8")
        assert len(listed.read_text(encoding="utf-8").splitlines()) == 1 + len(report.findings)

    def test_skipped_rules_are_named(self, few, checks, tmp_path):
        report = inspect_study(few, checks, cutoff=None)
        page = write_report(report, tmp_path)[0].read_text(encoding="utf-8")
        assert "Not checked: AFTER-CUTOFF, no cut-off is given." in page
        assert "AFTER-CUTOFF was not checked: no cut-off is given." in summary_lines(report)


class TestCommand:
    def test_clean_export(self, project, few, capsys):
        folder = export(few, project / "export")
        assert run_command(["check", str(folder), "--plan", PLAN]) == 0
        printed = capsys.readouterr()
        assert printed.err == ""
        assert "No errors and no queries." in printed.out
        (place,) = (project / "_output").iterdir()
        assert place.name.startswith("export-plan-")
        assert sorted(path.name for path in (place / "check").iterdir()) == ["check.html", "findings.csv"]

    def test_no_check_takes_the_place_of_another(self, project, few, capsys):
        """Exports in folders of one name, another cut-off, other checks: a report each."""
        other = few.with_frames({"adlb": few["adlb"].iloc[1:].reset_index(drop=True)})
        folders = [export(few, project / "a" / "export"), export(other, project / "b" / "export")]
        for name in ("checks.py", "eligibility.py"):
            (project / name).write_text((ROOT / "analysis" / name).read_text() + "# another\n")
        (project / "plan.py").write_text(ONE_ANALYSIS)
        theirs, ours = str(ROOT / "analysis" / "checks.py"), str(project / "checks.py")
        first = ["check", str(folders[0]), "--plan", "plan.py", "--checks", theirs]
        for words in (first, ["check", str(folders[1]), *first[2:]], [*first, "--cutoff", "2028-01-01"],
                      [*first[:-1], ours], first):  # fmt: skip
            run_command(words)
        pages = re.findall("Page: (.*)", capsys.readouterr().out)
        assert pages[0] == pages[4]
        assert len(set(pages)) == len(list((project / "_output").glob("*/check/check.html"))) == 4

    def test_queries_do_not_fail(self, project, few, capsys):
        folder = export(few, project / "export")
        out = project / "elsewhere"
        words = ["check", str(folder), "--plan", PLAN, "--cutoff", "2028-01-01", "--output-dir", str(out)]
        assert run_command(words) == 0
        assert re.search(r"AFTER-CUTOFF +query +\d+ ", capsys.readouterr().out)
        assert (out / "findings.csv").is_file()
        assert not (project / "_output").exists()

    def test_one_error_fails(self, project, few, capsys):
        adlb = few["adlb"].copy()
        row = adlb.index[(adlb["PARAMCD"] == "CREAT") & (adlb["AVISIT"] == "M3") & adlb["AVAL"].notna()][0]
        adlb.loc[row, ["AVAL", "AVALC"]] = [88.0, "88"]
        folder = export(few.with_frames({"adlb": adlb}), project / "export")
        (project / "plan.py").write_text(ONE_ANALYSIS)
        checks = str(ROOT / "analysis" / "checks.py")
        assert run_command(["check", str(folder), "--plan", "plan.py", "--checks", checks]) == 1
        printed = capsys.readouterr()
        assert re.search(r"LB-SWAP +error +1 ", printed.out)
        assert printed.err == "npcstats: export: 1 error, 0 queries; an export without errors is required.\n"

    def test_schema_faults_come_first_and_rules_still_run(self, project, few, capsys):
        adae, adlb = few["adae"].copy(), few["adlb"].copy()
        adae.loc[2, "AETOXGR"] = 7
        row = adlb.index[(adlb["PARAMCD"] == "CREAT") & (adlb["AVISIT"] == "M3") & adlb["AVAL"].notna()][0]
        adlb.loc[row, ["AVAL", "AVALC"]] = [88.0, "88"]
        folder = export(few.with_frames({"adae": adae, "adlb": adlb}), project / "export")
        assert run_command(["check", str(folder), "--plan", PLAN]) == 1
        assert capsys.readouterr().err.startswith("npcstats: adae.AETOXGR: 1 row outside 1..5 (row 3: 7);")
        (listed,) = (project / "_output").glob("*/check/findings.csv")
        rows = list(csv.DictReader(listed.read_text().splitlines()))
        assert (rows[0]["rule"], rows[0]["severity"], rows[0]["frame"], rows[0]["row"]) == (
            "SCHEMA",
            "error",
            "adae",
            "",
        )
        assert any(item["rule"] == "LB-SWAP" for item in rows)

    def test_wrong_cutoff(self, project, few, capsys):
        folder = export(few, project / "export")
        assert run_command(["check", str(folder), "--plan", PLAN, "--cutoff", "tomorrow"]) == 1
        assert "not a date" in capsys.readouterr().err
        assert not (project / "_output").exists()


class TestDamagedExports:
    @pytest.mark.parametrize("frame", ["adsl", "adae", "adex", "adassess"])
    def test_missing_file(self, few, design, checks, tmp_path, frame):
        folder = export(few, tmp_path / "export")
        (folder / f"{frame}.csv").unlink()
        report = inspect_read(read_export(folder, design), checks, cutoff=None)
        assert report.findings[0].rule == "SCHEMA"
        assert str(tmp_path) not in report.findings[0].text
        assert report.skipped

    def test_repeated_participant_and_stray_record(self, few, design, checks, tmp_path):
        """Contradictions of the contract leave the rules standing."""
        adsl = few["adsl"].copy()
        gone = adsl.loc[1, "USUBJID"]
        adsl.loc[1, "USUBJID"] = adsl.loc[0, "USUBJID"]
        read = read_export(export(few.with_frames({"adsl": adsl}), tmp_path / "e"), design)
        report = inspect_read(read, checks, cutoff=None)
        assert report.findings[0].rule == "SCHEMA"
        assert not any(gone in item.text for item in report.findings)

    def test_missing_folder(self, design, checks, tmp_path):
        with pytest.raises(DataError, match="no such folder"):
            read_export(tmp_path / "none", design)


class TestLoaded:
    def test_missing_and_wrong_files(self, tmp_path):
        with pytest.raises(SpecError, match="there is no such file; a Python file that defines CHECKS is required"):
            load_checks(tmp_path / "checks.py")
        (tmp_path / "checks.py").write_text("CHECKS = 3\n")
        with pytest.raises(SpecError, match="defines no CHECKS"):
            load_checks(tmp_path / "checks.py")
        (tmp_path / "checks.py").write_text("CHECKS = 1 / none\n")
        with pytest.raises(SpecError, match="cannot be run"):
            load_checks(tmp_path / "checks.py")

    def test_criteria_come_from_beside(self, tmp_path):
        text = (ROOT / "analysis" / "checks.py").read_text(encoding="utf-8")
        (tmp_path / "checks.py").write_text(text, encoding="utf-8")
        with pytest.raises(SpecError, match="defines CRITERIA"):
            load_checks(tmp_path / "checks.py")
        (tmp_path / "eligibility.py").write_text("CRITERIA = ()\n")
        assert load_checks(tmp_path / "checks.py").criteria == ()

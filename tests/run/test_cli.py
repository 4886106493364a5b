"""The command line: a refusal is one message on standard error and exit code 1; done is 0; a difference is 1."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from eight import PLAN_FILE

from npcstats import __version__
from npcstats.provenance import write_provenance
from npcstats.results import write_results
from npcstats.run.cli import one_screen, run_command
from npcstats.run.plan import Plan
from npcstats.run.sessions import build_results, prepare_study

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path, write_export, monkeypatch):
    """A project folder of the trial of eight, without data of its own."""
    folder = tmp_path / "project"
    (folder / "analysis").mkdir(parents=True)
    (folder / "_quarto.yml").write_text("project:\n  type: default\n")
    (folder / "analysis" / "plan.py").write_text(PLAN_FILE)
    monkeypatch.chdir(folder)
    monkeypatch.delenv("NPCSTATS_MASK", raising=False)
    return folder


def refusal(capsys, *arguments):
    """The message of a command that is refused."""
    assert run_command([str(a) for a in arguments]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Traceback" not in printed.err
    assert printed.err.startswith("npcstats: ")
    return printed.err.removeprefix("npcstats: ").rstrip("\n")


class TestRefusals:
    @pytest.mark.parametrize("command", ["results", "check"])
    def test_missing_data_folder(self, project, capsys, tmp_path, command):
        words = [command, tmp_path / "none"] if command == "check" else [command, "--data", tmp_path / "none"]
        assert refusal(capsys, *words) == (
            f"{tmp_path / 'none'}: there is no such folder; a folder with one file per frame is required."
        )

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (("check",), "Missing parameter: folder; `npcstats --help` lists what is possible."),
            (("results", "--bogus"), "No such option: --bogus; `npcstats --help` lists what is possible."),
        ],
    )
    def test_usage_is_told_in_two_clauses(self, project, capsys, words, told):
        assert refusal(capsys, *words) == told

    def test_unknown_report(self, project, capsys):
        assert refusal(capsys, "render", "none") == (
            "report 'none' is not in the plan; one of public, private is required."
        )

    def test_unknown_session(self, project, capsys, write_export):
        assert refusal(capsys, "results", "none", "--data", write_export()).startswith("plan: session 'none' does not")

    @pytest.mark.parametrize(
        "text", ["2027-13-01", "2027-02-30", "30/06/2027", "20270630", "soon", "2027-6-3", "2027-W26-3"]
    )
    @pytest.mark.parametrize("command", ["results", "render", "verify"])
    def test_bad_date(self, project, capsys, command, text):
        assert refusal(capsys, command, "--cutoff", text) == f"--cutoff {text}: not a date; YYYY-MM-DD is required."

    def test_missing_map(self, project, capsys, write_export, tmp_path):
        data = write_export()
        told = refusal(capsys, "results", "shut", "--data", data)
        assert told.startswith("mask: none is given for a session whose arms are masked or whose ")
        told = refusal(capsys, "results", "shut", "--data", data, "--mask", tmp_path / "none.json")
        assert told.startswith(f"mask {tmp_path / 'none.json'}: No such file or directory;")
        assert not (project / "analysis" / "results").exists() or not list((project / "analysis").rglob("results.csv"))

    @pytest.mark.parametrize(
        ("frame", "old", "new", "message"),
        [
            ("adae", "AETOXGR", "GRADE",
             "adae: 1 column is missing (AETOXGR); all of USUBJID, AESEQ, AEBODSYS, AEDECOD, AETOXGR, AESER, AEREL, "
             "ASTDT, AENDT, AEACN, AEOUT, ENTRYDT are required.\nadae: 1 column is not in the data contract (GRADE); "
             "map them in the plan's columns or leave them out of the export."),
            ("adae", "oral,3,Y", "oral,6,Y",
             "adae.AETOXGR: 1 row outside 1..5 (row 1: 6); grades are CTCAE integers 1 to 5."),
            ("adsl", "\nP02,", "\nP05,",
             "adsl.USUBJID: 1 row repeated (row 2 repeats row 1); one row for each participant is required."),
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("command", ["check", "results"])
    def test_bad_export(self, project, capsys, write_export, texts, command, frame, old, new, message):
        data = write_export({frame: texts[frame].replace(old, new)})
        words = [command, data] if command == "check" else [command, "--data", data]
        told = refusal(capsys, *words)
        assert told.startswith(message)
        assert list(project.rglob("results.csv")) == []

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (["results", "--nothing"], "--nothing"),
            (["nothing"], "nothing"),
            (["check"], "folder"),
            (["diff", "a", "b", "--tolerance", "much"], "number"),
            (["results", "--data"], "--data"),
        ],
    )
    def test_usage(self, project, capsys, words, told):
        message = refusal(capsys, *words)
        assert told in message
        assert len(message.splitlines()) == 1

    def test_unknown_engine(self, project, capsys):
        assert refusal(capsys, "render", "--engine", "word") == (
            "engine: 'word'; one of auto, quarto, builtin is required."
        )

    def test_reports_and_files_together(self, project, capsys):
        assert refusal(capsys, "render", "public", "x.qmd").startswith("render: reports of the plan and .qmd files")
        assert refusal(capsys, "render", "public", "--to", "pdf").startswith(
            "render: --to, -P, --execute-params, -M and --output-dir go with"
        )
        assert refusal(capsys, "render", "none.qmd").startswith("none.qmd: there is no such file;")

    def test_bad_plan(self, project, capsys, tmp_path):
        (tmp_path / "bad.py").write_text("PLAN = 3\n")
        assert "defines no PLAN" in refusal(capsys, "check", tmp_path, "--plan", tmp_path / "bad.py")
        assert "there is no such file" in refusal(capsys, "check", tmp_path, "--plan", tmp_path / "none.py")

    def test_outside_a_project(self, capsys, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        assert refusal(capsys, "results").endswith("no _quarto.yml here or above; a project folder is required.")

    def test_missing_source_of_a_report(self, project, capsys, write_export):
        told = refusal(capsys, "render", "public", "--data", write_export(), "--engine", "builtin")
        assert told.endswith("public.qmd: there is no such file; the plan's report requires it.")


def test_check_refuses_what_results_refuse(project, capsys, write_export, texts):
    """P05 began radiotherapy on 2025-01-20: a recurrence of the day before stops every analysis that counts it."""
    data = write_export({"adevent": texts["adevent"] + "P05,LOCAL,2025-01-19,IMAGING,2025-01-25\n"})
    told = refusal(capsys, "check", data).splitlines()
    assert told
    assert all("1 participant with an event before RTSTDT" in line for line in told)


def test_check_of_a_good_export(project, capsys, write_export):
    folder = write_export()
    assert run_command(["check", str(folder)]) == 0
    printed = capsys.readouterr()
    told, unchecked = printed.out.splitlines()
    assert told == f"{folder}: 92 records in 12 frames meet the data contract."
    assert unchecked.endswith(
        "checks.py: there is no such file; only the data contract and whether the analyses can be made were checked."
    )
    assert printed.err == ""


def test_checks_lie_beside_the_folder_of_the_plan_wherever_it_is_named_from(project, capsys, write_export, monkeypatch):
    """From inside, the folder is called by a dot, which has no place of its own."""
    data = write_export()
    (project / "analysis" / "plan").mkdir()
    (project / "analysis" / "plan.py").rename(project / "analysis" / "plan" / "__init__.py")
    monkeypatch.chdir(project / "analysis" / "plan")
    assert run_command(["check", str(data), "--plan", "."]) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith(f"{project / 'analysis' / 'checks.py'}: there is no such")


def test_brackets_and_colons_of_a_folder_are_printed_as_they_are(project, capsys, write_export):
    folder = write_export(name="[old] :smile: [/b]".replace("/", "-"))
    assert run_command(["check", str(folder)]) == 0
    assert capsys.readouterr().out.startswith(f"{folder}: ")


def test_version(capsys):
    assert run_command(["--version"]) == 0
    assert capsys.readouterr().out == f"{__version__}\n"


def test_results_and_verify(project, capsys, write_export, salt, tmp_path):
    """The same run twice goes to the same folder; verify finds it, and finds a number that was changed."""
    data = write_export()
    (tmp_path / "mask.json").write_text(json.dumps({"X": "A", "Y": "B", "salt": salt}))
    asked = ["--data", str(data), "--mask", str(tmp_path / "mask.json")]
    assert run_command(["results", *asked]) == 0
    assert run_command(["results", *asked]) == 0
    runs = list((project / "analysis" / "results" / "runs").iterdir())
    assert len(runs) == 1
    assert sorted(p.name for p in runs[0].iterdir() if not p.name.startswith(".")) == ["front", "shut"]
    assert run_command(["verify", *asked]) == 0
    capsys.readouterr()
    changed = runs[0] / "front" / "results.csv"
    changed.write_text(changed.read_text().replace("57.5", "57.6"))
    assert refusal(capsys, "verify", *asked).startswith("session front: ")


def test_other_linear_algebra_is_told_and_may_only_move_last_digits(project, capsys, write_export, salt, tmp_path):
    """Made as if on another processor: verified to 1e-7, and a number further away is still found."""
    (tmp_path / "mask.json").write_text(json.dumps({"X": "A", "Y": "B", "salt": salt}))
    asked = ["--data", str(write_export()), "--mask", str(tmp_path / "mask.json")]

    def made(shift):
        def moved(study, plan, past=None):
            results = build_results(study, plan, past)
            rows = [replace(row, value=row.value + shift) if row.stat == "ci_low" else row for row in results.rows]
            return replace(results, rows=tuple(rows))

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("npcstats.run.origin.linear_algebra", lambda: "openblas for Nothing")
            patch.setattr("npcstats.run.make.build_results", moved)
            assert run_command(["results", *asked]) == 0
        capsys.readouterr()

    made(1e-9)
    assert run_command(["verify", *asked]) == 0
    assert "reproduced to 1e-07" in capsys.readouterr().out
    made(1e-6)
    assert "differ" in refusal(capsys, "verify", *asked)


@pytest.fixture
def folders(whole, plan, tmp_path):
    """Two results folders of the same session, alike but for one value in the second."""
    results = build_results(prepare_study(whole, plan, "end"), plan)
    first = results.rows[0]
    other = replace(results, rows=(replace(first, value=first.value * (1 + 1e-6)), *results.rows[1:]))
    for name, content in (("first", results), ("second", other)):
        (tmp_path / name).mkdir()
        write_results(content, tmp_path / name)
    return tmp_path / "first", tmp_path / "second"


def test_diff(folders, capsys, tmp_path):
    first, second = map(str, folders)
    assert run_command(["diff", first, first]) == 0
    assert capsys.readouterr().out == "No difference.\n"
    assert run_command(["diff", first, second]) == 1
    printed = capsys.readouterr()
    assert printed.err.startswith("npcstats: 1 row differs between")
    assert len(printed.out.splitlines()) == 1
    assert run_command(["diff", first, second, "--tolerance", "1e-5"]) == 0
    capsys.readouterr()
    assert "No such file" in refusal(capsys, "diff", first, tmp_path / "none")


def test_trace(folders, capsys, plan):
    first, _ = folders
    folder, session = first.parent, first.name
    write_provenance(first, {})
    key = "who|EVERY|all|X||Person|AGE||||mean|estimate"
    assert run_command(["trace", key, "--session", session, "--results", str(folder)]) == 0
    assert "52.625" in capsys.readouterr().out
    told = refusal(capsys, "trace", "who|none", "--session", session, "--results", folder)
    assert told.startswith("results: no row has the key 'who|none';")
    assert isinstance(plan, Plan)


class TestOneScreen:
    def test_a_short_message_stays(self):
        assert one_screen("npcstats: a.\nb.") == "npcstats: a.\nb."

    @pytest.mark.parametrize("count", [1, 22, 23, 24, 25, 100, 5000])
    def test_many_faults(self, count):
        lines = one_screen("\n".join(f"fault {i}" for i in range(count))).splitlines()
        assert len(lines) <= 24
        if count > 23:
            assert lines[-1] == f"and {count - 23} more"

    @pytest.mark.parametrize("length", [799, 800, 801, 200_000_000])
    def test_a_long_fault(self, length):
        text = one_screen("x" * length)
        assert len(text) == min(length, 800)
        assert text.endswith("…") == (length > 800)

    def test_long_faults_are_counted_by_the_rows_they_take(self):
        text = one_screen("\n".join(["y" * 800] * 9))
        assert sum(-(-len(line) // 80) for line in text.splitlines()) <= 24
        assert text.splitlines()[-1] == "and 7 more"

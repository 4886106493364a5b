"""Numbers keep to the bytes they were made from: a change, meanwhile or by hand, is never passed over."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import shutil
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from eight import PLAN_FILE

from npcstats.documents import render_document
from npcstats.errors import ResultsError
from npcstats.provenance import write_provenance
from npcstats.results import open_results, write_results
from npcstats.run import make
from npcstats.run.cli import run_command
from npcstats.run.make import Run
from npcstats.run.places import run_places
from npcstats.run.plan import load_plan
from npcstats.run.project import Project
from npcstats.run.runs import make_run
from npcstats.run.sessions import build_results, prepare_study
from npcstats.run.wishes import Wish, plan_sessions

AGAIN = "`npcstats results` makes them again."


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project folder of the trial of eight."""
    folder = tmp_path / "project"
    (folder / "analysis").mkdir(parents=True)
    (folder / "_quarto.yml").write_text("")
    (folder / "analysis" / "plan.py").write_text(PLAN_FILE)
    monkeypatch.chdir(folder)
    monkeypatch.delenv("NPCSTATS_MASK", raising=False)
    return folder


@pytest.fixture
def asked(project, write_export, salt):
    """Options of a run that makes every session."""
    (project / "mask.json").write_text(json.dumps({"X": "A", "Y": "B", "salt": salt}))
    return ["--data", str(write_export()), "--mask", str(project / "mask.json")]


def _runs(project: Path) -> list[Path]:
    return sorted((project / "analysis" / "results" / "runs").iterdir())


def _with_other_bytes(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n")


def test_hash_is_of_the_bytes_that_were_read(project, asked, monkeypatch):
    """The file changes after it was read: the hash and the numbers are of before."""
    file = Path(asked[1]) / "adae.csv"
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    build = make.build_results

    def meanwhile(study, plan, past=None):
        _with_other_bytes(file)
        return build(study, plan)

    monkeypatch.setattr(make, "build_results", meanwhile)
    assert run_command(["results", "front", *asked]) == 0
    (made,) = _runs(project)
    told = json.loads((made / "front" / "provenance.json").read_text())
    assert told["data_sha256"]["adae.csv"] == before
    assert hashlib.sha256(file.read_bytes()).hexdigest() != before


def test_export_that_changes_while_the_run_begins_is_refused(project, asked, monkeypatch, capsys):
    """Between naming the run and reading: the numbers would be of another export than the folder's name."""
    check = make._check_unchanged

    def later(run, study, mask):
        changed = dict(study.hashes, **{"adae.csv": "0" * 64})
        object.__setattr__(study, "hashes", changed)
        check(run, study, mask)

    monkeypatch.setattr(make, "_check_unchanged", later)
    assert run_command(["results", "front", *asked]) == 1
    assert "adae.csv changed while the run began; files that stay as they are" in capsys.readouterr().err
    assert not (project / "analysis" / "results").exists()


@pytest.fixture
def made(whole, plan, tmp_path, monkeypatch):
    """Results of two sessions as a run leaves them, with a listing and a figure."""
    results = build_results(prepare_study(whole, plan, "front"), plan)
    for code in ("front", "end"):
        folder = tmp_path / "made" / code
        for name, text in (("listings/deaths.csv", "A\n1\n"), ("figures/os.svg", "<svg>1</svg>")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        write_results(results, folder)
        write_provenance(folder, {"session": code})
    monkeypatch.setenv("NPCSTATS_RESULTS", str(tmp_path / "made"))
    assert open_results("front").rows == results.rows
    return tmp_path / "made"


def _edit(path: Path) -> None:
    path.write_text(path.read_text().replace("1", "2", 1))


@pytest.mark.parametrize("how", [_edit, Path.unlink, lambda path: path.write_bytes(b"")], ids=["edit", "lose", "empty"])
@pytest.mark.parametrize("name", ["results.csv", "catalogue.json", "listings/deaths.csv", "figures/os.svg"])
def test_changed_results_are_printed_by_nothing(made, capsys, how, name):
    path = made / "end" / name
    how(path)
    with pytest.raises(ResultsError) as caught:
        open_results("end")
    assert str(caught.value).startswith(f"{path}: ")
    assert str(caught.value).endswith(AGAIN)
    front, end = str(made / "front"), str(made / "end")
    trace = ["trace", "who|EVERY", "--session", "end", "--results", str(made)]
    for command in (trace, ["diff", front, end], ["diff", end, front]):
        assert run_command(command) == 1
        printed = capsys.readouterr()
        assert (str(path) in printed.err, AGAIN in printed.err, printed.out) == (True, True, "")


@pytest.mark.parametrize("name", ["figures/os.png", "listings/more.csv", "notes.txt"])
def test_files_that_no_run_made_are_printed_by_nothing(made, name):
    """A raster beside the vector that the run drew would be taken for Word."""
    (made / "end" / name).write_text("by hand")
    with pytest.raises(ResultsError) as caught:
        open_results("end")
    assert str(caught.value) == f"{made / 'end' / name}: no file of the run; {AGAIN}"


def test_rows_that_nothing_vouches_for_are_not_traced(made, capsys):
    (made / "end" / "provenance.json").unlink()
    _edit(made / "end" / "results.csv")
    assert run_command(["trace", "who|EVERY", "--session", "end", "--results", str(made)]) == 1
    printed = capsys.readouterr()
    assert ("provenance.json: " in printed.err, printed.out) == (True, "")


@pytest.mark.skipif(os.name != "posix", reason="modes of group and others are POSIX's; Windows has none to read")
def test_document_of_results_that_are_their_owners_is_so_too(made, monkeypatch):
    """Any document, not only a report of the plan: its cell reads the folder, whose mode tells."""
    source = made / "any.qmd"
    source.write_text("```{python}\nfrom npcstats.results import open_results\nopen_results('end')\n```\n")
    modes = []
    for mode in (0o755, 0o700):
        (made / "end").chmod(mode)
        (file,) = render_document(
            source, formats=("html",), output_dir=made, engine="builtin", source_date=datetime.date(2026, 1, 1)
        )
        modes.append(stat.S_IMODE(file.stat().st_mode))
    assert (modes[0] & 0o044 != 0, modes[1]) == (True, 0o600)


@pytest.mark.parametrize("content", [None, "", "{", "[]", "{}", '{"files_sha256": {"results.csv": 1}}', "[" * 100_000])
def test_results_without_provenance_are_not_opened(made, content):
    path = made / "front" / "provenance.json"
    path.unlink() if content is None else path.write_text(content)
    with pytest.raises(ResultsError, match=r"provenance\.json: .*; `npcstats results` makes them again\."):
        open_results("front")


def test_verify_refuses_changed_results_and_results_makes_them_again(project, asked, capsys):
    assert run_command(["results", "front", *asked]) == 0
    (made,) = _runs(project)
    _edit(made / "front" / "catalogue.json")
    capsys.readouterr()
    assert run_command(["verify", *asked]) == 1
    assert f"{made / 'front' / 'catalogue.json'}: changed since it was made; {AGAIN}" in capsys.readouterr().err
    assert run_command(["results", "front", *asked]) == 0
    assert run_command(["verify", *asked]) == 0


def test_runs_of_exports_of_one_name_keep_their_folders(project, asked, tmp_path):
    """Another export in a folder of the same name has other places; the same bytes elsewhere are the same run."""
    first, second, third = (tmp_path / name / "export" for name in "abc")
    for folder in (first, second, third):
        shutil.copytree(asked[1], folder)
    _with_other_bytes(second / "adae.csv")
    known, day = load_plan(project / "analysis" / "plan.py"), datetime.date(2025, 12, 31)
    places = [run_places(Project(project), Run(folder, known, ("front",), day)) for folder in (first, second, third)]
    assert places[0] == places[2]
    assert places[0].results != places[1].results
    assert places[0].output != places[1].output
    assert {path.name.rsplit("-", 1)[0] for place in places for path in (place.results, place.output)} == {
        "export-2025-12-31"
    }
    other_map = run_places(Project(project), Run(first, known, ("front",), day, Path(asked[3])))
    other_plan = run_places(Project(project), Run(first, replace(known, seed=2), ("front",), day))
    assert len({places[0].output, other_map.output, other_plan.output}) == 3


@pytest.mark.skipif(os.name != "posix", reason="modes of group and others are POSIX's; Windows has none to read")
def test_files_of_who_sees_arms_are_their_owners_only(project, asked):
    before = os.umask(0o022)
    try:
        assert run_command(["results", "front", "shut", "end", *asked]) == 0
    finally:
        os.umask(before)
    (made,) = _runs(project)
    modes = {
        code: {stat.S_IMODE(path.stat().st_mode) for path in ((made / code), *(made / code).rglob("*"))}
        for code in ("front", "shut", "end")
    }
    assert modes == {"front": {0o755, 0o644}, "shut": {0o700, 0o600}, "end": {0o700, 0o600}}


def test_what_any_killed_run_left_is_removed_by_the_next(project, asked):
    """Whatever export it was of, where its results or documents go, or above where neither was there yet."""
    places = ("analysis", "analysis/results/runs", "analysis/results/runs/other-plan-0", "_output/other-plan-0", ".")
    left = [project / place / ".making-left" for place in places]
    for folder in left:
        folder.mkdir(parents=True)
        (folder / ".lock").write_text("")
        (folder / "results.csv").write_text("half")
    assert run_command(["results", "front", *asked]) == 0
    assert [folder for folder in left if folder.exists()] == []


def test_a_file_that_no_run_made_is_gone_after_the_next(project, asked, capsys):
    """A render would find nothing changed among what it made; the folder is not what it made all the same."""
    wish = Wish((), Path(asked[1]), None, None, Path(asked[3]))
    run = plan_sessions(Project(project), wish, ("front",)).run
    places, _ = make_run(Project(project), run, force=False)
    rogue, first = places.results / "front" / "figures" / "os.png", (places.results / "front" / "results.csv").stat()
    make_run(Project(project), run, force=False)
    assert (places.results / "front" / "results.csv").stat() == first
    rogue.write_text("by hand")
    make_run(Project(project), run, force=False)
    assert not rogue.exists()

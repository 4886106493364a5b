"""Nothing is made twice: a record holds as long as inputs, outputs and surroundings are what they were."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from npcstats.freshness import command_name, fresh_outputs, hash_inputs, record_step, surroundings

HEAVY = ("pandas", "scipy", "matplotlib", "nbclient", "typer", "numpy")


@pytest.fixture
def step(tmp_path: Path) -> Path:
    """A folder with an input folder, an output and the record of the step between them."""
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "deep" / "a.txt").write_text("a")
    (tmp_path / "out.pdf").write_text("made")
    record_step(tmp_path / "records", "step", [tmp_path / "in"], "version 1", [tmp_path / "out.pdf"])
    return tmp_path


def test_unchanged_step_names_its_outputs(step):
    assert fresh_outputs(step / "records", "step", "version 1") == (step / "out.pdf",)


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "in" / "deep" / "a.txt").write_text("b"),
        lambda folder: (folder / "in" / "new.txt").write_text(""),
        lambda folder: (folder / "in" / "deep" / "a.txt").unlink(),
        lambda folder: (folder / "in" / "deep" / "a.txt").rename(folder / "in" / "deep" / "b.txt"),
        lambda folder: (folder / "out.pdf").write_text("touched"),
        lambda folder: (folder / "out.pdf").unlink(),
        lambda folder: (folder / "records" / "step.json").write_text("{"),
    ],
    ids=["edited", "added", "deleted", "renamed", "output edited", "output deleted", "record torn"],
)
def test_any_change_makes_the_step_stale(step, change):
    change(step)
    assert fresh_outputs(step / "records", "step", "version 1") == ()


def test_other_surroundings_make_the_step_stale(step):
    assert fresh_outputs(step / "records", "step", "version 2") == ()
    assert fresh_outputs(step / "records", "another", "version 1") == ()


def test_caches_do_not_count(step):
    before = hash_inputs([step / "in"], "")
    (step / "in" / "__pycache__").mkdir()
    (step / "in" / "__pycache__" / "a.pyc").write_text("")
    (step / "in" / ".mypy_cache").write_text("")
    assert hash_inputs([step / "in"], "") == before


def test_command_is_named_by_its_words_and_folder(tmp_path):
    names = {
        command_name(tmp_path, ["render"]),
        command_name(tmp_path, ["render", "final"]),
        command_name(tmp_path / "sub", ["render"]),
    }
    assert len(names) == 3


def test_surroundings_hold_the_mask_variable(monkeypatch):
    before = surroundings()
    monkeypatch.setenv("NPCSTATS_MASK", "elsewhere.json")
    assert surroundings() != before


def test_front_door_imports_nothing_heavy():
    code = f"import sys, npcstats.front; print([m for m in {HEAVY!r} if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_single_document_is_rendered_without_the_statistics(tmp_path):
    """The entrance runs it by a module that imports no pandas; the document has no date but the given one."""
    (tmp_path / "a.qmd").write_text("---\ntitle: A\n---\n\nText.\n")
    code = "import sys, npcstats.files; print('pandas' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
    command = [sys.executable, "-c", "from npcstats.front import main; main()", "render", "a.qmd", "--to", "html"]
    subprocess.run([*command, "--engine", "builtin"], cwd=tmp_path, check=True, capture_output=True)
    assert "Text." in (tmp_path / "a.html").read_text()

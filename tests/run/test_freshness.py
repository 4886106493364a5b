"""Nothing is made twice: a record holds as long as inputs, outputs and surroundings are what they were."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import npcstats
from npcstats.run.drawings import make_figures, record_figures
from npcstats.run.freshness import command_name, fresh_outputs, hash_inputs, look, record_step, surroundings
from npcstats.system.workers import crew

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


@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_link_that_is_set_on_another_input_makes_the_step_stale(step, what):
    """Such as the folder of the newest export, or of the plan in force."""
    old, new = step / "in", step / "later"
    (new / "deep").mkdir(parents=True)
    (new / "deep" / "a.txt").write_text("another")
    within = "deep/a.txt" if what == "file" else "."
    link = step / "current"
    link.symlink_to(old / within)
    record_step(step / "records", "linked", [link], "version 1", [step / "out.pdf"])
    assert fresh_outputs(step / "records", "linked", "version 1") == (step / "out.pdf",)
    link.unlink()
    link.symlink_to(new / within)
    assert fresh_outputs(step / "records", "linked", "version 1") == ()


@pytest.mark.parametrize(
    "damaged",
    [
        b"", b"\x00\xff", b"[]", b"1", b"null", b"[" * 100_000, b'{"inputs": []}',
        b'{"inputs": [1], "decided_by": "version 1", "inputs_hash": "a", "outputs": {}}',
        b'{"inputs": ["\\u0000"], "decided_by": "version 1", "inputs_hash": "a", "outputs": {}}',
        b'{"inputs": [], "decided_by": "version 1", "inputs_hash": 1, "outputs": {}}',
        b'{"inputs": [], "decided_by": "version 1", "inputs_hash": "a", "outputs": []}',
        b'{"inputs": [], "decided_by": "version 1", "inputs_hash": "a", "outputs": {"b": null}}',
        b'{"inputs": null, "decided_by": "version 1", "inputs_hash": "a", "outputs": {}}',
        b'{"inputs": {}, "decided_by": "version 1", "inputs_hash": "a", "outputs": {}, "more": 1}',
    ],
)  # fmt: skip
def test_damaged_record_counts_as_absent(step, damaged):
    (step / "records" / "step.json").write_bytes(damaged)
    assert fresh_outputs(step / "records", "step", "version 1") == ()
    (step / "records" / "step.json").write_bytes(
        damaged.replace(b'"a"', b'"' + hash_inputs([], "version 1").encode() + b'"')
    )
    assert fresh_outputs(step / "records", "step", "version 1") == ()


@pytest.mark.parametrize(
    "damaged",
    [
        b"", b"\xff", b"[]", b"null", b"[" * 100_000, b'{"a": 1}', b'{"a": {"drawn_from": "x"}}',
        b'{"a": {"drawn_from": ["x"], "sha256": "y"}}', b'{"a": {"drawn_from": "x", "sha256": null}}',
        b'{"a\\u0000": {"drawn_from": "x", "sha256": "y"}}',
    ],
)  # fmt: skip
def test_damaged_record_of_figures_counts_as_absent(tmp_path, damaged):
    (tmp_path / "figures.json").write_bytes(damaged)
    with crew(1) as hands:
        make_figures([], fonts=tmp_path, drawn=tmp_path / "figures.json", hands=hands)
    record_figures(tmp_path / "figures.json", [])
    assert (tmp_path / "figures.json").read_text() == "{}\n"


def test_record_that_is_a_folder_counts_as_absent(step):
    (step / "records" / "step.json").unlink()
    (step / "records" / "step.json").mkdir()
    assert fresh_outputs(step / "records", "step", "version 1") == ()


def test_input_that_changes_during_the_step_makes_the_next_another(step):
    """The record keeps what was seen before the step read anything, not what is there after it."""
    seen = look([step / "in"])
    (step / "in" / "deep" / "a.txt").write_text("changed meanwhile")
    record_step(step / "records", "step", [step / "in"], "version 1", [step / "out.pdf"], seen=seen)
    assert fresh_outputs(step / "records", "step", "version 1") == ()
    (step / "in" / "deep" / "a.txt").write_text("a")
    assert fresh_outputs(step / "records", "step", "version 1") == (step / "out.pdf",)


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


def test_surroundings_hold_all_that_is_installed(monkeypatch, tmp_path):
    """A document's bytes may come from any package; one without an entry in a list of ours is replaced by another."""
    monkeypatch.syspath_prepend(str(tmp_path))
    seen = set()
    for version in ("1.0", "1.1"):
        (tmp_path / f"python_docx-{version}.dist-info").mkdir()
        seen.add(surroundings())
        (tmp_path / f"python_docx-{version}.dist-info").rmdir()
    assert len(seen) == 2


@pytest.mark.skipif(os.name != "posix", reason="a file without suffix is a program by its mode on POSIX only")
def test_surroundings_hold_where_the_package_lies(monkeypatch, tmp_path):
    """Another copy of the package, of the same version and unchanged since, made other results than this one would."""
    before = surroundings()
    monkeypatch.setattr(npcstats, "__file__", str(tmp_path / "npcstats" / "__init__.py"))
    assert surroundings() != before


def test_surroundings_hold_the_quarto_that_is_found(monkeypatch, tmp_path):
    program = tmp_path / "quarto"
    monkeypatch.setenv("PATH", str(tmp_path))
    seen = {surroundings()}
    for content in ("#! old", "#! newer"):
        program.write_text(content)
        program.chmod(0o755)
        seen.add(surroundings())
    assert len(seen) == 3


@pytest.mark.skipif(os.name != "posix", reason="on Windows a link needs a right that a user may lack")
def test_what_lies_behind_a_link_counts(tmp_path):
    """A theme that several projects share is a link; one that leads back is followed once."""
    (tmp_path / "shared" / "fonts").mkdir(parents=True)
    (tmp_path / "shared" / "fonts" / "a.ttf").write_text("a")
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "_theme").symlink_to(tmp_path / "shared")
    (tmp_path / "shared" / "up").symlink_to(tmp_path / "reports")
    before = hash_inputs([tmp_path / "reports"], "")
    assert hash_inputs([tmp_path / "reports"], "") == before
    (tmp_path / "shared" / "fonts" / "a.ttf").write_text("b")
    assert hash_inputs([tmp_path / "reports"], "") != before


def test_front_door_imports_nothing_heavy():
    code = f"import sys, npcstats.run.front; print([m for m in {HEAVY!r} if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "words", [["--help"], ["--version"], ["render", "--help"], ["check"], ["verify", "--cutoff", "x"]]
)
def test_help_and_usage_load_nothing_heavy(words):
    """What a command needs is loaded when it is known and its options are accepted."""
    code = (
        "import sys\nfrom npcstats.run.cli import run_command\n"
        f"try:\n    run_command({words!r})\nexcept SystemExit:\n    pass\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.splitlines()[-1] == "['typer']"


@pytest.mark.parametrize(
    ("module", "unused"),
    [
        ("npcstats.run.commands.compare", ("pandas", "scipy", "matplotlib", "jupyter_client")),
        ("npcstats.run.commands.check", ("matplotlib", "jupyter_client", "scipy.stats")),
        ("npcstats.run.commands.reports", ("matplotlib", "scipy.stats")),
        ("npcstats.run.draw", ("pandas", "scipy")),
    ],
)
def test_a_command_loads_what_it_needs(module, unused):
    code = f"import sys, {module}; print([m for m in {unused!r} if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_single_document_is_rendered_without_the_statistics(tmp_path):
    """The entrance runs it by a module that imports no pandas; the document has no date but the given one."""
    (tmp_path / "a.qmd").write_text("---\ntitle: A\n---\n\nText.\n")
    code = "import sys, npcstats.run.files; print('pandas' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
    command = [sys.executable, "-c", "from npcstats.run.front import main; main()", "render", "a.qmd", "--to", "html"]
    subprocess.run([*command, "--engine", "builtin"], cwd=tmp_path, check=True, capture_output=True)
    assert "Text." in (tmp_path / "a.html").read_text()


def test_documents_of_one_name_do_not_take_each_others_place(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.qmd").write_text(f"---\ntitle: {folder}\n---\n\nText.\n")
    command = [sys.executable, "-m", "npcstats", "render", "a/x.qmd", "b/x.qmd", "--to", "html", "--output-dir", "out"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("npcstats: x: two of the .qmd files become one document; ")
    assert not (tmp_path / "out").exists()

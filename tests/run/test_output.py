"""What a command cannot print is a refusal like any other, and what it prints no terminal obeys."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from npcstats.run.cli import one_screen
from npcstats.run.freshness import command_name, record_step, surroundings

RENDER = [sys.executable, "-m", "npcstats", "render"]


@pytest.fixture
def unchanged(tmp_path: Path) -> Path:
    """A project whose render changes nothing, as its record says."""
    (tmp_path / "_quarto.yml").write_text("")
    (tmp_path / "final.pdf").write_text("made")
    name = command_name(tmp_path, ["render"])
    record_step(tmp_path / ".npcstats", name, [tmp_path / "_quarto.yml"], surroundings(), [tmp_path / "final.pdf"])
    return tmp_path


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full, a file that is always full, is Linux's")
def test_full_disk_behind_the_output_is_told(unchanged):
    """Nothing else failed: the line of a document that stands unchanged, and help, cannot be printed."""
    assert subprocess.run(RENDER, cwd=unchanged, capture_output=True, check=True).stdout == b"Unchanged: final.pdf\n"
    for words in ([], ["--help"], ["nothing.qmd"]):
        with open("/dev/full", "wb") as full:
            done = subprocess.run(
                [*RENDER, *words], cwd=unchanged, stdout=full, stderr=subprocess.PIPE, text=True, check=False
            )
        assert done.returncode == 1
        assert len(done.stderr.splitlines()) == 1
        assert done.stderr.startswith("npcstats: ")


@pytest.mark.skipif(os.name != "posix", reason="Windows reports a closed pipe as another error, with other words")
def test_closed_pipe_is_no_traceback(unchanged):
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(RENDER, cwd=unchanged, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert done.returncode == 1
    assert done.stderr == "npcstats: output: Broken pipe; a place that can be written to is required.\n"


def test_no_sign_of_a_message_commands_the_terminal():
    assert (
        one_screen("plan: \x1b]0;title\x07 \u202eabc\nnext \x08") == "plan: \\x1b]0;title\\x07 \\x202eabc\nnext \\x08"
    )

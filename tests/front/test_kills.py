"""Killed at any moment, a render leaves the former documents whole."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
COPIED = ("_quarto.yml", "analysis", "reports", "data")
RENDER = [sys.executable, "-m", "npcstats", "render", "dsmb-open", "--force"]
KILLS = 50


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with the open report rendered once."""
    folder = tmp_path_factory.mktemp("project")
    for name in COPIED:
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("results", "__pycache__"))
        else:
            shutil.copy(source, folder / name)
    subprocess.run(RENDER, cwd=folder, check=True, capture_output=True)
    return folder


def _hashes(project: Path) -> dict[str, str]:
    files = [project / "_output" / "dsmb-open.pdf", *(project / "analysis" / "results" / "open").rglob("*.*")]
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.slow
def test_fifty_kills_leave_every_output_whole(project):
    """A whole render takes some ten seconds: each of 50 is killed at a random moment of the first fifteen."""
    before = _hashes(project)
    moments = random.Random(7232680)
    for _ in range(KILLS):
        run = subprocess.Popen(
            RENDER, cwd=project, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(moments.uniform(0.0, 15.0))
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        assert _hashes(project) == before

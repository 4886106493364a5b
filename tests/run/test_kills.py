"""Killed at any moment, by whatever signal, a render leaves the former output whole and nothing of itself."""

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
KILLS = 20
SOON = 10.0
MARK = "NPCSTATS_TEST_OF_KILLS"
NAMES = ("SIGKILL", "SIGTERM", "SIGINT", "SIGHUP")
CODES = {"SIGKILL": -9, "SIGTERM": 143, "SIGINT": 130, "SIGHUP": 129}

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")


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
    (folder / "tmp").mkdir()
    subprocess.run(RENDER, cwd=folder, check=True, capture_output=True, env=_environment(folder))
    return folder


def _environment(project: Path) -> dict[str, str]:
    return {**os.environ, MARK: str(project), "TMPDIR": str(project / "tmp")}


def _hashes(project: Path) -> dict[str, str]:
    files = [project / "_output" / "dsmb-open.pdf", *(project / "analysis" / "results" / "open").rglob("*.*")]
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _at_work(project: Path) -> list[str]:
    """Processes that the renders of this test started, without those that have ended."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            inside = f"{MARK}={project}".encode() in (folder / "environ").read_bytes().split(b"\0")
            if inside and (folder / "stat").read_text().rpartition(")")[2].split()[0] not in "ZX":
                found.append((folder / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found


def _left(project: Path) -> list[Path]:
    return [*project.rglob(".making-*"), *(project / "tmp").glob("npcstats-*")]


@pytest.mark.slow
def test_kills_leave_every_output_whole_and_nothing_running(project):
    """A signal at a random moment, to the process of the command alone or to its group as a terminal sends it."""
    before = _hashes(project)
    moments = random.Random(7232680)
    for turn in range(KILLS):
        name = NAMES[turn % len(NAMES)]
        former = set(_left(project))
        run = subprocess.Popen(
            RENDER, cwd=project, env=_environment(project), start_new_session=True, stderr=subprocess.PIPE, text=True,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(moments.uniform(1.0, 15.0))
        (os.killpg if turn % 8 < 4 else os.kill)(run.pid, getattr(signal, name))
        told = run.communicate()[1].splitlines()
        end = time.monotonic() + SOON
        while _at_work(project) and time.monotonic() < end:
            time.sleep(0.05)
        assert _at_work(project) == []
        assert _hashes(project) == before
        assert run.returncode in (CODES[name], 0)
        if run.returncode > 0:
            assert len(told) == 1
            assert told[0].startswith("Interrupted; ")
            assert set(_left(project)) <= former
    subprocess.run(RENDER, cwd=project, check=True, capture_output=True, env=_environment(project))
    assert _left(project) == []
    assert _hashes(project) == before


@pytest.mark.slow
def test_two_renders_at_once_make_the_same_bytes(project):
    before = _hashes(project)
    runs = [
        subprocess.Popen(RENDER, cwd=project, env=_environment(project), stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    told = [run.communicate()[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert sum("Another run of this project is at work" in text for text in told) == 1
    assert _hashes(project) == before
    assert _left(project) == []

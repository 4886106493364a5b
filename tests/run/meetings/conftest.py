"""Meetings of the trial of eight, made once and copied for each test that alters one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from meetings import CUTOFFS, Home, build_home

from npcstats.run.cli import run_command


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Two meetings, the first the former of the second."""
    home = build_home(tmp_path_factory.mktemp("released"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home.folder)
        patch.delenv("NPCSTATS_MASK", raising=False)
        assert run_command(home.words(*CUTOFFS)) == 0
    return home


@pytest.fixture
def home(released: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The same project, with copies of its meetings that a test may alter."""
    shutil.copytree(released.meetings, tmp_path / "meetings")
    monkeypatch.chdir(released.folder)
    monkeypatch.delenv("NPCSTATS_MASK", raising=False)
    return replace(released, meetings=tmp_path / "meetings")


@pytest.fixture
def refusal(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """The message of a command that is refused."""

    def refuse(*arguments: object) -> str:
        capsys.readouterr()
        assert run_command([str(one) for one in arguments]) == 1
        told = capsys.readouterr().err
        assert told.startswith("npcstats: ")
        return told.removeprefix("npcstats: ").rstrip("\n")

    return refuse

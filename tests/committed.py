"""The committed synthetic trial, its design and what was planted in it, read once."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from npcstats.run.plan import load_plan
from npcstats.study import Design, Study, read_study
from npcstats.synthetic import Truth

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def folder() -> Path:
    return ROOT / "data" / "synthetic"


@pytest.fixture(scope="session")
def design() -> Design:
    return load_plan(ROOT / "analysis" / "plan").design


@pytest.fixture(scope="session")
def planted() -> dict:
    return runpy.run_path(str(ROOT / "analysis" / "synthetic_truth.py"))


@pytest.fixture(scope="session")
def truth(planted: dict) -> Truth:
    return planted["TRUTH"]


@pytest.fixture(scope="session")
def study(folder: Path, design: Design) -> Study:
    return read_study(folder, design)

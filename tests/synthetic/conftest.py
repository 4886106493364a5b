"""The committed synthetic trial, its design and its truth, read once."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pandas as pd
import pytest

from npcstats.run.plan import load_plan
from npcstats.study import Design, Study, read_study
from npcstats.synthetic import Truth

ROOT = Path(__file__).resolve().parents[2]


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
def truths() -> dict:
    """What the generator was found to plant: `analysis/make_truths.py` draws it, no analysis enters it."""
    return json.loads((ROOT / "analysis" / "synthetic_truths.json").read_text())


@pytest.fixture(scope="session")
def quantities(truths: dict) -> dict[str, dict[str, float]]:
    return truths["quantities"]


@pytest.fixture(scope="session")
def study(folder: Path, design: Design) -> Study:
    return read_study(folder, design)


@pytest.fixture(scope="session")
def adsl(study: Study) -> pd.DataFrame:
    return study["adsl"].set_index("USUBJID")

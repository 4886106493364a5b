"""The committed synthetic trial, its design and its truth, read once."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from committed import ROOT, design, folder, planted, study, truth

from npcstats.study import Study

__all__ = ["design", "folder", "planted", "study", "truth"]


@pytest.fixture(scope="session")
def truths() -> dict:
    """What the generator was found to plant: `analysis/make_truths.py` draws it, no analysis enters it."""
    return json.loads((ROOT / "analysis" / "synthetic_truths.json").read_text())


@pytest.fixture(scope="session")
def quantities(truths: dict) -> dict[str, dict[str, float]]:
    return truths["quantities"]


@pytest.fixture(scope="session")
def adsl(study: Study) -> pd.DataFrame:
    return study["adsl"].set_index("USUBJID")

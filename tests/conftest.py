"""What tests share: the trial of eight, results made by hand for the displays, and the order in which tests begin."""

from __future__ import annotations

from pathlib import Path

import pytest
from eight import cutoff, design, known, mask, plan, salt, texts, whole, write_export
from entries import crowd
from made import made_results

from npcstats.results import Results

__all__ = ["crowd", "cutoff", "design", "known", "mask", "plan", "salt", "texts", "whole", "write_export"]

HERE = Path(__file__).parent
# A list that is out of date costs time and nothing else.
LONGEST = ("quality", "run", "reports", "documents", "randomized", "synthetic", "readers")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the longest first, since what begins last is waited for alone; xdist gives out files in this order."""
    if hasattr(config, "workerinput"):
        items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    folder = item.path.relative_to(HERE).parts[0]
    return LONGEST.index(folder) if folder in LONGEST else len(LONGEST)


@pytest.fixture(scope="session")
def by_arm() -> Results:
    """Results of two masked arms, for the displays."""
    return made_results(pooled=False)


@pytest.fixture(scope="session")
def pooled() -> Results:
    """Results with the arms removed, for the displays."""
    return made_results(pooled=True)


@pytest.fixture(scope="session", params=["by_arm", "pooled"])
def results(request: pytest.FixtureRequest) -> Results:
    """Each of the two."""
    found: Results = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="session")
def fonts() -> Path:
    """Inter, as the reports ship it."""
    return HERE.parent / "reports" / "_theme" / "fonts"

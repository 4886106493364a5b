"""Where workers share the tests, what takes longest begins first: what begins last is waited for alone."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent
# A list that is out of date costs time and nothing else.
LONGEST = ("reports", "quality", "documents", "core", "randomized", "synthetic")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the longest first; xdist gives out files in this order."""
    if hasattr(config, "workerinput"):
        items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    folder = item.path.relative_to(HERE).parts[0]
    return LONGEST.index(folder) if folder in LONGEST else len(LONGEST)

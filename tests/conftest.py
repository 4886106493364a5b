"""On several cores, tests that share what is expensive to make stay on one, and what takes longest begins first."""

from __future__ import annotations

from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

HERE = Path(__file__).parent
# What a folder's tests share is made once only where one worker runs them all; elsewhere a file's tests share it.
SHARING = ("quality", "synthetic", "randomized")
# What begins last is waited for alone. A list that is out of date costs time and nothing else.
LONGEST = ("quality", "reports", "documents", "core", "randomized", "synthetic")


class Rooms(LoadScopeScheduling):
    """Work is given out by folder or file."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        folder = file.removeprefix(f"{HERE.name}/").partition("/")[0]
        return folder if folder in SHARING else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Rooms:
    """Give out work in the order in which it was collected, not by numbers of tests."""
    config.option.loadscopereorder = False
    return Rooms(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the longest first, where tests are spread over workers."""
    if hasattr(config, "workerinput"):
        items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    folder = item.path.relative_to(HERE).parts[0]
    return LONGEST.index(folder) if folder in LONGEST else len(LONGEST)

"""Results made by hand, for every test of the display."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from npcstats.results import Results


def _made() -> ModuleType:
    """The module that tables are tested with; test folders are no packages."""
    name = "npcstats_made_results"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).parents[1] / "tables" / "made.py")
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


@pytest.fixture(scope="session")
def by_arm() -> Results:
    """Two masked arms."""
    results: Results = _made().made_results(pooled=False)
    return results


@pytest.fixture(scope="session")
def pooled() -> Results:
    """The arms removed."""
    results: Results = _made().made_results(pooled=True)
    return results


@pytest.fixture(scope="session", params=["by_arm", "pooled"])
def results(request: pytest.FixtureRequest) -> Results:
    """Each of the two."""
    found: Results = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="session")
def fonts() -> Path:
    """Inter, as the reports ship it."""
    return Path(__file__).parents[2] / "reports" / "_theme" / "fonts"

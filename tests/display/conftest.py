"""Every table, by arm and pooled."""

from __future__ import annotations

import pytest
from tabled import TABLES

from npcstats.results import Results
from npcstats.tables import (
    Table,
)


@pytest.fixture(params=list(TABLES))
def table(request: pytest.FixtureRequest, results: Results) -> Table:
    """Each table, by arm and pooled."""
    return TABLES[request.param](results)

"""What every table looks like: its words and its layout, by arm and pooled."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tabled import TABLES, layout

from npcstats.results import Results

GOLDEN = Path(__file__).parents[1] / "golden"


def test_pooled_tables_show_no_arm(pooled: Results) -> None:
    for make in TABLES.values():
        table = make(pooled)
        assert not re.search(r"Arm|\bA\b − |\|A\||\|B\|", table.html())
        assert all("|all||" in piece.key for piece in table.pieces if piece.key)


@pytest.mark.parametrize("name", list(TABLES))
@pytest.mark.parametrize("view", ["by_arm", "pooled"])
def test_layout(name: str, view: str, request: pytest.FixtureRequest) -> None:
    """Golden layout: marks, indents, spans and words, every digit a ``#``; `tests/golden/write.py` makes it anew."""
    path = GOLDEN / f"table-{name}-{view.replace('_', '-')}.txt"
    assert layout(TABLES[name](request.getfixturevalue(view))) == path.read_text(encoding="utf-8")

"""What a column of the contract may be."""

from __future__ import annotations

import pytest

from npcstats.errors import SpecError
from npcstats.schema import Column


def test_kind_of_column_is_a_closed_set():
    with pytest.raises(SpecError, match=r"^column A: kind is 'float'; one of identifier, text, number"):
        Column("A", "float")

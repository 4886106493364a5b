"""The table of survival: landmarks as they are, and one set of groups."""

from __future__ import annotations

from dataclasses import replace

import pytest

from npcstats.errors import ResultsError
from npcstats.results import Results
from npcstats.tables import (
    survival_table,
)


@pytest.mark.parametrize(
    ("time", "words"), [(7.0, "At 7 months, %"), (6.96, "At 6.96 months, %"), (1.0, "At 1 month, %")]
)
def test_a_landmark_is_printed_as_it_is(by_arm: Results, time: float, words: str) -> None:
    rows = tuple(replace(row, time=time) if row.time == 12.0 and row.measure.startswith("survival") else row
                 for row in by_arm.rows)  # fmt: skip
    table = survival_table(Results(rows, by_arm.catalogue), ["os"])
    assert any(row.cells[0].text.startswith(words) for row in table.rows)


def test_survival_analyses_must_have_the_same_groups(by_arm: Results) -> None:
    rows = tuple(row for row in by_arm.rows if not (row.analysis == "pfs" and row.arm == "A"))
    with pytest.raises(ResultsError, match="same groups"):
        survival_table(Results(rows, by_arm.catalogue), ["os", "pfs"])

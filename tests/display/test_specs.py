"""What a caption begins with: the title of a display, and its number where the session prints numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from npcstats.analyses.baseline.displays import Characteristics
from npcstats.display.specs import caption_title
from npcstats.results import Results

TABLE = Characteristics(name="who", title="Who they are", sessions=(), number="14.1.2", analysis="who", total=False)


@pytest.mark.parametrize(
    ("numbered", "title", "number", "printed"),
    [
        ("yes", "Who they are", "14.1.2", "Who they are (14.1.2)"),
        ("yes", "Overall survival.", "14.2.1.2", "Overall survival (14.2.1.2)."),
        ("yes", "Who they are", "", "Who they are"),
        ("no", "Who they are", "14.1.2", "Who they are"),
        (None, "Overall survival.", "14.2.1.2", "Overall survival."),
    ],
)
def test_a_caption_carries_the_number_where_the_session_prints_it(
    by_arm: Results, numbered: str | None, title: str, number: str, printed: str
) -> None:
    study = {**by_arm.catalogue.study, **({"numbered": numbered} if numbered else {})}
    results = replace(by_arm, catalogue=replace(by_arm.catalogue, study=study))
    assert caption_title(results, replace(TABLE, title=title, number=number)) == printed

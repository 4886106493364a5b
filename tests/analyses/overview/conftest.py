"""The trial of eight with a period of a participant's whole time, and an entry of the overview."""

from __future__ import annotations

from dataclasses import replace

import pytest

from npcstats.study import Period, Study


@pytest.fixture(scope="session")
def eight(known: Study) -> Study:
    """The eight at the cut-off; ``ever`` runs from the first dose, without an end."""
    design = replace(known.design, periods=(*known.design.periods, Period("ever", "Ever", "TRTSDT")))
    return replace(known, design=design)

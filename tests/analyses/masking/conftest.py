"""What could tell the arms of the eight apart, by enrolment, age, smoking and deaths."""

from __future__ import annotations

from dataclasses import replace

import pytest

from npcstats.analyses.baseline.summary import summarize_baseline
from npcstats.analyses.conduct.status import summarize_status
from npcstats.analyses.masking.spec import KnownDifference, MaskingSpec
from npcstats.analyses.masking.summary import assess_masking
from npcstats.derive import mask_arms
from npcstats.results import concat

LETTERS = {"X": "B", "Y": "A"}
SPEC = MaskingSpec(
    id="hide", label="Hide", population="EVERY", sessions=("only",), size_limit=0.1, status="planned",
    calendar="ENRLDT", calendar_limit=0.5, characteristics={"analysis": "who", "measure": "smd"},
    characteristics_limit=0.725,
    known=(KnownDifference("GONE", "Death", {"analysis": "status", "variable": "DIED"}),), known_limit=0.125,
)  # fmt: skip


@pytest.fixture(scope="session")
def others(plan):
    """Rows of the analyses that are read."""
    who, status = (next(spec for spec in plan.specs if spec.id == name) for name in ("who", "status"))

    def made(study):
        # the third of the plan's characteristics is a dose
        return concat([
            summarize_baseline(study, replace(who, characteristics=who.characteristics[:2])),
            summarize_status(study, status),
        ])  # fmt: skip

    return made


@pytest.fixture(scope="session")
def looked(others):
    """A study and an entry to all rows."""

    def made(study, spec=SPEC):
        found = others(study)
        return concat([found, assess_masking(study, found, spec)])

    return made


@pytest.fixture(scope="session")
def masked(known):
    """The eight behind letters; X, the larger arm, is B."""
    return mask_arms(known, LETTERS)

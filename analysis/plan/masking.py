"""What could tell the masked arms apart, and from which difference on that is said on the first page."""

from __future__ import annotations

from npcstats.analyses.masking.displays import TellingApart
from npcstats.analyses.masking.spec import KnownDifference, MaskingSpec

MASKING = MaskingSpec(
    "masking",
    "What tells the masked arms apart",
    "ENRL",
    ("closed",),
    size_limit=0.05,
    calendar="ENRLDT",
    calendar_limit=0.20,
    characteristics={"analysis": "baseline", "measure": "smd"},
    characteristics_limit=0.50,
    known=(
        KnownDifference(
            "DERMATITIS",
            "Radiation dermatitis of grade 2 or higher",
            {"analysis": "ae-acute", "variable": "Dermatitis radiation", "level": "grade>=2", "measure": "risk"},
        ),
        KnownDifference(
            "DYSPHAGIA",
            "Dysphagia of grade 3 or higher",
            {"analysis": "ae-acute", "variable": "Dysphagia", "level": "grade>=3", "measure": "risk"},
        ),
    ),
    known_limit=0.10,
    status="planned",
)

MASKING_TABLES = (
    TellingApart(
        name="masking",
        title="What tells the masked arms apart",
        number="14.4.4.1",
        sessions=("closed",),
        analysis="masking",
    ),
)

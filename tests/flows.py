"""An entry of the participants' way through the trial of eight, for tests of its rows and of its figure."""

from __future__ import annotations

from npcstats.analyses.flow.rows import BOXES, LEVELS, PARTS
from npcstats.analyses.flow.spec import FlowSpec

BOX_WORDS = {code: code.capitalize().replace("-", " ") for code in BOXES}
PART_WORDS = {code: code.capitalize().replace("-", " ") for code in PARTS}
WAY = FlowSpec(
    id="way", label="Way", population="EVERY", sessions=("only",), criteria={"INC04": "ECOG", "EXC01": "Spread"},
    treated="TRTSDT", started="RTSTDT", ended="RTENDT", given="FXDELIV", planned="FXPLAN", died="DTHDT", left="EOSSTT",
    reasons={"LOST": "Lost", "WITHDRAWN": "Withdrew"}, ruled={"MIXED": "Both"}, boxes=BOX_WORDS, parts=PART_WORDS,
    levels={code: code.capitalize() for code in LEVELS}, sets=("DOSED", "BEAM"), status="planned",
)  # fmt: skip

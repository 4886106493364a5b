"""How many had which end of an endpoint, by hand: the lines of the table, and that they add up."""

from __future__ import annotations

import numpy as np
from endings import CONTROL, PEOPLE, dated, trial

from npcstats.analyses.endpoints.spec import EndpointsSpec
from npcstats.analyses.endpoints.summary import summarize_endpoints
from npcstats.results import one, select

COUNTED = {
    "events": [("A", "LOCAL", 100), ("A", "REGIONAL", 100), ("B", "DISTANT", 90), ("C", "REGIONAL", 200)],
    "deaths": {"D": (300, "OTHER")},
    "ends": {"E": (300, "LOST")},
    "seen": [(who, "LOCOREGIONAL", 250) for who in "EFGH"],
}


class TestCounts:
    SPEC = EndpointsSpec("ends", "Ends", "BEAM", ("only",), ("CONTROL",), "planned")

    def count(self, results, arm, variable):
        found = one(results, arm=arm, block="CONTROL", variable=variable, measure="proportion", stat="count")
        return found.value

    def test_by_hand(self):
        """X holds H, A, B, D and Y holds C, F, G, E."""
        results = summarize_endpoints(trial(CONTROL, **COUNTED), self.SPEC)
        lines = {
            "EVENT": (1, 1, 2),
            "EVENT:LOCAL": (1, 0, 1),
            "EVENT:REGIONAL": (1, 1, 2),
            "COMPETING:DISTANT": (1, 0, 1),
            "COMPETING:DEATH": (1, 0, 1),
            "CENSORED": (1, 3, 4),
            "CENSORED:ONGOING": (1, 2, 3),
            "CENSORED:LOST": (0, 1, 1),
            "CENSORED:WITHDREW": (0, 0, 0),
        }
        assert {row.variable for row in results.rows if row.block} == set(lines)
        for variable, counts in lines.items():
            assert tuple(self.count(results, arm, variable) for arm in ("X", "Y", "all")) == counts

    def test_lines_add_up(self):
        results = summarize_endpoints(trial(CONTROL, **COUNTED), self.SPEC)
        for arm in ("X", "Y", "all"):
            rows = select(results, arm=arm, block="CONTROL", measure="proportion", stat="count")
            by_role = {role: [r.value for r in rows if r.variable.startswith(f"{role}:")] for role in
                       ("COMPETING", "CENSORED")}  # fmt: skip
            censored = self.count(results, arm, "CENSORED")
            assert sum(by_role["CENSORED"]) == censored
            size = one(results, arm=arm, measure="participants").value
            assert self.count(results, arm, "EVENT") + sum(by_role["COMPETING"]) + censored == size

    def test_nobody_in_the_population(self):
        study = trial(CONTROL)
        study = study.with_frames({"adsl": study["adsl"].assign(RTSTDT=dated([None] * len(PEOPLE)))})
        results = summarize_endpoints(study, self.SPEC)
        found = one(results, arm="all", variable="EVENT", stat="estimate")
        assert np.isnan(found.value)
        assert found.note == "Nobody is in the denominator."

    def test_definition_and_window_are_told(self):
        sentences = summarize_endpoints(trial(CONTROL, **COUNTED), self.SPEC).catalogue.analyses["ends"].sentences
        assert sentences["definition.CONTROL"] == (
            "Control: time from the start of radiotherapy to local or regional recurrence, with distant metastasis and "
            "death as competing events; not ended by the start of a new anticancer therapy; an event within 30 days "
            "after distant metastasis counts; without either, to the last locoregional assessment."
        )
        assert sentences["primary"] == "No endpoint is named primary."
        assert "within 30 days" in sentences["simultaneous.30"]

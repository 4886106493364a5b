"""Watched numbers and their thresholds, by hand; see ``eight.py`` for the records."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from npcstats.analyses.conduct.spec import StatusItem, StatusSpec
from npcstats.analyses.conduct.status import summarize_status
from npcstats.analyses.thresholds.spec import ThresholdSpec, Watch
from npcstats.analyses.thresholds.summary import assess_thresholds
from npcstats.errors import SpecError
from npcstats.results import one, select

ONLY = ("only",)
STATUS = StatusSpec(
    "status",
    "Status",
    "EVERY",
    ONLY,
    items=(
        StatusItem("BEAM", "Started", "Treatment", "RTSTDT"),
        StatusItem("DIED", "Died", "Deaths", "DTHDT"),
        StatusItem("SICK", "Of disease", "Deaths", "DTHCAUS", value="DISEASE"),
        StatusItem("SOON", "Soon", "Deaths", "DTHDT", anchor="RTENDT", within=165),
        StatusItem("SOONER", "Sooner", "Deaths", "DTHDT", anchor="RTENDT", within=164),
        StatusItem("LEFT", "Left", "Follow-up", "EOSSTT", value="WITHDRAWN"),
    ),
    status="planned",
)


class TestThresholds:
    def watch(self, known, **changed):
        rows = {"analysis": "status", "variable": "DIED", "measure": "proportion", "stat": "estimate"}
        chosen = Watch("w", "Deaths", rows, "above", 0.3)
        spec = ThresholdSpec("limits", "Limits", "EVERY", ONLY, (replace(chosen, **changed),), "planned")
        return assess_thresholds(known, summarize_status(known, STATUS), spec)

    def test_most_extreme_row_is_watched(self, known):
        """Deaths: X 0, Y 1/3, all 1/7. Above: Y; below: X."""
        results = self.watch(known)
        assert one(results, measure="threshold_passed", variable="w").value == 1
        assert one(results, measure="threshold", variable="w").value == 0.3
        choices = results.catalogue.analyses["limits"].choices
        assert choices["watch.w"].split("|")[3] == "Y"
        below = self.watch(known, direction="below", threshold=0.1)
        assert below.catalogue.analyses["limits"].choices["watch.w"].split("|")[3] == "X"
        assert one(below, measure="threshold_passed", variable="w").value == 1

    def test_a_number_on_its_threshold_has_not_passed_it(self, known):
        assert one(self.watch(known, threshold=1 / 3), measure="threshold_passed", variable="w").value == 0

    def test_magnitude_forgets_the_sign(self, known):
        rows = {"analysis": "status", "stat": "estimate", "variable": "DIED"}
        assert one(self.watch(known, rows=rows, magnitude=True), measure="threshold_passed", variable="w").value == 1

    def test_number_that_cannot_be_estimated_yet_does_not_stop_the_meeting(self, known):
        study = known.with_frames({"adsl": known["adsl"].assign(_ARM_ACTUAL="Y")})
        rows = {"analysis": "status", "variable": "DIED", "arm": "X", "stat": "estimate"}
        row = one(self.watch(study, rows=rows), measure="threshold_passed", variable="w")
        assert np.isnan(row.value)
        assert row.note == "The watched number cannot be estimated."

    def test_all_watches_together(self, known):
        at = {"measure": "threshold_passed", "variable": "all"}
        assert [one(self.watch(known), **at, stat=stat).value for stat in ("count", "total")] == [1, 1]
        missed = self.watch(known, threshold=0.9)
        assert [one(missed, **at, stat=stat).value for stat in ("count", "total")] == [0, 1]

    def test_watch_of_nothing_is_refused(self, known):
        with pytest.raises(SpecError, match=r"^plan: watch w selects no row; rows of this session are required\.$"):
            self.watch(known, rows={"analysis": "none"})

    def test_direction_is_a_closed_set(self, known):
        with pytest.raises(SpecError, match="direction of w is 'up'; one of above, below is required"):
            self.watch(known, direction="up")


def test_rows_left_out_and_small_groups_are_not_watched(known):
    """A watch may leave rows out, and a row of which a group is smaller than its minimum is no candidate."""
    base = summarize_status(known, STATUS)
    watch = Watch("w", "Watched", {"analysis": STATUS.id, "arm": "all", "stat": "estimate"}, "above", 0.0)
    largest = max(row.value for row in select(base, analysis=STATUS.id, arm="all", stat="estimate"))
    spec = ThresholdSpec("t", "T", STATUS.population, STATUS.sessions, (watch,), status="planned")
    found = assess_thresholds(known, base, spec)
    top = base.by_key[found.catalogue.analyses["t"].choices["watch.w"]]
    assert top.value == largest
    left = replace(watch, without={"variable": top.variable})
    second = assess_thresholds(known, base, replace(spec, watches=(left,)))
    assert base.by_key[second.catalogue.analyses["t"].choices["watch.w"]].variable != top.variable
    few = assess_thresholds(known, base, replace(spec, watches=(replace(watch, minimum_total=1000),)))
    row = one(few, variable="w", measure="threshold_passed")
    assert row.value != row.value
    assert row.note == "A group has fewer than 1000 participants who count, too few to watch."
    both = assess_thresholds(known, base, replace(spec, watches=(replace(left, minimum_total=1000),)))
    named = base.by_key[both.catalogue.analyses["t"].choices["watch.w"]]
    assert named.variable != top.variable  # a row that is left out is not named in its stead

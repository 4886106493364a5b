"""Response by hand, read at a visit and read again; see ``readings.py`` for the eight."""

from __future__ import annotations

import datetime
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from gaps import every_gap_has_its_reason
from readings import PEOPLE, READ, SPEC, ZERO, count, dated, readings, trial
from scipy.stats import beta

from npcstats.analyses.response.spec import Confirmation
from npcstats.analyses.response.summary import derive_readings, summarize_response
from npcstats.derive import mask_arms, pool_arms, population_members
from npcstats.errors import DataError, SpecError
from npcstats.results import one, select
from npcstats.study import Visit


class TestReadings:
    def test_by_hand(self):
        assert readings() == {
            "A": ("CR", "PENDING", "CR"),
            "B": ("PR", "CR", "CR"),
            "C": ("ID", "CR", "CR"),
            "D": ("ID", "CR", "ID"),
            "E": ("DIED", "DIED", "DIED"),
            "F": ("MISSING", "PENDING", "MISSING"),
            "G": ("PD", "SD", "PD"),
            "H": ("ID", "PENDING", "CR"),
        }

    def test_earlier_cutoff_derives_everything_again(self):
        """On day 100 the window is open: F is not due; C's and B's second readings have not been made."""
        found = readings(cutoff=datetime.date(2025, 4, 11))
        assert found["F"] == ("PENDING", "PENDING", "PENDING")
        assert found["C"] == ("ID", "PENDING", "ID")
        assert found["B"] == ("PR", "PENDING", "PR")

    def test_window_ends_are_inside(self):
        for number, inside in ((83, False), (84, True), (112, True), (113, False)):
            assert (readings(read=[("A", number, "CR")])["A"][0] == "CR") is inside

    def test_onset_is_the_first_reading_of_the_best_class(self):
        study = trial()
        members = population_members(study, "DONE")
        onset = dict(zip(members["USUBJID"], derive_readings(study, members, SPEC).onset, strict=True))
        assert (onset["H"] - ZERO).days == 98
        assert (onset["C"] - ZERO).days == 150
        assert pd.isna(onset["F"])

    def test_relapse_on_the_day_of_a_reading_does_not_hide_it(self):
        events = [("A", 90, "LOCAL")]
        assert readings(events=events)["A"][2] == "CR"
        assert readings(events=[("A", 89, "LOCAL")])["A"][2] == "PD"

    def test_relapse_during_radiotherapy_is_progression(self):
        assert readings(events=[("A", -5, "LOCAL")])["A"][2] == "PD"

    def test_confirmation(self):
        """B's partial one is confirmed by the complete one, which is not confirmed; A, C and H have no such reading.

        H's readings of one day are a day apart and not four weeks; C's partial reading does not confirm a complete one.
        """
        rule = Confirmation(28, {"CR": ("CR",), "PR": ("CR", "PR")}, otherwise="SD")
        best = {who: found[2] for who, found in readings(replace(SPEC, confirmation=rule)).items()}
        assert best == {"A": "SD", "B": "PR", "C": "SD", "D": "ID", "E": "DIED", "F": "MISSING", "G": "PD", "H": "SD"}

    def test_confirmed_on_the_last_day_that_is_needed(self):
        rule = Confirmation(28, {"CR": ("CR",)}, otherwise="SD")
        for later, best in ((117, "SD"), (118, "CR")):
            found = readings(replace(SPEC, confirmation=rule), read=[("A", 90, "CR"), ("A", later, "CR")])
            assert found["A"][2] == best

    def test_order_of_records_changes_nothing(self):
        assert readings(read=READ[::-1]) == readings()


@pytest.fixture(scope="module")
def results():
    return summarize_response(trial(), SPEC)


class TestSummary:
    def test_classes_at_the_visit(self, results):
        """X: A CR, C ID, E died, G PD. Y: B PR, D ID, F none, H ID."""
        at = {"block": "R1", "variable": "CLASS"}
        lines = {"CR": (1, 0), "PR": (0, 1), "SD": (0, 0), "PD": (1, 0), "ID": (1, 2), "NE": (0, 0),
                 "MISSING": (0, 1), "DIED": (1, 0)}  # fmt: skip
        for level, counts in lines.items():
            assert tuple(count(results, arm, **at, level=level) for arm in ("X", "Y")) == counts
        assert {r.value for r in select(results, measure="not_evaluable")} == {0}

    def test_indeterminate_read_again(self, results):
        """C and D turned out complete; H is not due yet."""
        at = {"block": "AGAIN", "variable": "CLASS"}
        assert count(results, "X", **at, level="CR") == 1
        assert count(results, "Y", **at, level="CR") == 1
        assert count(results, "Y", **at, level="PENDING") == 1
        assert one(results, arm="all", **at, level="CR", stat="total").value == 3

    def test_rates_name_their_denominators(self, results):
        """Complete at the visit: 1 of 4 due in X, of 3 evaluable (A, C, G); best of everyone: A, B, C, H of 8, of 6."""
        at = {"variable": "ALL", "measure": "proportion"}
        for block, level, arm, expected in (
            ("R1", "due", "X", (1, 4)),
            ("R1", "evaluable", "X", (1, 3)),
            ("R1", "evaluable", "Y", (0, 3)),
            ("BEST", "due", "all", (4, 8)),
            ("BEST", "evaluable", "all", (4, 6)),
        ):
            found = [one(results, block=block, level=level, arm=arm, stat=s, **at).value for s in ("count", "total")]
            assert tuple(found) == expected

    def test_exact_limits(self, results):
        """Clopper and Pearson's limits are quantiles of beta distributions: 4 of 8."""
        at = {"block": "BEST", "variable": "ALL", "level": "due", "arm": "all", "measure": "proportion"}
        assert one(results, **at, stat="ci_low").value == pytest.approx(beta.ppf(0.025, 4, 5), rel=1e-9)
        assert one(results, **at, stat="ci_high").value == pytest.approx(beta.ppf(0.975, 5, 4), rel=1e-9)

    def test_none_of_three_has_an_upper_limit(self, results):
        """0 of 3: 1 − 0.025^(1/3)."""
        at = {"block": "R1", "variable": "ALL", "level": "evaluable", "arm": "Y", "measure": "proportion"}
        assert one(results, **at, stat="ci_low").value == 0
        assert one(results, **at, stat="ci_high").value == pytest.approx(1 - 0.025 ** (1 / 3), rel=1e-9)

    def test_difference_is_first_arm_minus_last(self, results):
        found = one(results, block="BEST", variable="ALL", level="due", arm="X", reference="Y", stat="estimate")
        assert found.measure == "risk_difference"
        assert found.value == pytest.approx(2 / 4 - 2 / 4)

    def test_classes_add_up(self, results):
        for block in ("R1", "BEST"):
            for arm in ("X", "Y", "all"):
                rows = select(results, block=block, variable="CLASS", arm=arm, measure="proportion", stat="count")
                waiting = one(results, block=block, variable="CLASS", arm=arm, measure="not_evaluable").value
                size = one(results, arm=arm, measure="participants").value
                assert sum(row.value for row in rows) + waiting == size

    def test_renaming_arms_only_renames(self):
        masked = summarize_response(mask_arms(trial(), {"X": "A", "Y": "B"}), SPEC)
        named = summarize_response(trial(), SPEC)
        names = {"X": "A", "Y": "B", "all": "all", "": ""}
        renamed = [replace(row, arm=names[row.arm], reference=names[row.reference]) for row in named.rows]
        assert renamed == list(masked.rows)

    def test_pooled_is_everyone_of_the_arms(self, results):
        pooled = summarize_response(pool_arms(trial()), SPEC)
        assert list(pooled.rows) == [row for row in results.rows if row.arm == "all"]
        assert "adjustment" not in pooled.catalogue.analyses["seen"].sentences

    def test_nobody_has_been_read(self):
        results = summarize_response(trial(read=[], events=[], deaths={}), SPEC)
        found = one(results, block="R1", variable="ALL", level="evaluable", arm="all", stat="estimate")
        assert np.isnan(found.value)
        assert found.note
        assert count(results, "all", block="R1", variable="CLASS", level="MISSING") == 8

    def test_every_reading_not_evaluable(self):
        results = summarize_response(trial(read=[(who, 98, "NE") for who in PEOPLE], events=[], deaths={}), SPEC)
        assert count(results, "all", block="R1", variable="CLASS", level="NE") == 8
        rate = one(results, block="R1", variable="ANY", level="due", arm="all", measure="proportion", stat="estimate")
        assert rate.value == 0
        contrast = one(results, block="R1", variable="ANY", level="evaluable", arm="X", reference="Y", stat="estimate")
        assert np.isnan(contrast.value)
        assert contrast.note == "A group has no participants."

    def test_nobody_in_the_population(self):
        study = trial()
        study = study.with_frames({"adsl": study["adsl"].assign(RTENDT=dated([None] * len(PEOPLE)))})
        results = summarize_response(study, SPEC)
        assert one(results, arm="all", measure="participants").value == 0
        assert every_gap_has_its_reason(results)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"order": ("CR", "PR")}, "order does not name each class once"),
        ({"indeterminate": "XX"}, "class XX is used but not declared"),
        ({"denominators": ("everyone",)}, "denominator 'everyone' is not one of due, evaluable"),
        ({"again": Visit("R2", "Later", anchor="RTSTDT", day=1, first=1, last=1)}, "counted from different days"),
        ({"confirmation": Confirmation(1, {"CR": ("YY",)}, "SD")}, "class YY is used but not declared"),
    ],
)
def test_spec_that_does_not_fit_together_is_refused(changed, message):
    with pytest.raises(SpecError, match=message):
        replace(SPEC, **changed)


def test_reading_of_an_undeclared_class_is_refused():
    """A class without a place would leave a participant in no line of the table."""
    classes = {code: label for code, label in SPEC.classes.items() if code != "NE"}
    spec = replace(SPEC, classes=classes, order=("CR", "PR", "SD", "ID", "PD"), unevaluable=())
    with pytest.raises(DataError, match="response seen: 1 record of adrs of a class that is not declared"):
        summarize_response(trial(), spec)


def test_words_are_the_plans():
    told = summarize_response(trial(), SPEC).catalogue.analyses["seen"].sentences["best"]
    assert told.startswith(
        "The best response is the best reading from the end of treatment on, up to progression or new "
    )

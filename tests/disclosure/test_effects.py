"""Effects are published of enough participants, rounded, and nobody whom a comparison leaves out can be counted."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import product

import pytest
from disclosure.test_attack import BELOW, SMALL

from npcstats.disclosure import SmallCounts, withhold_small_counts
from npcstats.errors import SpecError
from npcstats.results import WITHHELD, Analysis, Catalogue, Results, Row, count_rows, is_withheld, select
from npcstats.run.registry import withholdings

STUDY = {"rounding": "half-away", "cutoff_text": "1 May 2026", "cutoff": "2026-05-01"}
ARMS = ("A", "B")


def comparison_of(sizes, events, of_set=(60, 70), observed=(60, 70), survival=(0.7, 0.6)):
    """Two arms compared by a time: who is in the set, who is compared, who had the event, one ratio, one difference."""
    place = Row("c", "ALL", "participants", "count", 0.0, variable="E")
    rows = []
    for arm, size, known in zip((*ARMS, "all"), (*of_set, sum(of_set)), (*observed, sum(observed)), strict=True):
        rows += [replace(place, arm=arm, value=float(size))]
        rows += count_rows(replace(place, arm=arm, measure="observed"), known, size)
    for block in ("unadjusted", "overlap"):
        for arm, size, died in zip((*ARMS, "all"), (*sizes, sum(sizes)), (*events, sum(events)), strict=True):
            rows.append(replace(place, block=block, arm=arm, value=float(size)))
            rows += count_rows(replace(place, block=block, arm=arm, measure="events"), died, size)
        for arm, share in zip(ARMS, survival, strict=True):
            rows += interval(replace(place, block=block, arm=arm, measure="survival", time=12.0), share)
        between = replace(place, block=block, arm="A", reference="B")
        rows += interval(replace(between, measure="hazard_ratio"), 0.6789)
        rows += interval(replace(between, measure="survival_difference", time=12.0), 0.1234)
    entry = Analysis("A comparison", "comparison", "planned", "ALL")
    return Results(tuple(rows), Catalogue(STUDY, {arm: arm for arm in ARMS}, {"ALL": "All."}, {"c": entry}))


def interval(place, value):
    return [replace(place, stat=stat, value=value + by) for stat, by in
            (("estimate", 0.0), ("ci_low", -0.01234), ("ci_high", 0.01234), ("std_error", 0.1))]  # fmt: skip


RULE = SmallCounts(BELOW, effects=10)


def told(results, rule=RULE, **wanted):
    public = withhold_small_counts(results, rule, withholdings())
    return [row.value for row in select(public, analysis="c", **wanted) if not is_withheld(row)]


class TestEnough:
    def test_effects_are_rounded(self):
        found = comparison_of((60, 70), (20, 30))
        assert told(found, block="overlap", measure="hazard_ratio") == [0.68, 0.67, 0.69]
        assert told(found, block="unadjusted", measure="survival_difference") == [0.12, 0.11, 0.14]
        assert told(found, block="overlap", measure="survival", arm="A") == [0.7, 0.69, 0.71]

    @pytest.mark.parametrize("events", [(9, 30), (20, 9), (51, 30), (20, 61)])
    def test_nine_with_the_event_or_without_it_are_too_few(self, events):
        found = comparison_of((60, 70), events)
        assert told(found, block="overlap", measure="hazard_ratio") == []
        assert told(found, block="unadjusted", measure="survival_difference") == []

    def test_by_a_time_there_may_be_fewer(self):
        """Of 60, survival 0.85 is 9 events, of 70 0.6 is 28."""
        found = comparison_of((60, 70), (20, 30), survival=(0.85, 0.6))
        assert told(found, block="overlap", measure="hazard_ratio") == [0.68, 0.67, 0.69]
        assert told(found, block="overlap", measure="survival_difference") == []

    def test_no_number_no_effect(self):
        assert told(comparison_of((60, 70), (20, 30)), SmallCounts(BELOW), measure="hazard_ratio") == []

    @pytest.mark.parametrize("effects", [4, 0, True])
    def test_effects_of_a_small_count_are_refused(self, effects):
        with pytest.raises(SpecError, match="5 or more are required"):
            SmallCounts(BELOW, effects=effects)


class TestLeftOut:
    def test_few_left_out_of_one_arm_hide_both_but_not_the_sum(self):
        """3 of 60 and 10 of 70 are left out: 13 in all, and of the arms any two numbers with that sum."""
        found = comparison_of((57, 60), (20, 30))
        assert told(found, block="overlap", measure="participants") == [117]
        assert told(found, block="overlap", measure="events", stat="count") == []
        assert told(found, block="overlap", measure="hazard_ratio") != []

    def test_few_in_all_hide_the_sum(self):
        assert told(comparison_of((59, 67), (20, 30)), block="overlap", measure="participants") == []

    def test_those_known_are_beside_those_compared_too(self):
        """20 of 60 have no outcome; of the other 40, 3 are left out."""
        found = comparison_of((37, 45), (15, 20), observed=(40, 55))
        assert told(found, block="overlap", measure="participants") == [82]

    def test_nobody_left_out_hides_nothing(self):
        found = comparison_of((60, 70), (20, 30))
        assert told(found, block="overlap", measure="participants") == [60, 70, 130]
        assert told(found, block="overlap", measure="events", stat="count") == [20, 30, 50]


def test_what_a_curve_withholds_no_comparison_tells():
    """Survival of A at 12 months is withheld elsewhere: as observed it goes, and the difference; weighted it stays."""
    found = comparison_of((60, 70), (20, 30))
    gone = Row("s", "ALL", "survival", "estimate", 0.7, arm="A", variable="E", time=12.0)
    size = [replace(gone, measure="participants", stat="count", time=math.nan, value=n, arm=arm)
            for arm, n in (("A", 60.0), ("B", 70.0))]  # fmt: skip
    entry = Analysis("S", "survival", "planned", "ALL")
    catalogue = replace(found.catalogue, analyses={"c": found.catalogue.analyses["c"], "s": entry})
    both = replace(found, rows=(*found.rows, *size, gone), catalogue=catalogue)
    assert told(both, block="unadjusted", measure="survival", arm="A") == []
    assert told(both, block="unadjusted", measure="survival_difference") == []
    assert told(both, block="overlap", measure="survival_difference") != []


def test_no_set_less_another_is_small(trial):
    """Every two numbers of participants of the same arm and population that are told differ by nobody or by 5."""
    _, _, whole, public = trial
    told: dict[tuple[str, str], set[float]] = {}
    truth: dict[tuple[str, str], set[float]] = {}
    for results, found in ((public, told), (whole, truth)):
        for row in results.rows:
            sized = row.analysis.startswith("compare-") and row.measure in ("participants", "observed")
            if sized and not math.isnan(row.value):
                found.setdefault((row.population, row.arm), set()).add(row.value)
    differences = {key: {abs(a - b) for a, b in product(sizes, repeat=2)} for key, sizes in told.items()}
    assert not any(found & set(SMALL) for found in differences.values())
    assert any({abs(a - b) for a, b in product(sizes, repeat=2)} & set(SMALL) for sizes in truth.values())


def test_arms_and_their_sum_do_not_tell_one_another(trial):
    """Where one arm's number is withheld, the other's is too, or the sum is."""
    public = trial[-1]
    for row in public.rows:
        if (
            row.analysis.startswith("compare-")
            and row.measure in ("participants", "not_evaluable")
            and row.arm == "all"
        ):
            arms = [public.by_key[replace(row, arm=arm).key] for arm in ("PROTON", "PHOTON")]
            if not is_withheld(row) and any(map(is_withheld, arms)):
                assert all(map(is_withheld, arms)), row.key


def test_the_trial_has_adjusted_effects_and_no_p_value(trial):
    public = trial[-1]
    for analysis in ("compare-os", "compare-pfs", "compare-lrc", "compare-dm"):
        (row,) = select(public, analysis=analysis, block="overlap", measure="hazard_ratio", stat="estimate")
        assert row.value == round(row.value, 2)
    of_effects = [row for row in public.rows if row.analysis.startswith("compare-")]
    assert all(row.reason == WITHHELD for row in of_effects if row.stat in ("p_value", "std_error"))
    assert all(row.reason == WITHHELD for row in of_effects if row.measure.endswith("_curve"))

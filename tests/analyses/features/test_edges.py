"""Features, visits, groups and events that are missing: what is left has its numbers, and the rest its reason."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from entries import IMAGES

from npcstats.analyses.features.displays import FeaturesTable, RankedFeatures, Volcanoes
from npcstats.analyses.features.rows import CHANGE, DIFFERENCE, FAMILY, HAZARD
from npcstats.analyses.features.spec import features_estimand
from npcstats.analyses.features.summary import FEW_EVENTS, NO_CONTRAST, NO_IMAGE, NO_SPREAD, summarize_features
from npcstats.analyses.features.table import tabulate
from npcstats.analyses.features.words import ranked_caption, volcano_caption
from npcstats.derive import assign_arms, mask_arms, pool_arms
from npcstats.results import one, select
from npcstats.run.draw import draw_figure
from npcstats.study import Arm

ASKED = {"name": "f", "title": "F.", "sessions": ("only",), "analysis": "images"}
WIDE = replace(IMAGES, visits=("V0", "V1", "V2"))
ODD = "original_shape_Odd"


def shown(results, fonts):
    """All words of every display; none of them may be of a number that is not there."""
    table = tabulate(results, FeaturesTable(**ASKED, most=3))
    words = [cell.text for row in table.rows for cell in row.cells] + [note.text for note in table.notes]
    words += [cell.text for cell in table.header]
    figures = (Volcanoes(**ASKED, width="full"), RankedFeatures(**ASKED, width="full", window="V0", most=3))
    for figure, caption in zip(figures, (volcano_caption, ranked_caption), strict=True):
        draw_figure(results, figure, fonts=fonts)
        words += [piece.text for piece in caption(results, figure).pieces]
    assert not any("nan" in text.split() for text in words)
    return " ".join(words)


def with_images(crowd, change):
    return crowd.with_frames({"adrad": change(crowd["adrad"])})


def told(results, **at):
    return [not math.isnan(row.value) for row in select(results, stat="estimate", **at)]


def of_arm(crowd, arm):
    return crowd["adsl"]["USUBJID"][crowd["adsl"]["TRT01A"] == arm]


def assert_reasons(results):
    assert all(row.note for row in results.rows if math.isnan(row.value))


@pytest.mark.parametrize("groups", ["X", "Y", "both"])
def test_a_visit_without_images_takes_no_other_along(crowd, fonts, groups):
    """Of one arm, or of both."""
    people = crowd["adsl"]["USUBJID"] if groups == "both" else of_arm(crowd, groups)
    study = with_images(crowd, lambda f: f[~((f["AVISIT"] == "V2") & f["USUBJID"].isin(people))])
    results = summarize_features(study, WIDE)
    assert all(told(results, measure=DIFFERENCE, window="V1"))
    assert not any(told(results, measure=DIFFERENCE, window="V2"))
    assert {row.note for row in select(results, measure=DIFFERENCE, window="V2")} == {NO_CONTRAST}
    if groups == "both":
        alone = summarize_features(study, IMAGES)
        row, other = (one(found, measure=DIFFERENCE, variable=ODD, block="ONE", window="V1", stat="p_value")
                      for found in (results, alone))  # fmt: skip
        assert row.value == pytest.approx(other.value, rel=1e-7)
    assert_reasons(results)
    assert "NE" in shown(results, fonts)


def test_no_image_before_treatment_of_one_arm(crowd, fonts):
    """Then no change is known of it at any visit; the hazard ratios are of the others."""
    study = with_images(crowd, lambda f: f[~((f["AVISIT"] == "V0") & f["USUBJID"].isin(of_arm(crowd, "X")))])
    results = summarize_features(study, WIDE)
    assert not any(told(results, measure=DIFFERENCE))
    assert all(told(results, measure=HAZARD))
    assert_reasons(results)
    shown(results, fonts)


def test_features_that_do_not_differ_or_are_not_there(crowd, fonts):
    """One is constant at the first visit, one is known of a single participant then, one at no visit."""

    def change(frame):
        single = frame["USUBJID"] == frame["USUBJID"].iloc[0]
        before = frame["AVISIT"] == "V0"
        return frame.assign(
            original_shape_Own=frame["original_shape_Own"].where(~before, 3.0),
            original_shape_Even=frame["original_shape_Even"].where(~before | single),
            original_shape_Odd=np.nan,
        )

    results = summarize_features(with_images(crowd, change), IMAGES)
    reasons = {"Own": NO_SPREAD, "Even": NO_IMAGE, "Odd": NO_IMAGE}
    for name, reason in reasons.items():
        for measure in (DIFFERENCE, HAZARD):
            rows = select(results, variable=f"original_shape_{name}", measure={measure, FAMILY[measure]})
            assert all(math.isnan(row.value) for row in rows)
            assert {row.note for row in rows} == {reason}
    for measure in (DIFFERENCE, HAZARD):
        assert all(told(results, variable="original_shape_Other", measure=measure))
        at = {"measure": "features", "level": measure, "block": "ONE"}
        assert [one(results, **at, stat=stat).value for stat in ("count", "total")] == [1, 4]
        # of one feature with a model the adjusted p-value is its own
        own = one(results, measure=measure, variable="original_shape_Other", block="ONE", stat="p_value").value
        family = one(results, measure=FAMILY[measure], variable="original_shape_Other", block="ONE").value
        assert own == family
    shown(results, fonts)


def test_too_few_events(crowd, fonts):
    results = summarize_features(crowd, replace(IMAGES, minimum_events=99))
    assert not any(told(results, measure=HAZARD))
    assert {row.note for row in select(results, measure=HAZARD)} == {FEW_EVENTS}
    assert all(told(results, measure=DIFFERENCE))
    assert "No feature has a model" in shown(results, fonts)


def test_an_empty_arm(crowd, fonts):
    kept = of_arm(crowd, "X")
    study = crowd.with_frames({"adsl": crowd["adsl"][crowd["adsl"]["TRT01A"] == "X"].reset_index(drop=True),
                               "adrad": crowd["adrad"][crowd["adrad"]["USUBJID"].isin(kept)]})  # fmt: skip
    results = summarize_features(study, IMAGES)
    assert not any(told(results, measure=DIFFERENCE))
    assert all(told(results, measure=HAZARD))
    assert one(results, measure="observed", block="ONE", window="V0", arm="Y", stat="total").value == 0
    assert_reasons(results)
    shown(results, fonts)


def test_one_participant_in_each_arm(crowd, fonts):
    begun = crowd["adsl"]["RTSTDT"].notna()
    places = [crowd["adsl"].index[begun & (crowd["adsl"]["TRT01A"] == arm)][0] for arm in ("X", "Y")]
    study = crowd.with_frames({"adsl": crowd["adsl"].loc[places].reset_index(drop=True)})
    results = summarize_features(study, IMAGES)
    assert not any(told(results, measure=DIFFERENCE))
    assert_reasons(results)
    penalized = [row for row in select(results, measure=HAZARD, stat="estimate") if not math.isnan(row.value)]
    assert all("Firth" in row.note for row in penalized)
    shown(results, fonts)


def test_nobody_has_an_image(crowd, fonts):
    results = summarize_features(with_images(crowd, lambda f: f[:0]), IMAGES)
    assert not any(told(results))
    assert {row.value for row in select(results, measure="observed", stat="count")} == {0}
    assert_reasons(results)
    shown(results, fonts)


def test_a_covariate_that_nobody_has(crowd, fonts):
    study = crowd.with_frames({"adsl": crowd["adsl"].assign(AGE=np.nan)})
    results = summarize_features(study, IMAGES)
    assert not any(told(results, measure=DIFFERENCE))
    assert all(told(results, measure=HAZARD))
    assert_reasons(results)
    assert "no value of a covariate" in shown(results, fonts)


def test_three_arms_are_not_compared(crowd, fonts):
    treatment = np.resize(["X", "Y", "Z"], len(crowd["adsl"]))
    wider = replace(crowd.design, arms=(Arm("X", "Ex"), Arm("Y", "Why"), Arm("Z", "Zed")))
    people = crowd["adsl"].assign(TRT01P=treatment, TRT01A=treatment)
    results = summarize_features(assign_arms(replace(crowd.with_frames({"adsl": people}), design=wider)), IMAGES)
    assert not [row for row in results.rows if row.reference]
    assert all(told(results, measure=CHANGE))
    assert {row.arm for row in select(results, measure="observed")} >= {"X", "Y", "Z"}
    assert features_estimand(IMAGES, 3) == ""
    shown(results, fonts)


@pytest.fixture
def hidden(crowd):
    return crowd.with_frames({"adsl": crowd["adsl"].assign(TECHNIQUE="", RXDOSU=""),
                              "adex": crowd["adex"].assign(EXDOSU="")})  # fmt: skip


def test_masked_arms_have_the_numbers_of_the_named(crowd, hidden, fonts):
    named = summarize_features(crowd, IMAGES)
    masked = summarize_features(mask_arms(hidden, {"X": "B", "Y": "A"}), IMAGES)
    for feature in ("original_shape_Own", ODD):
        at = {"variable": feature, "block": "ONE", "measure": DIFFERENCE, "stat": "estimate"}
        assert one(masked, **at).value == pytest.approx(-one(named, **at).value, rel=1e-8)
        hazard = at | {"measure": HAZARD}
        assert one(masked, **hazard).value == pytest.approx(one(named, **hazard).value, rel=1e-12)
    words = shown(masked, fonts)
    assert "Ex" not in words.split()
    assert "Wye" not in words.split()


def test_pooled_pages_speak_of_no_arm(hidden, fonts):
    results = summarize_features(pool_arms(hidden), replace(IMAGES, estimand=""))
    words = shown(results, fonts).replace(",", " ").split()
    assert not {"arm", "arms", "Ex", "Wye"} & set(words)

"""What is planted in the image features can be found: factors, retest, batches, shrinkage, and who is informative."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from npcstats.study import Design, Study
from npcstats.synthetic import Truth
from npcstats.synthetic.cohort import Cohort, draw_cohort
from npcstats.synthetic.imaging import draw_features, standardized_volume, tumor_volume
from npcstats.synthetic.truth import Feature, Imaging

SIZE = 4000
SEED = 7
# PyRadiomics documentation: features enabled by default, by class.
CLASSES = {"shape": 14, "firstorder": 18, "glcm": 24, "gldm": 14, "glrlm": 16, "glszm": 16, "ngtdm": 5}
# A correlation of 4,000 pairs has a standard error of at most .016.
CORRELATION_TOLERANCE = 0.06
Scores = dict[str, np.ndarray]


@pytest.fixture(scope="module")
def imaging(truth: Truth) -> Imaging:
    return truth.imaging


@pytest.fixture(scope="module")
def cohort(design: Design, truth: Truth) -> Cohort:
    return draw_cohort(dataclasses.replace(design, planned_size=SIZE), truth, SEED)


@pytest.fixture(scope="module")
def one_scanner(imaging: Imaging) -> np.ndarray:
    return np.full(SIZE, imaging.scanners[0][0], dtype=object)


UNDO = {"log": np.log, "logit": lambda x: np.log(x / (1 - x)), "identity": lambda x: x}


def to_scale(values: Scores, imaging: Imaging) -> Scores:
    """Undo the scale of each feature, so that scores add."""
    return {item.name: UNDO[item.scale](values[item.name]) for item in imaging.features}


def image(cohort: Cohort, scanner: np.ndarray, imaging: Imaging, visit: str = "BL", replicate: int = 1) -> Scores:
    return to_scale(draw_features(cohort, scanner, "T1C", visit, replicate, imaging, SEED), imaging)


@pytest.fixture(scope="module")
def first(cohort: Cohort, one_scanner: np.ndarray, imaging: Imaging) -> Scores:
    return image(cohort, one_scanner, imaging)


@pytest.fixture(scope="module")
def again(cohort: Cohort, one_scanner: np.ndarray, imaging: Imaging) -> Scores:
    return image(cohort, one_scanner, imaging, replicate=2)


@pytest.fixture(scope="module")
def late(cohort: Cohort, one_scanner: np.ndarray, imaging: Imaging) -> Scores:
    return image(cohort, one_scanner, imaging, visit="M3")


def retest(one: np.ndarray, other: np.ndarray) -> float:
    """ICC(1): between-participant over total variance, from one-way mean squares of two images each."""
    within = np.mean((one - other) ** 2) / 2
    between = 2 * np.var((one + other) / 2, ddof=1)
    return float((between - within) / (between + within))


def test_features_are_pyradiomics_own(imaging: Imaging) -> None:
    names = [item.name for item in imaging.features]
    assert len(names) == len(set(names)) == 107
    counts = pd.Series([name.split("_")[1] for name in names]).value_counts().to_dict()
    assert counts == CLASSES
    assert {name.split("_")[0] for name in names} == {"original"}


def test_stored_lists_are_those_of_the_values(truths: dict) -> None:
    """20 % of 107 unstable, 40 % with a batch effect, 8 informative, 5 confounded (DOMAIN section 8, Radiomics)."""
    lists = truths["features"]
    counts = {kind: len(lists[kind]) for kind in ("informative", "unstable", "batch", "confounded")}
    assert counts == {"informative": 8, "unstable": 21, "batch": 43, "confounded": 5}
    assert not set(lists["informative"]) & {*lists["unstable"], *lists["confounded"]}
    assert not set(lists["unstable"]) & set(lists["confounded"])


def test_values_are_possible(cohort: Cohort, one_scanner: np.ndarray, imaging: Imaging) -> None:
    for visit, _ in imaging.visits:
        values = draw_features(cohort, one_scanner, "T2", visit, 1, imaging, SEED)
        for item in imaging.features:
            assert np.isfinite(values[item.name]).all()
            if item.scale != "identity":
                assert (values[item.name] > 0).all(), item.name
            if item.scale == "logit":
                assert (values[item.name] < 1).all(), item.name


def test_retest_separates_stable_from_unstable(first: Scores, again: Scores, truths: dict) -> None:
    unstable = set(truths["features"]["unstable"])
    found = {name: retest(first[name], again[name]) for name in first}
    assert {name for name, icc in found.items() if icc < 0.6} == unstable
    assert min(icc for name, icc in found.items() if name not in unstable) > 0.75


def test_committed_retest_subset_shows_it(study: Study, truths: dict, imaging: Imaging) -> None:
    """An ICC of .3 has a standard error of .9/sqrt(n) at n pairs: hardly an unstable feature passes .6."""
    images = study["adrad"].query("AVISIT == 'BL' and MODALITY == 'T1C'")
    pairs = {k: v.set_index("USUBJID") for k, v in images.groupby("REPLICATE")}
    who = pairs[2].index
    assert len(who) >= 50
    scores = [to_scale({item.name: pairs[k].loc[who, item.name].to_numpy() for item in imaging.features}, imaging)
              for k in (1, 2)]  # fmt: skip
    unstable = truths["features"]["unstable"]
    found = pd.Series({name: retest(scores[0][name], scores[1][name]) for name in scores[0]})
    assert (found[unstable] < 0.6).mean() > 0.9
    assert (found.drop(unstable) > 0.6).all()


def test_features_of_a_factor_form_a_block(first: Scores, imaging: Imaging, truths: dict) -> None:
    """Two features correlate by the product of their loadings, over their spreads."""
    special = {*truths["features"]["unstable"], *truths["features"]["informative"], *truths["features"]["size"]}
    for factor, _ in imaging.factors[:4]:
        block = [item for item in imaging.features
                 if item.name not in special and abs(dict(item.loadings).get(factor, 0.0)) > 0.6]  # fmt: skip
        assert len(block) >= 4, factor
        for one, other in ((block[0], block[1]), (block[1], block[3])):
            expected = shared(one, other) / (spread(one) * spread(other))
            found = np.corrcoef(first[one.name], first[other.name])[0, 1]
            assert abs(expected) > 0.45
            assert found == pytest.approx(expected, abs=CORRELATION_TOLERANCE)


def shared(one: Feature, other: Feature) -> float:
    return sum(loading * dict(other.loadings).get(name, 0.0) for name, loading in one.loadings)


def spread(feature: Feature) -> float:
    return float(np.sqrt(shared(feature, feature) + feature.own**2 + feature.repeat_sd**2))


def test_second_scanner_shifts_and_stretches_what_is_planted(
    cohort: Cohort, first: Scores, imaging: Imaging, truths: dict
) -> None:
    """The same participants on the other scanner: planted features move, the others do not change at all."""
    other = image(cohort, np.full(SIZE, imaging.scanners[-1][0], dtype=object), imaging)
    moved = [name for name in first if not np.array_equal(first[name], other[name])]
    assert sorted(moved) == sorted(truths["features"]["batch"])
    for item in imaging.features:
        if item.name in moved:
            shift, stretch = item.batch
            assert other[item.name].std() / first[item.name].std() == pytest.approx(stretch, rel=1e-6)
            plain = first[item.name].mean()
            start = UNDO[item.scale](item.median)
            expected = start + item.spread * shift + stretch * (plain - start)
            assert other[item.name].mean() == pytest.approx(expected, abs=1e-6 * max(1.0, abs(expected)))


def test_shape_changes_mirror_the_shrinking_tumor(
    cohort: Cohort, first: Scores, late: Scores, imaging: Imaging
) -> None:
    """Volume falls to 12 % by month 3; a length follows by its cube root, an area by the power of two thirds."""
    shrinkage = np.log(tumor_volume(cohort, "M3", imaging, SEED) / cohort.baseline.volume)
    assert np.median(shrinkage) == pytest.approx(np.log(0.12), abs=0.02)
    for name, power in (("MeshVolume", 1.0), ("SurfaceArea", 0.667), ("Maximum3DDiameter", 0.333),
                        ("SurfaceVolumeRatio", -0.333)):  # fmt: skip
        change = late[f"original_shape_{name}"] - first[f"original_shape_{name}"]
        slope = np.polyfit(shrinkage, change, 1)[0]
        assert slope == pytest.approx(power, abs=0.06), name
        assert np.median(change) == pytest.approx(power * np.log(0.12), abs=0.02), name


def test_mesh_volume_is_the_recorded_tumor_volume(study: Study) -> None:
    """Cubic millimetres against millilitres, with the spread of a delineation."""
    images = study["adrad"].query("AVISIT == 'BL' and REPLICATE == 1")
    recorded = study["adsl"].set_index("USUBJID")["GTVPVOL"].loc[images["USUBJID"]].to_numpy()
    ratio = images["original_shape_MeshVolume"].to_numpy() / (1000 * recorded)
    assert np.abs(np.log(ratio)).max() < 0.2


def test_informative_features_follow_what_drives_the_hazards(
    cohort: Cohort, first: Scores, imaging: Imaging, truths: dict
) -> None:
    """Each correlates with its drivers; no stable feature outside the size block correlates with any of them."""
    drivers = {**cohort.covariates, "volume": standardized_volume(cohort, imaging)}
    for item in imaging.features:
        if item.drivers:
            driver = sum(slope * drivers[name] for name, slope in item.drivers)
            assert np.corrcoef(first[item.name], driver)[0, 1] > 0.5, item.name
            assert {name for name, _ in item.drivers} <= {"volume", "t3", "t4", "n2", "n3", "ebv"}
    known = {*truths["features"]["informative"], *truths["features"]["size"]}
    for name in set(first) - known:
        for driver_name in ("volume", "t4", "n3", "ebv"):
            assert abs(np.corrcoef(first[name], drivers[driver_name])[0, 1]) < CORRELATION_TOLERANCE, name


def test_confounded_changes_vanish_given_tumor_volume(
    cohort: Cohort, first: Scores, late: Scores, imaging: Imaging, truths: dict
) -> None:
    """Change follows volume before treatment, and the arm only through it."""
    volume, arm = standardized_volume(cohort, imaging), cohort.first_arm.astype(float)
    planted = {item.name: item for item in imaging.features}
    for name in truths["features"]["confounded"]:
        change = (late[name] - first[name]) / planted[name].spread
        X = np.column_stack([np.ones(SIZE), volume, arm])
        beta, residual, _, _ = np.linalg.lstsq(X, change, rcond=None)
        error = np.sqrt(residual[0] / (SIZE - 3) * np.diag(np.linalg.inv(X.T @ X)))
        assert abs(beta[1] - planted[name].change_by_volume) < 4 * error[1], name
        assert abs(beta[2]) < 4 * error[2], name
        others = [item for item in imaging.features if not item.change_by_volume and not item.volume]
        assert all(abs(np.corrcoef(late[x.name] - first[x.name], volume)[0, 1]) < CORRELATION_TOLERANCE for x in others)


def test_treatment_changes_no_feature_at_equal_volume(
    cohort: Cohort, one_scanner: np.ndarray, imaging: Imaging
) -> None:
    other = dataclasses.replace(cohort, first_arm=~cohort.first_arm)
    for visit, _ in imaging.visits:
        one, two = (draw_features(who, one_scanner, "T2", visit, 1, imaging, SEED) for who in (cohort, other))
        assert all(np.array_equal(one[name], two[name]) for name in one)


def test_recorded_images(study: Study, imaging: Imaging) -> None:
    """Participants stay on one scanner; values have five significant digits; visits and modalities are the planned."""
    images = study["adrad"]
    assert (images.groupby("USUBJID")["SCANNER"].nunique() == 1).all()
    assert set(images["AVISIT"]) == {"BL", "MID", "M3"}
    assert set(images["MODALITY"]) == {"T1C", "T2"}
    assert set(images["ROI"]) == {"GTVp"}
    for item in imaging.features[::10]:
        values = images[item.name]
        assert (values == [float(f"{value:.5g}") for value in values]).all()

"""What is planted can be found again: expected values are the stored truths, and those are DOMAIN section 8's.

Large draws use only the parts of the engine that a quantity needs; the committed trial is one draw of 500, so it gets
the Monte-Carlo spread that DOMAIN section 8 gives for that size.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from lifelines import KaplanMeierFitter

from npcstats.study import Design, Study
from npcstats.synthetic import Truth, true_propensity
from npcstats.synthetic.biomarkers import draw_values
from npcstats.synthetic.cohort import Cohort, draw_cohort
from npcstats.synthetic.conduct import tube_probability
from npcstats.synthetic.counterfactual import find_times
from npcstats.synthetic.detection import find_relapses
from npcstats.synthetic.disease import draw_fate, draw_follow_up, invert_hazard
from npcstats.synthetic.schedule import draw_schedule
from npcstats.synthetic.toxicity import draw_grades
from npcstats.synthetic.treatment import end_course_at_death, plan_course

SIZE = 40_000
SEED = 20260101

# Spread of one estimate at n = 500: 600 replicates, DOMAIN section 8.
MUCOSITIS_NAIVE_SD = 0.042
MUCOSITIS_WEIGHTED_SD = 0.048
# Spread of an SMD at n = 500 with half in each arm: sqrt(1/250 + 1/250) = 0.089.
SMD_SD_500 = 0.09
# SMDs are planted to two decimals; at 40,000 their own spread is 0.01.
SMD_TOLERANCE = 0.04
SEVERE = 3
# Planted, and at once the conditional and the marginal truth (DOMAIN section 8).
LOG_RATIO_ALC = 0.25


@pytest.fixture(scope="module")
def large(design: Design) -> Design:
    return dataclasses.replace(design, planned_size=SIZE)


@pytest.fixture(scope="module")
def cohort(large: Design, truth: Truth) -> Cohort:
    return draw_cohort(large, truth, SEED)


@pytest.fixture(scope="module")
def grades(cohort: Cohort, truth: Truth) -> dict[str, np.ndarray]:
    return draw_grades(cohort, truth.toxicity.acute, truth.toxicity, SEED)


def standardized_difference(x: np.ndarray, first: np.ndarray) -> float:
    """Difference of means over the root of the average variance."""
    return (x[first].mean() - x[~first].mean()) / np.sqrt((x[first].var() + x[~first].var()) / 2)


def risk_difference(y: np.ndarray, first: np.ndarray, weights: np.ndarray) -> float:
    return np.average(y[first], weights=weights[first]) - np.average(y[~first], weights=weights[~first])


def overlap(propensity: np.ndarray, first: np.ndarray) -> np.ndarray:
    return np.where(first, 1 - propensity, propensity)


def difference_error(y: np.ndarray, first: np.ndarray) -> float:
    return float(np.sqrt(y[first].var() / first.sum() + y[~first].var() / (~first).sum()))


def recorded_covariates(adsl: pd.DataFrame) -> dict[str, np.ndarray]:
    """The covariates of the planted propensity score, from what the export holds (DOMAIN section 8, Assignment)."""
    columns = {
        "age10": (adsl["AGE"] - 49) / 10,
        "ses": adsl["SES"],
        "cci": adsl["CCI"],
        "ecog": adsl["ECOGBL"],
        "t4": adsl["T9"] == "T4",
        "ic": adsl["INDREG"] != "",
    }
    return {name: values.to_numpy(dtype=float) for name, values in columns.items()}


def test_mean_propensity_and_arm_split(cohort: Cohort, truth: Truth, truths: dict) -> None:
    propensity = true_propensity(truth, cohort.covariates)
    assert propensity.mean() == pytest.approx(truths["population"]["propensity mean"], abs=0.005)
    assert cohort.first_arm.mean() == pytest.approx(propensity.mean(), abs=0.01)


@pytest.mark.parametrize("name", ["age10", "ses", "cci", "ecog"])
def test_planted_imbalance(cohort: Cohort, truths: dict, name: str) -> None:
    found = standardized_difference(cohort.covariates[name], cohort.first_arm)
    assert found == pytest.approx(truths["population"][f"smd {name}"], abs=SMD_TOLERANCE)


def test_stage_mix(cohort: Cohort) -> None:
    """IA, IB, II, III = 1.6, 15.1, 44.8, 38.5 % (DOMAIN section 8, Baseline)."""
    shares = pd.Series(cohort.baseline.stage).value_counts(normalize=True)
    for stage, share in (("IA", 0.016), ("IB", 0.151), ("II", 0.448), ("III", 0.385)):
        assert shares[stage] == pytest.approx(share, abs=0.01)


@pytest.mark.parametrize("term", ["Mucositis oral", "Dermatitis radiation", "Dysphagia", "Nausea"])
def test_weighting_by_the_true_propensity_finds_the_risk_difference(
    cohort: Cohort, grades: dict, truth: Truth, quantities: dict, term: str
) -> None:
    """Inverse probability weights recover the population average; their spread is below twice the unweighted."""
    severe = (grades[term] >= SEVERE).astype(float)
    first = cohort.first_arm
    propensity = true_propensity(truth, cohort.covariates)
    found = risk_difference(severe, first, np.where(first, 1 / propensity, 1 / (1 - propensity)))
    assert abs(found - quantities[f"{term} grade>=3"]["ate"]) < 3 * 1.5 * difference_error(severe, first)


@pytest.mark.parametrize("term", ["Mucositis oral", "Nausea"])
def test_naive_comparisons_are_confounded(cohort: Cohort, grades: dict, quantities: dict, term: str) -> None:
    """Mucositis naive -.216 where the truth is -.174; nausea naive -.026 where the truth is 0."""
    first, known = cohort.first_arm, quantities[f"{term} grade>=3"]
    severe = (grades[term] >= SEVERE).astype(float)
    naive = risk_difference(severe, first, np.ones(SIZE))
    error = difference_error(severe, first)
    assert abs(naive - known["naive"]) < 4 * error
    assert abs(naive - known["ate"]) > 2 * error


def test_unplanted_grades_do_not_occur(grades: dict) -> None:
    """CTCAE defines no grade 3 dysgeusia and no grade 4 nausea, dry mouth or weight loss."""
    assert grades["Dysgeusia"].max() == 2
    for term in ("Nausea", "Dry mouth", "Weight loss"):
        assert grades[term].max() == 3


def test_lymphocyte_ratio_at_the_end_of_radiotherapy_is_exact(large: Design, cohort: Cohort, truth: Truth) -> None:
    kept = tuple(marker for marker in truth.biomarkers.markers if marker.code in ("WBC", "ALC", "HGB"))
    small = dataclasses.replace(truth, biomarkers=dataclasses.replace(truth.biomarkers, markers=kept, composites=()))
    course = plan_course(cohort, small, SEED)
    fate = draw_fate(cohort, course, small, SEED)
    course = end_course_at_death(course, fate.death)
    seen = draw_follow_up(cohort, course, fate, small, SEED)
    none = np.zeros(SIZE, dtype=bool)
    schedule = draw_schedule(large, cohort, course, seen, none, small, SEED)
    values = draw_values(cohort, course, fate, schedule, small, SEED)["ALC"]
    before, after = values[:, schedule.column("BL")], values[:, schedule.column("EORT")]
    here = schedule.sampled[:, schedule.column("EORT")]
    covariates = {name: cohort.covariates[name] for name in ("age10", "ses", "cci", "ecog", "t4", "ic")}
    found, error = adjusted_difference(
        np.log(after[here]), np.log(before[here]), {k: v[here] for k, v in covariates.items()}, cohort.first_arm[here]
    )
    assert error < 0.005
    assert abs(found - LOG_RATIO_ALC) < 3 * error


def adjusted_difference(
    y: np.ndarray, baseline: np.ndarray, covariates: dict[str, np.ndarray], first: np.ndarray
) -> tuple[float, float]:
    """Least-squares arm difference given baseline and covariates, and its standard error."""
    design = np.column_stack([np.ones(len(y)), *covariates.values(), baseline, first])
    beta, residual, _, _ = np.linalg.lstsq(design, y, rcond=None)
    variance = residual[0] / (len(y) - design.shape[1]) * np.linalg.inv(design.T @ design)[-1, -1]
    return float(beta[-1]), float(np.sqrt(variance))


def test_hazards_give_the_stated_survival(cohort: Cohort, truth: Truth, quantities: dict) -> None:
    """Potential outcomes at 36 months with everyone in one arm; 40,000 draws have a spread of .002."""
    for arm, name in ((False, "PHOTON"), (True, "PROTON")):
        everyone = dataclasses.replace(cohort, first_arm=np.full(SIZE, arm), reaches_rt=np.ones(SIZE, dtype=bool))
        course = plan_course(everyone, truth, SEED)
        begins = draw_fate(everyone, course, truth, SEED)
        ends = {"overall survival": begins.death, "progression-free survival": np.fmin(begins.relapse, begins.death)}
        for endpoint, end in ends.items():
            time = (end - course.rtstdt).astype(float) / 30.4375
            expected = quantities[f"{endpoint} 36 months"][name]
            assert np.mean(time > 36) == pytest.approx(expected, abs=0.007), endpoint


def test_relapses_are_found_as_stated(
    large: Design, cohort: Cohort, grades: dict, truth: Truth, quantities: dict
) -> None:
    """Nobody lost: 40,000 draws of a share of .8 have a spread of .002, of one of .06 a spread of .0012."""
    severe = np.any([grade >= SEVERE for grade in grades.values()], axis=0)
    for arm, name in ((False, "PHOTON"), (True, "PROTON")):
        everyone = dataclasses.replace(cohort, first_arm=np.full(SIZE, arm), reaches_rt=np.ones(SIZE, dtype=bool))
        times = find_times(large, everyone, severe, truth, SEED)
        shares = {
            "progression-free survival": np.minimum(np.minimum(times.locoregional, times.distant), times.death) > 36,
            "locoregional incidence": times.locoregional <= 36,
            "distant incidence": times.distant <= 36,
        }
        for endpoint, here in shares.items():
            known = quantities[f"{endpoint} 36 months, as found"][name]
            assert abs(here.mean() - known) < 4 * np.sqrt(known * (1 - known) / SIZE), endpoint


def test_relapses_are_found_after_they_begin(large: Design, cohort: Cohort, truth: Truth) -> None:
    """But for what a search after another relapse shows ahead; a relapse found is never before twelve weeks."""
    everyone = dataclasses.replace(cohort, reaches_rt=np.ones(SIZE, dtype=bool))
    course = plan_course(everyone, truth, SEED)
    begins = draw_fate(everyone, course, truth, SEED)
    course = end_course_at_death(course, begins.death)
    seen = draw_follow_up(everyone, course, begins, truth, SEED)
    none = np.zeros(SIZE, dtype=bool)
    schedule = draw_schedule(large, everyone, course, seen, none, truth, SEED)
    found = find_relapses(course, begins, schedule, truth, SEED)
    alone = ~np.isnat(found.distant) & np.isnat(found.locoregional)
    assert alone.sum() > 1000
    assert (found.distant[alone] >= begins.distant[alone]).all()
    first = np.fmin(found.locoregional, found.distant)
    assert ((first - course.rtendt).astype(float)[~np.isnat(first)] >= 84).all()
    assert not (first > found.death).any()


def test_relapse_hazards_slow_down() -> None:
    """By hand: 24 months at 1, 12 at .6 (7.2 accumulated), then .3: 24 -> 24, 31.2 -> 36, 34.2 -> 46."""
    time = invert_hazard(np.array([12.0, 24.0, 31.2, 34.2]), np.ones(4), ((24.0, 0.6), (36.0, 0.3)))
    np.testing.assert_allclose(time, [12.0, 24.0, 36.0, 46.0])


def test_feeding_tube_follows_the_organ_dose(truth: Truth) -> None:
    """P = expit(-3.70 + .075 dose): .30 at the photon mean and .12 at the proton mean, over their spread."""
    rng = np.random.default_rng(5)
    (first_mean, first_sd), (last_mean, last_sd) = truth.conduct.organ_dose
    z = rng.standard_normal(100_000)
    assert tube_probability(last_mean + last_sd * z, truth).mean() == pytest.approx(0.30, abs=0.01)
    assert tube_probability(first_mean + first_sd * z, truth).mean() == pytest.approx(0.12, abs=0.01)


def test_accrual_follows_the_plan(cohort: Cohort, design: Design) -> None:
    """By the first meeting (month 19.3) the plan has .108 + .892 * 13.3 / 30 = .503 of the participants."""
    months = (cohort.enrolled - np.datetime64(design.accrual_start)).astype(float) / 30.4375
    assert np.mean(months <= 6.0) == pytest.approx(0.108, abs=0.01)
    assert np.mean(cohort.enrolled <= np.datetime64("2027-06-30")) == pytest.approx(0.503, abs=0.01)
    assert months.max() < 36.2


# ---- the committed trial: one draw of 500


def as_treated(adsl: pd.DataFrame) -> pd.Series:
    """Arm by what was given, by which effects are planted; as planned where nothing was."""
    return adsl["TRT01A"].where(adsl["TRT01A"] != "", adsl["TRT01P"]).replace({"MIXED": "PROTON"})


@pytest.fixture(scope="module")
def radiated(study: Study) -> pd.DataFrame:
    adsl = study["adsl"]
    return adsl[adsl["RTSTDT"].notna()].set_index("USUBJID")


def acute_severe(study: Study, radiated: pd.DataFrame, term: str) -> np.ndarray:
    events = study["adae"].query("AEDECOD == @term and AETOXGR >= @SEVERE")
    events = events.join(radiated[["RTSTDT", "RTENDT"]], on="USUBJID")
    end = events["RTENDT"] + pd.Timedelta(days=90)
    acute = events[(events["ASTDT"] >= events["RTSTDT"]) & (events["ASTDT"] <= end)]
    return radiated.index.isin(acute["USUBJID"]).astype(float)


def test_committed_trial_recovers_mucositis(
    study: Study, radiated: pd.DataFrame, truth: Truth, quantities: dict
) -> None:
    first = (as_treated(radiated) == "PROTON").to_numpy()
    weights = overlap(true_propensity(truth, recorded_covariates(radiated)), first)
    severe = acute_severe(study, radiated, "Mucositis oral")
    known = quantities["Mucositis oral grade>=3"]
    weighted = risk_difference(severe, first, weights)
    naive = risk_difference(severe, first, np.ones(len(first)))
    assert abs(weighted - known["ato"]) < 3 * MUCOSITIS_WEIGHTED_SD
    assert abs(naive - known["naive"]) < 3 * MUCOSITIS_NAIVE_SD


def test_committed_trial_shows_no_effect_on_nausea(study: Study, radiated: pd.DataFrame, truth: Truth) -> None:
    first = (as_treated(radiated) == "PROTON").to_numpy()
    weights = overlap(true_propensity(truth, recorded_covariates(radiated)), first)
    severe = acute_severe(study, radiated, "Nausea")
    assert abs(risk_difference(severe, first, weights)) < 3 * 1.2 * difference_error(severe, first)


def test_committed_trial_recovers_the_lymphocyte_ratio(study: Study, radiated: pd.DataFrame) -> None:
    counts = study["adlb"].query("PARAMCD == 'ALC' and AVISIT in ['BL', 'EORT']")
    wide = counts.pivot_table(index="USUBJID", columns="AVISIT", values="AVAL").dropna()
    own = radiated.loc[wide.index.intersection(radiated.index)]
    wide = wide.loc[own.index]
    found, error = adjusted_difference(
        np.log(wide["EORT"].to_numpy()),
        np.log(wide["BL"].to_numpy()),
        recorded_covariates(own),
        (as_treated(own) == "PROTON").to_numpy(),
    )
    assert abs(found - LOG_RATIO_ALC) < 3 * error


@pytest.mark.parametrize("name", ["age10", "ses"])
def test_committed_trial_is_imbalanced_as_planted(study: Study, truths: dict, name: str) -> None:
    adsl = study["adsl"]
    first = (as_treated(adsl) == "PROTON").to_numpy()
    found = standardized_difference(recorded_covariates(adsl)[name], first)
    assert abs(found - truths["population"][f"smd {name}"]) < 3 * SMD_SD_500


def test_committed_trial_has_about_half_of_its_participants_at_the_first_meeting(study: Study) -> None:
    """250 of 500, with a binomial spread of 11."""
    enrolled = (study["adsl"]["ENRLDT"] <= pd.Timestamp("2027-06-30")).sum()
    assert abs(enrolled - 251) < 3 * 11.2


@pytest.mark.parametrize("month", [24, 36])
def test_committed_trial_has_the_progression_that_is_found(study: Study, quantities: dict, month: int) -> None:
    """Whatever therapy came before: progression as found or death, last assessed otherwise, both arms together."""
    adsl = study["adsl"][study["adsl"]["RTSTDT"].notna()].set_index("USUBJID")
    events = study["adevent"].query("KIND in ['LOCAL', 'REGIONAL', 'DISTANT']").groupby("USUBJID")["ADT"].min()
    looks = study["adassess"].query("KIND != 'VITAL'").groupby("USUBJID")["ADT"].max()
    end = pd.concat([events.reindex(adsl.index), adsl["DTHDT"]], axis=1).min(axis=1)
    last = end.fillna(pd.concat([looks.reindex(adsl.index), adsl["RTSTDT"]], axis=1).max(axis=1))
    fitted = KaplanMeierFitter().fit((last - adsl["RTSTDT"]).dt.days / 30.4375, end.notna())
    survival = float(fitted.predict(month))
    low, high = fitted.confidence_interval_survival_function_.loc[:month].iloc[-1]
    known = quantities[f"progression-free survival {month} months, as found"]
    first = (as_treated(adsl) == "PROTON").mean()
    assert low < high < 1
    assert abs(survival - (first * known["PROTON"] + (1 - first) * known["PHOTON"])) < 3 * (high - low) / (2 * 1.96)

"""The whole made trial: draws every part in the order in which parts depend on each other, and builds the frames."""

from __future__ import annotations

import numpy as np
import pandas as pd

from npcstats.errors import SpecError
from npcstats.study import Design, input_schemas
from npcstats.synthetic.biomarkers import (
    assayed_first,
    build_laboratory,
    draw_values,
    first_values,
    take_samples,
    violators,
)
from npcstats.synthetic.cohort import Cohort, draw_cohort, draw_screening
from npcstats.synthetic.conduct import build_care, build_deviations, build_forms
from npcstats.synthetic.detection import build_events, draw_residual, find_relapses
from npcstats.synthetic.disease import Fate, FollowUp, draw_fate, draw_follow_up
from npcstats.synthetic.draws import Bools, Floats, as_frame, entered, keep, named_stream
from npcstats.synthetic.imaging import build_radiomics, build_response
from npcstats.synthetic.lesions import build_lesions
from npcstats.synthetic.schedule import build_assessments, draw_schedule, end_sampling
from npcstats.synthetic.seriousness import add_seriousness
from npcstats.synthetic.toxicity import Fatal, build_adverse_events, draw_fatal, draw_grades
from npcstats.synthetic.treatment import Course, build_exposure, end_course_at_death, plan_course
from npcstats.synthetic.truth import Truth
from npcstats.synthetic.weights import build_weights

SEVERE = 3


def simulate_trial(design: Design, truth: Truth, seed: int) -> dict[str, pd.DataFrame]:
    """Make a trial of a design with planted effects.

    Parameters
    ----------
    design : Design
        Supplies arms, visits, size and accrual.
    truth : Truth
        Everything planted.
    seed : int
        Every part draws from its own stream of this seed.

    Returns
    -------
    dict of str to DataFrame
        All required frames of the data contract, and sums of diameters where the design declares them; rows sorted,
        values rounded to their recorded precision.

    Raises
    ------
    SpecError
        If the truth names a visit or a treatment that the design does not have.
    """
    _check(design, truth)
    cohort = draw_cohort(design, truth, seed)
    course = plan_course(cohort, truth, seed)
    fate = draw_fate(cohort, course, truth, seed)
    course = end_course_at_death(course, fate.death)
    seen = draw_follow_up(cohort, course, fate, truth, seed)
    grades = draw_grades(cohort, truth.toxicity.acute, truth.toxicity, seed)
    severe = np.any([grade >= SEVERE for grade in grades.values()], axis=0)
    schedule = draw_schedule(design, cohort, course, seen, severe, truth, seed)
    found = find_relapses(course, fate, schedule, truth, seed)
    values = draw_values(cohort, course, fate, schedule, truth, seed)
    schedule = take_samples(end_sampling(cohort, found, schedule, truth, seed), values, truth, seed)
    fatal = draw_fatal(cohort, course, fate, seen, truth, seed)
    laboratory = build_laboratory(cohort, schedule, values, truth, seed)
    renal = first_values(values, truth.chemotherapy.renal_marker, schedule)
    exposure = build_exposure(cohort, course, renal, seen.end, truth, seed)
    events = build_adverse_events(cohort, course, fate, seen, grades, fatal, laboratory, exposure, truth, seed)
    ebv = assayed_first(values, truth.biomarkers.from_covariate[0], schedule, truth, seed)
    response = build_response(cohort, found, schedule, truth, seed)
    residual = draw_residual(cohort, course, found, seen, response, truth, seed)
    frames = {
        "adsl": _participants(cohort, course, found, fate.from_disease, seen, fatal, ebv, truth, seed),
        "adscr": draw_screening(cohort, truth, seed),
        "adae": add_seriousness(events, truth.toxicity, seed),
        "adlb": pd.concat([laboratory, build_weights(cohort, schedule, events, truth, seed)], ignore_index=True),
        "adrad": build_radiomics(cohort, schedule, truth, seed),
        "adevent": build_events(cohort, course, fate, found, seen, residual, truth, seed),
        "adassess": build_assessments(cohort, found, seen, schedule, truth, seed),
        "adrs": response,
        "adtr": build_lesions(cohort, course, found, seen, schedule, response, truth, seed),
        "adex": exposure,
        "adcare": build_care(cohort, course, fate, seen, grades, events, truth, seed),
        "addv": build_deviations(cohort, course, seen, violators(cohort, truth, seed), truth, seed),
        "adform": build_forms(cohort, schedule, truth, seed),
    }
    declared = input_schemas(design)
    return {name: order_frame(frame, design, name) for name, frame in frames.items() if name in declared}


def _check(design: Design, truth: Truth) -> None:
    known = {visit.code for visit in design.visits}
    named = {visit for visit, _, _ in truth.sampling.spread}
    named |= {visit for marker in truth.biomarkers.markers for visit, _, _ in marker.course}
    if named - known:
        unknown = ", ".join(sorted(named - known))
        raise SpecError(f"truth: visits not in the design ({unknown}); one of {', '.join(sorted(known))} is required.")
    treatments = {*(arm.code for arm in design.arms), *design.arm_rule}
    if treatments != {code for code, _ in truth.assignment.techniques}:
        raise SpecError(
            f"truth: techniques are not given for each treatment; {', '.join(sorted(treatments))} are required."
        )


def _participants(
    cohort: Cohort, course: Course, found: Fate, of_disease: Bools, seen: FollowUp, fatal: Fatal, ebv: Floats,
    truth: Truth, seed: int,
) -> pd.DataFrame:  # fmt: skip
    size, starts = len(cohort), cohort.reaches_rt
    blank = np.full(size, "", dtype=object)
    died = found.death <= seen.end
    cause = _causes_of_death(found, of_disease, fatal, truth, seed)
    induction = np.array([regimen.code for regimen in truth.chemotherapy.induction], dtype=object)
    concurrent = np.array([regimen.code for regimen in truth.chemotherapy.concurrent], dtype=object)
    planted = truth.radiotherapy
    columns = {
        "USUBJID": cohort.ids,
        "ICFDT": cohort.consented,
        "ENRLDT": cohort.enrolled,
        "TRT01P": cohort.planned,
        "TRT01A": np.where(starts, cohort.given, blank),
        "TECHNIQUE": np.where(starts, cohort.technique, blank),
        "AGE": cohort.baseline.age,
        "SEX": np.where(cohort.flag("male"), "M", "F").astype(object),
        "ECOGBL": cohort.covariates["ecog"],
        "T9": np.array([f"T{code}" for code in cohort.baseline.tumor], dtype=object),
        "N9": np.array([f"N{code}" for code in cohort.baseline.nodes], dtype=object),
        "M9": np.full(size, "M0", dtype=object),
        "STAGE9": cohort.baseline.stage,
        "TNMVER": np.full(size, 9),
        "WHOHIST": cohort.baseline.histology,
        "CCI": cohort.covariates["cci"],
        "SMOKE": np.where(cohort.baseline.smoke, "Y", "N").astype(object),
        "BETEL": np.where(cohort.baseline.betel, "Y", "N").astype(object),
        "SES": cohort.covariates["ses"],
        "EBVBL": _recorded_ebv(ebv, truth),
        "GTVPVOL": cohort.baseline.volume,
        "INDREG": np.where(course.induction >= 0, induction[course.induction], blank),
        "CONREG": concurrent[course.concurrent],
        "RXDOSE": np.where(starts, planted.dose, np.nan),
        "RXDOSU": np.where(starts, cohort.dose_unit, blank),
        "FXPLAN": np.where(starts, float(planted.fractions), np.nan),
        "FXDELIV": np.where(starts, course.delivered.astype(float), np.nan),
        "TRTSDT": course.trtsdt,
        "RTSTDT": course.rtstdt,
        "RTENDT": course.rtendt,
        "DTHDT": keep(found.death, died),
        "DTHCAUS": np.where(died, cause, blank).astype(object),
        "EOSDT": seen.eosdt,
        "EOSSTT": seen.status,
    }
    for name, share in truth.covariates.unknown:
        columns[name] = _with_gaps(columns[name], share, named_stream(seed, f"unknown/{name}"))
    return entered(named_stream(seed, "participants/entry"), as_frame(columns), "ENRLDT", truth.calendar)


def _causes_of_death(found: Fate, of_disease: Bools, fatal: Fatal, truth: Truth, seed: int) -> np.ndarray:
    """What each participant would die of, as it is recorded."""
    cause = np.where(found.from_disease, "DISEASE", np.where(fatal.dies, "TREATMENT", "OTHER"))
    unknown = named_stream(seed, "participants/cause").random(len(cause)) < truth.disease.cause_unknown
    unknown |= of_disease & ~found.from_disease
    return np.where(unknown & ~fatal.dies, "UNKNOWN", cause)


def _with_gaps(column: np.ndarray, share: float, stream: np.random.Generator) -> np.ndarray:
    """A column of which a share is left empty."""
    empty: float | str = np.nan if column.dtype.kind == "f" else ""
    return np.where(stream.random(len(column)) < share, empty, column)


def _recorded_ebv(ebv: Floats, truth: Truth) -> Floats:
    """Copies/mL as the case report form holds them: 0 if not detected, half the limit if not quantified."""
    code = truth.biomarkers.from_covariate[0]
    marker = next(item for item in truth.biomarkers.markers if item.code == code)
    below = np.where(ebv < marker.detection, 0.0, marker.limit / 2.0)
    return np.where(ebv < marker.limit, below, ebv)


def order_frame(frame: pd.DataFrame, design: Design, name: str) -> pd.DataFrame:
    """Bring a frame into the order of an export.

    Parameters
    ----------
    frame : DataFrame
        Its records in any order.
    design : Design
        Declares the frame.
    name : str
        Name of the frame.

    Returns
    -------
    DataFrame
        Rows by key, or by participant and the other columns; declared columns first, then features by name.
    """
    schema = input_schemas(design)[name]
    declared = [column.name for column in schema.columns]
    features = sorted(column for column in frame.columns if schema.features and column not in declared)
    first = [*schema.key] if schema.key else [declared[0]]
    keys = list(dict.fromkeys([*first, *declared[1:]]))
    ordered = frame.sort_values([key for key in keys if key in frame], kind="stable", ignore_index=True)
    return ordered[[*declared, *features]]

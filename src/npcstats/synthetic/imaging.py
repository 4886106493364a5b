"""Tumor response and image features. Features carry person, scanner and repeat noise, and no effect of treatment."""

from __future__ import annotations

import numpy as np
import pandas as pd

from npcstats.synthetic.cohort import Cohort
from npcstats.synthetic.disease import Fate, FollowUp
from npcstats.synthetic.draws import (
    Bools,
    Floats,
    Texts,
    after,
    as_frame,
    choose_text,
    days,
    entered,
    named_stream,
)
from npcstats.synthetic.schedule import Schedule
from npcstats.synthetic.treatment import Course
from npcstats.synthetic.truth import Imaging, Truth

SIGNIFICANT = 6


def build_response(cohort: Cohort, course: Course, fate: Fate, seen: FollowUp, truth: Truth, seed: int) -> pd.DataFrame:
    """Build the frame of response assessments: a first reading, and a second that depends on it.

    Parameters
    ----------
    cohort : Cohort
        The enrolled.
    course : Course
        Their treatment.
    fate : Fate
        Relapse and death, seen or not.
    seen : FollowUp
        How long each is observed.
    truth : Truth
        Everything planted.
    seed : int
        Seed of the trial; the part draws from its own stream.

    Returns
    -------
    DataFrame
        Of the data contract, with the day of entry.
    """
    planted, size = truth.response, len(cohort)
    rng = named_stream(seed, "response")
    reading = choose_text(rng, size, planted.first)
    transitions = dict(planted.second)
    parts = []
    for number, (visit, first, last) in enumerate(planted.visits):
        date = after(course.rtendt, days(rng, size, (first, last)))
        if number > 0:
            reading = _second(reading, transitions, rng)
        shown = np.where(fate.relapse <= date, planted.after_relapse, reading)
        here = (date <= seen.end) & (rng.random(size) >= truth.sampling.missed)
        count = int(here.sum())
        parts.append(as_frame({
            "USUBJID": cohort.ids[here],
            "AVISIT": np.full(count, visit, dtype=object),
            "ADT": date[here],
            "AVALC": shown[here].astype(object),
            "METHOD": np.full(count, planted.method, dtype=object),
        }))  # fmt: skip
    return entered(named_stream(seed, "response/entry"), pd.concat(parts, ignore_index=True), "ADT", truth.calendar)


def build_radiomics(cohort: Cohort, schedule: Schedule, truth: Truth, seed: int) -> pd.DataFrame:
    """Build the frame of image features, one row per participant, visit, modality and replicate.

    Parameters
    ----------
    cohort : Cohort
        The enrolled.
    schedule : Schedule
        Their contacts.
    truth : Truth
        Everything planted.
    seed : int
        Seed of the trial; the part draws from its own stream.

    Returns
    -------
    DataFrame
        Of the data contract, with the day of entry.
    """
    planted, size = truth.imaging, len(cohort)
    rng = named_stream(seed, "imaging")
    scanner = choose_text(rng, size, planted.scanners)
    repeated = np.zeros(size, dtype=bool)
    repeated[rng.permutation(size)[: planted.repeated]] = True
    parts = []
    for visit, left in planted.visits:
        column = schedule.column(visit)
        imaged = schedule.sampled[:, column] & (rng.random(size) >= planted.missed)
        volume = cohort.baseline.volume * left * np.exp(0.15 * rng.standard_normal(size)) ** (left < 1.0)
        for modality in planted.modalities:
            for replicate in (1, 2):
                here = imaged if replicate == 1 else imaged & repeated & (visit == planted.repeated_visit)
                features = _features(planted, modality, visit, replicate, volume, scanner, seed)
                parts.append(
                    _rows(cohort, schedule, column, visit, modality, replicate, here, scanner, features, planted)
                )
    frame = pd.concat([part for part in parts if len(part)], ignore_index=True)
    return entered(named_stream(seed, "imaging/entry"), frame, "ADT", truth.calendar)


def _second(reading: Texts, transitions: dict[str, tuple[tuple[str, float], ...]], rng: np.random.Generator) -> Texts:
    second = reading.copy()
    for before, weights in transitions.items():
        here = reading == before
        second[here] = choose_text(rng, int(here.sum()), weights)
    return second


def _features(
    planted: Imaging, modality: str, visit: str, replicate: int, volume: Floats, scanner: Texts, seed: int
) -> dict[str, Floats]:
    size = len(volume)
    second_scanner = scanner == planted.scanners[-1][0]
    features = {}
    for feature in planted.features:
        lasting = named_stream(seed, f"imaging/{modality}/{feature.name}").standard_normal(size)
        rng = named_stream(seed, f"imaging/{modality}/{feature.name}/{visit}/{replicate}")
        noise = feature.person_sd * lasting + feature.repeat_sd * rng.standard_normal(size)
        shift = noise + feature.scanner_shift * second_scanner
        features[feature.name] = _significant(feature.mean * volume**feature.volume * np.exp(shift))
    return features


def _significant(values: Floats) -> Floats:
    return np.array([float(f"{value:.{SIGNIFICANT}g}") for value in values])


def _rows(
    cohort: Cohort, schedule: Schedule, column: int, visit: str, modality: str, replicate: int, here: Bools,
    scanner: Texts, features: dict[str, Floats], planted: Imaging,
) -> pd.DataFrame:  # fmt: skip
    count = int(here.sum())
    return as_frame({
        "USUBJID": cohort.ids[here],
        "AVISIT": np.full(count, visit, dtype=object),
        "ADT": schedule.dates[here, column],
        "MODALITY": np.full(count, modality, dtype=object),
        "ROI": np.full(count, planted.region, dtype=object),
        "REPLICATE": np.full(count, replicate),
        "SCANNER": scanner[here],
        **{name: values[here] for name, values in features.items()},
    })  # fmt: skip

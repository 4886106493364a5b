"""Tumor response and image features.

Features are standard scores made of latent factors, covariates and an own part. Treatment acts on none of them: what
follows an arm does so through tumor volume.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from npcstats.synthetic.cohort import Cohort
from npcstats.synthetic.disease import Fate
from npcstats.synthetic.draws import (
    Bools,
    Dates,
    Floats,
    Texts,
    as_frame,
    choose_text,
    entered,
    expit,
    named_stream,
    predict,
)
from npcstats.synthetic.schedule import Schedule
from npcstats.synthetic.truth import Feature, Imaging, Linear, Truth


def build_response(cohort: Cohort, found: Fate, schedule: Schedule, truth: Truth, seed: int) -> pd.DataFrame:
    """Build the frame of response assessments: a first reading, and a second that depends on it.

    Parameters
    ----------
    cohort : Cohort
        The enrolled.
    found : Fate
        Relapse, on the days on which it is found.
    schedule : Schedule
        Their contacts; an image is read on the day of its visit.
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
    for number, visit in enumerate(planted.visits):
        column = schedule.column(visit)
        date = schedule.dates[:, column]
        if number > 0:
            reading = _second(reading, transitions, rng)
        shown = np.where(found.relapse <= date, planted.after_relapse, reading)
        here = schedule.attended[:, column] & (rng.random(size) >= truth.sampling.missed)
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
    for visit, _ in planted.visits:
        column = schedule.column(visit)
        imaged = schedule.sampled[:, column] & (rng.random(size) >= planted.missed)
        for modality in planted.modalities:
            for replicate in (1, 2):
                here = imaged if replicate == 1 else imaged & repeated & (visit == planted.repeated_visit)
                if here.any():
                    features = draw_features(cohort, scanner, modality, visit, replicate, planted, seed)
                    keys = (visit, modality, planted.region, replicate)
                    parts.append(_rows(cohort, schedule.dates[:, column], keys, here, scanner, features, planted))
    frame = pd.concat(parts, ignore_index=True)
    return entered(named_stream(seed, "imaging/entry"), frame, "ADT", truth.calendar)


def draw_features(
    cohort: Cohort, scanner: Texts, modality: str, visit: str, replicate: int, planted: Imaging, seed: int
) -> dict[str, Floats]:
    """Draw every feature of one image of each participant.

    Parameters
    ----------
    cohort : Cohort
        The enrolled.
    scanner : object (n,)
        Scanner codes.
    modality, visit : str
        Which image.
    replicate : int
        1, or 2 for a repeated image.
    planted : Imaging
        Factors, features, scanners.
    seed : int
        Seed of the trial; every feature draws from its own stream.

    Returns
    -------
    dict of str to float (n,)
        Values by feature, at full precision.
    """
    start = standardized_volume(cohort, planted)
    drivers = {**cohort.covariates, "volume": start}
    volume = tumor_volume(cohort, visit, planted, seed)
    factors = {"volume": start, **_factors(len(cohort), modality, visit, replicate, planted, seed)}
    last = scanner == planted.scanners[-1][0]
    features = {}
    for feature in planted.features:
        shift, stretch = feature.batch
        own = named_stream(seed, f"imaging/{modality}/{feature.name}").standard_normal(len(cohort))
        rng = named_stream(seed, f"imaging/{modality}/{feature.name}/{visit}/{replicate}")
        score = predict(Linear(0.0, feature.drivers), drivers) + feature.own * own
        for factor, loading in feature.loadings:
            score = score + loading * factors[factor]
        if visit != planted.visits[0][0]:
            score = score + feature.change_by_volume * start
        score = score + feature.repeat_sd * rng.standard_normal(len(cohort))
        score = np.where(last, shift + stretch * score, score)
        features[feature.name] = _on_scale(feature, score) * volume**feature.volume
    return features


def tumor_volume(cohort: Cohort, visit: str, planted: Imaging, seed: int) -> Floats:
    """Return tumor volume at a visit.

    Parameters
    ----------
    cohort : Cohort
        The enrolled.
    visit : str
        Visit with images.
    planted : Imaging
        Share of volume left at each visit, and its spread.
    seed : int
        Seed of the trial; every visit draws from its own stream.

    Returns
    -------
    float (n,)
        Milliliters.
    """
    if visit == planted.visits[0][0]:
        return cohort.baseline.volume
    noise = named_stream(seed, f"imaging/volume/{visit}").standard_normal(len(cohort))
    return np.asarray(cohort.baseline.volume * dict(planted.visits)[visit] * np.exp(planted.regression_sd * noise))


def standardized_volume(cohort: Cohort, planted: Imaging) -> Floats:
    """Return log tumor volume before treatment, standardized by the planted mean and spread.

    Parameters
    ----------
    cohort : Cohort
        The enrolled.
    planted : Imaging
        Mean and spread of log volume.

    Returns
    -------
    float (n,)
        Standard scores.
    """
    mean, sd = planted.log_volume
    return np.asarray((np.log(cohort.baseline.volume) - mean) / sd)


def name_planted(planted: Imaging, reliable: float) -> dict[str, list[str]]:
    """List the features by what is planted in them.

    Parameters
    ----------
    planted : Imaging
        Features.
    reliable : float
        Intraclass correlation below which a feature counts as unstable.

    Returns
    -------
    dict of str to list of str
        ``informative`` (driven by covariates), ``size`` (following tumor volume), ``unstable``, ``batch``, and
        ``confounded`` (changing with tumor volume before treatment).
    """
    features = planted.features
    return {
        "informative": [item.name for item in features if item.drivers],
        "size": [item.name for item in features if item.volume or "volume" in dict(item.loadings)],
        "unstable": [item.name for item in features if retest_correlation(item, planted) < reliable],
        "batch": [item.name for item in features if item.batch != (0.0, 1.0)],
        "confounded": [item.name for item in features if item.change_by_volume],
    }


def retest_correlation(feature: Feature, planted: Imaging) -> float:
    """Return the planted intraclass correlation of a repeated image on the feature's scale, one scanner.

    Drivers are left out, so that a driven feature is at least as reliable. Features that follow tumor volume have its
    spread besides their own.

    Parameters
    ----------
    feature : Feature
        Loadings and spreads.
    planted : Imaging
        Factors; those of correlation 0 are drawn anew for each image.

    Returns
    -------
    float
        Between 0 and 1.
    """
    lasting = {"volume": 1.0, **dict(planted.factors)}
    between, within = feature.own**2, feature.repeat_sd**2
    between += (feature.volume * planted.log_volume[1] / feature.spread) ** 2
    for name, loading in feature.loadings:
        if lasting[name] > 0.0:
            between += loading**2
        else:
            within += loading**2
    return between / (between + within)


def _factors(size: int, modality: str, visit: str, replicate: int, planted: Imaging, seed: int) -> dict[str, Floats]:
    """Draw the latent factors of one image, (n,) by name, each of variance 1."""
    factors = {}
    for name, correlation in planted.factors:
        first = named_stream(seed, f"imaging/factor/{modality}/{name}").standard_normal(size)
        if correlation == 0.0:
            first = named_stream(seed, f"imaging/factor/{modality}/{name}/{visit}/{replicate}").standard_normal(size)
        elif visit != planted.visits[0][0]:
            fresh = named_stream(seed, f"imaging/factor/{modality}/{name}/{visit}").standard_normal(size)
            first = correlation * first + np.sqrt(1.0 - correlation**2) * fresh
        factors[name] = first
    return factors


def _on_scale(feature: Feature, score: Floats) -> Floats:
    moved = feature.spread * score
    if feature.scale == "log":
        return np.asarray(feature.median * np.exp(moved))
    if feature.scale == "logit":
        return expit(np.log(feature.median / (1.0 - feature.median)) + moved)
    return np.asarray(feature.median + moved)


def _second(reading: Texts, transitions: dict[str, tuple[tuple[str, float], ...]], rng: np.random.Generator) -> Texts:
    second = reading.copy()
    for before, weights in transitions.items():
        here = reading == before
        second[here] = choose_text(rng, int(here.sum()), weights)
    return second


def _significant(values: Floats, digits: int) -> Floats:
    return np.array([float(f"{value:.{digits}g}") for value in values])


def _rows(
    cohort: Cohort, date: Dates, keys: tuple[str, str, str, int], here: Bools, scanner: Texts,
    features: dict[str, Floats], planted: Imaging,
) -> pd.DataFrame:  # fmt: skip
    count = int(here.sum())
    visit, modality, region, replicate = keys
    return as_frame({
        "USUBJID": cohort.ids[here],
        "AVISIT": np.full(count, visit, dtype=object),
        "ADT": date[here],
        "MODALITY": np.full(count, modality, dtype=object),
        "ROI": np.full(count, region, dtype=object),
        "REPLICATE": np.full(count, replicate),
        "SCANNER": scanner[here],
        **{name: _significant(values[here], planted.significant) for name, values in features.items()},
    })  # fmt: skip

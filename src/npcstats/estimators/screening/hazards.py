"""One Cox model for each of many features."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from npcstats.choices import check_choice
from npcstats.errors import DataError
from npcstats.estimators.checks import check_array, check_binary, check_labels, check_probability
from npcstats.estimators.continuous import adjust_p_values
from npcstats.estimators.distributions import normal_quantile
from npcstats.estimators.threads import one_thread
from npcstats.estimators.timetoevent.cox import TIES, fit_cox
from npcstats.estimators.types import BoolArray, DesignMatrix, FloatArray, IntArray

NO_EVENT = "There is no event among those with a value."
NO_DIFFERENCE = "The feature does not differ among those at risk at any event."
_STEPS = 30
_HALVINGS = 30
_DONE, _NEAR = 1e-20, 1e-12
"""Twice the likelihood that a further step would gain: steps end below the first, and count as the top below both."""


@dataclass(frozen=True, eq=False)
class CoxScreen:
    """Models of f features, each alone.

    Attributes
    ----------
    coef, std_error, statistic, p_value, lower, upper : float array, shape (f,)
        Log hazard ratio for one unit of the feature, standard error, z, two-sided p-value and limits; NaN where a
        feature has no model. With Firth's penalization p-value and limits are those of the penalized likelihood.
    q_value : float array, shape (f,)
        Benjamini and Hochberg's adjusted p-values over the features.
    count, events : int array, shape (f,)
        Participants with a value, and their events.
    penalized : bool array, shape (f,)
        Where the partial likelihood has no maximum, so that Firth's penalization was used.
    notes : tuple of str, length f
        Why a feature has no model or was penalized; empty otherwise.
    """

    coef: FloatArray
    std_error: FloatArray
    statistic: FloatArray
    p_value: FloatArray
    lower: FloatArray
    upper: FloatArray
    q_value: FloatArray
    count: IntArray
    events: IntArray
    penalized: BoolArray
    notes: tuple[str, ...]


_Moments = tuple[FloatArray, FloatArray, FloatArray]
"""Log partial likelihood, score and information of each feature."""


class _Sets(NamedTuple):
    """Rows by stratum and falling time, so that who is at risk are those up to a row; the events, and their ties.

    A mask of 0 takes a participant out of a feature; where none is missing it has one column.
    """

    mask: FloatArray  # (n, f or 1)
    event: IntArray  # (e,) rows with the event
    last: IntArray  # (e,) last row at risk at its time
    parts: tuple[slice, ...]  # rows of each stratum
    share: FloatArray  # (e, f or 1) part of the tied events that is taken off
    tie: IntArray  # (e,) place of its time among the times with an event
    counted: FloatArray  # (e, f or 1)


@one_thread
def screen_cox(
    time: npt.ArrayLike,
    event: npt.ArrayLike,
    X: npt.ArrayLike,
    *,
    ties: str,
    strata: npt.ArrayLike | None = None,
    conf_level: float = 0.95,
) -> CoxScreen:
    """Fit one Cox model to each feature.

    Parameters
    ----------
    time : array_like of float >= 0, shape (n,)
        Time to the event or to censoring.
    event : array_like of bool or of 0 and 1, shape (n,)
        1 for an event, 0 for censoring.
    X : array_like of float, shape (n, f)
        Features; NaN where a value is missing: that model is of those with a value.
    ties : {"efron", "breslow"}
        How tied events share a denominator.
    strata : array_like of labels, shape (n,), or None
        Stratum of each row, with a baseline hazard of its own.
    conf_level : float in (0, 1)
        Of the limits.

    Returns
    -------
    CoxScreen
        A model of each feature.

    Raises
    ------
    DataError
        If shapes differ, or a value is missing, infinite or negative where it must not be.
    SpecError
        If `ties` is not allowed.

    Notes
    -----
    *Method.* Newton steps of all features at once, halved where the likelihood would fall. Where each event has the
    largest value of those at risk, or each the smallest, the likelihood has no maximum: `fit_cox` penalizes it; it also
    fits those whose steps do not come to an end.
    *Verified* against R ``coxph``, against `fit_cox`, and by hand.

    References
    ----------
    Efron B. J Am Stat Assoc 1977;72:557. doi:10.1080/01621459.1977.10480613
    """
    check_choice(ties, "ties", TIES)
    level = check_probability(conf_level, "conf_level")
    times = check_array(time, "time", minimum=0.0)
    events = check_binary(event, "event", length=len(times))
    features = np.array(X, dtype=np.float64)
    if features.ndim != 2 or len(features) != len(times) or not features.size or np.isinf(features).any():
        raise DataError(f"X: has shape {features.shape}; {len(times)} rows of finite features, or NaN, are required.")
    stratum = np.zeros(len(times), dtype=np.intp)
    if strata is not None:
        stratum = check_labels(strata, "strata", length=len(times))[1]
    order = np.lexsort((-times, stratum))
    seen = ~np.isnan(features[order])
    sets = _risk_sets(times[order], events[order], stratum[order], seen, ties)
    centered, scale, monotone, still = _scaled(np.where(seen, features[order], np.nan), sets)
    fitted = ~(monotone | still)
    coef, information = _maximize(centered, sets, fitted)
    fitted &= ~np.isnan(information)
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.where(fitted, 1 / np.sqrt(information), np.nan) / scale
    coef = np.where(fitted, coef, np.nan) / scale
    half = normal_quantile((1 - level) / 2) * error
    statistic = coef / error
    found = {
        "coef": coef,
        "std_error": error,
        "statistic": statistic,
        "p_value": 2 * special.ndtr(-np.abs(statistic)),
        "lower": coef - half,
        "upper": coef + half,
    }
    number = (seen & events[order][:, None]).sum(axis=0)
    notes = np.where(number == 0, NO_EVENT, np.where(still, NO_DIFFERENCE, "")).tolist()
    penalized = np.zeros(features.shape[1], dtype=np.bool_)
    for j in np.flatnonzero(~fitted & ~still):
        known = ~np.isnan(features[:, j])
        alone = DesignMatrix(features[known, j : j + 1], ("feature",))
        model = fit_cox(times[known], events[known], alone, ties=ties, strata=stratum[known], conf_level=level)
        for name, values in found.items():
            values[j] = getattr(model, name)[0]
        penalized[j], notes[j] = model.penalized, model.notes[0] or model.note
    q_value = adjust_p_values(found["p_value"], method="benjamini-hochberg")
    return CoxScreen(
        q_value=q_value, count=seen.sum(axis=0), events=number, penalized=penalized, notes=tuple(notes), **found
    )


def _risk_sets(times: FloatArray, events: BoolArray, stratum: IntArray, seen: BoolArray, ties: str) -> _Sets:
    mask = np.ones((len(times), 1)) if seen.all() else seen.astype(float)
    new = np.flatnonzero((np.diff(times, prepend=np.inf) != 0) | (np.diff(stratum, prepend=-1) != 0))
    of_row = np.cumsum(np.isin(np.arange(len(times)), new)) - 1
    last = np.append(new[1:], len(times)) - 1
    bounds = [*np.flatnonzero(np.diff(stratum, prepend=-1)).tolist(), len(times)]
    parts = tuple(slice(start, stop) for start, stop in pairwise(bounds))
    event = np.flatnonzero(events)
    _, tie = np.unique(of_row[event], return_inverse=True)
    counted = mask[event]
    share = np.zeros_like(counted)
    if ties == "efron" and len(event):
        starts = np.flatnonzero(np.diff(tie, prepend=-1))
        total = np.add.reduceat(counted, starts)[tie]
        running = np.cumsum(counted, axis=0) - counted
        earlier = running - running[starts][tie]
        share = np.divide(earlier, total, out=share, where=total > 0)
    return _Sets(mask, event, last[of_row[event]], parts, share, tie, counted)


def _scaled(features: FloatArray, sets: _Sets) -> tuple[FloatArray, FloatArray, BoolArray, BoolArray]:
    """Features of mean 0 in each stratum and unit variance, 0 where missing; which have no maximum, or coefficient."""
    seen = ~np.isnan(features)
    largest = np.nanmax(np.abs(np.where(seen, features, 0.0)), axis=0)
    unit = np.where(largest > 0, largest, 1.0)
    values = np.where(seen, features, 0.0) / unit
    for part in sets.parts:
        mean = values[part].sum(axis=0) / np.maximum(seen[part].sum(axis=0), 1)
        values[part] = np.where(seen[part], values[part] - mean, 0.0)
    spread = np.sqrt((values**2).sum(axis=0) / np.maximum(seen.sum(axis=0), 1))
    spread = np.where(spread > 0, spread, 1.0)
    values = values / spread
    highest, lowest = np.full_like(values, -np.inf), np.full_like(values, np.inf)
    for part in sets.parts:
        highest[part] = np.maximum.accumulate(np.where(seen, values, -np.inf)[part])
        lowest[part] = np.minimum.accumulate(np.where(seen, values, np.inf)[part])
    at, here = values[sets.event], sets.counted > 0
    top, bottom = highest[sets.last], lowest[sets.last]
    rises: BoolArray = np.all((at >= top) | ~here, axis=0)
    falls: BoolArray = np.all((at <= bottom) | ~here, axis=0)
    still: BoolArray = np.all((top <= bottom) | ~here, axis=0)
    return values, np.asarray(unit * spread, dtype=float), (rises | falls) & ~still, still


def _maximize(values: FloatArray, sets: _Sets, fitted: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Coefficients and their information, NaN where steps did not come to the top."""
    coef, information = np.zeros(values.shape[1]), np.full(values.shape[1], np.nan)
    places = np.flatnonzero(fitted)
    x, part, at = values[:, places], _of(sets, places), np.zeros(len(places))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        moments = _moments(x, part, at)
        gain = moments[1] ** 2 / moments[2]
        for _ in range(_STEPS):
            at, moments = _step(x, part, at, moments)
            gain, before = moments[1] ** 2 / moments[2], gain
            top = (moments[2] > 0) & ((gain < _DONE) | ((gain < _NEAR) & (gain >= before)))
            coef[places[top]], information[places[top]] = at[top], moments[2][top]
            going = np.flatnonzero(~top & np.isfinite(gain))
            if not len(going):
                break
            places, x, part, at, gain = places[going], x[:, going], _of(part, going), at[going], gain[going]
            moments = (moments[0][going], moments[1][going], moments[2][going])
    return coef, information


def _step(x: FloatArray, sets: _Sets, at: FloatArray, moments: _Moments) -> tuple[FloatArray, _Moments]:
    """One Newton step of each feature, halved until the likelihood does not fall."""
    loglik, step = moments[0], moments[1] / moments[2]
    following = _moments(x, sets, at + step)
    for _ in range(_HALVINGS):
        worse = ~(following[0] >= loglik - 1e-10 * np.abs(loglik))
        if not worse.any():
            break
        step = np.where(worse, step / 2, step)
        following = _moments(x, sets, at + step)
    return at + step, following


def _of(sets: _Sets, places: IntArray) -> _Sets:
    if sets.mask.shape[1] == 1:
        return sets
    return sets._replace(mask=sets.mask[:, places], share=sets.share[:, places], counted=sets.counted[:, places])


def _moments(x: FloatArray, sets: _Sets, coef: FloatArray) -> _Moments:
    """Log partial likelihood, score and information of each feature."""
    predictor = x * coef
    shift = predictor.max(axis=0)
    risk = np.exp(predictor - shift) * sets.mask
    starts = np.flatnonzero(np.diff(sets.tie, prepend=-1))
    sums = []
    for power in (risk, risk * x, risk * x * x):
        running = np.concatenate([np.cumsum(power[part], axis=0) for part in sets.parts])
        at_risk = running[sets.last]
        if len(starts) < len(sets.tie):
            tied = np.add.reduceat(power[sets.event] * sets.counted, starts)[sets.tie]
            at_risk = at_risk - sets.share * tied
        sums.append(at_risk)
    total = np.where(sets.counted > 0, sums[0], 1.0)
    mean, square = sums[1] / total, sums[2] / total
    own = predictor[sets.event] - shift
    loglik = (sets.counted * (own - np.log(total))).sum(axis=0)
    score = (sets.counted * (x[sets.event] - mean)).sum(axis=0)
    return loglik, score, (sets.counted * (square - mean**2)).sum(axis=0)

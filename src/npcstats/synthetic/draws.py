"""Named random streams, weighted draws, dates as arrays, and rounding: what every part of the trial is drawn with.

A stream is keyed by its name, so that changing one part leaves every other part as it was.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from npcstats.study import DAYS_PER_MONTH, ENTERED
from npcstats.synthetic.truth import Calendar, Linear

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Dates = npt.NDArray[np.datetime64]
Texts = npt.NDArray[np.object_]

NEVER = np.datetime64("NaT", "D")


def named_stream(seed: int, name: str) -> np.random.Generator:
    """Return the generator of one named part of the trial."""
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big")
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(key,))))


def expit(x: Floats) -> Floats:
    """Return the inverse logit."""
    return np.asarray(1.0 / (1.0 + np.exp(-x)))


def predict(linear: Linear, covariates: Mapping[str, Floats]) -> Floats:
    """Return a linear predictor, shape (n,), summed in the declared order."""
    total = np.full(len(covariates["age10"]), linear.intercept)
    for name, slope in linear.slopes:
        total = total + slope * covariates[name]
    return total


def choose(rng: np.random.Generator, size: int, shares: Sequence[float] | Floats) -> Ints:
    """Draw indices by shares, shape (k,) for all or (size, k) for each; shares need not sum to 1."""
    cumulative = np.cumsum(np.atleast_2d(np.asarray(shares, dtype=float)), axis=1)
    u = rng.random(size)[:, None] * cumulative[:, -1:]
    return np.asarray((u >= cumulative).sum(axis=1), dtype=np.int64)


def choose_text(rng: np.random.Generator, size: int, weights: Sequence[tuple[str, float]]) -> Texts:
    """Draw texts by weights."""
    names = np.array([name for name, _ in weights], dtype=object)
    return np.asarray(names[choose(rng, size, [weight for _, weight in weights])])


def rounded(values: Floats, decimals: int) -> Floats:
    """Round to recorded decimals."""
    return np.asarray(np.round(values, decimals), dtype=np.float64)


def days(rng: np.random.Generator, size: int, span: tuple[int, int]) -> Ints:
    """Draw whole days, both ends included."""
    return rng.integers(span[0], span[1], size=size, endpoint=True)


def after(start: Dates, whole_days: Ints | int) -> Dates:
    """Add whole days to dates."""
    return np.asarray(start + np.asarray(whole_days, dtype="timedelta64[D]"))


def months_after(start: Dates, months: Floats) -> Dates:
    """Add months of 30.4375 days, rounded to whole days; never beyond 200 years."""
    return after(start, np.rint(np.minimum(months, 2400.0) * DAYS_PER_MONTH).astype(np.int64))


def days_between(start: Dates, end: Dates) -> Floats:
    """Return whole days from start to end; NaN where either is missing."""
    gap = np.asarray(end - start)
    return np.where(np.isnat(gap), np.nan, gap.astype(np.float64))


def keep(dates: Dates, condition: Bools) -> Dates:
    """Return dates, missing where the condition does not hold."""
    return np.where(condition, dates, NEVER)


def to_date(value: datetime.date) -> np.datetime64:
    """Return a date as a NumPy day."""
    return np.datetime64(value.isoformat(), "D")


def entered(rng: np.random.Generator, frame: pd.DataFrame, dated: str, calendar: Calendar) -> pd.DataFrame:
    """Add the day of entry and drop what the export does not hold yet."""
    scale = calendar.entry_lag_mean / calendar.entry_lag_shape
    lag = np.rint(rng.gamma(calendar.entry_lag_shape, scale, size=len(frame))).astype("timedelta64[D]")
    entry = frame[dated].to_numpy().astype("datetime64[D]") + lag
    known = entry <= to_date(calendar.database_date)
    stamped = frame.assign(**{ENTERED: entry.astype("datetime64[s]")})
    return pd.DataFrame(stamped.loc[known].reset_index(drop=True))


def as_frame(columns: Mapping[str, npt.NDArray[np.generic] | Texts]) -> pd.DataFrame:
    """Return a frame whose dates pandas can hold."""
    return pd.DataFrame(
        {
            name: values.astype("datetime64[s]") if values.dtype.kind == "M" else values
            for name, values in columns.items()
        }
    )

"""Named random streams, weighted draws, dates as arrays, and rounding: what every part of the trial is drawn with.

A stream is keyed by its name, so that changing one part leaves every other part as it was.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping, Sequence
from typing import Literal

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
    """Return the generator of one named part of the trial.

    Parameters
    ----------
    seed : int
        Seed of the trial; the part draws from its own stream.
    name : str
        Name of the part.

    Returns
    -------
    Generator
        PCG64, keyed by the name.
    """
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big")
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(key,))))


def expit(x: Floats) -> Floats:
    """Return the inverse logit.

    Parameters
    ----------
    x : float (n,)
        Log odds.

    Returns
    -------
    float (n,)
        Probabilities.
    """
    return np.asarray(1.0 / (1.0 + np.exp(-x)))


def predict(linear: Linear, covariates: Mapping[str, Floats]) -> Floats:
    """Return a linear predictor, shape (n,), summed in the declared order.

    Parameters
    ----------
    linear : Linear
        Intercept and slopes.
    covariates : mapping of str to float (n,)
        By name, as recorded.

    Returns
    -------
    float (n,)
        Sum of intercept and slopes.
    """
    total = np.full(len(covariates["age10"]), linear.intercept)
    for name, slope in linear.slopes:
        total = total + slope * covariates[name]
    return total


def choose(rng: np.random.Generator, size: int, shares: Sequence[float] | Floats) -> Ints:
    """Draw indices by shares, shape (k,) for all or (size, k) for each; shares need not sum to 1.

    Parameters
    ----------
    rng : Generator
        Stream to draw from.
    size : int
        Number of draws.
    shares : float (k,) or (size, k)
        For all draws, or for each; need not sum to 1.

    Returns
    -------
    int (size,)
        Indices from 0.
    """
    cumulative = np.cumsum(np.atleast_2d(np.asarray(shares, dtype=float)), axis=1)
    u = rng.random(size)[:, None] * cumulative[:, -1:]
    return np.asarray((u >= cumulative).sum(axis=1), dtype=np.int64)


def choose_text(rng: np.random.Generator, size: int, weights: Sequence[tuple[str, float]]) -> Texts:
    """Draw texts by weights.

    Parameters
    ----------
    rng : Generator
        Stream to draw from.
    size : int
        Number of draws.
    weights : sequence of (str, float)
        Texts and their weights.

    Returns
    -------
    object (size,)
        Texts.
    """
    names = np.array([name for name, _ in weights], dtype=object)
    return np.asarray(names[choose(rng, size, [weight for _, weight in weights])])


def rounded(values: Floats, decimals: int) -> Floats:
    """Round to recorded decimals.

    Parameters
    ----------
    values : float array
        Any shape.
    decimals : int
        Digits after the point.

    Returns
    -------
    float array
        Same shape.
    """
    return np.asarray(np.round(values, decimals), dtype=np.float64)


def days(rng: np.random.Generator, size: int, span: tuple[int, int]) -> Ints:
    """Draw whole days, both ends included.

    Parameters
    ----------
    rng : Generator
        Stream to draw from.
    size : int
        Number of draws.
    span : (int, int)
        Fewest and most, both included.

    Returns
    -------
    int (size,)
        Days.
    """
    return rng.integers(span[0], span[1], size=size, endpoint=True)


def after(start: Dates, whole_days: Ints | int) -> Dates:
    """Add whole days to dates.

    Parameters
    ----------
    start : datetime64 (n,)
        First days.
    whole_days : int or int (n,)
        Days to add; may be negative.

    Returns
    -------
    datetime64 (n,)
        Days.
    """
    return np.asarray(start + np.asarray(whole_days, dtype="timedelta64[D]"))


def working_day(dates: Dates, *, roll: Literal["forward", "backward", "nearest"] = "forward") -> Dates:
    """Move dates off the weekend.

    Parameters
    ----------
    dates : datetime64 array
        Days of any shape; missing ones stay missing.
    roll : {"forward", "backward", "nearest"}
        To the Monday after, to the Friday before, or from Saturday to Friday and from Sunday to Monday.

    Returns
    -------
    datetime64 array
        Mondays to Fridays.
    """
    if roll == "nearest":
        saturday = np.is_busday(dates, weekmask="Sat")
        return working_day(np.where(saturday, after(dates, -1), dates))
    return np.asarray(np.busday_offset(dates, 0, roll=roll))


def months_after(start: Dates, months: Floats) -> Dates:
    """Add months of 30.4375 days, rounded to whole days; never beyond 200 years.

    Parameters
    ----------
    start : datetime64 (n,)
        First days.
    months : float (n,)
        Months to add.

    Returns
    -------
    datetime64 (n,)
        Days.
    """
    return after(start, np.rint(np.minimum(months, 2400.0) * DAYS_PER_MONTH).astype(np.int64))


def keep(dates: Dates, condition: Bools) -> Dates:
    """Return dates, missing where the condition does not hold.

    Parameters
    ----------
    dates : datetime64 (n,)
        Days.
    condition : bool (n,)
        Where they hold.

    Returns
    -------
    datetime64 (n,)
        Days.
    """
    return np.where(condition, dates, NEVER)


def to_date(value: datetime.date) -> np.datetime64:
    """Return a date as a NumPy day.

    Parameters
    ----------
    value : date
        Calendar day.

    Returns
    -------
    datetime64
        Day.
    """
    return np.datetime64(value.isoformat(), "D")


def entered(rng: np.random.Generator, frame: pd.DataFrame, dated: str, calendar: Calendar) -> pd.DataFrame:
    """Add the day of entry and drop what the export does not hold yet.

    Parameters
    ----------
    rng : Generator
        Stream to draw from.
    frame : DataFrame
        Records.
    dated : str
        Date column that the entry follows.
    calendar : Calendar
        Lag, and the last day of the export.

    Returns
    -------
    DataFrame
        With ``ENTRYDT``; only what was entered in time.
    """
    scale = calendar.entry_lag_mean / calendar.entry_lag_shape
    lag = np.rint(rng.gamma(calendar.entry_lag_shape, scale, size=len(frame))).astype("timedelta64[D]")
    entry = frame[dated].to_numpy().astype("datetime64[D]") + lag
    known = entry <= to_date(calendar.database_date)
    stamped = frame.assign(**{ENTERED: entry.astype("datetime64[s]")})
    return pd.DataFrame(stamped.loc[known].reset_index(drop=True))


def as_frame(columns: Mapping[str, npt.NDArray[np.generic] | Texts]) -> pd.DataFrame:
    """Return a frame whose dates pandas can hold.

    Parameters
    ----------
    columns : mapping of str to array (n,)
        Columns by name.

    Returns
    -------
    DataFrame
        Dates to the second.
    """
    return pd.DataFrame(
        {
            name: values.astype("datetime64[s]") if values.dtype.kind == "M" else values
            for name, values in columns.items()
        }
    )

"""Texts of a listing's records: codes in words, dates as days."""

from __future__ import annotations

import numpy as np
import pandas as pd

from npcstats.analyses.listing.spec import ListingSpec
from npcstats.derive import NOT_LISTED
from npcstats.formatting import NOT_APPLICABLE, format_number


def in_print(texts: pd.Series) -> pd.Series:
    """Give texts as they stand; a withheld one in small letters, as in every other column.

    Parameters
    ----------
    texts : Series of str
        Of the export.

    Returns
    -------
    Series of str
        To be printed.
    """
    return texts.replace(NOT_LISTED, NOT_LISTED.lower())


def in_words(codes: pd.Series, spec: ListingSpec) -> pd.Series:
    """Give codes in the plan's words, or in small letters where it has none.

    Parameters
    ----------
    codes : Series of str
        Named as their column.
    spec : ListingSpec
        Has the words.

    Returns
    -------
    Series of str
        A dash where nothing is recorded.
    """
    words = spec.words.get(str(codes.name), {})
    return codes.map(lambda code: words.get(code, code.lower()) or NOT_APPLICABLE)


def study_day(dates: pd.Series, origin: pd.Series) -> pd.Series:
    """Count days from the origin, which is day 1; the day before it is day −1, as in ADaM.

    Parameters
    ----------
    dates, origin : Series of datetime
        Of the same records.

    Returns
    -------
    Series of float
        NaN where one of the two is not known.
    """
    days = (dates - origin).dt.days.astype(float)
    return days.where(days < 0, days + 1)


def day_text(days: pd.Series) -> pd.Series:
    """Print days.

    Parameters
    ----------
    days : Series of float
        Whole days, or NaN.

    Returns
    -------
    Series of str
        A dash for NaN.
    """
    return days.map(lambda day: NOT_APPLICABLE if np.isnan(day) else format_number(day, "count", rounding="half-away"))

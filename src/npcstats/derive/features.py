"""Values of many features of an image at visits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from npcstats.derive.groups import require_columns
from npcstats.derive.visits import visit_records
from npcstats.errors import DataError
from npcstats.study import Study, Visit

FIRST_READING = 1
"""Replicate that is analyzed; further ones measure repeatability."""


def feature_values(
    study: Study,
    members: pd.DataFrame,
    visits: Sequence[Visit],
    *,
    modality: str,
    roi: str,
    prefix: str,
    reason: str,
) -> tuple[tuple[str, ...], np.ndarray]:
    """Find each member's features of an image at each visit.

    Parameters
    ----------
    study : Study
        At its cut-off.
    members : DataFrame
        Of a population, n rows.
    visits : sequence of Visit
        v visits of the design; the image nearest to the target day, inside its window, is used.
    modality, roi : str
        MODALITY and ROI of the images.
    prefix : str
        What the names of the feature columns begin with.
    reason : str
        What asks for it.

    Returns
    -------
    (tuple of str, float array, shape (n, v, f))
        Names of the features, and their values; NaN without an image, or where a feature was not computed.

    Raises
    ------
    DataError
        If the study lacks a column that is needed, has no column of such a name, or no image of that kind.
    """
    frame = study["adrad"]
    require_columns(frame, "adrad", ("ADT", "MODALITY", "ROI", "REPLICATE"), reason)
    names = tuple(str(name) for name in frame.columns if str(name).startswith(prefix))
    if not names:
        raise DataError(f"adrad: has no column that begins with {prefix}, which {reason} asks for; one is required.")
    chosen = (frame["MODALITY"] == modality) & (frame["ROI"] == roi) & (frame["REPLICATE"] == FIRST_READING)
    images = frame.loc[chosen].assign(AVAL=0.0)
    if images.empty and len(frame):
        raise DataError(f"adrad: has no image {modality} of {roi}, which {reason} asks for; one is required.")
    values = np.full((len(members), len(visits), len(names)), np.nan)
    for i, visit in enumerate(visits):
        found = visit_records(images, members, visit)
        values[found.index.to_numpy(dtype=int), i] = found[list(names)].to_numpy(dtype=float)
    return names, values

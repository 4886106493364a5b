"""Does the model fit? Quantiles of its residuals, and what the contrast would be without each participant in turn."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from npcstats.analyses.mmrm.model import Model
from npcstats.analyses.mmrm.rows import QUANTILES, SHIFT_WIDTH
from npcstats.analyses.mmrm.sample import Sample
from npcstats.estimators.mmrm import diagnose_mmrm
from npcstats.estimators.repeated import shift_contrasts
from npcstats.estimators.types import Contrast
from npcstats.results import Row

_NO_CONTRAST = "The contrast averaged over visits is not known."


def check_rows(template: Row, sample: Sample, model: Model, pair: tuple[str, str] | None) -> list[Row]:
    """Rows of residuals and of influence.

    Parameters
    ----------
    template : Row
        Carries analysis, population, marker and block.
    sample : Sample
        Those in the model.
    model : Model
        The main one.
    pair : tuple of (str, str) or None
        The arms that are compared; without them influence on nothing is told.

    Returns
    -------
    list of Row
        None where there is no fit.
    """
    fit = model.fit
    if fit is None:
        return []
    at = np.searchsorted(np.array(model.present), model.when)
    scaled = diagnose_mmrm(fit).scaled
    drawn = replace(template, measure="residual_quantile", stat="estimate")
    rows = [replace(drawn, level=str(p), value=float(np.quantile(scaled, p, method="hazen"))) for p in QUANTILES]
    return rows + (_shift_rows(replace(template, arm=pair[0], reference=pair[1]), model, at) if pair else [])


def _shift_rows(template: Row, model: Model, at: np.ndarray) -> list[Row]:
    """How many participants shift the averaged contrast by how many of its standard errors."""
    fit = model.fit
    largest = replace(template, measure="largest_shift", stat="estimate")
    usable = model.seen((template.arm, template.reference), model.present)
    row = model.contrast(template.arm, model.present) if usable else np.zeros(len(model.design.names))
    found = fit.contrast(row) if fit and usable else None
    if fit is None or not isinstance(found, Contrast) or math.isnan(found.std_error):
        return [replace(largest, value=math.nan, note=_NO_CONTRAST)]
    own = np.isfinite(fit.coef)
    shifts = shift_contrasts(
        model.design.values[:, own], fit.residuals, model.who, at, fit.covariance[0], row[None, own]
    )[:, 0]
    known = shifts[~np.isnan(shifts)] / found.std_error
    if not len(known):
        return [replace(largest, value=math.nan, note=_NO_CONTRAST)]
    bins, counts = np.unique(np.floor(known / SHIFT_WIDTH).astype(int), return_counts=True)
    drawn = replace(template, measure="left_out")
    every = dict(zip(bins.tolist(), counts.tolist(), strict=True))
    rows = [
        replace(drawn, level=f"{place * SHIFT_WIDTH:.3f}", value=float(every.get(place, 0)))
        for place in range(int(bins[0]), int(bins[-1]) + 1)
    ]
    return [*rows, replace(largest, value=float(known[np.argmax(np.abs(known))]))]

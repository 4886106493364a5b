"""Image features, and what they are drawn from."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.synthetic.truth.effects import Weights


@dataclass(frozen=True)
class Feature:
    """An image feature: a standard score on a scale of its own.

    The score of a participant is a sum of latent factors, covariates and an own part; the value is
    ``median * exp(spread * score)`` on the ``log`` scale, ``median + spread * score`` on the ``identity`` scale and the
    inverse logit of ``logit(median) + spread * score`` on the ``logit`` scale.

    Parameters
    ----------
    name : str
        IBSI or PyRadiomics name.
    scale : {"log", "identity", "logit"}
        Scale on which scores, noise and batches add.
    median, spread : float
        At score 0, and per unit of score.
    loadings : weights
        Latent factors by name, each of variance 1; ``volume`` is standardized log tumor volume before treatment.
    own : float
        Standard deviation of what only this feature has, lasting over visits.
    repeat_sd : float
        Standard deviation of a repeated image, in units of score.
    drivers : weights
        Covariates by name, or ``volume``, that make the feature informative.
    volume : float
        Exponent by which the value follows tumor volume at each visit; ``median`` is then the value at 1 mL.
    batch : (shift, factor)
        The last scanner's scores are multiplied by the factor and shifted.
    change_by_volume : float
        Change of the score after baseline per unit of standardized log tumor volume before treatment.
    """

    name: str
    scale: str
    median: float
    spread: float
    loadings: Weights
    own: float
    repeat_sd: float
    drivers: Weights = ()
    volume: float = 0.0
    batch: tuple[float, float] = (0.0, 1.0)
    change_by_volume: float = 0.0


@dataclass(frozen=True)
class Imaging:
    """Images: modalities, region, visits, scanners, factors, features, repeats.

    Parameters
    ----------
    modalities : tuple of str
        Codes.
    region : str
        Delineated region.
    visits : tuple of (visit, share of tumor volume left)
        In order; the first is before treatment.
    regression_sd : float
        Spread of the log of the volume left.
    log_volume : (mean, sd)
        By which log tumor volume before treatment is standardized.
    scanners : weights
        Codes and shares; a participant stays on one.
    factors : tuple of (name, correlation)
        Latent factors besides ``volume``, and their correlation with their value before treatment; 0 is drawn anew
        for each image.
    features : tuple of Feature
        All that is extracted.
    significant : int
        Recorded significant digits.
    repeated, repeated_visit : int, str
        How many are imaged twice, and when.
    missed : float
        Share of images not made.
    """

    modalities: tuple[str, ...]
    region: str
    visits: tuple[tuple[str, float], ...]
    regression_sd: float
    log_volume: tuple[float, float]
    scanners: Weights
    factors: Weights
    features: tuple[Feature, ...]
    significant: int
    repeated: int
    repeated_visit: str
    missed: float

"""Mixed models for repeated measures: residuals correlated within a participant, by one of several structures."""

from npcstats.estimators.mmrm.fitted import JointTest, Mmrm
from npcstats.estimators.mmrm.fitting import fit_mmrm
from npcstats.estimators.mmrm.freedom import FREEDOMS, Freedom
from npcstats.estimators.mmrm.robust import VARIANCES, Variance
from npcstats.estimators.mmrm.structures import COVARIANCES, Covariance

__all__ = [
    "COVARIANCES",
    "FREEDOMS",
    "VARIANCES",
    "Covariance",
    "Freedom",
    "JointTest",
    "Mmrm",
    "Variance",
    "fit_mmrm",
]

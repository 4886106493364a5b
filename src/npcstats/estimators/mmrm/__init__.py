"""Mixed models for repeated measures: residuals correlated within a participant, by one of several structures."""

from npcstats.estimators.mmrm.diagnostics import Diagnostics, diagnose_mmrm
from npcstats.estimators.mmrm.fitted import JointTest, Mmrm
from npcstats.estimators.mmrm.fitting import fit_mmrm
from npcstats.estimators.mmrm.freedom import FREEDOMS, Freedom
from npcstats.estimators.mmrm.marginal import standardize_mmrm
from npcstats.estimators.mmrm.robust import VARIANCES, Variance
from npcstats.estimators.mmrm.structures import COVARIANCES, VISIT_COVARIANCES, Covariance

__all__ = [
    "COVARIANCES",
    "FREEDOMS",
    "VARIANCES",
    "VISIT_COVARIANCES",
    "Covariance",
    "Diagnostics",
    "Freedom",
    "JointTest",
    "Mmrm",
    "Variance",
    "diagnose_mmrm",
    "fit_mmrm",
    "standardize_mmrm",
]

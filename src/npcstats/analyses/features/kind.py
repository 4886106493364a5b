"""What models of many features are, as a kind of analysis."""

from __future__ import annotations

from npcstats.analyses.features.displays import FeaturesTable, RankedFeatures, Volcanoes
from npcstats.analyses.features.rows import CONVENTIONS, MEASURES
from npcstats.analyses.features.spec import FeaturesSpec, features_estimand, features_faults
from npcstats.analyses.features.summary import summarize_features
from npcstats.analyses.kind import Choices, Kind
from npcstats.disclosure.withhold import WHOLE

FEATURES = Kind(
    spec=FeaturesSpec,
    codes=("features",),
    efficacy=True,
    withhold=WHOLE,
    summarize=summarize_features,
    displays=(Volcanoes, RankedFeatures, FeaturesTable),
    choices=Choices(faults=features_faults, estimand=features_estimand),
    measures=MEASURES,
    conventions=CONVENTIONS,
)

"""Rules by which a count of toxicities among so many exposed stops a trial, and what they do."""

from npcstats.estimators.toxicity_rules.bayes import beta_binomial_rule, posterior_exceeds
from npcstats.estimators.toxicity_rules.characteristics import (
    RuleCharacteristics,
    enumerate_rule,
    simulate_rule,
    simulated_characteristics,
)
from npcstats.estimators.toxicity_rules.interval import boin_limits
from npcstats.estimators.toxicity_rules.repeated import repeated_test_rule
from npcstats.estimators.toxicity_rules.rule import ToxicityRule
from npcstats.estimators.toxicity_rules.simulation import characterize_by_simulation, monte_carlo_errors
from npcstats.estimators.toxicity_rules.two_stage import TwoStage, TwoStages, characterize_two_stage, find_two_stage

__all__ = [
    "RuleCharacteristics",
    "ToxicityRule",
    "TwoStage",
    "TwoStages",
    "beta_binomial_rule",
    "boin_limits",
    "characterize_by_simulation",
    "characterize_two_stage",
    "enumerate_rule",
    "find_two_stage",
    "monte_carlo_errors",
    "posterior_exceeds",
    "repeated_test_rule",
    "simulate_rule",
    "simulated_characteristics",
]

"""A made trial with known truth: the engine. It knows a design and a truth; the values are in the trial's own files."""

from __future__ import annotations

from npcstats.synthetic.cohort import true_propensity
from npcstats.synthetic.counterfactual import estimate_truths, write_truths
from npcstats.synthetic.exports import write_history
from npcstats.synthetic.history import Change, Extract, History, make_history
from npcstats.synthetic.parallel import simulate_parallel_trial
from npcstats.synthetic.parallel_truth import ParallelTruth
from npcstats.synthetic.trial import simulate_trial
from npcstats.synthetic.truth import HistoryTruth, Scenario, Truth
from npcstats.synthetic.write import write_trial

__all__ = [
    "Change",
    "Extract",
    "History",
    "HistoryTruth",
    "ParallelTruth",
    "Scenario",
    "Truth",
    "estimate_truths",
    "make_history",
    "simulate_parallel_trial",
    "simulate_trial",
    "true_propensity",
    "write_history",
    "write_trial",
    "write_truths",
]

"""The simulation study: what is run, and its record; `nox -s simulate` runs it and writes the record again.

The record holds what was planted, which seeds were run, and for each quantity and comparison the mean and spread of its
estimates, how often it was rejected that there is no effect, and how often the interval held the truth.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import sys
from dataclasses import dataclass, fields
from functools import cache, partial
from pathlib import Path

import numpy as np
import scipy
from simulation.replicates import BLOCKS, QUANTITIES, ROOT, Found, parts_of, trial, whole_of

from npcstats.parallel import Spreading, run_tasks, spread
from npcstats.provenance import canonical_text, hash_bytes
from npcstats.synthetic import Truth
from npcstats.synthetic.truth import Toxicity

RECORD = Path(__file__).with_name("record.json")
FIXED = range(1000, 1050)  # whose mean DOMAIN compares with the truth
AGAIN = 3  # replicates whose numbers the record holds, to be run again
DIGITS = 10
ALPHA = 0.05


@dataclass(frozen=True)
class Study:
    """Trials of one scenario, by their seeds; the whole of each, or the parts that the quantities need."""

    scenario: str
    seeds: range
    whole: bool = False


STUDIES = {
    "planted": Study("base", range(1000, 3000)),
    "null": Study("null", range(10_000, 12_000)),
    "reports": Study("base", FIXED, whole=True),
}


@cache
def stored_truths() -> dict[str, dict[str, float]]:
    """What the generator was found to plant."""
    told = json.loads((ROOT / "analysis" / "synthetic_truths.json").read_text(encoding="utf-8"))
    found: dict[str, dict[str, float]] = told["quantities"]
    return found


def truth_of(study: Study, quantity: str, block: str) -> float:
    """The truth in the population that the weights stand for; NaN where none is stored."""
    if study.scenario == "null":
        return 0.0
    named = QUANTITIES[quantity].stored
    if not named:
        return math.nan
    if study.whole and quantity == "progression":
        named = f"{named}, as found"
    known = stored_truths()[named]
    return known["ato"] if block == "overlap" and "ato" in known else known["ate"]


UNREAD, UNREAD_OF_EVENTS = ("weighing",), ("seriousness",)
"""What is planted by a stream of its own, and read by no comparison of a study; of it, and of adverse events."""


def planted_hash() -> str:
    """Of everything planted that a study reads, in every scenario that is run."""
    _, planted = trial()
    return hash_bytes(canonical_text([_read(planted[study.scenario]) for study in STUDIES.values()]).encode())


def _read(truth: Truth) -> dict[str, object]:
    toxicity = _fields(truth.toxicity, UNREAD_OF_EVENTS)
    return {name: toxicity if name == "toxicity" else value for name, value in _fields(truth, UNREAD).items()}


def _fields(planted: Truth | Toxicity, unread: tuple[str, ...]) -> dict[str, object]:
    named = {item.name: getattr(planted, item.name) for item in fields(planted) if item.name not in unread}
    return {"": type(planted).__name__, **named}


def replicates(name: str, seeds: range) -> list[Found]:
    """Run some trials of a study, where it is said."""
    study = STUDIES[name]
    return run_tasks(name, whole_of if study.whole else partial(parts_of, study.scenario), seeds, seed=0)


def figures(study: Study, quantity: str, block: str, found: list[Found]) -> dict[str, float]:
    """Summarize one comparison over trials; of a hazard ratio the logarithm."""
    numbers = np.array([one[f"{quantity}, {block}"] for one in found])
    if QUANTITIES[quantity].measure == "hazard_ratio":
        numbers[:, [0, 2, 3]] = np.log(numbers[:, [0, 2, 3]])
    known = numbers[np.isfinite(numbers).all(axis=1)]
    estimate, error, lower, upper, p_value = known.T
    fixed = numbers[: len(FIXED), 0]
    truth = truth_of(study, quantity, block)
    told = {
        "estimated": len(known), "truth": truth, "mean": estimate.mean(), "spread": estimate.std(ddof=1),
        "mean standard error": error.mean(), "rejected": np.mean(p_value < ALPHA),
        "covered": np.mean((lower <= truth) & (truth <= upper)) if math.isfinite(truth) else math.nan,
        "mean of fixed seeds": fixed.mean(), "farthest of fixed seeds": np.abs(fixed - truth).max(),
    }  # fmt: skip
    return {key: round(float(value), DIGITS) for key, value in told.items() if math.isfinite(value)}


def names_of(study: Study) -> list[tuple[str, str]]:
    """Quantities and comparisons of a study."""
    return [(name, block) for name, item in QUANTITIES.items() if item.entry or not study.whole for block in BLOCKS]


def summary(name: str, found: list[Found]) -> dict[str, object]:
    """What the record holds of a study."""
    study = STUDIES[name]
    return {
        "scenario": study.scenario,
        "seeds": [study.seeds[0], study.seeds[-1]],
        "replicates": len(found),
        "figures": {f"{item}, {block}": figures(study, item, block, found) for item, block in names_of(study)},
        "first replicates": found[:AGAIN],
    }


def record() -> dict[str, object]:
    """Run everything."""
    return {
        "planted_sha256": planted_hash(),
        "versions": {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__},
        "studies": {name: summary(name, replicates(name, study.seeds)) for name, study in STUDIES.items()},
    }


def tell(name: str, done: int, total: int) -> None:
    """Tell how far a study has come."""
    print(f"\r{name}: {done} of {total}", end="\n" if done == total else "", file=sys.stderr, flush=True)


def main() -> None:
    """Write the record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--cluster", default="")
    parser.add_argument("--store", type=Path, help="folder in which finished parts wait, should it be interrupted")
    asked = parser.parse_args()
    workers = 1 if asked.cluster else asked.workers
    with spread(Spreading(workers, asked.cluster, asked.store, tell)):
        made = record()
    RECORD.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

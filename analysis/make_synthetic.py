"""Make a synthetic trial: the package does the work, the values are the trial's own; base is the committed one."""

from __future__ import annotations

import argparse
import dataclasses
import runpy
from pathlib import Path

from npcstats.run.plan import load_plan
from npcstats.synthetic import simulate_trial, write_trial

HERE = Path(__file__).resolve().parent
COMMITTED = HERE.parent / "data" / "synthetic"


def main() -> None:
    """Write a synthetic trial into a folder."""
    planted = runpy.run_path(str(HERE / "synthetic_truth.py"))
    scenarios, seed = planted["SCENARIOS"], planted["SEED"]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenario", choices=tuple(scenarios), default="base", help="what is planted (default: base)")
    parser.add_argument("--out", type=Path, help="folder to write to; required but for the committed trial")
    parser.add_argument("--size", type=int, help="participants enrolled (default: as planned, or the scenario's own)")
    parser.add_argument("--seed", type=int, default=seed, help=f"seed of the trial (default: {seed})")
    asked = parser.parse_args()
    committed = asked.scenario == "base" and asked.size is None and asked.seed == seed
    if asked.out is None and not committed:
        parser.error("--out is required for a trial that is not the committed one")
    scenario = scenarios[asked.scenario]
    design = load_plan(HERE / "plan").design
    size = asked.size or scenario.size or design.planned_size
    frames = simulate_trial(dataclasses.replace(design, planned_size=size), scenario.truth, asked.seed)
    write_trial(frames, asked.out or COMMITTED)


if __name__ == "__main__":
    main()

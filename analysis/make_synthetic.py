"""Make the committed synthetic trial again: the package does the work, the values are the trial's own."""

from __future__ import annotations

import argparse
import runpy
from pathlib import Path

from npcstats.pipeline import load_plan
from npcstats.synthetic import simulate_trial, write_trial

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Write the synthetic trial into a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE.parent / "data" / "synthetic", help="folder to write to")
    folder = parser.parse_args().out
    design = load_plan(HERE / "plan.py").design
    planted = runpy.run_path(str(HERE / "synthetic_truth.py"))
    write_trial(simulate_trial(design, planted["TRUTH"], planted["SEED"]), folder)


if __name__ == "__main__":
    main()

"""Make exports of the synthetic trial as three meetings would have had them, and a list of what changed."""

from __future__ import annotations

import argparse
import runpy
from pathlib import Path

from npcstats.run.plan import load_plan
from npcstats.synthetic import make_history, simulate_trial, write_history

HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "_output" / "history"


def main() -> None:
    """Write one folder for each cut-off, and what is planted beside them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT, help="folder to write to (default: _output/history)")
    folder = parser.parse_args().out
    planted = runpy.run_path(str(HERE / "synthetic_truth.py"))
    design, seed = load_plan(HERE / "plan").design, planted["SEED"]
    frames = simulate_trial(design, planted["TRUTH"], seed)
    write_history(make_history(frames, design, planted["HISTORY"], seed), folder)


if __name__ == "__main__":
    main()

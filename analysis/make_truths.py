"""Recompute what an analysis of the synthetic trial should find, from the generator as it is; takes a few minutes."""

from __future__ import annotations

import argparse
import runpy
from pathlib import Path

from npcstats.run.plan import load_plan
from npcstats.synthetic import estimate_truths, write_truths

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Write the truths of the base scenario beside the values they follow from."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE / "synthetic_truths.json", help="file to write")
    path = parser.parse_args().out
    design = load_plan(HERE / "plan").design
    planted = runpy.run_path(str(HERE / "synthetic_truth.py"))
    truths = estimate_truths(
        design,
        planted["TRUTH"],
        planted["TRUTHS_SEED"],
        size=planted["TRUTHS_SIZE"],
        horizon=planted["TRUTHS_HORIZON"],
        grades=planted["TRUTHS_GRADES"],
        reliable=planted["RELIABLE"],
    )
    write_truths(truths, path)


if __name__ == "__main__":
    main()

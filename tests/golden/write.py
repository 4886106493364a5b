"""Write the golden layouts anew, after a person has looked at what changed: ``python tests/golden/write.py``."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "display")]

# Below the line that lets them be found: the tests are no package, and this is a script.
from made import made_results  # noqa: E402
from tabled import TABLES, layout  # noqa: E402

for view in ("by-arm", "pooled"):
    results = made_results(pooled=view == "pooled")
    for name, make in TABLES.items():
        (HERE / f"table-{name}-{view}.txt").write_text(layout(make(results)), encoding="utf-8")

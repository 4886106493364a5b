"""What R printed, as it stands beside the scripts that made it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

REFERENCE = Path(__file__).parent / "reference"


def load(name: str) -> dict[str, Any]:
    """What the script of a name printed."""
    printed: dict[str, Any] = json.loads((REFERENCE / f"{name}.json").read_text())
    return printed


def floats(values: Any) -> npt.NDArray[np.float64]:
    """Return an array in which R's NA and NaN are NaN."""
    return np.array(np.asarray(values, dtype=object), dtype=float)

"""Words of the rows of samples: the steps from a visit that is expected to a value that is evaluable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

EXPECTED: Final = "expected"
ATTENDED: Final = "attended"
SAMPLED: Final = "sampled"
ASSAYED: Final = "assayed"
EVALUABLE: Final = "evaluable"
STEPS: Mapping[str, str] = {
    EXPECTED: "Expected",
    ATTENDED: "Attended",
    SAMPLED: "Sampled",
    ASSAYED: "Assayed",
    EVALUABLE: "Evaluable",
}
"""Levels of a share of those expected; who has taken a step has taken those before it."""

DIED, LEFT, NOT_DUE = "died", "left", "not-due"
UNSEEN, UNSAMPLED, NO_RESULT, NO_BASELINE = "unseen", "unsampled", "no-result", "no-baseline"
UNEXPECTED: Mapping[str, str] = {DIED: "Died", LEFT: "Left", NOT_DUE: "Not due"}
"""Why a visit is not expected."""
UNEVALUABLE: Mapping[str, str] = {
    UNSEEN: "Not seen",
    UNSAMPLED: "No sample",
    NO_RESULT: "No result",
    NO_BASELINE: "No baseline",
}
"""Why somebody who is expected has no evaluable value, by the step that is lacking."""

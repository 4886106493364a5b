"""Words that several summaries of times print alike."""

from __future__ import annotations

CONF_WORDS = {
    "log-log": "on the log–log scale",
    "log": "on the logarithmic scale, cut at 1",
    "plain": "on the untransformed scale, cut at 0 and 1",
}

"""Words that several summaries of times print alike."""

from __future__ import annotations

CONF_WORDS = {"log-log": "log–log", "log": "logarithmic", "plain": "untransformed"}

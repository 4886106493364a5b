"""The table of characteristics: distributions by arm or pooled, missing values, standardized differences, tests."""

from __future__ import annotations

from npcstats.analyses.baseline.table.characteristics import baseline_table, tabulate

__all__ = ["baseline_table", "tabulate"]

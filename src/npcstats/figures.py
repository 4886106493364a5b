"""Results become figures: rows are drawn, nothing is computed.

A plan holds `FigureSpec`s; `draw` draws each once and saves it; reports only place what was saved. Here is only what a
plan says of a figure, so that a plan is read without the drawing library.
"""

from __future__ import annotations

from npcstats.display.spec import ANALYSIS_KINDS, FigureSpec

__all__ = ["ANALYSIS_KINDS", "FigureSpec"]

"""Data checks: schema faults, and what cannot or can hardly be true in a trial, by row and never by participant."""

from __future__ import annotations

from npcstats.quality.report import RULES, Finding, QualityReport, inspect_export, inspect_study
from npcstats.quality.values import (
    Checks,
    LaboratoryRange,
    NumberRange,
    RadiotherapyRange,
    Swap,
    load_checks,
)
from npcstats.quality.write import refusal_text, summary_lines, write_report

__all__ = [
    "RULES",
    "Checks",
    "Finding",
    "LaboratoryRange",
    "NumberRange",
    "QualityReport",
    "RadiotherapyRange",
    "Swap",
    "inspect_export",
    "inspect_study",
    "load_checks",
    "refusal_text",
    "summary_lines",
    "write_report",
]

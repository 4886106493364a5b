"""Data checks: schema faults, and what cannot or can hardly be true in a trial, by row and never by participant."""

from __future__ import annotations

from npcstats.quality.refusals import Refusal, trace_refusals
from npcstats.quality.report import (
    RULES,
    Finding,
    QualityReport,
    ReadExport,
    inspect_read,
    inspect_study,
    read_export,
)
from npcstats.quality.values import (
    Checks,
    Imaging,
    LaboratoryRange,
    LaboratoryReports,
    Leap,
    Modality,
    NumberRange,
    Parts,
    Phase,
    RadiotherapyRange,
    Ratio,
    ResponseRange,
    Swap,
    load_checks,
)
from npcstats.quality.write import refusal_text, summary_lines, write_report

__all__ = [
    "RULES",
    "Checks",
    "Finding",
    "Imaging",
    "LaboratoryRange",
    "LaboratoryReports",
    "Leap",
    "Modality",
    "NumberRange",
    "Parts",
    "Phase",
    "QualityReport",
    "RadiotherapyRange",
    "Ratio",
    "ReadExport",
    "Refusal",
    "ResponseRange",
    "Swap",
    "inspect_read",
    "inspect_study",
    "load_checks",
    "read_export",
    "refusal_text",
    "summary_lines",
    "trace_refusals",
    "write_report",
]

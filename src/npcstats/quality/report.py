"""Inspect an export by every rule. Knows the catalogue of rules and the order of findings; writes nothing."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from npcstats.errors import DataError
from npcstats.quality.dates import CUTOFF_RULE
from npcstats.quality.dates import RULES as DATE_RULES
from npcstats.quality.disease import RULES as DISEASE_RULES
from npcstats.quality.eligibility import RULES as ELIGIBILITY_RULES
from npcstats.quality.events import RULES as EVENT_RULES
from npcstats.quality.inspection import Inspection, Rule, Severity
from npcstats.quality.measurements import RULES as MEASUREMENT_RULES
from npcstats.quality.treatment import RULES as TREATMENT_RULES
from npcstats.quality.values import Checks
from npcstats.quality.visits import RULES as VISIT_RULES
from npcstats.readers import read_frames
from npcstats.schema import conform_frame
from npcstats.study import SYNTHETIC_MARKER, Design, Study, input_schemas, read_study

SCHEMA = "SCHEMA"
RULES: tuple[Rule, ...] = (
    *DATE_RULES,
    *TREATMENT_RULES,
    *VISIT_RULES,
    *MEASUREMENT_RULES,
    *EVENT_RULES,
    *DISEASE_RULES,
    *ELIGIBILITY_RULES,
)
"""Every rule, in the order of the report."""


@dataclass(frozen=True)
class Finding:
    """A record that breaks a rule.

    Parameters
    ----------
    rule : str
        Its id; ``SCHEMA`` for a fault of the data contract.
    severity : {"error", "query"}
        Of the rule.
    frame : str
        Frame of the record; the file where a whole file is at fault.
    row : int
        Row of the record, the first being 1; 0 where the fault is not one record's.
    text : str
        What was found, without an identifier.
    """

    rule: str
    severity: Severity
    frame: str
    row: int
    text: str


@dataclass(frozen=True)
class Skipped:
    """A rule that was not checked, and why."""

    rule: str
    reason: str


@dataclass(frozen=True)
class QualityReport:
    """What an inspection found.

    Parameters
    ----------
    name : str
        Name of the export's folder.
    synthetic : bool
        Whether the export says that it is made.
    cutoff : date or None
        Data cut-off, where one was given.
    records : mapping of str to int
        Records in each frame that could be read.
    findings : tuple of Finding
        Schema faults first, then rules in their order, records in theirs.
    skipped : tuple of Skipped
        Rules that were not checked.
    """

    name: str
    synthetic: bool
    cutoff: datetime.date | None
    records: dict[str, int]
    findings: tuple[Finding, ...]
    skipped: tuple[Skipped, ...]

    def count(self, severity: Severity) -> int:
        """Count the findings of a severity.

        Parameters
        ----------
        severity : {"error", "query"}
            Which.

        Returns
        -------
        int
            How many.
        """
        return sum(finding.severity == severity for finding in self.findings)


def inspect_export(folder: Path, design: Design, checks: Checks, *, cutoff: datetime.date | None) -> QualityReport:
    """Read an export and inspect it, also where it breaks the data contract.

    Parameters
    ----------
    folder : Path
        One file per frame.
    design : Design
        The trial's design.
    checks : Checks
        The trial's own values, from `load_checks`.
    cutoff : date or None
        Data cut-off; None leaves the rule about it out.

    Returns
    -------
    QualityReport
        Schema faults and broken rules.

    Raises
    ------
    DataError
        If the folder does not exist.

    Notes
    -----
    *Convention.* Where a frame breaks the data contract, rules see what could be read of it; a value that is not of
    its column's type is missing to them.
    """
    study, faults = _read(folder, design)
    return _report(study, checks, cutoff, faults)


def inspect_study(study: Study, checks: Checks, *, cutoff: datetime.date | None) -> QualityReport:
    """Inspect a study that is already read.

    Parameters
    ----------
    study : Study
        The whole export.
    checks : Checks
        The trial's own values, from `load_checks`.
    cutoff : date or None
        Data cut-off; None leaves the rule about it out.

    Returns
    -------
    QualityReport
        Broken rules.
    """
    return _report(study, checks, cutoff, ())


def _read(folder: Path, design: Design) -> tuple[Study, tuple[str, ...]]:
    try:
        return read_study(folder, design), ()
    except DataError as error:
        if not folder.is_dir():
            raise
        faults = tuple(str(error).splitlines())
    schemas = input_schemas(design)
    raw, _ = read_frames(folder, dict.fromkeys(schemas, True), columns=design.columns)
    frames = {name: conform_frame(frame, schemas[name])[0] for name, frame in raw.items()}
    return Study(design, frames, folder, (folder / SYNTHETIC_MARKER).is_file()), faults


def _report(study: Study, checks: Checks, cutoff: datetime.date | None, faults: tuple[str, ...]) -> QualityReport:
    inspected = Inspection(study, checks, cutoff)
    findings = [Finding(SCHEMA, "error", _frame_of(fault), 0, fault) for fault in faults]
    skipped = []
    for rule in RULES:
        absent = _absent(rule, study.frames)
        if absent:
            skipped.append(Skipped(rule.id, f"the export has no {', '.join(absent)}"))
        elif rule.id == CUTOFF_RULE and cutoff is None:
            skipped.append(Skipped(rule.id, "no cut-off is given"))
        else:
            marks = sorted(rule.check(inspected), key=lambda item: (_place(study, item.frame), item.row))
            findings += [Finding(rule.id, rule.severity, item.frame, item.row, item.text) for item in marks]
    return QualityReport(
        study.source.name,
        study.synthetic,
        cutoff,
        {name: len(frame) for name, frame in study.frames.items()},
        tuple(findings),
        tuple(skipped),
    )


def _absent(rule: Rule, frames: Mapping[str, pd.DataFrame]) -> list[str]:
    # a rule that names nothing asks frame by frame, but for participants always
    wanted = [need.split(".") for need in rule.needs or ("adsl.USUBJID",)]
    return [f"{frame}.{column}" for frame, column in wanted if frame not in frames or column not in frames[frame]]


def _place(study: Study, frame: str) -> int:
    return list(study.frames).index(frame)


def _frame_of(fault: str) -> str:
    return fault.split(":", 1)[0].split(".", 1)[0]

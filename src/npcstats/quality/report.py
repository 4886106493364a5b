"""Inspect an export by every rule. Knows the catalogue of rules and the order of findings; writes nothing."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

from npcstats.errors import DataError
from npcstats.quality.care import RULES as CARE_RULES
from npcstats.quality.dates import CUTOFF_RULE
from npcstats.quality.dates import RULES as DATE_RULES
from npcstats.quality.disease import RULES as DISEASE_RULES
from npcstats.quality.eligibility import GROUP as ELIGIBILITY
from npcstats.quality.eligibility import RULES as ELIGIBILITY_RULES
from npcstats.quality.endpoints import RULES as ENDPOINT_RULES
from npcstats.quality.events import RULES as EVENT_RULES
from npcstats.quality.identity import RULES as IDENTITY_RULES
from npcstats.quality.imaging import RULES as IMAGING_RULES
from npcstats.quality.inspection import Inspection, Mark, Rule, Severity
from npcstats.quality.measurements import RULES as MEASUREMENT_RULES
from npcstats.quality.refusals import Refusal
from npcstats.quality.reported import RULES as REPORTED_RULES
from npcstats.quality.terms import RULES as TERM_RULES
from npcstats.quality.treatment import RULES as TREATMENT_RULES
from npcstats.quality.values import Checks
from npcstats.quality.visits import RULES as VISIT_RULES
from npcstats.readers import read_frames
from npcstats.schema import Origin, conform_frame
from npcstats.study import SYNTHETIC_MARKER, Design, Study, input_schemas, read_study

SCHEMA = "SCHEMA"
SOURCE = "SOURCE"
ANALYSES = "ANALYSES"
RULES: tuple[Rule, ...] = (
    *IDENTITY_RULES,
    *DATE_RULES,
    *TREATMENT_RULES,
    *CARE_RULES,
    *VISIT_RULES,
    *MEASUREMENT_RULES,
    *IMAGING_RULES,
    *EVENT_RULES,
    *REPORTED_RULES,
    *DISEASE_RULES,
    *ENDPOINT_RULES,
    *ELIGIBILITY_RULES,
    *TERM_RULES,
)
"""Every rule about records, in the order of the report; a trial is asked those that apply to it."""


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
        Frame of the record; empty where the fault is not one frame's.
    row : int
        Row of the record, the first being 1; 0 where the fault is not one record's.
    text : str
        What was found, without an identifier.
    place : str
        Row in the file that the record comes from, as a person counts it; empty where there is none.
    """

    rule: str
    severity: Severity
    frame: str
    row: int
    text: str
    place: str = ""


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
    rules : tuple of Rule
        Those that apply to the trial.
    analyzed : bool
        Whether the analyses of the plan were tried.
    """

    name: str
    synthetic: bool
    cutoff: datetime.date | None
    records: dict[str, int]
    findings: tuple[Finding, ...]
    skipped: tuple[Skipped, ...]
    rules: tuple[Rule, ...] = RULES
    analyzed: bool = False

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


@dataclass(frozen=True)
class ReadExport:
    """An export as far as it could be read.

    Parameters
    ----------
    study : Study
        Frames of declared types; what could not be read as its type is missing.
    faults : tuple of str
        What breaks the data contract.
    origins : mapping of str to Origin
        Where the rows of frames stand, if not as they are.
    notices : mapping of str to tuple of str
        By frame, what its source declares and what never occurs.
    """

    study: Study
    faults: tuple[str, ...] = ()
    origins: Mapping[str, Origin] = field(default_factory=dict)
    notices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read_export(folder: Path, design: Design) -> ReadExport:
    """Read an export whatever is wrong with it.

    Parameters
    ----------
    folder : Path
        One file per frame.
    design : Design
        The trial's design.

    Returns
    -------
    ReadExport
        With its faults.

    Raises
    ------
    DataError
        If the folder does not exist.

    Notes
    -----
    *Convention.* Where a frame breaks the data contract, rules see what could be read of it; a value that is not of
    its column's type is missing to them.
    """
    study: Study | None = None
    faults: tuple[str, ...] = ()
    try:
        study = read_study(folder, design)
    except DataError as error:
        if not folder.is_dir():
            raise
        faults = error.faults
    if study and not design.sources:
        return ReadExport(study)
    schemas = input_schemas(design)
    taken, _ = read_frames(folder, schemas, columns=design.columns, sources=design.sources)
    frames = {name: conform_frame(raw.frame, schemas[name], raw.origin)[0] for name, raw in taken.items()}
    whole = study or Study(design, frames, folder, (folder / SYNTHETIC_MARKER).is_file())
    origins = {name: raw.origin for name, raw in taken.items()}
    return ReadExport(whole, faults, origins, {name: raw.notices for name, raw in taken.items() if raw.notices})


def inspect_read(
    read: ReadExport, checks: Checks, *, cutoff: datetime.date | None, refusals: Iterable[Refusal] | None = None
) -> QualityReport:
    """Inspect an export that is read as far as it could be.

    Parameters
    ----------
    read : ReadExport
        From `read_export`.
    checks : Checks
        The trial's own values, from `load_checks`.
    cutoff : date or None
        Data cut-off; None leaves the rule about it out.
    refusals : iterable of Refusal, optional
        What the analyses of the plan refuse; none at all where they were not tried.

    Returns
    -------
    QualityReport
        Schema faults, notices of the sources, broken rules, and refusals.
    """
    report = _report(read.study, checks, cutoff, read.faults, read.origins)
    noticed = [Finding(SOURCE, "query", name, 0, text) for name, texts in read.notices.items() for text in texts]
    faults = [item for item in report.findings if item.rule == SCHEMA]
    broken = [item for item in report.findings if item.rule != SCHEMA]
    refused = [Finding(ANALYSES, "error", item.frame, item.row, item.text,
                       _file_row(Mark(item.frame, item.row, ""), read.origins) if item.row else "")
               for item in refusals or ()]  # fmt: skip
    found = (*faults, *noticed, *broken, *refused)
    return replace(report, findings=found, analyzed=refusals is not None)


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
    return _report(study, checks, cutoff, (), {})


def _report(
    study: Study,
    checks: Checks,
    cutoff: datetime.date | None,
    faults: tuple[str, ...],
    origins: Mapping[str, Origin],
) -> QualityReport:
    inspected = Inspection(study, checks, cutoff, origins)
    findings = [_fault(study, text) for text in faults]
    skipped = []
    rules = tuple(rule for rule in RULES if rule.applies(checks) and rule.suits(study.design))
    for rule in rules:
        reason = _unchecked(rule, inspected)
        if reason:
            skipped.append(Skipped(rule.id, reason))
            continue
        findings += [
            Finding(rule.id, rule.severity, item.frame, item.row, item.text, _file_row(item, origins))
            for item in _by_record(study, rule.check(inspected))
        ]
    return QualityReport(
        study.source.name,
        study.synthetic,
        cutoff,
        {name: len(frame) for name, frame in study.frames.items()},
        tuple(findings),
        tuple(skipped),
        rules,
    )


def _unchecked(rule: Rule, inspected: Inspection) -> str:
    """Say why a rule cannot be checked; empty where it can."""
    # participants are asked for by every rule; one that names nothing else asks frame by frame
    wanted = [need.split(".") for need in dict.fromkeys(("adsl.USUBJID", *rule.needs))]
    absent = [".".join(need) for need in wanted if not inspected.has(*need)]
    if absent:
        return f"the export has no {', '.join(absent)}"
    if rule.id == CUTOFF_RULE and inspected.cutoff is None:
        return "no cut-off is given"
    return "no criteria are given" if rule.group == ELIGIBILITY and not inspected.checks.criteria else ""


def _file_row(found: Mark, origins: Mapping[str, Origin]) -> str:
    return (origins.get(found.frame) or Origin()).row(found.row - 1).removeprefix("row ")


def _by_record(study: Study, marks: Iterable[Mark]) -> list[Mark]:
    """Bring marks into the order of frames and rows; a record that breaks a rule twice is one finding."""
    order = {name: place for place, name in enumerate(study.frames)}
    ordered = sorted(marks, key=lambda item: (order[item.frame], item.row))
    together = groupby(ordered, key=lambda item: (item.frame, item.row))
    return [Mark(frame, row, "; ".join(item.text for item in same)) for (frame, row), same in together]


def _fault(study: Study, text: str) -> Finding:
    told = text.replace(str(study.source), study.source.name)
    frame = told.split(":", 1)[0].split(".", 1)[0]
    return Finding(SCHEMA, "error", frame if frame in input_schemas(study.design) else "", 0, told)

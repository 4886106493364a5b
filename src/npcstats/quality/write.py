"""The inspection as a page and as a list: a self-contained HTML file and a CSV, the same bytes for the same export."""

from __future__ import annotations

import csv
import io
import os
from collections import Counter
from collections.abc import Iterable
from html import escape
from itertools import groupby
from pathlib import Path

from npcstats.formatting import counted
from npcstats.quality.inspection import Severity
from npcstats.quality.report import ANALYSES, SCHEMA, SOURCE, Finding, QualityReport

PAGE = "check.html"
LIST = "findings.csv"
COLUMNS = ("rule", "severity", "frame", "row", "text")
SHOWN = 200
MARKS: dict[Severity | None, str] = {"error": "■", "query": "▲", None: "●"}
SCHEMA_TEXT = "The export meets the data contract."
SOURCE_TEXT = "Every code, filter and level that a source declares occurs."
ANALYSES_TEXT = "The analyses of the plan can be made from the export."
SYNTHETIC = "SYNTHETIC DATA"
NOT_CHECKED = "not checked"

_STYLE = """
:root { --ink: #1d2733; --soft: #5b6775; --rule: #b9c2cc; --tint: #f3f6f8; --alert: #9c2f1e; }
body { color: var(--ink); background: #fff; font: 14px/1.5 Inter, system-ui, "Segoe UI", Roboto, sans-serif;
  font-variant-numeric: tabular-nums; max-width: 60rem; margin: 2.5rem auto; padding: 0 1.5rem; }
h1 { font-size: 26px; line-height: 1.2; margin: 0 0 .25rem; }
h2 { font-size: 17px; margin: 2.5rem 0 .5rem; }
h3 { font-size: 14px; margin: 1.75rem 0 .25rem; }
p { margin: .25rem 0; }
.soft, caption, tfoot { color: var(--soft); }
.banner { color: var(--alert); font-weight: 600; letter-spacing: .06em; }
.error { color: var(--alert); }
.answer { background: var(--tint); padding: .75rem 1rem; margin: 1.25rem 0; }
table { border-collapse: collapse; width: 100%; border: solid var(--ink); border-width: 1.5px 0;
  font-size: 13px; margin: .5rem 0; }
caption { text-align: left; caption-side: bottom; padding-top: .35rem; font-size: 12px; }
th, td { text-align: left; vertical-align: top; padding: .2rem .75rem .2rem 0; }
thead th { border-bottom: 1px solid var(--ink); font-weight: 600; }
td.number, th.number { text-align: right; }
td.group { font-weight: 600; padding-top: .75rem; }
td.member { padding-left: 1rem; white-space: nowrap; }
.found th:first-child { width: 6rem; }
.found th:nth-child(2) { width: 5rem; }
a { color: inherit; }
@media print { body { margin: 0; max-width: none; } thead { display: table-header-group; } }
"""


def write_report(report: QualityReport, folder: Path) -> tuple[Path, Path]:
    """Write an inspection as a page and as a list.

    Parameters
    ----------
    report : QualityReport
        What was found.
    folder : Path
        Made if it does not exist; a former report is replaced only when the new one is whole.

    Returns
    -------
    tuple of Path
        The page and the list.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = {folder / PAGE: page_text(report), folder / LIST: list_text(report.findings)}
    beside = {path: path.with_name(f".{path.name}.{os.getpid()}") for path in made}
    for path, text in made.items():
        beside[path].write_bytes(text.encode("utf-8"))
    for path in made:
        os.replace(beside[path], path)
    return folder / PAGE, folder / LIST


def list_text(findings: Iterable[Finding]) -> str:
    """Return findings as CSV text.

    Parameters
    ----------
    findings : iterable of Finding
        In the order of the list.

    Returns
    -------
    str
        Header and one line for each; the row is empty where a fault is not one record's.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((item.rule, item.severity, item.frame, item.place, item.text) for item in findings)
    return text.getvalue()


def summary_rows(report: QualityReport) -> list[tuple[str, str, Severity, str, str]]:
    """Return the summary: every rule with its count.

    Parameters
    ----------
    report : QualityReport
        What was found.

    Returns
    -------
    list of (group, rule, severity, count, text)
        The data contract first; ``not checked`` in place of a count where a rule could not be.
    """
    counts = Counter(item.rule for item in report.findings)
    skipped = {item.rule for item in report.skipped}
    rows: list[tuple[str, str, Severity, str, str]] = [
        ("Data contract", SCHEMA, "error", str(counts[SCHEMA]), SCHEMA_TEXT),
        ("Data contract", SOURCE, "query", str(counts[SOURCE]), SOURCE_TEXT),
    ]
    for rule in report.rules:
        count = NOT_CHECKED if rule.id in skipped else str(counts[rule.id])
        rows.append((rule.group, rule.id, rule.severity, count, rule.text))
    if report.analyzed:
        rows.append(("Plan", ANALYSES, "error", str(counts[ANALYSES]), ANALYSES_TEXT))
    return rows


def summary_lines(report: QualityReport) -> list[str]:
    """Return what a terminal shows: what was read, every rule that found something, and the sum.

    Parameters
    ----------
    report : QualityReport
        What was found.

    Returns
    -------
    list of str
        Lines.
    """
    rows = summary_rows(report)
    found = [row for row in rows if row[3] not in ("0", NOT_CHECKED)]
    empty = [name for name, count in report.records.items() if not count]
    without = f"; none in {', '.join(empty)}" if empty else ""
    read = f"{counted(sum(report.records.values()), 'record')} in {counted(len(report.records), 'frame')}"
    lines = [f"{report.name}: {read}{without}."]
    width = max((len(row[1]) for row in found), default=0)
    lines += [f"{rule:{width}}  {severity}  {count:>6}  {text}" for _, rule, severity, count, text in found]
    lines += [f"{item.rule} was not checked: {item.reason}." for item in report.skipped]
    clean = sum(row[3] == "0" for row in rows)
    return [*lines, f"{counted(clean, 'rule')} found nothing. {answer_sentence(report)}"]


def refusal_text(report: QualityReport) -> str:
    """Say why an export with errors is refused: its schema faults, what analyses refuse, and how many errors there are.

    Parameters
    ----------
    report : QualityReport
        With errors.

    Returns
    -------
    str
        One line for each schema fault and for each analysis that is refused, and one for the sum.
    """
    faults = [item.text for item in report.findings if item.rule in (SCHEMA, ANALYSES)]
    return "\n".join([*faults, f"{report.name}: {answer_sentence(report)[:-1]}; an export without errors is required."])


def answer_sentence(report: QualityReport) -> str:
    """Say in one sentence what was found.

    Parameters
    ----------
    report : QualityReport
        What was found.

    Returns
    -------
    str
        Counts of errors and queries.
    """
    errors, queries = report.count("error"), report.count("query")
    if not errors + queries:
        return "No errors and no queries."
    return f"{counted(errors, 'error')}, {counted(queries, 'query', 'queries')}."


def page_text(report: QualityReport) -> str:
    """Return the page.

    Parameters
    ----------
    report : QualityReport
        What was found.

    Returns
    -------
    str
        HTML without a reference to anything outside it.
    """
    banner = f'<p class="banner">{SYNTHETIC}</p>\n' if report.synthetic else ""
    total = sum(report.records.values())
    empty = [name for name, count in report.records.items() if not count]
    without = f"; none in {', '.join(empty)}" if empty else ""
    cutoff = f"; data cut-off {report.cutoff.isoformat()}" if report.cutoff else ""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>Data checks: {escape(report.name)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n{banner}"
        f"<h1>Data checks</h1>\n"
        f'<p class="soft">Export {escape(report.name)}: {counted(total, "record")} in '
        f"{counted(len(report.records), 'frame')}{without}{cutoff}.</p>\n"
        f'<p class="answer">{_mark(_worst(report))} {answer_sentence(report)} An error cannot be true and must be '
        "corrected; a query may be true and needs an answer.</p>\n"
        f"{_summary_table(report)}{_skipped_note(report)}{_sections(report)}"
        '<p class="soft">Rows are counted from 1, the first record below the header. The page is for those who manage '
        f"the data; all findings stand in {LIST}.</p>\n</body>\n</html>\n"
    )


def _worst(report: QualityReport) -> Severity | None:
    if report.count("error"):
        return "error"
    return "query" if report.findings else None


def _mark(severity: Severity | None) -> str:
    return f'<span class="{severity or "none"}">{MARKS[severity]}</span>'


def _summary_table(report: QualityReport) -> str:
    body = []
    for group, rows in groupby(summary_rows(report), key=lambda row: row[0]):
        body.append(f'<tr><td class="group" colspan="4">{escape(group)}</td></tr>\n')
        for _, rule, severity, count, text in rows:
            broken = count not in ("0", NOT_CHECKED)
            name = f'<a href="#{rule}">{rule}</a>' if broken else rule
            shown = f"{_mark(severity)} {int(count):,}" if broken else "–" if count == NOT_CHECKED else count
            body.append(
                f'<tr><td class="member">{name}</td><td>{escape(text)}</td><td>{severity}</td>'
                f'<td class="number">{shown}</td></tr>\n'
            )
    return (
        f"<table>\n<caption>{_legend(report)}</caption>\n<thead><tr><th>Rule</th><th>What is required</th>"
        f'<th>If not</th><th class="number">Found</th></tr></thead>\n<tbody>\n{"".join(body)}</tbody>\n</table>\n'
    )


def _legend(report: QualityReport) -> str:
    dash = " A dash: not checked, for the reason below." if report.skipped else ""
    return f"{MARKS['error']} error, {MARKS['query']} query; the number of records found.{dash}"


def _skipped_note(report: QualityReport) -> str:
    if not report.skipped:
        return ""
    items = "; ".join(f"{escape(item.rule)}, {escape(item.reason)}" for item in report.skipped)
    return f'<p class="soft">Not checked: {items}.</p>\n'


def _sections(report: QualityReport) -> str:
    words = {rule: (group, text) for group, rule, _, _, text in summary_rows(report)}
    parts = []
    for group, in_group in groupby(report.findings, key=lambda item: words[item.rule][0]):
        parts.append(f"<h2>{escape(group)}</h2>\n")
        for rule, items in groupby(in_group, key=lambda item: item.rule):
            parts.append(_rule_section(rule, words[rule][1], list(items)))
    return "".join(parts)


def _rule_section(rule: str, text: str, found: list[Finding]) -> str:
    severity = found[0].severity
    words = ("error", "errors") if severity == "error" else ("query", "queries")
    rows = "".join(
        f'<tr><td>{escape(item.frame)}</td><td class="number">{escape(item.place) or "–"}</td>'
        f"<td>{escape(item.text)}</td></tr>\n"
        for item in found[:SHOWN]
    )
    more = len(found) - SHOWN
    caption = f"<caption>The first {SHOWN}; {more:,} more stand in {LIST}.</caption>\n" if more > 0 else ""
    return (
        f'<h3 id="{rule}">{_mark(severity)} {rule}: {counted(len(found), *words)}</h3>\n<p>{escape(text)}</p>\n'
        f'<table class="found">\n{caption}<thead><tr><th>Frame</th>'
        '<th class="number">Row</th><th>Found</th></tr></thead>\n'
        f"<tbody>\n{rows}</tbody>\n</table>\n"
    )

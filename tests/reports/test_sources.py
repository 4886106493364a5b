"""A report places what the plan has and types nothing of it; what it quotes it calls by name, on one short line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from npcstats.run.plan import load_plan

PROJECT = Path(__file__).parents[2]
SOURCES = sorted((*(PROJECT / "reports").rglob("*.qmd"), PROJECT / "tests" / "randomized" / "report.qmd"))
TYPED = re.compile(r"^#\|\s*(label|lst-label|tbl-cap|fig-cap|fig-alt|fig-subcap|tbl-subcap)\s*:", re.M)
FENCED = re.compile(r"^:{3,}\s*\{[^}]*#(fig|tbl)-", re.M)
CELL = re.compile(r"^```\{python\}\n(.*?)^```$", re.M | re.S)
INLINE = re.compile(r"(?<!`)`\{python\} ([^`]*)`")
PLACED = re.compile(r'\bshow_(figure|table)\(results, "([^"]+)"\)')
TOGETHER = re.compile(r'\bshow_since\(results, "[^"]+"((?:, "[^"]+")+)\)')
"""Tables placed together, or one sentence in their place where there was no former meeting."""
QUOTED = re.compile(r'\bquote\(results, "([^"]+)"\)')
INCLUDED = re.compile(r"\{\{< include (\S+) >\}\}")
OF_THE_RUN = ("provenance_table", "conventions_table", "definitions_table")
"""Tables that no plan has; their captions are the report's."""


def whole(source: Path) -> str:
    """A report's text with its sections."""
    text = source.read_text(encoding="utf-8")
    return INCLUDED.sub(lambda found: whole(source.parent / found[1]), text)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_no_cell_types_what_the_plan_has(source: Path) -> None:
    text = source.read_text(encoding="utf-8")
    cells = CELL.findall(text)
    assert [cell for cell in cells if TYPED.search(cell) and not any(name in cell for name in OF_THE_RUN)] == []
    assert FENCED.search(text) is None
    shown = [cell.strip() for cell in cells if "show_" in cell and "import" not in cell]
    assert [cell for cell in shown if not (PLACED.fullmatch(cell) or TOGETHER.fullmatch(cell))] == []
    assert "_table(results" not in re.sub("|".join(OF_THE_RUN), "", text).replace("show_table", "")


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_no_inline_expression_is_longer_than_a_line(source: Path) -> None:
    found = INLINE.findall(source.read_text(encoding="utf-8"))
    assert [expression for expression in found if len(expression) > 60 or "\n" in expression] == []


def test_reports_and_plan_name_the_same() -> None:
    """Everything that a report calls by name is its session's; everything that the plan has for a session is called."""
    plan = load_plan(PROJECT / "analysis" / "plan")
    called: dict[tuple[str, str], set[str]] = {}
    for report in plan.reports:
        text = whole(PROJECT / "reports" / f"{report.name}.qmd")
        together = [("table", name) for names in TOGETHER.findall(text) for name in re.findall('"([^"]+)"', names)]
        for what, name in (*PLACED.findall(text), *together, *(("quote", name) for name in QUOTED.findall(text))):
            called.setdefault((report.session, what), set()).add(name)
    for session in (item.code for item in plan.sessions):
        assert called.get((session, "figure"), set()) == {item.name for item in plan.figures_of(session)}
        assert called[session, "table"] == {item.name for item in plan.tables_of(session)}
        assert called.get((session, "quote"), set()) == {item.name for item in plan.quotes_of(session)}


def test_a_summary_of_adjusted_numbers_begins_with_what_is_wrong_with_them():
    """The main adjustment of what the summary quotes is one whose verdict is told before its numbers."""
    plan = load_plan(PROJECT / "analysis" / "plan")
    summary = (PROJECT / "reports" / "final.qmd").read_text(encoding="utf-8").partition("# Summary")[2]
    before = summary.partition('quote(results, "survival-')[0]
    (balance,) = (spec for spec in plan.specs if spec.id == "balance")
    quoted = {told.block for told in plan.quotes if told.name in ("survival-difference", "progression-ratio")}
    assert quoted == {balance.adjustments[0].name}
    assert f'caution(results, "balance", "verdict.{balance.adjustments[0].name}")' in before

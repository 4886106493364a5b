"""The vocabulary: each word of a kind is declared once, in its folder, and no other word is asked for."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

import npcstats
from npcstats.results.conventions import CONVENTIONS
from npcstats.results.rows import MEASURES

SOURCE = Path(npcstats.__file__).parent
KINDS = sorted(path.parent.name for path in SOURCE.glob("analyses/*/rows.py"))
DECLARED = {kind: importlib.import_module(f"npcstats.analyses.{kind}.rows") for kind in KINDS}
OWN = {kind: set(getattr(module, "MEASURES", {})) for kind, module in DECLARED.items()}
FAMILY = {"association", "comparison", "incidence", "rates", "regression", "survival", "timetoevent"}
FILES = [
    path for room in ("analyses", "derive", "disclosure", "display") for path in sorted((SOURCE / room).rglob("*.py"))
]
OTHER_MEASURES = {
    "compare_proportions", "compare_all_proportions", "compare_rates", "compare_all_rates", "compare_clustered_rates",
}  # fmt: skip
"""Functions whose argument of that name is not a column of results."""


def asked_for(tree):
    """Words that a module asks for, or writes, in the column ``measure``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") not in OTHER_MEASURES:
            yield from (word.value for word in node.keywords if word.arg == "measure")
        elif isinstance(node, ast.Dict):
            yield from (v for k, v in zip(node.keys, node.values, strict=True) if getattr(k, "value", "") == "measure")
        elif isinstance(node, ast.Compare) and getattr(node.left, "attr", "") == "measure":
            yield from (e for side in node.comparators for e in getattr(side, "elts", [side]))


def words_of(path):
    found = asked_for(ast.parse(path.read_text(encoding="utf-8")))
    return {node.value for node in found if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def known_to(path):
    """What a file may ask for: its kind's own words and those of all; what is of no kind may know every word."""
    kind = path.relative_to(SOURCE).parts[1]
    kinds = {kind} if kind in OWN and kind not in FAMILY else FAMILY if kind in FAMILY else set(OWN)
    return set(MEASURES).union(*(OWN[name] for name in kinds))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_no_measure_is_asked_for_that_nobody_declares(path):
    assert words_of(path) <= known_to(path)


def test_the_reading_finds_the_words():
    """What is read from the files is not empty: a kind's table and its summary ask for the same words."""
    table, summary = (words_of(SOURCE / "analyses" / "toxicity" / f"{name}.py") for name in ("table", "summary"))
    assert {"risk", "risk_difference", "not_evaluable"} <= table & summary


def test_every_measure_is_declared_once():
    every = [*MEASURES, *(word for words in OWN.values() for word in words)]
    assert len(every) == len(set(every))


def test_every_convention_is_declared_once_and_is_whole():
    parts = [CONVENTIONS, *(getattr(module, "CONVENTIONS", {}) for module in DECLARED.values())]
    every = [pair for part in parts for pair in part]
    assert len(every) == len(set(every))
    assert {tuple(words) for part in parts for words in part.values()} == {("topic", "convention", "r", "sas")}

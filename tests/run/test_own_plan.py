"""This trial's plan is values and nothing else, and what is typed of a value agrees with it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from npcstats.analyses.exposure.spec import ExposureSpec
from npcstats.clinical.regimens import REGIMENS
from npcstats.run.plan import Plan, load_plan

PLAN = Path(__file__).parents[2] / "analysis" / "plan"
WORKING = (
    ast.For, ast.While, ast.If, ast.FunctionDef, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp,
    ast.BinOp, ast.Try, ast.With,
)  # fmt: skip


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan(PLAN)


@pytest.mark.parametrize("path", sorted(PLAN.glob("*.py")), ids=lambda path: path.stem)
def test_a_file_of_the_plan_computes_nothing(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, WORKING)] == []
    splatted = [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and any(k.arg is None for k in node.keywords)
    ]
    assert [ast.unparse(node) for node in splatted] == []


def test_what_is_typed_of_landmarks_and_detection_agrees_with_their_values(plan):
    """These two kinds of sentence are typed: their days, dates and visits are looked for in them."""
    words = plan.design.words.dates
    marks = [spec.landmark for spec in plan.specs if getattr(spec, "landmark", None)]
    found = [spec.grouping for spec in plan.specs if hasattr(getattr(spec, "grouping", None), "visit")]
    assert marks
    assert found
    for mark in marks:
        assert f"day {mark.day} after {words[mark.anchor]}" in mark.definition
    for grouping in found:
        visit = plan.design.visit(grouping.visit)
        assert (
            f"nearest to day {visit.day} after radiotherapy, of days {visit.first} to {visit.last}"
            in grouping.definition
        )
        assert words[visit.anchor] == "the end of radiotherapy"


def test_sets_that_leave_treatments_out_are_those_that_say_so(plan):
    for item in plan.design.populations:
        assert bool(item.without) == ("without those whose radiotherapy was of both modalities" in item.definition)
        assert item.requires


def test_regimens_that_are_typed_beside_a_drug_are_those_of_the_code_list(plan):
    """Whom a part of delivered treatment is about is typed; the code list says which regimens hold the drug."""
    parts = {part.code: part for spec in plan.specs if isinstance(spec, ExposureSpec) for part in spec.parts}
    typed = {
        "IND-CIS": ("INDUCTION", "INDREG", "CISPLATIN"),
        "IND-DOC": ("INDUCTION", "INDREG", "DOCETAXEL"),
        "IND-GEM": ("INDUCTION", "INDREG", "GEMCITABINE"),
        "IND-5FU": ("INDUCTION", "INDREG", "FLUOROURACIL"),
        "CONC-CIS": ("CONCURRENT", "CONREG", "CISPLATIN"),
        "CONC-CARB": ("CONCURRENT", "CONREG", "CARBOPLATIN"),
        "REACHED": ("CONCURRENT", "CONREG", "CISPLATIN"),
    }
    for part, (setting, column, drug) in typed.items():
        holding = {
            code for code, regimen in REGIMENS.items()
            if regimen.setting == setting and drug in {dose.drug for dose in regimen.drugs}
        }  # fmt: skip
        assert set(parts[part].among[column]) == holding, part
    assert set(parts["REACHED"].items.labels) == set(parts["REACHED"].among["CONREG"])

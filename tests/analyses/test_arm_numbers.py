"""One arm, three, five: every table is made by default, with contrasts only where arms are compared."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from npcstats.analyses.incidence.spec import IncidenceSpec
from npcstats.errors import ResultsError
from npcstats.results import is_withheld, select
from npcstats.run.sessions import build_results, prepare_study
from npcstats.study import Arm
from npcstats.tables import (
    baseline_table,
    biomarker_table,
    counts_table,
    incidence_table,
    printed_text,
    survival_table,
    toxicity_table,
)

BANDS = ("grade>=2", "grade>=3")
CONTROL = IncidenceSpec(
    id="control", label="Control", population="BEAM", sessions=("end",), endpoint="CONTROL", competing_label="Death",
    conf_level=0.95, conf_type="log-log", landmarks=(6.0,), ticks=(0.0, 6.0), minimum_at_risk=1, gray=True,
    estimand="unadjusted", status="planned",
)  # fmt: skip
TABLES = {
    "baseline": (lambda r, total: baseline_table(r, "who", total=total), 1, 1),
    "toxicity": (lambda r, total: toxicity_table(r, "tox", levels=BANDS, windows=("early",), total=total), 2, 1),
    "biomarkers": (lambda r, total: biomarker_table(r, "blood", total=total), 3, 1),
    "counts": (lambda r, total: counts_table(r, "status", total=total), 1, 0),
    "survival": (lambda r, total: survival_table(r, ["dead", "worse"], total=total), 1, 1),
    "incidence": (lambda r, total: incidence_table(r, ["control"], total=total), 1, 1),
}
"""Each table, its columns for a group, and its columns for a pair of arms."""


def without_pairs(spec, count):
    """The same entry without what only two arms, or several, have a use for."""
    idle = {} if count == 2 else {"difference": "", "share_difference": "", "smd_denominator": ""}
    idle |= {"test": "none", "gray": False} if count == 1 else {}
    idle |= {"estimand": ""} if count == 1 or (count > 2 and hasattr(spec, "difference")) else {}
    return replace(spec, **{field.name: idle[field.name] for field in fields(spec) if field.name in idle})


@pytest.fixture(scope="module")
def by_arms(whole, plan):
    """Results of the trial of eight with its participants dealt to some number of arms."""
    made = {}

    def build(count: int):
        if count not in made:
            arms = tuple(Arm(f"T{i}", f"Treatment {i}") for i in range(count))
            allocation = "single-arm" if count == 1 else "randomized"
            design = replace(plan.design, arms=arms, arm_rule={}, allocation=allocation)
            adsl = whole["adsl"]
            dealt = [arms[i % count].code for i in range(len(adsl))]
            study = replace(whole, design=design).with_frames({"adsl": adsl.assign(TRT01P=dealt, TRT01A=dealt)})
            specs = tuple(without_pairs(spec, count) for spec in (*plan.specs, CONTROL))
            changed = replace(plan, design=design, specs=specs)
            made[count] = build_results(prepare_study(study, changed, "end"), changed)
        return made[count]

    return build


@pytest.mark.parametrize("name", list(TABLES))
@pytest.mark.parametrize("total", [False, True])
@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_every_table_is_made(by_arms, count, total, name):
    make, per_group, per_pair = TABLES[name]
    table, results = make(by_arms(count), total), by_arms(count)
    columns = 1 + per_group * (count + total) + per_pair * (count == 2)
    if name == "biomarkers" and count + total > 2:
        columns = 5  # a line for each group
    assert len(table.align) == len(table.widths) == columns
    for row in table.rows:
        assert sum(cell.colspan for cell in row.cells) == columns
        for cell in row.cells:
            for piece in cell.pieces:
                if any(piece.data().values()):
                    assert printed_text(results, piece.data(), code=piece.text) == piece.text
    assert ("SMD" in " ".join(cell.text for cell in table.header)) == (name == "baseline" and count == 2)


def test_groups_of_a_visit_stand_further_in_than_its_name(by_arms):
    """A page is not broken between a row and those below it that stand further in."""
    table = biomarker_table(by_arms(3), "blood")
    starts = [row.cells[0] for row in table.rows if row.kind == "row"]
    assert [cell.indent for cell in starts[:6]] == [1, 2, 2, 1, 2, 2]
    assert [bool(cell.text) for cell in starts[:6]] == [True, False, False, True, False, False]


def test_the_total_is_of_everyone(by_arms):
    """Seven are enrolled by the cut-off, whatever arms they are dealt to."""
    table = baseline_table(by_arms(3), "who", total=True)
    assert [cell.text for cell in table.header][-1] == "All (N\u00a0=\u00a07)"
    assert "All" not in "".join(cell.text for cell in baseline_table(by_arms(3), "who").header)
    tox = toxicity_table(by_arms(3), "tox", levels=BANDS, windows=("early",), total=True)
    assert tox.spanners[-1].text.startswith("All (N\u00a0=\u00a0")


def test_without_arms_a_total_changes_nothing(whole, plan):
    pooled = build_results(prepare_study(whole, plan, "front"), plan)
    assert baseline_table(pooled, "who", total=True) == baseline_table(pooled, "who")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            {"levels": ("grade>=6",)},
            "tox: level 'grade>=6' was not made; one of grade>=1, grade>=2, grade>=3, grade>=4",
        ),
        ({"levels": BANDS, "windows": ("acute",)}, "tox: window 'acute' was not made; one of early, late is required."),
        (
            {"levels": BANDS, "contrasts": ("grade=3",)},
            "tox: level 'grade=3' was not made; one of grade>=1, grade>=2, ",
        ),
        ({"levels": ()}, "tox: no grade band is given; at least one is required."),
    ],
)
def test_a_band_or_a_window_that_was_not_made_is_told(by_arms, options, told):
    with pytest.raises(ResultsError) as caught:
        toxicity_table(by_arms(2), "tox", **options)
    assert str(caught.value).startswith(told)


def test_a_marker_that_was_not_made_is_told(by_arms):
    with pytest.raises(
        ResultsError, match=r"^blood: variable 'IRON' was not made; one of LOGM, LEVEL, VIRUS is requir"
    ):
        biomarker_table(by_arms(2), "blood", variables=("IRON",))


def test_several_pairs_have_a_column_each(by_arms):
    """Whoever compares two pairs of three arms gets two columns of differences, each of its own rows."""
    results = by_arms(2)
    rows = list(results.rows)
    for row in results.rows:
        if row.reference and row.analysis in ("tox", "who", "blood"):
            rows.append(replace(row, arm=row.reference, reference=row.arm, value=-row.value))
    both = replace(results, rows=tuple(rows))
    tox = toxicity_table(both, "tox", levels=BANDS, windows=("early",))
    assert len(tox.align) == 1 + 2 * 2 + 2
    assert [cell.text.replace("\u00a0", " ") for cell in tox.spanners[-2:]] == [
        "Treatment 0 − Treatment 1, points", "Treatment 1 − Treatment 0, points",
    ]  # fmt: skip
    assert len(baseline_table(both, "who").align) == 1 + 2 + 2
    assert len(biomarker_table(both, "blood").align) == 1 + 2 * 3 + 2


def test_more_than_two_groups_have_a_line_each(by_arms):
    """Three groups of three columns do not fit a page: at a visit the lines are the arms, everyone and the pair."""
    table = biomarker_table(by_arms(2), "blood", variables=("LEVEL",), total=True)
    lines = [[cell.text for cell in row.cells][:2] for row in table.rows[1:]]
    pair = "Treatment 0\u00a0vs\u00a0Treatment 1"
    groups = ["Treatment 0", "Treatment 1", "All", pair]
    assert [line[1] for line in lines] == groups * 2
    assert [line[0] for line in lines] == ["Before", "", "", "", "During", "", "", ""]
    assert [cell.text for cell in table.header][:2] == ["Visit", "Group"]


def test_no_pair_has_no_row_and_no_column(by_arms):
    assert select(by_arms(3), analysis="tox", measure="risk_difference") == ()
    assert not any(map(is_withheld, by_arms(3).rows))

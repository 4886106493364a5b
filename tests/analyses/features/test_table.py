"""The table of features: each printed number is its row, in the order of p-values; what is counted beside it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from entries import IMAGES
from tabled import FIGURE_SPACE, lines_of, parsed, spans_of

from npcstats.analyses.features.displays import FeaturesTable, RankedFeatures
from npcstats.analyses.features.rows import DIFFERENCE, FAMILY, HAZARD
from npcstats.analyses.features.summary import summarize_features
from npcstats.analyses.features.table import tabulate
from npcstats.analyses.features.telling import feature_name
from npcstats.errors import ResultsError
from npcstats.results import one, select

TABLE = FeaturesTable(name="t", title="T", sessions=("only",), analysis="images", most=3)
NAMES = {f"original_shape_{name}": f"Shape: {name.lower()}" for name in ("Own", "Even", "Odd", "Other")}


@pytest.fixture(scope="module")
def results(crowd):
    return summarize_features(crowd, IMAGES)


@pytest.fixture(scope="module")
def table(results):
    return tabulate(results, TABLE)


def printed(value, digits=2):
    return f"{value:.{digits}f}".replace("-", "−")


def test_lines_by_question(results, table):
    lines = lines_of(table)
    headings = [line[0].replace("\u00a0", " ") for line in lines if len(line) == 1]
    assert headings == [
        f"{block}. {what}"
        for block in ("One", "Two")
        for what in ("Change at During, Ex − Wye, SD", "Survival by the feature at Before: hazard ratio per SD")
    ]
    assert len(lines) == 4 * (1 + TABLE.most)
    for place, (block, measure) in enumerate((b, m) for b in ("ONE", "TWO") for m in (DIFFERENCE, HAZARD)):
        own = lines[4 * place + 1 : 4 * place + 4]
        rows = sorted(select(results, block=block, measure=measure, stat="p_value"), key=lambda row: row.value)
        assert [line[0] for line in own] == [NAMES[row.variable] for row in rows[: TABLE.most]]
        for line, row in zip(own, rows, strict=False):
            at = {"block": block, "measure": measure, "variable": row.variable}
            value, low, high = (
                printed(one(results, **at, stat=stat).value) for stat in ("estimate", "ci_low", "ci_high")
            )
            assert line[1].replace(" ", "") == f"{value}({low}to{high})"
            for text, p in ((line[2], row.value), (line[3], one(results, **at | {"measure": FAMILY[measure]}).value)):
                assert text.strip() == ("<0.001" if p < 0.0005 else printed(p, 3))


def test_each_number_carries_its_key(results, table):
    keys = {row.key: row for row in results.rows}
    numbers = [span for span in spans_of(parsed(table)) if "key" in span]
    shown = {keys[span["key"]].measure for span in numbers}
    assert shown >= {DIFFERENCE, HAZARD, *(FAMILY[m] for m in (DIFFERENCE, HAZARD)), "observed", "feature_events",
                     "discoveries"}  # fmt: skip


def test_the_note_counts_images_events_and_discoveries(results, table):
    note = table.notes[0].text.replace(FIGURE_SPACE, "")
    counts = {(row.block, row.window, row.arm, row.stat): int(row.value) for row in select(results, measure="observed")}
    for block in ("ONE", "TWO"):
        for visit, name in (("V0", "Before"), ("V1", "During")):
            parts = [
                f"{counts[block, visit, arm, 'count']} / {counts[block, visit, arm, 'total']}" for arm in ("X", "Y")
            ]
            assert f"{name} {', '.join(parts)}" in note
    assert "With an image, of Ex, Wye: One: Before" in note
    events = [int(one(results, measure="feature_events", block="ONE", stat=stat).value) for stat in ("count", "total")]
    assert f"Survival, events of those with an image at Before: One {events[0]} / {events[1]}; Two" in note
    found = int(one(results, measure="discoveries", level=HAZARD, block="ONE", stat="count").value)
    assert re.search(rf"q < 0\.05, of those with a model: One: During \d/4, Survival {found}/4; Two", note)
    assert "Not in the models of change" not in note


def test_another_kind_is_refused(by_arm):
    with pytest.raises(ResultsError, match="features"):
        tabulate(by_arm, replace(TABLE, analysis="os"))


@pytest.mark.parametrize("most", [0, -1, 41])
def test_a_number_that_cannot_be_shown_is_a_fault(most):
    (fault,) = replace(TABLE, most=most).faults(IMAGES)
    assert f"most is {most}" in fault
    figure = RankedFeatures(name="f", title="F", sessions=("only",), analysis="images", width="full", window="V0",
                            most=most)  # fmt: skip
    assert figure.faults(IMAGES) == [fault]


def test_a_visit_that_the_analysis_lacks_is_a_fault():
    figure = RankedFeatures(
        name="f", title="F", sessions=("only",), analysis="images", width="full", window="V2", most=3
    )
    assert figure.faults(IMAGES) == ["window 'V2' is no visit of images"]
    assert not replace(figure, window="V1").faults(IMAGES)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("original_firstorder_10Percentile", "First order: 10 percentile"),
        ("original_glcm_JointEntropy", "GLCM: joint entropy"),
        ("original_glcm_MCC", "GLCM: MCC"),
        ("original_gldm_GrayLevelNonUniformityNormalized", "GLDM: grey level non-uniformity normalised"),
        ("original_shape_Maximum2DDiameterRow", "Shape: maximum 2D diameter row"),
        ("original_ngtdm_Coarseness", "NGTDM: coarseness"),
        ("original_volume", "Volume"),
    ],
)
def test_names_in_words(code, name):
    assert feature_name(code, "original_") == name

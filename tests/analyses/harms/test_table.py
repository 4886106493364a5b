"""The table of a family: every number stands in the column, and the line, of its row; what is said below is true."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest
from entries import FAMILY
from tabled import FIGURE_SPACE, parsed, spans_of

from npcstats.analyses.harms.displays import HarmsPlot, HarmsTable
from npcstats.analyses.harms.summary import summarize_harms
from npcstats.analyses.harms.table import tabulate
from npcstats.derive import assign_arms
from npcstats.results import one, select

CONTRASTS = (
    "risk_difference.unadjusted",
    "risk_difference.overlap",
    "risk_ratio.unadjusted",
    "risk_ratio.overlap",
    "odds_ratio.overlap",
)
TABLE = HarmsTable(name="t", title="T", sessions=("only",), analysis="family", order="plan", contrasts=CONTRASTS)
NAMES = {item.code: item.label for item in FAMILY.outcomes}
NUMBER = re.compile(r"[−-]?\d+(?:\.\d+)?")


@pytest.fixture(scope="module")
def results(crowd):
    return summarize_harms(crowd, FAMILY)


def cells_of(table):
    return [[cell.text.replace(FIGURE_SPACE, "").strip() for cell in row.cells] for row in table.rows]


def numbers(text):
    return [float(found.replace("−", "-")) for found in NUMBER.findall(text)]


def test_heads_name_what_is_compared(results):
    made = tabulate(results, TABLE)
    spanned = [(cell.text.replace("\u00a0", " "), cell.colspan, cell.rowspan) for cell in made.spanners]
    assert spanned == [("Adverse event", 1, 2), ("Ex", 1, 1), ("Wye", 1, 1), ("Ex − Wye, points", 2, 1),
                       ("Ex / Wye, risk ratio", 2, 1), ("Ex / Wye, odds ratio", 1, 1), ("", 1, 1),
                       ("", 1, 1)]  # fmt: skip
    weighted, plain = "Overlap weights, ATO (95% CI)", "Unadjusted (95% CI)"
    assert [cell.text.replace("\u00a0", " ") for cell in made.header] == [
        "n/N (%)", "n/N (%)", plain, weighted, plain, weighted, weighted, "P", "P, family"
    ]  # fmt: skip


def test_each_number_is_its_row(results):
    for line, code in zip(cells_of(tabulate(results, TABLE)), NAMES, strict=True):
        assert line[0] == NAMES[code]
        for text, arm in zip(line[1:3], ("X", "Y"), strict=True):
            at = {"variable": code, "measure": "risk", "arm": arm, "block": ""}
            count, total, share = (one(results, **at, stat=stat).value for stat in ("count", "total", "estimate"))
            assert numbers(text) == [count, total, pytest.approx(100 * share, abs=0.05 + 1e-9)]
        for text, name in zip(line[3:8], CONTRASTS, strict=True):
            measure, block = name.split(".")
            rows = {row.stat: row.value for row in select(results, variable=code, measure=measure, block=block)}
            scale, half = (100, 0.05) if measure == "risk_difference" else (1, 0.005)
            expected = [scale * rows[stat] for stat in ("estimate", "ci_low", "ci_high")]
            assert numbers(text) == [pytest.approx(value, abs=half + 1e-9) for value in expected]
        for text, measure in zip(line[8:], ("exact_test", "exact_test_adjusted"), strict=True):
            p_value = one(results, variable=code, measure=measure, stat="p_value").value
            assert numbers(text)[0] == pytest.approx(p_value, abs=0.005)


def test_each_number_carries_the_key_of_its_line(results):
    made = tabulate(results, replace(TABLE, order="frequency"))
    told = [span for span in spans_of(parsed(made)) if span.get("key", "").startswith("family|")]
    assert len(told) > 60
    codes = {label: code for code, label in NAMES.items()}
    for row in made.rows:
        keys = [piece.key for cell in row.cells for piece in cell.pieces if piece.key]
        assert {key.split("|")[6] for key in keys} == {codes[row.cells[0].text]}


@pytest.mark.parametrize(
    ("order", "told"),
    [
        ("plan", "Events are in the order of the plan."),
        ("frequency", "Events are ordered by participants with them among all, most first."),
        ("size", "Events are ordered by how far the unadjusted difference is from zero, whichever arm had fewer."),
    ],
)
def test_the_order_is_said_and_kept(results, order, told):
    made = tabulate(results, replace(TABLE, order=order))
    assert told in made.notes[0].text
    shares = {code: one(results, variable=code, measure="risk", arm="all", stat="estimate", block="").value
              for code in NAMES}  # fmt: skip
    at = {"measure": "risk_difference", "block": "unadjusted", "stat": "estimate"}
    sizes = {code: abs(one(results, variable=code, **at).value) for code in NAMES}
    expected = {"plan": list(NAMES), "frequency": sorted(NAMES, key=lambda code: -shares[code]),
                "size": sorted(NAMES, key=lambda code: -sizes[code])}[order]  # fmt: skip
    assert [row.cells[0].text for row in made.rows] == [NAMES[code] for code in expected]


def test_the_order_looks_at_no_arm(crowd):
    """With the arms exchanged, each difference changes its sign and no line its place."""
    adsl = crowd["adsl"]
    turned = {"X": "Y", "Y": "X"}
    swapped = adsl.assign(TRT01P=adsl["TRT01P"].map(turned), TRT01A=adsl["TRT01A"].map(turned))
    exchanged = assign_arms(crowd.with_frames({"adsl": swapped}))
    made = [summarize_harms(study, FAMILY) for study in (crowd, exchanged)]
    values = [one(found, variable="NAUSEA", measure="risk_difference", block="unadjusted", stat="estimate").value
              for found in made]  # fmt: skip
    assert values[0] == pytest.approx(-values[1], rel=1e-12)
    for order in ("frequency", "size"):
        names = [[row.cells[0].text for row in tabulate(found, replace(TABLE, order=order)).rows] for found in made]
        assert names[0] == names[1]


def test_below_stands_what_is_shown_and_nothing_else(results):
    whole = tabulate(results, TABLE).notes[0].text
    for words in ("A family of 3 adverse events, declared in the plan.", "P-values of the unadjusted comparison: "
                  "Fisher's exact test; those of the family by Benjamini and Hochberg.", "Overlap weights",
                  "Limits of an unadjusted risk ratio: Katz, on the logarithm.",
                  "Limits are not adjusted for the number of comparisons.", "Propensity score"):  # fmt: skip
        assert words in whole
    assert "odds ratio: Woolf" not in whole
    plain = tabulate(results, replace(TABLE, contrasts=("risk_difference.unadjusted",))).notes[0].text
    assert "Katz" not in plain
    assert "Propensity score" not in plain


def test_tests_without_a_family_say_so(crowd):
    found = summarize_harms(crowd, replace(FAMILY, multiplicity=""))
    made = tabulate(found, TABLE)
    assert [cell.text for cell in made.header][-1] == "P"
    assert "Fisher's exact test, not adjusted for the number of tests in the family." in made.notes[0].text
    assert not select(found, measure="exact_test_adjusted")


def test_who_is_not_compared_is_counted_below(results):
    told = tabulate(results, TABLE).notes[0].text
    for arm, name in (("X", "Ex"), ("Y", "Wye")):
        rows = [row for row in select(results, variable="ANY", measure="not_evaluable", arm=arm) if row.value]
        assert rows
        words = results.catalogue.analyses["family"].labels["level"]
        listed = ", ".join(f"{row.value:.0f} ({words[row.level]})" for row in rows)
        assert f"{name} {listed}" in told


def test_without_an_estimate_stands_its_reason(crowd):
    fatal = replace(FAMILY, outcomes=(replace(FAMILY.outcomes[0], code="FATAL", label="Fatal", grade=5),))
    made = tabulate(summarize_harms(crowd, fatal), TABLE)
    (line,) = cells_of(made)
    assert all(text.endswith(" (0.0)") for text in line[1:3])
    assert numbers(line[3])[0] == 0
    assert line[4:] == ["NE"] * 6
    marks = [cell.mark for cell in made.rows[0].cells]
    assert all(marks[4:])
    assert "There are no events, so no effect is estimated." in made.notes[1].text
    assert "Nobody or everybody has the event, so there is nothing to test." in made.notes[1].text


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"order": "proton-first"}, "order is 'proton-first'"),
        ({"contrasts": ("risk_difference.unadjusted",) * 2}, "contrasts"),
        ({"contrasts": ("risk_difference.inverse",)}, "contrast 'risk_difference.inverse' was not made; one of risk_"),
        ({"contrasts": ("hazard_ratio.overlap",)}, "contrast 'hazard_ratio.overlap' was not made"),
    ],
)
def test_faults_of_a_table(changed, told):
    assert TABLE.faults(FAMILY) == []
    assert any(told in fault for fault in replace(TABLE, **changed).faults(FAMILY))


def test_what_was_not_made_is_not_asked_for():
    bare = replace(FAMILY, adjustment=None, odds_ratio="")
    assert [fault.split()[1] for fault in TABLE.faults(bare)] == [
        "'risk_difference.overlap'", "'risk_ratio.overlap'", "'odds_ratio.overlap'"
    ]  # fmt: skip
    plot = HarmsPlot(name="p", title="P.", sessions=("only",), analysis="family", width="full", order="size",
                     adjusted=True)  # fmt: skip
    assert plot.faults(FAMILY) == []
    assert plot.faults(bare) == ["it draws adjusted differences that were not made"]
    assert replace(plot, order="A").faults(FAMILY)


def test_a_p_value_is_never_printed_without_its_test(results):
    made = tabulate(results, TABLE)
    heads = [cell.text for cell in made.header]
    tests = [row for row in select(results, stat="p_value") if not math.isnan(row.value)]
    assert {row.method for row in tests} == {"fisher", "fisher, benjamini-hochberg"}
    assert heads.count("P") == 1

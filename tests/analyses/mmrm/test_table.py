"""Tables of the mixed model: every number stands in the line and the column of its row, and notes say what is true."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from entries import MODELLED
from tabled import FIGURE_SPACE, parsed, spans_of

from npcstats.analyses.mmrm.displays import MarginalMeans, ModelledCourse, ModelTerms
from npcstats.analyses.mmrm.summary import summarize_mmrm
from npcstats.errors import ResultsError
from npcstats.results import one, select

ASKED = {"title": "T", "sessions": ("only",), "analysis": "modelled"}
BLOCKS = ("unadjusted", "adjusted", "overlap")
COURSE = ModelledCourse(name="c", blocks=BLOCKS, means=True, **ASKED)
WINDOWS = {"V1": "During", "V2": "Long after", "average": "Average"}
NAMES = {"LOGM": ("modelled_ratio", "marginal_ratio", "ratio_contrast"),
         "LEVEL": ("modelled_change", "marginal_change", "change_contrast")}  # fmt: skip
DECIMALS = {"LOGM": 2, "LEVEL": 1}
NUMBER = re.compile(r"[−-]?\d+(?:\.\d+)?")


@pytest.fixture(scope="module")
def results(crowd):
    return summarize_mmrm(crowd, MODELLED)


def made(results, table):
    return table.make(results, table)


def lines_of(table):
    """Lines by marker, each with its cells."""
    found, name = {}, ""
    for row in table.rows:
        words = [cell.text.replace(FIGURE_SPACE, "").replace("\u00a0", " ").strip() for cell in row.cells]
        if len(words) == 1:
            name = "LOGM" if words[0].startswith("Log marker") else "LEVEL"
            found[name] = {"": words[0]}
        else:
            found[name][words[0]] = words[1:]
    return found


def numbers(text):
    return [float(number.replace("−", "-")) for number in NUMBER.findall(text)]


def rounded(results, code, places, **at):
    return [round(one(results, variable=code, stat=stat, **at).value, places) for stat in ("estimate", "ci_low",
                                                                                          "ci_high")]  # fmt: skip


def test_heads_name_the_groups_and_the_models(results):
    table = made(results, COURSE)
    spanned = [(cell.text.replace("\u00a0", " "), cell.colspan) for cell in table.spanners]
    assert spanned == [("Visit", 1), ("Ex", 2), ("Wye", 2), ("Ex vs Wye", 5)]
    assert [cell.text.replace("\u00a0", " ") for cell in table.header] == [
        "n/died", "Mean", "n/died", "Mean", "Unadjusted (95% CI)", "Adjusted (95% CI)", "P", "q",
        "Overlap weights, ATO (95% CI)",
    ]  # fmt: skip


def test_each_number_of_the_course_is_its_row(results):
    lines = lines_of(made(results, COURSE))
    assert lines["LOGM"][""] == "Log marker: geometric mean of the ratio to baseline; ratio"
    assert lines["LEVEL"][""] == "Level, g: mean change from baseline; difference"
    for code, (mean, _, contrast) in NAMES.items():
        places = DECIMALS[code]
        for window, label in WINDOWS.items():
            cells = lines[code][label]
            for i, arm in enumerate(("X", "Y")):
                at = {"variable": code, "arm": arm, "window": "" if window == "average" else window}
                counts = [one(results, **at, measure="observed", stat="count").value]
                if window != "average":
                    counts.append(one(results, **at, measure="not_evaluable", level="died").value)
                assert numbers(cells[2 * i]) == counts
                value = one(results, variable=code, arm=arm, window=window, block="adjusted", measure=mean,
                            stat="estimate").value  # fmt: skip
                assert numbers(cells[2 * i + 1]) == [pytest.approx(round(value, places), abs=1e-9)]
            for block, place in {"unadjusted": 4, "adjusted": 5, "overlap": 8}.items():
                assert numbers(cells[place]) == rounded(
                    results, code, places, window=window, block=block, measure=contrast
                )


def test_p_values_are_of_the_adjusted_model(results):
    lines = lines_of(made(results, COURSE))
    for code, (_, _, contrast) in NAMES.items():
        for window, label in WINDOWS.items():
            at = {"variable": code, "window": window, "block": "adjusted", "stat": "p_value"}
            plain, family = lines[code][label][6:8]
            assert numbers(plain) == [round(one(results, **at, measure=contrast).value, 3)]
            if window == "average":
                assert family.startswith("–")
            else:
                assert numbers(family) == [round(one(results, **at, measure="contrast_adjusted").value, 3)]


def test_every_number_carries_the_key_of_its_row(results):
    for table in (COURSE, ModelTerms(name="t", **ASKED), MarginalMeans(name="m", **ASKED)):
        keyed = [span for span in spans_of(parsed(made(results, table))) if "key" in span]
        assert len(keyed) > 20
        assert {span["key"] for span in keyed} <= {row.key for row in results.rows}


def test_means_stand_side_by_side(results):
    lines = lines_of(made(results, MarginalMeans(name="m", **ASKED)))
    for code, (least, marginal, _) in NAMES.items():
        for window, label in WINDOWS.items():
            for i, (arm, measure) in enumerate((a, m) for a in ("X", "Y") for m in (least, marginal)):
                expected = rounded(results, code, DECIMALS[code], arm=arm, window=window, block="adjusted",
                                   measure=measure)  # fmt: skip
                assert numbers(lines[code][label][i]) == expected


def test_terms_and_what_the_models_are_of(results):
    lines = lines_of(made(results, ModelTerms(name="t", **ASKED)))
    labels = results.catalogue.analyses["modelled"].labels["level"]
    for code in NAMES:
        at = {"variable": code, "block": "adjusted"}
        told = numbers(lines[code][""])
        expected = [one(results, **at, measure=name).value for name in ("participants", "records",
                                                                        "covariance_parameters")]  # fmt: skip
        assert told == [*expected, round(one(results, **at, measure="criterion").value, 1)]
        for term in ("arm", "arm-visit", "visit", "baseline", "baseline-visit"):
            cells = lines[code][labels[term]]
            row = {stat: one(results, **at, measure="term_test", level=term, stat=stat).value
                   for stat in ("count", "statistic", "df", "p_value")}  # fmt: skip
            p = [0.001] if row["p_value"] < 0.001 else [round(row["p_value"], 3)]
            assert [numbers(cell) for cell in cells] == [
                [row["count"]], [round(row["statistic"], 2)], [round(row["df"], 1)], p
            ]  # fmt: skip
            assert cells[3].startswith("<") == (row["p_value"] < 0.001)


def test_notes_say_which_covariance_was_used_and_who_is_left_out(results):
    words = " ".join(note.text for note in made(results, COURSE).notes)
    assert "Covariance used: unstructured." in words
    assert "Least-squares means" in words
    assert "levels of categorical covariates count the same" in words
    assert "Kenward–Roger" in words
    assert "Benjamini and Hochberg, of the 4 contrasts of 2 markers at 2 visits in the adjusted model" in words
    assert "variance robust by participant (CR2), the weights taken as known" in words
    assert "the arms were not randomised, and nothing unmeasured is adjusted for" in words
    lost = select(results, variable="LOGM", arm="X", measure="not_evaluable", level="no-change")
    (count,) = (int(row.value) for row in lost if not row.window)
    assert (f"Ex {count} (no value after baseline)" in words) == (count > 0)
    assert "Propensity score" not in words


def test_without_weights_nothing_is_said_of_them(crowd):
    bare = replace(MODELLED, adjustment=None, robust="", robust_df="", multiplicity="")
    results = summarize_mmrm(crowd, bare)
    table = made(results, replace(COURSE, blocks=("adjusted",)))
    assert [cell.text for cell in table.header][4:] == ["Adjusted (95%\u00a0CI)", "P"]
    words = " ".join(note.text for note in table.notes)
    assert "weight" not in words
    assert "P-values and limits are not adjusted for the number of contrasts." in words


def test_contrasts_alone(results):
    """Without means a group has one column, and the same contrasts stand further left."""
    table = made(results, replace(COURSE, means=False))
    assert [(cell.text, cell.colspan) for cell in table.spanners][1:3] == [("Ex", 1), ("Wye", 1)]
    whole, alone = (lines_of(found) for found in (made(results, COURSE), table))
    assert alone["LOGM"][""] == "Log marker: ratio of geometric means of the ratio to baseline"
    assert alone["LEVEL"][""] == "Level, g: difference of mean changes"
    for code in NAMES:
        for label in WINDOWS.values():
            assert alone[code][label] == [whole[code][label][0], whole[code][label][2], *whole[code][label][4:]]


def test_another_kind_is_refused(results):
    other = replace(results.catalogue.analyses["modelled"], kind="harms")
    catalogue = replace(results.catalogue, analyses={"modelled": other})
    with pytest.raises(ResultsError, match="kind 'mmrm' is required"):
        made(replace(results, catalogue=catalogue), COURSE)

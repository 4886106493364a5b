"""What is refused in a plan of characteristics."""

from __future__ import annotations

from dataclasses import replace

import pytest
from characteristics import AGE, EBV, ENROLLED, INDUCTION, SEX, SPEC, STAGE, only

from npcstats.analyses.baseline.displays import Characteristics
from npcstats.analyses.baseline.spec import Subgrouping, baseline_faults, baseline_idle
from npcstats.choices import idle_faults


def faults(spec):
    return [*baseline_faults(spec), *idle_faults(spec, baseline_idle(spec))]


def test_every_scale_is_accepted():
    assert faults(SPEC) == []


@pytest.mark.parametrize(
    ("item", "message"),
    [
        (replace(AGE, scale="interval"), "AGE: scale is 'interval'; one of continuous, date, categorical, "),
        (replace(AGE, show="mode"), "AGE: show is 'mode'; one or several of mean, median, range, geometric-sd, geome"),
        (replace(AGE, show=()), "AGE: show is (); one or several of"),
        (replace(AGE, show=("mean", "mean")), "AGE: show is ('mean', 'mean'); one or several of"),
        (replace(AGE, style="decimal9"), "AGE: style is 'decimal9'; one of"),
        (replace(AGE, test="fisher"), "AGE: test is 'fisher'; one of"),
        (replace(AGE, named="M"), "AGE: named is 'M', but has no effect: it is continuous"),
        (replace(AGE, smd="scores"), "AGE: smd is 'scores', but has no effect: it is continuous"),
        (replace(AGE, levels={"A": "a"}), "AGE: levels is {'A': 'a'}, but has no effect: it is continuous"),
        (replace(AGE, show="mean", together=True), "AGE: together is True, but has no effect: one statistic is shown"),
        (replace(ENROLLED, unit="days"), "ENRLDT: unit is 'days', but has no effect: it is a date"),
        (replace(SEX, named=""), "SEX: named is ''; one of F, M is required"),
        (replace(SEX, levels={"M": "Men"}), "SEX: has 1 levels; a binary characteristic has two"),
        (replace(SEX, spread="decimal2"), "SEX: spread is 'decimal2', but has no effect: it is binary"),
        (replace(SEX, test="cochran-armitage"), "SEX: test is 'cochran-armitage'; one of"),
        (replace(STAGE, smd=""), "STAGE9: smd is ''; one of scores, categories is required"),
        (replace(STAGE, test="fisher"), "STAGE9: test is 'fisher', which is of two levels; it has 3"),
        (replace(INDUCTION, test="wilcoxon"), "INDREG: test is 'wilcoxon'; one of"),
    ],
)  # fmt: skip
def test_a_characteristic_that_does_not_fit_is_refused(item, message):
    assert any(fault.startswith(message) for fault in faults(only(item))), faults(only(item))


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (replace(SPEC, smd_denominator="pooled"), "smd_denominator is 'pooled'; one of '', average, treated is "),
        (replace(SPEC, conf_level=95), "conf_level is 95; a number between 0 and 1 is required"),
        (replace(SPEC, multiplicity=""), "multiplicity is ''; one of none, holm, benjamini-hochberg is required"),
        (replace(only(replace(AGE, test="")), multiplicity="none"), "multiplicity is 'none', but has no effect"),
        (replace(only(EBV), smd_denominator=""), "conf_level is 0.95, but has no effect: there is no standardized"),
        (replace(only(STAGE), smd_denominator="", conf_level=None), "STAGE9: smd is 'scores', but has no effect"),
        (replace(only(SEX), quantile_type=7), "quantile_type is 7, but has no effect: no characteristic is continuous"),
        (replace(SPEC, split=Subgrouping("SEX", "Sex", {"F": "Women"})), "split by SEX: fewer than two levels"),
    ],
)  # fmt: skip
def test_an_entry_that_does_not_fit_is_refused(spec, message):
    assert any(fault.startswith(message) for fault in faults(spec)), faults(spec)


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"missing": "never"}, "missing is 'never'; one of any, always is required"),
        ({"subgroups": "rows"}, "subgroups is 'rows'; one of '', columns, blocks is required"),
        ({"p_style": "percent1"}, "p_style is 'percent1'; one of p_value, p_value4 is required"),
    ],
)
def test_a_display_that_does_not_fit_is_refused(choice, message):
    table = Characteristics(name="who", title="Who", sessions=(), analysis="who", total=True, **choice)
    assert message in table.faults(SPEC)


def test_subgroups_that_the_analysis_does_not_have_are_refused():
    table = Characteristics(name="who", title="Who", sessions=(), analysis="who", total=True, subgroups="columns")
    assert table.faults(SPEC) == []
    assert table.faults(replace(SPEC, split=None)) == [
        "subgroups is 'columns', but who has none; what it is split by is required"
    ]

"""Columns of a design from covariates: splines against another package, levels that a blank stands for, dates."""

from __future__ import annotations

import numpy as np
import pandas as pd
import patsy
import pytest
from entries import AGE, SEXES

from npcstats.analyses.adjustment.design import (
    column_words,
    covariate_columns,
    covariate_levels,
    covariate_values,
    is_missing,
    spline_knots,
    value_columns,
)
from npcstats.analyses.adjustment.spec import Covariate, covariate_faults, covariate_idle
from npcstats.derive import population_members
from npcstats.errors import SpecError

INDUCTION = Covariate("INDREG", "induction", "categorical", levels={"NONE": "none", "I_GP": "GP"}, blank="NONE")
CURVED = Covariate("AGE", "Age", "continuous", per=10.0, spline_df=3)


class TestSplines:
    def test_columns_span_what_another_package_spans(self):
        """Two bases of one space of curves project any values to the same place."""
        values = np.random.default_rng(3).normal(size=80)
        ours = np.column_stack(list(value_columns(CURVED, values).values()))
        theirs = np.asarray(patsy.dmatrix("0 + cr(x, df=3, constraints='center')", {"x": values}))
        target = np.sin(3 * values)
        fits = [np.linalg.lstsq(np.column_stack([np.ones(80), part]), target, rcond=None)[0] for part in (ours, theirs)]
        first, second = (
            np.column_stack([np.ones(80), part]) @ fit for part, fit in zip((ours, theirs), fits, strict=True)
        )
        np.testing.assert_allclose(first, second, atol=1e-10)

    def test_a_line_lies_in_the_span(self):
        values = np.random.default_rng(4).uniform(20, 80, 60)
        columns = np.column_stack([np.ones(60), *value_columns(CURVED, values).values()])
        left = values - columns @ np.linalg.lstsq(columns, values, rcond=None)[0]
        assert np.abs(left).max() < 1e-9

    def test_knots_are_ends_and_quantiles_of_distinct_values(self):
        """Of 1 to 10, with 1 a hundred times more: thirds of the distinct values are 4 and 7."""
        values = np.array([1.0] * 100 + [float(i) for i in range(1, 11)])
        assert spline_knots(values, CURVED) == pytest.approx((1, 4, 7, 10))

    def test_missing_values_stay_missing(self):
        values = np.array([1.0, 2, np.nan, 4, 5, 6])
        columns = value_columns(CURVED, values)
        assert [*columns] == ["AGE~1", "AGE~2", "AGE~3"]
        for column in columns.values():
            assert np.isnan(column).tolist() == [False, False, True, False, False, False]

    def test_too_few_values_are_refused(self):
        with pytest.raises(SpecError, match="spline_df of AGE is 3, but it has 2 values"):
            value_columns(CURVED, np.array([1.0, 2, 1, 2]))


class TestLevels:
    def test_a_blank_stands_for_its_level(self, crowd):
        members = population_members(crowd, "BEAM")
        blank = (members["INDREG"] == "").to_numpy()
        assert blank.any()
        assert (covariate_levels(members, INDUCTION)[blank] == "NONE").all()
        assert not is_missing(members, INDUCTION).any()
        columns, known = covariate_columns(crowd, members, [INDUCTION], "it")
        assert known.all()
        np.testing.assert_array_equal(columns["INDREG=I_GP"], (~blank).astype(float))

    def test_without_it_a_blank_is_missing(self, crowd):
        members = population_members(crowd, "BEAM")
        item = Covariate("INDREG", "induction", "categorical", levels={"I_GP": "GP", "I_TPF": "TPF"})
        np.testing.assert_array_equal(is_missing(members, item), (members["INDREG"] == "").to_numpy())

    def test_a_blank_outside_the_levels_is_refused(self):
        item = Covariate("SEX", "Sex", "categorical", levels=SEXES, blank="X")
        assert any("blank is 'X'" in fault for fault in covariate_faults(item))

    def test_a_quantity_has_no_use_for_a_blank(self):
        assert "blank" in covariate_idle(AGE)
        assert "blank" not in covariate_idle(INDUCTION)


class TestScales:
    def test_dates_are_years_since_the_first(self):
        members = pd.DataFrame({"D": pd.to_datetime(["2025-01-01", None, "2026-01-01"])})
        found = covariate_values(members, Covariate("D", "date", "date"))
        assert found[[0, 2]].tolist() == [0.0, 365 / 365.25]
        assert np.isnan(found[1])

    def test_logarithms_have_a_floor(self):
        members = pd.DataFrame({"V": [0.0, 4.0, 64.0, np.nan]})
        found = covariate_values(members, Covariate("V", "virus", "log2", floor=4.0))
        assert found[:3].tolist() == [2.0, 2.0, 6.0]
        assert np.isnan(found[3])

    def test_every_column_has_words(self):
        words = column_words([CURVED, INDUCTION])
        assert words["INDREG=I_GP"] == "induction GP"
        assert words["AGE~2"] == "Age (column 2 of its spline)"

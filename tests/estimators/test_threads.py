"""Linear algebra inside the estimators runs in one thread, whatever is set outside, and what was set holds after it."""

from __future__ import annotations

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from npcstats.estimators.continuous import standardized_mean_difference, summarize_continuous
from npcstats.estimators.threads import one_thread
from npcstats.estimators.timetoevent import compare_gray, compare_logrank, fit_cox, fit_fine_gray
from npcstats.estimators.types import DesignMatrix

OUTSIDE = 2
SIZE, COLUMNS = 4000, 12  # beyond the size from which the library would share a product among threads


def threads() -> set[int]:
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


@one_thread
def inside(fail: bool) -> set[int]:
    if fail:
        raise ValueError("as told")
    return threads()


def test_one_thread_inside_and_what_was_set_outside_again() -> None:
    with threadpool_limits(OUTSIDE, user_api="blas"):
        before = threads()
        assert inside(False) == {1}
        assert threads() == before
        with pytest.raises(ValueError, match="as told"):
            inside(True)
        assert threads() == before


def test_what_is_decorated_keeps_its_name_and_words() -> None:
    assert fit_cox.__name__ == "fit_cox"
    assert "Parameters" in (fit_cox.__doc__ or "")


def numbers() -> list[np.ndarray]:
    """Of every estimator that reaches matrices, on one made sample."""
    rng = np.random.default_rng(20261128)
    design = DesignMatrix(rng.normal(size=(SIZE, COLUMNS)), tuple(f"x{i}" for i in range(COLUMNS)))
    time, cause = np.ceil(rng.exponential(200.0, SIZE)), rng.integers(0, 3, SIZE)
    group, weights = rng.integers(0, 4, SIZE), rng.uniform(0.5, 2.0, SIZE)
    cox = fit_cox(time, cause == 1, design, ties="efron", conf_level=0.95)
    fine_gray = fit_fine_gray(time, cause, design, cause_of_interest=1, conf_level=0.95)
    weighted = summarize_continuous(time, weights=weights, quantile_type=2)
    difference = standardized_mean_difference(
        time[group > 1], time[group < 2], kind="continuous", denominator="average", weights1=weights[group > 1]
    )
    return [
        cox.coef,
        cox.vcov,
        cox.linear_predictor,
        cox.ph_test().residuals,
        fine_gray.coef,
        fine_gray.vcov,
        np.array([compare_logrank(time, cause == 1, group).statistic]),
        np.array([compare_gray(time, cause, group, cause_of_interest=1).statistic]),
        np.array([weighted.mean, weighted.std_deviation, difference.estimate]),
    ]


def test_numbers_have_the_same_bits_whatever_is_set_outside() -> None:
    with threadpool_limits(1, user_api="blas"):
        alone = numbers()
    with threadpool_limits(OUTSIDE, user_api="blas"):
        beside = numbers()
    assert [a.tobytes() for a in alone] == [b.tobytes() for b in beside]
    assert all(np.isfinite(a).all() for a in alone)

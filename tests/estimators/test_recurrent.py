"""Events that come again, by hand, against a derivative of plain loops, and where nothing can be estimated.

Three participants, followed until 136, 135 and 49 days; events of the first at 21 and 26, of the second at 10 and 101,
of the third at 30. Three are at risk until 49, then two: the mean is 1/3, 2/3, 1, 4/3 at 10, 21, 26, 30; 11/6 at 101.
At 30 the own numbers less the mean are (2, 1, 1) - 4/3 of three: variance (4 + 1 + 1)/81. At 101 the first loses 1/4
and the second gains it: 2/9 - 1/4, -1/9 + 1/4, -1/9, squared (1 + 25 + 16)/1296.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from npcstats.errors import DataError, SpecError
from npcstats.estimators.bounds import LOWER_CUT
from npcstats.estimators.recurrent import (
    BEYOND,
    NO_EVENT_IN_ONE,
    NO_VARIATION,
    NO_VARIATION_IN_ONE,
    NOBODY,
    NONE_YET,
    compare_mean_cumulative,
    estimate_mean_cumulative,
)

STOP, MEMBER, TIME = [136, 135, 49], [0, 0, 1, 1, 2], [26, 21, 10, 101, 30]
ALIVE = [False, False, False]
Z = stats.norm.ppf(0.975)
EXACT = 1e-12  # sums of a few fractions in double precision


def mean_of(stop, died, member, time, terminal="censor", conf_type="log"):
    return estimate_mean_cumulative(stop, died, member, time, terminal=terminal, conf_level=0.95, conf_type=conf_type)


def test_three_by_hand():
    found = mean_of(STOP, ALIVE, MEMBER, TIME)
    assert found.time.tolist() == [10, 21, 26, 30, 101]
    assert found.at_risk.tolist() == [3, 3, 3, 3, 2]
    assert found.events.tolist() == [1, 1, 1, 1, 1]
    np.testing.assert_allclose(found.mean, [1 / 3, 2 / 3, 1, 4 / 3, 11 / 6], atol=EXACT)
    np.testing.assert_allclose(found.std_error[3:] ** 2, [6 / 81, 42 / 1296], atol=EXACT)


def test_limits_by_hand():
    error, mean = math.sqrt(6 / 81), 4 / 3
    plain, log = (mean_of(STOP, ALIVE, MEMBER, TIME, conf_type=name).at([30.0]) for name in ("plain", "log"))
    assert (plain.lower[0], plain.upper[0]) == pytest.approx((mean - Z * error, mean + Z * error))
    factor = math.exp(Z * error / mean)
    assert (log.lower[0], log.upper[0]) == pytest.approx((mean / factor, mean * factor))


def test_reading_between_steps_and_beyond():
    found = mean_of(STOP, ALIVE, MEMBER, TIME).at([0.0, 9.9, 10.0, 49.0, 49.5, 136.0, 137.0])
    np.testing.assert_allclose(found.mean, [0, 0, 1 / 3, 4 / 3, 4 / 3, 11 / 6, math.nan], atol=EXACT)
    assert found.at_risk.tolist() == [3, 3, 3, 3, 2, 1, 0]
    assert found.note == (NONE_YET, NONE_YET, "", "", "", "", BEYOND)
    assert np.isnan(found.lower[[0, 1, 6]]).all()


def test_death_by_hand():
    """Two: one dies at 2 without an event, the other has events at 1, 3 and 3 and is followed until 4.

    At 1 the mean is 1/2; the survivor is alone from 2 on, with probability 1/2 of being alive: 1/2 + 1/2 * 2 = 3/2.
    Where death censors it is 1/2 + 2.
    """
    asked = ([2, 4], [True, False], [1, 1, 1], [1, 3, 3])
    assert mean_of(*asked, "ghosh-lin").mean.tolist() == [0.5, 0.5, 1.5]
    assert mean_of(*asked, "ghosh-lin").survival.tolist() == [1.0, 0.5, 0.5]
    assert mean_of(*asked, "censor").mean.tolist() == [0.5, 2.5]


def test_an_event_on_the_day_of_death_comes_before_it():
    found = mean_of([2, 2], [True, False], [0], [2], "ghosh-lin")
    assert (found.mean.tolist(), found.survival.tolist()) == ([0.5], [0.5])


def test_the_mean_stays_when_nobody_is_left_alive():
    """One of two has an event at 1, both die at 3: the mean is 1/2 for ever, not unknown."""
    asked = ([3, 3], [True, True], [0], [1])
    after = mean_of(*asked, "ghosh-lin").at([10.0])
    assert (after.mean[0], after.at_risk[0], after.note) == (0.5, 0, ("",))
    assert mean_of(*asked, "censor").at([10.0]).note == (BEYOND,)


def test_without_deaths_both_are_the_same():
    censored, ended = (mean_of(STOP, ALIVE, MEMBER, TIME, name) for name in ("censor", "ghosh-lin"))
    np.testing.assert_array_equal(censored.std_error, ended.std_error)
    np.testing.assert_array_equal(censored.mean, ended.mean)


def influence_variance(stop, died, member, time, end, terminal):
    """Sum of squared derivatives by each participant's weight, of the definition in plain loops; by complex steps."""

    def mean(weight):
        total, alive = 0.0, 1.0
        for u in sorted({*time, *(s for s, d in zip(stop, died, strict=True) if d)}):
            if u > end:
                break
            at_risk = sum(w for w, s in zip(weight, stop, strict=True) if s >= u)
            total += alive * sum(weight[i] for i, t in zip(member, time, strict=True) if t == u) / at_risk
            dead = sum(w for w, s, d in zip(weight, stop, died, strict=True) if d and s == u)
            alive = alive * (1 - dead / at_risk) if terminal == "ghosh-lin" else alive
        return total

    tiny = 1e-30
    return sum((mean([1 + tiny * 1j * (i == j) for j in range(len(stop))]).imag / tiny) ** 2 for i in range(len(stop)))


@st.composite
def histories(draw):
    stop = draw(st.lists(st.integers(0, 6), min_size=1, max_size=6))
    died = draw(st.lists(st.booleans(), min_size=len(stop), max_size=len(stop)))
    member = draw(st.lists(st.integers(0, len(stop) - 1), min_size=1, max_size=8))
    time = [draw(st.integers(0, stop[i])) for i in member]
    return stop, died, member, time


@given(histories(), st.sampled_from(["censor", "ghosh-lin"]), st.integers(0, 6))
def test_variance_is_the_sum_of_squared_influences(history, terminal, end):
    found = mean_of(*history, terminal).at([float(end)])
    if not math.isnan(found.mean[0]):
        expected = influence_variance(*history, end, terminal)
        assert found.std_error[0] ** 2 == pytest.approx(expected, rel=1e-9, abs=1e-12)


@given(histories())
def test_the_mean_is_events_over_participants_where_all_are_followed_to_the_end(history):
    stop, _, member, time = history
    same = [max(stop)] * len(stop)
    found = mean_of(same, [False] * len(stop), member, time)
    assert found.mean[-1] == pytest.approx(len(time) / len(stop))
    counts = np.bincount(member, minlength=len(stop))
    assert found.std_error[-1] ** 2 == pytest.approx(counts.var() / len(stop), abs=1e-12)


def test_difference_by_hand():
    one, other = mean_of(STOP, ALIVE, MEMBER, TIME), mean_of([60, 60], [False, False], [0], [5])
    found = compare_mean_cumulative(one, other, 30.0, conf_level=0.95)
    error = math.sqrt(6 / 81 + 2 * (1 / 2 - 1 / 4) ** 2 / 1)  # 1/2 (1 - 1/2) and 1/2 (0 - 1/2), squared and summed
    assert (found.estimate, found.std_error) == pytest.approx((4 / 3 - 1 / 2, error))
    assert (found.lower, found.upper) == pytest.approx((5 / 6 - Z * error, 5 / 6 + Z * error))


def test_differences_without_limits_say_why():
    some, none = mean_of(STOP, ALIVE, MEMBER, TIME), mean_of([60, 60], [False, False], [], [])
    found = compare_mean_cumulative(some, none, 30.0, conf_level=0.95)
    assert (found.estimate, found.note) == (pytest.approx(4 / 3), NO_EVENT_IN_ONE)
    assert math.isnan(found.lower)
    late = compare_mean_cumulative(some, none, 100.0, conf_level=0.95)
    assert (math.isnan(late.estimate), late.note) == (True, BEYOND)
    alike = mean_of([60, 60], [False, False], [0, 1], [5, 5])
    assert compare_mean_cumulative(some, alike, 30.0, conf_level=0.95).note == NO_VARIATION_IN_ONE
    assert alike.at([6.0]).note == (NO_VARIATION,)
    with pytest.raises(SpecError, match="the same in both"):
        compare_mean_cumulative(some, mean_of(STOP, ALIVE, MEMBER, TIME, "ghosh-lin"), 1.0, conf_level=0.95)


def test_a_plain_limit_is_cut_at_zero_and_says_so():
    """One of nine has an event: 1/9, with an error of sqrt(8)/27, below a half of z of it."""
    found = mean_of([9] * 9, [False] * 9, [0], [1], conf_type="plain").at([2.0])
    assert (found.lower[0], found.note) == (0.0, (LOWER_CUT,))
    assert found.std_error[0] == pytest.approx(math.sqrt(8) / 27)


def test_nobody():
    found = mean_of([], [], [], [], "ghosh-lin")
    assert (found.n, len(found.time)) == (0, 0)
    assert found.at([1.0]).note == (NOBODY,)


@pytest.mark.parametrize(
    ("stop", "member", "time", "told"),
    [
        ([5], [0], [6], "1 of 1 events after follow-up"),
        ([5], [1], [2], "not a place of the 1 participants"),
        ([5], [0, 0], [2], "as many are required"),
        ([5], [0], [-1], "at least 0"),
    ],
)
def test_what_is_no_history_is_refused(stop, member, time, told):
    with pytest.raises(DataError, match=told):
        mean_of(stop, [False], member, time)


def test_choices_are_closed():
    for bad in ({"terminal": "compete"}, {"conf_type": "log-log"}, {"conf_level": 95}):
        asked = {"terminal": "censor", "conf_type": "log", "conf_level": 0.95, **bad}
        with pytest.raises(SpecError, match=next(iter(bad))):
            estimate_mean_cumulative(STOP, ALIVE, MEMBER, TIME, **asked)

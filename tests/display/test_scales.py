"""Ticks of axes."""

from __future__ import annotations

import pytest

from npcstats.display.scales import log_steps, nice_steps, ticks_inside


@pytest.mark.parametrize(
    ("low", "high", "most", "expected"),
    [
        (0.0, 100.0, 5, [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]),
        (0.0, 7.0, 4, [0.0, 2.0, 4.0, 6.0, 8.0]),
        (-0.11, 0.26, 5, [-0.2, -0.1, 0.0, 0.1, 0.2, 0.3]),
    ],
)
def test_nice_steps_cover_the_range(low: float, high: float, most: int, expected: list[float]) -> None:
    assert nice_steps(low, high, most) == expected


def test_ticks_inside_stay_inside() -> None:
    assert ticks_inside(-31.0, 21.0, 5) == [-20.0, 0.0, 20.0]
    assert ticks_inside(-31.0, 21.0, 6) == [-30.0, -20.0, -10.0, 0.0, 10.0, 20.0]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.9, 1200.0, [1.0, 10.0, 100.0, 1000.0]),
        (0.3, 12.0, [0.3, 1.0, 3.0, 10.0]),
        (1.8, 12.0, [2.0, 5.0, 10.0]),
        (3.3, 6.6, [4.0, 5.0, 6.0]),
        (4.1, 4.6, [4.2, 4.4, 4.6]),
    ],
)
def test_log_steps_are_inside_the_range(low: float, high: float, expected: list[float]) -> None:
    assert log_steps(low, high) == expected

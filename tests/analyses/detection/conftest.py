"""The crowd as sessions without names of arms see it."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="package")
def hidden(crowd):
    """The crowd with the columns that pooling and masking take away."""
    return crowd.with_frames({
        "adsl": crowd["adsl"].assign(TECHNIQUE="", RXDOSU="Gy"), "adex": crowd["adex"].assign(EXDOSU="mg"),
    })  # fmt: skip


@pytest.fixture(scope="package")
def detected(crowd):
    """The crowd with nothing below a limit."""
    labs = crowd["adlb"]
    return crowd.with_frames({"adlb": labs.assign(AVALC="5", AVAL=labs["AVAL"].fillna(3.0))})

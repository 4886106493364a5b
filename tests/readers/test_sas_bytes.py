"""Bytes changed in a SAS7BDAT file that SAS wrote: it is read as pandas' own decoder reads it, or refused in words."""

from __future__ import annotations

import contextlib
import gzip
import random
import tempfile
import warnings
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from mutations import (
    FAST,
    MANY,
    QUIET,
)

from npcstats.errors import DataError
from npcstats.readers import read_frame

IRIS = gzip.decompress((Path(__file__).parent / "iris.sas7bdat.gz").read_bytes())
BUSY = [place for place, sign in enumerate(IRIS) if sign]


def check_iris(seed):
    """Change or cut bytes of a file that SAS wrote; say what became of it."""
    draw = random.Random(seed)
    content = bytearray(IRIS)
    for _ in range(draw.choice([1, 1, 2, 5])):
        place = draw.choice(BUSY)
        content[place] = draw.choice([content[place] ^ 1 << draw.randrange(8), draw.randrange(1, 256), 32])
    if draw.random() < 0.1:
        content = content[: draw.randrange(len(content))]
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "iris.sas7bdat"
        path.write_bytes(content)
        frame, refusal = pd.DataFrame(), ""
        try:
            frame = read_frame(path)
        except DataError as error:
            refusal = str(error)
        other = other_reading(path)
    if refusal:
        assert refusal.startswith("iris.sas7bdat")
        assert len(refusal) < 700
        return "refused"
    if other is None:
        return "read, no other reading"
    assert frame.shape == other.shape
    for i in range(frame.shape[1]):
        for value, said in zip(frame.iloc[:, i], other.iloc[:, i], strict=True):
            assert agrees(value, said), (i, value, said)
    # the one value that is known to be lost: what stands behind a NUL character inside a text
    cut = any(b"\0" in said for name in other for said in other[name] if isinstance(said, bytes))
    return "read, text cut at a NUL character" if cut else "read, as the file says"


def other_reading(path):
    with warnings.catch_warnings(), contextlib.suppress(Exception):
        warnings.simplefilter("ignore")
        return pd.read_sas(path, format="sas7bdat")
    return None


def agrees(value, said):
    """Whether a value is what pandas reads, which leaves text as bytes and, of other formats, dates as numbers."""
    if isinstance(said, bytes):
        return value == said.decode("cp1252", "replace").partition("\0")[0].rstrip(" ")
    if isinstance(value, pd.Timestamp) and isinstance(said, float):
        return said in ((value - pd.Timestamp("1960-01-01")).days, (value - pd.Timestamp("1960-01-01")).total_seconds())
    return value == said or (pd.isna(said) and (value == "" or pd.isna(value)))


@settings(max_examples=FAST, deadline=None, suppress_health_check=QUIET, derandomize=True)
@given(seed=st.integers(0, 2**32 - 1))
def test_changed_bytes_of_a_file_that_sas_wrote(seed):
    check_iris(seed)


@pytest.mark.slow
@settings(max_examples=MANY // 4, deadline=None, suppress_health_check=QUIET)
@given(seed=st.integers(0, 2**32 - 1))
def test_thousands_of_changed_files_that_sas_wrote(seed):
    event(check_iris(seed))

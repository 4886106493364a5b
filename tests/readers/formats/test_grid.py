"""The fast parser of CSV reads what the standard library's does, or leaves the file to it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st
from mutations import (
    QUIET,
)

from npcstats.readers import read_frame
from npcstats.readers.formats import grid
from npcstats.readers.formats.grid import longest_of_grid
from npcstats.readers.formats.quoted import read_quoted

FIELDS = st.sampled_from(["", "a", '"a"', '"a,b"', '""', '"a""b"', '"""a"', "é", "a b", 'a"b', '"a\nb"', "\t"])
LINES = st.lists(st.lists(FIELDS, min_size=2, max_size=2), max_size=5)
ENDS = st.sampled_from(["\n", "\r\n"])


@settings(max_examples=400, deadline=None, suppress_health_check=QUIET, derandomize=True)
@given(
    lines=LINES,
    end=ENDS,
    last=st.booleans(),
    noise=st.text(alphabet='a,"\n\r;', max_size=4),
    block=st.sampled_from([1, 8, 30, grid.BLOCK]),
)
def test_both_parsers_of_csv_agree(lines, end, last, noise, block):
    """Wherever the fast one is allowed, the standard library's reads the same, whatever it takes at a time."""
    text = end.join(["A,B", *(",".join(line) for line in lines)]) + (end if last else "") + noise
    whole = longest_of_grid(text.encode(), ",")
    with mock.patch.object(grid, "BLOCK", block):
        assert longest_of_grid(text.encode(), ",") == whole
    if not whole:
        return
    with tempfile.TemporaryDirectory() as place, mock.patch.object(grid, "BLOCK", block):
        path = Path(place) / "x.csv"
        path.write_bytes(text.encode())
        fast, slow = read_frame(path), read_quoted(text, path, ",")
    assert list(fast.columns) == list(slow.columns)
    assert fast.to_numpy().tolist() == slow.to_numpy().tolist()

"""Lines that all have the same fields: by Arrow's parser, column by column."""

from __future__ import annotations

import csv
from typing import Any

import numpy as np
import pandas as pd
import pyarrow
import pyarrow.csv

from npcstats.readers.formats.texts import text_column, text_frame

BLOCK = 1 << 22


def read_grid(content: bytes, delimiter: str, longest: int) -> pd.DataFrame:
    """Read lines that all have the fields of the first, column by column and each distinct text once.

    Parameters
    ----------
    content : bytes
        For which `longest_of_grid` is not 0.
    delimiter : str
        Between the fields.
    longest : int
        Length of the longest line.

    Returns
    -------
    DataFrame
        Text.
    """
    end = content.find(b"\n") + 1 or len(content)
    names = next(csv.reader([content[:end].decode()], delimiter=delimiter))
    places = [str(place) for place in range(len(names))]
    columns: dict[int, Any] = dict.fromkeys(range(len(names)), np.empty(0, dtype=object))
    if end < len(content):
        table = pyarrow.csv.read_csv(
            pyarrow.py_buffer(content)[end:],
            # in one thread: what follows may start processes
            read_options=pyarrow.csv.ReadOptions(
                column_names=places, use_threads=False, block_size=max(BLOCK, 2 * longest)
            ),
            parse_options=pyarrow.csv.ParseOptions(delimiter=delimiter, ignore_empty_lines=False),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(places, pyarrow.string()), strings_can_be_null=False, check_utf8=False
            ),
        )
        for place in range(len(names)):
            columns[place] = _distinct_texts(table.column(0))
            table = table.remove_column(0)  # so that what is done is freed
    return text_frame(names, columns)


def _distinct_texts(texts: pyarrow.ChunkedArray) -> Any:
    if len(texts.chunk(0).unique()) == len(texts.chunk(0)):  # a number of the record, most likely
        return np.asarray(texts.to_numpy(), dtype=object)
    encoded = texts.dictionary_encode()
    codes = np.concatenate([chunk.indices.to_numpy() for chunk in encoded.chunks])
    return text_column(encoded.chunk(0).dictionary.to_pylist(), codes)


def longest_of_grid(content: bytes, delimiter: str) -> int:
    """Look whether lines are a grid: each with the fields of the first, and every quote begins, ends or doubles.

    Parameters
    ----------
    content : bytes
        Of the file.
    delimiter : str
        Between the fields.

    Returns
    -------
    int
        Length of the longest line; 0 where they are no grid.
    """
    if content.count(b"\r") != content.count(b"\r\n") or not content or content.isspace():
        return 0
    longest = width = start = 0
    while start < len(content):
        end = content.find(b"\n", start + BLOCK) + 1 or len(content)
        shape = _shape_of_grid(content[start:end], delimiter)
        if shape is None or (start and shape[0] != width):
            return 0
        width, longest, start = shape[0], max(longest, shape[1]), end
    return longest


def _shape_of_grid(lines: bytes, delimiter: str) -> tuple[int, int] | None:
    """Number of delimiters of each line, if they all have one, and length of the longest."""
    signs = np.frombuffer(lines if lines.endswith(b"\n") else lines + b"\n", dtype=np.uint8)
    quotes = np.flatnonzero(signs == ord('"'))
    ends, marks = np.flatnonzero(signs == ord("\n")), np.flatnonzero(signs == ord(delimiter))
    if len(quotes):
        edges = [ord(sign) for sign in (delimiter, "\r", "\n", '"')]
        opens, closes = quotes[0::2], quotes[1::2]
        before = signs[opens[opens > 0] - 1]
        regular = len(opens) == len(closes) and np.isin(before, edges).all() and np.isin(signs[closes + 1], edges).all()
        if not regular or (np.searchsorted(quotes, ends) % 2).any():
            return None
        marks = marks[np.searchsorted(quotes, marks) % 2 == 0]
    width = np.diff(np.searchsorted(marks, ends), prepend=0)
    length = np.diff(ends, prepend=-1) - 1
    if not ((width == width[0]).all() and width[0] > 0 and (length > 1).all()):
        return None
    return int(width[0]), int(length.max()) + 1

"""Parquet files: values as they are stored."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pyarrow
import pyarrow.parquet

from npcstats.errors import DataError
from npcstats.wording import printable_name

PLAIN_CELLS = {"string", "empty", "integer", "decimal", "date", "datetime", "boolean", "floating", "time", "bytes"}
INDEX = re.compile("__index_level_[0-9]+__")
WHOLE = {getattr(pyarrow, kind.lower())(): getattr(pd, f"{kind}Dtype")()
         for kind in ("Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64")}  # fmt: skip


def read_parquet(content: bytes, path: Path) -> pd.DataFrame:
    """Read a Parquet file.

    Parameters
    ----------
    content : bytes
        Of the file.
    path : Path
        The file, for messages.

    Returns
    -------
    DataFrame
        Values as stored; whole numbers keep their type beside nulls.

    Raises
    ------
    DataError
        If a column holds lists, records or other nested values.
    """
    # ParquetFile, because a folder's name (cutoff=2026) is no column; whole numbers keep their type beside nulls.
    table = pyarrow.parquet.ParquetFile(pyarrow.BufferReader(content)).read()
    table = table.drop_columns([name for name in dict.fromkeys(table.column_names) if INDEX.fullmatch(name)])
    names = [str(name) for name in table.column_names]
    table = table.rename_columns([str(i) for i in range(len(names))])
    frame: pd.DataFrame = table.to_pandas(types_mapper=WHOLE.get, ignore_metadata=True)
    frame.columns = pd.Index(names, dtype=object)
    for i, name in enumerate(names):
        values = frame.iloc[:, i]
        if values.dtype == object and pd.api.types.infer_dtype(values, skipna=True) not in PLAIN_CELLS:
            raise DataError(f"{path.name}.{printable_name(name, i + 1)}: lists, records or other nested values; a "
                            "column of single values, or a file without it, is required.")  # fmt: skip
    return frame

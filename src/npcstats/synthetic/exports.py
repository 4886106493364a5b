"""A history on disk: a made trial for each cut-off, and what is planted in them."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pandas as pd

from npcstats.synthetic.history import Change, History
from npcstats.synthetic.write import write_trial

CHANGES = "changes.json"


def write_history(history: History, folder: Path) -> None:
    """Write the exports of a history, a folder for each cut-off, and the list of what is planted in them.

    Parameters
    ----------
    history : History
        As `make_history` returns it.
    folder : Path
        Made if it does not exist.
    """
    for extract in history.extracts:
        write_trial(extract.frames, folder / extract.cutoff.isoformat())
    told = [_told(change) for change in history.changes]
    (folder / CHANGES).write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def _told(change: Change) -> dict[str, Any]:
    key = {name: _plain(value) for name, value in change.key}
    return {
        "kind": change.kind,
        "frame": change.frame,
        "participant": change.participant,
        "key": key,
        "column": change.column,
        "before": _plain(change.before),
        "after": _plain(change.after),
        "shown": change.shown.isoformat(),
    }


def _plain(value: Any) -> str | float | None:
    """A value as JSON holds it; dates by their day."""
    if value is None or pd.isna(value):
        return None
    if isinstance(value, datetime.date):
        return value.strftime("%Y-%m-%d")
    return value if isinstance(value, str) else int(value) if value == int(value) else float(value)

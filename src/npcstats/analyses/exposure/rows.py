"""Words of the rows of delivered treatment."""

from __future__ import annotations

from collections.abc import Mapping

MEASURES: Mapping[str, str] = {
    "commonest": "the value that most participants have, the smallest of several",
    "at_commonest": "participants with that value, of those with a value",
    "among": "participants whom a part of delivered treatment is about, of the group",
}

QUARTILES = ("median", "first_quartile", "third_quartile")

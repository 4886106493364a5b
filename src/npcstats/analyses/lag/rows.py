"""Words of the rows that tell how far the data have come."""

from __future__ import annotations

from collections.abc import Mapping

LAST_ENTRY, LATER, ENTERED_LATER = "last_entry", "later", "entered_later"

MEASURES: Mapping[str, str] = {
    LAST_ENTRY: "day on which the last of the records that count was entered, as days since 0000-12-31",
    ENTERED_LATER: "records that count although they were entered after the cut-off, or without a date of entry",
    LATER: "records of the export that do not count, as they are of a day after the cut-off",
}

"""The results table and its catalogue: what both sides of the wall speak."""

from __future__ import annotations

from npcstats.results.catalogue import (
    ABSENT,
    AT_TIMES,
    CURVE,
    PERCENT,
    WHOLE_PERCENT,
    Analysis,
    Catalogue,
    Choice,
    absent_sentences,
    catalogue_text,
)
from npcstats.results.diff import Difference, diff
from npcstats.results.files import open_results, read_results, results_text, write_results
from npcstats.results.listings import Listing, read_listing, write_listing
from npcstats.results.query import one, select
from npcstats.results.rows import (
    COLUMNS,
    EVERYONE,
    KEY_COLUMNS,
    MEASURES,
    NUMBERS,
    PAYLOAD_COLUMNS,
    REASONS,
    SEPARATOR,
    SETTLED,
    STATS,
    WITHHELD,
    Row,
    count_rows,
    interval_rows,
    is_withheld,
    rows_of_places,
    share_rows,
)
from npcstats.results.table import Results, concat

__all__ = [
    "ABSENT",
    "AT_TIMES",
    "COLUMNS",
    "CURVE",
    "EVERYONE",
    "KEY_COLUMNS",
    "MEASURES",
    "NUMBERS",
    "PAYLOAD_COLUMNS",
    "PERCENT",
    "REASONS",
    "SEPARATOR",
    "SETTLED",
    "STATS",
    "WHOLE_PERCENT",
    "WITHHELD",
    "Analysis",
    "Catalogue",
    "Choice",
    "Difference",
    "Listing",
    "Results",
    "Row",
    "absent_sentences",
    "catalogue_text",
    "concat",
    "count_rows",
    "diff",
    "interval_rows",
    "is_withheld",
    "one",
    "open_results",
    "read_listing",
    "read_results",
    "results_text",
    "rows_of_places",
    "select",
    "share_rows",
    "write_listing",
    "write_results",
]

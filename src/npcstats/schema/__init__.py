"""Declare a table, bring a frame to its declared types, and say everything that is wrong with it at once.

Knows columns, kinds and ranges; knows no trial. Identifiers never appear in a fault; row numbers do (row 1 is
the first record below the header). Distinct values are looked at once each, so a million rows cost what their
distinct values cost.
"""

from __future__ import annotations

from npcstats.schema.columns import TEXTS, Column, Schema, with_levels, with_terms
from npcstats.schema.conform import conform_frame
from npcstats.schema.faults import Why, raise_faults, value_fault
from npcstats.schema.origin import Origin
from npcstats.schema.reasons import OUTSIDE, PARTIAL, near_level, why_no_date
from npcstats.schema.typed import parse_numbers
from npcstats.schema.values import ISO_DATE, REFUSED, clock_of, day_of, distinct_values

__all__ = [
    "ISO_DATE",
    "OUTSIDE",
    "PARTIAL",
    "REFUSED",
    "TEXTS",
    "Column",
    "Origin",
    "Schema",
    "Why",
    "clock_of",
    "conform_frame",
    "day_of",
    "distinct_values",
    "near_level",
    "parse_numbers",
    "raise_faults",
    "value_fault",
    "why_no_date",
    "with_levels",
    "with_terms",
]

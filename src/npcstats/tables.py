"""Results become tables and sentences; every number printed carries the key of its row.

Reads results and their catalogue and nothing else; computes nothing. `npcstats.display.gt` hands a table over to
great_tables and is imported only by those who want it, because kernel start is render time.
"""

from __future__ import annotations

from npcstats.analyses.baseline.table import baseline_table
from npcstats.analyses.biomarker.table import biomarker_table
from npcstats.analyses.changes.words import Since, show_since
from npcstats.analyses.incidence.table import incidence_table
from npcstats.analyses.listing.table import listing_table
from npcstats.analyses.masking.words import masking_sentence
from npcstats.analyses.regression.table import regression_table
from npcstats.analyses.response.table import response_table
from npcstats.analyses.sequential.words import monitoring_mark, monitoring_sentence
from npcstats.analyses.stopping.words import rule_label, rule_mark, rule_sentence
from npcstats.analyses.survival.table import survival_table
from npcstats.analyses.thresholds.words import mark, watch_label, watch_sentence, watched
from npcstats.analyses.timetoevent.table.sensitivity import sensitivity_table
from npcstats.analyses.toxicity.table import toxicity_table
from npcstats.display.anatomy import Cell, Piece, Table, TableRow
from npcstats.display.colophon import attach_results, conventions_table, provenance_table
from npcstats.display.counts import counts_table
from npcstats.display.definitions import definitions_table
from npcstats.display.marks import Mark
from npcstats.display.origins import catalogue_words, format_row, printed_text
from npcstats.display.placing import PlacedFigure, PlacedTable, show_figure, show_table
from npcstats.display.prose import (
    Inline,
    caution,
    inline,
    inline_arm,
    inline_count_of,
    inline_interval,
    inline_label,
    inline_percent,
    inline_row,
    sentence,
    study_text,
)
from npcstats.display.quotes import quote

__all__ = [
    "Cell",
    "Inline",
    "Mark",
    "Piece",
    "PlacedFigure",
    "PlacedTable",
    "Since",
    "Table",
    "TableRow",
    "attach_results",
    "baseline_table",
    "biomarker_table",
    "catalogue_words",
    "caution",
    "conventions_table",
    "counts_table",
    "definitions_table",
    "format_row",
    "incidence_table",
    "inline",
    "inline_arm",
    "inline_count_of",
    "inline_interval",
    "inline_label",
    "inline_percent",
    "inline_row",
    "listing_table",
    "mark",
    "masking_sentence",
    "monitoring_mark",
    "monitoring_sentence",
    "printed_text",
    "provenance_table",
    "quote",
    "regression_table",
    "response_table",
    "rule_label",
    "rule_mark",
    "rule_sentence",
    "sensitivity_table",
    "sentence",
    "show_figure",
    "show_since",
    "show_table",
    "study_text",
    "survival_table",
    "toxicity_table",
    "watch_label",
    "watch_sentence",
    "watched",
]

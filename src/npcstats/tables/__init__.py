"""Results become tables and sentences; every number printed carries the key of its row.

Reads results and their catalogue and nothing else; computes nothing. `npcstats.tables.gt` hands a table over to
great_tables and is imported only by those who want it, because kernel start is render time.
"""

from __future__ import annotations

from npcstats.tables.anatomy import Cell, Piece, Table, TableRow
from npcstats.tables.baseline import baseline_table
from npcstats.tables.biomarker import biomarker_table
from npcstats.tables.colophon import conventions_table, provenance_table
from npcstats.tables.counts import counts_table
from npcstats.tables.pieces import catalogue_words, format_row, printed_text
from npcstats.tables.prose import (
    Inline,
    Mark,
    PlacedFigure,
    figure_caption,
    figure_settings,
    inline,
    inline_arm,
    inline_count_of,
    inline_interval,
    inline_label,
    inline_percent,
    inline_row,
    mark,
    sentence,
    show_figure,
    study_text,
    watched,
)
from npcstats.tables.regression import regression_table
from npcstats.tables.response import response_table
from npcstats.tables.sensitivity import sensitivity_table
from npcstats.tables.survival import incidence_table, survival_table
from npcstats.tables.toxicity import toxicity_table
from npcstats.tables.watch import watch_label, watch_sentence

__all__ = [
    "Cell",
    "Inline",
    "Mark",
    "Piece",
    "PlacedFigure",
    "Table",
    "TableRow",
    "baseline_table",
    "biomarker_table",
    "catalogue_words",
    "conventions_table",
    "counts_table",
    "figure_caption",
    "figure_settings",
    "format_row",
    "incidence_table",
    "inline",
    "inline_arm",
    "inline_count_of",
    "inline_interval",
    "inline_label",
    "inline_percent",
    "inline_row",
    "mark",
    "printed_text",
    "provenance_table",
    "regression_table",
    "response_table",
    "sensitivity_table",
    "sentence",
    "show_figure",
    "study_text",
    "survival_table",
    "toxicity_table",
    "watch_label",
    "watch_sentence",
    "watched",
]

"""Formats of files: delimited text, Parquet, SAS."""

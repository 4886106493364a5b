"""Kinds of analysis, a folder each; `kinds` names them all."""

"""Characteristics of participants, and treatment delivered."""

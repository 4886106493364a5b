"""Supportive care and body weight: what is not graded by a scale of adverse events."""

"""Participants one by one, for sessions that tell arms apart."""

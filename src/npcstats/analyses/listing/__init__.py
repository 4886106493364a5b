"""Participants one by one, for masked sessions."""

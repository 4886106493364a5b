"""What tells masked arms apart anyway."""

"""What changed since the last meeting, and why."""

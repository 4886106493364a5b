"""Many tasks of one kind, each with randomness of its own: the same answers wherever and in whatever order they run."""

from __future__ import annotations

from npcstats.parallel.tasks import run_tasks, stream_of

__all__ = ["run_tasks", "stream_of"]

"""Many tasks of one kind, each with randomness of its own: the same answers wherever and in whatever order they run."""

from __future__ import annotations

from npcstats.parallel.spreading import Spreading, spread
from npcstats.parallel.tasks import run_tasks
from npcstats.parallel.work import stream_of

__all__ = ["Spreading", "run_tasks", "spread", "stream_of"]

"""Plant faults in a made trial, so that the data checks can be tested: what a tired person or a bad export does.

Every fault stands in a participant of its own, so that it is found by its rule and by no other. It knows the frames of
the data contract; of the trial it knows what the truth says.
"""

from __future__ import annotations

from npcstats.synthetic.faults.draft import Planted
from npcstats.synthetic.faults.planting import plant_faults

__all__ = ["Planted", "plant_faults"]

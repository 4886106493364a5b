"""What is released is searched before: nothing in it tells the arms apart or names a person."""

from npcstats.release.forbidden import Forbidden, Sizes, Word, forbid
from npcstats.release.parts import Hit
from npcstats.release.search import refuse_leaks, search_package

__all__ = ["Forbidden", "Hit", "Sizes", "Word", "forbid", "refuse_leaks", "search_package"]

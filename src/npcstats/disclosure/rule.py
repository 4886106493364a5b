"""What is small, and how small counts are merged until none is left: numbers only, no rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from npcstats.errors import SpecError


@dataclass(frozen=True)
class SmallCounts:
    """From which count on participants are too many to be recognized.

    Parameters
    ----------
    below : int
        Counts from 1 to one less than this are withheld; at least 2. A trial group that publishes for CMS takes 11.
    effects : int, optional
        An effect between arms is published, rounded, where each arm has so many participants with the event and so
        many without it; at least `below`. Without a number no effect is published.

    Raises
    ------
    SpecError
        On construction, if nothing would be withheld, or effects are published of fewer than `below`.
    """

    below: int
    effects: int | None = None

    def __post_init__(self) -> None:
        """Refuse a rule that withholds nothing."""
        if self.effects is not None and (isinstance(self.effects, bool) or not self.effects >= self.below):
            raise SpecError(f"plan: effects of {self.effects!r} events in an arm; {self.below!r} or more are required.")
        if isinstance(self.below, bool) or not isinstance(self.below, int) or self.below < 2:
            raise SpecError(f"plan: small counts below {self.below!r}; a whole number of 2 or more is required.")

    @property
    def words(self) -> str:
        """Name the counts that are withheld.

        Returns
        -------
        str
            Such as "1 to 4 participants".
        """
        return "1 participant" if self.below == 2 else f"1 to {self.below - 1} participants"

    def allows(self, count: float) -> bool:
        """Tell whether an effect may be published of so many participants of an arm.

        Parameters
        ----------
        count : float
            With the event, or without it.

        Returns
        -------
        bool
            False where the rule publishes no effects.
        """
        return self.effects is not None and count >= self.effects

    def covers(self, count: float) -> bool:
        """Tell whether a count is small.

        Parameters
        ----------
        count : float
            Participants.

        Returns
        -------
        bool
            True from 1 to one less than `below`.
        """
        return 0 < count < self.below


def keep_boundaries(
    cells: Sequence[tuple[float, ...]], order: Iterable[int], rule: SmallCounts, *, end: bool = True
) -> frozenset[int]:
    """Choose where an ordered series of counts may be cut, so that no stretch between two cuts holds a small count.

    Parameters
    ----------
    cells : sequence of tuple of float
        Counts in order, length n, one or several of different sorts (such as events and censorings) each.
    order : iterable of int
        Cuts from 1 to n - 1, the most wanted first; cut b parts cells before b from those from b on.
    rule : SmallCounts
        What is small.
    end : bool
        Whether the sorts of the last stretch are told apart; else only their sum is.

    Returns
    -------
    frozenset of int
        Cuts kept: each wanted one that fits those kept before it.
    """
    kept: frozenset[int] = frozenset()
    for cut in order:
        tried = kept | {cut}
        edges = [0, *sorted(tried), len(cells)]
        sums = [tuple(map(sum, zip(*cells[low:high], strict=True))) for low, high in pairwise(edges)]
        if not end:
            sums[-1] = (sum(sums[-1]),)
        if not any(rule.covers(count) for counts in sums for count in counts):
            kept = tried
    return kept


def merge_small(counts: dict[str, float], rule: SmallCounts) -> frozenset[str]:
    """Choose categories to be withheld, so that neither one of them nor their sum is known to be small.

    Parameters
    ----------
    counts : dict of str to float
        Count of every category of a group; their sum is at least `rule.below`.
    rule : SmallCounts
        What is small.

    Returns
    -------
    frozenset of str
        Every small category; with them the least frequent others, until there are two and their sum is not small.
        Empty where nothing is small.
    """
    small = [name for name, count in counts.items() if rule.covers(count)]
    if not small:
        return frozenset()
    others = sorted((count, i, name) for i, (name, count) in enumerate(counts.items()) if count >= rule.below)
    chosen = [*small]
    for _, _, name in others:
        if len(chosen) > 1 and sum(counts[item] for item in chosen) >= rule.below:
            break
        chosen.append(name)
    return frozenset(chosen)


EXTREMES = ("minimum", "maximum")

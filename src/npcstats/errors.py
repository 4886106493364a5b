"""The errors that npcstats raises.

Every message reads *where: what is wrong; what is required.*
"""

from __future__ import annotations


class NpcstatsError(Exception):
    """A refusal with one message for the person at the keyboard; never a programming error."""


class DataError(NpcstatsError):
    """The data export, or an array made from it, breaks its contract.

    Parameters
    ----------
    message : str
        What is printed; of many faults the first ones.
    faults : tuple of str
        Every fault, a line each; the message where there is but one.
    """

    def __init__(self, message: str = "", faults: tuple[str, ...] = ()) -> None:
        """Keep every fault beside the message."""
        super().__init__(message)
        self.faults = faults or (message,)


class SpecError(NpcstatsError):
    """A plan, an option or a command asks for something that does not exist or contradicts itself."""


class ResultsError(NpcstatsError):
    """A results table breaks its contract, or a display asks it for a row it does not hold."""


class DocumentError(NpcstatsError):
    """A report's source cannot be rendered; the message names file, line and feature."""

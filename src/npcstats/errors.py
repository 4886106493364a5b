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


class AbsentError(DataError):
    """An analysis needs a frame that the export does not hold.

    Parameters
    ----------
    source : str
        Name of the export.
    frame : str
        The frame.
    """

    def __init__(self, source: str, frame: str) -> None:
        """Keep the frame beside the message."""
        super().__init__(f"{source}: frame {frame} is not in the export; this analysis requires it.")
        self.frame = frame


class SpecError(NpcstatsError):
    """A plan, an option or a command asks for something that does not exist or contradicts itself."""


class ResultsError(NpcstatsError):
    """A results table breaks its contract, or a display asks it for a row it does not hold."""


class DocumentError(NpcstatsError):
    """A report's source cannot be rendered; the message names file, line and feature."""


class ReleaseError(NpcstatsError):
    """A package that is to be released would tell the arms apart or name a person.

    Parameters
    ----------
    message : str
        What is printed; of many places the first ones.
    hits : tuple of str
        Every place, a line each.
    """

    def __init__(self, message: str = "", hits: tuple[str, ...] = ()) -> None:
        """Keep every place beside the message."""
        super().__init__(message)
        self.hits = hits or (message,)


class Interrupted(BaseException):
    """The program was told to stop by a signal; no refusal and no fault, so that nothing but the entrance handles it.

    Parameters
    ----------
    signal : int
        Its number.
    changed : tuple of str
        What had been put in place by then.
    """

    def __init__(self, signal: int, changed: tuple[str, ...] = ()) -> None:
        """Keep the signal and what had been done."""
        super().__init__(signal, changed)
        self.signal = signal
        self.changed = changed

    @property
    def message(self) -> str:
        """One line that says what was changed.

        Returns
        -------
        str
            A sentence.
        """
        if not self.changed:
            return "Interrupted; nothing was changed."
        return f"Interrupted; by then these were in place: {', '.join(self.changed)}."

    @property
    def code(self) -> int:
        """Exit code, as shells count it.

        Returns
        -------
        int
            130 for SIGINT, 143 for SIGTERM, 129 for SIGHUP.
        """
        return 128 + self.signal

"""Which signs a text of a frame may have."""

from __future__ import annotations

import re

from npcstats.wording import hidden_sign, off_page

UNKEYED = re.compile(r'[|"\r\n]|^\s*[=+@\t-]')
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def is_keyed(text: str) -> bool:
    """Tell whether a text can be part of a results key.

    Parameters
    ----------
    text : str
        Of a frame.

    Returns
    -------
    bool
        False for quotes, bars, line breaks, a first sign of ``= + - @``, and signs that pages cannot print.
    """
    return UNKEYED.search(text) is None and is_plain(text) and not off_page(text)


def is_visible(text: str) -> bool:
    """Tell whether every sign of a text can be seen.

    Parameters
    ----------
    text : str
        Of a frame.

    Returns
    -------
    bool
        False for signs of control, direction or no width.
    """
    return not hidden_sign(text)


def is_plain(text: str) -> bool:
    """Tell whether a text has no control characters.

    Parameters
    ----------
    text : str
        Of a frame.

    Returns
    -------
    bool
        False for one of them; tabulators and line breaks are none.
    """
    return CONTROL.search(text) is None

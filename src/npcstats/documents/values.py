"""Values given on a command line: text that YAML reads as numbers, truth values or text, as Quarto does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import yaml

from npcstats.documents.limits import check_size, check_yaml
from npcstats.errors import DocumentError, SpecError
from npcstats.wording import cut


class PlainText(str):
    """A text of metadata that is printed sign by sign; what an author writes there is Markdown."""

    __slots__ = ()


def read_values(items: Iterable[str], option: str) -> dict[str, object]:
    """Read ``key:value`` pairs.

    Parameters
    ----------
    items : iterable of str
        As given.
    option : str
        Name of the option, for the message.

    Returns
    -------
    dict of str to object
        Values typed as YAML types them.

    Raises
    ------
    SpecError
        If an item has no colon or its value is not YAML.
    """
    values: dict[str, object] = {}
    for item in items:
        key, colon, text = item.partition(":")
        if not colon or not key:
            raise SpecError(f"{option} {item}: not a pair; key:value is required.")
        values[key] = _value(text, f"{option} {item}")
    return values


def read_value_file(path: Path) -> dict[str, object]:
    """Read a YAML file of parameters.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    dict of str to object
        Its values.

    Raises
    ------
    SpecError
        If it cannot be read, holds no mapping or is beyond the limits.
    """
    try:
        check_size(path)
        text = path.read_text(encoding="utf-8")
    except DocumentError as error:
        raise SpecError(str(error)) from None
    except OSError as error:
        raise SpecError(f"{path}: {error.strerror}; a YAML file of parameters is required.") from error
    content = _loaded(text, lambda line: f"{path}:{line + 1}", f"{path}: not YAML", "a YAML file")
    if not isinstance(content, Mapping):
        raise SpecError(f"{path}: no mapping; names and values of parameters are required.")
    return {str(key): value for key, value in content.items()}


def _value(text: str, where: str) -> object:
    what = "a number, a truth value or text"
    value = _loaded(text, lambda _: cut(where), f"{cut(where)}: its value is not YAML", what)
    return value if isinstance(value, bool | int | float) else text


def _loaded(text: str, place: Callable[[int], str], fault: str, required: str) -> object:
    try:
        check_yaml(text, place)
        return yaml.safe_load(text)
    except DocumentError as error:
        raise SpecError(str(error)) from None
    except (yaml.YAMLError, ValueError) as error:
        raise SpecError(f"{fault} ({cut(str(error).splitlines()[0])}); {required} is required.") from error

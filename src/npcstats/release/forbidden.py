"""What must not be in a package: the words, numbers and colours of a trial that tell its arms, as values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Literal

from npcstats.choices import repeat_faults
from npcstats.clinical.modalities import OTHER_THINGS, modality_words
from npcstats.display.looks import LOOKS, nth_look
from npcstats.errors import SpecError
from npcstats.provenance import canonical_text, hash_bytes
from npcstats.release.disguises import plain
from npcstats.study import TREATMENTS, Design, Study

State = Literal["pooled", "masked"]
STATES: tuple[State, ...] = ("pooled", "masked")
Strength = Literal["within", "word", "sign", "alone", "phrase", "letter"]
Row = tuple[str, ...]

# What a word of so many letters is searched as: inside of others, on its own, or only where it names an arm.
DISTINCT, SHORT = 6, 3
LABEL, LEVEL, MODALITY = "the label or code of an arm", "a level of a treatment column", "a word of a modality"
# Which treatment is new and which is known everybody knows.
ROLE, ROLES = "the role of an arm", ("experimental", "investigational", "control", "comparator")
SALT_PART = 12
PERSON, PLANNED = "USUBJID", TREATMENTS[0]
# A level that so large a share of every arm has tells no arm.
COMMON = 0.25


@dataclass(frozen=True)
class Word:
    """A word that must not be there.

    Parameters
    ----------
    text : str
        As the design has it.
    what : str
        What it is, for a message.
    strength : {"within", "word", "sign", "alone", "phrase", "letter"}
        Where it tells something: inside of any other; as a word on its own; as this very sign; as a whole value or
        beside a word such as arm; only beside such a word; only after such a word.
    """

    text: str
    what: str
    strength: Strength


@dataclass(frozen=True)
class Sizes:
    """How many participants of an analysis set each arm has."""

    population: str
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Forbidden:
    """All that must not be in a package of a session that shows no arm, or arms by letters.

    Parameters
    ----------
    state : {"pooled", "masked"}
        Whether arms are removed or relabelled.
    words : tuple of Word
        Labels and codes of the design's arms, levels of its treatment columns, words of their modalities.
    allowed : tuple of str
        Titles and other phrases that may stand whole, whatever word is in them.
    names : tuple of str
        Labels and codes of arms, however short, which no value that is of an arm may be.
    columns : tuple of str
        Names of treatment columns and of those that identify persons, of which no table may have one.
    identifiers : frozenset of str
        Participants and persons screened, as the export has them.
    secrets : tuple of str
        What is known of the masking map by nobody but its keepers.
    files : tuple of str
        Names that the map's file has.
    sizes : tuple of Sizes
        For a pooled session.
    letters : tuple of str
        For a masked session, in the order in which they have to stand.
    """

    state: State
    words: tuple[Word, ...]
    allowed: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    identifiers: frozenset[str] = field(default=frozenset(), repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    files: tuple[str, ...] = ()
    sizes: tuple[Sizes, ...] = field(default=(), repr=False)
    letters: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse letters without a masked session, and letters that are no letters."""
        faults = repeat_faults("letter", list(self.letters))
        faults += [] if self.state in STATES else [f"state {self.state!r} is not one of {', '.join(STATES)}"]
        faults += ["letters of a session without arms"] if self.letters and self.state == "pooled" else []
        faults += [f"letter {letter!r} is not A to Z" for letter in self.letters if not re.fullmatch("[A-Z]", letter)]
        if faults:
            raise SpecError(f"release: {'; '.join(faults)}; one letter for each arm of a masked session is required.")

    @property
    def colors(self) -> Mapping[str, str]:
        """The colour of each letter.

        Returns
        -------
        mapping of str to str
            By letter, in the order of looks.
        """
        return {letter: nth_look(place, len(self.letters)).color for place, letter in enumerate(self.letters)}

    @property
    def arm_colors(self) -> frozenset[str]:
        """Colours that groups are told apart by and that nothing else is drawn in.

        Returns
        -------
        frozenset of str
            Hexadecimal, without greys.
        """
        return frozenset(look.color for look in LOOKS if is_colored(look.color))


def is_colored(color: str) -> bool:
    """Tell whether a colour is seen as one, and not as a grey.

    Parameters
    ----------
    color : str
        ``#`` and six hexadecimal digits.

    Returns
    -------
    bool
        Whether its channels differ by more than a fifth of the scale.
    """
    channels = [int(color[place : place + 2], 16) for place in (1, 3, 5)]
    return max(channels) - min(channels) > 255 / 5


def forbid(
    design: Design,
    state: State,
    *,
    study: Study | None,
    sizes: Iterable[Sizes] = (),
    letters: Mapping[str, str] | None = None,
    salt: str = "",
    file: str = "",
    labels: Iterable[str] = (),
    elsewhere: Iterable[str] = (),
) -> Forbidden:
    """Gather what must not be in a package of a session.

    Parameters
    ----------
    design : Design
        The trial.
    state : {"pooled", "masked"}
        Whether the session shows no arm, or arms by letters.
    study : Study or None
        The export as read, for its identifiers and the values of its treatment columns; None where no export is.
    sizes : iterable of Sizes
        Of the analysis sets; searched in a pooled session only, since a masked one prints them.
    letters : mapping of str to str, optional
        A letter for each arm code, of a masked session.
    salt, file : str
        Of the masking map, where there is one.
    labels : iterable of str
        What the plan prints for the levels of treatment columns.
    elsewhere : iterable of str
        Texts of the plan that are neither: a common word that is one of them is searched beside the word arm only.

    Returns
    -------
    Forbidden
        As values.
    """
    masked = dict(letters or {})
    return Forbidden(
        state=state,
        words=_words(design, study, tuple(labels), frozenset(elsewhere), frozenset(masked.values())),
        allowed=tuple(dict.fromkeys((design.title, design.short_title, *OTHER_THINGS))),
        names=_names(design, frozenset(masked.values())),
        columns=_columns(design),
        identifiers=_identifiers(study) if study else frozenset(),
        secrets=_secrets(masked, salt),
        files=(file,) if file else (),
        sizes=tuple(sizes) if state == "pooled" else (),
        letters=tuple(sorted(masked.values())) if state == "masked" else (),
    )


def _names(design: Design, letters: frozenset[str]) -> Row:
    """Labels and codes of several arms, but for those that are a letter of the mask."""
    named = [text for arm in design.arms for text in (arm.code, arm.label)]
    return tuple(name for name in named if name not in letters) if len(design.arms) > 1 else ()


def _columns(design: Design) -> Row:
    """Names of columns that no table may have."""
    hidden = [name for names in design.treatment_columns.values() for name in names]
    identifying = [column.name for frame in design.frames for column in frame.columns if column.kind == "identifier"]
    return tuple(dict.fromkeys((*hidden, *identifying)))


def _words(
    design: Design, study: Study | None, labels: Row, elsewhere: frozenset[str], letters: frozenset[str]
) -> tuple[Word, ...]:
    """Words by what they are; one that is several things, or is written in several ways, is the first of them."""
    named = _names(design, letters)
    if not named:
        return ()  # one arm has nothing that could be told from another
    told = [part for arm in design.arms for part in _own_parts(arm.label, [one.label for one in design.arms])]
    levels = [*design.arm_rule, *_levels(design, study), *labels]
    found: dict[str, Word] = {}
    for what, texts in ((LABEL, [*named, *told]), (LEVEL, levels), (MODALITY, modality_words([*named, *levels]))):
        for text in texts:
            if text.strip() and text not in letters:
                found.setdefault(plain(text), Word(text, what, _strength(text, what, elsewhere)))
    for text in ROLES:
        found.setdefault(text, Word(text, ROLE, "phrase"))
    return tuple(found.values())


def _own_parts(label: str, labels: list[str]) -> list[str]:
    """Words of a label of several that no other label has, where they are no common ones."""
    parts = re.findall(r"\w+", label)
    others = {word.casefold() for other in labels if other != label for word in re.findall(r"\w+", other)}
    own = [part for part in parts if part.casefold() not in others | common_words() and len(part) >= DISTINCT]
    return own if len(parts) > 1 else []


def _levels(design: Design, study: Study | None) -> list[str]:
    """Values that the treatment columns can have, of those that can have several, and those that they have."""
    found: list[str] = []
    shared = _shared(design, study) if study else frozenset()
    for name, columns in design.treatment_columns.items():
        declared = {column.name: column for schema in design.frames if schema.name == name for column in schema.columns}
        frame = study.frames.get(name) if study else None
        for column in columns:
            levels = [*declared[column].levels] if column in declared else []
            if frame is not None and column in frame.columns and not levels:
                levels = [str(value) for value in frame[column].dropna().unique()]
            found += [level for level in levels if level not in shared] if len({*levels}) > 1 else []
    return found


def _shared(design: Design, study: Study) -> frozenset[str]:
    """Levels of treatment columns that are common in every arm and so tell none, as the unit of what all are given."""
    planned = study["adsl"].set_index(PERSON)[PLANNED].replace(dict(design.arm_rule))
    shared: set[str] = set()
    for name, columns in design.treatment_columns.items():
        frame = study.frames.get(name)
        for column in columns if frame is not None else ():
            if frame is None or column not in frame.columns or PERSON not in frame.columns:
                continue
            pairs = frame[[PERSON, column]].dropna().drop_duplicates()
            arms, totals = pairs[PERSON].map(planned), planned.value_counts()
            counts = pairs.groupby([column, arms]).size().unstack(fill_value=0)
            shares = counts.reindex(columns=[arm.code for arm in design.arms], fill_value=0) / totals
            shared.update(str(level) for level in shares.index[(shares >= COMMON).all(axis=1)])
    return frozenset(shared)


def _strength(text: str, what: str, elsewhere: frozenset[str]) -> Strength:
    words = re.findall(r"[^\W\d_]+", text.casefold())
    letters = sum(map(len, words))
    if letters < SHORT:
        return "letter" if what == LABEL or not words or text.isupper() or text.islower() else "sign"
    if all(word in common_words() for word in words):
        if len(words) > 1 and text not in elsewhere:
            return "word"
        return "phrase" if text in elsewhere else "alone"
    if letters == SHORT and what == LABEL:
        return "sign"
    return "within" if letters >= DISTINCT else "word"


def _identifiers(study: Study) -> frozenset[str]:
    """Values of every column that the contract calls an identifier."""
    found: set[str] = set()
    for schema in study.design.frames:
        frame = study.frames.get(schema.name)
        for column in schema.columns if frame is not None else ():
            if column.kind == "identifier" and frame is not None and column.name in frame.columns:
                found.update(str(value) for value in frame[column.name].dropna().unique())
    return frozenset(found)


def _secrets(letters: Mapping[str, str], salt: str) -> Row:
    """The salt, and hashes of the map without it, which anyone could try."""
    texts = {canonical_text(dict(order)) for order in (letters.items(), sorted(letters.items()))}
    return tuple(part for part in (salt, *sorted(map(_hash_text, texts if letters else ()))) if part)


def _hash_text(text: str) -> str:
    return hash_bytes(text.encode())


@cache
def common_words() -> frozenset[str]:
    """Words that many pages of any trial have, and that some trials call an arm.

    Returns
    -------
    frozenset of str
        In small letters.
    """
    text = resources.files("npcstats.release").joinpath("common.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.split() if line)

"""What is forbidden, found in a piece of text, however it is written there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from npcstats.release.colors import OTHER_COLOR, wears_other
from npcstats.release.disguises import decoded, mended_words, plain, whole_words
from npcstats.release.forbidden import SALT_PART, Forbidden, Word
from npcstats.release.numbers import find_letters, find_orders, find_sizes
from npcstats.release.parts import Hit, Part

IDENTIFIER = "an identifier of the export"
SECRET = "part of the masking map"
MAP_FILE = "the name of the masking map's file"
ARM = r"(?:arms?|groups?|cohorts?|allocations?|modality|modalities)"
NAMED_ARM = r"(?:[Aa]rms?|ARM|[Gg]roups?|GROUP|[Cc]ohorts?|[Aa]llocat(?:ed to|ion)|[Aa]ssigned to)"
# Where a word of a title may be cut at the end of a line.
BREAK = r"\x1f*(?:[-\u2010]?\n)?\x1f*"
BETWEEN = r"[\s\W_]*"
# Between the letters and digits of an identifier: what is added, or left out, by who writes it by hand.
JOINT = r"[\s\-_./\u2010-\u2015:#]{0,2}"
# An identifier that is a number is searched where it is said of a person; a short one is any number. One of three signs
# with a letter is searched as it is.
SHORTEST = 4
PERSON = r"(?:participants?|patients?|subjects?|persons?|u?subjid|scrnid|screening(?: no\.?| number)?|pt\.?|id)"
CAPITALS = re.compile("[A-Z]{4,}")
CELLS = re.compile(r"[\n\t]|\s{2,}")


def words_of(text: str) -> str:
    """A pattern of a text's letters and digits, whatever stands between its words.

    Parameters
    ----------
    text : str
        From the design.

    Returns
    -------
    str
        Of a plain text.
    """
    return BETWEEN.join(re.escape(part) for part in re.findall(r"[^\W\d_]+|\d+", plain(text)))


@dataclass(frozen=True)
class Matcher:
    """Patterns of all that is forbidden, made once."""

    forbidden: Forbidden

    @cached_property
    def titles(self) -> re.Pattern[str] | None:
        """Titles and phrases that may stand whole.

        Returns
        -------
        Pattern or None
            None where there is none.
        """
        words = [plain(text).split() for text in self.forbidden.allowed if text.strip()]
        patterns = [r"\s+".join(BREAK.join(map(re.escape, word)) for word in one) for one in words]
        found = sorted(patterns, key=len, reverse=True)
        return re.compile("|".join(found)) if found else None

    @cached_property
    def _ways(self) -> dict[str, tuple[tuple[str, re.Pattern[str], Word], ...]]:
        """For each way of searching its words: letters that each begins with, its pattern, and the word."""
        words = self.forbidden.words
        return {
            "within": tuple(_way(word, words_of(word.text)) for word in words if word.strength == "within"),
            "word": tuple(
                _way(word, rf"(?<![a-z]){words_of(word.text)}(?:{BETWEEN}s)?(?![a-z])")
                for word in words
                if word.strength in ("within", "word")
            ),
            "phrase": tuple(
                _way(word, _beside_arm(words_of(word.text))) for word in words if word.strength in ("alone", "phrase")
            ),
        }

    @cached_property
    def _exact(self) -> tuple[tuple[re.Pattern[str], Word], ...]:
        """Short signs with small and capital letters, which are searched as they are."""
        before = {"sign": "(?<![A-Za-z])", "letter": rf"\b{NAMED_ARM}(?:\s*[:=]\s*|[\s\-_]+)"}
        return tuple(
            (re.compile(rf"{before[word.strength]}{re.escape(word.text)}(?![A-Za-z0-9])"), word)
            for word in self.forbidden.words
            if word.strength in before
        )

    @cached_property
    def _joined(self) -> tuple[tuple[re.Pattern[str], Word], ...]:
        """Words of capitals, which a name can have beside small letters, as ``curveIMPT`` has."""
        words = [word for word in self.forbidden.words if word.strength == "word" and CAPITALS.fullmatch(word.text)]
        return tuple((re.compile(rf"(?<![A-Z]){word.text}(?![A-Z])"), word) for word in words)

    @cached_property
    def _alone(self) -> dict[str, Word]:
        """Common words by their text, which tell something where they are a whole value."""
        return {word.text: word for word in self.forbidden.words if word.strength == "alone"}

    @cached_property
    def _identified(self) -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
        """Identifiers as letters and digits alone, and patterns of all that look like them."""
        shapes: dict[str, str] = {}
        for name in self.forbidden.identifiers:
            parts = re.findall(r"[^\W\d_]+|\d+", plain(name))
            whole = "".join(parts)
            if len(whole) >= SHORTEST or (len(parts) > 1 and len(whole) >= SHORTEST - 1):
                joint = JOINT if len(whole) > SHORTEST else ""
                shapes[joint.join(_shape(part) for part in parts)] = whole
        own = [shape for shape, example in shapes.items() if not example.isdigit()]
        numbers = [shape for shape, example in shapes.items() if example.isdigit()]
        patterns = [rf"(?<![a-z0-9])({'|'.join(sorted(own, reverse=True))})(?![a-z0-9])"] if own else []
        patterns += [rf"{PERSON}\W{{0,3}}({'|'.join(sorted(numbers, reverse=True))})(?!\d)"] if numbers else []
        known = frozenset(_bare(plain(name)) for name in self.forbidden.identifiers)
        return known, tuple(re.compile(pattern) for pattern in patterns)

    @cached_property
    def _secret(self) -> tuple[str, ...]:
        """Parts of the map's secrets that are long enough to be nothing else."""
        return tuple(
            secret[start : start + SALT_PART]
            for secret in map(plain, self.forbidden.secrets)
            for start in range(0, max(1, len(secret) - SALT_PART + 1), SALT_PART // 2)
        )

    def search(self, part: Part) -> Iterator[Hit]:
        """Find what is forbidden in a piece of text.

        Parameters
        ----------
        part : Part
            The text and its place.

        Yields
        ------
        Hit
            Each thing once; its file is to be named by who knows it.
        """
        if part.sort == "bytes":
            yield from (Hit("", part.place, what) for what in dict.fromkeys(self._in_bytes(part.text.lower())))
            return
        found = dict.fromkeys(self._found(part.text, part.sort))
        letters = ((color, text.removeprefix("Arm ").strip()) for color, text in part.labels)
        found |= {OTHER_COLOR: None} if wears_other(letters, self.forbidden) else {}
        for text in decoded(part.text):
            found |= dict.fromkeys(
                f"{what}, in an encoding" for what in self._found(text, part.sort) if what not in found
            )
        yield from (Hit("", part.place, what) for what in found)

    def _found(self, text: str, sort: str) -> Iterator[str]:
        folded = plain(text)
        bare = self.titles.sub(" ; ", folded) if self.titles else folded
        yield from self._words(bare, sort)
        yield from self._people(bare)
        if any(secret in folded for secret in self._secret):
            yield SECRET
        if any(_is_named(file, folded) for file in map(plain, self.forbidden.files)):
            yield MAP_FILE
        yield from (told(word) for pattern, word in self._joined if pattern.search(text))
        if sort != "code":
            for pattern, word in self._exact:
                if pattern.search(text):
                    yield told(word)
            lines = {line.strip() for line in CELLS.split(text.replace("\x1f", "\n"))}
            yield from (told(self._alone[line]) for line in sorted(lines & self._alone.keys()))
            yield from find_sizes(folded, self.forbidden.sizes)
            yield from find_letters(text) if self.forbidden.state == "pooled" else ()
        if sort == "prose":
            yield from find_orders(text, self.forbidden.letters)

    def _in_bytes(self, text: str) -> Iterator[str]:
        bare = self.titles.sub(" ; ", text) if self.titles else text
        yield from (
            told(word) for begin, pattern, word in self._ways["within"] if begin in bare and pattern.search(bare)
        )
        yield from self._people(bare)
        if any(secret in text for secret in self._secret):
            yield SECRET

    def _words(self, text: str, sort: str) -> Iterator[str]:
        ways = [("within", form) for form in mended_words(text)]
        if sort != "code":
            ways += [(way, form) for form in whole_words(text) for way in ("word", "phrase")]
        for way, form in ways:
            for begin, pattern, word in self._ways[way]:
                if begin in form and pattern.search(form):
                    yield told(word)

    def _people(self, text: str) -> Iterator[str]:
        known, patterns = self._identified
        if any(_bare(match[1]) in known for pattern in patterns for match in pattern.finditer(text)):
            yield IDENTIFIER


def _way(word: Word, pattern: str) -> tuple[str, re.Pattern[str], Word]:
    """Letters by which it is soon known that a word is not there, its pattern, and the word."""
    return (re.findall(r"[^\W\d_]+|\d+", plain(word.text)) or [""])[0], re.compile(pattern), word


def told(word: Word) -> str:
    """Say what a word is.

    Parameters
    ----------
    word : Word
        Of the design.

    Returns
    -------
    str
        With the word itself, which by itself tells of no letter.
    """
    return f"{word.what} ({word.text})"


def _beside_arm(word: str) -> str:
    before = rf"(?<![a-z]){ARM}(?:\s*[:=]\s*|[\s\-_]+){word}(?![a-z0-9])"
    return rf"(?:{before}|(?<![a-z0-9]){word}[\s\-_]+{ARM}(?![a-z]))"


def _bare(text: str) -> str:
    return re.sub(r"[\W_]", "", text)


def _shape(part: str) -> str:
    return rf"\d{{{len(part)}}}" if part.isdigit() else re.escape(part)


def _is_named(file: str, text: str) -> bool:
    return bool(file) and re.search(rf"(?<![\w.-]){re.escape(file)}(?![\w-])", text) is not None

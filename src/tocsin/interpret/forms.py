"""Finding known names in a text: one automaton over all forms, whole words, case as the form demands.

Letters are compared without accents and case, and runs of white space as one space; spans are those
of the text as it stands.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Final, Generic, NamedTuple, TypeVar

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from tocsin.records import Span
from tocsin.rules.needles import beginnings
from tocsin.rules.world import Form

P = TypeVar("P")
# What a screen calls digits.
DIGIT: Final = "digit"
_DIGIT = re.compile(r"\d")
_RUN = re.compile(r"\s{2,}")
_LETTERS = re.compile(r"[^\W\d_]*")


def _folded(letter: str) -> str:
    base = unicodedata.normalize("NFD", letter)[0].lower()
    return base if len(base) == 1 else letter


# Every letter that has a plainer one; one for one, so that offsets stay.
_FOLD = {code: _folded(chr(code)) for code in range(0x41, 0x2000) if _folded(chr(code)) != chr(code)}
_FOLD |= {ord("’"): "'", ord("‘"): "'", ord("‑"): "-", ord("–"): "-", ord("\n"): " ", ord("\t"): " ", 0xA0: " "}


def taken(text: str, spans: Iterable[Span]) -> bytearray:
    """For each letter of a text 1 where a span covers it, so that `1 in taken(…)[start:end]` tells an overlap."""
    covered = bytearray(len(text))
    for start, end in spans:
        covered[start:end] = b"\1" * (end - start)
    return covered


def fold(text: str) -> str:
    """The text in lower case without accents, of the same length."""
    if text.isascii():
        return text.lower().replace("\n", " ").replace("\t", " ")
    return text.translate(_FOLD)


class Folded:
    """A text made ready for matching, with the way back to its own offsets."""

    def __init__(self, text: str) -> None:
        self.original = text
        self._cuts: list[int] = []
        self._moved: list[int] = []
        pieces: list[str] = []
        last = length = removed = 0
        for run in _RUN.finditer(text):
            pieces.append(text[last : run.start() + 1])
            length += run.start() + 1 - last
            removed += run.end() - run.start() - 1
            self._cuts.append(length)
            self._moved.append(removed)
            last = run.end()
        pieces.append(text[last:])
        self.text = fold("".join(pieces))

    def offset(self, position: int) -> int:
        """The offset in the original text of a position in the folded one."""
        if not self._cuts:
            return position
        at = bisect_right(self._cuts, position)
        return position + (self._moved[at - 1] if at else 0)


class Screen:
    """What kinds of words a text may hold: one pass finds where words begin as those of a kind do. What needs a word of
    a kind need not be looked for in a text of which the screen does not name it. Built once for a set of rules."""

    def __init__(self, kinds: Mapping[str, Iterable[str]]) -> None:
        by_word: dict[str, set[str]] = {}
        for kind, words in kinds.items():
            for word in words:
                by_word.setdefault(word.lower().split()[0], set()).add(kind)
        self._kinds = list(by_word.values())
        self._automaton = AhoCorasick(list(by_word))

    def kinds(self, text: str) -> set[str]:
        """The kinds of which a word may stand in the text; DIGIT where a digit does."""
        lower = text.lower()
        found = {DIGIT} if _DIGIT.search(text) else set()
        return found.union(*(self._kinds[number] for number in beginnings(self._automaton, lower)))


class Hit(NamedTuple, Generic[P]):
    """A form met in a text, with all that it may stand for."""

    start: int
    end: int
    meanings: tuple[tuple[Form, P], ...]


class Finder(Generic[P]):
    """Finds forms. Built once for a set of rules; `hits` is pure."""

    def __init__(self, forms: Iterable[tuple[Form, P]]) -> None:
        by_text: dict[str, list[tuple[Form, P]]] = {}
        for form, payload in forms:
            if len(form.text) > 1:
                by_text.setdefault(fold(form.text.partition("*")[0]), []).append((form, payload))
        self._meanings = [tuple(m) for m in by_text.values()]
        self._stretching = [any(form.stem or "*" in form.text for form, _ in m) for m in self._meanings]
        self._automaton = AhoCorasick(
            list(by_text), implementation=Implementation.ContiguousNFA, matchkind=MatchKind.Standard
        )

    def hits(self, folded: Folded) -> list[Hit[P]]:
        """Hits that do not overlap, longest first where they would, in text order."""
        found = sorted(self._every(folded), key=lambda h: (h.start, -h.end))
        kept: list[Hit[P]] = []
        for hit in found:
            if not kept or hit.start >= kept[-1].end:
                kept.append(hit)
            elif hit.end - hit.start > kept[-1].end - kept[-1].start:
                kept[-1] = hit
        return kept

    def _every(self, folded: Folded) -> Iterator[Hit[P]]:
        text, original, offset = folded.text, folded.original, folded.offset
        size = len(text)
        for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            if start and text[start - 1].isalnum():
                continue
            meanings = self._meanings[index]
            if end < size and text[end].isalnum():
                if not self._stretching[index]:
                    continue
                meanings = tuple(m for m in meanings if m[0].stem or "*" in m[0].text)
            if self._stretching[index]:
                end, meanings = _stretched(text, end, meanings)
            first, last = offset(start), offset(end - 1) + 1
            told = original[first:last]
            fitting = tuple([m for m in meanings if _case_fits(m[0], told)])
            if fitting:
                yield Hit(first, last, fitting)


def _stretched(text: str, end: int, meanings: tuple[tuple[Form, P], ...]) -> tuple[int, tuple[tuple[Form, P], ...]]:
    """Where stems end, and the meanings that fit there: 'россий*', or 'соединенны* штат*' of two words."""
    rest = _LETTERS.match(text, end)
    stop = rest.end() if rest else end
    whole = [m for m in meanings if "*" in m[0].text and (_tail(m[0].text).match(text, stop))]
    if whole:
        match = _tail(whole[0][0].text).match(text, stop)
        return (match.end() if match else stop), tuple(whole)
    stems = tuple(m for m in meanings if "*" not in m[0].text and (m[0].stem or stop == end))
    return stop, stems


@cache
def _tail(form: str) -> re.Pattern[str]:
    """What must follow the first stem of a form of several stems."""
    rest = fold(form.partition("*")[2])
    return re.compile(re.escape(rest).replace(r"\*", r"[^\W\d_]*") + r"[^\W\d_]*")


def _case_fits(form: Form, text: str) -> bool:
    if form.exact:
        return text == form.text
    if form.text.islower():
        return True
    return text[0].isupper() or not text[0].isalpha() or not form.text[0].isupper()

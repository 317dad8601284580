"""Which of many patterns can be found in a text at all, asked in one pass over it.

Hardly any pattern matches hardly any line. Each is asked only where a text holds one of its needles: literals of
which every match contains one, read off the parsed pattern. A pattern without needles is always asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from re import _parser as parser  # what `re.compile` itself parses with
from typing import Any

from ahocorasick_rs import AhoCorasick, Implementation

FEWEST = 3  # signs of a needle: shorter ones are found everywhere, unless they are no letters
MOST = 32  # needles of a pattern
# `str.lower` and a search without regard to case disagree on these: to the search they are one letter.
ALIKE = (("İ", "i"), ("ı", "i"), ("ſ", "s"), ("\u212a", "k"), ("ς", "σ"))


def folded(text: str) -> str:
    """A text as needles are searched in it."""
    if not text.isascii():
        for sign, letter in ALIKE:
            text = text.replace(sign, letter)
    return text.lower()


def needles(pattern: str, flags: int = 0) -> frozenset[str]:
    """Literals of which every match of the pattern contains at least one, folded; none where there are no such."""
    return _of_sequence(parser.parse(pattern, flags))


def _of_sequence(parts: Iterable[tuple[Any, Any]]) -> frozenset[str]:
    """The needles of that part of a sequence whose shortest needle is longest: all that a run of parts can match,
    where that is little, or the needles of a single part."""
    best: frozenset[str] = frozenset()
    run = frozenset(("",))
    for operation, argument in (*parts, (None, None)):
        ways = _ways(operation, argument)
        if ways and len(run) * len(ways) <= MOST:
            run = frozenset(before + after for before in run for after in ways)
        else:
            best = max(best, frozenset(map(folded, run)), _of_part(operation, argument), key=_worth)
            run = ways if ways and len(ways) <= MOST else frozenset(("",))
    return best if all(map(_is_rare, best)) else frozenset()


def _of_part(operation: Any, argument: Any) -> frozenset[str]:
    inner = _inner(operation, argument)
    if inner is not None:
        return _of_sequence(inner)
    if operation in _REPEATS and argument[0] > 0:
        return _of_sequence(argument[2])
    if operation is parser.ASSERT:  # a look ahead or behind, at what stands in the same text
        return _of_sequence(argument[1])
    if operation is parser.BRANCH:
        each = [_of_sequence(way) for way in argument[1]]
        return frozenset().union(*each) if all(each) else frozenset()
    return frozenset()


def _ways(operation: Any, argument: Any) -> frozenset[str]:
    """All that a part can match, where that is little; else nothing."""
    inner = _inner(operation, argument)
    if inner is not None:
        return _ways_of_sequence(inner)
    if operation is parser.LITERAL:
        return frozenset((chr(argument),))
    if operation is parser.IN and all(kind is parser.LITERAL for kind, _ in argument):
        return frozenset(chr(sign) for _, sign in argument)
    if operation in (parser.AT, parser.ASSERT_NOT):
        return frozenset(("",))
    if operation is parser.BRANCH:
        each = [_ways_of_sequence(way) for way in argument[1]]
        return frozenset().union(*each) if all(each) else frozenset()
    if operation in _REPEATS and argument[1] == 1:
        ways = _ways_of_sequence(argument[2])
        return ways | {""} if ways and argument[0] == 0 else ways
    return frozenset()


def _ways_of_sequence(parts: Iterable[tuple[Any, Any]]) -> frozenset[str]:
    run = frozenset(("",))
    for operation, argument in parts:
        ways = _ways(operation, argument)
        if not ways or len(run) * len(ways) > MOST:
            return frozenset()
        run = frozenset(before + after for before in run for after in ways)
    return run


_REPEATS = (parser.MAX_REPEAT, parser.MIN_REPEAT, parser.POSSESSIVE_REPEAT)


def _inner(operation: Any, argument: Any) -> Any:
    """The parts of a group; None for what is no group."""
    return argument[-1] if operation is parser.SUBPATTERN else argument if operation is parser.ATOMIC_GROUP else None


def _worth(found: frozenset[str]) -> tuple[bool, int, int]:
    return bool(found) and all(map(_is_rare, found)), min(map(len, found), default=0), -len(found)


def _is_rare(needle: str) -> bool:
    return len(needle) >= FEWEST or (bool(needle) and not any(map(str.isalnum, needle)) and not needle.isspace())


class Asked:
    """Patterns that are asked together of many texts."""

    def __init__(self, patterns: Sequence[re.Pattern[str]]) -> None:
        owners: dict[str, list[int]] = {}
        always = set()
        for n, pattern in enumerate(patterns):
            found = needles(pattern.pattern, pattern.flags)
            for needle in found:
                owners.setdefault(needle, []).append(n)
            if not found:
                always.add(n)
        self._always = frozenset(always)
        self._owners = {needle: tuple(ns) for needle, ns in owners.items()}
        self._automaton = AhoCorasick(list(owners), implementation=Implementation.DFA)  # asked often, built once

    def among(self, text: str) -> list[int]:
        """The places, in order, of the patterns that may be found in this text; no other is."""
        hits = self._automaton.find_matches_as_strings(folded(text), overlapping=True)
        return sorted(self._always.union(*map(self._owners.__getitem__, set(hits))))


def beginnings(automaton: AhoCorasick, text: str) -> Iterator[int]:
    """The needles of an automaton, by number, with which a word of the text begins, or that begin with a sign."""
    for needle, start, _ in automaton.find_matches_as_indexes(text, overlapping=True):
        if start == 0 or not text[start - 1].isalnum() or not text[start].isalnum():
            yield needle


class Worded:
    """Things that ask for words, each for one of every list of its: the beginnings of words, as texts are folded."""

    def __init__(self, things: Iterable[Iterable[Iterable[str]]]) -> None:
        numbers: dict[str, int] = {}
        self._wanted = [
            [frozenset([numbers.setdefault(word, len(numbers)) for word in words]) for words in lists]
            for lists in things
        ]
        self._begun: dict[int, list[int]] = {}  # by needle: the things whose first list it is of
        for n, wanted in enumerate(self._wanted):
            for needle in wanted[0]:
                self._begun.setdefault(needle, []).append(n)
        self._automaton = AhoCorasick(list(numbers))

    def among(self, text: str) -> list[int]:
        """The places, in order, of the things for which a text may have the words; no other has them."""
        found = frozenset(beginnings(self._automaton, text))
        begun = sorted({n for needle in found for n in self._begun.get(needle, ())})
        return [n for n in begun if all(not found.isdisjoint(words) for words in self._wanted[n])]

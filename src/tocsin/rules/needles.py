"""Which of many patterns can be found in a text at all, asked in one pass over it.

Hardly any pattern matches hardly any line. Each is asked only where a text holds one of its needles: literals of
which every match contains one, read off the parsed pattern. A pattern without needles is always asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from re import _parser as parser  # type: ignore[attr-defined]  # what `re.compile` itself parses with
from typing import Any

from ahocorasick_rs import AhoCorasick

FEWEST = 3  # signs of a needle: shorter ones are found everywhere
# `str.lower` and a search without regard to case disagree on these: to the search they are one letter.
ALIKE = str.maketrans({"İ": "i", "ı": "i", "ſ": "s", "\u212a": "k", "ς": "σ"})


def folded(text: str) -> str:
    """A text as needles are searched in it."""
    return (text if text.isascii() else text.translate(ALIKE)).lower()


def needles(pattern: str, flags: int = 0) -> frozenset[str]:
    """Literals of which every match of the pattern contains at least one, folded; none where there are no such."""
    return _of_sequence(parser.parse(pattern, flags))


def _of_sequence(parts: Iterable[tuple[Any, Any]]) -> frozenset[str]:
    """The needles of that part of a sequence whose shortest needle is longest."""
    best: frozenset[str] = frozenset()
    literal: list[str] = []
    for operation, argument in (*parts, (None, None)):
        if operation is parser.LITERAL:
            literal.append(chr(argument))
            continue
        best = max(best, frozenset((folded("".join(literal)),)), _of_part(operation, argument), key=_worth)
        literal.clear()
    return best if _worth(best)[0] >= FEWEST else frozenset()


def _of_part(operation: Any, argument: Any) -> frozenset[str]:
    if operation is parser.SUBPATTERN:
        return _of_sequence(argument[-1])
    if operation is parser.ATOMIC_GROUP:
        return _of_sequence(argument)
    if operation is parser.ASSERT:  # a look ahead or behind, at what stands in the same text
        return _of_sequence(argument[1])
    if operation in (parser.MAX_REPEAT, parser.MIN_REPEAT, parser.POSSESSIVE_REPEAT) and argument[0] > 0:
        return _of_sequence(argument[2])
    if operation is parser.BRANCH:
        ways = [_of_sequence(way) for way in argument[1]]
        return frozenset().union(*ways) if all(ways) else frozenset()
    return frozenset()


def _worth(found: frozenset[str]) -> tuple[int, int]:
    return min(map(len, found), default=0), -len(found)


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
        self._owners = tuple(map(tuple, owners.values()))
        self._automaton = AhoCorasick(list(owners))

    def among(self, text: str) -> list[int]:
        """The places, in order, of the patterns that may be found in this text; no other is."""
        hits = self._automaton.find_matches_as_indexes(folded(text), overlapping=True)
        return sorted(self._always.union(*(self._owners[needle] for needle in {hit[0] for hit in hits})))

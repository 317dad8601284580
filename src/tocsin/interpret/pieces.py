"""Words in pieces of a fixed vocabulary, so that a rare word is known by its parts.

    cut(vocabulary, "Ruritanian") -> the numbers of "ru", "##rita", "##nian"

Pieces after the first begin with "##". The longest piece that fits is taken, from the left (WordPiece: Y. Wu et al.,
Google's Neural Machine Translation System, 2016, section 4.1; the vocabulary is BERT's). Case and accents are left out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Final

WITHIN: Final = "##"
NOTHING, UNKNOWN_PIECE = "[PAD]", "[UNK]"
# Of a word so many pieces at most.
MOST: Final = 4


def cut(vocabulary: Mapping[str, int], word: str) -> list[int]:
    """The pieces of a word, one at least and MOST at most; letters and signs are cut apart first."""
    found: list[int] = []
    for part in _parts(_plain(word)):
        found += _longest_first(vocabulary, part) or [vocabulary[UNKNOWN_PIECE]]
        if len(found) >= MOST:
            break
    return found[:MOST] or [vocabulary[UNKNOWN_PIECE]]


def _plain(word: str) -> str:
    """Without case and accents."""
    if word.isascii():
        return word.lower()
    return "".join(c for c in unicodedata.normalize("NFD", word.lower()) if unicodedata.category(c) != "Mn")


def _parts(word: str) -> Iterator[str]:
    """Runs of letters and digits, and every other sign by itself."""
    if word.isalnum():
        yield word
        return
    start = 0
    for place, sign in enumerate(word):
        if not sign.isalnum():
            if start < place:
                yield word[start:place]
            yield sign
            start = place + 1
    if start < len(word):
        yield word[start:]


def _longest_first(vocabulary: Mapping[str, int], part: str) -> list[int]:
    """The pieces of a run, [] where it has a letter that no piece has."""
    found: list[int] = []
    start = 0
    while start < len(part):
        within = WITHIN if start else ""
        end = next((e for e in range(len(part), start, -1) if within + part[start:e] in vocabulary), None)
        if end is None:
            return []
        found.append(vocabulary[within + part[start:end]])
        start = end
    return found

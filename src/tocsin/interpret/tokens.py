"""Sentences and words, with their offsets into the document's text.

A sentence is never cut inside a quotation: a quotation and the clause that attributes it stay together.
"""

from __future__ import annotations

import itertools
import re
from typing import NamedTuple

from tocsin.records import Span
from tocsin.rules import Rules
from tocsin.rules.calendar import Calendar, calendar_of

# A quotation longer than this is taken for an unclosed one and cut like other text.
LONGEST_QUOTATION = 1500
# A paragraph without a closing point and of at most so many words is a heading.
LONGEST_HEADING = 25
# What joins two names in one word.
HYPHENS = frozenset("-‑–")


class Token(NamedTuple):
    """A word, number or sign: `text` is `document.text[start:end]`, `lower` its lower case."""

    text: str
    lower: str
    start: int
    end: int


class Sentence(NamedTuple):
    """`quotes` are the spans of quotations inside, marks included; `paragraph` counts from 0."""

    start: int
    end: int
    tokens: tuple[Token, ...]
    quotes: tuple[Span, ...]
    paragraph: int
    title: bool


TOKEN = re.compile(
    r"""(?:[^\W\d_]\.){2,}            # U.S.
      | \d+(?:[.,]\d+)*               # 2,000
      | ''|``                         # quotation marks of a typewriter
      | ['’](?:s|S)\b                 # the genitive is a word of its own
      | [^\W_]+(?:['’](?![sS]\b)[^\W_]+|[-‑][^\W_]+)*
      | \.\.\.|…|--
      | [^\w\s]|_""",
    re.VERBOSE,
)
# Paragraphs: a blank line, or a line end before something that does not go on with the sentence.
_BREAK = re.compile(r"[ \t\r]*\n(?:[ \t\r\n]*\n)?[ \t\r\n]*")
_CLOSED = re.compile(r"""[.!?…:;][\s"'”’»)\]]*$""")
_GOES_ON = re.compile(r"[a-zа-яáéíóúñ,;)]")
_END = re.compile(r"""[.!?…]+(?:\s?\.)*["'”’»)\]]*(?=\s+["'“‘«(\[¡¿–—-]*\s?[A-ZÀ-ÝЀ-ЯÁÉÍÓÚÑ0-9@#])""")
_CURLY = re.compile(r"[“„][^“”„]*[”“]|«[^«»]*»")
_STRAIGHT = re.compile(r'"[^"\n]*"')
_TYPED = re.compile(r"(?:''|``)(?=\S)[^\n]*?''(?!')")
_WORD_BEFORE = re.compile(r"[\w.’'-]+$")


def split(text: str, rules: Rules, language: str | None) -> tuple[Sentence, ...]:
    """The sentences of a text in order. Blank lines, hard-wrapped lines, datelines, abbreviations,
    initials, decimals and damaged points (". .") are survived; spans cover all that is no white space."""
    calendar = calendar_of(rules, language)
    sentences: list[Sentence] = []
    for number, (start, end) in enumerate(_paragraphs(text)):
        quotes = _quotations(text, start, end)
        heading = _is_heading(text, start, end)
        for first, last in _cut(text, start, end, quotes, calendar):
            tokens = tuple([Token(word := m[0], word.lower(), *m.span()) for m in TOKEN.finditer(text, first, last)])
            inside = tuple(q for q in quotes if first <= q[0] < last)
            sentences.append(Sentence(first, last, tokens, inside, number, heading))
    return tuple(sentences)


def without(sentences: tuple[Sentence, ...], spans: tuple[Span, ...]) -> tuple[Sentence, ...]:
    """The sentences without what stands before them in `spans` (datelines)."""
    if not spans:
        return sentences
    kept: list[Sentence] = []
    for sentence in sentences:
        end = next((end for start, end in spans if start <= sentence.start < end), sentence.start)
        words = tuple(token for token in sentence.tokens if token.start >= end)
        if words:
            kept.append(sentence if end == sentence.start else sentence._replace(start=end, tokens=words))
    return tuple(kept)


def parted(sentences: tuple[Sentence, ...], ends: frozenset[int]) -> tuple[Sentence, ...]:
    """The sentences with words cut at their hyphens where one of `ends` says that a name does: 'Moon-Kim' is three."""
    if not ends:
        return sentences
    return tuple(_parted(sentence, ends) for sentence in sentences)


def _parted(sentence: Sentence, ends: frozenset[int]) -> Sentence:
    if not any(sentence.start < end < sentence.end for end in ends):
        return sentence
    cuts = [_cuts(token, ends) for token in sentence.tokens]
    if not any(cuts):
        return sentence
    parts = [part for token, at in zip(sentence.tokens, cuts, strict=True) for part in _parts(token, at)]
    return sentence._replace(tokens=tuple(parts))


def _cuts(token: Token, ends: frozenset[int]) -> list[int]:
    """Offsets of those hyphens in a word before which a name ends."""
    return [token.start + n for n, sign in enumerate(token.text) if n and sign in HYPHENS and token.start + n in ends]


def _parts(token: Token, cuts: list[int]) -> list[Token]:
    if not cuts:
        return [token]
    edges = [token.start, *(edge for cut in cuts for edge in (cut, cut + 1)), token.end]
    pieces = [token.text[a - token.start : b - token.start] for a, b in itertools.pairwise(edges)]
    return [Token(piece, piece.lower(), start, start + len(piece)) for piece, start in zip(pieces, edges, strict=False)]


def _paragraphs(text: str) -> list[Span]:
    spans: list[Span] = []
    start = len(text) - len(text.lstrip())
    for gap in _BREAK.finditer(text, start):
        if gap.end() >= len(text):
            break
        if _GOES_ON.match(text, gap.end()) and not _CLOSED.search(text, max(start, gap.start() - 4), gap.start()):
            continue
        spans.append((start, gap.start()))
        start = gap.end()
    end = len(text.rstrip())
    if start < end:
        spans.append((start, end))
    return [s for s in spans if s[0] < s[1]]


def _quotations(text: str, start: int, end: int) -> tuple[Span, ...]:
    """Spans of quotations within one paragraph; a curly quotation left open runs to its end."""
    found = [m.span() for m in _CURLY.finditer(text, start, end)]
    found += [m.span() for m in _STRAIGHT.finditer(text, start, end)]
    if text.find("''", start, end) >= 0:
        found += [m.span() for m in _TYPED.finditer(text, start, end)]
    if not found:
        opened = text.rfind("“", start, end)
        if opened >= 0:
            found.append((opened, end))
    return tuple(sorted(s for s in found if s[1] - s[0] <= LONGEST_QUOTATION))


def _is_heading(text: str, start: int, end: int) -> bool:
    return end - start < 12 * LONGEST_HEADING and not _CLOSED.search(text, max(start, end - 4), end)


def _cut(text: str, start: int, end: int, quotes: tuple[Span, ...], calendar: Calendar) -> list[Span]:
    spans: list[Span] = []
    for point in _END.finditer(text, start, end):
        stop = point.end()
        if any(q[0] < point.start() and stop < q[1] for q in quotes):
            continue
        if _is_abbreviation(text, start, point, calendar):
            continue
        spans.append((start, stop))
        start = stop + len(text[stop:end]) - len(text[stop:end].lstrip())
    if start < end:
        spans.append((start, end))
    return spans


def _is_abbreviation(text: str, start: int, point: re.Match[str], calendar: Calendar) -> bool:
    """Whether this point belongs to an abbreviation, an initial or a list number, not to a sentence."""
    if point[0] != ".":
        return False
    before = _WORD_BEFORE.search(text, max(start, point.start() - 24), point.start())
    if before is None:
        return False
    word = before[0].lower()
    if word in calendar.abbreviations:
        return True
    if len(word) == 1 and word.isalpha():
        return before[0].isupper() and before.start() != start
    return word.isdigit() and before.start() == start

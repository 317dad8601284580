"""What is compared of a document: words, shingles, names and numbers, as sorted arrays of stable hashes.

All of it is vectorised: the text becomes an array of code points once, and a word's hash is a difference
of prefix sums (Karp and Rabin's rolling hash over the ring of 64-bit integers). Nothing depends on
Python's salted `hash`, so that every process on every machine finds the same.
"""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tocsin.records import CopyKind, Document
from tocsin.rules import Rules
from tocsin.rules.grouping import Grouping as Settings

Hashes: TypeAlias = NDArray[np.uint64]
Codes: TypeAlias = NDArray[np.uint32]
Flags: TypeAlias = NDArray[np.bool_]
Places: TypeAlias = NDArray[np.int64]

_STOPS, _QUOTES = ".!?…\n:", "“”«»‘’–—"
_PLANE = 0x10000  # tables cover the Basic Multilingual Plane; beyond it a sign stands for itself
_WORD, _DIGIT, _ALONE, _JOINT = 1, 2, 4, 8  # bits of a sign's kind
_SLOTS = 1 << 13
_BASE = np.uint64(0x9E3779B97F4A7C15)  # odd, hence invertible modulo 2**64
_INVERSE = np.uint64(pow(0x9E3779B97F4A7C15, -1, 1 << 64))


@dataclass(frozen=True, slots=True)
class Letters:
    """Tables over code points: folded form (no case, no accent, Latin letters), sound class, and marks; `kind`
    has a bit each for parts of words, digits, signs that are words of their own, and figures' separators."""

    folded: Hashes
    sound: Hashes
    kind: NDArray[np.uint8]
    upper: Flags
    digit: Flags
    stop: Flags
    quote: Flags


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Word hashes out of the rules: stop words, number words with the hash of their figure (`number_slots` marks
    the low bits of their hashes, a sieve), and `familiar`
    names: words (as stem and as sound) of the states and bodies that we watch anyway, so that they tell
    little about which event a report is of."""

    stop: Hashes
    number_words: Hashes
    number_values: Hashes
    number_slots: Flags
    familiar: frozenset[int]


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of one text, in order: hash, hash of the consonants, and what kind of word it is.

    `stem` is the hash of the first letters alone: a crude cut that makes one of most inflected forms.
    `initial` marks words that open a sentence or line, where a capital says nothing.
    """

    word: Hashes
    stem: Hashes
    sound: Hashes
    consonants: NDArray[np.int64]
    length: NDArray[np.int64]
    upper: Flags
    digit: Flags
    initial: Flags


@dataclass(frozen=True, slots=True)
class Features:
    """One document as it is compared. All arrays are sorted and without repeats, except `terms`,
    which keeps each content word once with its count beside it in `counts`, and `facts`: names (by sound)
    and figures in the order in which the text first has them, which a retelling keeps.

    `slots` are the places of figures, by the words around them, and `filled` these with their figures: two
    texts in one form have the slots in common and fill them otherwise. `moment` is the time of publication
    (else of capture) in hours since 1970, or None.
    """

    key: str
    words: int
    shingles: Hashes
    terms: Hashes
    counts: NDArray[np.float64]
    lead: Hashes
    names: Hashes
    numbers: Hashes
    slots: Hashes
    filled: Hashes
    facts: Hashes
    language: str | None
    moment: float | None
    known: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """Which earlier document (by its place in order of arrival) is the parent, as what, and by which figures."""

    parent: int
    kind: CopyKind
    reason: str


def _mixed(values: Hashes) -> Hashes:
    """The finaliser of SplitMix64: spreads a sum over all bits."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


@cache
def _powers(length: int) -> tuple[Hashes, Hashes]:
    """Powers of the base and of its inverse, for texts up to `length` signs."""
    base = np.full(length + 1, _BASE, dtype=np.uint64)
    inverse = np.full(length + 1, _INVERSE, dtype=np.uint64)
    base[0] = inverse[0] = 1
    return np.multiply.accumulate(base), np.multiply.accumulate(inverse)


@cache
def letters(rules: Rules) -> Letters:
    """The tables, with the transliteration of the rules."""
    settings = rules.grouping
    folded = np.arange(_PLANE, dtype=np.uint32)
    signs = [chr(code) for code in range(_PLANE)]
    for code, sign in enumerate(signs):
        if sign.isalpha():
            plain = unicodedata.normalize("NFKD", sign)[0].lower()[0]
            folded[code] = ord(settings.letters.get(plain, plain))
    sound = np.zeros(_PLANE, dtype=np.uint32)
    for number, group in enumerate(settings.sounds, 1):
        for sign in group:
            sound[ord(sign)] = number
    digit = np.array([sign.isdecimal() for sign in signs])
    for place in np.flatnonzero(digit):
        folded[place] = ord(str(unicodedata.decimal(signs[place])))
    alone = np.zeros(_PLANE, dtype=np.bool_)
    for first, last in ((0x2E80, 0xA000), (0xF900, 0xFB00)):  # ideographs and kana: one sign, one word
        alone[first:last] = True
    word, joint = np.array([sign.isalnum() for sign in signs]), np.isin(np.arange(_PLANE), [ord(","), ord(".")])
    return Letters(
        folded=folded.astype(np.uint64),
        sound=sound[np.minimum(folded, _PLANE - 1)].astype(np.uint64),
        kind=(word * _WORD + digit * _DIGIT + alone * _ALONE + joint * _JOINT).astype(np.uint8),
        upper=np.array([sign.isupper() for sign in signs]),
        digit=digit,
        stop=np.isin(np.arange(_PLANE), [ord(sign) for sign in _STOPS]),
        quote=np.isin(np.arange(_PLANE), [ord(sign) for sign in _QUOTES]),
    )


@cache
def lexicon(rules: Rules) -> Lexicon:
    """The words of the rules, as hashes."""
    settings: Settings = rules.grouping
    numbers = sorted(settings.numbers.items())
    words = _hashes_of([word for word, _ in numbers], rules)
    order = np.argsort(words)
    values = _hashes_of([value for _, value in numbers], rules)
    watched = tokens(" ".join(_watched(rules)), rules)
    return Lexicon(
        stop=np.unique(_hashes_of(sorted(settings.stop), rules)),
        number_words=words[order],
        number_values=values[order],
        number_slots=np.isin(np.arange(_SLOTS, dtype=np.uint64), words & np.uint64(_SLOTS - 1)),
        familiar=frozenset(watched.stem[watched.upper].tolist()) | frozenset(watched.sound[watched.upper].tolist()),
    )


def _watched(rules: Rules) -> Iterator[str]:
    for state in rules.states.values():
        yield from (state.name, *state.names, *state.adjectives, *state.demonyms, state.capital)
    for entity in rules.entities.values():
        yield from (entity.name, *entity.aliases)


def _hashes_of(words: list[str], rules: Rules) -> Hashes:
    return tokens(" ".join(words), rules).word if words else np.zeros(0, dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one text, in order: hash, where each starts, and whether it is a figure."""

    word: Hashes
    start: NDArray[np.int64]
    digit: Flags


@dataclass(frozen=True, slots=True)
class Signs:
    """A text as code points, and where its words run. `joint` are the separators within figures."""

    codes: Codes
    inside: Flags
    joint: Flags
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]


def _signs(text: str, table: Letters) -> Signs:
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32)
    if len(codes) and codes.max() >= _PLANE:
        codes = np.where(codes < _PLANE, codes, np.uint32(0xFFFD))
    kind = table.kind[codes]
    digit = kind & _DIGIT > 0
    joint = (kind & _JOINT > 0) & _before(digit) & _after(digit)
    inside = (kind & _WORD > 0) | joint
    starts, ends = _runs(inside, kind & _ALONE > 0)
    return Signs(codes, inside, joint, starts, ends)


def words_of(text: str, rules: Rules) -> Words:
    """The words alone, as `tokens` finds them."""
    table = letters(rules)
    found = _signs(text, table)
    word = _mixed(_run_hash(table.folded[found.codes], found.inside & ~found.joint, found.starts, found.ends))
    return Words(word, found.starts, table.digit[found.codes[found.starts]])


def tokens(text: str, rules: Rules) -> Tokens:
    """The words of a text. A figure's separators are no part of it: '155,221' and '155.221' are one."""
    table = letters(rules)
    found = _signs(text, table)
    codes, starts, ends = found.codes, found.starts, found.ends
    opening = codes[starts]
    digit = table.digit[opening]
    plain, folded = found.inside & ~found.joint, table.folded[codes]
    sounds, kept = _sounds(table.sound[codes])
    kept &= found.inside
    cut = np.minimum(ends, starts + rules.grouping.stem_letters)
    return Tokens(
        word=_mixed(_run_hash(folded, plain, starts, ends)),
        stem=_mixed(_run_hash(folded, plain, starts, np.where(digit, ends, cut))),
        sound=_mixed(_run_hash(sounds, kept, starts, ends)),
        consonants=np.add.reduceat(kept, starts, dtype=np.int64) if len(starts) else starts,
        length=ends - starts,
        upper=table.upper[opening],
        digit=digit,
        initial=_initial(codes, starts, table),
    )


def _before(flags: Flags) -> Flags:
    shifted = np.zeros_like(flags)
    shifted[1:] = flags[:-1]
    return shifted


def _after(flags: Flags) -> Flags:
    shifted = np.zeros_like(flags)
    shifted[:-1] = flags[1:]
    return shifted


def _runs(inside: Flags, alone: Flags) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where words start and end; an ideograph is a word of its own."""
    starts = inside & (~_before(inside) | alone | _before(alone))
    ends = inside & (~_after(inside) | alone | _after(alone))
    return np.flatnonzero(starts), np.flatnonzero(ends) + 1


def _sounds(sound: Hashes) -> tuple[Hashes, Flags]:
    """Sound classes, and which of them count: consonants, a doubled one once."""
    repeated = np.zeros(len(sound), dtype=np.bool_)
    repeated[1:] = sound[1:] == sound[:-1]
    return sound, (sound > 0) & ~repeated


def _run_hash(values: Hashes, kept: Flags, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Hashes:
    """For each run the sum of value x base**position over its kept signs, position counted from its start."""
    before = np.append(0, np.cumsum(kept))
    count = int(before[-1])
    base, inverse = _powers(1 << max(10, count.bit_length()))
    sums = np.zeros(count + 1, dtype=np.uint64)
    np.cumsum(values[kept] * base[:count], out=sums[1:])
    first = before[starts]
    found: Hashes = (sums[before[ends]] - sums[first]) * inverse[first]
    return found


def _initial(codes: Codes, starts: NDArray[np.int64], table: Letters) -> Flags:
    """Words whose last sign before them, spaces and quotation marks apart, ends a sentence or a line."""
    stops = table.stop[codes]
    clear = stops | ((codes > 0x2F) & ~table.quote[codes])
    last = np.maximum.accumulate(np.where(clear, np.arange(len(codes)), -1)) if len(codes) else codes.astype(np.int64)
    at = np.where(starts > 0, last[np.maximum(starts - 1, 0)], -1)
    return np.where(at >= 0, stops[np.maximum(at, 0)], True) if len(codes) else np.zeros(0, dtype=np.bool_)


def rolled(words: Hashes, size: int) -> Hashes:
    """The hash of every run of `size` words, in order; of none, where the words are fewer."""
    total = np.zeros(max(0, len(words) - size + 1), dtype=np.uint64)
    for place in range(size):
        total = total * _BASE + words[place : len(words) - size + 1 + place]
    return _mixed(total)


def shingles_of(words: Hashes, size: int) -> Hashes:
    """The distinct runs of `size` words; a shorter text is one shingle."""
    return np.unique(rolled(words, max(1, min(size, len(words)))))


def features(document: Document, rules: Rules) -> Features:
    """The features of a document: of its text, with its title before the lead."""
    settings, known = rules.grouping, lexicon(rules)
    body = tokens(document.text, rules)
    head = tokens(document.title, rules) if document.title else None
    content = _content(body, known)
    named = content & body.upper & ~body.initial & ~body.digit
    terms, counts = np.unique(body.stem[content], return_counts=True)
    lead = body.stem[: settings.lead_words][content[: settings.lead_words]]
    values, at = numbers_of(body.word, body.digit, known)
    slots, filled = slots_of(body.word, body.digit, values, at)
    if head is not None:
        lead = np.concatenate((head.stem[_content(head, known)], lead))
    return Features(
        key=document.key,
        words=len(body.word),
        shingles=shingles_of(body.word, settings.shingle_words),
        terms=terms,
        counts=counts.astype(np.float64),
        lead=np.unique(lead),
        names=np.unique(body.sound[named]),
        numbers=np.unique(values),
        slots=np.unique(slots),
        filled=np.unique(filled),
        facts=_facts(body, named),
        language=document.language,
        moment=moment(document),
        known=bool(document.origin or document.source_id),
    )


def brief_words(text: str, rules: Rules) -> Hashes:
    """The different content words of a headline, as stems."""
    found = tokens(text, rules)
    return np.unique(found.stem[_content(found, lexicon(rules))])


def _content(found: Tokens, known: Lexicon) -> Flags:
    at = np.searchsorted(known.stop, found.word).clip(max=len(known.stop) - 1)
    content: Flags = (known.stop[at] != found.word) & ((found.length > 1) | found.digit)
    return content


def _facts(found: Tokens, named: Flags) -> Hashes:
    """Names of two consonants or more and figures of two digits or more, at their first occurrence."""
    firm = named & (found.consonants >= 2)
    figure = found.digit & (found.length >= 2)
    values = np.where(figure, found.word, found.sound)[firm | figure]
    _, first = np.unique(values, return_index=True)
    return values[np.sort(first)]


def numbers_of(words: Hashes, digit: Flags, known: Lexicon) -> tuple[Hashes, NDArray[np.int64]]:
    """Figures, and number words as the figure that they stand for; with the places of these words."""
    number = np.flatnonzero(digit | known.number_slots[words & np.uint64(len(known.number_slots) - 1)])
    values, plain = words[number], digit[number]
    at = np.searchsorted(known.number_words, values).clip(max=max(0, len(known.number_words) - 1))
    spelt = known.number_words[at] == values if len(known.number_words) else np.zeros_like(plain)
    values[spelt] = known.number_values[at[spelt]]
    return values[plain | spelt], number[plain | spelt]


def slots_of(
    words: Hashes, digit: Flags, values: Hashes, at: Places, owner: Places | None = None
) -> tuple[Hashes, Hashes]:
    """For each figure the hash of its slot (the two words before it and the one after, other figures being all
    alike), and of slot and figure. `owner` tells the texts apart where there are several: no slot reaches
    over the end of one."""
    plain = np.where(digit, _BASE, words)
    around = np.concatenate((np.zeros(2, dtype=np.uint64), plain, np.zeros(1, dtype=np.uint64)))
    whose = np.concatenate(([-1, -1], np.zeros(len(words), dtype=np.int64) if owner is None else owner, [-1]))
    slot = np.zeros(len(at), dtype=np.uint64)
    for step in (0, 1, 3):  # the figure itself is at 2
        near = np.where(whose[at + step] == whose[at + 2], around[at + step], np.uint64(0))
        slot = slot * _BASE + near
    slot = _mixed(slot)
    return slot, _mixed(slot * _BASE + values)


def moment(document: Document) -> float | None:
    """Hours since 1970 of publication, else of capture; None where neither is stated. What names no zone
    counts as UTC."""
    published = hour_of(document.published)
    return published if published is not None else hour_of(document.seen)


def hour_of(stated: str | None) -> float | None:
    """Hours since 1970 of a date or time, or None; what names no zone counts as UTC."""
    try:
        found = datetime.datetime.fromisoformat(stated or "")
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=datetime.UTC)).timestamp() / 3600

"""The compiled lexicon: which terms of a language's grammar begin at a word.

One dictionary look-up a word finds every term that could begin there; only then are the words around
it looked at. A sentence without a term costs one look-up a word and nothing more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple, TypeAlias

from tocsin.rules import Rules
from tocsin.rules.grammar import Act, Cue, Grammar, Pattern
from tocsin.rules.inflection import noun_forms, verb_forms

Meaning: TypeAlias = Act | Cue | str
# How far the object of a verb may stand from it, in words; and what follows may bar it.
OBJECT_WINDOW = 9
BAR_WINDOW = 6
# The closed word classes of [grammar.words] and their marks in `Clauses.classes`.
CLASSES = {
    "verbs": "V",
    "pronouns": "O",
    "coordinators": "C",
    "relatives": "R",
    "subordinators": "S",
    "prepositions": "P",
    "determiners": "D",
    "adverbs": "A",
    "negations": "N",
    "infinitive": "T",
    "modals": "X",
    "auxiliaries": "X",
}
STOPS = frozenset({".", ";", ":", "?", "!"})


class Term(NamedTuple):
    """A form of a pattern's first word: `tags` as in `tocsin.rules.inflection`, `rest` the words that
    must follow (each a set of forms), `needs`, `bars` and `doers` expanded to all forms;
    `next_bars` are the bars that are words of a closed class: they bar only right after the term."""

    pattern: Pattern
    meaning: Meaning
    tags: str
    rest: tuple[frozenset[str], ...]
    needs: frozenset[str]
    bars: frozenset[str]
    doers: frozenset[str]
    next_bars: frozenset[str]


class Match(NamedTuple):
    """A term found: words `first` to `last` (exclusive); `other` is the index of the word it needed."""

    first: int
    last: int
    term: Term
    other: int | None

    @property
    def is_verb(self) -> bool:
        return self.term.pattern.is_verb


@dataclass(frozen=True, eq=False)
class Lexicon:
    """All terms by the form that begins them; `stems` by beginnings, longest first. `openers` are all forms
    that begin something to read: terms, and phrases like 'according to'."""

    grammar: Grammar
    terms: dict[str, tuple[Term, ...]]
    stems: dict[str, tuple[Term, ...]]
    stem_sizes: tuple[int, ...]
    classes: dict[str, str]
    idioms: dict[str, tuple[tuple[str, ...], ...]]
    openers: frozenset[str]

    def at(self, words: Sequence[str], place: int) -> list[Match]:
        """Every term that begins at this word and whose conditions hold, most specific first."""
        word = words[place]
        found = self.terms.get(word, ())
        for size in self.stem_sizes:
            if len(word) >= size:
                found = found + self.stems.get(word[:size], ())
        return [match for term in found if (match := _matched(term, words, place, self)) is not None]

    def idiom_at(self, words: Sequence[str], place: int) -> int:
        """How many words from here on are an idiom that tells no act (0: none)."""
        for idiom in self.idioms.get(words[place], ()):
            if tuple(words[place : place + len(idiom)]) == idiom:
                return len(idiom)
        return 0


def _matched(term: Term, words: Sequence[str], place: int, lexicon: Lexicon) -> Match | None:
    last, gap = place + 1, term.pattern.gap
    for forms in term.rest:
        found = _first(words, last, last + gap + 1, forms)
        if found is None or not _bridged(words[last:found], gap, lexicon):
            return None
        last = found + 1
    other = None
    if term.needs:
        other = _needed(term, words, place, last)
        if other is None:
            return None
    if term.bars and any(fits(word, term.bars) for word in _until_stop(words[last : last + BAR_WINDOW])):
        return None
    if last < len(words) and words[last] in term.next_bars:
        return None
    if term.doers and not any(fits(word, term.doers) for word in words[max(0, place - OBJECT_WINDOW) : place]):
        return None
    return Match(place, last, term, other)


def _first(words: Sequence[str], start: int, end: int, forms: frozenset[str]) -> int | None:
    """The place of the first word before `end` that is one of some forms."""
    for n in range(start, min(end, len(words))):
        if fits(words[n], forms):
            return n
    return None


def _bridged(between: Sequence[str], gap: int, lexicon: Lexicon) -> bool:
    """Whether these words may stand inside a term: adverbs, or where it has '..' all but a clause's end."""
    if gap == 1:
        is_adverb, classes = lexicon.grammar.inflection.is_adverb, lexicon.classes
        return all(classes.get(word) == "A" or is_adverb(word) for word in between)
    return not any(word in STOPS or word == "," for word in between)


def _needed(term: Term, words: Sequence[str], place: int, last: int) -> int | None:
    for step, word in enumerate(_until_stop(words[last : last + OBJECT_WINDOW])):
        if fits(word, term.needs):
            return last + step
    if "N" in term.tags or not term.pattern.is_verb:
        before = words[max(0, place - OBJECT_WINDOW) : place]
        for step, word in enumerate(_until_stop(before[::-1])):
            if fits(word, term.needs):
                return place - 1 - step
    return None


def _until_stop(words: Sequence[str]) -> Iterator[str]:
    for word in words:
        if word in STOPS:
            return
        yield word


def fits(word: str, forms: frozenset[str]) -> bool:
    """Whether a word is one of these forms; a form ending in '*' is a beginning."""
    return word in forms or word.startswith(_beginnings(forms))


@cache
def _beginnings(forms: frozenset[str]) -> tuple[str, ...]:
    """What words begin with that are one of some forms of the rules ending in '*'."""
    return tuple(form[:-1] for form in forms if form.endswith("*"))


@cache
def lexicon(rules: Rules, language: str | None) -> Lexicon | None:
    """The lexicon of a language, or None where no grammar is written for it. English where unknown."""
    grammar = rules.grammars.get(language or "en")
    return None if grammar is None else compiled(grammar)


def compiled(grammar: Grammar) -> Lexicon:
    found: dict[str, list[Term]] = {}
    stems: dict[str, list[Term]] = {}
    classes = {word: CLASSES[name] for name in CLASSES for word in grammar.words.get(name, ())}
    for pattern, meaning in _meanings(grammar):
        for form, term in _terms(grammar, pattern, meaning, frozenset(classes)):
            if form.endswith("*"):
                stems.setdefault(form[:-1], []).append(term)
            else:
                found.setdefault(form, []).append(term)
    idioms: dict[str, list[tuple[str, ...]]] = {}
    for idiom in sorted(grammar.idioms, key=len, reverse=True):
        parts = tuple(idiom.split())
        idioms.setdefault(parts[0], []).append(parts)
    return Lexicon(
        grammar=grammar,
        terms={form: _ordered(terms) for form, terms in found.items()},
        stems={form: _ordered(terms) for form, terms in stems.items()},
        stem_sizes=tuple(sorted({len(form) for form in stems}, reverse=True)),
        classes=classes,
        idioms={word: tuple(listed) for word, listed in idioms.items()},
        openers=frozenset(found) | {phrase.split()[0] for phrase in grammar.words.get("according", ())} - set(classes),
    )


def _ordered(terms: list[Term]) -> tuple[Term, ...]:
    return tuple(sorted(terms, key=lambda term: -term.pattern.weight))


def _meanings(grammar: Grammar) -> Iterator[tuple[Pattern, Meaning]]:
    for act in grammar.acts:
        for pattern in act.patterns:
            yield pattern, act
    for cue in grammar.cues:
        yield cue.pattern, cue
    for modality, patterns in grammar.governors.items():
        for pattern in patterns:
            yield pattern, modality


def _terms(grammar: Grammar, pattern: Pattern, meaning: Meaning, closed: frozenset[str]) -> Iterator[tuple[str, Term]]:
    rules = grammar.inflection
    needs = frozenset(form for lemma in pattern.needs for form in noun_forms(lemma, rules))
    bars = frozenset(form for lemma in pattern.bars for form in noun_forms(lemma, rules))
    next_bars = frozenset(word for word in pattern.bars if word in closed or not word.isalpha())
    doers = frozenset(form for lemma in pattern.doers for form in noun_forms(lemma, rules))
    first, rest = pattern.words[0], pattern.words[1:]
    following = [frozenset({word}) for word in rest]
    if pattern.is_verb:
        heads = verb_forms(first, rules)
    elif rest:
        heads = {first: "12"}
        following[-1] = frozenset(noun_forms(rest[-1], rules))
    else:
        heads = noun_forms(first, rules)
    for form, tags in heads.items():
        yield form, Term(pattern, meaning, tags, tuple(following), needs, bars - closed, doers, next_bars)

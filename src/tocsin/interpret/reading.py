"""One document being read: its sentences, mentions and actors, made ready once.

open_document(document, rules) -> Reading, sentences; None where the language has no grammar
"""

from __future__ import annotations

import datetime
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TypeVar

from tocsin.interpret import mentions, tokens
from tocsin.interpret.chronology import past_happenings
from tocsin.interpret.clauses import Clauses, prepare
from tocsin.interpret.discourse import Memory
from tocsin.interpret.lexicon import Lexicon, lexicon
from tocsin.interpret.mentions import Mentions
from tocsin.interpret.tokens import Sentence
from tocsin.records import Actor, Document, Materiel, Place, Quantity, Span, Statement, When
from tocsin.rules import Rules

# A text of fewer sentences does not show what state it is about.
FEW_SENTENCES = 4
# Whose press the weights of nationality were trained on: what is bare there is its own.
TRAINED_ON = "USA"
M = TypeVar("M", Place, When, Quantity, Materiel)


@dataclass(eq=False)
class Reading:
    """One document being read: what does not change from sentence to sentence, and what
    is kept in mind between them. `home` is the state that the publisher reports from, `spoken_of` the one
    that stands for it where the publisher is unknown."""

    document: Document
    rules: Rules
    lexicon: Lexicon
    mentions: Mentions
    actors: tuple[Actor, ...]
    starts: list[int]
    today: datetime.date | None
    past: tuple[int, ...]
    adjectives: frozenset[Span]
    home: str | None
    spoken_of: str | None
    memory: Memory = field(default_factory=Memory)
    found: list[Statement] = field(default_factory=list)


def open_document(document: Document, rules: Rules) -> tuple[Reading, tuple[Sentence, ...]] | None:
    words = lexicon(rules, document.language)
    if words is None or not document.text.strip():
        return None
    sentences = tokens.split(document.text, rules, document.language)
    found = mentions.find(document, sentences, rules)
    actors = _all_actors(document, found, rules, words)
    starts = [actor.span[0] for actor in actors if actor.span is not None]
    today = _today(document, found)
    past = past_happenings(document, rules, today)
    adjectives = frozenset(actor.span for actor in found.adjectives if actor.span is not None)
    home = _home(document, rules)
    spoken_of = _spoken_of(actors, sentences, rules)
    reading = Reading(document, rules, words, found, actors, starts, today, past, adjectives, home, spoken_of)
    return reading, tokens.parted(tokens.without(sentences, found.datelines), _joined_ends(document.text, actors))


def _joined_ends(text: str, actors: tuple[Actor, ...]) -> frozenset[int]:
    """Where a mention ends that a hyphen joins to the next: 'the Moon-Kim summit'."""
    spans = [actor.span for actor in actors if actor.span is not None]
    starts = {start for start, _ in spans}
    return frozenset(end for _, end in spans if end + 1 in starts and text[end] in tokens.HYPHENS)


def _home(document: Document, rules: Rules) -> str | None:
    """The state that a document's publisher reports from."""
    source = rules.sources.get(document.source_id or "")
    return source.country if source is not None and source.country in rules.states else None


def _spoken_of(actors: tuple[Actor, ...], sentences: tuple[Sentence, ...], rules: Rules) -> str | None:
    """The state that a document names most; of a text too short to tell, that of TRAINED_ON."""
    if len(sentences) < FEW_SENTENCES:
        return TRAINED_ON
    counted = Counter(a.country for a in actors if a.country in rules.states)
    return counted.most_common(1)[0][0] if counted else TRAINED_ON


def clauses_of(reading: Reading, sentence: Sentence) -> Clauses | None:
    return prepare(sentence, actors_in(reading, sentence), reading.lexicon, reading.adjectives)


def actors_in(reading: Reading, sentence: Sentence) -> tuple[Actor, ...]:
    first = bisect_left(reading.starts, sentence.start)
    return reading.actors[first : bisect_left(reading.starts, sentence.end)]


def _all_actors(document: Document, found: Mentions, rules: Rules, words: Lexicon) -> tuple[Actor, ...]:
    """Actors and the adjectives of states outside them, in text order. 'Russian contractors' and
    'Chile's parliament' are of the state that stands before them."""
    taken = [actor.span for actor in found.actors if actor.span is not None]
    free = [a for a in found.adjectives if a.span is not None and not any(_meets(a.span, span) for span in taken)]
    listed = sorted((a for a in (*found.actors, *free) if a.span is not None), key=lambda a: a.span or (0, 0))
    adjectives = {a.span for a in free}
    for n, actor in enumerate(listed):
        if actor.country is not None:
            continue
        listed[n] = _with_adjective(document.text, actor, rules)
        if n and listed[n].country is None:
            before = listed[n - 1]
            listed[n] = _of_state(document.text, before, actor, before.span in adjectives, rules, words)
    return tuple(listed)


@cache
def _adjectives(rules: Rules) -> dict[str, str]:
    """Countries by their English adjectives in lower case."""
    return {adjective.lower(): state.id for state in rules.states.values() for adjective in state.adjectives}


def _with_adjective(text: str, actor: Actor, rules: Rules) -> Actor:
    """'Russian' before 'military contractors', where it was not taken for a mention of its own."""
    words = text[max(0, (actor.span or (0, 0))[0] - 24) : (actor.span or (0, 0))[0]].split()
    country = _adjectives(rules).get(words[-1].lower()) if words else None
    return _as_state(actor, country, rules) if country is not None else actor


def _as_state(actor: Actor, country: str, rules: Rules) -> Actor:
    sector = actor.sector or "GOV"
    name = f"{rules.states[country].name} {sector}"
    return replace(actor, id=f"{country}/{sector}", name=name, country=country)


def _of_state(text: str, before: Actor, actor: Actor, is_adjective: bool, rules: Rules, words: Lexicon) -> Actor:
    country = before.country
    if before.span is None or actor.span is None or country is None or country not in rules.states:
        return actor
    between = text[before.span[1] : actor.span[0]].split()
    genitive = bool(between) and between[0] in words.grammar.words.get("genitives", frozenset())
    if not (is_adjective or genitive) or len(between) > 2 or any(not part.isalpha() for part in between[genitive:]):
        return actor
    return _as_state(actor, country, rules)


def _meets(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _today(document: Document, found: Mentions) -> datetime.date | None:
    for told in (document.published, document.seen):
        if told:
            return datetime.date.fromisoformat(told[:10])
    return found.written.earliest


def within(items: Sequence[M], span: Span) -> tuple[M, ...]:
    """Those of some mentions in text order that lie inside a span."""
    first = bisect_left(items, span[0], key=_start)
    return tuple(
        item for item in items[first : bisect_left(items, span[1], first, key=_start)] if item.span[1] <= span[1]
    )


def _start(item: Place | When | Quantity | Materiel) -> int:
    return item.span[0]

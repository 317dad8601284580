"""Everything that a text mentions, found once per document."""

from __future__ import annotations

from dataclasses import dataclass

from tocsin.interpret import actors, anchor, datelines, materiel, places, quantities, references, strangers, tokens
from tocsin.interpret.actors import Found
from tocsin.interpret.dates import Anchor
from tocsin.interpret.forms import Folded, Hit
from tocsin.interpret.places import Spot
from tocsin.interpret.tokens import Sentence
from tocsin.records import Actor, Document, Materiel, Place, Quantity, Span, When
from tocsin.rules import Rules
from tocsin.rules.calendar import calendar_of
from tocsin.rules.roles import roles_of


@dataclass(frozen=True, slots=True)
class Mentions:
    """All mentions of a document, each kind in text order.

    `adjectives` are states named only by an adjective ('Russian assistance'). `located` are the
    places where something happens, without states that only act. A date whose interval is unknown
    has start None. `written` is the range of days on which the document can have been written;
    `datelines` are spans that are no part of a sentence.
    """

    actors: tuple[Actor, ...]
    adjectives: tuple[Actor, ...]
    places: tuple[Place, ...]
    located: tuple[Place, ...]
    dates: tuple[When, ...]
    quantities: tuple[Quantity, ...]
    materiel: tuple[Materiel, ...]
    written: Anchor
    datelines: tuple[Span, ...] = ()


def find(document: Document, sentences: tuple[Sentence, ...], rules: Rules) -> Mentions:
    """The mentions of a document whose sentences `tokens.split` gave."""
    text, folded = document.text, Folded(document.text)
    dates, written = anchor.mentions(document, sentences, rules)
    today = written.latest.isoformat() if written.latest else None
    arms = materiel.find(text, folded, sentences, rules)
    lines = datelines.find(text, rules)
    known = actors.find(document, folded, rules, today, tuple(line.span for line in lines))
    publishers = datelines.publishers(text, lines, (document.source, document.origin))
    sites = [hit for hit in places.hits(document, folded, rules) if not _meets(hit, publishers)]
    free = tokens.without(sentences, tuple(line.span for line in lines))
    home = datelines.home(document, lines, sites, rules)
    acting = _everybody(document, free, known, sites, [*(m.span for m in arms), *publishers], rules, home)
    taken = [w.span for w in dates] + [m.span for m in arms]
    where = places.find(document, sites, acting, rules)
    return Mentions(
        actors=acting,
        adjectives=known.adjectives,
        places=where,
        located=places.located(text, where, rules, document.language),
        dates=dates,
        quantities=quantities.find(text, sentences, taken, calendar_of(rules, document.language)),
        materiel=arms,
        written=written,
        datelines=tuple(line.span for line in lines),
    )


def _meets(hit: Hit[Spot], spans: tuple[Span, ...]) -> bool:
    return any(hit.start < end and start < hit.end for start, end in spans)


def _everybody(
    document: Document,
    sentences: tuple[Sentence, ...],
    known: Found,
    found: list[Hit[Spot]],
    others: list[Span],
    rules: Rules,
    home: str | None,
) -> tuple[Actor, ...]:
    """Known actors and strangers, with what refers to them; `found` are names of places, `others` of
    what else is nobody."""
    text, roles = document.text, roles_of(rules, document.language)
    sites = [*((h.start, h.end) for h in found), *others]
    ashore = tuple(places.ashore(known.actors, found))
    spans = [a.span for a in ashore if a.span is not None]
    new, described = strangers.find(text, sentences, [*known.known, *spans, *sites], ashore, roles)
    kept = places.local(text, [a for a in ashore if a.span not in described], found, rules, document.language)
    return tuple(references.resolve(text, sentences, [*kept, *new], [*known.known, *sites], rules, roles, home))

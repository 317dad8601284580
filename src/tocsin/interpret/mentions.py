"""Everything that a text mentions, found once per document."""

from __future__ import annotations

from dataclasses import dataclass

from tocsin.interpret import actors, anchor, materiel, places, quantities
from tocsin.interpret.dates import Anchor
from tocsin.interpret.forms import Folded
from tocsin.interpret.tokens import Sentence
from tocsin.records import Actor, Document, Materiel, Place, Quantity, When
from tocsin.rules import Rules
from tocsin.rules.calendar import calendar_of


@dataclass(frozen=True, slots=True)
class Mentions:
    """All mentions of a document, each kind in text order.

    `adjectives` are states named only by an adjective ('Russian assistance'); `written` is the range
    of days on which the document can have been written. A date whose interval is unknown has start None.
    """

    actors: tuple[Actor, ...]
    adjectives: tuple[Actor, ...]
    places: tuple[Place, ...]
    dates: tuple[When, ...]
    quantities: tuple[Quantity, ...]
    materiel: tuple[Materiel, ...]
    written: Anchor


def find(document: Document, sentences: tuple[Sentence, ...], rules: Rules) -> Mentions:
    """The mentions of a document whose sentences `tokens.split` gave."""
    folded = Folded(document.text)
    dates, written = anchor.mentions(document, sentences, rules)
    today = written.latest.isoformat() if written.latest else None
    acting = actors.find(document, folded, sentences, rules, today)
    arms = materiel.find(document.text, folded, sentences, rules)
    taken = [w.span for w in dates] + [m.span for m in arms]
    calendar = calendar_of(rules, document.language)
    return Mentions(
        actors=acting.actors,
        adjectives=acting.adjectives,
        places=places.find(document, folded, acting.actors, rules),
        dates=dates,
        quantities=quantities.find(document.text, sentences, taken, calendar),
        materiel=arms,
        written=written,
    )

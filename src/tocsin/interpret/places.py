"""Where: places of the gazetteer and states, with coordinates, chosen by context."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from tocsin.interpret.forms import Finder, Folded, Hit
from tocsin.records import Actor, Document, Place, Span
from tocsin.rules import Rules
from tocsin.rules.gazetteer import Site
from tocsin.rules.world import Form, State

Spot = Site | State


@cache
def _finder(rules: Rules) -> Finder[Spot]:
    return Finder(_forms(rules))


def _forms(rules: Rules) -> Iterator[tuple[Form, Spot]]:
    for state in rules.states.values():
        for form in state.forms:
            if form.use in {"name", "code", "capital"} and not form.weak:
                yield form, state
    for site in rules.places:
        for name in (site.name, *site.aliases):
            yield Form(name, "name", exact=name.isupper()), site


def find(document: Document, folded: Folded, actors: Iterable[Actor], rules: Rules) -> tuple[Place, ...]:
    """Mentions of places in text order. A span that is wholly a person's or an acting government's is none."""
    named = [a.span for a in actors if a.span is not None and not _is_state(a, rules)]
    acting = {a.span for a in actors if a.span is not None and a.id not in rules.states}
    hits = [
        hit for hit in _finder(rules).hits(folded) if not _inside(hit, named) and (hit.start, hit.end) not in acting
    ]
    near = {s.id for h in hits for _, s in h.meanings if isinstance(s, State)}
    return tuple(_place(document.text, hit, near) for hit in hits)


def spans(folded: Folded, rules: Rules) -> list[Span]:
    """Where names of places stand, whatever they mean there."""
    return [(hit.start, hit.end) for hit in _finder(rules).hits(folded)]


def _is_state(actor: Actor, rules: Rules) -> bool:
    """Whether a state, or one of its parts, acts: its name in there is a place all the same."""
    return actor.id is None or actor.id.split("/")[0] in rules.states


def _inside(hit: Hit[Spot], spans: list[Span]) -> bool:
    return any(start <= hit.start and hit.end <= end for start, end in spans)


def _place(text: str, hit: Hit[Spot], near: set[str]) -> Place:
    spot = max((s for _, s in hit.meanings), key=lambda s: _weight(s, near))
    span, words = (hit.start, hit.end), text[hit.start : hit.end]
    if isinstance(spot, State):
        return Place(words, span, spot.name, spot.id, spot.lat, spot.lon)
    return Place(words, span, spot.name, spot.country or None, spot.lat, spot.lon)


def _weight(spot: Spot, near: set[str]) -> tuple[int, int]:
    """States first, then places in a country that the document names, then the larger ones."""
    if isinstance(spot, State):
        return 2, 0
    return int(spot.country in near), spot.population

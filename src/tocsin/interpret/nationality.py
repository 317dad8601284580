"""Whose 'the president', 'troops', 'protesters' and unknown people are: trained weights choose among states.

    of_state(rules, language, setting, actor, default) -> country or None

The options are the states that the sentence names, the state that the document speaks from, and none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tocsin.interpret.clauses import Clauses, word_before
from tocsin.interpret.forms import fold
from tocsin.interpret.roles import OWNERS, Roles, step
from tocsin.records import Actor, Place
from tocsin.rules import Rules

# How far ahead of 'none' a state must be.
CLEAR: Final = 40
# The ids of parties that no rule knows.
THING: Final = "thing/"
NO_PEOPLE: Final = frozenset({None, "MIL", "BUS", "UAF"})
DISTANCES: Final = (0, 20, 60, 120)


@dataclass(frozen=True, slots=True)
class Bearer:
    """An actor without a state, in its sentence: the act's type, its role, who has the other role, and what the
    network sees of the act."""

    clauses: Clauses
    located: Sequence[Place]
    actor: Actor
    kind: str
    role: str
    other: tuple[Actor, ...]
    view: Roles | None = None


@dataclass(frozen=True, eq=False)
class Nationality:
    """Weights by trait number."""

    numbers: dict[str, int]
    weights: NDArray[np.int32]


@cache
def nationality(rules: Rules, language: str) -> Nationality | None:
    """The weights of a language, or None where none are trained."""
    weights = rules.models.get(f"nationality-{language}")
    if weights is None:
        return None
    return Nationality(weights.traits(), weights.arrays["state"].astype(np.int32))


def is_thing(actor: Actor) -> bool:
    """Whether an actor is words that no rule knows, taken for a party by the network."""
    return (actor.id or "").startswith(THING)


def of_state(rules: Rules, language: str, bearer: Bearer, default: str | None) -> str | None:
    """The state whose an actor is, or None where none is likelier than any."""
    known = nationality(rules, language)
    if known is None:
        return None
    best, answer = -(2**31), None
    for country in options(bearer, default, rules):
        if country is not None and _is_own_victim(bearer, country):
            continue
        shown = [known.numbers[t] for t in traits(bearer, country, default) if t in known.numbers]
        score = int(known.weights[shown].sum()) - (0 if country is None else CLEAR)
        if score > best:
            best, answer = score, country
    return answer


def _is_own_victim(bearer: Bearer, country: str) -> bool:
    """Whether forces or goods would be acted upon by their own state, which takes more than a guess."""
    own = bearer.role == "target" and any(actor.country == country for actor in bearer.other)
    return own and bearer.actor.sector in NO_PEOPLE


def options(bearer: Bearer, default: str | None, rules: Rules) -> list[str | None]:
    """None first, then the states of the sentence in the order of the words, then the document's."""
    named = [actor.country for actor in bearer.clauses.actors] + [place.country for place in bearer.located]
    states = [country for country in (*named, default) if country in rules.states]
    return [None, *dict.fromkeys(states)]


def traits(bearer: Bearer, country: str | None, default: str | None) -> set[str]:
    """What a reader sees of a state as an actor's own; of an actor that no rule knows, also that it is one. Names are
    no traits."""
    found = set(_seen(bearer, country, default))
    if is_thing(bearer.actor):
        found |= {f"{THING}{trait}" for trait in found}
    return found


def _seen(bearer: Bearer, country: str | None, default: str | None) -> Iterator[str]:
    actor, sector = bearer.actor, bearer.actor.sector
    named = (actor.id or "").startswith(("name/", "body/"))
    words = fold(actor.text or "").split()
    head = "name" if named else words[-1] if words else ""
    first = words[0] if named and words else head
    if country is None:
        kind = "none"
    elif country == default and not any(c == country for c, _, _ in _mentions(bearer)):
        kind = "default"
    else:
        kind = "named"
    states = len({c for c, _, _ in _mentions(bearer)})
    about = f"{kind}.{min(3, states)}"
    yield from (about, f"{kind}.{sector}", f"{kind}.{head}", f"{about}.{sector}", f"{kind}.{bearer.role}.{sector}")
    yield f"{kind}.{named}.{sector}"
    yield f"{kind}.{first}"
    yield f"{kind}.{bearer.kind}.{bearer.role}.{sector}"
    before = word_before(bearer.clauses, (actor.span or (0, 0))[0], "edge")
    yield f"{kind}.article.{before}"
    yield f"{kind}.article.{before}.{head}"
    yield f"{kind}.after.{_word_after(bearer)}"
    if kind == "named":
        yield from _of_named(bearer, country, sector, head)
    if bearer.view is not None:
        yield from _viewed(bearer, bearer.view, country, about)


def _viewed(bearer: Bearer, view: Roles, country: str | None, about: str) -> Iterator[str]:
    """What the network says of whose the party is."""
    owner = "XXX" if country is None else country if country in OWNERS else "other"
    chance = view.answers[bearer.role][OWNERS.index(owner)]
    yield f"view.{owner}.{step(chance)}"
    yield f"view.{owner}.{step(chance)}.{about}"
    yield f"view.{owner}.{step(chance)}.{bearer.actor.sector}"


def _of_named(bearer: Bearer, country: str | None, sector: str | None, head: str) -> Iterator[str]:
    start = (bearer.actor.span or (0, 0))[0]
    others = {actor.country for actor in bearer.other}
    role = "other" if country in others else "free"
    near = min((m for m in _mentions(bearer) if m[0] == country), key=lambda m: abs(m[1] - start))
    side = "before" if near[1] < start else "after"
    closest = min(_mentions(bearer), key=lambda m: abs(m[1] - start))[0] == country
    gap = sum(abs(near[1] - start) > d for d in DISTANCES)
    count = min(2, sum(m[0] == country for m in _mentions(bearer)))
    yield f"{role}.{bearer.kind}.{bearer.role}"
    yield f"{role}.{sector}.{near[2]}.{side}"
    yield f"{role}.{side}.{gap}.{closest}"
    yield f"{role}.{side}.{sector}.{closest}"
    yield f"{near[2]}.{side}.{gap}.{sector}"
    yield f"{near[2]}.{side}.{closest}.{head}"
    yield f"{role}.{near[2]}.{head}"
    yield f"times.{count}.{closest}"


def _mentions(bearer: Bearer) -> list[tuple[str, int, str]]:
    """(country, offset, what names it) of the states that the sentence names beside the actor itself."""
    found = [
        (actor.country, actor.span[0], str(actor.sector))
        for actor in bearer.clauses.actors
        if actor.country is not None and actor.country != "XXX" and actor.span is not None
    ]
    return found + [(place.country, place.span[0], "place") for place in bearer.located if place.country is not None]


def _word_after(bearer: Bearer) -> str:
    end = (bearer.actor.span or (0, 0))[1]
    return next((token.lower for token in bearer.clauses.tokens if token.start >= end), "edge")

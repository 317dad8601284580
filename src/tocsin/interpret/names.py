"""What the rules know by name: one finder over states, entities and role words, compiled once per rules."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Literal, NamedTuple

from tocsin.interpret.forms import Finder
from tocsin.rules import Rules
from tocsin.rules.calendar import DEFAULT
from tocsin.rules.roles import roles_of
from tocsin.rules.world import Entity, Form, State

# What a form can be in a noun phrase.
Kind = Literal[
    "name",
    "adjective",
    "demonym",
    "capital",
    "seat",
    "regime",
    "code",
    "force",
    "entity",
    "title",
    "head",
    "modifier",
    "honorific",
    "collective",
    "region",
]


class Meaning(NamedTuple):
    """One thing that a form may mean. `sector` for titles and heads, `country` for collectives."""

    kind: Kind
    state: State | None = None
    entity: Entity | None = None
    sector: str | None = None
    country: str | None = None


@cache
def finder(rules: Rules, language: str) -> Finder[Meaning]:
    """Finds names in every language, and the role words of one."""
    return Finder([*_named(rules), *_roles(rules, language)])


def _named(rules: Rules) -> Iterator[tuple[Form, Meaning]]:
    for state in rules.states.values():
        for form in state.forms:
            yield form, Meaning(form.use, state=state)  # type: ignore[arg-type]
    for entity in rules.entities.values():
        for form in entity.forms:
            yield form, Meaning("entity", entity=entity)


def _roles(rules: Rules, language: str) -> Iterator[tuple[Form, Meaning]]:
    roles = roles_of(rules, language or DEFAULT)
    for word, sector in roles.titles.items():
        yield Form(word, "title"), Meaning("title", sector=sector or None)
    for word, sector in roles.heads.items():
        yield Form(word, "head"), Meaning("head", sector=sector or None)
    for word, country in roles.collectives.items():
        yield Form(word, "collective"), Meaning("collective", country=country)
    for name in ("modifiers", "honorifics", "regions"):
        for word in roles.words[name]:
            yield Form(word, name), Meaning(name.removesuffix("s"))  # type: ignore[arg-type]

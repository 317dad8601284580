"""What the rules know by name: one finder over states, entities and role words, compiled once per rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal, NamedTuple

from tocsin.interpret.forms import Finder, fold
from tocsin.rules import Rules
from tocsin.rules.calendar import DEFAULT
from tocsin.rules.roles import roles_of
from tocsin.rules.world import Entity, Form, State

_BEFORE = re.compile(r"(?<![\w-])([^\W\d_a-z][^\W\d_A-Z]+) $")

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


@cache
def given_names(rules: Rules) -> frozenset[str]:
    """First names of the people of the rules, as written, but for those that are somebody's surname too."""
    names = [entity.name.split() for entity in rules.entities.values() if entity.kind == "person"]
    return frozenset(words[0] for words in names if len(words) == 2) - {words[-1] for words in names}


def follows_given_name(text: str, start: int, end: int, rules: Rules) -> bool:
    """Whether a name of one word is somebody's surname, whatever else it names: 'Steve Israel', 'Michael Jordan'."""
    if text[start - 1 : start] not in (" ", "\n"):
        return False
    before = _BEFORE.search(text, max(0, start - 16), start)
    return before is not None and before[1] in given_names(rules) and text[start:end].isalpha()


@cache
def surnames(rules: Rules) -> frozenset[str]:
    """Last names of the people of the rules, folded, and what else they are called by one word."""
    forms = [fold(f.text).split() for e in rules.entities.values() if e.kind == "person" for f in e.forms if not f.stem]
    return frozenset(words[-1] for words in forms) | {words[0] for words in forms if len(words) == 1}

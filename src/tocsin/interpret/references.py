"""What shorter mentions stand for: last names, misspelt names, 'the company', 'he'.

Everything here holds within one document: two spellings are one person only where they stand on the
same page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from tocsin.interpret import spellings
from tocsin.interpret.forms import fold, taken
from tocsin.interpret.tokens import Sentence
from tocsin.records import Actor, Span
from tocsin.rules import Rules
from tocsin.rules.calendar import DEFAULT
from tocsin.rules.roles import Roles, roles_of
from tocsin.rules.world import Entity

# Names shorter than this are too alike for one letter to be an error.
SHORTEST_MISSPELT = 5
# How many sentences back a pronoun may point.
REACH = 3


def resolve(
    text: str,
    sentences: tuple[Sentence, ...],
    actors: list[Actor],
    blocked: Iterable[Span],
    rules: Rules,
    roles: Roles,
    home: str | None = None,
) -> list[Actor]:
    """The actors with those that only the document explains, in text order, none overlapping. `home` is
    the state from whose soil it is written: where it is spoken of, bare offices are its own."""
    if home is not None and any(a.country == home for a in actors):
        actors = [_at_home(a, actors, sentences, rules, roles, home) for a in actors]
    actors = [_listed(a, rules) for a in actors]
    people = _people([a for a in reversed(actors) if is_person(a, rules) and " " in a.name], rules)
    named = [_full(a, people, rules) for a in actors]
    named += _surnames(text, sentences, people, [*blocked, *(a.span for a in named if a.span)], rules, roles)
    named = apart(named)
    named = [_definite(a, _ruled_by(a, named[:n], sentences, rules, roles), text, roles) for n, a in enumerate(named)]
    return apart([*named, *_pronouns(sentences, named, rules, roles)])


class _People(NamedTuple):
    """Who is named in full on a page, by last name, and their last names by their consonants."""

    by_name: dict[str, Actor]
    by_sound: dict[str, list[str]]


def _people(actors: Iterable[Actor], rules: Rules) -> _People:
    by_name = {_last(a.name): a for a in actors}
    by_sound: dict[str, list[str]] = {}
    for name in by_name:
        by_sound.setdefault(spellings.frame(name, roles_of(rules, DEFAULT)), []).append(name)
    return _People(by_name, by_sound)


def _at_home(
    actor: Actor, actors: list[Actor], sentences: tuple[Sentence, ...], rules: Rules, roles: Roles, home: str
) -> Actor:
    """'The Foreign Ministry', 'Defence Minister X' and, where no other state is named before it in its
    sentence, 'the army', as the home state's."""
    words = fold(actor.text or "").removeprefix("the ")
    if actor.country is not None or actor.span is None:
        return actor
    is_office, is_institution = (_opens(words, roles.words[kind]) for kind in ("offices", "institutions"))
    if not is_office and (not is_institution or _foreign(actor, actors, sentences, rules)):
        return actor
    if actor.id is not None and actor.id.startswith("name/"):
        return replace(actor, country=home)
    return replace(actor, id=f"{home}/{actor.sector or 'GOV'}", country=home)


def _opens(words: str, names: frozenset[str]) -> bool:
    return any(words == name or words.startswith(f"{name} ") for name in names)


def _foreign(actor: Actor, actors: list[Actor], sentences: tuple[Sentence, ...], rules: Rules) -> bool:
    """Whether a state is named before an actor in its sentence."""
    at = _place(actor)[0]
    start = next((s.start for s in sentences if s.start <= at < s.end), at)
    return any(a.country in rules.states and start <= _place(a)[0] < at for a in actors)


def apart(actors: Iterable[Actor]) -> list[Actor]:
    """Actors that do not overlap, the longer first where they would, in text order."""
    kept: list[Actor] = []
    for actor in sorted((a for a in actors if a.span), key=_place):
        start, end = actor.span or (0, 0)
        last = kept[-1].span if kept else None
        if last is None or start >= last[1]:
            kept.append(actor)
        elif end - start > last[1] - last[0]:
            kept[-1] = actor
    return kept


def _place(actor: Actor) -> tuple[int, int]:
    return actor.span or (0, 0)


def _last(name: str) -> str:
    return fold(name).split()[-1]


def is_person(actor: Actor, rules: Rules) -> bool:
    """Whether an actor is one person, by name or known to the rules."""
    if actor.id is None:
        return False
    entity = rules.entities.get(actor.id)
    return actor.id.startswith("name/") or (entity is not None and entity.kind == "person")


def _listed(actor: Actor, rules: Rules) -> Actor:
    """A full name in a spelling that the rules do not hold ('Mariya Sacharowa') as the person whom they
    know, where first and last name both sound alike."""
    words = fold(actor.name).split() if (actor.id or "").startswith("name/") else ()
    if len(words) != 2:
        return actor
    roles = roles_of(rules, DEFAULT)
    known = _sounding(rules).get(spellings.frame(words[1], roles), ())
    found = {entity.id: entity for first, last, entity in known if _is_spelt(words, (first, last), roles)}
    if len(found) != 1:
        return actor
    (entity,) = found.values()
    return replace(actor, id=entity.id, name=entity.name, country=entity.country or None, sector=entity.sector)


def _is_spelt(words: list[str], name: tuple[str, str], roles: Roles) -> bool:
    return all(a == b or spellings.alike(a, b, roles) for a, b in zip(words, name, strict=True))


@cache
def _sounding(rules: Rules) -> dict[str, list[tuple[str, str, Entity]]]:
    """The people of the rules by the consonants of their last names: first name, last name and person."""
    roles = roles_of(rules, DEFAULT)
    found: dict[str, list[tuple[str, str, Entity]]] = {}
    for entity in rules.entities.values():
        for form in entity.forms if entity.kind == "person" else ():
            words = fold(form.text).split()
            if len(words) == 2 and words[1].isascii():
                found.setdefault(spellings.frame(words[1], roles), []).append((words[0], words[1], entity))
    return found


def _full(actor: Actor, people: _People, rules: Rules) -> Actor:
    """'Mr. Smith' is the John Smith of the same page; so is 'John Smiht'."""
    if not (actor.id or "").startswith("name/"):
        return actor
    whole = _whole(_last(actor.name), people, rules)
    if whole is None or whole.id == actor.id or (" " in actor.name and fold(actor.name)[0] != fold(whole.name)[0]):
        return actor
    return replace(actor, id=whole.id, name=whole.name, country=whole.country, sector=whole.sector or actor.sector)


def _surnames(
    text: str,
    sentences: tuple[Sentence, ...],
    people: _People,
    blocked: list[Span],
    rules: Rules,
    roles: Roles,
) -> list[Actor]:
    """Capitalised words that are the last name of somebody named in full on the same page."""
    if not people.by_name:
        return []
    covered = taken(text, blocked)
    found: list[Actor] = []
    for sentence in sentences:
        for token in sentence.tokens:
            if not token.text[0].isupper() or covered[token.start] or len(token.text) < 3:
                continue
            lower = fold(token.text)
            if lower in roles.words["never_names"]:
                continue
            whole = _whole(lower, people, rules)
            if whole is not None:
                span = (token.start, token.end)
                found.append(Actor(token.text, span, whole.id, whole.name, whole.country, whole.sector))
    return found


def _whole(word: str, people: _People, rules: Rules) -> Actor | None:
    """Whose last name is this word, as it stands, with one error in it, or in another spelling ('Zajarova' on a page
    of Zakharova); None where that is nobody's or several's."""
    if word in people.by_name or len(word) < SHORTEST_MISSPELT:
        return people.by_name.get(word)
    near = [last for last in people.by_name if last[0] == word[0] and one_error(word, last)]
    if not near and word.isascii():
        roles = roles_of(rules, DEFAULT)
        alike = people.by_sound.get(spellings.frame(word, roles), ())
        near = [last for last in alike if spellings.alike(word, last, roles)]
    found = [people.by_name[last] for last in near]
    return found[0] if len({a.id for a in found}) == 1 else None


def one_error(left: str, right: str) -> bool:
    """Whether the words differ by one letter more, less or other, or by two neighbours exchanged."""
    if left == right or abs(len(left) - len(right)) > 1 or min(len(left), len(right)) < SHORTEST_MISSPELT:
        return False
    start = next((n for n, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
    a, b = left[start:], right[start:]
    if len(a) == len(b):
        return a[1:] == b[1:] or (len(a) > 1 and a[:2] == b[1::-1] and a[2:] == b[2:])
    return a[1:] == b or a == b[1:]


def _ruled_by(
    actor: Actor, before: list[Actor], sentences: tuple[Sentence, ...], rules: Rules, roles: Roles
) -> list[Actor]:
    """What 'the regime' may stand for: that of the person last named in its sentence, else any before."""
    if actor.span is None or _last(actor.text or "") not in roles.words["rules_by"]:
        return before
    start = max((s.start for s in sentences if s.start <= actor.span[0]), default=0)
    here = [a for a in before if a.span is not None and a.span[0] >= start and is_person(a, rules)]
    ruler = next((a for a in reversed(here) if a.country in rules.states), None)
    return before if ruler is None else [a for a in before if a.country == ruler.country]


def _definite(actor: Actor, before: list[Actor], text: str, roles: Roles) -> Actor:
    """'The company', 'the ministry', 'the spokesman': the nearest before of the same word and sector."""
    if actor.id is not None or actor.span is None:
        return actor
    article = re.search(r"(\w+)\s+$", text[max(0, actor.span[0] - 12) : actor.span[0]])
    if article is None or article[1].lower() not in roles.words["definite"]:
        return actor
    word = _last(actor.text or "")
    for earlier in reversed(before):
        if earlier.id is None or earlier.sector != actor.sector:
            continue
        same = fold(earlier.text or "").split()
        if word in same or (word in roles.words["general"] and "/" not in earlier.id):
            return replace(actor, id=earlier.id, name=earlier.name, country=earlier.country)
    return actor


def _pronouns(sentences: tuple[Sentence, ...], actors: list[Actor], rules: Rules, roles: Roles) -> list[Actor]:
    """'he' and 'she': the first person of the same sentence before it, else of the nearest before.
    A pronoun outside quotations points to nobody inside one: 'Putin orders it,” he said.'"""
    people = [a for a in actors if is_person(a, rules)]
    inside = [[a for a in people if a.span and s.start <= a.span[0] < s.end] for s in sentences]
    voices = [[a for a in group if not _quoted(a.span, s)] for group, s in zip(inside, sentences, strict=True)]
    found: list[Actor] = []
    for n, sentence in enumerate(sentences):
        for token in sentence.tokens:
            if token.lower not in roles.words["pronouns"]:
                continue
            span = (token.start, token.end)
            near = inside[n] if _quoted(span, sentence) else voices[n]
            own = [a for a in near if a.span and a.span[0] < token.start]
            earlier = [group[0] for group in reversed(voices[max(0, n - REACH) : n]) if group]
            whom = next(iter(own or earlier), None)
            if whom is not None:
                found.append(Actor(token.text, span, whom.id, whom.name, whom.country, whom.sector))
    return found


def _quoted(span: Span | None, sentence: Sentence) -> bool:
    return span is not None and any(start <= span[0] < end for start, end in sentence.quotes)

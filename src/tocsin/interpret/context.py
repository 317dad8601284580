"""Whose 'the president', 'troops' and 'lawmakers' are, and who is meant where the grammar names nobody.

    completed(clauses, candidate, found, located, home, rules, grammar) -> arguments

A bare office or force is of the state that its sentence named last before it, else of the state that
the document speaks from. A place that stands where a target stands is its state.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from tocsin.interpret.attribution import Claim
from tocsin.interpret.clauses import Clauses, preposition_of, word_before
from tocsin.interpret.events import Arguments, Candidate, is_anothers
from tocsin.interpret.references import is_person
from tocsin.records import Actor, Place
from tocsin.rules import Rules
from tocsin.rules.grammar import Grammar

# Sectors of offices and forces that belong to a state.
OF_STATES: Final = frozenset({"GOV", "MIL", "LEG", "COP", "JUD", "SPY"})
# Acts that are done to a place, or in it to those who hold it.
DONE_TO_PLACES: Final = frozenset({"ASSAULT", "COERCE", "AID", "MOBILIZE", "RETREAT", "SANCTION"})
# Whose word for himself lends his country to nobody: what reports, sells or helps.
NO_HOME: Final = frozenset({"MED", "BUS", "NGO"})
# Acts whose content is a clause about whom they are meant for.
SAID_TO: Final = frozenset({"REQUEST", "ACCUSE", "THREATEN"})
# A place is a target within so many words after its act; a mention that no grammar ties within so many.
PLACE_WINDOW, LOOSE_WINDOW = 7, 8


def completed(
    clauses: Clauses,
    candidate: Candidate,
    found: Arguments,
    located: Sequence[Place],
    home: str | None,
    rules: Rules,
    grammar: Grammar,
) -> Arguments:
    """The arguments with countries of bare offices and with what the grammar left open."""
    source, target = found.source, found.target
    if not source and not target:
        return found
    if not target and candidate.act.roles != "alone":
        target = (
            _election(clauses, candidate, grammar)
            or _the_country(clauses, candidate, source, rules, grammar)
            or _near_target(clauses, candidate, source)
            or _place_target(clauses, candidate, located, rules)
        )
    if not source and not is_anothers(clauses, candidate):
        source = _near_source(clauses, candidate, target)
    return settled(clauses, Arguments(source, target), located, home, rules, grammar)


def settled(
    clauses: Clauses,
    found: Arguments,
    located: Sequence[Place],
    home: str | None,
    rules: Rules,
    grammar: Grammar,
) -> Arguments:
    """The arguments with countries of bare offices."""
    return Arguments(
        tuple(_of_state(clauses, actor, located, home, rules, grammar) for actor in found.source),
        tuple(_of_state(clauses, actor, located, home, rules, grammar) for actor in found.target),
    )


def _of_state(
    clauses: Clauses, actor: Actor, located: Sequence[Place], home: str | None, rules: Rules, grammar: Grammar
) -> Actor:
    if actor.country is not None or actor.id is not None or actor.span is None:
        return actor
    country = _national(actor, grammar) or _stands_in(clauses, actor, located, grammar)
    if country is None and actor.sector in OF_STATES:
        country = _named_before(clauses, actor, rules, grammar) or home
    if country is None:
        return actor
    return as_of(actor, country, rules)


def as_of(actor: Actor, country: str, rules: Rules) -> Actor:
    """An actor as that of a state; a person or body keeps its own name."""
    if actor.id is not None:
        return replace(actor, country=country)
    state, sector = rules.states.get(country), actor.sector or "GOV"
    name = f"{state.name if state is not None else country} {sector}"
    return replace(actor, id=f"{country}/{sector}", name=name, country=country)


def _national(actor: Actor, grammar: Grammar) -> str | None:
    """The state whose body alone is called so without more: 'Congress', 'Republicans', but no 'Social Democrats'."""
    words = (actor.text or "").split()
    named = next((n for n, word in enumerate(words) if word in grammar.national), None)
    if named is None or (named > 0 and words[named - 1][0].isupper()):
        return None
    return grammar.national[words[named]]


def _named_before(clauses: Clauses, actor: Actor, rules: Rules, grammar: Grammar) -> str | None:
    """The state named last before an actor; for 'his regime' that of the person named last."""
    assert actor.span is not None
    people = word_before(clauses, actor.span[0]) in grammar.words.get("his", ())
    for other in reversed(clauses.actors):
        if people and not is_person(other, rules):
            continue
        if other.span is not None and other.span[1] <= actor.span[0] and other.sector not in NO_HOME:
            country = other.country or _national(other, grammar)
            if country in rules.states:
                return country
    return None


def _the_country(
    clauses: Clauses, candidate: Candidate, source: tuple[Actor, ...], rules: Rules, grammar: Grammar
) -> tuple[Actor, ...]:
    """'X ruled Y until Z invaded the country': right behind a verb, the state named last before that does not act."""
    n = candidate.last
    definite, lands, genitives = (grammar.words.get(kind, frozenset()) for kind in ("definite", "lands", "genitives"))
    if candidate.nominal or candidate.passive or definite.isdisjoint(clauses.words[n : n + 1]):
        return ()
    if not lands.intersection(clauses.words[n + 1 : n + 2]) or genitives.intersection(clauses.words[n + 2 : n + 3]):
        return ()
    acting, token = {actor.country for actor in source}, clauses.tokens[n + 1]
    for actor in reversed(clauses.actors):
        if actor.span is None or actor.span[1] > token.start or actor.country in acting:
            continue
        state = rules.states.get(actor.country or "")
        if state is not None:
            return (Actor(token.text, (token.start, token.end), state.id, state.name, state.id, None),)
    return ()


def led_back(clauses: Clauses, claim: Claim, rules: Rules, grammar: Grammar) -> Claim:
    """A claim with 'its president' as that of the state named first in its sentence."""
    speaker = claim.speaker
    if speaker is None or speaker.country is not None or speaker.span is None or speaker.sector not in OF_STATES:
        return claim
    words = [t.lower for t in clauses.tokens if t.start < speaker.span[1] and t.end > speaker.span[0]]
    if grammar.words.get("its", frozenset()).isdisjoint({word_before(clauses, speaker.span[0]), *words[:1]}):
        return claim
    states = [a.country for a in clauses.actors if a.span and a.span[1] <= speaker.span[0] and a.sector not in NO_HOME]
    country = next((state for state in states if state in rules.states), None)
    return claim if country is None else replace(claim, speaker=as_of(speaker, country, rules))


def _election(clauses: Clauses, candidate: Candidate, grammar: Grammar) -> tuple[Actor, ...]:
    """The vote that somebody interferes in, where no state is named that votes: 'meddling in the 2016 election'."""
    told = clauses.words[candidate.first : candidate.last]
    if grammar.words.get("interfering", frozenset()).isdisjoint(told):
        return ()
    for n in range(candidate.last - 1, min(len(clauses.words), candidate.last + LOOSE_WINDOW)):
        if clauses.actor_at[n] >= 0 or (clauses.classes[n] in '.RSV"' and n >= candidate.last):
            return ()
        if clauses.words[n] in grammar.words.get("elections", ()):
            token = clauses.tokens[n]
            return (Actor(token.text, (token.start, token.end), None, token.text, None, None),)
    return ()


def _stands_in(clauses: Clauses, actor: Actor, located: Sequence[Place], grammar: Grammar) -> str | None:
    """'protesters in Hong Kong', 'troops near Donetsk': the country of the place right behind a mention."""
    assert actor.span is not None
    after = next((n for n, token in enumerate(clauses.tokens) if token.start >= actor.span[1]), len(clauses.tokens))
    if after + 1 >= len(clauses.tokens) or clauses.words[after] not in grammar.words.get("locating", ()):
        return None
    first = clauses.tokens[after + 1].start
    ends = clauses.tokens[min(after + 3, len(clauses.tokens) - 1)].end
    return next((place.country for place in located if first <= place.span[0] < ends), None)


def _near_target(clauses: Clauses, candidate: Candidate, source: tuple[Actor, ...]) -> tuple[Actor, ...]:
    """The mention next after an act in its own clause, whatever preposition governs it; after words that
    are said to somebody ('demands that X …') also the first of the clause that they open."""
    start = max(candidate.last, (candidate.match.other or 0) + 1)
    said = candidate.act.type in SAID_TO
    for n in range(start, min(len(clauses.words), start + LOOSE_WINDOW)):
        actor = clauses.actor_at[n]
        if actor >= 0:
            group = clauses.group(actor)
            away = candidate.act.type not in DONE_TO_PLACES and _is_where(clauses, actor)
            return () if away or _meets(group, source) else group
        if clauses.classes[n] in '.RV"' or (clauses.classes[n] == "S" and not (said and n == start)):
            return ()
    return ()


def _is_where(clauses: Clauses, actor: int) -> bool:
    """Whether a state is only where something is done: 'talks in Egypt'."""
    where = clauses.listed.get("locating", ())
    return clauses.actors[actor].sector is None and preposition_of(clauses, actor) in where


def _near_source(clauses: Clauses, candidate: Candidate, target: tuple[Actor, ...]) -> tuple[Actor, ...]:
    """The mention last before an act, but not beyond a word by which a noun is told beside another act."""
    aside = clauses.listed.get("aside", frozenset()) if candidate.nominal else frozenset()
    if candidate.act.roles in ("mutual", "speech"):
        aside = frozenset()
    for n in range(candidate.first - 1, -1, -1):
        actor = clauses.actor_at[n]
        if actor >= 0:
            group = clauses.group(actor)
            return () if _meets(group, target) else group
        if clauses.classes[n] in '."' or clauses.words[n] in aside:
            return ()
    return ()


def _meets(group: tuple[Actor, ...], others: tuple[Actor, ...]) -> bool:
    return any(actor.span == other.span for actor in group for other in others)


def _place_target(clauses: Clauses, candidate: Candidate, located: Sequence[Place], rules: Rules) -> tuple[Actor, ...]:
    if candidate.act.type not in DONE_TO_PLACES:
        return ()
    start = clauses.tokens[candidate.last - 1].end
    last = min(len(clauses.tokens), candidate.last + PLACE_WINDOW) - 1
    end = clauses.tokens[last].end
    for place in located:
        if start <= place.span[0] < end and place.country in rules.states:
            return (Actor(place.text, place.span, place.country, place.name, place.country, None),)
    return ()

"""Who stands behind a statement. Witnesses are independent, not many: copies of one text, desks of one
state and repetitions of one quoted speaker are one witness each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from tocsin.judge.days import day_text
from tocsin.records import Actor, Document, Membership, Statement
from tocsin.rules import Rules
from tocsin.rules.sources import Source, source_of

GRADES = "ABCDEF"


@dataclass(frozen=True, slots=True)
class Witness:
    """One voice. `key` is equal for all that are not independent; `reliability` is A to F (F: can't be
    judged, AJP-2.1); `state` is the state that speaks here, or None; `sensor`: it measures; `person` is who
    or what speaks for the state, '' where it is the bare state."""

    key: str
    name: str
    reliability: str
    state: str | None = None
    quoted: bool = False
    sensor: bool = False
    person: str = ""


def worse(a: str, b: str) -> str:
    """The weaker of two reliabilities; F ('cannot be judged') is weaker than any that can be judged."""
    return max(a, b)


def outlet(document: Document, membership: Membership, rules: Rules) -> Witness:
    """The witness who wrote this text: its stated origin, else its publisher, else the family alone."""
    for source_id, name in ((document.origin_id, document.origin), (document.source_id, document.source)):
        source = rules.sources.get(source_id) if source_id else source_of(rules, name=name)
        if source is not None:
            return _of_source(source)
    name = document.origin or document.source
    if name:
        return Witness("name:" + name.casefold(), name, "F")
    host = urlsplit(document.url or "").hostname
    if host:
        return Witness("site:" + host, host, "F")
    return Witness("family:" + membership.family, rules.wording.say("unknown_publisher"), "F")


def _of_source(source: Source) -> Witness:
    speaks = source.owner_country if source.state_controlled or source.kind == "government" else None
    key = f"state:{speaks}" if speaks else source.voice
    person = source.name if speaks else ""
    return Witness(key, source.name, source.reliability, speaks, sensor=source.kind == "sensor", person=person)


def speaker(statement: Statement, rules: Rules, home: str | None = None, day: int | None = None) -> Witness | None:
    """The quoted speaker as a witness of his own, or None where the page speaks itself or the speaker
    is nobody in particular ('reports', 'sources'). `home` is the country of the page's dateline: an institution
    whose state is not told ('the Foreign Ministry') is of the state whose doings it tells, or of that country.
    A state that had ended before the page's `day` says nothing."""
    actor = statement.attribution
    if actor is None or _ended(actor.country, day, rules):
        return None
    if _stateless(actor, rules):
        country = _local(actor, statement, rules) or _acting(statement, rules) or home
        if country is None:
            return None
        actor = replace(actor, country=country)
    said_by_outlet = source_of(rules, name=actor.name) or (source_of(rules, name=actor.text) if actor.text else None)
    if said_by_outlet is not None:
        return _of_source(said_by_outlet)
    sector = actor.sector or (rules.joining.whole_state if actor.id == actor.country else "")
    best = rules.joining.speakers.get(sector, rules.joining.speakers["other"])
    if actor.country in rules.states and (actor.sector in rules.joining.state_voices or actor.id == actor.country):
        person = _person(actor, rules)
        name = state_voice(actor.country or "", (person,) if person else (), rules)
        return Witness(f"state:{actor.country}", name, best, actor.country, quoted=True, person=person)
    if actor.id is not None or _named(actor):
        return Witness("who:" + (actor.id or actor.name.casefold()), actor.name, best, quoted=True)
    return None


def _ended(country: str | None, day: int | None, rules: Rules) -> bool:
    until = rules.states[country].until if country in rules.states and country is not None else None
    return until is not None and day is not None and until < day_text(day)


def _acting(statement: Statement, rules: Rules) -> str | None:
    """The one state that acts, or None."""
    acting = {one.country for one in statement.source if one.country in rules.states}
    return next(iter(acting)) if len(acting) == 1 else None


def _local(actor: Actor, statement: Statement, rules: Rules) -> str | None:
    """The country of the first place told of, where the speaker's office is that of a place."""
    words = set((actor.text or actor.name).casefold().split())
    if words.isdisjoint(rules.joining.local_voices):
        return None
    return next((place.country for place in statement.place if place.country in rules.states), None)


def _stateless(actor: Actor, rules: Rules) -> bool:
    """An institution, not a person of his own name, that speaks for a state which is not told."""
    bare = actor.id is None or actor.id.partition("/")[0] == actor.sector
    return actor.country is None and actor.sector in rules.joining.state_voices and bare


def _person(actor: Actor, rules: Rules) -> str:
    known = actor.id is not None and actor.id in rules.entities and rules.entities[actor.id].kind == "person"
    return actor.name if known else ""


def state_voice(country: str, people: tuple[str, ...], rules: Rules) -> str:
    """A state's government, and those who spoke for it."""
    name = rules.states[country].name if country in rules.states else country
    government = rules.wording.say("speaker_state" + ("_s" if name.endswith("s") else ""), state=name)
    return rules.wording.say("speaker_told", voice=government, names=", ".join(people)) if people else government


def label(witnesses: Iterable[Witness], rules: Rules) -> str:
    """One voice, whoever spoke with it."""
    heard = list(witnesses)
    state = next((one.state for one in heard if one.state is not None), None)
    if state is None:
        return " / ".join(sorted({one.name for one in heard}))
    if len({one.name for one in heard}) == 1:
        return heard[0].name
    return state_voice(state, tuple(sorted({one.person for one in heard if one.person})), rules)


def _named(actor: Actor) -> bool:
    """A full name: two words or more, with capitals. One word may be a name, or just begin the sentence."""
    words = (actor.text or actor.name).split()
    return len(words) > 1 and all(word[:1].isupper() for word in words)


def capped(witness: Witness, statement: Statement, parties: frozenset[str], rules: Rules) -> str:
    """The witness's reliability for this statement: what a party says of its enemy is capped."""
    acting = {actor.country for actor in statement.source if actor.country}
    about_other = witness.state is not None and bool(acting) and witness.state not in acting
    if about_other and witness.state in parties and acting & parties:
        return worse(witness.reliability, rules.levels.party_grade_cap)
    return witness.reliability
